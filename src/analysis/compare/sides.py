"""The two sides of a comparison: where the tables, results and pages of a version lie."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from analysis import paths
from analysis.citation import cited
from analysis.engine.runs import ENDINGS
from analysis.raw.withheld import may_be_shown
from analysis.studyfile import known_languages

VERSION = re.compile(r"""^version: *["']?([^"'\s]+)""", re.MULTILINE)
KINDS = ENDINGS.keys() - {"notebooks"}  # of what these publish


@dataclass(frozen=True)
class Side:
    """One version of a study. What is None, or not in `results`, is not at hand.

    name: what it is called. version: of its CITATION.cff, empty if that says none. raw, processed:
    folders of tables. pages: of the report, a folder each language. results: by language, the
    folder of figures, tables and values. notebooks: their folder. about: the folder of what the
    study says of itself, and of its own texts.
    """

    name: str
    version: str = ""
    raw: Path | None = None
    processed: Path | None = None
    pages: Path | None = None
    results: dict[str, Path] = field(default_factory=dict)
    notebooks: Path | None = None
    about: Path | None = None

    @property
    def shows_raw(self) -> bool:
        """Whether there are raw tables, and nothing in them that may not be shown."""
        return self.raw is not None and may_be_shown(self.raw)

    def has_records(self, language: str) -> bool:
        """Whether there are the provenance records and values of the results, which a site does
        not carry.
        """
        folder = self.results.get(language)
        return folder is not None and any(any((folder / kind).glob("*.json")) for kind in KINDS)

    def shown(self, table: str) -> Path | None:
        """Where a processed table is, from which is dropped what may not be shown."""
        return self.processed and self.processed / f"{table}.csv"

    def named(self, path: Path) -> str:
        """A file as a message names it."""
        return f"{self.name}: {path.parent.name}/{path.name}" if self.name else paths.shown(path)


def this_side() -> Side:
    """The study as it is built now."""
    return Side(
        "",
        cited().version,
        paths.raw(),
        paths.processed(),
        paths.book(),
        {language: paths.build() / language for language in paths.languages()},
        paths.notebooks(),
        paths.about().parent,
    )


def side_in(folder: Path, name: str = "") -> Side:
    """The version in a folder: a study, or the whole project, with what is built of it; a build
    folder; or a finished site with the data that it carries.

    name: what it is called, if not as its folder.
    """
    above = (
        folder.parent if folder.name == "build" and (folder.parent / "data/raw").is_dir() else None
    )
    top = above or folder
    builds = (top / "build", top, top / "build/html", top / "html")
    results = {
        language: place
        for language in dict.fromkeys([*paths.languages(), *known_languages()])
        if (place := _first([build / language for build in builds], *KINDS))
    }
    sites = [build / language for language in results for build in builds]
    return Side(
        name or folder.name,
        _version([top / "CITATION.cff", top / "book/CITATION.cff"]),
        _first([top / "data/raw", *(site / "raw" for site in sites)], ""),
        _first(
            [top / "data/processed", top / "processed", *(site / "data" for site in sites)],
            "datapackage.json",
        ),
        _first([top / "book"], *(f"{language}/index.md" for language in paths.languages())),
        results,
        top / "notebooks",
        top,
    )


def _first(places: Iterable[Path], *within: str) -> Path | None:
    """The first of the folders in which one of these is."""
    return next((place for place in places if any((place / one).exists() for one in within)), None)


def _version(files: list[Path]) -> str:
    """What is said of the version in the first of the files that there is."""
    text = next((path.read_text("utf-8", "replace") for path in files if path.is_file()), "")
    found = VERSION.search(text)
    return found[1] if found else ""
