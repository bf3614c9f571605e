"""The steps of the pipeline: data, one for each notebook run, and one book for each language."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from analysis import paths
from analysis.execution.plan import NotebookRun, notebook_runs
from analysis.execution.steps import Step
from analysis.quick import skip_slow_imports


def data_step() -> Step:
    """Validates the raw data and writes the processed tables."""
    return Step("data", lambda log: _command(log, "data"), lambda: sorted(paths.PROCESSED.glob("*.*")))


def notebook_step(run: NotebookRun) -> Step:
    """Executes one notebook."""
    return Step(f"notebooks/{run.language}/{run.name}", lambda log: _execute(run, log), lambda: run.outputs, (run.source,), run.parameters)


def book_step(language: str) -> Step:
    """Builds the report of one language; a notebook run that comes or goes is a reason to."""
    site = paths.BUILD / "html" / language
    runs = ", ".join(run.name for run in notebook_runs(language))
    return Step(f"book/{language}", lambda log: _command(log, "book", language), lambda: _files(site), settings={"runs": runs})


def landing_step() -> Step:
    """Writes the page that leads to the editions."""
    languages = {"languages": ", ".join(paths.languages())}
    return Step("landing", lambda log: _command(log, "landing"), lambda: [paths.BUILD / "html/index.html"], settings=languages)


def steps() -> list[Step]:
    """Every step, in the order of the pipeline."""
    languages = paths.languages()
    runs = [notebook_step(run) for language in languages for run in notebook_runs(language)]
    return [data_step(), *runs, *(book_step(language) for language in languages), landing_step()]


def _command(log: Path, *arguments: str) -> bool:
    command = [sys.executable, "-m", "analysis", *arguments, f"--record={log}"]
    return subprocess.run(command, check=False).returncode == 0


def _execute(run: NotebookRun, log: Path) -> bool:
    skip_slow_imports()
    from analysis.execution.notebooks import NotebookError, execute

    try:
        execute(run, log)
    except NotebookError as error:
        print(error, file=sys.stderr)
        return False
    return True


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
