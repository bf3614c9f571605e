"""The code matrix: which codes the statements of which municipality carry."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.figures import style
from analysis.wording import Wording

LABELS, INDENT, TOTAL, WIDEST = 6.5, 0.25, 1.1, 3.0  # widths: labels, their indent, totals, and at most a column, cm
ROW, TITLE, FOOT = 0.52, 0.72, 0.62  # heights: a row, the title of a dimension, the legend, cm
RIM, MARK, MARKS = 0.04, 0.13, 2  # white around a cell, size of the mark of a collective statement, cm; most of them in a cell
EDGE = style.MIDDLE


@dataclass(frozen=True)
class Row:
    """A line of the matrix: a code, or the title of a dimension (without code); its height in cm."""

    text: str
    height: float
    code: str | None = None


@dataclass(frozen=True)
class Matrix:
    """The sheet and its counts: frames with a row per code and a column per municipality; `width` of a column in cm."""

    ax: Axes
    statements: pd.DataFrame
    collective: pd.DataFrame
    width: float
    words: Wording

    @property
    def right(self) -> float:
        """The right edge of the totals."""
        return LABELS + self.statements.shape[1] * self.width + TOTAL


def code_matrix(counts: pd.DataFrame, codes: pd.DataFrame, dimensions: pd.DataFrame, municipalities: pd.DataFrame, words: Wording) -> Figure:
    """Statements per code (rows, by dimension in codebook order) and municipality (columns), as shaded cells.

    counts: code, municipality_id, statements and collective (counts). Small squares mark collective statements, a cell of
    nothing else is outlined; rows end with the sum over municipalities, columns with the number of codes given.
    """
    wide = counts.pivot(index="code", columns="municipality_id")
    places = municipalities["municipality_id"]
    statements, collective = (wide[name].reindex(columns=places, fill_value=0) for name in ("statements", "collective"))
    rows = _rows(codes[codes["code"].map(statements.sum(axis=1)) > 0], dimensions, words)
    width = min(WIDEST, (style.WIDTH - LABELS - TOTAL) / len(places))
    names = [style.wrap(name, width - 0.1, weight="medium", language=words.language) for name in municipalities[words.column("label")]]
    head = max(TITLE, style.height_of(max(map(len, names))) + 0.2)
    fig, ax = style.canvas(head - TITLE + sum(row.height for row in rows) + ROW + FOOT)
    matrix = Matrix(ax, statements, collective, width, words)
    _head(matrix, head, names)
    y = head - TITLE  # the first title stands beside the names of the municipalities
    for row in rows:
        _row(matrix, y, row)
        y += row.height
    _totals(matrix, y)
    _legend(matrix, y + ROW + FOOT)
    return fig


def _rows(codes: pd.DataFrame, dimensions: pd.DataFrame, words: Wording) -> list[Row]:
    rows = []
    for dimension in dimensions.to_dict("records"):
        members = codes[codes["dimension"] == dimension["dimension"]].to_dict("records")
        rows += [Row(words.about(dimension, "label"), TITLE)] if members else []
        for code in members:
            label = words.about(code, "label")
            more = style.text_height(label, LABELS - INDENT - 0.2, language=words.language) - style.height_of(1)
            rows.append(Row(label, ROW + more, code["code"]))
    return rows


def _head(matrix: Matrix, bottom: float, names: list[list[str]]) -> None:
    bottom -= 0.11
    for i, lines in enumerate(names):
        x = LABELS + (i + 0.5) * matrix.width
        style.write_lines(matrix.ax, x, bottom - style.height_of(len(lines)), lines, weight="medium", align="center")
    style.write_lines(matrix.ax, matrix.right, bottom - style.height_of(1), [matrix.words("total")], weight="medium", align="right")


def _row(matrix: Matrix, y: float, row: Row) -> None:
    middle = y + row.height / 2
    if row.code is None:
        style.write(matrix.ax, 0, y + TITLE - 0.29, row.text, LABELS, weight="bold", valign="center", language=matrix.words.language)
        return
    style.write(matrix.ax, INDENT, middle, row.text, LABELS - INDENT - 0.2, valign="center", language=matrix.words.language)
    counts = matrix.statements.loc[row.code], matrix.collective.loc[row.code]
    for i, (statements, collective) in enumerate(zip(*counts, strict=True)):
        _cell(matrix, LABELS + i * matrix.width + RIM, y + RIM, row.height - 2 * RIM, int(statements), int(collective))
    _sum(matrix, matrix.right, middle, counts[0].sum(), "right")


def _cell(matrix: Matrix, x: float, y: float, height: float, statements: int, collective: int) -> None:
    width, middle = matrix.width - 2 * RIM, y + height / 2
    shade = style.shade(statements, matrix.statements.to_numpy().max())
    # Statements said of all municipalities together say less about one of them: alone, they do not fill a cell.
    outlined = 0 < statements == collective
    face, edge = (style.PAPER, EDGE) if outlined else (shade, "none")
    matrix.ax.add_patch(Rectangle((x, y), width, height, facecolor=face, edgecolor=edge, linewidth=0.9))
    if statements:
        matrix.ax.text(x + width / 2, middle, matrix.words.number(statements), ha="center", va="center_baseline", color=style.on(face))
    _marks(matrix, x + width - 0.12, middle, collective, style.on(face))


def _marks(matrix: Matrix, right: float, middle: float, n: int, colour: str) -> None:
    """One mark per collective statement; if they are many, one mark and their number."""
    if n > MARKS:
        number = matrix.words.number(n)
        matrix.ax.text(right, middle, number, fontsize=style.SMALL, color=colour, ha="right", va="center_baseline")
        right -= style.text_width(number, style.SMALL) + 0.06
    for i in range(n if n <= MARKS else 1):
        _mark(matrix.ax, right - MARK - i * 1.5 * MARK, middle)


def _mark(ax: Axes, x: float, middle: float) -> None:
    """The sign of one collective statement."""
    ax.add_patch(Rectangle((x, middle - MARK / 2), MARK, MARK, facecolor=style.PAPER, edgecolor=EDGE, linewidth=0.7))


def _sum(matrix: Matrix, x: float, middle: float, value: float, align: str) -> None:
    matrix.ax.text(x, middle, matrix.words.number(value), ha=align, va="center_baseline", fontweight="bold")


def _totals(matrix: Matrix, y: float) -> None:
    sums, middle = matrix.statements.sum(), y + 0.06 + ROW / 2
    matrix.ax.plot([0, matrix.right], [y + 0.06] * 2, color=style.RULE, linewidth=0.8)
    style.write(matrix.ax, 0, middle, matrix.words("codings"), LABELS, valign="center", weight="bold", language=matrix.words.language)
    for i, value in enumerate(sums):
        _sum(matrix, LABELS + (i + 0.5) * matrix.width, middle, value, "center")
    _sum(matrix, matrix.right, middle, sums.sum(), "right")


def _legend(matrix: Matrix, bottom: float) -> None:
    _mark(matrix.ax, LABELS + RIM, bottom - 0.22)
    x = LABELS + RIM + 2 * MARK
    style.write(matrix.ax, x, bottom - 0.25, matrix.words("mark"), style.WIDTH - x, size=style.SMALL, colour=style.MUTED, valign="center")
