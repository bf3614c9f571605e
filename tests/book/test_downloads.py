"""What can be taken away: the tables where they are named, and all of them as one archive."""

import json
import re
import shutil
import zipfile

import pytest

from analysis import paths
from analysis.book.staging import copy_data
from analysis.engine.states import digest
from analysis.engine.steps import _now

pytestmark = pytest.mark.xdist_group("built")


@pytest.fixture(scope="module")
def data(built):
    return built.build / "html/de/data"


def test_every_processed_table_is_in_the_site(built, data):
    processed = {path.name: path.read_bytes() for path in (built.build / "processed").iterdir()}
    assert "datapackage.json" in processed
    for name, content in processed.items():
        assert (data / name).read_bytes() == content, name
    assert not (data / "references.bib").exists(), "it may hold notes and places of files"


def test_the_archive_holds_all_of_it_and_nothing_of_when_it_was_made(data):
    with zipfile.ZipFile(data / "data.zip") as archive:
        assert archive.testzip() is None
        files = [path.name for path in sorted(data.iterdir()) if path.suffix != ".zip"]
        assert archive.namelist() == [f"data/{name}" for name in files]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        modes = {(entry.create_system, entry.external_attr >> 16) for entry in archive.infolist()}
        assert modes == {(3, 0o644)}, "who unpacks it may share it, whatever system made it"
        assert archive.read("data/facts.csv") == (data / "facts.csv").read_bytes()


def test_the_archive_has_the_same_bytes_each_time(built, data, tmp_path, monkeypatch):
    built.point_paths(monkeypatch)
    copy_data(tmp_path / "again", "de")
    assert (tmp_path / "again/data.zip").read_bytes() == (data / "data.zip").read_bytes()


def test_what_else_lies_among_the_tables_stays_there(built, data, tmp_path, monkeypatch):
    processed = tmp_path / "processed"
    shutil.copytree(built.build / "processed", processed)
    (processed / ".~lock.codes.csv#").write_text("Erna on her computer", "utf-8")
    (processed / ".ipynb_checkpoints").mkdir()
    built.point_paths(monkeypatch)
    monkeypatch.setattr(paths, "processed", lambda: processed)
    copy_data(tmp_path / "data", "de")
    assert {path.name for path in (tmp_path / "data").iterdir()} == {
        path.name for path in data.iterdir()
    }


def test_a_book_that_lists_its_tables_is_not_foreseen_to_be_due_for_that(data):
    """What is foreseen are tables, not the folder that they lie in."""
    folders, foreseen = {"processed": str(data)}, {"processed:codes.csv": "1" * 64}
    assert _now("processed:.", digest(data), folders, foreseen) == digest(data)


def test_what_pages_offer_to_take_away_is_there(built):
    site = built.build / "html/de"
    offered = 0
    for page in site.rglob("*.html"):
        for address in re.findall(r'href="([^":]+)" download', page.read_text("utf-8")):
            assert (page.parent / address).is_file(), (page.name, address)
            offered += 1
    assert offered > 5


def test_the_data_is_a_crate_that_says_whose_it_is_and_names_each_file(data):
    graph = json.loads((data / "ro-crate-metadata.json").read_text("utf-8"))["@graph"]
    parts = {part["@id"]: part for part in graph}
    assert len(parts) == len(graph)
    root = parts["./"]
    about = parts["ro-crate-metadata.json"]
    assert about["about"] == {"@id": "./"}
    assert about["conformsTo"]["@id"].startswith("https://w3id.org/ro/crate/1.")
    assert (root["version"], root["datePublished"]) == ("0.1.0", "2026-01-02")
    files = {part["@id"] for part in root["hasPart"]}
    assert files == {path.name for path in data.iterdir()} - {"data.zip", about["@id"]}
    for name in files:
        assert parts[name]["contentSize"] == str((data / name).stat().st_size), name
    for relation in ("hasPart", "author", "license", "isBasedOn"):
        related = root[relation] if isinstance(root[relation], list) else [root[relation]]
        assert related, relation
        assert all(parts[part["@id"]]["name"] for part in related), relation
    assert parts[root["isBasedOn"]["@id"]]["creditText"] == "Ada Berg"
