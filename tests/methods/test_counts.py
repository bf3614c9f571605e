"""Counts recover what was put in, count a statement once, and are complete."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from analysis.methods.counts import (
    attribution_counts,
    carried_with,
    co_occurrence,
    code_counts,
    distinct_targets,
    linked_fields,
    literature_marks,
)

CODES = pd.Series(["role.host", "topic.water", "topic.money"], name="code")
PLACES = pd.Series(["birkfurt", "auental", "clausee"], name="municipality_id")


def statements(*rows):
    return pd.DataFrame(rows, columns=["unit_id", "statement_id", "municipality_id", "attribution"])


def codings(*rows):
    return pd.DataFrame(rows, columns=["unit_id", "code"])


def counted(given, said):
    table = code_counts(given, said, CODES, PLACES)
    return {
        (row.code, row.municipality_id): (row.statements, row.collective)
        for row in table.itertuples()
        if row.statements
    }


def test_a_statement_cut_into_units_counts_once_for_each_municipality():
    said = statements(
        ("u1", "s1", "auental", "explicit"), ("u2", "s1", "auental", "explicit"),
        ("u3", "s1", "birkfurt", "explicit"), ("u4", "s2", "auental", "explicit"),
    )  # fmt: skip
    given = codings(
        ("u1", "topic.water"), ("u2", "topic.water"), ("u3", "topic.water"), ("u4", "topic.water")
    )
    assert counted(given, said) == {
        ("topic.water", "auental"): (2, 0),
        ("topic.water", "birkfurt"): (1, 0),
    }


def test_collective_statements_are_counted_and_told_apart():
    said = statements(
        ("u1", "s1", "auental", "collective"),
        ("u2", "s1", "birkfurt", "collective"),
        ("u3", "s2", "auental", "inferred"),
    )
    given = codings(("u1", "topic.money"), ("u2", "topic.money"), ("u3", "topic.money"))
    assert counted(given, said) == {
        ("topic.money", "auental"): (2, 1),
        ("topic.money", "birkfurt"): (1, 1),
    }


def test_what_is_said_of_no_municipality_does_not_count():
    assert counted(codings(("u1", "topic.water")), statements(("u1", "s1", None, "none"))) == {}


@pytest.mark.parametrize("said", [statements(), statements(("u1", "s1", "auental", "explicit"))])
def test_every_combination_has_a_row_in_order_of_display_also_without_statements(said):
    table = code_counts(codings(), said, CODES, PLACES)
    assert list(zip(table["code"], table["municipality_id"], strict=True)) == [
        (code, place) for code in CODES for place in PLACES
    ]
    assert (table[["statements", "collective"]] == 0).all(axis=None)


def test_counts_recover_simulated_codings():
    random = np.random.default_rng(seed=1)
    told = random.integers(0, 9, size=(len(CODES), len(PLACES)))
    said, given = [], []
    for i, code in enumerate(CODES):
        for j, place in enumerate(PLACES):
            for n in range(told[i, j]):
                for cut in range(random.integers(1, 4)):
                    unit = f"{code}-{place}-{n}-{cut}"
                    said.append((unit, f"{code}-{place}-{n}", place, "explicit"))
                    given.append((unit, code))
    random.shuffle(given)
    table = code_counts(codings(*given), statements(*said), CODES, PLACES)
    assert table["statements"].to_numpy().reshape(told.shape).tolist() == told.tolist()


def test_co_occurrence_is_symmetric_with_each_codes_own_count_on_the_diagonal():
    random = np.random.default_rng(seed=2)
    present = random.random((40, len(CODES))) < 0.4
    said = statements(*((f"u{i}", f"s{i // 2}", "auental", "explicit") for i in range(40)))
    given = codings(*((f"u{i}", CODES[j]) for i, j in np.argwhere(present)))
    together = co_occurrence(given, said, list(CODES))
    of_statement = present.reshape(20, 2, len(CODES)).any(axis=1).astype(int)
    assert together.to_numpy().tolist() == (of_statement.T @ of_statement).tolist()
    assert (together == together.T).all(axis=None)
    assert list(together.index) == list(together.columns) == list(CODES)


def test_a_unit_may_be_told_of_several_things_that_are_counted():
    said = statements(
        ("u1", "bridge", "auental", "explicit"), ("u1", "park", "auental", "explicit"),
        ("u2", "park", "auental", "explicit"),
    )  # fmt: skip
    given = codings(("u1", "role.host"), ("u1", "topic.water"), ("u2", "role.host"))
    together = co_occurrence(given, said, list(CODES))
    assert together.to_numpy().tolist() == [[2, 2, 0], [2, 2, 0], [0, 0, 0]]
    assert counted(given, said) == {
        ("role.host", "auental"): (2, 0),
        ("topic.water", "auental"): (2, 0),
    }


def test_co_occurrence_without_codings_is_all_zero():
    together = co_occurrence(codings(), statements(), list(CODES))
    assert together.to_numpy().tolist() == [[0] * 3] * 3


SAID = statements(
    ("u1", "s1", "auental", "explicit"), ("u2", "s1", "auental", "explicit"),
    ("u3", "s2", "auental", "collective"), ("u4", "s2", "birkfurt", "collective"),
    ("u5", "s3", None, "none"),
)  # fmt: skip


def test_attributions_are_counted_for_each_municipality_and_for_none():
    given = codings(*((f"u{i}", "topic.water") for i in range(1, 6)), ("u1", "role.host"))
    table = attribution_counts(given, SAID, ["topic.water"])
    counted = {
        (place if pd.notna(place) else None, how): n
        for _, place, how, n in table.itertuples(index=False)
    }
    assert counted == {
        ("auental", "explicit"): 1,
        ("auental", "collective"): 1,
        ("birkfurt", "collective"): 1,
        (None, "none"): 1,
    }


HOW = ["explicit", "inferred", "collective", "none"]  # from the clearest on


@pytest.mark.parametrize(("clearer", "other"), [*combinations(HOW, 2)])
@pytest.mark.parametrize("turn", [1, -1])
def test_a_statement_is_ascribed_as_its_clearest_unit_is_however_units_are_called(
    clearer, other, turn
):
    units = [("u1", "s1", "auental", clearer), ("u2", "s1", "auental", other)][::turn]
    given = codings(("u1", "topic.water"), ("u2", "topic.water"))
    for rows in (given, given[::-1]):
        is_collective = int(clearer == "collective")
        assert counted(rows, statements(*units)) == {("topic.water", "auental"): (1, is_collective)}
        told = attribution_counts(rows, statements(*units), ["topic.water"])
        assert told[["attribution", "statements"]].to_numpy().tolist() == [[clearer, 1]]


def test_statements_carry_other_codes_once_or_none():
    given = codings(
        ("u1", "topic.water"),
        ("u1", "role.host"),
        ("u2", "topic.water"),
        ("u2", "role.host"),
        ("u3", "topic.water"),
    )
    rows = carried_with(given, SAID, "topic.water", pd.Series(["role.host"]))
    assert [
        (row.statement_id, row.with_code if pd.notna(row.with_code) else None)
        for row in rows.itertuples()
    ] == [
        ("s1", "role.host"),
        ("s2", None),
    ]


@pytest.mark.parametrize("turn", [1, -1])
def test_statements_carry_codes_as_their_clearest_unit_says_in_the_order_of_rows(turn):
    units = [("u1", "s1", "auental", "collective"), ("u2", "s1", "auental", "explicit")][::turn]
    given = codings(
        *((unit, code) for unit in ("u1", "u2") for code in ("topic.water", "role.host"))
    )
    rows = carried_with(given, statements(*units), "topic.water", pd.Series(["role.host"]))
    assert rows["attribution"].tolist() == ["explicit"]


def test_two_targets_are_versions_of_one_if_they_share_case_scope_year_and_discrepancy():
    rows = [
        ("tal", 2033, "heat", "which"), ("tal", 2033, "heat", "which"),
        ("tal", 2033, "power", "which"), ("tal", 2045, "heat", "which"),
        ("tal", 2033, "heat", None), ("tal", 2033, "heat", None), ("see", 2033, "heat", "which"),
    ]  # fmt: skip
    targets = pd.DataFrame(rows, columns=["case_id", "year", "scope_en", "discrepancy_id"])
    assert list(distinct_targets(targets).index) == [0, 2, 3, 4, 5, 6]


def test_works_are_numbered_in_order_of_appearance():
    marks = literature_marks(
        pd.Series(["Rahmen2019; Merkblatt_oJ", None, "Merkblatt_oJ"], index=[4, 7, 9])
    )
    assert marks.to_dict() == {4: "[1,2]", 7: "", 9: "[2]"}


def test_statements_are_linked_by_name_by_need_or_not_at_all():
    goals = pd.DataFrame({"unit_id": ["g1", "g2", "g3", "g4"]})
    given = codings(
        ("g1", "link.named"), ("g1", "field.trees"), ("g1", "field.halls"),
        ("g2", "field.trees"), ("g3", "link.needed"), ("g4", "topic.water"),
    )  # fmt: skip
    rows = linked_fields(
        goals, given, pd.Series(["field.trees", "field.halls"]), "link.named", "link.needed"
    )
    assert [
        (row.unit_id, row.link, row.with_code if pd.notna(row.with_code) else None)
        for row in rows.itertuples()
    ] == [
        ("g1", "said", "field.trees"),
        ("g1", "said", "field.halls"),
        ("g2", "unsaid", "field.trees"),
        ("g3", "unsaid", None),
        ("g4", "none", None),
    ]
