"""Reads what people could be recognised by, to see that nothing tells it of those not named.

The table study/identities.csv is neither committed nor kept anywhere, and nothing is made of it.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.checks.leaks import Recognised
from analysis.files.csvfile import read_rows
from analysis.problems import Problems
from analysis.tables import RAW, described
from analysis.tables.study import IDENTITIES


def read_recognised(raw: Path) -> Recognised | None:
    """What those could be recognised by who are not named, of a study that has no problem; None if
    there is nothing.
    """
    if not (raw / IDENTITIES.file).exists():
        return None
    asked, known = (
        read_rows(raw / table.file, list(table.columns), table.file, Problems()).frame
        for table in (RAW["interviews"], IDENTITIES)
    )
    return _recognised(known, asked)


def check_identities(
    identities: pd.DataFrame, tables: dict[str, pd.DataFrame], problems: Problems
) -> None:
    """Names every cell of the raw tables that tells who somebody is that is not named, without
    repeating what stands there.
    """
    recognised = _recognised(identities.dropna(), tables["interviews"])
    if recognised is None:
        return
    for name in filter(described, tables):
        for column in tables[name].select_dtypes("str"):
            for row, text in tables[name][column].dropna().items():
                if found := recognised.within(text):
                    expected = "a text that leads to nobody"
                    problems.add(described(name).file, row, column, f"holds {found[0]}", expected)


def _recognised(identities: pd.DataFrame, interviews: pd.DataFrame) -> Recognised | None:
    named = interviews.loc[interviews["consent"].eq("named"), "interview_id"]
    silent = identities.loc[~identities["interview_id"].isin(named), "value"]
    whose = "what somebody can be recognised by who is not named"
    values = {value: f"{whose} ({IDENTITIES.file}, row {row})" for row, value in silent.items()}
    return Recognised(values) if values else None
