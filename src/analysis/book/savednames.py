"""Names of the values that a notebook's code saves: a run that was skipped leaves no list of them,
and a page that misspells one has to be told so all the same.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from analysis.parameters import NO_PYTHON

FILLED = "{}"  # in a name: what is filled in as the notebook runs


def saved_names(notebook: dict) -> set[str]:
    """The names of the arguments of `save_values` and of what goes into its `**` arguments:
    keys of mappings, also in steps. What is filled into a name is FILLED.
    """
    parts = [part for cell in notebook["cells"] for part in _parts(cell)]
    waiting = [argument for part in parts if _saves(part) for argument in part.keywords]
    found: set[str] = set()
    followed: set[str] = set()
    while waiting:
        part = waiting.pop()
        if isinstance(part, ast.keyword) and part.arg:
            found.add(part.arg)
        elif isinstance(part, ast.Constant | ast.JoinedStr):
            found |= _text(part)
        elif not isinstance(part, ast.Name):
            waiting += _leading_to_names(part)
        elif part.id not in followed:
            followed.add(part.id)
            waiting += [into for one in parts for into in _put_into(part.id, one)]
    return found


def fits(name: str, saved: Iterable[str]) -> bool:
    """Whether a name is one of those, with something filled in where they say so."""
    patterns = [re.escape(one).replace(re.escape(FILLED), r"\w+") for one in saved]
    return any(re.fullmatch(pattern, name) for pattern in patterns)


def _parts(cell: dict) -> Iterator[ast.AST]:
    if cell["cell_type"] == "code":
        # commands of Jupyter are no Python
        code = re.sub(r"^[ \t]*[%!].*", "", "".join(cell["source"]), flags=re.MULTILINE)
        try:
            yield from ast.walk(ast.parse(code))
        except NO_PYTHON:
            return


def _saves(part: ast.AST) -> bool:
    return isinstance(part, ast.Call) and getattr(part.func, "attr", "") == "save_values"


def _put_into(name: str, part: ast.AST) -> Iterator[ast.AST]:
    """What a piece of code puts into a variable, or names in it."""
    if isinstance(part, ast.Call) and _is(getattr(part.func, "value", None), name):
        yield from (*part.args, *part.keywords)  # sizes.update(trees=3)
    for target in [*getattr(part, "targets", ()), getattr(part, "target", None)]:
        if isinstance(target, ast.Subscript):
            if _is(target.value, name):
                yield target.slice
        elif target and any(_is(one, name) for one in ast.walk(target)):
            # `n: int` has none
            yield getattr(part, "iter", None) or getattr(part, "value", None) or ast.Constant(None)


def _is(part: ast.AST | None, name: str) -> bool:
    return isinstance(part, ast.Name) and part.id == name


def _leading_to_names(part: ast.AST) -> list[ast.AST]:
    """The pieces of an expression that its keys come from."""
    if isinstance(part, ast.Dict):
        pairs = zip(part.keys, part.values, strict=True)
        return [value if key is None else key for key, value in pairs]
    if isinstance(part, ast.DictComp):
        return [part.key]
    return list(ast.iter_child_nodes(part))


def _text(part: ast.Constant | ast.JoinedStr) -> set[str]:
    """A name as it is written; nothing if all of it is filled in."""
    pieces = part.values if isinstance(part, ast.JoinedStr) else [part]
    texts = [piece.value if isinstance(piece, ast.Constant) else FILLED for piece in pieces]
    known = all(isinstance(text, str) for text in texts) and {*texts} != {FILLED}
    return {"".join(texts)} if known else set()
