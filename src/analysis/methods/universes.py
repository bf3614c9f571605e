"""Universes: the study with one or several choices made otherwise, as what is left of its tables;
a multiverse analysis (Steegen and others 2016) looks at all of them.

Each leaves out statements, or takes other codings than the agreed ones; many are computed at once,
as rows that are there or not, and no table is made anew. What does not speak of statements or
their codes, such as the list of projects, is the same in all of them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.methods.evaluation import Tables
from analysis.tables.columns import parts

AGREED, ALL = "agreed", "all"
AT_ONCE = 20_000_000  # codings of all universes together that are held in memory
WEAK = 3  # how sure a coder was who was not
# Tables of statements and of what was coded in them, which a choice may change.
STATEMENTS = ("statements", "codings", "passes", "ratings", "adjudication")
CHOICES = ("coder", "without_interview", "attribution", "certainty", "corpus")
AS_STATED = dict(zip(CHOICES, (AGREED, None, ALL, ALL, ALL), strict=True))


class Universes:
    """The processed tables, which choices leave something of."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]):
        self.tables = {**tables, "codings": _all_codings(tables)}
        self.known = Tables(self.tables)

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
        kept = {name: _of(tables, name, statements) for name in STATEMENTS}
        kept["codings"] &= [_given(tables["codings"], choice) for choice in rows]
        place = tables["municipalities"]["municipality_id"]
        kept["municipalities"] = np.array([~place.isin(_without(choice)) for choice in rows])
        return self.known.but(kept)


def in_universes(tables: Mapping[str, pd.DataFrame], universes: pd.DataFrame) -> Tables:
    """The processed tables in each of the universes; see `Universes.where`."""
    return Universes(tables).where(universes)


def alike(universes: Tables) -> np.ndarray:
    """Whether each universe has the same rows as the first."""
    same = [(kept == kept[0]).all(axis=1) for kept in universes.kept.values()]
    return np.logical_and.reduce(same)


def as_stated() -> pd.DataFrame:
    """The one universe in which everything is as the report has it."""
    return pd.DataFrame([AS_STATED])


def coders(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Everyone whose codings could be taken instead of the agreed ones."""
    return list(tables["ratings"]["coder"].unique())


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


def _of(tables: Mapping[str, pd.DataFrame], name: str, statements: np.ndarray) -> np.ndarray:
    """Which rows of a table there are, if these statements are."""
    if name == "statements":
        return statements
    place = pd.Index(tables["statements"]["unit_id"]).get_indexer(tables[name]["unit_id"])
    return statements[:, place] | (place < 0)


def _all_codings(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Every pair of statement and code that is agreed or that a coder gave, the agreed ones first;
    `by AGREED` and by the names of the coders it says to whom a pair belongs.
    """
    ratings = tables["ratings"].dropna(subset="codes")
    given = ratings.assign(code=ratings["codes"].map(parts)).explode("code")
    agreed = tables["codings"][["unit_id", "code"]].assign(coder=AGREED)
    pairs = pd.concat([agreed, given[["unit_id", "code", "coder"]]], ignore_index=True)
    numbers = pairs.groupby(["unit_id", "code"], sort=False).ngroup().to_numpy()
    every = pairs.loc[~pairs.duplicated(["unit_id", "code"]), ["unit_id", "code"]]
    every = every.reset_index(drop=True)
    for coder, own in pairs.groupby("coder").indices.items():
        every[f"by {coder}"] = np.isin(np.arange(len(every)), numbers[own])
    certainty = tables["passes"][["unit_id", "code", "certainty_a", "certainty_b"]]
    dimensions = tables["codes"].set_index("code")["dimension"]
    decided = tables["codings"][["unit_id", "code", "decided"]]
    every = every.merge(certainty, on=["unit_id", "code"], how="left").merge(
        decided, on=["unit_id", "code"], how="left"
    )
    return every.assign(
        dimension=every["code"].map(dimensions), decided=every["decided"].eq(True).to_numpy()
    )


def _given(codings: pd.DataFrame, choice: dict) -> np.ndarray:
    """Which codings there are, as long as their statements are."""
    coder = choice["coder"]
    there = codings.get(f"by {coder}", pd.Series(False, codings.index)).to_numpy(dtype=bool)
    if choice["certainty"] == ALL:
        return there
    # ASSUME: an agreed coding is weak if either pass held it to be weak.
    passes = {"a", "b"} if coder == AGREED else {coder} & {"a", "b"}
    weak = [codings[f"certainty_{name}"].eq(WEAK).fillna(False) for name in sorted(passes)]
    return there & ~np.logical_or.reduce([np.zeros(len(codings), dtype=bool), *weak])


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
