"""The language of findings: conditions on processed tables, made of a few named functions.

| function | gives |
|---|---|
| `count(TABLE, COLUMN="value", …)` | the number of rows with these values |
| `distinct(TABLE, COLUMN, …)` | the number of different values of a column in these rows |
| `most(TABLE, COLUMN, COUNTED, …)` | the value of COLUMN with most values of COUNTED |
| `how_many(TABLE, CONDITION, …)` | for how many rows the condition holds; `each` is the row's key |
| `every(TABLE, CONDITION, …)` | whether it holds for every row; not if there is none |

They are put together by numbers, `+ - *`, comparisons, `and`, `or`, `not`; what `most` gives is
compared with a value. A value is a text, a whole number, True or False, as the column has them; a
function may also be asked for None (an empty cell), `each`, or a list of values, any of which will
do. A column may also be one of a table that the row refers to, if no other of these has one of that
name: `corpus` of the statement of a coding.
Python reads the expression, but nothing runs it: what is not named here is refused.
"""

from __future__ import annotations

import ast
import operator
import re
import warnings
from collections.abc import Callable, Collection, Iterator
from keyword import iskeyword

from analysis.problems import suggest
from analysis.tables import PROCESSED, UNITS

LONGEST = 800  # letters of an expression
DEEPEST = 12  # parts of it in each other
GREATEST = 9999  # number in it
# What an expression can be.
NUMBER = "a number"
TRUTH = "a condition"
TEXT = "a text"
VALUE = "a value of a column"
EXAMPLES = {NUMBER: "`count(statements)`", TRUTH: "`count(statements) > 3`"}
# What a call is made of before its filters, and what it gives.
FUNCTIONS = {
    "count": (("table",), NUMBER),
    "distinct": (("table", "column"), NUMBER),
    "most": (("table", "column", "column"), VALUE),
    "how_many": (("table", "condition"), NUMBER),
    "every": (("table", "condition"), TRUTH),
}
OPERATORS = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Eq: operator.eq, ast.NotEq: operator.ne,
}  # fmt: skip
PYTHON = {"string": str, "integer": int, "number": int, "boolean": bool}
# How a value is written for which a condition can ask.
WRITTEN = {str: TEXT, int: "a whole number without a sign", bool: "True or False"}
NAMES = re.compile(r"[(,]\s*(\w+)\s*(?=[=,)])")  # of tables and columns
NUMBERS = re.compile(r"\{([^{}]*)\}")  # in a sentence, each of which stands for its value
# What findings are made into, and what is counted from other tables, which can be counted itself.
COUNTABLE = {*PROCESSED} - {"findings", "universes", "verdicts", "code_counts", "case_counts"}
Values = Callable[[str], Collection | None]


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
        for name in NAMES.findall(text):
            if iskeyword(name) and name not in ("True", "False", "None"):
                why = f"{name} is a word of Python, and can be no name here"
        raise ConditionError(
            f"{text!r} cannot be read ({why}); expected {expected}, such as {EXAMPLES[expected]}"
        ) from None
    _Check(values).want(tree, expected)
    if not calls(tree):
        raise ConditionError(f"{_said(tree)} counts nothing; expected a function in it")
    return tree


def sought(table: str, column: str) -> tuple[str, str | None]:
    """Where a table has a column: its own, or the one that refers to the table that has it.

    Raises ConditionError if it is in neither, or in several that are referred to.
    """
    own = PROCESSED[table].columns
    if column in own:
        return table, None
    linked = links(table)
    match [name for name, home in linked.items() if column in PROCESSED[home].columns]:
        case [link]:
            return linked[link], link
        case [_, *_] as several:
            raise ConditionError(
                f"{column} is in what several columns of {table} refer to ({', '.join(several)}); "
                "expected a column that is in one of these tables only"
            )
    known = {*own, *(each for home in linked.values() for each in PROCESSED[home].columns)}
    homes = f", or one of {', '.join(dict.fromkeys(linked.values()))}" if linked else ""
    raise ConditionError(
        f"{table} has no column {column!r}{suggest(column, sorted(known))}; expected one of "
        f"{', '.join(own)}{homes}"
    )


def links(table: str) -> dict[str, str]:
    """The columns of a table that refer to the key of another one, or of itself, and which."""
    targets = {
        name: "statements" if field.refers in UNITS else field.refers.split(".")[0]
        for name, field in PROCESSED[table].columns.items()
        if field.refers and not field.many
    }
    return {name: home for name, home in targets.items() if home in PROCESSED}


class _Check:
    """Looks an expression over, part by part, before anything is computed."""

    def __init__(self, values: Values):
        self.values = values
        self.each: type | None = None  # of the keys of the table whose rows are gone through

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
        match node:
            case ast.Compare(
                left=ast.Call(func=ast.Name(id="most")) as most,
                ops=[ast.Eq() | ast.NotEq()],
                comparators=[ast.Constant() as value],
            ):
                self.want(most, VALUE, depth)
                table, column, _ = (name.id for name in most.args)
                self.fit(sought(table, column)[0], column, [value])
                return TRUTH
        kinds = [self.kind(part, depth) for part in (node.left, *node.comparators)]
        if {*kinds} != {NUMBER}:
            raise ConditionError(
                f"{_said(node)} compares {' with '.join(kinds)}; expected numbers, or what `most` "
                'gives and then a value, such as `most(…) == "name"`'
            )
        if not calls(node):
            raise ConditionError(f"{_said(node)} counts nothing; expected a function in it")
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
            raise ConditionError(
                f"there is no table {table!r}{suggest(table, sorted(COUNTABLE))}; expected one of "
                f"{', '.join(sorted(COUNTABLE))}"
            )
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
        key, *others = PROCESSED[table].key
        if self.each or others:
            raise ConditionError(
                f"each row of {table} has no `each` here; expected a table with a key of one "
                "column, and no every or how_many within another"
            )
        self.each = PYTHON[PROCESSED[table].columns[key].type]
        self.want(condition, TRUTH, depth)
        self.each = None

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
        match keyword.value:
            case ast.Name(id="each") if self.each:
                if PYTHON[PROCESSED[home].columns[keyword.arg].type] is not self.each:
                    raise ConditionError(
                        f"{keyword.arg} is never `each`; expected a column of the type of the key"
                    )
            case ast.Constant(value=None):
                return
            case ast.List(elts=[_, *_] as values):
                self.fit(home, keyword.arg, values)
            case value:
                others = ", None, a list of such values or, in every and how_many, each"
                self.fit(home, keyword.arg, [value], others)

    def fit(self, table: str, column: str, nodes: list[ast.expr], others: str = "") -> None:
        """A value that no cell can have is a slip, and would count nothing.

        others: what may be asked for besides.
        """
        field = PROCESSED[table].columns[column]
        kind = PYTHON[field.type]
        is_key = PROCESSED[table].key == (column,)
        refers = field.refers or (f"{table}.{column}" if is_key else None)
        known = field.options or (self.values(refers) if refers else None)
        for node in nodes:
            if not isinstance(node, ast.Constant) or type(node.value) is not kind:
                wrong = f"{column}={_said(node)}"
                raise ConditionError(f"{wrong}: expected {WRITTEN[kind]}{others}")
            if known is not None and node.value not in known:
                near = suggest(str(node.value), [*map(str, known)])
                among = ", ".join(known) if field.options else f"the values of {refers}"
                wrong = f"{column} is never {node.value!r}{near}"
                raise ConditionError(f"{wrong}; expected one of {among}")


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


def asked_for(tree: ast.expr) -> Iterator[tuple[str, str, object]]:
    """The values that an expression asks for, each with the table that it counts in, and the column
    as `sought` finds it.
    """
    for node in ast.walk(tree):
        match node:
            case ast.Call(args=[ast.Name(id=table), *_], keywords=keywords):
                pairs = [(keyword.arg, keyword.value) for keyword in keywords]
            case ast.Compare(
                left=ast.Call(args=[ast.Name(id=table), ast.Name(id=column), _]),  # `most`
                comparators=[value],
            ):
                pairs = [(column, value)]
            case _:
                continue
        for column, value in pairs:
            for part in ast.walk(value):
                if isinstance(part, ast.Constant):
                    yield table, column, part.value


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


def wanted(node: ast.expr, each: object) -> list:
    """The values that a filter lets through."""
    if isinstance(node, ast.Name):
        return [each]
    return ast.literal_eval(node) if isinstance(node, ast.List) else [node.value]
