"""From the codings of each coder to the agreed set, and to what is compared between coders."""

from __future__ import annotations

import sys
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.tables.coding import GIVEN_BY
from analysis.tables.columns import natural

PAIR = ["unit_id", "code"]
WEAK = 3  # how sure a coder was who was not
GIVERS = [*GIVEN_BY]  # a, b, both


def in_order(*frames: pd.DataFrame) -> list[pd.DataFrame]:
    """Frames with columns PAIR, which become categories: all that any frame names, u1000 behind
    u999. Frames that come from here are returned as they are.
    """
    for name in PAIR:
        first, *others = (frame[name].dtype for frame in frames)
        if isinstance(first, pd.CategoricalDtype) and all(kind == first for kind in others):
            continue
        found = [pd.factorize(frame[name]) for frame in frames]
        places, names = pd.factorize(np.concatenate([own.astype(object) for _, own in found]))
        order = sorted(range(len(names)), key=[*map(natural, names)].__getitem__)
        kind = pd.CategoricalDtype(pd.Index(names[order], dtype="str"), ordered=True)
        ends = np.cumsum([len(own) for _, own in found])[:-1]
        ranks = np.split(np.argsort(order)[places], ends)
        numbers = [np.append(rank, -1)[own] for rank, (own, _) in zip(ranks, found, strict=True)]
        frames = [
            frame.assign(**{name: pd.Categorical.from_codes(own, dtype=kind)})
            for frame, own in zip(frames, numbers, strict=True)
        ]
    return [*frames]


def aligned(*frames: pd.DataFrame) -> tuple[pd.DataFrame, list[np.ndarray]]:
    """All pairs of unit and code that any frame has, as categories and in order; for each frame, by
    pair, the position of its first row that has it, -1 where none does. Rows without a unit or a
    code are left out.
    """
    frames = in_order(*frames)
    kinds = [frames[0][name].dtype for name in PAIR]
    width = max(1, len(kinds[1].categories))
    numbers = []
    for frame in frames:
        unit, code = (frame[name].cat.codes.to_numpy() for name in PAIR)
        number = unit * np.int64(width) + code
        number[(unit < 0) | (code < 0)] = -1
        numbers.append(number)
    every = np.concatenate(numbers)
    every.sort()
    every = every[(every >= 0) & np.append(True, every[1:] != every[:-1])]
    rows = []
    for own in numbers:
        row, there = np.full(len(every), -1), np.flatnonzero(own >= 0)[::-1]
        row[np.searchsorted(every, own[there])] = there  # of several rows the first is last
        rows.append(row)
    pairs = {
        name: pd.Categorical.from_codes(own, dtype=kind)
        for name, own, kind in zip(PAIR, np.divmod(every, width), kinds, strict=True)
    }
    return pd.DataFrame(pairs), rows


def taken(column: pd.Series, rows: np.ndarray):
    """The cells of a column at these positions; none at -1."""
    return column.array.take(rows, allow_fill=True)


def dimensions(given: pd.Series, codes: pd.DataFrame) -> pd.Categorical:
    """The dimension of each of the codes that were given.

    codes: code, dimension.
    """
    rows = pd.Index(codes["code"]).get_indexer(given)
    return codes["dimension"].astype("category").array.take(rows, allow_fill=True)


def compare_passes(codings_a: pd.DataFrame, codings_b: pd.DataFrame) -> pd.DataFrame:
    """Every unit-code pair of either pass, with `given_by` (a, b, both) and the
    certainty each pass gave it; units that were rated and given no code have none.
    """
    pairs, (in_a, in_b) = aligned(codings_a, codings_b)
    return pairs.assign(
        certainty_a=_certainty(codings_a, in_a),
        certainty_b=_certainty(codings_b, in_b),
        given_by=pd.Categorical.from_codes(np.select([in_b < 0, in_a < 0], [0, 1], 2), GIVERS),
    )


def _certainty(codings: pd.DataFrame, rows: np.ndarray):
    """How sure a coder was at these positions: 1 to 3, for which a byte is enough."""
    return taken(codings["certainty"].astype("Int8"), rows)


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
            certainty_a=_certainty(codings_a, in_a[kept]),
            certainty_b=_certainty(codings_b, in_b[kept]),
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
            "unit_id": rated.array,
            "codes": _listed(rated, given),
            "weak": _listed(rated, weak),
        }
    )


def _listed(rated: pd.Series, given: pd.DataFrame) -> pd.Series:
    """For each unit its codes among these rows, which are in order, separated by semicolons."""
    units, codes = given["unit_id"].cat.codes, given["code"].tolist()
    ends = np.searchsorted(units, rated.cat.codes, side="right")
    cells = (";".join(codes[start:end]) for start, end in pairwise([0, *ends.tolist()]))
    # many units have the same codes, which are held in memory once
    return pd.Series([sys.intern(cell) or None for cell in cells], dtype="str")
