"""Invented tables: of coded statements, in which findings are counted, and of the answers of two
coders.
"""

import numpy as np
import pandas as pd

TOWNS = ("ahausen", "bedorf", "celle")


def tables(statements, codings, ratings=(), passes=()):
    """Processed tables. statements: statement, town (or None), attribution, codes by blanks; one
    unit each unless the statement is named again. codings: what is agreed beside that. passes:
    unit, code, and the certainty of each pass, None where it did not give the code.
    """
    units = [
        (f"u{n}", statement, "interview", town, attribution, codes.split())
        for n, (statement, town, attribution, codes) in enumerate(statements)
    ]
    agreed = [(unit, code) for unit, *_, codes in units for code in codes] + list(codings)
    columns = ["unit_id", "statement_id", "corpus", "municipality_id", "attribution"]
    given = pd.DataFrame(agreed, columns=["unit_id", "code"], dtype=str)
    compared = pd.DataFrame(passes, columns=["unit_id", "code", "certainty_a", "certainty_b"])
    in_a, in_b = (compared[f"certainty_{letter}"].notna() for letter in ("a", "b"))
    known = ["limit", "opportunity", "water", "wood"]
    return {
        "statements": pd.DataFrame([unit[:5] for unit in units], columns=columns, dtype=str).assign(
            interview_id=pd.Series(pd.NA, range(len(units)), dtype=str)
        ),
        "codings": given.assign(
            dimension="aspect", certainty_a=pd.NA, certainty_b=pd.NA, decided=False
        ),
        "codes": pd.DataFrame({"code": known, "dimension": "aspect"}),
        "municipalities": pd.DataFrame({"municipality_id": TOWNS}),
        "interviews": pd.DataFrame({"interview_id": TOWNS, "municipality_id": TOWNS}),
        "ratings": pd.DataFrame(ratings, columns=["coder", "unit_id", "codes", "weak"], dtype=str),
        "passes": compared.assign(given_by=np.select([~in_b, ~in_a], ["a", "b"], "both")).astype(
            {"unit_id": str, "code": str, "given_by": str}
        ),
        "adjudication": pd.DataFrame(columns=["unit_id", "code"], dtype=str),
        "projects": pd.DataFrame({"project_id": ["p", "q"]}),
    }


def from_table(table):
    """Ratings of two coders from their table of frequencies: rows coder 1, columns coder 2."""
    counts = np.asarray(table)
    first, second = np.indices(counts.shape).reshape(2, -1)
    pairs = np.repeat(np.stack([first, second]), counts.ravel(), axis=1)
    return np.eye(len(counts))[pairs]
