"""The growth of a number as two bars on a common scale, against a target."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis.drawing import style
from analysis.wording import Wording

LABEL = 4.4  # left edge of the bars
BAR = 0.8  # their height and least distance
ROW = 1.15  # cm
# size of a number, pt, and height of its digits, cm
NUMBER = 18
DIGIT = 0.43
ROOM = 1.3  # room for a number behind a bar, cm
AIM = 0.6  # height of the line of the target, cm
START = style.ACCENT
ADDED = style.tint(style.ACCENT, 0.55)


@dataclass(frozen=True)
class Growth:
    """Two bars, what was there at the start dark in both of them; notes on the numbers below.

    facts: rows of this table; `part` says what they are: start, end, target (numbers of the same
    unit) or factor (end to start).
    """

    facts: pd.DataFrame
    words: Wording

    @property
    def height(self) -> float:
        """Height in cm; 0 if there is no bar."""
        notes = sum(style.height_of(len(lines), style.SMALL) for _, lines in self._notes)
        return (
            style.HEADING + self._aim + self._row * len(self._bars) + notes if self._bars else 0.0
        )

    def draw(self, ax: Axes, y: float) -> None:
        """The heading, the bars with the target, and the notes, from `y` on."""
        style.write_heading(ax, y, self._title)
        y += style.HEADING + self._aim
        if self._fact("target"):
            self._target(ax, y, self._fact("target"))
        for bar in self._bars:
            self._label(ax, y, bar)
            self._bar(ax, y, bar)
            y += self._row
        for amount, lines in self._notes:
            style.write_lines(
                ax, LABEL - 0.3, y, [amount], size=style.SMALL, weight="bold", align="right"
            )
            y += style.write_lines(ax, LABEL, y, lines, size=style.SMALL, colour=style.MUTED)

    def _fact(self, part: str) -> dict | None:
        return next(iter(self.facts[self.facts["part"] == part].to_dict("records")), None)

    @property
    def _title(self) -> str:
        """What has grown, and how much."""
        subject, factor = self.words.about(self._bars[0], "subject"), self._fact("factor")
        return (
            self.words("grown", subject=subject, factor=self.words.number(factor["value"]))
            if factor
            else subject
        )

    @property
    def _bars(self) -> list[dict]:
        return [fact for fact in map(self._fact, ("start", "end")) if fact]

    @property
    def _numbers(self) -> pd.DataFrame:
        """The facts that are drawn on the scale, the smallest first."""
        return self.facts[self.facts["part"] != "factor"].sort_values("value")

    @property
    def _notes(self) -> list[tuple[str, list[str]]]:
        """Each number that needs a note, and the lines of the note."""
        noted = self._numbers.dropna(subset=self.words.column("note")).to_dict("records")
        texts = [
            (self.words.about(fact, "short"), self.words.about(fact, "note")) for fact in noted
        ]
        return [
            (
                amount,
                style.wrap(text, style.WIDTH - LABEL, style.SMALL, language=self.words.language),
            )
            for amount, text in texts
        ]

    def _x(self, value: float) -> float:
        """Where a value lies on the scale from 0 to the greatest one, in cm."""
        return LABEL + value / self._numbers["value"].max() * (style.WIDTH - ROOM - LABEL)

    @property
    def _aim(self) -> float:
        """Height of the line above the bars that names the target, in cm."""
        return AIM if self._fact("target") else 0.0

    @property
    def _row(self) -> float:
        """Distance of the bars, as far as their labels need it, in cm."""
        return max(
            ROW,
            *(
                style.height_of(len(indicator) + len(when)) + 0.1
                for indicator, when in map(self._lines, self._bars)
            ),
        )

    def _lines(self, fact: dict) -> tuple[list[str], list[str]]:
        """What is counted, and when."""
        when = [] if pd.isna(fact["year"]) else [self.words.date(fact["year"])]
        return style.wrap(
            self.words.about(fact, "indicator"), LABEL - 0.3, language=self.words.language
        ), when

    def _label(self, ax: Axes, y: float, fact: dict) -> None:
        indicator, when = self._lines(fact)
        top = y + (BAR - style.height_of(len(indicator) + len(when))) / 2
        below = top + style.write_lines(ax, 0, top, indicator)
        style.write_lines(ax, 0, below, when, colour=style.MUTED)

    def _bar(self, ax: Axes, y: float, fact: dict) -> None:
        """The bar and its number; the parts of a bar that has grown say what they are."""
        start, end = self._x(min(self._bars[0]["value"], fact["value"])), self._x(fact["value"])
        for left, right, colour, key in (
            (LABEL, start, START, "present"),
            (start, end, ADDED, "added"),
        ):
            ax.add_patch(Rectangle((left, y), right - left, BAR, facecolor=colour))
            if end > start:
                self._inside(ax, left, right, y, self.words(key), style.on(colour))
        ax.text(
            end + 0.2,
            y + BAR / 2 + DIGIT / 2,
            self.words.about(fact, "short"),
            fontsize=NUMBER,
            fontweight="medium",
            va="baseline",
        )

    def _inside(
        self, ax: Axes, left: float, right: float, y: float, text: str, colour: str
    ) -> None:
        """The text of a part of a bar, if there is room for it before the line of the target."""
        target = self._fact("target")
        if target and left < self._x(target["value"]) < right:
            right = self._x(target["value"])
        if style.text_width(text, style.SMALL) + 0.4 <= right - left:
            ax.text(
                left + 0.2,
                y + BAR / 2,
                text,
                fontsize=style.SMALL,
                color=colour,
                va="center_baseline",
            )

    def _target(self, ax: Axes, y: float, fact: dict) -> None:
        """A dashed line through the bars, its text above them on the side where there is more room."""
        x, bottom = self._x(fact["value"]), y + self._row * len(self._bars) - (self._row - BAR) / 2
        ax.plot(
            [x, x],
            [y - AIM, bottom],
            color=style.INK,
            linewidth=1.2,
            linestyle=(0, (3, 2)),
            zorder=3,
        )
        text = f"{self.words.about(fact, 'indicator')}: {self.words.about(fact, 'short')}"
        to_left = x > (LABEL + style.WIDTH) / 2
        style.write_lines(
            ax,
            x - 0.15 if to_left else x + 0.15,
            y - AIM,
            [text],
            weight="bold",
            align="right" if to_left else "left",
        )
