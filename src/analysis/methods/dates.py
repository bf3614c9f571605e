"""Dates as numbers: years with a fraction, spans and periods."""

from __future__ import annotations

import math

import pandas as pd

# ASSUME: a date that spans more than ten years is a period, not a point in time, and stands before
# the axis, unless it begins on it.
PERIOD = 10
# ASSUME: a date stands where it begins: one without a month at the beginning of its year, one
# without a day at the beginning of its month. One early in a year or month stands a tenth of it
# after that beginning, one late in it nine tenths.
WITHIN = {"early": 0.1, "late": 0.9}
MONTHS = 12


def positions(events: pd.DataFrame, first: float = math.inf) -> pd.Series:
    """Where each event stands on an axis of years from `first` on: the one rule of all figures.

    events: date, date_qualifier. Without `first`, periods stand before the axis, whatever it holds.
    """
    dates = list(zip(events["date"], events["date_qualifier"], strict=True))
    begin = [decimal_year(date.partition("/")[0], qualifier) for date, qualifier in dates]
    at = pd.Series([decimal_year(*date) for date in dates], events.index, dtype="float64")
    return at.mask(pd.Series(begin, events.index, dtype="float64") >= first, begin)


def ends(events: pd.DataFrame) -> pd.Series:
    """Where the events end that are spans."""
    dates = events["date"]
    return dates[dates.str.contains("/")].map(end_of).astype("float64")


def is_ahead(events: pd.DataFrame, sources: pd.DataFrame) -> pd.Series:
    """Which events are planned, or begin in a year after that of their source, if this is known.

    events: date, date_qualifier, source_id. sources: source_id, date.
    """
    written = events["source_id"].map(sources.set_index("source_id")["date"]).str[:4]
    begin = events["date"].str[:4]
    return (events["date_qualifier"] == "planned") | (begin > written).fillna(value=False)


def decimal_year(date: str, qualifier: str | None = None) -> float:
    """The beginning of a date as a number: 2021-07 is 2021.5, early 2021 is 2021.1; a period has
    none, so it stands before the axis.
    """
    start, *end = date.split("/")
    if end and int(end[0][:4]) - int(start[:4]) > PERIOD:
        return -math.inf
    year, *month = start.split("-")
    within = WITHIN.get(qualifier, 0)
    return int(year) + ((int(month[0]) - 1 + within) / MONTHS if month else within)


def end_of(date: str) -> float:
    """The end of a date as a number: 2021-07 ends at 2021.58, 2021 and 2019/2021 at 2022."""
    year, *month = date.split("/")[-1].split("-")
    return int(year) + (int(month[0]) / MONTHS if month else 1)


def duration(date: str) -> float:
    """How many years a span covers; 0 for a year or a month, which is a point in time."""
    return end_of(date) - decimal_year(date.split("/")[0]) if "/" in date else 0.0
