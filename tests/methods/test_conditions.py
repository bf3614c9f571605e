"""Conditions of findings: whatever is none of the language is refused, with what was expected."""

import ast
import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.methods.conditions import ConditionError, calls, parse, tables_of

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
    "most(codings, code, unit_id) == most(codings, code, statement_id)",
    "'a' == most(codings, code, unit_id)", "most(codings, code, unit_id) == 'a' == 'b'",
    "(count(codings) > 0) == (count(codes) > 0)", "'a' == 'a'",
    "every(codes, count(codes) > 0) != (1 > 0)",
    "1 > 0", "count(codings) > 9 or 1 > 0", "every(codes, 1 > 0)",
    "count(codings, code='a', code='b') > 0",
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "count(codings) < 9999",
        "not (" * 11 + "count(codes) > 0" + ")" * 11,
        f"count(codings, code={'x' * 30!r}) == {' ' * 700}0",
    ],
)
def test_numbers_depth_and_length_may_be_as_great_as_is_said(text):
    parse(text)


def test_an_expression_needs_the_tables_it_counts_in_and_those_they_refer_to():
    said = 'every(codes, distinct(codings, statement_id, code=each, corpus="case") > 0)'
    assert tables_of(parse(said)) == {"codes", "codings", "statements"}
    of_units = parse('count(adjudication, corpus="case") > 0')  # it refers to raw tables of them
    assert tables_of(of_units) == {"adjudication", "statements"}
    assert [ast.unparse(call) for call in calls(parse("count(levels) > 1 > count(codes)"))] == [
        "count(levels)",
        "count(codes)",
    ]


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
        ("most(codings, code, unit_id) != 'x'", "code is never 'x'"),
        ("most(codings, corpus, unit_id) == 'cas'", "corpus is never 'cas' (did you mean 'case'?)"),
    ],
)
def test_a_slip_is_named_with_the_nearest_word(text, said):
    with pytest.raises(ConditionError) as refused:
        parse(text, values={"codes.code": ["opportunity"]}.get)
    assert str(refused.value).startswith(said)


@settings(max_examples=200)
@given(st.text(max_size=60) | st.text("count(odings,)=\"'._<>1 evrynot[]", max_size=60))
def test_any_text_is_a_condition_or_is_refused(text):
    with contextlib.suppress(ConditionError):
        parse(text)
