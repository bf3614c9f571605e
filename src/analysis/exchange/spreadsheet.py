"""Reads the sheets of a spreadsheet, in a process of its own with bounded memory: a file of a few
kilobytes can say that it holds more cells than any machine has room for.
"""

from __future__ import annotations

import contextlib
import gc
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from analysis.exchange.opening import MIB, Archive, NotReadableError, read_bounded, read_xml

MEMORY = 1024 * MIB
SECONDS = 120
DAMAGED, TOO_LARGE, LOCKED = 3, 4, 5  # exit statuses
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

# How a workbook of Excel has what is not read otherwise.
SHEET = re.compile(r"(?i)/?(?:xl/)?worksheets/[^/]+\.xml")
WORKBOOK = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
CELL, END = re.compile(rb"<(?:\w+:)?c(?=[\s/>])"), re.compile(rb"</(?:\w+:)?c\s*>")
PLACE = re.compile(rb"""\sr=["'](([A-Z]{1,3})[0-9]{1,7})["']""")
ERROR, TEXT = re.compile(rb"""\st=["']e["']"""), re.compile(rb"""\st=["']str["']""")
FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
VALUE = re.compile(rb"<(?:\w+:)?(?:v|t)(?:\s[^>]*)?>([^<]+)")


Wrong = tuple[int | None, str]  # the column of a cell from 0, if it is told, and what is wrong


@dataclass(frozen=True)
class Sheet:
    """A sheet that is not empty: its rows, with cells as texts, empty ones at the end of a row left
    out, and what is wrong with its cells, by their column in these rows.
    """

    name: str
    rows: list[list[str]]
    is_visible: bool
    wrong: list[Wrong]


def read_sheets(path: Path) -> list[Sheet]:
    """The sheets of a spreadsheet that are not empty."""
    content = read_bounded(path)
    if ENCRYPTED in content:
        raise _locked(path)
    wrong: dict[str, list[Wrong]] = {}
    if content.startswith(b"PK"):
        with Archive(path) as archive:
            wrong = _wrong(archive)
    command = [sys.executable, "-m", "analysis.exchange.spreadsheet", str(path.absolute())]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise _too_large(path) from None
    if done.returncode == DAMAGED:
        raise NotReadableError(
            f"{path.name} is no whole spreadsheet; export it again, or save it as CSV"
        )
    if done.returncode == LOCKED:
        raise _locked(path)
    if done.returncode:
        raise _too_large(path)
    return [
        Sheet(
            *sheet,
            [(n if n is None else n - left, said) for n, said in wrong.get(sheet[0], [])],
        )
        for *sheet, left in json.loads(done.stdout)
    ]


def _locked(path: Path) -> NotReadableError:
    return NotReadableError(f"{path.name} needs a password; save it without one")


def _wrong(archive: Archive) -> dict[str, list[Wrong]]:
    """What is wrong with cells, by the names of their sheets; all of the archive is read within
    bounds, before another library unpacks it.
    """
    named, parts = _Named(), {}
    for name in archive.names:
        content = archive.read(name)
        if name.lower() in WORKBOOK:
            read_xml(content, named, f"{archive.name}: {name}")
        elif SHEET.fullmatch(name):
            parts[_part(name)] = [*_wrong_cells(content)]
    return {named.sheets.get(named.targets.get(part, ""), part): own for part, own in parts.items()}


def _part(name: str) -> str:
    """The name of a part of a workbook, as it is compared."""
    return name.lower().removeprefix("/").removeprefix("xl/")


class _Named:
    """Hears what sheets are called, by a key, and which part has the key."""

    def __init__(self):
        self.sheets: dict[str, str] = {}
        self.targets: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if name == "sheet":
            self.sheets[attributes.get("id", "")] = attributes.get("name", "")
        elif name == "Relationship":
            self.targets[_part(attributes.get("Target", ""))] = attributes.get("Id", "")

    def data(self, text: str) -> None:
        """Text stands between two marks."""

    def end(self, name: str) -> None:
        """An element ends."""


def _column(letters: bytes) -> int:
    """The number of a column, from 0."""
    n = 0
    for letter in letters:
        n = 26 * n + letter - 64
    return n - 1


def _wrong_cells(content: bytes) -> Iterator[Wrong]:
    """The cells that a program for tables would show as an error, or has not reckoned."""
    if not (ERROR.search(content) or FORMULA.search(content)):
        return
    begins = [found.start() for found in CELL.finditer(content)]
    for begin, end in zip(begins, [*begins[1:], len(content)], strict=True):
        cell = content[begin:end]
        head, _, body = cell.partition(b">")
        if head.endswith(b"/"):
            continue
        body = END.split(body, maxsplit=1)[0]
        value, place = VALUE.search(body), PLACE.search(head)
        where = f"cell {place[1].decode()}" if place else "a cell"
        column = _column(place[2]) if place else None
        if ERROR.search(head):
            said = value[1].decode("utf-8", "replace")[:20] if value else "without a name"
            yield (
                column,
                f"{where}: an error of a spreadsheet, {said}; expected what was meant",
            )
        elif FORMULA.search(body) and not value and not TEXT.search(head):
            yield (
                column,
                f"{where}: a formula without its result; expected the file as a program for tables "
                "saves it, or the result itself",
            )


def _too_large(path: Path) -> NotReadableError:
    return NotReadableError(
        f"{path.name} cannot be read within {MEMORY // MIB} MiB of memory; delete empty rows and "
        "columns in it that lie far from the others, or save it as CSV"
    )


def _sheets(path: str) -> list[tuple[str, list[list[str]], bool, int]]:
    """The sheets, as the process that reads them has them, and how many columns the library leaves
    out before the first.
    """
    import python_calamine as calamine

    found = []
    with calamine.CalamineWorkbook.from_path(path) as book:
        for about in book.sheets_metadata:
            sheet = book.get_sheet_by_name(about.name)
            rows = [
                # nearly all are texts already
                [value.strip() if type(value) is str else _cell(value) for value in row]
                for row in sheet.to_python()
            ]
            _fill(rows, sheet)
            rows = [_shortened(row) for row in rows]
            if any(rows):
                above, left = sheet.start or (0, 0)  # what the library leaves out
                is_visible = about.visible == calamine.SheetVisibleEnum.Visible
                found.append((about.name, [[] for _ in range(above)] + rows, is_visible, left))
    return found


def _fill(rows: list[list[str]], sheet) -> None:
    """What stands in merged cells stands in each of them."""
    top, left = sheet.start or (0, 0)
    for (first, begin), (last, end) in sheet.merged_cell_ranges or ():
        area = [row[max(begin - left, 0) : end - left + 1] for row in rows[first - top :][:1]]
        said = area[0][0] if first >= top and begin >= left and area and area[0] else ""
        for row in rows[max(first - top, 0) : last - top + 1]:
            for n in range(max(begin - left, 0), min(end - left + 1, len(row))):
                row[n] = row[n] or said


def _cell(value) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(value, (date, time)):
        return value.isoformat() if isinstance(value, date) else value.isoformat("seconds")
    return str(value)


def _shortened(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row.pop()
    return row


def main(path: str) -> int:
    """Writes the sheets of a file as JSON."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # where no such bound is known
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.disable()  # all that is read is kept until the end
    try:
        sys.stdout.buffer.write(json.dumps(_sheets(path)).encode())
    except MemoryError:
        return TOO_LARGE
    except BaseException as error:  # also what the library says when it gives up
        return LOCKED if type(error).__name__ == "PasswordError" else DAMAGED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
