"""The statements that cost most agreement, as a table: what was in dispute and what was decided."""

from __future__ import annotations

import pandas as pd

from analysis.figures.agreement import decimal, names_of, rounded
from analysis.methods.determinable import NotDeterminable, Number
from analysis.wording import Wording


def costliest(costs: pd.DataFrame, most: int) -> pd.DataFrame:
    """The statements that cost most, so many and those that cost as much as the last of them; none
    that cost nothing.

    costs: as from `codeagreement.costs`. Raises ValueError if `most` is less than one.
    """
    if most < 1:
        raise ValueError(f"most: {most}; expected 1 or more")
    some = costs[costs["cost"] > 0]
    return some[some["cost"] >= some["cost"].head(most).min() - 1e-9]  # as good as equal


def table(
    costs: pd.DataFrame,
    sets: pd.DataFrame,
    statements: pd.DataFrame,
    codes: pd.DataFrame,
    adjudication: pd.DataFrame,
    words: Wording,
) -> pd.DataFrame:
    """The statements with what each coder gave alone or not, the decision, and α without them.

    costs: the statements to show. sets: the codes that each coder gave each of their units.
    statements: the units that somebody rated.
    """
    units, gist = statements.groupby("statement_id")["unit_id"].agg(list), words.column("gist")
    gists = statements.drop_duplicates("statement_id").set_index("statement_id")[gist]
    labels = codes.set_index("code")[words.column("label")]
    decisions = adjudication.set_index(["unit_id", "code"])["decision"]
    names, rows = names_of(sets, words), []
    for statement, cost in costs.iterrows():
        said, decided = {}, {}  # the same of several units is told once
        for unit in units[statement]:
            given = sets.loc[unit].dropna()
            for code in sorted(set().union(*given) - set(given.iloc[0]).intersection(*given)):
                coders = tuple(names[coder] for coder, codes in given.items() if code in codes)
                told = {"code": labels[code], "coders": words.listing(coders)}
                said[code, coders] = words("disputed", **told)
                # nobody need decide on the code of a further coder
                decision = decisions.get((unit, code), "none")
                decided[code, decision] = words(f"decided.{decision}", code=labels[code])
        rows.append({
            "unit_id": ";".join(units[statement]),
            "gist": gists[statement],
            "disputed": "; ".join(said.values()),
            "decided": "; ".join(decided.values()),
            "without": decimal(cost["without"]),
        })  # fmt: skip
    return pd.DataFrame(rows)


def headline(n: int, with_all: float, without: Number, words: Wording) -> str:
    """How much higher α is without `n` statements: with_all, without: α with them and without."""
    if isinstance(without, NotDeterminable):
        return words.count("headline.all", n, with_all=rounded(with_all, words))
    values = {"with_all": rounded(with_all, words), "without": rounded(without, words)}
    return words.count("headline", n, **values)
