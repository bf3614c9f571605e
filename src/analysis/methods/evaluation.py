"""What expressions of the language of findings come to in processed tables; several universes,
which differ in what rows there are, at once.
"""

from __future__ import annotations

import ast
import functools
import itertools
from collections.abc import Callable, Mapping
from copy import copy

import numpy as np
import pandas as pd

from analysis.methods.conditions import OPERATORS, calls, links, sought, wanted
from analysis.tables import PROCESSED, STATEMENTS
from analysis.tables.columns import parts


class Tables:
    """Processed tables, in which expressions of this language have a value; several universes,
    which differ in what rows there are, at once.

    kept: by table, whether a row (second axis) is there in a universe (first axis). Of tables that
    it does not name all rows are, but those of statements that are not. Without it there is one
    universe.
    """

    def __init__(
        self, tables: Mapping[str, pd.DataFrame], kept: Mapping[str, np.ndarray] | None = None
    ):
        self.tables = tables
        self.kept = dict(kept or {})
        self.columns: dict[tuple[str, str], pd.Series] = {}
        self.numbers: dict[tuple[str, str], dict] = {}
        self.links: dict[tuple[str, str], np.ndarray] = {}
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

    def values(self, node: ast.expr, each: object = None) -> np.ndarray:
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

    def count(self, node: ast.Call, rows: np.ndarray, _each: object) -> np.ndarray:
        return self.there(node.args[0].id, rows).sum(axis=1)

    def distinct(self, node: ast.Call, rows: np.ndarray, each: object) -> np.ndarray:
        table = node.args[0].id
        grouped = self._once("groups", node, each, lambda: _grouped(*self.own(node, rows)))
        return self.any_there(table, *grouped).sum(axis=1)

    def most(self, node: ast.Call, rows: np.ndarray, _each: object) -> np.ndarray:
        """The value of a column that goes with the most values of another; None of several."""
        table, column, counted = (name.id for name in node.args)
        sides = (
            pd.DataFrame(dict(zip(("row", "value"), self.listed(table, side, rows), strict=True)))
            for side in (column, counted)
        )
        pairs = pd.merge(*sides, on="row")
        named = pairs.groupby(["value_x", "value_y"], sort=False).ngroup()
        found = self.any_there(table, *_grouped(pairs["row"].to_numpy(), named))
        of = pairs["value_x"].to_numpy()[named.drop_duplicates().index]
        names = [None, *pairs["value_x"].drop_duplicates()]
        numbers = [found[:, of == name].sum(axis=1) for name in names[1:]]
        ranked = np.stack([np.zeros(self.universes, dtype=int), *numbers])
        is_top = ranked == ranked.max(axis=0)
        top = np.array(names, dtype=object)[is_top.argmax(axis=0)]
        return np.where(is_top.sum(axis=0) == 1, top, None)

    def how_many(self, node: ast.Call, rows: np.ndarray, _each: object) -> np.ndarray:
        return (self.each_of(node, rows) & self.there(node.args[0].id, rows)).sum(axis=1)

    def every(self, node: ast.Call, rows: np.ndarray, _each: object) -> np.ndarray:
        there = self.there(node.args[0].id, rows)
        return (self.each_of(node, rows) | ~there).all(axis=1) & there.any(axis=1)

    def each_of(self, node: ast.Call, rows: np.ndarray) -> np.ndarray:
        """Whether the condition of a call holds, by universe and row."""
        keys = self.single_keys(node.args[0].id, rows)
        found = [self.values(node.args[1], key) for key in keys]
        return np.stack(found, axis=1) if found else np.ones((self.universes, 0), dtype=bool)

    def there(self, table: str, rows: np.ndarray) -> np.ndarray:
        """Whether rows of a table are there, by universe and row."""
        if table in self.kept:
            return self.kept[table][:, rows]
        if table in STATEMENTS and "statements" in self.kept:
            of = [link for link, home in links(table).items() if home == "statements"]
            named = [self.referred(table, link, "statements")[rows] for link in of]
            there = (self.kept["statements"][:, own] | (own < 0) for own in named)
            return functools.reduce(np.logical_and, there)
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
        keys = self.tables[table][list(PROCESSED[table].key)].iloc[rows]
        return ["/".join(map(str, key)) for key in keys.itertuples(index=False, name=None)]

    def single_keys(self, table: str, rows: np.ndarray) -> list:
        """What `each` stands for: the keys of rows, of one column, as its cells have them."""
        (key,) = PROCESSED[table].key
        return self.tables[table][key].iloc[rows].tolist()

    def own(self, node: ast.Call, rows: np.ndarray) -> tuple[np.ndarray, pd.Categorical]:
        """The rows of a call and the values in them that it tells apart."""
        return self.listed(node.args[0].id, node.args[1].id, rows)

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

    def mask(self, node: ast.Call, each: object) -> np.ndarray:
        """The positions of the rows that have the values that a call asks for."""
        return self._once("rows", node, each, lambda: self._mask(node, each))

    def _once(self, what: str, node: ast.AST, each: object, find: Callable):
        """What is found for a part of an expression; the part is kept, so that its id stays its."""
        key = what, id(node), each
        if key not in self.found:
            self.found[key] = node, find()
        return self.found[key][1]

    def _mask(self, node: ast.Call, each: object) -> np.ndarray:
        table = node.args[0].id
        is_there = np.ones(len(self.tables[table]), dtype=bool)
        for keyword in node.keywords:
            is_there &= self.has(table, keyword.arg, wanted(keyword.value, each))
        return np.flatnonzero(is_there)

    def has(self, table: str, name: str, values: list) -> np.ndarray:
        """Whether a column has one of these values, by row; an empty cell has None."""
        cells = self.column(table, name)
        if (table, name) not in self.numbers:
            numbers = {value: number for number, value in enumerate(cells.array.categories)}
            self.numbers[table, name] = numbers | {None: -1}
        numbers = self.numbers[table, name]
        by_number = np.zeros(len(numbers), dtype=bool)  # the last one is that of an empty cell, -1
        by_number[[numbers[value] for value in values if value in numbers]] = True
        is_asked = by_number[cells.array.codes]
        if not self.is_many(table, name):
            return is_asked
        found = np.zeros(len(self.tables[table]), dtype=bool)
        found[cells.index[is_asked]] = True
        return found

    def listed(self, table: str, name: str, rows: np.ndarray) -> tuple[np.ndarray, pd.Categorical]:
        """The values of a column in these rows, and before them the position of the row of each; a
        cell may list several.
        """
        cells = self.column(table, name)
        own = np.flatnonzero(cells.index.isin(rows)) if self.is_many(table, name) else rows
        own = own[cells.array.codes[own] >= 0]
        return cells.index.to_numpy()[own], cells.array[own]

    def column(self, table: str, name: str) -> pd.Series:
        """The values in a column of a table, or of one that it refers to, by the position of the
        row; a cell may list several. They are categories: texts are compared once, and numbers
        from then on.
        """
        if (table, name) not in self.columns:
            home, link = sought(table, name)
            cells = categories(self.tables[home][name])
            if link:
                cells = cells.take(self.referred(table, link, home), allow_fill=True)
            cells = pd.Series(cells)
            if self.is_many(table, name):
                values = cells.astype(object).map(parts).explode()
                cells = pd.Series(categories(values), values.index)
            self.columns[table, name] = cells
        return self.columns[table, name]

    def referred(self, table: str, link: str, home: str) -> np.ndarray:
        """For each row of a table the position of the one that a column of it names in another
        table, -1 where there is none.
        """
        if (table, link) not in self.links:
            keys = pd.Index(self.tables[home][PROCESSED[home].key[0]])
            self.links[table, link] = keys.get_indexer(self.tables[table][link]).astype("int32")
        return self.links[table, link]

    @staticmethod
    def is_many(table: str, name: str) -> bool:
        """Whether a cell of a column lists several values."""
        return PROCESSED[sought(table, name)[0]].columns[name].many

    def counted(self, tree: ast.expr) -> dict[str, object]:
        """Every function of an expression that is not within another, as written, and its value."""
        return {ast.unparse(call): self.value(call) for call in calls(tree)}


def categories(cells: pd.Series) -> pd.Categorical:
    """The cells of a column as categories, which are in no order unless they were before."""
    if isinstance(cells.dtype, pd.CategoricalDtype):
        return cells.array
    return pd.Categorical.from_codes(*pd.factorize(cells))


def _grouped(rows: np.ndarray, groups: pd.Series | pd.Categorical) -> tuple[np.ndarray, np.ndarray]:
    """The rows group by group, groups in order of appearance, and where each group begins."""
    numbers, _ = pd.factorize(groups)
    order = np.argsort(numbers, kind="stable")
    return rows[order], np.flatnonzero(np.diff(numbers[order], prepend=-1))
