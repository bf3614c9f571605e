"""How far a finding carries: in which universes it holds, and what would have to be taken away
for it not to hold any more. The terms are those of Oana and Schneider (2021).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, islice, pairwise

import numpy as np
import pandas as pd

from analysis.methods.conditions import OPERATORS, calls
from analysis.methods.evaluation import Tables
from analysis.methods.exposure import UNTOUCHED, could_turn, is_said
from analysis.methods.universes import AS_STATED, Universes

ROBUST, SHAKY, POSSIBLE, REFUTED = "robust", "shaky", "possible", "refuted"
Removed = frozenset[int]  # codes given to statements, by number
LIMIT = 100  # codings: a set that is larger is not looked for
EVERY = 10  # interviews, of which every set is tried; of more of them only
FEW = 2  # at a time


def robustness(is_stated: bool, elsewhere: Iterable[bool]) -> str:
    """What a finding is that holds or does not hold as stated, and in all other universes that put
    it to the test. Of one that none does it is not said that it is robust.
    """
    elsewhere = list(elsewhere)
    if is_stated and not elsewhere:
        return UNTOUCHED
    if is_stated:
        return ROBUST if all(elsewhere) else SHAKY
    return POSSIBLE if any(elsewhere) else REFUTED


def coincidence(stated: np.ndarray, others: np.ndarray) -> tuple[float, float]:
    """How far stated numbers are what holds everywhere, and how far what holds somewhere: the sum
    of the smaller over that of the larger; 1 if nothing hangs on the choices.

    others: the same numbers in other universes (first axis).
    """
    every = np.concatenate([stated[None], others])
    least, most = every.min(axis=0).sum(), every.max(axis=0).sum()
    total = stated.sum()
    return (least / total if total else 1.0), (total / most if most else 1.0)


def taken_away(interviews: int) -> int:
    """How many of so many interviews are taken away at most, in every possible way."""
    return interviews - 1 if interviews <= EVERY else FEW


def flipped_by_interviews(
    study: Universes, interviews: Sequence[str], trees: Sequence[ast.expr]
) -> list[list[str] | None]:
    """For each condition the fewest interviews without which it does not hold, the first of
    several such sets; None if there is no such set among those that are tried (`taken_away`).
    """
    found: dict[int, list[str]] = {}
    for size in range(1, taken_away(len(interviews)) + 1):
        for sets in _batches(combinations(interviews, size), study.at_once):
            without = [AS_STATED | {"without_interview": ";".join(some)} for some in sets]
            known = study.where(pd.DataFrame(without))
            for i in {*range(len(trees))} - {*found}:
                fails = ~known.values(trees[i]).astype(bool) & is_said(known, trees[i])
                if fails.any():
                    found[i] = list(sets[int(fails.argmax())])
    return [found.get(i) for i in range(len(trees))]


def exposed_to_interviews(study: Universes, interviews: Sequence[str], tree: ast.expr) -> bool:
    """Whether a condition looks at anything that is gone without one of several interviews and
    without which it could fail.
    """
    if len(interviews) < 2:
        return False
    without = [AS_STATED | {"without_interview": interview} for interview in interviews]
    universes = pd.DataFrame([AS_STATED, *without])
    return bool(could_turn(study.where(universes), universes, tree).any())


class Removal:
    """Looks for the fewest codings whose removal turns a condition, part by part: of parts that
    all must hold the cheapest one, and for a comparison step by step what closes the gap most.
    A code is taken from a whole statement, also where that was cut into several units.

    That is exact where every coding counts for itself, as in `a > b`; where one removal counts in
    several places there may be a smaller set, or one though none is found. A set of more than
    LIMIT is as good as any such.
    """

    def __init__(self, tables: Tables):
        statement, code = (tables.column("codings", name).cat for name in ("statement_id", "code"))
        pairs = np.array(statement.codes, dtype="int64")
        pairs *= len(code.categories)
        pairs += code.codes.to_numpy()
        # which code of which statement a row is about
        self.numbers, _ = pd.factorize(pairs, size_hint=len(pairs))
        self.tables = tables

    def flips(self, tree: ast.expr) -> Removed | None:
        """What to remove so that a condition that holds does not; None if nothing is found.

        Of more than LIMIT codings not all are there.
        """
        found = self.turned(tree, False)
        if found is None or len(found) > LIMIT:
            return found
        return None if self.values(tree, None, [found])[0] else found

    def rows(self, removed: Removed) -> list[str]:
        """The keys of the codings that are removed."""
        return self.tables.keys("codings", np.flatnonzero(np.isin(self.numbers, [*removed])))

    def values(self, node: ast.expr, each: object, removals: list[Removed]) -> np.ndarray:
        """The values of an expression after each of the removals."""
        is_removed = np.zeros((len(removals), self.numbers.max(initial=0) + 1), dtype=bool)
        for universe, removed in enumerate(removals):
            is_removed[universe, [*removed]] = True
        return self.tables.but({"codings": ~is_removed[:, self.numbers]}).values(node, each)

    def turned(self, node: ast.expr, want: bool, each: object = None) -> Removed | None:
        """What to remove so that a condition has this truth; None if nothing is found."""
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

    def keys(self, node: ast.Call) -> list:
        """The rows that a call goes through."""
        return self.tables.single_keys(node.args[0].id, self.tables.mask(node, None))

    def compared(
        self, op: ast.cmpop, left: ast.expr, right: ast.expr, want: bool, each: object
    ) -> Removed | None:
        """What to remove so that `left op right` is true (want) or false, in the row `each`."""
        match left, right:
            case (ast.Call(func=ast.Name(id="most")), ast.Constant(value=name)):
                is_top = want == isinstance(op, ast.Eq)
                found = [
                    self.nearer(ast.Gt(), *pair, is_top, each)
                    for pair in self.rivals(left, name, each)
                ]
                return _joined(found, all_of_them=is_top)
        return self.nearer(op, left, right, want, each)

    def rivals(self, node: ast.Call, name: str, each: object) -> list[tuple[ast.expr, ast.expr]]:
        """That a value has the most, as numbers the first of which is greater: than nothing, and
        than those of the other values that there are in the rows of the call.
        """
        table, column, counted = node.args

        def number(value: object) -> ast.Call:
            filters = [*node.keywords, ast.keyword(column.id, ast.Constant(value))]
            return ast.Call(ast.Name("distinct"), [table, counted], filters)

        rows = self.tables.mask(node, each)
        there = {*self.tables.listed(table.id, column.id, rows)[1]} - {name}
        values = self.tables.column(table.id, column.id).dropna().unique()
        others = [value for value in values if value in there]
        return [(number(name), ast.Constant(0)), *((number(name), number(v)) for v in others)]

    def nearer(
        self, op: ast.cmpop, left: ast.expr, right: ast.expr, want: bool, each: object
    ) -> Removed | None:
        """Removes, step by step, what brings a comparison nearest to this truth per coding."""
        parts = [self.part(call, each) for side in (left, right) for call in calls(side)]
        groups = sorted(_options(parts), key=sorted)

        def gaps(removals: list[Removed]) -> np.ndarray:
            counted = {id(part.node): part.after(removals) for part in parts}
            difference = _number(left, counted) - _number(right, counted)
            every = np.broadcast_to(difference, len(removals))
            return np.array([_gap(op, each, want) for each in every])

        removed: Removed = frozenset()
        gap = gaps([removed])[0]
        while len(removed) <= LIMIT and gap:
            options = [removed | group for group in groups if group - removed]
            if not options:
                return None
            after = gaps(options)
            gained = (gap - after) / [len(option - removed) for option in options]
            if gained.max() <= 0:
                return None
            best = int(gained.argmax())
            removed, gap = options[best], after[best]
        return removed

    def part(self, node: ast.Call, each: object) -> _Counted | _Asked:
        """A function of a comparison."""
        table, rows = node.args[0].id, self.tables.mask(node, each)
        if node.func.id == "how_many":
            turns = [found for key in self.keys(node) if (found := self.other(node, key))]
            return _Asked(node, turns, lambda removals: self.values(node, each, removals))
        value = int(self.tables.values(node, each)[0])
        if table != "codings":
            return _Counted(node, value, rows[:0], rows[:0])
        if node.func.id == "count":
            return _Counted(node, value, self.numbers[rows], np.arange(len(rows)))
        own, values = self.tables.own(node, rows)
        return _Counted(node, value, self.numbers[own], pd.factorize(values)[0])

    def other(self, node: ast.Call, key: object) -> Removed | None:
        """What turns the condition of a call for one of its rows."""
        holds = bool(self.values(node.args[1], key, [frozenset()])[0])
        return self.turned(node.args[1], not holds, key)


@dataclass
class _Asked:
    """How many rows a condition holds for: what turns it for one of them, and its number after
    removals.
    """

    node: ast.Call
    turns: list[Removed]
    after: Callable[[list[Removed]], np.ndarray]


class _Counted:
    """What a function counts, each of which rests on codings and is gone without all of them.

    value: how many there are. numbers, things: which coding (first) speaks of which (second).
    """

    def __init__(self, node: ast.Call, value: int, numbers: np.ndarray, things: np.ndarray):
        self.node, self.value = node, value
        pairs = np.unique(np.stack([numbers, things], axis=1), axis=0)
        self.numbers, self.things = pairs[:, 0], pairs[:, 1]
        self.sizes = np.bincount(self.things)

    def after(self, removals: list[Removed]) -> np.ndarray:
        """How many there are after each of the removals."""
        sizes = [len(removed) for removed in removals]
        of = np.repeat(np.arange(len(removals)), sizes)
        numbers = np.fromiter(chain.from_iterable(removals), int, sum(sizes))
        return self.value - self.lost(of, numbers, len(removals))[0]

    def lost(self, of: np.ndarray, numbers: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
        """For n removals how many things are gone, and how many have lost anything.

        of, numbers: every coding that is removed, and the removal that it belongs to.
        """
        first = np.searchsorted(self.numbers, numbers)
        found = np.searchsorted(self.numbers, numbers, side="right") - first
        places = np.arange(found.sum()) + np.repeat(first - (found.cumsum() - found), found)
        span = len(self.sizes) or 1
        pairs = np.repeat(of, found) * span + self.things[places]
        hit, times = np.unique(pairs, return_counts=True)
        is_gone = times == self.sizes[hit % span]
        return np.bincount(hit[is_gone] // span, minlength=n), np.bincount(hit // span, minlength=n)


def _options(parts: list[_Counted | _Asked]) -> set[Removed]:
    """For everything that is counted the codings without which it is not. Of those that change the
    same, and nothing by halves, no more than could be needed.
    """
    found = {turn for part in parts if isinstance(part, _Asked) for turn in part.turns}
    counted = [part for part in parts if isinstance(part, _Counted)]
    for part in counted:
        order = np.lexsort([part.numbers, part.things])
        numbers, ends = part.numbers[order], part.sizes.cumsum()
        for thing in _needed(part, part.things[order], numbers, counted):
            found.add(frozenset(numbers[ends[thing] - part.sizes[thing] : ends[thing]].tolist()))
    return found


def _needed(
    part: _Counted, things: np.ndarray, numbers: np.ndarray, counted: list[_Counted]
) -> Iterable[int]:
    """The things of which it could be needed that they are not counted.

    things, numbers: which coding (second) speaks of which (first), in order of both.
    """
    if len(part.sizes) <= LIMIT:
        return range(len(part.sizes))
    gone, hit = np.stack([each.lost(things, numbers, len(part.sizes)) for each in counted], axis=1)
    effects = pd.DataFrame(np.stack([part.sizes, *gone]).T)
    is_whole = (gone == hit).all(axis=0)
    starts = part.sizes.cumsum() - part.sizes
    in_order = np.argsort(numbers[starts], kind="stable")
    rank = effects.iloc[in_order].groupby([*effects]).cumcount()
    return rank.index[(rank <= LIMIT) | ~is_whole[in_order]]


def _batches(sets: Iterator, n: int) -> Iterator[list]:
    while batch := list(islice(sets, n)):
        yield batch


def _number(node: ast.expr, counted: Mapping[int, np.ndarray]) -> np.ndarray | int:
    """The value of a side of a comparison whose functions have these values."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.BinOp(left=left, op=op, right=right):
            return OPERATORS[type(op)](_number(left, counted), _number(right, counted))
    return counted[id(node)]


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
