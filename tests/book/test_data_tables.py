"""The table below a figure: numbers as the language writes them, texts as they are."""

import json
import sys

import pandas as pd
import pytest
from docutils import nodes
from docutils.parsers.rst import DirectiveError
from sphinx.addnodes import pending_xref

from analysis import publish
from analysis.book import datatables
from analysis.book.datatables import StudyTable
from analysis.book.figures import StudyResult
from analysis.tables import PROCESSED, Table
from analysis.tables.columns import flag, text, texts
from analysis.wording import Wording

TEXTS = ("1.5", "007", "3.50", "-0", "1e3", "+4", "2030")
FRAME = pd.DataFrame({
    "text": pd.array(TEXTS, dtype="string"),
    "object": pd.Series(list(TEXTS), dtype=object),
    "number": [1.5, 7, 3.5, -0.25, 1000, None, 20300],
    "count": [1, 2, 3, 4, 5, 12345, 2030],
    "yes": [True, False, True, False, True, False, True],
})  # fmt: skip
SHOWN = {
    "text": list(TEXTS),
    "object": list(TEXTS),
    "number": ["1,5", "7", "3,5", "−0,25", "1.000", "", "20.300"],
    "count": ["1", "2", "3", "4", "5", "12.345", "2030"],
    "yes": ["True", "False", "True", "False", "True", "False", "True"],
}


@pytest.fixture
def shown(tmp_path, monkeypatch):
    """The columns of a published table as a German page shows them."""
    monkeypatch.setenv("COMPENDIUM_OUTPUT", str(tmp_path))
    monkeypatch.setenv("COMPENDIUM_RUN", "actors")
    publish.Run("actors", language="de").save_table(caption="Was.", data=FRAME, sources=None)
    folder = tmp_path / "de/tables"
    result = StudyResult.__new__(StudyResult)
    result.words = Wording("de")
    (table,) = result.data_tables(folder, json.loads((folder / "actors.json").read_text("utf-8")))
    (body,) = (part for part in table[0] if part.tagname == "tbody")
    return list(zip(*([cell.astext() for cell in row] for row in body), strict=True))


def test_a_text_that_looks_like_a_number_is_shown_as_it_is(shown):
    assert {name: list(cells) for name, cells in zip(SHOWN, shown, strict=True)} == SHOWN


FACTS = pd.DataFrame(
    [
        ("a", "tal", True, "count", "Trees"),
        ("b", None, False, "count", "Beds"),
        ("c", "see", False, "jobs", "Jobs"),
    ],
    columns=["fact_id", "case_id", "is_key", "unit", "subject_en"],
)


@pytest.fixture
def tables(monkeypatch):
    """The caption and the rows of each table that a page shows of some facts; `labels`: by what
    other pages lead to it.
    """
    labels = []

    def run(**options):
        monkeypatch.setattr(datatables, "read_processed", lambda _name: FACTS)
        shown = StudyTable.__new__(StudyTable)
        shown.name, shown.arguments, shown.content = "study-table", ["facts"], ["Facts"]
        shown.words, shown.options = Wording("en"), {"columns": "subject", **options}
        shown._anchors = lambda _frame: None
        shown.add_name = lambda _node: labels.append(shown.options["name"])
        return [
            (one.next_node(nodes.title).astext(), [row.astext() for row in one.findall(nodes.row)])
            for one in shown.run()
        ]

    run.labels = labels
    return run


@pytest.mark.parametrize("where", ["case_id=tall", "case_id", "case_id=", "is_key=maybe"])
def test_rows_that_there_cannot_be_are_refused(tables, where):
    with pytest.raises(DirectiveError) as error:
        tables(where=where)
    assert f"there is no row with '{where}" in error.value.msg


@pytest.mark.parametrize(
    ("where", "found"), [("case_id=tal", "Trees"), ("is_key=true", "Trees"), ("unit=t", None)]
)
def test_the_rows_that_are_asked_for_are_shown(tables, where, found):
    ((_, (_, *rows)),) = tables(where=where)
    assert rows == [found] * bool(found)


def test_rows_without_the_value_that_tells_tables_apart_come_last(tables, monkeypatch):
    monkeypatch.setattr(datatables.Names, "__call__", lambda _self, _refers, value: value.title())
    assert [(caption, rows[1:]) for caption, rows in tables(by="case_id")] == [
        ("Facts: Tal", ["Trees"]),
        ("Facts: See", ["Jobs"]),
        ("Facts: not stated", ["Beds"]),
    ]


def test_of_the_rows_that_are_asked_for_each_value_has_a_table(tables, monkeypatch):
    monkeypatch.setattr(datatables.Names, "__call__", lambda _self, _refers, value: value.title())
    found = tables(where="unit=count", by="case_id")
    assert [(caption, rows[1:]) for caption, rows in found] == [
        ("Facts: Tal", ["Trees"]),
        ("Facts: not stated", ["Beds"]),
    ]


def test_an_amount_in_words_tells_programs_how_large_it_is(monkeypatch):
    facts = [
        ("a", 220000.0, "EUR", None, "220,000 euros"),
        ("b", 136.0, "bn EUR", "about", "about 136 billion euros"),
        ("c", None, "count", "several", "several"),
    ]
    columns = ["fact_id", "value", "unit", "qualifier", "display_en"]
    frame = pd.DataFrame(facts, columns=columns)
    monkeypatch.setattr(datatables, "read_processed", lambda _name: frame)
    shown = StudyTable.__new__(StudyTable)
    shown.name, shown.arguments, shown.content = "study-table", ["facts"], ["Facts"]
    shown.words, shown.options = Wording("en"), {"columns": "display value"}
    shown._anchors = shown.add_name = lambda _part: None
    (table,) = shown.run()
    _, *rows = table.findall(nodes.row)
    found = [[one["size"] for one in row.findall(datatables.Amount)] for row in rows]
    assert found == [[220000, 220000], [136e9, 136e9], []]
    assert [row[0].astext() for row in rows] == [display for *_, display in facts]


def test_only_a_table_that_is_shown_has_a_label(tables, monkeypatch):
    monkeypatch.setattr(datatables.Names, "__call__", lambda _self, _refers, value: value.title())
    tables(where="is_key=true", by="case_id")
    assert tables.labels == ["tab-facts-true-tal"]


def test_tables_of_values_in_other_letters_have_labels_of_their_own(tables, monkeypatch):
    monkeypatch.setattr(datatables.Names, "__call__", lambda _self, _refers, value: value)
    places = pd.Series(["Київ", "Львів", "Köln", "k-ln"]).rename("case_id")
    facts = FACTS.iloc[[0, 1, 2, 0]].assign(case_id=places.to_list())
    monkeypatch.setattr(sys.modules[__name__], "FACTS", facts)
    tables(by="case_id")
    assert tables.labels == ["tab-facts-1", "tab-facts-2", "tab-facts-k-ln", "tab-facts-k-ln-4"]
    tables.labels.clear()
    for place in places:
        tables(where=f"case_id={place}")
    assert len({*tables.labels}) == 4


def test_blanks_between_the_ids_in_a_cell_are_no_part_of_them():
    shown = StudyTable.__new__(StudyTable)
    shown.words, shown.schema = Wording("en"), PROCESSED["project_mentions"]
    cell = nodes.paragraph("", "", *shown._cell({"unit_id": "u002; u003"}, "unit_id"))
    assert [one["reftarget"] for one in cell.findall(pending_xref)] == ["unit-u002", "unit-u003"]


def test_of_a_table_that_tells_no_passage_no_source_is_offered():
    shown = StudyTable.__new__(StudyTable)
    shown.words, shown.schema = Wording("de"), PROCESSED["measures"]
    assert shown._stems()[-1] == "source"
    columns = {"k": text("k"), "is_a": flag("a"), **texts("label", "l"), "locator": text("p")}
    shown.schema = Table("k.csv", "K", "K.", ("k",), columns)
    assert shown._stems() == ["k", "is_a", "label", "locator"]
