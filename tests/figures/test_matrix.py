"""The code matrix of few, some and many invented municipalities: all of it can be read, in forms
that have room for it.
"""

import re
from itertools import product

import pandas as pd
import pytest
from picture import Picture

from analysis.drawing import style
from analysis.drawing.links import what_is_said
from analysis.figures import codings
from analysis.wording import Wording

WORDS = Wording("de", topic="codings")
LABEL = "Kooperation mit Hochschulen und außeruniversitären Einrichtungen"  # equal and long
MARKED = {WORDS(f"mark.{how}") for how in ("inferred", "collective")}


def matrix(places, codes, width, times=1, how=("explicit", "inferred", "collective")):
    names = [f"topic.t{i}" for i in range(codes)]
    where = [f"m{i}" for i in range(places)]
    coded = pd.DataFrame(
        [
            (code, f"{code} {place} {i}", place, how[(i + c + p) % len(how)])
            for (c, code), (p, place) in product(enumerate(names), enumerate(where))
            for i in range(times * ((c * 7 + p * 3) % 13))
        ],
        columns=["code", "statement_id", "municipality_id", "attribution"],
    )
    about = pd.DataFrame({"code": names, "dimension": "topic", "label_de": LABEL})
    dimensions = pd.DataFrame({"dimension": ["topic"], "label_de": ["Themen"]})
    municipalities = pd.DataFrame({"municipality_id": where, "label_de": "Neustadt am Rübenberge"})
    more = pd.DataFrame(0, index=pd.Index(names, name="code"), columns=where).astype("Int64")
    return codings.draw(coded, about, dimensions, municipalities, more, WORDS, width)


@pytest.mark.parametrize("width", [style.WIDTH, style.NARROW])
@pytest.mark.parametrize(("places", "codes"), [(4, 60), (12, 12), (13, 6), (40, 12)])
def test_a_matrix_of_any_size_can_be_read(places, codes, width):
    figure = matrix(places, codes, width)
    picture = Picture(figure)
    looks = ("outside", "overlapping", "tiny", "unreadable", "faint")
    assert {look: found for look in looks if (found := getattr(picture, look)())} == {}
    cells = {said.row for said in what_is_said(figure.findobj()).values()}
    written = {
        f"codes:topic.t{c}:m{p}"
        for c in range(codes)
        for p in range(places)
        if (c * 7 + p * 3) % 13
    }
    assert written <= cells
    texts = {text.get_text() for text in picture.texts}
    assert bool(MARKED & texts) == (places <= 12)  # no room to mark how a statement is ascribed


@pytest.mark.parametrize("width", [style.WIDTH, style.NARROW])
@pytest.mark.parametrize("how", [["explicit"], ["explicit", "inferred"]])
def test_no_mark_is_explained_that_no_cell_has(how, width):
    texts = {text.get_text() for text in Picture(matrix(4, 6, width, how=how)).texts}
    assert MARKED & texts == {WORDS(f"mark.{one}") for one in how if one != "explicit"}


@pytest.mark.parametrize("width", [style.WIDTH, style.NARROW])
@pytest.mark.parametrize("places", [4, 13])
def test_thousands_of_statements_stand_on_the_sheet(places, width):
    picture = Picture(matrix(places, 6, width, times=60))
    assert any(re.fullmatch(r"\d\.\d{3}", text.get_text()) for text in picture.texts)
    assert picture.outside() == []


def test_many_municipalities_stand_in_few_blocks_of_narrow_columns():
    heads = [
        sum(text.get_text().startswith("Aussagen") for text in Picture(matrix(40, 2, width)).texts)
        for width in (style.WIDTH, style.NARROW)
    ]
    assert heads == [3, 6]


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (2, "“Code 0” and “Code 1” are the most frequent codes."),
        (9, "Nine codes are equally frequent, and none is more so."),
    ],
)
def test_many_codes_that_are_equally_frequent_are_counted_and_not_named(codes, said):
    names = [f"topic.t{i}" for i in range(codes)]
    about = pd.DataFrame({"code": names, "dimension": "topic", "role_code": None})
    about["label_en"] = [f"Code {i}" for i in range(codes)]
    coded = pd.DataFrame({"code": names, "statement_id": "s1", "municipality_id": "m1"})
    more = pd.DataFrame(0, index=pd.Index(names, name="code"), columns=["m1"])
    assert codings.headline(coded, about, more, Wording("en", topic="codings")) == said
