"""Lays out one language's pages for Jupyter Book and puts the finished book in place of the last one."""

from __future__ import annotations

import shutil
from pathlib import Path

import yaml

from analysis import paths
from analysis.book.notebooks import stage_notebooks
from analysis.book.settings import read_settings
from analysis.book.sphinx import build_site
from analysis.book.values import substitutions
from analysis.execution.plan import notebook_runs
from analysis.references import composed
from analysis.wording import Wording
from analysis.writing import put_in_place


class BookError(RuntimeError):
    """The book could not be built; the message says which page and why."""


def build_book(language: str) -> None:
    """Builds the pages of one language into BUILD/html/LANGUAGE; the last good book stays until the new one is whole.

    Raises BookError with the warnings of the build; a warning is an error.
    """
    work = paths.RUNNING / "book" / language
    stage, site = work / "pages", work / "html"
    stage_pages(language, stage)
    warnings = build_site(stage, site)
    if warnings:
        complaint = warnings.replace(f"{stage}/", f"book/{language}/")
        raise BookError(f"the {language} book was not built; the last good one stays in place\n{complaint}")
    put_in_place(site, paths.BUILD / "html" / language, work / "last")


def stage_pages(language: str, stage: Path) -> None:
    """Fills the folder `stage` with everything that the book of one language is made of."""
    shutil.rmtree(stage, ignore_errors=True)
    shutil.copytree(paths.BOOK / language, stage)
    for shared in ("_static", "_templates", "locale"):
        # Another study's book may bring a look of its own, and has this one's otherwise.
        own = paths.BOOK / shared
        shutil.copytree(own if own in list(paths.BOOK.iterdir()) else paths.ROOT / "book" / shared, stage / shared)
    (stage / "references.bib").write_text(composed(paths.REFERENCES), "utf-8")
    _copy_published(language, stage)
    stage_notebooks(language, stage / "notebooks")
    config = read_settings(paths.BOOK / "_config.yml", language)
    editions = {code: Wording(code)("language_name") for code in paths.languages()}
    config["sphinx"]["config"] |= {
        "language": language,
        "study_language": language,
        "html_context": {"default_mode": "auto", "editions": editions, "editions_label": Wording(language)("editions")},
    }
    config["sphinx"]["config"]["myst_substitutions"] = substitutions(language)
    _write(stage / "_config.yml", config)
    _write(stage / "_toc.yml", read_settings(paths.BOOK / "_toc.yml", language))


def _copy_published(language: str, stage: Path) -> None:
    """Figures where pages show them, and everything that can be downloaded under its own name."""
    for name, folder in (("figures", paths.figures(language)), ("tables", paths.tables(language))):
        target = stage / "_extra" / name
        target.mkdir(parents=True)
        for run in notebook_runs(language):
            for suffix in ("svg", "png", "csv"):
                if (folder / f"{run.name}.{suffix}").is_file():
                    shutil.copy(folder / f"{run.name}.{suffix}", target)
    shutil.copytree(stage / "_extra/figures", stage / "_figures", ignore=shutil.ignore_patterns("*.png", "*.csv"))


def _write(path: Path, content) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=True), "utf-8")
