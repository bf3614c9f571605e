"""Every place the project reads from or writes to, asked for when it is needed.

A study is a folder: `COMPENDIUM_STUDY` names it, and without it the project itself is one.
`COMPENDIUM_RAW`, `COMPENDIUM_NOTEBOOKS`, `COMPENDIUM_BOOK` and `COMPENDIUM_BUILD` name another
place for one of its parts. The Makefile sets them from `STUDY=`, `RAW=` and so on. What they say
counts when a place is asked for, so that a process which is told later where it works asks again
and knows.
"""

import functools
import os
import re
from collections.abc import Callable
from pathlib import Path

# Where the parts of a study lie in its folder, by the variable that names another place.
PARTS = {"RAW": "data/raw", "NOTEBOOKS": "notebooks", "BOOK": "book", "BUILD": "build"}
NAMED = ("ROOT", "STUDY", *PARTS)


def _kept(place: Callable[..., Path]) -> Callable[..., Path]:
    """A place that is worked out anew only when the environment says something new: a book asks
    for some of them ten thousands of times.
    """
    known: dict[tuple[str, ...], Path] = {}

    @functools.wraps(place)
    def ask(*names: str) -> Path:
        told = (*names, *map(_told, NAMED))
        if told not in known:
            known[told] = place(*names)
        return known[told]

    ask.cache_clear = known.clear
    return ask


def root() -> Path:
    """The project: this one, or its copy on a worker."""
    return _resolved(_told("ROOT"), "")


def study() -> Path:
    """The folder of the study: what follows lies in it unless it is told otherwise."""
    return _resolved(_told("ROOT"), _told("STUDY"))


def about() -> Path:
    """What the study says of itself."""
    return _with_pages("study.yml")


def wording() -> Path:
    """Texts of the study, which take the place of the machine's."""
    return _with_pages("wording")


def raw() -> Path:
    """Tables written by hand; nothing writes here."""
    return _place("RAW")


def notebooks() -> Path:
    """Parameterised notebooks, committed without outputs."""
    return _place("NOTEBOOKS")


def notebook(name: str) -> Path:
    """The committed notebook of that name: the study's own, or else the machine's."""
    own, ours = (folder / f"{name}.ipynb" for folder in (notebooks(), root() / "notebooks"))
    return own if own.exists() or not ours.exists() else ours


def machine_book() -> Path:
    """The look and the settings of a book that has none of its own."""
    return root() / "book"


def book() -> Path:
    """Pages, one folder a language, and what they share."""
    return _place("BOOK")


def build() -> Path:
    """Everything generated."""
    return _place("BUILD")


def output() -> Path:
    """Where a notebook publishes: a folder in `running()` while the pipeline executes it; what is
    run by hand is not the report's.
    """
    return _resolved(_told("ROOT"), _told("OUTPUT") or str(build() / "drafts"))


def running() -> Path:
    """What steps have not finished yet; empty when nothing runs."""
    return build() / "running"


@_kept
def processed() -> Path:
    """The tidy tables. What is built elsewhere, or of other tables, keeps its own to itself, or
    building it would change the study's.
    """
    elsewhere = is_elsewhere("RAW") or is_elsewhere("BUILD")
    return build() / "processed" if elsewhere else study() / "data/processed"


def references() -> Path:
    """Works cited by pages and data."""
    return book() / "references.bib"


def manifest() -> Path:
    """Digests of the last release, committed."""
    return _with_pages("manifest.json")


def landing() -> list[Path]:
    """The page in front of the editions; what stands beside it where the site has an address."""
    return [build() / "html" / name for name in ("index.html", "robots.txt", "404.html")]


def site_files() -> dict[str, Path]:
    """The files of the finished book, by their names in it."""
    site = build() / "html"
    editions = [path for language in languages() for path in (site / language).rglob("*")]
    files = sorted(path for path in (*landing(), *editions) if path.is_file())
    return {path.relative_to(site).as_posix(): path for path in files}


def pdf(language: str) -> Path:
    """The report of one language on paper, among its pages."""
    return build() / "html" / language / f"report-{language}.pdf"


def packed(name: str) -> Path:
    """The book, or the project with it, as one file."""
    return build() / f"{name}.zip"


def citation() -> Path:
    """Who answers for the compendium; its version, its date."""
    return manifest().with_name("CITATION.cff")


def watched() -> list[Path]:
    """Reads below these are inputs of what is built."""
    return [root(), study(), raw(), build(), book(), notebooks()]


def languages() -> list[str]:
    """The languages of the report: the folders of pages in the book that have a title page;
    those whose names begin with _ or a dot are set aside.
    """
    return sorted(page.parent.name for page in book().glob("[!_.]*/index.md"))


def pages() -> list[Path]:
    """The pages of all languages as they are written, also in folders within these."""
    return sorted(book().glob("[!_.]*/**/*.md"))


def figures(language: str) -> Path:
    """Figures in one language: NAME.svg, .png, .csv, .html (as part of a
    page) and .json (the provenance record).
    """
    return build() / language / "figures"


def tables(language: str) -> Path:
    """Tables for pages in one language: NAME.csv and NAME.json."""
    return build() / language / "tables"


def values(language: str) -> Path:
    """Numbers for the prose of one language, one file per run."""
    return build() / language / "values"


def executed(language: str) -> Path:
    """Executed notebooks, their parameters in the metadata."""
    return build() / language / "notebooks"


def is_hidden(path: Path) -> bool:
    """Whether a program keeps something for itself, in a place whose name begins with a dot, or is
    between two #, as Emacs keeps what is not saved; path is relative to what is looked through.
    """
    return any(part.startswith(".") or re.fullmatch("#.*#", part) for part in path.parts)


def is_elsewhere(name: str) -> bool:
    """Whether a part of the study, by its variable, is not the one in the study's folder, which may
    be a link.
    """
    return _place(name) != _own(name)


def given(place: str) -> Path:
    """A path as somebody wrote it: not every shell says whose home ~ is; one of nobody stays as it
    is.
    """
    return Path(os.path.expanduser(place))  # noqa: PTH111 (which stumbles over one of nobody)


def shown(path: Path) -> str:
    """A path as readers know it: relative to the project where it lies inside, else as it is."""
    path = Path(os.path.realpath(path))  # which bears links in a circle
    return path.relative_to(root()).as_posix() if path.is_relative_to(root()) else path.as_posix()


def quoted(path: Path) -> str:
    """The same as it is typed after a command."""
    name = shown(path)
    return name if re.fullmatch(r"[\w./-]+", name) else f'"{name}"'


def of_study() -> str:
    """What is typed behind a command that is about this study, if it is another one."""
    return "" if study() == root() else f" STUDY={quoted(study())}"


@_kept
def _with_pages(name: str) -> Path:
    """What belongs to the study whose pages are built: in its folder, or with pages of another."""
    return (book() if is_elsewhere("BOOK") else study()) / name


def _place(name: str) -> Path:
    return _resolved(_told("ROOT"), _told(name)) if _told(name) else _own(name)


def _own(name: str) -> Path:
    return _resolved(_told("ROOT"), str(study() / PARTS[name]))


def _told(name: str) -> str:
    return os.environ.get(f"COMPENDIUM_{name}", "")


@functools.cache
def _resolved(root: str, place: str) -> Path:
    return Path(os.path.realpath(Path(__file__).parents[2].joinpath(root, given(place))))
