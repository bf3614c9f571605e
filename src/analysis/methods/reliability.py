"""How far coders agree: coefficients of agreement, their intervals, and what each unit costs.

All of them take *ratings*: an array of coders × units × categories with a 1 where a coder put a
unit in a category. A unit that a coder did not rate has no 1, as often as need be. Categories are
all that were declared, used or not: AC1 and Brennan–Prediger depend on their number.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import product
from math import comb

import numpy as np
import pandas as pd

from analysis.methods.determinable import NotDeterminable, Number
from analysis.methods.distances import between_sets, dice

SAMPLES = 2000
SEED = 20220831  # any number will do, as long as it stays
LEVEL = 0.95
DETERMINABLE = 0.95  # least share of samples that must have a value for there to be an interval

Estimate = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Interval:
    """Where a number may lie, at the level of 95 %."""

    low: float
    high: float


def as_ratings(rated: pd.DataFrame, categories: Sequence[Hashable]) -> np.ndarray:
    """Ratings of a frame of units (rows) and coders (columns); a missing cell is no rating.

    Raises ValueError for a rating that is none of the categories.
    """
    places = {category: i for i, category in enumerate(categories)}
    ratings = np.zeros((rated.shape[1], rated.shape[0], len(places)))
    for coder, column in enumerate(rated.columns):
        for unit, value in enumerate(rated[column]):
            if value in places:
                ratings[coder, unit, places[value]] = 1
            elif not (np.isscalar(value) and pd.isna(value)) and value is not None:
                raise ValueError(f"{value!r} is none of the categories {list(places)}")
    return ratings


class Coefficient:
    """A coefficient of agreement: called with ratings it gives its value, or why there is none.

    estimate: from ratings and weights (samples × units) to a value for each sample, NaN for 0/0.
    beyond_chance: whether agreement by chance is taken off. coders: how many it is defined for.
    """

    def __init__(self, estimate: Estimate, *, beyond_chance: bool = True, coders: int = 0):
        functools.update_wrapper(self, estimate)
        self.estimate = estimate
        self.beyond_chance = beyond_chance
        self.coders = coders

    def __call__(self, ratings: np.ndarray) -> Number:
        if reason := self._hindrance(ratings):
            return NotDeterminable(reason)
        value = float(self.estimate(ratings, np.ones((1, ratings.shape[1])))[0])
        return NotDeterminable("no_case") if np.isnan(value) else value

    def interval(self, ratings: np.ndarray) -> Interval | NotDeterminable:
        """The percentile bootstrap (Efron 1979): units are drawn with replacement, with a fixed
        seed. Where the coders never differ, no sample can, and there is no interval to be had; nor
        is there where all samples have one value, which would make a point look certain.
        """
        if isinstance(value := self(ratings), NotDeterminable):
            return value
        if percent_agreement(ratings) == 1:
            return NotDeterminable("no_disagreement")
        values = self._of_samples(ratings, _samples(ratings.shape[1]))
        known = values[~np.isnan(values)]
        if len(known) < DETERMINABLE * len(values):
            return NotDeterminable("unstable")
        low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        if np.isclose(low, high):
            return NotDeterminable("no_spread")
        return Interval(float(low), float(high))

    def without_each(self, ratings: np.ndarray, groups: np.ndarray) -> list[Number]:
        """The value without each group of units in turn (jackknife, Quenouille 1956), or why there
        is none of the others.

        groups: a 1 for each unit of a group (groups × units).
        """
        values = self._of_samples(ratings, 1 - groups)
        return [
            self(ratings[:, group == 0]) if np.isnan(value) else float(value)
            for group, value in zip(groups, values, strict=True)
        ]

    def _hindrance(self, ratings: np.ndarray) -> str | None:
        """Why there is no value."""
        counts = ratings.sum(axis=0)
        paired = counts.sum(axis=1) > 1
        if self.coders and len(ratings) != self.coders:
            return "not_two_coders"
        if not paired.any():
            return "unpaired"
        if self.beyond_chance and paired.sum() == 1:
            return "one_unit"
        # ASSUME: where all ratings are equal no coefficient is given, not even AC1 and
        # Brennan–Prediger, which would be 1: nothing shows that the coders can tell categories
        # apart.
        return "no_variation" if self.beyond_chance and not _varies(counts) else None

    def _of_samples(self, ratings: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """The value of each sample, NaN where there is none: as of all units, so of two or more
        that several coders rated, and not all alike.
        """
        if not self.beyond_chance:
            return self.estimate(ratings, weights)
        counts = ratings.sum(axis=0)
        is_paired = counts.sum(axis=1) > 1
        several = ((weights > 0) @ is_paired.astype(int)) > 1
        varied = ((weights @ (counts * is_paired[:, None])) > 0).sum(axis=1) > 1
        return np.where(several & varied, self.estimate(ratings, weights), np.nan)


@functools.cache
def _samples(units: int) -> np.ndarray:
    """How often each unit is in each sample (samples × units)."""
    drawn = np.random.default_rng(SEED).integers(units, size=(SAMPLES, units))
    places = drawn + units * np.arange(SAMPLES)[:, None]
    return np.bincount(places.ravel(), minlength=SAMPLES * units).reshape(SAMPLES, units)


def _varies(counts: np.ndarray) -> bool:
    """Whether units that several coders rated are in more than one category."""
    return bool((counts[counts.sum(axis=1) > 1].sum(axis=0) > 0).sum() > 1)


def _divided(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """A quotient, NaN for what is divided by nothing."""
    return np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below != 0)


def _observed(counts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The share of agreeing pairs of coders, the mean of units that several coders rated."""
    rated = counts.sum(axis=1)
    pairs = rated * (rated - 1)
    agreeing = np.where(pairs > 0, (counts * (counts - 1)).sum(axis=1) / np.maximum(pairs, 1), 0)
    return _divided(weights @ agreeing, weights @ (pairs > 0))


def _shares(counts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The share of each category (samples × categories), the mean of all rated units."""
    rated = counts.sum(axis=1, keepdims=True)
    return _divided(
        weights @ (counts / np.maximum(rated, 1)),
        np.repeat(weights @ (rated > 0), counts.shape[1], axis=1),
    )


def _corrected(observed: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Agreement beyond chance, as a share of what is possible beyond chance."""
    return _divided(observed - expected, 1 - expected)


def _with(**about) -> Callable[[Estimate], Coefficient]:
    return functools.partial(Coefficient, **about)


@_with(beyond_chance=False)
def percent_agreement(ratings: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The share of agreeing pairs of coders, as a fraction (Fleiss 1971; Gwet 2014)."""
    return _observed(ratings.sum(axis=0), weights)


@_with(coders=2)
def cohen_kappa(ratings: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Cohen's κ (Cohen 1960): by chance each coder keeps to their own shares; units that one of
    them did not rate do not count.
    """
    first, second = ratings * (ratings.sum(axis=(0, 2)) == 2)[:, None]
    both = (weights @ first).sum(axis=1)
    expected = ((weights @ first) * (weights @ second)).sum(axis=1)
    return _corrected(
        _divided(weights @ (first * second).sum(axis=1), both), _divided(expected, both**2)
    )


@Coefficient
def fleiss_kappa(ratings: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Fleiss's κ (Fleiss 1971), with missing ratings as Gwet (2014): by chance all coders keep to
    the shares they have together. For two coders it is Scott's π (Scott 1955).
    """
    counts = ratings.sum(axis=0)
    return _corrected(_observed(counts, weights), (_shares(counts, weights) ** 2).sum(axis=1))


@Coefficient
def brennan_prediger(ratings: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The coefficient of Brennan and Prediger (1981): by chance all declared categories are
    equally frequent.
    """
    observed = _observed(ratings.sum(axis=0), weights)
    return _corrected(observed, np.full_like(observed, 1 / ratings.shape[2]))


@Coefficient
def gwet_ac1(ratings: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """AC1 (Gwet 2008): by chance coders agree only on what they guess, which is the likelier the
    more evenly the declared categories are used.
    """
    counts = ratings.sum(axis=0)
    shares = _shares(counts, weights)
    expected = (shares * (1 - shares)).sum(axis=1) / max(counts.shape[1] - 1, 1)
    return _corrected(_observed(counts, weights), expected)


def gwet_standard_error(ratings: np.ndarray) -> Number:
    """The standard error of AC1 over units (Gwet 2014, of infinitely many units); none where all
    units say the same, so that nothing shows an error.
    """
    if isinstance(value := gwet_ac1(ratings), NotDeterminable):
        return value
    counts, each = ratings.sum(axis=0), np.eye(ratings.shape[1])
    paired = counts.sum(axis=1) > 1
    n, whole = len(paired), np.ones((1, len(paired)))
    shares = _shares(counts, whole)[0]
    free = counts.shape[1] - 1
    expected = (shares * (1 - shares)).sum() / free
    observed = np.where(paired, _observed(counts, each), 0) * n / paired.sum()
    own = np.where(paired, (observed - expected * n / paired.sum()) / (1 - expected), 0)
    by_chance = np.nan_to_num(_shares(counts, each)) @ (1 - shares) / free
    linear = own - 2 * (1 - value) * (by_chance - expected) / (1 - expected)
    error = float(np.sqrt(((linear - value) ** 2).sum() / (n * (n - 1))))
    return NotDeterminable("no_spread") if np.isclose(error, 0) else error


def krippendorff_alpha(distances: np.ndarray) -> Coefficient:
    """Krippendorff's α (Krippendorff 2011), any number of coders, missing ratings.

    distances: how far apart each two categories are; see `distances.py`. Ratings that stand alone
    in their unit do not count.
    """

    @Coefficient
    def alpha(ratings: np.ndarray, weights: np.ndarray) -> np.ndarray:
        totals, within = _within(ratings, weights, distances)
        between = ((totals @ distances) * totals).sum(axis=1)
        return 1 - _divided(within * (totals.sum(axis=1) - 1), between)

    return alpha


def multi_valued_alpha(sets: Sequence[AbstractSet]) -> Coefficient:
    """mvα (Krippendorff and Craggs 2016): α of sets, where by chance each set is put together anew
    from codes as frequent as they are, and is as large as sets are. If every set has one code, it
    is α.

    sets: what each category stands for.
    """
    codes = sorted(frozenset().union(*sets))
    has = np.array([code in given for given in sets for code in codes], dtype=float)
    has = has.reshape(len(sets), len(codes))
    is_of_size = has.sum(axis=1)[:, None] == np.arange(len(codes) + 1)
    is_of_size = is_of_size[:, : max(map(len, sets), default=0) + 1]
    apart = between_sets(sets, dice)

    @Coefficient
    def alpha(ratings: np.ndarray, weights: np.ndarray) -> np.ndarray:
        totals, within = _within(ratings, weights, apart)
        expected = _apart_by_chance(totals @ has, totals @ is_of_size)
        return 1 - _divided(within * totals.sum(axis=1), expected)

    return alpha


def _within(
    ratings: np.ndarray, weights: np.ndarray, distances: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """How often units of several ratings have each category (samples × categories), and how far
    apart the ratings of such units are, in all.
    """
    counts = ratings.sum(axis=0)
    rated = counts.sum(axis=1)
    counts = np.where(rated[:, None] > 1, counts, 0)
    within = ((counts @ distances) * counts).sum(axis=1) / np.maximum(rated - 1, 1)
    return weights @ counts, weights @ within


def _apart_by_chance(codes: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """How far apart two sets are that are put together by chance, times the square of the number of
    sets.

    codes: how often each code is given; sizes: how many sets have 0, 1, 2 … codes (samples first).
    A pair of sets weighs as much as the product of the frequencies of its codes, less one for the
    second time that a code is drawn. The sum over all pairs that have s codes alone and t in common
    is the coefficient of x^s y^t in the product of 1 + nx + n(n − 1)y over all codes; no pair has
    to be looked at.
    """
    largest = sizes.shape[1] - 1
    sums = np.zeros((len(codes), 2 * largest + 1, largest + 1))
    sums[:, 0, 0] = 1
    for n in codes.T[:, :, None, None]:
        more = n * sums
        sums[:, 1:] += more[:, :-1]
        sums[:, :, 1:] += ((n - 1) * more)[:, :, :-1]
    found = np.zeros(len(codes))
    for first, second in product(range(largest + 1), repeat=2):
        shared = np.arange(min(first, second) + 1)
        alone = first + second - 2 * shared
        ways = [comb(s, first - t) for s, t in zip(alone, shared, strict=True)]
        pairs = sums[:, alone, shared] * ways
        mean = _divided((pairs * alone).sum(axis=1), pairs.sum(axis=1) * max(first + second, 1))
        found += sizes[:, first] * sizes[:, second] * np.nan_to_num(mean)
    return found


@_with(beyond_chance=False)
def positive_agreement(ratings: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """How often who gives the first category finds another coder doing so as well (Cicchetti and
    Feinstein 1990): 2a / (2a + b + c).
    """
    return _specific(ratings, weights, 0)


@_with(beyond_chance=False)
def negative_agreement(ratings: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The same of the second category: 2d / (2d + b + c)."""
    return _specific(ratings, weights, 1)


def _specific(ratings: np.ndarray, weights: np.ndarray, category: int) -> np.ndarray:
    counts = ratings.sum(axis=0)
    own, rated = counts[:, category], counts.sum(axis=1)
    return _divided(weights @ (own * (own - 1)), weights @ (own * (rated - 1)))


@_with(beyond_chance=False, coders=2)
def prevalence_index(ratings: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The prevalence index (Byrt, Bishop and Carlin 1993): (a − d) / n."""
    first, second = ratings
    agreed = first * second
    both = weights @ (first.sum(axis=1) * second.sum(axis=1))
    return _divided(weights @ (agreed[:, 0] - agreed[:, 1]), both)


@_with(beyond_chance=False, coders=2)
def bias_index(ratings: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The bias index (Byrt, Bishop and Carlin 1993): (b − c) / n."""
    first, second = ratings
    differing = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    both = weights @ (first.sum(axis=1) * second.sum(axis=1))
    return _divided(weights @ differing, both)


def wilson_interval(successes: int, n: int) -> Interval | NotDeterminable:
    """The interval of a share of n (Wilson 1927)."""
    if not n:
        return NotDeterminable("no_case")
    z = 1.959963984540054
    share, square = successes / n, z**2 / n
    middle = (share + square / 2) / (1 + square)
    half = z * np.sqrt(share * (1 - share) / n + square / (4 * n)) / (1 + square)
    low = float(middle - half) if successes else 0.0
    return Interval(low, float(middle + half) if successes < n else 1.0)
