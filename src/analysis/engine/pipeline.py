"""The steps of the pipeline: data, one for each notebook run, the pictures of the tutorial, one
book for each language, and the page that leads to them.
"""

from __future__ import annotations

import functools
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from analysis import paths
from analysis.engine import processes, tutorial
from analysis.engine.folders import ASKED_FOR, KEPT, PACKAGE, made_tables
from analysis.engine.kernel import WORK
from analysis.engine.reads import recorded
from analysis.engine.runs import ENDINGS, NotebookRun, about, notebook_runs
from analysis.engine.states import signature
from analysis.engine.steps import (
    WITHHELD,
    Step,
    durations,
    is_published,
    records,
    tables,
)
from analysis.files.whole import move_whole, remove_generated
from analysis.patches.loading import skip_slow_imports

# What executes a notebook, and notes what it reads, begins here.
ENTRANCES = tuple(
    f"analysis.engine.{name}"
    for name in ("kernel", "warmkernels", "execution", "preload", "recorder")
)
# `from analysis.engine import steps`, in one line or several
IMPORT = re.compile(r"^from (analysis[\w.]*) import (\([^)]*\)|.*)", re.MULTILINE)


@functools.cache
def engine() -> dict[Path, str]:
    """What executes a notebook, which decides what comes out of it as much as the
    notebook does; with signatures.

    That is the modules in ENTRANCES and all of this package that they import, as they were
    when this process began.
    """
    found: dict[Path, str] = {}
    waiting = list(ENTRANCES)
    while waiting:
        name = waiting.pop()
        path = paths.root().joinpath("src", *name.split("."))
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if path not in found and path.is_file():
            found[path] = signature(path)
            waiting += imports(path)
    kernel = Path(__file__).with_name("kernel.json")
    return found | {kernel: signature(kernel)}


def imports(path: Path) -> Iterator[str]:
    """The modules of this package that a module imports as it is loaded, by full name; names in
    them count as modules too.
    """
    for module, names in IMPORT.findall(path.read_text("utf-8")):
        yield module
        yield from (f"{module}.{name}" for name in re.findall(r"\w+", names))


engine()
FOLLOWED = {Path(tutorial.__file__): signature(tutorial.__file__)}  # as it is when loaded


def data_step() -> Step:
    """Validates the raw data and writes the processed tables."""
    return Step(
        "data",
        _prepare,
        lambda: [paths.processed(), *(paths.processed() / name for name in sorted(made_tables()))],
    )


def notebook_step(run: NotebookRun) -> Step:
    """Executes one notebook."""
    return Step(
        f"notebooks/{run.language}/{run.name}",
        lambda work: _execute(run, work),
        lambda: run.outputs,
        lambda: {run.source: signature(run.source), **engine()},
        {**run.parameters, **{name: repr(value) for name, value in run.told.items()}},
        lambda: _declared(run),
    )


def tutorial_step() -> Step:
    """Draws what the page *Adapt it* shows of the small study that its readers change."""
    return Step(
        "tutorial",
        _follow,
        lambda: tutorial.pictures().values(),
        lambda: {**{page: signature(page) for page in tutorial.pages()}, **FOLLOWED},
        declared=list,  # all of it, as what the page does is recorded in turn
    )


def book_step(language: str, pdf: bool = False) -> Step:
    """Builds the report of one language, and its PDF if that is asked for; a notebook run that
    comes or goes is a reason to.
    """
    site = paths.build() / "html" / language
    runs = ", ".join(run.name for run in notebook_runs(language))
    return Step(
        f"book/{language}",
        lambda work: _command(work, "book", language, *(["--pdf"] if pdf else [])),
        lambda: [site, *site.rglob("*")],
        settings={"runs": runs},
    )


def landing_step() -> Step:
    """Writes the page that leads to the editions, and what a site with an address has."""
    languages = {"languages": ", ".join(paths.languages())}
    return Step(
        "landing",
        lambda work: _command(work, "landing"),
        lambda: [place for place in paths.landing() if place.is_file()],
        settings=languages,
    )


def steps() -> list[Step]:
    """Every step, in the order of the pipeline."""
    languages = paths.languages()
    runs = [notebook_step(run) for language in languages for run in notebook_runs(language)]
    drawn = [tutorial_step()] if tutorial.pictures() else []
    books = [book_step(language) for language in languages]
    return [data_step(), *runs, *drawn, *books, landing_step()]


def remove_unplanned() -> None:
    """Removes what runs and languages that are no longer in the plan have left:
    results, pages, records.
    """
    languages = paths.languages()
    if not languages:
        return
    runs = [run for language in languages for run in notebook_runs(language)]
    planned = {path for run in runs for path in (*run.places, run.failed)}
    planned |= {*tutorial.pictures().values()}
    for place in _folders(paths.build()):
        if place.name == "tutorial" or place.name not in KEPT:
            made = [path for kind in (*ENDINGS, "failed") for path in (place / kind).glob("*")]
            for path in set(made) - planned:
                remove_generated(path)
    known = {step.record for step in steps()} | {durations()}
    for record in set(records().rglob("*.json")) - known:
        if tables() not in record.parents:
            remove_generated(record)
    _remove_languages_but(languages)


def _remove_languages_but(languages: list[str]) -> None:
    """Removes the pages of other languages, and their folders where nothing is left in them."""
    for site in _folders(paths.build() / "html"):
        if site.name not in languages:
            remove_generated(site)
    for place in _folders(paths.build()):
        is_empty = not any(place.rglob("*.*"))
        if place.name not in languages and is_empty and _is_of_language(place):
            remove_generated(place)


def _is_of_language(folder: Path) -> bool:
    return any((folder / kind).is_dir() for kind in ENDINGS)


def _prepare(work: Path) -> bool:
    # While the data is prepared, everything is loaded that notebooks are run with.
    processes.forkserver()
    threading.Thread(target=_executor, daemon=True).start()
    if not _command(work, "data", str(work / "processed")):
        return False
    made = _files(work / "processed")
    for old in made_tables() - {path.name for path in made}:  # has left the schema
        remove_generated(paths.processed() / old)
    # The package first: what lies there when a build is stopped is known by it.
    for path in sorted(made, key=lambda path: path.name != PACKAGE):
        move_whole(path, paths.processed() / path.name)
    formerly = paths.build() / "processed"  # as where a build folder that is a link was elsewhere
    if formerly != paths.processed() and (formerly / PACKAGE).is_file():
        remove_generated(formerly)
    if (work / WITHHELD).exists():  # what was run by hand, compared or packed may still show it
        places = (paths.build() / name for name in ASKED_FOR)
        for old in (*places, *map(paths.packed, ("bundle", "archive"))):
            remove_generated(old)
    remove_unplanned()
    return True


def _follow(work: Path) -> bool:
    with processes.slots():
        return tutorial.follow(work)


def _command(work: Path, *arguments: str) -> bool:
    return processes.run("analysis", *arguments, f"{WORK}{work}") == 0


def _executor() -> Callable[[NotebookRun, Path], None]:
    """What executes a notebook; to load it takes a quarter of a second."""
    skip_slow_imports()
    if os.environ.get("COMPENDIUM_SCHEDULER"):
        from analysis.engine.cluster import execute_on_cluster

        return execute_on_cluster
    from analysis.engine.execution import execute

    return execute


def _execute(run: NotebookRun, work: Path) -> bool:
    execute = _executor()
    from analysis.engine.notebookfile import NotebookError

    try:
        with processes.slots():
            execute(run, work)
    except NotebookError as error:
        with processes.going_on:
            print(error, file=sys.stderr)
        _move(_files(work / run.language / "failed"), work)
        return False
    made = _files(work / run.language)
    planned = {work / path.relative_to(paths.build()) for path in run.places}
    if strange := [path.relative_to(work).as_posix() for path in made if path not in planned]:
        print(
            f"{run.name} ({run.language}): {run} publishes {', '.join(strange)}; expected only "
            f"files called {run.name}, as of Run({run.notebook!r}, …): another name may be another "
            "run's",
            file=sys.stderr,
        )
        return False
    reads = {*recorded(work / "reads").read, *(_declared(run) or ())}
    if late := sorted(path for path in reads if is_published(path) and not path.is_dir()):
        print(
            f"{run.name} ({run.language}): {run} reads {', '.join(map(paths.shown, late))}, which "
            "notebooks publish: what comes of it would depend on which was run before. Let it read "
            "the tidy tables, and what several notebooks compute be a function in a module",
            file=sys.stderr,
        )
        return False
    for old in {*run.outputs, run.failed} - {
        paths.build() / path.relative_to(work) for path in made
    }:
        remove_generated(old)
    _move(made, work)
    return True


def _declared(run: NotebookRun) -> list[Path] | None:
    """The files of the study that a notebook says it reads:
    `"compendium": {"reads": ["data/raw/x.csv"]}` in its metadata; in a folder all.
    """
    named = about(run.source).get("reads")
    if named is None:
        return None
    places = [paths.study() / name for name in named]
    return [
        path for place in places for path in (place, *(place.rglob("*") if place.is_dir() else ()))
    ]


def _move(files: list[Path], work: Path) -> None:
    """From the folder of one run into the build folder, each in one go."""
    for path in files:
        move_whole(path, paths.build() / path.relative_to(work))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _folders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.is_dir())
