"""Reads and validates the raw data of a study; collects every problem, then raises once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from pybtex.database import parse_file
from pybtex.errors import capture
from pybtex.exceptions import PybtexError

from analysis import crosschecks
from analysis.cells import typed
from analysis.codebook import read_codebook
from analysis.reading import Report, read_rows, suggest
from analysis.tables import RAW, Table


class StudyError(ValueError):
    """The raw data cannot be used; `problems` says where and why, `notices` what was read in an unusual way."""

    def __init__(self, report: Report):
        self.problems = sorted(report.problems, key=lambda problem: (problem.file, problem.row or 0))
        self.notices = report.notices
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Study:
    """The raw tables of a study as typed frames, rows indexed by their row in the file.

    tables: one frame per entry of `analysis.tables.RAW`, plus `dimensions`, `codes` (the codebook) and `references`.
    notices: what was read in an unusual way.
    """

    tables: dict[str, pd.DataFrame]
    notices: list[str]

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables[name]


def read_study(raw: Path, references: Path) -> Study:
    """The study in the folder `raw`, citing the works in the BibTeX file `references`.

    Raises StudyError with all problems at once.
    """
    report = Report()
    tables = {"references": read_references(references, report)}
    tables["dimensions"], tables["codes"] = read_codebook(raw / "coding/codebook.yml", report)
    for name, table in RAW.items():
        tables[name] = _table(raw, table, report)
    crosschecks.check({name: frame for name, frame in tables.items() if frame is not None}, report)
    if report.problems:
        raise StudyError(report)
    return Study(tables, report.notices)


def _table(raw: Path, table: Table, report: Report) -> pd.DataFrame | None:
    frame = read_rows(raw / table.file, list(table.columns), table.file, report)
    if frame is None:
        return None
    columns = {name: typed(frame, name, column, table.file, report) for name, column in table.columns.items()}
    values = pd.DataFrame(columns, index=frame.index)
    values.attrs = frame.attrs
    _against_schema(values, table, report)
    _keys(values, table, report)
    return values


def _keys(frame: pd.DataFrame, table: Table, report: Report) -> None:
    first: dict[tuple, int] = {}
    for row, *key in frame[list(table.key)].dropna().itertuples(name=None):
        if first.setdefault(tuple(key), row) != row:
            wrong = f"{', '.join(key)!r} stands already in row {first[tuple(key)]}"
            report.problem(table.file, row, table.key[0], wrong, "each only once")


def _against_schema(frame: pd.DataFrame, table: Table, report: Report) -> None:
    import pandera.errors  # takes seconds to import, and only validation needs it

    try:
        table.schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        for case in errors.failure_cases.sort_values(["index", "column"], kind="stable").to_dict("records"):
            row, name = case["index"], case["column"]
            if row is None or pd.isna(row):
                continue
            expected, known = _expected(table.columns[name])
            wrong = "the cell is empty" if case["check"] == "not_nullable" else f"{case['failure_case']!r} does not fit"
            report.problem(table.file, int(row), name, wrong + suggest(str(case["failure_case"]), known), expected)


def _expected(column) -> tuple[str, list[str]]:
    """What a column wants, in words, and the values it knows."""
    if column.options:
        return f"one of {', '.join(column.options)}", list(column.options)
    if column.pattern:
        return f"{column.description} (form {column.pattern})", []
    unit = f" in {column.unit}" if column.unit else ""
    limits = [f"{word} {limit:g}" for word, limit in (("at least", column.low), ("at most", column.high)) if limit is not None]
    return f"{column.description}{unit}" + (f" ({', '.join(limits)})" if limits else ""), []


def read_references(path: Path, report: Report) -> pd.DataFrame | None:
    """The keys of a BibTeX file, in its order; None if there is a problem with it."""
    try:
        with capture() as wrong:
            keys = list(parse_file(str(path)).entries)
    except (OSError, PybtexError) as error:
        wrong, keys = [error], []
    for error in wrong:
        report.problem(path.name, getattr(error, "lineno", None), None, f"not readable as BibTeX ({error})", "a BibTeX file saved as UTF-8")
    return None if wrong else pd.DataFrame({"key": keys}, dtype="str")
