"""Every place the project reads from or writes to.

`COMPENDIUM_RAW`, `COMPENDIUM_NOTEBOOKS`, `COMPENDIUM_BOOK` and `COMPENDIUM_BUILD` point a run at
another study's tables, notebooks and pages, and at another build folder; the Makefile sets them
from `RAW=`, `NOTEBOOKS=`, `BOOK=` and `BUILD=`.
"""

import os
from pathlib import Path

ROOT = Path(os.environ.get("COMPENDIUM_ROOT", Path(__file__).parents[2])).resolve()


def _place(name: str, default: str) -> Path:
    return (ROOT / os.environ.get(name, default)).resolve()


RAW = _place("COMPENDIUM_RAW", "data/raw")  # hand-written tables; nothing writes here
BUILD = _place("COMPENDIUM_BUILD", "build")  # everything generated
RUNNING = BUILD / "running"  # what steps have not finished yet; empty when nothing runs
# Where a notebook publishes: a folder in RUNNING while the pipeline executes it; what is run by
# hand is not the report's.
OUTPUT = _place("COMPENDIUM_OUTPUT", str(BUILD / "drafts"))
BOOK = _place("COMPENDIUM_BOOK", "book")  # pages, one folder a language, and references.bib
# parameterised notebooks, committed without outputs
NOTEBOOKS = _place("COMPENDIUM_NOTEBOOKS", "notebooks")
REFERENCES = BOOK / "references.bib"  # works cited by pages and data
# digests of the last release, committed
MANIFEST = (ROOT if BOOK == ROOT / "book" else BOOK) / "manifest.json"
CITATION = MANIFEST.with_name(
    "CITATION.cff"
)  # who answers for the compendium; its version, its date
# A foreign study keeps its tidy tables to itself, or building it would change this one's.
PROCESSED = (
    ROOT / "data/processed"
    if RAW == ROOT / "data/raw" and BUILD == ROOT / "build"
    else BUILD / "processed"
)
WATCHED = [ROOT, RAW, BUILD, BOOK, NOTEBOOKS]  # reads below these are inputs of what is built


def languages() -> list[str]:
    """The languages of the report: the folders of pages in the book that have a title page."""
    return sorted(page.parent.name for page in BOOK.glob("*/index.md"))


def figures(language: str) -> Path:
    """Figures in one language: NAME.svg, .png, .csv and .json (the provenance record)."""
    return BUILD / language / "figures"


def tables(language: str) -> Path:
    """Tables for pages in one language: NAME.csv and NAME.json."""
    return BUILD / language / "tables"


def values(language: str) -> Path:
    """Numbers for the prose of one language, one file per run."""
    return BUILD / language / "values"


def notebooks(language: str) -> Path:
    """Executed notebooks, their parameters in the metadata."""
    return BUILD / language / "notebooks"


def shown(path: Path) -> str:
    """A path as readers know it: relative to the project where it lies inside, else as it is."""
    path = Path(path).resolve()
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.as_posix()
