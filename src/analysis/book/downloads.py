"""What readers can take away from an edition: what its results were made from, file by file where
pages name it, and all of it as one archive.
"""

from __future__ import annotations

import functools
import html
import shutil
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from pybtex.database import Entry, parse_string

from analysis import paths
from analysis.book.crate import CODE, data_crate
from analysis.book.crate import NAME as CRATE
from analysis.book.nodes import address, raw
from analysis.book.settings import read_config
from analysis.book.studyreport import NAME as REPORT
from analysis.book.studyreport import study_report
from analysis.citation import cited
from analysis.engine.runs import notebook_runs
from analysis.files.zipped import write_zip
from analysis.raw.references import composed
from analysis.raw.study import further_coders
from analysis.raw.withheld import may_be_shown
from analysis.raw.works import RENAMED
from analysis.tables import PROCESSED, RAW, described
from analysis.tables.coding import CODEBOOK
from analysis.tables.own import FILE as OWN_TABLES

ARCHIVE = "data/data.zip"
BIBLIOGRAPHY = "book/references.bib"
RULES = "coding/coding-rules.md"
PACKAGE = "datapackage.json"
PROGRAMS = ("drawing", "figures", "methods")  # rooms whose code draws and counts
LOOKS = "matplotlibrc"  # sizes, weights and colours of figures, in the first of them
# Fields that lists of literature are made of, and the language of works; others may hold notes and
# places of files.
SHOWN = {
    "address", "booktitle", "crossref", "date", "doi", "howpublished", "institution", "journal",
    "langid", "month", "note", "number", "pages", "publisher", "series", "subtitle", "title",
    "type", "url", "urldate", "volume", "year", *RENAMED,
}  # fmt: skip


def copy_downloads(language: str, target: Path) -> None:
    """Lays out everything that can be taken away, under its own name."""
    for name, folder in (("figures", paths.figures(language)), ("tables", paths.tables(language))):
        (target / name).mkdir(parents=True)
        for run in notebook_runs(language):
            for suffix in ("svg", "png", "csv"):
                if (folder / f"{run.name}.{suffix}").is_file():
                    shutil.copy(folder / f"{run.name}.{suffix}", target / name)
    sources = carried(language)
    for place, source in sources.values():
        (target / place).parent.mkdir(parents=True, exist_ok=True)
        if source == paths.references():
            (target / place).write_text(bibliography(), "utf-8")
        else:
            shutil.copyfile(source, target / place)
    files = {name: target / place for name, (place, _) in sources.items()}
    for name, text in _described(language, target / "data"):
        files[f"data/processed/{name}"] = target / "data" / name
        files[f"data/processed/{name}"].write_text(text, "utf-8")
    write_zip(target / ARCHIVE, files)


def _described(language: str, data: Path) -> Iterator[tuple[str, str]]:
    """What tells people and programs what the processed tables are, by the names of files."""
    work, title = cited(), read_config(paths.book() / "_config.yml", language)["title"]
    yield REPORT, study_report(language, title, work)
    if work.date:  # without which it would be no crate
        yield CRATE, data_crate(data, work)


def carried(language: str) -> dict[str, tuple[str, Path]]:
    """What an edition is made from, by its name in the project: its place in the site, and where it
    lies now.
    """
    return {name: (place, source) for name, place, source in _carried(language)}


def _carried(language: str) -> Iterator[tuple[str, str, Path]]:
    """Name, place and source of each; no raw tables if something in them may not be shown."""
    for file in _raw_files() if may_be_shown(paths.raw()) else ():
        yield f"data/raw/{file}", f"raw/{file}", paths.raw() / file
    for file in (*(f"{table}.csv" for table in PROCESSED), PACKAGE):
        if (paths.processed() / file).is_file():
            yield f"data/processed/{file}", f"data/{file}", paths.processed() / file
    yield BIBLIOGRAPHY, BIBLIOGRAPHY.rpartition("/")[2], paths.references()
    yield "dodo.py", f"{CODE}/dodo.py", paths.root() / "dodo.py"
    for source in sorted({run.source for run in notebook_runs(language)}):
        yield f"notebooks/{source.name}", f"{CODE}/{source.name}", source
    package = paths.root() / "src/analysis"
    for room in PROGRAMS:
        files = (package / room).rglob("*")
        for path in sorted(path for path in files if path.suffix == ".py" or path.name == LOOKS):
            file = path.relative_to(package).as_posix()
            yield f"src/analysis/{file}", f"{CODE}/{file}", path


def _raw_files() -> Iterator[str]:
    """The files of data/raw that a study is made of; what else lies there is nobody's business."""
    tables = [described(name).file for name in (*RAW, *further_coders(paths.raw()))]
    for file in (*tables, CODEBOOK, RULES, OWN_TABLES):
        if (paths.raw() / file).is_file():
            yield file


def bibliography() -> str:
    """The works cited, without what only who wrote it down needs."""
    works = parse_string(composed(paths.references()), "bibtex").entries
    return "\n".join(_work(key, entry) for key, entry in works.items())


def _work(key: str, entry: Entry) -> str:
    """One work in BibTeX, its texts as they stand; pybtex would write marks of LaTeX anew."""
    told = {role: " and ".join(map(str, people)) for role, people in entry.persons.items()}
    told |= {
        name: text
        for name, text in entry.fields.items()
        if {name.lower(), name.lower().rpartition("_")[0]} & SHOWN
    }
    lines = "".join(f"  {name} = {{{text}}},\n" for name, text in told.items())
    return f"@{entry.original_type}{{{key},\n{lines}}}\n"


@functools.cache
def _places(language: str, _folder: Path) -> dict[str, str]:
    return {name: place for name, (place, _) in carried(language).items()}


def place_of(name: str, language: str) -> str | None:
    """Where the site has a file of the project, by its name there; None if it has not."""
    return _places(language, paths.build()).get(name)


def _lead(app, doctree: nodes.document) -> None:
    """Lets the name of a file lead to it."""
    up = "../" * app.env.docname.count("/")
    for name in list(doctree.findall(nodes.literal)):
        place = place_of(name.astext(), app.config.study_language)
        if place and not isinstance(name.parent, nodes.reference | nodes.title):
            at = name.parent.index(name)
            link = f'<a href="{html.escape(up)}{address(place)}" download>'
            name.parent[at : at + 1] = [raw(link), name, raw("</a>")]


def register(app) -> None:
    """Connects to the reading of pages, after everything on them is there."""
    app.connect("doctree-read", _lead, priority=900)
