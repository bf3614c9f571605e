"""Tables of data/raw/study, and the list of sources: what the study states,
and what it is compared by.
"""

from __future__ import annotations

from dataclasses import replace

from analysis.tables.columns import (
    DATE,
    SHA256,
    Table,
    choice,
    count,
    flag,
    key,
    number,
    origin,
    ref,
    spare,
    spares,
    text,
    texts,
    year,
)

CONSENT = "No names. Functions only of persons who may be named."

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
    "percent": "per cent (0 to 100; more as a rise over a span of years)",
    "thirds": "thirds of a whole",
    "EUR": "euros",
    "bn EUR/a": "billion (10^9) euros a year",
    "K": "degrees Celsius of global warming",
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

# How a passage puts what a row retells; figures and prose must not make a deed of a plan.
MODALITY = {
    "stated": "put as a fact",
    "possible": "said to be possible: can, could, may",
    "intended": "wanted, planned, meant or required to be so: wants, is to, shall, must",
    "proposed": "put forward as a proposal",
    "expected": "expected or presumed",
}

IDENTITIES = Table(
    "study/identities.csv",
    "Identities",
    "What respondents could be recognised by: read only to see that nothing tells it of those who "
    "are not named, made into nothing, and not committed.",
    ("interview_id", "value"),
    {
        "interview_id": ref("interviews.interview_id", "Interview"),
        "value": text(
            "A name, an office, an address",
            pattern=r"(?:[\W_]*[^\W_]){4,}[\W_]*",
            example="Erna Muster: at least four letters or digits",
        ),
    },
)

STUDY: dict[str, Table] = {
    "sources": Table(
        "sources.csv",
        "Sources",
        "The documents that the compendium rests on.",
        ("source_id",),
        {
            "source_id": key("Short name of the document"),
            "role": choice(
                {"study": "the study the report mirrors", "context": "policy context"},
                "Part it plays",
            ),
            "citation_key": spare(ref("references.key", "Entry in the list of literature")),
            **texts("label", "Short citation", distinct=True),
            "title": text("Title"),
            "issuer": spare(text("Who published it")),
            "date": text(
                "Date of publication; empty where the document gives none",
                required=False,
                pattern=DATE,
            ),
            "text_sha256": text(
                "SHA-256 of the text version to which the anchors refer",
                required=False,
                pattern=SHA256,
            ),
        },
        made_by="Compiled by hand.",
    ),
    "cases": Table(
        "study/cases.csv",
        "Cases",
        "The case studies, in the study's order.",
        ("case_id",),
        {
            "case_id": key("Case"),
            **texts("label", "Name of the case", distinct=True),
            **spares(texts("sector", "Sector the case stands for")),
            **spares(origin(literature=False)),
        },
    ),
    "municipalities": Table(
        "study/municipalities.csv",
        "Places",
        "What the study compares, such as towns, hospitals or schools, in order of display.",
        ("municipality_id",),
        {
            "municipality_id": key("Place"),
            "case_id": spare(ref("cases.case_id", "Case it belongs to")),
            **texts("label", "Name", distinct=True),
            "initials": spare(
                text(
                    "Short mark used in figures",
                    pattern=r"\w{1,3}",
                    example="NH: at most three letters or digits",
                    distinct=True,
                )
            ),
            **spares(origin(literature=False)),
        },
    ),
    "facts": Table(
        "study/facts.csv",
        "Facts",
        "Quantities that the study states, and some that we counted or derived from it (the note "
        "says which), with unit, qualifier and year.",
        ("fact_id",),
        {
            "fact_id": key(
                "Fact; prose calls it by this name",
                pattern=r"[a-z][a-z0-9_]*",
                example="beds_north: letters a–z, digits and _, a letter first",
            ),
            "case_id": ref("cases.case_id", "Case it describes", required=False),
            **texts("subject", "What the number is about"),
            **texts("indicator", "What is measured"),
            "value": number(
                "The number as stated or derived; empty only for `several`",
                unit="as in `unit`",
                required=False,
            ),
            "unit": choice(UNIT, "Unit of the value"),
            "qualifier": choice(
                QUALIFIER, "Reservation that travels with the number", required=False
            ),
            "year": text(
                "Time the number refers to, where the source says it or lets it be inferred",
                required=False,
                pattern=DATE,
            ),
            "is_key": flag("Shown among the key figures of its case"),
            **texts("note", "What a reader must know to use the number", required=False),
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
            **texts("actor", "Who holds the target"),
            "holder": choice(
                {
                    "government": "states, the EU, a federal or state government",
                    "municipality": "places",
                    "company": "a company",
                    "joint": "several of these together, or a project",
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
                    "pledge": "goal, pledge or mandate without figure or year",
                    "other": "target of another policy field",
                },
                "Kind of target",
            ),
            **texts("scope", "What the target covers"),
            "covers": choice(
                {
                    "territory": "a whole territory, such as a state or the EU",
                    "company": "a whole company",
                    "industry": "a part: industry, one branch of it, or the economy",
                    "supply": "a part: the energy supply only",
                    "other": "something else, such as the climate, measures or networks",
                },
                "The whole of the holder or a part of it",
            ),
            "year": year(
                "Year by which or, where the scope says so, from which; empty where none is given",
                required=False,
            ),
            "value": number(
                "Size of the cut or limit, where there is one",
                unit="per cent, or degrees Celsius",
                required=False,
            ),
            "qualifier": choice(
                QUALIFIER, "Reservation that travels with the value", required=False
            ),
            "baseline_year": year("Year the cut is measured against", required=False),
            **texts("note", "What a reader must know to use the target", required=False),
            "discrepancy_id": ref(
                "discrepancies.discrepancy_id", "Discrepancy it is part of", required=False
            ),
            **origin(),
        },
    ),
    "levels": Table(
        "study/levels.csv",
        "Levels of governance",
        "From the international to the local level, top first.",
        ("level_id",),
        {
            "level_id": key("Level"),
            **texts("label", "Name", distinct=True),
            "is_municipal": flag("The level the study is about"),
            "is_influenced": flag(
                "The source says that places can influence it; its passage is that of the "
                "institution they can influence, in `governance`"
            ),
            **origin(),
        },
    ),
    "governance": Table(
        "study/governance.csv",
        "Governance",
        "Institutions, laws, instruments, programmes, initiatives and groups by level.",
        ("item_id",),
        {
            "item_id": key("Item"),
            "level_id": ref("levels.level_id", "Level it belongs to"),
            "kind": choice(
                {
                    "institution": "body, such as a government, a council or a public company",
                    "law": "treaty, law or code",
                    "instrument": "regulation, plan, resolution or another means of acting",
                    "programme": "funding programme",
                    "initiative": "initiative, network or project",
                    "group": "group of actors of the horizontal dimension",
                },
                "Kind of item",
            ),
            **texts("label", "Name as short as a chip in a figure", distinct=True),
            **texts("description", "What it is or does"),
            "year": text("Year named with it", required=False, pattern=DATE),
            "is_shown": flag("Drawn in the figure; the others are in its table only"),
            "discrepancy_id": ref(
                "discrepancies.discrepancy_id", "Discrepancy it is part of", required=False
            ),
            **origin(),
        },
    ),
    "actors": Table(
        "study/actors.csv",
        "Actor groups",
        "Groups that can take part locally, and what they bring.",
        ("actor_id",),
        {
            "actor_id": key("Group"),
            **texts("label", "Name", distinct=True),
            "tie": choice(
                {
                    "authority": "is part of the place or bound to it",
                    "ownership": "owned by the place, wholly or in part",
                    "cooperation": "works with the place because it wants to",
                },
                "Kind of tie to the place, as we read it",
            ),
            **texts("contribution", "What the group brings, in a few words"),
            **origin(),
        },
    ),
    "influence": Table(
        "study/influence.csv",
        "Areas of influence",
        "Areas in which places have influence; most direct first by our reading.",
        ("area_id",),
        {
            "area_id": key("Area"),
            "role_code": ref(
                "codes.code",
                "Role it corresponds to; empty for the area that cuts across",
                required=False,
            ),
            **texts("label", "Name", distinct=True),
            **texts("definition", "What the place does here"),
            **texts("example", "An example from the study"),
            **origin(),
        },
    ),
    "claims": Table(
        "study/claims.csv",
        "Claims",
        "Statements of the study on its origin, question, method and subject, and conclusions.",
        ("claim_id",),
        {
            "claim_id": key("Claim"),
            "kind": choice(
                {
                    "origin": "where the study comes from",
                    "aim": "what it asks and what for",
                    "method": "how it proceeds",
                    "subject": "what it says of its subject in general",
                    "conclusion": "what it concludes, and leaves to others",
                },
                "Kind of claim",
            ),
            "modality": choice(MODALITY, "How the passage puts it; the description must keep it"),
            **texts("description", "One sentence"),
            **origin(),
        },
    ),
    "reporting": Table(
        "study/reporting.csv",
        "Reporting",
        "What the study reports of the items of two checklists for qualitative research, COREQ "
        "(Tong, Sainsbury and Craig 2007) and SRQR (O’Brien et al. 2014); items in our words.",
        ("item_id",),
        {
            "item_id": key("Item: checklist and number"),
            "checklist": choice(
                {
                    "coreq": "for interviews and focus groups",
                    "srqr": "for all qualitative research",
                },
                "Checklist",
            ),
            "order": count("Number of the item in its checklist", unit="position", low=1),
            **texts("item", "What is to be reported"),
            **texts("answer", "What the study reports; empty if nothing", required=False),
            "source_id": replace(origin()["source_id"], required=False),
            "locator": replace(origin()["locator"], required=False),
        },
    ),
    "measures": Table(
        "study/measures.csv",
        "Measures",
        "What places can do in each of the action fields; effects, conditions, examples.",
        ("measure_id",),
        {
            "measure_id": key("Measure"),
            "field_code": ref("codes.code", "Action field"),
            "kind": choice(
                {
                    "measure": "something that places can do",
                    "effect": "what it is said to bring about",
                    "condition": "what it depends on, or what else has to be borne in mind",
                    "example": "an example: one of the places, a network, a programme or a use",
                },
                "Kind of entry",
            ),
            "modality": choice(MODALITY, "How the passage puts it; the description must keep it"),
            **texts("label", "A few words, for a card in a figure", distinct=True),
            **texts("description", "One sentence"),
            **origin(),
        },
    ),
    "prospects": Table(
        "study/prospects.csv",
        "Opportunities and limits",
        "Opportunities and limits named in the study.",
        ("prospect_id",),
        {
            "prospect_id": key("Entry"),
            "aspect_code": ref("codes.code", "Opportunity or limit"),
            "topic_code": ref("codes.code", "Topic", required=False),
            "municipality_id": ref(
                "municipalities.municipality_id",
                "Places to whose interview it is ascribed, expressly or by the context; "
                "empty for what is said of all of them or outside the interviews",
                required=False,
                many=True,
            ),
            "modality": choice(MODALITY, "How the passage puts it; the description must keep it"),
            **texts("label", "A few words"),
            **texts("description", "One sentence"),
            **origin(),
        },
        consent=CONSENT,
    ),
    "events": Table(
        "study/events.csv",
        "Events",
        "Dated events of the cases and of their setting.",
        ("event_id",),
        {
            "event_id": key("Event"),
            "case_id": ref(
                "cases.case_id", "Case; empty for events beyond the cases", required=False
            ),
            "date": text("Year, month or span, as exact as the source is", pattern=DATE),
            "date_qualifier": choice(
                {
                    "early": "early in the year",
                    "about": "derived from a relative date",
                    "since": "from then on; of two dates, from one or the other",
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
                    "funding": "grant, application for one or funding programme",
                    "founding": "founding or opening",
                    "plan": "plan or strategy, such as for climate action",
                    "award": "award or application for one",
                    "law": "law or agreement",
                    "closure": "closure, or end of an offering or contract",
                    "research": "research, interviews or publication",
                    "history": "beginning or end of a period",
                    "contract": "contract",
                    "meeting": "workshop or conference",
                    "inquiry": "parliamentary question or answer",
                    "paper": "paper put before a council or a parliament",
                    "statistics": "year or period that figures refer to",
                },
                "Kind of event",
            ),
            **texts("label", "A few words"),
            **texts("description", "One sentence"),
            "project_id": ref(
                "projects.project_id",
                "Project, plan, body or decision that it belongs to",
                required=False,
            ),
            "discrepancy_id": ref(
                "discrepancies.discrepancy_id", "Discrepancy it is part of", required=False
            ),
            **origin(),
        },
    ),
    "projects": Table(
        "study/projects.csv",
        "Projects",
        "Projects, plans, networks, bodies founded and decisions that the study reports of its "
        "cases, each once.",
        ("project_id",),
        {
            "project_id": key("Project; one row however many passages speak of it"),
            "case_id": ref("cases.case_id", "Case"),
            "municipality_id": ref(
                "municipalities.municipality_id",
                "Places it concerns",
                required=False,
                many=True,
            ),
            "kind": choice(
                {
                    "project": "joint or single work on one subject",
                    "network": "network, initiative or association that connects others",
                    "dialogue": "talks between the place and companies",
                    "body": "body that was founded or is to be: a utility, a centre",
                    "plan": "plan or strategy",
                    "decision": "formal decision of a council",
                    "award": "award for which the place applied",
                    "meeting": "single event",
                },
                "Kind of project",
            ),
            "carrier": choice(
                {
                    "municipality": "the place itself or through its own bodies",
                    "joint": "the place together with others",
                    "company": "companies without the place",
                    "other": "another public body or an initiative beyond the case",
                    "unknown": "not said",
                },
                "Who carries it according to the study",
            ),
            "organisation_id": ref(
                "organisations.organisation_id",
                "Organisation that it is, or that carries it",
                required=False,
                many=True,
            ),
            "status": choice(
                {
                    "planned": "wanted or planned; no decision and no beginning is reported",
                    "proposed": "put forward as a proposal, or being talked about",
                    "applied": "applied for; no answer is reported",
                    "granted": "applied for and granted",
                    "decided": "decided; no beginning is reported",
                    "running": "exists, or is being worked on",
                    "finished": "drawn up, held or received",
                    "unknown": "not said, or said differently in two passages",
                },
                "State assigned by us, at the time of the study",
            ),
            "part_of": ref(
                "projects.project_id",
                "Project of which it is a part; a part counts only in the count by role and topic",
                required=False,
            ),
            "field_code": ref(
                "codes.code",
                "Action fields of the place; empty where the study shows no act of it",
                required=False,
                many=True,
            ),
            **texts("label", "Name, as short as a mark in a figure", distinct=True),
            **texts("description", "What it is, with the reservations of the source"),
            "discrepancy_id": ref(
                "discrepancies.discrepancy_id", "Discrepancy it is part of", required=False
            ),
            **origin(),
        },
    ),
    "project_mentions": Table(
        "study/project_mentions.csv",
        "Mentions of projects",
        "Passages of the cases and interviews, and references, that speak of a project.",
        ("project_id", "locator"),
        {
            "project_id": ref("projects.project_id", "Project"),
            "unit_id": ref(
                "all_units.unit_id",
                "Coded statements of the passage that speak of it",
                required=False,
                many=True,
            ),
            **origin(literature=False),
        },
    ),
    "characteristics": Table(
        "study/characteristics.csv",
        "Characteristics",
        "What the cases are compared by, in order of display.",
        ("characteristic_id",),
        {"characteristic_id": key("Characteristic"), **texts("label", "Name", distinct=True)},
        made_by="Chosen for the comparison of the cases; the study has no such table.",
    ),
    "comparison": Table(
        "study/comparison.csv",
        "Comparison",
        "What the study says of each case.",
        ("characteristic_id", "case_id"),
        {
            "characteristic_id": ref("characteristics.characteristic_id", "Characteristic"),
            "case_id": ref("cases.case_id", "Case"),
            **texts("text", "What the study says, in a few words"),
            "fact_id": ref("facts.fact_id", "Quantity shown with it", required=False),
            **origin(),
        },
    ),
    "organisations": Table(
        "study/organisations.csv",
        "Organisations",
        "Companies, bodies and networks of the study, some of them unnamed there.",
        ("organisation_id",),
        {
            "organisation_id": key("Organisation"),
            **texts("label", "Name, or a description where the source gives none", distinct=True),
            "kind": choice(
                {
                    "company": "industrial or service company",
                    "utility": "utility or other company in public hands",
                    "authority": "authority or other public body",
                    "association": "association, chamber, union, party or foundation",
                    "science": "university or research institute",
                    "network": "network, initiative, movement or centre",
                    "project": "project that is named like an organisation",
                    "award": "award",
                    "unknown": "not said",
                },
                "Kind of organisation",
            ),
            "case_id": ref("cases.case_id", "Case it belongs to", required=False),
            **texts("note", "What it is or does, or how its name is written", required=False),
            **origin(),
        },
    ),
    "cooperation": Table(
        "study/cooperation.csv",
        "Cooperation",
        "Who works with whom, to what end. General dialogues with industry, the utilities of the "
        "places themselves, funders and networks that are the project themselves are left out.",
        ("municipality_id", "organisation_id", "project_id"),
        {
            "municipality_id": ref("municipalities.municipality_id", "Place"),
            "organisation_id": ref("organisations.organisation_id", "Partner"),
            "project_id": ref("projects.project_id", "What they work on together"),
            **texts("purpose", "Name of the joint work, as short as an edge label"),
            "status": choice(
                {
                    "active": "the partner takes part or took part",
                    "prospective": "the partner is to take part, can take part, or is in talks",
                    "unclear": "the study does not say, or says both",
                },
                "State of the partnership according to the study",
            ),
            **origin(),
        },
    ),
    "interviews": Table(
        "study/interviews.csv",
        "Interviews",
        "How each respondent was asked, and whether they may be named.",
        ("interview_id",),
        {
            "interview_id": key("Interview"),
            "municipality_id": spare(ref("municipalities.municipality_id", "Place")),
            "mode": spare(
                choice(
                    {
                        "video": "video conference",
                        "written": "written questionnaire",
                        "personal": "face to face",
                        "telephone": "by telephone",
                        "group": "several together, as in a focus group",
                        "unknown": "not said",
                    },
                    "How they were asked",
                )
            ),
            "duration": spare(
                number("Length of the conversation", unit="hours", low=0, required=False)
            ),
            "period": spare(text("When", pattern=DATE)),
            "consent": choice(
                {
                    "named": "may be named: agreed to it, or is named in public",
                    "anonymous": "may not be named",
                    "withdrawn": "no longer agrees to anything: neither the interview nor what "
                    "rests on it is read",
                },
                "Consent to the interview",
            ),
            **spares(texts("function", "Office; only where consent is `named`", required=False)),
            **spares(origin(literature=False)),
        },
        consent=CONSENT,
        required=True,
    ),
    "guide": Table(
        "study/guide.csv",
        "Interview guide",
        "The questions of the annexed guide, quoted, and its hints, retold.",
        ("question_id",),
        {
            "question_id": key("Question"),
            "theme_code": ref("codes.code", "Thematic section of the guide"),
            "order": count(
                "Position in the guide; the guide itself has no numbers", unit="position", low=1
            ),
            **texts(
                "question", "The question as the guide asks it; a translation in other languages"
            ),
            **texts("hint", "What the guide adds to explain the question"),
            "answer": choice(
                {"open": "free answer", "rating": "one step of a scale"}, "Kind of answer"
            ),
            **texts(
                "scale", "Steps of the scale, lowest first, separated by semicolons", required=False
            ),
            **origin(literature=False),
        },
    ),
    "discrepancies": Table(
        "study/discrepancies.csv",
        "Discrepancies",
        "Where the study contradicts itself, is unclear or doubtful; reported, not repaired.",
        ("discrepancy_id",),
        {
            "discrepancy_id": key("Discrepancy"),
            "kind": choice(
                {
                    "contradiction": "statements do not fit together",
                    "ambiguity": "a passage can be read in several ways, or leaves something open",
                    "wording": "a word is garbled or missing",
                    "chronology": "an order of time that cannot be",
                    "citation": "a reference is faulty or missing",
                    "spelling": "names or terms spelled in several ways, or several for one thing",
                },
                "Kind of discrepancy",
            ),
            **texts("title", "A few words", distinct=True),
            **texts(
                "statement", "What the source says, and where else it says something different"
            ),
            **texts("handling", "How the compendium deals with it"),
            "is_external": flag("Rests on knowledge from outside the sources"),
            **origin(),
        },
    ),
}
