"""Reads and validates the raw data of a study; collects every problem, then raises once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.checks import crosschecks
from analysis.files.csvfile import read_rows
from analysis.problems import Report, suggest
from analysis.raw.cells import typed
from analysis.raw.codebook import FILE as CODEBOOK
from analysis.raw.codebook import read_codebook
from analysis.raw.references import read_references
from analysis.tables import RAW, Table


class StudyError(ValueError):
    """The raw data cannot be used; `problems` says where and why, `notices` what
    was read in an unusual way.
    """

    def __init__(self, report: Report):
        self.problems = sorted(
            report.problems, key=lambda problem: (problem.file, problem.row or 0)
        )
        self.notices = report.notices
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Study:
    """The raw tables of a study as typed frames, rows indexed by their row in the file.

    tables: one frame per entry of `analysis.tables.RAW`, plus `dimensions`, `codes` (the
    codebook) and `references`.
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
    if not raw.is_dir():
        report.problem(
            raw.name,
            None,
            None,
            f"the folder {raw} is missing",
            "a folder with the tables of a study (RAW=)",
        )
        raise StudyError(report)
    tables = {"references": read_references(references, report)}
    tables["dimensions"], tables["codes"] = read_codebook(raw / "coding/codebook.yml", report)
    for name, table in RAW.items():
        tables[name] = read_table(raw, table, report)
    _strangers(raw, report)
    crosschecks.check({name: frame for name, frame in tables.items() if frame is not None}, report)
    if report.problems:
        raise StudyError(report)
    return Study(tables, report.notices)


def _strangers(raw: Path, report: Report) -> None:
    """Tells of files in the folder that nothing reads: a table under another name
    is easily edited in vain.
    """
    known = {table.file for table in RAW.values()} | {CODEBOOK}
    for path in sorted(raw.rglob("*")):
        file = path.relative_to(raw).as_posix()
        if path.name.startswith((".~lock.", "~$")):
            report.notice(
                file, "a spreadsheet program has a table open; what is not saved there is not read"
            )
        elif (
            path.is_file()
            and file not in known
            and path.suffix != ".md"
            and not path.name.startswith(".")
        ):
            report.notice(file, "is no table of the study; not read" + suggest(file, known))


def read_table(raw: Path, table: Table, report: Report) -> pd.DataFrame | None:
    """One raw table as a typed frame, its rows as in the file; None if the file is unusable."""
    folder = (raw / table.file).parent
    if not folder.is_dir():
        report.problem(
            f"{folder.relative_to(raw)}/",
            None,
            None,
            "the folder is missing",
            "a folder of this name with its tables",
        )
        return None
    optional = [name for name, column in table.columns.items() if not column.required]
    frame = read_rows(raw / table.file, list(table.columns), table.file, report, optional)
    if frame is None:
        return None
    columns = {
        name: typed(frame, name, column, table.file, report)
        for name, column in table.columns.items()
    }
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
        for case in errors.failure_cases.sort_values(["index", "column"], kind="stable").to_dict(
            "records"
        ):
            row, name = case["index"], case["column"]
            if row is None or pd.isna(row):
                continue
            expected, known = _expected(table.columns[name])
            wrong = (
                "the cell is empty"
                if case["check"] == "not_nullable"
                else f"{case['failure_case']!r} does not fit"
            )
            report.problem(
                table.file,
                int(row),
                name,
                wrong + suggest(str(case["failure_case"]), known),
                expected,
            )


def _expected(column) -> tuple[str, list[str]]:
    """What a column wants, in words, and the values it knows."""
    if column.options:
        return f"one of {', '.join(column.options)}", list(column.options)
    if column.pattern:
        return f"{column.description} (form {column.pattern})", []
    unit = f" in {column.unit}" if column.unit else ""
    limits = [
        f"{word} {limit:g}"
        for word, limit in (("at least", column.low), ("at most", column.high))
        if limit is not None
    ]
    return f"{column.description}{unit}" + (f" ({', '.join(limits)})" if limits else ""), []
