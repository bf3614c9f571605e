"""Universes: the study with one or several choices made otherwise, as what is left of its tables;
a multiverse analysis (Steegen and others 2016) looks at all of them.

Each leaves out statements, or takes other codings than the agreed ones; many are computed at once,
as rows that are there or not, and no table is made anew. What does not speak of statements or
their codes, such as the list of projects, is the same in all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from analysis.methods.agreement import PAIR, WEAK, aligned, dimensions
from analysis.methods.evaluation import Tables, categories
from analysis.tables import coder_of
from analysis.tables.columns import parts

AGREED, ALL = "agreed", "all"
# the tables that universes are made of, whatever is counted in them
NEEDED = (
    "statements", "codings", "passes", "ratings", "codes", "municipalities", "interviews",
)  # fmt: skip
PASSES = {coder_of(f"codings_{letter}"): letter for letter in ("a", "b")}
AT_ONCE = 20_000_000  # codings of all universes together that are held in memory
CHOICES = ("coder", "without_interview", "attribution", "certainty", "corpus", "merged")
AS_STATED = dict(zip(CHOICES, (AGREED, None, ALL, ALL, ALL, None), strict=True))


class Universes:
    """The processed tables, which choices leave something of.

    universes: those that are looked at; beside them there may be any that ask for no other coder
    and merge no other codes.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame], universes: pd.DataFrame):
        self.tables = {**tables, "codings": _all_codings(tables, universes)}
        self.known = Tables(self.tables)
        self.asked = _asked(tables)

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
        statements = np.array([_statements(self.known, self.asked, choice) for choice in rows])
        known = self.known.but({"statements": statements})
        codings = known.there("codings", np.arange(len(tables["codings"])))
        codings &= [_merged(tables["codings"], choice) for choice in rows]
        place = tables["municipalities"]["municipality_id"]
        towns = np.array([~place.isin(_without(choice)) for choice in rows])
        return known.but({"statements": statements, "codings": codings, "municipalities": towns})


def in_universes(tables: Mapping[str, pd.DataFrame], universes: pd.DataFrame) -> Tables:
    """The processed tables in each of the universes; see `Universes.where`."""
    return Universes(tables, universes).where(universes)


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


def _asked(tables: Mapping[str, pd.DataFrame]) -> pd.Series:
    """The municipality in whose interview each statement is said; that which it speaks of, where
    its interview is not known.
    """
    statements, interviews = tables["statements"], tables["interviews"]
    of = dict(zip(interviews["interview_id"], interviews["municipality_id"], strict=True))
    named = statements["interview_id"].map(of).astype(object)
    return named.fillna(statements["municipality_id"].astype(object))


def _statements(known: Tables, asked: pd.Series, choice: dict) -> np.ndarray:
    """Which statements there are."""

    def has(column: str, *values: str) -> np.ndarray:
        return known.has("statements", column, [*values])

    there = ~(has("corpus", "interview") & asked.isin(_without(choice)).to_numpy())
    if choice["corpus"] != ALL:
        there &= has("corpus", choice["corpus"])
    if choice["attribution"] == "explicit":
        there &= has("attribution", "explicit")
    elif choice["attribution"] != ALL:
        there &= ~has("attribution", "collective")
    return there


def _all_codings(tables: Mapping[str, pd.DataFrame], universes: pd.DataFrame) -> pd.DataFrame:
    """Every pair of statement and code that is agreed, that is in a pass, that a coder gave whom a
    universe asks, or that there is if codes are merged. `by NAME` says whether a pair belongs to
    AGREED or to a coder, `weak NAME` whether it was held to be weak there.
    """
    codings, passes = tables["codings"], tables["passes"]
    coders = [name for name in universes["coder"].unique() if name not in (AGREED, *PASSES)]
    ratings = [tables["ratings"][tables["ratings"]["coder"] == coder] for coder in coders]
    given, weak = ([_listed(own, column) for own in ratings] for column in ("codes", "weak"))
    more = _as_first([codings, passes, *given], universes["merged"].dropna().unique())
    every, (agreed, in_passes, *rows) = aligned(codings, passes, *given, *weak, *more)
    certainty = {
        name: categories(passes[name]).take(in_passes, allow_fill=True)
        for name in ("certainty_a", "certainty_b")
    }
    is_weak = [own == WEAK for own in certainty.values()]
    by = categories(passes["given_by"]).take(in_passes, allow_fill=True)
    # ASSUME: an agreed coding is weak if either pass held it to be weak.
    belongs = {f"by {AGREED}": agreed >= 0, f"weak {AGREED}": np.logical_or(*is_weak)}
    for (coder, letter), weak in zip(PASSES.items(), is_weak, strict=True):
        belongs |= {f"by {coder}": by.isin([letter, "both"]), f"weak {coder}": weak}
    names = [f"{what} {coder}" for what in ("by", "weak") for coder in coders]
    belongs |= {name: own >= 0 for name, own in zip(names, rows, strict=False)}
    return every.assign(
        **belongs,
        **certainty,
        decided=np.append(codings["decided"].eq(True), False)[agreed],
        dimension=dimensions(every["code"], tables["codes"]),
    )


def _listed(ratings: pd.DataFrame, column: str) -> pd.DataFrame:
    """A row for each code that a column of ratings lists."""
    own = ratings.dropna(subset=column)
    return own[["unit_id"]].assign(code=own[column].map(parts)).explode("code")


def _as_first(given: list[pd.DataFrame], merged: Iterable[str]) -> list[pd.DataFrame]:
    """The pairs that there may be where codes count as the first of them."""
    found = []
    for first, *others in map(parts, merged):
        found += [own.loc[own["code"].isin(others), PAIR].assign(code=first) for own in given]
    return found


def _given(codings: pd.DataFrame, choice: dict) -> np.ndarray:
    """Which codings there are, as long as their statements are."""
    there, is_weak = (codings[f"{what} {choice['coder']}"].to_numpy() for what in ("by", "weak"))
    return there if choice["certainty"] == ALL else there & ~is_weak


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
