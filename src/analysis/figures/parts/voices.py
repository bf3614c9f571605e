"""A timeline on which what several voices say stands apart."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from analysis.drawing import style
from analysis.drawing.marks import legend, legend_height
from analysis.drawing.notes import Notes
from analysis.drawing.yearaxis import HEAD, Label, YearAxis, label, line_height, pack
from analysis.methods.dates import WITHIN, decimal_year
from analysis.wording import Wording

LEFT = 3.6  # left edge of the axis, cm
PAD = 0.14  # space above and below a band, cm
VOICES = ("asks", "answers", "document")
YEAR = r"\d{4}"  # a date without a month; room that the number of a year needs
YEAR_WIDTH = 0.9  # cm
MONTH = 1 / 12  # of a year


@dataclass(frozen=True)
class Voices:
    """Events as marks at their date, a band for each voice; a date without
    a month is a hollow mark.

    events: rows of this table with `voice`, one of `VOICES`. discrepancies:
    the table they refer to.
    """

    events: pd.DataFrame
    discrepancies: pd.DataFrame
    words: Wording

    @property
    def height(self) -> float:
        """Height in cm; 0 if there are no events."""
        if self.events.empty:
            return 0.0
        bands = sum(self._band_height(lines) for _, lines in self._bands)
        return (
            style.HEADING
            + legend_height(self._kinds, self.words)
            + HEAD
            + bands
            + self._notes.height
        )

    def draw(self, ax: Axes, y: float) -> None:
        """The heading, the legend, the years, the bands and the notes, from `y` on."""
        bottom = y + self.height - self._notes.height
        style.write_heading(ax, y, self.words("events.title"))
        legend(ax, y + style.HEADING, self._kinds, self.words)
        y += style.HEADING + legend_height(self._kinds, self.words)
        self._years(ax, y, bottom)
        y += HEAD
        for voice, lines in self._bands:
            self._band(ax, y, voice, lines)
            y += self._band_height(lines)
        self._notes.draw(ax, bottom)

    @property
    def _kinds(self) -> list[str]:
        """The marks in use."""
        return [kind for kind in ("event", "vague") if kind in set(self._dated["mark"])]

    @property
    def _dated(self) -> pd.DataFrame:
        """The events in order of the date they begin on, with `at`, that date
        as a number, and `mark`.
        """
        start = self.events["date"].str.partition("/")[0]
        is_year = start.str.fullmatch(YEAR)
        within = self.events["date_qualifier"].map(WITHIN).fillna(0.5).where(is_year, MONTH / 2)
        dated = self.events.assign(
            at=start.map(decimal_year) + within, mark=is_year.map({True: "vague", False: "event"})
        )
        return dated.sort_values("at", kind="stable")

    @property
    def _axis(self) -> YearAxis:
        at = self._dated["at"]
        return YearAxis(math.floor(at.min()), math.floor(at.max()) + 1, LEFT, has_undated=False)

    @property
    def _notes(self) -> Notes:
        return Notes(self._dated["discrepancy_id"], self.discrepancies, self.words)

    @property
    def _bands(self) -> list[tuple[str, list[list[Label]]]]:
        """Each voice that speaks, with the lines of its labels."""
        by_voice = [(voice, self._dated[self._dated["voice"] == voice]) for voice in VOICES]
        return [
            (voice, pack(self._label(row) for row in rows.to_dict("records")))
            for voice, rows in by_voice
            if len(rows)
        ]

    def _label(self, row: dict) -> Label:
        date = self.words.date(row["date"], row["date_qualifier"], short=True)
        text = self.words.about(row, "label") + self._notes.number(row["discrepancy_id"])
        return label(self._axis, row["mark"], row["at"], date, text, self.words)

    def _years(self, ax: Axes, y: float, bottom: float) -> None:
        """Hairlines between the years and, as far as there is room, their numbers in the middle."""
        axis = self._axis
        step = math.ceil(YEAR_WIDTH / (axis.x(axis.first + 1) - axis.x(axis.first)))
        for year in range(axis.first, axis.last + 1, step):
            ax.plot(
                [axis.x(year)] * 2, [y + 0.1, bottom], color=style.PALE, linewidth=0.8, zorder=0
            )
        for year in range(axis.first, axis.last, step):
            middle = {
                "ha": "center",
                "va": "center_baseline",
                "fontsize": style.SMALL,
                "color": style.MUTED,
            }
            ax.text(axis.x(year + 0.5), y + HEAD / 2 - 0.05, str(year), **middle)

    def _band_height(self, lines: list[list[Label]]) -> float:
        return 2 * PAD + sum(map(line_height, lines))

    def _band(self, ax: Axes, y: float, voice: str, lines: list[list[Label]]) -> None:
        """The rule above the band, the name of the voice, and the labels."""
        ax.plot([0, style.WIDTH], [y, y], color=style.RULE, linewidth=0.8, zorder=1)
        style.write(
            ax,
            0,
            y + PAD,
            self.words(f"voice.{voice}"),
            LEFT - 0.4,
            weight="bold",
            language=self.words.language,
        )
        y += PAD
        for line in lines:
            for item in line:
                item.draw(ax, y)
            y += line_height(line)
