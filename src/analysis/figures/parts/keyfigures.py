"""Numbers as a typographic panel, and a quantity with one of its parts as a split bar."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis.drawing import style
from analysis.wording import Wording

COLUMNS = 4  # cells in a row; white between them
GUTTER = 0.5  # cm
CELL = (style.WIDTH - (COLUMNS - 1) * GUTTER) / COLUMNS  # width of a cell, cm
FIGURE = 18  # sizes of a number and of one in the bar
SHARE = 15  # pt
AMOUNT = 0.85  # height of the line of a number, cm
UNIT_LIFT = 0.12  # how far a unit below its number moves up, cm
BAR = 0.7  # height of the split bar, cm
WHOLES = {"thirds": 3, "percent": 100}  # what the parts of a whole add up to, by unit


@dataclass(frozen=True)
class KeyFigures:
    """Key figures of a case: number, unit, qualifier, what it measures, of what, when.

    facts: the table of this name. whole, part: the facts that become a split
    bar, where both are there.
    """

    facts: pd.DataFrame
    whole: str
    part: str
    words: Wording

    @property
    def subtitle(self) -> str:
        """What holds for all figures: that there are none, or that the source leaves years out."""
        if self.facts.empty:
            return self.words("is.none")
        return self.words("is.subtitle") if self.facts["year"].isna().any() else ""

    @property
    def height(self) -> float:
        """Height of all rows in cm."""
        return sum(self._row_height(row) for row in self._rows)

    def draw(self, ax: Axes, y: float) -> None:
        """The split bar, if there is one, then rows of figures, from `y` on."""
        if self._is_split:
            self._bar(ax, _column(1), y)
        for row in self._rows:
            for i, fact in enumerate(row):
                self._cell(ax, _column(i), y, fact)
            y += self._row_height(row)

    @property
    def _is_split(self) -> bool:
        return {self.whole, self.part} <= set(self.facts["fact_id"])

    @property
    def _rows(self) -> list[list[dict]]:
        """The figures of each row; a quantity drawn as a bar has a row to itself."""
        facts = self.facts.to_dict("records")
        if not self._is_split:
            return _in_rows(facts)
        others = [fact for fact in facts if fact["fact_id"] not in (self.whole, self.part)]
        return [[fact for fact in facts if fact["fact_id"] == self.whole], *_in_rows(others)]

    def _row_height(self, row: list[dict]) -> float:
        return (
            AMOUNT
            + max(
                sum(style.height_of(len(lines), size) for lines, _, size in self._texts(fact))
                for fact in row
            )
            + 0.3
        )

    def _texts(self, fact: dict) -> list[tuple[list[str], str, float]]:
        """Lines, colour and size of the texts below a number; a unit with no
        room beside it comes first.
        """
        unit = "" if self._fits(fact) else _unit(fact, self.words)
        year = "" if pd.isna(fact["year"]) else self.words.date(fact["year"], short=True)
        subject = ", ".join(filter(None, [self.words.about(fact, "subject"), year]))
        texts = [
            (unit, style.INK, style.LARGE),
            (self.words.about(fact, "indicator"), style.INK, style.NORMAL),
            (subject, style.MUTED, style.NORMAL),
        ]
        return [
            (style.wrap(text, CELL, size, language=self.words.language), colour, size)
            for text, colour, size in texts
            if text
        ]

    def _fits(self, fact: dict) -> bool:
        """Whether the unit has room beside the number."""
        return (
            _number_width(fact, self.words) + style.text_width(_unit(fact, self.words), style.LARGE)
            <= CELL
        )

    def _cell(self, ax: Axes, x: float, y: float, fact: dict) -> None:
        line = y + AMOUNT - 0.25
        ax.text(
            x, line, _amount(fact, self.words), fontsize=FIGURE, fontweight="medium", va="baseline"
        )
        if self._fits(fact):
            ax.text(
                x + _number_width(fact, self.words),
                line,
                _unit(fact, self.words),
                fontsize=style.LARGE,
                va="baseline",
            )
        y += AMOUNT
        for lines, colour, size in self._texts(fact):
            # a unit stands closer to its number than to what follows
            lift = UNIT_LIFT if size == style.LARGE else 0
            for text in lines:
                y += style.write(ax, x, y - lift, text, CELL + 0.1, size=size, colour=colour)

    def _bar(self, ax: Axes, x: float, y: float) -> None:
        """The part and the rest of the whole as two segments of a bar, labelled below."""
        part = self.facts.set_index("fact_id").loc[self.part].to_dict()
        subject, rest = self.words.about(part, "subject"), WHOLES[part["unit"]] - part["value"]
        split = x + (style.WIDTH - x) * part["value"] / WHOLES[part["unit"]]
        shown = self.words.quantity(part["value"], part["unit"], part["qualifier"], short=True)
        # What is left of `almost 40` has no number.
        shown_rest = (
            self.words.quantity(rest, part["unit"], short=True)
            if pd.isna(part["qualifier"])
            else ""
        )
        _segment(ax, x, split, y, style.MUTED, shown)
        _segment(ax, split, style.WIDTH, y, style.QUIET, shown_rest)
        lead = "" if _has_room(shown, split - x) else shown
        style.write_lead(
            ax, x, y + AMOUNT, lead, subject, style.WIDTH - x, language=self.words.language
        )
        after = x + style.lead_extent(lead, [subject]) + GUTTER
        style.write(
            ax,
            max(split, after),
            y + AMOUNT,
            self.words("rest"),
            CELL,
            language=self.words.language,
        )


def _segment(ax: Axes, start: float, end: float, y: float, colour: str, number: str) -> None:
    """A segment of the bar on the line of the large numbers, its own number
    inside if there is room.
    """
    top = y + AMOUNT - 0.2 - BAR
    ax.add_patch(
        Rectangle(
            (start, top), end - start, BAR, facecolor=colour, edgecolor=style.PAPER, linewidth=1.5
        )
    )
    if _has_room(number, end - start):
        ax.text(
            start + 0.2,
            top + BAR / 2,
            number,
            fontsize=SHARE,
            fontweight="medium",
            va="center_baseline",
            color=style.on(colour),
        )


def _has_room(number: str, width: float) -> bool:
    return style.text_width(number, SHARE, "medium") + 0.4 <= width


def _column(i: int) -> float:
    """Left edge of a column in cm."""
    return i * (CELL + GUTTER)


def _in_rows(facts: list[dict]) -> list[list[dict]]:
    return [facts[i : i + COLUMNS] for i in range(0, len(facts), COLUMNS)]


def stated(fact: dict, words: Wording) -> str:
    """The number with its qualifier and unit, as text."""
    return words(f"stated.{fact['unit']}", n=_amount(fact, words))


def _amount(fact: dict, words: Wording) -> str:
    unit = fact["unit"] if fact["unit"] in ("thirds", "year") else "count"
    return words.quantity(fact["value"], unit, fact["qualifier"], short=True)


def _unit(fact: dict, words: Wording) -> str:
    """The unit alone; empty for things that are counted."""
    return words(f"stated.{fact['unit']}", n="")


def _number_width(fact: dict, words: Wording) -> float:
    return style.text_width(_amount(fact, words), FIGURE, "medium") + 0.12
