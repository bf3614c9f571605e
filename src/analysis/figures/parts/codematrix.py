"""A code matrix: rows of codes by dimension, columns of municipalities; in a broad form, in which
totals are bars too, in a narrow one, in which marks stand below the numbers, and in dense ones for
many municipalities.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import pandas as pd
import seaborn
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.patches import Rectangle

from analysis.drawing import links, style, typeset
from analysis.methods.counts import and_more, has_more
from analysis.wording import Wording

INDENT = 0.25  # of the labels, cm
BELOW = 0.38  # height of the marks below a number, cm
TITLE = 0.68  # height of the title of a dimension, cm
GAP = 0.2  # white beside the cells, cm
BEHIND = 0.12  # from a bar to its total, cm
RIM = 2.2  # white between cells, pt
MARK = 0.14  # size of the mark of an attribution, cm
BESIDE = 0.19  # from the left edge of a mark to the number of what it marks, cm
MARKS = ("inferred", "collective")  # attributions that say less than an express one; see draw_mark


@dataclass(frozen=True)
class Group:
    """A dimension: its title, its codes, their labels, the lines of these, and the height of its
    rows, the same for all of them, in cm.
    """

    title: str
    codes: list[str]
    names: list[str]
    lines: list[list[str]]
    row: float


@dataclass(frozen=True)
class Matrix:
    """The columns of some municipalities, `width` cm each; `places` are their names by id.

    statements, marked: of all municipalities, per code (rows), and the same by attribution. more:
    how many further ones only count; see `only_counted`.
    """

    statements: pd.DataFrame
    marked: dict[str, pd.DataFrame]
    more: pd.DataFrame
    places: pd.Series
    width: float
    words: Wording

    LABELS: ClassVar[float] = 7.0  # width of the labels, cm
    TOTALS: ClassVar[float] = 2.1  # least width of the column of totals, cm
    BAR: ClassVar[float] = 1.2  # the longest bar in it, cm
    ROW: ClassVar[float] = 0.5  # least height of a row, cm
    ABREAST: ClassVar[int] = 5  # municipalities that fit beside each other
    MARKS: ClassVar[tuple[str, ...]] = MARKS  # attributions that cells are marked with

    @classmethod
    def group(cls, title: str, codes: list[str], names: list[str], language: str) -> Group:
        """A dimension with its labels broken into lines as wide as there is room."""
        room = cls.LABELS - INDENT - GAP
        lines = [typeset.wrap(name, room, language=language) for name in names]
        row = max(cls.ROW, typeset.height_of(max(map(len, lines))) + 0.1)
        return Group(title, codes, names, lines, row)

    @classmethod
    def beside(cls, totals: Iterable[str]) -> float:
        """Width of the column in which these totals stand behind their bars, in cm."""
        widest = max(typeset.text_width(total, weight="bold") for total in totals)
        return max(cls.TOTALS, GAP + cls.BAR + BEHIND + widest)

    @property
    def most(self) -> int:
        """The greatest count of all municipalities, which is darkest."""
        return int(self.statements.to_numpy().max())

    @cached_property
    def has_more(self) -> pd.Series:
        """Which codes may have statements that only count."""
        return has_more(self.more)

    @property
    def right(self) -> float:
        """The right edge of the cells, in cm."""
        return self.LABELS + len(self.places) * self.width

    def head(self, ax: Axes, y: float, bases: list[int]) -> float:
        """Each municipality with the number of its statements, `bases`; returns where they end."""
        words, weight = self.words, "medium"
        names = [
            typeset.wrap(name, self.width - 0.1, weight=weight, language=words.language)
            for name in self.places
        ]
        bottom = y + typeset.height_of(max(map(len, names)))
        small = {"size": style.SMALL, "colour": style.MUTED}
        for i, (lines, n) in enumerate(zip(names, bases, strict=True)):
            x = self.LABELS + (i + 0.5) * self.width
            top = bottom - typeset.height_of(len(lines))
            typeset.write_lines(ax, x, top, lines, weight=weight, align="center")
            base = words("base", n=words.number(n))
            typeset.write_lines(ax, x, bottom, [base], align="center", **small)
        x = self.right + GAP
        typeset.write_lines(
            ax, x, bottom - typeset.height_of(1), [words("statements")], weight=weight
        )
        typeset.write_lines(ax, x, bottom, [words("different")], **small)
        return bottom + typeset.height_of(1, style.SMALL)

    def draw(self, ax: Axes, y: float, group: Group, totals: pd.Series) -> float:
        """The title of a dimension and the rows of its codes; returns where they end."""
        look = {"weight": "bold", "valign": "center", "language": self.words.language}
        typeset.write(ax, 0, y + TITLE / 2, group.title, self.right, **look)
        y += TITLE
        self._cells(ax, y, group)
        for code, name, lines in zip(group.codes, group.names, group.lines, strict=True):
            middle = y + group.row / 2
            with links.said(ax, name, f"codes:{code}"):
                typeset.write_lines(ax, INDENT, middle - typeset.height_of(len(lines) / 2), lines)
            for i, (place, where) in enumerate(self.places.items()):
                number = and_more(str(self.statements.at[code, place]), self.more.at[code, place])
                title = f"{name} – {where}: {number}"
                with links.said(ax, title, f"codes:{code}:{place}"):
                    self._cell(ax, self.LABELS + i * self.width, middle, code, place)
            self._total(ax, middle, totals, code)
            y += group.row
        return y

    def _cells(self, ax: Axes, y: float, group: Group) -> None:
        """The shades of a dimension, drawn by seaborn on axes of their own below the numbers."""
        height = len(group.codes) * group.row
        box = (self.LABELS, y, self.right - self.LABELS, height)
        inset = ax.inset_axes(box, transform=ax.transData, zorder=0)
        counts = self.statements.loc[group.codes, self.places.index]
        shades = ListedColormap([style.shade(n, self.most) for n in range(self.most + 1)])
        shaded = {"cmap": shades, "vmin": -0.5, "vmax": self.most + 0.5, "cbar": False}
        rims = {"linewidths": RIM, "linecolor": style.PAPER}
        seaborn.heatmap(counts, ax=inset, xticklabels=False, yticklabels=False, **shaded, **rims)
        inset.set(xlabel="", ylabel="")

    def _cell(self, ax: Axes, x: float, middle: float, code: str, place: str) -> None:
        """How many statements a cell has, and marks for those that are not ascribed expressly."""
        n = int(self.statements.at[code, place])
        number = and_more(self.words.number(n), self.more.at[code, place])
        if number != "0":
            marks = {how: int(counts.at[code, place]) for how, counts in self.marked.items()}
            self._number(ax, x, middle, number, marks, style.ink_on(style.shade(n, self.most)))

    def _number(
        self, ax: Axes, x: float, middle: float, number: str, marks: dict[str, int], colour
    ) -> None:
        top = middle - typeset.height_of(0.5)
        if not marks:
            middle_of_cell = x + 0.5 * self.width
            typeset.write_lines(ax, middle_of_cell, top, [number], colour=colour, align="center")
            return
        needed = _marks(None, 0, 0, marks, colour, self.words)
        x += min(0.42 * self.width, self.width - needed - RIM * 0.035)
        typeset.write_lines(ax, x, top, [number], colour=colour, align="right")
        _marks(ax, x, middle, marks, colour, self.words)

    def _total(self, ax: Axes, middle: float, totals: pd.Series, code: str) -> None:
        """A bar and the number of different statements with a code; words where there are none."""
        x, top = self.right + GAP, middle - typeset.height_of(0.5)
        n, is_more = int(totals[code]), bool(self.has_more[code])
        if not n and not is_more:
            x = x if self.BAR else self.LABELS + GAP
            typeset.write_lines(ax, x, top, [self.words("no_statement")], colour=style.MUTED)
            return
        length = self.BAR * n / totals.max() if n else 0
        if length:
            ax.add_patch(Rectangle((x, middle - 0.11), length, 0.22, facecolor=style.QUIET))
        number = total_text(n, is_more, self.words)
        typeset.write_lines(ax, x + length + BEHIND, top, [number], weight="bold")


class NarrowMatrix(Matrix):
    """The same with names of municipalities upright, as none is as short as its column is wide, and
    totals without bars.
    """

    LABELS = 4.2
    TOTALS = 0.8
    BAR = 0.0
    ROW = Matrix.ROW + BELOW
    ABREAST = 4

    def head(self, ax: Axes, y: float, bases: list[int]) -> float:
        """Each municipality with the number of its statements; returns where they end."""
        bottom = self._upright(ax, y, self.places)
        small = {"size": style.SMALL, "colour": style.MUTED, "align": "center"}
        for i, n in enumerate(bases):
            x, base = (
                self.LABELS + (i + 0.5) * self.width,
                self.words("base", n=self.words.number(n)),
            )
            typeset.write_lines(ax, x, bottom, [base], **small)
        return bottom + typeset.height_of(1, style.SMALL)

    def _upright(self, ax: Axes, y: float, names: Iterable[str]) -> float:
        """The heads of the columns and of the totals; returns where they end."""
        columns = {self.LABELS + (i + 0.5) * self.width: name for i, name in enumerate(names)}
        columns[self.right + GAP + 0.25] = f"{self.words('statements')} ({self.words('different')})"
        longest = max(typeset.text_width(name, weight="medium") for name in columns.values())
        look = {"rotation": 90, "ha": "center", "va": "bottom", "fontweight": "medium"}
        for x, name in columns.items():
            ax.text(x, y + longest + 0.1, name, fontsize=style.NORMAL, **look)
        return y + longest + 0.1

    def _number(
        self, ax: Axes, x: float, middle: float, number: str, marks: dict[str, int], colour
    ) -> None:
        x, apart = x + 0.5 * self.width, BELOW / 2 if any(marks.values()) else 0
        top = middle - apart - typeset.height_of(0.5)
        typeset.write_lines(ax, x, top, [number], colour=colour, align="center")
        left = x - _marks(None, 0, 0, marks, colour, self.words) / 2 - 0.05
        _marks(ax, left, middle + apart, marks, colour, self.words)


class DenseMatrix(NarrowMatrix):
    """The same for more municipalities than are readable below each other, in columns as narrow as
    a number: bases stand beside the names, and cells are not marked.
    """

    LABELS = Matrix.LABELS
    ROW = Matrix.ROW
    ABREAST = 16
    MARKS = ()

    def head(self, ax: Axes, y: float, bases: list[int]) -> float:
        """Each municipality with the number of its statements; returns where they end."""
        words = self.words
        named = [
            f"{name}, {words('base', n=words.number(n))}"
            for name, n in zip(self.places, bases, strict=True)
        ]
        return self._upright(ax, y, named)


class DenseNarrowMatrix(DenseMatrix):
    """The same on a phone."""

    LABELS = NarrowMatrix.LABELS
    ABREAST = 7


def total_text(n: int, is_more: bool, words: Wording) -> str:
    """How many different statements carry a code, and whether more only count."""
    return and_more(words.number(n), pd.NA if is_more else 0)


def _marks(
    ax: Axes | None, x: float, middle: float, marks: dict[str, int], colour, words: Wording
) -> float:
    """The marks of a cell, each with the number of statements so ascribed; returns where they end.
    Draws nothing without axes.
    """
    for attribution, n in marks.items():
        if not n:
            continue
        x, number, look = x + 0.14, words.number(n), {"size": style.SMALL, "colour": colour}
        if ax:
            draw_mark(ax, x, middle, attribution, colour)
            top = middle - typeset.height_of(0.5, style.SMALL)
            typeset.write_lines(ax, x + BESIDE, top, [number], **look)
        x += BESIDE + typeset.text_width(number, style.SMALL)
    return x


def draw_mark(ax: Axes, x: float, middle: float, attribution: str, colour) -> None:
    """The sign of a statement that is not ascribed expressly: solid where the municipality is
    inferred, hollow where all are spoken of.
    """
    solid = {"facecolor": colour, "linewidth": 0}
    look = solid if attribution == "inferred" else {"fill": False, "edgecolor": colour}
    ax.add_patch(Rectangle((x, middle - MARK / 2), MARK, MARK, **{"linewidth": 0.8} | look))


def legend(ax: Axes, y: float, marks: Iterable[str], words: Wording, width: float) -> float:
    """What the marks mean, side by side; returns where it ends."""
    look, x = {"size": style.SMALL, "colour": style.MUTED}, INDENT
    for attribution in marks:
        text = words(f"mark.{attribution}")
        if x + 2 * MARK + typeset.text_width(text, style.SMALL) > width:
            x, y = INDENT, y + typeset.height_of(1.2, style.SMALL)
        draw_mark(ax, x, y + typeset.height_of(0.5, style.SMALL), attribution, style.MUTED)
        typeset.write_lines(ax, x + 2 * MARK, y, [text], **look)
        x += 2 * MARK + typeset.text_width(text, style.SMALL) + 0.5
    return y + typeset.height_of(1, style.SMALL)
