"""Which rows have changed is said of any table, however it was written."""

import csv
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import hypothesis.strategies as some
import pytest
from hypothesis import given, settings

from analysis.engine import rowchanges
from analysis.engine.rowchanges import list_changes, row_changes

ROWS = some.lists(some.tuples(some.sampled_from("abcd"), some.sampled_from("xyz")), max_size=6)
OLD = "id,name\na,one\nb,two\nc,three\n"


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("id,name\na,one\nb,other\nc,three\n", ["row 3 (b): name 'two' → 'other'"]),
        (
            "id,name\nc,three\na,one\nb,two\n",
            ["the same rows, in another order or written otherwise"],
        ),
        ("id;name\r\na;one\r\nb;two\r\nc;drei\r\n", ["row 4 (c): name 'three' → 'drei'"]),
        ("\nid,name\na,one\nb,two\n", ["row 4 removed: c, three"]),
        ("id,name\na,one\nb,two\nc,three\nd,four\n", ["row 5 added: d, four"]),
        ("id,title\na,one\n", ["columns: id, name → id, title"]),
        ('id,name\na,"one\n', ["not readable as a table"]),
    ],
)
def test_the_changed_rows_are_named(tmp_path, new, said):
    for name, text in (("old.csv", OLD), ("new.csv", new)):
        (tmp_path / name).write_bytes(text.encode())
    assert row_changes(tmp_path / "old.csv", tmp_path / "new.csv") == said


@settings(max_examples=60)
@given(ROWS, ROWS)
def test_every_row_that_has_changed_is_named_or_counted(before, after):
    said = _changes(before, after, most=20)
    if sorted(before) == sorted(after):
        assert said == ["the same rows, in another order or written otherwise"]
    else:
        gone = [row for row in before if row not in after]
        come = [row for row in after if row not in before]
        assert len(said) >= max(len(set(gone)), len(set(come)))
        assert all(line.startswith("row ") for line in said)
    assert len(_changes(before, after, most=1)) <= 2


def _changes(before, after, most):
    with TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("old.csv", "new.csv")]
        for file, rows in zip(files, (before, after), strict=True):
            with file.open("w", encoding="utf-8", newline="") as target:
                csv.writer(target, lineterminator="\n").writerows([("id", "value"), *rows])
        with mock.patch.object(rowchanges, "MOST", most):
            return row_changes(*files)


def test_packages_that_came_went_or_changed_are_named():
    assert list_changes("a 1.0\nb 2.0\n", "a 1.1\nc 3.0\n") == [
        "a 1.0 → 1.1",
        "b 2.0 → not installed",
        "c not installed → 3.0",
    ]
