"""What is withheld of a table of counts cannot be computed from what is told."""

from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.methods.suppression import withheld

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


@settings(derandomize=True, database=None, deadline=None, max_examples=150)
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
