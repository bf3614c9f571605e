"""The figure that a new notebook begins with, drawn by the cell as it is written."""

import matplotlib
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from analysis import firstcells
from analysis.drawing import style
from analysis.tables.columns import Table, count, key, number

COLUMNS = {"ward": key("Ward"), "beds": count("Beds", unit="beds"), "share": number("", unit="%")}


def cells(drawn):
    """The sources of the cells of code."""
    return [source for kind, source in drawn.cells("staff", "en") if kind != "markdown"]


def ticks(drawn, values):
    """What the axis of the figure has ticks at."""
    data = pd.DataFrame({"label": [*"abcdef"][: len(values)], drawn.value: values})
    (source,) = (cell for cell in cells(drawn) if "barh" in cell)
    place = {"data": data, "words": str, "style": style, "plt": plt}
    with matplotlib.rc_context():
        exec(source, place)
        place["figure"].canvas.draw()
        low, high = place["ax"].get_xlim()
        found = [tick for tick in place["ax"].get_xticks() if low <= tick <= high]
        plt.close(place["figure"])
    return found


def is_whole(found):
    return all(tick == round(tick) for tick in found)


def of_column(name):
    """What draws the table with this column of numbers alone."""
    columns = {column: COLUMNS[column] for column in ("ward", name)}
    return firstcells.of_table("beds", Table("beds.csv", "Beds", "Beds.", ("ward",), columns))


@pytest.mark.parametrize("values", [[0], [1, 1], [3, 2, 1], [40, 12]])
@pytest.mark.parametrize("drawn", [firstcells.CODES, of_column("beds")], ids=["codes", "table"])
def test_counts_have_no_ticks_between_them(drawn, values):
    found = ticks(drawn, values)
    assert found
    assert is_whole(found)


def test_numbers_that_are_no_counts_may_have_ticks_between_them():
    assert not is_whole(ticks(of_column("share"), [1.5, 1.0]))


@pytest.mark.parametrize("drawn", [firstcells.CODES, of_column("beds"), of_column("share")])
def test_no_cell_is_longer_than_those_of_other_notebooks(drawn):
    assert max(len(source.splitlines()) for source in cells(drawn)) <= 8
