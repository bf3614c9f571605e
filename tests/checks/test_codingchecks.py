"""The codings keep to one another and to the codebook: differences are decided, decisions are on
what was given, and the agreed set keeps the rules of its dimensions.
"""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from analysis.checks import codingchecks
from analysis.problems import Problems
from analysis.tables import RAW

CODES = pd.DataFrame(
    {
        "code": ["theme.needs", "theme.means", "role.host", "field.trees"],
        "dimension": ["theme", "theme", "role", "field"],
        "role_code": [None, None, None, "role.host"],
    }
)
DIMENSIONS = pd.DataFrame(
    {"dimension": ["theme", "role", "field"], "is_single": [True, False, False]}
)
DECISION = ["unit_id", "code", "given_by", "decision"]


def rows(pairs, columns=("unit_id", "code")):
    """A table with these rows, the first of them in row 2."""
    frame = pd.DataFrame(pairs, columns=list(columns), dtype=object)
    return frame.set_axis(range(2, len(frame) + 2))


def found(pass_a, pass_b, decisions=(), problems=None):
    """What is said about two passes and the decisions between them."""
    problems = problems or Problems()
    passes = {"codings_a": pass_a, "codings_b": pass_b}
    tables = {name: rows(given).assign(certainty=2) for name, given in passes.items()}
    tables |= {"adjudication": rows(decisions, DECISION)}
    tables |= {"codes": CODES, "dimensions": DIMENSIONS}
    before = len(problems.found)
    codingchecks.check(tables, problems)
    return [
        (problem.file.removeprefix("coding/").removesuffix(".csv"), problem.row, problem.wrong)
        for problem in problems.found[before:]
    ]


BOTH = [("u1", "theme.needs"), ("u2", "theme.means")]


def test_passes_that_agree_need_no_decision():
    assert found(BOTH, BOTH) == []


def test_whoever_rated_some_statements_alone_is_told_of_another_name():
    passes = {"codings_a": [*BOTH, ("u3", "role.host")], "codings_b": [("u1", "theme.needs")]}
    for silent in (False, True):
        if silent:
            passes["codings_b"] += [("u2", None), ("u3", None)]
        tables = {name: rows(given).assign(certainty=None) for name, given in passes.items()}
        tables |= {"adjudication": rows([], DECISION), "codes": CODES, "dimensions": DIMENSIONS}
        problems = Problems()
        codingchecks.check(tables, problems)
        expected = "a row with the decision in coding/adjudication.csv"
        if not silent:
            expected += (
                "; who rated only some of the statements is compared, without decisions, under "
                "another name: codings_NAME.csv"
            )
        assert [problem.expected for problem in problems.found] == [expected] * 2


def test_a_difference_is_named_where_it_stands_until_it_is_decided():
    more = [*BOTH, ("u1", "role.host")]
    wrong = "gave role.host to u1, and nobody decided"
    assert found(more, BOTH) == [("codings_a", 4, f"only the first coding {wrong}")]
    assert found(BOTH, more) == [("codings_b", 4, f"only the second coding {wrong}")]
    for decision in ("include", "exclude"):
        assert found(more, BOTH, [("u1", "role.host", "a", decision)]) == []


def test_a_second_pass_that_has_not_begun_leaves_nothing_undecided():
    assert found(BOTH, []) == []


def test_a_second_pass_that_gave_no_code_left_every_code_of_the_first_undecided():
    first = [("u1", "theme.needs"), ("u2", "theme.means")]
    assert found(first, [("u2", None)]) == [
        ("codings_a", 2, "only the first coding gave theme.needs to u1, and nobody decided"),
        ("codings_a", 3, "only the first coding gave theme.means to u2, and nobody decided"),
    ]


@pytest.mark.parametrize(("second", "is_agreed"), [([], True), ([("u1", None)], False)])
def test_nothing_is_summed_up_under_a_theme_that_a_second_pass_did_not_give(second, is_agreed):
    passes = {"codings_a": [("u1", "theme.needs")], "codings_b": second}
    tables = {name: rows(given).assign(certainty=None) for name, given in passes.items()}
    tables |= {"adjudication": rows([], DECISION)}
    tables |= {"units": rows([("u1", "north")], ("unit_id", "municipality_id"))}
    about = ("theme_code", "municipality_id", "unit_id")
    tables |= {"summaries": rows([("theme.needs", "north", "u1")], about)}
    problems = Problems()
    codingchecks.check_summaries(tables, problems)
    assert [problem.wrong for problem in problems.found] == (not is_agreed) * [
        "u1 is not a statement of north on theme.needs"
    ]


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (("u1", "theme.needs", "a", "include"), "theme.needs was given to u1 by both, not by a"),
        (
            ("u1", "role.host", "b", "exclude"),
            "role.host was given to u1 by neither coding, not by b",
        ),
        (("u1", "theme.needs", "both", "include"), None),
        (("u1", "role.host", "neither", "include"), None),
    ],
)
def test_a_decision_names_who_gave_the_code(said, wrong):
    assert found(BOTH, BOTH, [said]) == ([("adjudication", 2, wrong)] if wrong else [])


def test_a_dimension_of_single_choice_has_one_code_in_the_agreed_set():
    two = [("u1", "theme.needs"), ("u1", "theme.means")]
    wrong = "u1 has 2 codes of theme in the agreed set: theme.means, theme.needs"
    assert found(two, two) == [("codings_a", 2, wrong)]
    assert found(two, two, [("u1", "theme.means", "both", "exclude")]) == []


def test_a_field_stands_beside_its_role():
    field, role = [("u1", "field.trees")], [("u1", "role.host")]
    wrong = [("codings_a", 2, "u1 has field.trees without role.host in the agreed set")]
    assert found(field, field) == wrong
    assert found(field + role, field + role) == []
    assert found(field + role, field + role, [("u1", "role.host", "both", "exclude")]) == wrong


def test_what_neither_pass_gave_stands_in_its_decision():
    added = [("u1", "theme.means", "neither", "include")]
    wrong = "u1 has 2 codes of theme in the agreed set: theme.means, theme.needs"
    assert [said for *_, said in found(BOTH, BOTH, added)] == [wrong]
    alone = [("u1", "field.trees", "neither", "include")]
    wrong = "u1 has field.trees without role.host in the agreed set"
    assert found(BOTH, BOTH, alone) == [("adjudication", 2, wrong)]


def test_what_only_follows_from_another_problem_is_left_out():
    problems = Problems()
    problems.add(RAW["codings_a"].file, 2, "code", "'theme.neds' is not known", "a code")
    assert found([("u1", "theme.neds"), *BOTH[1:]], BOTH, problems=problems) == []
    problems = Problems()
    problems.torn[RAW["codings_b"].file].add("u1")
    assert found(BOTH, BOTH[1:], problems=problems) == []


@pytest.mark.parametrize(
    ("given_rows", "wrong"),
    [
        ([("u1", "theme.needs", 2)], None),
        ([("u1", None, None)], None),
        ([("u1", None, 3)], "a certainty without a code"),
        (
            [("u1", "theme.needs", 2), ("u1", None, None)],
            "u1 has codes in other rows, and none here",
        ),
    ],
)
def test_a_statement_without_a_code_has_one_empty_row(given_rows, wrong):
    problems = Problems()
    frame = rows(given_rows, ("unit_id", "code", "certainty"))
    codingchecks.check_rated({"codings_a": frame}, problems)
    assert [problem.wrong for problem in problems.found] == ([wrong] if wrong else [])


PAIRS = some.sets(
    some.tuples(some.sampled_from(["u1", "u2", "u3"]), some.sampled_from(list(CODES["code"][:3])))
)


@settings(max_examples=60)
@given(PAIRS, PAIRS)
def test_deciding_every_difference_leaves_none_undecided(pass_a, pass_b):
    decisions = [
        (*pair, "a" if pair in pass_a else "b", "exclude") for pair in sorted(pass_a ^ pass_b)
    ]
    said = found(sorted(pass_a), sorted(pass_b), decisions)
    assert not [wrong for *_, wrong in said if "decided" in wrong or "given" in wrong]
    assert len(
        [wrong for *_, wrong in found(sorted(pass_a), sorted(pass_b)) if "decided" in wrong]
    ) == (len(decisions) if pass_b else 0)
