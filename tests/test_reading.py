"""Any CSV file that a spreadsheet, a script or a hand may leave behind is read, or what is wrong with it is named."""

import csv
import io

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.cells import typed
from analysis.reading import Report, read_rows, suggest
from analysis.tables.columns import Column

PLAIN = "id,gist,value\na,Größe,3.5\nb,„Ziel“,2\n"

READABLE = {
    "plain": (PLAIN.encode(), None),
    "BOM": (PLAIN.encode("utf-8-sig"), None),
    "CRLF": (PLAIN.replace("\n", "\r\n").encode(), None),
    "old Mac line ends": (PLAIN.replace("\n", "\r").encode(), None),
    "no line end at the end": (PLAIN.rstrip().encode(), None),
    "quoted": ('"id","gist","value"\n"a","Größe","3.5"\n"b","„Ziel“","2"\n'.encode(), None),
    "columns in another order": ("value,id,gist\n3.5,a,Größe\n2,b,„Ziel“\n".encode(), None),
    "Windows-1252": (PLAIN.encode("cp1252"), "is not UTF-8 (line 2); read as Windows-1252"),
    "semicolons": (PLAIN.replace(",", ";").encode(), "cells are separated by semicolons"),
    "tabs": (PLAIN.replace(",", "\t").encode(), "cells are separated by tabs"),
    "stray spaces": ("id, gist ,value\na , Größe,3.5\nb,„Ziel“,\t2\n".encode(), "spaces around 3 cells; removed"),
    "non-breaking spaces": ("id,gist,value\na,\u00a0Größe\u202f,3.5\nb,„Ziel“,2\u200b\n".encode(), "spaces around 2 cells; removed"),
    "rows repeated": ((PLAIN + "a,Größe,3.5\n").encode(), "row 4 repeats row 2; left out"),
    "rows empty at the end": ((PLAIN + ",,\n\n , ,\n" * 99).encode(), None),
}
UNREADABLE = {
    "empty file": (b"", "t.csv: the file is empty; expected a header with id, gist, value"),
    "only white space": (b" \n\n", "t.csv: the file is empty"),
    "UTF-16": (PLAIN.encode("utf-16"), "t.csv: not a UTF-8 text file (UTF-16 or binary); expected a CSV file saved as UTF-8"),
    "binary": (b"PK\x03\x04\0\0", "t.csv: not a UTF-8 text file"),
    "neither UTF-8 nor Windows-1252": (b"id,gist,value\na,\x81\xff,1\n", "t.csv: neither UTF-8 nor Windows-1252 (line 2)"),
    "unknown column": (b"id,gist,value,colour\n", "t.csv, row 1, column colour: unknown column 'colour'; expected only id, gist, value"),
    "missing column": (b"id,gist\na,b\n", "t.csv, row 1, column value: the column is missing; expected a header with id, gist, value"),
    "duplicate column": (b"id,gist,value,gist\n", "t.csv, row 1, column gist: the column stands in the header twice; expected each column once"),
    "quote not closed": (b'id,gist,value\na,b,1\nc,"d,2\ne,f,3\n', "t.csv, row 3: not readable as CSV from here on (unexpected end of data)"),
    "quote in the middle": (b'id,gist,value\na,"b"b,1\n', "t.csv, row 2: not readable as CSV from here on"),
    "too few cells": (b"id,gist,value\na,b\n", "t.csv, row 2: 2 cells; expected 3, as in the header"),
    "too many cells": (b"id,gist,value\na,b,1\nc,one, two,2\n", "t.csv, row 3: 4 cells; expected 3, as in the header"),
}


def read(path, content, columns=("id", "gist", "value")):
    path.write_bytes(content)
    report = Report()
    return read_rows(path, list(columns), path.name, report), report


@pytest.mark.parametrize(("content", "notice"), READABLE.values(), ids=READABLE)
def test_is_read_the_same_whatever_wrote_it(tmp_path, content, notice):
    frame, report = read(tmp_path / "t.csv", content)
    assert frame.to_dict("tight")["data"] == [["a", "Größe", "3.5"], ["b", "„Ziel“", "2"]]
    assert list(frame.columns) == ["id", "gist", "value"]
    assert list(frame.index) == [2, 3]
    assert report.problems == []
    assert [notice in given for given in report.notices] == [True] if notice else report.notices == []


@pytest.mark.parametrize(("content", "message"), UNREADABLE.values(), ids=UNREADABLE)
def test_is_named_when_it_cannot_be_read(tmp_path, content, message):
    _, report = read(tmp_path / "t.csv", content)
    (problem,) = map(str, report.problems)
    assert problem.startswith(message)


def test_a_misspelt_column_is_unknown_and_missing(tmp_path):
    frame, report = read(tmp_path / "t.csv", b"id,Gist,vlaue\na,b,1\n")
    assert frame is None
    wrong = [problem.wrong for problem in report.problems]
    assert wrong[:2] == ["unknown column 'Gist' (did you mean 'gist'?)", "unknown column 'vlaue' (did you mean 'value'?)"]
    assert wrong[2:] == ["the column is missing"] * 2


def test_a_missing_file_is_named_with_the_nearest_one(tmp_path):
    (tmp_path / "facts.csv").touch()
    report = Report()
    assert read_rows(tmp_path / "fact.csv", ["id"], "fact.csv", report) is None
    assert str(report.problems[0]) == "fact.csv: the file is missing (did you mean 'facts.csv'?); expected a file of this name"


def test_rows_count_as_in_a_spreadsheet(tmp_path):
    frame, report = read(tmp_path / "t.csv", b'\nid,gist,value\n\na,"two\nlines",1\n,,\nb,c,2\n')
    assert list(frame.index) == [4, 6]
    assert report.notices == ["t.csv: rows 1, 3, 5 empty; left out"]


def test_a_row_of_the_wrong_length_does_not_hide_the_others(tmp_path):
    frame, report = read(tmp_path / "t.csv", b"id,gist,value\na,b\nc,d,1\ne,f,2,3\n")
    assert list(frame["id"]) == ["c"]
    assert [problem.row for problem in report.problems] == [2, 4]
    assert {"a", "e"} <= frame.attrs["torn"]


def test_a_header_without_rows_is_an_empty_frame(tmp_path):
    frame, report = read(tmp_path / "t.csv", b"id,gist,value\n")
    assert frame.empty
    assert report.problems == report.notices == []


def test_one_problem_a_cell_but_several_a_row():
    report = Report()
    for wrong in ("first", "second"):
        report.problem("t.csv", 2, "id", wrong, "x")
        report.problem("t.csv", 2, None, wrong, "x")
    assert [problem.wrong for problem in report.problems] == ["first", "first", "second"]


@pytest.mark.parametrize(
    ("wrong", "shown"), [("topic.wter", " (did you mean 'topic.water'?)"), ("TOPIC.WATER", " (did you mean 'topic.water'?)"), ("x", "")]
)
def test_suggests_only_what_is_near(wrong, shown):
    assert suggest(wrong, ["topic.water", "topic.health"]) == shown


# What stands in a cell, what it is read as, whatever separates the cells, and what is said about it.
NUMBERS = [
    ("5", 5, None),
    ("-0.5", -0.5, None),
    ("+3.5", 3.5, None),
    ("3,5", 3.5, None),
    ("0.125", 0.125, None),
    ("0,125", 0.125, None),
    ("1.2340", 1.234, None),
    ("5.000", None, "'5.000' has a mark as between thousands; expected 5000 or 5.0000, whichever is meant"),
    ("5,000", None, "'5,000' has a mark as between thousands; expected 5000 or 5.0000, whichever is meant"),
    ("1.234.567", None, "'1.234.567' has a mark as between thousands; expected 1234567"),
    ("5 000", None, "'5 000' is not a number; expected a number such as 3.5 in the column's unit"),
    ("1.234,5", None, "'1.234,5' is not a number"),
    ("1e5", None, "'1e5' is not a number"),
    ("1_000", None, "'1_000' is not a number"),
    ("NaN", None, "'NaN' is not a number"),
    ("-inf", None, "'-inf' is not a number"),
    ("ca. 5", None, "'ca. 5' is not a number"),
    ("5 %", None, "'5 %' is not a number"),
    ("٣", None, "'٣' is not a number"),
    ("9" * 16, None, f"'{'9' * 16}' is too large to be kept exactly; expected at most 15 digits"),
]


@pytest.mark.parametrize(("text", "value", "message"), NUMBERS, ids=[text for text, *_ in NUMBERS])
def test_a_number_is_read_or_named_never_guessed(text, value, message):
    for german in (False, True):
        report = Report()
        frame = pd.DataFrame({"value": [text]}, index=[2])
        frame.attrs["german"] = german
        (number,) = typed(frame, "value", Column("number", "A number", unit="t"), "t.csv", report)
        assert number == value if message is None else pd.isna(number)
        said = [str(problem).removeprefix("t.csv, row 2, column value: ") for problem in report.problems]
        assert len(said) == (message is not None)
        assert all(problem.startswith(message) for problem in said)


# In Windows-1252 the bytes of these letters never look like UTF-8.
LETTERS = {
    "utf-8": st.characters(exclude_categories=["C", "Z"]),
    "utf-8-sig": st.characters(exclude_categories=["C", "Z"]),
    "cp1252": st.sampled_from("abzäöüßÄÖÜ019"),
}


@st.composite
def files(draw):
    """Columns, rows without empty or repeated ones, and their text in one of the dialects with its encoding."""
    encoding = draw(st.sampled_from(sorted(LETTERS)))
    cells = st.text(LETTERS[encoding] | st.sampled_from(",;\t\"' \n|"), max_size=8).map(str.strip)
    columns = ["id", "gist", "value"][: draw(st.integers(2, 3))]
    row = st.lists(cells, min_size=len(columns), max_size=len(columns)).filter(any)
    rows = draw(st.lists(row, max_size=5, unique_by=tuple))
    text = io.StringIO(newline="")
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    writer = csv.writer(text, delimiter=draw(st.sampled_from(",;\t")), lineterminator=draw(st.sampled_from(["\n", "\r\n"])), quoting=quoting)
    writer.writerows([columns, *rows])
    return columns, rows, text.getvalue().encode(encoding)


@settings(derandomize=True, database=None, deadline=None)
@given(files())
def test_any_frame_in_any_dialect_is_read_back(tmp_path_factory, file):
    columns, rows, content = file
    frame, report = read(tmp_path_factory.getbasetemp() / "any.csv", content, columns)
    assert report.problems == []
    pd.testing.assert_frame_equal(frame, pd.DataFrame(rows, columns=columns, index=range(2, len(rows) + 2), dtype="str"), check_index_type=False)
