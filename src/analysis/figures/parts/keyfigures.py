"""Numbers as a typographic panel, and a quantity with one of its parts as a split bar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis.drawing import links, style, typeset
from analysis.drawing.marks import GROUND, not_stated
from analysis.wording import Wording

COLUMNS = {style.WIDTH: 4, style.NARROW: 2}  # cells in a row, by the width of the sheet
GUTTER = 0.5  # white between them, cm
LEAST = 3.0  # width of a column, cm
AIR = 0.01  # behind a unit that has just room, cm
FIGURE = 18  # sizes of a number and of one in the bar
SHARE = 15  # pt
AMOUNT = 0.85  # height of the line of a number, cm
UNIT_LIFT = 0.06  # how far a unit below its number moves up, cm
BELOW = 0.3  # space below a row of cells, cm
BAR = 0.7  # height of the split bar, cm
SQUARE = 0.2  # side of the squares before the labels of its segments on a narrow sheet, cm
SILENT = 0.45  # height of a cell without a number, cm
OTHERWISE = ("thirds", "year", "ordinal", "EUR/h")  # units whose numbers are written otherwise
DIGITS = 9  # decimals of a difference; behind them stands what computers add to it
WHOLES = {"thirds": 3, "percent": 100}  # what the parts of a whole add up to, by unit


@dataclass(frozen=True)
class KeyFigures:
    """Key figures of a case: number, unit, qualifier, what it measures, of what, when.

    facts: the table of this name. whole, part: the facts that become a split bar, where both are
    there. silent: what the source gives no number of for this case, each with what it is of, or an
    empty text.
    """

    facts: pd.DataFrame
    whole: str
    part: str
    silent: list[tuple[str, str]]
    words: Wording
    width: float = style.WIDTH

    @cached_property
    def rows(self) -> list[list[dict | tuple[str, str]]]:
        """The cells but that of what is split, row by row."""
        split = (self.whole, self.part) if self._is_split else ()
        cells = [fact for fact in self._facts if fact["fact_id"] not in split] + self.silent
        columns = COLUMNS[self.width]
        return [cells[i : i + columns] for i in range(0, len(cells), columns)]

    @cached_property
    def widths(self) -> list[float]:
        """The width of each column, in cm: even, but for a number that needs more to have its unit
        beside it.
        """
        columns = COLUMNS[self.width]
        needs = [LEAST] * columns
        for row in [*self.rows, [fact for fact in self._facts if fact["fact_id"] == self.whole]]:
            for i, cell in enumerate(row):
                needs[i] = max(needs[i], self._need(cell))
        return typeset.shared(needs, self.width - (columns - 1) * GUTTER)

    @property
    def _facts(self) -> list[dict]:
        return self.facts.to_dict("records")

    @property
    def _is_split(self) -> bool:
        """Whether there is a whole and a part of it that has a number."""
        numbers = self.facts.set_index("fact_id")["value"]
        return self.whole in numbers and pd.notna(numbers.get(self.part))

    def _need(self, cell: dict | tuple[str, str]) -> float:
        """The width of a number with all of its unit, or of what stands for it, in cm."""
        if isinstance(cell, tuple):
            return typeset.text_width(self.words("not_stated")) + GROUND
        unit = typeset.text_width(_unit(cell, self.words), style.LARGE)
        return _number_width(cell, self.words) + unit + AIR

    @property
    def subtitle(self) -> str:
        """What holds for all figures: that there are none, or that the source leaves years out."""
        if self.facts.empty:
            return self.words("is.none")
        return self.words("is.subtitle") if self.facts["year"].isna().any() else ""

    def draw(self, ax: Axes, y: float) -> float:
        """The split bar, if there is one, then rows of figures, from `y` on; returns the bottom."""
        if self._is_split:
            (whole,) = (fact for fact in self._facts if fact["fact_id"] == self.whole)
            y = self._whole(ax, y, whole) + BELOW
        for row in self.rows:
            drop = max(self._drop(i, cell) for i, cell in enumerate(row))
            y = BELOW + max(self._cell(ax, i, y, cell, drop) for i, cell in enumerate(row))
        return y

    def _drop(self, column: int, cell: dict | tuple[str, str]) -> float:
        """Height of what there is no room for of a unit beside its number, in cm."""
        if isinstance(cell, tuple):
            return 0.0
        rest = self._parted(column, cell)[1]
        look = {"language": self.words.language}
        return typeset.text_height(rest, self.widths[column], style.LARGE, **look)

    def _parted(self, column: int, fact: dict) -> tuple[str, str]:
        """As much of a unit as there is room for beside its number, and the rest."""
        room = self.widths[column] - _number_width(fact, self.words)
        return _parted(_unit(fact, self.words), room)

    def _column(self, i: int) -> float:
        """Left edge of a column in cm."""
        return sum(self.widths[:i]) + i * GUTTER

    def _whole(self, ax: Axes, y: float, whole: dict) -> float:
        """What is split, and its bar beside or, on a narrow sheet, below it; returns the bottom."""
        if self.width == style.WIDTH:
            self._bar(ax, self._column(1), y)
            return self._cell(ax, 0, y, whole, self._drop(0, whole))
        return self._bar(ax, 0, self._cell(ax, 0, y, whole, self._drop(0, whole)) + 0.1)

    def _cell(
        self, ax: Axes, column: int, y: float, fact: dict | tuple[str, str], drop: float
    ) -> float:
        """A number and, after a `drop` that all of its row have, the texts below it, or the names
        of one that is not given; returns their bottom.
        """
        x, line = self._column(column), y + AMOUNT - 0.25
        if isinstance(fact, tuple):
            box = (x, line - SILENT, self.widths[column], SILENT + 0.05)
            not_stated(ax, *box, self.words("not_stated"))
            indicator, subject = fact
            y = self._below(ax, column, y + AMOUNT + drop, indicator)
            return self._below(ax, column, y, subject, colour=style.MUTED) if subject else y
        title = f"{self.words.text(fact, 'indicator')}: {stated(fact, self.words)}"
        with links.said(ax, title, f"facts:{fact['fact_id']}"):
            return self._number(ax, column, y, fact, drop)

    def _number(self, ax: Axes, column: int, y: float, fact: dict, drop: float) -> float:
        """A number, its unit, and the texts below it; returns their bottom."""
        number = {"fontsize": FIGURE, "fontweight": "medium", "va": "baseline"}
        x, line = self._column(column), y + AMOUNT - 0.25
        ax.text(x, line, _amount(fact, self.words), **number)
        beside = _number_width(fact, self.words)
        y += AMOUNT
        unit, rest = self._parted(column, fact)
        ax.text(x + beside, line, unit, fontsize=style.LARGE, va="baseline")
        if rest:  # closer to its number than to what follows
            self._below(ax, column, y - UNIT_LIFT, rest, size=style.LARGE)
        year = "" if pd.isna(fact["year"]) else self.words.date(fact["year"], short=True)
        subject = ", ".join(filter(None, [self.words.text(fact, "subject"), year]))
        y = self._below(ax, column, y + drop, self.words.text(fact, "indicator"))
        return self._below(ax, column, y, subject, colour=style.MUTED)

    def _below(self, ax: Axes, column: int, y: float, text: str, **look) -> float:
        """Writes a text as wide as its column; returns its bottom."""
        x, room = self._column(column), self.widths[column]
        return y + typeset.write(ax, x, y, text, room, language=self.words.language, **look)

    def _bar(self, ax: Axes, x: float, y: float) -> float:
        """The part and the rest of the whole as two segments of a bar, each with its label below it
        or, on a narrow sheet, in a line behind its colour; returns the bottom.
        """
        part = self.facts.set_index("fact_id").loc[self.part].to_dict()
        if part["unit"] not in WHOLES:
            wrong = f"part: {self.part!r} is in {part['unit']}"
            raise ValueError(f"{wrong}; expected a fact in {' or '.join(WHOLES)}")
        subject = self.words.text(part, "subject")
        rest = round(WHOLES[part["unit"]] - part["value"], DIGITS)
        split = x + (self.width - x) * part["value"] / WHOLES[part["unit"]]
        shown = self.words.quantity(part["value"], part["unit"], part["qualifier"], short=True)
        # What is left of `almost 40` has no number.
        shown_rest = (
            self.words.quantity(rest, part["unit"], short=True)
            if pd.isna(part["qualifier"])
            else ""
        )
        _segment(ax, x, split, y, style.MUTED, shown)
        _segment(ax, split, self.width, y, style.QUIET, shown_rest)
        lead = "" if _has_room(shown, split - x) else shown
        language = {"language": self.words.language}
        rest = self.words.known(f"rest.{self.whole}", self.words("rest"))
        y += AMOUNT
        if self.width == style.WIDTH:
            bottom = y + typeset.write_lead(ax, x, y, lead, subject, self.width - x, **language)
            beside = x + typeset.lead_extent([(lead, subject)]) + GUTTER
            after, look = max(split, beside), language
            latest = self.width - typeset.text_width(rest)
            if after > latest:  # no room below where its segment begins, or beside the other label
                after, look = self.width, {"align": "right", **language}
                y = y if beside <= latest else bottom
            return y + typeset.write(ax, after, y, rest, self.width - x, **look)
        room = self.width - 2 * SQUARE
        for colour, *label in ((style.MUTED, lead, subject), (style.QUIET, "", rest)):
            top = y + (typeset.height_of(1) - SQUARE) / 2
            ax.add_patch(Rectangle((0, top), SQUARE, SQUARE, facecolor=colour, linewidth=0))
            y += typeset.write_lead(ax, 2 * SQUARE, y, *label, room, **language)
        return y


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
            top + BAR / 2 - typeset.lift(SHARE),
            number,
            fontsize=SHARE,
            fontweight="medium",
            va="center_baseline",
            color=style.ink_on(colour),
        )


def _has_room(number: str, width: float) -> bool:
    return typeset.text_width(number, SHARE, "medium") + 0.4 <= width


def stated(fact: dict, words: Wording) -> str:
    """The number with its qualifier and unit, as text."""
    return words(_key(fact, words), n=_amount(fact, words))


def _key(fact: dict, words: Wording) -> str:
    return words.in_form(f"stated.{fact['unit']}", fact["value"])


def _amount(fact: dict, words: Wording) -> str:
    unit = fact["unit"] if fact["unit"] in OTHERWISE else "count"
    return words.amount(fact["value"], unit, fact["qualifier"], short=True)


def _unit(fact: dict, words: Wording) -> str:
    """The unit alone; empty for things that are counted."""
    return words(_key(fact, words), n="")


def _parted(unit: str, room: float) -> tuple[str, str]:
    """As many words of a unit as there is room for beside its number, and the others."""
    ends = [match.start() for match in re.finditer(" |$", unit)]
    fitting = [end for end in ends if typeset.text_width(unit[:end], style.LARGE) <= room]
    end = max(fitting, default=0)
    return unit[:end], unit[end:].strip()


def _number_width(fact: dict, words: Wording) -> float:
    """From the left edge of a number to its unit, in cm: apart from each other, where the language
    writes them so.
    """
    shown = _amount(fact, words)
    is_apart = not stated(fact, words).startswith(f"{shown}{_unit(fact, words)}")
    return typeset.text_width(shown, FIGURE, "medium") + (0.12 if is_apart else 0.04)
