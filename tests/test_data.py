"""The study's own data: complete, consistent, and silent about people."""

import hashlib
import re

import pandas as pd
import pytest
from pybtex.database import parse_file

from analysis import paths
from analysis.coding import agreed, compare_passes
from analysis.study import read_study

# Words that would name an informant, as digests: the test must not name them either.
INFORMANTS = {"bad89e85e69bc32e", "dee41b18490a2881", "fe532fc2e0249496", "897ee1c40d9c2cb4", "33e3b308e8593b89"}
TEXTS = {".csv", ".yml", ".md", ".bib", ".ipynb", ".py", ".cff", ".json", ".html", ".js", ".svg", ".txt"}


def named_people(text):
    words = {word.lower() for word in re.findall(r"[A-Za-zÄÖÜäöüß]+", text)}
    return {word for word in words if hashlib.sha256(f"informant:{word}".encode()).hexdigest()[:16] in INFORMANTS}


@pytest.fixture(scope="module")
def study():
    return read_study(paths.ROOT / "data/raw", paths.ROOT / "book/references.bib")


def test_read_without_a_notice(study):
    assert study.notices == []


@pytest.mark.parametrize(
    ("table", "least"),
    [("facts", 60), ("targets", 20), ("measures", 40), ("prospects", 30), ("governance", 40), ("events", 15),
     ("discrepancies", 30), ("cooperation", 25), ("organisations", 50), ("actors", 10)],
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
    keys = set(parse_file(str(paths.ROOT / "book/references.bib")).entries)
    assert len(keys - {"Tholen2022", "Fischer2021", "Dihk2024", "Difu_oJ", "Mwike2025", "Landesregierung2012"}) == 36


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
    assert len(agreed(study["codings_a"], study["codings_b"], decisions)) == 503 - dropped + included


def test_a_claim_about_all_municipalities_has_the_same_codes_for_each(study):
    final = agreed(study["codings_a"], study["codings_b"], study["adjudication"]).merge(study["units"], on="unit_id")
    collective = final[final["attribution"] == "collective"]
    per_unit = collective.groupby(["statement_id", "unit_id"])["code"].agg(frozenset)
    assert per_unit.groupby("statement_id").nunique().eq(1).all()


@pytest.mark.parametrize("folder", ["data/raw", "book", "notebooks", "src", "tests"])
def test_no_informant_is_named_in_the_repository(folder):
    for path in sorted((paths.ROOT / folder).rglob("*")):
        if path.suffix in TEXTS:
            assert not named_people(path.read_text("utf-8")), path


def test_german_texts_use_german_marks(study):
    for name, frame in study.tables.items():
        for column in frame.columns[frame.columns.str.endswith("_de")]:
            texts = frame[column].dropna()
            wrong = texts[texts.str.contains('["“][A-Za-zÄÖÜ]|CO2')]
            assert wrong.empty, f"{name}.{column}: {wrong.to_list()}"
