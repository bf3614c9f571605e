"""What the codings cover, as a table: codes that nothing or only one interview carries, statements
without a code.
"""

from __future__ import annotations

import pandas as pd

from analysis.methods.determinable import NotDeterminable
from analysis.methods.saturation import BASE, RUN, new_codes, once_only, saturation
from analysis.wording import Wording, capitalised


def incidence(
    coded: pd.DataFrame, counts: pd.DataFrame, codes: pd.Series, interviews: pd.DataFrame
) -> pd.DataFrame:
    """Whether each interview (rows) has each code (columns), or may have it in a statement that
    only counts. A statement that names no interview counts for each of its place.

    coded: code, interview_id and municipality_id of each coding of interviews. counts: the table
    `code_counts`. codes: which ones, in order. interviews: the table.
    """
    place = ["code", "municipality_id"]
    named, unnamed = coded["interview_id"].notna(), coded["interview_id"].isna()
    only_counted = counts["aggregated"].ne(0).fillna(True)
    of_places = pd.concat([coded.loc[unnamed, place], counts.loc[only_counted, place]]).dropna()
    asked = of_places.merge(interviews, on="municipality_id")
    found = pd.concat(frame[["code", "interview_id"]] for frame in (coded[named], asked))
    wide = pd.crosstab(found["interview_id"], found["code"])
    return wide.reindex(index=interviews["interview_id"], columns=codes, fill_value=0) > 0


def table(
    codings: pd.DataFrame,
    statements: pd.DataFrame,
    codes: pd.DataFrame,
    of_interviews: pd.DataFrame,
    words: Wording,
) -> pd.DataFrame:
    """Codes of no statement, codes of a single interview, and statements of no code.

    codings: unit_id, code. codes: those that statements could have. of_interviews: as from
    `incidence`, with the names of the interviews as rows.
    """
    label = words.column("label")
    coded = codings.merge(statements, on="unit_id")
    counted = of_interviews.columns[of_interviews.any()]
    rows = [
        {"kind": words("kind.unused"), "label": row[label], "interview": "–", "unit_id": ""}
        for row in codes[~codes["code"].isin([*coded["code"], *counted])].to_dict("records")
    ]
    single = of_interviews.columns[once_only(of_interviews.to_numpy())]
    for row in codes[codes["code"].isin(single)].to_dict("records"):
        interview = of_interviews.index[of_interviews[row["code"]]][0]
        said = coded[coded["code"].eq(row["code"]) & coded["corpus"].eq("interview")]
        of_one = said.dropna(subset=["interview_id", "municipality_id"], how="all")
        units = ";".join(of_one["unit_id"])
        rows.append({"kind": words("kind.once"), "label": row[label]}
                    | {"interview": interview, "unit_id": units})  # fmt: skip
    rows += [
        {"kind": words("kind.uncoded"), "label": row[words.column("gist")]}
        | {"interview": "–", "unit_id": row["unit_id"]}
        for row in statements[~statements["unit_id"].isin(coded["unit_id"])].to_dict("records")
    ]
    return pd.DataFrame(rows, columns=["kind", "label", "interview", "unit_id"])


def nothing(counts: pd.DataFrame, of_interviews: pd.DataFrame, words: Wording) -> str:
    """Why there is no such table: all is covered, though perhaps not by interviews, or some counts
    (`code_counts`) are withheld; of_interviews: as from `incidence`.
    """
    if counts["aggregated"].isna().any():
        return words("withheld")
    return words("full" if of_interviews.sum().gt(1).all() else "full.elsewhere")


def headline(rows: pd.DataFrame, words: Wording) -> str:
    """How many there are of each kind."""
    counts = [
        words.count(f"headline.{kind}", int(rows["kind"].eq(words(f"kind.{kind}")).sum()))
        for kind in ("unused", "once", "uncoded")
    ]
    return f"{capitalised(words.listing(counts))}."


def saturated(of_interviews: pd.DataFrame, words: Wording) -> str:
    """Whether and when saturation was reached, or why that cannot be computed."""
    found = saturation(new_codes(of_interviews.to_numpy()))
    sizes = {"needed": BASE + RUN, "base": BASE, "run": RUN, "n": len(of_interviews)}
    shown = {name: words.numeral(n) for name, n in sizes.items()}
    if isinstance(found, NotDeterminable):
        return words(f"saturation.{found.reason}", **shown)
    if found.reached is None:
        return words("saturation.open")
    return words("saturation.reached", reached=words.numeral(found.reached))


def estimate(value, words: Wording) -> str:
    """A number as a sentence calls it, or that it cannot be determined."""
    if isinstance(value, NotDeterminable):
        return words("not_determinable")
    return words.number(value, 2)
