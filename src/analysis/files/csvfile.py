"""Reads a hand-made CSV file into a frame of strings, whatever program wrote it, and
names what is wrong with it.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.files.damage import conflict, damage
from analysis.files.encodings import foreign, likely, odd_words
from analysis.files.whole import read_file
from analysis.problems import Problems, many, suggest

if TYPE_CHECKING:
    import pandas as pd

SAVED = "the table saved as CSV in UTF-8 (in Excel: CSV UTF-8)"
# A first line that Excel writes and hides; saved again, it may be filled up with empty cells.
SEPARATOR = re.compile(r'"?sep=(.?)"?(.*)', re.IGNORECASE)
# A cell in quotation marks; the first line that is not empty, with the line breaks of such cells.
WHOLE = r'(?<![^,;\t|\n])"[^"]*(?:""[^"]*)*"'
WHOLE_CELL = re.compile(WHOLE)
HEADER = re.compile(rf"(?:[^\S\n]*\n)*((?:[^\"\n]+|{WHOLE}|\")*)")
FIRST = 5  # rows that are looked at if the header does not tell what stands between cells
TITLES = 10  # rows in which a header is looked for that is not the first
NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars", ":": "colons"}


@dataclass(frozen=True)
class Sheet:
    """A CSV file as it was read: cells stripped and composed, rows by their number in a
    spreadsheet, empty ones left out.
    """

    header: list[str]
    rows: list[tuple[int, list[str]]]
    delimiter: str

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Each row by the names of its columns, with its number."""
        for number, cells in self.rows:
            yield number, dict(zip(self.header, cells, strict=False))


@dataclass(frozen=True)
class Rows:
    """The rows of a table as stripped strings, indexed by spreadsheet row, and whether a comma
    before decimals is the rule, as it is where semicolons stand between cells.
    """

    frame: pd.DataFrame
    decimal_comma: bool


def read_rows(
    path: Path,
    columns: list[str],
    name: str,
    problems: Problems,
    optional: Collection[str] = (),
    spare: Collection[str] = (),
    also: Mapping[str, str] | None = None,
    hint: Callable[[str], str] = lambda _column: "",
) -> Rows | None:
    """The rows of a table with exactly `columns`, of which those that are `spare` may be left out
    and are not in the frame then; None if the file is unusable.

    also: other names that columns may have in the file. hint: what is known of an unknown column.

    Reads UTF-8 with or without BOM, Windows-1252, any line ending, and commas, semicolons, tabs
    or vertical bars between cells; what differs from plain UTF-8 with commas is told in a
    notice. Empty and fully repeated rows are left out. A row may end early if only cells of
    `optional` columns are missing. Damaged texts are problems.
    """
    needed = set(columns).difference(spare)

    def names_columns(cells: list[str]) -> bool:
        return needed <= {(also or {}).get(cell, cell) for cell in cells}

    sheet = read_sheet(path, name, problems, names_columns)
    if sheet is None:
        return None
    if not sheet.header:
        problems.add(name, None, None, "the file is empty", f"a header with {', '.join(columns)}")
        return None
    header = [(also or {}).get(column, column) for column in sheet.header]
    sheet = replace(sheet, header=header)
    if not _header_fits(header, columns, name, problems, spare, hint):
        return None
    columns = [column for column in columns if column in header]
    # takes a while, and the pipeline asks for single columns each time it begins
    import pandas as pd

    rows, problems.torn[name] = _body(sheet, {*columns}.difference(optional), name, problems)
    frame = pd.DataFrame(list(rows.values()), index=list(rows), columns=header, dtype=str)
    return Rows(frame[columns], sheet.delimiter == ";")


def column(path: Path, name: str) -> list[str]:
    """The values of one column of a table, each once, in their order; empty if there is no such
    column or the table is unusable.
    """
    sheet = read_sheet(path, path.name, Problems())
    if sheet is None or name not in sheet.header:
        return []
    place = sheet.header.index(name)
    return list(
        dict.fromkeys(
            cells[place] for _, cells in sheet.rows if len(cells) > place and cells[place]
        )
    )


def read_sheet(
    path: Path,
    name: str,
    problems: Problems,
    names_columns: Callable[[list[str]], bool] = lambda _cells: True,
) -> Sheet | None:
    """The header and the rows of a CSV file, whatever wrote it; None if it cannot be read. An
    empty file has no header.

    names_columns: whether cells are a header, to find it below a title.
    """
    text = _decode(path, name, problems)
    if text is None:
        return None
    text, delimiter = _separated(text, name, problems)
    if delimiter is None:
        return None
    records = _records(text, delimiter, name, problems)
    if records is None or _has_late_quote(text, delimiter, records, name, problems):
        return None
    records = _tidied(records, name, problems)
    if records and not names_columns(records[0][1]):
        below = next((row for row, cells in records[1:TITLES] if names_columns(cells)), None)
        if below:
            first = next(filter(None, records[0][1]))
            wrong = f"{first!r} stands above the names of the columns, which are in row {below}"
            problems.add(name, records[0][0], None, wrong, "the names of the columns above all")
            return None
    return (
        _named(records[0][1], records[1:], delimiter, name, problems)
        if records
        else Sheet([], [], delimiter)
    )


def _decode(path: Path, name: str, problems: Problems) -> str | None:
    """The text of a table, its lines ending in line feeds."""
    content = _content(path, name, problems)
    what = None if content is None else foreign(content)
    if what:
        problems.add(name, None, None, f"not a table in CSV but {what}", SAVED)
    if content is None or what:
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        text = _as_windows(content, line, name, problems)
    if text is None or "\n" not in text:
        return text and text.replace("\r", "\n")
    if 0 < text.count("\r\n") < text.count("\n"):
        problems.notice(name, "has line ends of two kinds; read as one")
    return text.replace("\r\n", "\n")


def _content(path: Path, name: str, problems: Problems) -> bytes | None:
    try:
        return read_file(path)
    except FileNotFoundError:
        near = [other.name for other in path.parent.glob("*")] if path.parent.is_dir() else []
        problems.add(
            name,
            None,
            None,
            "the file is missing" + suggest(path.name, near),
            "a file of this name",
        )
    except IsADirectoryError:
        problems.add(name, None, None, "is a folder", "a file of this name")
    except OSError as error:
        problems.add(
            name, None, None, f"cannot be read ({error.strerror})", "a file that you may read"
        )
    return None


def _as_windows(content: bytes, line: int, name: str, problems: Problems) -> str | None:
    """The text of a file that is not UTF-8; None, and a problem that shows words, if it is
    not surely Windows-1252.
    """
    text = content.decode("cp1252", errors="replace")
    odd = odd_words(text)
    if not odd:
        problems.notice(
            name, f"is not UTF-8 (line {line}); read as Windows-1252. Save it as UTF-8 to be sure"
        )
        return text
    row = text.count("\n" if "\n" in text else "\r", 0, text.index(odd[0])) + 1
    other = likely(content)
    guess = f"; it may be {other}" if other else ""
    words = ", ".join(map(repr, odd))
    wrong = (
        f"neither UTF-8 nor, as it seems, Windows-1252, which would make it say {words} "
        f"(line {row}){guess}"
    )
    problems.add(name, None, None, wrong, SAVED)
    return None


def _separated(text: str, name: str, problems: Problems) -> tuple[str, str | None]:
    """The table without a line for Excel, and what stands between its cells; None if that line is
    wrong.
    """
    first, _, rest = text.partition("\n")
    said = SEPARATOR.fullmatch(first)
    if not said:
        delimiter = _delimiter(text)
        if delimiter != ",":
            problems.notice(name, f"cells are separated by {NAMES[delimiter]}; read as such")
        return text, delimiter
    if said[1] not in NAMES or said[2].strip(said[1] + ' "'):
        expected = f"sep= and one of {' '.join(NAMES).replace(chr(9), 'a tab')}, or no such line"
        problems.add(name, 1, None, f"{first!r} says what stands between cells", expected)
        return text, None
    problems.notice(name, f"begins with a line for Excel (sep={said[1]}); read as it says")
    return rest, said[1]


def _delimiter(text: str) -> str:
    """What stands between cells: what the header has most of outside of quotation marks; if that
    has several such marks, rather one by which the next rows have as many cells.
    """
    header = HEADER.match(text)[1]
    header = WHOLE_CELL.sub("", header) if '"' in header else header
    marks = [mark for mark in ",;\t|" if mark in header] or [","]
    if len(marks) == 1:
        return marks[0]
    return max(marks, key=lambda mark: (_is_even(text, mark), header.count(mark)))


def _is_even(text: str, delimiter: str) -> bool:
    """Whether the first rows have several cells, and all of them as many."""
    lines = (line + "\n" for line in text.split("\n") if line.strip())
    with suppress(csv.Error):
        first = [*islice(csv.reader(lines, delimiter=delimiter), FIRST)]
        return len(first) > 1 and len({*map(len, first)}) == 1 < len(first[0])
    return False


def _records(
    text: str, delimiter: str, name: str, problems: Problems
) -> list[tuple[int, list[str]]] | None:
    """The rows that are not empty, each with its number in a spreadsheet; None if
    they cannot be told apart.
    """
    lines = (line + "\n" for line in text.split("\n"))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    records: list[tuple[int, list[str]]] = []
    row, empty = 0, []
    try:
        for row, record in enumerate(reader, start=1):
            if any(map(_clean, record)):
                records.append((row, record))
            else:
                empty.append(row)
    except csv.Error as error:
        wrong = f"not readable as CSV from here on ({_why(error)})"
        problems.add(name, row + 1, None, wrong, "quotation marks in pairs around short cells")
        return None
    conflicts = [row for row, record in records if conflict(delimiter.join(record))]
    if conflicts:
        wrong = "a line that Git left when it could not merge two versions"
        problems.add(name, conflicts[0], None, wrong, "one of the versions")
        return None
    # Programs leave empty rows at the end by the hundred; only those between others tell of a slip.
    empty = [row for row in empty if records and row < records[-1][0]]
    if empty:
        problems.notice(name, f"{_rows(empty)} empty; left out")
    return records


def _why(error: csv.Error) -> str:
    """What the csv module found, in words that help."""
    said = str(error)
    if "field limit" in said:
        return f"a cell of more than {csv.field_size_limit():,} characters"
    return "a carriage return in the middle of a row" if "new-line character" in said else said


def _has_late_quote(
    text: str, delimiter: str, records: list[tuple[int, list[str]]], name: str, problems: Problems
) -> bool:
    """Whether blanks stand before a cell in quotation marks, which would become part of it, and a
    comma between them would tear it; the first such cell is named.
    """
    if not re.search(rf'(?m)(^|{re.escape(delimiter)}) +"', text):
        return False
    meant: dict[int, list[str]] = {}
    lines = (line + "\n" for line in text.split("\n"))
    with suppress(csv.Error):
        for row, record in enumerate(
            csv.reader(lines, delimiter=delimiter, skipinitialspace=True), start=1
        ):
            meant[row] = record
    for row, record in records:
        for place, cell in enumerate(record):
            is_late = cell.startswith(" ") and cell.lstrip(" ").startswith('"')
            if is_late and meant.get(row, [])[place : place + 1] != [cell]:
                wrong = f"a blank before the quotation mark of cell {place + 1}"
                expected = "quotation marks around the whole cell, with nothing before them"
                problems.add(name, row, None, wrong, expected)
                return True
    return False


def _tidied(
    records: list[tuple[int, list[str]]], name: str, problems: Problems
) -> list[tuple[int, list[str]]]:
    """The records with every cell stripped and composed."""
    stray = composed = 0
    tidied = []
    for row, record in records:
        cells = [_clean(cell) for cell in record]
        if tidied:  # spaces around the names of columns matter to nobody
            stray += sum(cell != given for cell, given in zip(cells, record, strict=True))
        whole = [unicodedata.normalize("NFC", cell) for cell in cells]
        composed += sum(cell != given for cell, given in zip(whole, cells, strict=True))
        tidied.append((row, whole))
    if stray:
        problems.notice(name, f"spaces around {many(stray, 'cell')}; removed")
    if composed:
        cells = "cells have" if composed > 1 else "cell has"
        problems.notice(
            name, f"{composed} {cells} letters made of two signs, as macOS writes ü; read as one"
        )
    return tidied


def _named(
    header: list[str],
    rows: list[tuple[int, list[str]]],
    delimiter: str,
    name: str,
    problems: Problems,
) -> Sheet:
    """The sheet without columns that have neither a name nor a cell, also where
    only some rows go on so far.
    """
    nameless = {place for place, column in enumerate(header) if not column}
    for place in nameless:
        told = [(row, cells[place]) for row, cells in rows if len(cells) > place and cells[place]]
        for row, cell in told[:1]:
            wrong = f"{cell!r} stands in a column without a name"
            problems.add(name, row, None, wrong, "a name in the header, or an empty column")
    surplus = {
        row for row, cells in rows if len(cells) > len(header) and not any(cells[len(header) :])
    }
    if nameless or surplus:
        problems.notice(name, "empty cells in columns without a name; left out")
    tidied = [(row, cells[: len(header)] if row in surplus else cells) for row, cells in rows]
    return Sheet(
        _without(header, nameless),
        [(row, _without(cells, nameless)) for row, cells in tidied],
        delimiter,
    )


def _without(cells: list[str], gone: set[int]) -> list[str]:
    return [cell for place, cell in enumerate(cells) if place not in gone]


def _header_fits(
    header: list[str],
    columns: list[str],
    name: str,
    problems: Problems,
    spare: Collection[str],
    hint: Callable[[str], str],
) -> bool:
    before = len(problems.found)
    for column in [column for column, times in Counter(header).items() if times > 1]:
        problems.add(name, 1, column, "the column stands in the header twice", "each column once")
    missing = [column for column in columns if column not in header and column not in spare]
    for column in dict.fromkeys(column for column in header if column not in columns):
        problems.add(
            name,
            1,
            column,
            f"unknown column {column!r}"
            + (hint(column) or suggest(column, {*missing, *spare} or columns)),
            f"only {', '.join(columns)}",
        )
    for column in missing:
        problems.add(
            name, 1, column, "the column is missing", f"a header with {', '.join(columns)}"
        )
    return len(problems.found) == before


def _body(
    sheet: Sheet, required: set[str], name: str, problems: Problems
) -> tuple[dict[int, list[str]], set[str]]:
    """The rows below the header by number, and the cells of those that have too few or too many;
    every damaged cell is named.
    """
    rows: dict[int, list[str]] = {}
    seen: dict[tuple, int] = {}
    torn: set[str] = set()
    early = []
    for row, cells in sheet.rows:
        lacking = sheet.header[len(cells) :]
        if len(cells) > len(sheet.header) or required.intersection(lacking):
            problems.add(
                name,
                row,
                None,
                many(len(cells), "cell"),
                f"{len(sheet.header)}, as in the header",
            )
            torn.update(cells)
            continue
        early += [row] * bool(lacking)
        whole = (*cells, *[""] * len(lacking))
        if seen.setdefault(whole, row) != row:
            problems.notice(name, f"row {row} repeats row {seen[whole]}; left out")
            continue
        rows[row] = list(whole)
        for column, cell in zip(sheet.header, cells, strict=False):
            found = damage(cell)
            if found:
                problems.add(name, row, column, *found)
    if early:
        problems.notice(
            name, f"{_rows(early)} without the last cells, which may be empty; read as such"
        )
    return rows, torn


def _rows(numbers: list[int], most: int = 10) -> str:
    more = f" and {len(numbers) - most} more" if len(numbers) > most else ""
    return f"{'rows' if len(numbers) > 1 else 'row'} {', '.join(map(str, numbers[:most]))}{more}"


def _clean(cell: str) -> str:
    """The cell without spaces around it, however wide or invisible they are."""
    return cell.strip().strip("\ufeff\u200b").strip()
