"""Universes: what is left of the tables, and that every finding is counted there as if the raw
data had been so from the start.
"""

import shutil

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import TOWNS, tables

from analysis.methods.conditions import NUMBER, parse
from analysis.methods.evaluation import Tables
from analysis.methods.universes import AS_STATED, alike, as_stated, in_universes
from analysis.processed.prepare import prepare

STATEMENTS = [
    ("s1", "ahausen", "explicit", "opportunity"),
    ("s1", "ahausen", "explicit", "opportunity water"),
    ("s2", "bedorf", "inferred", "limit"),
    ("s3", "ahausen", "collective", "opportunity"),
    ("s3", "bedorf", "collective", "opportunity"),
    ("s4", None, "none", "limit"),
]
RATINGS = [
    ("a", "u0", "opportunity; wood", "opportunity; wood"),
    ("a", "u2", "limit", None),
    ("b", "u2", None, None),
    ("zoe", "u2", "limit; water", "water"),
]
PASSES = [("u0", "opportunity", 3, None), ("u2", "limit", 1, None), ("u0", "wood", 3, None)]
TABLES = tables(STATEMENTS, [], RATINGS, PASSES)
OPPORTUNITIES = 'distinct(codings, statement_id, code="opportunity")'


def counted(text, tables=TABLES, **choices):
    known = in_universes(tables, pd.DataFrame([AS_STATED | choices]))
    return known.value(parse(text, NUMBER))


@pytest.mark.parametrize(
    ("choices", "units", "pairs", "opportunities"),
    [
        ({}, 6, 7, 2),
        ({"without_interview": "ahausen"}, 3, 3, 1),
        ({"without_interview": "ahausen; bedorf"}, 1, 1, 0),
        ({"attribution": "explicit"}, 2, 3, 1),
        ({"attribution": "not_collective"}, 4, 5, 1),
        ({"corpus": "case"}, 0, 0, 0),
        ({"corpus": "interview"}, 6, 7, 2),
        ({"coder": "a"}, 6, 3, 1),
        ({"coder": "b"}, 6, 0, 0),
        ({"certainty": "not_weak"}, 6, 6, 2),
        ({"coder": "a", "certainty": "not_weak"}, 6, 1, 0),
        ({"coder": "a", "without_interview": "ahausen"}, 3, 1, 0),
        ({"coder": "zoe"}, 6, 2, 0),
        ({"merged": "opportunity;limit"}, 6, 7, 4),
        ({"merged": "opportunity; water"}, 6, 6, 2),
        ({"merged": "opportunity;limit", "without_interview": "ahausen"}, 3, 3, 3),
        ({"merged": "water;limit", "coder": "zoe", "certainty": "not_weak"}, 6, 1, 0),
        ({"coder": "zoe", "certainty": "not_weak"}, 6, 1, 0),
    ],
)
def test_what_is_left_is_what_was_worked_out_by_hand(choices, units, pairs, opportunities):
    found = [counted(f"count({table})", **choices) for table in ("statements", "codings")]
    assert [*found, counted(OPPORTUNITIES, **choices)] == [units, pairs, opportunities]


def test_agreed_codings_can_be_weak_whatever_the_name_of_the_coder_that_counts():
    ratings = [("yan", unit, codes, weak) for coder, unit, codes, weak in RATINGS if coder == "a"]
    own = tables(STATEMENTS, [], ratings, PASSES)
    assert counted("count(codings)", own, certainty="not_weak") == 7 - 1


def test_without_a_reply_what_it_says_of_other_towns_is_gone_and_what_others_say_of_its_own_stays():
    statements = TABLES["statements"].assign(interview_id=["celle", None, "ahausen"] + [None] * 3)
    own = TABLES | {"statements": statements.astype({"interview_id": str})}
    left = {"ahausen": 3, "celle": 5, "bedorf": 5}
    # u0 speaks of Ahausen, in the reply of Celle; u2 of Bedorf, in that of Ahausen
    assert {
        town: counted("count(statements)", own, without_interview=town) for town in left
    } == left


def test_a_town_without_its_interview_is_no_town_that_something_must_hold_for():
    assert counted("count(municipalities)") == len(TOWNS)
    assert counted("count(municipalities)", without_interview="celle") == len(TOWNS) - 1


def test_what_speaks_of_no_statement_stays():
    assert counted("count(projects)", without_interview="ahausen", corpus="case") == 2


def test_leaving_nothing_out_changes_nothing_and_is_found_out():
    universes = pd.DataFrame([AS_STATED, AS_STATED, AS_STATED | {"coder": "a"}])
    assert alike(in_universes(TABLES, universes)).tolist() == [True, True, False]
    stated = in_universes(TABLES, as_stated())
    for text in ("count(codings)", OPPORTUNITIES, "count(statements)", "distinct(codings, code)"):
        tree = parse(text, NUMBER)
        assert stated.value(tree) == Tables(TABLES).value(tree)


STATEMENT = st.tuples(
    st.sampled_from(["s1", "s2", "s3", "s4"]),
    st.sampled_from([*TOWNS, None]),
    st.sampled_from(["explicit", "collective"]),
    st.sampled_from(["limit", "opportunity", "limit opportunity", "water", ""]),
)
CHOICES = st.fixed_dictionaries({
    "coder": st.just("agreed"),
    "without_interview": st.sampled_from([None, *TOWNS, "ahausen;celle"]),
    "attribution": st.sampled_from(["all", "not_collective", "explicit"]),
    "certainty": st.just("all"),
    "corpus": st.sampled_from(["all", "interview"]),
    "merged": st.sampled_from([None, "limit;opportunity", "water; limit", "wood;water;limit"]),
})  # fmt: skip
CONDITIONS = [
    'every(municipalities, count(codings, municipality_id=each, code="limit") > 0)',
    'most(codings, code, statement_id) == "limit"',
    'distinct(codings, statement_id, code="limit") < 2 * count(codings, code="water")',
    'how_many(codes, distinct(codings, municipality_id, code=each) == 1) == 1',
    'not count(statements, attribution="explicit") == 0 or count(statements) > 2',
]  # fmt: skip


def filtered(tables, choice):
    """The same by plain filters of frames, one universe at a time."""
    without = (choice["without_interview"] or "").split(";")
    statements = tables["statements"]
    statements = statements[~statements["municipality_id"].isin(without)]
    if choice["attribution"] == "explicit":
        statements = statements[statements["attribution"] == "explicit"]
    if choice["attribution"] == "not_collective":
        statements = statements[statements["attribution"] != "collective"]
    codings, towns = tables["codings"], tables["municipalities"]
    first, *others = (choice["merged"] or "none").replace(" ", "").split(";")
    codings = codings.assign(code=codings["code"].replace(dict.fromkeys(others, first)))
    codings = codings.drop_duplicates(["unit_id", "code"])
    return tables | {
        "statements": statements,
        "codings": codings[codings["unit_id"].isin(statements["unit_id"])],
        "municipalities": towns[~towns["municipality_id"].isin(without)],
    }


@settings(max_examples=40)
@given(st.lists(STATEMENT, max_size=9), st.lists(CHOICES, min_size=1, max_size=4))
def test_many_universes_at_once_are_what_filters_of_frames_give_one_by_one(statements, choices):
    own = tables(statements, [])
    known = in_universes(own, pd.DataFrame(choices))
    one_by_one = [Tables(filtered(own, choice)) for choice in choices]
    for tree in map(parse, CONDITIONS):
        each = [bool(tables.value(tree)) for tables in one_by_one]
        assert known.values(tree).astype(bool).tolist() == each


@settings(max_examples=30)
@given(st.lists(STATEMENT, max_size=9), CHOICES)
def test_other_names_for_the_codes_change_nothing(statements, choice):
    def renamed(text):
        return text.replace("limit", "zz").replace("opportunity", "aa")

    own = tables(statements, [])
    other = tables([(*rest, renamed(codes)) for *rest, codes in statements], [])
    other["codes"] = own["codes"].assign(code=own["codes"]["code"].map(renamed))
    renamed_choice = choice | {"merged": choice["merged"] and renamed(choice["merged"])}
    known = in_universes(own, pd.DataFrame([choice]))
    otherwise = in_universes(other, pd.DataFrame([renamed_choice]))
    for text in CONDITIONS:
        assert known.value(parse(text)) == otherwise.value(parse(renamed(text)))


def test_a_pass_alone_counts_as_if_there_had_been_no_other(mini):
    prepared = prepare(mini.read())
    pairs = in_universes(prepared, pd.DataFrame([AS_STATED | {"coder": "a"}]))
    for name in ("codings_b", "adjudication", "universes"):
        (mini.raw / f"coding/{name}.csv").unlink()
    for name in ("codings_b", "adjudication"):
        (mini.raw / f"context/{name}.csv").unlink(missing_ok=True)
    shutil.rmtree(mini.raw / "context")
    for name in ("findings.csv", "coding/summaries.csv"):
        (mini.raw / name).unlink()
    alone = Tables(prepare(mini.read()))
    for text in ("count(codings)", "distinct(codings, code)", "distinct(codings, statement_id)"):
        tree = parse(text, NUMBER)
        assert pairs.value(tree) == alone.value(tree) > 0


def test_in_every_universe_there_are_statements_of_all_codings():
    universes = pd.DataFrame([AS_STATED | {"without_interview": "bedorf", "coder": "a"}])
    known = in_universes(TABLES, universes)
    units = known.tables["codings"]["unit_id"][known.kept["codings"][0]]
    there = known.tables["statements"]["unit_id"][known.kept["statements"][0]]
    assert np.isin(units, there).all()
