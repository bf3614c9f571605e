"""Conditions on tables that a study declares count what pandas counts: with keys of every type,
references to them, and keys of two columns.
"""

from unittest import mock

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import tables

from analysis.methods import conditions, evaluation, exposure
from analysis.methods.conditions import (
    NUMBER,
    TRUTH,
    VALUE,
    ConditionError,
    parse,
    tables_of,
)
from analysis.methods.evaluation import Tables
from analysis.methods.fragility import Removal
from analysis.methods.universes import AS_STATED, as_stated, in_universes
from analysis.tables import PROCESSED
from analysis.tables.columns import Column, Table

KEYS = {
    "string": ["a", "b", "1", "1/2"],
    "integer": [0, 1, 2030, 250_000],
    "number": [0.0, 0.5, 1.0, 7.0],
    "boolean": [True, False],
}
EVERY_TYPE = pytest.mark.parametrize("of_keys", KEYS)
quickly = settings(max_examples=40)


def declared(of_keys):
    """The tables as a study would declare them, with keys of this type."""

    def about(name, key, **columns):
        return Table(f"{name}.csv", name, name, key, columns)

    def column(kind="string", **more):
        return Column(kind, "What it is", **more)

    return {
        "wards": about(
            "wards", ("k",), k=column(of_keys), beds=column("integer", required=False),
            share=column("number", required=False), is_open=column("boolean", required=False),
            kind=column(),
        ),
        "visits": about(
            "visits", ("v",), v=column(), at=column(of_keys, refers="wards.k", required=False),
            of=column(), room=column(),
        ),
        "rooms": about("rooms", ("floor", "room"), floor=column(), room=column(), size=column()),
    }  # fmt: skip


def filled(own, rows):
    """Frames of the declared tables with these rows."""
    return {
        name: pd.DataFrame(rows[name], columns=list(table.columns)).astype(table.dtypes)
        for name, table in own.items()
    }


@st.composite
def rows(draw, of_keys):
    def some(*values, **more):
        return draw(st.lists(st.tuples(*map(st.sampled_from, values)), max_size=6, **more))

    keys = KEYS[of_keys]
    wards = draw(st.lists(st.sampled_from(keys), unique=True))
    cells = [[None, 3, 12], [None, 0.5, 2.0], [None, True, False], ["x", "y"]]
    about = some(*cells, min_size=len(wards))
    visits = some([None, *wards], ["x", "y"], ["r", "s"])
    rooms = [(*key, "small") for key in some(["f", "g"], ["r", "s"])]
    return {
        "wards": [(key, *rest) for key, rest in zip(wards, about, strict=False)],
        "visits": [(f"v{n}", *visit) for n, visit in enumerate(visits)],
        "rooms": list(dict.fromkeys(rooms)),
    }


def known(of_keys):
    """As if the study declared the tables."""
    own = declared(of_keys)
    countable = mock.patch.object(conditions, "COUNTABLE", {*conditions.COUNTABLE, *own})
    return mock.patch.dict(PROCESSED, own), countable


def by_pandas(frames):
    """What conditions come to, counted without them."""
    wards, visits, rooms = (frames[name] for name in ("wards", "visits", "rooms"))
    of_ward = [int((visits["at"] == key).fillna(False).sum()) for key in wards["k"]]
    joined = visits.dropna(subset="at").merge(wards, left_on="at", right_on="k", how="left")
    without = len(visits) - len(joined)
    numbers = {
        "how_many(wards, count(wards, k=each) == 1)": len(wards),
        "how_many(wards, count(visits, at=each) > 1)": sum(n > 1 for n in of_ward),
        "how_many(wards, distinct(visits, room, k=each) == 2, is_open=True)": sum(
            visits["room"][(visits["at"] == key).fillna(False)].nunique() == 2
            for key in wards["k"][wards["is_open"].fillna(False)]
        ),
        "how_many(visits, count(visits, v=each, at=None) == 1)": without,
        "count(wards, beds=[3, 12])": wards["beds"].isin([3, 12]).sum(),
        "count(wards, share=2)": (wards["share"] == 2).sum(),
        "count(wards, is_open=None)": wards["is_open"].isna().sum(),
        "count(wards, is_open=False)": (~wards["is_open"]).sum(),
        "count(visits, beds=12)": (joined["beds"] == 12).sum(),
        "count(visits, beds=None)": joined["beds"].isna().sum() + without,
        'count(visits, kind="x", is_open=[True])': (
            (joined["kind"] == "x") & joined["is_open"].fillna(False)
        ).sum(),
        "distinct(visits, at)": visits["at"].nunique(),
        "distinct(visits, share)": joined["share"].nunique(),
        'count(rooms, floor="f")': (rooms["floor"] == "f").sum(),
        "distinct(rooms, room)": rooms["room"].nunique(),
        'count(visits, room="r")': (visits["room"] == "r").sum(),
    }
    truths = {
        "every(wards, count(visits, at=each) > 0)": bool(of_ward) and all(of_ward),
        "every(wards, count(visits, k=each) == count(visits, at=each))": bool(of_ward),
    }
    most = {
        "most(visits, at, v)": _most(visits["at"]),
        "most(visits, beds, v)": _most(joined["beds"]),
        "most(wards, is_open, k)": _most(wards["is_open"]),
    }
    return (NUMBER, numbers), (TRUTH, truths), (VALUE, most)


def _most(cells):
    """The value of most cells, None of several."""
    first = cells.value_counts()
    first = first[first == first.max()]
    return first.index[0] if len(first) == 1 else None


@EVERY_TYPE
@quickly
@given(st.data())
def test_they_count_what_pandas_counts(of_keys, data):
    frames = filled(declared(of_keys), data.draw(rows(of_keys)))
    described, countable = known(of_keys)
    with described, countable:
        for expected, found in by_pandas(frames):
            for text, value in found.items():
                if expected == VALUE:
                    tree = parse(f"{text} == {_some(text, of_keys)}").left
                else:
                    tree = parse(text, expected)
                assert Tables(frames).value(tree) == value, text


def _some(text, of_keys):
    """A value that fits what a text gives."""
    kind = {"at": of_keys, "beds": "integer", "is_open": "boolean"}[text.split(", ")[1]]
    return {"string": '"a"', "boolean": "True"}.get(kind, "1")


@EVERY_TYPE
@quickly
@given(st.data())
def test_where_rows_are_gone_it_is_as_if_they_had_never_been(of_keys, data):
    frames = filled(declared(of_keys), data.draw(rows(of_keys)))
    n, universes = len(frames["wards"]), 3
    kept = data.draw(st.lists(st.booleans(), min_size=n * universes, max_size=n * universes))
    kept = np.array(kept, dtype=bool).reshape(universes, n)
    described, countable = known(of_keys)
    with described, countable:
        for text in (
            "every(wards, count(visits, at=each) > 0)",
            "how_many(wards, count(wards, k=each) == 1) > 1",
            "most(wards, is_open, k) == True",
            "most(wards, beds, k) != 3",
        ):
            found = Tables(frames, {"wards": kept}).values(parse(text)).astype(bool)
            less = [Tables(frames | {"wards": frames["wards"][rest]}) for rest in kept]
            assert found.tolist() == [bool(tables.value(parse(text))) for tables in less], text


@EVERY_TYPE
def test_how_far_a_finding_carries_is_asked_of_each_row(of_keys):
    keys = KEYS[of_keys]
    own = filled(
        declared(of_keys),
        {"wards": [(key, 1, 1, True, "x") for key in keys], "visits": [], "rooms": []},
    )
    coded = tables([(f"s{n}", None, "none", "limit") for n in range(len(keys) + 1)], [])
    described, countable = known(of_keys)
    with described, countable:
        tree = parse("every(wards, count(codings) > count(wards) * count(wards, k=each))")
        assert in_universes(coded | own, as_stated()).value(tree)
        assert exposure.could_lose(Tables(coded | own), tree, "codings")
        assert len(Removal(Tables(coded | own)).flips(tree)) == 1


@EVERY_TYPE
def test_a_row_is_named_as_its_key_is_written(of_keys):
    frames = filled(
        declared(of_keys),
        {"wards": [(KEYS[of_keys][1], 3, 1, True, "x")], "visits": [], "rooms": [("f", "r", "s")]},
    )
    described, countable = known(of_keys)
    with described, countable:
        found = Tables(frames).members(parse("count(wards)", NUMBER))
        assert found == [str(KEYS[of_keys][1])]
        assert Tables(frames).members(parse("count(rooms)", NUMBER)) == ["f/r"]


REFUSED = {
    "count(visits, size='small') > 0": "visits has no column 'size'; expected one of v, at, of, "
    "room, or one of wards",
    "count(rooms, yes_no='x') > 0": "rooms has no column 'yes_no'; expected one of floor, room, "
    "size",
    "count(wards, beds='3') > 0": "beds=`'3'`: expected a whole number without a sign, None",
    "count(wards, beds=['3']) > 0": "beds=`'3'`: expected a whole number without a sign",
    "count(wards, beds=[]) > 0": "beds=`[]`: expected a whole number",
    "count(wards, is_open=1) > 0": "is_open=`1`: expected True or False",
    "count(visits, at='1') > 0": "at=`'1'`: expected a whole number",
    "count(visits, at=7) > 0": "at is never 7; expected one of the values of wards.k",
    "count(wards, k=7) > 0": "k is never 7; expected one of the values of wards.k",
    "every(wards, count(visits, v=each) > 0)": "v is never `each`; expected a column of the type",
    "every(visits, count(visits, at=each) > 0)": "at is never `each`; expected a column of the",
    "most(wards, beds, k) == '12'": "beds=`'12'`: expected a whole number",
    "most(wards, beds, k) > 12": "compares a value of a column with a number; expected numbers, or",
    "most(wards, beds, k) == count(wards)": "compares a value of a column with a number; expected",
    "most(wards, kind, k) == 12": "kind=`12`: expected a text",
    "count(wards, class='is') > 0": "(class is a word of Python, and can be no name here)",
    "distinct(wards, from) > 0": "(from is a word of Python, and can be no name here)",
    "count(wards, kind='is') > 0 or": "cannot be read (invalid syntax); expected a condition, such",
    "count(ward) > 0": "there is no table 'ward' (did you mean 'wards'?); expected one of actors,",
}  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_what_could_never_be_counted_is_refused_with_what_there_is(text):
    described, countable = known("integer")
    with described, countable, pytest.raises(ConditionError) as refused:
        parse(text, values={"wards.k": {1, 2}}.get)
    assert REFUSED[text] in str(refused.value)


def test_whatever_refers_to_a_table_refers_to_its_key():
    # so that each row has no more than one that it refers to
    for table in PROCESSED.values():
        for field in table.columns.values():
            home, _, column = (field.refers or "").partition(".")
            assert home not in PROCESSED or PROCESSED[home].key == (column,)


def test_a_column_of_several_tables_that_a_row_refers_to_is_none_of_it():
    with pytest.raises(ConditionError, match=r"municipality_id, organisation_id, project_id\)"):
        parse('count(cooperation, case_id="x") > 0')


STATEMENTS = [("s1", "ahausen", "explicit", "limit"), ("s2", "bedorf", "explicit", "wood")]
MOODS = Table(
    "moods.csv",
    "Moods",
    "Moods",
    ("m",),
    {
        "m": Column("string", "Mood"),
        "said": Column("string", "Statement", refers="all_units.unit_id"),
        "answer": Column("string", "Statement", refers="units.unit_id", required=False),
        "corpus": Column("string", "Of another kind than that of statements"),
    },
)
# the first of one statement, the second of two, the third of one that is none of an interview
ROWS = [("m1", "u0", None, "x"), ("m2", "u0", "u1", "x"), ("m3", "c1", None, "y")]


@pytest.mark.parametrize(
    ("text", "without", "found"),
    [
        ("count(moods) == 3", "ahausen", "fails"),
        ("count(moods) == 3", "bedorf", "fails"),
        ("count(moods) == 3", "celle", "untouched"),
        ('count(moods, corpus="x") > 1', "bedorf", "fails"),
        ('count(moods, corpus="y") == 1', "ahausen", "untouched"),
        ("every(moods, count(moods, m=each) == 1)", "ahausen", "holds"),
    ],
)
def test_what_is_said_of_a_statement_goes_with_it(text, without, found):
    own = tables(STATEMENTS, []) | {"moods": pd.DataFrame(ROWS, columns=[*MOODS.columns])}
    with (
        mock.patch.dict(PROCESSED, {"moods": MOODS}),
        mock.patch.object(conditions, "COUNTABLE", {*conditions.COUNTABLE, "moods"}),
        mock.patch.object(exposure, "STATEMENTS", [*exposure.STATEMENTS, "moods"]),
        mock.patch.object(evaluation, "STATEMENTS", [*evaluation.STATEMENTS, "moods"]),
    ):
        tree = parse(text)
        assert tables_of(tree) == {"moods"}
        assert exposure.is_touched(tree)
        universes = pd.DataFrame([AS_STATED, AS_STATED | {"without_interview": without}])
        known = in_universes(own, universes)
        assert exposure.verdicts(known, universes, tree)[1] == found
