"""The findings, counted: whether each still holds, and its sentence with the numbers in it."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from analysis.methods.findings import NUMBER, NUMBERS, Tables, calls, parse
from analysis.problems import Problem
from analysis.tables import RAW
from analysis.wording import LANGUAGES, Wording, capitalised

SHOWN = 6  # so many of the rows that decide are named


def counted(findings: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The findings with `counted` and `is_met`, and their sentences with numbers in words.

    findings: the raw table. tables: all other processed ones.
    """
    known = Tables(tables)
    conditions = [None if pd.isna(text) else parse(text) for text in findings["holds"]]
    columns = {
        "counted": [tree and _listed(known.counted(tree)) for tree in conditions],
        "is_met": [tree is None or bool(known.value(tree)) for tree in conditions],
    }
    for language in LANGUAGES:
        column = f"sentence_{language}"
        words = Wording(language)
        columns[column] = [_filled(text, known, words) for text in findings[column]]
    return findings.assign(**columns)


def refuted(study, tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """What no longer holds, with the rows that decide; for whoever has to change data or sentence.

    study: with the raw findings, by their rows. tables: the processed ones.
    """
    known = Tables(tables)
    met = tables["findings"]["is_met"].to_numpy(dtype=bool)
    problems = []
    for row, finding in study["findings"][~met].iterrows():
        tree = parse(finding["holds"])
        shown = "; ".join(_decisive(known, call) for call in calls(tree))
        sentence = finding[f"sentence_{LANGUAGES[-1]}"]
        wrong = f"{sentence!r} ({finding['section']}) does not hold: {shown}"
        expected = f"{finding['holds']}, or a sentence that the data carries"
        problems.append(Problem(RAW["findings"].file, row, "holds", wrong, expected))
    return problems


def _listed(counts: dict[str, object]) -> str:
    return "; ".join(f"{call} = {value}" for call, value in counts.items())


def _filled(sentence: str, known: Tables, words: Wording) -> str:
    def number(found: re.Match) -> str:
        text = words.numeral(int(known.value(parse(found[1], NUMBER))))
        return capitalised(text) if found.start() == 0 else text

    return NUMBERS.sub(number, sentence)


def _decisive(known: Tables, call) -> str:
    """A function, its value, and the first rows that it counts; of one that goes through all rows,
    those for which the condition does not hold.
    """
    said, value = f"{call.func.id}({call.args[0].id}, …)", known.value(call)
    if call.func.id == "most":
        return f"{said} is {value}"
    members = known.members(call)
    if call.func.id == "every":
        every = known.tables[call.args[0].id].loc[known.mask(call, None)].iloc[:, 0]
        members = [key for key in every if key not in members]
        value = f"not so for {len(members)}"
    more = ", …" if len(members) > SHOWN else ""
    named = f" ({', '.join(map(str, members[:SHOWN]))}{more})" if members else ""
    return f"{said} is {value}{named}"
