"""Rows of the tables as pages call them: by id; where each of them stands in
the book, and what it says.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis import paths
from analysis.book.names import Names
from analysis.book.nodes import shown
from analysis.problems import suggest
from analysis.processed.store import read_processed
from analysis.tables import PROCESSED, is_named
from analysis.tables.columns import in_language, parts
from analysis.tables.own import ORIGIN
from analysis.wording import Wording
from analysis.wording.phrases import unit_of_target

# Anchors begin with the name of the table, but for the oldest, which others may have linked to.
ANCHORS = {"facts": "fact", "statements": "unit", "context_statements": "unit"}
# The columns that say what a row says, in the order in which they are read.
SAYING = (
    "label", "title", "subject", "indicator", "actor", "scope", "display", "gist", "statement",
    "question", "text", "purpose", "description", "definition", "contribution", "function", "item",
    "answer",
)  # fmt: skip
# The full stop of a sentence, not that of an abbreviation of two letters or more, as in "e. V.".
STOP = re.compile(r"(?<!\b[^\W\d_]\.[^\W\d_])(?<!\b[^\W\d_]\.\s[^\W\d_])\.$")
# How a line ends behind which no full stop stands.
ENDED = re.compile(r"[.?!؟।։。！？][“”’)）」』]*$")


class UnknownRowError(LookupError):
    """No row, or more than one, goes by this id; the message says which are near."""


@dataclass(frozen=True)
class Row:
    """A row of a processed table that can name the passage it was taken from.

    id: its key; the parts of a key of several columns are joined by a slash.
    """

    table: str
    id: str
    cells: dict

    @property
    def anchor(self) -> str:
        """The label of the row in the book."""
        return anchor(self.table, self.id)

    def kind(self, words: Wording) -> str:
        """What a reader calls such a row: a statement, a number, an effect."""
        if self.table == "prospects":
            return Names(words)("codes.code", self.cells["aspect_code"])
        if self.table == "municipalities":
            return words("municipality")  # which a study may call by a word of its own
        kind = f"kind.{self.cells['kind']}" if self.table == "measures" else f"row.{self.table}"
        return words.known(kind, PROCESSED[self.table].title)

    def text(self, words: Wording) -> str:
        """What the row says, in one line."""
        said = [words.text(self.cells, stem) for stem in SAYING if words.column(stem) in self.cells]
        if self.table in ("targets", "context_targets"):
            said[1:1] = [words(f"kind.{self.cells['kind']}")]
            said += [amount(self.cells, words)] if pd.notna(self.cells["value"]) else []
            said += [words.date(str(self.cells["year"]))] if pd.notna(self.cells["year"]) else []
        if self.table == "interviews":
            said += [words(f"mode.{self.cells['mode']}")]
        said = [text for text in said if text] or [*self._told(words)] or [self.id]
        line = ": ".join(dict.fromkeys(STOP.sub("", text) for text in said))
        return line if ENDED.search(line) else line + "."

    def _told(self, words: Wording) -> Iterator[str]:
        """What its other columns tell, in their order, as in a table that a study declares."""
        schema, names = PROCESSED[self.table], Names(words)
        for name in in_language(schema.columns, words.language):
            value, column = self.cells.get(name), schema.columns[name]
            if name in (*schema.key, *ORIGIN) or column.type == "boolean":
                continue
            if value is None or pd.isna(value):
                continue
            if column.refers:
                yield ", ".join(names(column.refers, part) for part in parts(value))
            elif column.options:
                yield words.known(f"{name}.{value}", value)
            else:
                yield shown(value, words)

    def place(self, words: Wording) -> str:
        """Whom, or which case, a statement counts for, which need not be in its words; empty if it
        is none.
        """
        if self.table != "statements":
            return ""
        for column, home in (("municipality_id", "municipalities"), ("case_id", "cases")):
            if pd.notna(where := self.cells[column]):
                return Names(words)(f"{home}.{column}", where)
        return ""


def amount(cells: dict, words: Wording) -> str:
    """The value of a row with its unit and qualifier and, where it has one, its baseline."""
    unit = cells.get("unit") or unit_of_target(cells["kind"])
    value = words.quantity(cells["value"], unit, cells["qualifier"])
    baseline = cells.get("baseline_year")
    if baseline is None or pd.isna(baseline):
        return value
    return words("against", value=value, year=baseline)


def anchor(table: str, row: str) -> str:
    """The label of a row of a table, without the spaces that keys of own tables may have."""
    return "-".join(f"{ANCHORS.get(table, table)}-{row}".split())


def code_anchor(code: str, place: str = "") -> str:
    """The label of a code, or of its statements of one place."""
    return "-".join(["code", code.replace(".", "-"), *([place] if place else [])])


def key_of(table: str, cells: dict) -> str:
    """The id of a row."""
    return "/".join(str(cells[column]) for column in PROCESSED[table].key)


def row(name: str) -> Row:
    """The row that goes by an id, or by its table and its id where several tables have one of that
    id: `projects:bath-hall`.

    Raises UnknownRowError.
    """
    known = _rows(paths.processed())
    table, _, own = name.rpartition(":")
    found = [row for row in known.get(own, []) if table in ("", row.table)]
    if len(found) == 1:
        return found[0]
    if found:
        exact = " or ".join(f"{row.table}:{row.id}" for row in found)
        raise UnknownRowError(f"{name!r} is a row of several tables; write {exact}")
    exact = [f"{row.table}:{row.id}" for rows in known.values() for row in rows] if table else known
    raise UnknownRowError(f"no table has a row {name!r}{suggest(name, exact)}")


def all_rows() -> list[Row]:
    """Every row of the tables that name passages, table by table."""
    return [row for rows in _rows(paths.processed()).values() for row in rows]


@functools.cache
def _rows(_folder: Path) -> dict[str, list[Row]]:
    """Every row by its id; pages call hundreds of them."""
    rows: dict[str, list[Row]] = {}
    for table in PROCESSED:
        if is_named(table):
            for cells in read_processed(table).to_dict("records"):
                rows.setdefault(key_of(table, cells), []).append(
                    Row(table, key_of(table, cells), cells)
                )
    return rows
