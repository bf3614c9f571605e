"""What is withheld of a table of counts cannot be computed from what is told."""

from collections import defaultdict
from itertools import combinations_with_replacement, product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.methods.suppression import withheld, withheld_by_group

tables = st.sampled_from([(1, 1), (1, 3), (3, 1), (2, 2), (2, 3), (3, 2)]).flatmap(
    lambda shape: st.lists(
        st.lists(st.integers(0, 4), min_size=shape[1], max_size=shape[1]),
        min_size=shape[0],
        max_size=shape[0],
    )
)


def with_totals(counts):
    rows = np.concatenate([counts, counts.sum(axis=-1, keepdims=True)], axis=-1)
    return np.concatenate([rows, rows.sum(axis=-2, keepdims=True)], axis=-2)


def possible(table, hidden):
    """All tables up to one more than the greatest count that are as this one in what is told."""
    inner = table[:-1, :-1]
    values = [
        range(inner.max() + 2) if is_hidden else [n]
        for n, is_hidden in zip(inner.ravel(), hidden[:-1, :-1].ravel(), strict=True)
    ]
    each = with_totals(np.array(list(product(*values))).reshape(-1, *inner.shape))
    return each[(each == table)[:, ~hidden].all(axis=1)]


@settings(max_examples=150)
@given(tables, st.integers(2, 4))
@example([[1]], 3)
@example([[1, 0], [0, 0]], 3)
@example([[1, 5, 5]], 3)
@example([[2, 4], [4, 4]], 3)
def test_no_small_count_can_be_computed_from_what_is_told(counts, smallest):
    table, hidden = with_totals(np.array(counts)), withheld(np.array(counts), smallest)
    small = (table > 0) & (table < smallest)
    assert hidden[small].all()
    assert (np.ptp(possible(table, hidden), axis=0)[small] > 0).all()


MOST = 5  # statements that only count, in studies that are all made
DIMENSIONS = ([0, 1], [2])  # of codes; a statement has one of the first at most


def studies():
    """All numbers of statements by code and place that so many statements can come to, and how many
    it takes at least.
    """
    kinds = [
        np.array([[one == 0, one == 1, more] if place == here else [0] * 3 for here in range(2)]).T
        for place, one, more in product(range(2), range(3), range(2))
    ]
    least = {}
    for n in range(MOST + 1):
        for chosen in combinations_with_replacement(kinds, n):
            counts = np.sum(chosen, axis=0, dtype=int) if n else np.zeros((3, 2), dtype=int)
            least.setdefault(tuple(counts.ravel().tolist()), n)
    return least


@pytest.mark.parametrize("smallest", [3, 4])
def test_who_makes_every_study_that_looks_the_same_finds_no_small_number(smallest):
    same = defaultdict(list)
    for key, n in studies().items():
        counts = np.array(key).reshape(3, 2)
        hidden = withheld_by_group(counts, DIMENSIONS, smallest)
        same[np.where(hidden, -1, counts).tobytes()].append((n, counts, hidden))
    for alike in same.values():
        if min(n for n, *_ in alike) < MOST:  # or those with one more are not among them
            each = np.array([counts for _, counts, _ in alike])
            small = (each > 0) & (each < smallest)
            assert not (small.any(axis=0) & (np.ptp(each, axis=0) == 0)).any(), each[0]
            assert alike[0][2][small.any(axis=0)].all()


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([[3, 0], [4, 5]], 0),  # nothing is small
        ([[2, 4], [4, 4]], 4),  # the cell and three others, and no total
        ([[1, 1], [5, 9]], 6),  # a row of small ones has a small total
        ([[2, 9], [0, 0]], 4),  # a total above an empty row can be the same without it
        ([[9, 0], [1, 0], [2, 9]], 4),  # and one below can give way for two small ones
    ],
)
def test_no_more_is_withheld_than_is_needed(counts, expected):
    assert withheld(np.array(counts), 3).sum() == expected
