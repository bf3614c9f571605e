"""Checks of the codings: every difference between the passes is decided, and the agreed set keeps
the rules of the codebook.
"""

from __future__ import annotations

import pandas as pd

from analysis.methods.agreement import PAIR, agreed, compare_passes
from analysis.problems import Report
from analysis.tables import RAW

Tables = dict[str, pd.DataFrame]
Places = dict[tuple[str, str], tuple[str, int]]

TABLES = ("codings_a", "codings_b", "adjudication")
CONTEXT = tuple(f"context_{name}" for name in TABLES)
NEEDED = ("codes", "dimensions")


def check(tables: Tables, report: Report) -> None:
    """Adds every problem of the study's codings to the report; what would only follow from
    another problem is left out.
    """
    _check(TABLES, tables, report)


def check_context(tables: Tables, report: Report) -> None:
    """The same for the codings of the context documents."""
    _check(CONTEXT, tables, report)


def _check(names: tuple[str, str, str], tables: Tables, report: Report) -> None:
    faulty = _faulty(names, tables, report)
    pass_a, pass_b, decisions = (
        tables[name][~tables[name]["unit_id"].isin(faulty)].dropna(subset=PAIR) for name in names
    )
    # Where each pair of statement and code stands: in pass A, or else in pass B.
    places = {
        (unit, code): (RAW[name].file, row)
        for name, frame in ((names[1], pass_b), (names[0], pass_a))
        for row, unit, code in frame[PAIR].itertuples()
    }
    passes = compare_passes(pass_a, pass_b)
    _given_by(decisions, passes, RAW[names[2]].file, report)
    _undecided(decisions, passes, places, RAW[names[2]].file, report)
    final = agreed(pass_a, pass_b, decisions).merge(tables["codes"], on="code")
    _single_choice(final, tables["dimensions"], places, report)
    _fields_have_roles(final, places, report)


def _faulty(names: tuple[str, str, str], tables: Tables, report: Report) -> set[str]:
    """The statements of which a coding or decision could not be read or has a problem of its own."""
    wrong = {(problem.file, problem.row) for problem in report.problems}
    units = set()
    for name in names:
        frame = tables[name]
        units |= {
            unit for row, unit in frame["unit_id"].items() if (RAW[name].file, row) in wrong
        } | frame.attrs["torn"]
    return units


def _given_by(decisions: pd.DataFrame, passes: pd.DataFrame, file: str, report: Report) -> None:
    given = dict(
        zip(passes[PAIR].itertuples(index=False, name=None), passes["given_by"], strict=True)
    )
    for row, decision in decisions.iterrows():
        who = given.get((decision["unit_id"], decision["code"]), "neither")
        if who != decision["given_by"]:
            by = "neither pass" if who == "neither" else who
            wrong = f"{decision['code']} was given to {decision['unit_id']} by {by}, not by {decision['given_by']}"
            report.problem(file, row, "given_by", wrong, "what codings_a.csv and codings_b.csv say")


def _undecided(
    decisions: pd.DataFrame, passes: pd.DataFrame, places: Places, file: str, report: Report
) -> None:
    decided = set(decisions[PAIR].itertuples(index=False, name=None))
    for unit, code, given_by in passes[[*PAIR, "given_by"]].itertuples(index=False, name=None):
        if given_by != "both" and (unit, code) not in decided:
            wrong = f"only pass {given_by.upper()} gave {code} to {unit}, and nobody decided"
            report.problem(*places[unit, code], "code", wrong, f"a row with the decision in {file}")


def _single_choice(
    final: pd.DataFrame, dimensions: pd.DataFrame, places: Places, report: Report
) -> None:
    single = dimensions.loc[dimensions["is_single"], "dimension"]
    for (unit, dimension), group in final[final["dimension"].isin(single)].groupby(
        ["unit_id", "dimension"]
    ):
        if len(group) > 1:
            wrong = f"{unit} has {len(group)} codes of {dimension} in the agreed set: {', '.join(group['code'])}"
            report.problem(
                *places[unit, group["code"].iloc[-1]],
                "code",
                wrong,
                f"one code, as {dimension} is single-choice",
            )


def _fields_have_roles(final: pd.DataFrame, places: Places, report: Report) -> None:
    pairs = set(final[PAIR].itertuples(index=False, name=None))
    for unit, code, role in final.loc[
        final["dimension"] == "field", [*PAIR, "role_code"]
    ].itertuples(index=False, name=None):
        if pd.notna(role) and (unit, role) not in pairs:
            report.problem(
                *places[unit, code],
                "code",
                f"{unit} has {code} without {role} in the agreed set",
                "the role that the field belongs to",
            )
