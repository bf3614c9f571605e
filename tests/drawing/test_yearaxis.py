"""The axis of years: marks lie in the order of their years, and labels do not overlap."""

from itertools import pairwise

import hypothesis.strategies as some
import pandas as pd
from hypothesis import given, settings

from analysis.drawing import style, typeset
from analysis.drawing.yearaxis import Label, YearAxis, pack, span
from analysis.wording import Wording

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
@given(some.integers(1000, 2000), some.integers(1, 1000), some.booleans(), some.booleans())
def test_the_years_of_a_long_axis_have_room_beside_each_other(first, years, has_undated, narrow):
    sheet = style.sheet(style.NARROW if narrow else style.WIDTH)
    axis = YearAxis(first, first + years, 1.0, has_undated, edge=sheet.width)
    axis.draw(sheet.ax, 0, 2, Wording("de", "targets"))
    written = sorted(
        (text.get_position()[0], text.get_text())
        for text in sheet.ax.texts
        if text.get_text().isdigit()
    )
    width = typeset.text_width("2000", style.SMALL)
    assert all(one[0] + width < other[0] for one, other in pairwise(written))


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
