"""Cells become values as they are meant, or are named with what was expected."""

import math
import re

import pandas as pd
import pytest

from analysis.files.csvfile import Rows
from analysis.problems import Problems
from analysis.raw.cells import typed
from analysis.tables.columns import EXAMPLES, Column, count, flag, number, text
from analysis.tables.raw import GIVEN

COLUMNS = {
    "number": number("n", unit="trees"),
    "integer": count("n", unit="trees"),
    "boolean": flag("is it so"),
    "string": text("anything"),
    "open": Column("boolean", "is it so, if it is known", required=False),
}


def read(kind, *cells, decimal_comma=False):
    """What a column of some cells becomes, and what is said of them."""
    frame = pd.DataFrame({"c": cells}, index=range(2, 2 + len(cells)), dtype="str")
    problems = Problems()
    values = typed(Rows(frame, decimal_comma), "c", COLUMNS[kind], "t.csv", problems)
    return values.tolist(), [*map(str, problems.found), *problems.notices]


@pytest.mark.parametrize(
    ("kind", "cells", "values"),
    [
        (
            "boolean",
            ("true", "WAHR", "Ja", "1", "false", "Falsch", "NO", "0"),
            [True] * 4 + [False] * 4,
        ),
        ("number", ("3.5", "-0.25", "+2", "0"), [3.5, -0.25, 2.0, 0.0]),
        ("integer", ("12", "3.0", "-7"), [12, 3, -7]),
        ("string", ("a", "1.0"), ["a", "1.0"]),
        ("open", ("ja", "0"), [True, False]),
    ],
)
def test_cells_are_read_as_they_are_meant(kind, cells, values):
    assert read(kind, *cells) == (values, [])


@pytest.mark.parametrize("kind", ["number", "integer", "string", "open"])
def test_an_empty_cell_is_no_value(kind):
    (value,), said = read(kind, "")
    assert pd.isna(value)
    assert said == []


@pytest.mark.parametrize("name", GIVEN)
def test_whoever_reads_no_patterns_is_shown_what_fits_them(name):
    for column in [one for one in GIVEN[name].columns.values() if one.pattern]:
        said = column.example or EXAMPLES[column.pattern]
        for example in re.split(", | or ", said.partition(": ")[0]):
            assert re.match(column.form, example), (column.description, example)


def test_there_is_no_zero_below_zero():
    (value,), _ = read("number", "-0")
    assert math.copysign(1, value) == 1


@pytest.mark.parametrize(
    ("kind", "cell", "said"),
    [
        ("boolean", "perhaps", "'perhaps' is neither yes nor no; expected true or false"),
        ("number", "many", "'many' is not a number; expected a number such as 3.5"),
        ("number", "007", "'007' is not a number"),
        ("number", "-1000000000000000", "'-1000000000000000' is too large to be kept exactly"),
        ("number", "0.12345678901234567891", "has more digits than can be kept exactly"),
        ("number", "5.000", "has a mark as between thousands; expected 5000 or 5.0000"),
        ("number", "1.234.567", "has a mark as between thousands; expected 1234567"),
        ("integer", "3.5", "'3.5' is not a whole number; expected a whole number"),
        ("integer", "three", "'three' is not a number; expected a whole number such as 3"),
    ],
)
def test_a_cell_that_is_not_what_its_column_wants_is_named(kind, cell, said):
    (value,), (problem,) = read(kind, cell)
    assert problem.startswith("t.csv, row 2, column c: ")
    assert said in problem
    assert not value if kind == "boolean" else pd.isna(value)


def test_a_number_of_several_thousands_has_one_meaning():
    (problem,) = read("number", "1.234.567")[1]
    assert " or " not in problem


def test_a_decimal_comma_is_told_unless_all_of_the_file_has_them():
    assert read("number", "3,5") == (
        [3.5],
        ["t.csv: row 2, column c: decimal comma in '3,5'; read as 3.5"],
    )
    assert read("number", "3,5", decimal_comma=True) == ([3.5], [])


def test_a_number_is_told_with_all_its_digits():
    _, (told,) = read("number", "1234567,8125")
    assert told.endswith("decimal comma in '1234567,8125'; read as 1234567.8125")


def test_a_cell_as_long_as_a_book_is_named_by_how_it_begins_and_ends():
    (problem,) = read("number", "ja" + "x" * 100_000 + "nein")[1]
    assert "'jaxxx" in problem
    assert "xnein' is not a number; expected a number such as 3.5" in problem
    assert len(problem) < 500
