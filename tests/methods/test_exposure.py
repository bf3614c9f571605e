"""What other choices can do to a finding: the known answers, and that what is called untouched
never falls.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from invented import TOWNS, tables
from test_fragility import SMALLEST, conditions, known_answer
from test_universes import CHOICES, PASSES, RATINGS, STATEMENT

from analysis.methods.conditions import ConditionError, parse
from analysis.methods.evaluation import Tables
from analysis.methods.exposure import (
    could_lose,
    could_turn,
    is_said,
    is_touched,
    keeps_codes,
    moves,
    verdicts,
)
from analysis.methods.fragility import Removal, exposed_to_interviews, flipped_by_interviews
from analysis.methods.universes import AS_STATED, Universes, as_stated, in_universes


def test_only_what_counts_statements_or_codings_is_touched_by_a_choice():
    assert is_touched(parse("every(municipalities, count(codings, municipality_id=each) > 0)"))
    assert not is_touched(parse("every(municipalities, count(projects) > 0)"))


def test_a_finding_on_a_town_says_nothing_where_nothing_of_the_town_is_left():
    own = known_answer()
    universes = pd.DataFrame(
        [AS_STATED | {"without_interview": town} for town in ("ahausen", "bedorf")]
    )
    for text in (
        'count(codings, municipality_id="ahausen") > 3',
        'most(codings, municipality_id, statement_id) == "ahausen"',
    ):
        assert is_said(in_universes(own, universes), parse(text)).tolist() == [False, True], text
    every = parse("every(municipalities, count(codings, municipality_id=each) > 0)")
    assert is_said(in_universes(own, universes), every).all()


def test_a_finding_on_a_code_says_nothing_where_that_counts_as_another():
    universes = pd.DataFrame([AS_STATED | {"merged": "limit;opportunity; water"}, AS_STATED])
    for text, kept in (
        ('count(codings, code="opportunity") == 0', False),
        ('count(codings, code=["wood", "water"]) > 0', False),
        ('count(codings, code="limit") > 0', True),
        ('most(codings, code, statement_id) == "water"', False),
        ('most(codings, code, statement_id) == "limit"', True),
        ("every(codes, count(codings, code=each) > 0)", True),
    ):
        assert keeps_codes(universes, parse(text)).tolist() == [kept, True]


def judged(tables, text, *choices):
    """The verdicts on a condition where something is chosen otherwise."""
    universes = pd.DataFrame([AS_STATED, *(AS_STATED | choice for choice in choices)])
    return verdicts(in_universes(tables, universes), universes, parse(text))[1:].tolist()


STATEMENTS = [
    ("s1", "ahausen", "explicit", "limit"),
    ("s2", "bedorf", "collective", "opportunity"),
    ("s3", "bedorf", "explicit", "opportunity water"),
]
FIRST, SECOND, EXPLICIT = (
    {"without_interview": "ahausen"},
    {"without_interview": "bedorf"},
    {"attribution": "explicit"},
)


@pytest.mark.parametrize(
    ("text", "choices", "found"),
    [
        # Taking away what it counts can refute it, or not; nothing is gone that it looks at.
        ('count(codings, code="limit") > 0', [FIRST, SECOND], ["fails", "untouched"]),
        ('count(codings, code="opportunity") > 0', [EXPLICIT, SECOND], ["holds", "fails"]),
        # Nothing that is taken away refutes that something is missing; another coder may have it.
        ('count(codings, code="wood") == 0', [FIRST, EXPLICIT], ["untouched"] * 2),
        ('count(codings, code="wood") == 0', [{"coder": "b"}, {"coder": "a"}], ["holds", "fails"]),
        ('count(codings, code="limit") < 2', [FIRST, SECOND], ["untouched"] * 2),
        ('not count(codings, code="limit") > 1', [FIRST, SECOND], ["untouched"] * 2),
        # What counts no codings stays as it is whoever coded, and where codes are merged.
        ("2 * count(statements) > 5", [{"coder": "a"}, SECOND], ["untouched", "fails"]),
        ('count(codings, code="limit") < 2', [{"merged": "limit;opportunity"}], ["fails"]),
        ('count(codings, code="limit") > 0', [{"merged": "limit;opportunity"}], ["untouched"]),
        ('count(codings, code="limit") < 2', [{"merged": "water;limit"}], ["void"]),
        # A difference can go either way.
        (
            'count(codings, code="opportunity") > count(codings, code="limit")',
            [FIRST, SECOND, EXPLICIT],
            ["untouched", "fails", "fails"],
        ),
        (
            "every(municipalities, count(codings, municipality_id=each) < 5)",
            [FIRST, SECOND],
            ["holds", "holds"],
        ),
        ('count(codings, municipality_id="ahausen") > 0', [FIRST, SECOND], ["void", "untouched"]),
    ],
)
def test_a_finding_is_untouched_where_it_could_not_fall(text, choices, found):
    assert judged(tables(STATEMENTS, [], RATINGS, PASSES), text, *choices) == found


def test_what_cannot_fall_without_interviews_or_codings_is_told_from_what_does_not():
    own = tables(STATEMENTS, [])
    study, known = Universes(own, as_stated()), Tables(own)
    for text, to_interviews, to_codings in (
        ('count(codings, code="limit") > 0', True, True),
        ('count(codings, code="wood") == 0', False, False),
        ("2 * count(statements) > 5", True, False),
        ("count(projects) == 2", False, False),
        ('count(codings, code="limit") == 1', True, True),
        ('count(codings, corpus="case") > 0', False, False),
    ):
        tree = parse(text)
        assert exposed_to_interviews(study, TOWNS, tree) == to_interviews, text
        assert could_lose(known, tree, "codings") == to_codings, text


FALLS, RISES = "falls", "rises"
MIXED = {FALLS, RISES}


def test_where_only_one_was_asked_nobody_can_be_left_out():
    study = Universes(tables(STATEMENTS, []), as_stated())
    tree = parse('count(codings, code="limit") > 0')
    assert exposed_to_interviews(study, ["ahausen", "bedorf"], tree)
    assert not exposed_to_interviews(study, ["ahausen"], tree)
    assert not exposed_to_interviews(study, [], tree)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("count(codings) > 3", {FALLS}),
        ("3 > count(codings)", {RISES}),
        ("count(codings) == 0", {RISES}),
        ("count(codings) != 0", {FALLS}),
        ("count(codings) == 1", MIXED),
        ("count(codings) - 1 == 0", MIXED),
        ("not count(codings) == 0", {FALLS}),
        ("2 * count(codings) > count(projects)", {FALLS}),
        ("2 * count(codings) > count(statements)", MIXED),
        ("count(codings) * count(codings) > 3", MIXED),
        ("3 - count(codings) > 1", {RISES}),
        ("1 < count(codings) < 5", MIXED),
        ("count(projects) == 2", set()),
        ('most(codings, code, statement_id) == "limit"', MIXED),
        ("how_many(codes, count(codings, code=each) == 0) > 1", {RISES}),
        ("how_many(statements, count(codings, unit_id=each) == 0) > 1", MIXED),
        ("every(codes, count(codings, code=each) > 0)", {FALLS}),
        ("every(municipalities, count(projects) == 2)", MIXED),
        ("count(codings) > 3 and count(projects) == 2", {FALLS}),
        ("count(codings) > 3 or count(statements) == 0", MIXED),
    ],
)
def test_where_a_condition_goes_if_rows_are_taken_away_follows_from_its_parts(text, where):
    losing = {"codings", "statements", "municipalities"}
    known = Tables(tables(STATEMENTS, []))
    found = moves(known, parse(text), lambda table, _: np.array([[table in losing], [False]]))
    assert {way for way, can in zip((FALLS, RISES), found[:, 0], strict=True) if can} == where


def test_every_of_no_rows_does_not_hold():
    own = tables([], []) | {"projects": pd.DataFrame({"project_id": []}, dtype=str)}
    assert not Tables(own).value(parse("every(projects, count(codes) > 0)"))
    assert Tables(own).value(parse("every(codes, count(codes) > 0)"))


LISTED = st.lists(STATEMENT, max_size=6)
quickly = settings(max_examples=120)


@quickly
@given(st.recursive(SMALLEST, conditions, max_leaves=4), LISTED, st.data())
def test_nothing_goes_where_it_is_said_not_to_go(text, statements, data):
    """A truth, with any rows of any tables taken away or added."""
    try:
        tree = parse(text)
    except ConditionError:
        reject()
    own = tables(statements, [])
    names = ("statements", "codings", "municipalities")
    kept = {name: data.draw(_in_two_universes(len(own[name]))) for name in names}
    known = Tables(own, kept)
    before, after = known.values(tree).astype(bool)
    universes = pd.DataFrame([AS_STATED, AS_STATED])
    assert before == after or could_turn(known, universes, tree)[1]


def _in_two_universes(n):
    rows = st.lists(st.booleans(), min_size=n, max_size=n)
    return st.tuples(rows, rows).map(lambda two: np.array(two, dtype=bool).reshape(2, n))


@quickly
@given(
    st.recursive(SMALLEST, conditions, max_leaves=3),
    LISTED,
    st.lists(CHOICES, min_size=1, max_size=4),
)
def test_what_is_untouched_holds_there_as_well(text, statements, choices):
    try:
        tree = parse(text)
    except ConditionError:
        reject()
    own = tables(statements, [])
    universes = pd.DataFrame([AS_STATED, *choices])
    known = in_universes(own, universes)
    holds, found = known.values(tree).astype(bool), verdicts(known, universes, tree)
    assert all(holds[found == "untouched"])
    if not holds[0]:
        return
    if not could_lose(Tables(own), tree, "codings"):
        assert not Removal(Tables(own)).flips(tree)
    if not exposed_to_interviews(Universes(own, as_stated()), TOWNS, tree):
        assert flipped_by_interviews(Universes(own, as_stated()), TOWNS, [tree]) == [None]
