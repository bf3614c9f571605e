"""From two passes to the agreed set."""

import pandas as pd
import pytest

from analysis.methods.agreement import agreed, compare_passes, reliability_data

# Who gave the code, what was decided, and whether it stands.
TRUTH = [
    ("a", None, False),
    ("a", "include", True),
    ("a", "exclude", False),
    ("b", None, False),
    ("b", "include", True),
    ("b", "exclude", False),
    ("both", None, True),
    ("both", "include", True),
    ("both", "exclude", False),
]


def coded(*rows):
    return pd.DataFrame(rows, columns=["unit_id", "code", "certainty"]).astype(
        {"certainty": "Int64"}
    )


def decided(*rows):
    return pd.DataFrame(rows, columns=["unit_id", "code", "decision"], dtype="str")


@pytest.mark.parametrize(("given_by", "decision", "stands"), TRUTH)
def test_a_code_stands_if_both_gave_it_or_it_was_included_and_never_if_excluded(
    given_by, decision, stands
):
    other = ("u002", "topic.water", 1)
    codings_a = coded(*([("u001", "topic.water", 1)] if given_by in ("a", "both") else []), other)
    codings_b = coded(*([("u001", "topic.water", 2)] if given_by in ("b", "both") else []), other)
    final = agreed(
        codings_a, codings_b, decided(*([("u001", "topic.water", decision)] if decision else []))
    )
    assert list(final["unit_id"]) == (["u001", "u002"] if stands else ["u002"])
    assert list(final["decided"]) == ([decision == "include", False] if stands else [False])


def test_certainty_is_kept_for_each_pass_and_empty_where_a_pass_did_not_give_the_code():
    final = agreed(
        coded(("u001", "x", 1), ("u002", "x", 3)),
        coded(("u001", "x", 2)),
        decided(("u002", "x", "include")),
    )
    assert final[["certainty_a", "certainty_b"]].astype(object).where(
        lambda frame: frame.notna(), None
    ).to_numpy().tolist() == [[1, 2], [3, None]]


def test_passes_are_compared_pair_by_pair():
    passes = compare_passes(
        coded(("u002", "x", 1), ("u001", "y", 1)), coded(("u002", "x", 1), ("u001", "x", 1))
    )
    assert passes[["unit_id", "code", "given_by"]].to_numpy().tolist() == [
        ["u001", "x", "b"],
        ["u001", "y", "a"],
        ["u002", "x", "both"],
    ]


def test_statements_keep_their_order_beyond_999():
    passes = compare_passes(coded(("u1000", "x", 1), ("u999", "x", 1)), coded(("u10000", "x", 1)))
    assert passes["unit_id"].to_list() == ["u999", "u1000", "u10000"]


def test_a_code_that_neither_pass_gave_can_be_put_in_without_a_certainty():
    final = agreed(
        coded(("u002", "x", 1)),
        coded(("u002", "x", 1)),
        decided(("u001", "y", "include"), ("u003", "y", "exclude")),
    )
    assert final[["unit_id", "code", "decided"]].to_numpy().tolist() == [
        ["u001", "y", True],
        ["u002", "x", False],
    ]
    assert final.loc[0, ["certainty_a", "certainty_b"]].isna().all()


def test_a_unit_that_was_rated_and_given_no_code_has_none():
    silent = coded(("u001", None, None))
    assert compare_passes(silent, silent).empty
    assert agreed(silent, coded(("u001", "x", 1)), decided())["unit_id"].empty


def test_of_a_single_pass_all_codes_are_agreed_that_no_decision_drops():
    single = coded(("u001", "x", 1), ("u002", "x", 1))
    final = agreed(single, coded(), decided(("u002", "x", "exclude"), ("u003", "y", "include")))
    assert final[["unit_id", "code", "decided"]].to_numpy().tolist() == [
        ["u001", "x", False],
        ["u003", "y", True],
    ]


def test_ratings_tell_units_that_were_given_no_code_from_those_that_were_not_rated():
    ratings = reliability_data(
        {
            "zoe": coded(("u1000", "y", 3), ("u999", "z", 1), ("u999", "x", 2)),
            "a": coded(("u999", None, None)),
        }
    )
    assert ratings.astype(object).where(ratings.notna(), None).to_numpy().tolist() == [
        ["zoe", "u999", "x;z", None],
        ["zoe", "u1000", "y", "y"],
        ["a", "u999", None, None],
    ]
    assert reliability_data({"a": coded()}).empty
