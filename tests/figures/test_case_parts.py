"""The parts of the figure of a case: numbers as the source gives them, marks at their years, and
in words what the source does not say.
"""

import pandas as pd
import pytest
import stage
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from picture import Picture

from analysis.drawing import style, typeset
from analysis.drawing.notes import Notes
from analysis.drawing.yearaxis import YearAxis
from analysis.figures.case import silent_of
from analysis.figures.parts import caseprojects, keyfigures
from analysis.figures.parts.casetimeline import LEFT, Timeline
from analysis.figures.parts.keyfigures import KeyFigures, stated
from analysis.tables.study import UNIT
from analysis.wording import Wording

WORDS = Wording("en", topic="case")
FACTS = pd.DataFrame(
    {
        "fact_id": ["all", "part", "jobs"],
        "value": [100.0, 40.0, 1200.0],
        "unit": ["percent", "percent", "count"],
        "qualifier": [None, None, "about"],
        "year": ["2020", "2020", None],
        "indicator_en": ["Emissions", "Emissions", "Jobs"],
        "subject_en": ["All plants", "The kiln", "The works"],
    }
)
EVENTS = pd.DataFrame(
    {
        "event_id": ["close", "open", "decide"],
        "date": ["2021-06", "1950", "2019"],
        "date_qualifier": [None, None, None],
        "kind": ["closure", "founding", "decision"],
        "label_en": ["The works close", "The works open", "A council decides"],
        "discrepancy_id": [None, None, None],
    }
)
TARGETS = pd.DataFrame(
    {
        "target_id": ["town", "works"],
        "kind": ["climate_neutral", "pledge"],
        "covers": ["whole", "whole"],
        "year": pd.array([2035, None], dtype="Int64"),
        "actor_en": ["Town", "Works"],
        "scope_en": ["everything", "the kiln"],
        "value": [None, None],
        "discrepancy_id": [None, None],
    }
)


def key_figures(facts=FACTS, silent=()):
    return KeyFigures(facts, "all", "part", list(silent), WORDS)


def timeline(events=EVENTS, targets=TARGETS, years=(2015, 2045)):
    notes = Notes(pd.Series([]), stage.study("mini")["discrepancies"], WORDS)
    return Timeline(events, targets, notes, years, WORDS)


def drawn(part):
    """The axes with a part on them, and its bottom."""
    sheet = style.sheet()
    return sheet.ax, part.draw(sheet.ax, 0.0)


def texts(ax):
    return [text.get_text() for text in ax.texts]


def boxes(ax, colour):
    return [
        patch
        for patch in ax.patches
        if isinstance(patch, Rectangle) and to_hex(patch.get_facecolor()) == to_hex(colour)
    ]


def test_a_part_and_the_rest_of_its_whole_are_as_long_as_their_shares():
    ax, _ = drawn(key_figures())
    (part,), (rest,) = boxes(ax, style.MUTED), boxes(ax, style.QUIET)
    assert part.get_width() / rest.get_width() == pytest.approx(40 / 60)
    assert part.get_x() + part.get_width() == pytest.approx(rest.get_x())
    assert {"40%", "60%"} <= set(texts(ax))


@pytest.mark.parametrize("width", [style.WIDTH, style.NARROW])
@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("share", [3.0, 40.0, 70.0, 92.0, 99.0])
@pytest.mark.parametrize(
    "subject", ["The kiln", "The kilns of all the works " * 2, "The kiln " * 20]
)
def test_both_labels_of_a_split_bar_stand_on_the_sheet_and_apart(share, subject, language, width):
    facts = FACTS.head(2).assign(value=[100.0, share], subject_en=subject, indicator_de="x")
    facts = facts.assign(subject_de=subject)
    sheet = style.sheet(width)
    part = KeyFigures(facts, "all", "part", [], Wording(language, topic="case"), width)
    picture = Picture(sheet.end(part.draw(sheet.ax, 0.0)))
    assert picture.outside() == []
    assert picture.overlapping() == []


def test_what_is_left_of_a_rough_part_has_no_number():
    ax, _ = drawn(key_figures(FACTS.assign(qualifier=[None, "almost", None])))
    assert "60%" not in texts(ax)
    assert len(boxes(ax, style.QUIET)) == 1


@pytest.mark.parametrize("study", ["real", "mini"])
def test_the_rest_is_named_after_the_whole_that_it_belongs_to(study):
    tables = stage.study(study)
    facts = tables["facts"].assign(unit="percent", value=40.0, is_key=True)
    own = facts[facts["case_id"] == tables["cases"]["case_id"].iloc[0]].head(2)
    case, (whole, part) = own["case_id"].iloc[0], own["fact_id"]
    told = {"case": case, "whole": whole, "part": part}
    for language, rest in (("de", "der Rest"), ("en", "the rest")):
        figure = stage.draw("case", dict(tables) | {"facts": facts}, language, **told).figure
        assert any(text.startswith(rest) for text in texts(figure.axes[0]))


def test_several_are_no_part_that_a_bar_can_show():
    facts = FACTS.assign(value=[100.0, None, 1200.0], qualifier=[None, "several", None])
    ax, _ = drawn(key_figures(facts))
    assert not boxes(ax, style.QUIET)
    assert {"100", "several", "The kiln, 2020"} <= set(texts(ax))


@pytest.mark.parametrize(
    ("holders", "language", "said"),
    [
        (["company"] * 3, "de", "genannt sind drei Klimaziele (alle von Unternehmen)."),
        (["company"] * 3, "en", "three climate targets (all of companies) are stated."),
        (["company"], "de", "genannt ist ein Klimaziel (von einem Unternehmen)."),
        (["company"], "en", "one climate target (of a company) is stated."),
        (["company", "municipality"], "en", "two climate targets (one of a company) are stated."),
    ],
)
def test_a_headline_tells_whether_all_targets_are_those_of_companies(holders, language, said):
    tables = dict(stage.study("real"))
    own = (
        tables["targets"]
        .head(len(holders))
        .assign(case_id=tables["cases"]["case_id"].iloc[0], holder=holders, discrepancy_id=None)
    )
    headline = stage.draw("case", tables | {"targets": own}, language).headline
    assert headline.endswith(said)


def test_without_its_whole_a_part_is_a_number_like_others():
    ax, _ = drawn(key_figures(FACTS[FACTS["fact_id"] != "all"]))
    assert not boxes(ax, style.QUIET)
    assert {"40", "The kiln, 2020"} <= set(texts(ax))


def test_a_quantity_that_the_source_does_not_give_is_named_in_its_place():
    ax, _ = drawn(key_figures(FACTS.head(0), silent=[("Area", ""), ("Output", "Steel")]))
    assert texts(ax) == ["not stated", "Area", "not stated", "Output", "Steel"]


def test_the_subtitle_says_that_there_is_no_number_or_a_year_is_missing():
    assert key_figures(FACTS.head(0)).subtitle == WORDS("is.none")
    assert key_figures().subtitle == WORDS("is.subtitle")
    assert key_figures(FACTS.head(2)).subtitle == ""


def test_a_number_is_stated_with_its_unit_and_qualifier():
    facts = FACTS.to_dict("records")
    assert [stated(fact, WORDS) for fact in facts] == ["100%", "40%", "~ 1,200"]


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("unit", UNIT)
def test_a_key_figure_may_be_of_any_unit(unit, language):
    facts = FACTS.tail(1).assign(unit=unit, value=2.0)
    facts[["indicator_de", "subject_de"]] = "x"
    ax, _ = drawn(KeyFigures(facts, "", "", [], Wording(language, topic="case")))
    assert texts(ax)


@pytest.mark.parametrize(
    ("value", "unit", "german", "english"),
    [
        (1.0, "years", "1 Jahr", "1 year"),
        (1.0, "months", "1 Monat", "1 month"),
        (1.0, "hours", "1 Stunde", "1 hour"),
        (1.5, "hours", "1,5 Stunden", "1.5 hours"),
        (1.0, "EUR", "1 €", "1 euro"),
        (12.5, "EUR/h", "12,50 € je Stunde", "12.50 euros an hour"),
        (1200.0, "ordinal", "1200", "1200"),
        (1200.0, "ha", "1.200 ha", "1,200 ha"),
    ],
)
def test_a_key_figure_is_written_as_its_unit_is(value, unit, german, english):
    fact = {"value": value, "unit": unit, "qualifier": None}
    said = [stated(fact, Wording(language, "case")) for language in ("de", "en")]
    assert [text.replace("\u00a0", " ") for text in said] == [german, english]


@pytest.mark.parametrize(("language", "gap"), [("de", True), ("en", False)])
def test_a_sign_stands_as_close_to_its_number_as_the_language_writes_it(language, gap):
    words = Wording(language, topic="case")
    part = KeyFigures(
        FACTS.tail(2).head(1).assign(fact_id="own", unit="percent"), "", "", [], words
    )
    part.facts[["indicator_de", "subject_de"]] = "x"
    ax, _ = drawn(part)
    unit = next(text for text in ax.texts if text.get_text() == "%")
    width = typeset.text_width(ax.texts[0].get_text(), keyfigures.FIGURE, "medium")
    assert (unit.get_position()[0] - width > 0.1) is gap


def several(n):
    """So many key figures whose units are too wide for their part of a row."""
    wide = FACTS.tail(1).assign(unit="million/a", qualifier="several", value=None)
    wide[["indicator_de", "subject_de"]] = "Jobs", "Hafen"
    return pd.concat([wide.assign(fact_id=f"wide_{i}") for i in range(n)], ignore_index=True)


def beside_short(first, width, language="de"):
    """The axes with key figures of which the last has a short unit."""
    last = FACTS.tail(1).assign(indicator_de="Kurz", subject_de="Werk")
    facts = pd.concat([first, last], ignore_index=True)
    sheet = style.sheet(width)
    KeyFigures(facts, "", "", [], Wording(language, topic="case"), width).draw(sheet.ax, 0.0)
    return sheet.ax


def tops(ax, *said):
    """How far below the top of the sheet texts stand."""
    return [round(text.get_position()[1], 3) for text in ax.texts if text.get_text() in said]


@pytest.mark.parametrize("width", [style.WIDTH, style.NARROW])
def test_a_unit_stays_beside_its_number_where_another_column_has_room_to_spare(width):
    ax = beside_short(several(1), width)
    number, unit, *_ = ax.texts
    assert unit.get_text() == "Mio. im\u00a0Jahr"
    assert number.get_position()[1] == unit.get_position()[1]
    assert len(set(tops(ax, "Jobs", "Kurz"))) == 1


def test_names_of_a_row_stand_level_though_a_unit_goes_on_below_its_number():
    ax = beside_short(several(3), style.WIDTH)
    assert "im\u00a0Jahr" in texts(ax)
    assert len(tops(ax, "Jobs", "Kurz")) == 4
    assert len(set(tops(ax, "Jobs", "Kurz"))) == 1


@pytest.mark.parametrize(
    ("language", "parts"),
    [("de", ["mehrere", "Mio.", "im\u00a0Jahr"]), ("en", ["several", "million", "a\u00a0year"])],
)
def test_what_there_is_no_room_for_of_a_unit_goes_below_but_its_first_words_stay(language, parts):
    facts = several(4)
    ax, _ = drawn(KeyFigures(facts, "", "", [], Wording(language, topic="case")))
    number, beside, below, *_ = ax.texts
    assert [text.get_text() for text in (number, beside, below)] == parts
    assert number.get_position()[1] == beside.get_position()[1] < below.get_position()[1]


def test_a_case_is_silent_on_what_all_others_have_a_key_figure_of():
    tables = stage.study("real")
    cases = tables["cases"].set_index("case_id", drop=False)
    about = [tables[name] for name in ("facts", "comparison", "characteristics")]
    found = silent_of(cases.loc["duisburg"].to_dict(), *about, "co2_emissions")
    assert found["indicator_de"].tolist() == ["Produktion", "CO₂-Ausstoß"]
    assert found["subject_de"].fillna("").tolist() == ["Stahlindustrie", ""]
    facts, comparison, characteristics = about
    fewer = comparison[comparison["case_id"] != "leverkusen"]  # of one other alone it says little
    duisburg = cases.loc["duisburg"].to_dict()
    assert silent_of(duisburg, facts, fewer, characteristics, "").empty


def test_events_come_first_to_last_then_targets_and_those_without_a_year_apart():
    shown = timeline()
    leads = ["The works open", "A council decides", "The works close", "Town: everything"]
    assert [label.text for label in shown.dated] == leads
    assert [label.text for label in shown.undated] == ["Works: the kiln"]


def test_marks_stand_at_their_years_and_what_was_before_points_back():
    shown, axis = timeline(), YearAxis(2015, 2045, LEFT, has_undated=True)
    assert [label.kind for label in shown.dated] == [
        "earlier",
        "event",
        "closure",
        "climate_neutral",
    ]
    assert shown.dated[0].x == axis.left
    assert shown.dated[3].x == axis.x(2035)
    assert axis.x(2021) < shown.dated[2].x < axis.x(2022)
    assert shown.undated[0].x > axis.right


@pytest.mark.parametrize(
    ("kind", "qualifier", "mark", "said"),
    [
        ("closure", None, "closure", "End"),
        ("founding", "about", "derived", "Date derived"),
        ("founding", "planned", "planned", "Planned"),
        ("founding", "early", "event", "Event"),
    ],
)
def test_an_event_has_the_sign_of_the_timeline_of_all_sources(kind, qualifier, mark, said):
    one = EVENTS.head(1).assign(kind=kind, date_qualifier=qualifier)
    shown = timeline(events=one)
    assert [label.kind for label in shown.dated] == [mark, "climate_neutral"]
    assert said in texts(drawn(shown)[0])


def test_the_legend_names_the_signs_that_occur_and_no_others():
    shown = texts(drawn(timeline())[0])
    assert {"Earlier", "Event", "End"} <= set(shown)
    assert not {"Planned", "Date derived"} & set(shown)


def test_dots_alone_need_no_legend():
    shown = timeline(events=EVENTS.tail(1), targets=TARGETS.head(0))
    assert shown.signs == []
    assert "Event" not in texts(drawn(shown)[0])


def test_a_case_without_targets_has_a_cell_that_says_so_from_its_latest_event_on():
    shown = timeline(targets=TARGETS.head(0))
    ax, bottom = drawn(shown)
    assert WORDS("wants.none") in texts(ax)
    assert bottom > drawn(timeline(targets=TARGETS.head(1)))[1] - 2
    hatched = [patch for patch in ax.patches if patch.get_hatch()]
    assert [box.get_x() for box in hatched] == [pytest.approx(shown.dated[2].x)]
    assert not shown.axis.has_undated


@pytest.mark.parametrize("width", [style.WIDTH, style.NARROW])
@pytest.mark.parametrize("latest", ["2012", "2036", "2045"])
def test_the_cell_of_a_case_without_targets_has_room_for_its_text(latest, width):
    events, notes = EVENTS.assign(date=latest), Notes(pd.Series([]), EVENTS.assign(kind=""), WORDS)
    shown = Timeline(events, TARGETS.head(0), notes, (2015, 2045), WORDS, width)
    ax, _ = drawn(shown)
    (cell,) = (patch for patch in ax.patches if patch.get_hatch())
    assert cell.get_width() > typeset.text_width(WORDS("wants.none"))
    assert cell.get_x() <= max(shown.axis.x(int(latest)), shown.axis.left) + 1e-9
    assert cell.get_x() + cell.get_width() == pytest.approx(shown.axis.right)


def test_a_case_without_events_has_its_targets_alone():
    ax, _ = drawn(timeline(events=EVENTS.head(0)))
    assert "Town: everything" in " ".join(texts(ax))


def test_fields_are_told_apart_with_and_without_blanks_between_them():
    projects = pd.DataFrame({"project_id": ["p", "q", "r"]})
    projects["field_code"] = ["field.a;field.b", "field.a; field.b", None]
    fields = caseprojects.fields_of(projects).groupby("project_id")["field"].agg(list)
    assert fields["p"] == fields["q"] == ["field.a", "field.b"]
    assert pd.isna(fields["r"][0])


def test_a_case_without_projects_has_none_in_words():
    projects = pd.DataFrame({"part_of": []})
    notes = Notes(pd.Series([]), stage.study("mini")["discrepancies"], WORDS)
    assert caseprojects.Projects(projects, pd.DataFrame(), notes, WORDS).subtitle == "no project"
