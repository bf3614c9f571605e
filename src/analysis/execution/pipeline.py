"""The steps of the pipeline: data, one for each notebook run, and one book for each language."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from analysis import paths
from analysis.execution import processes
from analysis.execution.kernel import WORK
from analysis.execution.plan import NotebookRun, notebook_runs
from analysis.execution.rows import row_changes
from analysis.execution.steps import TABLES, Change, Step, digest, path_of
from analysis.quick import skip_slow_imports

# What executes a notebook decides what comes out of it, as much as the notebook does.
ENGINE = tuple(Path(__file__).with_name(f"{name}.py") for name in ("kernel", "kernels", "notebooks", "preload", "processes"))


def data_step() -> Step:
    """Validates the raw data and writes the processed tables."""
    return Step("data", _prepare, lambda: sorted(paths.PROCESSED.glob("*.*")))


def notebook_step(run: NotebookRun) -> Step:
    """Executes one notebook."""
    return Step(f"notebooks/{run.language}/{run.name}", lambda work: _execute(run, work), lambda: run.outputs, (run.source, *ENGINE), run.parameters)


def book_step(language: str) -> Step:
    """Builds the report of one language; a notebook run that comes or goes is a reason to."""
    site = paths.BUILD / "html" / language
    runs = ", ".join(run.name for run in notebook_runs(language))
    return Step(f"book/{language}", lambda work: _command(work, "book", language), lambda: _files(site), settings={"runs": runs})


def landing_step() -> Step:
    """Writes the page that leads to the editions."""
    languages = {"languages": ", ".join(paths.languages())}
    return Step("landing", lambda work: _command(work, "landing"), lambda: [paths.BUILD / "html/index.html"], settings=languages)


def steps() -> list[Step]:
    """Every step, in the order of the pipeline."""
    languages = paths.languages()
    runs = [notebook_step(run) for language in languages for run in notebook_runs(language)]
    return [data_step(), *runs, *(book_step(language) for language in languages), landing_step()]


def due(processed: Path) -> Iterator[tuple[Step, list[str]]]:
    """Every step with the reasons why it is due, in words; none for a step that is up to date.

    processed: the folder of processed tables as they will be once the data has been prepared.
    """
    foreseen = {f"processed:{path.name}": digest(path) for path in processed.glob("*.*")}
    waiting: dict[str, list[str]] = {}  # a book is due after its notebooks, whatever comes out of them
    for step in steps():
        changes = step.changes(foreseen if step.name != "data" else {})
        reasons = [line for change in changes for line in (str(change), *_rows(change, processed))]
        kind, _, rest = step.name.partition("/")
        language = rest.partition("/")[0]
        if kind == "notebooks" and reasons:
            waiting.setdefault(language, []).append(step.name)
        if kind == "book":
            reasons += [f"after {name}" for name in waiting.get(language, [])]
        yield step, reasons


def _rows(change: Change, processed: Path) -> list[str]:
    """The changed rows of a table of which both versions are at hand."""
    place, _, file = change.what.partition(":")
    kept, now = TABLES / change.was, processed / file if place == "processed" else path_of(change.what) if file else None
    if not file.endswith(".csv") or not kept.is_file() or not now.is_file():
        return []
    return [f"  {line}" for line in row_changes(kept, now)]


def _prepare(work: Path) -> bool:
    processes.forkserver()  # loads its packages while the data is prepared
    return _command(work, "data")


def _command(work: Path, *arguments: str) -> bool:
    return processes.run("analysis", *arguments, f"{WORK}{work}") == 0


def _execute(run: NotebookRun, work: Path) -> bool:
    skip_slow_imports()
    scheduler = os.environ.get("COMPENDIUM_SCHEDULER")
    if scheduler:
        from analysis.execution.cluster import execute_on_cluster as execute
    else:
        from analysis.execution.notebooks import execute
    from analysis.execution.notebooks import NotebookError

    try:
        execute(run, work)
    except NotebookError as error:
        print(error, file=sys.stderr)
        _move(_files(work / run.language / "failed"), work)
        return False
    made = _files(work / run.language)
    for old in {*run.outputs, run.failed} - {paths.BUILD / path.relative_to(work) for path in made}:
        old.unlink(missing_ok=True)
    _move(made, work)
    return True


def _move(files: list[Path], work: Path) -> None:
    """From the folder of one run into the build folder, each in one go."""
    for path in files:
        target = paths.BUILD / path.relative_to(work)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
