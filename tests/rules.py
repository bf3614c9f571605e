"""Whether what is left of a study keeps every rule, when some of it is left out."""

import pandas as pd

from analysis.checks import consent, crosschecks
from analysis.problems import Problems
from analysis.raw.consent import without

# All but the one that looks through every text for addresses, of which none is made here.
RULES = [rule for rule in crosschecks.RULES if rule[0] is not consent.check]


def holds_without(tables, interviews, units):
    """Whether all rules hold without some interviews and statements, and nothing names them."""
    spoken = tables["units"]["municipality_id"].isin(interviews)
    units |= set(tables["units"].loc[spoken, "unit_id"])
    left = without(tables, interviews, units)
    problems = Problems()
    for rule, *_ in RULES:
        rule({name: left[name] for name in left if name != "aggregated"}, problems)
    assert problems.found == []
    assert found(left, *units) == set()
    for name, frame in left.items():
        pd.testing.assert_series_equal(frame.dtypes, tables[name].dtypes)


def found(tables, *words):
    """The tables in which one of the words stands, by name."""
    return {
        name
        for name, frame in tables.items()
        if any(word in frame.to_csv(index=False) for word in words)
    }
