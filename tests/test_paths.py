"""Places are what the environment says when they are asked for."""

import pytest

from analysis import paths

OWN = {"raw": "data/raw", "notebooks": "notebooks", "book": "book", "build": "build"}


@pytest.fixture(autouse=True)
def nowhere(monkeypatch):
    """An environment that says nothing."""
    for name in ("ROOT", "OUTPUT", *map(str.upper, OWN)):
        monkeypatch.delenv(f"COMPENDIUM_{name}", raising=False)


@pytest.mark.parametrize(("name", "default"), OWN.items())
def test_a_place_is_the_project_s_unless_the_environment_names_another(
    name, default, tmp_path, monkeypatch
):
    place = getattr(paths, name)
    assert place() == paths.root() / default
    monkeypatch.setenv(f"COMPENDIUM_{name.upper()}", str(tmp_path))
    assert place() == tmp_path
    monkeypatch.setenv(f"COMPENDIUM_{name.upper()}", "elsewhere/../tests/mini")
    assert place() == paths.root() / "tests/mini"
    assert place() in paths.watched()


def test_places_lie_in_the_project_that_the_environment_names(tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_ROOT", str(tmp_path))
    assert paths.root() == tmp_path
    assert paths.processed() == tmp_path / "data/processed"
    assert paths.references() == tmp_path / "book/references.bib"
    assert paths.output() == tmp_path / "build/drafts"


def test_a_foreign_study_keeps_its_tables_and_its_manifest_to_itself(tmp_path, monkeypatch):
    own = paths.processed(), paths.manifest()
    monkeypatch.setenv("COMPENDIUM_RAW", str(tmp_path / "data"))
    monkeypatch.setenv("COMPENDIUM_BUILD", str(tmp_path / "build"))
    monkeypatch.setenv("COMPENDIUM_BOOK", str(tmp_path / "book"))
    assert paths.processed() == tmp_path / "build/processed"
    assert paths.manifest() == tmp_path / "book/manifest.json"
    assert paths.citation() == tmp_path / "book/CITATION.cff"
    assert own == (paths.root() / "data/processed", paths.root() / "manifest.json")


def test_a_path_is_shown_from_the_project_on_and_whole_outside_it(tmp_path):
    assert paths.shown(paths.root() / "book/../data/raw") == "data/raw"
    assert paths.shown(tmp_path) == tmp_path.as_posix()
