"""The figure that a new notebook begins with, drawn by the cell as it is written."""

import contextlib
import copy
import itertools
import json
import types
from collections import Counter

import matplotlib
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from analysis import firstcells
from analysis.drawing import style, typeset
from analysis.processed.prepare import prepare
from analysis.scaffold import TEMPLATE, new_notebook
from analysis.tables.columns import Table, count, key, number

COLUMNS = {"ward": key("Ward"), "beds": count("Beds", unit="beds"), "share": number("", unit="%")}


def cells(drawn):
    """The sources of the cells of code."""
    return [source for kind, source in drawn.cells("staff", "en") if kind != "markdown"]


@contextlib.contextmanager
def axes(sources, **place):
    """The axes of the figure that cells draw where there are these variables."""
    place |= {"words": str, "language": "en", "style": style, "typeset": typeset, "plt": plt}
    with matplotlib.rc_context():
        for source in sources:
            exec(source, place)
        place["figure"].canvas.draw()
        yield place["ax"]
        plt.close(place["figure"])


def drawing(drawn, data):
    """The axes of the figure of these data."""
    first, second = (cell for cell in cells(drawn) if "style.apply()" in cell or "barh" in cell)
    return axes([first, second], data=data)


def ticks(drawn, values):
    """What the axis of the figure has ticks at."""
    data = pd.DataFrame({"label": [*"abcdef"][: len(values)], drawn.value: values})
    with drawing(drawn, data) as ax:
        low, high = ax.get_xlim()
        return [tick for tick in ax.get_xticks() if low <= tick <= high]


def are_whole(ax):
    """Whether each row has a bar of its own, its name at the side of it within the sheet."""
    names = [name.get_window_extent() for name in ax.get_yticklabels()]
    middles = [bar.get_y() + bar.get_height() / 2 for bar in ax.patches]
    within = [0 <= name.x0 < name.x1 <= ax.bbox.x0 for name in names]
    apart = [upper.y0 >= lower.y1 for upper, lower in itertools.pairwise(names)]
    return len({*middles}) == len(names) and all(within + apart)


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


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("letters", [20, 60, 150])
def test_long_names_are_wrapped_and_equal_ones_have_a_bar_each(letters):
    name = ("Those who ask for shade " * 7)[:letters].strip()
    data = pd.DataFrame({"label": [name, name, "b"], "beds": [3, 2, 1]})
    with drawing(of_column("beds"), data) as ax:
        assert are_whole(ax)
    bars = pd.DataFrame({"name": [name, name, "b"], "ratio": [3.0, 2.0, 1.0]})
    written = json.loads((TEMPLATE / "notebooks/beds.ipynb").read_text("utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in written]
    chosen = [one for one in sources if "style.apply()" in one or "barh" in one]
    with axes(chosen, beds=bars) as ax:
        assert are_whole(ax)


def test_a_statement_that_is_cut_for_several_places_counts_once(mini):
    tables = prepare(mini.read())
    place = {
        "run": types.SimpleNamespace(read=tables.get),
        "words": types.SimpleNamespace(column="{}_en".format),
    }
    (source,) = (cell for cell in cells(firstcells.CODES) if "value_counts" in cell)
    exec(source, place)
    counted = place["data"].set_index("label")["statements"].to_dict()
    statement_of = tables["statements"].set_index("unit_id")["statement_id"]
    label_of = tables["codes"].set_index("code")["label_en"]
    given = tables["codings"][["unit_id", "code"]].itertuples(index=False)
    found = {(label_of[code], statement_of[unit]) for unit, code in given}
    assert counted == Counter(label for label, _ in found)
    assert sum(counted.values()) < len(tables["codings"])


@pytest.mark.parametrize("drawn", [firstcells.CODES, of_column("beds"), of_column("share")])
def test_no_cell_is_longer_than_those_of_other_notebooks(drawn):
    assert max(len(source.splitlines()) for source in cells(drawn)) <= 8


def test_texts_of_a_language_of_one_study_are_not_kept_for_the_next(tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_STUDY", str(tmp_path))
    monkeypatch.setattr("analysis.scaffold.LANGUAGES", ("fr",))
    before = copy.deepcopy(firstcells.CODES.texts)
    new_notebook("staff")
    assert firstcells.CODES.texts == before
    assert "  fr: " in (tmp_path / "wording/staff.yml").read_text("utf-8")
