"""A notebook as it can be run, whatever program has written it; any other is refused with what is
wrong with it.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from pathlib import Path

import nbformat

from analysis import paths
from analysis.files.whole import read_file
from analysis.parameters import defaults
from analysis.problems import ReportedError, suggest


class NotebookError(ReportedError):
    """A notebook could not be run; the message says where and how to look into it."""


def read_notebook(source: Path) -> nbformat.NotebookNode:
    """A notebook as it can be run. Raises NotebookError that names it and
    says what is wrong with it.
    """
    name = known_as(source)
    notebook = parse_notebook(source)
    about = notebook.metadata
    language = str(
        about.get("kernelspec", {}).get("language")
        or about.get("language_info", {}).get("name")
        or "python"
    )
    if language.lower() not in ("python", "ipython", "python3"):
        raise NotebookError(
            f"{name} is written in {language}; this project runs notebooks in Python"
        )
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])
    if sum("parameters" in cell.metadata.tags for cell in notebook.cells) > 1:
        raise NotebookError(
            f"{name} has several cells tagged `parameters`, and what the last one says would hold "
            "instead of what a run is told; make one of them"
        )
    return notebook


def parse_notebook(source: Path) -> nbformat.NotebookNode:
    """A notebook as it was written. Raises NotebookError if it is none."""
    name = known_as(source)
    return _parsed(_text_of(source, name), name)


def _text_of(source: Path, name: str) -> str:
    try:
        return read_file(source).decode("utf-8-sig")
    except OSError as error:
        raise NotebookError(f"{name} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise NotebookError(
            f"{name} is no text saved as UTF-8; expected a Jupyter notebook"
        ) from None


def _parsed(text: str, name: str) -> nbformat.NotebookNode:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # cells without ids get some
            notebook = nbformat.reads(text, as_version=4)
            nbformat.validate(notebook)
            nbformat.writes(notebook).encode()  # JSON has escapes for halves of signs
    except Exception as error:  # nbformat raises whatever it stumbles upon
        lines = enumerate(text.splitlines(), 1)
        if mark := next((n for n, line in lines if line.startswith("<<<<<<<")), None):
            raise NotebookError(
                f"{name}, line {mark}: two versions that git could not merge; choose one and "
                "remove the marks"
            ) from None
        first = (str(error).strip() or repr(error)).splitlines()[0]
        raise NotebookError(
            f"{name} is no Jupyter notebook ({first}); open it in JupyterLab, or take it from git "
            "again"
        ) from None
    return notebook


def known_as(source: Path) -> str:
    """A notebook as its author knows it, also on a worker, where it lies elsewhere."""
    return paths.shown(paths.notebook(source.stem))


def check_parameters(name: str, notebook: nbformat.NotebookNode, parameters: Iterable[str]) -> None:
    """Raises NotebookError for a parameter that the notebook's cell tagged
    `parameters` does not have.
    """
    known = defaults(notebook)
    unknown = sorted(set(parameters) - set(known))
    if unknown and not known:
        raise NotebookError(
            f"{name} has no cell tagged `parameters`, or none that sets anything; expected one "
            f"that sets {', '.join(unknown)} (in JupyterLab: Property Inspector, Cell Tags)"
        )
    if unknown:
        near = suggest(unknown[0], known)
        has = ", ".join(sorted(known))
        raise NotebookError(
            f"{name} has no parameter {', '.join(unknown)}{near}; its cell tagged "
            f"`parameters` knows {has}"
        )
