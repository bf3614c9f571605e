"""Figure and tables of the agreement between coders: what is drawn, what is said, who joins."""

import re
from decimal import Decimal

import pandas as pd
import pytest
import stage
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_hex

from analysis import paths
from analysis.drawing import style, typeset
from analysis.figures import agreement, coverage, disagreements, fragility
from analysis.figures.agreement import spoken
from analysis.files import textfile
from analysis.methods import codeagreement
from analysis.methods.reliability import Interval
from analysis.wording import Wording

pytestmark = pytest.mark.xdist_group("figures")  # each study is drawn once


def points(figure):
    """Where the points of AC1 and those of α in front of them stand on the scale, row by row, and
    the colours of α.
    """
    (inset,) = figure.axes[0].child_axes
    drawn = [row for row in inset.collections if isinstance(row, PathCollection)]
    rows = sorted(
        (row.get_zorder(), y, x, to_hex(row.get_facecolor()[0]))
        for row in drawn
        for x, y in row.get_offsets()
    )
    ac1, alpha = ([row for row in rows if row[0] == front] for front in (3, 4))
    assert [row[1] for row in ac1] == [row[1] for row in alpha]
    return [row[2] for row in ac1], [row[2] for row in alpha], [row[3] for row in alpha]


def with_coder(name, **codes):
    """The invented study with a further coder, who gave units these codes."""
    rows = [(name, unit, given) for unit, given in codes.items()]
    further = pd.DataFrame(rows, columns=["coder", "unit_id", "codes"]).astype("str")
    tables = dict(stage.study("mini"))
    return tables | {"ratings": pd.concat([tables["ratings"], further], ignore_index=True)}


PAIRS = ("Durchgang A und Durchgang B", "Durchgang A und zoe", "Durchgang B und zoe")


def overall_of(drawing, name="overall"):
    """The column of all codes together, by measure."""
    return drawing.table.set_index("measure")[name]


def test_points_of_both_coefficients_stand_where_they_are_and_noise_is_paler():
    drawing = stage.draw("agreement", stage.study("real"))
    rows = drawing.data[pd.to_numeric(drawing.data["alpha"], errors="coerce").notna()]
    ac1, alpha, colours = points(drawing.figure)
    assert alpha == pytest.approx(rows["alpha"].astype(float).to_list(), abs=0.001)
    assert ac1 == pytest.approx(rows["ac1"].astype(float).to_list(), abs=0.001)
    noise = rows["remark"].str.contains("Rauschen")
    assert [colour == to_hex(style.MUTED) for colour in colours] == noise.to_list()
    assert Wording("de").numeral(sum(noise)) == drawing.values["codes_noise"]


def test_bounds_of_an_interval_have_two_decimals_also_beside_nought():
    assert spoken(Interval(0.00323, 0.04), Wording("en", topic="agreement")) == "0.00 to 0.04"
    assert spoken(Interval(-0.002, 0.5), Wording("de", topic="agreement")) == "0,00 bis 0,50"


def test_lines_reach_from_one_end_of_the_interval_to_the_other():
    drawing = stage.draw("agreement", stage.study("real"), "en")
    (inset,) = drawing.figure.axes[0].child_axes
    lines = [line for line in inset.collections if isinstance(line, LineCollection)]
    ends = [line.get_segments()[0][:, 0] for line in lines]
    given = drawing.data["interval"]
    assert [f"{low:.2f} to {high:.2f}" for low, high in ends] == given[
        given.str.contains("to")
    ].to_list()


@pytest.mark.parametrize("sheet", ["figure", "narrow"])
def test_no_other_point_covers_the_end_of_an_interval(sheet):
    (inset,) = getattr(stage.draw("agreement", stage.study("real")), sheet).axes[0].child_axes
    behind = [row for row in inset.collections if isinstance(row, PathCollection)]
    ac1 = min(row.get_zorder() for row in behind)
    lines = [line for line in inset.collections if isinstance(line, LineCollection)]
    assert lines
    assert all(line.get_zorder() > ac1 for line in lines)


def test_what_cannot_be_determined_has_words_and_a_reason():
    drawing = stage.draw("agreement", stage.study("real"), "en")
    unused = drawing.data.set_index("label").loc["Sustainable public procurement"]
    assert unused["alpha"] == unused["kappa"] == unused["interval"] == "not determinable"
    assert unused["remark"] == "all ratings are the same"
    assert not drawing.data.isna().any().any()
    assert "“Sustainable public procurement” not determinable" in drawing.alt


def test_the_agreement_of_the_study_is_as_high_as_two_runs_of_like_models_make_it():
    overall = overall_of(stage.draw("agreement", stage.study("real"), "en"))
    found = [str(overall[name]) for name in ("α (MASI)", "α (Jaccard)", "Same set (share)")]
    assert found == ["0.876", "0.921", "0.806"]
    assert [str(overall[name]) for name in ("Cohen’s κ", "Gwet’s AC1")] == ["0.953", "0.990"]


def test_the_documents_are_compared_by_themselves_and_named_as_such():
    drawing = stage.draw("agreement", stage.study("real"), "en")
    units = drawing.table.set_index("measure").loc["Statements"]
    assert (units["overall"], units["Policy context"]) == (170, 94)
    assert "coded separately" in drawing.table_caption
    tables = stage.study("real") | {"context_ratings": stage.study("real")["context_ratings"][:0]}
    alone = stage.draw("agreement", tables, "en")
    assert "Policy context" not in alone.table
    assert alone.values["alpha_context"] == "–"


def test_a_dimension_is_not_taken_for_the_documents_whatever_it_is_called():
    tables, context = stage.study("mini"), Wording("en", topic="agreement")("context")
    named = tables["dimensions"].assign(
        label_en=tables["dimensions"]["label_en"].where(
            tables["dimensions"]["dimension"] != "theme", context
        )
    )
    alone = tables | {"dimensions": named, "context_ratings": tables["context_ratings"][:0]}
    drawing = stage.draw("agreement", alone, "en")
    assert context in drawing.table
    assert drawing.values["alpha_context"] == "–"


def test_a_further_coder_is_compared_on_what_they_rated_and_named_in_the_caption():
    drawing = stage.draw("agreement", with_coder("zoe", u002="theme.means", u003="theme.needs"))
    assert "Durchgang A, Durchgang B und zoe." in drawing.caption
    overall = overall_of(drawing, "insgesamt")
    alone = overall_of(stage.draw("agreement", stage.study("mini")), "insgesamt")
    assert overall["Aussagen"] == alone["Aussagen"]
    assert overall["α (MASI)"] < alone["α (MASI)"]
    assert overall["Cohens κ"] == "nicht bestimmbar"
    pairs = [f"Cohens κ: {pair}" for pair in PAIRS]
    assert {name for name in overall.index if name.startswith("Cohens κ: ")} == {*pairs}
    assert overall[pairs[0]] == alone["Cohens κ"]
    assert [overall[f"Aussagen: {pair}"] for pair in PAIRS[1:]] == [2, 2]
    assert not any(name.startswith("Cohens κ: ") for name in alone.index)
    table = stage.draw("disagreements", with_coder("zoe", u002="theme.means")).table
    (row,) = table[table["unit_id"] == "u002;u003"].to_dict("records")
    assert "„Mittel und Wege“ (zoe)" in row["disputed"]
    assert "„Mittel und Wege“ nicht entschieden" in row["decided"]


def test_what_one_coder_alone_rated_counts_neither_in_the_caption_nor_in_the_table():
    tables = dict(stage.study("mini"))
    ratings = tables["ratings"].query("coder == 'a'")
    few = [*ratings["unit_id"][:3]]
    second = ratings[ratings["unit_id"].isin(few)].assign(coder="zoe")
    second.loc[second.index[0], "codes"] = "topic.money"
    tables["ratings"] = pd.concat([ratings, second], ignore_index=True)
    drawing = stage.draw("agreement", tables, "en")
    over = f"over 3 of {ratings['unit_id'].nunique()} statements (only these were rated by more"
    assert over in drawing.caption
    assert {*drawing.data["units"]} == {overall_of(drawing)["Statements"]} == {3}
    assert drawing.data["positives"].max() <= 3


@pytest.mark.parametrize(
    ("language", "named"), [("de", "erste Codierung und zoe"), ("en", "first coding and zoe")]
)
def test_a_study_without_decisions_and_passes_is_not_said_to_have_them(
    language, named, monkeypatch
):
    monkeypatch.setattr(paths, "wording", lambda: textfile.FOLDER)
    tables = dict(stage.study("mini"))
    tables["ratings"] = tables["ratings"].replace({"coder": {"b": "zoe"}})
    tables["adjudication"] = tables["adjudication"][:0]
    caption = stage.draw("agreement", tables, language).caption
    assert named in caption
    assert not re.search("Durchgang|Entscheidung|pass|decided", caption)
    disputed = stage.draw("disagreements", tables, language).table["disputed"]
    assert not disputed.str.contains("Durchgang|pass").any()


@pytest.mark.parametrize("language", stage.LANGUAGES)
def test_of_a_single_coder_it_is_said_why_nothing_can_be_determined(language):
    tables = dict(stage.study("mini"))
    tables["ratings"] = tables["ratings"].query("coder == 'a'")
    skipped = stage.draw("agreement", tables, language).skipped
    assert skipped in {
        "Die Übereinstimmung ist nicht bestimmbar: keine Aussage wurde von mehreren codiert.",
        "The agreement is not determinable: no statement was coded by more than one coder.",
    }
    assert stage.draw("disagreements", tables, language).skipped


def test_without_all_that_lowers_agreement_there_may_be_nothing_to_determine():
    tables = dict(stage.study("mini"))
    first = tables["ratings"].query("coder == 'a'").iloc[:3]
    given = first.assign(codes=["aspect.limit", "aspect.limit", "topic.money"])
    other = given.assign(coder="b", codes=["topic.money", "topic.money", "topic.money"])
    tables["ratings"] = pd.concat([given, other], ignore_index=True)
    caption = stage.draw("disagreements", tables, "en").table_caption
    assert "without the two statements that lower it most, it is not determinable." in caption


def rows_of(first, second, n=30):
    """The agreement on two codes, one given to the `first` so many of `n` units by both coders, the
    other to so many as the two numbers of `second` say.
    """
    sets = [
        [frozenset("x" * (i < first) + "y" * (i < number)) for i in range(n)] for number in second
    ]
    sets = pd.DataFrame(dict(zip("ab", sets, strict=True)), dtype=object)
    labels = pd.DataFrame({"code": ["x", "y"], "label_en": ["X", "Y"]})
    return codeagreement.of_codes(sets, ["x", "y"]).merge(labels, on="code")


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (
            30,
            (4, 3),
            "The codings never differ on the only code given to at least nine",
        ),
        (30, (12, 12), "The codings differ on none of two codes given to at least nine"),
        (30, (20, 10), "On one of two codes given to at least nine statements the codings never"),
        (8, (4, 3), "No code is given to nine statements or more; the values are noise."),
    ],
)
def test_a_code_that_all_statements_have_is_one_on_which_all_agree(first, second, said):
    words = Wording("en", topic="agreement")
    assert agreement.headline(rows_of(first, second), words).startswith(said)


def test_a_code_that_all_statements_have_is_counted_among_the_firm_ones():
    tables = dict(stage.study("real"))
    ratings = tables["ratings"]
    before = stage.draw("agreement", tables, "en").values
    every = ratings["codes"].fillna("").str.cat(["role.advisor"] * len(ratings), sep=";")
    tables["ratings"] = ratings.assign(codes=every.str.strip(";"))
    after = stage.draw("agreement", tables, "en").values
    numbers = ["codes_firm", "codes_noise"]
    assert [after[name] for name in numbers] == [before[name] for name in numbers]


def test_of_one_statement_that_two_coded_it_is_said_that_there_is_only_one():
    tables = dict(stage.study("mini"))
    ratings = tables["ratings"]
    units = ratings["unit_id"].unique()
    for rated, said in ((1, "only one statement was coded"), (0, "no statement was coded")):
        first = ratings["coder"].eq(ratings["coder"].iloc[0])
        of_one = ratings["unit_id"].eq(units[1])
        tables["ratings"] = ratings[first | (of_one if rated else False)]
        assert said in stage.draw("agreement", tables, "en").skipped


def test_a_value_below_one_is_not_rounded_to_one():
    words = Wording("en", topic="agreement")
    said = agreement.headline(rows_of(0, (200, 199), n=600), words)
    assert said.endswith("“Y”, the codings differ (α = 0.996).")
    assert agreement.spoken(0.996, words) == "0.996"
    dimensions = pd.DataFrame([{"dimension": "d", "label_en": "D"}])
    rows = rows_of(0, (200, 199), n=600).assign(dimension="d")
    assert "0.996" in agreement.alt(rows, dimensions, words)
    for width in (style.WIDTH, style.NARROW):
        drawn = agreement.draw(rows.assign(code=["x", "y"]), dimensions, words, width).axes[0].texts
        assert "0.996" in [text.get_text() for text in drawn]
    assert agreement.rounded(1.0, words) == "1.00"
    said = disagreements.headline(1, 0.996, 0.9986, Wording("en", topic="disagreements"))
    assert said.endswith("α (MASI) would be 0.999 instead of 0.996.")
    said = [fragility.percent(share, words) for share in (0, 0.004, 0.5, 0.996, 1)]
    assert said == [f"{n} per cent" for n in (0, 0.4, 50, 99.6, 100)]


def test_coders_who_never_differ_are_told_so_in_the_headline():
    tables = dict(stage.study("mini"))
    first = tables["ratings"].query("coder == 'a'")
    tables["ratings"] = pd.concat([first, first.assign(coder="b")], ignore_index=True)
    drawing = stage.draw("agreement", tables, "en")
    assert drawing.headline.startswith("No code is given to nine statements or more")
    assert drawing.values["alpha_masi"] == "1.00"
    assert drawing.values["alpha_masi_interval"] == "not determinable"
    assert stage.draw("disagreements", tables).skipped == "Keine Aussage senkt die Übereinstimmung."


def test_the_costliest_statements_come_first_with_what_was_decided():
    table = stage.draw("disagreements", stage.study("real"), "en").table
    several = "u060;u061;u062;u063"  # one statement on four municipalities, left out for all
    assert list(table["unit_id"][:3]) == [several, "c015", "u004"]
    assert table["without"].is_monotonic_decreasing
    assert table.loc[2, "disputed"] == (
        "“Framework condition” (pass A); “Interest or goal” (pass B)"
    )
    assert table.loc[2, "decided"] == "“Framework condition” is dropped; “Interest or goal” stands"


def test_a_statement_of_which_only_a_part_was_rated_is_listed_with_that_part():
    tables = dict(stage.study("mini"))
    tables["ratings"] = tables["ratings"].query("unit_id not in ['u002', 'u006']")
    listed = set(stage.draw("disagreements", tables).table["unit_id"])
    assert "u003" in listed
    assert not [units for units in listed if "u002" in units or "u006" in units]


def test_a_dimension_that_nobody_used_is_not_taken_for_one_of_other_documents():
    tables = dict(stage.study("mini"))
    codes, unused = tables["codes"], ("aspect", "theme")  # neither is used in documents
    for name in ("codings", "code_counts"):
        dimension = tables[name]["code"].map(codes.set_index("code")["dimension"])
        tables[name] = tables[name][~dimension.isin(unused)]
    missing = set(codes.loc[codes["dimension"].isin(unused), "label_en"])
    table = stage.draw("coverage", tables, "en").table
    assert missing <= set(table.loc[table["kind"] == "Code without a statement", "label"])
    assert "named" not in set(table["label"])  # which documents alone are coded with


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([[True, True], [True, True]], "Every code occurs in several replies, and every"),
        (
            [[True, False], [True, False]],
            "Every code occurs in a statement, none in one reply only",
        ),
    ],
)
def test_codes_of_case_statements_are_not_said_to_occur_in_replies(found, said):
    counts = pd.DataFrame({"aggregated": [0, 0]})
    words = Wording("en", topic="coverage")
    assert coverage.nothing(counts, pd.DataFrame(found), words).startswith(said)


def test_coverage_names_codes_of_nothing_and_of_one_interview_and_statements_of_no_code():
    drawing = stage.draw("coverage", stage.study("real"), "en")
    assert drawing.table["kind"].value_counts().to_dict() == {
        "Code from one reply only": 7,
        "Statement without a code": 3,
        "Code without a statement": 2,
    }
    assert drawing.values["codes_once"] == "seven"
    assert drawing.values["codes_expected"] == "1.75"
    assert drawing.values["saturation"] == (
        "not computable: the procedure needs at least six interviews, four as a base and two to "
        "compare, and there are four replies"
    )


def test_two_interviews_in_one_place_are_two_replies():
    tables = dict(stage.study("mini"))
    known = tables["interviews"]
    again = known.head(1).assign(interview_id="second")
    tables["interviews"] = pd.concat([known, again], ignore_index=True)
    said = stage.draw("coverage", tables, "en").values["saturation"]
    assert said.endswith("there are four replies")


def test_a_statement_counts_for_its_interview_or_for_each_of_its_place():
    asked = pd.DataFrame({"interview_id": ["i1", "i2", "i3"], "municipality_id": ["n", "n", "s"]})
    coded = pd.DataFrame({
        "code": ["one", "both", "both", "place", "other", "nobody", "nobody"],
        "interview_id": ["i1", "i1", "i2", None, "i3", None, None],
        "municipality_id": ["n", "n", "n", "n", "s", "w", None],
    })  # fmt: skip
    counts = pd.DataFrame({"code": "more", "municipality_id": ["n", "s"], "aggregated": [0, None]})
    codes = pd.Series(["one", "both", "place", "other", "nobody", "more"])
    found = coverage.incidence(coded, counts, codes, asked)
    of = {code: list(found.index[found[code]]) for code in codes}
    assert of == {
        "one": ["i1"],
        "both": ["i1", "i2"],
        "place": ["i1", "i2"],
        "other": ["i3"],
        "nobody": [],
        "more": ["i3"],
    }


def test_each_item_of_both_checklists_is_answered_with_its_passage_or_not_reported():
    drawing = stage.draw("reporting", stage.study("real"), "en")
    assert drawing.table["checklist"].value_counts().to_dict() == {"COREQ": 32, "SRQR": 21}
    silent = drawing.table["answer"].eq("not reported in the study")
    assert drawing.table["locator"].eq("").equals(silent)
    n = 53 - int(silent.sum())
    counts = drawing.table[~silent]["checklist"].value_counts()
    assert counts.sum() == n
    said = Wording("en").numeral(int(counts["COREQ"]))
    assert f"{said} of 32 items of COREQ" in drawing.caption


def test_every_number_of_a_column_has_the_same_decimals():
    drawing = stage.draw("agreement", stage.study("real"), "en")
    numbers = [cell for name in drawing.data for cell in drawing.data[name]]
    numbers += list(overall_of(drawing))
    decimals = [str(cell) for cell in numbers if isinstance(cell, Decimal)]
    assert len(decimals) > 300
    assert all(re.fullmatch(r"-?\d\.\d{3}", cell) for cell in decimals)
    assert "-0.000" not in decimals


def test_headings_tell_alpha_of_sets_from_agreement_without_silent_statements():
    words = Wording("en", topic="agreement")
    drawing = stage.draw("agreement", stage.study("mini"), "en")
    measures = [words(f"column.{name}") for name in ("jaccard", "jaccard_spoken")]
    assert {*measures} <= {*drawing.table["measure"]}
    assert measures[0] == "α (Jaccard)"
    assert drawing.table["measure"].is_unique
    assert "given_only" in drawing.data


@pytest.mark.parametrize("positives", [9, 999, 12500])
def test_the_number_of_a_code_has_room_on_a_narrow_sheet(positives):
    row = {"code": "topic.heat", "label_de": "Hitze", "dimension": "topic", "positives": positives}
    row |= {"alpha": 0.8, "ac1": 0.9, "interval": Interval(0.7, 0.9)}
    dimensions = pd.DataFrame([{"dimension": "topic", "label_de": "Thema"}])
    words = Wording("de", "agreement")
    figure = agreement.draw(pd.DataFrame([row]), dimensions, words, style.NARROW)
    (text,) = (t for t in figure.axes[0].texts if t.get_text() == words.number(positives))
    assert text.get_position()[0] + typeset.text_width(text.get_text()) <= style.NARROW


@pytest.mark.parametrize(
    ("language", "said"), [("de", "ohne Intervall, bei einer Aussage"), ("en", ", one statement")]
)
def test_a_code_of_a_single_statement_is_read_aloud_as_one(language, said):
    spoken = stage.draw("agreement", stage.study("mini"), language).alt
    assert said in spoken
    assert not re.search(r"\b1 (Aussagen|statements)", spoken)
