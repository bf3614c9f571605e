"""Which rows of a table have changed, in words."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from pathlib import Path

from analysis.files.csvfile import read_sheet
from analysis.problems import Problems

MOST = 5  # rows that are shown in full

Row = tuple[str, ...]
Rows = dict[int, Row]  # by number in a spreadsheet
Change = tuple[int, Row | None, Row | None]


def row_changes(old: Path, new: Path) -> list[str]:
    """What differs between two versions of a CSV file; at most MOST rows in full, the others
    counted.

    Rows count as in a spreadsheet. A row that is in both versions has not changed, wherever it
    stands; of those that are left, two with the same first cell are the same row, changed.
    """
    tables = _read(old), _read(new)
    if None in tables:
        return ["not readable as a table"]
    (header, before), (columns, after) = tables
    if header != columns:
        return [f"columns: {', '.join(header)} → {', '.join(columns)}"]
    said = [_said(header, *change) for change in unlike(before, after)]
    if not said:
        return ["the same rows, in another order or written otherwise"]
    rest = len(said) - MOST
    return [*islice(said, MOST), *([f"and {rest} more rows"] if rest > 0 else [])]


def unlike(before: Rows, after: Rows, key: tuple[int, ...] = (0,)) -> list[Change]:
    """The rows that are not in both versions, in the order of the later one, then those that have
    gone: number, and cells before and after, None where the row is not.

    key: the places of the cells that tell rows apart; two rows of the same key are one, changed.
    """
    gone, come = _without(before, after), _without(after, before)
    pairs = {_key(row, key): number for number, row in gone.items() if row}
    found: list[Change] = []
    for number, row in come.items():
        former = gone.pop(pairs.pop(_key(row, key), None), None) if row else None
        found.append((number, former, row))
    return found + [(number, row, None) for number, row in gone.items()]


def _key(row: Row, key: tuple[int, ...]) -> Row:
    return tuple(row[place] for place in key if place < len(row))


def _said(header: list[str], number: int, former: Row | None, row: Row | None) -> str:
    if row is None:
        return f"row {number} removed: {', '.join(former)}"
    if former is None:
        return f"row {number} added: {', '.join(row)}"
    return f"row {number} ({row[0]}): {_cells(header, former, row)}"


def list_changes(old: str, new: str) -> list[str]:
    """What differs between two lists of packages with their versions, one a line."""
    before, after = (
        dict(line.rpartition(" ")[::2] for line in text.splitlines()) for text in (old, new)
    )
    return [
        f"{name} {before.get(name, 'not installed')} → {after.get(name, 'not installed')}"
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]


def _read(path: Path) -> tuple[list[str], Rows] | None:
    sheet = read_sheet(path, path.name, Problems())
    return (
        None
        if sheet is None
        else (sheet.header, {number: tuple(cells) for number, cells in sheet.rows})
    )


def _without(rows: Rows, others: Rows) -> Rows:
    """The rows that the others do not have; of several equal ones, as many as they lack."""
    known = Counter(others.values())
    left = {}
    for number, row in rows.items():
        if known[row]:
            known[row] -= 1
        else:
            left[number] = row
    return left


def _cells(header: list[str], former: Row, row: Row) -> str:
    return "; ".join(
        f"{column} {was!r} → {now!r}"
        for column, was, now in zip(header, former, row, strict=False)
        if was != now
    )
