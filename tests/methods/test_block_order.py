"""The order of codes: none is lost, and what stands together stands side by side."""

import hypothesis.strategies as some
import numpy as np
import pandas as pd
from growth import growth
from hypothesis import given, settings

from analysis.methods.counts import block_order

SETTINGS = settings(max_examples=60)
CODES = some.integers(1, 8).flatmap(
    lambda n: some.lists(
        some.lists(some.booleans(), min_size=n, max_size=n), min_size=1, max_size=12
    )
)


def together(given_codes):
    """The co-occurrence of codes, from a row of yes and no for each statement."""
    present = np.array(given_codes, dtype=int).reshape(len(given_codes), -1)
    codes = [f"code{i}" for i in range(present.shape[1])]
    return pd.DataFrame(present.T @ present, codes, codes)


@SETTINGS
@given(CODES)
def test_every_code_with_a_statement_stands_once_in_the_order(given_codes):
    counts = together(given_codes)
    used = [code for code in counts.index if counts.loc[code, code]]
    assert sorted(block_order(counts)) == sorted(used)


@SETTINGS
@given(some.permutations(range(6)))
def test_codes_that_only_stand_together_with_one_another_are_neighbours(shuffled):
    blocks = [[i // 2 == block for i in shuffled] for block in range(3)]
    order = block_order(together(blocks * 2))
    block = {f"code{place}": i // 2 for place, i in enumerate(shuffled)}
    assert all(
        block[one] == block[other] for one, other in zip(order[::2], order[1::2], strict=True)
    )


@SETTINGS
@given(some.permutations("abcd"))
def test_two_pairs_are_joined_at_the_ends_that_stand_together(names):
    said = ["ab"] * 3 + ["cd"] * 3 + ["ad"]
    order = block_order(together([[name in codes for name in names] for codes in said]))
    placed = "".join(names[int(code.removeprefix("code"))] for code in order)
    assert placed in ("badc", "cdab")


def test_to_order_codes_takes_time_with_the_cube_of_their_number_at_most():
    random = np.random.default_rng(seed=3)

    def order(n):
        counts = together((random.random((500, n)) < 0.05).tolist())
        assert len(block_order(counts)) == n

    assert growth(order, 100) < 128
