"""Orders, dates and networks, for anything they may be given: nothing is lost, and what
comes first stands first.
"""

import csv
import math
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import hypothesis.strategies as some
import numpy as np
import pandas as pd
from hypothesis import given, settings

from analysis.drawing.yearaxis import YearAxis, span
from analysis.engine import rowchanges
from analysis.methods.counts import block_order
from analysis.methods.dates import decimal_year, duration, end_of
from analysis.methods.network import joint_projects, shared_partners, untangled

SETTINGS = settings(max_examples=60, deadline=None, derandomize=True)
MONTHS = some.tuples(some.integers(1800, 2100), some.none() | some.integers(1, 12))
CODES = some.integers(1, 8).flatmap(
    lambda n: some.lists(
        some.lists(some.booleans(), min_size=n, max_size=n), min_size=1, max_size=12
    )
)


def together(given_codes):
    """The co-occurrence of codes, from a row of yes and no for each statement."""
    present = np.array(given_codes, dtype=int).reshape(len(given_codes), -1)
    codes = [f"code{i}" for i in range(present.shape[1])]
    return pd.DataFrame(present.T @ present, codes, codes)


def date(moment):
    year, month = moment
    return f"{year}-{month:02}" if month else str(year)


@SETTINGS
@given(CODES)
def test_every_code_with_a_statement_stands_once_in_the_order(given_codes):
    counts = together(given_codes)
    used = [code for code in counts.index if counts.loc[code, code]]
    assert sorted(block_order(counts)) == sorted(used)


@SETTINGS
@given(some.permutations(range(6)))
def test_codes_that_only_stand_together_with_one_another_are_neighbours(shuffled):
    blocks = [[i // 2 == block for i in shuffled] for block in range(3)]
    order = block_order(together(blocks * 2))
    block = {f"code{place}": i // 2 for place, i in enumerate(shuffled)}
    assert all(
        block[one] == block[other] for one, other in zip(order[::2], order[1::2], strict=True)
    )


@SETTINGS
@given(some.permutations("abcd"))
def test_two_pairs_are_joined_at_the_ends_that_stand_together(names):
    said = ["ab"] * 3 + ["cd"] * 3 + ["ad"]
    order = block_order(together([[name in codes for name in names] for codes in said]))
    placed = "".join(names[int(code.removeprefix("code"))] for code in order)
    assert placed in ("badc", "cdab")


def test_two_hundred_codes_are_ordered_within_a_second():
    random = np.random.default_rng(seed=3)
    counts = together((random.random((500, 200)) < 0.05).tolist())
    begin = time.process_time()
    assert len(block_order(counts)) == 200
    assert time.process_time() - begin < 1


@SETTINGS
@given(some.lists(some.lists(some.sampled_from("abcdefgh"), min_size=1, unique=True), max_size=8))
def test_untangling_moves_projects_and_partners_and_loses_none(partners):
    projects, order = untangled(partners)
    assert sorted(projects) == list(range(len(partners)))
    assert sorted(order) == sorted({partner for several in partners for partner in several})


@SETTINGS
@given(some.permutations("abcd"))
def test_a_chain_of_projects_is_untangled_completely(names):
    a, b, c, d = names
    projects, order = untangled([[a, b], [c, d], [b, c]])
    lines = [
        (projects.index(i), order.index(name))
        for i, several in enumerate([[a, b], [c, d], [b, c]])
        for name in several
    ]
    assert not [
        (one, other) for one in lines for other in lines if one[0] < other[0] and one[1] > other[1]
    ]


@SETTINGS
@given(
    some.lists(
        some.tuples(some.sampled_from("xyz"), some.sampled_from("abc"), some.sampled_from("pq")),
        unique=True,
    )
)
def test_joint_projects_hold_every_cooperation_once(rows):
    cooperation = pd.DataFrame(rows, columns=["municipality_id", "organisation_id", "project_id"])
    cooperation = cooperation.assign(purpose_de="–", purpose_en="–", status="active")
    municipalities = pd.DataFrame({"municipality_id": ["x", "y", "z"], "case_id": ["1", "1", "2"]})
    projects = joint_projects(cooperation, municipalities)
    found = projects.explode("municipality_id").explode("organisation_id")
    assert sorted(
        zip(found["municipality_id"], found["organisation_id"], found["project_id"], strict=True)
    ) == sorted(rows)
    cases = {
        partner: {
            case
            for place, name, _ in rows
            for case in ("2" if place == "z" else "1")
            if name == partner
        }
        for _, partner, _ in rows
    }
    assert {partner: set(several) for partner, several in shared_partners(projects).items()} == {
        partner: several for partner, several in cases.items() if len(several) > 1
    }


@SETTINGS
@given(MONTHS, MONTHS)
def test_dates_keep_their_order(one, other):
    first, second = sorted((one, other), key=lambda moment: (moment[0], moment[1] or 1))
    assert decimal_year(date(first)) <= decimal_year(date(second))
    assert decimal_year(date(first)) < end_of(date(first)) <= decimal_year(date(first)) + 1 + 1e-9


def test_dates_are_numbers_at_their_beginning_and_their_end():
    assert [decimal_year(date) for date in ("2021", "2021-07")] == [2021, 2021.5]
    assert decimal_year("2021-07/2021-09") == 2021.5
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


@SETTINGS
@given(some.lists(some.integers(1900, 2100).map(float)), some.booleans())
def test_years_lie_on_the_axis_in_their_order(years, has_undated):
    axis = YearAxis(*span(pd.Series(years, dtype=float)), 1.0, has_undated)
    places = [axis.x(year) for year in sorted(years)]
    assert places == sorted(places)
    assert all(axis.left <= place <= axis.right for place in [*places, axis.x(1), axis.x(3000)])


ROWS = some.lists(some.tuples(some.sampled_from("abcd"), some.sampled_from("xyz")), max_size=6)


@SETTINGS
@given(ROWS, ROWS)
def test_every_row_that_has_changed_is_named_or_counted(before, after):
    said = _changes(before, after, most=20)
    if sorted(before) == sorted(after):
        assert said == ["the same rows, in another order or written otherwise"]
    else:
        gone = [row for row in before if row not in after]
        come = [row for row in after if row not in before]
        assert len(said) >= max(len(set(gone)), len(set(come)))
        assert all(line.startswith("row ") for line in said)
    assert len(_changes(before, after, most=1)) <= 2


def _changes(before, after, most):
    with TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("old.csv", "new.csv")]
        for file, rows in zip(files, (before, after), strict=True):
            with file.open("w", encoding="utf-8", newline="") as target:
                csv.writer(target, lineterminator="\n").writerows([("id", "value"), *rows])
        with mock.patch.object(rowchanges, "MOST", most):
            return rowchanges.row_changes(*files)
