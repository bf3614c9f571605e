"""Tables of data/raw/context: the same of the context documents, and what they list by name."""

from __future__ import annotations

from dataclasses import replace

from analysis.tables.coding import CODED, CODING_TABLES
from analysis.tables.columns import LOCATORS, Table, count, key, ref, text, texts
from analysis.tables.study import STUDY

CONTEXT_MADE_BY = "Extracted from the context documents; assignments, counts and remarks are ours."
OFFICE = "Names only of holders of public office, as the public documents print them."
# The study's registry of projects has no counterpart in the context documents.
EVENTS = {name: column for name, column in STUDY["events"].columns.items() if name != "project_id"}
LINKED = ref("context_units.unit_id", "Statement of a context document")

DESCRIPTIONS = {
    "facts": "Quantities that the context documents state, and some that we counted or derived "
    "from them (the note says which), with unit, qualifier and year.",
    "targets": "Who wants to reach what by when, according to the context documents.",
    "events": "Dated events of which the context documents tell.",
    "organisations": "Companies, bodies and networks of the context documents, some unnamed there.",
    "discrepancies": "Where the context documents contradict themselves, one another or the study, "
    "or are unclear or doubtful; reported, not repaired.",
}
CONTEXT: dict[str, Table] = {
    f"context_{name}": replace(
        STUDY[name],
        file=f"context/{name}.csv",
        title=f"{STUDY[name].title} (context)",
        description=description,
        made_by=CONTEXT_MADE_BY,
    )
    for name, description in DESCRIPTIONS.items()
}
CONTEXT["context_events"] = replace(CONTEXT["context_events"], columns=EVENTS)
CONTEXT["context_discrepancies"] = replace(CONTEXT["context_discrepancies"], consent=OFFICE)
CONTEXT |= {
    f"context_{name}": replace(
        CODING_TABLES[name],
        file=f"context/{name}.csv",
        title=f"{CODING_TABLES[name].title} (context)",
        columns={**CODING_TABLES[name].columns, "unit_id": LINKED},
        required=False,
    )
    for name in ("anchors", "codings_a", "codings_b", "adjudication")
}
CONTEXT["context_units"] = Table(
    "context/units.csv",
    "Context statements",
    "Goals, commitments, tasks, recommendations, results, projects, claims, answers, aims, "
    "components and duties in the context documents, cut and paraphrased.",
    ("unit_id",),
    {
        "unit_id": key("Statement"),
        "source_id": ref("sources.source_id", "Document"),
        "kind": text("Kind of statement"),
        "group": text("List or theme it belongs to"),
        "order": count("Position in its list", unit="position", low=1),
        **texts("gist", "What is said, in our words"),
        "section": text("Section of the document and where in it, in its language"),
        "locator": text("Passage in compact form", pattern=LOCATORS),
        "status": text("State of a project according to the document", required=False),
        **texts("status_note", "What became of it", required=False),
    },
    made_by=CODED,
)
CONTEXT["context_items"] = Table(
    "context/items.csv",
    "Context items",
    "What else the context documents say or list: findings, measures, topics, partners, persons, "
    "tasks, results, projects, laws, studies and more.",
    ("item_id",),
    {
        "item_id": key("Item"),
        "source_id": ref("sources.source_id", "Document"),
        "kind": text("Kind of item"),
        "order": count("Position among items of its kind and parent", unit="position", low=1),
        "parent_id": ref(
            "context_items.item_id", "Item it belongs to, in part by our assignment", required=False
        ),
        **texts("label", "Name"),
        **texts("description", "What the document says of it"),
        "locator": text("Passage", pattern=LOCATORS),
    },
    made_by=CONTEXT_MADE_BY,
    consent=OFFICE,
)
