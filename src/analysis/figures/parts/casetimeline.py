"""Events and targets of a case on a year axis."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from analysis.drawing import style
from analysis.drawing.marks import TARGETS, legend, legend_height
from analysis.drawing.notes import Notes
from analysis.drawing.yearaxis import HEAD, Label, YearAxis, label
from analysis.methods.dates import decimal_year
from analysis.wording import Wording
from analysis.wording.phrases import target_text

LEFT = 0.4  # left edge of the axis, cm
PAD = 0.14  # space below a label, cm
NONE = 0.55  # height of the cell that stands for missing targets, cm


class Timeline:
    """Events, then targets, each first to last; targets without a year in a column of their own.

    events, targets: rows of these tables. discrepancies: the table. years: first and last year of
    the axis. A case without targets gets a hatched cell instead.
    """

    subtitle = ""

    def __init__(
        self,
        events: pd.DataFrame,
        targets: pd.DataFrame,
        discrepancies: pd.DataFrame,
        years: tuple[int, int],
        words: Wording,
    ):
        self.words = words
        self.kinds = [kind for kind in TARGETS if kind in set(targets["kind"])]
        self.legend = [*self.kinds, "event"]
        self.top = legend_height(self.legend, words) + HEAD
        self.axis = YearAxis(*years, LEFT, targets["year"].isna().any())
        self.notes = Notes(
            pd.concat([events["discrepancy_id"], targets["discrepancy_id"]]), discrepancies, words
        )
        events = events.assign(at=events["date"].map(decimal_year)).sort_values("at", kind="stable")
        self.latest = events["at"].max()
        by_year = targets.sort_values("year", kind="stable")
        self.dated = [self._event(row) for row in events.to_dict("records")]
        self.dated += [
            self._target(row) for row in by_year.dropna(subset="year").to_dict("records")
        ]
        self.undated = [
            self._target(row) for row in by_year[by_year["year"].isna()].to_dict("records")
        ]

    @property
    def height(self) -> float:
        """Height of legend, axis and notes in cm."""
        return self._bottom + self.notes.height

    def draw(self, ax: Axes, y: float) -> None:
        """The legend, the axis with its labels, and the notes, from `y` on."""
        legend(ax, y, self.legend, self.words)
        self.axis.draw(ax, y + self.top - HEAD, y + self._bottom, self.words)
        for column in (self.dated, self.undated):
            top = y + self.top
            for item in column:
                item.draw(ax, top)
                top += item.height + PAD
        if not self.kinds:
            self._no_target(ax, y + self._bottom - NONE)
        self.notes.draw(ax, y + self._bottom)

    @property
    def _bottom(self) -> float:
        longest = max(
            sum(item.height + PAD for item in column) for column in (self.dated, self.undated)
        )
        return self.top + longest + (0 if self.kinds else NONE)

    def _no_target(self, ax: Axes, y: float) -> None:
        """The hatched cell for a case without targets, from its latest event
        to the end of the axis.
        """
        left = self.axis.left if pd.isna(self.latest) else self.axis.x(self.latest)
        style.not_stated(
            ax, left, y + 0.05, self.axis.right - left, NONE - 0.1, self.words("wants.none")
        )

    def _target(self, row: dict) -> Label:
        lead = "" if pd.isna(row["year"]) else str(row["year"])
        text = f"{self.words.about(row, 'actor')}: {target_text(row, self.words)}{self.notes.number(row['discrepancy_id'])}"
        return label(self.axis, row["kind"], row["year"], lead, text, self.words)

    def _event(self, row: dict) -> Label:
        kind = "event" if row["at"] >= self.axis.first else "earlier"
        date = self.words.date(row["date"], row["date_qualifier"], short=True)
        return label(
            self.axis,
            kind,
            row["at"],
            date,
            self.words.about(row, "label") + self.notes.number(row["discrepancy_id"]),
            self.words,
        )
