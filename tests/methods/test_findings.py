"""Conditions of findings: what they count, that they count right, and what they refuse."""

import contextlib

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.methods.findings import NUMBER, TEXT, TRUTH, ConditionError, Tables, parse

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
    assert value('most(codings, code, statement_id, corpus="interview")', TEXT) is None


HOSTILE = (
    "__import__('os').system('true')", "().__class__", "count.__globals__", "codings.code",
    "(lambda: 0)()", "[x for x in codings]", "f'{codings}'", "count(codings, **codings)",
    "count(*codings)", "open('x')", "eval('1')", "9 ** 9 ** 9",
    "9" * 700, "10000 > 1", "'a' * 9999",
    "1 / 0", "1 << 9", "-1 > 0", "~1", "True", "1.5 > 1", "1j", "b'x'", "...", "codings",
    "(" * 300 + ")" * 300, "not " * 190 + "1", "-" * 700 + "1", "1" + "+1" * 90,
    "[" * 90 + "]" * 90,
    "count(codings, code=each) > 0", "every(codings, count(codes) > 0)", "a := 1", "x if y else z",
    "every(codes, every(codes, count(codes) > 0))", "count(findings) > 0", "", "\0", "count(",
    "a;b", 'count(codings, code=("a",)) > 0', "count(codings, code=3) > 0", "count(codings, 3) > 0",
    "count('codings') > 0", "1 in count(codings)", "1 is 1", "yield 1", "await 1",
    "count(codings)",
    "every(municipalities, 1)", "most(codings, code) == 'a'", "count(codings) == 'a'",
    "\\", "'\\d'",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_what_does_not_belong_to_the_language_is_refused_with_what_was_expected(text):
    with pytest.raises(ConditionError) as refused:
        parse(text)
    assert "expected" in str(refused.value) or "there is no" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("count(coding) > 0", "there is no table 'coding' (did you mean 'codings'?)"),
        ("cout(codings) > 0", "there is no function 'cout' (did you mean 'count'?); expected one"),
        ("count(codings, cod='x') > 0", "codings has no column 'cod' (did you mean 'code'?)"),
        (
            "count(statements, corpus='case s') > 0",
            "corpus is never 'case s' (did you mean 'case'?)",
        ),
        ("count(codings, code='x') > 0", "code is never 'x'"),
    ],
)
def test_a_slip_is_named_with_the_nearest_word(text, said):
    with pytest.raises(ConditionError) as refused:
        parse(text, values={"codes.code": ["opportunity"]}.get)
    assert str(refused.value).startswith(said)


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(st.text(max_size=60) | st.text("count(odings,)=\"'._<>1 evrynot[]", max_size=60))
def test_any_text_is_a_condition_or_is_refused(text):
    with contextlib.suppress(ConditionError):
        parse(text)


CODED = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz")), max_size=30)


@settings(derandomize=True, database=None, deadline=None, max_examples=60)
@given(CODED)
def test_counts_are_those_of_python_whatever_the_order(pairs):
    tables = TABLES | {"codings": pd.DataFrame(pairs, columns=["unit_id", "code"])}
    assert value('distinct(codings, unit_id, code="x")', tables=tables) == len(
        {unit for unit, code in pairs if code == "x"}
    )
    backwards = tables | {"codings": tables["codings"].iloc[::-1].reset_index(drop=True)}
    for text in ("count(codings)", "distinct(codings, code)", 'count(codings, code=["x", "y"])'):
        assert value(text, tables=tables) == value(text, tables=backwards)
    assert value("most(codings, code, unit_id)", TEXT, tables) == value(
        "most(codings, code, unit_id)", TEXT, backwards
    )
