"""Agreement on codes: what is counted of units with several codes, with none, and not rated."""

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import from_table

from analysis.methods.codeagreement import (
    coded_sets,
    costs,
    of_codes,
    of_pairs,
    of_sets,
    only,
    set_alpha,
    spoken_of,
    units_of,
)
from analysis.methods.determinable import NotDeterminable
from analysis.methods.distances import jaccard, masi
from analysis.methods.reliability import Interval, cohen_kappa, wilson_interval


def sets_of(**coders):
    """Codes as letters by coder and unit; a dash for none, a question mark for not rated."""
    rows = [
        (coder, f"u{unit}", ";".join(codes.strip("-")) or None)
        for coder, given in coders.items()
        for unit, codes in enumerate(given.split())
        if codes != "?"
    ]
    return coded_sets(pd.DataFrame(rows, columns=["coder", "unit_id", "codes"]))


def alone(sets):
    """Each unit is a statement of its own."""
    return sets.index.to_series()


def test_sets_tell_none_from_not_rated():
    sets = sets_of(a="xy - x", b="? x -")
    assert sets["a"].to_list() == [{"x", "y"}, set(), {"x"}]
    assert pd.isna(sets.at["u0", "b"])
    assert sets.loc["u1":, "b"].to_list() == [{"x"}, set()]
    assert only(sets, ["y"])["a"].to_list() == [{"y"}, set(), set()]
    assert list(spoken_of(only(sets, ["y"])).index) == ["u0"]


def test_each_code_is_a_table_of_its_own_with_and_without_silent_units():
    sets = sets_of(a="x xy x - - -", b="x x - x - -")
    x = of_codes(sets, ["x"]).loc[0]
    assert (x["positives"], x["units"], x["share"]) == (4, 6, wilson_interval(4, 6))
    assert x["kappa"] == pytest.approx(cohen_kappa(from_table([[2, 1], [1, 2]])))
    assert (x["percent"], x["given_only"]) == pytest.approx((4 / 6, 2 / 4))
    assert x["positive"] == pytest.approx(4 / 6)


def test_a_code_that_nobody_gave_cannot_be_determined():
    row = of_codes(sets_of(a="x - x", b="x - -"), ["z"]).loc[0]
    assert row["alpha"] == row["ac1"] == row["interval"] == NotDeterminable("no_variation")
    assert row["positive"] == NotDeterminable("no_case")
    assert row["given_only"] == NotDeterminable("unpaired")


def test_a_unit_that_one_coder_did_not_rate_does_not_count_against_agreement():
    both = of_sets(sets_of(a="x y -", b="x y -"), "xy")
    more = of_sets(sets_of(a="x y - x", b="x y - ?"), "xy")
    assert both["masi"] == more["masi"] == both["same"] == more["same"] == 1


def test_what_only_one_coder_rated_is_in_no_number_of_agreement():
    both = sets_of(a="x xy x - y -", b="x x - - y x")
    more = sets_of(a="x xy x - y - x ? y", b="x x - - y x ? x ?")
    assert of_codes(more, "xy").equals(of_codes(both, "xy"))
    assert of_codes(more, "x").loc[0, ["positives", "units"]].to_list() == [4, 6]
    assert of_sets(more, "xy") == of_sets(both, "xy")
    assert of_pairs(more, "xy")["a", "b"]["units"] == of_sets(more, "xy")["units"] == 6


def test_a_statement_that_cannot_have_a_code_does_not_count_as_one_without():
    codes = pd.DataFrame({"code": [*"xyz"], "dimension": ["own", "own", "all"]})
    dimensions = pd.DataFrame({"dimension": ["own", "all"], "applies_to": ["units", None]})
    asked, more = (
        sets_of(a="x y - x -", b="x x - x y"),
        sets_of(a="x y - x - - z", b="x x - x y - z"),
    )
    statements = pd.DataFrame(
        {"unit_id": more.index, "corpus": ["interview"] * len(asked) + ["case"] * 2}
    )
    of = units_of(codes, dimensions, statements)
    assert of == {"x": {*asked.index}, "y": {*asked.index}}
    assert of_codes(more, "xy", of).equals(of_codes(asked, "xy"))
    assert of_sets(more, "xy", of) == of_sets(asked, "xy")
    assert of_pairs(more, "xy", of) == of_pairs(asked, "xy")
    assert of_codes(more, "z", of).loc[0, "units"] == of_sets(more, "xyz", of)["units"] == len(more)
    assert of_sets(more, "xyz", of)["percent"] == pytest.approx((2 * 5 + 7 - 3) / (2 * 5 + 7))


@pytest.mark.parametrize("table", [None, "context_units"])
def test_codes_of_both_kinds_of_statements_or_of_documents_alone_are_compared_in_all(table):
    codes = pd.DataFrame({"code": ["x"], "dimension": ["own"]})
    dimensions = pd.DataFrame({"dimension": ["own"], "applies_to": [table]})
    statements = pd.DataFrame({"unit_id": ["u0"], "corpus": ["interview"]})
    assert units_of(codes, dimensions, statements) == {}


def test_one_code_more_costs_less_than_another_code():
    one_more = of_sets(sets_of(a="x y xy -", b="x y x -"), "xy")
    another = of_sets(sets_of(a="x y x -", b="x y y -"), "xy")
    for name in ("jaccard", "masi"):
        assert one_more[name] > another[name]
    assert one_more["same"] == another["same"] == 0.75
    assert one_more["masi_spoken"] < one_more["masi"]


def test_three_coders_are_compared_all_with_each_other():
    found = of_sets(sets_of(a="x y x -", b="x y y -", c="x y x -"), "xy")
    assert 0 < found["masi"] < 1
    assert found["kappa"] == NotDeterminable("not_two_coders")


def test_the_units_that_cost_most_come_first():
    sets = sets_of(a="x y xy - x", b="x y x - y")
    found = costs(sets, alone(sets))
    assert list(found.index[:2]) == ["u4", "u2"]
    coefficient, ratings = set_alpha(sets.drop("u4"), masi)
    assert found.at["u4", "without"] == pytest.approx(coefficient(ratings))
    assert found["cost"].is_monotonic_decreasing


def test_a_statement_on_several_places_costs_what_all_of_its_units_do():
    sets = sets_of(a="x y y x - xy", b="x x x y - xy")
    found = costs(sets, pd.Series(list("abbcde"), index=sets.index))
    assert list(found.index[:2]) == ["b", "c"]
    coefficient, ratings = set_alpha(sets.drop(["u1", "u2"]), masi)
    assert found.at["b", "without"] == pytest.approx(coefficient(ratings))


def test_of_a_single_coder_no_unit_costs_anything():
    single = sets_of(a="x y -")
    assert costs(single, alone(single)).empty
    assert of_sets(single, "xy")["jaccard"] == NotDeterminable("unpaired")
    assert set_alpha(single, jaccard)[1].shape == (1, 3, 3)


CELLS = st.sampled_from(["?", "-", "x", "y", "xy", "xyz"])
CODERS = ("a", "b", "zoe")


@settings(max_examples=40)
@given(
    st.lists(st.lists(CELLS, max_size=5), min_size=1, max_size=3),
    st.sampled_from(["", "w", "x", "xyz"]),
)
def test_whatever_is_coded_every_measure_is_a_number_or_an_interval_or_has_a_reason(rows, codes):
    sets = sets_of(**{coder: " ".join(row) for coder, row in zip(CODERS, rows, strict=False)})
    found = [*of_sets(sets, codes).values(), *costs(sets, alone(sets))["cost"]]
    found += of_codes(sets, codes).drop(columns="code", errors="ignore").to_numpy().ravel().tolist()
    found += [value for pair in of_pairs(sets, codes).values() for value in pair.values()]
    assert all(isinstance(one, Interval | NotDeterminable) or math.isfinite(one) for one in found)
