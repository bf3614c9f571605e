"""From two coding passes and the decisions between them to the agreed set of codings."""

from __future__ import annotations

import pandas as pd

PAIR = ["unit_id", "code"]


def compare_passes(codings_a: pd.DataFrame, codings_b: pd.DataFrame) -> pd.DataFrame:
    """Every unit-code pair of either pass, with `given_by` (a, b, both) and the
    certainty each pass gave it.
    """
    pairs = codings_a[[*PAIR, "certainty"]].merge(
        codings_b[[*PAIR, "certainty"]],
        on=PAIR,
        how="outer",
        suffixes=("_a", "_b"),
        indicator="given_by",
    )
    names = {"left_only": "a", "right_only": "b", "both": "both"}
    return pairs.assign(given_by=pairs["given_by"].astype(str).map(names)).sort_values(
        PAIR, key=_counting, ignore_index=True
    )


def _counting(column: pd.Series) -> pd.Series:
    """A sort key that puts u1000 behind u999."""
    return column.str.replace(r"\d+", lambda number: number.group().zfill(9), regex=True)


def agreed(
    codings_a: pd.DataFrame, codings_b: pd.DataFrame, adjudication: pd.DataFrame
) -> pd.DataFrame:
    """The agreed codings: pairs of both passes, minus the excluded ones, plus the included ones,
    also those that neither pass gave.

    Returns unit_id, code, certainty_a, certainty_b, and `decided` (True where the
    adjudication put the pair in).
    """
    passes = compare_passes(codings_a, codings_b)
    judged = passes.merge(adjudication[[*PAIR, "decision"]], on=PAIR, how="outer").sort_values(
        PAIR, key=_counting, ignore_index=True
    )
    included = judged["decision"].eq("include").fillna(False)
    kept = (judged["given_by"].eq("both") & judged["decision"].isna()) | included
    final = judged.loc[kept].assign(decided=included[kept])
    return final[[*PAIR, "certainty_a", "certainty_b", "decided"]].reset_index(drop=True)
