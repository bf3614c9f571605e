"""What other choices can do to a finding: whether it still says anything, whether it could fail at
all, and whether it does.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.methods.conditions import asked_for, sought
from analysis.methods.evaluation import Tables
from analysis.methods.universes import AGREED
from analysis.tables import PROCESSED, STATEMENTS
from analysis.tables.columns import parts

HOLDS, FAILS = "holds", "fails"
VOID = "void"  # nothing is left of what it speaks of
UNTOUCHED = "untouched"  # it holds, but could not fail
NAMED = ("corpus", "case_id", "municipality_id", "attribution")  # what choices can leave nothing of
Change = Callable[[str, np.ndarray], np.ndarray]


def is_touched(tree: ast.expr) -> bool:
    """Whether a condition counts what a choice could change."""
    return bool(_tables(tree) & {*STATEMENTS})


def verdicts(known: Tables, universes: pd.DataFrame, tree: ast.expr) -> np.ndarray:
    """For each universe whether a condition HOLDS or FAILS in it, is VOID or UNTOUCHED.

    known: the tables in these universes, the first of which is the study as stated.
    """
    holds = known.values(tree).astype(bool)
    is_void = ~(is_said(known, tree) & keeps_codes(universes, tree))
    found = [is_void, ~could_turn(known, universes, tree) & holds, holds]
    return np.select(found, [VOID, UNTOUCHED, HOLDS], FAILS)


def is_said(known: Tables, tree: ast.expr) -> np.ndarray:
    """In which universes a condition says anything: something must be left of the places, parts of
    the study and attributions that it names.
    """
    named = [
        (column, value)
        for table, column, value in asked_for(tree)
        if table in STATEMENTS and _is_of_statements(table, column)
    ]
    groups = [np.flatnonzero(known.has("statements", column, [value])) for column, value in named]
    left = [known.there("statements", rows).any(axis=1) for rows in groups]
    return np.logical_and.reduce([np.ones(known.universes, dtype=bool), *left])


def _is_of_statements(table: str, name: str) -> bool:
    """Whether a column names what choices can leave no statements of; a study may call columns of
    another kind the same.
    """
    found = PROCESSED[sought(table, name)[0]].columns[name]
    same = PROCESSED["statements"].columns.get(name, found)
    return name in NAMED and (found.refers, found.options) == (same.refers, same.options)


def keeps_codes(universes: pd.DataFrame, tree: ast.expr) -> np.ndarray:
    """In which universes no code that a condition names counts as another one."""
    named = {value for _, column, value in asked_for(tree) if column == "code"}
    gone = universes["merged"].map(lambda codes: parts(codes)[1:])
    return np.array([named.isdisjoint(codes) for codes in gone], dtype=bool)


def could_turn(known: Tables, universes: pd.DataFrame, tree: ast.expr) -> np.ndarray:
    """In which universes a condition could have another truth than in the first: rows are gone or
    new that count for it or against it. Where another coder is asked, it always could: what they
    did not code they might have.
    """
    falls, rises = moves(known, tree, lambda table, rows: _changed(known.there(table, rows)))
    others = (universes["coder"] != AGREED).to_numpy() & ("codings" in _tables(tree))
    return others | (falls if bool(known.values(tree)[0]) else rises)


def could_lose(known: Tables, tree: ast.expr, table: str) -> bool:
    """Whether a condition that holds could fail if rows of a table were taken away."""

    def taken(name: str, rows: np.ndarray) -> np.ndarray:
        return np.array([[name == table and len(rows) > 0], [False]])

    return bool(moves(known, tree, taken)[0, 0])


def moves(known: Tables, node: ast.expr, change: Change, each: object = None) -> np.ndarray:
    """Where an expression can go, a number or a truth: whether it can fail (first row), and whether
    it can rise (second), in each universe (columns).

    change: for rows of a table, in the same form, whether some are gone, and whether some are new.
    """

    def of(part: ast.expr) -> np.ndarray:
        return moves(known, part, change, each)

    match node:
        case ast.Call():
            return _called(known, node, change, each)
        case ast.UnaryOp(operand=operand):
            return of(operand)[::-1]
        case ast.BoolOp(values=values):
            return np.logical_or.reduce([of(value) for value in values])
        case ast.BinOp(left=left, op=ast.Mult(), right=right) if not (
            isinstance(left, ast.Constant) or isinstance(right, ast.Constant)
        ):
            return _either(of(left) | of(right))
        case ast.BinOp(left=left, op=op, right=right):
            return of(left) | of(right)[:: -1 if isinstance(op, ast.Sub) else 1]
        case ast.Compare(left=left, ops=ops, comparators=others):
            pairs = zip(ops, pairwise([left, *others]), strict=True)
            return np.logical_or.reduce([_compared(op, *pair, of) for op, pair in pairs])
    return np.zeros_like(change("", np.array([], dtype=int)))


def _called(known: Tables, node: ast.Call, change: Change, each: object) -> np.ndarray:
    table, rows = node.args[0].id, known.mask(node, each)
    own = change(table, rows)
    if node.func.id in ("most", "every"):  # of no rows `every` does not hold
        own = _either(own)
    if node.func.id in ("how_many", "every"):
        keys = known.single_keys(table, rows)
        parts = [moves(known, node.args[1], change, key) for key in keys]
        return np.logical_or.reduce([own, *parts])
    return own


def _compared(
    op: ast.cmpop, left: ast.expr, right: ast.expr, of: Callable[[ast.expr], np.ndarray]
) -> np.ndarray:
    if isinstance(op, ast.Gt | ast.GtE):
        return of(left) | of(right)[::-1]
    if isinstance(op, ast.Lt | ast.LtE):
        return of(left)[::-1] | of(right)
    is_none = isinstance(left, ast.Call) and getattr(right, "value", None) == 0
    if is_none:  # a function counts nothing, or something
        return of(left)[:: -1 if isinstance(op, ast.Eq) else 1]
    return _either(of(left) | of(right))


def _changed(there: np.ndarray) -> np.ndarray:
    """Of rows that are there or not in universes whether some of the first are gone, or new."""
    return np.stack([(there[0] & ~there).any(axis=1), (there & ~there[0]).any(axis=1)])


def _either(way: np.ndarray) -> np.ndarray:
    return np.broadcast_to(way.any(axis=0), way.shape)


def _tables(tree: ast.expr) -> set[str]:
    return {node.args[0].id for node in ast.walk(tree) if isinstance(node, ast.Call)}
