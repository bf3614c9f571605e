"""What has become of the rows of a table, whatever identifies them."""

import hypothesis.strategies as some
import pytest
from hypothesis import given, settings

from analysis.compare.rows import listed, row_changes

UNITS = ["unit_id", "place", "gist"]
LONG = "A town says a good deal about its works."
BEFORE = [("u1", "auental", LONG), ("u2", "auental", "Short."), ("u3", "birkfurt", "Other.")]
ROWS = some.lists(
    some.tuples(some.sampled_from("abc"), some.sampled_from("xyz"), some.sampled_from("12")),
    max_size=7,
)


def changes(before, now, key=("unit_id",), header=UNITS):
    found = row_changes(listed(header, before), listed(header, now), key)
    return found["same"], [(one["name"], one["change"]) for one in found["changes"]], found


def test_rows_are_told_apart_by_their_key():
    now = [("u3", "birkfurt", "Another."), ("u4", "auental", "New."), ("u1", "auental", LONG)]
    same, named, found = changes(BEFORE, now)
    assert same == 1
    assert named == [("u3", "changed"), ("u4", "added"), ("u2", "removed")]
    assert [one["cells"] for one in found["changes"]] == [
        [{"column": "gist", "before": "Other.", "now": "Another."}],
        [
            {"column": "place", "before": "", "now": "auental"},
            {"column": "gist", "before": "", "now": "New."},
        ],
        [
            {"column": "place", "before": "auental", "now": ""},
            {"column": "gist", "before": "Short.", "now": ""},
        ],
    ]


def test_an_id_is_renamed_if_the_rest_of_its_row_says_so():
    same, named, found = changes(BEFORE, [("u9", *BEFORE[0][1:]), *BEFORE[1:]])
    assert (same, named) == (2, [("u9", "renamed")])
    assert found["changes"][0]["cells"] == [{"column": "unit_id", "before": "u1", "now": "u9"}]


@pytest.mark.parametrize(
    "now",
    [
        [BEFORE[0], ("u9", *BEFORE[1][1:]), BEFORE[2]],  # says too little
        [("u8", *BEFORE[0][1:]), ("u9", *BEFORE[0][1:]), *BEFORE[1:]],  # two say the same
    ],
)
def test_without_evidence_a_row_has_gone_and_another_come(now):
    assert {change for _, change in changes(BEFORE, now)[1]} == {"added", "removed"}


def test_another_code_for_a_statement_is_a_change():
    header = ["unit_id", "code", "certainty"]
    before = [("u1", "a", "1"), ("u1", "b", "1"), ("u2", "a", "1")]
    now = [("u1", "a", "1"), ("u1", "c", "1"), ("u2", "a", "1")]
    same, named, found = changes(before, now, ("unit_id", "code"), header)
    assert (same, named) == (2, [("u1 / c", "changed")])
    assert found["changes"][0]["cells"] == [{"column": "code", "before": "b", "now": "c"}]


def test_columns_of_one_version_are_named_and_the_others_compared():
    before = listed(["id", "a", "gone"], [("1", "x", "y")])
    now = listed(["id", "new", "a"], [("1", "z", "x")])
    found = row_changes(before, now, ["id"])
    assert (found["same"], found["changes"]) == (1, [])
    assert (found["columns_added"], found["columns_removed"]) == (["new"], ["gone"])


def test_without_a_key_the_first_columns_that_tell_rows_apart_do():
    before, now = [("a", "x", "1"), ("a", "y", "1")], [("a", "x", "2"), ("a", "y", "1")]
    assert changes(before, now, ())[1] == [("a / x", "changed")]
    assert changes(before, now, ("unit_id",))[1] == [("a / x", "changed")], "no key of these rows"


def test_another_order_is_told_of_what_both_versions_have():
    assert changes(BEFORE, BEFORE)[2]["reordered"] == []
    assert changes(BEFORE, BEFORE[::-1])[2]["reordered"] == ["rows"]
    assert changes(BEFORE, [("u0", "x", "y"), *BEFORE[1:]])[2]["reordered"] == []
    turned = [row[::-1] for row in BEFORE]
    found = row_changes(listed(UNITS, BEFORE), listed(UNITS[::-1], turned), ["unit_id"])
    assert (found["changes"], found["reordered"]) == ([], ["columns"])


@settings(max_examples=150)
@given(ROWS, ROWS)
def test_every_row_is_the_same_or_has_changed_once(before, now):
    found = row_changes(listed(UNITS, before), listed(UNITS, now), ("unit_id", "place"))
    kinds = [one["change"] for one in found["changes"]]
    come = len(kinds) - kinds.count("removed")
    gone = len(kinds) - kinds.count("added")
    assert found["same"] + come == len(now)
    assert found["same"] + gone == len(before)
    if before == now:
        assert kinds == []
    else:
        assert kinds or sorted(before) == sorted(now)
        assert kinds or found["reordered"] == ["rows"]
