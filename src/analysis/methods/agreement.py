"""From the codings of each coder to the agreed set, and to what is compared between coders."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

PAIR = ["unit_id", "code"]
WEAK = 3  # how sure a coder was who was not


def compare_passes(codings_a: pd.DataFrame, codings_b: pd.DataFrame) -> pd.DataFrame:
    """Every unit-code pair of either pass, with `given_by` (a, b, both) and the
    certainty each pass gave it; units that were rated and given no code have none.
    """
    pass_a, pass_b = (codings.dropna(subset=PAIR) for codings in (codings_a, codings_b))
    pairs = pass_a[[*PAIR, "certainty"]].merge(
        pass_b[[*PAIR, "certainty"]],
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
    ordered = sorted(column.dropna().unique(), key=_padded)
    return pd.Series(pd.Index(ordered).get_indexer(column), column.index)


def _padded(name: str) -> str:
    return re.sub(r"\d+", lambda number: number.group().zfill(9), name)


def agreed(
    codings_a: pd.DataFrame, codings_b: pd.DataFrame, adjudication: pd.DataFrame
) -> pd.DataFrame:
    """The agreed codings: pairs of both passes (or of the only one), minus the excluded ones, plus
    the included ones, also those that neither pass gave.

    Returns unit_id, code, certainty_a, certainty_b, and `decided` (True where the
    adjudication put the pair in).
    """
    passes = compare_passes(codings_a, codings_b)
    judged = passes.merge(adjudication[[*PAIR, "decision"]], on=PAIR, how="outer").sort_values(
        PAIR, key=_counting, ignore_index=True
    )
    included = judged["decision"].eq("include").fillna(False)
    unanimous = judged["given_by"].eq("both" if len(codings_b) else "a")
    kept = (unanimous & judged["decision"].isna()) | included
    final = judged.loc[kept].assign(decided=included[kept])
    return final[[*PAIR, "certainty_a", "certainty_b", "decided"]].reset_index(drop=True)


def reliability_data(codings: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """What each coder gave each unit that they rated: coder, unit_id, codes (separated by
    semicolons; missing if none), and `weak`, those of them that the coder was not sure of.

    codings: by coder; unit_id, certainty and code, which is missing for a unit that was given none.
    """
    rows = pd.concat(
        [frame[[*PAIR, "certainty"]].assign(coder=coder) for coder, frame in codings.items()]
    )
    ordered = rows.dropna(subset="unit_id").sort_values(PAIR, key=_counting, kind="stable")
    rated = dict.fromkeys(zip(*_lists(ordered, "coder", "unit_id"), strict=True))
    given = ordered.dropna(subset="code")
    weak = given[given["certainty"].eq(WEAK).fillna(False)]
    in_order = {coder: place for place, coder in enumerate(codings)}
    return (
        pd.DataFrame([*rated], columns=["coder", "unit_id"])
        .assign(codes=_listed(rated, given), weak=_listed(rated, weak))
        .sort_values("coder", key=lambda column: column.map(in_order), kind="stable")
        .reset_index(drop=True)
    )


def _listed(rated: Iterable[tuple[str, str]], given: pd.DataFrame) -> list[str | None]:
    """For each coder and unit the codes in these rows, separated by semicolons."""
    sets: dict[tuple[str, str], list[str]] = {pair: [] for pair in rated}
    for coder, unit, code in zip(*_lists(given, "coder", *PAIR), strict=True):
        sets[coder, unit].append(code)
    return [";".join(codes) or None for codes in sets.values()]


def _lists(frame: pd.DataFrame, *columns: str) -> list[list[str]]:
    """Columns as lists, which are gone through much faster than columns of text."""
    return [frame[column].tolist() for column in columns]
