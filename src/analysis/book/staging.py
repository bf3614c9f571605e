"""Lays out one language's pages for Jupyter Book and puts the finished book
in place of the last one.
"""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import yaml

from analysis import paths
from analysis.book import DIRECTIVES, ROLES
from analysis.book.annotations import NAME as ANNOTATIONS
from analysis.book.annotations import annotations
from analysis.book.crate import NAME as CRATE
from analysis.book.crate import run_crate
from analysis.book.downloads import copy_downloads
from analysis.book.executed import stage_executed
from analysis.book.imprint import footer
from analysis.book.notebooks import stage_notebooks
from analysis.book.settings import PAGES, BookError, read_config, read_contents, read_printed
from analysis.book.sphinx import build_site
from analysis.book.values import substitutions
from analysis.citation import cited
from analysis.engine import tutorial
from analysis.engine.runs import notebook_runs
from analysis.engine.steps import WITHHELD, records
from analysis.files.damage import conflict
from analysis.files.whole import copy_folder, put_in_place, read_file
from analysis.problems import one_of, suggest
from analysis.raw.identities import read_recognised
from analysis.raw.references import composed
from analysis.raw.withheld import may_be_shown
from analysis.tables.study import IDENTITIES
from analysis.wording import Wording

UNKNOWN = re.compile(r"Unknown (?:directive type|interpreted text role):? ['\"]([\w-]+)['\"]")
# What programs keep for themselves, such as JupyterLab's copies of pages, belongs to no book.
HIDDEN = shutil.ignore_patterns(".*", "#*#")
# Files that were meant for pages.
NEARLY = re.compile(r".*\.(md|markdown|rst|ipynb)(\.txt)?", re.IGNORECASE)
# What is added to the pages of a language, and what Sphinx makes itself.
TAKEN = (
    "_static",
    "_templates",
    "locale",
    "_extra",
    "notebooks",
    tutorial.FOLDER,
    "references.bib",
    "_config.yml",
    "_toc.yml",
    "search.md",
    "genindex.md",
)


def build_book(language: str, pdf: bool = False) -> None:
    """Builds the pages of one language into BUILD/html/LANGUAGE; the last good book stays
    until the new one is whole. Its PDF is made with it, or there is none: it never stays beside
    newer pages.

    Raises BookError with the warnings of the build; a warning is an error.
    """
    one_of(language, paths.languages(), "language", "book")
    work = paths.running() / "book" / language
    stage, site = work / "pages", work / "html"
    stage_pages(language, stage, pdf)
    if not may_be_shown(paths.raw()) or (paths.raw() / IDENTITIES.file).exists():
        (work / WITHHELD).touch()
    warnings = build_site(stage, site)
    if warnings:
        raise BookError(
            f"the {language} book was not built; the last good one stays in "
            f"place\n{as_written(warnings, language, stage)}"
        )
    if pdf:
        _print(language, stage, site)
    _describe(site, language)
    if leaks := _leaks(language, site, work):
        said = f"the {language} book was not put in place; the last good one stays there"
        raise BookError("\n".join([said, *leaks]))
    put_in_place(site, paths.build() / "html" / language, work / "last")


def _describe(site: Path, language: str) -> None:
    """Adds what programs read of a finished edition: what is said of which passage, and where all
    of it comes from.
    """
    about, title = cited(), read_config(paths.book() / "_config.yml", language)["title"]
    (site / ANNOTATIONS).write_text(annotations(language, title, about), "utf-8")
    if about.date:  # without which it would be no crate
        (site / CRATE).write_text(run_crate(site, language, title, about), "utf-8")


def _print(language: str, stage: Path, site: Path) -> None:
    """Lays the PDF beside the pages that it is made of."""
    from analysis.pdf.report import make_pdf  # what is loaded here takes a second

    title = read_config(paths.book() / "_config.yml", language)["title"]
    pages = read_printed(paths.book() / "_toc.yml", language, stage)
    version = footer(cited(), Wording(language))
    (site / paths.pdf(language).name).write_bytes(make_pdf(site, language, title, version, pages))


def _leaks(language: str, site: Path, work: Path) -> list[str]:
    """Where the book, or what was made for it, tells who somebody is that is not named."""
    recognised = read_recognised(paths.raw())
    if recognised is None:
        return []
    (work / WITHHELD).touch()
    made = (paths.build() / language, paths.processed(), records(), paths.manifest())
    made += tuple(paths.landing())
    places = {site: f"{paths.shown(paths.build())}/html/{language}"}
    places |= {place: paths.shown(place) for place in made}
    return list(
        recognised.leaks(
            (path, f"{name}/{path.relative_to(place).as_posix()}".removesuffix("/."))
            for place, name in places.items()
            for path in [place, *sorted(place.rglob("*"))]
            if path.is_file()
        )
    )


def as_written(warnings: str, language: str, stage: Path) -> str:
    """Warnings that name pages as their authors know them, and cells of notebooks."""
    for run in notebook_runs(language):
        place = re.escape(f"{stage / 'notebooks' / run.result.name}")
        warnings = re.sub(
            rf"{place}(?::(\d+))?", lambda found, run=run: _cell(run.source, found[1]), warnings
        )
    warnings = UNKNOWN.sub(
        lambda found: found[0] + suggest(found[1], (*DIRECTIVES, *ROLES)), warnings
    )
    # Sphinx leaves the place of a line empty where it knows none.
    warnings = re.sub(r"^([^:\n]+):: ", r"\1: ", warnings, flags=re.MULTILINE)
    return warnings.replace(f"{stage}/", f"{paths.shown(paths.book())}/{language}/")


def _cell(notebook: Path, line: str | None) -> str:
    """The place in a notebook; MyST-NB counts ten thousand lines for each cell."""
    return paths.shown(notebook) + (
        f", cell {int(line) // 10_000}" if line and int(line) >= 10_000 else ""
    )


def stage_pages(language: str, stage: Path, pdf: bool = False) -> None:
    """Fills the folder `stage` with everything that the book of one language is made of; pages lead
    to the PDF if there is to be one.
    """
    shutil.rmtree(stage, ignore_errors=True)
    taken = sorted({*TAKEN} & {path.name for path in (paths.book() / language).iterdir()})
    if taken:
        raise BookError(
            f"{paths.shown(paths.book())}/{language} holds {', '.join(taken)}, a name that the "
            "book needs for itself; rename it"
        )
    copy_pages(paths.book() / language, stage)
    for shared in ("_static", "_templates", "locale"):
        # Another study's book may bring a look of its own, and has this one's otherwise.
        own = paths.book() / shared
        copy_folder(
            own if own.exists() else paths.machine_book() / shared,
            stage / shared,
            HIDDEN,
        )
    (stage / "references.bib").write_text(composed(paths.references()), "utf-8")
    copy_downloads(language, stage / "_extra")
    if tutorial.pictures():
        copy_folder(tutorial.made(), stage / tutorial.FOLDER)
    stage_notebooks(language, stage / "notebooks")
    stage_executed(language, stage / "_extra/notebooks/executed")
    config = read_config(paths.book() / "_config.yml", language)
    editions = {code: Wording(code)("language_name") for code in paths.languages()}
    config["sphinx"]["config"] |= {
        "language": language,
        "study_language": language,
        "html_context": {
            "default_mode": "auto",
            "editions": editions,
            "editions_label": Wording(language)("editions"),
            "study_pdf": paths.pdf(language).name if pdf else "",
        },
    }
    config["sphinx"]["config"]["myst_substitutions"] = substitutions(language)
    _write(stage / "_config.yml", config)
    _write(stage / "_toc.yml", read_contents(paths.book() / "_toc.yml", language, stage))


def copy_pages(folder: Path, stage: Path) -> None:
    """Copies pages and what lies among them, with names in composed letters, as Sphinx wants them.

    Raises BookError that names every file which cannot be part of a book.
    """
    if slips := list(_slips(folder)):
        raise BookError("\n".join(slips))
    copy_folder(folder, stage, HIDDEN)
    for path in sorted(stage.rglob("*"), reverse=True):
        path.rename(path.with_name(unicodedata.normalize("NFC", path.name)))


def _slips(folder: Path) -> Iterator[str]:
    """What keeps files from being parts of a book, or texts from being pages: where and why."""
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if paths.is_hidden(place):
            continue
        name = f"{paths.shown(folder)}/{place.as_posix()}"
        if path.is_dir():
            if Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(path)):
                yield f"{name}: a link to a folder that it lies in"
            continue
        if NEARLY.fullmatch(path.name) and path.suffix not in PAGES:
            yield f"{name}: is no page, as its name does not end in .md; rename it"
            continue
        try:
            text = read_file(path).decode("utf-8-sig" if path.suffix == ".md" else "latin-1")
        except OSError as error:
            yield f"{name}: cannot be read ({error.strerror})"
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            yield f"{name}:{line}: not readable as UTF-8; save the page as UTF-8"
        else:
            yield from _conflicts(name, text if path.suffix == ".md" else "")


def _conflicts(name: str, text: str) -> Iterator[str]:
    """The first line that Git has left; a row of = alone is that of a heading."""
    for number, line in enumerate(text.splitlines(), start=1):
        if conflict(line) and not line.startswith("="):
            yield f"{name}:{number}: two versions that Git could not merge; keep one of them"
            return


def _write(path: Path, content) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=True), "utf-8")
