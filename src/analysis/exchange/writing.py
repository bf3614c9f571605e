"""Writes what an import makes of a study: all in one go, and never over what people made."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from analysis import paths
from analysis.exchange.imports import Record
from analysis.exchange.opening import NotReadableError
from analysis.exchange.tables import Tables
from analysis.files.whole import make_folder, put_in_place, remove_generated
from analysis.tables.coding import CODEBOOK, named_for


@dataclass
class Change:
    """What becomes of a study: new texts of files, None for those that go, and the difference."""

    texts: dict[str, str | None] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)


def write(raw: Path, found: Change) -> None:
    """Writes all of a change in one go; whoever is stopped leaves the old tables."""
    partial = raw.with_name(f"{raw.name}.partial")
    remove_generated(partial)
    make_folder(raw.parent)
    if raw.is_dir():
        shutil.copytree(raw, partial, symlinks=True)
    for file, text in found.texts.items():
        target = partial / file
        target.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            target.unlink(missing_ok=True)
        else:
            target.write_text(text, "utf-8", newline="")
    put_in_place(partial, raw, raw.with_name(f"{raw.name}.last.partial"))


def must_be_free(raw: Path, made: Tables) -> None:
    """Tables that nobody has imported are never touched."""
    taken = [file for file in (CODEBOOK, *made.rows) if (raw / file).exists()]
    taken += sorted(f"coding/{path.name}" for path in raw.glob("coding/codings_*.csv"))
    if taken:
        raise NotReadableError(
            f"{paths.shown(raw / taken[0])} is there already and was not imported; give the import "
            "a folder of its own: STUDY=FOLDER"
        )


def must_be_imported(raw: Path, coders: Iterable[str], known: Record) -> None:
    """Codings that people made by hand beside imports are never touched either."""
    before = {name for one in known.imports.values() for name in one.coders}
    for coder in coders:
        file = raw / f"coding/{named_for(coder)}"
        if coder not in before and file.exists():
            raise NotReadableError(
                f"{paths.shown(file)} is there already and was not imported; say CODER=NAME with "
                "another name for each coder of the file, in its order, separated by commas"
            )
