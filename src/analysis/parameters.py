"""The parameters of a notebook: names and defaults, as its cell tagged `parameters` sets them."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterable, Mapping

INJECTED = "# Parameters"  # the first line of the cell in which Papermill puts what it was given
LONGEST = 80  # characters that a value may add to the name of a file


def defaults(notebook: Mapping) -> dict[str, object]:
    """Each parameter of a notebook with its default; a default that is no plain value is None."""
    cells = [cell for cell in notebook["cells"] if "parameters" in cell["metadata"].get("tags", [])]
    return assigned("".join(cells[0]["source"])) if cells else {}


def assigned(source: str) -> dict[str, object]:
    """The names that lines of Python assign to, with the plain values among what they assign."""
    try:
        lines = ast.parse(source).body
    except SyntaxError:
        return {}
    found: dict[str, object] = {}
    for line in lines:
        targets = line.targets if isinstance(line, ast.Assign) else [getattr(line, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name):
                found[target.id] = _plain(getattr(line, "value", None))
    return found


def run_name(notebook: str, values: Iterable[object]) -> str:
    """The name of a run, and of its files: the notebook and the values that tell its runs apart."""
    return "-".join([notebook, *map(_safe, values)])


def _plain(node) -> object:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError):
        return None


def _safe(value: object) -> str:
    """A value as a part of a file's name; one that had to be changed is told apart by a digest."""
    text = str(value)
    safe = re.sub(r"[^\w.-]+", "_", text).strip(".")[:LONGEST]
    return safe if safe == text else f"{safe}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
