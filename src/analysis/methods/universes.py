"""Universes: the study with one or several choices made otherwise, as what is left of its tables;
a multiverse analysis (Steegen and others 2016) looks at all of them.

Each leaves out statements, or takes other codings than the agreed ones; many are computed at once,
as rows that are there or not, and no table is made anew. What does not speak of statements or
their codes, such as the list of projects, is the same in all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

import numpy as np
import pandas as pd

from analysis.methods.agreement import PAIR, aligned, taken
from analysis.methods.evaluation import Tables
from analysis.tables import STATEMENTS
from analysis.tables.columns import parts

AGREED, ALL = "agreed", "all"
AT_ONCE = 20_000_000  # codings of all universes together that are held in memory
CHOICES = ("coder", "without_interview", "attribution", "certainty", "corpus", "merged")
AS_STATED = dict(zip(CHOICES, (AGREED, None, ALL, ALL, ALL, None), strict=True))


class Universes:
    """The processed tables, which choices leave something of.

    merges: lists of codes that some choice counts as the first of them.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame], merges: Iterable[list[str]] = ()):
        self.tables = {**tables, "codings": _all_codings(tables, merges)}
        self.known = Tables(self.tables)
        units = pd.Index(tables["statements"]["unit_id"])
        # by table: where the statement of each of its rows stands, -1 if it has none
        self.places = {name: units.get_indexer(self.tables[name]["unit_id"]) for name in STATEMENTS}

    @property
    def at_once(self) -> int:
        """In how many universes these tables can be held at once."""
        return max(1, AT_ONCE // max(1, len(self.tables["codings"])))

    def where(self, universes: pd.DataFrame) -> Tables:
        """What is left in each of the universes.

        universes: a row each, with the columns CHOICES as `analysis.tables` describes them.
        """
        tables = self.tables
        rows = universes[list(CHOICES)].astype(object).to_dict("records")
        statements = np.array([_statements(tables["statements"], choice) for choice in rows])
        kept = {name: statements[:, own] | (own < 0) for name, own in self.places.items()}
        kept["codings"] &= [_merged(tables["codings"], choice) for choice in rows]
        place = tables["municipalities"]["municipality_id"]
        kept["municipalities"] = np.array([~place.isin(_without(choice)) for choice in rows])
        return self.known.but(kept)


def in_universes(tables: Mapping[str, pd.DataFrame], universes: pd.DataFrame) -> Tables:
    """The processed tables in each of the universes; see `Universes.where`."""
    return Universes(tables, merges(universes)).where(universes)


def merges(universes: pd.DataFrame) -> list[list[str]]:
    """The codes that count as the first of them, in universes in which some do."""
    return list(map(parts, universes["merged"].dropna().unique()))


def alike(universes: Tables) -> np.ndarray:
    """Whether each universe has the same rows as the first."""
    same = [(kept == kept[0]).all(axis=1) for kept in universes.kept.values()]
    return np.logical_and.reduce(same)


def as_stated() -> pd.DataFrame:
    """The one universe in which everything is as the report has it."""
    return pd.DataFrame([AS_STATED])


def coders(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Everyone whose codings could be taken instead of the agreed ones: who coded all statements,
    so that what they have not coded is missing for them, too.
    """
    units = {*tables["statements"]["unit_id"]}
    rated = tables["ratings"].groupby("coder", sort=False)["unit_id"]
    return [coder for coder, own in rated if units <= {*own}]


def _without(choice: dict) -> list[str]:
    return parts(choice["without_interview"])


def _statements(statements: pd.DataFrame, choice: dict) -> np.ndarray:
    """Which statements there are."""
    of_interview = statements["corpus"] == "interview"
    there = ~(of_interview & statements["municipality_id"].isin(_without(choice)))
    if choice["corpus"] != ALL:
        there &= statements["corpus"] == choice["corpus"]
    if choice["attribution"] == "explicit":
        there &= statements["attribution"] == "explicit"
    elif choice["attribution"] != ALL:
        there &= statements["attribution"] != "collective"
    return there.to_numpy(dtype=bool)


def _all_codings(tables: Mapping[str, pd.DataFrame], merges: Iterable[list[str]]) -> pd.DataFrame:
    """Every pair of statement and code that is agreed, that a coder gave, or that there is if codes
    are merged, the agreed ones first. `by AGREED` and by the names of the coders it says to whom a
    pair belongs, `weak NAME` whether that coder held it to be weak.
    """
    codings, passes = tables["codings"], tables["passes"]
    given, weak = (_by_coder(tables["ratings"], column) for column in ("codes", "weak"))
    given = {AGREED: codings[PAIR], **given}
    more = [
        pd.concat(given.values()).query("code in @others").assign(code=first)
        for first, *others in merges
    ]
    frames = [passes, codings, *given.values(), *weak.values(), *more]
    every, (in_passes, in_codings, *rows) = aligned(*frames)
    names = [*(f"by {coder}" for coder in given), *(f"weak {coder}" for coder in weak)]
    belongs = {name: own >= 0 for name, own in zip(names, rows, strict=False)}
    order = np.lexsort([np.where(in_codings < 0, len(codings), in_codings)])
    dimensions = tables["codes"].set_index("code")["dimension"]
    found = every.assign(
        **belongs,
        certainty_a=taken(passes["certainty_a"], in_passes),
        certainty_b=taken(passes["certainty_b"], in_passes),
        decided=np.append(codings["decided"].eq(True), False)[in_codings],
        dimension=every["code"].map(dimensions),
    )
    return found.iloc[order].reset_index(drop=True)


def _by_coder(ratings: pd.DataFrame, column: str) -> dict[str, pd.DataFrame]:
    """For each coder a row for each code that a column of the ratings lists."""
    listed = ratings.dropna(subset=column)
    known = {cell: parts(cell) for cell in listed[column].unique()}
    codes = [known[cell] for cell in listed[column]]
    row = np.repeat(np.arange(len(codes)), [*map(len, codes)])
    exploded = listed.iloc[row][["coder", "unit_id"]].assign(code=[*chain.from_iterable(codes)])
    return dict(iter(exploded.groupby("coder")))


def _given(codings: pd.DataFrame, choice: dict) -> np.ndarray:
    """Which codings there are, as long as their statements are."""

    def of(name: str) -> np.ndarray:
        return codings.get(name, pd.Series(False, codings.index)).to_numpy(dtype=bool)

    coder = choice["coder"]
    there = of(f"by {coder}")
    if choice["certainty"] == ALL:
        return there
    # ASSUME: an agreed coding is weak if either pass held it to be weak.
    asked = ("a", "b") if coder == AGREED else (coder,)
    return there & ~np.logical_or.reduce([of(f"weak {name}") for name in asked])


def _merged(codings: pd.DataFrame, choice: dict) -> np.ndarray:
    """The same where some codes count as the first of them."""
    there, codes = _given(codings, choice), parts(choice["merged"])
    if not codes:
        return there
    first, *others = codes
    gone = there & codings["code"].isin(others).to_numpy()
    as_first = codings["unit_id"].isin(codings["unit_id"][gone]) & codings["code"].eq(first)
    return (there & ~gone) | as_first.to_numpy()


def statement_counts(known: Tables, codes: pd.Series, by: str, places: pd.Series) -> pd.DataFrame:
    """Statements per code and place, every combination a row, in each universe (columns).

    by: the column of statements that the places are in. A statement counts once per place, however
    many units it was cut into; see `code_counts`.
    """
    every = pd.MultiIndex.from_product([codes, places], names=["code", by])
    return _counted(known, by, ["code", by]).reindex(every, fill_value=0)


def different_counts(known: Tables, codes: pd.Series, by: str) -> pd.DataFrame:
    """How many different statements of any place there are per code (rows) in each universe."""
    return _counted(known, by, ["code"]).reindex(codes, fill_value=0)


def _counted(known: Tables, by: str, of: list[str]) -> pd.DataFrame:
    columns = {name: known.column("codings", name).to_numpy() for name in ("code", by)}
    columns["statement_id"] = known.column("codings", "statement_id").to_numpy()
    rows = pd.DataFrame(columns).dropna()
    groups = rows.groupby([*of, "statement_id"], sort=False).indices
    places = rows.index.to_numpy()
    there = [known.there("codings", places[own]).any(axis=1) for own in groups.values()]
    keys = pd.DataFrame([key[: len(of)] for key in groups], columns=of)
    found = pd.DataFrame(np.array(there, dtype="int64").reshape(len(groups), known.universes))
    return found.groupby([keys[name] for name in of], sort=False).sum()
