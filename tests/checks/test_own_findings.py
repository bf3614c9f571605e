"""Findings on tables that a study declares, from the files to the verdicts."""

import csv

from project import on_study
from test_study_folder import make_study

TABLES = """
moods:
  title: Moods
  description: What a statement sounds like.
  key: number
  columns:
    number: {type: integer, unit: number, description: Number of the row}
    unit_id: {refers: all_units.unit_id, description: Statement}
    mood: {description: What it sounds like}
    year: {type: integer, unit: year, description: Year of it}
calls:
  title: Calls
  description: Who called whom.
  key: call
  columns:
    call: {description: Call}
    number: {type: integer, unit: number, description: Number of the row in another table}
    ward: {description: Ward}
"""
FINDINGS = {
    "alone": ("every(moods, count(moods, number=each) == 1)", "Each of {2 + count(moods) - 2}."),
    "called": ("how_many(moods, count(calls, number=each) > 0) == 1", "One was called."),
    "sad": ('count(moods, mood="sad") == 2', "Two are sad."),
    "year": ("most(moods, year, number) == 2021", "Most are of 2021."),
    "wards": ('count(calls, ward="Surgery") == 2', "Two calls from surgery."),
}
WRONG = {
    "number": ('count(moods, number="1") == 1', "One."),
    "beds": ("count(calls, beds=30) == 1", "One."),
    "table": ("count(units) == 1", "One."),
}


def written(study, findings):
    """The study with its tables, and with these findings."""
    raw = study / "data/raw"
    with (raw / "findings.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["finding_id", "whose", "section", "holds", "sentence_en"])
        rows.writerows((name, "counts", "sec", *rest) for name, rest in findings.items())
    return study


def test_they_are_counted_whatever_the_type_of_the_keys(tmp_path):
    study = written(make_study(tmp_path / "study"), FINDINGS)
    raw = study / "data/raw"
    with (raw / "tables.yml").open("a", encoding="utf-8") as file:
        file.write(TABLES)
    (raw / "moods.csv").write_text(
        "number,unit_id,mood,year\n1,u01,sad,2021\n2,u02,sad,2021\n3,u06,glad,2020\n", "utf-8"
    )
    (raw / "calls.csv").write_text("call,number,ward\na,2,Surgery\nb,2,Surgery\n", "utf-8")
    (raw / "coding/universes.csv").write_text(
        "universe_id,coder,without_interview,attribution,certainty,corpus,merged,label_en\n"
        "north,agreed,north,all,all,all,,Without the north\n",
        "utf-8",
    )
    done = on_study(study, "data")
    assert done.returncode == 0, done.stderr
    with (study / "data/processed/findings.csv").open(encoding="utf-8") as file:
        found = {row["finding_id"]: row for row in csv.DictReader(file)}
    assert found["alone"]["sentence_en"] == "Each of three."
    assert found["year"]["counted"] == "most(moods, year, number) = 2021"
    robust = {name: row["robustness"] for name, row in found.items()}
    assert robust == {
        "alone": "robust", "called": "shaky", "sad": "shaky", "year": "shaky", "wards": "untouched",
    }  # fmt: skip

    said = on_study(written(study, WRONG), "check").stderr
    assert "findings.csv, row 2, column holds: number=`'1'`; expected a whole number" in said
    assert "row 3, column holds: calls has no column 'beds'; expected one of call, number" in said
    assert "row 4, column holds: there is no table 'units'; expected one of actors, " in said
