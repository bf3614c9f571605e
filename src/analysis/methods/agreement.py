"""From the codings of each coder to the agreed set, and to what is compared between coders."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pandas as pd

PAIR = ["unit_id", "code"]
WEAK = 3  # how sure a coder was who was not
DIGITS = re.compile(r"\d+")


def in_order(*frames: pd.DataFrame) -> list[pd.DataFrame]:
    """Frames with columns PAIR, which become categories: all that any frame names, u1000 behind
    u999. Frames that come from here are returned as they are.
    """
    for name in PAIR:
        columns = [frame[name] for frame in frames]
        kinds = {column.dtype for column in columns}
        if len(kinds) > 1 or not isinstance(*kinds, pd.CategoricalDtype):
            numbers, names = pd.factorize(pd.concat(columns, ignore_index=True).astype("str"))
            order = sorted(range(len(names)), key=[*map(_padded, names)].__getitem__)
            rank = np.append(np.argsort(order), -1)[numbers]
            kind = pd.CategoricalDtype(names[order], ordered=True)
            ends = np.cumsum([len(column) for column in columns])[:-1]
            frames = [
                frame.assign(**{name: pd.Categorical.from_codes(own, dtype=kind)})
                for frame, own in zip(frames, np.split(rank, ends), strict=True)
            ]
    return [*frames]


def _padded(name: str) -> str:
    return DIGITS.sub(lambda number: number.group().zfill(9), name)


def aligned(*frames: pd.DataFrame) -> tuple[pd.DataFrame, list[np.ndarray]]:
    """All pairs of unit and code that any frame has, in order; for each frame, by pair, the
    position of its first row that has it, -1 where none does. Rows without a unit or a code are
    left out.
    """
    frames = in_order(*frames)
    units, codes = (frames[0][name].cat.categories.astype("str") for name in PAIR)
    numbers = []
    for frame in frames:
        unit, code = (frame[name].cat.codes.to_numpy("int64") for name in PAIR)
        numbers.append(np.where((unit < 0) | (code < 0), -1, unit * len(codes) + code))
    every = np.sort(np.concatenate(numbers))
    every = every[np.diff(every, prepend=-1) > 0]
    rows = []
    for own in numbers:
        row, there = np.full(len(every), -1), np.flatnonzero(own >= 0)[::-1]
        row[np.searchsorted(every, own[there])] = there  # of several rows the first is last
        rows.append(row)
    unit, code = np.divmod(every, max(1, len(codes)))
    return pd.DataFrame({"unit_id": units[unit], "code": codes[code]}), rows


def taken(column: pd.Series, rows: np.ndarray):
    """The cells of a column at these positions; none at -1."""
    return column.array.take(rows, allow_fill=True)


def compare_passes(codings_a: pd.DataFrame, codings_b: pd.DataFrame) -> pd.DataFrame:
    """Every unit-code pair of either pass, with `given_by` (a, b, both) and the
    certainty each pass gave it; units that were rated and given no code have none.
    """
    pairs, (in_a, in_b) = aligned(codings_a, codings_b)
    return pairs.assign(
        certainty_a=taken(codings_a["certainty"], in_a),
        certainty_b=taken(codings_b["certainty"], in_b),
        given_by=_given_by(in_a, in_b),
    )


def _given_by(in_a: np.ndarray, in_b: np.ndarray) -> pd.Series:
    given = np.select([in_b < 0, in_a < 0], ["a", "b"], "both")
    return pd.Series(given, dtype="str")


def agreed(
    codings_a: pd.DataFrame, codings_b: pd.DataFrame, adjudication: pd.DataFrame
) -> pd.DataFrame:
    """The agreed codings: pairs of both passes (or of the only one), minus the excluded ones, plus
    the included ones, also those that neither pass gave.

    Returns unit_id, code, certainty_a, certainty_b, and `decided` (True where the
    adjudication put the pair in).
    """
    pairs, (in_a, in_b, judged) = aligned(codings_a, codings_b, adjudication)
    decision = pd.Series(taken(adjudication["decision"], judged))
    included = decision.eq("include").fillna(False).to_numpy(dtype=bool)
    unanimous = (in_a >= 0) & ((in_b >= 0) | (not len(codings_b)))
    kept = (unanimous & decision.isna().to_numpy()) | included
    return (
        pairs[kept]
        .assign(
            certainty_a=taken(codings_a["certainty"], in_a[kept]),
            certainty_b=taken(codings_b["certainty"], in_b[kept]),
            decided=included[kept],
        )
        .reset_index(drop=True)
    )


def reliability_data(codings: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """What each coder gave each unit that they rated: coder, unit_id, codes (separated by
    semicolons; missing if none), and `weak`, those of them that the coder was not sure of.

    codings: by coder; unit_id, certainty and code, which is missing for a unit that was given none.
    """
    frames = zip(codings, in_order(*codings.values()), strict=True)
    return pd.concat([_rated(coder, frame) for coder, frame in frames], ignore_index=True)


def _rated(coder: str, codings: pd.DataFrame) -> pd.DataFrame:
    rows = codings.dropna(subset="unit_id").sort_values(PAIR, kind="stable")
    rated = rows["unit_id"].drop_duplicates()
    given = rows.dropna(subset="code")
    weak = given[given["certainty"].eq(WEAK).fillna(False)]
    return pd.DataFrame(
        {
            "coder": coder,
            "unit_id": rated.astype("str").array,
            "codes": _listed(rated, given),
            "weak": _listed(rated, weak),
        }
    )


def _listed(rated: pd.Series, given: pd.DataFrame) -> pd.Series:
    """For each unit its codes among these rows, which are in order, separated by semicolons."""
    units, codes = given["unit_id"].cat.codes, given["code"].tolist()
    ends = np.searchsorted(units, rated.cat.codes, side="right")
    return pd.Series(
        [";".join(codes[start:end]) or None for start, end in pairwise([0, *ends.tolist()])],
        dtype="str",
    )
