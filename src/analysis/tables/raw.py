"""The raw tables, one module for each folder of data/raw: written by hand, read by
`study.py`, changed by no step of a build.
"""

from __future__ import annotations

from analysis.tables.coding import CODING_TABLES, codings_of
from analysis.tables.columns import Table
from analysis.tables.context import CONTEXT
from analysis.tables.findings import FINDINGS
from analysis.tables.own import read_own
from analysis.tables.study import IDENTITIES, STUDY

RAW: dict[str, Table] = STUDY | CODING_TABLES | CONTEXT | FINDINGS
# Names of processed tables that are no raw ones, and of what is read beside tables.
MADE = (
    "dimensions", "codes", "references", "aggregated", "statements", "codings", "passes",
    "ratings", "code_counts", "case_counts", "verdicts", "context_statements", "context_codings",
    "context_ratings",
)  # fmt: skip
# What a reference may be to in several tables.
JOINED = {
    "all_units": ("units", "case_units"),
    "discrepancies": ("discrepancies", "context_discrepancies"),
}
# Whose names and files no table that a study declares may have, and further names.
GIVEN = RAW | {"identities": IDENTITIES}
TAKEN = (*MADE, *JOINED)
OWN = read_own(GIVEN, TAKEN)
RAW |= OWN


def described(name: str) -> Table | None:
    """The raw table of this name, also that of a further coder; None if there cannot be one."""
    coder = name.removeprefix("codings_")
    return RAW.get(name) or (None if coder == name else codings_of(coder))


def coder_of(name: str) -> str:
    """Who gave the codes in the table of this name: the NAME of its file, `codings_NAME.csv`."""
    return described(name).file.rpartition("codings_")[2].removesuffix(".csv")
