"""Dates as numbers: they keep their order, and a span is as long as its source says."""

import math

import hypothesis.strategies as some
from hypothesis import given, settings

from analysis.methods.dates import decimal_year, duration, end_of

SETTINGS = settings(max_examples=60)
MONTHS = some.tuples(some.integers(1800, 2100), some.none() | some.integers(1, 12))
QUALIFIERS = some.sampled_from([None, "early", "late", "about", "planned"])


def date(moment):
    year, month = moment
    return f"{year}-{month:02}" if month else str(year)


@SETTINGS
@given(MONTHS, MONTHS)
def test_dates_keep_their_order(one, other):
    first, second = sorted((one, other), key=lambda moment: (moment[0], moment[1] or 1))
    assert decimal_year(date(first)) <= decimal_year(date(second))
    assert decimal_year(date(first)) < end_of(date(first)) <= decimal_year(date(first)) + 1 + 1e-9


@SETTINGS
@given(MONTHS, QUALIFIERS)
def test_a_qualifier_leaves_a_date_within_its_year_or_month(moment, qualifier):
    written = date(moment)
    at = decimal_year(written, qualifier)
    assert decimal_year(written) <= at < end_of(written)
    assert (at > decimal_year(written)) == (qualifier in ("early", "late"))


def test_dates_are_numbers_at_their_beginning_and_their_end():
    assert [decimal_year(date) for date in ("2021", "2021-07")] == [2021, 2021.5]
    assert decimal_year("2021-07/2021-09") == 2021.5
    assert [decimal_year("2021", at) for at in ("early", "late", "about")] == [2021.1, 2021.9, 2021]
    assert math.isclose(decimal_year("2021-07", "late"), 2021.5 + 0.9 / 12)
    assert decimal_year("1800/1899", "early") == -math.inf
    assert decimal_year("2008-05/2018-12") == decimal_year("2008-05"), "ten years are no period"
    assert [end_of(date) for date in ("2021", "2021-06", "2019/2021-12")] == [2022, 2021.5, 2022]
    assert math.isclose(duration("2020-12/2021-02"), 0.25)


@SETTINGS
@given(MONTHS, some.integers(0, 30))
def test_a_span_begins_where_its_first_date_does_or_is_a_period(begin, years):
    year, _ = begin
    written = f"{date(begin)}/{year + years}"
    assert decimal_year(written) == (-math.inf if years > 10 else decimal_year(date(begin)))
    assert math.isclose(duration(written), year + years + 1 - decimal_year(date(begin)))
    assert duration(date(begin)) == 0
