"""The table below a figure: numbers as the language writes them, texts as they are."""

import json

import pandas as pd
import pytest

from analysis import publish
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
    about = pd.DataFrame({"source_id": ["x"], "locator": ["1"]})
    publish.Run("actors", language="de").save_table(caption="Was.", data=FRAME, sources=about)
    folder = tmp_path / "de/tables"
    result = StudyResult.__new__(StudyResult)
    result.words = Wording("de")
    (table,) = result.data_tables(folder, json.loads((folder / "actors.json").read_text("utf-8")))
    (body,) = (part for part in table[0] if part.tagname == "tbody")
    return list(zip(*([cell.astext() for cell in row] for row in body), strict=True))


def test_a_text_that_looks_like_a_number_is_shown_as_it_is(shown):
    assert {name: list(cells) for name, cells in zip(SHOWN, shown, strict=True)} == SHOWN


def test_of_a_table_that_tells_no_passage_no_source_is_offered():
    shown = StudyTable.__new__(StudyTable)
    shown.words, shown.schema = Wording("de"), PROCESSED["measures"]
    assert shown._stems()[-1] == "source"
    columns = {"k": text("k"), "is_a": flag("a"), **texts("label", "l"), "locator": text("p")}
    shown.schema = Table("k.csv", "K", "K.", ("k",), columns)
    assert shown._stems() == ["k", "is_a", "label", "locator"]
