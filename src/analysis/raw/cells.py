"""Turns columns of strings into typed ones; a cell that is not what its column wants is named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from analysis.files.csvfile import Rows
from analysis.problems import Problems
from analysis.tables.columns import DTYPES, TOO_LARGE, Column

TRUE = {"true", "wahr", "yes", "ja", "1"}
FALSE = {"false", "falsch", "no", "nein", "0"}
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}([.,]\d{3})+", re.ASCII)
NUMBER = re.compile(r"[+-]?(0|[1-9]\d*)([.,]\d+)?", re.ASCII)


@dataclass(frozen=True)
class Cell:
    """One cell, stripped, and where it stands."""

    text: str
    file: str
    row: int
    column: str
    decimal_comma: bool
    problems: Problems

    def wrong(self, what: str, expected: str) -> None:
        """Reports the cell; `what` goes on from its text."""
        self.problems.add(self.file, self.row, self.column, f"{self.text!r} {what}", expected)


def typed(rows: Rows, name: str, column: Column, file: str, problems: Problems) -> pd.Series:
    """The column `name` of a table, in the type of `column`; cells that are empty or
    unreadable become NA (false, if boolean), and the latter are problems of the `file`.
    """
    texts = rows.frame[name]
    if column.type == "string":
        return texts.where(texts != "", None).astype("str")
    read = {"boolean": _flag, "number": _number, "integer": _whole}[column.type]
    values = [
        read(Cell(text, file, row, name, rows.decimal_comma, problems))
        for row, text in texts.items()
    ]
    # plain floats do not take None
    between = "Float64" if column.type == "number" else DTYPES[column.type]
    return pd.Series(values, index=texts.index, dtype=between).astype(DTYPES[column.type])


def _flag(cell: Cell) -> bool:
    if cell.text.lower() not in TRUE | FALSE:
        cell.wrong("is neither yes nor no", "true or false")
    return cell.text.lower() in TRUE


def _number(cell: Cell, kind: str = "a number such as 3.5 in the column's unit") -> float | None:
    if not cell.text:
        return None
    if THOUSANDS.fullmatch(cell.text):
        return _ambiguous(cell)
    if not NUMBER.fullmatch(cell.text):
        return cell.wrong("is not a number", kind)
    value = float(cell.text.replace(",", "."))
    if abs(value) >= TOO_LARGE:
        return cell.wrong("is too large to be kept exactly", "at most 15 digits")
    if Decimal(repr(value)) != Decimal(cell.text.replace(",", ".")):
        return cell.wrong("has more digits than can be kept exactly", "at most 15 digits")
    if "," in cell.text and not cell.decimal_comma:
        cell.problems.notice(
            cell.file,
            f"row {cell.row}, column {cell.column}: decimal comma in {cell.text!r}; read as "
            f"{cell.text.replace(',', '.')}",
        )
    return value or 0.0  # there is no zero below zero


def _ambiguous(cell: Cell) -> None:
    """5.000 may be five thousand or five, depending on who wrote it."""
    plain, *more = re.split("[.,]", cell.text)
    decimal = f" or {plain}.{more[0]}0, whichever is meant" if len(more) == 1 else ""
    cell.wrong("has a mark as between thousands", "".join([plain, *more]) + decimal)


def _whole(cell: Cell) -> int | None:
    value = _number(cell, "a whole number such as 3")
    if value is not None and value != int(value):
        return cell.wrong("is not a whole number", "a whole number")
    return None if value is None else int(value)
