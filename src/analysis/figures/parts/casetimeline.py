"""Events and targets of a case on a year axis."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from analysis.drawing import style, typeset
from analysis.drawing.marks import (
    EVENTS,
    GAP,
    GROUND,
    event_mark,
    legend,
    mark_of,
    marks_of,
    not_stated,
)
from analysis.drawing.notes import Notes
from analysis.drawing.yearaxis import HEAD, Label, YearAxis, label
from analysis.methods.dates import positions
from analysis.wording import Wording
from analysis.wording.phrases import target_text

LEFT = 0.4  # left edge of the axis, cm
PAD = 0.14  # space below a label, cm
NONE = 0.55  # height of the cell that stands for missing targets, cm


class Timeline:
    """Events, then targets, each first to last; targets without a year in a column of their own, on
    a narrow sheet below the others.

    events, targets: rows of these tables. notes: of the figure. years: first and last year of the
    axis. A case without targets gets a hatched cell instead.
    """

    subtitle = ""

    def __init__(
        self,
        events: pd.DataFrame,
        targets: pd.DataFrame,
        notes: Notes,
        years: tuple[int, int],
        words: Wording,
        width: float = style.WIDTH,
    ):
        self.words, self.notes, self.width = words, notes, width
        self.kinds = marks_of(targets)
        has_column = width == style.WIDTH and targets["year"].isna().any()
        self.axis = YearAxis(*years, LEFT, has_column, edge=width)
        events = events.assign(at=positions(events, years[0])).sort_values("at", kind="stable")
        self.latest = events["at"].max()
        by_year = targets.sort_values("year", kind="stable")
        dated, undated = by_year.dropna(subset="year"), by_year[by_year["year"].isna()]
        self.dated = [self._event(row) for row in events.to_dict("records")]
        self.dated += [self._target(row) for row in dated.to_dict("records")]
        self.undated = [self._target(row) for row in undated.to_dict("records")]

    @property
    def signs(self) -> list[str]:
        """The marks that the legend names; none where all are those of events, as their texts say
        that.
        """
        used = {item.kind for item in self.dated}
        signs = [*self.kinds, *(kind for kind in EVENTS if kind in used)]
        return [] if signs == ["event"] else signs

    def draw(self, ax: Axes, y: float) -> float:
        """The legend and the axis with its labels, from `y` on; returns the bottom."""
        top = legend(ax, y, self.signs, self.words, self.width) if self.signs else y
        beside = [self.dated, self.undated] if self.axis.has_undated else [self.dated]
        bottom = max(_column(ax, top + HEAD, labels) for labels in beside)
        if not self.kinds:
            self._no_target(ax, bottom)
            bottom += NONE
        self.axis.draw(ax, top, bottom, self.words)
        return bottom if self.axis.has_undated else self._below(ax, bottom)

    def _below(self, ax: Axes, y: float) -> float:
        """The targets without a year below the axis, if there are any; returns the bottom."""
        if not self.undated:
            return y
        small = {"size": style.SMALL, "colour": style.MUTED}
        y += typeset.write_lines(ax, LEFT + GAP, y, [self.words("undated")], **small)
        return _column(ax, y + PAD / 2, self.undated)

    def _no_target(self, ax: Axes, y: float) -> None:
        """The hatched cell for a case without targets, from its latest event, or from where its
        text has room, to the end of the axis.
        """
        latest = self.axis.left if pd.isna(self.latest) else self.axis.x(self.latest)
        text = self.words("wants.none")
        left = min(latest, self.axis.right - typeset.text_width(text) - GROUND)
        box = (left, y + 0.05, self.axis.right - left, NONE - 0.1)
        not_stated(ax, *box, text)

    def _target(self, row: dict) -> Label:
        lead = "" if pd.isna(row["year"]) else str(row["year"])
        text = f"{self.words.text(row, 'actor')}: {target_text(row, self.words)}"
        text += self.notes.number(row["discrepancy_id"])
        leads = f"targets:{row['target_id']}"
        if not lead and not self.axis.has_undated:
            look = {"room": self.width - LEFT - GAP, "to_right": True, "clears": False}
            look |= {"language": self.words.language, "row": leads}
            return Label(mark_of(row), LEFT, lead, text, **look)
        return label(self.axis, mark_of(row), row["year"], lead, text, self.words, leads)

    def _event(self, row: dict) -> Label:
        kind = event_mark(row, self.axis.first)
        date = self.words.date(row["date"], row["date_qualifier"], short=True)
        text = self.words.text(row, "label") + self.notes.number(row["discrepancy_id"])
        leads = f"events:{row['event_id']}"
        return label(self.axis, kind, row["at"], date, text, self.words, leads)


def _column(ax: Axes, y: float, labels: list[Label]) -> float:
    """Labels below each other; returns their bottom."""
    for item in labels:
        item.draw(ax, y)
        y += item.height + PAD
    return y
