"""Which notebooks are run, and how often."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

from analysis import paths

# Notebooks that are run once for each value of a column of a raw table; all others are run once.
REPEATED = {"case": ("case", "study/cases.csv", "case_id")}


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
    def outputs(self) -> list[Path]:
        """Everything the run leaves behind: the executed notebook and what it published under its name."""
        folders = (paths.figures(self.language), paths.tables(self.language), paths.values(self.language))
        return [self.result, *(path for folder in folders for path in sorted(folder.glob(f"{self.name}.*")))]

    @property
    def failed(self) -> Path:
        """The executed notebook with its traceback, if the run failed."""
        return paths.BUILD / self.language / "failed" / f"{self.name}.ipynb"


def notebook_runs(language: str) -> list[NotebookRun]:
    """Every run of every notebook in one language, sorted by name."""
    runs = []
    for source in sorted(paths.NOTEBOOKS.glob("*.ipynb")):
        if source.stem in REPEATED:
            parameter, file, column = REPEATED[source.stem]
            runs += [NotebookRun(source.stem, language, {parameter: value}) for value in _values(file, column)]
        else:
            runs.append(NotebookRun(source.stem, language))
    return runs


def _values(file: str, column: str) -> list[str]:
    path = paths.RAW / file
    if not path.is_file():  # preparing the data will name the missing file
        return []
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as rows:
        header = rows.readline()
        rows.seek(0)
        found = csv.DictReader(rows, delimiter=max(",;\t", key=header.count))
        return list(dict.fromkeys(row[column].strip() for row in found if row.get(column)))
