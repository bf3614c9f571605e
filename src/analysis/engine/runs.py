"""Which notebooks are run, and how often: as their metadata say, under `compendium`.

`"each": {"case": "cases.case_id"}` runs a notebook once for each value of that column of a raw
table, given as its parameter `case`; with several parameters, once for every combination.
"""

from __future__ import annotations

import functools
import itertools
import json
import os
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from analysis import paths
from analysis.engine.states import signature
from analysis.files.whole import read_file
from analysis.parameters import defaults
from analysis.problems import ReportedError, suggest
from analysis.studyfile import read_about

# What a notebook may say of itself: how often it is run, and what other programs read for it.
SAYS = ("each", "reads")
LONGEST = 200  # bytes of a name, of the 255 that disks allow
CASES = "cases.case_id"  # the column whose ids are names of files, also where no table has it
NO_NAME = "/=\n\r\0"  # signs that no file's name may hold, or no step's
# What a run leaves behind, by kind: files of its own name with these endings.
ENDINGS = {
    "figures": ("svg", "png", "html", "csv", "json"),
    "tables": ("csv", "json"),
    "values": ("json",),
    "notebooks": ("ipynb",),
}


class PlanError(ReportedError):
    """What is to be run cannot be told; the message says of which notebook, and what to do."""


@dataclass(frozen=True)
class NotebookRun:
    """One run: a notebook, a language, and values for its other parameters: those that tell its
    runs apart, and those that all of them are `told` by study.yml.
    """

    notebook: str
    language: str
    parameters: dict[str, str] = field(default_factory=dict)
    told: dict[str, object] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """`case-valley`: the notebook and the values that tell its runs apart, in composed
        letters, as pages are called.
        """
        return unicodedata.normalize("NFC", "-".join([self.notebook, *self.parameters.values()]))

    @property
    def source(self) -> Path:
        """The committed notebook."""
        return paths.notebook(self.notebook)

    @property
    def result(self) -> Path:
        """The executed notebook."""
        return paths.executed(self.language) / f"{self.name}.ipynb"

    @property
    def places(self) -> list[Path]:
        """Where the executed notebook goes, and everything that it may publish."""
        return [
            paths.build() / self.language / kind / f"{self.name}.{ending}"
            for kind, endings in ENDINGS.items()
            for ending in endings
        ]

    @property
    def outputs(self) -> list[Path]:
        """Everything the run has left behind: the executed notebook and what it
        published under its name.
        """
        return [
            self.result,
            *(path for path in self.places if path != self.result and path.exists()),
        ]

    @property
    def failed(self) -> Path:
        """The executed notebook with its traceback, if the run failed."""
        return paths.build() / self.language / "failed" / f"{self.name}.ipynb"

    def __str__(self) -> str:
        given = " and ".join(f"{name}={value}" for name, value in self.parameters.items())
        return f"{paths.shown(self.source)}" + (f" with {given}" if given else "")


def notebook_runs(language: str) -> list[NotebookRun]:
    """Every run of every notebook in one language: notebooks by name, their runs as in the table.

    Raises PlanError where a notebook's metadata cannot be followed, and where two runs have the
    same name, also if only a disk that does not tell small from capital letters takes them for the
    same.
    """
    told = read_about().parameters
    runs = [
        NotebookRun(
            source.stem,
            language,
            dict(zip(wanted, values, strict=True)),
            told.get(unicodedata.normalize("NFC", source.stem), {}),
        )
        for source in _sources()
        for wanted in [each(source)]
        for values in itertools.product(*(_values(column) for column in wanted.values()))
    ]
    known: dict[str, NotebookRun] = {}
    for run in runs:
        _check_name(run)
        name = unicodedata.normalize("NFC", run.name).casefold()
        if name in known:
            raise PlanError(
                f"{known[name]} and {run} would both be called {run.name}, and one overwrite the "
                "other; rename one of them"
            )
        known[name] = run
    return runs


def _sources() -> list[Path]:
    """The study's own notebooks, and those of the machine that it uses, by name."""
    own = [path for path in paths.notebooks().glob("*.ipynb") if not path.name.startswith(".")]
    used = map(paths.notebook, read_about().notebooks)
    return sorted({*own, *used}, key=lambda path: path.name)


def _check_name(run: NotebookRun) -> None:
    """Raises PlanError for a name that no file could have."""
    if wrong := [sign for sign in NO_NAME if sign in run.name]:
        raise PlanError(
            f"{run} would be called {run.name!r}, which cannot be the name of a run, as it "
            f"holds {wrong[0]!r}; rename the notebook, or run it for each of other values"
        )
    wanted = each(run.source) if run.parameters else {}
    if any(column == CASES and "." in run.parameters[name] for name, column in wanted.items()):
        raise PlanError(
            f"{run} would be called {run.name!r}, in which a dot would begin the ending of a file; "
            "give the case another id, or run the notebook for each of other values"
        )
    if len(os.fsencode(run.name)) > LONGEST:
        raise PlanError(
            f"{run} would be called {run.name[:20]}…, which is longer than the {LONGEST} bytes "
            "that leave room for the endings of its files; give it a shorter name"
        )


def set_aside() -> list[Path]:
    """Notebooks in folders of their own below that of the study, which are not run; what a program
    keeps for itself, in a folder whose name begins with a dot, is none.
    """
    folder = paths.notebooks()
    found = sorted(folder.glob("*/**/*.ipynb"))
    return [path for path in found if not paths.is_hidden(path.relative_to(folder))]


def about(source: Path) -> dict:
    """What a notebook's metadata say under `compendium`; nothing if it is no notebook, which shows
    when it is run. Raises PlanError for what means nothing.
    """
    said, _ = _read(source)
    for name in said if isinstance(said, dict) else [said]:
        if name not in SAYS or not isinstance(said, dict):
            raise PlanError(
                f"{paths.shown(source)}: `compendium` in its metadata says {name!r}"
                f"{suggest(str(name), SAYS)}; expected {' or '.join(SAYS)}"
            )
    _check_reads(source, said.get("reads", []))
    return said


def _check_reads(source: Path, named: object) -> None:
    """A file that is not there, and so never changes, would be one that is named in vain."""
    if not isinstance(named, list) or not all(isinstance(file, str) for file in named):
        wrong = f'is {named!r}; expected for example ["data/raw/sources.csv"]'
        raise PlanError(f"{paths.shown(source)}: `reads` in its metadata {wrong}")
    for file in named:
        if not file or "\0" in file or not (paths.study() / file).exists():
            wrong = f"names {file!r}; expected a file or folder of the study"
            raise PlanError(f"{paths.shown(source)}: `reads` in its metadata {wrong}")


def each(source: Path) -> dict[str, str]:
    """The parameters of a notebook that tell its runs apart, each with the column of a raw table
    that holds its values, as in `cases.case_id`.

    Raises PlanError where there is no such parameter or column.
    """
    wanted = about(source).get("each", {})
    if not wanted and isinstance(wanted, dict):
        return {}
    name = f"{paths.shown(source)}: `each` in its metadata"
    if not isinstance(wanted, dict):
        raise PlanError(f'{name} is {wanted!r}; expected for example {{"case": "cases.case_id"}}')
    _, known = _read(source)
    for parameter, column in wanted.items():
        if parameter not in known or parameter == "language":
            others = [other for other in known if other != "language"]
            raise PlanError(
                f"{name} names {parameter!r}{suggest(parameter, others)}; "
                f"expected a parameter of the notebook: {', '.join(others) or 'it has none'}"
            )
        _check_column(name, column)
    return wanted


def _check_column(name: str, column: object) -> None:
    # Loaded here, as what reads tables decides which runs there are, not what comes out of one.
    from analysis.tables import RAW

    columns = {f"{table}.{column}" for table, about in RAW.items() for column in about.columns}
    if not isinstance(column, str) or column not in columns:
        near = suggest(str(column), columns)
        raise PlanError(f"{name} names {column!r}{near}; expected a column of a raw table")


def _values(column: str) -> list[str]:
    """The values of a column, as far as they may be shown; of a table that a study need not have,
    those that it is filled in with.
    """
    from analysis.files.csvfile import column as values
    from analysis.raw.withheld import may_be_shown
    from analysis.tables import RAW

    table, _, name = column.partition(".")
    raw, file = paths.raw(), paths.raw() / RAW[table].file
    if file.exists() and may_be_shown(raw):
        return values(file, name)
    files = sorted([*raw.rglob("*"), paths.references()])
    return _shown(table, name, tuple((path, signature(path)) for path in files))


@functools.cache
def _shown(table: str, column: str, _files: tuple) -> list[str]:
    """What only who reads the whole study knows; nothing if it cannot be read, which the step that
    does so tells.
    """
    from analysis.raw.study import StudyError, read_study

    try:
        study = read_study(paths.raw(), paths.references())
    except StudyError:
        return []
    return [str(value) for value in study[table][column].dropna().unique()]


def _read(source: Path) -> tuple[object, dict[str, object]]:
    """What a notebook's metadata say under `compendium`, and its parameters with their defaults; a
    plan is made several times in a build, so each version of a file is read once.
    """
    return _read_version(source, signature(source))


@functools.cache
def _read_version(source: Path, _signature: str) -> tuple[object, dict[str, object]]:
    try:
        notebook = json.loads(read_file(source).decode("utf-8-sig"))
        return notebook["metadata"].get("compendium", {}), defaults(notebook)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}, {}
