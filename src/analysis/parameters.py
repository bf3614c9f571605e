"""The parameters of a notebook: names and defaults, as its cell tagged `parameters` sets them."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterable, Mapping

INJECTED = "# Parameters"  # the first line of the cell in which Papermill puts what it was given
# What Python says to a text that is none of its own, or that is nested too deeply for it.
NO_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)
LONGEST = 60  # characters of a name; a file's may have 255 bytes


def defaults(notebook: Mapping) -> dict[str, object]:
    """Each parameter of a notebook with its default; a default that is no plain value is None."""
    cells = [cell for cell in notebook["cells"] if "parameters" in cell["metadata"].get("tags", [])]
    return assigned("".join(cells[0]["source"])) if cells else {}


def assigned(source: str) -> dict[str, object]:
    """The names that lines of Python assign to, with the plain values among what they assign."""
    try:
        lines = ast.parse(source).body
    except NO_PYTHON:
        return {}
    found: dict[str, object] = {}
    for line in lines:
        targets = line.targets if isinstance(line, ast.Assign) else [getattr(line, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name):
                found[target.id] = _plain(getattr(line, "value", None))
    return found


def run_name(notebook: str, values: Iterable[object]) -> str:
    """The name of a run, and of its files: the notebook and the values that tell its runs apart.

    One that is too long, or holds what names of files may not, is cut and told apart by a digest.
    """
    parts = [notebook, *map(str, values)]
    name = "-".join(parts)
    safe = re.sub(r"[^\w.=-]+", "_", name).strip(".")[:LONGEST]
    return (
        safe if safe == name else f"{safe}-{hashlib.sha256(repr(parts).encode()).hexdigest()[:8]}"
    )


def _plain(node) -> object:
    try:
        return ast.literal_eval(node)
    except (*NO_PYTHON, TypeError):
        return None
