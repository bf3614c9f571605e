"""The comparison of the cases, as a table: what the study says of each, and where it is silent."""

from __future__ import annotations

import pandas as pd

from analysis.wording import Wording


def said(
    comparison: pd.DataFrame,
    characteristics: pd.DataFrame,
    cases: pd.DataFrame,
    facts: pd.DataFrame,
    words: Wording,
) -> pd.DataFrame:
    """What is said, a row for each characteristic and a column for each case, both by their ids; a
    missing cell where nothing is.

    comparison, characteristics, cases, facts: the tables of these names. A number stands before the
    words of its cell.
    """
    short, text = words.column("short"), words.column("text")
    rows = comparison.merge(facts[["fact_id", short]], on="fact_id", how="left")
    rows["cell"] = (rows[short].fillna("") + " " + rows[text]).str.strip()
    wide = rows.pivot(index="characteristic_id", columns="case_id", values="cell")
    return wide.reindex(index=characteristics["characteristic_id"], columns=cases["case_id"])


def table(
    cells: pd.DataFrame, characteristics: pd.DataFrame, cases: pd.DataFrame, words: Wording
) -> pd.DataFrame:
    """The cells with names for their ids and the gaps spelled out; arguments as for `said`, whose
    cells they are.
    """
    label = words.column("label")
    names = characteristics.set_index("characteristic_id")[label]
    places = cases.set_index("case_id")[label]
    shown = cells.astype(object).fillna(words("not_stated")).rename(index=names, columns=places)
    return shown.rename_axis(columns=None).rename_axis("label").reset_index()


def headline(cells: pd.DataFrame, cases: pd.DataFrame, words: Wording) -> str:
    """The case on which most is missing, and how much; all of them, where as much is missing on
    several.
    """
    silent = cells.isna().sum()
    most = silent.index[silent == silent.max()]
    names = cases.set_index("case_id")[words.column("label")].loc[most]
    key = "headline.several" if len(names) > 1 and silent.any() else "headline"
    total = words.numeral(len(cells))
    return words.count(key, int(silent.max()), case=words.few(names, "cases"), total=total)


def caption(cells: pd.DataFrame, words: Wording) -> str:
    """What the table shows, and how a gap looks, if there is one."""
    return words("caption", gaps=words("caption.gaps") if cells.isna().any(axis=None) else "")
