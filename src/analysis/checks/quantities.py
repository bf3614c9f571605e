"""Checks of dates and amounts: what a row says of when and how much fits together."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

import pandas as pd

from analysis.problems import Problems
from analysis.tables import RAW
from analysis.tables.columns import DATE, YEARS, filled

MONTHS = {f"{month:02}" for month in range(1, 13)}
LIMITS = f"from {YEARS[0]} to {YEARS[-1]}"


def dates(tables: dict[str, pd.DataFrame], problems: Problems) -> None:
    """Every year can be meant, every month exists, and every span ends after its beginning."""
    for name, table in RAW.items():
        dated = [column for column, field in table.columns.items() if field.pattern == DATE]
        for column in dated if name in tables else []:
            for row, date in filled(tables[name][column]):
                if re.fullmatch(DATE, date):  # any other is named already
                    for wrong, expected in _impossible(date):
                        problems.add(table.file, row, column, f"{date!r} {wrong}", expected)


def _impossible(date: str) -> Iterator[tuple[str, str]]:
    """What is wrong with a date, and what was expected."""
    parts = date.split("/")
    if not set(re.findall(r"-(\d\d)", date)) <= MONTHS:
        yield "has a month that does not exist", "months from 01 to 12"
    if not {int(year[:4]) for year in parts} <= {*YEARS}:
        yield "has a year that cannot be meant", f"years {LIMITS}"
    if parts != sorted(parts):
        yield "ends before it begins", "the earlier date first"
    elif len(parts) == 2 and parts[1].startswith(parts[0]):
        expected = "one date, or where it begins and ends: 2031-02/2031-04"
        yield "ends within its beginning, and is no span", expected


def events(tables: dict[str, pd.DataFrame], problems: Problems) -> None:
    """Nothing is only planned, for whoever reports it, in a year that is past for them."""
    dated = tables["sources"].dropna(subset=["source_id", "date"])
    written = dict(zip(dated["source_id"], dated["date"].str[:4], strict=True))
    for name in [name for name in ("events", "context_events") if name in tables]:
        planned = tables[name].query("date_qualifier == 'planned'").dropna(subset="date")
        for row, event in planned.iterrows():
            year = written.get(event["source_id"])
            if year and event["date"].rpartition("/")[2][:4] < year:
                wrong = f"{event['date']!r} is planned, but its source is of {year}"
                expected = f"a date from {year} on, or one that is not planned"
                problems.add(RAW[name].file, row, "date", wrong, expected)


def facts(tables: dict[str, pd.DataFrame], problems: Problems) -> None:
    """A fact has a number that its unit allows, or says that there are several."""
    for name in ("facts", "context_facts"):
        if name in tables:
            _fact_values(RAW[name].file, tables[name], problems)


def _fact_values(file: str, facts: pd.DataFrame, problems: Problems) -> None:
    for row, fact in facts.iterrows():
        value, unit, several = fact["value"], fact["unit"], fact["qualifier"] == "several"
        if pd.isna(value):
            if not several:
                problems.add(
                    file,
                    row,
                    "value",
                    "the number is missing",
                    "a number, or the qualifier `several`",
                )
        elif several:
            problems.add(
                file, row, "value", f"{value:g} beside `several`", "no number, or another qualifier"
            )
        elif unit == "percent" and not 0 <= value <= (math.inf if _spans(fact["year"]) else 100):
            expected = "0 to 100 per cent, or more as a rise over a span of years"
            problems.add(file, row, "value", f"a share of {value:g} %", expected)
        elif unit == "thirds" and value not in (1, 2):
            problems.add(file, row, "value", f"{value:g} thirds", "1 or 2, as a part of a whole")
        elif unit == "year" and value not in YEARS:
            problems.add(file, row, "value", f"{value:g} is not a year", f"a whole number {LIMITS}")
        elif unit == "ordinal" and value % 1:
            wrong = f"{value:g} is no position in an order"
            problems.add(file, row, "value", wrong, "a whole number")
        elif value < 0:
            problems.add(
                file, row, "value", f"{value:g} is below zero", "a quantity of zero or more"
            )


def _spans(year: str | None) -> bool:
    """Whether something was counted or changed from one year to another."""
    return pd.notna(year) and "/" in year


def targets(tables: dict[str, pd.DataFrame], problems: Problems) -> None:
    """A cut says how much and since when, and a target lies after its baseline."""
    for name in ("targets", "context_targets"):
        if name in tables:
            _target_values(RAW[name].file, tables[name], problems)


def _target_values(file: str, targets: pd.DataFrame, problems: Problems) -> None:
    for row, target in targets.iterrows():
        if target["kind"] == "reduction":
            for column in ("value", "baseline_year"):
                if pd.isna(target[column]):
                    problems.add(
                        file,
                        row,
                        column,
                        "a cut without it says nothing",
                        f"the {column} of the cut",
                    )
            if pd.notna(target["value"]) and not 0 < target["value"] <= 100:
                problems.add(
                    file,
                    row,
                    "value",
                    f"a cut of {target['value']:g} %",
                    "more than 0, at most 100 per cent",
                )
        if (
            pd.notna(target["year"])
            and pd.notna(target["baseline_year"])
            and target["year"] <= target["baseline_year"]
        ):
            year, baseline = target["year"], target["baseline_year"]
            wrong = f"the target year {year} is not after its baseline {baseline}"
            problems.add(file, row, "year", wrong, "a year after baseline_year")
