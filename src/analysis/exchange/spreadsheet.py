"""Reads the sheets of a spreadsheet, in a process of its own with bounded memory: a file of a few
kilobytes can say that it holds more cells than any machine has room for.
"""

from __future__ import annotations

import contextlib
import gc
import json
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path

from analysis.exchange.opening import MIB, Archive, NotReadableError, read_bounded

MEMORY = 1024 * MIB
SECONDS = 120
DAMAGED, TOO_LARGE = 3, 4  # exit statuses
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

Sheets = list[tuple[str, list[list[str]]]]


def read_sheets(path: Path) -> Sheets:
    """Name and rows of each sheet that is not empty; cells as texts, empty ones at the end of a
    row left out.
    """
    content = read_bounded(path)
    if ENCRYPTED in content:
        raise NotReadableError(f"{path.name} needs a password; save it without one")
    if content.startswith(b"PK"):
        with Archive(path) as archive:
            for name in archive.names:
                archive.read(name)  # within bounds, before another library unpacks it
    command = [sys.executable, "-m", "analysis.exchange.spreadsheet", str(path.absolute())]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise _too_large(path) from None
    if done.returncode == DAMAGED:
        raise NotReadableError(
            f"{path.name} is no whole spreadsheet; export it again, or save it as CSV"
        )
    if done.returncode:
        raise _too_large(path)
    return [(name, rows) for name, rows in json.loads(done.stdout)]


def _too_large(path: Path) -> NotReadableError:
    return NotReadableError(
        f"{path.name} cannot be read within {MEMORY // MIB} MiB of memory; delete empty rows and "
        "columns in it that lie far from the others, or save it as CSV"
    )


def _sheets(path: str) -> Sheets:
    """The sheets, as the process that reads them has them."""
    import python_calamine as calamine

    found: Sheets = []
    with calamine.CalamineWorkbook.from_path(path) as book:
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            rows = [
                # nearly all are texts already
                [value.strip() if type(value) is str else _cell(value) for value in row]
                for row in sheet.to_python()
            ]
            _fill(rows, sheet)
            rows = [_shortened(row) for row in rows]
            if any(rows):
                above = sheet.start[0] if sheet.start else 0  # rows that the library leaves out
                found.append((name, [[] for _ in range(above)] + rows))
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
    except BaseException:  # also what the library says when it gives up
        return DAMAGED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
