"""Relations: which codes are raised together, as a triangle of cells."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.drawing import style
from analysis.wording import Wording

CELL = 0.68  # widest cell, cm
LABEL = 5.1  # width of labels, cm
GAP = 0.16  # space before them, cm
RIM = 0.03  # white around a cell, cm
LIST = 11.6  # left edge of the list, cm
COUNT = 0.75  # width of its counts, cm
SPACE = 0.18  # space between its entries, cm
NOTE = 0.5  # height of the note below the list, cm
# entries of the list at most; pairs in fewer statements than this are pale and not listed
LONGEST = 5
WEAK = 2


def relation_triangle(
    together: pd.DataFrame,
    pairs: pd.DataFrame,
    codes: pd.DataFrame,
    colours: dict[str, str],
    words: Wording,
) -> Figure | None:
    """In how many statements two codes stand together (cells) and each code at all (diagonal); the
    strongest pairs as a list.

    together: a symmetric frame of counts, in the order of display. pairs: code, with_code,
    statements; most frequent first.
    codes: code and labels. colours: of the codes that have one; their names are bold. None if no
    two codes stand together.
    """
    if pairs.empty:
        return None
    names = codes.set_index("code")[words.column("label")]
    weights = ["bold" if code in colours else "normal" for code in together.index]
    labels = [
        style.wrap(names[code], LABEL, weight=weight, language=words.language)
        for code, weight in zip(together.index, weights, strict=True)
    ]
    width = min(CELL, (style.WIDTH - LABEL - GAP) / len(together))
    height = max(width, style.height_of(max(map(len, labels))) + 2 * RIM)
    entries = _entries(pairs, names, words)
    corner = _corner(labels, width, height, _list_height(entries))
    fig, ax = style.canvas(max(height * len(together), corner[1] + _list_height(entries)))
    _triangle(ax, together, width, height, colours, words)
    for i, (lines, weight) in enumerate(zip(labels, weights, strict=True)):
        style.write_lines(
            ax,
            (i + 1) * width + GAP,
            (i + 0.5) * height - style.height_of(len(lines)) / 2,
            lines,
            weight=weight,
        )
    _list(ax, *corner, entries, words)
    return fig


def _corner(
    labels: list[list[str]], width: float, height: float, listed: float
) -> tuple[float, float]:
    """Where a list of height `listed` begins: beside the triangle, or below it if
    the names reach too far.
    """
    beside = [lines for i, lines in enumerate(labels) if i * height < listed]
    reach = max(
        (i + 1) * width + GAP + max(style.text_width(line, weight="bold") for line in lines)
        for i, lines in enumerate(beside)
    )
    return (LIST, 0.0) if reach < LIST - GAP else (0.0, height * len(labels) + 3 * GAP)


def _triangle(
    ax: Axes,
    together: pd.DataFrame,
    width: float,
    height: float,
    colours: dict[str, str],
    words: Wording,
) -> None:
    counts = together.to_numpy()
    most = np.tril(counts, -1).max()
    for i, code in enumerate(together.index):
        for j, n in enumerate(counts[i, :i]):
            face = style.ZERO if n < WEAK else style.shade(n, most)
            _cell(
                ax,
                (j * width, i * height),
                width,
                height,
                n,
                words,
                facecolor=face,
                edgecolor="none",
            )
        # The own count is no relation: framed, so that its size does not compete with the shades.
        edge = colours.get(code, style.RULE)
        _cell(
            ax,
            (i * width, i * height),
            width,
            height,
            counts[i, i],
            words,
            facecolor=style.PAPER,
            edgecolor=edge,
            linewidth=1.4,
        )


def _cell(
    ax: Axes,
    corner: tuple[float, float],
    width: float,
    height: float,
    n: int,
    words: Wording,
    **look,
) -> None:
    x, y = corner
    ax.add_patch(Rectangle((x + RIM, y + RIM), width - 2 * RIM, height - 2 * RIM, **look))
    if n:
        colour = style.MUTED if look["facecolor"] == style.ZERO else style.on(look["facecolor"])
        ax.text(
            x + width / 2,
            y + height / 2,
            words.number(int(n)),
            ha="center",
            va="center_baseline",
            color=colour,
        )


def _entries(pairs: pd.DataFrame, names: pd.Series, words: Wording) -> list[tuple[int, list[str]]]:
    """The strongest pairs: their counts, and both names as set, in codebook order."""
    entries = []
    for pair in pairs[pairs["statements"] >= WEAK].head(LONGEST).to_dict("records"):
        both = sorted((pair["code"], pair["with_code"]), key=list(names.index).index)
        lines = [
            line
            for code in both
            for line in style.wrap(names[code], style.WIDTH - LIST - COUNT, language=words.language)
        ]
        entries.append((pair["statements"], lines))
    return entries


def _list_height(entries: list[tuple[int, list[str]]]) -> float:
    """The height of title, entries and note, in cm."""
    return (
        style.height_of(1)
        + SPACE
        + sum(style.height_of(len(lines)) + SPACE for _, lines in entries)
        + NOTE
    )


def _list(
    ax: Axes, x: float, y: float, entries: list[tuple[int, list[str]]], words: Wording
) -> None:
    if entries:
        style.write_lines(ax, x, y, [words("strongest")], weight="bold")
    y += style.height_of(1) + SPACE
    for n, lines in entries:
        style.write_lines(ax, x, y - 0.03, [words.number(n)], size=style.LARGE, weight="bold")
        y += style.write_lines(ax, x + COUNT, y, lines) + SPACE
    style.write_lines(
        ax,
        x,
        y + NOTE - style.height_of(1, style.SMALL),
        [words("diagonal")],
        size=style.SMALL,
        colour=style.MUTED,
    )
