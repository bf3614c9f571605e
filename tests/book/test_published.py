"""What notebooks publish, as pages show it: many columns in several tables, numbers as the language
writes them.
"""

from types import SimpleNamespace

import hypothesis.strategies as some
import pandas as pd
import pytest
from hypothesis import given, settings

from analysis.book.figures import MOST, Published, side_by_side
from analysis.book.nodes import shown
from analysis.wording import Wording


@settings(max_examples=60)
@given(some.integers(1, 100))
def test_every_column_is_in_one_of_several_tables_and_the_first_in_each(columns):
    tables = side_by_side(columns)
    assert all(first == 0 for first, *_ in tables)
    assert [column for _, *others in tables for column in others] == list(range(1, columns))
    assert max(map(len, tables)) <= MOST
    assert len(tables) == 1 or min(map(len, tables)) > 1


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("year", "2019.0", "2019"),
        ("baseline_year", "1990.0", "1990"),
        ("n", "2019", "2019"),
        ("n", "12345", "12.345"),
        ("share", "0.50", "0,50"),
        ("share", "0.5", "0,5"),
        ("share", "0.12345", "0,123"),
        ("share", "3.0", "3"),
        ("share", "1e-07", "1e-07"),
        ("share", "inf", "inf"),
        ("share", "", ""),
    ],
)
def test_a_number_of_a_table_is_written_as_the_language_writes_it(column, cell, said):
    table = SimpleNamespace(words=Wording("de"))
    assert Published._number(table, column, cell) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, ""), (pd.NA, ""), (True, "ja"), (False, "nein"), (1234.5, "1.234,5"), (2019, "2019"),
     ("0.5", "0.5")],
)  # fmt: skip
def test_a_cell_is_shown_by_its_type(value, said):
    assert shown(value, Wording("de")) == said
