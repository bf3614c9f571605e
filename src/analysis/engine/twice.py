"""Runs notebooks twice and names what differs: a result that changes by
itself can never be verified.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from analysis import paths
from analysis.engine import processes
from analysis.engine.execution import execute
from analysis.engine.notebookfile import NotebookError
from analysis.engine.pipeline import data_step
from analysis.engine.runs import NotebookRun, notebook_runs
from analysis.engine.settings import read_settings
from analysis.problems import WrongCallError, matching

SHOWN = 120  # characters of a difference


def twice(run: str = "") -> int:
    """Runs notebooks twice and names what differs from one time to the other; 1 if anything does.

    run: only those with this in their name.
    """
    settings = read_settings()
    if settings.scheduler:
        raise WrongCallError(
            f"SCHEDULER={settings.scheduler}: notebooks are run twice on this machine alone"
        )
    planned = {
        f"{language}/{one.name}": one
        for language in paths.languages()
        for one in notebook_runs(language)
    }
    names = matching(run, list(planned))
    if data_step().changes():
        raise WrongCallError(
            "the tidy tables are not those of the study's tables; `make data` makes them"
        )
    processes.stop_on_signals(lambda: print("\nstopped", file=sys.stderr, flush=True))
    with ThreadPoolExecutor(settings.jobs) as pool:
        found = dict(zip(names, pool.map(outcome, [planned[name] for name in names]), strict=True))
    for name, lines in found.items():
        print(f"{name}: {'differs' if lines else 'the same twice'}", *lines, sep="\n  ")
    return int(any(found.values()))


def differences(run: NotebookRun) -> Iterator[str]:
    """What two runs of a notebook do not share, in words: cells by number, and published files."""
    with processes.passing_folder() as one, processes.passing_folder() as other:
        for folder in (one, other):
            execute(run, Path(folder))
        first, second = _files(Path(one)), _files(Path(other))
        for name in sorted(first.keys() | second.keys()):
            if first.get(name) != second.get(name):
                if name.endswith(".ipynb") and name in first and name in second:
                    yield from _cells(json.loads(first[name]), json.loads(second[name]))
                else:
                    both = name in first and name in second
                    yield f"{name}: {'other bytes' if both else 'only in one of two runs'}"


def outcome(run: NotebookRun) -> list[str]:
    """The same in a list; or why the notebook cannot be run."""
    try:
        with processes.slots():
            return list(differences(run))
    except NotebookError as error:
        return str(error).splitlines()


def _files(folder: Path) -> dict[str, bytes]:
    """What a run has made, by name; what it has read is not of interest."""
    found = [path for path in folder.rglob("*") if path.is_file() and path.parent != folder]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def _cells(one: dict, other: dict) -> Iterator[str]:
    """The cells whose outputs differ, with the first place where they do."""
    pairs = zip(one["cells"], other["cells"], strict=True)
    # Numbered as in the notebook itself, which has no cell of Papermill's.
    pairs = [
        pair for pair in pairs if "injected-parameters" not in pair[0]["metadata"].get("tags", [])
    ]
    for number, (first, second) in enumerate(pairs, start=1):
        if first != second:
            a, b = (
                json.dumps(cell.get("outputs", ""), ensure_ascii=False) for cell in (first, second)
            )
            at = next(
                (n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y),
                min(len(a), len(b)),
            )
            start = max(0, at - SHOWN // 2)
            line = "".join(first["source"]).strip().splitlines()[:1]
            shown = slice(start, start + SHOWN)
            yield f"cell {number} (`{''.join(line)}`): {a[shown]!r} and then {b[shown]!r}"
