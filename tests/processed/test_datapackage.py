"""The data package is one for every program that reads data packages."""

import csv
import re

import pytest
from frictionless import validate
from project import on_study

from analysis.processed.datapackage import licensed
from analysis.processed.prepare import prepare, write_processed
from analysis.scaffold import new_study

pytestmark = pytest.mark.xdist_group("built")


def wrong(package):
    """What a reader of data packages finds wrong in one."""
    report = validate(str(package))
    assert report.stats["tasks"] > 30
    return report.flatten(["name", "rowNumber", "fieldName", "message"])


def test_a_reader_of_data_packages_finds_nothing_wrong_in_it(built):
    assert wrong(built.build / "processed/datapackage.json") == []


def test_nor_in_that_of_a_study_of_transcripts_with_and_without_anchors(tmp_path):
    study, talks = tmp_path / "study", tmp_path / "talks"
    new_study(study)
    package = study / "data/processed/datapackage.json"
    assert on_study(study, "data").returncode == 0
    assert wrong(package) == []
    talks.mkdir()
    with (study / "data/raw/coding/units.csv").open(encoding="utf-8", newline="") as units:
        said = [(unit["interview_id"], unit["gist"]) for unit in csv.DictReader(units)]
    for interview in {one for one, _ in said}:
        text = "\n".join(words for one, words in said if one == interview)
        (talks / f"{interview}.txt").write_text(text, "utf-8")
    for command in (("anchors", str(talks)), ("data",)):
        done = on_study(study, *command)
        assert done.returncode == 0, done.stderr
    assert wrong(package) == []


def test_a_contradiction_may_be_one_of_the_study_or_of_its_context(mini):
    mini.put("study/targets.csv", 2, "discrepancy_id", "framework-year")
    mini.put("context/events.csv", 2, "discrepancy_id", "two-years")
    study, folder = mini.read(), mini.build / "processed"
    write_processed(study, prepare(study), folder)
    assert wrong(folder / "datapackage.json") == []


def test_a_licence_without_a_short_name_is_told_as_a_text():
    assert licensed("CC-BY-4.0") == {"licenses": [{"name": "CC-BY-4.0"}]}
    assert licensed("") == {}
    for text in ("Restricted: on request from the archive", "CC BY 4.0", "Свободно"):
        (licence,) = licensed(text)["licenses"]
        assert licence["title"] == text
        assert re.fullmatch("[-a-zA-Z0-9._]+", licence["name"]), "as the profile wants names"
