"""Which cells of a table of counts are withheld, so that small ones are not told and cannot be
computed from the others and the totals, nor from which cells are withheld.

A table with its totals is a flow: what a row has in all flows to it, from there through its cells
to the columns, and on to the total of all. A cell can be computed if nothing else can give way for
it: if no circle of withheld cells leads through it along which one could be more (or less, where it
is not 0) and all totals that are told stay the same (Gusfield 1988).

Which circle is taken does not depend on how great its numbers are, or the choice would tell of
them. Of a column that is too small in all no cell is told, and which others are withheld for it
does not depend on what is in it. Who knows besides how many statements a column has in all, from a
dimension that all of them have one code of and that is told, may still work out a small number.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from itertools import count

import numpy as np

Cell = tuple[int, int]


def withheld(counts: np.ndarray, smallest: int) -> np.ndarray:
    """Which cells of a table are withheld; the last row and column are those of its totals.

    counts: whole numbers from 0. smallest: the least number, other than 0, that may be told. Beside
    all smaller ones those cells are withheld that would give them away, as few as will do for each.
    """
    table = np.zeros(np.add(np.shape(counts), 1), dtype=int)
    table[:-1, :-1] = counts
    table[:-1, -1] = table[:-1, :-1].sum(axis=1)
    table[-1] = table[:-1].sum(axis=0)
    small = (table > 0) & (table < smallest)
    hidden = small.copy()
    for row, column in np.argwhere(small).tolist():
        for cell in _circle(table, hidden, (row, column)):
            hidden[cell] = True
    return hidden


def withheld_by_group(counts: np.ndarray, groups: Iterable, smallest: int) -> np.ndarray:
    """Which cells are withheld if the rows of each group, by number, are a table of their own: a
    statement may have one code of each dimension, so that one dimension gives away how many there
    are in another. Where these are too few in all, their whole column is.
    """
    hidden = np.zeros_like(counts, dtype=bool)
    for rows in groups:
        totals = counts[rows].sum(axis=0)
        few = (totals > 0) & (totals < smallest)
        alike = np.where(few, 1, counts[rows])  # whatever is in these columns
        hidden[rows] = few | withheld(alike, smallest)[:-1, :-1]
    return hidden


def _circle(table: np.ndarray, hidden: np.ndarray, cell: Cell) -> list[Cell]:
    """The cells of the circle through a cell along which fewest others have to be withheld besides
    those that are. Totals of columns stay as they are if they can: another dimension that every
    statement has a code of has the same ones, and may tell them.
    """
    start, end = _ends(cell, table.shape)[::-1]
    order = count()  # of equal ones the first found
    waiting: list = [((0, 0), next(order), start, [])]
    seen = set()
    while waiting:
        cost, _, node, way = heapq.heappop(waiting)
        if node == end:
            return way
        if node in seen:
            continue
        seen.add(node)
        for other, through in _steps(table, node):
            if through != cell and other not in seen:
                common = through[0] == table.shape[0] - 1
                more = cost[0] + common, cost[1] + (not hidden[through])
                heapq.heappush(waiting, (more, next(order), other, [*way, through]))
    return []


def _steps(table: np.ndarray, node: tuple[str, int]) -> Iterator[tuple[tuple[str, int], Cell]]:
    """Where one can go from a row or column, and through which cell: with the flow, or against it
    where there is any.
    """
    kind, place = node
    for other in range(table.shape[kind == "row"]):
        cell = (place, other) if kind == "row" else (other, place)
        source, target = _ends(cell, table.shape)
        if source == node:
            yield target, cell
        elif table[cell]:
            yield source, cell


def _ends(cell: Cell, shape: tuple[int, ...]) -> tuple[tuple[str, int], tuple[str, int]]:
    """Between which row and column a cell flows; totals flow back."""
    ends = ("row", cell[0]), ("column", cell[1])
    is_total = (cell[0] == shape[0] - 1) != (cell[1] == shape[1] - 1)
    return ends[::-1] if is_total else ends
