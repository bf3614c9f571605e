"""Tables of data/raw/coding: statements, two codings of them, and the decisions between these."""

from __future__ import annotations

import re
from dataclasses import replace

from analysis.studyfile import read_about
from analysis.tables.columns import (
    SECTION,
    SHA256,
    TRANSCRIPT,
    Table,
    choice,
    count,
    key,
    ref,
    spare,
    spares,
    text,
    texts,
    year,
)
from analysis.tables.study import CONSENT, MODALITY

# Beside the tables: the codebook, and the account of the last import.
CODEBOOK = "coding/codebook.yml"
IMPORTED = "coding/import.json"
CODED = read_about().coded_by
COUNTED = read_about().counted
SECOND = "b"  # the coder whose codings are compared with those that are counted, and decided on

CODABLE = {  # tables of statements
    "units": "statements of interviews",
    "case_units": "statements on cases",
    "context_units": "passages of documents on the policy context",
}

CODING = {
    "unit_id": ref("all_units.unit_id", "Coded statement"),
    "code": ref(
        "codes.code",
        "Code given to the statement; empty in the only row of a statement that was rated and "
        "given none. A statement without a row was not rated",
        required=False,
    ),
    "certainty": spare(
        count(
            "How sure the coder was; empty if that is not recorded",
            unit="1 clear, 2 fair, 3 weak",
            low=1,
            high=3,
            required=False,
        )
    ),
}
# Files of coders whose codings are compared with the first and the second: codings_NAME.csv.
CODERS = re.compile(r"codings_([a-z0-9][a-z0-9_-]*)\.csv")
GIVEN_BY = {"a": "the first coding only", "b": "the second only", "both": "both"}
ADJUDICATION = {
    "unit_id": ref(
        "all_units.unit_id",
        "Statement on which the codings differed, agreed wrongly, or missed a code",
    ),
    "code": ref("codes.code", "Code in question"),
    "given_by": choice({**GIVEN_BY, "neither": "neither"}, "Which coding gave the code"),
    "decision": choice(
        {"include": "the code stands", "exclude": "the code is dropped"}, "Decision"
    ),
    "stage": spare(
        choice(
            {
                "run": "when the codings were compared",
                "revision": "in a later look at passages and definitions",
            },
            "When it was decided",
            required=False,
        )
    ),
}
# How clearly a statement is of a place, the clearest first.
ATTRIBUTION = {
    "explicit": "the passage names the place",
    "inferred": "the place follows from the context",
    "collective": "said of all places together",
    "none": "no place",
}
# What may become of a statement.
SHOWING = {
    "quote": "words of it may be quoted",
    "paraphrase": "it may be told in other words",
    "aggregate": "it counts and is never shown",
    "none": "it is not used at all",
}
# An apostrophe quotes only together with another one around words.
QUOTED = re.compile(r"[„“”‟«»‹›‚‘‛「」\"]|(?<!\w)['’](?=\w)[^'’]+['’](?!\w)")
# Chapter, then paragraph and sentence, counted as in the coded statements.
PASSAGE = {
    "section": text("Section of the study", pattern=SECTION),
    "paragraph": count(
        "Paragraph, counted through the chapter; list items count as paragraphs",
        unit="position",
        low=1,
    ),
    "sentence": count("Sentence within the paragraph", unit="position", low=1),
}

CODING_TABLES: dict[str, Table] = {
    "units": Table(
        "coding/units.csv",
        "Interview statements",
        "What is said in interviews, cut and told in other words or quoted.",
        ("unit_id",),
        {
            "unit_id": key("Statement for one place"),
            "statement_id": spare(key("Statement; the same for all places it is made for")),
            "interview_id": spare(
                ref("interviews.interview_id", "Interview, if it is known", required=False)
            ),
            "municipality_id": spare(
                ref(
                    "municipalities.municipality_id",
                    "Place; empty where none is named",
                    required=False,
                )
            ),
            "attribution": spare(choice(ATTRIBUTION, "How the place is known")),
            **spares(PASSAGE),
            "locator": spare(
                text(
                    "Passage in a transcript: page (p. 3), line (l. 12), time (00:12:30), "
                    "paragraph (¶4); instead of section, paragraph and sentence",
                    required=False,
                    pattern=TRANSCRIPT,
                )
            ),
            "modality": spare(choice(MODALITY, "How the passage puts it; the gist must keep it")),
            "consent": spare(choice(SHOWING, "Consent to the statement")),
            **texts("gist", "What is said, in our words"),
        },
        made_by=CODED,
        consent=CONSENT,
        required=True,
    ),
    "case_units": Table(
        "coding/case_units.csv",
        "Case statements",
        "What is said of the cases, cut and told in other words.",
        ("unit_id",),
        {
            "unit_id": key("Statement"),
            "case_id": ref("cases.case_id", "Case"),
            **PASSAGE,
            "kind": choice(
                {
                    "condition": "what is given",
                    "fact": "a fact stated of somebody",
                    "activity": "something done or planned",
                    "goal": "something wanted",
                },
                "Kind of statement",
            ),
            "actor": text(
                "Who acts or is spoken of, as identified in the passage and in its language",
                required=False,
            ),
            "year": year("Year named in the statement", required=False),
            "modality": choice(MODALITY, "How the passage puts it; the gist must keep it"),
            **texts("gist", "What is said, in our words"),
        },
        made_by=CODED,
    ),
    "anchors": Table(
        "coding/anchors.csv",
        "Anchors",
        "Where each statement's passage lies in the text version of its source, with a "
        "fingerprint.",
        ("unit_id",),
        {
            "unit_id": ref("all_units.unit_id", "Statement"),
            "source_id": ref("sources.source_id", "Document"),
            "start": count("First character of the passage", unit="Unicode code points from 0"),
            "end": count("Character after the last one", unit="Unicode code points from 0", low=1),
            "sha256_normalised": text("SHA-256 of the passage, white space folded", pattern=SHA256),
        },
        made_by="Computed once from the text versions of the sources, which are not redistributed.",
    ),
    "codings_a": Table(
        f"coding/codings_{COUNTED}.csv",
        "First coding",
        "Codes given by the first coder, or in a first pass. The codings of anybody else go into "
        "files of the same columns beside this one, `codings_NAME.csv`, with the name they are to "
        "be published under: they are compared, and do not change the agreed set.",
        ("unit_id", "code"),
        CODING,
        made_by=CODED,
        required=True,
    ),
    "codings_b": Table(
        f"coding/codings_{SECOND}.csv",
        "Second coding",
        "Codes given by the second coder, or in a second pass; without them, all codes of the "
        "first are agreed that no decision drops.",
        ("unit_id", "code"),
        CODING,
        made_by=CODED,
    ),
    "adjudication": Table(
        "coding/adjudication.csv",
        "Adjudication",
        "Decisions where the two codings differed, and where a later look at the passages changed "
        "what they had agreed on or missed.",
        ("unit_id", "code"),
        {**ADJUDICATION, **texts("reason", "Why")},
        made_by=CODED,
    ),
    "summaries": Table(
        "coding/summaries.csv",
        "Thematic summaries",
        "What the interview statements of one place say on a theme, in a few words; no row "
        "where they say nothing.",
        ("theme_code", "municipality_id"),
        {
            "theme_code": ref("codes.code", "Theme"),
            "municipality_id": ref("municipalities.municipality_id", "Place"),
            **texts("text", "What is said, in our words"),
            "unit_id": ref("units.unit_id", "Statements that are summed up", many=True),
        },
        made_by="Written from the statements named in each row.",
        consent=CONSENT,
    ),
}

# The choices by which a universe differs from the report.
CODING_TABLES["universes"] = Table(
    "coding/universes.csv",
    "Universes",
    "What could have been chosen otherwise, one way in each row; findings that count statements or "
    "codings are counted anew in each of them.",
    ("universe_id",),
    {
        "universe_id": key("Universe"),
        **texts("label", "What is different, so that it can follow “does not hold”"),
        "coder": text(
            "Whose codings count: `agreed`, or the name in `codings_NAME.csv`",
            pattern=r"[a-z0-9][a-z0-9_-]*",
            example="agreed or b: letters a–z, digits, - and _",
        ),
        "without_interview": ref(
            "municipalities.municipality_id",
            "Places whose interview is left out",
            required=False,
            many=True,
        ),
        "attribution": choice(
            {
                "all": "all statements",
                "not_collective": "without those said of all places together",
                "explicit": "only those whose passage names the place",
            },
            "Which statements count",
        ),
        "certainty": choice(
            {"all": "all codings", "not_weak": "without those that were held to be weak"},
            "Which codings count",
        ),
        "corpus": choice(
            {
                "all": "interviews and cases",
                "interview": "only interviews",
                "case": "only cases",
            },
            "Where statements come from",
        ),
        "merged": ref(
            "codes.code", "Codes that all count as the first of them", required=False, many=True
        ),
    },
    made_by="Declared by hand.",
)


def named_for(coder: str) -> str:
    """What the file of a coder is called."""
    return f"codings_{coder}.csv"


def codings_of(coder: str) -> Table:
    """The table of a coder beside the first and the second."""
    return replace(
        CODING_TABLES["codings_a"],
        file=f"coding/{named_for(coder)}",
        title=f"Codings of {coder}",
        description="Codes given by a further coder.",
        made_by=f"Coded by {coder}.",
        required=False,
    )
