"""How far apart two categories are, for Krippendorff's α: matrices over lists of categories."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet

import numpy as np


def nominal(n: int) -> np.ndarray:
    """Of n categories, each two different ones are equally far apart."""
    return 1 - np.eye(n)


def ordinal(totals: Sequence[float]) -> np.ndarray:
    """Ranks are as far apart as there are ratings between them (Krippendorff 2011).

    totals: how many pairable ratings each rank has, in order.
    """
    totals = np.asarray(totals, dtype=float)
    upto = np.cumsum(totals) - totals / 2
    return (upto[:, None] - upto) ** 2


def interval(values: Sequence[float]) -> np.ndarray:
    """Squared differences."""
    values = np.asarray(values, dtype=float)
    return (values[:, None] - values) ** 2


def ratio(values: Sequence[float]) -> np.ndarray:
    """Squared differences in relation to the sums."""
    values = np.asarray(values, dtype=float)
    sums = values[:, None] + values
    return np.divide(values[:, None] - values, sums, out=np.zeros_like(sums), where=sums != 0) ** 2


def jaccard(a: AbstractSet, b: AbstractSet) -> float:
    """1 − |a ∩ b| / |a ∪ b| (Jaccard 1912); two empty sets are the same."""
    return 1 - len(a & b) / len(a | b) if a | b else 0.0


def dice(a: AbstractSet, b: AbstractSet) -> float:
    """1 − 2 |a ∩ b| / (|a| + |b|) (Dice 1945); two empty sets are the same."""
    return 1 - 2 * len(a & b) / (len(a) + len(b)) if a | b else 0.0


def masi(a: AbstractSet, b: AbstractSet) -> float:
    """1 − J · M as Passonneau (2006) defines it: J the coefficient of Jaccard; M 1 for the same
    sets, ⅔ if one is part of the other, ⅓ if they overlap, 0 if not. An empty set is as far from
    any other as sets can be.
    """
    if a == b:
        return 0.0
    monotonic = 0 if not a & b else 2 / 3 if a < b or b < a else 1 / 3
    return 1 - (1 - jaccard(a, b)) * monotonic


def between_sets(
    sets: Sequence[AbstractSet], distance: Callable[[AbstractSet, AbstractSet], float]
) -> np.ndarray:
    """The distances between each two of the sets."""
    return np.array([[distance(a, b) for b in sets] for a in sets]).reshape(len(sets), len(sets))
