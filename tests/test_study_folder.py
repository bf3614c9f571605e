"""A new study is a folder that builds at once, in one language, with tables and notebooks of its
own, and with nothing in it of any other study.
"""

import json
import re
import shutil

import pandas as pd
import pytest
from project import on_study

from analysis import paths
from analysis.scaffold import new_study

FINDING = """\
finding_id,whose,section,sentence_en,rests_on,supported_by,qualified_by
sleep,study,sec-nights,Nights are hard.,u01,u02;municipalities:south,u04
"""
MARKED = """
(sec-nights)=
## Nights

Sleep does not come.{evidence}`u01 u03` Moreover: {finding}`sleep`

There are two.{evidence}`municipalities:north`

```{findings} study
```
"""


def make_study(folder):
    """The small study to begin with."""
    new_study(folder)
    return folder


@pytest.fixture(scope="module")
def hospitals(tmp_path_factory):
    """The study to begin with, with a finding and a marked sentence, and its book."""
    study = make_study(tmp_path_factory.mktemp("studies") / "Zwei Häuser")
    (study / "data/raw/findings.csv").write_text(FINDING, encoding="utf-8")
    with (study / "book/en/index.md").open("a", encoding="utf-8") as page:
        page.write(MARKED)
    done = on_study(study, "build", "book")
    assert done.returncode == 0, done.stdout + done.stderr
    return study


def test_everything_that_is_built_lies_in_it(hospitals):
    made = {path.name for path in hospitals.iterdir()}
    assert made == {path.name for path in (paths.root() / "src/analysis/template").iterdir()} | {
        "build"
    }
    assert (hospitals / "data/processed/beds.csv").is_file()
    figures = {path.stem for path in (hospitals / "build/en/figures").glob("*.svg")}
    assert figures == {"agreement", "beds", "codings"}
    assert not (hospitals / "build/de").exists()


def test_its_pages_show_its_figures_tables_and_words(hospitals):
    site = hospitals / "build/html/en"
    index = (site / "index.html").read_text("utf-8")
    assert "7 statements were coded with" in re.sub("<[^>]+>", "", index)
    assert "At most 15.0 beds for a nurse, in North Hospital, Surgery." in index
    method = (site / "method.html").read_text("utf-8")
    for shown in ("page 1, lines 4–9", "<th", "Hospital", "second", "Sleep is short or broken."):
        assert shown in method
    assert (site / "notebooks/codings.html").is_file()


def test_its_pages_claim_nothing_that_it_lacks(hospitals):
    site = hospitals / "build/html/en"
    assert "Statements without a code" not in (site / "method.html").read_text("utf-8")
    beds = json.loads((hospitals / "build/en/figures/beds.json").read_text("utf-8"))
    assert beds["sources"] == [{"locator": "p. 12", "source_id": "study"}]


def test_sentences_and_findings_rest_on_passages_of_transcripts(hospitals):
    index = (hospitals / "build/html/en/index.html").read_text("utf-8")
    assert "page 1; page 2" in index
    assert "Supported by: " in index
    assert "Qualified by: " in index
    assert "in chapter" not in index


def test_what_names_no_passage_can_be_rested_on_and_is_no_annotation(hospitals):
    index = (hospitals / "build/html/en/index.html").read_text("utf-8")
    plain = re.sub("<[^>]+>", "", index)
    assert "Hospital: South Hospital. south, no passage given" in plain
    notes = json.loads((hospitals / "build/html/en/annotations.jsonld").read_text("utf-8"))
    assert {note["id"][:7] for note in notes["first"]["items"]} == {"#unit-u"}


def test_the_dictionary_describes_the_tables_that_there_are_and_names_the_others(hospitals):
    method = (hospitals / "build/html/en/method.html").read_text("utf-8")
    described = set(re.findall(r'<section id="table-(\w+)-section"', method))
    assert {"units", "beds", "ratings"} <= described
    assert not described & {"targets", "context_units", "verdicts"}
    plain = re.sub("<[^>]+>", "", method)
    assert re.search(r"Not in this study: [^\n]*data/raw/study/targets.csv", plain)
    assert 'id="table-targets"' in method  # where links to it lead


def test_a_notebook_opened_by_hand_says_what_to_type_where_its_tables_are_stale(hospitals):
    beds = hospitals / "data/raw/beds.csv"
    before = beds.read_text("utf-8")
    beds.write_text(before + "south,Geriatrics,20,2\n", "utf-8")
    done = on_study(
        hospitals,
        code="from analysis.publish import Run; Run('beds', language='en')",
        folder=hospitals / "notebooks",
    )
    beds.write_text(before, "utf-8")
    assert f'run `make data STUDY="{hospitals}"`' in done.stderr.splitlines()[-1]


def test_whose_codings_count_is_said_in_study_yml(tmp_path):
    study = make_study(tmp_path / "study")
    (study / "data/raw/coding/codings_a.csv").rename(study / "data/raw/coding/codings_anna.csv")
    assert "say `counted: anna` in study.yml" in on_study(study, "check").stderr
    with (study / "study.yml").open("a", encoding="utf-8") as about:
        about.write("counted: anna\n")
    assert on_study(study, "data").returncode == 0
    ratings = (study / "data/processed/ratings.csv").read_text("utf-8").splitlines()[1:]
    assert {row.partition(",")[0] for row in ratings} == {"anna", "second"}
    package = (study / "data/processed/datapackage.json").read_text("utf-8")
    assert "codings_anna" not in package


def test_nothing_is_said_of_another_study(hospitals):
    for path in (hospitals / "build/html/en").glob("*.html"):
        text = path.read_text("utf-8")
        for foreign in ("chapter 6", "Chapter 6", "chapter 5", "language model", "Tholen"):
            assert foreign not in text, (path.name, foreign)


def test_every_text_that_describes_its_data_calls_hospitals_hospitals(hospitals):
    """Its word for what is compared, wherever the machine has one of its own."""
    package = json.loads((hospitals / "data/processed/datapackage.json").read_text("utf-8"))
    tables = {table["name"]: table for table in package["resources"]}
    assert tables["municipalities"]["title"] == "Hospitals"
    described = [
        text
        for table in tables.values()
        for about in (table, *table["schema"]["fields"])
        for text in (about.get("title", ""), about.get("description", ""))
    ]
    assert not [text for text in described if re.search(r"(?i)\bplace|municipal", text)]
    report = (hospitals / "build/html/en/data/study-report.md").read_text("utf-8")
    assert "- **Underlying texts.** Night shifts in hospitals: an invented study\n" in report


def test_a_study_need_not_tell_where_its_statements_stand(hospitals, tmp_path):
    study = tmp_path / "study"
    shutil.copytree(hospitals, study, ignore=shutil.ignore_patterns("build", "processed"))
    units = study / "data/raw/coding/units.csv"
    pd.read_csv(units).drop(columns="locator").to_csv(units, index=False)
    done = on_study(study, "build", "book")
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_is_valid_and_up_to_date(hospitals):
    assert "no problem" in on_study(hospitals, "check").stdout
    assert "all up to date" in on_study(hospitals, "build", "book").stdout


def results(study):
    """What was built, but not the engine's own notes."""
    made = [*(study / "build").rglob("*"), *(study / "data/processed").rglob("*")]
    return {
        path.relative_to(study).as_posix(): path.read_bytes()
        for path in made
        if path.is_file() and "deps" not in path.relative_to(study).parts
    }


def test_its_parts_may_be_links_to_another_disk(hospitals, tmp_path):
    study, disk = tmp_path / "study", tmp_path / "disk"
    shutil.copytree(hospitals, study, ignore=shutil.ignore_patterns("build", "processed"))
    for part in ("data/raw", "notebooks", "book", "build"):
        place = disk / part.replace("/", " of the ")
        if part == "build":
            place.mkdir()
        else:
            shutil.move(study / part, place)
        (study / part).symlink_to(place)
    (disk / "build/processed").mkdir()  # of a build that took the link for a folder elsewhere
    (disk / "build/processed/datapackage.json").write_text("{}", "utf-8")
    checked, expected = (on_study(one, "check").stdout for one in (study, hospitals))
    raw = (str((one / "data/raw").resolve()) for one in (study, hospitals))
    assert checked.replace(next(raw), "") == expected.replace(next(raw), "")
    done = on_study(study, "build", "book")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (study / "build").is_symlink()
    assert results(study) == results(hospitals)
    assert "all up to date" in on_study(study, "build", "book").stdout
    shutil.move(disk / "notebooks", disk / "moved")
    done = on_study(study, "check")
    assert done.returncode == 2
    assert done.stderr == f"NOTEBOOKS: there is no folder {disk}/notebooks\n"


def test_what_somebody_could_be_recognised_by_is_kept_out_of_what_is_shared(tmp_path):
    new_study(tmp_path / "own")
    for folder in (tmp_path / "own", paths.root()):
        ignored = (folder / ".gitignore").read_text("utf-8").splitlines()
        assert any(line.endswith("identities.csv") for line in ignored)
        assert "/build/" in ignored


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/notes.txt").write_text("x", "utf-8")
    done = on_study(tmp_path, "new", "study", str(tmp_path / "mine"))
    assert done.returncode == 2
    assert "is there and not empty; name a new folder" in done.stderr
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]


def test_a_new_notebook_and_a_new_table_work_at_once(hospitals, tmp_path):
    study = tmp_path / "study"
    shutil.copytree(hospitals, study, ignore=shutil.ignore_patterns("build", "processed"))
    said = on_study(study, "new", "notebook", "staff").stdout
    assert "```{study-figure} staff\n```" in said
    assert on_study(study, "new", "table", "staff").returncode == 0
    done = on_study(study, "build", "notebooks", "--run=staff")
    assert done.returncode == 0, done.stdout + done.stderr
    record = json.loads((study / "build/en/figures/staff.json").read_text("utf-8"))
    assert record["headline"] == "Coded most often: Staff, Roster and Breaks (statements: 2)."
    assert "Number of statements" in (study / "build/en/figures/staff.html").read_text("utf-8")
    package = json.loads((study / "data/processed/datapackage.json").read_text("utf-8"))
    assert "staff" in [resource["name"] for resource in package["resources"]]
    for what in ("notebook", "table"):
        again = on_study(study, "new", what, "staff")
        assert (again.returncode, again.stdout) == (2, "")
        assert "choose another" in again.stderr


def test_its_notebook_needs_neither_the_data_nor_the_source_that_it_begins_with(tmp_path):
    study = make_study(tmp_path / "study")
    sources = "source_id,role,title,label_en,date,text_sha256\nsurvey,study,Survey,Survey,2024,\n"
    (study / "data/raw/sources.csv").write_text(sources, "utf-8")
    record, table = study / "build/en/figures/beds.json", study / "data/raw/beds.csv"
    header, *rows = table.read_text("utf-8").splitlines(keepends=True)
    for kept in (rows, ["north,Surgery,30,0\n"], []):
        table.write_text("".join([header, *kept]), "utf-8")
        done = on_study(study, "build", "notebooks", "--run=beds")
        assert done.returncode == 0, done.stdout + done.stderr
        told = json.loads(record.read_text("utf-8"))
        assert bool(told.get("sources")) == (kept == rows)
        assert ("No ward has beds and nurses." in told.values()) == (kept != rows)


def test_a_notebook_is_run_for_each_of_what_a_table_is_filled_in_with(hospitals, tmp_path):
    study = tmp_path / "study"
    shutil.copytree(hospitals, study, ignore=shutil.ignore_patterns("build", "processed"))
    assert not (study / "data/raw/study/cases.csv").exists()
    assert on_study(study, "new", "notebook", "staff").returncode == 0
    place = study / "notebooks/staff.ipynb"
    notebook = json.loads(place.read_text("utf-8"))
    notebook["metadata"]["compendium"] = {"each": {"case": "cases.case_id"}}
    (cell,) = [
        cell for cell in notebook["cells"] if "parameters" in cell["metadata"].get("tags", [])
    ]
    cell["source"] = [*cell["source"], "\ncase: str = 'north'"]
    place.write_text(json.dumps(notebook), "utf-8")
    steps = on_study(study, "why", "staff").stdout
    assert "notebooks/en/staff-north" in steps
    assert "notebooks/en/staff-south" in steps


def test_numbers_of_a_table_are_drawn_without_a_line_of_python(hospitals, tmp_path):
    study = tmp_path / "study"
    shutil.copytree(hospitals, study, ignore=shutil.ignore_patterns("build", "processed"))
    said = on_study(study, "new", "notebook", "nights", "--table=beds").stdout
    assert "```{study-figure} nights\n```" in said
    said += on_study(study, "new", "table", "rooms").stdout
    (table,) = re.findall("```{study-table} rooms\n.*?\n```\n", said, re.DOTALL)
    (study / "data/raw/rooms.csv").write_text("rooms_id,interview_id,value\nblue,i01,3\n", "utf-8")
    with (study / "book/en/index.md").open("a", encoding="utf-8") as page:
        page.write(f"\n```{{study-figure}} nights\n```\n\n{table}")
    done = on_study(study, "build", "book")
    assert done.returncode == 0, done.stdout + done.stderr
    record = json.loads((study / "build/en/figures/nights.json").read_text("utf-8"))
    assert record["headline"] == "Highest value: 30 (North Hospital, Surgery)."
    assert record["caption"] == "Number of beds (table “Beds”)."
    assert "South Hospital, Children: 12" in record["alt"]
    assert record["sources"] is None
    index = (study / "build/html/en/index.html").read_text("utf-8")
    assert "Highest value: 30" in index
    assert rows_of_table(index, "tab-rooms") == [["blue", "i01", "3"]]


ODD = """\
visits:
  title: Visits
  description: Who came where, and what was said of it.
  key: [at, ward, year]
  columns:
    at: {refers: hospitals.hospital, description: Where}
    ward: {description: Ward}
    year: {type: integer, unit: calendar year, description: When}
    date: {description: Which day people said}
    source: {description: Who told it}
    qualifier: {description: How sure they were, required: false}
    value: {type: number, unit: visits, description: Number of visits}
    is_a: {type: boolean, description: Whether somebody counted}
    heard: {refers: units.unit_id, description: Statement, required: false}
    code: {refers: codes.code, description: Code, required: false}
    locator: {description: Passage, required: false}
    source_id: {refers: sources.source_id, description: Document, required: false}
hospitals:
  title: Hospitals
  description: Where they came.
  key: hospital
  columns:
    hospital: {description: Hospital}
    label: {type: text, description: Name, required: false}
    above: {refers: hospitals.hospital, description: What it belongs to, required: false}
"""
ROWS_OF = {
    "hospitals": "hospital,label,above\nn,Northern,\ns,,n\n",
    "visits": "at,ward,year,date,source,qualifier,value,is_a,heard,code,locator,source_id\n"
    "n,Ward one,2020,mid-May,a nurse,about,3.5,yes,u01,strain.staff,p. 3,study\n"
    "s,one,2020,2021/x,a guest,,2,no,,,,\n",
}


def rows_of_table(page, name):
    """What stands in the rows of a table of a page."""
    (table,) = re.findall(rf'<table[^>]* id="{name}".*?</table>', page, re.DOTALL)
    rows = re.findall("<tr.*?</tr>", table, re.DOTALL)[1:]
    return [
        [
            re.sub("<[^>]*>", "", cell).strip()
            for cell in re.findall("<t[dh].*?</t[dh]>", row, re.DOTALL)
        ]
        for row in rows
    ]


def test_columns_of_own_tables_are_shown_as_they_are_declared_whatever_they_are_called(
    hospitals, tmp_path
):
    study = tmp_path / "study"
    shutil.copytree(hospitals, study, ignore=shutil.ignore_patterns("build", "processed"))
    with (study / "data/raw/tables.yml").open("a", encoding="utf-8") as declared:
        declared.write(ODD)
    for name, rows in ROWS_OF.items():
        (study / f"data/raw/{name}.csv").write_text(rows, "utf-8")
    columns = "at date source qualifier value is_a heard code locator"
    with (study / "book/en/index.md").open("a", encoding="utf-8") as page:
        page.write(f"\n```{{study-table}} visits\n:columns: {columns}\n```\n")
        page.write("\n```{study-table} hospitals\n:columns: label above\n```\n")
    assert on_study(study, "new", "notebook", "came", "--table=visits").returncode == 0
    done = on_study(study, "build", "book")
    assert done.returncode == 0, done.stdout + done.stderr
    record = json.loads((study / "build/en/figures/came.json").read_text("utf-8"))
    assert record["headline"] == "Highest value: 3.5 (n, Ward one, 2020)."
    index = (study / "build/html/en/index.html").read_text("utf-8")
    assert 'id="visits-n/Ward-one/2020"' in index
    assert rows_of_table(index, "tab-hospitals") == [["Northern", ""], ["", "Northern"]]
    assert rows_of_table(index, "tab-visits") == [
        ["Northern", "mid-May", "a nurse", "about", "3.5", "yes", "u01", "Staff", "p. 3"],
        ["s", "2021/x", "a guest", "", "2", "no", "", "", ""],
    ]


WRONG = {
    "study": "DIR= is missing, the folder of the new study",
    "notebook": "NAME= is missing, the name of the new notebook",
    "notebook Beds!": "NAME=Beds!: expected a name for the notebook of letters",
    "notebook codings": (
        "NAME=codings: it would take the place of the machine's notebooks/codings.ipynb; choose"
    ),
    "notebook common": "would take the place of the machine's src/analysis/wording/common.yml",
    "table facts": "NAME=facts: there is a table of this name; choose another one",
    "table references": "NAME=references: there is a table of this name; choose another one",
    "table identities": "NAME=identities: there is a table of this name; choose another one",
    "table codings_kim": "NAME=codings_kim: cannot be declared at the end of",
    "table": "NAME= is missing",
    "notebook staff --table=bets": "TABLE=bets: there is no table of this name (did you mean",
    "notebook staff --table=passes_": "TABLE=passes_: there is no table of this name (did you mean",
    "notebook staff --table=levels": "TABLE=levels: the table has no column of numbers",
}


@pytest.mark.parametrize("call", WRONG)
def test_a_wrong_name_gets_a_sentence(call, tmp_path):
    done = on_study(tmp_path, "new", *call.split())
    assert done.returncode == 2
    assert WRONG[call] in done.stderr
    assert list(tmp_path.iterdir()) == []
