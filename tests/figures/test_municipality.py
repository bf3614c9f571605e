"""The figures of what surrounds a municipality and what it can do: marks are the things that they
stand for, and what a headline says follows from the data.
"""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import stage
from matplotlib.colors import to_hex, to_rgb
from matplotlib.patches import Circle, FancyArrow, FancyBboxPatch, Rectangle
from picture import Picture

from analysis.drawing import style
from analysis.drawing.marks import PARTS
from analysis.figures import actors, influence, roles
from analysis.figures.parts import levels, networkcolumns
from analysis.wording import Wording

pytestmark = pytest.mark.xdist_group("figures")  # each study is drawn once


def patches(drawing, kind=Rectangle):
    return [patch for patch in drawing.figure.axes[0].patches if type(patch) is kind]


def texts(drawing):
    """The texts as a reader meets them, line by line."""
    found = sorted(drawing.figure.axes[0].texts, key=lambda text: text.get_position()[1])
    return [text.get_text() for text in found]


def with_roles(tables):
    fields = tables["codes"].query("dimension == 'field'")[["code", "role_code"]]
    measures = tables["measures"].query("kind == 'measure'")
    return fields.merge(measures, left_on="code", right_on="field_code")


def test_roles_have_a_bullet_for_each_measure_and_its_number_in_their_head(tables):
    drawing = stage.draw("roles", tables)
    bullets = [box for box in patches(drawing) if round(box.get_width(), 6) == roles.DOT]
    assert len(bullets) == len(drawing.data) == len(with_roles(tables))
    by_role = with_roles(tables)["role_code"].value_counts()
    heads = [
        text.get_text()
        for text in drawing.figure.axes[0].texts
        if text.get_fontsize() == roles.NUMBER
    ]
    shown = tables["codes"].query("dimension == 'role'")["code"]
    assert heads == [str(by_role.get(role, 0)) for role in shown]


def test_the_headline_of_roles_names_whoever_has_most_measures():
    codes, measures = stage.study("real")["codes"], with_roles(stage.study("real"))
    words, role = Wording("en", topic="roles"), measures["role_code"].iloc[0]
    of_one = measures[measures["role_code"] == role]
    name = codes.set_index("code").loc[role, "label_en"]
    assert name in roles.headline(of_one, codes, words)
    number = words.numeral(len(of_one))
    assert f"all {number} measures" in roles.headline(of_one, codes, words)
    tie = measures.groupby("role_code").head(3)
    assert all(
        label in roles.headline(tie, codes, words)
        for label in codes.query("dimension == 'role'")["label_en"]
    )


def test_groups_that_a_municipality_has_a_say_in_stand_on_its_left(tables):
    drawing = stage.draw("actors", tables)
    fills = {to_hex(tie.fill): name for name, tie in actors.TIES.items()}
    cards = [(fills[to_hex(card.get_facecolor())], card.get_x()) for card in patches(drawing)]
    assert sorted(tie for tie, _ in cards) == sorted(tables["actors"]["tie"])
    assert all((x == 0) == (tie != "cooperation") for tie, x in cards)


@pytest.mark.parametrize("sheet", ["figure", "narrow"])
@pytest.mark.parametrize("study", ["real", "mini"])
def test_the_line_of_each_tie_begins_at_the_ring_of_the_municipality(study, sheet):
    (ax,) = getattr(stage.draw("actors", stage.study(study)), sheet).axes
    (ring,) = (patch for patch in ax.patches if isinstance(patch, Circle))
    x, y = ring.center
    starts = [(line.get_xdata()[0], line.get_ydata()[0]) for line in ax.lines]
    at = [abs(np.hypot(left - x, top - y) - actors.RADIUS) < 0.05 for left, top in starts]
    assert sum(at) == stage.study(study)["actors"]["tie"].nunique()


@pytest.mark.parametrize(
    ("first", "last", "is_level"), [(0.0, 6.4, True), (2.5, 2.5, False), (2.9, 4.0, True)]
)
def test_the_line_from_a_bracket_beside_the_municipality_leads_to_its_centre(first, last, is_level):
    x, y = actors._way((10.5, first), (10.5, last), (8.0, 3.0))
    assert np.hypot(x[0] - 8, y[0] - 3) == pytest.approx(actors.RADIUS, abs=actors.RING)
    assert (y[-1] - 3) * (x[0] - 8) == pytest.approx((y[0] - 3) * (x[-1] - 8), abs=1e-6)
    assert bool(y[0] == y[-1]) == is_level
    assert x[-1] == 10.5
    assert first <= y[-1] <= last


def test_the_headline_of_actors_counts_those_that_can_only_be_asked():
    groups, words = stage.study("real")["actors"], Wording("en", topic="actors")
    voluntary = groups[groups["tie"] == "cooperation"]
    assert actors.headline(groups, words).startswith(
        f"Of {len(groups)} groups, we assign {len(voluntary)} "
    )
    assert actors.headline(groups.drop(voluntary.index[1:]), words).startswith(
        "Of eight groups, we assign one "
    )
    assert "we assign none" in actors.headline(groups.drop(voluntary.index), words)


def test_areas_step_down_from_the_most_direct_one(tables):
    drawing = stage.draw("influence", tables)
    steps = [box for box in patches(drawing) if box.get_facecolor()[:3] == to_rgb(style.QUIET)]
    direct = tables["influence"]["role_code"].dropna()
    assert len(steps) == len(direct)
    left_to_right = sorted(steps, key=Rectangle.get_x)
    assert all(one.get_height() > other.get_height() for one, other in pairwise(left_to_right))
    across = [box for box in patches(drawing) if box.get_width() == style.WIDTH]
    assert len(across) == len(tables["influence"]) - len(direct)


def test_the_headline_of_influence_names_both_ends_of_the_order():
    areas, words = stage.study("real")["influence"], Wording("de", topic="influence")
    direct = areas.dropna(subset="role_code")
    first, last = direct["label_de"].iloc[0], direct["label_de"].iloc[-1]
    assert influence.headline(areas, words).startswith(f"Von „{first}“ bis „{last}“")
    assert influence.headline(areas.iloc[::-1], words).startswith(f"Von „{last}“ bis „{first}“")
    assert "einen Bereich" in influence.headline(direct.head(1), words)


@pytest.mark.parametrize("width", [style.WIDTH, style.NARROW])
@pytest.mark.parametrize(
    ("direct", "across", "said"),
    [
        (2, 2, "two fields, in which influence becomes less direct from one to the next"),
        (1, 0, "Diagram with one field"),
        (0, 1, "Diagram with one bar"),
        (0, 2, "Diagram with two bars, one below the other"),
    ],
)
def test_areas_of_influence_are_told_as_they_are_drawn(direct, across, said, width):
    tables, words = stage.study("real"), Wording("en", topic="influence")
    known, roles = tables["influence"], tables["codes"].query("dimension == 'role'")
    own = known.dropna(subset="role_code").head(direct)
    others = (
        known.head(across).assign(role_code=None).astype({"role_code": known["role_code"].dtype})
    )
    areas = pd.concat([own, others], ignore_index=True)
    alt = influence.alt(areas, words)
    assert said in alt
    assert ("two fields that cut across all others" in alt) == (direct and across == 2)
    texts = [text.get_text() for text in influence.draw(areas, roles, words, width).axes[0].texts]
    ends = {words("direct"), words("indirect")}
    assert ends & {*texts} == (ends if direct > 1 else set())


def test_targets_of_a_part_are_half_filled_and_never_drawn_as_one_with_the_whole(tables):
    drawing = stage.draw("governance", tables)
    targets = tables["targets"].query("holder != 'company'")
    neutral = targets[targets["kind"] == "climate_neutral"]
    is_part = neutral["covers"].isin(PARTS)
    marks = [line for line in drawing.figure.axes[0].lines if line.get_marker() == "o"]
    half = [line for line in marks if line.get_fillstyle() == "left"]
    apart = neutral[is_part].drop_duplicates(["level_id", "year", "scope_de"])
    assert len(half) == len(apart) + bool(len(apart)), "one more in the legend"
    shown = " ".join(texts(drawing))
    assert all(scope in shown for scope in neutral.loc[is_part, "scope_de"])


def test_levels_without_targets_say_so_and_no_band_is_left_out(tables):
    drawing = stage.draw("governance", tables)
    targets = tables["targets"].query("holder != 'company'")
    silent = set(tables["levels"]["level_id"]) - set(targets["level_id"])
    assert texts(drawing).count("kein Ziel genannt") == len(silent)
    assert len(drawing.data) == len(targets) + len(tables["governance"])


def test_influence_reaches_as_far_as_the_source_says(tables):
    def top_of_influence(levels_):
        drawing = stage.draw("governance", tables | {"levels": levels_})
        shapes = [arrow.get_xy() for arrow in patches(drawing, FancyArrow)]
        beside = [shape for shape in shapes if shape[:, 0].min() > levels.CHIPS[1]]
        right = [
            shape[:, 1].min()
            for shape in beside
            if shape[:, 1].max() - shape[:, 1].min() > levels.CHIP
        ]
        return min(right, default=None)

    known = tables["levels"]
    by_none = top_of_influence(known.assign(is_influenced=False))
    as_said = top_of_influence(known)
    by_all = top_of_influence(known.assign(is_influenced=True))
    assert by_none is None
    assert by_all < as_said


def test_notes_are_numbered_as_a_reader_meets_them():
    seen = texts(stage.draw("governance", stage.study("real")))
    numbers = [text[-1] for text in seen if text[-1:] in "¹²³⁴" and text not in "¹²³⁴"]
    first = list(dict.fromkeys(numbers))
    assert first == sorted(first, key="¹²³⁴".index)
    assert len(first) >= 2


def test_the_headline_of_governance_counts_the_levels_above_that_have_targets():
    tables = dict(stage.study("real"))
    assert "von fünf Ebenen, die wir neben der Kommune" in stage.draw("governance", tables).headline
    assert "Für vier" in stage.draw("governance", tables).headline
    tables["targets"] = tables["targets"][tables["targets"]["level_id"] != "eu"]
    assert "Für drei" in stage.draw("governance", tables).headline


def test_tables_beside_the_figures_hold_what_is_drawn_in_both_languages(tables):
    sizes = {
        language: {
            name: stage.draw(name, tables, language).data.shape
            for name in ("roles", "actors", "influence", "governance")
        }
        for language in stage.LANGUAGES
    }
    assert sizes["de"] == sizes["en"]
    assert sizes["de"]["actors"] == (len(tables["actors"]), 3)
    assert sizes["de"]["influence"] == (len(tables["influence"]), 4)


def test_alternative_texts_name_what_they_count(tables):
    drawn = {name: stage.draw(name, tables) for name in ("roles", "actors", "influence")}
    assert all(label in drawn["actors"].alt for label in tables["actors"]["label_de"])
    assert all(label in drawn["influence"].alt for label in tables["influence"]["label_de"])
    by_field = with_roles(tables)["field_code"].value_counts()
    fields = tables["codes"].query("dimension == 'field'").set_index("code")["label_de"]
    assert all(
        f"{label} {by_field.get(code, 0)}" in drawn["roles"].alt for code, label in fields.items()
    )
    assert pd.notna(drawn["roles"].data["role"]).all()


def test_a_network_has_a_box_for_each_project_and_a_dot_for_each_partner(tables):
    drawing = stage.draw("cooperation", tables)
    cases = tables["municipalities"].set_index("municipality_id")["case_id"]
    pairs = tables["cooperation"].assign(case=tables["cooperation"]["municipality_id"].map(cases))
    boxes = [
        box for box in patches(drawing, FancyBboxPatch) if box.get_x() == networkcolumns.PROJECT[0]
    ]
    dots = [dot for dot in patches(drawing, Circle) if dot.radius < 0.1]
    assert len(boxes) >= len(pairs.drop_duplicates(["case", "project_id"]))
    assert len(dots) == len(pairs.drop_duplicates(["case", "organisation_id"]))
    assert len(drawing.data) == len(pairs)


def test_the_headline_of_cooperation_tells_proposals_from_partners_that_take_part():
    tables = dict(stage.study("real"))
    assert stage.draw("cooperation", tables).headline.startswith("Bei vier von sieben Vorhaben")
    some = tables["cooperation"]["project_id"].isin(["model-region", "unsealing"])
    tables["cooperation"] = tables["cooperation"][some]
    assert stage.draw("cooperation", tables).headline.startswith("Bei einem von zwei Vorhaben")
    tables["cooperation"] = tables["cooperation"].assign(status="active")
    assert stage.draw("cooperation", tables).headline.startswith("Bei jedem Vorhaben")


def test_of_one_project_nobody_says_that_it_is_one_of_one():
    tables = dict(stage.study("real"))
    one = tables["cooperation"].query("project_id == 'unsealing'")
    for status, headline, alt in (
        (
            "prospective",
            "In the one project with partners, not counting",
            "(all partners in the one project)",
        ),
        (
            "active",
            "In each project with partners, not counting",
            "(all partners in none of the projects)",
        ),
    ):
        tables["cooperation"] = one.assign(status=status)
        drawing = stage.draw("cooperation", tables, "en")
        assert drawing.headline.startswith(headline)
        assert alt in drawing.alt


@pytest.mark.parametrize(("status", "key"), [("running", "active"), ("unknown", "prospective")])
def test_every_line_of_a_network_is_in_its_legend(status, key):
    tables = dict(stage.study("real"))
    tables["cooperation"] = tables["cooperation"].assign(status="prospective")
    tables["projects"] = tables["projects"].assign(status=status)
    drawn, words = stage.draw("cooperation", tables), Wording("de", "cooperation")
    keys = {key, "prospective"}
    for figure in (drawn.figure, drawn.narrow):
        told = " ".join(text.get_text() for text in figure.axes[0].texts)
        assert {one for one in networkcolumns.DASHES if words(f"status.{one}") in told} == keys


@pytest.mark.parametrize("narrow", [False, True])
def test_a_project_that_the_municipality_is_at_work_on_is_drawn_solid_whatever_its_partners_do(
    narrow,
):
    """“Rail, road and water” runs, though what its one partner does is not said."""

    def solid(status):
        projects = tables["projects"]
        own = projects["project_id"] == "transport-links"
        changed = tables | {"projects": projects.assign(
            status=projects["status"].mask(own, status))}  # fmt: skip
        drawing = stage.draw("cooperation", changed)
        figure = drawing.narrow if narrow else drawing.figure
        boxes = [box for box in figure.axes[0].patches if isinstance(box, FancyBboxPatch)]
        return sum(to_hex(box.get_facecolor()) == style.PALE.lower() for box in boxes)

    tables = stage.study("real")
    assert solid("running") == solid("finished") == solid("unknown") + 1 == solid("decided") + 1


def test_the_caption_of_governance_speaks_of_the_arrow_upwards_only_where_it_is_drawn():
    tables = stage.study("real")
    levels = tables["levels"].assign(is_influenced=False)
    said = [
        stage.draw("governance", changed, "en").caption
        for changed in (tables, tables | {"levels": levels})
    ]
    assert ["“Influence”" in one for one in said] == [True, False]


def seen(figure):
    """The box of each text of a figure, in cm: left, top, right, bottom."""
    picture, (ax,) = Picture(figure), figure.axes
    boxes = [ax.transData.inverted().transform(box.reshape(2, 2)) for box in picture.boxes]
    return [
        (text, (*box.min(axis=0), *box.max(axis=0)))
        for text, box in zip(picture.texts, boxes, strict=True)
    ]


@pytest.mark.parametrize("reached", [slice(0, 5), slice(2, 5), slice(4, 5)])
@pytest.mark.parametrize("sheet", ["figure", "narrow"])
@pytest.mark.parametrize("language", stage.LANGUAGES)
def test_the_name_of_the_arrow_upwards_lies_on_no_band(language, sheet, reached):
    tables, words = stage.study("real"), Wording(language, topic="governance")
    shown = tables["levels"].assign(is_influenced=False)
    shown.loc[shown.index[reached], "is_influenced"] = True
    figure = getattr(stage.draw("governance", tables | {"levels": shown}, language), sheet)
    ((left, top, right, bottom),) = (
        box for text, box in seen(figure) if text.get_text() == words("upwards")
    )
    middle = (top + bottom) / 2  # its box holds letters that reach lower than those it has
    bands = [
        patch
        for patch in figure.axes[0].patches
        if type(patch) is Rectangle and patch.get_width() > figure.axes[0].get_xlim()[1] / 2
    ]
    assert len(bands) >= len(shown)
    assert not [
        band
        for band in bands
        if band.get_x() < right
        and left < band.get_x() + band.get_width()
        and band.get_y() < middle < band.get_y() + band.get_height()
    ]


@pytest.mark.parametrize("study", ["real", "mini"])
@pytest.mark.parametrize("language", stage.LANGUAGES)
def test_targets_keep_clear_of_the_name_of_their_level(study, language):
    figure = stage.draw("governance", stage.study(study), language).figure
    texts = seen(figure)
    names = [
        box
        for text, box in texts
        if text.get_fontweight() == "bold" and text.get_position()[0] == levels.NAME[0]
    ]
    assert names
    gaps = [
        box[0] - name[2]
        for name in names
        for _, box in texts
        if box[0] > name[2] and box[1] < name[3] and box[3] > name[1]
    ]
    assert min(gaps) > 0.35


def test_a_project_that_the_study_contradicts_itself_about_carries_a_note():
    tables = stage.study("real")
    seen = " ".join(texts(stage.draw("cooperation", tables)))
    contradictions = tables["discrepancies"].query("kind == 'contradiction'")["discrepancy_id"]
    registry = tables["projects"].set_index("project_id")["discrepancy_id"]
    met = registry.reindex(tables["cooperation"]["project_id"].unique())
    assert {"¹", "²", "³"}.intersection(seen) == set("¹²³"[: met.isin(contradictions).sum()])


def test_levels_are_read_aloud_without_what_they_have_not():
    tables = stage.study("real")
    whole = stage.draw("governance", tables, "en").alt
    undated = tables["targets"].assign(year=pd.array([None] * len(tables["targets"]), "Int64"))
    said = stage.draw("governance", tables | {"targets": undated}, "en").alt
    assert "Target years" in whole
    assert "Target years" not in said
    levels_ = tables["levels"].assign(is_municipal=False)
    said = stage.draw("governance", tables | {"levels": levels_}, "en").alt
    assert not [part for part in ("lowest", "arrow", "–") if part in said]
    ungrouped = tables["governance"].query("kind != 'group'")
    said = stage.draw("governance", tables | {"governance": ungrouped}, "en").alt
    assert "At work" in whole
    assert "At work" not in said


@pytest.mark.parametrize("language", stage.LANGUAGES)
def test_alternative_texts_name_every_level_and_every_case_that_cooperates(tables, language):
    levels_, networks = (
        stage.draw(name, tables, language) for name in ("governance", "cooperation")
    )
    assert all(label in levels_.alt for label in tables["levels"][f"label_{language}"])
    places = tables["cooperation"]["municipality_id"]
    there = tables["municipalities"].set_index("municipality_id").loc[places, "case_id"].unique()
    names = tables["cases"].set_index("case_id")[f"label_{language}"]
    assert all(name in networks.alt for name in names[there])
