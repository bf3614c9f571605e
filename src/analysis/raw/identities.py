"""Reads what people could be recognised by, to see that nothing tells it of those not named.

The table study/identities.csv is neither committed nor kept anywhere, and nothing is made of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis.problems import Problems
from analysis.raw.tablefiles import rows_of
from analysis.tables import RAW, described
from analysis.tables.coding import CODEBOOK, IMPORTED
from analysis.tables.columns import filled
from analysis.tables.own import FILE as OWN_TABLES
from analysis.tables.study import IDENTITIES

if TYPE_CHECKING:  # most studies name nobody, and do without
    from analysis.checks.leaks import Recognised

BESIDE = (CODEBOOK, OWN_TABLES, IMPORTED)  # the tables


def read_recognised(raw: Path) -> Recognised | None:
    """What those could be recognised by who are not named, of a study that has no problem; None if
    there is nothing.
    """
    if not (raw / IDENTITIES.file).exists():
        return None
    asked, known = (
        rows_of(raw / table.file, table, Problems()).frame
        for table in (RAW["interviews"], IDENTITIES)
    )
    return _recognised(known, asked)


def check_identities(
    identities: pd.DataFrame, tables: dict[str, pd.DataFrame], raw: Path, problems: Problems
) -> None:
    """Names every cell of the raw tables, every line of what else is read with them, and every
    file of a coder that tells who somebody is that is not named, without repeating what stands
    there.
    """
    recognised = _recognised(identities.dropna(), tables["interviews"])
    if recognised is None:
        return
    expected = "a text that leads to nobody"
    for name in filter(described, tables):
        file = described(name).file
        if found := recognised.within(file):
            problems.add(
                str(Path(file).parent), None, None, f"a file is called {found[0]}", expected
            )
        for column in tables[name].select_dtypes("str"):
            for row, text in filled(tables[name][column]):
                if found := recognised.within(text):
                    problems.add(file, row, column, f"holds {found[0]}", expected)
    for file in [file for file in BESIDE if (raw / file).is_file()]:
        for line, whose in recognised.places((raw / file).read_bytes()):
            problems.add(file, line, None, f"holds {whose}", expected)


def _recognised(identities: pd.DataFrame, interviews: pd.DataFrame) -> Recognised | None:
    named = interviews.loc[interviews["consent"].eq("named"), "interview_id"]
    whole = identities["value"].fillna("").str.fullmatch(IDENTITIES.columns["value"].pattern)
    silent = identities.loc[~identities["interview_id"].isin(named) & whole, "value"]
    whose = "what somebody can be recognised by who is not named"
    values = {value: f"{whose} ({IDENTITIES.file}, row {row})" for row, value in silent.items()}
    if not values:
        return None
    from analysis.checks.leaks import Recognised

    return Recognised(values)
