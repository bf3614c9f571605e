"""Tables of two versions, and what has become of their rows."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from analysis.compare.sides import Side
from analysis.engine.rowchanges import Change, Row, Rows, unlike
from analysis.files.csvfile import read_sheet
from analysis.problems import Problems

EVIDENT = 20  # so many letters that two rows share say that one is the other, renamed


@dataclass(frozen=True)
class Table:
    """Columns, and by number rows of as many cells."""

    header: list[str]
    rows: Rows

    def of(self, columns: Iterable[str]) -> Rows:
        """The rows with these columns only."""
        places = [self.header.index(name) for name in columns]
        return {n: tuple(row[place] for place in places) for n, row in self.rows.items()}

    def records(self) -> list[dict[str, str]]:
        """The cells of each row by column."""
        return [dict(zip(self.header, cells, strict=True)) for cells in self.rows.values()]

    def tells_apart(self, columns: list[str]) -> bool:
        """Whether no two rows are the same in these columns."""
        return len({*self.of(columns).values()}) == len(self.rows)


def listed(header: list[str], rows: Iterable[Row]) -> Table:
    """A table of rows that are in no file."""
    return Table(header, dict(enumerate(rows, start=2)))


@dataclass
class Reader:
    """Reads what lies on a side; what cannot be read is a problem, by side and file."""

    problems: Problems = field(default_factory=Problems)

    def table(self, side: Side, path: Path | None) -> Table | None:
        """A CSV file; None if there is none."""
        if path is None or not path.is_file():
            return None
        sheet = read_sheet(path, side.named(path), self.problems)
        if sheet is None:
            return None
        width = len(sheet.header)
        padded = {n: tuple([*cells, *[""] * width][:width]) for n, cells in sheet.rows}
        return Table(sheet.header, padded)

    def record(self, side: Side, path: Path) -> dict:
        """What a file of JSON says; nothing if there is none."""
        try:
            if isinstance(told := json.loads(path.read_text("utf-8")), dict):
                return told
        except FileNotFoundError:
            return {}
        except (ValueError, RecursionError):
            pass
        self._damaged(side, path)
        return {}

    def picture(self, side: Side, path: Path) -> np.ndarray | None:
        """The colours of a picture, height × width × 3; None if there is none."""
        try:
            with Image.open(path) as picture:
                return np.asarray(picture.convert("RGB"))
        except FileNotFoundError:
            return None
        except (OSError, SyntaxError, ValueError):  # as Pillow complains
            self._damaged(side, path)
            return None

    def _damaged(self, side: Side, path: Path) -> None:
        expected = "what a notebook publishes; `make notebooks` makes it anew"
        self.problems.add(side.named(path), None, None, "the file is damaged", expected)


def column_of(table: Table | None, name: str) -> list[str]:
    """The cells of one column; none if there is no such table or column."""
    known = table is not None and name in table.header
    return [cell for (cell,) in table.of([name]).values()] if known else []


def row_changes(before: Table, now: Table, key: Iterable[str] = ()) -> dict:
    """How many rows are the same in the columns that both versions have, and which are not;
    columns of one version alone; and what of both stands in another order, `rows` or `columns`.

    key: columns that tell rows apart; if one of the versions lacks them, or they do not, the first
    columns that do.
    """
    common = [column for column in now.header if column in before.header]
    key = [*key]
    if not key or not {*key} <= {*common} or not _tell_apart(key, before, now):
        shorter = (common[:n] for n in range(1, len(common)))
        key = next((some for some in shorter if _tell_apart(some, before, now)), common)
    places = tuple(common.index(column) for column in key)
    found = unlike(before.of(common), now.of(common), places)
    pairs = _renamed(found, places)
    again = {old for old, _ in pairs.values()}
    changes = []
    for n, old, new in found:
        if new is None and n in again:
            continue
        former = pairs[n][1] if new is not None and n in pairs else old
        row = former if new is None else new
        kind = "added" if former is None else "removed" if new is None else "changed"
        if old is None and former and len(key) == 1:
            kind = "renamed"
        name = " / ".join(filter(None, (row[place] for place in places)))
        differing = cells(common, former, new)
        if kind in ("added", "removed"):  # the key is its name
            differing = [cell for cell in differing if cell["column"] not in key]
        changes.append({"name": name, "change": kind, "cells": differing})
    come = sum(new is not None for _, _, new in found)
    return {
        "same": len(now.rows) - come,
        "changes": changes,
        "columns_added": [column for column in now.header if column not in common],
        "columns_removed": [column for column in before.header if column not in common],
        "reordered": [*_reordered(before, now, common, key)],
    }


def _reordered(before: Table, now: Table, columns: list[str], key: list[str]) -> Iterator[str]:
    """Which of rows and columns, as far as both versions have them, stand in another order."""
    if _is_reordered(*([*table.of(key).values()] for table in (before, now))):
        yield "rows"
    if _is_reordered([column for column in before.header if column in columns], columns):
        yield "columns"


def _is_reordered(before: list, now: list) -> bool:
    """Whether what is in both lists, as often as it is, follows each other otherwise."""
    both = Counter(before) & Counter(now)
    return [*_among(before, both)] != [*_among(now, both)]


def _among(items: list, known: Counter) -> Iterator:
    left = Counter(known)
    for item in items:
        if left[item]:
            left[item] -= 1
            yield item


def cells(columns: Iterable[str], before: Iterable[str] | None, now: Iterable[str] | None) -> list:
    """What differs, by column: `before` and `now`, empty where there is nothing."""
    columns = [*columns]
    none = [""] * len(columns)
    return [
        {"column": column, "before": was, "now": is_now}
        for column, was, is_now in zip(columns, before or none, now or none, strict=True)
        if was != is_now
    ]


def _tell_apart(columns: list[str], *tables: Table) -> bool:
    return all(table.tells_apart(columns) for table in tables)


def _renamed(found: list[Change], key: tuple[int, ...]) -> dict[int, tuple[int, Row]]:
    """Rows that have come in the place of others that have gone, as they are the same but for one
    column of the key, and no other row is: number, then number and cells of the former one.
    """
    gone = {n: old for n, old, new in found if new is None}
    come = {n: new for n, old, new in found if old is None}
    pairs: dict[int, tuple[int, Row]] = {}
    for place in key:
        olds, news = ({n: _but(row, place) for n, row in rows.items()} for rows in (gone, come))
        times = Counter(olds.values()), Counter(news.values())
        known = {rest: n for n, rest in olds.items()}
        for n, rest in news.items():
            is_evident = len(key) > 1 or sum(map(len, rest)) >= EVIDENT
            if is_evident and times[0][rest] == times[1][rest] == 1:
                pairs[n] = known[rest], gone.pop(known[rest])
                del come[n]
    return pairs


def _but(row: Row, place: int) -> Row:
    return row[:place] + row[place + 1 :]
