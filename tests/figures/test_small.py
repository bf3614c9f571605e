"""Small, large and odd studies: what there is is drawn, what is missing is left out, and all of
it can be seen and read.
"""

import itertools
import re

import pandas as pd
import pytest
import small
import stage
from picture import Picture

from analysis import paths
from analysis.drawing import style
from analysis.wording import Wording

# Not of what tests before these have left open, which is noticed at some time.
pytestmark = [
    pytest.mark.filterwarnings("error"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

SKIPPED = {
    "empty": set(stage.NOTEBOOKS),
    "without_cases": {"codings", "comparison", "cooperation", "glance", "method"},
    "single": {
        "agreement",
        "codings",
        "disagreements",
        "fragility",
        "method",
        "opportunities",
        "relations",
        *stage.LEAFLET,
    },
    "without_roles": {"cansay", "relations", "roles"},
    "without_fields": {"cansay", "roles"},
    "without_codes": {
        "agreement",
        "cansay",
        "codings",
        "disagreements",
        "fragility",
        "influence",
        "interviews",
        "method",
        "opportunities",
        "relations",
        "roles",
    },
    "without_years": {"alliance", "timeline"},
    "many": {"coverage"},  # so many counts are withheld there that nothing is certain
}


@pytest.mark.parametrize("study", ["real", "mini"])
@pytest.mark.parametrize("notebook", sorted({*stage.TOLD} - {"case"}))
def test_a_notebook_that_is_told_nothing_finds_what_it_can_and_says_what_it_lacks(notebook, study):
    drawing = stage.draw(notebook, stage.study(study), "en", **stage.unsaid(notebook))
    assert drawing.figure or drawing.table is not None or drawing.skipped.endswith(".")
    has_all = {"alliance", "cansay", "circularcity", "leitbild", "timeline"}
    assert study == "mini" or bool(drawing.skipped) == (notebook not in has_all)


def test_a_field_that_the_conclusion_cannot_name_is_no_field():
    with pytest.raises(ValueError, match=r"concluded: no 'procurment'.*procurement"):
        stage.draw("cansay", stage.study("real"), concluded="targets procurment")


@pytest.mark.parametrize(
    ("notebook", "told", "meant"),
    [
        ("alliance", {"asking": "questioner"}, "questioners"),
        ("case", {"whole": "co2_emission"}, "co2_emissions"),
        ("case", {"part": "co2_process_shar"}, "co2_process_share"),
        ("initiatives", {"start": "network_initiative_start"}, "network_initiatives_start"),
        ("initiatives", {"end": "network_initiative_end"}, "network_initiatives_end"),
        ("initiatives", {"target": "network_initiative_target"}, "network_initiatives_target"),
        ("leitbild", {"said": "link.explict"}, "link.explicit"),
        ("leitbild", {"unsaid": "link.imply"}, "link.implied"),
        ("valueadded", {"falls": "leitbild_value_fall"}, "leitbild_value_added_fall_nrw"),
        ("valueadded", {"rises": "leitbild_value_rise"}, "leitbild_value_added_rise_germany"),
    ],
)
def test_what_a_notebook_is_told_by_a_name_that_nothing_has_is_refused(notebook, told, meant):
    ((name, slip),) = told.items()
    with pytest.raises(ValueError, match=f"{name}: no '{slip}'.*{meant}"):
        stage.draw(notebook, stage.study("real"), "en", **told)


@pytest.mark.parametrize("language", stage.LANGUAGES)
def test_a_table_stays_where_there_is_nothing_to_draw(language):
    real = dict(stage.study("real"))
    alliance = real | {"context_events": real["context_events"].head(0)}
    sizes = real["facts"]["fact_id"].str.startswith("network_initiatives_")
    initiatives = real | {"facts": real["facts"][~sizes]}
    sizeless = {"start": "", "end": "", "target": ""}
    for notebook, tables, told in (
        ("alliance", alliance, {}),
        ("initiatives", initiatives, sizeless),
    ):
        drawing = stage.draw(notebook, tables, language, **told)
        complete = stage.draw(notebook, real, language)
        assert drawing.skipped == Wording(language, topic=notebook)("nothing")
        assert drawing.table.equals(complete.table)
        assert drawing.table_caption == complete.table_caption


def test_numbers_stay_that_hang_on_no_drawing():
    real = dict(stage.study("real"))
    told = real["statements"].assign(municipality_id=pd.NA)
    nowhere = real | {"statements": told.astype(real["statements"].dtypes)}
    nowhere["code_counts"] = real["code_counts"].head(0)
    codes = real["codes"]
    without = {
        "codings": nowhere,
        "interviews": real | {"codes": codes[codes["dimension"] != "theme"]},
        "roles": real | {"measures": real["measures"].head(0)},
    }
    for notebook, tables in without.items():
        drawing, complete = (stage.draw(notebook, known) for known in (tables, real))
        assert drawing.skipped
        kept = {name: n for name, n in complete.values.items() if "measures" not in name}
        assert {name: drawing.values.get(name) for name in kept} == kept


# Each in one language, that with long names in the one of the longer words; the real study and the
# invented one are drawn in both.
@pytest.mark.parametrize(
    ("name", "language"), [*zip(small.STUDIES, itertools.cycle(stage.LANGUAGES))]
)
def test_what_there_is_is_drawn_and_what_is_missing_left_out(name, language):
    tables = small.STUDIES[name]()
    drawings = {
        notebook: stage.draw(notebook, tables, language, **more)
        for notebook, more in stage.runs(tables, cases=1)
    }
    skipped = {notebook for notebook, drawing in drawings.items() if drawing.skipped}
    assert skipped == SKIPPED.get(name, set()) & drawings.keys()
    pictures = {
        (notebook, form): Picture(figure)
        for notebook, drawing in drawings.items()
        for form, figure in (("broad", drawing.figure), ("narrow", drawing.narrow))
        if figure
    }
    looks = ("outside", "overlapping", "tiny", "unreadable", "faint")
    assert {
        (run, look): found
        for run, picture in pictures.items()
        for look in looks
        if (found := getattr(picture, look)())
    } == {}


def test_a_role_without_a_field_is_one_of_the_roles():
    assert stage.draw("roles", stage.study("mini"), "en").values["roles_total"] == 3
    drawing = stage.draw("roles", small.STUDIES["role_without_field"](), "en")
    assert drawing.values["roles_total"] == 4
    assert "with four parts" in drawing.alt


def of_no_role(*fields):
    """The study whose codebook has no roles, or not for these fields, with the measures in them."""
    tables = dict(small.raw())
    codes = tables["codes"][(tables["codes"]["dimension"] != "role") | bool(fields)]
    rest = codes["role_code"].where(~codes["code"].isin(fields or codes["code"]))
    tables["influence"] = tables["influence"].assign(role_code=None)
    return small.prepared(tables | {"codes": codes.assign(role_code=rest)})


@pytest.mark.parametrize("language", stage.LANGUAGES)
def test_measures_in_fields_of_no_role_are_in_no_figure_of_roles(language):
    tables = of_no_role()
    assert len(tables["measures"])
    assert stage.draw("roles", tables, language).skipped
    assert stage.draw("glance", tables, language).figure


def test_measures_whose_field_is_of_no_role_are_counted_as_left_out():
    tables = stage.study("mini")
    measures = tables["measures"].query("kind == 'measure'")
    first = measures["field_code"].iloc[0]
    n = int((measures["field_code"] == first).sum())
    drawing = stage.draw("roles", of_no_role(first), "en")
    assert drawing.values["measures_total"] == len(measures) - n > 0
    assert drawing.caption.endswith(Wording("en", topic="roles").count("caption.left_out", n))
    assert "left out" not in stage.draw("roles", tables, "en").caption.casefold()
    assert stage.draw("glance", of_no_role(first), "en").figure


@pytest.mark.parametrize("language", stage.LANGUAGES)
@pytest.mark.parametrize("number", [1, 2, 15])
def test_the_sentence_of_measures_that_are_left_out_begins_as_sentences_do(language, number):
    field = stage.study("mini")["measures"].query("kind == 'measure'")["field_code"].iloc[0]
    tables = dict(of_no_role(field))
    measures = tables["measures"]
    own = measures[(measures["field_code"] == field) & (measures["kind"] == "measure")]
    rest = measures[measures["field_code"] != field]
    more = own.iloc[[0] * number].assign(measure_id=[f"m{n}" for n in range(number)])
    tables["measures"] = pd.concat([rest, more], ignore_index=True)
    caption = stage.draw("roles", tables, language).caption
    said = Wording(language, topic="roles").count("caption.left_out", number)
    assert caption.endswith(said)
    assert not re.search(r"\. [a-zäöü]", caption)


@pytest.fixture
def machine_speaks(monkeypatch, tmp_path):
    """A study that has none, so that those of the machine are what is said."""
    monkeypatch.setattr(paths, "wording", lambda: tmp_path)


@pytest.mark.usefixtures("machine_speaks")
@pytest.mark.parametrize("language", stage.LANGUAGES)
def test_a_caption_names_no_case_studies_where_there_are_none(language):
    tables = small.prepared(small.raw() | {"case_units": small.raw()["case_units"].head(0)})
    drawn = {
        str(run): stage.draw(run[0], tables, language, **run[1]) for run in stage.runs(tables, 1)
    }
    said = {run: f"{drawing.caption} {drawing.table_caption}" for run, drawing in drawn.items()}
    assert sum(bool(text.strip()) for text in said.values()) > 12
    assert [run for run, text in said.items() if re.search("case stud|Fallstud", text)] == []


@pytest.mark.usefixtures("machine_speaks")
def test_a_caption_tells_of_statements_in_no_section_only_where_there_are_some():
    tables = dict(stage.study("mini"))
    said = Wording("en", topic="interviews")("caption.without")
    themes = tables["codes"].query("dimension == 'theme'")["code"]
    coded = tables["codings"].loc[tables["codings"]["code"].isin(themes), "unit_id"]
    of_case = tables["statements"]["corpus"] == "case"
    within = tables["statements"][of_case | tables["statements"]["unit_id"].isin(coded)]
    assert said not in stage.draw("interviews", tables | {"statements": within}, "en").caption
    more = within.query("corpus == 'interview'").head(1).assign(unit_id="more", statement_id="more")
    both = pd.concat([within, more], ignore_index=True)
    assert said in stage.draw("interviews", tables | {"statements": both}, "en").caption


def test_what_is_planned_may_have_begun_before_its_source():
    tables = stage.study("mini")
    later = tables["sources"].assign(date="2022")
    event = (
        tables["events"].head(1).assign(event_id="more", date="2019/2025", date_qualifier="planned")
    )
    events = pd.concat([tables["events"], event], ignore_index=True)
    assert stage.draw("timeline", tables | {"sources": later, "events": events}, "en").figure


@pytest.mark.parametrize("language", stage.LANGUAGES)
def test_a_study_of_no_year_stands_at_none(language):
    tables = stage.study("mini")
    undated = tables | {"sources": tables["sources"].assign(date=pd.NA)}
    for study, number in ((tables, 1), (undated, 0)):
        figure = stage.draw("targets", study, language).figure
        begins = Wording(language, topic="targets")("study", year="")
        texts = [text.get_text() for text in figure.axes[0].texts]
        assert sum(text.startswith(begins) for text in texts) == number


def test_the_dimension_of_action_fields_may_have_any_name():
    tables = stage.study("mini")
    renamed = tables["codes"].assign(dimension=tables["codes"]["dimension"].replace("field", "x"))
    before, after = (
        stage.draw("roles", study, "en") for study in (tables, tables | {"codes": renamed})
    )
    assert after.values == before.values
    assert after.alt == before.alt


def test_a_target_may_lie_before_the_study():
    tables = dict(stage.study("mini"))
    years = tables["targets"]["year"]
    tables["targets"] = tables["targets"].assign(year=years.mask(years == years.min(), 1999))
    assert "1999: " in stage.draw("targets", tables, "en").alt


def test_a_checklist_without_an_answer_is_a_table_all_the_same():
    tables = dict(stage.study("mini"))
    none = dict.fromkeys(("answer_de", "answer_en", "source_id", "locator"))
    tables["reporting"] = tables["reporting"].assign(**none)
    table = stage.draw("reporting", tables, "en").table
    assert set(table["answer"]) == {"not reported in the study"}


def test_what_cannot_be_a_part_of_a_whole_is_refused():
    about = {"case": "erwitte-geseke", "whole": "co2_emissions", "part": "cement_output"}
    with pytest.raises(ValueError, match="part: 'cement_output' is in Mt/a; expected a fact in"):
        stage.draw("case", stage.study("real"), **about)


@pytest.mark.parametrize("lost", ["aspect.limit", "aspect.opportunity"])
def test_opportunities_and_limits_need_both_codes(lost):
    tables = dict(stage.study("mini"))
    for name in ("codes", "codings", "code_counts"):
        tables[name] = tables[name][tables[name]["code"] != lost]
    assert stage.draw("opportunities", tables, "en").skipped.endswith("lacks one of the two.")


@pytest.mark.parametrize("initials", ["WWM", "WWWWM"])
def test_long_initials_do_not_run_into_the_names_of_places(initials):
    tables = dict(stage.study("mini"))
    places = tables["municipalities"]
    tables["municipalities"] = places.assign(initials=[f"{initials}{n}" for n in places.index])
    drawing = stage.draw("opportunities", tables)
    for figure in (drawing.figure, drawing.narrow):
        picture = Picture(figure)
        assert not picture.outside()
        assert not picture.overlapping()


def test_what_is_withheld_is_not_said_to_be_covered():
    assert stage.draw("coverage", small.STUDIES["many"](), "en").skipped == (
        "Of no code is it certain that no statement or only one interview carries it, as some "
        "counts are withheld."
    )


def test_a_reason_is_a_sentence_in_the_language_of_the_report():
    reasons = {
        language: stage.draw("actors", small.STUDIES["empty"](), language).skipped
        for language in stage.LANGUAGES
    }
    assert reasons["de"].startswith("Dazu enthalten")
    assert reasons["en"].startswith("The data")


def test_agreement_on_a_hundred_codes_can_be_read():
    drawing = stage.draw("agreement", small.many(topics=100), "en")
    for figure in (drawing.figure, drawing.narrow):
        picture = Picture(figure)
        for look in ("outside", "overlapping", "tiny", "unreadable", "faint"):
            assert not getattr(picture, look)(), look


@pytest.mark.parametrize("language", stage.LANGUAGES)
def test_names_of_the_columns_of_agreement_do_not_read_as_one(language):
    drawing = stage.draw("agreement", stage.study("real"), language)
    words = Wording(language, topic="agreement")
    names = [line for key in ("alpha", "given") for line in words(f"head.{key}").split("\n")]
    for figure in (drawing.figure, drawing.narrow):
        picture = Picture(figure)
        boxes = [
            box / picture.canvas.figure.dpi / style.CM
            for text, box in zip(picture.texts, picture.boxes, strict=True)
            if text.get_text() in names and text.get_fontsize() == style.SMALL
        ]
        assert len(boxes) == len(names)
        for one, other in itertools.combinations(boxes, 2):
            left, right = sorted((one, other), key=lambda box: box[0])
            is_beside = min(left[3], right[3]) - max(left[1], right[1]) > 0.1
            assert not is_beside or right[0] - left[2] > 0.3
