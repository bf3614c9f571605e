"""One timeline for all sources: what came and went, and what is to be reached when."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.drawing import style
from analysis.drawing.marks import EVENTS, GAP, TARGETS, legend, legend_height
from analysis.drawing.notes import Notes
from analysis.drawing.yearaxis import HEAD, Label, YearAxis, label
from analysis.figures.parts.lanes import Lane, Span
from analysis.methods.dates import WITHIN, decimal_year, duration, end_of
from analysis.wording import Wording

LEFT = 0.5  # left edge of the axis; what lies before and after it
BEFORE = 0.1  # from the edges of the sheet
AFTER = 0.5  # cm
BAR = 0.3  # a span is drawn as a bar from this length on; height of the sums
SUM = 0.6  # cm


@dataclass(frozen=True)
class OpenAxis(YearAxis):
    """A year axis on which earlier years share a place before it and, with `has_later`,
    later ones a place behind it.
    """

    has_later: bool

    @property
    def right(self) -> float:
        """Where the last year lies, in cm."""
        return style.WIDTH - (1.6 if self.has_later else 0.5)

    def x(self, year: float) -> float:
        """Where a year lies, in cm."""
        if year > self.last:
            return style.WIDTH - AFTER
        return BEFORE if year < self.first else super().x(year)

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


def chronology(
    events: pd.DataFrame,
    targets: pd.DataFrame,
    sources: pd.DataFrame,
    discrepancies: pd.DataFrame,
    years: tuple[int, int],
    words: Wording,
) -> Figure | None:
    """Events and targets of each source in a lane of their own on one axis of years, the number of
    targets per year on top.

    events: rows of this table with is_labelled; the others are ticks. targets: rows with a
    year; they pile up at it.
    sources: the lanes, in order; those with nothing to show are left out. years: first and last
    year of the axis. None if there are neither events nor targets.
    """
    if events.empty and targets.empty:
        return None
    within = events["date_qualifier"].map(WITHIN).fillna(0)
    events = events.assign(at=events["date"].map(decimal_year) + within).sort_values(
        "at", kind="stable"
    )
    axis = OpenAxis(
        *years,
        LEFT,
        has_undated=False,
        has_later=max([*targets["year"], *events["at"]], default=0) > years[1],
    )
    notes = Notes(events.loc[events["is_labelled"], "discrepancy_id"], discrepancies, words)
    lanes = [
        _lane(source, events, targets, axis, notes, words) for source in sources.to_dict("records")
    ]
    lanes = [lane for lane in lanes if lane.ticks or lane.piles or lane.labels]
    legends = [
        kinds
        for kinds in (
            _event_kinds(events, axis),
            [kind for kind in TARGETS if kind in set(targets["kind"])],
        )
        if kinds
    ]
    top = sum(legend_height(kinds, words) - 0.1 for kinds in legends) + 0.1
    bottom = top + HEAD + SUM + sum(lane.height for lane in lanes)
    fig, ax = style.canvas(bottom + notes.height)
    y = 0.0
    for kinds in legends:
        legend(ax, y, kinds, words)
        y += legend_height(kinds, words) - 0.1
    axis.draw(ax, top, bottom, words)
    if len(targets):
        _sums(ax, top + HEAD, targets, axis, words)
    y = top + HEAD + SUM
    for lane in lanes:
        lane.draw(ax, y)
        y += lane.height
    notes.draw(ax, bottom)
    return fig


def _event_kinds(events: pd.DataFrame, axis: OpenAxis) -> list[str]:
    used = {_kind(event, axis) for event in events.to_dict("records")}
    return [kind for kind in EVENTS if kind in used]


def _kind(event: dict, axis: OpenAxis) -> str:
    """The mark of an event."""
    if not event["is_labelled"]:
        return "minor"
    if event["at"] < axis.first:
        return "earlier"
    return {"planned": "planned", "about": "derived"}.get(event["date_qualifier"], "event")


def _lane(
    source: dict,
    events: pd.DataFrame,
    targets: pd.DataFrame,
    axis: OpenAxis,
    notes: Notes,
    words: Wording,
) -> Lane:
    own = events[events["source_id"] == source["source_id"]]
    ticks = [axis.x(at) for at in own.loc[~own["is_labelled"], "at"]]
    aims = targets[targets["source_id"] == source["source_id"]].sort_values(
        "kind", key=lambda kinds: kinds.map(list(TARGETS).index), kind="stable"
    )
    piles: dict[float, list[str]] = {}
    for year, kind in zip(aims["year"], aims["kind"], strict=True):
        piles.setdefault(axis.x(year), []).append(kind)
    labels = [_label(row, axis, notes, words) for row in own[own["is_labelled"]].to_dict("records")]
    return Lane(words.about(source, "label"), ticks, piles, labels)


def _label(event: dict, axis: OpenAxis, notes: Notes, words: Wording) -> Label:
    """The label of an event, beside a bar if it lasts."""
    date = words.date(event["date"], event["date_qualifier"], short=True)
    text = words.about(event, "label") + notes.number(event["discrepancy_id"])
    begin, end = axis.x(event["at"]), axis.x(min(end_of(event["date"]), axis.last))
    if not duration(event["date"]) or end - begin < BAR:
        return label(axis, _kind(event, axis), event["at"], date, text, words)
    left, right = begin - axis.left, style.WIDTH - end
    look = {
        "room": max(left, right) - GAP,
        "to_right": right > left,
        "clears": True,
        "language": words.language,
    }
    return Span(
        _kind(event, axis), end if right > left else begin, date, text, **look, begin=begin, end=end
    )


def _sums(ax: Axes, y: float, targets: pd.DataFrame, axis: OpenAxis, words: Wording) -> None:
    """How many targets there are for each year."""
    middle = y + 0.16
    style.write(
        ax,
        0,
        middle,
        words("sum"),
        axis.right,
        weight="bold",
        valign="center",
        language=words.language,
    )
    for x, n in targets["year"].map(axis.x).value_counts().items():
        ax.text(
            x,
            middle,
            words.number(n),
            ha="center",
            va="center_baseline",
            fontweight="bold",
            fontsize=style.LARGE,
        )
