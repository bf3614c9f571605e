"""Checks of the codings: every difference between the codings is decided, the agreed set keeps the
rules of the codebook, and the summaries keep to it.
"""

from __future__ import annotations

import pandas as pd

from analysis.methods.agreement import PAIR, agreed, compare_passes
from analysis.problems import Problems
from analysis.tables import RAW, described
from analysis.tables.coding import CODABLE
from analysis.tables.columns import parts

Tables = dict[str, pd.DataFrame]
Places = dict[tuple[str, str], tuple[str, int]]

TABLES = ("codings_a", "codings_b", "adjudication")
CONTEXT = tuple(f"context_{name}" for name in TABLES)
NEEDED = ("codes", "dimensions")
RATED = ("unit_id", "code", "certainty")  # what every table of a coder has
# What is expected of a second coder without a row of a statement.
PARTLY = (
    "who rated only some of the statements is compared, without decisions, under another name: "
    "codings_NAME.csv"
)


def check(tables: Tables, problems: Problems) -> None:
    """Adds every problem of the study's codings; what would only follow from
    another problem is left out.
    """
    _check(TABLES, tables, problems)


def check_context(tables: Tables, problems: Problems) -> None:
    """The same for the codings of the context documents."""
    _check(CONTEXT, tables, problems)


def check_rated(tables: Tables, problems: Problems) -> None:
    """A statement that a coder rated and gave no code has one row, with nothing else in it."""
    for name, frame in [(name, frame) for name, frame in tables.items() if {*RATED} <= {*frame}]:
        file, coded = described(name).file, set(frame.dropna(subset="code")["unit_id"])
        for row, unit, certainty in (
            frame.loc[frame["code"].isna(), ["unit_id", "certainty"]]
            .dropna(subset="unit_id")
            .itertuples()
        ):
            if pd.notna(certainty):
                problems.add(file, row, "certainty", "a certainty without a code", "an empty cell")
            if unit in coded:
                wrong = f"{unit} has codes in other rows, and none here"
                problems.add(file, row, "code", wrong, "either codes or a single row without one")


def check_applying(tables: Tables, problems: Problems) -> None:
    """A dimension that applies to the statements of one table has its codes there alone."""
    bound = tables["dimensions"].dropna(subset="applies_to")
    applying = dict(zip(bound["dimension"], bound["applies_to"], strict=True))
    codes = tables["codes"][tables["codes"]["dimension"].isin(applying)]
    only = {code: applying[of] for code, of in zip(codes["code"], codes["dimension"], strict=True)}
    home = {unit: name for name in CODABLE if name in tables for unit in tables[name]["unit_id"]}
    for name in [name for name in tables if (one := described(name)) and [*one.key] == PAIR]:
        for row, unit, code in tables[name][PAIR].itertuples():
            if code in only and home.get(unit, only[code]) != only[code]:
                wrong = f"{unit} is in {RAW[home[unit]].file}, and {code} applies to others"
                expected = f"a code that applies there, or a statement in {RAW[only[code]].file}"
                problems.add(described(name).file, row, "code", wrong, expected)


def check_summaries(tables: Tables, problems: Problems) -> None:
    """A statement is summed up for its own municipality, and under a theme that it has."""
    if problems.lie_in(RAW["units"].file):
        return
    final = agreed(*(tables[name] for name in TABLES))
    coded = set(final[PAIR].itertuples(index=False, name=None))
    place_of = tables["units"].set_index("unit_id")["municipality_id"]
    faulty = _faulty(TABLES, tables, problems)
    summaries = tables["summaries"][["theme_code", "municipality_id", "unit_id"]].dropna()
    for row, theme, place, cell in summaries.itertuples():
        for unit in parts(cell):
            if unit in faulty or unit not in place_of:  # named elsewhere
                continue
            if place_of[unit] != place or (unit, theme) not in coded:
                wrong = f"{unit} is not a statement of {place} on {theme}"
                expected = "statements of the municipality that have the theme in the agreed set"
                problems.add(RAW["summaries"].file, row, "unit_id", wrong, expected)


def _check(names: tuple[str, str, str], tables: Tables, problems: Problems) -> None:
    faulty = _faulty(names, tables, problems)
    sound = [tables[name][~tables[name]["unit_id"].isin(faulty)] for name in names]
    pass_a, pass_b, decisions = (frame.dropna(subset=PAIR) for frame in sound)
    # Where each pair of statement and code stands: in the first coding, or else in the second, or
    # else in a decision.
    places = {
        (unit, code): (RAW[name].file, row)
        for name, frame in ((names[2], decisions), (names[1], pass_b), (names[0], pass_a))
        for row, unit, code in frame[PAIR].itertuples()
    }
    passes = compare_passes(pass_a, pass_b)
    _given_by(decisions, passes, [RAW[name].file for name in names], problems)
    if len(sound[1]):  # also where it gave no code at all
        rated = {*tables[names[1]]["unit_id"]}
        _undecided(decisions, passes, places, rated, RAW[names[2]].file, problems)
    final = agreed(*sound).merge(tables["codes"], on="code")
    _single_choice(final, tables["dimensions"], places, problems)
    _fields_have_roles(final, places, problems)


def _faulty(names: tuple[str, str, str], tables: Tables, problems: Problems) -> set[str]:
    """Statements of which a coding or decision could not be read or has a problem of its own."""
    wrong = {(problem.file, problem.row) for problem in problems.found}
    units = set()
    for name in names:
        file, named = RAW[name].file, tables[name]["unit_id"]
        units |= {unit for row, unit in named.items() if (file, row) in wrong}
        units |= problems.torn[file]
    return units


def _given_by(
    decisions: pd.DataFrame, passes: pd.DataFrame, files: list[str], problems: Problems
) -> None:
    """files: of both codings, and of the decisions."""
    first, second, file = files
    given = dict(
        zip(passes[PAIR].itertuples(index=False, name=None), passes["given_by"], strict=True)
    )
    for row, decision in decisions.iterrows():
        who = given.get((decision["unit_id"], decision["code"]), "neither")
        if who != decision["given_by"]:
            by = "neither coding" if who == "neither" else who
            code, unit, said = decision["code"], decision["unit_id"], decision["given_by"]
            wrong = f"{code} was given to {unit} by {by}, not by {said}"
            problems.add(file, row, "given_by", wrong, f"what {first} and {second} say")


def _undecided(
    decisions: pd.DataFrame,
    passes: pd.DataFrame,
    places: Places,
    rated: set[str],
    file: str,
    problems: Problems,
) -> None:
    """rated: the statements of the second coding."""
    decided = set(decisions[PAIR].itertuples(index=False, name=None))
    for unit, code, given_by in passes[[*PAIR, "given_by"]].itertuples(index=False, name=None):
        if given_by != "both" and (unit, code) not in decided:
            which = "first" if given_by == "a" else "second"
            wrong = f"only the {which} coding gave {code} to {unit}, and nobody decided"
            expected = f"a row with the decision in {file}"
            if unit not in rated and file == RAW["adjudication"].file:
                expected += f"; {PARTLY}"
            problems.add(*places[unit, code], "code", wrong, expected)


def _single_choice(
    final: pd.DataFrame, dimensions: pd.DataFrame, places: Places, problems: Problems
) -> None:
    single = dimensions.loc[dimensions["is_single"], "dimension"]
    for (unit, dimension), group in final[final["dimension"].isin(single)].groupby(
        ["unit_id", "dimension"]
    ):
        if len(group) > 1:
            codes = ", ".join(group["code"])
            wrong = f"{unit} has {len(group)} codes of {dimension} in the agreed set: {codes}"
            problems.add(
                *places[unit, group["code"].iloc[-1]],
                "code",
                wrong,
                f"one code, as {dimension} is single-choice",
            )


def _fields_have_roles(final: pd.DataFrame, places: Places, problems: Problems) -> None:
    pairs = set(final[PAIR].itertuples(index=False, name=None))
    belonging = final.loc[final["role_code"].notna(), [*PAIR, "role_code"]]
    for unit, code, role in belonging.itertuples(index=False, name=None):
        if (unit, role) not in pairs:
            problems.add(
                *places[unit, code],
                "code",
                f"{unit} has {code} without {role} in the agreed set",
                "the role that the field belongs to",
            )
