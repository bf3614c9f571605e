"""Which rows of a study lead to an interview: by what they refer to and by their passages, in every
table that is described.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection

import pandas as pd

from analysis.tables import JOINED, Table, described
from analysis.tables.columns import NTH, TIME, filled, parts
from analysis.tables.findings import ROWS
from analysis.wording import MARKS

Tables = dict[str, pd.DataFrame]
Known = dict[str, set[str]]  # values of a column, `table.column`, that lead to an interview

PLACE = "municipality_id"
# What else leads to an interview does not make another place of where it was held.
FIXED = ("interviews.interview_id", f"municipalities.{PLACE}", "cases.case_id")
MARK = re.compile(r"([pSlZ]\.) ?")
SPAN = re.compile(rf"(?P<of>.*?)(?P<first>{NTH})[–-](?P<last>{NTH})(?: .*)?")
TIMES = re.compile(rf"(?P<of>)(?P<first>{TIME})(?:[–-](?P<last>{TIME}))?")
NARROW = ("¶", "p.")  # what rests on a whole one of these rests on all that is said in it


def resting(units: pd.DataFrame, interviews: pd.DataFrame) -> pd.Series:
    """Which statements rest on one of these interviews."""
    in_place = units[PLACE].isin(interviews[PLACE])
    own = units["interview_id"].isin(interviews["interview_id"])
    return own.where(units["interview_id"].notna(), in_place)


def covered(locator, passages: Collection[str]) -> list[str]:
    """Those of the passages in which one of a locator lies, or that lie in one."""
    if not isinstance(locator, str):
        return []
    return [
        passage
        for passage in passages
        if any(_meet(one, own) for one in _places(passage) for own in _places(locator))
    ]


def ends(passage: str) -> tuple[str, int, int] | None:
    """What each place of a span is called before its number, and the first and the last number, of
    times in seconds; None of a single place.
    """
    if not (found := TIMES.fullmatch(passage) or SPAN.fullmatch(passage)):
        return None
    of, first, last = found["of"] or "time ", found["first"], found["last"] or found["first"]
    return of, _number(first), _number(last)


def _number(written: str) -> int:
    """The number of a place; of a time, which may be without hours, its seconds."""
    return functools.reduce(lambda whole, part: 60 * whole + int(part), written.split(":"), 0)


@functools.cache
def _places(locator: str) -> list[str]:
    """The passages of a locator, in whatever language they are marked; of a span each place."""
    return [each for passage in parts(locator) for each in _spread(passage)]


def _spread(passage: str) -> list[str]:
    """The places of a passage, those of a span as a whole."""
    passage = MARK.sub(lambda mark: f"{MARKS[mark[1]]}. ", passage)
    if not (span := ends(passage)):
        return [passage]
    of, *numbers = span
    return [f"{of}{number}" for number in range(min(numbers), max(numbers) + 1)]


def _meet(passage: str, own: str) -> bool:
    return f"{own} ".startswith(f"{passage} ") or (
        _is_narrow(own) and passage.startswith(f"{own} ")
    )


def _is_narrow(place: str) -> bool:
    return any(mark in place for mark in NARROW)


def leading(tables: Tables, interviews: pd.DataFrame) -> dict[str, set[int]]:
    """By table, the rows that lead to one of these interviews: what it said, its place, passages
    that tell of either, and whatever refers to a row that leads there.
    """
    schemas = {name: schema for name in tables if (schema := described(name))}
    known = _seeds(tables, interviews)
    rows: dict[str, set[int]] = {name: set() for name in schemas}
    new = {name: found for name, found in _told(tables, interviews).items() if found}
    while new:
        for name, found in new.items():
            rows[name] |= found
            _know(name, schemas[name], tables[name].loc[sorted(found)], known)
        new = {
            name: found
            for name, schema in schemas.items()
            if (found := _referring(name, schema, tables[name], known) - rows[name])
        }
    return rows


def _seeds(tables: Tables, interviews: pd.DataFrame) -> Known:
    """The interviews, their places, and the cases with no other place than these."""
    places = set(interviews[PLACE].dropna())
    cases: set[str] = set()
    if "municipalities" in tables:
        of = tables["municipalities"].groupby("case_id")[PLACE].agg(set)
        cases = {case for case, own in of.items() if own <= places}
    ids = set(interviews["interview_id"].dropna())
    return dict(zip(FIXED, (ids, places, cases), strict=True)) | {ROWS: set()}


def _told(tables: Tables, interviews: pd.DataFrame) -> dict[str, set[int]]:
    """By table, the rows that say what was said there, and those whose passage tells of it."""
    rows = {"interviews": set(interviews.index)} if len(interviews) else {}
    if not rows or not {"units", "sources"} <= set(tables):
        return rows
    units, sources = tables["units"], tables["sources"]
    said = resting(units, interviews)
    near = _near({*units.loc[said, "locator"].dropna(), *interviews["locator"].dropna()})
    study = sources.loc[sources["role"].eq("study"), "source_id"]
    rows["units"] = set(units.index[said])
    for name in [name for name in tables if described(name) and "locator" in tables[name]]:
        own = tables[name]["locator"]
        if "source_id" in tables[name]:
            own = own[tables[name]["source_id"].isin(study)]
        if name == "units":  # a passage of a transcript is one of its interview alone
            own = own[units["interview_id"].isna()]
        rows.setdefault(name, set()).update(_with(own, near))
    return rows


def _near(passages: Collection[str]) -> Callable[[str], bool]:
    """Whether the passage of a locator is `covered` by one of many, which may be thousands."""
    whole = {each for passage in passages for each in _places(passage)}
    begun = {begin for passage in whole for begin in _beginnings(passage)}
    return lambda locator: any(
        not whole.isdisjoint(_beginnings(own)) or (_is_narrow(own) and own in begun)
        for own in _places(locator)
    )


def _beginnings(locator: str) -> list[str]:
    """A locator, and all that it lies in: `6`, `6 ¶3` and `6 ¶3 s2`."""
    words = locator.split(" ")
    return [" ".join(words[:n]) for n in range(1, len(words) + 1)]


def _referring(name: str, schema: Table, frame: pd.DataFrame, known: Known) -> set[int]:
    """The rows of a table that are known, or refer to something that is."""
    rows: set[int] = set()
    for column, field in schema.columns.items():
        is_list = field.many or field.pattern == ROWS
        targets = [ROWS] if field.pattern == ROWS else [f"{name}.{column}", field.refers]
        values = set().union(*(known.get(target, ()) for target in targets))
        if values and column in frame:
            named = parts if is_list else lambda cell: [cell]
            rows |= _with(
                frame[column],
                lambda cell, values=values, named=named: any(
                    str(each).rpartition(":")[2] in values for each in named(cell)
                ),
            )
    return rows


def _with(cells: pd.Series, holds: Callable[[str], object]) -> set[int]:
    """The rows with a text of which something holds; texts that are the same are asked once."""
    holds = functools.cache(holds)
    return {row for row, text in filled(cells) if holds(text)}


def _know(name: str, schema: Table, leading: pd.DataFrame, known: Known) -> None:
    """Adds what the rows of a table can be referred to by. Where passages are part of their key,
    they are passages of what the rest of it refers to.
    """
    keys = leading[list(schema.key)].dropna().astype("str")
    known[ROWS].update(map("/".join, keys.itertuples(index=False, name=None)))
    targets = {}
    if len(schema.key) == 1:
        owners = [name, *(joined for joined, names in JOINED.items() if name in names)]
        targets = {f"{owner}.{schema.key[0]}": schema.key[0] for owner in owners}
    elif "locator" in schema.key:
        targets = {schema.columns[column].refers: column for column in schema.key}
    for target in targets.keys() - {None, *FIXED}:
        known.setdefault(target, set()).update(keys[targets[target]])
