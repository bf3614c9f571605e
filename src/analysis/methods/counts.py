"""Counts of coded statements, and of targets."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd

from analysis.tables.coding import ATTRIBUTION
from analysis.tables.columns import parts


def code_counts(
    codings: pd.DataFrame, statements: pd.DataFrame, codes: pd.Series, places: pd.Series
) -> pd.DataFrame:
    """Statements per code and municipality (or case: `by`, the name of the series `places`),
    every combination a row.

    codings: unit_id, code. statements: unit_id, statement_id, attribution, and `by`. codes, places:
    all of them, in order of display. A statement counts once per value of `by`, however many units
    it was cut into; units without one do not count.
    Returns code, `by`, statements (a count), and collective (how many of these
    were said of all together).
    """
    by = places.name
    placed = statements.dropna(subset=[by])
    coded = _coded(codings, placed, [by, "attribution"])
    # ASSUME: what is said of several municipalities at once counts once for each of them; what is
    # said of all together is marked as collective.
    distinct = _each_once(coded, by)
    counted = distinct.assign(collective=distinct["attribution"].eq("collective")).groupby(
        ["code", by]
    )["collective"]
    table = counted.agg(statements="size", collective="sum")
    every = pd.MultiIndex.from_product([codes, places], names=["code", by])
    return table.reindex(every, fill_value=0).astype("int64").reset_index()


def _coded(codings: pd.DataFrame, statements: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The code of each coding of these statements, the number of its `statement`, and columns of
    that as categories; a unit may be in several statements. Merging texts would compare those of
    each coding, not only those of each statement.
    """
    numbers, units = pd.factorize(statements["unit_id"])
    unit = pd.Index(units).get_indexer(codings["unit_id"])
    coded = pd.DataFrame({"code": codings["code"].array, "unit": unit})[unit >= 0]
    statement, _ = pd.factorize(statements["statement_id"])
    found = {name: statements[name].astype("category").array for name in columns}
    return coded.merge(pd.DataFrame({"unit": numbers, "statement": statement, **found}), on="unit")


def _each_once(coded: pd.DataFrame, by: str) -> pd.DataFrame:
    """Each statement once for a code and a value of `by`, ascribed as its clearest unit is."""
    return clearest(coded, ["code", by, "statement"])


def clearest(rows: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """One row of those that are alike in some columns, in the order of the rows.

    rows: attribution, and the columns of `key`.
    """
    # ASSUME: a statement cut into units of which one names the place explicitly and another does
    # not is ascribed explicitly; next comes what is inferred, then what is said of all together.
    ordered = pd.CategoricalDtype([*ATTRIBUTION], ordered=True)
    first = rows.sort_values("attribution", key=lambda how: how.astype(ordered), kind="stable")
    return first.drop_duplicates(key).sort_index()


def only_counted(counts: pd.DataFrame) -> pd.DataFrame:
    """How many statements of each code (rows) and municipality only count; missing where that is
    not told.

    counts: the table `code_counts`.
    """
    wide = counts.pivot(index="code", columns="municipality_id", values="aggregated")
    return wide.astype("Int64")


def has_more(more: pd.DataFrame) -> pd.Series:
    """Whether a code may have statements that only count, as from `only_counted`. How many
    different ones is never told: what is said of several municipalities could be computed from it.
    """
    return more.ne(0).fillna(True).any(axis=1).astype(bool)


def and_more(shown: str, more) -> str:
    """A number of statements, and how many more only count; … where that is not told."""
    if pd.isna(more):
        return f"{shown} + …"
    return f"{shown} + {more}" if more else shown


def distinct_targets(targets: pd.DataFrame) -> pd.DataFrame:
    """The targets, each once: where the study contradicts itself on one, its first version.

    targets: case_id, year, discrepancy_id, and scope in each language.
    """
    # ASSUME: two targets of the same case, scope and year, on which the study contradicts itself,
    # are one, told twice.
    same = ["case_id", "year", "discrepancy_id", *targets.filter(like="scope_")]
    return targets[~(targets.duplicated(same) & targets["discrepancy_id"].notna())]


def co_occurrence(
    codings: pd.DataFrame, statements: pd.DataFrame, codes: list[str]
) -> pd.DataFrame:
    """In how many statements two codes stand together: a symmetric frame, each code's
    own count on the diagonal.

    codings: unit_id, code. statements: unit_id, statement_id. codes: the order of rows and columns.
    """
    coded = _coded(codings, statements, [])
    code = pd.Index(codes).get_indexer(coded["code"])
    # numbers with a point, as matrices of whole ones take many times as long to multiply
    present = np.zeros((len(statements), len(codes)))
    present[coded["statement"][code >= 0], code[code >= 0]] = 1
    together = (present.T @ present).astype("int64")
    return pd.DataFrame(together, pd.Index(codes, name="code"), pd.Index(codes, name="with_code"))


def block_order(together: pd.DataFrame) -> list[str]:
    """The codes in an order in which those that stand together are neighbours; codes without
    statements are left out.

    together: as from `co_occurrence`. This is seriation by hierarchical clustering: two codes are
    as alike as the share of statements with both among those with either (Jaccard 1912); the two
    clusters most alike on average are joined again and again (average linkage, UPGMA, Sokal and
    Michener 1958), each turned so that the ends most alike meet (as Gruvaeus and Wainer 1972); of
    equals, the first ones.
    """
    codes = together.index[np.diag(together) > 0]
    shared = together.loc[codes, codes].to_numpy()
    own = np.diag(shared)
    # rounded, so that ties are ties on every machine
    alike = (shared / (own[:, None] + own - shared)).round(9)
    # sums: of the likenesses between the codes of two chains
    chains, sums = [[i] for i in range(len(codes))], alike.copy()
    while len(chains) > 1:
        left, right = _most_alike(chains, sums)
        if not sums[left, right]:
            break
        chains[left] = _joined(chains[left], chains.pop(right), alike)
        sums[left] += sums[right]
        sums[:, left] += sums[:, right]
        sums = np.delete(np.delete(sums, right, axis=0), right, axis=1)
    return [codes[i] for chain in sorted(chains, key=len, reverse=True) for i in chain]


def _most_alike(chains: list[list[int]], sums: np.ndarray) -> tuple[int, int]:
    """The first two chains with the greatest mean likeness."""
    sizes = np.array([len(chain) for chain in chains])
    means = (sums / np.outer(sizes, sizes)).round(9)
    left, right = np.unravel_index(
        np.argmax(np.where(np.tri(len(chains), dtype=bool), -1, means)), means.shape
    )
    return int(left), int(right)


def _joined(left: list[int], right: list[int], alike: np.ndarray) -> list[int]:
    """Two chains as one, each turned round if that brings more alike ends together."""
    turns = product((left, left[::-1]), (right, right[::-1]))
    first, second = max(turns, key=lambda ends: alike[ends[0][-1], ends[1][0]])
    return first + second


def literature_marks(literature: pd.Series) -> pd.Series:
    """A mark such as [2,5] for each cell; the works are numbered in order of first appearance.

    literature: BibTeX keys separated by semicolons; a missing cell gets an empty mark.
    """
    cited = list(map(parts, literature))
    numbers = {
        work: str(n)
        for n, work in enumerate(dict.fromkeys(work for works in cited for work in works), start=1)
    }
    marks = [f"[{','.join(numbers[work] for work in works)}]" if works else "" for works in cited]
    return pd.Series(marks, index=literature.index, dtype="str")


def attribution_counts(
    codings: pd.DataFrame, statements: pd.DataFrame, codes: list[str]
) -> pd.DataFrame:
    """Statements per code, municipality and attribution; a missing municipality gathers
    those of no municipality.

    codings: unit_id, code. statements: unit_id, statement_id, municipality_id, attribution. codes:
    which ones, in order. A statement counts once per municipality. Returns code, municipality_id,
    attribution, statements (a count of at least 1).
    """
    by = ["code", "municipality_id", "attribution"]
    given = codings.loc[codings["code"].isin(codes), ["unit_id", "code"]]
    coded = _coded(given, statements, by[1:])
    coded = coded.astype({"code": pd.CategoricalDtype(codes)})  # are grouped in this order
    distinct = _each_once(coded, "municipality_id")
    table = distinct.groupby(by, dropna=False).size().rename("statements").reset_index()
    return table.astype(dict.fromkeys(by, "str"))


def carried_with(
    codings: pd.DataFrame,
    statements: pd.DataFrame,
    code: str,
    others: pd.Series,
    by: tuple[str, ...] = (),
) -> pd.DataFrame:
    """The statements given `code`, one row for each of the `others` that the same unit carries.

    codings: unit_id, code. statements: unit_id, statement_id and more,
    which is kept. others: codes.
    by: columns of `statements`; a statement counts once for each of their values, otherwise once.
    The new column `with_code` is empty for a statement that carries none of them.
    """
    key = ["statement_id", *by]
    given = statements[statements["unit_id"].isin(codings.loc[codings["code"] == code, "unit_id"])]
    pairs = codings.loc[codings["code"].isin(others), ["unit_id", "code"]].rename(
        columns={"code": "with_code"}
    )
    rows, alike = given.merge(pairs, on="unit_id", how="left"), [*key, "with_code"]
    rows = clearest(rows, alike) if "attribution" in rows else rows.drop_duplicates(alike)
    is_coded = rows.groupby(key, dropna=False)["with_code"].transform("count") > 0
    return rows[rows["with_code"].notna() | ~is_coded].reset_index(drop=True)


def linked_fields(
    statements: pd.DataFrame, codings: pd.DataFrame, fields: pd.Series, said: str, unsaid: str
) -> pd.DataFrame:
    """The statements, one row for each of the `fields` that they carry, and how each is
    linked to municipalities.

    statements: unit_id and more, which is kept. codings: unit_id, code. fields: codes. `with_code`
    is empty for a statement that carries none of them. link is `said` for a statement with the code
    `said`, `unsaid` for any other with the code `unsaid` or one of the fields, else `none`; where
    no code `said` tells which of them name municipalities, it is `touched` or `untouched`.
    """
    carriers = {
        code: set(codings.loc[codings["code"] == code, "unit_id"])
        for code in (said, unsaid, *fields)
    }
    named, linked = carriers[said], set().union(*carriers.values())
    other, without = ("unsaid", "none") if said else ("touched", "untouched")
    links = [
        "said" if unit in named else other if unit in linked else without
        for unit in statements["unit_id"]
    ]
    pairs = codings.loc[codings["code"].isin(fields), ["unit_id", "code"]].rename(
        columns={"code": "with_code"}
    )
    return statements.assign(link=links).merge(pairs, on="unit_id", how="left")
