"""The processed tables: written by `prepare.py`, read by notebooks and pages."""

from __future__ import annotations

from dataclasses import replace

from analysis.tables.coding import CODABLE, CODED, GIVEN_BY, PASSAGE
from analysis.tables.columns import (
    Column,
    Table,
    choice,
    count,
    flag,
    number,
    origin,
    ref,
    spare,
    text,
    texts,
)
from analysis.tables.raw import OWN, RAW

DERIVED = "Derived from the raw tables by src/analysis/processed/prepare.py."
# Raw tables that notebooks and pages read as they are, once validated and typed.
UNCHANGED = (
    "sources", "cases", "municipalities", "levels", "governance", "actors", "influence",
    "claims", "measures", "prospects", "targets", "events", "characteristics", "comparison",
    "project_mentions", "organisations", "cooperation", "interviews", "guide", "discrepancies",
    "adjudication", "summaries", "reporting", "universes",
)  # fmt: skip

UNITS = ("units.unit_id", "case_units.unit_id", "all_units.unit_id")  # made into statements
# Those of statements and of what was coded in them, or is said of one in each row of a table of the
# study: some statements may not be shown, and a choice may leave some out.
STATEMENTS = [
    "statements", "codings", "passes", "ratings", "adjudication", *(
        name
        for name, table in OWN.items()
        if any(column.refers in UNITS and not column.many for column in table.columns.values())
    )
]  # fmt: skip

COUNTS = {
    "statements": count("Statements with the code, each counted once", unit="statements"),
    "collective": count("How many of them were said of all places together", unit="statements"),
}
CERTAINTY = {
    f"certainty_{letter}": number(
        f"How sure the {which} coding was; empty if it did not give the code",
        unit="1 clear, 2 fair, 3 weak",
        required=False,
    )
    for letter, which in (("a", "first"), ("b", "second"))
}


def _may_be_empty(columns: dict[str, Column], *names: str) -> dict[str, Column]:
    """Some of these columns, with cells that may be empty."""
    return {name: replace(columns[name], required=False) for name in names}


PROCESSED: dict[str, Table] = {name: RAW[name] for name in UNCHANGED} | {
    "dimensions": Table(
        "dimensions.csv",
        "Dimensions of the codebook",
        "Groups of codes.",
        ("dimension",),
        {
            "dimension": text("Dimension"),
            "is_single": flag("A statement has at most one code of it"),
            "applies_to": spare(
                choice(CODABLE, "Statements that alone have codes of it", required=False)
            ),
            **texts("label", "Name"),
            "some_only_count": flag("Some of its statements are only counted and not shown"),
        },
        made_by=DERIVED,
    ),
    "codes": Table(
        "codes.csv",
        "Codes",
        "The codebook as a table, in codebook order.",
        ("code",),
        {
            "code": text("Code"),
            "dimension": ref("dimensions.dimension", "Dimension"),
            "role_code": ref("codes.code", "Role that a field belongs to", required=False),
            **texts("label", "Name"),
            **texts("definition", "When to give the code", required=False),
        },
        made_by=DERIVED,
    ),
    "facts": Table(
        "facts.csv",
        "Facts",
        "Quantities that the sources state, and some that we counted or derived (the note says "
        "which), with the text shown for each.",
        ("fact_id",),
        {
            **RAW["facts"].columns,
            **texts("display", "Number with qualifier and unit, for sentences"),
            **texts("short", "Number with qualifier and unit, for figures"),
        },
        made_by=DERIVED,
    ),
    "projects": Table(
        "projects.csv",
        "Projects",
        "Projects that the study reports, with their events, their partners and the passages that "
        "speak of them.",
        ("project_id",),
        {
            **RAW["projects"].columns,
            "event_id": ref(
                "events.event_id", "Its dated events, earliest first", required=False, many=True
            ),
            "partner_id": ref(
                "organisations.organisation_id",
                "Partners of the places in it",
                required=False,
                many=True,
            ),
            "passages": text("Passages that speak of it, in order, separated by semicolons"),
        },
        made_by=DERIVED,
    ),
    "statements": Table(
        "statements.csv",
        "Coded statements",
        "Statements of interviews and cases with their place and passage.",
        ("unit_id",),
        {
            "unit_id": text("Statement for one place or case"),
            "statement_id": text("Statement; the same for all places it is made for"),
            "interview_id": RAW["units"].columns["interview_id"],
            "corpus": choice(
                {"interview": "of an interview", "case": "of a case"}, "Part of the study"
            ),
            "municipality_id": ref("municipalities.municipality_id", "Place", required=False),
            "case_id": ref("cases.case_id", "Case", required=False),
            "attribution": replace(RAW["units"].columns["attribution"], may_lack=False),
            **_may_be_empty(PASSAGE, *PASSAGE),
            "modality": replace(RAW["units"].columns["modality"], may_lack=False),
            "consent": replace(
                RAW["units"].columns["consent"],
                required=False,
                may_lack=False,
                description="Consent to the statement; empty in those of cases, which are "
                "nobody's in particular",
            ),
            **texts("gist", "What is said, in our words"),
            **origin(literature=False),
            "locator": replace(
                RAW["units"].columns["locator"],
                may_lack=False,
                description="Passage in the study: section, paragraph (¶), sentence (s); or in a "
                "transcript: page (p. 3), line (l. 12), time (00:12:30), paragraph (¶4)",
            ),
            **_may_be_empty(RAW["anchors"].columns, "start", "end"),
        },
        made_by=CODED,
        consent=RAW["units"].consent,
    ),
    "codings": Table(
        "codings.csv",
        "Agreed codings",
        "Codes of each statement: those in both codings, minus excluded, plus included ones.",
        ("unit_id", "code"),
        {
            "unit_id": ref("statements.unit_id", "Statement"),
            "code": ref("codes.code", "Code"),
            "dimension": ref("dimensions.dimension", "Dimension of the code"),
            **CERTAINTY,
            "decided": flag("The adjudication put the code in"),
        },
        made_by=CODED,
    ),
    "passes": Table(
        "passes.csv",
        "First and second coding",
        "Every pair of statement and code in at least one of the two, before the adjudication.",
        ("unit_id", "code"),
        {
            "unit_id": ref("statements.unit_id", "Statement"),
            "code": ref("codes.code", "Code"),
            "given_by": choice(GIVEN_BY, "Which coding gave the code"),
            **CERTAINTY,
        },
        made_by=CODED,
    ),
    "ratings": Table(
        "ratings.csv",
        "Ratings of each coder",
        "What each coder gave each statement they rated, which is compared between coders; a "
        "statement without a row was not rated.",
        ("coder", "unit_id"),
        {
            "coder": text("Coder: the name in `codings_NAME.csv`"),
            "unit_id": ref("statements.unit_id", "Statement"),
            "codes": ref(
                "codes.code", "Codes given to it; empty if none", required=False, many=True
            ),
            "weak": ref(
                "codes.code",
                "Those of them that the coder held to be weak",
                required=False,
                many=True,
            ),
        },
        made_by=DERIVED,
    ),
    "code_counts": Table(
        "code_counts.csv",
        "Codes by place",
        "Interview statements per code and place; every combination a row.",
        ("code", "municipality_id"),
        {
            "code": ref("codes.code", "Code"),
            "municipality_id": ref("municipalities.municipality_id", "Place"),
            **COUNTS,
            "aggregated": count(
                "Further statements that count and are not shown; empty where the number is too "
                "small to be told, or would let one that is too small be worked out",
                unit="statements",
                required=False,
            ),
        },
        made_by=DERIVED,
    ),
    "case_counts": Table(
        "case_counts.csv",
        "Codes by case",
        "Case statements per code and case; every combination a row.",
        ("code", "case_id"),
        {"code": ref("codes.code", "Code"), "case_id": ref("cases.case_id", "Case"), **COUNTS},
        made_by=DERIVED,
    ),
    "findings": replace(
        RAW["findings"],
        columns={
            **RAW["findings"].columns,
            "counted": text(
                "What the functions of the condition count: each as written, and its value",
                required=False,
            ),
            **texts("template", "The finding as written, with the functions whose numbers it has"),
            "is_met": flag("The condition holds; a conclusion of the study has none to fail"),
            "robustness": choice(
                {
                    "robust": "holds in all universes in which it could fail",
                    "shaky": "holds as stated, but not in some of them",
                    "possible": "does not hold as stated, but in some of them",
                    "refuted": "holds in none",
                    "untouched": "could fail in no universe",
                },
                "How far a finding of ours carries; empty if there are no universes",
                required=False,
            ),
            "exposed_to": text(
                "What it rests on and could fail without: interviews, codings or both, separated "
                "by semicolons; empty if it rests on neither",
                pattern=r"interviews|codings|interviews;codings",
                required=False,
            ),
            "flipped_by_interviews": ref(
                "municipalities.municipality_id",
                "The fewest interviews without which it does not hold; empty if it holds as long "
                "as one is left (with more than ten interviews: whichever two are taken away)",
                required=False,
                many=True,
            ),
            "flipped_by_codings": text(
                "A smallest set of codings without which it does not hold, by statement and code, "
                "separated by semicolons; empty if no such set of up to a hundred is found",
                required=False,
            ),
            "carries_codings": count(
                "How many codes of statements have to be taken away for that; 101 stands for "
                "more than a hundred",
                unit="codes",
                required=False,
            ),
        },
    ),
    "verdicts": Table(
        "verdicts.csv",
        "Findings in each universe",
        "Whether each finding that counts statements or codings holds in each universe.",
        ("finding_id", "universe_id"),
        {
            "finding_id": ref("findings.finding_id", "Finding"),
            "universe_id": ref("universes.universe_id", "Universe"),
            "verdict": choice(
                {
                    "holds": "it holds",
                    "fails": "it does not hold",
                    "void": "nothing is left of what it speaks of",
                    "untouched": "it holds and could not fail: nothing is gone that it rests on",
                },
                "Whether it holds",
            ),
        },
        made_by=DERIVED,
    ),
    "context_statements": replace(
        RAW["context_units"], file="context_statements.csv", title="Context statements"
    ),
}
PROCESSED |= {
    name: replace(RAW[name], file=f"{name}.csv")
    for name in ("context_items", "context_discrepancies", "context_organisations")
}
# A project is one row however many passages speak of it; the table of these passages has no rows to
# name. Nor has that of the checklists, whose items may have no passage.
UNNAMED = ("project_mentions", "reporting")


def is_named(table: str) -> bool:
    """Whether the rows of a processed table can be named: those that can tell their passage."""
    return table not in UNNAMED and PROCESSED[table].tells_passages


CONTRADICTION = ref(
    "context_discrepancies.discrepancy_id", "Discrepancy it is part of", required=False
)
PROCESSED |= {
    name: replace(
        RAW[name],
        file=f"{name}.csv",
        columns={**RAW[name].columns, "discrepancy_id": CONTRADICTION},
    )
    for name in ("context_events", "context_targets")
}
PROCESSED["context_codings"] = replace(
    PROCESSED["codings"],
    file="context_codings.csv",
    title="Agreed codings (context)",
    columns={
        **PROCESSED["codings"].columns,
        "unit_id": ref("context_statements.unit_id", "Statement"),
    },
)
PROCESSED["context_ratings"] = replace(
    PROCESSED["ratings"],
    file="context_ratings.csv",
    title="Ratings of each coder (context)",
    columns={
        **PROCESSED["ratings"].columns,
        "unit_id": ref("context_statements.unit_id", "Statement"),
    },
)
PROCESSED |= {name: replace(about, file=f"{name}.csv") for name, about in OWN.items()}
