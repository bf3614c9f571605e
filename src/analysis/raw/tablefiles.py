"""Finds the file of a table in a study's folder, and reads it as rows of strings."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

from analysis.files.csvfile import Rows, read_rows
from analysis.problems import Problems, suggest
from analysis.tables import RAW, Table
from analysis.tables.coding import CODEBOOK, CODERS, IMPORTED
from analysis.tables.columns import is_text
from analysis.tables.own import FILE as OWN_TABLES
from analysis.tables.study import IDENTITIES
from analysis.wording import LANGUAGES, other_language

ABSENT = "is not there; the study does without"


def rows_of(path: Path, table: Table, problems: Problems) -> Rows | None:
    """The rows of the file of a table, its columns as the schema names them; those that it may lack
    and lacks are not among them. None if the file is unusable.
    """
    folder = path.parent
    if not folder.is_dir() and table.required:
        problems.add(
            f"{folder.name}/",
            None,
            None,
            "the folder is missing",
            "a folder of this name with its tables",
        )
        return None
    if not table.required and not os.path.lexists(path) and not _misnamed(path):
        absent = table.file if folder.is_dir() else f"{folder.name}/"
        problems.notice(absent, ABSENT)
        return Rows(pd.DataFrame(columns=list(table.columns), dtype="str"), decimal_comma=False)
    optional = [name for name, column in table.columns.items() if not column.required]
    spare = [name for name, column in table.columns.items() if column.may_lack]
    columns = list(table.columns)

    def hint(column: str) -> str:
        return _other_language(column, columns)

    also = _plain(columns)
    return read_rows(path, columns, table.file, problems, optional, spare, also, hint)


def _other_language(column: str, columns: list[str]) -> str:
    """Says that a text is in a language that the study does not have, if the column is one."""
    stem, _, language = column.rpartition("_")
    return other_language(language) if is_text(stem, columns) else ""


def _plain(columns: list[str]) -> dict[str, str]:
    """The columns of texts, by their names without the language, in a study of a single one."""
    ending = f"_{LANGUAGES[0]}"
    stems = {name.removesuffix(ending): name for name in columns if name.endswith(ending)}
    return stems if len(LANGUAGES) == 1 else {}


def _misnamed(path: Path) -> bool:
    """Whether a file beside the path has nearly its name, whatever it ends in, and is no other
    table, nor meant for one, nor the copy of one that is there.
    """
    known = {Path(file).name for file in known_files()}
    others = {
        other.stem
        for other in path.parent.glob("*")
        if not (other.name.startswith((".", "~$")) or other.suffix == ".md")
        and other.name not in known
        and not CODERS.fullmatch(other.name.lower())
    }
    stems = {file.rpartition(".")[0] for file in known} - {path.stem}
    there = {stem for stem in stems if any(path.parent.glob(f"{stem}.*"))}
    meant = {other for other in others if other.lower() not in stems and not suggest(other, there)}
    return path.stem in others or bool(suggest(path.stem, meant))


def known_files() -> set[str]:
    """The files of a study that may lie in the folder of its tables, but for further coders'."""
    return {table.file for table in RAW.values()} | {
        CODEBOOK,
        IDENTITIES.file,
        OWN_TABLES,
        IMPORTED,
    }
