"""Which reader a file needs, and the whole way of an import: file, project, tables, account."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from analysis import paths
from analysis.exchange import qualcoder, taguette
from analysis.exchange.account import account, told
from analysis.exchange.model import Project
from analysis.exchange.names import inert
from analysis.exchange.opening import Database, NotReadableError
from analysis.exchange.refi import read_refi
from analysis.exchange.tables import PARAPHRASE, tables
from analysis.exchange.tabular import read_tabular
from analysis.exchange.update import Change, change, write
from analysis.files.whole import restore

READERS = {
    **dict.fromkeys((".qdpx", ".qde", ".qdc"), read_refi),
    **dict.fromkeys((".csv", ".tsv", ".xlsx", ".xls", ".ods"), read_tabular),
}
INSTEAD = (
    "A study is imported from one file, and what is not in it would go. Give this one a study of "
    "its own (STUDY=FOLDER); join projects in the program they were coded in, or tables below the "
    "same headings, and import the whole; or say REPLACE=yes (--replace) to have it instead"
)
DATABASES = (".qda", ".sqlite3", ".sqlite", ".db")


def import_project(file: str, dry_run: bool, replace: bool, offsets: str, consent: str) -> None:
    """Reads a project or export of a program for coding into the study's raw tables, or shows what
    that would change; says what became of everything in it. replace: even if it is another project
    than was imported before.
    """
    raw = paths.raw()
    restore(raw, raw.with_name(f"{raw.name}.last.partial"))  # if the last import was stopped
    try:
        found = prepare_import(Path(file), raw, offsets, consent)
        if found.change.doubt and not (dry_run or replace):
            raise NotReadableError(f"{_another(file, found)}\n{INSTEAD}")
    except NotReadableError as error:
        raise NotReadableError(f"{error}\nnothing was changed") from None
    print(*found.account, *found.change.lines, sep="\n")
    if not found.change.texts:
        print(f"{paths.shown(raw)} is up to date")
    elif dry_run:
        if found.change.doubt and not replace:
            print(f"{_another(file, found)}; without REPLACE=yes it would be refused")
        print("nothing was changed, as this is a dry run")
    else:
        write(raw, found.change)
        print(f"{paths.shown(raw)}: {len(found.change.texts)} files written")


def _another(file: str, found: Import) -> str:
    return f"{Path(file).name} seems to be another project: {found.change.doubt}"


@dataclass(frozen=True)
class Import:
    """What an import would do: the account in lines, and the change of the tables."""

    account: list[str]
    change: Change


def read_project(path: Path, offsets: str = "") -> Project:
    """The project in a file of any known kind."""
    suffix = path.suffix.lower()
    if suffix in DATABASES:
        return _read_database(path / "data.qda" if path.is_dir() else path, offsets)
    if suffix not in READERS:
        raise NotReadableError(
            f"{path.name} is of no kind that can be imported; known are "
            f"{', '.join([*READERS, *DATABASES])}"
        )
    return READERS[suffix](path, offsets)


def _read_database(path: Path, offsets: str) -> Project:
    if not path.is_file():
        raise FileNotFoundError(2, "No such file or directory", str(path))
    with Database(path) as base:
        if base.tables >= qualcoder.TABLES:
            return qualcoder.read_qualcoder(base, offsets)
        if base.tables >= taguette.TABLES:
            return taguette.read_taguette(base, offsets)
    raise NotReadableError(
        f"{path.name} is a database of neither QualCoder nor Taguette; from another program export "
        "a project of REFI-QDA (.qdpx) or the coded passages as a table"
    )


def prepare_import(path: Path, raw: Path, offsets: str = "", consent: str = PARAPHRASE) -> Import:
    """Reads a file and finds out what it changes in the tables of the folder `raw`."""
    project = read_project(path, offsets)
    made = tables(project, consent)
    if not made.dimensions:
        raise NotReadableError(f"{path.name} holds no codes, so that there is nothing to import")
    kept = account(project, made.written)
    read = path / "data.qda" if path.is_dir() else path
    with read.open("rb") as content:
        digest = file_digest(content, "sha256").hexdigest()
    who = [f"  {name}: {inert(known, Counter())}" for name, known in project.who.items()]
    lines = [*told(kept), *(["who is who, which is written nowhere:", *who] if who else [])]
    return Import(lines, change(raw, made, {"sha256": digest, **kept}))
