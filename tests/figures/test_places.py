"""Where things are drawn: events and targets at their years, lanes and rows in their order, lines
between what belongs together.
"""

import math
import re
from collections import Counter
from itertools import pairwise

import hypothesis.strategies as some
import pandas as pd
import pytest
import stage
from hypothesis import given, settings
from matplotlib.colors import to_hex, to_rgba
from matplotlib.patches import Circle, FancyBboxPatch

from analysis.drawing import links, style, typeset
from analysis.drawing.marks import EVENTS, TARGETS, mark_of
from analysis.drawing.notes import Notes
from analysis.drawing.yearaxis import YearAxis
from analysis.figures import alliance, governance, opportunities, targets, timeline
from analysis.figures.comparison import said
from analysis.figures.parts import lanes, networkcolumns
from analysis.figures.parts.casetimeline import LEFT, Timeline
from analysis.figures.parts.networklayout import GAP, Network, Node
from analysis.methods.counts import distinct_targets
from analysis.methods.dates import duration
from analysis.tables import RAW
from analysis.wording import Wording

pytestmark = pytest.mark.xdist_group("figures")  # each study is drawn once

UNTOLD = stage.unsaid("timeline")
NONE = pd.DataFrame(columns=["kind", "covers", "year"])  # no target, and no contradiction


def markers(drawing):
    """Shape, size, and place in cm of all marks that are drawn one by one."""
    return [
        (
            line.get_marker(),
            line.get_markersize(),
            *(round(float(at[0]), 6) for at in line.get_data()),
        )
        for line in drawing.figure.axes[0].lines
        if line.get_marker() != "None"
    ]


def bold(drawing, x=None):
    """The bold texts, at x if that is given, from top to bottom."""
    found = [
        text
        for text in drawing.figure.axes[0].texts
        if text.get_fontweight() == "bold" and x in (None, text.get_position()[0])
    ]
    return [text.get_text() for text in sorted(found, key=lambda text: text.get_position()[1])]


def rows_at(drawing, table):
    """The rows of a table that marks lead to, from top to bottom, each at its first mark."""
    found = links.what_is_said(drawing.figure.findobj())
    places = [
        (artist.get_ydata()[0], about.row.partition(":")[2])
        for artist, about in found.items()
        if about.row.startswith(f"{table}:") and hasattr(artist, "get_ydata")
    ]
    return [row for _, row in sorted(places)]


def follow_each_other(drawing, x, names):
    """Whether names, in one line or several, stand at x in this order from top to bottom."""

    def letters(text):
        return "".join(letter for letter in text if letter.isalnum())

    texts = [text for text in drawing.figure.axes[0].texts if text.get_position()[0] == x]
    ordered = sorted(texts, key=lambda text: text.get_position()[1])
    written, end = letters("".join(text.get_text() for text in ordered)), 0
    for name in map(letters, names):
        found = written.find(name, end)
        if found < 0:
            return False
        end = found + len(name)
    return True


# Where the names of the rows stand, which are in the first column of the table beside the figure.
NAMES = {
    "agreement": 0.25,
    "cansay": 0.3,
    "fragility": 0.25,
    "interviews": 0.0,
    "leitbild": 0.0,
    "method": 0.0,
    "relations": 0.0,
}


@pytest.mark.parametrize("language", stage.LANGUAGES)
@pytest.mark.parametrize(("name", "x"), NAMES.items(), ids=NAMES)
def test_rows_stand_in_the_order_of_the_table_beside_the_figure(tables, name, x, language):
    drawing = stage.draw(name, tables, language)
    names = list(dict.fromkeys(drawing.data.iloc[:, 0]))
    assert follow_each_other(drawing, x, names)
    assert len(names) == 1 or not follow_each_other(drawing, x, names[::-1])


def test_topics_of_opportunities_alone_come_first_and_those_of_limits_alone_last(tables):
    drawing, codes = stage.draw("opportunities", tables), tables["codes"].set_index("code")
    left, right = codes.loc[["aspect.limit", "aspect.opportunity"], "label_de"]
    by_topic = pd.crosstab(drawing.data["topic"], drawing.data["aspect"])
    by_topic = by_topic.reindex(columns=[left, right], fill_value=0)
    topics = codes.loc[codes["dimension"] == "topic", "label_de"]
    counts = by_topic.reindex(topics[topics.isin(by_topic.index)])
    kind = (counts[right] > 0).astype(int) - (counts[left] > 0).astype(int)
    order = counts.assign(kind=-kind, more=counts[left] - counts[right])
    names = order.sort_values(["kind", "more"], kind="stable").index.tolist()
    assert follow_each_other(drawing, opportunities.INDENT, names)


def test_what_is_ascribed_to_nobody_looks_unlike_what_is_said_of_all_together():
    sheet = style.sheet()
    for x, how in enumerate(opportunities.SHADES):
        mark = {"corpus": "interview", "attribution": how}
        opportunities._mark(sheet.ax, x, 1, (0.5, 0.5), mark, style.INK)
    looks = {(to_hex(one.get_facecolor()), str(one.get_linestyle())) for one in sheet.ax.patches}
    assert len(looks) == len(opportunities.SHADES)


def numbers(events):
    """The dates of events as numbers, without the code that draws them: where the first month that
    a date may mean begins, and a little later in it where the source says so.
    """
    begin = events["date"].str.split("/").str[0].map(pd.Period)
    year = begin.map(lambda period: period.year + (period.start_time.month - 1) / 12)
    length = begin.map(lambda period: 1 if period.freqstr.startswith("Y") else 1 / 12)
    later = events["date_qualifier"].eq("early") * 0.1 + events["date_qualifier"].eq("late") * 0.9
    is_period = events["date"].str.split("/").map(lambda ends: int(ends[-1][:4]) - int(ends[0][:4]))
    return (year + later * length).mask(is_period > 10, -math.inf)


@settings(max_examples=40)
@given(
    some.dates(pd.Timestamp(1800, 1, 1).date(), pd.Timestamp(2100, 1, 1).date()),
    some.sampled_from(["%Y", "%Y-%m"]),
    some.sampled_from([None, "early", "late", "about", "planned"]),
)
def test_a_date_stands_at_the_same_place_in_every_figure(day, written, qualifier):
    event = dict.fromkeys(("event_id", "label_en", "discrepancy_id", "source_id", "locator"), "–")
    event |= {"date": day.strftime(written), "date_qualifier": qualifier, "kind": "plan"}
    events, years, words = pd.DataFrame([event]), (1790, 2110), Wording("en", topic="timeline")
    (at,) = numbers(events)
    (label,) = Timeline(events, NONE, Notes(NONE["kind"], NONE, words), years, words).dated
    assert label.x == pytest.approx(YearAxis(*years, LEFT, has_undated=False).x(at))
    assert alliance._dated(events)["at"].tolist() == pytest.approx([at])
    assert timeline._event_row(event, words)["at"] == pytest.approx(at)


def events_of(tables):
    """The events of the timeline with their date as a number, and its targets."""
    events = pd.concat([tables["events"], tables["context_events"]], ignore_index=True)
    events = events[events["kind"] != "statistics"]
    aims = pd.concat([tables["targets"], tables["context_targets"]], ignore_index=True)
    return events.assign(at=numbers(events)), aims.dropna(subset="year")


def of_timeline(tables):
    """The timeline on the axis that this repository's study asks for."""
    return stage.draw("timeline", tables, **stage.TOLD["timeline"])


def axis_of_timeline(events, aims):
    first, last = (stage.TOLD["timeline"][end] for end in ("first", "last"))
    has_later = max([*aims["year"], *events["at"]]) >= last + 1
    return timeline.OpenAxis(first, last, timeline.LEFT, has_undated=False, has_later=has_later)


def test_the_axis_of_a_timeline_that_is_told_no_years_holds_all_but_periods(tables):
    events, aims = events_of(tables)
    words, drawing = Wording("en", topic="timeline"), stage.draw("timeline", tables, "en", **UNTOLD)
    first, last = map(int, re.search(r"(\d{4}) to (\d{4})", drawing.alt).groups())
    dates = [*events.loc[events["at"] > -math.inf, "at"], *aims["year"]]
    assert first <= min(dates) < first + 5
    assert last - 5 < max(dates) <= last
    assert words("later") not in [text.get_text() for text in drawing.figure.axes[0].texts]


def spans(*dates):
    """The invented study with these events alone, and no target."""
    tables = dict(stage.study("mini"))
    events = pd.concat([tables["events"].head(1)] * len(dates), ignore_index=True)
    names = [f"e{n}" for n in range(len(dates))]
    events = events.assign(event_id=names, kind="plan", date=dates, date_qualifier=None)
    none = {name: tables[name].head(0) for name in ("context_events", "targets", "context_targets")}
    return tables | none | {"events": events}


def bars(drawing):
    """The ends of the bars of a timeline, from the left one on."""
    drawn = [patch for patch in drawing.figure.axes[0].patches if patch.get_height() == lanes.THICK]
    return sorted((bar.get_x(), bar.get_x() + bar.get_width()) for bar in drawn)


@pytest.mark.parametrize(
    ("dates", "told", "axis", "ends", "later"),
    [
        (["2016", "2019/2024"], {}, (2015, 2025), [(2019, 2025)], False),
        (["2016", "2019/2024"], {"last": 2020}, (2015, 2020), [(2019, 2025)], True),
        (["2016", "2011/2023"], {"first": 2008, "last": 2026}, (2008, 2026), [(2011, 2024)], False),
        (["2016", "2017/2031"], {}, (2015, 2035), [(2017, 2032)], False),
        (["2016", "1990/2023"], {}, (2015, 2025), [(1990, 2024)], False),
        (["2010/2022"], {}, (2010, 2025), [(2010, 2023)], False),
        (["2016", "2019/2024"], {"last": 2024}, (2015, 2024), [(2019, 2024)], False),
        (["2016", "2018/2020", "2025"], {"last": 2024}, (2015, 2024), [(2018, 2021)], True),
        (["2016", "2018/2020", "2024-07"], {"last": 2024}, (2015, 2024), [(2018, 2021)], False),
    ],
)
def test_a_span_is_a_bar_from_its_beginning_to_its_end(dates, told, axis, ends, later):
    drawing, (first, last) = stage.draw("timeline", spans(*dates), **told), axis
    assert f"{first} bis {last}" in drawing.alt
    years = timeline.OpenAxis(first, last, timeline.LEFT, has_undated=False, has_later=later)
    assert bars(drawing) == pytest.approx([tuple(map(years.x, each)) for each in ends])
    drawn = {text.get_text() for text in drawing.figure.axes[0].texts}
    assert ("später" in drawn) == later
    assert ("Früher" in drawn) == (ends[0][0] < first)
    begin = [min(re.findall(r"\d{4}", date)) for date in drawing.data["date"]]
    assert begin == sorted(begin)


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (1800, 2100, ""),
        (2000, 2100, "; what lies before is shown at the edge"),
        (1800, 2040, "; what lies after is shown at the edge"),
        (2000, 2040, "; what lies before or after is shown at the edge"),
    ],
)
def test_the_caption_of_a_timeline_tells_of_what_lies_beyond_its_years(first, last, told):
    drawing = stage.draw("timeline", stage.study("real"), "en", first=first, last=last)
    assert f"{first} to {last}{told}. An arrow" in drawing.caption


def test_what_has_no_label_on_the_timeline_is_a_tick_at_its_date(tables):
    events, aims = events_of(tables)
    axis, drawing = axis_of_timeline(events, aims), of_timeline(tables)
    labelled = events["kind"].isin(["founding", "closure", "law", "plan", "decision"])
    plain = events[~labelled & (events["date"].map(duration) < 1)]
    written = plain["source_id"].map(tables["sources"].set_index("source_id")["date"]).str[:4]
    is_ahead = (plain["date_qualifier"] == "planned") | (plain["date"].str[:4] > written).eq(True)
    for mark, own in (("minor", plain[~is_ahead]), ("minor.planned", plain[is_ahead])):
        shape = EVENTS[mark][0]
        ticks = Counter(x for marker, _, x, _ in markers(drawing) if marker == shape)
        in_legend = bool(len(own))
        expected = Counter(round(axis.x(at), 6) for at in own["at"])
        assert ticks.total() == len(own) + in_legend
        assert ticks >= expected


@pytest.mark.parametrize("language", stage.LANGUAGES)
def test_what_lies_ahead_of_its_source_looks_unlike_what_has_happened(language):
    made = spans("2015", "2021", "2022", "2030", "2030", "2030/2033")
    made["sources"] = made["sources"].assign(date="2022")
    kinds = ["history", "history", "history", "history", "law", "law"]
    qualifiers = [None, None, "planned", "until", "until", None]
    made["events"] = made["events"].assign(kind=kinds, date_qualifier=qualifiers)
    drawing, words = stage.draw("timeline", made, language), Wording(language, topic="timeline")
    shapes = [(marker, size) for marker, size, *_ in markers(drawing)]
    counts = {
        name: shapes.count(look[:2]) - 1 for name, look in EVENTS.items() if look[:2] in shapes
    }
    assert counts == {"minor": 2, "minor.planned": 2, "planned": 1}
    (bar,) = (p for p in drawing.figure.axes[0].patches if p.get_height() == lanes.THICK)
    assert to_hex(bar.get_facecolor()) == to_hex(style.PAPER)
    written = {text.get_text() for text in drawing.figure.axes[0].texts}
    assert {words("sign.minor.planned"), words("sign.planned")} <= written


def test_targets_pile_up_at_their_years_on_the_lane_of_their_source(tables):
    events, aims = events_of(tables)
    axis, drawing = axis_of_timeline(events, aims), of_timeline(tables)
    looks = {name: look[:2] for name, look in TARGETS.items()}
    found = Counter(mark for mark in markers(drawing) if mark[:2] in looks.values())
    by_year = Counter((*mark[:2], mark[2]) for mark in found)
    wanted = Counter(
        (*looks[mark_of(aim)], round(axis.x(aim["year"]), 6)) for aim in aims.to_dict("records")
    )
    kinds = {mark_of(aim) for aim in aims.to_dict("records")}
    assert by_year >= wanted
    assert by_year.total() == len(aims) + len(kinds), "each once, and each kind in the legend"
    assert set(found.values()) == {1}, "none hides another"


def test_the_sums_above_the_timeline_count_a_target_once(tables):
    events, aims = events_of(tables)
    axis, drawing = axis_of_timeline(events, aims), of_timeline(tables)
    sums = {
        round(text.get_position()[0], 6): text.get_text()
        for text in drawing.figure.axes[0].texts
        if text.get_fontsize() == style.LARGE
    }
    per_year = distinct_targets(aims)["year"].value_counts()
    assert sums == {round(axis.x(year), 6): str(n) for year, n in per_year.items()}


def test_the_lanes_of_the_timeline_stand_in_the_order_of_their_sources(tables):
    events, aims = events_of(tables)
    drawn = {*events["source_id"], *aims["source_id"]}
    sources = tables["sources"].sort_values("date", kind="stable")
    names = sources.loc[sources["source_id"].isin(drawn), "label_de"].tolist()
    titles = bold(of_timeline(tables), x=0)
    assert [title for title in titles if title in names] == names


def test_lanes_of_targets_go_from_the_levels_above_to_companies_and_each_by_years(tables):
    drawing = stage.draw("targets", tables)
    aims = tables["targets"].dropna(subset="year").sort_values("year", kind="stable")
    lane = targets.lanes(aims, tables["levels"])
    words = Wording("de", topic="targets")
    used = [name for name in targets.LANES if (lane == name).any()]
    titles = bold(drawing, x=targets.LEFT + 0.25)
    lanes = [words(f"lane.{name}") for name in used]
    assert [title for title in titles if title in lanes] == lanes
    order = [row for row in rows_at(drawing, "targets") if row in set(aims["target_id"])]
    assert lane.set_axis(aims["target_id"])[order].map(used.index).is_monotonic_increasing


@pytest.mark.parametrize("language", stage.LANGUAGES)
def test_the_year_of_every_target_can_be_read(tables, language):
    drawing = stage.draw("targets", tables, language)
    dated = tables["targets"].dropna(subset="year").set_index("target_id")
    for figure in (drawing.figure, drawing.narrow):
        found = links.what_is_said(figure.findobj())
        titles = {about.row.partition(":")[2]: about.title for about in found.values()}
        small = [text for text in figure.axes[0].texts if text.get_fontsize() == style.SMALL]
        shown = [re.fullmatch(r"(?:\w+ )?(\d{4})", text.get_text()) for text in small]
        numbered = {year[1] for year in shown if year}
        for target_id, year in dated["year"].astype(str).items():
            assert (year in numbered) != titles[target_id].startswith(f"{year} ")


def test_every_target_has_one_mark_and_those_without_a_year_stand_below(tables):
    drawing = stage.draw("targets", tables)
    order = rows_at(drawing, "targets")
    undated = set(tables["targets"].loc[tables["targets"]["year"].isna(), "target_id"])
    assert sorted(order) == sorted(tables["targets"]["target_id"])
    assert set(order[len(order) - len(undated) :]) == undated


def test_each_event_of_the_alliance_stands_at_its_date(tables):
    document = tables["context_items"].query("kind == 'project'")["source_id"].mode()[0]
    events = tables["context_events"].query(f"source_id == {document!r}")
    at = numbers(events)
    first, last = int(at.min()), int(at.max()) + 1
    room = style.WIDTH - 0.45 - alliance.LEFT
    wanted = Counter(round(alliance.LEFT + (n - first) / (last - first) * room, 6) for n in at)
    drawing = stage.draw("alliance", tables)
    found = Counter(x for *_, x, _ in markers(drawing))
    bars = drawing.figure.axes[0].patches  # years begin where their bar does
    found += Counter(round(bar.get_x(), 6) for bar in bars if bar.get_linewidth() and bar.fill)
    assert found >= wanted


@pytest.mark.parametrize(
    ("date", "kind", "qualifier", "is_bar", "over"),
    [
        ("2012", "plan", None, True, None),
        ("2012", "plan", "planned", True, "planned"),
        ("2012", "closure", None, True, "closure"),
        ("2012", "closure", "planned", True, "planned"),
        ("2012", "founding", "about", True, "derived"),
        ("2012", "closure", "late", False, "closure"),
        ("2012-03", "founding", "about", False, "derived"),
        ("2012-03", "closure", None, False, "closure"),
        ("2012-03", "plan", "planned", False, "planned"),
    ],
)
def test_precision_gives_an_event_of_an_alliance_its_length_and_its_kind_its_mark(
    date, kind, qualifier, is_bar, over
):
    event = {"event_id": "e", "date": date, "date_qualifier": qualifier, "kind": kind}
    event |= {"label_en": "What", "discrepancy_id": None, "voice": "answers"}
    early = event | {"date": "2008-01", "date_qualifier": None, "kind": "plan"}
    figure = alliance.draw(pd.DataFrame([early, event]), NONE, Wording("en", topic="alliance"))
    bars = [bar for bar in figure.axes[0].patches if bar.get_height() == lanes.THICK]
    axis = YearAxis(2008, 2013, alliance.LEFT, has_undated=False)
    lasts = (axis.x(2012), axis.x(2013))
    if is_bar:
        assert [(b.get_x(), b.get_x() + b.get_width()) for b in bars] == [pytest.approx(lasts)]
    else:
        assert not bars
    found = markers(stage.Drawing(figure=figure))
    looks = {name: look[:2] for name, look in EVENTS.items()}
    drawn = Counter(name for name in looks for mark in found if mark[:2] == looks[name])
    if over:
        assert drawn[over] == 2, "once in the legend and once at its date"
        (*_, last) = sorted(mark[2] for mark in found if mark[:2] == looks[over])
        assert not is_bar or last == pytest.approx(sum(lasts) / 2)


def test_all_that_is_said_of_the_cases_is_in_the_comparison_and_the_rest_is_named_a_gap(tables):
    words, drawing = Wording("de", topic="comparison"), stage.draw("comparison", tables)
    cases = tables["cases"]
    assert drawing.table["label"].tolist() == tables["characteristics"]["label_de"].tolist()
    assert list(drawing.table.columns[1:]) == cases["label_de"].tolist()
    gaps = len(drawing.table) * len(cases) - len(tables["comparison"])
    assert (drawing.table == words("not_stated")).to_numpy().sum() == gaps
    names = ("comparison", "characteristics", "cases", "facts")
    cells = said(*(tables[name] for name in names), words)
    numbers = tables["facts"].set_index("fact_id")["short_de"]
    for row in tables["comparison"].dropna(subset="fact_id").to_dict("records"):
        cell = cells.loc[row["characteristic_id"], row["case_id"]]
        assert cell == f"{numbers[row['fact_id']]} {row['text_de']}".strip()


def test_lines_lead_from_each_municipality_to_its_projects_and_from_these_to_partners(tables):
    drawing = stage.draw("cooperation", tables)
    cases = tables["municipalities"].set_index("municipality_id")["case_id"]
    pairs = tables["cooperation"].assign(case=tables["cooperation"]["municipality_id"].map(cases))
    starts = Counter()
    for line in drawing.figure.axes[0].lines:
        x = line.get_xdata()
        if len(x) > 2:
            starts[round(float(x[0]), 6), round(float(x[-1]), 6)] += 1
    left = (round(sum(networkcolumns.PLACE), 6), round(networkcolumns.PROJECT[0], 6))
    right = (round(sum(networkcolumns.PROJECT), 6), round(networkcolumns.DOT, 6))
    assert set(starts) == {left, right}
    assert starts[left] >= len(pairs.drop_duplicates(["case", "municipality_id", "project_id"]))
    assert starts[right] >= len(pairs.drop_duplicates(["case", "project_id", "organisation_id"]))


def test_partners_of_several_cases_are_ringed_in_each_of_them(tables):
    drawing = stage.draw("cooperation", tables)
    cases = tables["municipalities"].set_index("municipality_id")["case_id"]
    pairs = tables["cooperation"].assign(case=tables["cooperation"]["municipality_id"].map(cases))
    several = pairs.groupby("organisation_id")["case"].nunique()
    rings = [
        patch
        for patch in drawing.figure.axes[0].patches
        if isinstance(patch, Circle) and to_hex(patch.get_facecolor()) == style.PAPER.lower()
    ]
    assert len(rings) == several[several > 1].sum()


def test_levels_have_a_chip_for_each_item_and_stand_from_top_to_bottom(tables):
    drawing = stage.draw("governance", tables)
    shown = tables["governance"][tables["governance"]["is_shown"]]
    chips = shown[shown["kind"] != "group"]
    drawn = [patch for patch in drawing.figure.axes[0].patches if type(patch) is FancyBboxPatch]
    legend = chips["kind"].nunique()
    assert len(drawn) == len(chips) + legend
    found = links.what_is_said(drawing.figure.findobj())
    heights = {
        about.row.partition(":")[2]: artist.get_y()
        for artist, about in found.items()
        if isinstance(artist, FancyBboxPatch)
    }
    level = tables["governance"].set_index("item_id")["level_id"]
    order = tables["levels"]["level_id"].tolist()
    by_height = sorted(heights, key=heights.get)
    assert sorted(by_height) == sorted(chips["item_id"])
    assert level[by_height].map(order.index).is_monotonic_increasing
    assert governance.FILLS.keys() >= set(chips["kind"])


def test_on_a_narrow_sheet_a_level_lists_its_targets_by_year(tables):
    texts = stage.draw("governance", tables).narrow.axes[0].texts
    placed = sorted((text.get_position()[1], text.get_text()) for text in texts)
    names = set(tables["levels"]["label_de"])
    years: dict[str, list[int]] = {}
    level = ""
    for _, text in placed:
        level = text if text in names else level
        if re.fullmatch(r"\d{4}", text):
            years.setdefault(level, []).append(int(text))
    targets_of = tables["targets"].query("holder != 'company'")
    wanted = targets_of.dropna(subset="year")
    assert {year for own in years.values() for year in own} == set(wanted["year"])
    assert all(own == sorted(own) for own in years.values())


KINDS = RAW["targets"].columns["kind"].options


def of_one_level(*changes):
    """The governance of the invented study, with such targets of one year in one level."""
    tables = dict(stage.study("mini"))
    one = tables["targets"].query("target_id == 'birkfurt-power'")
    rows = [one.assign(target_id=f"t{i}", **changed) for i, changed in enumerate(changes)]
    tables["targets"] = pd.concat(rows, ignore_index=True)
    return stage.draw("governance", tables)


def marks_and_texts(figure):
    """What each mark of a target leads to and says, and all that is written."""
    found = links.what_is_said(figure.findobj())
    told = {about.row: about.title for about in found.values() if about.row.startswith("targets:")}
    return told, " ".join(text.get_text() for text in figure.axes[0].texts)


@pytest.mark.parametrize("holders", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
def test_what_neither_mark_nor_size_tell_of_a_target_is_written_beside_it(kind, holders):
    size = {"value": 40.0, "baseline_year": 1990} if kind == "reduction" else {"value": None}
    actors = ("Auental", "Birkfurt")[:holders]
    about = {"kind": kind, "covers": "other", "scope_de": "Papier", **size}
    drawing = of_one_level(*({**about, "actor_de": actor} for actor in actors))
    for figure in (drawing.figure, drawing.narrow):
        told, written = marks_and_texts(figure)
        assert len(told) == 1
        assert "Papier" in told["targets:t0"]
        assert holders == 1 or kind == "pledge" or all(actor in written for actor in actors)
        is_told = kind in ("pledge", "reduction", "renewable_supply")
        assert is_told or "Papier" in written


@pytest.mark.parametrize("kind", KINDS)
def test_targets_of_different_scope_share_no_mark_that_does_not_tell_them_apart(kind):
    size = {"value": 40.0, "baseline_year": 1990} if kind == "reduction" else {"value": None}
    scopes = ("Strom", "Abfall", "Papier")
    about = {"kind": kind, "covers": "other", **size}
    drawing = of_one_level(*({**about, "scope_de": scope} for scope in scopes))
    for figure in (drawing.figure, drawing.narrow):
        told, written = marks_and_texts(figure)
        assert all(scope in " ".join(told.values()) for scope in scopes)
        if kind == "pledge":  # which says how many they are
            assert "drei Ziele ohne Zahl" in written
        else:
            assert len(told) == len(scopes)
            assert all(scope in written for scope in scopes)


BARS = some.tuples(some.floats(2000, 2020), some.floats(0, 20))


@settings(max_examples=60)
@given(bar=BARS, is_open=some.booleans(), edge=some.sampled_from([style.NARROW, style.WIDTH]))
def test_a_text_beside_or_below_a_bar_has_room_for_its_date(bar, is_open, edge):
    axis = YearAxis(2000, 2020, LEFT, has_undated=False, edge=edge)
    years, texts = (bar[0], min(sum(bar), 2020)), ("Januar 2015–Dezember 2016", "Gärten")
    span = lanes.beside(axis, "event", years, texts, Wording("de"), is_open=is_open)
    assert span.room >= lanes.LEAST
    assert span.height < typeset.height_of(5)
    ax = style.sheet(edge).ax
    span.draw(ax, 0)
    (shape,) = (patch for patch in ax.patches if patch.get_facecolor() == to_rgba(style.INK))
    assert shape.get_y() >= 0
    lines = [text.get_position()[1] for text in ax.texts]
    assert max(lines) < span.height
    beside = min(lines) < shape.get_y() + shape.get_height()
    assert beside != span.is_below


def test_what_lasts_as_long_as_the_axis_has_its_text_below_the_bar():
    tables = dict(stage.study("mini"))
    events = tables["context_events"].assign(date="2015", date_qualifier=None)
    tables["context_events"] = events
    drawing = stage.draw("alliance", tables, **stage.LEAFLET["alliance"])
    for figure in (drawing.figure, drawing.narrow):
        texts = {text.get_text() for text in figure.axes[0].texts}
        told = events[events["source_id"] == "merkblatt"]
        assert len(told)
        assert {"2015", *told["label_de"].str.partition(" (")[0]} <= texts


HEIGHTS = some.lists(some.floats(0.3, 2), min_size=1, max_size=6)


@settings(max_examples=60)
@given(HEIGHTS, HEIGHTS, some.randoms(use_true_random=False))
def test_nothing_in_a_network_overlaps_and_all_stays_in_its_order(projects, partners, random):
    names = [f"partner{i}" for i in range(len(partners))]
    places = [{"municipality_id": "place"}]
    rows = [
        {
            "municipality_id": ("place",),
            "organisation_id": tuple(random.sample(names, random.randint(1, len(names)))),
        }
        for _ in projects
    ]
    used = {name for row in rows for name in row["organisation_id"]}
    network = Network(
        {},
        [Node(row, 1.0) for row in places],
        [Node(row, height) for row, height in zip(rows, projects, strict=True)],
        [
            Node({"organisation_id": name}, height)
            for name, height in zip(names, partners, strict=True)
            if name in used
        ],
    )
    for nodes, gap in ((network.projects, GAP), (network.partners, 0)):
        for one, other in pairwise(nodes):
            assert other.y - one.y >= (one.height + other.height) / 2 + gap - 1e-9
    every = [*network.places, *network.projects, *network.partners]
    assert min(node.y - node.height / 2 for node in every) == pytest.approx(0)
    assert max(node.y + node.height / 2 for node in every) == pytest.approx(network.height)
