"""Which rows have changed is said of any table, however it was written."""

import pytest

from analysis.engine.rowchanges import list_changes, row_changes

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


def test_packages_that_came_went_or_changed_are_named():
    assert list_changes("a 1.0\nb 2.0\n", "a 1.1\nc 3.0\n") == [
        "a 1.0 → 1.1",
        "b 2.0 → not installed",
        "c not installed → 3.0",
    ]
