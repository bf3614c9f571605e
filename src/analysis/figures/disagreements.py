"""The statements that cost most agreement, as a table: what was in dispute and what was decided."""

from __future__ import annotations

import pandas as pd

from analysis.figures.agreement import decimal, names_of
from analysis.methods.determinable import NotDeterminable, Number
from analysis.wording import Wording


def costliest(costs: pd.DataFrame, most: int) -> pd.DataFrame:
    """The statements that cost most, so many and those that cost as much as the last of them; none
    that cost nothing.

    costs: as from `codeagreement.costs`.
    """
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

    costs: the statements to show. sets: the codes that each coder gave each statement.
    """
    gists = statements.set_index("unit_id")[words.column("gist")]
    labels = codes.set_index("code")[words.column("label")]
    decisions = adjudication.set_index(["unit_id", "code"])["decision"]
    names, rows = names_of(sets, words), []
    for unit, cost in costs.iterrows():
        given = sets.loc[unit].dropna()
        disputed = sorted(set().union(*given) - set(given.iloc[0]).intersection(*given))
        said = [_disputed(code, labels[code], given, names, words) for code in disputed]
        decided = [_decided(decisions.get((unit, code)), labels[code], words) for code in disputed]
        rows.append({
            "unit_id": unit,
            "gist": gists[unit],
            "disputed": "; ".join(said),
            "decided": "; ".join(decided),
            "without": decimal(cost["without"]),
        })  # fmt: skip
    return pd.DataFrame(rows)


def _disputed(
    code: str, label: str, given: pd.Series, names: dict[str, str], words: Wording
) -> str:
    """A code and who gave it."""
    coders = [names[coder] for coder, codes in given.items() if code in codes]
    return words("disputed", code=label, coders=words.listing(coders))


def _decided(decision: str | None, label: str, words: Wording) -> str:
    """What was decided on a code; on that of a further coder nobody need decide."""
    return words(f"decided.{decision or 'none'}", code=label)


def headline(n: int, with_all: float, without: Number, words: Wording) -> str:
    """How much higher α is without `n` statements: with_all, without: α with them and without."""
    if isinstance(without, NotDeterminable):
        return words.count("headline.all", n, with_all=words.number(with_all, 2))
    values = {"with_all": words.number(with_all, 2), "without": words.number(without, 2)}
    return words.count("headline", n, **values)
