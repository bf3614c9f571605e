"""The findings, counted: whether each still holds, how far it carries, and its sentence with the
numbers in it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping

import pandas as pd

from analysis.methods.conditions import NUMBER, NUMBERS, calls, parse
from analysis.methods.evaluation import Tables
from analysis.methods.exposure import FAILS, HOLDS, could_lose, is_touched, verdicts
from analysis.methods.fragility import (
    LIMIT,
    Removal,
    exposed_to_interviews,
    flipped_by_interviews,
    robustness,
)
from analysis.methods.universes import Universes, alike, as_stated
from analysis.problems import Problem
from analysis.tables import RAW
from analysis.wording import LANGUAGES, Wording, capitalised

SHOWN = 6  # so many of the rows that decide are named


def counted(findings: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The findings with all that is counted for them, their sentences with numbers in words; the
    universes that change something, and whether each finding holds in each of them.

    findings: the raw table. tables: all other processed ones, and the raw universes.
    """
    conditions = [None if pd.isna(text) else parse(text) for text in findings["holds"]]
    found, asked, codings = _as_stated(findings, conditions, tables)
    study = Universes(tables, tables["universes"])
    universes = _different(study, tables["universes"])
    judged = _verdicts(found["finding_id"], conditions, study, universes)
    carrying = {}
    if len(universes):
        interviews = _without_interviews(asked, study, tables["interviews"])
        carrying = _carrying(found, conditions, judged, interviews, codings)
    return {
        "findings": found.assign(**dict.fromkeys(CARRYING) | carrying).astype(
            {"carries_codings": "Int64"}
        ),
        "universes": universes,
        "verdicts": judged,
    }


CARRYING = (
    "robustness", "exposed_to", "flipped_by_interviews", "flipped_by_codings", "carries_codings"
)  # fmt: skip


def _as_stated(
    findings: pd.DataFrame, conditions: list[ast.expr | None], tables: Mapping[str, pd.DataFrame]
) -> tuple[pd.DataFrame, list[ast.expr | None], dict[int, tuple[str | None, int | None]]]:
    """The findings with what needs no universe; the conditions of which it is asked how far they
    carry; and what is known of these without some codings.
    """
    known = Tables(tables)
    columns = {
        "counted": [tree and _listed(known.counted(tree)) for tree in conditions],
        "is_met": [tree is None or bool(known.value(tree)) for tree in conditions],
    }
    for language in LANGUAGES:
        column = f"sentence_{language}"
        words = Wording(language)
        columns[column] = [_filled(text, known, words) for text in findings[column]]
        columns[f"template_{language}"] = findings[column]
    asked = [
        tree if tree and is_met and is_touched(tree) and len(tables["universes"]) else None
        for tree, is_met in zip(conditions, columns["is_met"], strict=True)
    ]
    return findings.assign(**columns), asked, _without_codings(asked, known)


def _different(study: Universes, universes: pd.DataFrame) -> pd.DataFrame:
    """The universes that have other rows than the report."""
    if universes.empty:
        return universes
    every = study.where(pd.concat([as_stated(), universes]))
    return universes[~alike(every)[1:]]


def _verdicts(
    names: pd.Series,
    conditions: list[ast.expr | None],
    study: Universes,
    universes: pd.DataFrame,
) -> pd.DataFrame:
    """Whether each finding that a choice could change holds in each universe."""
    every = pd.concat([as_stated(), universes], ignore_index=True)
    known, rows = study.where(every), []
    for name, tree in zip(names, conditions, strict=True):
        if tree and is_touched(tree) and len(universes):
            pairs = zip(universes["universe_id"], verdicts(known, every, tree)[1:], strict=True)
            rows += [(name, *pair) for pair in pairs]
    return pd.DataFrame(rows, columns=["finding_id", "universe_id", "verdict"])


def _carrying(
    findings: pd.DataFrame,
    conditions: list[ast.expr | None],
    judged: pd.DataFrame,
    interviews: dict[int, list[str] | None],
    codings: dict[int, tuple[str | None, int | None]],
) -> dict[str, list]:
    """How far each finding of ours carries, as columns of the findings.

    interviews, codings: by its position, what is enough for a finding not to hold that could fail
    without some.
    """
    tested = judged[judged["verdict"].isin([HOLDS, FAILS])]
    held = tested["verdict"].eq(HOLDS).groupby(tested["finding_id"]).agg(list).to_dict()
    each = zip(findings["finding_id"], conditions, findings["is_met"], strict=True)
    rows = []
    for i, (name, tree, is_met) in enumerate(each):
        named = ["interviews"] * (i in interviews) + ["codings"] * (i in codings)
        rows.append((
            tree and robustness(is_met, held.get(name, [])),
            ";".join(named) or None,
            ";".join(interviews.get(i) or ()) or None,
            *codings.get(i, (None, None)),
        ))  # fmt: skip
    return dict(zip(CARRYING, zip(*rows, strict=True), strict=True)) if rows else {}


def _without_interviews(
    trees: list[ast.expr | None], study: Universes, interviews: pd.DataFrame
) -> dict[int, list[str] | None]:
    """For each condition that could fail without an interview, by its position, the fewest without
    which it does.
    """
    named = interviews["municipality_id"].unique()
    exposed = {
        i: tree
        for i, tree in enumerate(trees)
        if tree and exposed_to_interviews(study, named, tree)
    }
    places = flipped_by_interviews(study, named, [*exposed.values()])
    return dict(zip(exposed, places, strict=True))


def _without_codings(
    trees: list[ast.expr | None], known: Tables
) -> dict[int, tuple[str | None, int | None]]:
    """For each condition that could fail without codings, by its position, those without which it
    does, and how many they are.
    """
    removal = Removal(known)
    return {
        i: _codings(removal, tree)
        for i, tree in enumerate(trees)
        if tree and could_lose(known, tree, "codings")
    }


def _codings(removal: Removal, tree: ast.expr) -> tuple[str | None, int | None]:
    """The codings without which a condition does not hold, and how many they are."""
    found = removal.flips(tree)
    if found and len(found) > LIMIT:
        return None, LIMIT + 1
    return found and ";".join(removal.rows(found)), found and len(found)


def refuted(
    study,
    tables: Mapping[str, pd.DataFrame],
    counting: Mapping[str, pd.DataFrame] | None = None,
    pages: Callable[[], Mapping[str, str]] = dict,
) -> list[Problem]:
    """What no longer holds, with the rows that decide, or not with all statements that count; for
    whoever has to change data or sentence.

    study: with the raw findings, by their rows. tables: the processed ones; counting: the same with
    statements that only count, if there are any. pages: gives the text of each page by its name,
    which says where a finding stands; not asked for if all hold.
    """
    known, findings = Tables(tables), study["findings"]
    met = pd.Series(tables["findings"]["is_met"].to_numpy(dtype=bool), findings.index)
    with_all = met if counting is None else _holding(findings["holds"], Tables(counting))
    problems = []
    for row, finding in findings[~met | ~with_all].iterrows():
        if met[row]:  # which numbers decide is not said, as what is printed may be kept
            wrong = "holds only as long as statements that only count are left out"
            expected = "a condition and a sentence that hold with them, too"
        else:
            shown = "; ".join(_decisive(known, call) for call in calls(parse(finding["holds"])))
            only = "; it holds only with statements that only count" if with_all[row] else ""
            wrong = f"does not hold: {shown}{only}"
            expected = f"{finding['holds']}, or a sentence that the data carries"
        sentence = finding[f"sentence_{LANGUAGES[-1]}"]
        where = ", ".join([finding["section"], *_stating(finding["finding_id"], pages())])
        said = f"{sentence!r} ({where}) {wrong}"
        problems.append(Problem(RAW["findings"].file, row, "holds", said, expected))
    return problems


def _holding(conditions: pd.Series, known: Tables) -> pd.Series:
    """Which of the conditions hold in these tables; where there is none, it does."""
    return conditions.map(lambda text: pd.isna(text) or bool(known.value(parse(text)))).astype(bool)


def _stating(name: str, pages: Mapping[str, str]) -> list[str]:
    """The pages that state a finding."""
    return [page for page, text in pages.items() if f"{{finding}}`{name}`" in text]


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
        every = known.keys(call.args[0].id, known.mask(call, None))
        members = [key for key in every if key not in members]
        value = f"not so for {len(members)}" if every else "about no row"
    more = ", …" if len(members) > SHOWN else ""
    named = f" ({', '.join(map(str, members[:SHOWN]))}{more})" if members else ""
    return f"{said} is {value}{named}"
