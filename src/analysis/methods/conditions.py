"""The language of findings: conditions on processed tables, made of a few named functions.

| function | gives |
|---|---|
| `count(TABLE, COLUMN="value", …)` | the number of rows with these values |
| `distinct(TABLE, COLUMN, …)` | the number of different values of a column in these rows |
| `most(TABLE, COLUMN, COUNTED, …)` | the value of COLUMN with most values of COUNTED |
| `how_many(TABLE, CONDITION, …)` | for how many rows the condition holds; `each` is the row's key |
| `every(TABLE, CONDITION, …)` | whether it holds for every row; not if there is none |

They are put together by numbers, `+ - *`, comparisons, `and`, `or`, `not`. A value is a text, a
whole number, True, False, None (an empty cell), `each`, or a list of texts, any of which will do.
A column may also be one of a table that the row refers to: `corpus` of the statement of a coding.
Python reads the expression, but nothing runs it: what is not named here is refused.
"""

from __future__ import annotations

import ast
import operator
import re
import warnings
from collections.abc import Callable, Iterable

from analysis.problems import suggest
from analysis.tables import PROCESSED

LONGEST = 800  # letters of an expression
DEEPEST = 12  # parts of it in each other
GREATEST = 9999  # number in it
# What an expression can be.
NUMBER = "a number"
TRUTH = "a condition"
TEXT = "a text"
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
        for name, field in own.items()
        if field.refers and not field.many and (target := field.refers.split(".")[0]) in PROCESSED
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
        constants = [isinstance(part, ast.Constant) for part in (node.left, *node.comparators)]
        if expected == TRUTH or (expected == TEXT and constants != [False, True]):
            raise ConditionError(
                f"{_said(node)} compares {expected} with another; expected numbers, or a function "
                'that gives a text and then a text, such as `most(…) == "name"`'
            )
        if not calls(node):
            raise ConditionError(f"{_said(node)} counts nothing; expected a function in it")
        if expected == TEXT:
            table, column, _ = (name.id for name in node.left.args)
            home, _ = sought(table, column)
            self.exist(column, PROCESSED[home].columns[column], [node.comparators[0].value])
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
        self.filters(table, node.keywords)
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

    def filters(self, table: str, keywords: list[ast.keyword]) -> None:
        """What a function asks of the rows that it counts, of each column once."""
        names = [keyword.arg for keyword in keywords]
        for keyword in keywords:
            if names.count(keyword.arg) > 1 and keyword.arg:
                raise ConditionError(
                    f"{keyword.arg} is asked for twice; expected once, with a list of values any "
                    "of which will do"
                )
            self.filter(table, keyword)

    def filter(self, table: str, keyword: ast.keyword) -> None:
        if not keyword.arg:
            raise ConditionError(f"{_said(keyword.value)}: expected column=value")
        home, _ = sought(table, keyword.arg)
        field = PROCESSED[home].columns[keyword.arg]
        kind = PYTHON[field.type]
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
                    f"{field.type}, None, a list of values or, in every and how_many, each"
                )
        self.exist(keyword.arg, field, given)

    def exist(self, column: str, field, given: list) -> None:
        """A value that no cell can have is a slip, and would count nothing."""
        known = field.options or (self.values(field.refers) if field.refers else None)
        for value in given if known is not None else ():
            if value not in known:
                raise ConditionError(f"{column} is never {value!r}{suggest(str(value), known)}")


def _said(node: ast.AST) -> str:
    try:
        said = ast.unparse(node)
    except RecursionError:
        return "this"
    return f"`{said}`" if len(said) < 60 else f"`{said[:57]}…`"


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


def wanted(node: ast.expr, each: str | None) -> list:
    """The values that a filter lets through."""
    if isinstance(node, ast.Name):
        return [each]
    return ast.literal_eval(node) if isinstance(node, ast.List) else [node.value]
