"""The raw tables: written by hand, read by `study.py`, changed by no program."""

from __future__ import annotations

from dataclasses import replace

from analysis.tables.columns import DATE, LOCATOR, Table, choice, count, flag, key, number, origin, ref, text, words, year

MACHINE_CODED = "Two coding passes by a language model over the published report; no human coders (see coding-rules.md)."
CONSENT = "No names. Functions only of persons who agreed to be named."

QUALIFIER = {
    "about": "roughly this much",
    "almost": "slightly less than this",
    "more_than": "more than this",
    "at_least": "this or more",
    "up_to": "this or less",
    "well_below": "clearly less than this",
    "several": "several of the unit; no number is given",
}
UNIT = {
    "t": "tonnes",
    "Mt/a": "million tonnes a year",
    "percent": "per cent (0 to 100)",
    "thirds": "thirds of a whole",
    "EUR": "euros",
    "bn EUR/a": "billion (10^9) euros a year",
    "K": "degrees Celsius of warming above pre-industrial level",
    "count": "number of things",
    "count/a": "number of things a year",
    "million/a": "millions of things a year",
    "bn EUR": "billion (10^9) euros",
    "EUR/h": "euros an hour",
    "ha": "hectares",
    "months": "duration in months",
    "ratio": "ratio of two quantities",
    "ordinal": "position in an order, not a quantity",
    "year": "calendar year",
    "years": "duration in years",
    "hours": "duration in hours",
}
CODING = {
    "unit_id": ref("all_units.unit_id", "Coded statement"),
    "code": ref("codes.code", "Code given to the statement"),
    "certainty": count("How sure the pass was", unit="1 clear, 2 fair, 3 weak", low=1, high=3),
}
ADJUDICATION = {
    "unit_id": ref("all_units.unit_id", "Statement on which the passes differed, or agreed wrongly"),
    "code": ref("codes.code", "Code in question"),
    "given_by": choice({"a": "pass A only", "b": "pass B only", "both": "both passes"}, "Who gave the code"),
    "decision": choice({"include": "the code stands", "exclude": "the code is dropped"}, "Decision"),
}
# Chapter, then paragraph and sentence, counted as in the coded statements.
PASSAGE = {
    "section": text("Section of the study", pattern=r"\d+(\.\d+)?"),
    "paragraph": count("Paragraph, counted through the chapter; list items count as paragraphs", unit="position", low=1),
    "sentence": count("Sentence within the paragraph", unit="position", low=1),
}

RAW: dict[str, Table] = {
    "sources": Table(
        "sources.csv",
        "Sources",
        "The documents that the compendium rests on.",
        ("source_id",),
        {
            "source_id": key("Short name of the document"),
            "role": choice({"study": "the study the report mirrors", "context": "policy context"}, "Part it plays"),
            "citation_key": ref("references.key", "Entry in the list of literature"),
            **words("label", "Short citation"),
            "title": text("Full title"),
            "issuer": text("Who published it"),
            "date": text("Date of publication; empty where the document gives none", required=False, pattern=DATE),
            "text_sha256": text("SHA-256 of the text version that the anchors count in", required=False, pattern="[0-9a-f]{64}"),
        },
    ),
    "cases": Table(
        "study/cases.csv",
        "Cases",
        "The case studies, in the study's order.",
        ("case_id",),
        {
            "case_id": key("Case"),
            **words("label", "Name of the region"),
            **words("sector", "Industry the case stands for"),
            **origin(literature=False),
        },
    ),
    "municipalities": Table(
        "study/municipalities.csv",
        "Municipalities",
        "The towns and cities of the cases, in order of display.",
        ("municipality_id",),
        {
            "municipality_id": key("Municipality"),
            "case_id": ref("cases.case_id", "Case it belongs to"),
            **words("label", "Name"),
            "initials": text("Short mark used in figures", pattern=r"\w{1,3}"),
            **origin(literature=False),
        },
    ),
    "facts": Table(
        "study/facts.csv",
        "Facts",
        "Every quantity the study states, with unit, qualifier and year as stated.",
        ("fact_id",),
        {
            "fact_id": key("Fact; prose calls it by this name", pattern=r"[a-z][a-z0-9_]*"),
            "case_id": ref("cases.case_id", "Case it describes", required=False),
            **words("subject", "What the number is about"),
            **words("indicator", "What is measured"),
            "value": number("The number as stated; empty only for `several`", unit="as in `unit`", required=False),
            "unit": choice(UNIT, "Unit of the value"),
            "qualifier": choice(QUALIFIER, "Reservation that travels with the number", required=False),
            "year": text("Time the number refers to; empty where the source gives none", required=False, pattern=DATE),
            "is_key": flag("Shown among the key figures of its case"),
            **words("note", "What a reader must know to use the number", required=False),
            **origin(),
        },
    ),
    "targets": Table(
        "study/targets.csv",
        "Targets",
        "Who wants to reach what by when.",
        ("target_id",),
        {
            "target_id": key("Target"),
            "level_id": ref("levels.level_id", "Level of the actor that holds the target"),
            **words("actor", "Who holds the target"),
            "holder": choice(
                {
                    "government": "states, the EU, a federal or state government",
                    "municipality": "municipalities",
                    "company": "a company",
                    "joint": "municipalities together with companies or research",
                },
                "Kind of holder",
            ),
            "case_id": ref("cases.case_id", "Case the actor belongs to", required=False),
            "kind": choice(
                {
                    "climate_neutral": "climate or greenhouse-gas neutrality, net zero",
                    "renewable_supply": "energy supply entirely from renewables",
                    "reduction": "percentage cut of emissions against a baseline",
                    "temperature": "limit to global warming",
                    "pledge": "commitment to climate targets without a figure",
                    "other": "target of another policy field",
                },
                "Kind of target",
            ),
            **words("scope", "What the target covers, as worded in the source"),
            "year": year("Year by which; empty where none is given", required=False),
            "value": number("Size of the cut or limit, where there is one", unit="per cent, or degrees Celsius", required=False),
            "qualifier": choice(QUALIFIER, "Reservation that travels with the value", required=False),
            "baseline_year": year("Year the cut is measured against", required=False),
            **words("note", "Reservation or contradiction in the source", required=False),
            "discrepancy_id": ref("discrepancies.discrepancy_id", "Contradiction it is part of", required=False),
            **origin(),
        },
    ),
    "levels": Table(
        "study/levels.csv",
        "Levels of governance",
        "From the international to the municipal level, top first.",
        ("level_id",),
        {
            "level_id": key("Level"),
            **words("label", "Name"),
            "is_municipal": flag("The level the study is about"),
            **origin(),
        },
    ),
    "governance": Table(
        "study/governance.csv",
        "Governance",
        "Institutions, laws, instruments, programmes and initiatives by level.",
        ("item_id",),
        {
            "item_id": key("Item"),
            "level_id": ref("levels.level_id", "Level it belongs to"),
            "kind": choice(
                {
                    "institution": "body that sets goals or rules",
                    "law": "treaty, law or code",
                    "instrument": "regulation, market or planning instrument",
                    "programme": "funding programme",
                    "initiative": "initiative, network or project",
                    "group": "group of actors of the horizontal dimension",
                },
                "Kind of item",
            ),
            **words("label", "Name as short as a chip in a figure"),
            **words("description", "What it is or does"),
            "year": text("Year named with it", required=False, pattern=DATE),
            "is_shown": flag("Drawn in the figure; the others are in its table only"),
            **origin(),
        },
    ),
    "actors": Table(
        "study/actors.csv",
        "Actor groups",
        "Who acts for industrial transformation in a municipality, and with what.",
        ("actor_id",),
        {
            "actor_id": key("Group"),
            **words("label", "Name"),
            "tie": choice(
                {
                    "authority": "is the administration or is bound by it",
                    "ownership": "owned by the municipality, wholly or in part",
                    "cooperation": "works with the municipality of its own free will",
                },
                "Kind of tie to the municipality",
            ),
            **words("contribution", "What the group brings, in a few words"),
            **origin(),
        },
    ),
    "influence": Table(
        "study/influence.csv",
        "Areas of influence",
        "Areas in which a municipality can shape climate action, most direct first.",
        ("area_id",),
        {
            "area_id": key("Area"),
            "role_code": ref("codes.code", "Role it corresponds to; empty for the area that cuts across", required=False),
            **words("label", "Name"),
            **words("definition", "What the municipality does here"),
            **words("example", "An example from the study"),
            **origin(),
        },
    ),
    "measures": Table(
        "study/measures.csv",
        "Measures",
        "What a municipality can do in each of the action fields of chapter 4.1.",
        ("measure_id",),
        {
            "measure_id": key("Measure"),
            "field_code": ref("codes.code", "Action field"),
            "kind": choice(
                {
                    "measure": "something a municipality can do",
                    "example": "a place, network or programme that does it",
                    "effect": "what it is said to bring about",
                    "condition": "what it depends on",
                },
                "Kind of entry",
            ),
            **words("label", "A few words, for a card in a figure"),
            **words("description", "One sentence"),
            **origin(),
        },
    ),
    "prospects": Table(
        "study/prospects.csv",
        "Opportunities and limits",
        "Opportunities and limits named anywhere in the study.",
        ("prospect_id",),
        {
            "prospect_id": key("Entry"),
            "aspect_code": ref("codes.code", "Opportunity or limit"),
            "topic_code": ref("codes.code", "Topic", required=False),
            "municipality_id": ref("municipalities.municipality_id", "Municipalities that said so", required=False, many=True),
            **words("label", "A few words"),
            **words("description", "One sentence"),
            **origin(),
        },
    ),
    "events": Table(
        "study/events.csv",
        "Events",
        "Dated events of the cases and of their setting.",
        ("event_id",),
        {
            "event_id": key("Event"),
            "case_id": ref("cases.case_id", "Case; empty for events beyond the cases", required=False),
            "date": text("Year, month or span, as exact as the source is", pattern=DATE),
            "date_qualifier": choice(
                {
                    "early": "early in the year",
                    "about": "derived from a relative date",
                    "since": "from then on",
                    "late": "late in the year",
                    "until": "up to then",
                    "planned": "planned when the source was written",
                },
                "Reservation that travels with the date",
                required=False,
            ),
            "kind": choice(
                {
                    "decision": "council or other decision",
                    "funding": "grant or application",
                    "founding": "founding or opening",
                    "plan": "climate action plan or strategy",
                    "award": "award or application for one",
                    "law": "law or agreement",
                    "closure": "closure",
                    "research": "research, interviews or publication",
                    "history": "beginning of a period",
                    "contract": "contract or its end",
                    "meeting": "workshop or conference",
                    "inquiry": "parliamentary question or answer",
                    "statistics": "year or period that figures refer to",
                },
                "Kind of event",
            ),
            **words("label", "A few words"),
            **words("description", "One sentence"),
            "discrepancy_id": ref("discrepancies.discrepancy_id", "Contradiction it is part of", required=False),
            **origin(),
        },
    ),
    "characteristics": Table(
        "study/characteristics.csv",
        "Characteristics",
        "What the cases are compared by, in order of display.",
        ("characteristic_id",),
        {"characteristic_id": key("Characteristic"), **words("label", "Name")},
        made_by="Chosen for the comparison of the cases; the study has no such table.",
    ),
    "comparison": Table(
        "study/comparison.csv",
        "Comparison",
        "What the study says of each case; no row means it says nothing.",
        ("characteristic_id", "case_id"),
        {
            "characteristic_id": ref("characteristics.characteristic_id", "Characteristic"),
            "case_id": ref("cases.case_id", "Case"),
            **words("text", "What the study says, in a few words"),
            "fact_id": ref("facts.fact_id", "Quantity shown with it", required=False),
            **origin(),
        },
    ),
    "organisations": Table(
        "study/organisations.csv",
        "Organisations",
        "Companies, bodies and networks named in the study.",
        ("organisation_id",),
        {
            "organisation_id": key("Organisation"),
            **words("label", "Name as spelled in the study"),
            "kind": choice(
                {
                    "company": "industrial or service company",
                    "utility": "municipal utility or municipal company",
                    "authority": "municipality, county, state or other public body",
                    "association": "association or chamber",
                    "science": "university or research institute",
                    "network": "network, initiative or centre",
                },
                "Kind of organisation",
            ),
            "case_id": ref("cases.case_id", "Case it belongs to", required=False),
            **words("note", "Spelling or identity to watch", required=False),
            **origin(),
        },
    ),
    "cooperation": Table(
        "study/cooperation.csv",
        "Cooperation",
        "Who works with whom, to what end.",
        ("municipality_id", "organisation_id", "project_id"),
        {
            "municipality_id": ref("municipalities.municipality_id", "Municipality"),
            "organisation_id": ref("organisations.organisation_id", "Partner"),
            "project_id": key("What they work on together"),
            **words("purpose", "Name of the joint work, as short as an edge label"),
            "status": choice({"active": "running or done", "proposed": "proposed or being talked about"}, "State according to the study"),
            **origin(),
        },
    ),
    "interviews": Table(
        "study/interviews.csv",
        "Interviews",
        "How each informant was asked and what they agreed to.",
        ("interview_id",),
        {
            "interview_id": key("Interview"),
            "municipality_id": ref("municipalities.municipality_id", "Municipality"),
            "mode": choice({"video": "video conference", "written": "written questionnaire"}, "How they were asked"),
            "duration": number("Length of the conversation", unit="hours", low=0, required=False),
            "period": text("When", pattern=DATE),
            "consent": choice({"named": "agreed to be named", "anonymous": "did not agree to be named"}, "Consent"),
            **words("function", "Office; only where consent is `named`", required=False),
            **origin(literature=False),
        },
        consent=CONSENT,
    ),
    "guide": Table(
        "study/guide.csv",
        "Interview guide",
        "The questions of the annexed guide, retold.",
        ("question_id",),
        {
            "question_id": key("Question"),
            "theme_code": ref("codes.code", "Block of the guide"),
            "order": count("Position in the guide; the guide itself has no numbers", unit="position", low=1),
            **words("question", "What is asked"),
            **words("hint", "What the guide adds to explain the question"),
            "answer": choice({"open": "free answer", "rating": "one step of a scale"}, "Kind of answer"),
            **words("scale", "Steps of the scale, lowest first, separated by semicolons", required=False),
            **origin(literature=False),
        },
    ),
    "discrepancies": Table(
        "study/discrepancies.csv",
        "Discrepancies",
        "Where the study contradicts itself, is unclear or garbled; reported, not repaired.",
        ("discrepancy_id",),
        {
            "discrepancy_id": key("Discrepancy"),
            "kind": choice(
                {
                    "contradiction": "two passages do not fit together",
                    "ambiguity": "a passage can be read in several ways",
                    "wording": "a word is garbled or missing",
                    "chronology": "an order of time that cannot be",
                    "citation": "a reference is faulty or missing",
                    "spelling": "names or terms spelled in several ways",
                },
                "Kind of discrepancy",
            ),
            **words("title", "A few words"),
            **words("statement", "What the source says, and where else it says something different"),
            **words("handling", "How the compendium deals with it"),
            "is_external": flag("Rests on knowledge from outside the sources"),
            **origin(),
        },
    ),
    "units": Table(
        "coding/units.csv",
        "Interview statements",
        "Statements of chapter 6, cut and paraphrased.",
        ("unit_id",),
        {
            "unit_id": key("Statement for one municipality", pattern=r"u\d{3}"),
            "statement_id": key("Statement; the same for all municipalities it is made for", pattern=r"s\d{2}"),
            "municipality_id": ref("municipalities.municipality_id", "Municipality; empty where none is named", required=False),
            "attribution": choice(
                {
                    "explicit": "the passage names the municipality",
                    "inferred": "the municipality follows from the context",
                    "collective": "said of all municipalities together",
                    "none": "no municipality",
                },
                "How the municipality is known",
            ),
            **PASSAGE,
            **words("gist", "What is said, in our words"),
        },
        made_by=MACHINE_CODED,
        consent=CONSENT,
    ),
    "case_units": Table(
        "coding/case_units.csv",
        "Case statements",
        "Statements of chapter 5, cut and paraphrased.",
        ("unit_id",),
        {
            "unit_id": key("Statement", pattern=r"c\d{3}"),
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
            "actor": text("Who acts or is spoken of (German, as identified in the passage)", required=False),
            "year": year("Year named in the statement", required=False),
            **words("gist", "What is said, in our words"),
        },
        made_by=MACHINE_CODED,
    ),
    "anchors": Table(
        "coding/anchors.csv",
        "Anchors",
        "Where each statement's passage lies in the text version of its source, with a fingerprint.",
        ("unit_id",),
        {
            "unit_id": ref("all_units.unit_id", "Statement"),
            "source_id": ref("sources.source_id", "Document"),
            "start": count("First character of the passage", unit="Unicode code points from 0"),
            "end": count("Character after the last one", unit="Unicode code points from 0", low=1),
            "sha256_normalised": text("SHA-256 of the passage, white space folded", pattern="[0-9a-f]{64}"),
        },
        made_by="Computed once from the text versions of the sources, which are not redistributed.",
    ),
    "codings_a": Table("coding/codings_a.csv", "Coding pass A", "Codes given by the first pass.", ("unit_id", "code"), CODING, made_by=MACHINE_CODED),
    "codings_b": Table(
        "coding/codings_b.csv", "Coding pass B", "Codes given by the second pass.", ("unit_id", "code"), CODING, made_by=MACHINE_CODED
    ),
    "adjudication": Table(
        "coding/adjudication.csv",
        "Adjudication",
        "Decisions where the two passes differed.",
        ("unit_id", "code"),
        {**ADJUDICATION, **words("reason", "Why")},
        made_by=MACHINE_CODED,
    ),
}

CONTEXT_MADE_BY = "Extracted by hand from the four context documents; statements as in `units`."
OFFICE = "Names only of holders of public office, as the public documents print them."
LINKED = ref("context_units.unit_id", "Statement of a context document")

RAW |= {
    f"context_{name}": replace(RAW[name], file=f"context/{name}.csv", title=f"{RAW[name].title} (context)", made_by=CONTEXT_MADE_BY)
    for name in ("facts", "targets", "events", "organisations", "discrepancies")
}
RAW |= {
    f"context_{name}": replace(
        RAW[name],
        file=f"context/{name}.csv",
        title=f"{RAW[name].title} (context)",
        columns={**RAW[name].columns, "unit_id": LINKED},
    )
    for name in ("anchors", "codings_a", "codings_b", "adjudication")
}
RAW["context_units"] = Table(
    "context/units.csv",
    "Context statements",
    "Goals, tasks, projects and claims of the context documents, cut and paraphrased.",
    ("unit_id",),
    {
        "unit_id": key("Statement", pattern=r"[klnr]\d{3}"),
        "source_id": ref("sources.source_id", "Document"),
        "kind": text("Kind of statement"),
        "group": text("List or theme it stands in"),
        "order": count("Position in its list", unit="position", low=1),
        **words("gist", "What is said, in our words"),
        "section": text("Place as the document names it (German)"),
        "locator": text("Passage in compact form", pattern=LOCATOR),
        "status": text("State of a project according to the document", required=False),
        **words("status_note", "What became of it", required=False),
    },
    made_by=MACHINE_CODED,
)
RAW["context_items"] = Table(
    "context/items.csv",
    "Context items",
    "Everything else that the context documents list by name: topics, partners, tasks, results, projects, laws, studies.",
    ("item_id",),
    {
        "item_id": key("Item"),
        "source_id": ref("sources.source_id", "Document"),
        "kind": text("Kind of item"),
        "order": count("Position among items of its kind and parent", unit="position", low=1),
        "parent_id": ref("context_items.item_id", "Item it belongs to", required=False),
        **words("label", "Name"),
        **words("description", "What the document says of it"),
        "locator": text("Passage", pattern=LOCATOR),
    },
    made_by=CONTEXT_MADE_BY,
    consent=OFFICE,
)
