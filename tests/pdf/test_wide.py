"""No table sticks out of a page, and none is changed that does not."""

import pytest

from analysis.patches.paper import sticking_out
from analysis.pdf.elements import element
from analysis.pdf.layout import Sheets


def rows(head, cells):
    lines = [
        element("tr", "", *(element(tag, text) for text in line))
        for tag, line in (("th", head), ("td", cells))
    ]
    return element("table", "", element("thead", "", lines[0]), element("tbody", "", lines[1]))


@pytest.fixture(scope="module")
def sheets(tmp_path_factory):
    return Sheets("de", tmp_path_factory.mktemp("site"), {"title": "Titel"})


@pytest.mark.parametrize(
    ("head", "cells", "step"),
    [
        (["Jahr", "Text"], ["2026", "Genehmigungsverfahren " * 90], None),
        ([f"name_of_column_{n}" for n in range(7)], ["1234567890123456"] * 7, "1"),
        (["Name"] + ["Spalte"] * 11, ["Gemeinde"] + ["1.234.567.890"] * 11, "2"),
        (["Name"] + ["Spalte"] * 19, ["Gemeinde"] + ["1.234.567.890"] * 19, "3"),
        (["Name", "Digest"], ["x", "0123456789abcdef" * 20], None),
    ],
)
def test_a_table_too_wide_for_a_page_becomes_narrower_step_by_step(sheets, head, cells, step):
    table, short = rows(head, cells), rows(["Jahr"], ["2026"])
    section = element("section", "", element("h1", "Titel"), short, table)
    document = sheets.lay_out(element("article", "", section), 0)
    assert [*map(sticking_out, document.pages)] == [set()]
    assert table.get("data-narrow") == step
    assert "data-narrow" not in short.attrib
