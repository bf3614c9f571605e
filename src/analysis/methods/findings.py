"""The language of findings: conditions on processed tables, made of a few named functions.

| function | gives |
|---|---|
| `count(TABLE, COLUMN="value", …)` | the number of rows with these values |
| `distinct(TABLE, COLUMN, …)` | the number of different values of a column in these rows |
| `most(TABLE, COLUMN, COUNTED, …)` | the value of COLUMN with most values of COUNTED |
| `how_many(TABLE, CONDITION, …)` | for how many rows the condition holds; `each` is the row's key |
| `every(TABLE, CONDITION, …)` | whether it holds for every row |

They are put together by numbers, `+ - *`, comparisons, `and`, `or`, `not`. A value is a text, a
whole number, True, False, None (an empty cell), `each`, or a list of texts, any of which will do.
A column may also be one of a table that the row refers to: `corpus` of the statement of a coding.
Python reads the expression, but nothing runs it: what is not named here is refused.
"""

from __future__ import annotations

import ast
import itertools
import operator
import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from copy import copy

import numpy as np
import pandas as pd

from analysis.problems import suggest
from analysis.tables import PROCESSED
from analysis.tables.columns import parts

LONGEST, DEEPEST, GREATEST = 800, 12, 9999
NUMBER, TRUTH, TEXT = "a number", "a condition", "a text"
# What a call is made of before its filters, and what it gives.
FUNCTIONS = {
    "count": (("table",), NUMBER),
    "distinct": (("table", "column"), NUMBER),
    "most": (("table", "column", "column"), TEXT),
    "how_many": (("table", "condition"), NUMBER),
    "every": (("table", "condition"), TRUTH),
}
OPERATORS = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Eq: operator.eq, ast.NotEq: operator.ne,
}  # fmt: skip
PYTHON = {"string": str, "integer": int, "number": int, "boolean": bool}
# In a sentence: an expression that begins with a function, whose number stands there.
NUMBERS = re.compile(r"\{([a-z_]+\([^{}]*)\}")
# What findings are made into, and what is counted from other tables, which can be counted itself.
COUNTABLE = {*PROCESSED} - {"findings", "universes", "verdicts", "code_counts", "case_counts"}
Values = Callable[[str], Iterable[str] | None]


class ConditionError(ValueError):
    """An expression is none of this language; the message says where and what was expected."""


def parse(text: str, expected: str = TRUTH, values: Values = lambda _: None) -> ast.expr:
    """The expression, all of whose tables, columns and values exist.

    expected: TRUTH or NUMBER. values: the ids that `table.column` has, if that is known.
    Raises ConditionError.
    """
    if len(text) > LONGEST:
        raise ConditionError(f"{len(text)} characters; expected at most {LONGEST}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        why = getattr(error, "msg", None) or "too deep"
        raise ConditionError(
            f"{text!r} cannot be read ({why}); expected such as `count(units) > 3`"
        ) from None
    _Check(values).want(tree, expected)
    return tree


def sought(table: str, column: str) -> tuple[str, str | None]:
    """Where a table has a column: its own, or the one that refers to the table that has it.

    Raises ConditionError if it is in neither.
    """
    own = PROCESSED[table].columns
    if column in own:
        return table, None
    linked = {
        name: target
        for name, about in own.items()
        if about.refers and not about.many and (target := about.refers.split(".")[0]) in PROCESSED
    }
    for name, target in linked.items():
        if column in PROCESSED[target].columns:
            return target, name
    known = {*own, *(each for target in linked.values() for each in PROCESSED[target].columns)}
    raise ConditionError(f"{table} has no column {column!r}{suggest(column, sorted(known))}")


class _Check:
    """Looks an expression over, part by part, before anything is computed."""

    def __init__(self, values: Values):
        self.values = values
        self.key: str | None = None  # of the table whose rows are gone through

    def want(self, node: ast.expr, expected: str, depth: int = 0) -> None:
        found = self.kind(node, depth)
        if found != expected:
            raise ConditionError(f"{_said(node)} is {found}; expected {expected}")

    def kind(self, node: ast.expr, depth: int) -> str:
        """What an expression gives."""
        if depth > DEEPEST:
            raise ConditionError(f"it is too deep; expected at most {DEEPEST} parts in each other")
        known = {
            ast.Constant: self.constant,
            ast.BinOp: self.sum,
            ast.BoolOp: self.joined,
            ast.UnaryOp: self.negated,
            ast.Compare: self.compared,
            ast.Call: self.call,
        }
        look = known.get(type(node))
        found = look(node, depth + 1) if look else None
        if not found:
            raise ConditionError(
                f"{_said(node)} does not belong to the language; expected numbers up to "
                f"{GREATEST}, comparisons, and, or, not, + - * and {', '.join(FUNCTIONS)}"
            )
        return found

    @staticmethod
    def constant(node: ast.Constant, _depth: int) -> str | None:
        if isinstance(node.value, str):
            return TEXT
        return NUMBER if type(node.value) is int and node.value <= GREATEST else None

    def sum(self, node: ast.BinOp, depth: int) -> str | None:
        if not isinstance(node.op, ast.Add | ast.Sub | ast.Mult):
            return None
        return self.all(NUMBER, [node.left, node.right], depth)

    def joined(self, node: ast.BoolOp, depth: int) -> str:
        return self.all(TRUTH, node.values, depth)

    def negated(self, node: ast.UnaryOp, depth: int) -> str | None:
        return self.all(TRUTH, [node.operand], depth) if isinstance(node.op, ast.Not) else None

    def compared(self, node: ast.Compare, depth: int) -> str | None:
        if not all(type(op) in OPERATORS for op in node.ops):
            return None
        alike = all(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops)
        expected = self.kind(node.left, depth) if alike else NUMBER
        self.all(expected, [node.left, *node.comparators], depth)
        return TRUTH

    def all(self, expected: str, nodes: list[ast.expr], depth: int) -> str:
        for node in nodes:
            self.want(node, expected, depth)
        return expected

    def call(self, node: ast.Call, depth: int) -> str | None:
        if not isinstance(node.func, ast.Name):
            return None
        name = node.func.id
        if name not in FUNCTIONS:
            raise ConditionError(
                f"there is no function {name!r}{suggest(name, FUNCTIONS)}; expected one of "
                f"{', '.join(FUNCTIONS)}"
            )
        parts, result = FUNCTIONS[name]
        if len(node.args) != len(parts) or not isinstance(node.args[0], ast.Name):
            raise ConditionError(f"{_said(node)}: expected {name}({', '.join(parts)}, …)")
        table = node.args[0].id
        if table not in COUNTABLE:
            raise ConditionError(f"there is no table {table!r}{suggest(table, sorted(COUNTABLE))}")
        for part, given in zip(parts[1:], node.args[1:], strict=True):
            if part == "condition":
                self.quantified(table, given, depth)
            elif isinstance(given, ast.Name):
                sought(table, given.id)
            else:
                raise ConditionError(f"{_said(given)} is no column; expected the name of one")
        for keyword in node.keywords:
            self.filter(table, keyword)
        return result

    def quantified(self, table: str, condition: ast.expr, depth: int) -> None:
        if self.key or len(PROCESSED[table].key) > 1:
            raise ConditionError(
                f"each row of {table} has no `each` here; expected a table with a key of one "
                "column, and no every or how_many within another"
            )
        self.key = PROCESSED[table].key[0]
        self.want(condition, TRUTH, depth)
        self.key = None

    def filter(self, table: str, keyword: ast.keyword) -> None:
        if not keyword.arg:
            raise ConditionError(f"{_said(keyword.value)}: expected column=value")
        home, _ = sought(table, keyword.arg)
        about = PROCESSED[home].columns[keyword.arg]
        kind = PYTHON[about.type]
        match keyword.value:
            case ast.Name(id="each") if self.key:
                return
            case ast.Constant(value=None):
                return
            case ast.Constant(value=value) if type(value) is kind:
                given = [value]
            case ast.List(elts=parts) if all(
                isinstance(part, ast.Constant) and type(part.value) is kind for part in parts
            ):
                given = [part.value for part in parts]
            case _:
                raise ConditionError(
                    f"{keyword.arg}={_said(keyword.value)}: expected a value of the type "
                    f"{about.type}, None, a list of values or, in every and how_many, each"
                )
        self.exist(keyword.arg, about, given)

    def exist(self, column: str, about, given: list) -> None:
        """A value that no cell can have is a slip, and would count nothing."""
        known = about.options or (self.values(about.refers) if about.refers else None)
        for value in given if known is not None else ():
            if value not in known:
                raise ConditionError(f"{column} is never {value!r}{suggest(str(value), known)}")


def _said(node: ast.AST) -> str:
    try:
        said = ast.unparse(node)
    except RecursionError:
        return "this"
    return f"`{said}`" if len(said) < 60 else f"`{said[:57]}…`"


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
        return (self.each_of(node, rows) | ~self.there(node.args[0].id, rows)).all(axis=1)

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

    def members(self, node: ast.Call, each: str | None = None) -> list[str]:
        """What a function counts in the first universe: keys of rows, or values of a column."""
        table, rows = node.args[0].id, self.mask(node, each)
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
        rows = np.arange(len(self.tables[table]))
        for keyword in node.keywords:
            known = self.rows_of(table, keyword.arg)
            values = wanted(keyword.value, each)
            if values == [None]:
                some = np.concatenate([rows[:0], *known.values()])
                rows = np.setdiff1d(rows, some)
            else:
                found = [known[value] for value in values if value in known]
                rows = np.intersect1d(rows, np.concatenate([rows[:0], *found]))
        return rows

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
            cells = self.column(table, name).reset_index(drop=True)
            if self.is_many(table, name):
                cells = cells.map(parts).explode()
            cells = cells.dropna()
            self.lists[table, name] = pd.DataFrame(
                {"row": cells.index.astype(int), "value": cells.to_numpy()}
            ).drop_duplicates()
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


def tables_of(tree: ast.expr) -> set[str]:
    """The tables that an expression needs: those it counts in, and those they refer to for it."""
    found = set()
    for call in [node for node in ast.walk(tree) if isinstance(node, ast.Call)]:
        table, parts = call.args[0].id, zip(FUNCTIONS[call.func.id][0], call.args, strict=True)
        columns = [given.id for part, given in parts if part == "column"]
        columns += [keyword.arg for keyword in call.keywords]
        found |= {table, *(sought(table, column)[0] for column in columns)}
    return found


def calls(tree: ast.expr) -> list[ast.Call]:
    """The functions of an expression that are not within another."""
    if isinstance(tree, ast.Call):
        return [tree]
    return [
        call
        for part in ast.iter_child_nodes(tree)
        if isinstance(part, ast.expr)
        for call in calls(part)
    ]


def _grouped(rows: pd.Series, groups: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """The rows group by group, groups in order of appearance, and where each group begins."""
    numbers, _ = pd.factorize(groups)
    order = np.argsort(numbers, kind="stable")
    return rows.to_numpy()[order], np.flatnonzero(np.diff(numbers[order], prepend=-1))


def wanted(node: ast.expr, each: str | None) -> list:
    """The values that a filter lets through."""
    if isinstance(node, ast.Name):
        return [each]
    return ast.literal_eval(node) if isinstance(node, ast.List) else [node.value]
