"""A build begins in folders that are there and its own, or not at all."""

import pytest

from analysis import paths
from analysis.engine import folders
from analysis.engine.settings import SettingsError
from analysis.scaffold import new_study


def test_a_folder_is_built_into_if_it_is_new_empty_or_was_built_into(tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_BUILD", str(tmp_path / "mine"))
    folders.check_build_folder()
    paths.build().mkdir()
    (paths.build() / ".lock").touch()
    (paths.build() / "cache").mkdir()  # of what is loaded before anything is built
    folders.check_build_folder()
    (paths.build() / "letters").mkdir()
    with pytest.raises(folders.NotPossibleError, match="holds letters, which no build has made"):
        folders.check_build_folder()
    (paths.build() / "deps").mkdir()
    folders.check_build_folder()


def test_tidy_tables_that_no_build_has_made_are_left_alone(tmp_path, monkeypatch):
    new_study(tmp_path / "study")
    monkeypatch.setenv("COMPENDIUM_STUDY", str(tmp_path / "study"))
    paths.processed().mkdir()
    (paths.processed() / "README.md").touch()
    folders.check_folders(to_build=True)
    (paths.processed() / "own.csv").write_text("a\n1\n", "utf-8")
    with pytest.raises(folders.NotPossibleError, match=r"processed holds own\.csv, which no build"):
        folders.check_folders(to_build=True)
    package = paths.processed() / "datapackage.json"
    package.write_text('{"resources": [{"path": "own.csv"}, {"path": "../x"}]}', "utf-8")
    folders.check_folders(to_build=True)
    assert folders.made_tables() == {"own.csv", "datapackage.json"}
    package.write_text('{"resources": [3]}', "utf-8")
    assert folders.made_tables() == set()


CAPITALS = {
    "notebooks/mine.IPYNB": "mine.ipynb",
    "wording/mine.YML": "mine.yml",
    "book/_Config.yml": "_config.yml",
    "book/_toc.YML": "_toc.yml",
    "book/References.bib": "references.bib",
    "Study.yml": "study.yml",
    "CITATION.CFF": "CITATION.cff",
}


def test_files_that_capitals_keep_from_being_read_are_named_all_at_once(tmp_path, monkeypatch):
    new_study(tmp_path / "study")
    monkeypatch.setenv("COMPENDIUM_STUDY", str(tmp_path / "study"))
    folders.check_folders(to_build=True)
    (paths.study() / "README.MD").touch()
    folders.check_folders(to_build=True)
    for name in CAPITALS:
        (paths.study() / name).touch()
    with pytest.raises(SettingsError) as error:
        folders.check_folders()
    said = [f"{paths.study()}/{name} would not be read; rename it to" for name in CAPITALS]
    assert sorted(str(error.value).splitlines()) == sorted(
        f"{told} {meant}" for told, meant in zip(said, CAPITALS.values(), strict=True)
    )


def test_texts_that_a_language_of_the_study_lacks_are_named_all_at_once(tmp_path, monkeypatch):
    new_study(tmp_path / "study")
    monkeypatch.setenv("COMPENDIUM_STUDY", str(tmp_path / "study"))
    (paths.book() / "en").rename(paths.book() / "de")
    about = paths.about().read_text("utf-8")
    assert "languages: [en]" in about
    paths.about().write_text(about.replace("languages: [en]", "languages: [de]"), "utf-8")
    with pytest.raises(SettingsError) as error:
        folders.check_folders()
    told = str(error.value).splitlines()
    texts = sum(path.read_text("utf-8").count("en: ") for path in paths.wording().glob("*.yml"))
    assert len(told) == texts
    assert told[0] == (
        f"{paths.shown(paths.wording())}/beds.yml, line 2: 'nothing' has no text in de; expected "
        "one"
    )


def test_no_build_begins_where_versions_are_compared(tmp_path, monkeypatch):
    (tmp_path / "build/deps").mkdir(parents=True)
    monkeypatch.setenv("COMPENDIUM_STUDY", str(tmp_path))
    for name in ("compare", "drafts/mine", "revisions"):
        monkeypatch.setenv("COMPENDIUM_BUILD", str(tmp_path / "build" / name))
        with pytest.raises(folders.NotPossibleError, match="where a build keeps its own"):
            folders.check_build_folder()
    monkeypatch.delenv("COMPENDIUM_BUILD")
    monkeypatch.setenv("COMPENDIUM_STUDY", str(tmp_path / "build/revisions/0815"))
    folders.check_build_folder()
