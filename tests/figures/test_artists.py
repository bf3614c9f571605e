"""What is drawn is what is counted: as many squares as statements, marks at their
years, rows in their order.
"""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
import stage
from matplotlib.colors import to_hex, to_rgb
from matplotlib.patches import Circle, Ellipse, Rectangle
from picture import Picture

from analysis.drawing import links, states, style
from analysis.drawing.marks import EVENTS
from analysis.drawing.states import STATE
from analysis.figures import (
    cansay,
    contradictions,
    fragility,
    glance,
    interviews,
    leitbild,
    opportunities,
    roles,
    targets,
)
from analysis.figures.parts import caseprojects, codematrix
from analysis.methods.fragility import LIMIT
from analysis.wording import Wording

pytestmark = pytest.mark.xdist_group("figures")  # each study is drawn once


def rectangles(drawing, *, width=None, height=None):
    found = [patch for patch in drawing.figure.axes[0].patches if isinstance(patch, Rectangle)]
    return [
        patch
        for patch in found
        if (width is None or round(patch.get_width(), 6) == width)
        and (height is None or round(patch.get_height(), 6) == height)
    ]


def at(drawing, x):
    """The texts that begin at x, from top to bottom."""
    found = [text for text in drawing.figure.axes[0].texts if text.get_position()[0] == x]
    return [text.get_text() for text in sorted(found, key=lambda text: text.get_position()[1])]


def test_interviews_have_a_square_for_each_statement(tables):
    drawing = stage.draw("interviews", tables)
    squares = rectangles(drawing, width=interviews.SQUARE)
    faces = Counter((square.get_facecolor(), square.get_hatch()) for square in squares)
    assert len(squares) == drawing.data["statements"].sum()
    assert sorted(faces.values()) == sorted(
        int(n) for n in drawing.data[list(interviews.LOOKS)].sum() if n
    )


def test_interviews_show_ten_statements_of_a_block_in_one_line():
    drawing = stage.draw("interviews", stage.study("real"))
    squares = rectangles(drawing, width=interviews.SQUARE)
    lines = Counter(round(square.get_y(), 6) for square in squares)
    rows = drawing.data.groupby("municipality")["statements"].sum()
    assert drawing.data["statements"].max() == interviews.PER_LINE
    assert sorted(lines.values()) == sorted(rows)


def test_opportunities_have_a_mark_for_each_statement(tables):
    drawing = stage.draw("opportunities", tables)
    height = round(opportunities.STEP - opportunities.BETWEEN, 6)
    squares = rectangles(drawing, height=height)
    rounds = [
        patch
        for patch in drawing.figure.axes[0].patches
        if isinstance(patch, Ellipse) and round(patch.get_height(), 6) == height
    ]
    middles = [patch.get_center()[0] for patch in (*squares, *rounds)]
    sides = Counter(middle > opportunities.ZERO for middle in middles)
    right = drawing.data["aspect"] == drawing.data["aspect"].iloc[-1]
    of_cases = drawing.data["chapter"] == Wording("de", topic="opportunities")("corpus.case")
    assert len(rounds) == of_cases.sum()
    assert len(middles) == len(drawing.data)
    assert sorted(sides.values()) == sorted(right.value_counts())


def test_what_is_inferred_is_paler_than_what_is_said_expressly(tables):
    drawing = stage.draw("opportunities", tables)
    height = round(opportunities.STEP - opportunities.BETWEEN, 6)
    whole = {to_hex(ink) for ink in opportunities.INKS}
    marks = [
        patch
        for patch in drawing.figure.axes[0].patches
        if isinstance(patch, Rectangle | Ellipse) and round(patch.get_height(), 6) == height
    ]
    surest = [Wording("de")(f"attribution.{how}") for how in ("explicit", "case")]
    express = drawing.data["attribution"].isin(surest)
    assert sum(to_hex(mark.get_facecolor()) in whole for mark in marks) == express.sum()


def test_roles_have_a_bullet_for_each_measure(tables):
    drawing = stage.draw("roles", tables)
    assert len(rectangles(drawing, width=0.09)) == len(drawing.data)
    assert drawing.data["role"].nunique() <= int(style.WIDTH / roles.COLUMN)


def test_a_case_has_a_sign_for_each_project_in_each_of_its_fields(tables):
    columns = (caseprojects.SIGN, caseprojects.SIGN + caseprojects.INDENT)
    for name, parameters in stage.runs(tables):
        if name == "case":
            drawing = stage.draw(name, tables, **parameters)
            own = tables["projects"].query("case_id == @parameters['case']")
            signs = Counter(
                (line.get_marker(), line.get_fillstyle())
                for line in drawing.figure.axes[0].lines
                if line.get_markersize() == 7 and line.get_xdata()[0] in columns
            )
            rows = caseprojects.fields_of(own)["status"].map(STATE)
            halves = signs["o", "left"]
            assert signs.total() == len(rows)
            assert halves == (rows == "agreed").sum()
            assert signs["_", "full"] == (rows == "unsaid").sum()


def test_the_headline_of_a_case_says_how_many_projects_have_begun():
    tables = stage.study("mini")
    none = tables["projects"].assign(status="planned")
    said = [
        stage.draw("case", tables | more, "en", case="tal").headline
        for more in ({}, {"projects": none}, {"projects": none.head(0)})
    ]
    assert ": three of " in said[0]
    assert ": no project is said to be under way or finished" in said[1]
    assert ": no project is named;" in said[2]


def test_targets_stand_at_their_years(tables):
    published = int(tables["sources"].query("role == 'study'")["date"].iloc[0][:4])
    dated = tables["targets"].dropna(subset="year")
    axis = targets.axis_of(dated, published)
    found = Counter(
        round(float(line.get_xdata()[0]), 6)
        for line in stage.draw("targets", tables).figure.axes[0].lines
        if line.get_marker() != "None"
    )
    assert found >= Counter(round(axis.x(year), 6) for year in dated["year"])


def test_can_and_say_have_a_square_for_each_measure_and_each_statement(tables):
    drawing = stage.draw("cansay", tables)
    middles = [square.get_x() for square in rectangles(drawing, height=cansay.SIDE)]
    key = int(drawing.data["interview"].any()) + int(drawing.data["case"].any())
    told = drawing.data[["interview", "case"]].to_numpy().sum()
    assert sum(x < cansay.ZERO for x in middles) == drawing.data["measures"].sum()
    assert sum(x > cansay.ZERO for x in middles) == told + key


def test_discrepancies_have_a_square_in_each_part_and_contradictions_one_at_their_title_too(tables):
    drawing, noted = stage.draw("contradictions", tables), tables["discrepancies"]
    squares = rectangles(drawing, width=contradictions.SIDE)
    met = drawing.data["part"].str.count(",").to_numpy() + 1
    gravest = drawing.data["kind"] == "Widerspruch"
    outside = drawing.data["is_external"] == "ja"
    dark = [square for square in squares if to_hex(square.get_edgecolor()) == style.INK.lower()]
    hollow = [square for square in squares if to_hex(square.get_facecolor()) == style.PAPER.lower()]
    key = noted["is_external"].any()
    assert len(drawing.data) == len(noted)
    assert len(squares) == met.sum() + gravest.sum() + key
    assert len(dark) == met[gravest].sum() + gravest.sum()
    assert len(hollow) == met[outside].sum() + (gravest & outside).sum() + key


def test_the_study_at_a_glance_has_a_mark_for_each_option_project_and_statement(tables):
    drawing = stage.draw("glance", tables)
    statements, options = tables["statements"], tables["measures"].query("kind == 'measure'")
    statements = statements[statements["unit_id"].isin(tables["codings"]["unit_id"])]
    squares = rectangles(drawing, width=glance.SIDE)
    key = statements["corpus"].nunique() + bool(len(options))
    assert len(squares) == statements["statement_id"].nunique() + len(options) + key
    signs = [line for line in drawing.figure.axes[0].lines if line.get_markersize() == states.SIZE]
    projects = tables["projects"][tables["projects"]["part_of"].isna()]
    assert len(signs) == len(projects) + len({STATE[status] for status in projects["status"]})
    numbers = drawing.data.groupby("counted")["number"].sum()
    assert numbers["Codierte Aussagen"] == statements["statement_id"].nunique()
    assert numbers["Vorhaben"] == len(projects)


def test_the_headline_of_can_and_say_names_what_is_concluded_though_nobody_tells_of_it():
    tables = stage.study("real")
    energy = tables["codings"]["code"] == "field.energy_supply"
    unsaid = tables["codings"][~energy]
    said = tables["codings"].assign(
        code=tables["codings"]["code"].mask(energy, "field.procurement")
    )
    headlines = [
        stage.draw("cansay", tables | {"codings": codings}, "en").headline
        for codings in (tables["codings"], unsaid, said)
    ]
    assert headlines[0].startswith("On “Sustainable public procurement”")
    assert "we list six measures" in headlines[0]
    assert "“Sustainable public procurement” and “Energy supply”" in headlines[1]
    assert "procurement" not in headlines[2]


def test_what_has_no_stated_end_leads_on_in_an_arrow(tables):
    events = pd.concat([tables["events"], tables["context_events"]])
    began = events[events["date_qualifier"].eq("since") & events["kind"].eq("law")]
    drawn = stage.draw("timeline", tables).figure.axes[0].lines
    assert sum(line.get_marker() == ">" for line in drawn) == len(began)


def test_ends_are_drawn_alike_in_every_timeline():
    tables = stage.study("real")
    events = pd.concat([tables["events"], tables["context_events"]])
    ended = events["kind"].eq("closure") & ~events["date_qualifier"].isin(["planned", "about"])
    drawn = stage.draw("timeline", tables).figure.axes[0].lines
    marks = sum(line.get_marker() == EVENTS["closure"][0] for line in drawn)
    assert marks == ended.sum() + 1  # in the legend


def test_the_caption_of_the_timeline_tells_from_how_many_sources_targets_are():
    tables = stage.study("real")
    said = stage.draw("timeline", tables, "en").caption
    own = {"targets": tables["targets"].assign(year=pd.NA).astype({"year": "Int64"})}
    of_one = stage.draw("timeline", tables | own, "en").caption
    assert "from five sources, the targets from two of them, " in said
    assert "from five sources, the targets from one of them, " in of_one


def test_the_headline_of_the_timeline_names_the_year_that_most_targets_share():
    tables = stage.study("real")
    later = tables["context_targets"].assign(year=2050)
    said = [
        stage.draw("timeline", tables | more, "en").headline
        for more in ({}, {"context_targets": later})
    ]
    assert said[0] == "The most frequent target year is 2045, set for six of 16 targets."
    assert "2050" in said[1]


def test_the_headline_of_targets_counts_those_that_mean_a_part():
    tables = stage.study("real")
    whole = tables["targets"].assign(covers="territory")
    said = [
        stage.draw("targets", tables | more, "en").headline for more in ({}, {"targets": whole})
    ]
    assert said == [
        "Targets for climate neutrality lie between 2030 and 2050, but three of the eleven cover "
        "only a part.",
        "Targets for climate neutrality lie between 2030 and 2050.",
    ]


def test_codes_stand_in_the_order_of_the_codebook_also_those_of_no_statement(tables):
    drawing = stage.draw("codings", tables)
    assert at(drawing, codematrix.INDENT) == drawing.data["label"].tolist()
    dimensions = tables["codes"].groupby("dimension", sort=False)
    used = [own for _, own in dimensions if own["label_de"].isin(drawing.data["label"]).any()]
    assert drawing.data["label"].tolist() == pd.concat(used)["label_de"].tolist()
    assert (drawing.data["different"] == 0).any()


def test_the_heat_map_is_as_dark_as_the_counts(tables):
    drawing = stage.draw("codings", tables)
    insets = drawing.figure.axes[0].child_axes
    shades = np.vstack([inset.collections[0].get_array() for inset in insets])
    names = tables["municipalities"]["label_de"]
    assert shades.tolist() == drawing.data[names].to_numpy().tolist()
    # a statement of several units counts once
    assert shades.sum() == tables["code_counts"]["statements"].sum()


def test_goals_have_a_square_each_and_those_that_need_municipalities_an_outline(tables):
    drawing = stage.draw("leitbild", tables, said="aspect.limit")  # a code that no goal has
    squares = rectangles(drawing, width=round(leitbild.SQUARE - 0.04, 6))
    in_topics = [square for square in squares if square.get_x() > leitbild.LABELS]
    words = Wording("de", topic="leitbild")
    goals = drawing.data.drop_duplicates(["gist", "locator"])
    hollow = [s for s in in_topics if to_rgb(s.get_facecolor()) == to_rgb(style.PAPER)]
    legend = len(leitbild.LINKS)
    assert len(squares) == len(goals) + legend
    assert len(hollow) >= (goals["link"] == words("link.unsaid")).sum() > 0


def goals_and_codes():
    """Three goals of one topic, the second with fields of two roles; all need municipalities."""
    roles = [f"role.{name}" for name in "abcd"]
    fields = [f"field.{name}" for name in "abcd"]
    codes = pd.DataFrame({
        "code": [*roles, *fields],
        "dimension": ["role"] * 4 + ["field"] * 4,
        "role_code": [None] * 4 + roles,
        "label_en": [f"Role {name}" for name in "ABCD"] + [f"Field {name}" for name in "ABCD"],
    })  # fmt: skip
    goals = pd.DataFrame({
        "unit_id": ["g1", "g2", "g2", "g3"],
        "group": "air",
        "link": ["said", "unsaid", "unsaid", "unsaid"],
        "with_code": ["field.a", "field.b", "field.c", "field.d"],
        "gist_en": ["One", "Two", "Two", "Three"],
    })  # fmt: skip
    return goals, pd.DataFrame({"group": ["air"], "label_en": ["Air"]}), codes


@pytest.mark.parametrize("width", [style.WIDTH, style.NARROW])
def test_what_goals_are_stands_in_the_order_of_their_squares(width):
    words = Wording("en", topic="leitbild")
    figure = leitbild.draw(*goals_and_codes(), words, width)
    found = links.what_is_said(figure.findobj())
    squares = {
        said.title: artist.get_x()
        for artist, said in found.items()
        if isinstance(artist, Rectangle)
    }
    assert squares.keys() == {"One", "Two", "Three"}
    notes = [text for text in figure.axes[0].texts if text.get_text() in squares]
    notes = sorted(notes, key=lambda text: text.get_position()[1])
    assert [note.get_text() for note in notes] == sorted(squares, key=squares.get)


@pytest.mark.parametrize("link", ["said", "unsaid"])
def test_a_goal_with_fields_of_two_roles_has_the_colours_of_both(link):
    goals, topics, codes = goals_and_codes()
    words = Wording("en", topic="leitbild")
    figure = leitbild.draw(goals.assign(link=link), topics, codes, words)
    whole = round(leitbild.SQUARE - 0.04 + leitbild.EDGE / 72 / style.CM, 6)
    shown = {
        to_hex(patch.get_facecolor()): round(patch.get_width(), 6)
        for patch in figure.axes[0].patches
        if not patch.get_linewidth() and round(patch.get_height(), 6) == whole
    }
    assert shown == dict.fromkeys(map(str.lower, style.ROLES[1:3]), round(whole / 2, 6))
    assert "is divided" in leitbild.coloured(goals, codes, words)
    assert "is divided" not in leitbild.coloured(goals.iloc[[0, 1, 3]], codes, words)


def test_names_tell_roles_where_there_are_more_than_colours():
    goals, topics, codes = goals_and_codes()
    more = pd.DataFrame({"code": ["role.e"], "dimension": ["role"], "label_en": ["Role E"]})
    codes, words = pd.concat([codes, more]), Wording("en", topic="leitbild")
    texts = [text.get_text() for text in leitbild.draw(goals, topics, codes, words).axes[0].texts]
    assert "Field A (Role A)" in texts
    assert "colour" not in leitbild.coloured(goals, codes, words)
    fields = codes.dropna(subset="role_code")
    rows = fields.assign(measures=1, interview=1, case=1, places="", is_concluded=False)
    roles, words = codes[codes["dimension"] == "role"], Wording("en", topic="cansay")
    for width in (style.WIDTH, style.NARROW):
        texts = [text.get_text() for text in cansay.draw(rows, roles, words, width).axes[0].texts]
        assert "Field A (Role A)" in texts
        few = cansay.draw(rows, roles.head(4), words, width).axes[0].texts
        assert "Field A" in [text.get_text() for text in few]
    assert "Colours" not in cansay.coloured(roles, ["A (Tal)"], words)
    assert "Colours" in cansay.coloured(roles.head(4), ["A (Tal)"], words)


def test_relations_have_a_sign_for_each_project_at_a_topic_and_role(tables):
    drawing = stage.draw("relations", tables)
    signs = [line.get_marker() for line in drawing.figure.axes[0].lines]
    signs = Counter(marker for marker in signs if marker in ("o", "_"))
    said = drawing.data["status"].map({Wording("de")(f"status.{s}"): STATE[s] for s in STATE})
    assert signs["_"] - (said == "unsaid").sum() in (0, 1)  # one in the key
    assert signs.total() == len(said) + said.nunique()


def test_a_status_has_the_same_sign_in_every_figure_of_projects():
    tables, looks = stage.study("real"), {}
    for name, parameters in stage.runs(tables):
        if name not in ("case", "relations"):
            continue
        drawing = stage.draw(name, tables, **parameters)
        looks.setdefault(name, set()).update(
            (line.get_marker(), line.get_fillstyle())
            for line in drawing.figure.axes[0].lines
            if line.get_markersize() == states.SIZE
        )
    assert looks["relations"] == looks["case"]


def test_a_statement_has_a_dot_where_a_code_was_given_or_agreed(tables):
    drawing = stage.draw("method", tables)
    dots = [patch for patch in drawing.figure.axes[0].patches if isinstance(patch, Circle)]
    words, data = Wording("de", topic="method"), drawing.data
    by_both = (data["given_by"] == words("given_by.both")).sum()
    by_one = data["given_by"].isin([words("given_by.a"), words("given_by.b")]).sum()
    agreed = data["agreed"] == words("yes")
    assert len(dots) == 2 * by_both + by_one + agreed.sum()
    assert agreed.tolist() == data["cell"].notna().tolist()


def test_any_statement_of_a_municipality_can_be_followed(tables):
    statements = tables["statements"].dropna(subset="municipality_id")
    of_places = statements.loc[statements["corpus"] == "interview", "unit_id"]
    for unit in of_places[:: max(1, len(of_places) // 12)]:
        drawing = stage.draw("method", tables, unit=unit)
        codes = tables["codings"].loc[tables["codings"]["unit_id"] == unit, "code"]
        assert (drawing.data["agreed"] == "ja").sum() == len(codes)


BOTH, CANNOT = "interviews;codings", "cannot fail that way"


def test_a_finding_has_a_mark_in_each_universe_of_the_kind_of_its_verdict(tables):
    drawing = stage.draw("fragility", tables)
    verdicts = tables["verdicts"]["verdict"].value_counts()
    squares = rectangles(drawing, width=fragility.CELL, height=fragility.CELL)
    assert len(squares) == verdicts["holds"] + verdicts["untouched"] + 2  # one in the legend each
    strokes = [line for line in drawing.figure.axes[0].lines if line.get_linewidth() == 1.6]
    assert len(strokes) == 2 * (verdicts["fails"] + 1)


@pytest.mark.parametrize(
    ("interviews", "codings", "exposed", "said"),
    [
        (3, None, BOTH, ["none, as long as there is something to count", "–"]),
        (3, 4, BOTH, ["none, as long as there is something to count", 4]),
        (40, LIMIT + 1, BOTH, ["not without any two of them", "more than 100"]),
        (3, None, "interviews", ["none, as long as there is something to count", CANNOT]),
        (3, 4, "codings", [CANNOT, 4]),
        (3, None, None, [CANNOT, CANNOT]),
    ],
)
def test_what_was_not_looked_for_is_not_said_to_be_so(interviews, codings, exposed, said):
    finding = {"finding_id": "f", "sentence_en": "So.", "robustness": "robust"}
    findings = pd.DataFrame([
        finding
        | {"exposed_to": exposed, "flipped_by_interviews": None, "flipped_by_codings": None}
    ]).assign(carries_codings=pd.array([codings], dtype="Int64"))  # fmt: skip
    universes = pd.DataFrame({"universe_id": ["u"], "label_en": ["U"]})
    verdicts = pd.DataFrame({"finding_id": ["f"], "universe_id": ["u"], "verdict": ["holds"]})
    places = pd.Series([f"Town {n}" for n in range(interviews)])
    row = fragility.carrying(findings, universes, verdicts, places, Wording("en", "fragility"))
    assert row.loc[0, ["interviews", "codings"]].tolist() == said


@pytest.mark.parametrize(
    ("several", "things", "others"), [(False, "replies", "places"), (True, "places", "replies")]
)
def test_interviews_of_one_place_are_taken_away_together_and_called_a_place(
    several, things, others
):
    tables = dict(stage.study("mini"))
    known = tables["interviews"]
    second = known.head(int(several)).assign(interview_id="second")
    tables["interviews"] = pd.concat([known, second], ignore_index=True)
    drawing = stage.draw("fragility", tables, "en")
    texts = [text.get_text() for text in drawing.figure.axes[0].texts]
    assert things in texts
    assert others not in texts
    assert f"smallest number of {things}" in drawing.caption
    assert f"fewest {things}" in drawing.table_caption
    assert {"interviews", "places"} & {*drawing.table} == {"places" if several else "interviews"}


@pytest.mark.parametrize(
    ("asked", "codings", "exposed", "written"),
    [
        (3, None, BOTH, ["never", "open"]),
        (3, None, "interviews", ["never", "never"]),
        (3, 4, BOTH, ["never", "4"]),
        (40, LIMIT + 1, BOTH, ["> 2", "> 100"]),
        (40, 4, "codings", ["never", "4"]),
    ],
)
def test_only_what_was_looked_for_is_drawn_as_never(asked, codings, exposed, written):
    finding = {"finding_id": "f", "sentence_en": "So.", "robustness": "robust"}
    finding |= {"exposed_to": exposed, "flipped_by_interviews": None}
    findings = pd.DataFrame([finding]).assign(carries_codings=pd.array([codings], dtype="Int64"))
    universes = pd.DataFrame({"universe_id": ["u"], "label_en": ["U"]})
    verdicts = pd.DataFrame({"finding_id": ["f"], "universe_id": ["u"], "verdict": ["void"]})
    words = Wording("en", "fragility")
    figure = fragility.draw(findings, universes, verdicts, words, asked)
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert [text for text in texts if text in {*written, "–"}] == written


@pytest.mark.parametrize("language", stage.LANGUAGES)
@pytest.mark.parametrize("width", [style.WIDTH, style.NARROW])
def test_short_names_of_universes_leave_room_for_what_is_taken_away(language, width):
    tables = stage.study("mini")
    universes = tables["universes"].head(3).assign(label_de=["A", "B", "C"], label_en="U")
    own = tables["verdicts"]["universe_id"].isin(universes["universe_id"])
    findings = fragility.touched(tables["findings"], tables["verdicts"])
    shown = findings, universes, tables["verdicts"][own]
    figure = fragility.draw(*shown, Wording(language, "fragility"), 3, width)
    assert not Picture(figure).outside()


def test_the_legend_of_verdicts_names_those_that_occur():
    tables = stage.study("mini")
    findings = fragility.touched(tables["findings"], tables["verdicts"])
    words = Wording("en", "fragility")
    for occur in (["holds", "fails"], ["void", "untouched"]):
        verdicts = tables["verdicts"].assign(verdict=occur[0])
        verdicts.loc[verdicts.index[::2], "verdict"] = occur[1]
        figure = fragility.draw(findings, tables["universes"], verdicts, words, 3)
        texts = {text.get_text() for text in figure.axes[0].texts}
        named = {name for name in fragility.VERDICTS if words(f"verdict.{name}") in texts}
        assert named == set(occur)


def test_more_universes_than_fit_beside_each_other_are_drawn_below():
    universes = pd.DataFrame({
        "universe_id": [f"u{n}" for n in range(30)],
        "label_de": [f"Variante mit einem längeren Namen {n}" for n in range(30)],
    })  # fmt: skip
    parts = fragility._parts(universes)
    assert sum(len(part.universes) for part in parts) == 30
    assert all(part.right + 2 * fragility.CARRIES <= style.WIDTH + 0.01 for part in parts)
