"""Amounts and dates can be meant, in the study's tables and in those of its context."""

import pandas as pd
import pytest

from analysis.checks import quantities
from analysis.problems import Problems
from analysis.tables import RAW


def fact(value, unit, qualifier=None, year=None):
    """A table of one fact, in row 2."""
    columns = {"value": [value], "unit": [unit], "qualifier": [qualifier], "year": [year]}
    return pd.DataFrame(columns, index=[2])


@pytest.mark.parametrize("name", ["facts", "context_facts"])
def test_facts_of_the_study_and_of_its_context_keep_the_same_rules(name):
    problems = Problems()
    quantities.facts({name: fact(130.0, "percent")}, problems)
    [found] = problems.found
    assert (found.file, found.row, found.column) == (RAW[name].file, 2, "value")


@pytest.mark.parametrize(
    ("value", "year", "wrong"),
    [
        (140, "2010/2020", False),
        (140, "2020", True),
        (140, None, True),
        (-1, "2010/2020", True),
        (100, None, False),
    ],
)
def test_only_a_rise_over_a_span_of_years_is_above_all_of_it(value, year, wrong):
    problems = Problems()
    quantities.facts({"facts": fact(value, "percent", year=year)}, problems)
    assert len(problems.found) == wrong


@pytest.mark.parametrize(("value", "wrong"), [(2, False), (2.0, False), (2.5, True)])
def test_a_position_in_an_order_is_a_whole_number(value, wrong):
    problems = Problems()
    quantities.facts({"facts": fact(value, "ordinal")}, problems)
    assert [found.wrong for found in problems.found] == wrong * [
        f"{value:g} is no position in an order"
    ]


@pytest.mark.parametrize(
    ("date", "wrong"),
    [
        ("2021/2021", True),
        ("2021-10/2021-10", True),
        ("2021/2021-10", True),
        ("2021-01/2021-10", False),
        ("2020/2021-10", False),
        ("2021-10/2022", False),
        ("1900/1999", False),
    ],
)
def test_a_span_ends_outside_of_its_beginning(date, wrong):
    problems = Problems()
    quantities.dates({"events": pd.DataFrame({"date": [date]}, index=[2])}, problems)
    assert [found.wrong for found in problems.found] == wrong * [
        f"{date!r} ends within its beginning, and is no span"
    ]


@pytest.mark.parametrize(
    ("qualifier", "date", "written", "wrong"),
    [
        ("planned", "2020-03", "2021-11", True),
        ("planned", "2021-03", "2021-11", False),
        ("planned", "2019/2024", "2021-11", False),
        ("planned", "2019/2020", "2021-11", True),
        ("planned", "2020-03", None, False),
        (None, "2020-03", "2021-11", False),
    ],
)
def test_nothing_is_planned_for_a_year_that_was_past_in_its_source(qualifier, date, written, wrong):
    event = {"date": date, "date_qualifier": qualifier, "source_id": "s"}
    tables = {
        "context_events": pd.DataFrame([event], [2], dtype=object),
        "sources": pd.DataFrame([{"source_id": "s", "date": written}], [2], dtype=object),
    }
    problems = Problems()
    quantities.events(tables, problems)
    assert [(found.row, found.column) for found in problems.found] == wrong * [(2, "date")]


@pytest.mark.parametrize("name", ["facts", "context_facts"])
def test_a_fact_has_a_number_or_says_that_there_are_several(name):
    problems = Problems()
    quantities.facts({name: fact(None, "jobs")}, problems)
    assert [found.wrong for found in problems.found] == ["the number is missing"]
    problems = Problems()
    quantities.facts({name: fact(None, "jobs", "several")}, problems)
    assert problems.found == []
