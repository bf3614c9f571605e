"""Coefficients of agreement: published answers, other programs, what cannot be determined."""

import json
from itertools import combinations, product
from math import prod
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import from_table

from analysis.methods import distances
from analysis.methods.determinable import NotDeterminable
from analysis.methods.reliability import (
    Interval,
    as_ratings,
    bias_index,
    brennan_prediger,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    gwet_standard_error,
    krippendorff_alpha,
    multi_valued_alpha,
    negative_agreement,
    percent_agreement,
    positive_agreement,
    prevalence_index,
    wilson_interval,
)

BALANCED, SKEWED = [[40, 9], [6, 45]], [[80, 10], [5, 5]]
ORACLES = json.loads(Path(__file__).with_name("oracles.json").read_text("utf-8"))
# Fleiss (1971): 30 patients, 6 psychiatrists, 5 diagnoses.
FLEISS = (
    "00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031 "
    "00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006"
)
# Krippendorff (2011): twelve units, four coders, gaps.
GAPS = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."]
COEFFICIENTS = {
    "per cent agreement": percent_agreement,
    "Cohen's kappa": cohen_kappa,
    "Fleiss's kappa": fleiss_kappa,
    "Brennan-Prediger": brennan_prediger,
    "AC1": gwet_ac1,
    "alpha": krippendorff_alpha(distances.nominal(3)),
}
BEYOND_CHANCE = {name: f for name, f in COEFFICIENTS.items() if name != "per cent agreement"}
every_coefficient = pytest.mark.parametrize("name", COEFFICIENTS)
those_beyond_chance = pytest.mark.parametrize("name", BEYOND_CHANCE)


def alpha(ratings):
    return krippendorff_alpha(distances.nominal(ratings.shape[2]))(ratings)


def of_rows(rows, categories=(1, 2, 3)):
    """Ratings of coders (rows) of units; None where one is missing."""
    return as_ratings(pd.DataFrame(rows, dtype=object).T, categories)


def of_gaps():
    return of_rows([[int(v) if v != "." else None for v in row] for row in GAPS], (1, 2, 3, 4, 5))


# per cent, Cohen, Scott, Brennan–Prediger, AC1, alpha; prevalence and bias
PUBLISHED = [
    (BALANCED, [0.85, 0.6995, 0.6992, 0.70, 0.7007, 0.7008], -0.05, 0.03),
    (SKEWED, [0.85, 0.3182, 0.3143, 0.70, 0.8080, 0.3177], 0.75, 0.05),
    ([[45, 15], [25, 15]], [0.60, 0.1304, 0.1209, 0.20, 0.2661, 0.1253], 0.30, -0.10),
    ([[118, 5], [2, 0]], [0.944, -0.0234, -0.0288, 0.888, 0.9408, -0.0247], 0.944, 0.024),
]


@pytest.mark.parametrize(("table", "answers", "prevalence", "bias"), PUBLISHED)
def test_tables_of_two_coders_give_the_published_answers(table, answers, prevalence, bias):
    ratings = from_table(table)
    known = (percent_agreement, cohen_kappa, fleiss_kappa, brennan_prediger, gwet_ac1, alpha)
    assert [round(f(ratings), 4) for f in known] == answers
    assert (prevalence_index(ratings), bias_index(ratings)) == pytest.approx((prevalence, bias))


def test_an_unused_third_category_moves_the_coefficients_that_count_declared_ones():
    two, three = from_table(BALANCED), from_table([[40, 9, 0], [6, 45, 0], [0, 0, 0]])
    assert [round(f(two), 4) for f in (brennan_prediger, gwet_ac1)] == [0.70, 0.7007]
    assert [round(f(three), 4) for f in (brennan_prediger, gwet_ac1)] == [0.775, 0.8002]
    for f in (cohen_kappa, fleiss_kappa, alpha):
        assert f(three) == pytest.approx(f(two))


def test_four_coders_with_gaps_give_the_published_alphas():
    ratings = of_gaps()
    counts = ratings.sum(axis=0)
    totals, ranks = counts[counts.sum(axis=1) > 1].sum(axis=0), range(1, 6)
    at = [
        distances.nominal(5),
        distances.ordinal(totals),
        distances.interval(ranks),
        distances.ratio(ranks),
    ]
    assert [round(krippendorff_alpha(d)(ratings), 3) for d in at] == [0.743, 0.815, 0.849, 0.797]


def test_four_coders_with_gaps_give_the_published_ac1_and_its_standard_error():
    assert round(gwet_ac1(of_gaps()), 4) == 0.7754
    assert gwet_standard_error(of_gaps()) == pytest.approx(0.1430, abs=1e-4)


def test_six_coders_of_thirty_patients_give_the_published_kappa():
    counts = [[int(n) for n in unit] for unit in FLEISS.split()]
    rows = [np.repeat(range(5), unit) for unit in counts]
    assert round(fleiss_kappa(of_rows(np.array(rows).T.tolist(), range(5))), 3) == 0.430


def test_positive_and_negative_agreement_of_the_paradox():
    ratings = from_table(SKEWED)
    assert positive_agreement(ratings) == pytest.approx(160 / 175)
    assert negative_agreement(ratings) == pytest.approx(10 / 25)


@pytest.mark.parametrize("case", ORACLES, ids=range(len(ORACLES)))
def test_random_ratings_give_what_krippendorff_scikit_learn_and_statsmodels_give(case):
    ranks = range(1, case["categories"] + 1)
    ratings = of_rows(case["ratings"], ranks)
    counts = ratings.sum(axis=0)
    at = {
        "nominal": distances.nominal(len(ranks)),
        "ordinal": distances.ordinal(counts[counts.sum(axis=1) > 1].sum(axis=0)),
        "interval": distances.interval(ranks),
        "ratio": distances.ratio(ranks),
    }
    found = {level: krippendorff_alpha(d)(ratings) for level, d in at.items()}
    found |= {"fleiss": fleiss_kappa(ratings), "cohen": cohen_kappa(ratings)}
    expected = {name: case[name] for name in found if name in case}
    assert {name: found[name] for name in expected} == pytest.approx(expected, abs=1e-9)


@those_beyond_chance
@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([[1, 1, 1], [1, 1, 1]], "no_variation"),
        ([[2, 2, None, 1], [2, 2, None, None]], "no_variation"),
        ([[1], [2]], "one_unit"),
        ([[1, 2, None], [2, None, 1]], "one_unit"),
        ([[1, None], [None, 2]], "unpaired"),
        ([[None, None], [None, None]], "unpaired"),
        ([[], []], "unpaired"),
    ],
)
def test_what_cannot_be_determined_is_said_with_the_reason(name, rows, reason):
    ratings = of_rows(rows)
    assert COEFFICIENTS[name](ratings) == NotDeterminable(reason)
    assert COEFFICIENTS[name].interval(ratings) == NotDeterminable(reason)


def test_ratings_of_one_coder_agree_with_nobody():
    for f in (percent_agreement, fleiss_kappa, brennan_prediger, gwet_ac1, alpha):
        assert f(of_rows([[1, 2, 1]])) == NotDeterminable("unpaired")


def test_what_is_defined_for_two_coders_is_not_given_for_three():
    ratings = of_rows([[1, 2, 1], [1, 2, 2], [1, 1, 1]])
    for f in (cohen_kappa, prevalence_index, bias_index):
        assert f(ratings) == NotDeterminable("not_two_coders")


def test_agreement_on_what_nobody_gave_cannot_be_determined():
    silent = from_table([[0, 0], [0, 9]])
    assert positive_agreement(silent) == NotDeterminable("no_case")
    assert negative_agreement(silent) == 1
    assert wilson_interval(0, 0) == NotDeterminable("no_case")


def test_a_rating_that_is_no_declared_category_is_refused():
    with pytest.raises(ValueError, match="4 is none of the categories"):
        of_rows([[1, 4], [1, 2]])


@those_beyond_chance
def test_intervals_hold_the_value_and_are_the_same_each_time(name):
    ratings = from_table([[40, 9, 1], [6, 45, 2], [3, 0, 20]])
    f = COEFFICIENTS[name]
    found = f.interval(ratings)
    assert found.low < f(ratings) < found.high
    assert f.interval(ratings) == found


@pytest.mark.parametrize("only", range(8))
def test_any_unit_may_be_in_a_sample_and_any_may_be_missing(only):
    """Coders differ on a single unit: samples without it agree, those with it do not."""
    answers = [[1, 2] * 4, [1, 2] * 4]
    answers[1][only] = 3 - answers[1][only]
    found = percent_agreement.interval(of_rows(answers))
    assert (found.low, found.high) == (pytest.approx(5 / 8, abs=0.13), 1)


def test_the_interval_of_ac1_is_as_wide_as_its_standard_error_says():
    ratings = from_table(BALANCED)
    found = gwet_ac1.interval(ratings)
    assert found.high - found.low == pytest.approx(2 * 1.96 * gwet_standard_error(ratings), rel=0.1)


def test_there_is_no_interval_where_coders_never_differ_or_most_samples_show_nothing():
    assert gwet_ac1.interval(from_table([[5, 0], [0, 5]])) == NotDeterminable("no_disagreement")
    assert cohen_kappa.interval(from_table([[0, 1], [0, 50]])) == NotDeterminable("unstable")


@pytest.mark.parametrize(
    ("f", "rows", "reason"),
    [
        (percent_agreement, [[1], [2]], "no_spread"),
        (percent_agreement, [[1, 2, 3], [2, 3, 1]], "no_spread"),
        (percent_agreement, [[1], [1]], "no_disagreement"),
        (percent_agreement, [[1, 2, 3]], "unpaired"),
        (cohen_kappa, [[1, 1, 1, 1, 1, 2], [1, 1, 1, 1, 1, 1]], "unstable"),
        (cohen_kappa, [[1, 1, 2, 2] * 5, [1, 1, 1, 1] * 5], "no_spread"),
        (gwet_ac1, [[1, 2], [1, 1]], "unstable"),
        (krippendorff_alpha(distances.nominal(3)), [[1, 2, 3], [1, 2, 2]], "unstable"),
    ],
)
def test_an_interval_that_would_be_a_point_is_none(f, rows, reason):
    assert f.interval(of_rows(rows)) == NotDeterminable(reason)


def test_a_standard_error_of_nothing_is_none():
    for rows in ([[1, 2, 1, 2], [1, 2, 1, 2]], [[1, 2, 1, 2], [2, 1, 2, 1]]):
        assert gwet_standard_error(of_rows(rows, (1, 2))) == NotDeterminable("no_spread")


@every_coefficient
@settings(max_examples=40)
@given(data=st.data())
def test_every_interval_is_wider_than_a_point_or_has_a_reason(name, data):
    pair = st.tuples(*[st.sampled_from([1, 2, 3, None])] * 2)
    units = data.draw(st.lists(pair, min_size=1, max_size=8))
    found = COEFFICIENTS[name].interval(of_rows(list(zip(*units, strict=True))))
    assert isinstance(found, NotDeterminable) or found.low < found.high


def test_wilsons_interval_of_a_share():
    found = wilson_interval(9, 170)
    assert (found.low, found.high) == pytest.approx((0.0281, 0.0975), abs=1e-4)
    assert wilson_interval(0, 10).low == 0
    assert wilson_interval(10, 10) == Interval(pytest.approx(0.7225, abs=1e-4), 1)


def test_the_value_without_each_unit_is_that_of_the_other_units():
    ratings = of_gaps()
    f = krippendorff_alpha(distances.nominal(5))
    left_out = [alpha(np.delete(ratings, unit, axis=1)) for unit in range(12)]
    assert f.without_each(ratings, np.eye(12)) == pytest.approx(left_out)
    pair = np.isin(np.arange(12), [3, 5])[None].astype(int)
    assert f.without_each(ratings, pair) == pytest.approx([alpha(ratings[:, pair[0] == 0])])


def test_without_the_one_unit_that_varies_nothing_can_be_determined():
    found = gwet_ac1.without_each(of_rows([[1, 1, 2, 1], [1, 1, 1, 1]]), np.eye(4))
    assert found[2] == NotDeterminable("no_variation")
    assert all(isinstance(value, float) for value in found[:2])


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([[1], [2]], "unpaired"),
        ([[1], [1]], "unpaired"),
        ([[1, 2], [2, 2]], "one_unit"),
        ([[1, 2, None], [2, 2, 1]], "one_unit"),
    ],
)
@those_beyond_chance
def test_without_one_of_two_units_there_is_nothing_to_compute_a_value_of(name, rows, reason):
    paired = sum(None not in unit for unit in zip(*rows, strict=True))
    found = COEFFICIENTS[name].without_each(of_rows(rows), np.eye(len(rows[0])))
    assert found[:paired] == [NotDeterminable(reason)] * paired


@every_coefficient
@settings(max_examples=60)
@given(data=st.data())
def test_the_value_without_a_unit_is_that_of_the_others_or_has_the_same_reason(name, data):
    pair = st.tuples(*[st.sampled_from([1, 2, 3, None])] * 2)
    units = data.draw(st.lists(pair, min_size=1, max_size=6))
    ratings, f = of_rows(list(zip(*units, strict=True))), COEFFICIENTS[name]
    for unit, value in enumerate(f.without_each(ratings, np.eye(len(units)))):
        others = f(np.delete(ratings, unit, axis=1))
        assert value == (others if isinstance(others, NotDeterminable) else pytest.approx(others))


units = st.lists(st.sampled_from([1, 2, 3, None]), min_size=2, max_size=2)
tables = st.lists(units, min_size=1, max_size=15)


@every_coefficient
@settings(max_examples=30)
@given(rows=tables, data=st.data())
def test_neither_the_names_of_categories_nor_the_order_of_units_and_coders_matter(name, rows, data):
    f = COEFFICIENTS[name]
    value = f(of_rows(list(zip(*rows, strict=True))))
    renamed = data.draw(st.permutations([1, 2, 3]))
    shuffled = data.draw(st.permutations(rows))
    again = [[v and renamed[v - 1] for v in unit] for unit in shuffled]
    coders = data.draw(st.permutations(list(zip(*again, strict=True))))
    found = f(of_rows(coders))
    assert found == (value if isinstance(value, NotDeterminable) else pytest.approx(value))


@every_coefficient
@settings(max_examples=30)
@given(ratings=st.lists(st.sampled_from([1, 2, 3]), min_size=2, max_size=15))
def test_perfect_agreement_is_one_if_anything_varies(name, ratings):
    found = COEFFICIENTS[name](of_rows([ratings, ratings]))
    if name == "per cent agreement" or len(set(ratings)) > 1:
        assert found == pytest.approx(1)
    else:
        assert found == NotDeterminable("no_variation")


@every_coefficient
@settings(max_examples=30)
@given(rows=tables)
def test_every_value_is_a_number_or_has_a_reason(name, rows):
    found = COEFFICIENTS[name](of_rows(list(zip(*rows, strict=True))))
    assert isinstance(found, NotDeterminable) or -np.inf < found <= 1 + 1e-12


# Krippendorff and Craggs (2016), tables 3, 8 and 9: units by blanks, coders by bars; a question
# mark is not rated, a dash no code.
MULTI_VALUED = {
    "bd|d|? abd|b|bd -|a|a a|?|?": 0.2866,
    "a|a|a abd|abd|abde d|d|d": 0.947,
    "a|a|a ab|ab|abd d|d|d": 0.923,
    "a|a|a b|b|bd d|d|d": 0.895,
    "a|a|a ab|ad|bd d|d|d": 0.716,
    "a|a|a ab|de|f d|d|d": 0.554,
    "a|b|ab ab|de|f bd|d|be": -0.002,
}


def of_sets(text):
    """Ratings with sets of letters, and the different sets."""
    rows = [
        [None if given == "?" else frozenset(given.strip("-")) for given in unit.split("|")]
        for unit in text.split()
    ]
    different = sorted({given for unit in rows for given in unit if given is not None}, key=sorted)
    return as_ratings(pd.DataFrame(rows, dtype=object), different), different


@pytest.mark.parametrize(("text", "answer"), MULTI_VALUED.items())
def test_sets_of_values_give_the_published_multi_valued_alphas(text, answer):
    ratings, different = of_sets(text)
    decimals = len(str(answer).partition(".")[2])
    assert round(multi_valued_alpha(different)(ratings), decimals) == answer


@pytest.mark.parametrize(
    ("text", "reason"),
    [("a|a a|a", "no_variation"), ("-|- -|-", "no_variation"), ("ab|?", "unpaired"),
     ("ab|a b|?", "one_unit")],
)  # fmt: skip
def test_of_sets_that_show_nothing_it_is_said_why(text, reason):
    ratings, different = of_sets(text)
    assert multi_valued_alpha(different)(ratings) == NotDeterminable(reason)


def by_hand(text):
    """mvα by its definition: every pair of sets that could be put together is looked at."""
    ratings, different = of_sets(text)
    counts = ratings.sum(axis=0)
    counts = counts[counts.sum(axis=1) > 1]
    totals, n = counts.sum(axis=0), counts.sum()
    apart = distances.between_sets(different, distances.dice)
    rated = counts.sum(axis=1) - 1
    observed = (((counts @ apart) * counts).sum(axis=1) / rated).sum() / n
    often = {c: sum(k for k, s in zip(totals, different, strict=True) if c in s) for c in "abcd"}
    share = {
        size: sum(k for k, s in zip(totals, different, strict=True) if len(s) == size) / n
        for size in range(5)
    }
    expected = 0
    for p, q in product(share, repeat=2):
        pairs = [*product(combinations("abcd", p), combinations("abcd", q))]
        weights = [prod(often[c] for c in a) * prod(often[c] - (c in a) for c in b)
                   for a, b in pairs]  # fmt: skip
        between = [distances.dice({*a}, {*b}) for a, b in pairs]
        if sum(weights):
            mean = sum(w * d for w, d in zip(weights, between, strict=True)) / sum(weights)
            expected += share[p] * share[q] * mean
    return 1 - observed / expected if expected else None


GIVEN = st.sampled_from(["?", "-", "a", "b", "c", "ab", "bc", "abd", "abcd"])


@settings(max_examples=60)
@given(st.lists(st.lists(GIVEN, min_size=3, max_size=3), min_size=2, max_size=6))
def test_the_multi_valued_alpha_is_what_looking_at_every_pair_of_sets_gives(units):
    text = " ".join("|".join(unit) for unit in units)
    ratings, different = of_sets(text)
    found = multi_valued_alpha(different)(ratings)
    if not isinstance(found, NotDeterminable):
        assert found == pytest.approx(by_hand(text))


@settings(max_examples=40)
@given(st.lists(st.lists(st.sampled_from("?abc"), min_size=3, max_size=3), min_size=2, max_size=9))
def test_of_sets_of_one_value_each_the_multi_valued_alpha_is_alpha(units):
    ratings, different = of_sets(" ".join("|".join(unit) for unit in units))
    found, plain = multi_valued_alpha(different)(ratings), alpha(ratings)
    assert found == (plain if isinstance(plain, NotDeterminable) else pytest.approx(plain))


@settings(max_examples=40)
@given(
    st.lists(st.lists(GIVEN, min_size=3, max_size=3), min_size=2, max_size=6),
    st.permutations("abcd"),
    st.data(),
)
def test_the_multi_valued_alpha_depends_on_no_name_and_no_order(units, renamed, data):
    def value(rows):
        ratings, different = of_sets(" ".join("|".join(unit) for unit in rows))
        return multi_valued_alpha(different)(ratings)

    names = str.maketrans("abcd", "".join(renamed))
    coders = data.draw(st.permutations(range(3)))
    others = [[unit[coder].translate(names) for coder in coders] for unit in units]
    found, again = value(units), value(data.draw(st.permutations(others)))
    assert again == (found if isinstance(found, NotDeterminable) else pytest.approx(found))


sets = st.frozensets(st.sampled_from("ABCD"))


def test_the_distances_of_sets_are_those_of_their_authors():
    a, ab, bc, none = frozenset("A"), frozenset("AB"), frozenset("BC"), frozenset()
    assert distances.masi(a, ab) == pytest.approx(2 / 3)
    assert distances.masi(ab, bc) == pytest.approx(1 - 1 / 9)
    assert distances.jaccard(a, ab) == 0.5
    assert distances.dice(a, ab) == pytest.approx(1 / 3)
    for distance in (distances.jaccard, distances.masi, distances.dice):
        assert distance(none, none) == 0
        assert distance(none, a) == distance(a, none) == 1
        assert distance(a, frozenset("B")) == 1


@given(a=sets, b=sets)
def test_distances_of_sets_are_symmetric_and_nothing_only_for_the_same_set(a, b):
    for distance in (distances.jaccard, distances.masi, distances.dice):
        assert distance(a, b) == distance(b, a)
        assert (distance(a, b) == 0) == (a == b)
        assert 0 <= distance(a, b) <= 1
    assert distances.masi(a, b) >= distances.jaccard(a, b) - 1e-12


@settings(max_examples=30)
@given(rows=st.lists(st.lists(sets, min_size=3, max_size=3), min_size=2, max_size=8))
def test_alpha_of_sets_does_not_depend_on_the_names_of_codes(rows):
    renamed = [[frozenset(s.translate(str.maketrans("ABCD", "DCAB")) for s in v) for v in unit]
               for unit in rows]  # fmt: skip

    def value(units):
        values = sorted({v for unit in units for v in unit}, key=sorted)
        ratings = as_ratings(pd.DataFrame(units), values)
        return krippendorff_alpha(distances.between_sets(values, distances.masi))(ratings)

    found, again = value(rows), value(renamed)
    assert again == (found if isinstance(found, NotDeterminable) else pytest.approx(found))
