"""Turns columns of strings into typed ones; a cell that is not what its column wants is named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from analysis.files.csvfile import Rows
from analysis.problems import Problems, suggest
from analysis.tables.columns import EXAMPLES, TOO_LARGE, Column

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
    unreadable become NA (false, if boolean and needed), and the latter are problems of the `file`.
    """
    texts = rows.frame[name]
    if column.type == "string":
        return texts.where(texts != "", None).astype("str")
    read = {"boolean": _flag, "number": _number, "integer": _whole}[column.type]
    is_needed = column.type == "boolean" and column.required
    values = [
        None
        if not text and not is_needed
        else read(Cell(text, file, row, name, rows.decimal_comma, problems))
        for row, text in texts.items()
    ]
    # plain floats do not take None
    between = "Float64" if column.type == "number" else column.dtype
    return pd.Series(values, index=texts.index, dtype=between).astype(column.dtype)


def _flag(cell: Cell) -> bool:
    if cell.text.lower() not in TRUE | FALSE:
        cell.wrong("is neither yes nor no", "true or false")
    return cell.text.lower() in TRUE


def _number(cell: Cell, kind: str = "a number such as 3.5 in the column's unit") -> float | None:
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


def check_cells(
    frame: pd.DataFrame, columns: Mapping[str, Column], file: str, problems: Problems
) -> None:
    """Names every cell that is empty or holds a value, where its column does not allow that.

    frame: typed, its rows as in the file. columns: those to look at.
    """
    found = [
        (*cell, name) for name, each in columns.items() for cell in _misfits(frame[name], each)
    ]
    for row, value, name in sorted(found, key=lambda cell: (cell[0], cell[2])):
        expected, known = _expected(columns[name])
        wrong = "the cell is empty" if value is None else f"{value!r} does not fit"
        problems.add(file, row, name, wrong + suggest(str(value), known), expected)


def _misfits(cells: pd.Series, column: Column) -> Iterator[tuple[int, object]]:
    """Row and value of each cell that is not what its column wants; None of one that is empty."""
    if column.required:
        yield from ((row, None) for row in cells.index[cells.isna()])
    fits = column.form and re.compile(column.form).match
    for row, value in cells.dropna().astype(object).items() if _has_rule(column) else ():
        if (
            (fits and not fits(value))
            or (column.options and value not in column.options)
            or (column.low is not None and value < column.low)
            or (column.high is not None and value > column.high)
        ):
            yield row, value


def _has_rule(column: Column) -> bool:
    return bool(column.pattern or column.options or {column.low, column.high} != {None})


def _expected(column: Column) -> tuple[str, list[str]]:
    """What a column wants, in words, and the values it knows."""
    if column.options:
        return f"one of {', '.join(column.options)}", list(column.options)
    if column.pattern:
        example = column.example or EXAMPLES.get(column.pattern)
        form = f", such as {example}" if example else f" (form {column.pattern})"
        return f"{column.description}{form}", []
    unit = f" in {column.unit}" if column.unit else ""
    limits = [
        f"{word} {limit:g}"
        for word, limit in (("at least", column.low), ("at most", column.high))
        if limit is not None
    ]
    return f"{column.description}{unit}" + (f" ({', '.join(limits)})" if limits else ""), []
