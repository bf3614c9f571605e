"""The study's own data: complete, consistent, and silent about people."""

import hashlib
import re

import pandas as pd
import pytest
from pybtex.database import parse_file

from analysis import paths
from analysis.methods.agreement import agreed, compare_passes
from analysis.raw.study import read_study
from analysis.tables import RAW

# Words that would name an informant, as digests: the test must not name them either.
INFORMANTS = {
    "bad89e85e69bc32e",
    "dee41b18490a2881",
    "fe532fc2e0249496",
    "897ee1c40d9c2cb4",
    "33e3b308e8593b89",
}
TEXTS = {
    ".csv",
    ".yml",
    ".md",
    ".bib",
    ".ipynb",
    ".py",
    ".cff",
    ".json",
    ".html",
    ".js",
    ".svg",
    ".txt",
}

# The web pages of the footnotes 2 to 8.
WEB = {
    "H2Werkstatt_oJ",
    "HyRegion_oJ",
    "LeverkusenEnergyAward_oJ",
    "ErwitteModellregion_oJ",
    "RPonline_oJ",
    "DuesseldorfTiefengeothermie_oJ",
    "KompetenzregionWasserstoff_oJ",
}
# Words by which a text keeps that something can be, is wanted, is proposed or is expected.
MODAL = {
    "de": r"\bkönn|\bkann\b|\bsoll|\bwill\b|\bwoll|\bmöchte|\bmuss\b|\bmüss|\blässt\b|\blassen\b"
    r"|\bließe|\bdürft|möglich|geplant|\bZiel\b|Aufgabe|schlägt vor|vorgeschlagen|erwartet|Chance"
    r"|Vorrang|Interesse|erwogen|gesprochen|Potenzial|mit dem Ziel|zu ermitteln|\bdroht\b",
    "en": r"\bcan\b|could|\bmay\b|might|\b(?:is|are|be)(?: \w+){0,2} to\b|\bwant|\bwish|\baims?\b"
    r"|planned|\bgoals?\b|\btask|propos|expected|opportunity|\b(?:has|have) to\b|should|\bmust"
    r"|priority|interest in|considered|discussed|potential|possib|meant to|risk of"
    r"|what .* requires",
}


def named_people(text):
    words = {word.lower() for word in re.findall(r"[A-Za-zÄÖÜäöüß]+", text)}
    return {
        word
        for word in words
        if hashlib.sha256(f"informant:{word}".encode()).hexdigest()[:16] in INFORMANTS
    }


@pytest.fixture(scope="module")
def study():
    return read_study(paths.root() / "data/raw", paths.root() / "book/references.bib")


def test_a_table_that_is_said_to_hold_no_personal_data_names_no_person_of_the_documents(study):
    people = study.tables["context_items"].query("kind == 'person'")["label_de"]
    surnames = {name.split()[-1] for name in people if name.split()[-1].isalpha()}
    assert len(surnames) > 3
    for name, table in RAW.items():
        if table.consent.startswith("No personal data"):
            words = set(re.findall(r"\w+", study.tables[name].to_csv()))
            assert not words & surnames, name


def test_read_without_a_notice(study):
    assert study.notices == []


@pytest.mark.parametrize(
    ("table", "least"),
    [
        ("facts", 60), ("targets", 20), ("measures", 40), ("prospects", 30), ("governance", 40),
        ("events", 15), ("discrepancies", 30), ("projects", 25), ("project_mentions", 40),
        ("cooperation", 25), ("organisations", 50), ("actors", 10),
    ],
)  # fmt: skip
def test_tables_are_as_full_as_the_study(study, table, least):
    assert len(study[table]) >= least


def test_the_guide_has_twelve_questions_in_four_blocks_and_one_scale(study):
    guide = study["guide"]
    assert guide["theme_code"].value_counts(sort=False).to_list() == [4, 4, 3, 1]
    assert guide["answer"].value_counts().to_dict() == {"open": 11, "rating": 1}


def test_four_informants_of_whom_one_is_anonymous_and_one_wrote(study):
    interviews = study["interviews"].set_index("municipality_id")
    assert set(interviews.index) == set(study["municipalities"]["municipality_id"])
    assert interviews.index[interviews["consent"] == "anonymous"].to_list() == ["leverkusen"]
    assert interviews.index[interviews["mode"] == "written"].to_list() == ["erwitte"]


def test_all_thirty_six_references_and_the_study_itself_are_there():
    keys = set(parse_file(str(paths.root() / "book/references.bib")).entries)
    assert (
        len(
            keys
            - {
                "Tholen2022",
                "Fischer2021",
                "Dihk2024",
                "Difu_oJ",
                "Mwike2025",
                "Landesregierung2012",
            }
            - WEB
        )
        == 36
    )


def test_the_web_sources_of_the_footnotes_are_listed_as_not_opened():
    entries = parse_file(str(paths.root() / "book/references.bib")).entries
    assert {key for key in entries if "footnote" in entries[key].fields.get("title_en", "")} == WEB
    assert all(
        entries[key].fields["url"].startswith("http")
        and "not opened" in entries[key].fields["note_en"]
        for key in WEB
    )


def test_every_statement_is_anchored_once(study):
    units = pd.concat([study["units"]["unit_id"], study["case_units"]["unit_id"]])
    assert sorted(study["anchors"]["unit_id"]) == sorted(units)


def test_agreed_codings_are_both_passes_minus_excluded_plus_included(study):
    passes = compare_passes(study["codings_a"], study["codings_b"])
    assert len(passes) == 548
    assert (passes["given_by"] == "both").sum() == 503
    decisions = study["adjudication"]
    dropped = ((decisions["given_by"] == "both") & (decisions["decision"] == "exclude")).sum()
    included = (decisions["decision"] == "include").sum()
    assert (
        len(agreed(study["codings_a"], study["codings_b"], decisions)) == 503 - dropped + included
    )


def test_a_claim_about_all_municipalities_has_the_same_codes_for_each(study):
    final = agreed(study["codings_a"], study["codings_b"], study["adjudication"]).merge(
        study["units"], on="unit_id"
    )
    collective = final[final["attribution"] == "collective"]
    per_unit = collective.groupby(["statement_id", "unit_id"])["code"].agg(frozenset)
    assert per_unit.groupby("statement_id").nunique().eq(1).all()


@pytest.mark.parametrize(
    ("table", "stem"),
    [("units", "gist"), ("case_units", "gist"),
     ("claims", "description"), ("measures", "description"), ("prospects", "description")],
)  # fmt: skip
@pytest.mark.parametrize("language", MODAL)
def test_what_is_not_stated_as_a_fact_is_not_retold_as_one(study, table, stem, language):
    frame = study[table]
    texts = frame.loc[frame["modality"].ne("stated"), [frame.columns[0], f"{stem}_{language}"]]
    assert (
        texts[~texts[f"{stem}_{language}"].str.contains(MODAL[language], case=False)]
        .to_numpy()
        .tolist()
        == []
    )


@pytest.mark.parametrize("language", MODAL)
def test_a_project_that_is_only_planned_or_proposed_is_not_told_as_done(study, language):
    projects = study["projects"]
    texts = projects.loc[
        projects["status"].isin(["planned", "proposed", "applied"]), f"description_{language}"
    ]
    assert texts[~texts.str.contains(MODAL[language], case=False)].to_list() == []


# What was wanted and is no more; not the subjunctive of "kann oder sollte".
GIVEN_UP = {
    "de": r"(?<!oder )\b(?:wollten?|sollten?|gehörten?)\b",
    "en": r"\b(?:wanted|was|were|belonged|hoped) to\b",
}


@pytest.mark.parametrize("language", GIVEN_UP)
def test_the_present_of_the_study_is_not_told_as_past(study, language):
    """As if a plan had been given up, or a membership had ended, since."""
    past = re.compile(GIVEN_UP[language], re.IGNORECASE)
    told = [
        (name, text)
        for name, schema in RAW.items()
        if schema.file.startswith("study/")
        for column in study[name].filter(regex=f"_{language}$")
        for text in study[name][column].dropna()
        if past.search(str(text))
    ]
    assert told == []


def test_statements_about_a_planned_project_are_marked_as_plans(study):
    units = pd.concat([study["units"], study["case_units"]]).set_index("unit_id")
    planned = study["projects"].loc[study["projects"]["status"] == "planned", "project_id"]
    rows = study["project_mentions"]["project_id"].isin(planned)
    mentions = study["project_mentions"].loc[rows, "unit_id"].dropna().str.split(";").explode()
    assert set(units.loc[mentions, "modality"]) <= {"intended", "stated"}
    assert units.loc[mentions, "modality"].eq("intended").groupby(mentions.index).any().all()


def test_every_act_of_a_municipality_belongs_to_a_project(study):
    codings = agreed(study["codings_a"], study["codings_b"], study["adjudication"])
    acts = {unit for unit, codes in codings.groupby("unit_id")["code"]
            if "aspect.activity" in set(codes) and codes.str.startswith("role.").any()}  # fmt: skip
    mentioned = set(study["project_mentions"]["unit_id"].dropna().str.split(";").explode())
    # Said of municipalities in general, and the setting of goals, which are in the table of
    # targets.
    assert acts - mentioned == {"u064", "c011"}


def test_no_case_is_without_a_project_in_a_field_of_which_its_statements_are(study):
    codings = agreed(study["codings_a"], study["codings_b"], study["adjudication"])
    case_of = study["municipalities"].set_index("municipality_id")["case_id"]
    told = study["units"].assign(case_id=study["units"]["municipality_id"].map(case_of))
    units = pd.concat([told, study["case_units"]])[["unit_id", "case_id"]].dropna()
    fields = codings[codings["code"].str.startswith("field.")].merge(units, on="unit_id")
    projects = study["projects"].assign(code=study["projects"]["field_code"].str.split(";"))
    listed = projects.explode("code")[["case_id", "code"]].itertuples(index=False, name=None)
    assert set(fields[["case_id", "code"]].itertuples(index=False, name=None)) <= set(listed)


def test_what_is_planned_for_a_year_is_an_event_or_a_target_but_not_both(study):
    events = pd.concat([study["events"], study["context_events"]])
    targets = pd.concat([study["targets"], study["context_targets"]]).dropna(subset="year")
    planned = events.query("date_qualifier == 'planned'")
    told = targets["source_id"] + targets["locator"] + targets["year"].astype(str)
    assert not (planned["source_id"] + planned["locator"] + planned["date"]).isin(told).any()


def test_a_thing_that_two_chapters_mention_is_one_project(study):
    chapters = study["project_mentions"].assign(chapter=lambda rows: rows["locator"].str[0])
    several = chapters.groupby("project_id")["chapter"].agg(set)
    assert set(several[several.map(lambda found: {"5", "6"} <= found)].index) == {
        "model-region", "supply-2033", "h2-werkstatt", "industrial-symbiosis",
    }  # fmt: skip


def test_no_network_utility_or_funder_is_a_partner_of_itself(study):
    kinds = study["organisations"].set_index("organisation_id")["kind"]
    partners = study["cooperation"]
    assert not partners["project_id"].str.startswith("dialogue-").any()  # these name no partner
    assert not partners["organisation_id"].map(kinds).eq("network").any()
    own = (
        study["projects"]
        .set_index("project_id")["organisation_id"]
        .reindex(partners["project_id"])
        .fillna("")
        .to_numpy()
    )
    assert not [
        row
        for row, known in zip(partners["organisation_id"], own, strict=True)
        if row in known.split(";")
    ]
    assert not {"stadtwerke-geseke", "stadtwerke-duisburg", "land-nrw"} & set(
        partners["organisation_id"]
    )


@pytest.mark.parametrize("folder", ["data/raw", "book", "notebooks", "src", "tests"])
def test_no_informant_is_named_in_the_repository(folder):
    for path in sorted((paths.root() / folder).rglob("*")):
        if path.suffix in TEXTS:
            assert not named_people(path.read_text("utf-8")), path


def test_german_texts_use_german_marks(study):
    for name, frame in study.tables.items():
        for column in frame.columns[frame.columns.str.endswith("_de")]:
            texts = frame[column].dropna()
            wrong = texts[texts.str.contains('["“][A-Za-zÄÖÜ]|CO2')]
            assert wrong.empty, f"{name}.{column}: {wrong.to_list()}"


def test_what_may_be_quoted_stands_in_quotation_marks_and_nothing_else_does(study):
    for language, marks in {"de": "„", "en": "“"}.items():
        units = study["units"]
        quoted = units[f"gist_{language}"].str.contains(marks)
        assert quoted.to_list() == units["consent"].eq("quote").to_list()


def test_no_code_of_an_interview_was_added_to_the_codebook_later(study):
    given = pd.concat([study["codings_a"], study["codings_b"]])["code"]
    final = agreed(study["codings_a"], study["codings_b"], study["adjudication"])
    later = final[~final["code"].isin(given)]
    assert set(later["code"]) == {"aspect.company_target"}
    assert not later["unit_id"].isin(study["units"]["unit_id"]).any()


def test_statements_named_as_examples_of_a_finding_carry_a_code_that_it_counts(study):
    codings = agreed(study["codings_a"], study["codings_b"], study["adjudication"])
    carried = codings.groupby("unit_id")["code"].agg(set)
    counted = study["findings"].dropna(subset=["holds", "rests_on"])
    for finding in counted.itertuples():
        codes = set(re.findall(r'"((?:theme|role|field|aspect|topic)\.\w+)"', finding.holds))
        named = carried.index.intersection(finding.rests_on.split(";"))
        strange = [unit for unit in named if codes and not codes & carried[unit]]
        assert strange == [], finding.finding_id


def test_a_town_works_with_others_by_examples_of_partners_who_take_part(study):
    findings = study["findings"].set_index("finding_id")
    examples = set(findings.at["cooperation-in-every-town", "rests_on"].split(";"))
    cooperation, mentions = study["cooperation"], study["project_mentions"]
    active = set(cooperation.loc[cooperation["status"] == "active", "project_id"])
    told = mentions.loc[mentions["project_id"].isin(active), "unit_id"].dropna()
    assert examples <= set(told.str.split(";").explode())


@pytest.mark.parametrize("field", ["procurement", "targets", "planning", "energy"])
def test_a_role_is_supported_by_statements_on_its_field(study, field):
    codings = agreed(study["codings_a"], study["codings_b"], study["adjudication"])
    findings = study["findings"].set_index("finding_id")
    named = set(findings.at[f"role-{field}", "supported_by"].split(";"))
    units = {*study["units"]["unit_id"], *study["case_units"]["unit_id"]}
    on_it = codings.loc[codings["code"].str.startswith(f"field.{field}"), "unit_id"]
    assert units & named <= set(on_it)
