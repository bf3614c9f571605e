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


MAY_HAVE = [0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 1], [0, 1, 1]
MUST_HAVE = [1, 0, 1, 0], [1, 0, 0, 1], [0, 1, 1, 0], [0, 1, 0, 1]
ONE_OF_THREE = [1, 0, 0], [0, 1, 0], [0, 0, 1]
OF_TWO_AND_THREE = [[*two, *three] for two in ([1, 0], [0, 1]) for three in ONE_OF_THREE]


def looking_the_same(codes, dimensions, smallest, most):
    """Groups of all studies of up to so many statements that only count, at two places, which look
    the same if small numbers are withheld: numbers by code and place, and which are withheld.

    codes: what codes a statement can have. dimensions: the codes of each.
    """
    kinds = [
        np.array([of if place == here else [0] * len(of) for here in range(2)]).T
        for place, of in product(range(2), codes)
    ]
    least = {}
    for n in range(most + 1):
        for chosen in combinations_with_replacement(kinds, n):
            counts = sum(chosen, np.zeros((len(codes[0]), 2), dtype=int))
            least.setdefault(tuple(counts.ravel().tolist()), n)
    same = defaultdict(list)
    for key, n in least.items():
        counts = np.array(key).reshape(-1, 2)
        hidden = withheld_by_group(counts, dimensions, smallest)
        same[np.where(hidden, -1, counts).tobytes()].append((n, counts, hidden))
    for alike in same.values():
        if min(n for n, *_ in alike) < most:  # or those with one more are not among them
            yield np.array([counts for _, counts, _ in alike]), alike[0][2]


def is_known(each, hidden, smallest):
    """Which cells are a small number that is the same in each of these studies."""
    small = (each > 0) & (each < smallest)
    assert hidden[small.any(axis=0)].all(), each[0]
    return small.any(axis=0) & (np.ptp(each, axis=0) == 0)


@pytest.mark.parametrize("smallest", [3, 4])
@pytest.mark.parametrize(
    ("codes", "dimensions", "most"),
    [
        (MAY_HAVE, ([0, 1], [2]), 5),
        (ONE_OF_THREE, ([0, 1, 2],), 7),
        (MUST_HAVE, ([0, 1], [2, 3]), 7),  # of two dimensions
    ],
)
def test_who_makes_every_study_that_looks_the_same_finds_no_small_number(
    codes, dimensions, most, smallest
):
    for each, hidden in looking_the_same(codes, dimensions, smallest, most):
        assert not is_known(each, hidden, smallest).any(), each[0]


@pytest.mark.parametrize("smallest", [3, 4])
def test_nor_where_no_other_dimension_tells_how_many_statements_there_are(smallest):
    dimensions = [0, 1], [2, 3, 4]
    for each, hidden in looking_the_same(OF_TWO_AND_THREE, dimensions, smallest, 5):
        told = np.any([~hidden[rows].any(axis=0) for rows in dimensions], axis=0)
        assert not (is_known(each, hidden, smallest) & ~told).any(), each[0]


@pytest.mark.parametrize("smallest", [3, 4])
@given(st.data())
def test_what_is_withheld_does_not_depend_on_what_a_place_of_few_statements_has(smallest, data):
    counts = np.array(data.draw(tables.filter(lambda table: len(table) > 1)))
    place = data.draw(st.integers(0, counts.shape[1] - 1))
    looks = set()
    for _ in range(2):
        codes = data.draw(st.lists(st.sampled_from(range(len(counts))), min_size=1, max_size=2))
        counts[:, place] = np.bincount(codes, minlength=len(counts))
        hidden = withheld_by_group(counts, [range(len(counts))], smallest)
        assert hidden[:, place].all()
        looks.add(hidden.tobytes())
    assert len(looks) == 1


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
