"""A table that a study declares is validated, described, read and shown like all others."""

import json
import os
import subprocess
import sys

import pytest
from test_study_folder import make_study

from analysis import paths
from analysis.problems import WrongCallError
from analysis.processed.store import read_processed
from analysis.studyfile import StudyFileError
from analysis.tables import PROCESSED, RAW
from analysis.tables.own import read_own
from analysis.tables.raw import MADE

BEDS = """beds:
  title: Beds
  description: How many beds each ward has.
  key: ward
  columns:
    ward: {description: Ward}
    interview_id: {refers: interviews.interview_id, description: Who said so}
    beds: {type: integer, unit: beds, low: 1, description: Number of beds}
    kind: {options: {open: for all, closed: for some}, description: Kind of ward, required: false}
"""
ROWS = "ward,interview_id,beds,kind\nnorth,i01,12,open\nsouth,i02,7,\n"


@pytest.fixture
def study(tmp_path):
    """A study with a table of its own."""
    made = make_study(tmp_path / "study")
    (made / "data/raw/tables.yml").write_text(BEDS, "utf-8")
    (made / "data/raw/beds.csv").write_text(ROWS, "utf-8")
    return made


def analysis(study, *command, code=None):
    """Runs a command, or some code, on a study."""
    what = ["-c", code] if code else ["-m", "analysis", *command]
    return subprocess.run(
        [sys.executable, *what],
        cwd=paths.root(),
        env=os.environ | {"COMPENDIUM_STUDY": str(study)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_is_described_and_read_with_its_types(study):
    done = analysis(study, "data")
    assert done.returncode == 0, done.stderr
    package = json.loads((study / "data/processed/datapackage.json").read_text("utf-8"))
    (about,) = [one for one in package["resources"] if one["name"] == "beds"]
    assert about["schema"]["primaryKey"] == ["ward"]
    assert about["schema"]["foreignKeys"][0]["reference"]["resource"] == "interviews"
    assert about["schema"]["fields"][2]["unit"] == "beds"
    code = (
        "from analysis.processed.store import read_processed as r; print(r('beds')['beds'].sum())"
    )
    assert analysis(study, code=code).stdout == "19\n"


def test_its_cells_are_checked(study):
    rows = ROWS.replace("12", "0").replace("i02", "i07").replace("open", "opne")
    (study / "data/raw/beds.csv").write_text(rows + "south,i01,3,\n", "utf-8")
    said = analysis(study, "check").stderr
    assert "beds.csv, row 2, column beds: 0 does not fit; expected Number of beds in beds" in said
    assert "beds.csv, row 2, column kind: 'opne' does not fit (did you mean 'open'?)" in said
    assert "beds.csv, row 3, column interview_id: 'i07' is not known" in said
    assert "beds.csv, row 4, column ward: 'south' stands already in row 3" in said


WRONG = {
    "beds: 3": "line 1: beds is 3; expected lines with title, description, key, columns below it",
    "- beds": "line 1: holds ['beds']; expected names of tables",
    BEDS.replace("beds:\n", "facts:\n", 1): "line 1: 'facts' cannot be the name of a table",
    BEDS.replace("beds:\n", "codings:\n", 1): "line 1: 'codings' cannot be the name of a table",
    BEDS.replace("title", "titel"): "line 2: beds has an unknown entry 'titel' (did you mean",
    BEDS.replace("  key: ward\n", ""): "line 1: beds has no 'key'; expected key: and",
    BEDS.replace("key: ward", "key: wart"): "line 4: key of beds has 'wart' (did you mean 'ward'?)",
    BEDS.replace("unit: beds, ", ""): "line 8: beds.beds is a number without a unit",
    BEDS.replace("integer", "intger"): "line 8: type of beds.beds is 'intger' (did you mean",
    BEDS.replace("low: 1", "low: one"): "line 8: low of beds.beds is 'one'; expected a number",
    BEDS.replace("s.interview_id", "s.id"): "line 7: beds.interview_id refers to 'interview",
    BEDS.replace("{description: Ward}", "{pattern: '['}"): "line 6: beds.ward has no 'description'",
    BEDS.replace("key: ward", "key: ward\n  file: ../beds.csv"): "file of beds is '../beds.csv'",
    BEDS.replace("key: ward", "key: ward\n  file: sources.csv"): "is the file of sources",
    "beds: {": "line 1: not readable as YAML",
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_a_slip_in_a_declaration_is_named_by_its_line(tmp_path, monkeypatch, text):
    monkeypatch.setenv("COMPENDIUM_RAW", str(tmp_path))
    (tmp_path / "tables.yml").write_text(text, "utf-8")
    with pytest.raises(StudyFileError) as wrong:
        read_own(RAW, ("codings",))
    assert WRONG[text] in str(wrong.value)
    assert str(wrong.value).startswith("tables.yml, line ")


def test_a_slip_in_a_declaration_is_said_without_a_traceback(study):
    (study / "data/raw/tables.yml").write_text("beds: 3\n", "utf-8")
    done = analysis(study, "check")
    assert done.returncode == 1
    assert done.stderr.startswith("tables.yml, line 1: beds is 3; expected")


def test_no_table_may_be_called_like_one_that_is_made():
    assert {*PROCESSED} - {*RAW} <= {*MADE}


def test_a_table_that_there_is_not_is_named_with_the_one_that_is_meant():
    with pytest.raises(WrongCallError, match=r"no table 'munipalities' .*'municipalities'"):
        read_processed("munipalities")
