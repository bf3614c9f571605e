"""One timeline for all sources: what came and went, and what is to be reached when."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.drawing import style, typeset
from analysis.drawing.marks import EVENTS, GAP, TARGETS, event_mark, legend, mark_of, marks_of
from analysis.drawing.notes import Notes
from analysis.drawing.yearaxis import HEAD, Label, YearAxis, label
from analysis.figures.parts.lanes import Lane, Sign, beside, years_of
from analysis.methods.counts import distinct_targets
from analysis.methods.dates import decimal_year, duration, end_of, ends, is_ahead, positions
from analysis.wording import Wording, capitalised
from analysis.wording.phrases import target_text

LEFT = 0.5  # left edge of the axis; what lies before and after it
BEFORE = 0.1  # from the edges of the sheet
AFTER = 0.5  # cm
BAR = 0.3  # a span is drawn as a bar from this length on; height of the sums
SUM = 0.6  # cm
BETWEEN = 0.05  # white between two sums, cm


@dataclass(frozen=True)
class OpenAxis(YearAxis):
    """A year axis on which earlier years share a place before it and, with `has_later`,
    later ones a place behind it.
    """

    has_later: bool

    @property
    def right(self) -> float:
        """Where the last year lies, in cm."""
        return self.edge - (1.6 if self.has_later else 0.5)

    def x(self, year: float) -> float:
        """Where a year lies, in cm; all of the last year at its beginning."""
        if year >= self.last + 1:
            return self.edge - AFTER
        return BEFORE if year < self.first else super().x(year)

    def end(self, year: float) -> float:
        """The year for `x` at which a span ends: what ends with the last one is not later."""
        return self.last if year == self.last + 1 else year

    def draw(self, ax: Axes, y: float, bottom: float, words: Wording) -> None:
        """The years at the top, hairlines down to `bottom`, and the name of
        the place for later years.
        """
        super().draw(ax, y, bottom, words)
        if self.has_later:
            look = {
                "ha": "center",
                "va": "center_baseline",
                "fontsize": style.SMALL,
                "color": style.MUTED,
            }
            ax.text(self.x(self.last + 1), y + HEAD / 2 - 0.05, words("later"), **look)


def draw(
    events: pd.DataFrame,
    targets: pd.DataFrame,
    sources: pd.DataFrame,
    discrepancies: pd.DataFrame,
    years: tuple[int, int],
    words: Wording,
    width: float = style.WIDTH,
) -> Figure | None:
    """Events and targets of each source in a lane of their own on one axis of years, the number of
    targets per year on top.

    events: rows of this table with is_labelled; the others are ticks. targets: rows with a year;
    they pile up at it. sources: the lanes, in order; those with nothing to show are left out.
    years: first and last year of the axis. None if there are neither events nor targets.
    """
    if events.empty and targets.empty:
        return None
    at, ahead = positions(events, years[0]), is_ahead(events, sources)
    events = events.assign(at=at, is_ahead=ahead).sort_values("at", kind="stable")
    later = _beyond(events, targets, years)[1]
    axis = OpenAxis(*years, LEFT, has_undated=False, has_later=later, edge=width)
    notes = Notes(events.loc[events["is_labelled"], "discrepancy_id"], discrepancies, words)
    sheet, top = style.sheet(width), 0.1
    for kinds in filter(None, (_event_kinds(events, axis), marks_of(targets))):
        top = legend(sheet.ax, top - 0.1, kinds, words, width)
    bottom = top + HEAD
    if len(targets):
        bottom = _sums(sheet.ax, bottom, targets, axis, words)
    for source in sources.to_dict("records"):
        lane = _lane(source, events, targets, axis, notes, words)
        if lane.ticks or lane.piles or lane.labels:
            bottom = lane.draw(sheet.ax, bottom)
    axis.draw(sheet.ax, top, bottom, words)
    return sheet.end(notes.draw(sheet.ax, bottom, width))


def table(
    events: pd.DataFrame, targets: pd.DataFrame, sources: pd.DataFrame, words: Wording
) -> pd.DataFrame:
    """Everything that is drawn, source by source, events before targets, each first to last."""
    drawn = [_event_row(row, words) for row in events.to_dict("records")]
    drawn = sorted(drawn, key=lambda row: row["at"])
    aims = [_target_row(row, words) for row in targets.to_dict("records")]
    drawn += sorted(aims, key=lambda row: row["at"])
    columns = ["source", "date", "kind", "label", "locator"]
    rows = [
        row | {"source": words.text(source, "label")}
        for source in sources.to_dict("records")
        for row in drawn
        if row["source_id"] == source["source_id"]
    ]
    return pd.DataFrame(rows, columns=columns)


def _event_row(event: dict, words: Wording) -> dict:
    return {
        "source_id": event["source_id"],
        "at": decimal_year(event["date"].partition("/")[0], event["date_qualifier"]),
        "date": words.date(event["date"], event["date_qualifier"]),
        "kind": words(f"kind.{event['kind']}"),
        "label": words.text(event, "label"),
        "locator": event["locator"],
    }


def _target_row(target: dict, words: Wording) -> dict:
    kind = words(f"kind.{target['kind']}")
    return {
        "source_id": target["source_id"],
        "at": target["year"],
        "date": str(target["year"]),
        "kind": f"{words('target')}: {kind}",
        "label": f"{words.text(target, 'actor')}: {target_text(target, words)}",
        "locator": target["locator"],
    }


def headline(targets: pd.DataFrame, words: Wording) -> str:
    """The year that most targets share; all of them, where several are shared by as many."""
    if targets["year"].isna().all():
        return words("headline.none")
    targets = distinct_targets(targets)
    per_year = targets["year"].value_counts().sort_index()
    most, total = int(per_year.max()), words.numeral(len(targets))
    years = list(per_year.index[per_year == most])
    if len(years) == 1:
        return words.count("headline", most, year=years[0], total=total)
    if most == 1:
        return words("headline.single", total=total)
    return words("headline.several", years=words.listing(years), n=words.numeral(most), total=total)


def years_told(
    first: int, last: int, events: pd.DataFrame, targets: pd.DataFrame
) -> tuple[int, int]:
    """The first and last year of the axis; for 0, that of what there is to show.

    Raises ValueError if the first one comes after the last.
    """
    of_all = years_of(events, targets)
    years = first or of_all[0], last or of_all[1]
    is_empty = events.empty and targets.empty
    if years[0] > years[1] and not is_empty:
        raise ValueError(f"first: {years[0]} is after {years[1]}, the last year")
    return years


def caption(
    events: pd.DataFrame,
    targets: pd.DataFrame,
    discrepancies: pd.DataFrame,
    years: tuple[int, int],
    labelled: list[str],
    without: list[str],
    words: Wording,
) -> str:
    """How many events and targets there are from how many sources, and what signs mean, as far as
    there are such; then how things are counted and what has a label.

    labelled, without: the kinds that have one, and those that are left out. The others as for
    `draw`.
    """
    with_label = events[events["is_labelled"]]
    at = positions(with_label, years[0])
    is_open = with_label["date_qualifier"].eq("since") & (at >= years[0])
    signs = {
        "caption.arrow": is_open.any(),
        "caption.notes": Notes(with_label["discrepancy_id"], discrepancies, words).statements,
    }
    sizes = {
        "events": len(events),
        "targets": len(distinct_targets(targets)),
        "sources": len({*events["source_id"], *targets["source_id"]}),
    }
    numbers = {name: words.numeral(n) for name, n in sizes.items()}
    aside = f" {words('without', kinds=_kinds(without, words))}" if without else ""
    said = {"without": aside, "holding": _holding(events, targets, words)}
    said["beyond"] = _edges(events, targets, years, words)
    told = words("caption", **numbers, first=years[0], last=years[1], **said)
    explained = [words(sign) for sign, is_there in signs.items() if is_there]
    key = "labels" if labelled else "labels.spans"
    labels = [words(key, kinds=_kinds(labelled, words))] if len(events) else []
    counted = " ".join([*labels, words("caption.counted")])
    return f"{capitalised(' '.join([told, *explained]))}\n{counted}"


def _kinds(kinds: list[str], words: Wording) -> str:
    """Kinds of events by name, behind their noun."""
    names = words.listing(words("quoted", text=words(f"kind.{kind}")) for kind in kinds)
    return words.count("kinds", len(kinds), kinds=names)


def _edges(
    events: pd.DataFrame, targets: pd.DataFrame, years: tuple[int, int], words: Wording
) -> str:
    """Whether the figure shows something before or after its years; nothing if not."""
    at = events.assign(at=positions(events, years[0]))
    before, after = _beyond(at, targets, years)
    key = "both" if before and after else "before" if before else "after" if after else "none"
    return words(f"beyond.{key}")


def _beyond(
    events: pd.DataFrame, targets: pd.DataFrame, years: tuple[int, int]
) -> tuple[bool, bool]:
    """Whether something lies before the first of the years, and after the last."""
    at = [*targets["year"], *events["at"]]
    after = max(at, default=0) >= years[1] + 1 or bool((ends(events) > years[1] + 1).any())
    return min(at, default=years[0]) < years[0], after


def _holding(events: pd.DataFrame, targets: pd.DataFrame, words: Wording) -> str:
    """From how many of the sources the targets are; nothing if from all of them, or if there are
    none.
    """
    with_targets = set(targets["source_id"])
    is_some = not with_targets >= set(events["source_id"])
    return words.count("holding", len(with_targets) if is_some else 0)


def alt(
    events: pd.DataFrame,
    targets: pd.DataFrame,
    sources: pd.DataFrame,
    years: tuple[int, int],
    words: Wording,
) -> str:
    """How many events each source has, and from when to when; how many targets each year has;
    arguments as for `draw`.
    """
    lanes = []
    for source in sources.to_dict("records"):
        own = events[events["source_id"] == source["source_id"]]
        own = own.assign(at=positions(own, years[0])).sort_values("at", kind="stable")
        dates = own[["date", "date_qualifier"]].iloc[[0, -1]].to_numpy() if len(own) else ()
        if said := [*dict.fromkeys(words.date(*date) for date in dates)]:
            when = words("alt.span", first=said[0], last=said[1]) if said[1:] else said[0]
            lanes.append(f"{words.text(source, 'label')}: {words.number(len(own))} ({when})")
    piles = distinct_targets(targets)["year"].value_counts().sort_index()
    shown = ", ".join(f"{year}: {words.number(n)}" for year, n in piles.items())
    span = {"first": years[0], "last": years[1]}
    nothing = words("alt.none")
    return words("alt", **span, lanes="; ".join(lanes) or nothing, piles=shown or nothing)


def _event_kinds(events: pd.DataFrame, axis: OpenAxis) -> list[str]:
    used = {_kind(event, axis) for event in events.to_dict("records")}
    return [kind for kind in EVENTS if kind in used]


def _kind(event: dict, axis: OpenAxis) -> str:
    """The mark of an event; what lies ahead of its source looks as what that calls planned."""
    if not event["is_labelled"]:
        return "minor.planned" if event["is_ahead"] else "minor"
    planned = {"date_qualifier": "planned"} if event["is_ahead"] else {}
    return event_mark(event | planned, axis.first)


def _lane(
    source: dict,
    events: pd.DataFrame,
    targets: pd.DataFrame,
    axis: OpenAxis,
    notes: Notes,
    words: Wording,
) -> Lane:
    own = events[events["source_id"] == source["source_id"]]
    unlabelled = own[~own["is_labelled"]].to_dict("records")
    ticks = [(axis.x(row["at"]), _tick(row, axis, words)) for row in unlabelled]
    piles: dict[float, list[Sign]] = {}
    aims = targets[targets["source_id"] == source["source_id"]].to_dict("records")
    for aim in sorted(aims, key=lambda aim: list(TARGETS).index(mark_of(aim))):
        piles.setdefault(axis.x(aim["year"]), []).append(_aim(aim, words))
    labels = [_label(row, axis, notes, words) for row in own[own["is_labelled"]].to_dict("records")]
    title = words.text(source, "label")
    return Lane(title, words.language, ticks, piles, labels, axis.edge)


def _tick(event: dict, axis: OpenAxis, words: Wording) -> Sign:
    """The mark of an event that has no label."""
    date = words.date(event["date"], event["date_qualifier"], short=True)
    return Sign(
        _kind(event, axis), f"{date} {words.text(event, 'label')}", f"events:{event['event_id']}"
    )


def _aim(target: dict, words: Wording) -> Sign:
    """The mark of a target."""
    title = f"{target['year']} {words.text(target, 'actor')}: {target_text(target, words)}"
    return Sign(mark_of(target), title, f"targets:{target['target_id']}")


def _label(event: dict, axis: OpenAxis, notes: Notes, words: Wording) -> Label:
    """The label of an event, beside a bar if it lasts."""
    date = words.date(event["date"], event["date_qualifier"], short=True)
    text = words.text(event, "label") + notes.number(event["discrepancy_id"])
    is_open = event["date_qualifier"] == "since" and event["at"] >= axis.first
    years = event["at"], axis.end(end_of(event["date"]))
    row = f"events:{event['event_id']}"
    if not is_open and (not duration(event["date"]) or axis.x(years[1]) - axis.x(years[0]) < BAR):
        return label(axis, _kind(event, axis), event["at"], date, text, words, row)
    return beside(axis, _kind(event, axis), years, (date, text), words, row, is_open=is_open)


def _sums(ax: Axes, y: float, targets: pd.DataFrame, axis: OpenAxis, words: Wording) -> float:
    """How many targets there are for each year, behind what they are or, where there is no room,
    below it; returns where the lanes begin.
    """
    sums = distinct_targets(targets)["year"].map(axis.x).value_counts()
    is_beside = typeset.text_width(words("sum"), weight="bold") + GAP < sums.index.min()
    look = {"weight": "bold", "valign": "center", "language": words.language}
    middle, line = y + 0.16, typeset.height_of(1, style.LARGE)
    typeset.write(ax, 0, middle, words("sum"), axis.right, **look)
    middle += 0 if is_beside else line
    lines = _lines({x: words.number(n) for x, n in sums.items()})
    for x, n in sums.items():
        ax.text(
            x,
            middle + lines[x] * line - typeset.lift(style.LARGE),
            words.number(n),
            ha="center",
            va="center_baseline",
            fontweight="bold",
            fontsize=style.LARGE,
        )
    return middle + max(lines.values()) * line - 0.16 + SUM


def _lines(numbers: dict[float, str]) -> dict[float, int]:
    """In which line a number around each place stands beside those before it in that line."""
    ends, lines = [], {}
    for x, number in sorted(numbers.items()):
        half = typeset.text_width(number, style.LARGE, "bold") / 2
        free = (line for line, end in enumerate(ends) if end < x - half)
        lines[x] = next(free, len(ends))
        ends[lines[x] : lines[x] + 1] = [x + half + BETWEEN]
    return lines
