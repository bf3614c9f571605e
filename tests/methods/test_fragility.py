"""How far findings carry: the known answers, and the quick way against trying everything."""

import ast
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from invented import TOWNS, tables
from test_universes import STATEMENT

from analysis.methods.conditions import ConditionError, parse
from analysis.methods.evaluation import Tables
from analysis.methods.fragility import (
    EVERY,
    FEW,
    LIMIT,
    Removal,
    coincidence,
    flipped_by_interviews,
    robustness,
    taken_away,
)
from analysis.methods.universes import AS_STATED, Universes, as_stated, in_universes

MORE = parse(
    'distinct(codings, statement_id, code="opportunity") > '
    'distinct(codings, statement_id, code="limit")'
)


def known_answer():
    """Opportunities against limits 12 : 8; without the first town 3 : 8, without the second
    11 : 6, without the third 12 : 5, without the fourth 11 : 7; explicitly attributed only 4 : 6.
    """
    rows = [
        ("ahausen", "explicit", 1, 0), ("ahausen", "inferred", 8, 0), ("bedorf", "explicit", 1, 2),
        ("celle", "explicit", 0, 2), ("celle", "inferred", 0, 1), ("dettum", "explicit", 1, 1),
        (None, "explicit", 1, 1), (None, "none", 0, 1),
    ]  # fmt: skip
    found = [
        (town, how, code)
        for town, how, *numbers in rows
        for code, n in zip(("opportunity", "limit"), numbers, strict=True)
        for _ in range(n)
    ]
    return tables([(f"s{n}", *row) for n, row in enumerate(found)], [])


@pytest.mark.parametrize(
    ("choices", "numbers"),
    [
        ({}, (12, 8)),
        ({"without_interview": "ahausen"}, (3, 8)),
        ({"without_interview": "bedorf"}, (11, 6)),
        ({"without_interview": "celle"}, (12, 5)),
        ({"without_interview": "dettum"}, (11, 7)),
        ({"attribution": "explicit"}, (4, 6)),
    ],
)
def test_the_known_answer(choices, numbers):
    known = in_universes(known_answer(), pd.DataFrame([AS_STATED | choices]))
    sides = [known.value(side) for side in (MORE.left, *MORE.comparators)]
    assert tuple(sides) == numbers
    assert known.value(MORE) is (numbers[0] > numbers[1])


def test_the_known_answer_carries_up_to_four_codings_and_one_interview():
    assert len(Removal(Tables(known_answer())).flips(MORE)) == 12 - 8
    study = Universes(known_answer(), as_stated())
    assert flipped_by_interviews(study, TOWNS, [MORE]) == [["ahausen"]]


@pytest.mark.parametrize(
    ("stated", "elsewhere", "what"),
    [
        (True, [True, True], "robust"),
        (True, [True, False], "shaky"),
        (False, [False, True], "possible"),
        (False, [False], "refuted"),
        (True, [], "untouched"),
        (False, [], "refuted"),
    ],
)
def test_what_a_finding_is_follows_from_where_it_holds(stated, elsewhere, what):
    assert robustness(stated, elsewhere) == what


def test_coincidence_is_one_where_nothing_hangs_on_the_choice():
    stated = np.array([3, 1])
    assert coincidence(stated, np.array([[3, 1], [3, 1]])) == (1, 1)
    assert coincidence(stated, np.array([[2, 1], [3, 3]])) == (3 / 4, 4 / 6)


CONDITIONS = [
    'distinct(codings, statement_id, code="opportunity") > '
    'distinct(codings, statement_id, code="limit")',
    '2 * distinct(codings, statement_id, code="limit", municipality_id="ahausen") >= '
    'distinct(codings, statement_id, code="limit")',
    'most(codings, code, statement_id) == "opportunity"',
    'most(codings, code, statement_id) != "limit"',
    'every(municipalities, count(codings, municipality_id=each, code="limit") > 0)',
    'count(codings, code="water") > 0 and count(codings, code="limit") == 0',
    'count(codings, code="water") > 0 or count(codings, code="limit") > 1',
    'how_many(codes, count(codings, code=each) == 0) == 1',
    '2 * how_many(municipalities, count(codings, municipality_id=each, code="limit") > 0)'
    " > count(municipalities)",
    'count(codings, code="wood") == 0',
]  # fmt: skip


@pytest.mark.parametrize("text", CONDITIONS)
@settings(max_examples=25)
@given(st.lists(STATEMENT, max_size=8))
def test_the_quick_way_removes_as_few_codings_as_trying_every_set(text, statements):
    tree, own = parse(text), tables(statements, [])
    removal = Removal(Tables(own))
    numbers = range(removal.numbers.max(initial=-1) + 1)
    sets = [frozenset(some) for n in range(len(numbers) + 1) for some in combinations(numbers, n)]
    holds = removal.values(tree, None, sets).astype(bool)
    if not holds[0]:
        return
    fewest = next((len(some) for some, there in zip(sets, holds, strict=True) if not there), None)
    found = removal.flips(tree)
    assert (None if found is None else len(found)) == fewest


def test_that_nothing_is_found_does_not_say_that_there_is_nothing():
    town = [("s1", "ahausen", "explicit", "limit"), ("s1", "bedorf", "explicit", "limit")]
    own = tables([*town, ("s2", "celle", "explicit", "water")], [])
    tree = parse('count(codings, code="limit") != count(codings, code="water")')
    removal = Removal(Tables(own))
    assert removal.flips(tree) is None
    assert not removal.values(tree, None, [frozenset(removal.numbers.tolist())])[0]


@settings(max_examples=25)
@given(st.lists(STATEMENT, max_size=8))
def test_the_fewest_interviews_are_those_of_which_no_part_would_do(statements):
    own = tables(statements, [])
    (found,) = flipped_by_interviews(Universes(own, as_stated()), TOWNS, [MORE])
    sets = [some for n in range(len(TOWNS)) for some in combinations(TOWNS, n)]
    without = [AS_STATED | {"without_interview": ";".join(some) or None} for some in sets]
    holds = in_universes(own, pd.DataFrame(without)).values(MORE).astype(bool)
    if holds[0]:
        fails = [len(some) for some, there in zip(sets, holds, strict=True) if not there]
        assert (found and len(found)) == min(fails, default=None)


def test_a_code_is_taken_from_a_whole_statement():
    own = tables(
        [("s1", "ahausen", "explicit", "limit"), ("s1", "bedorf", "explicit", "limit")], []
    )
    removal = Removal(Tables(own))
    found = removal.flips(parse('count(codings, code="limit") > 0'))
    assert len(found) == 1
    assert removal.rows(found) == ["u0/limit", "u1/limit"]


def test_of_many_interviews_only_few_are_taken_away_at_a_time():
    towns = [f"town{n:02}" for n in range(EVERY + 1)]
    own = tables([(town, town, "explicit", "limit") for town in towns], [])
    own["municipalities"] = pd.DataFrame({"municipality_id": towns})
    some, most = (
        parse(f'count(codings, code="limit") > {left}') for left in (EVERY - FEW, EVERY - FEW + 1)
    )
    assert taken_away(EVERY) == EVERY - 1
    found = flipped_by_interviews(Universes(own, as_stated()), towns, [some, most])
    assert found == [None, towns[:FEW]]


def test_of_more_codings_than_anybody_looks_through_the_rest_is_not_looked_for():
    few, many = ([(f"s{n}", None, "none", "limit") for n in range(n)] for n in (LIMIT, LIMIT + 9))
    some = parse('count(codings, code="limit") > 0')
    assert len(Removal(Tables(tables(few, []))).flips(some)) == LIMIT
    assert len(Removal(Tables(tables(many, []))).flips(some)) == LIMIT + 1


@pytest.mark.parametrize("text", [condition for condition in CONDITIONS if "most" not in condition])
@settings(max_examples=25)
@given(st.lists(STATEMENT, max_size=8), st.data())
def test_what_is_left_of_a_number_is_what_is_counted_without_the_codings(text, statements, data):
    removal = Removal(Tables(tables(statements, [])))
    numbers = st.sets(st.integers(0, max(removal.numbers.max(initial=0), 0)))
    some = [frozenset(), *data.draw(st.lists(numbers.map(frozenset), max_size=5))]
    for node in ast.walk(parse(text)):
        if isinstance(node, ast.Call) and node.func.id in ("count", "distinct"):
            each = "ahausen" if "municipalities" in text else "limit"
            left = removal.part(node, each).after(some)
            assert left.tolist() == removal.values(node, each, some).tolist()


FILTERS = st.lists(
    st.sampled_from(['code="limit"', 'code=["limit", "water"]', 'municipality_id="bedorf"']),
    unique_by=lambda text: text.split("=")[0],
    max_size=2,
).map(lambda some: "".join(f", {each}" for each in some))


def either(left, signs, right):
    """Two expressions with one of the signs between them."""
    return st.tuples(left, st.sampled_from(signs), right).map("({0[0]} {0[1]} {0[2]})".format)


TEXTS = st.sampled_from(['"limit"', "most(codings, code, statement_id)"])
NUMBERS = (
    FILTERS.map("count(codings{})".format)
    | FILTERS.map("distinct(codings, statement_id{})".format)
    | st.sampled_from(["1", "2", "count(projects)"])
)
NUMBERS = NUMBERS | either(NUMBERS, ["+", "-", "*"], NUMBERS)
SMALLEST = (
    either(NUMBERS, [">", ">=", "<", "==", "!="], NUMBERS)
    | either(TEXTS, ["==", "!="], TEXTS)
    | st.just("count(codings, code=each) > 0").map("how_many(codes, {}) > 1".format)
)


def conditions(inner):
    """Conditions made of smaller ones, and what looks like one."""
    return (
        either(inner, ["and", "or", "=="], inner)
        | inner.map("not {}".format)
        | inner.map("every(municipalities, {})".format)
        | inner.map("2 * how_many(codes, {}) > 1".format)
    )


@settings(max_examples=150)
@given(st.recursive(SMALLEST, conditions, max_leaves=4), st.lists(STATEMENT, max_size=5))
def test_whatever_is_a_condition_has_a_value_and_what_turns_it_is_found_or_not(text, statements):
    try:
        tree = parse(text)
    except ConditionError:
        reject()
    own = tables(statements, [])
    holds = Tables(own).value(tree)
    found = Removal(Tables(own)).flips(tree) if holds else None
    flipped_by_interviews(Universes(own, as_stated()), TOWNS, [tree])
    assert found is None or not Removal(Tables(own)).values(tree, None, [found])[0]
