"""Dates as numbers: years with a fraction, spans and periods."""

from __future__ import annotations

import math

# ASSUME: a date that spans more than ten years is a period, not a point in time, and stands before
# the axis.
PERIOD = 10
WITHIN = {"early": 0.1, "late": 0.9}  # where in its year a date with such a qualifier lies


def end_of(date: str) -> float:
    """The end of a date as a number: 2021-07 ends at 2021.58, 2021 and 2019/2021 at 2022."""
    year, *month = date.split("/")[-1].split("-")
    return int(year) + (int(month[0]) / 12 if month else 1)


def duration(date: str) -> float:
    """How many years a span covers; 0 for a year or a month, which is a point in time."""
    return end_of(date) - decimal_year(date.split("/")[0]) if "/" in date else 0.0


def decimal_year(date: str) -> float:
    """The beginning of a date as a number: 2021-07 is 2021.5; a period has none, so
    it stands before the axis.
    """
    start, *end = date.split("/")
    if end and int(end[0][:4]) - int(start[:4]) > PERIOD:
        return -math.inf
    year, *month = start.split("-")
    # ASSUME: a date without a month stands at the beginning of its year, one without a day at the
    # beginning of its month.
    return int(year) + (int(month[0]) - 1) / 12 if month else int(year)
