"""Who answers for the compendium, its version and its date: said once, in CITATION.cff, and shown
by the pages.
"""

import re
import tomllib
from types import SimpleNamespace

import pytest
import yaml

from analysis import paths
from analysis.book.imprint import FIELDS, CompendiumRole, binder
from analysis.citation import cited

CITED = yaml.safe_load((paths.root() / "CITATION.cff").read_text("utf-8"))
CITABLE = "authors: [{name: A}]\nversion: '1'\ndate-released: 2026-02-03\n"
TITLES = yaml.safe_load((paths.root() / "study.yml").read_text("utf-8"))["title"]


def role(field, language="en"):
    shown = CompendiumRole()
    shown.text = field
    config = SimpleNamespace(study_language=language)
    shown.inliner = SimpleNamespace(
        document=SimpleNamespace(
            settings=SimpleNamespace(env=SimpleNamespace(config=config, app=None))
        )
    )
    return shown


@pytest.mark.parametrize(
    ("field", "language", "expected"),
    [
        ("authors", "de", "Amt für Wald; Ada von Berg"),
        ("version", "de", "0.10"),
        ("year", "en", "2026"),
        ("date", "de", "3. Februar 2026"),
        ("date", "en", "3 February 2026"),
    ],
)
def test_pages_show_what_is_to_be_cited(field, language, expected, tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_BOOK", str(tmp_path))
    paths.citation().write_text(
        "authors: [{name: Amt für Wald}, {given-names: Ada, name-particle: von, "
        "family-names: Berg}]\nversion: '0.10'\ndate-released: 2026-02-03\n",
        "utf-8",
    )
    assert role(field, language).shown() == expected


@pytest.mark.parametrize(
    ("changelog", "said"),
    [
        ("## Unreleased\n\n### Results\n\n- A number.\n\n## 0.10\n", "0.10 (changed since)"),
        ("# Changelog\n\n## [Unreleased]\n* A number.\n", "0.10 (changed since)"),
        ("## Unreleased\n\n### Results\n\n## 0.10\n\n- A number.\n", "0.10"),
        ("## 0.10\n\n- A number.\n\n## Unreleased\n", "0.10"),
        ("# Unreleased drafts\n\n- A number.\n", "0.10"),
        ("", "0.10"),
        (None, "0.10"),
    ],
)
def test_a_version_says_what_is_not_released(changelog, said, tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_BOOK", str(tmp_path))
    paths.citation().write_text(
        "authors: [{name: A}]\nversion: '0.10'\ndate-released: 2026-02-03\n", "utf-8"
    )
    if changelog is not None:
        (tmp_path / "CHANGELOG.md").write_text(changelog, "utf-8")
    assert role("version").shown() == said
    assert cited().release == "0.10"
    assert cited().version == said.replace(" (changed since)", "+unreleased")


def test_a_changelog_that_cannot_be_read_is_named_itself(tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_BOOK", str(tmp_path))
    paths.citation().write_text("version: '0.10'\n", "utf-8")
    (tmp_path / "CHANGELOG.md").mkdir()
    with pytest.raises(IsADirectoryError, match=r"CHANGELOG\.md"):
        cited()


@pytest.mark.parametrize(
    "content", ["", "version: 1", "- a", "a: [", "authors: 3", "date-released: x"]
)
def test_what_is_not_said_is_named(content, tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_BOOK", str(tmp_path))
    paths.citation().write_text(content, "utf-8")
    for field in ("authors", "date", "year"):
        with pytest.raises(ValueError, match=r"CITATION.cff cannot be read, or does not say all"):
            role(field).shown()
    with pytest.raises(ValueError, match=r"no 'verson' \(did you mean 'version'\?\)"):
        role("verson").shown()


def test_the_version_is_the_same_wherever_it_is_needed():
    project = tomllib.loads((paths.root() / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == CITED["version"]
    assert cited().release == CITED["version"]
    assert f"\n## {CITED['version']}\n" in (paths.root() / "CHANGELOG.md").read_text("utf-8")


@pytest.mark.parametrize("language", TITLES)
def test_book_and_title_page_have_one_title_and_the_citation_has_it(language):
    page = (paths.root() / f"book/{language}/index.md").read_text("utf-8")
    heading = re.sub(r"\[(.*)\]\{\.study-subtitle\}", r"\1", page.splitlines()[0])
    assert heading == f"# {TITLES[language]}"
    assert f"): {TITLES[language]}. " in page
    assert FIELDS.keys() >= {"authors", "year", "version"}
    for field in ("authors", "year", "version"):
        assert f"{{compendium}}`{field}`" in page


@pytest.mark.parametrize(
    ("code", "address"),
    [
        (
            "https://github.com/a/b.git",
            "https://mybinder.org/v2/gh/a/b/HEAD?labpath=notebooks/x%20y",
        ),
        ("https://elsewhere.org/a/b", ""),
        (None, ""),
    ],
)
def test_binder_opens_what_lies_on_github(code, address, tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_ROOT", str(tmp_path))
    said = CITABLE + (f"repository-code: {code}\n" if code else "")
    (tmp_path / "CITATION.cff").write_text(said, "utf-8")
    assert binder.__wrapped__("notebooks/x y") == address


def test_binder_opens_the_repository_that_a_build_is_told_and_no_other_study_of_it(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("COMPENDIUM_ROOT", str(tmp_path))
    (tmp_path / "CITATION.cff").write_text(f"{CITABLE}repository-code: https://a.b/c\n", "utf-8")
    monkeypatch.setenv("COMPENDIUM_REPOSITORY_URL", "https://github.com/c/d")
    assert binder.__wrapped__("a").startswith("https://mybinder.org/v2/gh/c/d/")
    monkeypatch.setenv("COMPENDIUM_STUDY", str(tmp_path / "other"))
    assert binder.__wrapped__("other/notebooks/a") == ""
