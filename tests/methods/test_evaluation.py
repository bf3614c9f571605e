"""What conditions of findings count, that they count right, whatever the order of rows."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.methods.conditions import NUMBER, TRUTH, VALUE, parse
from analysis.methods.evaluation import Tables

# A statement cut into two units, one of no town, one of another part; opportunities 3, limits 2.
STATEMENTS = pd.DataFrame(
    [
        ("u1", "s1", "interview", "here", "explicit"),
        ("u2", "s1", "interview", "here", "explicit"),
        ("u3", "s2", "interview", "there", "inferred"), ("u4", "s3", "interview", None, "none"),
        ("u5", "s4", "case", None, "explicit"),
    ],
    columns=["unit_id", "statement_id", "corpus", "municipality_id", "attribution"],
)  # fmt: skip
CODINGS = pd.DataFrame(
    [
        ("u1", "opportunity"), ("u2", "opportunity"), ("u3", "opportunity"), ("u5", "opportunity"),
        ("u3", "limit"), ("u4", "limit"),
    ],
    columns=["unit_id", "code"],
)  # fmt: skip
TABLES = {
    "statements": STATEMENTS,
    "codings": CODINGS.assign(dimension="aspect"),
    "codes": pd.DataFrame({"code": ["opportunity", "limit", "other"], "dimension": "aspect"}),
    "municipalities": pd.DataFrame({"municipality_id": ["here", "there"]}),
    "projects": pd.DataFrame(
        {"project_id": ["p", "q"], "municipality_id": ["here;there", "there"], "kind": "plan"}
    ),
    "levels": pd.DataFrame({"level_id": ["a", "b"], "is_municipal": [True, False]}),
    "targets": pd.DataFrame({"target_id": ["t", "u"], "year": pd.array([2030, None], "Int64")}),
}


def value(text, expected=NUMBER, tables=TABLES):
    return Tables(tables).value(parse(text, expected))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("count(codings)", 6),
        ('count(codings, code="opportunity")', 4),
        ('distinct(codings, statement_id, code="opportunity")', 3),
        ('distinct(codings, statement_id, code="opportunity", corpus="interview")', 2),
        ('distinct(codings, statement_id, code=["opportunity", "limit"])', 4),
        ("count(statements, municipality_id=None)", 2),
        ('count(projects, municipality_id="there")', 2),
        ('count(projects, municipality_id=["here"])', 1),
        ("distinct(projects, municipality_id)", 2),
        ("count(levels, is_municipal=False)", 1),
        ("count(targets, year=2030)", 1),
        ("count(targets, year=None)", 1),
        ("how_many(codes, count(codings, code=each) == 0)", 1),
        ('how_many(municipalities, count(projects, municipality_id=each, kind="plan") > 1)', 1),
        ("2 * count(levels) + 1 - count(targets)", 3),
    ],
)
def test_functions_count_what_was_counted_by_hand(text, number):
    assert value(text) == number


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("every(municipalities, count(statements, municipality_id=each) > 0)", True),
        ("every(municipalities, count(statements, municipality_id=each) > 1)", False),
        ('most(codings, code, statement_id) == "opportunity"', True),
        ('most(codings, code, statement_id, corpus="interview") == "opportunity"', False),
        ("not count(codings) > 6 and (count(levels) == 2 or count(codings) < 0)", True),
        ("1 < count(levels) <= 2", True),
        ("count(levels) != 2", False),
    ],
)
def test_conditions_hold_as_worked_out_by_hand(text, truth):
    assert value(text, TRUTH) is truth


def test_of_several_with_most_there_is_none():
    assert value('most(codings, code, statement_id, corpus="interview")', VALUE) is None


CODED = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz")), max_size=30)


@settings(max_examples=60)
@given(CODED)
def test_counts_are_those_of_python_whatever_the_order(pairs):
    tables = TABLES | {"codings": pd.DataFrame(pairs, columns=["unit_id", "code"])}
    assert value('distinct(codings, unit_id, code="x")', tables=tables) == len(
        {unit for unit, code in pairs if code == "x"}
    )
    backwards = tables | {"codings": tables["codings"].iloc[::-1].reset_index(drop=True)}
    for text in ("count(codings)", "distinct(codings, code)", 'count(codings, code=["x", "y"])'):
        assert value(text, tables=tables) == value(text, tables=backwards)
    assert value("most(codings, code, unit_id)", VALUE, tables) == value(
        "most(codings, code, unit_id)", VALUE, backwards
    )
