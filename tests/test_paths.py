"""Places are what the environment says when they are asked for."""

from pathlib import Path

import pytest

from analysis import checking, paths, scaffold

OWN = {"raw": "data/raw", "notebooks": "notebooks", "book": "book", "build": "build"}


@pytest.fixture(autouse=True)
def nowhere(monkeypatch):
    """An environment that says nothing."""
    for name in ("ROOT", "STUDY", "OUTPUT", *map(str.upper, OWN)):
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


def test_the_home_of_a_person_may_be_written_as_shells_do(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COMPENDIUM_BUILD", "~/my build")
    assert paths.build() == tmp_path / "my build"


def test_a_study_may_be_begun_in_the_home_of_a_person(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    scaffold.new("study", "~/mine")
    assert (tmp_path / "home/mine/study.yml").is_file()
    assert paths.given("~nobody-at-all/mine") == Path("~nobody-at-all/mine")


def test_places_lie_in_the_project_that_the_environment_names(tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_ROOT", str(tmp_path))
    assert paths.root() == tmp_path
    assert paths.processed() == tmp_path / "data/processed"
    assert paths.references() == tmp_path / "book/references.bib"
    assert paths.output() == tmp_path / "build/drafts"


def test_the_parts_of_a_study_lie_in_its_folder_unless_they_are_told_otherwise(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("COMPENDIUM_STUDY", str(tmp_path))
    assert [getattr(paths, name)() for name in OWN] == [tmp_path / place for place in OWN.values()]
    assert paths.processed() == tmp_path / "data/processed"
    assert paths.manifest() == tmp_path / "manifest.json"
    assert tmp_path in paths.watched()
    assert paths.root() in paths.watched()
    monkeypatch.setenv("COMPENDIUM_BOOK", "tests/mini/book")
    monkeypatch.setenv("COMPENDIUM_RAW", "")
    assert paths.book() == paths.root() / "tests/mini/book"
    assert paths.raw() == tmp_path / "data/raw"
    monkeypatch.setenv("COMPENDIUM_BUILD", str(tmp_path / "out"))
    assert paths.processed() == tmp_path / "out/processed"


def test_a_notebook_is_the_study_s_own_or_else_the_machine_s(tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_STUDY", str(tmp_path))
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks/roles.ipynb").touch()
    assert paths.notebook("roles") == tmp_path / "notebooks/roles.ipynb"
    assert paths.notebook("codings") == paths.root() / "notebooks/codings.ipynb"
    assert paths.notebook("none") == tmp_path / "notebooks/none.ipynb"


def test_a_foreign_study_keeps_its_tables_and_its_manifest_to_itself(tmp_path, monkeypatch):
    own = paths.processed(), paths.manifest()
    monkeypatch.setenv("COMPENDIUM_RAW", str(tmp_path / "data"))
    monkeypatch.setenv("COMPENDIUM_BUILD", str(tmp_path / "build"))
    monkeypatch.setenv("COMPENDIUM_BOOK", str(tmp_path / "book"))
    assert paths.processed() == tmp_path / "build/processed"
    assert paths.manifest() == tmp_path / "book/manifest.json"
    assert paths.citation() == tmp_path / "book/CITATION.cff"
    assert own == (paths.root() / "data/processed", paths.root() / "manifest.json")


def test_a_place_that_is_known_is_another_one_as_soon_as_the_environment_says_so(
    tmp_path, monkeypatch
):
    for study in ("here", "there", "here"):
        monkeypatch.setenv("COMPENDIUM_STUDY", str(tmp_path / study))
        assert paths.wording() == tmp_path / study / "wording"
        assert paths.about() == tmp_path / study / "study.yml"
        assert paths.processed() == tmp_path / study / "data/processed"
    monkeypatch.setenv("COMPENDIUM_BUILD", str(tmp_path / "build"))
    assert paths.processed() == tmp_path / "build/processed"


def test_a_path_is_shown_from_the_project_on_and_whole_outside_it(tmp_path):
    assert paths.shown(paths.root() / "book/../data/raw") == "data/raw"
    assert paths.shown(tmp_path) == tmp_path.as_posix()


def test_the_pages_of_another_study_have_none_of_what_this_one_says_of_itself(monkeypatch):
    own = [place().relative_to(paths.root()) for place in (paths.about, paths.wording)]
    assert [path.as_posix() for path in own] == ["study.yml", "wording"]
    monkeypatch.setenv("COMPENDIUM_BOOK", "tests/mini/book")
    for place in (paths.about, paths.wording, paths.manifest, paths.citation):
        assert place().parent == paths.book()


def test_pages_are_those_of_editions_in_whatever_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_BOOK", str(tmp_path))
    for name in ("de/index.md", "de/more/a.md", "_drafts/b.md", ".old/c.md", "de/d.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", "utf-8")
    known = [(tmp_path / name).as_posix() for name in ("de/index.md", "de/more/a.md")]
    assert [*checking._pages()] == known
