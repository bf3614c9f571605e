"""How far a finding carries: in which universes it holds, and what would have to be taken away
for it not to hold any more. The terms are those of Oana and Schneider (2021).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from itertools import combinations, pairwise

import numpy as np
import pandas as pd

from analysis.methods.findings import OPERATORS, Tables, calls, wanted
from analysis.methods.universes import AS_STATED, STATEMENTS, in_universes

ROBUST, SHAKY, POSSIBLE, REFUTED = "robust", "shaky", "possible", "refuted"
UNTOUCHED = "untouched"  # it counts nothing that a choice could change
NAMED = ("corpus", "case_id", "municipality_id", "attribution")  # what choices can leave nothing of
Removed = frozenset[int]  # codes given to statements, by number


def robustness(is_stated: bool, elsewhere: Iterable[bool]) -> str:
    """What a finding is that holds or does not hold as stated, and in other universes."""
    elsewhere = list(elsewhere)
    if is_stated:
        return ROBUST if all(elsewhere) else SHAKY
    return POSSIBLE if any(elsewhere) else REFUTED


def is_touched(tree: ast.expr) -> bool:
    """Whether a condition counts what a choice could change."""
    names = {node.args[0].id for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return bool(names & {*STATEMENTS})


def is_said(known: Tables, tree: ast.expr) -> np.ndarray:
    """In which universes a condition says anything: something must be left of the places, parts of
    the study and attributions that it names.
    """
    named = [
        (keyword.arg, value)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and call.args[0].id in STATEMENTS
        for keyword in call.keywords
        if keyword.arg in NAMED and not isinstance(keyword.value, ast.Name)
        for value in wanted(keyword.value, None)
    ]
    groups = [known.rows_of("statements", column).get(value, []) for column, value in named]
    left = [known.there("statements", np.asarray(rows, int)).any(axis=1) for rows in groups]
    return np.logical_and.reduce([np.ones(known.universes, dtype=bool), *left])


def coincidence(stated: np.ndarray, others: np.ndarray) -> tuple[float, float]:
    """How far stated numbers are what holds everywhere, and how far what holds somewhere: the sum
    of the smaller over that of the larger; 1 if nothing hangs on the choices.

    others: the same numbers in other universes (first axis).
    """
    every = np.concatenate([stated[None], others])
    least, most = every.min(axis=0).sum(), every.max(axis=0).sum()
    total = stated.sum()
    return (least / total if total else 1.0), (total / most if most else 1.0)


class Interviews:
    """The study without some of its interviews, but never without all."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], interviews: Iterable[str]):
        asked = list(interviews)
        self.sets = [some for n in range(1, len(asked)) for some in combinations(asked, n)]
        without = [AS_STATED | {"without_interview": ";".join(some)} for some in self.sets]
        self.tables = in_universes(tables, pd.DataFrame(without)) if without else None

    def flips(self, tree: ast.expr) -> list[str] | None:
        """The fewest without which a condition that holds does not, the first of several such
        sets; None if it holds as long as one interview is left.
        """
        if not self.tables:
            return None
        fails = ~self.tables.values(tree).astype(bool) & is_said(self.tables, tree)
        return list(self.sets[int(fails.argmax())]) if fails.any() else None


class Removal:
    """Looks for the fewest codings whose removal turns a condition, part by part: of parts that
    all must hold the cheapest one, and for a comparison step by step what closes the gap most.
    A code is taken from a whole statement, also where that was cut into several units.

    That is exact where every coding counts for itself, as in `a > b`; where one removal counts in
    several places there may be a smaller set.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame]):
        codings = tables["codings"]
        statement = tables["statements"].set_index("unit_id")["statement_id"]
        pairs = pd.DataFrame({"of": codings["unit_id"].map(statement), "code": codings["code"]})
        # which code of which statement a row is about
        self.numbers = pairs.groupby(["of", "code"], sort=False).ngroup().to_numpy()
        self.tables = Tables(tables)

    def flips(self, tree: ast.expr) -> Removed | None:
        """What to remove so that a condition that holds does not; None if no removal does that."""
        found = self.turned(tree, False)
        return None if found is None or self.values(tree, None, [found])[0] else found

    def rows(self, removed: Removed) -> list[str]:
        """The keys of the codings that are removed."""
        return self.tables.keys("codings", np.flatnonzero(np.isin(self.numbers, [*removed])))

    def values(self, node: ast.expr, each: str | None, removals: list[Removed]) -> np.ndarray:
        """The values of an expression after each of the removals."""
        is_removed = np.zeros((len(removals), self.numbers.max(initial=0) + 1), dtype=bool)
        for universe, removed in enumerate(removals):
            is_removed[universe, [*removed]] = True
        return self.tables.but({"codings": ~is_removed[:, self.numbers]}).values(node, each)

    def turned(self, node: ast.expr, want: bool, each: str | None = None) -> Removed | None:
        """What to remove so that a condition has this truth; None if that cannot be."""
        if bool(self.values(node, each, [frozenset()])[0]) == want:
            return frozenset()
        match node:
            case ast.UnaryOp(operand=operand):
                return self.turned(operand, not want, each)
            case ast.BoolOp(op=op, values=parts):
                found = [self.turned(part, want, each) for part in parts]
                return _joined(found, all_of_them=isinstance(op, ast.And) == want)
            case ast.Compare(left=left, ops=ops, comparators=others):
                pairs = zip(ops, pairwise([left, *others]), strict=True)
                found = [self.compared(op, *pair, want, each) for op, pair in pairs]
                return _joined(found, all_of_them=want)
            case ast.Call(func=ast.Name(id="every"), args=[_, condition]):
                found = [self.turned(condition, want, key) for key in self.keys(node)]
                return _joined(found, all_of_them=want)
        return None

    def keys(self, node: ast.Call) -> list[str]:
        """The rows that a call goes through."""
        return self.tables.keys(node.args[0].id, self.tables.mask(node, None))

    def compared(
        self, op: ast.cmpop, left: ast.expr, right: ast.expr, want: bool, each: str | None
    ) -> Removed | None:
        """What to remove so that a comparison has this truth."""
        match left, right:
            case (ast.Call(func=ast.Name(id="most")), ast.Constant(value=name)):
                is_top = want == isinstance(op, ast.Eq)
                found = [
                    self.nearer(ast.Gt(), *pair, is_top, each) for pair in self.rivals(left, name)
                ]
                return _joined(found, all_of_them=is_top)
        return self.nearer(op, left, right, want, each)

    def rivals(self, node: ast.Call, name: str) -> list[tuple[ast.expr, ast.expr]]:
        """That a value has the most, as numbers the first of which is greater."""
        table, column, counted = node.args

        def number(value: str) -> ast.Call:
            filters = [*node.keywords, ast.keyword(column.id, ast.Constant(value))]
            return ast.Call(ast.Name("distinct"), [table, counted], filters)

        others = [value for value in self.tables.rows_of(table.id, column.id) if value != name]
        return [(number(name), ast.Constant(0)), *((number(name), number(v)) for v in others)]

    def nearer(
        self, op: ast.cmpop, left: ast.expr, right: ast.expr, want: bool, each: str | None
    ) -> Removed | None:
        """Removes, step by step, what brings a comparison nearest to this truth per coding."""
        parts = [part for side in (left, right) for part in calls(side)]
        groups = sorted({group for part in parts for group in self.groups(part, each)}, key=sorted)

        def gaps(removals: list[Removed]) -> np.ndarray:
            numbers = [self.values(side, each, removals) for side in (left, right)]
            return np.array([_gap(op, a - b, want) for a, b in zip(*numbers, strict=True)])

        removed: Removed = frozenset()
        while gap := gaps([removed])[0]:
            options = [removed | group for group in groups if group - removed]
            if not options:
                return None
            after = gaps(options)
            gained = (gap - after) / [len(option - removed) for option in options]
            if gained.max() <= 0:
                return None
            removed = options[int(gained.argmax())]
        return removed

    def groups(self, node: ast.Call, each: str | None) -> list[Removed]:
        """For everything that a function counts, the codings without which it is not counted."""
        table, rows = node.args[0].id, self.tables.mask(node, each)
        if node.func.id == "how_many":
            return [found for key in self.keys(node) if (found := self.other(node, key))]
        if table != "codings":
            return []
        if node.func.id == "count":
            return [frozenset([number]) for number in set(self.numbers[rows].tolist())]
        own, values = self.tables.own(node, rows)
        groups = own.groupby(values, sort=False).agg(list)
        return [frozenset(self.numbers[found].tolist()) for found in groups]

    def other(self, node: ast.Call, key: str) -> Removed | None:
        """What turns the condition of a call for one of its rows."""
        holds = bool(self.values(node.args[1], key, [frozenset()])[0])
        return self.turned(node.args[1], not holds, key)


def _joined(found: list[Removed | None], *, all_of_them: bool) -> Removed | None:
    """All of several removals, or the smallest that there is."""
    if all_of_them:
        return None if None in found else frozenset().union(*found)
    return min((each for each in found if each is not None), key=len, default=None)


def _gap(op: ast.cmpop, difference: int, want: bool) -> int:
    """How far the difference of two numbers is from one for which a comparison has this truth."""
    if bool(OPERATORS[type(op)](difference, 0)) == want:
        return 0
    if isinstance(op, ast.Eq | ast.NotEq):
        return max(1, abs(difference))
    return abs(difference) + (isinstance(op, ast.Gt | ast.Lt) == want)
