"""Which notebooks are run, and how often."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from analysis import paths

# Notebooks that are run once for each value of a column of a raw table; all others are run once.
REPEATED = {"case": ("case", "study/cases.csv", "case_id")}
# What a run leaves behind, by kind: files of its own name with these endings.
ENDINGS = {
    "figures": ("svg", "png", "csv", "json"),
    "tables": ("csv", "json"),
    "values": ("json",),
    "notebooks": ("ipynb",),
}


class PlanError(ValueError):
    """Two things of one name; the message says which, and what to do."""


@dataclass(frozen=True)
class NotebookRun:
    """One run: a notebook, a language, and values for its other parameters."""

    notebook: str
    language: str
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """`case-duisburg`: the notebook and the values that tell its runs apart."""
        return "-".join([self.notebook, *self.parameters.values()])

    @property
    def source(self) -> Path:
        """The committed notebook."""
        return paths.NOTEBOOKS / f"{self.notebook}.ipynb"

    @property
    def result(self) -> Path:
        """The executed notebook."""
        return paths.notebooks(self.language) / f"{self.name}.ipynb"

    @property
    def places(self) -> list[Path]:
        """Where the executed notebook goes, and everything that it may publish."""
        return [
            getattr(paths, kind)(self.language) / f"{self.name}.{ending}"
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
        return paths.BUILD / self.language / "failed" / f"{self.name}.ipynb"

    def __str__(self) -> str:
        given = " and ".join(f"{name}={value}" for name, value in self.parameters.items())
        return f"notebooks/{self.notebook}.ipynb" + (f" with {given}" if given else "")


def notebook_runs(language: str) -> list[NotebookRun]:
    """Every run of every notebook in one language, sorted by name.

    Raises PlanError where two runs have the same name, also if only a disk that does not tell small
    from capital letters takes them for the same.
    """
    # what reads tables decides which runs there are, not what comes out of one
    from analysis.files.csvfile import column

    runs = []
    for source in sorted(
        path for path in paths.NOTEBOOKS.glob("*.ipynb") if not path.name.startswith(".")
    ):
        if source.stem in REPEATED:
            parameter, file, name = REPEATED[source.stem]
            runs += [
                NotebookRun(source.stem, language, {parameter: value})
                for value in column(paths.RAW / file, name)
            ]
        else:
            runs.append(NotebookRun(source.stem, language))
    known: dict[str, NotebookRun] = {}
    for run in runs:
        name = unicodedata.normalize("NFC", run.name).casefold()
        if name in known:
            raise PlanError(
                f"{known[name]} and {run} would both be called {run.name}, and one overwrite the "
                "other; rename one of them"
            )
        known[name] = run
    return runs
