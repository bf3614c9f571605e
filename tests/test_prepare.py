"""The processed tables of the invented study: the counts worked out by hand, the schema, the description."""

import hashlib
import json

import pandas as pd
import pytest

from analysis import cli
from analysis.prepare import prepare
from analysis.publish import read_processed
from analysis.tables import PROCESSED


@pytest.fixture(scope="module")
def tables(new_mini):
    return prepare(new_mini().read())


@pytest.mark.parametrize(("table", "place"), [("code_counts", "municipality_id"), ("case_counts", "case_id")])
def test_counts_are_those_worked_out_by_hand(tables, expected_counts, table, place):
    counts = {(row["code"], row[place]): (row["statements"], row["collective"]) for row in tables[table].to_dict("records")}
    assert counts == {pair: expected_counts.get(pair, (0, 0)) for pair in counts}
    assert {pair for pair in expected_counts if pair[1] in set(tables[table][place])} <= set(counts)


def test_every_combination_of_code_and_place_is_counted(tables):
    codes = len(tables["codes"])
    assert (codes, len(tables["code_counts"]), len(tables["case_counts"])) == (16, 16 * 3, 16 * 2)


def test_statements_of_both_corpora_have_their_place_and_passage(tables):
    statements = tables["statements"].set_index("unit_id")
    assert statements["corpus"].value_counts().to_dict() == {"interview": 9, "case": 3}
    assert statements["case_id"].dropna().to_dict() == {
        "u002": "tal", "u003": "tal", "u004": "tal", "u005": "tal", "u006": "tal", "u007": "tal", "u008": "see", "u009": "see",
        "c001": "tal", "c002": "tal", "c003": "see",
    }  # fmt: skip
    assert statements.at["u003", "locator"] == "6 ¶2 s1"
    assert statements["start"].notna().all()


def test_agreed_codings_say_which_were_decided(tables):
    decided = tables["codings"].query("decided")
    assert set(zip(decided["unit_id"], decided["code"], strict=True)) == {
        ("u004", "aspect.opportunity"), ("u005", "theme.means"), ("u009", "aspect.limit"), ("u009", "topic.health"),
    }  # fmt: skip
    dropped = {("u003", "aspect.limit"), ("u005", "theme.needs"), ("u008", "aspect.limit")}
    assert not dropped & set(zip(tables["codings"]["unit_id"], tables["codings"]["code"], strict=True))


def test_context_documents_have_agreed_codings_of_their_own(tables):
    codings = tables["context_codings"]
    assert set(zip(codings["unit_id"], codings["code"], strict=True)) == {
        ("l001", "link.named"), ("l001", "role.gardener"), ("l001", "field.trees"),
        ("l002", "topic.water"), ("r001", "link.named"), ("r001", "topic.health"),
    }  # fmt: skip
    assert set(tables["context_statements"]["unit_id"]) == {"l001", "l002", "r001"}


def test_facts_come_with_the_text_shown_for_them(tables):
    facts = tables["facts"].set_index("fact_id")
    assert facts.loc["tree_budget", ["display_de", "display_en"]].to_list() == ["bis zu 250.000 Euro", "up to 250,000 euros"]
    assert facts.loc["sealed_thirds", ["display_de", "short_en"]].to_list() == ["fast zwei Drittel", "< ⅔"]
    assert facts.at["helpers", "display_de"] == "mehrere"
    assert facts.filter(regex="display|short").notna().all(axis=None)


@pytest.fixture
def processed(mini):
    """The processed tables as files."""
    assert cli.data() == 0
    return mini.build / "processed"


def test_written_tables_fit_their_schema_and_come_back_as_they_were(processed, tables):
    for name, table in PROCESSED.items():
        frame = read_processed(name)
        table.schema.validate(frame, lazy=True)
        assert not frame.duplicated(list(table.key)).any(), name
        pd.testing.assert_frame_equal(frame, tables[name], check_dtype=False, obj=name)
    assert {path.name for path in processed.iterdir()} == {"datapackage.json", *(table.file.rpartition("/")[2] for table in PROCESSED.values())}


@pytest.mark.usefixtures("processed")
def test_references_between_written_tables_hold():
    for name, table in PROCESSED.items():
        for column, about in table.columns.items():
            target, _, key = (about.refers or "").partition(".")
            if target in PROCESSED and not about.many:
                assert set(read_processed(name)[column].dropna()) <= set(read_processed(target)[key]), f"{name}.{column}"


def test_the_data_package_names_every_file_field_and_digest(processed):
    package = json.loads((processed / "datapackage.json").read_text("utf-8"))
    assert (package["name"], package["title"]) == ("musterfrau2021", "Erfunden: Hitzevorsorge in drei Gemeinden: processed tables")
    assert {resource["name"] for resource in package["resources"]} == set(PROCESSED)
    for resource in package["resources"]:
        content = (processed / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["bytes"] == len(content)
        header = content.decode().split("\n", 1)[0].split(",")
        assert [field["name"] for field in resource["schema"]["fields"]] == header
        assert all(field["description"] for field in resource["schema"]["fields"])
        for foreign in resource["schema"].get("foreignKeys", []):
            target = foreign["reference"]["resource"] or resource["name"]
            assert foreign["reference"]["fields"] in PROCESSED[target].columns


def test_a_study_that_is_not_coded_yet_has_counts_of_zero(mini):
    for path in (mini.raw / "coding").glob("*.csv"):
        path.write_text(path.read_text("utf-8").split("\n")[0], "utf-8")
    assert cli.data() == 0
    counts = read_processed("code_counts")
    assert (len(counts), counts["statements"].sum(), len(read_processed("codings"))) == (48, 0, 0)


def test_preparing_twice_gives_the_same_bytes(processed):
    before = {path.name: path.read_bytes() for path in processed.iterdir()}
    assert cli.data() == 0
    assert {path.name: path.read_bytes() for path in processed.iterdir()} == before
