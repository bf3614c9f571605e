"""Columns of texts in a language, told apart also in Indonesian, `id`, in which keys end."""

import pandas as pd
import pytest

from analysis import publish
from analysis.book.datatables import StudyTable
from analysis.book.rows import Row
from analysis.compare import page
from analysis.tables import PROCESSED, Table
from analysis.tables.columns import key, text
from analysis.wording import Wording


@pytest.fixture(autouse=True)
def indonesian(monkeypatch):
    """A study with texts in German, English and Indonesian."""
    for module in ("publish", "book.rows", "book.datatables", "compare.page", "tables.columns"):
        monkeypatch.setattr(f"analysis.{module}.LANGUAGES", ("de", "en", "id"), raising=False)


@pytest.mark.parametrize("language", ["en", "id"])
def test_a_published_table_keeps_its_keys(language):
    columns = ["source_id", "unit_id", "label_de", "label_en", "label_id", "n"]
    shown = publish.in_language(pd.DataFrame([columns], columns=columns), language)
    kept = {"source_id": "source_id", "unit_id": "unit_id", "label": f"label_{language}", "n": "n"}
    assert shown.iloc[0].to_dict() == kept


def test_pages_name_keys_and_texts_of_a_table(monkeypatch):
    columns = {"ward_id": key("Ward"), "room_id": text("Room")}
    columns |= {f"label_{language}": text("Its name") for language in ("de", "en", "id")}
    ward = Table("wards.csv", "Wards", "Wards.", ("ward_id",), columns)
    monkeypatch.setitem(PROCESSED, "wards", ward)
    shown = StudyTable.__new__(StudyTable)
    shown.schema, shown.words = ward, Wording("en")
    assert shown._stems() == ["ward_id", "room_id", "label"]
    told = Row("wards", "w1", {"ward_id": "w1", "room_id": "r7", "label_de": "Saal"})
    assert [*told._told(Wording("en"))] == ["r7"]


def test_a_key_is_not_read_out_in_another_language():
    assert page._spoken_in("source_id", "en") == ""
    assert page._spoken_in("holds", "de") == "en"
