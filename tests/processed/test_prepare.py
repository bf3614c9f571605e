"""The processed tables of the invented study: the counts worked out by hand, the
schema, the description.
"""

import csv
import hashlib
import json
import unicodedata

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis import checking, paths
from analysis.problems import Problems
from analysis.processed.prepare import _projects, as_csv, prepare
from analysis.processed.store import read_processed
from analysis.raw.cells import check_cells
from analysis.raw.study import read_table
from analysis.tables import PROCESSED, RAW


@pytest.fixture(scope="module")
def tables(new_mini):
    return prepare(new_mini().read())


@pytest.mark.parametrize(
    ("table", "place"), [("code_counts", "municipality_id"), ("case_counts", "case_id")]
)
def test_counts_are_those_worked_out_by_hand(tables, expected_counts, table, place):
    counts = {
        (row["code"], row[place]): (row["statements"], row["collective"])
        for row in tables[table].to_dict("records")
    }
    assert counts == {pair: expected_counts.get(pair, (0, 0)) for pair in counts}
    assert {pair for pair in expected_counts if pair[1] in set(tables[table][place])} <= set(counts)


def test_every_combination_of_code_and_place_is_counted(tables):
    codes = len(tables["codes"])
    assert (codes, len(tables["code_counts"]), len(tables["case_counts"])) == (16, 16 * 3, 16 * 2)


def test_statements_of_both_corpora_have_their_place_and_passage(tables):
    statements = tables["statements"].set_index("unit_id")
    assert statements["corpus"].value_counts().to_dict() == {"interview": 9, "case": 3}
    assert statements["case_id"].dropna().to_dict() == {
        "u002": "tal", "u003": "tal", "u004": "tal", "u005": "tal", "u006": "tal", "u007": "tal",
        "u008": "see", "u009": "see", "c001": "tal", "c002": "tal", "c003": "see",
    }  # fmt: skip
    assert statements.at["u003", "locator"] == "6 ¶2 s1"
    assert statements["start"].notna().all()


def test_agreed_codings_say_which_were_decided(tables):
    decided = tables["codings"].query("decided")
    assert set(zip(decided["unit_id"], decided["code"], strict=True)) == {
        ("u004", "aspect.opportunity"), ("u005", "theme.means"), ("u009", "aspect.limit"),
        ("u009", "topic.health"),
    }  # fmt: skip
    dropped = {("u003", "aspect.limit"), ("u005", "theme.needs"), ("u008", "aspect.limit")}
    assert not dropped & set(
        zip(tables["codings"]["unit_id"], tables["codings"]["code"], strict=True)
    )


def test_context_documents_have_agreed_codings_of_their_own(tables):
    codings = tables["context_codings"]
    assert set(zip(codings["unit_id"], codings["code"], strict=True)) == {
        ("l001", "link.named"), ("l001", "role.gardener"), ("l001", "field.trees"),
        ("l002", "topic.water"), ("r001", "link.named"), ("r001", "topic.health"),
    }  # fmt: skip
    assert set(tables["context_statements"]["unit_id"]) == {"l001", "l002", "r001"}


def test_facts_come_with_the_text_shown_for_them(tables):
    facts = tables["facts"].set_index("fact_id")
    assert facts.loc["tree_budget", ["display_de", "display_en"]].to_list() == [
        "bis zu 250.000 Euro",
        "up to 250,000 euros",
    ]
    assert facts.loc["sealed_thirds", ["display_de", "short_en"]].to_list() == [
        "fast zwei Drittel",
        "< ⅔",
    ]
    assert facts.at["helpers", "display_de"] == "mehrere"
    assert facts.filter(regex="display|short").notna().all(axis=None)


def test_projects_come_with_their_events_partners_and_passages(tables):
    projects = tables["projects"].set_index("project_id")
    assert projects.loc["council-vote", ["event_id", "passages"]].to_list() == [
        "council-vote",
        "5.1 ¶2 s1",
    ]
    assert projects.loc["sensors", ["partner_id", "passages"]].to_list() == [
        "heat-school",
        "5.2 ¶4 s4;6 ¶3 s2",
    ]
    assert projects.loc["cool-days", "partner_id"] == "clausee-bath;shop-club"
    assert projects.loc["cool-bus", ["event_id", "partner_id"]].isna().all()


DATED = [  # events of one project, the earliest first
    ("old", "1990/2015", None), ("older-in-name", "1995", None),
    ("e2", "2021-01", None), ("e10", "2021-01", None), ("span", "2021/2023", None),
    ("march", "2021-03", None), ("late", "2021", "late"),
]  # fmt: skip


@given(st.permutations(DATED), st.permutations(["6 ¶2;6 ¶10", "6 ¶2", "5.1 ¶1 s1", "6 ¶1; 6 ¶2"]))
def test_events_and_passages_of_a_project_are_in_their_order_not_in_that_of_rows(dated, passages):
    columns = ["event_id", "date", "date_qualifier"]
    projects = _projects({
        "projects": pd.DataFrame({"project_id": ["p"]}),
        "events": pd.DataFrame(dated, columns=columns, dtype="str").assign(project_id="p"),
        "project_mentions": pd.DataFrame({"locator": passages}).assign(project_id="p"),
        "cooperation": pd.DataFrame({"project_id": [], "organisation_id": []}),
    })  # fmt: skip
    assert projects.loc[0, ["event_id", "passages"]].to_list() == [
        ";".join(event for event, *_ in DATED),
        "5.1 ¶1 s1;6 ¶1;6 ¶2;6 ¶10",
    ]


@pytest.fixture
def processed(mini):
    """The processed tables as files."""
    checking.data()
    return mini.build / "processed"


def test_written_tables_fit_their_schema_and_come_back_as_they_were(processed, tables):
    for name, table in PROCESSED.items():
        frame = read_processed(name)
        problems = Problems()
        check_cells(frame, table.columns, table.file, problems)
        assert not problems.found
        assert frame.dtypes.astype(str).to_dict() == table.dtypes
        assert not frame.duplicated(list(table.key)).any(), name
        made = tables[name].astype({column: frame[column].dtype for column in frame})
        pd.testing.assert_frame_equal(frame, made, obj=name)
    assert {path.name for path in processed.iterdir()} == {
        "datapackage.json",
        *(table.file.rpartition("/")[2] for table in PROCESSED.values()),
    }


@pytest.mark.usefixtures("processed")
def test_references_between_written_tables_hold():
    for name, table in PROCESSED.items():
        for column, about in table.columns.items():
            target, _, key = (about.refers or "").partition(".")
            if target in PROCESSED and not about.many:
                assert set(read_processed(name)[column].dropna()) <= set(
                    read_processed(target)[key]
                ), f"{name}.{column}"


def test_the_data_package_names_every_file_field_and_digest(processed):
    package = json.loads((processed / "datapackage.json").read_text("utf-8"))
    assert (package["name"], package["title"]) == (
        "musterfrau2021",
        "Erfunden: Hitzevorsorge in drei Gemeinden: processed tables",
    )
    assert {resource["name"] for resource in package["resources"]} == set(PROCESSED)
    for resource in package["resources"]:
        content = (processed / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["bytes"] == len(content)
        header = content.decode().split("\n", 1)[0].split(",")
        assert [field["name"] for field in resource["schema"]["fields"]] == header
        assert all(field["description"] for field in resource["schema"]["fields"])
        cells = pd.read_csv(processed / resource["path"], dtype="str", keep_default_na=False)
        for field in resource["schema"]["fields"]:
            if field["type"] == "boolean":
                known = {*field["trueValues"], *field["falseValues"]}
                assert set(cells[field["name"]]) <= known
        for foreign in resource["schema"].get("foreignKeys", []):
            target = foreign["reference"]["resource"] or resource["name"]
            assert foreign["reference"]["fields"] in PROCESSED[target].columns


def test_a_study_that_is_not_coded_yet_has_counts_of_zero(mini):
    for path in [*(mini.raw / "coding").glob("*.csv"), mini.raw / "findings.csv"]:
        path.write_text(path.read_text("utf-8").split("\n")[0], "utf-8")
    for row in range(2, 11):
        mini.put("study/project_mentions.csv", row, "unit_id", "")
    checking.data()
    counts = read_processed("code_counts")
    assert (len(counts), counts["statements"].sum(), len(read_processed("codings"))) == (48, 0, 0)


def test_preparing_twice_gives_the_same_bytes(processed):
    before = {path.name: path.read_bytes() for path in processed.iterdir()}
    checking.data()
    assert {path.name: path.read_bytes() for path in processed.iterdir()} == before


# Texts that programs between a table and a page are known to take for something else.
HOSTILE = (
    "NA", "nan", "None", "null", "NULL",
    "TRUE", "false", "1e5", "007", "+1", "-0", "=1+1", "#1",
    "2021-03-01", "١٢", "²", "x,y", 'so "quoted"', '"', "'",
    ";", "a\nb", "a\n\nb", "a\tb", "\\", "\\n", "<b>so</b>", "a & b",
    "{{ trees }}", "{% x %}", "$5 bis $7", "`a`", "*so*", "%s", "🌳", "fünf\u00a0t", "சொ",
)  # fmt: skip
CHARACTERS = st.text(
    st.characters(codec="utf-8") | st.sampled_from("\r\n\v\f\0\x85\u2028,;\"'\ufeff\u200b\u00ad ")
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("any")


def written(folder, name, column, text):
    """What the rows of a raw table say in a column, and the notices, once one cell holds `text`
    and the table is written and read again; None if that cell is named, and nothing else.
    """
    table = RAW[name]
    with (paths.root() / "tests/mini/data" / table.file).open(
        encoding="utf-8", newline=""
    ) as source:
        header, *rows = csv.reader(source)
    rows[1][header.index(column)] = text
    (folder / table.file).parent.mkdir(parents=True, exist_ok=True)
    with (folder / table.file).open("w", encoding="utf-8", newline="") as target:
        csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([header, *rows])
    problems = Problems()
    frame = read_table(folder, table, problems)
    if problems.found:
        assert [(problem.file, problem.row, problem.column) for problem in problems.found] == [
            (table.file, 3, column)
        ]
        return None
    processed = folder / "build/processed"
    processed.mkdir(parents=True, exist_ok=True)
    (processed / f"{name}.csv").write_text(as_csv(frame), "utf-8", newline="")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("COMPENDIUM_BUILD", str(folder / "build"))
        return read_processed(name)[column].to_list(), problems.notices


@given(CHARACTERS)
@example("a\rb")
@example("a\r\nb")
def test_any_text_in_a_table_comes_out_as_it_went_in_or_is_named(folder, text):
    if outcome := written(folder, "characteristics", "label_en", text):
        texts, notices = outcome
        expected = unicodedata.normalize(
            "NFC", text.replace("\r\n", "\n").strip().strip("\ufeff\u200b").strip()
        )
        assert texts == ["Place", expected, "Funds"]
        assert bool(notices) == (expected != text)


@settings(max_examples=60)
@given(
    st.decimals(allow_nan=False, allow_infinity=False).map("{:f}".format)
    | st.floats(0, 1e16, allow_infinity=False).map(repr)
)
@example("0.1234567890123456")
@example("-0.000")
def test_any_number_in_a_table_comes_out_as_it_went_in_or_is_named(folder, text):
    if outcome := written(folder, "targets", "value", text):
        (_, number, *_), _ = outcome
        assert number == float(text)
        assert str(number) != "-0.0"


def test_texts_of_every_table_come_out_as_they_went_in(mini):
    texts = iter(HOSTILE * 99)
    put = {}
    units = mini.raw / "coding/units.csv"  # some texts quote, which not everybody has agreed to
    units.write_text(units.read_text("utf-8").replace(",paraphrase,", ",quote,"), "utf-8")
    for name in [name for name in RAW if name in PROCESSED]:
        table = RAW[name]
        path = mini.raw / table.file
        with path.open(encoding="utf-8", newline="") as source:
            header, *rows = csv.reader(source)
        for column in [
            column
            for column, about in table.columns.items()
            if about.is_free_text and column not in ("function_de", "function_en")
        ]:
            for number, row in enumerate(rows):
                first = f"no. {number} " if table.columns[column].distinct else ""
                row[header.index(column)] = put[name, column, number] = first + next(texts)
        with path.open("w", encoding="utf-8", newline="") as target:
            csv.writer(target, lineterminator="\n").writerows([header, *rows])
    checking.data()
    for (name, column, number), text in put.items():
        processed = read_processed(name)
        assert processed.at[number, column] == text, (name, column, number)
