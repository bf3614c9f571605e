"""Checks of the findings: conditions and numbers that can be counted, rows that there are; and of
the universes they are counted in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pandas as pd

from analysis.methods.conditions import (
    EXAMPLES,
    NUMBER,
    NUMBERS,
    TRUTH,
    ConditionError,
    parse,
)
from analysis.methods.universes import AGREED, AS_STATED, CHOICES
from analysis.problems import Problems, many, suggest
from analysis.tables import JOINED, PROCESSED, RAW, coder_of, is_named
from analysis.tables.columns import parts
from analysis.wording import LANGUAGES

Tables = dict[str, pd.DataFrame]

FILE = RAW["findings"].file
# Processed tables that several raw ones, or one of another name, are made into.
MADE_OF = {
    "statements": ("units", "case_units"),
    "context_statements": ("context_units",),
    "facts": ("facts", "context_facts"),
}
SENTENCES = [f"sentence_{language}" for language in LANGUAGES]
BRACES = f"a number in each pair of braces, such as {EXAMPLES[NUMBER]}, and none besides"
BEARING = ("supported_by", "qualified_by", "counted_by")  # on a conclusion of the study


def check(tables: Tables, problems: Problems) -> None:
    """Adds every problem of the findings that can be seen before anything is counted."""
    findings = tables["findings"]
    rows = named_rows(tables)
    torn = set().union(*problems.torn.values())
    of_study = {*findings.loc[findings["whose"] == "study", "finding_id"].dropna()}
    for row, finding in findings.iterrows():
        _whose(row, finding, problems)
        for column, *rest in _unfit(finding, tables, problems):
            problems.add(FILE, row, column, *rest)
        for name in parts(finding["counted_by"]):
            if name in of_study:
                wrong = f"{name} is a conclusion of the study, and nothing that we count"
                problems.add(FILE, row, "counted_by", wrong, "findings of ours")
        for column in ("rests_on", "supported_by", "qualified_by"):
            for name in parts(finding[column]):
                if rows is not None and name not in torn:
                    _named(name, rows, (row, column), problems)


def check_universes(tables: Tables, problems: Problems) -> None:
    """A universe takes the codings of somebody who coded all statements, leaves out interviews that
    there were, and is another one than those above it.
    """
    universes, file = tables["universes"], RAW["universes"].file
    coded = [name for name in tables if name.startswith("codings_") and len(tables[name])]
    coders = [AGREED, *map(coder_of, coded)]
    rated = {coder_of(name): {*tables[name]["unit_id"]} for name in coded}
    units = {*tables["units"]["unit_id"].dropna(), *tables["case_units"]["unit_id"].dropna()}
    asked = {*tables["interviews"]["municipality_id"], *problems.torn[RAW["interviews"].file]}
    first = {_chosen(AS_STATED): "the report"}
    for row, universe in universes.iterrows():
        if pd.notna(universe["coder"]) and universe["coder"] not in coders:
            wrong = f"nobody called {universe['coder']!r} coded{suggest(universe['coder'], coders)}"
            problems.add(file, row, "coder", wrong, f"one of {', '.join(coders)}")
        own = rated.get(universe["coder"], units) | set().union(*problems.torn.values())
        if not units <= own:
            wrong = (
                f"{universe['coder']} coded {len(units & own)} of {many(len(units), 'statement')}"
            )
            expected = "somebody who coded all; a row without a code is for one that has none"
            problems.add(file, row, "coder", wrong, expected)
        for place in parts(universe["without_interview"]):
            if place not in asked:
                wrong = f"there was no interview in {place!r}{suggest(place, asked)}"
                problems.add(file, row, "without_interview", wrong, "a municipality with one")
        if len(parts(universe["merged"])) == 1:
            wrong = "a single code counts as nothing else"
            problems.add(file, row, "merged", wrong, "two codes or more, separated by semicolons")
        same = first.setdefault(_chosen(universe), f"row {row}")
        if same != f"row {row}":
            wrong = f"all choices are those of {same}"
            problems.add(file, row, "universe_id", wrong, "one choice or more that differs")


def _chosen(universe: Mapping) -> tuple:
    """The choices of a universe, those that are lists in whatever order; of merged codes the first
    stays the one that the others count as.
    """
    listed = {name: parts(universe[name]) for name in CHOICES}
    kept = {name: cells[:1] if name == "merged" else [] for name, cells in listed.items()}
    return tuple((*kept[name], *sorted(cells[len(kept[name]) :])) for name, cells in listed.items())


def _whose(row: int, finding: pd.Series, problems: Problems) -> None:
    """What we count has a condition; what the study concludes has what bears on it instead."""
    if finding["whose"] == "counts" and pd.isna(finding["holds"]):
        problems.add(FILE, row, "holds", "the cell is empty", "the condition of a finding of ours")
    if finding["whose"] == "study" and pd.notna(finding["holds"]):
        wrong = "a conclusion of the study has a condition"
        problems.add(FILE, row, "holds", wrong, "none, and what bears on it in other columns")
    for column in BEARING if finding["whose"] == "counts" else ():
        if pd.notna(finding[column]):
            wrong = "a finding of ours names what bears on it"
            problems.add(FILE, row, column, wrong, "a condition only, in the column holds")


def expressions(finding: pd.Series) -> list[tuple[str, str, str]]:
    """What is asked in the condition of a finding and in the braces of its sentences: column,
    expression, and what that has to be.
    """
    asked = [("holds", finding["holds"], TRUTH)] if pd.notna(finding["holds"]) else []
    return asked + [
        (column, text, NUMBER)
        for column in SENTENCES
        for text in NUMBERS.findall(str(finding[column]))
    ]


def _unfit(finding: pd.Series, tables: Tables, problems: Problems) -> Iterator[tuple]:
    """What cannot be counted of a finding: column, what is wrong, and what was expected."""

    def values(refers: str) -> set | None:
        return known_values(tables, refers, problems, JOINED | MADE_OF)

    for column, text, expected in expressions(finding):
        try:
            parse(text, expected, values)
        except ConditionError as error:
            yield column, *re.split("[;:] expected ", str(error), maxsplit=1)
    for column in SENTENCES:
        if {*"{}"} & {*NUMBERS.sub("", str(finding[column]))}:
            yield column, "a brace that is none of a pair", BRACES


def known_values(
    tables: Tables,
    target: str | None,
    problems: Problems,
    made_of: Mapping[str, tuple[str, ...]] = JOINED,
) -> set[str] | None:
    """The values that a column or a condition may refer to, or None if it refers to nothing or the
    table is not there; made_of: the raw tables of those that have another name than theirs.
    """
    if not target:
        return None
    table, key = target.split(".")
    names = made_of.get(table, (table,))
    if not set(names) <= set(tables):
        return None
    # The id of a row that could not be read is somewhere in its cells.
    torn = [problems.torn[RAW[name].file] for name in names if name in RAW]
    return set().union(*torn, *(_there(tables[name][key]) for name in names))


def _there(cells: pd.Series) -> list:
    """What stands in a column; of texts, which most hold, `dropna` takes ten times as long."""
    if cells.dtype != "str":
        return cells.dropna().tolist()
    return [cell for cell in cells.tolist() if isinstance(cell, str)]


def named_rows(tables: Tables) -> dict[str, list[str]] | None:
    """The ids of all rows that can be named, each with its tables; None if a table is not there."""
    made_of = {name: MADE_OF.get(name, (name,)) for name in PROCESSED if is_named(name)}
    if not {raw for names in made_of.values() for raw in names} <= set(tables):
        return None
    rows: dict[str, list[str]] = {}
    for name, names in made_of.items():
        for raw in names:
            columns = (tables[raw][column].tolist() for column in PROCESSED[name].key)
            for key in zip(*columns, strict=True):
                if not any(map(pd.isna, key)):
                    rows.setdefault("/".join(map(str, key)), []).append(name)
    return rows


def _named(
    name: str, rows: dict[str, list[str]], cell: tuple[int, str], problems: Problems
) -> None:
    table, _, own = name.rpartition(":")
    found = [each for each in rows.get(own, []) if table in ("", each)]
    if not found:
        known = [f"{each}:{key}" for key in rows for each in rows[key]] if table else rows
        wrong = f"no table has a row {name!r}{suggest(name, known)}"
        problems.add(FILE, *cell, wrong, "ids of rows, separated by semicolons")
    elif len(found) > 1:
        exact = " or ".join(f"{each}:{own}" for each in found)
        problems.add(FILE, *cell, f"{name!r} is a row of several tables", exact)
