"""What of a study may not be shown, told from two columns; quickly, as each build asks it first."""

from __future__ import annotations

from pathlib import Path, PurePath

from analysis.files.csvfile import read_sheet
from analysis.problems import Problems
from analysis.tables import RAW
from analysis.tables.study import IDENTITIES

# by table, the consents that keep rows of it from being shown
WITHHELD = {"interviews": ("withdrawn",), "units": ("aggregate", "none")}


def may_be_shown(raw: Path) -> bool:
    """Whether everything in a folder of raw tables may be shown: nobody has withdrawn, and no
    statement is one that may only be counted, or not even that. Not if it cannot be told.
    """
    return all(_shows(raw, table, consents) for table, consents in WITHHELD.items())


def _shows(raw: Path, table: str, consents: tuple[str, ...]) -> bool:
    file = RAW[table].file
    sheet = read_sheet(raw / file, file, Problems())
    if sheet is None:
        return False
    if "consent" not in sheet.header:
        return True
    place = sheet.header.index("consent")
    return {*consents}.isdisjoint(cells[place] for _, cells in sheet.rows if len(cells) > place)


def is_of_identities(name: str) -> bool:
    """Whether a file is, by its place, the one of what people could be recognised by, of whatever
    study; or what a program keeps of it under a name that begins alike.
    """
    folder, stem = IDENTITIES.file.removesuffix(".csv").split("/")
    path = PurePath(name.lower().replace(":", "/"))
    return path.parent.name == folder and path.name.startswith(stem)
