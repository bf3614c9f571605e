"""Names are shown and never keys: things that share a name are told apart."""

import json
import re
from collections import Counter

import pandas as pd
import pytest
import stage
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis import publish
from analysis.drawing import style
from analysis.wording import Wording

NUMBERED = re.compile(r" #\d+")


def named(tables, number):
    """The tables with one name for everything in them, each with a number behind it or none."""
    named = {}
    for name, frame in tables.items():
        labels = frame.columns[frame.columns.str.startswith("label_")]
        texts = [f"Name{number(row)}" for row in range(len(frame))]
        named[name] = frame.assign(**dict.fromkeys(labels, texts))
    return named


def same(text):
    return NUMBERED.sub("", text)


def counted(figure):
    """How many marks of each form and colour a figure has."""
    artists = figure.axes[0].get_children() if figure else []
    patches = [
        (type(artist).__name__, to_hex(artist.get_facecolor()))
        for artist in artists
        if isinstance(artist, Patch)
    ]
    lines = [
        (artist.get_marker(), artist.get_linestyle(), to_hex(artist.get_color()))
        for artist in artists
        if isinstance(artist, Line2D)
    ]
    return Counter(patches) + Counter(lines)


@pytest.mark.parametrize("study", ["real", "mini"])
@pytest.mark.parametrize("notebook", stage.NOTEBOOKS)
def test_things_of_one_name_are_told_apart(notebook, study):
    tables = stage.study(study)
    for name, parameters in stage.runs(tables):
        if name == notebook:
            one = stage.draw(name, named(tables, lambda _row: ""), **parameters)
            each = stage.draw(name, named(tables, " #{}".format), **parameters)
            assert one.alt == same(each.alt)
            assert one.caption == same(each.caption)
            assert one.skipped == each.skipped
            if not one.skipped:
                assert one.data.to_csv() == same(each.data.to_csv())
                if one.table is not None:
                    assert one.table.to_csv() == same(each.table.to_csv())
                assert one.values == {
                    key: same(value) if isinstance(value, str) else value
                    for key, value in each.values.items()
                }
                assert counted(one.figure) == counted(each.figure)


def test_a_role_has_the_same_colour_in_all_figures(monkeypatch):
    tables, colours, given = dict(stage.study("real")), style.role_colours, []
    codes = tables["codes"]
    idle = codes[codes["dimension"] == "role"].head(1).assign(code="role.idle")
    tables["codes"] = pd.concat([idle, codes.iloc[::-1]], ignore_index=True)
    roles = tables["codes"].query("dimension == 'role'")["code"]
    tables["influence"] = tables["influence"].sort_values("area_id")

    def noted(own):
        given.append([*own])
        return colours(own)

    monkeypatch.setattr(style, "role_colours", noted)
    for name, parameters in stage.runs(tables, cases=1):
        if name in ("cansay", "case", "glance", "influence", "leitbild", "relations", "roles"):
            given.clear()
            assert not stage.draw(name, tables, **parameters).skipped
            assert given
            assert given == [[*roles]] * len(given), name


def test_municipalities_with_the_same_initials_stand_in_the_legend_each():
    tables = dict(stage.study("mini"))
    tables["municipalities"] = tables["municipalities"].assign(initials="A")
    texts = [text.get_text() for text in stage.draw("opportunities", tables).figure.axes[0].texts]
    used = tables["statements"].dropna(subset="municipality_id")["municipality_id"]
    assert used.nunique() > 1
    assert set(
        tables["municipalities"].loc[
            tables["municipalities"]["municipality_id"].isin(used), "label_de"
        ]
    ) <= set(texts)


def test_actors_of_one_name_in_different_cases_have_lines_of_their_own():
    tables = dict(stage.study("mini"))
    targets = tables["targets"]
    one = targets[targets["case_id"].notna()].head(1)
    twins = [
        one.assign(target_id=case, case_id=case, actor_de="Neustadt", actor_en="Newtown")
        for case in tables["cases"]["case_id"]
    ]
    tables["targets"] = pd.concat([targets, *twins], ignore_index=True)
    names = [text.get_text() for text in stage.draw("targets", tables).figure.axes[0].texts]
    assert names.count("Neustadt") == len(twins) > 1


def test_a_place_written_in_small_letters_is_the_heading_of_its_column(mini, monkeypatch):
    data = pd.DataFrame({"label_de": ["Wasser"], "auental": [3]})
    sources = pd.DataFrame({"source_id": ["musterfrau2021"], "locator": ["5.1 ¶1 s1"]})
    monkeypatch.setenv("COMPENDIUM_RUN", "codings")
    publish.Run("codings", language="de").save_table(caption="Eins.", data=data, sources=sources)
    record = json.loads((mini.build / "de/tables/codings.json").read_text("utf-8"))
    assert record["columns"][1:] == ["auental"]


@pytest.mark.xdist_group("figures")
@pytest.mark.parametrize("language", stage.LANGUAGES)
@pytest.mark.parametrize("notebook", stage.NOTEBOOKS)
def test_columns_have_headings_but_those_that_a_place_dimension_or_universe_names(
    notebook, language
):
    tables = stage.study("real")
    named = pd.concat(tables[name] for name in ("municipalities", "cases", "universes"))
    named = {*named[f"label_{language}"], *tables["dimensions"][f"label_{language}"]}
    words = Wording(language, topic=notebook)
    for name, parameters in stage.runs(tables):
        if name == notebook:
            drawing = stage.draw(name, tables, language, **parameters)
            named |= {words("overall"), words("context")} if name == "agreement" else set()
            published = [data for data in (drawing.data, drawing.table) if data is not None]
            assert published or drawing.skipped
            assert all(
                words(f"column.{column}")
                for data in published
                for column in data.columns
                if column not in named
            )
