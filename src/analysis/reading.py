"""Reads a hand-made CSV file into a frame of strings, whatever program wrote it, and names what is wrong with it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import pandas as pd


@dataclass(frozen=True)
class Problem:
    """Something that somebody has to mend, and where.

    `row` counts as a spreadsheet does, the header being row 1; in a file that is not a table it counts lines.
    """

    file: str
    row: int | None
    column: str | None
    wrong: str
    expected: str

    def __str__(self) -> str:
        row = f", {'row' if self.file.endswith('.csv') else 'line'} {self.row}" if self.row else ""
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}{row}{column}: {self.wrong}; expected {self.expected}"


@dataclass
class Report:
    """Problems stop the build; notices tell what was read in an unusual way."""

    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    _cells: set[tuple] = field(default_factory=set)

    def problem(self, file: str, row: int | None, column: str | None, wrong: str, expected: str) -> None:
        """Notes a problem; of several in one cell only the first, as the others tend to follow from it."""
        cell = (file, row, column)
        if cell not in self._cells:
            self.problems.append(Problem(*cell, wrong, expected))
        if row and column:
            self._cells.add(cell)

    def names(self, file: str) -> bool:
        """Whether there is a problem in the file."""
        return any(problem.file == file for problem in self.problems)

    def notice(self, file: str, what: str) -> None:
        self.notices.append(f"{file}: {what}")


def suggest(wrong: str, known) -> str:
    """The known word nearest to a wrong one, as a question; empty where none is near."""
    words = {word.lower(): word for word in known}
    near = get_close_matches(wrong.lower(), words, n=1)
    return f" (did you mean {words[near[0]]!r}?)" if near else ""


def read_rows(path: Path, columns: list[str], name: str, report: Report) -> pd.DataFrame | None:
    """A frame of stripped strings with exactly `columns`, indexed by spreadsheet row; None if the file is unusable.

    Reads UTF-8 with or without BOM, Windows-1252, any line ending, and commas, semicolons or tabs between cells;
    what differs from plain UTF-8 with commas is reported as a notice. Empty and fully repeated rows are left out.
    attrs: `german`, semicolons between cells; `torn`, the cells of rows that could not be read.
    """
    content = _decode(path, name, report)
    if content is None:
        return None
    delimiter = _delimiter(content)
    if delimiter != ",":
        report.notice(name, f"cells are separated by {'tabs' if delimiter == chr(9) else 'semicolons'}; read as such")
    records = _records(content, delimiter, name, report)
    if records is None:
        return None
    if not records:
        report.problem(name, None, None, "the file is empty", f"a header with {', '.join(columns)}")
        return None
    (_, first), *body = records
    header = [_clean(cell) for cell in first]
    if not _header_fits(header, columns, name, report):
        return None
    rows, torn = _body(body, header, name, report)
    frame = pd.DataFrame(list(rows.values()), index=list(rows), columns=header, dtype=str)
    frame.attrs |= {"german": delimiter == ";", "torn": torn}
    return frame[columns]


def _decode(path: Path, name: str, report: Report) -> str | None:
    if not path.is_file():
        near = [other.name for other in path.parent.glob("*")] if path.parent.is_dir() else []
        report.problem(name, None, None, "the file is missing" + suggest(path.name, near), "a file of this name")
        return None
    content = path.read_bytes()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content:
        report.problem(name, None, None, "not a UTF-8 text file (UTF-16 or binary)", "a CSV file saved as UTF-8")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        report.problem(name, None, None, f"neither UTF-8 nor Windows-1252 (line {line})", "a CSV file saved as UTF-8")
        return None
    report.notice(name, f"is not UTF-8 (line {line}); read as Windows-1252. Save it as UTF-8 to be sure")
    return text


def _delimiter(content: str) -> str:
    header = next((line for line in content.splitlines() if line.strip()), "")
    return max(",;\t", key=header.count)


def _records(content: str, delimiter: str, name: str, report: Report) -> list[tuple[int, list[str]]] | None:
    """The rows that are not empty, each with its number in a spreadsheet; None if the quotation marks do not match."""
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    records: list[tuple[int, list[str]]] = []
    row, empty = 0, []
    try:
        for row, record in enumerate(reader, start=1):
            if any(map(str.strip, record)):
                records.append((row, record))
            else:
                empty.append(row)
    except csv.Error as error:
        report.problem(name, row + 1, None, f"not readable as CSV from here on ({error})", "quotation marks in pairs around cells")
        return None
    # Programs leave empty rows at the end by the hundred; only those between others tell of a slip.
    empty = [row for row in empty if records and row < records[-1][0]]
    if empty:
        report.notice(name, f"{'rows' if len(empty) > 1 else 'row'} {', '.join(map(str, empty))} empty; left out")
    return records


def _header_fits(header: list[str], columns: list[str], name: str, report: Report) -> bool:
    problems = len(report.problems)
    for column in [column for column, times in Counter(header).items() if times > 1]:
        report.problem(name, 1, column or None, "the column stands in the header twice", "each column once")
    missing = [column for column in columns if column not in header]
    for column in dict.fromkeys(column for column in header if column not in columns):
        wrong = f"unknown column {column!r}" + suggest(column, missing or columns)
        report.problem(name, 1, column or None, wrong, f"only {', '.join(columns)}")
    for column in missing:
        report.problem(name, 1, column, "the column is missing", f"a header with {', '.join(columns)}")
    return len(report.problems) == problems


def _body(records: list[tuple[int, list[str]]], header: list[str], name: str, report: Report) -> tuple[dict[int, list[str]], set[str]]:
    """The rows below the header, stripped, by number; and the cells of those that have too few or too many."""
    rows: dict[int, list[str]] = {}
    seen: dict[tuple, int] = {}
    torn: set[str] = set()
    stray = 0
    for row, record in records:
        cells = [_clean(cell) for cell in record]
        stray += sum(cell != given for cell, given in zip(cells, record, strict=True))
        if len(cells) != len(header):
            report.problem(name, row, None, f"{len(cells)} cells", f"{len(header)}, as in the header")
            torn.update(cells)
        elif tuple(cells) in seen:
            report.notice(name, f"row {row} repeats row {seen[tuple(cells)]}; left out")
        else:
            rows[row] = cells
            seen[tuple(cells)] = row
    if stray:
        report.notice(name, f"spaces around {stray} {'cells' if stray > 1 else 'cell'}; removed")
    return rows, torn


def _clean(cell: str) -> str:
    """The cell without spaces around it, however wide or invisible they are."""
    return cell.strip().strip("\ufeff\u200b").strip()
