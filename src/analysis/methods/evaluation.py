"""What expressions of the language of findings come to in processed tables; several universes,
which differ in what rows there are, at once.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Mapping
from copy import copy

import numpy as np
import pandas as pd

from analysis.methods.conditions import OPERATORS, calls, sought, wanted
from analysis.tables import PROCESSED
from analysis.tables.columns import parts


class Tables:
    """Processed tables, in which expressions of this language have a value; several universes,
    which differ in what rows there are, at once.

    kept: by table, whether a row (second axis) is there in a universe (first axis); of tables that
    it does not name all rows are. Without it there is one universe.
    """

    def __init__(
        self, tables: Mapping[str, pd.DataFrame], kept: Mapping[str, np.ndarray] | None = None
    ):
        self.tables = tables
        self.kept = dict(kept or {})
        self.columns: dict[tuple[str, str], pd.Series] = {}
        self.lists: dict[tuple[str, str], pd.DataFrame] = {}
        self.places: dict[tuple[str, str], dict] = {}
        self.found: dict[tuple[str, int, str | None], tuple] = {}

    def but(self, kept: Mapping[str, np.ndarray]) -> Tables:
        """The same tables in other universes."""
        others = copy(self)
        others.kept = dict(kept)
        return others

    @property
    def universes(self) -> int:
        """How many there are."""
        return next((len(kept) for kept in self.kept.values()), 1)

    def value(self, node: ast.expr):
        """The value of an expression that `parse` has let through, in the first universe."""
        return self.values(node).tolist()[0]

    def values(self, node: ast.expr, each: str | None = None) -> np.ndarray:
        """The values of an expression, one for each universe."""
        match node:
            case ast.Constant(value=value):
                return np.full(self.universes, value, dtype=object)
            case ast.BinOp(left=left, op=op, right=right):
                return OPERATORS[type(op)](self.values(left, each), self.values(right, each))
            case ast.BoolOp(op=op, values=parts):
                join = np.logical_and if isinstance(op, ast.And) else np.logical_or
                return join.reduce([self.values(part, each) for part in parts])
            case ast.UnaryOp(operand=operand):
                return ~self.values(operand, each)
            case ast.Compare(left=left, ops=ops, comparators=others):
                given = [self.values(part, each) for part in (left, *others)]
                pairs = zip(ops, itertools.pairwise(given), strict=True)
                return np.logical_and.reduce([
                    OPERATORS[type(op)](*pair).astype(bool) for op, pair in pairs
                ])  # fmt: skip
        return getattr(self, node.func.id)(node, self.mask(node, each), each)

    def count(self, node: ast.Call, rows: np.ndarray, _each: str | None) -> np.ndarray:
        return self.there(node.args[0].id, rows).sum(axis=1)

    def distinct(self, node: ast.Call, rows: np.ndarray, each: str | None) -> np.ndarray:
        table = node.args[0].id
        grouped = self._once("groups", node, each, lambda: _grouped(*self.own(node, rows)))
        return self.any_there(table, *grouped).sum(axis=1)

    def most(self, node: ast.Call, rows: np.ndarray, _each: str | None) -> np.ndarray:
        """The value of a column that goes with the most values of another; None of several."""
        table, column, counted = (name.id for name in node.args)
        own = self.listed(table, column)
        pairs = own[own["row"].isin(rows)].merge(self.listed(table, counted), on="row")
        named = pairs.groupby(["value_x", "value_y"], sort=False).ngroup()
        found = self.any_there(table, *_grouped(pairs["row"], named))
        of = pairs["value_x"].to_numpy()[named.drop_duplicates().index]
        names = [None, *pairs["value_x"].drop_duplicates()]
        numbers = [found[:, of == name].sum(axis=1) for name in names[1:]]
        ranked = np.stack([np.zeros(self.universes, dtype=int), *numbers])
        is_top = ranked == ranked.max(axis=0)
        top = np.array(names, dtype=object)[is_top.argmax(axis=0)]
        return np.where(is_top.sum(axis=0) == 1, top, None)

    def how_many(self, node: ast.Call, rows: np.ndarray, _each: str | None) -> np.ndarray:
        return (self.each_of(node, rows) & self.there(node.args[0].id, rows)).sum(axis=1)

    def every(self, node: ast.Call, rows: np.ndarray, _each: str | None) -> np.ndarray:
        there = self.there(node.args[0].id, rows)
        return (self.each_of(node, rows) | ~there).all(axis=1) & there.any(axis=1)

    def each_of(self, node: ast.Call, rows: np.ndarray) -> np.ndarray:
        """Whether the condition of a call holds, by universe and row."""
        keys = self.keys(node.args[0].id, rows)
        found = [self.values(node.args[1], key) for key in keys]
        return np.stack(found, axis=1) if found else np.ones((self.universes, 0), dtype=bool)

    def there(self, table: str, rows: np.ndarray) -> np.ndarray:
        """Whether rows of a table are there, by universe and row."""
        if table in self.kept:
            return self.kept[table][:, rows]
        return np.ones((self.universes, len(rows)), dtype=bool)

    def any_there(self, table: str, rows: np.ndarray, starts: np.ndarray) -> np.ndarray:
        """Whether one row of each group is there, by universe and group; groups begin at `starts`
        in `rows`.
        """
        if not len(starts):
            return np.zeros((self.universes, 0), dtype=bool)
        return np.logical_or.reduceat(self.there(table, rows), starts, axis=1)

    def keys(self, table: str, rows: np.ndarray) -> list[str]:
        """The keys of rows, of several columns joined by slashes."""
        keys = self.tables[table].iloc[rows][list(PROCESSED[table].key)]
        return ["/".join(map(str, key)) for key in keys.itertuples(index=False)]

    def own(self, node: ast.Call, rows: np.ndarray) -> tuple[pd.Series, pd.Series]:
        """The rows of a call and the values in them that it tells apart."""
        listed = self.listed(node.args[0].id, node.args[1].id)
        listed = listed[np.isin(listed["row"], rows)]
        return listed["row"], listed["value"]

    def members(self, node: ast.Call) -> list[str]:
        """What a function counts in the first universe: keys of rows, or values of a column."""
        table, rows = node.args[0].id, self.mask(node, None)
        rows = rows[self.there(table, rows)[0]]
        match node.func.id:
            case "count":
                return self.keys(table, rows)
            case "distinct":
                return list(self.own(node, rows)[1].unique())
        return [
            key
            for key, holds in zip(self.keys(table, rows), self.each_of(node, rows)[0], strict=True)
            if holds
        ]

    def mask(self, node: ast.Call, each: str | None) -> np.ndarray:
        """The positions of the rows that have the values that a call asks for."""
        return self._once("rows", node, each, lambda: self._mask(node, each))

    def _once(self, what: str, node: ast.AST, each: str | None, find: Callable):
        """What is found for a part of an expression; the part is kept, so that its id stays its."""
        key = what, id(node), each
        if key not in self.found:
            self.found[key] = node, find()
        return self.found[key][1]

    def _mask(self, node: ast.Call, each: str | None) -> np.ndarray:
        table = node.args[0].id
        is_there = np.ones(len(self.tables[table]), dtype=bool)
        for keyword in node.keywords:
            known = self.rows_of(table, keyword.arg)
            values = wanted(keyword.value, each)
            asked = known if values == [None] else [value for value in values if value in known]
            has = np.zeros_like(is_there)
            for value in asked:
                has[known[value]] = True
            is_there &= ~has if values == [None] else has
        return np.flatnonzero(is_there)

    def rows_of(self, table: str, name: str) -> dict[object, np.ndarray]:
        """For every value of a column the positions of the rows that have it."""
        if (table, name) not in self.places:
            own = self.listed(table, name)
            found = own["row"].groupby(own["value"], sort=False)
            self.places[table, name] = {value: rows.to_numpy() for value, rows in found}
        return self.places[table, name]

    def listed(self, table: str, name: str) -> pd.DataFrame:
        """The values of a column, each with the position of its row; a cell may list several."""
        if (table, name) not in self.lists:
            cells, is_many = (
                self.column(table, name).reset_index(drop=True),
                self.is_many(table, name),
            )
            if is_many:
                cells = cells.map(parts).explode()
            cells = cells.dropna()
            own = pd.DataFrame({"row": cells.index.astype(int), "value": cells.to_numpy()})
            self.lists[table, name] = own.drop_duplicates() if is_many else own
        return self.lists[table, name]

    def column(self, table: str, name: str) -> pd.Series:
        """A column of a table, or of one that it refers to."""
        if (table, name) not in self.columns:
            home, link = sought(table, name)
            cells = self.tables[home][name]
            if link:
                cells = cells.set_axis(self.tables[home][PROCESSED[home].key[0]])
                cells = self.tables[table][link].map(cells)
            self.columns[table, name] = cells
        return self.columns[table, name]

    @staticmethod
    def is_many(table: str, name: str) -> bool:
        """Whether a cell of a column lists several values."""
        return PROCESSED[sought(table, name)[0]].columns[name].many

    def counted(self, tree: ast.expr) -> dict[str, object]:
        """Every function of an expression that is not within another, as written, and its value."""
        return {ast.unparse(call): self.value(call) for call in calls(tree)}


def _grouped(rows: pd.Series, groups: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """The rows group by group, groups in order of appearance, and where each group begins."""
    numbers, _ = pd.factorize(groups)
    order = np.argsort(numbers, kind="stable")
    return rows.to_numpy()[order], np.flatnonzero(np.diff(numbers[order], prepend=-1))
