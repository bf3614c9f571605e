"""A year axis with labelled marks, shared by the figures of targets and of cases."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis.drawing import links, style, typeset
from analysis.drawing.marks import GAP, mark
from analysis.wording import Wording

STEP = 5  # years between two ticks
APART = 0.2  # white between two years, cm
HEAD = 0.55  # height of the row of years, cm
BETWEEN = 0.06  # space below a line of labels, cm
COLUMN = 4.2  # width of the column of marks without a year, cm
BEFORE = 0.55  # from the last year to that column: room for half its number and some white, cm


@dataclass(frozen=True)
class YearAxis:
    """Years from `first` to `last` from `left` to `right` (cm); with `has_undated`, a column for
    marks without a year follows, up to the `edge` of the sheet.
    """

    first: int
    last: int
    left: float
    has_undated: bool
    edge: float = field(default=style.WIDTH, kw_only=True)

    @property
    def right(self) -> float:
        """Where the last year lies, in cm."""
        return self.edge - (COLUMN + BEFORE if self.has_undated else 0.45)

    def x(self, year: float) -> float:
        """Where a year lies, in cm; years beyond the axis at its beginning or end."""
        if pd.isna(year):
            return self.edge - COLUMN + 0.3
        length = max(self.last - self.first, 1)
        return self.left + min(max(year - self.first, 0), length) / length * (
            self.right - self.left
        )

    @property
    def ticks(self) -> range:
        """The years with a hairline: as many as their numbers have room beside each other."""
        step = STEP if self.edge == style.WIDTH else 2 * STEP
        room = typeset.text_width("2000", style.SMALL)
        while (
            step < self.last - self.first and self.x(self.first + step) - self.left < room + APART
        ):
            step *= 2
        return range(math.ceil(self.first / step) * step, self.last + 1, step)

    def numbered(self, free: float = -math.inf) -> list[int]:
        """Those of them that are written: whose number lies behind `free` (cm)."""
        half = typeset.text_width("2000", style.SMALL) / 2
        return [year for year in self.ticks if self.x(year) - half >= free]

    def draw(
        self, ax: Axes, y: float, bottom: float, words: Wording, free: float = -math.inf
    ) -> None:
        """The years at the top, from `free` (cm) on, hairlines down to `bottom`, and the head of
        the column without years.
        """
        numbered = self.numbered(free)
        for year in self.ticks:
            ax.plot(
                [self.x(year)] * 2,
                [y + HEAD - 0.08, bottom],
                color=style.PALE,
                linewidth=0.8,
                zorder=0,
            )
            if year not in numbered:
                continue
            ax.text(
                self.x(year),
                y + HEAD / 2 - 0.05,
                str(year),
                ha="center",
                va="center_baseline",
                fontsize=style.SMALL,
                color=style.MUTED,
            )
        if self.has_undated:
            left = self.edge - COLUMN
            ax.add_patch(Rectangle((left, y), COLUMN, bottom - y, facecolor=style.PALE, zorder=0))
            ax.text(
                left + 0.2,
                y + HEAD / 2 - 0.05,
                words("undated"),
                va="center_baseline",
                fontsize=style.SMALL,
                color=style.MUTED,
            )


def span(years: pd.Series) -> tuple[int, int]:
    """The first and last year of an axis that holds all `years`: whole steps, at least one;
    (1, 0) if there are none.
    """
    years = years[years > -math.inf]
    if years.empty:
        return 1, 0
    first = math.floor(years.min() / STEP) * STEP
    return first, max(math.ceil(years.max() / STEP) * STEP, first + STEP)


@dataclass(frozen=True)
class Label:
    """A mark of some `kind` at `x` and its text beside it: `lead` in bold, then
    `text`, at most `room` cm wide.

    clears: whether the text interrupts the hairlines behind it. row: where it leads. over: a mark
    on the first one.
    """

    kind: str
    x: float
    lead: str
    text: str
    room: float
    to_right: bool
    clears: bool
    language: str
    row: str = field(default="", kw_only=True)
    over: str = field(default="", kw_only=True)

    @property
    def drop(self) -> float:
        """How far below its top the text of the label begins, in cm."""
        return 0.0

    @property
    def height(self) -> float:
        """Height of the label in cm."""
        return self.drop + typeset.height_of(len(self._lines))

    @property
    def extent(self) -> tuple[float, float]:
        """Left and right edge of mark and text, with some air."""
        width = GAP + typeset.lead_extent(self._lines)
        return (
            (self.x - GAP, self.x + width + GAP)
            if self.to_right
            else (self.x - width - GAP, self.x + GAP)
        )

    def draw(self, ax: Axes, y: float) -> None:
        """The mark and its text; `y` is the top of both in cm."""
        x, align = (self.x + GAP, "left") if self.to_right else (self.x - GAP, "right")
        if self.clears:
            for i, line in enumerate(self._lines):
                top, width = y + self.drop + typeset.height_of(i), typeset.lead_extent([line])
                corner = (x if self.to_right else x - width, top)
                clear = Rectangle(corner, width, typeset.height_of(1), facecolor=style.PAPER)
                clear.set_zorder(0.5)
                ax.add_patch(clear)
        look = {"align": align, "language": self.language}
        with links.said(ax, f"{self.lead} {self.text}".strip(), self.row):
            typeset.write_lead(ax, x, y + self.drop, self.lead, self.text, self.room, **look)
            self._sign(ax, y + typeset.height_of(1) / 2)

    def _sign(self, ax: Axes, y: float) -> None:
        for kind in filter(None, (self.kind, self.over)):
            mark(ax, self.x, y, kind)

    @property
    def _lines(self) -> list[tuple[str, str]]:
        look = {"align": "left" if self.to_right else "right", "language": self.language}
        return typeset.lead_lines(self.lead, self.text, self.room, **look)


def label(
    axis: YearAxis,
    kind: str,
    year: float,
    lead: str,
    text: str,
    words: Wording,
    row: str = "",
    over: str = "",
) -> Label:
    """A label on the right of its mark unless it has fewer lines on the left; `year` says where the
    mark is (missing: in the column of marks without one), the other arguments are those of `Label`.
    """
    x = axis.x(year)
    end = axis.edge - 0.05 if pd.isna(year) else axis.right
    look = {"clears": pd.notna(year), "language": words.language, "row": row, "over": over}
    right = Label(kind, x, lead, text, end - x - GAP, to_right=True, **look)
    left = Label(kind, x, lead, text, x - axis.left - GAP, to_right=False, **look)
    if pd.isna(year) or left.room <= 0:
        return right
    if right.room <= 0:
        return left
    return left if left.height < right.height else right


def pack(labels: Iterable[Label]) -> list[list[Label]]:
    """Labels in as few lines as their texts allow, each in the first line where it has room."""
    lines: list[list[Label]] = []
    for new in labels:
        line = next(
            (line for line in lines if all(_are_apart(new.extent, other.extent) for other in line)),
            None,
        )
        if line is None:
            lines.append([new])
        else:
            line.append(new)
    return lines


def line_height(line: list[Label]) -> float:
    """Height of a line of labels with the space below it, in cm."""
    return max(item.height for item in line) + BETWEEN


def _are_apart(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether two intervals do not overlap."""
    return one[1] <= other[0] or other[1] <= one[0]
