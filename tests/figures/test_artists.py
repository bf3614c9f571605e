"""What is drawn is what is counted: as many squares as statements, marks at their
years, rows in their order.
"""

from collections import Counter

import pytest
import stage
from matplotlib.patches import Rectangle

from analysis.drawing import marks
from analysis.drawing.yearaxis import YearAxis, span
from analysis.figures import codings, interviews, opportunities, roles, targets
from analysis.wording import Wording


@pytest.fixture(params=["real", "mini"])
def tables(request):
    return stage.study(request.param)


def rectangles(drawing, *, width=None, height=None):
    found = [patch for patch in drawing.figure.axes[0].patches if isinstance(patch, Rectangle)]
    return [
        patch for patch in found
        if (width is None or round(patch.get_width(), 6) == width) and (height is None or round(patch.get_height(), 6) == height)
    ]  # fmt: skip


def at(drawing, x):
    """The texts that begin at x, from top to bottom."""
    found = [text for text in drawing.figure.axes[0].texts if text.get_position()[0] == x]
    return [text.get_text() for text in sorted(found, key=lambda text: text.get_position()[1])]


def test_interviews_have_a_square_for_each_statement(tables):
    drawing = stage.draw("interviews", tables)
    squares = rectangles(drawing, width=interviews.SQUARE)
    faces = Counter((square.get_facecolor(), square.get_hatch()) for square in squares)
    assert len(squares) == drawing.data["statements"].sum()
    assert sorted(faces.values()) == sorted(
        int(n) for n in drawing.data[list(interviews.LOOKS)].sum() if n
    )


def test_opportunities_have_a_square_for_each_statement(tables):
    drawing = stage.draw("opportunities", tables)
    squares = rectangles(drawing, height=round(opportunities.STEP - opportunities.BETWEEN, 6))
    sides = Counter(square.get_x() > opportunities.ZERO for square in squares)
    right = drawing.data["aspect"] == drawing.data["aspect"].iloc[-1]
    assert len(squares) == len(drawing.data)
    assert sorted(sides.values()) == sorted(right.value_counts())


def test_roles_have_a_bullet_for_each_measure(tables):
    drawing = stage.draw("roles", tables)
    assert len(rectangles(drawing, width=0.09)) == len(drawing.data)
    assert drawing.data["role"].nunique() <= roles.SIDE_BY_SIDE


def test_a_case_has_a_dot_for_each_activity_in_a_field(tables):
    for name, parameters in stage.runs(tables):
        if name == "case":
            drawing = stage.draw(name, tables, **parameters)
            dots = [
                line
                for line in drawing.figure.axes[0].lines
                if line.get_marker() == "o" and line.get_markersize() == 8
            ]
            fields = drawing.data.loc[
                drawing.data["part"] == Wording("de", topic="case")("part.field"), "value"
            ]
            assert len(dots) - 2 == fields.astype(int).sum(), "two dots are the legend"


def test_targets_stand_at_their_years(tables):
    years = tables["targets"]["year"].astype(float)
    axis = YearAxis(*span(years), targets.YEARS, years.isna().any())
    lines = [
        line
        for line in stage.draw("targets", tables).figure.axes[0].lines
        if line.get_marker() != "None"
    ]
    kinds = [kind for kind in marks.TARGETS if kind in set(tables["targets"]["kind"])]
    below = [
        line
        for line in lines
        if line.get_ydata()[0] > 0.05 + marks.legend_height(kinds, Wording("de", topic="targets"))
    ]
    assert Counter(round(float(line.get_xdata()[0]), 6) for line in below) == Counter(
        round(axis.x(year), 6) for year in years
    )


def test_codes_stand_in_the_order_of_the_codebook(tables):
    drawing = stage.draw("codings", tables)
    shown, used = at(drawing, codings.INDENT), drawing.data["label"].tolist()
    assert [label for label in used if label in shown] == [text for text in shown if text in used]
    assert len(shown) >= len(used)
