"""The table data/raw/findings.csv: what the report finds, and what has to be so for it to hold."""

from __future__ import annotations

from analysis.tables.columns import Column, Table, choice, key, ref, spare, spares, text, texts

ROWS = r"[^;\s]+(; ?[^;\s]+)*"  # of any table, by id


def rows(description: str) -> Column:
    """Rows of any table that tell their passage, as pages name them behind `{evidence}`."""
    said = f"{description}, by id, separated by semicolons"
    return text(said, pattern=ROWS, example="u12; municipalities:north", required=False)


# What a finding may say besides, in columns that a file may be without.
OPTIONAL = {
    "headline_of": text(
        "Notebook whose figure leads with it",
        pattern=r"[a-z][a-z0-9_-]*",
        example="beds: letters a–z, digits, - and _, a letter first",
        required=False,
    ),
    "rests_on": rows("Rows it rests on or, where it counts, examples of them; empty if on all"),
    "supported_by": rows("Rows that support a conclusion of the study"),
    "qualified_by": rows("Rows that qualify it"),
    "counted_by": ref(
        "findings.finding_id", "Findings of ours on the same", required=False, many=True
    ),
}
FINDINGS: dict[str, Table] = {
    "findings": Table(
        "findings.csv",
        "Findings",
        "What the report finds: sentences that follow from our counts, each with the condition "
        "that has to hold for it, and conclusions of the study with what bears on them.",
        ("finding_id",),
        {
            "finding_id": key("Finding"),
            "whose": choice(
                {
                    "counts": "ours: it follows from what we count, and is counted in every build",
                    "study": "a conclusion of the study",
                },
                "Who found it",
            ),
            "section": text(
                "Label of the section of the book that it belongs to",
                pattern=r"[a-z][a-z0-9-]*",
                example="sec-nights: letters a–z, digits and -, a letter first",
            ),
            "holds": spare(
                text(
                    "Condition on processed tables, such as `count(statements) > 3`; one of the "
                    "study's has none",
                    pattern=r"[(a-z0-9][\s\S]*",
                    example="count(statements) > 3",
                    required=False,
                )
            ),
            **texts("sentence", "The finding; `{count(statements)}` stands for the number counted"),
            **spares(OPTIONAL),
        },
        made_by="Written for the report; what it counts is counted anew in every build.",
    ),
}
