"""The code matrix: which codes the statements of which municipality carry."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.drawing import style
from analysis.drawing.stairs import Stairs
from analysis.wording import Wording

LABELS = 6.5  # widths: labels, cm
INDENT = 0.25  # their indent, cm
TOTAL = 1.1  # totals, cm
WIDEST = 3.0  # and at most a column, cm
SIDE_BY_SIDE = 6  # municipalities that fit beside each other; more of them share further matrices
ROW = 0.52  # heights: a row, cm
TITLE = 0.72  # the title of a dimension, cm
FOOT = 0.62  # the legend, cm
SPACE = 0.1  # white below a matrix, cm
RIM = 0.04  # white around a cell
MARK = 0.13  # size of the mark of a collective statement
MARKS = 2  # cm; most of them in a cell
EDGE = style.MIDDLE


@dataclass(frozen=True)
class Row:
    """A line of the matrix: a code, or the title of a dimension (without code); its height in cm."""

    text: str
    height: float
    code: str | None = None


@dataclass(frozen=True)
class Matrix:
    """Rows of codes for some municipalities: frames of counts with a row per code and a
    column per municipality.

    names: of the municipalities. width: of a column, cm. most: the greatest count of all
    municipalities, which is darkest.
    totals: the sums over all municipalities by code, where this matrix closes with them.
    """

    statements: pd.DataFrame
    collective: pd.DataFrame
    names: list[str]
    rows: list[Row]
    width: float
    most: int
    totals: pd.Series | None
    words: Wording

    @property
    def height(self) -> float:
        """Height in cm, with the row of sums."""
        return self.head - TITLE + sum(row.height for row in self.rows) + ROW

    def draw(self, ax: Axes, y: float) -> None:
        """The names, the rows and the sums, from `y` on."""
        _head(ax, self, y)
        y += self.head - TITLE  # the first title stands beside the names of the municipalities
        for row in self.rows:
            _row(ax, self, y, row)
            y += row.height
        _totals(ax, self, y)

    @property
    def right(self) -> float:
        """The right edge of the totals."""
        return LABELS + len(self.names) * self.width + (0 if self.totals is None else TOTAL)

    @property
    def middles(self) -> list[float]:
        """The middle of each column."""
        return [LABELS + (i + 0.5) * self.width for i in range(len(self.names))]

    @property
    def head(self) -> float:
        """Height of the names with the first title."""
        if self.stairs:
            return self.stairs.height + style.height_of(1) + 0.3
        return max(TITLE, style.height_of(max(map(len, self.lines))) + 0.2)

    @property
    def lines(self) -> list[list[str]]:
        """The lines of each name, set in its column."""
        return [
            style.wrap(name, self.width - 0.1, weight="medium", language=self.words.language)
            for name in self.names
        ]

    @property
    def stairs(self) -> Stairs | None:
        """The names as stairs, if they are too wide for their columns."""
        widest = max(
            style.text_width(word, weight="medium") for name in self.names for word in name.split()
        )
        return (
            Stairs(self.names, self.middles, self.words.language)
            if widest > self.width - 0.1
            else None
        )


def code_matrix(
    counts: pd.DataFrame,
    codes: pd.DataFrame,
    dimensions: pd.DataFrame,
    municipalities: pd.DataFrame,
    words: Wording,
) -> Figure | None:
    """Statements per code (rows, by dimension in codebook order) and municipality
    (columns), as shaded cells.

    counts: code, municipality_id, statements and collective (counts). Small squares mark collective
    statements, a cell of nothing else is outlined; rows end with the sum over municipalities,
    columns with the number of codes given. None if no statement carries a code.
    """
    if not counts["statements"].any():
        return None
    wide = counts.pivot(index="code", columns="municipality_id")
    places = municipalities["municipality_id"]
    statements, collective = (
        wide[name].reindex(columns=places, fill_value=0) for name in ("statements", "collective")
    )
    rows = _rows(codes[codes["code"].map(statements.sum(axis=1)) > 0], dimensions, words)
    across = math.ceil(len(places) / math.ceil(len(places) / SIDE_BY_SIDE))
    look = {
        "rows": rows,
        "width": min(WIDEST, (style.WIDTH - LABELS - TOTAL) / across),
        "most": statements.to_numpy().max(),
        "words": words,
    }
    parts: list[Matrix | Legend] = []
    for i in range(0, len(places), across):
        names, some = (
            list(municipalities[words.column("label")])[i : i + across],
            places[i : i + across],
        )
        totals = statements.sum(axis=1) if i + across >= len(places) else None
        parts.append(Matrix(statements[some], collective[some], names, totals=totals, **look))
    return style.stack([*parts, Legend(words)], SPACE)


def _rows(codes: pd.DataFrame, dimensions: pd.DataFrame, words: Wording) -> list[Row]:
    rows = []
    for dimension in dimensions.to_dict("records"):
        members = codes[codes["dimension"] == dimension["dimension"]].to_dict("records")
        rows += [Row(words.about(dimension, "label"), TITLE)] if members else []
        for code in members:
            label = words.about(code, "label")
            more = style.text_height(
                label, LABELS - INDENT - 0.2, language=words.language
            ) - style.height_of(1)
            rows.append(Row(label, ROW + more, code["code"]))
    return rows


def _head(ax: Axes, matrix: Matrix, y: float) -> None:
    bottom = y + matrix.head - 0.11
    if matrix.stairs:
        matrix.stairs.draw(ax, y, bottom + 0.11)
    else:
        for x, lines in zip(matrix.middles, matrix.lines, strict=True):
            style.write_lines(
                ax, x, bottom - style.height_of(len(lines)), lines, weight="medium", align="center"
            )
    if matrix.totals is not None:
        style.write_lines(
            ax,
            matrix.right,
            bottom - style.height_of(1),
            [matrix.words("total")],
            weight="medium",
            align="right",
        )


def _row(ax: Axes, matrix: Matrix, y: float, row: Row) -> None:
    middle = y + row.height / 2
    if row.code is None:
        style.write(
            ax,
            0,
            y + TITLE - 0.29,
            row.text,
            LABELS,
            weight="bold",
            valign="center",
            language=matrix.words.language,
        )
        return
    style.write(
        ax,
        INDENT,
        middle,
        row.text,
        LABELS - INDENT - 0.2,
        valign="center",
        language=matrix.words.language,
    )
    counts = matrix.statements.loc[row.code], matrix.collective.loc[row.code]
    for i, (statements, collective) in enumerate(zip(*counts, strict=True)):
        _cell(
            ax,
            matrix,
            LABELS + i * matrix.width + RIM,
            y + RIM,
            row.height - 2 * RIM,
            int(statements),
            int(collective),
        )
    if matrix.totals is not None:
        _sum(ax, matrix, matrix.right, middle, matrix.totals[row.code], "right")


def _cell(
    ax: Axes, matrix: Matrix, x: float, y: float, height: float, statements: int, collective: int
) -> None:
    width, middle = matrix.width - 2 * RIM, y + height / 2
    shade = style.shade(statements, matrix.most)
    # Statements said of all municipalities together say less about one of them: alone, they do not
    # fill a cell.
    outlined = 0 < statements == collective
    face, edge = (style.PAPER, EDGE) if outlined else (shade, "none")
    ax.add_patch(Rectangle((x, y), width, height, facecolor=face, edgecolor=edge, linewidth=0.9))
    if statements:
        ax.text(
            x + width / 2,
            middle,
            matrix.words.number(statements),
            ha="center",
            va="center_baseline",
            color=style.on(face),
        )
    _marks(ax, matrix.words, x + width - 0.12, middle, collective, style.on(face))


def _marks(ax: Axes, words: Wording, right: float, middle: float, n: int, colour: str) -> None:
    """One mark per collective statement; if they are many, one mark and their number."""
    if n > MARKS:
        number = words.number(n)
        ax.text(
            right,
            middle,
            number,
            fontsize=style.SMALL,
            color=colour,
            ha="right",
            va="center_baseline",
        )
        right -= style.text_width(number, style.SMALL) + 0.06
    for i in range(n if n <= MARKS else 1):
        _mark(ax, right - MARK - i * 1.5 * MARK, middle)


def _mark(ax: Axes, x: float, middle: float) -> None:
    """The sign of one collective statement."""
    ax.add_patch(
        Rectangle(
            (x, middle - MARK / 2), MARK, MARK, facecolor=style.PAPER, edgecolor=EDGE, linewidth=0.7
        )
    )


def _sum(ax: Axes, matrix: Matrix, x: float, middle: float, value: float, align: str) -> None:
    ax.text(
        x, middle, matrix.words.number(value), ha=align, va="center_baseline", fontweight="bold"
    )


def _totals(ax: Axes, matrix: Matrix, y: float) -> None:
    middle = y + 0.06 + ROW / 2
    ax.plot([0, matrix.right], [y + 0.06] * 2, color=style.RULE, linewidth=0.8)
    style.write(
        ax,
        0,
        middle,
        matrix.words("codings"),
        LABELS,
        valign="center",
        weight="bold",
        language=matrix.words.language,
    )
    for x, value in zip(matrix.middles, matrix.statements.sum(), strict=True):
        _sum(ax, matrix, x, middle, value, "center")
    if matrix.totals is not None:
        _sum(ax, matrix, matrix.right, middle, matrix.totals.sum(), "right")


@dataclass(frozen=True)
class Legend:
    """What the sign of a collective statement means."""

    words: Wording
    height: float = FOOT - SPACE

    def draw(self, ax: Axes, y: float) -> None:
        """The sign and its meaning, from `y` on."""
        bottom = y + self.height
        _mark(ax, LABELS + RIM, bottom - 0.22)
        x = LABELS + RIM + 2 * MARK
        style.write(
            ax,
            x,
            bottom - 0.25,
            self.words("mark"),
            style.WIDTH - x,
            size=style.SMALL,
            colour=style.MUTED,
            valign="center",
        )
