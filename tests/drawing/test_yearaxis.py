"""The axis of years: marks lie in the order of their years, and labels do not overlap."""

from itertools import pairwise

import hypothesis.strategies as some
import pandas as pd
from hypothesis import given, settings

from analysis.drawing.yearaxis import Label, YearAxis, pack, span

TEXTS = some.text("abcdeilmnorstuwß ÄÖü-/.,0123 \n\u00a0", max_size=60)
SETTINGS = settings(max_examples=60)


@SETTINGS
@given(some.lists(some.integers(1900, 2100).map(float)), some.booleans())
def test_years_lie_on_the_axis_in_their_order(years, has_undated):
    axis = YearAxis(*span(pd.Series(years, dtype=float)), 1.0, has_undated)
    places = [axis.x(year) for year in sorted(years)]
    assert places == sorted(places)
    assert all(axis.left <= place <= axis.right for place in [*places, axis.x(1), axis.x(3000)])


@SETTINGS
@given(some.lists(some.tuples(some.floats(0, 16), TEXTS, some.booleans()), max_size=12))
def test_labels_in_a_line_do_not_overlap_and_none_is_lost(given_labels):
    labels = [
        Label("event", x, "2020", text, 3.0, to_right, clears=True, language="de")
        for x, text, to_right in given_labels
    ]
    lines = pack(labels)
    assert sorted(map(id, (label for line in lines for label in line))) == sorted(map(id, labels))
    for line in lines:
        extents = sorted(label.extent for label in line)
        assert all(one[1] <= other[0] for one, other in pairwise(extents))
