"""Relations: which codes are raised together, as a triangle of cells."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.figures import style
from analysis.wording import Wording

CELL, LABEL, GAP, RIM = 0.68, 5.1, 0.16, 0.03  # widest cell, width of labels, space before them, white around a cell, cm
LIST, COUNT, SPACE = 11.8, 0.75, 0.18  # left edge of the list, width of its counts, space between its entries, cm
LONGEST, WEAK = 5, 2  # entries of the list at most; pairs in fewer statements than this are pale and not listed
EMPTY = "#F6F8FA"


def relation_triangle(together: pd.DataFrame, pairs: pd.DataFrame, codes: pd.DataFrame, colours: dict[str, str], words: Wording) -> Figure:
    """In how many statements two codes stand together (cells) and each code at all (diagonal); the strongest pairs as a list.

    together: a symmetric frame of counts, in the order of display. pairs: code, with_code, statements; most frequent first.
    codes: code and labels. colours: of the codes that have one; their names are bold.
    """
    names = codes.set_index("code")[words.column("label")]
    cell = min(CELL, (style.WIDTH - LABEL - GAP) / len(together))
    entries = _entries(pairs, names, words)
    fig, ax = style.canvas(max(cell * len(together), _list_height(entries, words)))
    _triangle(ax, together, cell, colours, words)
    for i, code in enumerate(together.index):
        weight = "bold" if code in colours else "normal"
        style.write(ax, (i + 1) * cell + GAP, (i + 0.5) * cell, names[code], LABEL, weight=weight, valign="center", language=words.language)
    _list(ax, entries, words)
    return fig


def _triangle(ax: Axes, together: pd.DataFrame, cell: float, colours: dict[str, str], words: Wording) -> None:
    counts = together.to_numpy()
    most = np.tril(counts, -1).max()
    for i, code in enumerate(together.index):
        for j, n in enumerate(counts[i, :i]):
            face = EMPTY if n < WEAK else style.SEQUENTIAL(0.15 + 0.85 * n / most)
            _cell(ax, (j * cell, i * cell), cell, n, words, facecolor=face, edgecolor="none")
        # The own count is no relation: outlined, so that its size does not compete with the shades.
        _cell(ax, (i * cell, i * cell), cell, counts[i, i], words, facecolor=style.PAPER, edgecolor=colours.get(code, style.RULE), linewidth=1.4)


def _cell(ax: Axes, corner: tuple[float, float], size: float, n: int, words: Wording, **look) -> None:
    x, y = corner
    ax.add_patch(Rectangle((x + RIM, y + RIM), size - 2 * RIM, size - 2 * RIM, **look))
    if n:
        colour = style.MUTED if look["facecolor"] == EMPTY else style.on(look["facecolor"])
        ax.text(x + size / 2, y + size / 2, words.number(int(n)), ha="center", va="center_baseline", color=colour)


def _entries(pairs: pd.DataFrame, names: pd.Series, words: Wording) -> list[tuple[int, list[str]]]:
    """The strongest pairs: their counts, and both names as set, in codebook order."""
    entries = []
    for pair in pairs[pairs["statements"] >= WEAK].head(LONGEST).to_dict("records"):
        both = sorted((pair["code"], pair["with_code"]), key=list(names.index).index)
        lines = [line for code in both for line in style.wrap(names[code], style.WIDTH - LIST - COUNT, language=words.language)]
        entries.append((pair["statements"], lines))
    return entries


def _list_height(entries: list[tuple[int, list[str]]], words: Wording) -> float:
    note = style.wrap(words("diagonal"), style.WIDTH - LIST, style.SMALL, language=words.language)
    listed = sum(style.height_of(len(lines)) + SPACE for _, lines in entries)
    return style.height_of(1) + 2 * SPACE + listed + style.height_of(len(note), style.SMALL)


def _list(ax: Axes, entries: list[tuple[int, list[str]]], words: Wording) -> None:
    if entries:
        style.write(ax, LIST, 0, words("strongest"), style.WIDTH - LIST, weight="bold", language=words.language)
    y = style.height_of(1) + SPACE
    for n, lines in entries:
        ax.text(LIST, y + style.height_of(0.5), words.number(n), fontsize=style.LARGE, fontweight="bold", va="center_baseline")
        for i, line in enumerate(lines):
            ax.text(LIST + COUNT, y + style.height_of(i + 0.5), line, va="center_baseline")
        y += style.height_of(len(lines)) + SPACE
    style.write(ax, LIST, y + SPACE, words("diagonal"), style.WIDTH - LIST, size=style.SMALL, colour=style.MUTED, language=words.language)
