"""The table below a figure: numbers as the language writes them, texts as they are."""

import json

import pandas as pd
import pytest

from analysis import publish
from analysis.book.figures import StudyResult
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
