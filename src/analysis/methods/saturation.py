"""Whether further documents would have brought new codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.methods.determinable import NotDeterminable, Number

# What Guest, Namey and Chen recommend at least.
BASE = 4  # documents
RUN = 2  # documents
THRESHOLD = 0.05  # new codes in relation to those of the base


@dataclass(frozen=True)
class Saturation:
    """Saturation after Guest, Namey and Chen (2020).

    base: different codes of the base documents. ratios: of each run, its new codes in relation to
    the base. reached: after how many documents a run first stayed within the threshold; None if no
    run did.
    """

    base: int
    ratios: tuple[float, ...]
    reached: int | None


def saturation(new_codes: Sequence[int]) -> Saturation | NotDeterminable:
    """Saturation of documents in their order.

    new_codes: how many codes each document brought that none before had. The base are the first
    BASE documents; runs of RUN documents overlap. Fewer than both together show nothing.
    """
    if len(new_codes) < BASE + RUN:
        return NotDeterminable("too_few_documents")
    found = int(sum(new_codes[:BASE]))
    if not found:
        return NotDeterminable("no_codes")
    starts = range(BASE, len(new_codes) - RUN + 1)
    ratios = tuple(sum(new_codes[start : start + RUN]) / found for start in starts)
    reached = next((n for n, ratio in zip(starts, ratios, strict=True) if ratio <= THRESHOLD), None)
    return Saturation(found, ratios, reached)


def new_codes(incidence: np.ndarray) -> list[int]:
    """How many codes each document has that none before it had.

    incidence: documents × codes, whether the document has the code.
    """
    present = np.asarray(incidence, dtype=bool)
    before = np.cumsum(present, axis=0) - present
    return [int(n) for n in (present & (before == 0)).sum(axis=1)]


def once_only(incidence: np.ndarray) -> np.ndarray:
    """Which codes exactly one document has."""
    return np.asarray(incidence, dtype=bool).sum(axis=0) == 1


def expected_new_codes(incidence: np.ndarray) -> Number:
    """How many new codes a document brought on average, had it been the last one: Q1 / m."""
    documents = len(incidence)
    return (
        float(once_only(incidence).sum() / documents) if documents else NotDeterminable("no_case")
    )


def chao2(incidence: np.ndarray) -> Number:
    """How many codes there would be in all (Chao 1987, corrected for bias):
    S + (m − 1) / m · Q1 (Q1 − 1) / (2 (Q2 + 1)).
    """
    m = len(incidence)
    if m < 2:
        return NotDeterminable("too_few_documents")
    in_documents = np.asarray(incidence, dtype=bool).sum(axis=0)
    found, once, twice = ((in_documents > 0).sum(), *((in_documents == n).sum() for n in (1, 2)))
    return float(found + (m - 1) / m * once * (once - 1) / (2 * (twice + 1)))
