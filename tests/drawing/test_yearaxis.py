"""The axis of years: marks lie in the order of their years, and labels do not overlap."""

from itertools import pairwise

import hypothesis.strategies as some
import pandas as pd
import pytest
from hypothesis import given, settings

from analysis.drawing import style, typeset
from analysis.drawing.yearaxis import COLUMN, Label, YearAxis, label, pack, span
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


def test_the_last_year_keeps_clear_of_the_column_of_what_has_no_year():
    sheet = style.sheet()
    axis = YearAxis(2005, 2050, 0.4, has_undated=True)
    axis.draw(sheet.ax, 0, 2, Wording("de", "case"))
    (last,) = (text for text in sheet.ax.texts if text.get_text() == "2050")
    end = last.get_position()[0] + typeset.text_width("2050", style.SMALL) / 2
    assert style.WIDTH - COLUMN - end >= 0.2


def placed(year, text):
    axis = YearAxis(2005, 2050, 0.4, has_undated=False)
    return label(axis, "event", year, str(year), text, Wording("de", "case"))


@pytest.mark.parametrize(
    ("year", "text", "to_right"),
    [
        (2010, "kurz", True),
        (2049, "zu lang für die rechte Seite", False),
        (2033, "ein Text, der auf keiner von beiden Seiten in einer Zeile " + "steht" * 5, True),
    ],
)
def test_a_label_stands_on_the_left_only_where_it_has_fewer_lines_there(year, text, to_right):
    assert placed(year, text).to_right is to_right


@pytest.mark.parametrize("to_right", [False, True])
def test_a_label_hides_lines_behind_its_texts_and_nowhere_else(to_right):
    text = "ein langer Text, der über mehrere Zeilen geht und kurz endet"
    look = {"clears": True, "language": "de"}
    one = Label("event", 8.0, "2033", text, 4.0, to_right, **look)
    sheet = style.sheet()
    one.draw(sheet.ax, 0.0)
    boxes = [box for box in sheet.ax.patches if box.get_height() > 0]
    written = [text for text in sheet.ax.texts if text.get_text()]
    for box in boxes:
        beside = [
            text
            for text in written
            if box.get_y() < text.get_position()[1] < box.get_y() + box.get_height()
        ]
        widths = sum(
            typeset.text_width(text.get_text(), weight=text.get_fontweight()) for text in beside
        )
        assert beside
        assert box.get_width() <= widths + 0.3
    assert sum(box.get_height() for box in boxes) == pytest.approx(one.height)
