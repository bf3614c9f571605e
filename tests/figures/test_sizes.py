"""Figures of few, some and many places and codes, with long names and equal ones, and of studies of
another shape: all of it can be seen and read, and what is said is true.
"""

import functools
import re

import pandas as pd
import pytest
import small
import stage
from matplotlib.patches import Rectangle
from picture import Picture

from analysis.drawing import style
from analysis.figures import (
    cansay,
    contradictions,
    fragility,
    glance,
    interviews,
    targets,
    timeline,
)
from analysis.figures.parts import initials
from analysis.wording import Wording

pytestmark = [
    pytest.mark.filterwarnings("error"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

# Figures that grow with places and codes; the matrix of all of them has a test of its own.
GROWING = (
    "cansay",
    "cooperation",
    "glance",
    "opportunities",
    "relations",
    "roles",
    "timeline",
)
LONG = "Verwaltungsgemeinschaft Neustadt an der Weinstraße und Umland, Teil {}"


@functools.cache
def of(places):
    """The tables of a study of so many places, and its drawings by notebook."""
    tables = {
        4: lambda: small.many(4, 100, name=lambda _old, _n: "Neustadt"),
        12: lambda: small.many(12, 30, ("role", "field", "topic")),
        40: lambda: small.many(40, 2, name=lambda _old, n: LONG.format(n)),
    }[places]()
    return tables, {notebook: stage.draw(notebook, tables, "de") for notebook in GROWING}


@pytest.mark.parametrize("places", [4, 12, 40])
def test_figures_of_any_size_can_be_read(places):
    found = {}
    for notebook, drawing in of(places)[1].items():
        assert not drawing.skipped
        for form in ("figure", "narrow"):
            picture = Picture(getattr(drawing, form))
            for look in ("outside", "overlapping", "tiny", "unreadable", "faint"):
                if seen := getattr(picture, look)():
                    found[notebook, form, look] = seen
    assert found == {}


@pytest.mark.parametrize(
    ("notebook", "table", "kind"),
    [
        ("glance", "cases", None),
        ("glance", "codes", "role"),
        ("roles", "codes", "field"),
        ("relations", "projects", None),
    ],
)
def test_names_of_many_cases_and_roles_stand_in_whole_words(notebook, table, kind):
    tables, drawings = of(12)
    rows = tables[table]
    names = rows["label_de"] if kind is None else rows.query("dimension == @kind")["label_de"]
    drawing = drawings[notebook]
    if notebook == "relations":
        names = drawing.data["project"]
    for form in (drawing.figure, drawing.narrow):
        written = " ".join(text.get_text() for text in form.axes[0].texts).split()
        assert {word for name in names for word in name.split()} <= set(written)
    assert len(set(names)) > 7


NAMES = ("Verbraucher", "Versorgung", "Handwerker", "Verwaltung")


@pytest.mark.parametrize("n", [5, 7, 12])
@pytest.mark.parametrize(
    ("table", "key", "rows"),
    [("governance", "item_id", "kind == 'group'"), ("influence", "area_id", "role_code.notna()")],
)
def test_names_of_many_groups_and_areas_stand_in_whole_words(table, key, rows, n):
    tables = dict(stage.study("mini"))
    own = tables[table].query(rows)
    names = [f"{NAMES[i % len(NAMES)]}{i}" for i in range(n)]
    more = [own.head(1).assign(**{key: name.lower(), "label_de": name}) for name in names]
    tables[table] = pd.concat([tables[table].drop(own.index), *more], ignore_index=True)
    drawing = stage.draw(table, tables)
    for figure in (drawing.figure, drawing.narrow):
        picture = Picture(figure)
        assert {*names} <= {text.get_text() for text in picture.texts}
        for look in ("outside", "overlapping", "tiny", "unreadable"):
            assert not getattr(picture, look)(), look


# Of figures that are arranged otherwise on a narrow sheet, and for both forms of which it is read.
ARRANGED = (
    "actors", "cansay", "contradictions", "cooperation", "governance", "influence", "interviews",
    "relations", "roles",
)  # fmt: skip
PLACED = re.compile(
    r"\b(?:links|rechts|in der Mitte|\w*spalten?|zeilen?|unter-?einander|neben-?einander|darunter|"
    r"left|right|in the centre|columns?|rows?|side by side|(?:below|above|beside) \w+)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("language", stage.LANGUAGES)
@pytest.mark.parametrize("notebook", ARRANGED)
def test_the_text_of_a_figure_with_two_forms_holds_for_both(notebook, language):
    for drawing in (
        stage.draw(notebook, stage.study("real"), language),
        stage.draw(notebook, small.many(12, 30, ("role", "field", "topic")), language),
    ):
        assert PLACED.findall(drawing.alt) == []


def test_initials_of_cases_that_the_caption_explains_stand_on_a_narrow_sheet_too():
    drawing = stage.draw("cansay", stage.study("real"))
    for figure in (drawing.figure, drawing.narrow):
        texts = [text.get_text() for text in figure.axes[0].texts]
        for places in drawing.data["places"]:
            assert not places or places in texts
    many = stage.draw("cansay", of(40)[0]).narrow
    assert Picture(many).outside() == []
    assert Picture(many).overlapping() == []


@pytest.mark.parametrize("width", [style.WIDTH, style.NARROW])
def test_sums_of_neighbouring_years_stand_below_each_other(width):
    years = range(2030, 2050)
    one = stage.study("mini")["targets"].head(1)
    aims = pd.concat(
        one.assign(target_id=f"{year} {n}", actor_de=f"Ort {n}", year=year)
        for year in years
        for n in range(12)
    )
    sheet, words = style.sheet(width), Wording("de", topic="timeline")
    axis = timeline.OpenAxis(2000, 2050, timeline.LEFT, False, has_later=False, edge=width)
    sheet.ax.set_ylim(6, 0)
    bottom = timeline._sums(sheet.ax, 0, aims, axis, words)
    picture = Picture(sheet.end(bottom))
    assert len(picture.texts) == 1 + len(years)
    assert picture.overlapping() == []


def test_a_case_has_the_initials_of_its_places_or_a_number_where_these_tell_nothing():
    cases = pd.DataFrame({"case_id": ["a", "b", "c", "d", "e", "f"], "label": [*"STUVWX"]})
    places = pd.DataFrame(
        [("a", "E"), ("a", "G"), ("b", "L"), ("c", "X"), ("c", "Y"), ("d", "XY")]
        + [("e", letter) for letter in "KMNO"],
        columns=["case_id", "initials"],
    )
    marks = initials.of_cases(cases, places)
    assert marks.tolist() == ["EG", "L", "#3", "#4", "#5", "#6"]
    told = initials.explained(cases.assign(initials=marks.to_numpy()), "label")
    assert told == ["EG", "L", "#3 U", "#4 V", "#5 W", "#6 X"]


def test_a_study_at_a_glance_speaks_of_what_there_is():
    tables = stage.study("mini")
    words = Wording("en", topic="glance")
    own = words._texts("glance")
    words._read["glance"] = {key: text for key, text in own.items() if key != "question"}
    few = glance.Study(
        roles=tables["codes"].head(0),
        measures=tables["measures"].assign(role_code="").head(0),
        cases=tables["cases"],
        interviews=tables["interviews"].assign(case_id="valley"),
        projects=tables["projects"].head(0),
        statements=tables["statements"],
        rows={},
    )
    told = [glance.headline(few, words), glance.caption(few, words), glance.alt(few, words)]
    assert told[0].startswith("From two cases and three replies come ")
    assert not [word for word in ("question", "role", "roject", "zero") if word in " ".join(told)]
    texts = Picture(glance.draw(few, words)).texts
    assert "Question" not in {text.get_text() for text in texts}


@pytest.mark.parametrize("width", [style.WIDTH, style.NARROW])
def test_thousands_of_statements_at_a_glance_stand_apart_from_their_name(width):
    tables = small.STUDIES["single"]()
    many = pd.concat([tables["statements"].head(1)] * 1_234).assign(case_id="valley")
    study = glance.Study(
        roles=tables["codes"].head(0),
        measures=tables["measures"].assign(role_code="").head(0),
        cases=tables["cases"].head(1).assign(case_id="valley"),
        interviews=tables["interviews"].head(0).assign(case_id=""),
        projects=tables["projects"].head(0),
        statements=many,
        rows={},
    )
    picture = Picture(glance.draw(study, Wording("de", topic="glance"), width))
    assert "1.234" in {text.get_text() for text in picture.texts}
    assert picture.overlapping() == []


def test_why_no_finding_could_change_is_said_as_it_is():
    words = Wording("en", topic="fragility")
    some, none = pd.DataFrame({"x": [1]}), pd.DataFrame()
    told = [
        fragility.nothing(*given, words) for given in ((none, none), (some, none), (some, some))
    ]
    assert [text.split()[2] for text in told] == ["records", "declares", "depends"]


@pytest.mark.parametrize("width", [style.WIDTH, style.NARROW])
@pytest.mark.parametrize("blocks", [7, 9, 20])
def test_the_blocks_of_a_long_guide_have_names_in_whole_words(blocks, width):
    tables, words = stage.study("real"), Wording("de", topic="interviews")
    name = "Zusammenarbeit mit Verwaltungen"
    guide = pd.DataFrame({"code": [f"theme.{n}" for n in range(blocks)], "questions": 1})
    guide = guide.assign(label_de=name)
    counted = pd.DataFrame({
        "code": guide["code"], "municipality_id": "erwitte", "attribution": "explicit",
        "statements": 12,
    })  # fmt: skip
    shown = tables["interviews"], tables["municipalities"], guide, counted, words
    picture = Picture(interviews.draw(*shown, width))
    assert picture.overlapping() == []
    lines = [text.get_text() for text in picture.texts]
    assert not [line for line in lines if len(line) == 1 and line.isalpha()]
    if blocks > 7:
        assert lines.count(name) == blocks * len(tables["interviews"])


@pytest.mark.parametrize("width", [style.WIDTH, style.NARROW])
@pytest.mark.parametrize("parts", [12, 40])
def test_discrepancies_of_many_parts_stand_below_each_other(parts, width):
    noted = pd.DataFrame({
        "discrepancy_id": [f"d{n}" for n in range(parts)],
        "kind": "contradiction",
        "title_de": "Zwei Zahlen",
        "is_external": False,
        "locator": [f"{n // 9 + 1}.{n % 9 + 1} ¶1" for n in range(parts)],
    })  # fmt: skip
    rows, words = contradictions.placed(noted), Wording("de", topic="contradictions")
    picture = Picture(contradictions.draw(rows, words, width))
    assert picture.overlapping() == []
    assert picture.outside() == []
    is_listed = words("other_kinds") in {text.get_text() for text in picture.texts}
    assert is_listed == (parts == 40 or width == style.NARROW)


@pytest.mark.parametrize("width", [style.WIDTH, style.NARROW])
@pytest.mark.parametrize("n", [3, 400])
def test_every_statement_on_a_field_has_a_square_that_can_be_seen(n, width):
    fields = stage.study("real")["codes"].dropna(subset="role_code").head(2)
    codes = stage.study("real")["codes"]
    roles = codes[codes["code"].isin(fields["role_code"])]
    rows = fields.assign(
        measures=[n // 2, 1], interview=[n, 2], case=[1, n], places="", is_concluded=False
    )
    words = Wording("de", topic="cansay")
    figure = cansay.draw(rows, roles, words, width)
    squares = [
        patch
        for patch in figure.axes[0].patches
        if isinstance(patch, Rectangle) and patch.get_height() == cansay.SIDE
    ]
    key = 2
    assert len(squares) == 2 * n + n // 2 + 4 + key
    assert all(square.get_width() >= cansay.LEAST - cansay.BETWEEN for square in squares)
    assert all(0 < square.get_x() < width - square.get_width() for square in squares)
    picture = Picture(figure)
    assert picture.overlapping() == []
    assert picture.outside() == []


@pytest.mark.parametrize("width", [style.WIDTH, style.NARROW])
@pytest.mark.parametrize("published", [1860, 2022, 2025])
def test_no_year_stands_over_that_of_the_study(published, width):
    tables, words = stage.study("real"), Wording("de", topic="targets")
    known = tables["targets"].query("year >= 2025")
    figure = targets.draw(known, tables["levels"], tables["discrepancies"], published, words, width)
    picture = Picture(figure)
    assert f"Studie {published}" in {text.get_text() for text in picture.texts}
    assert picture.overlapping() == []


def test_blocks_of_a_guide_are_drawn_only_if_a_statement_has_one_of_them():
    tables = dict(stage.study("mini"))
    assert not stage.draw("interviews", tables).skipped
    tables["dimensions"] = tables["dimensions"].assign(is_single=False)
    assert stage.draw("interviews", tables).skipped
