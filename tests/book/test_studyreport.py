"""The report on a study for research data centres says what tables say, and what they do not."""

import re

import pandas as pd
import pytest

from analysis.book import studyreport
from analysis.citation import Cited
from analysis.processed.store import read_processed
from analysis.wording import Wording

pytestmark = pytest.mark.xdist_group("built")


@pytest.fixture
def report(built, monkeypatch):
    built.point_paths(monkeypatch)
    return (built.build / "html/de/data/study-report.md").read_text("utf-8")


def test_it_has_every_section_of_the_template(report):
    words = Wording("de", "studyreport")
    sections = [
        "study",
        "team",
        "design",
        "collection",
        "preparation",
        "analysis",
        "data",
        "rights",
    ]
    assert re.findall("^## (.*)", report, re.MULTILINE) == [
        words(f"section.{name}") for name in sections
    ]


def test_it_lists_every_table_that_has_rows_and_how_many(report, built):
    listed = dict(re.findall(r"^\| `(\w+)\.csv` \| .* \| ([\d.]+) \|$", report, re.MULTILINE))
    for path in (built.build / "processed").glob("*.csv"):
        rows = len(pd.read_csv(path))
        assert listed.get(path.stem, "0").replace(".", "") == str(rows), path.name


def test_every_document_that_was_read_is_named(report):
    others = read_processed("sources").query("role != 'study'")["title"]
    assert len(others)
    label = Wording("de", "studyreport")("sources")
    listed = [line for line in report.splitlines() if line.startswith(f"- **{label}.** ")]
    assert all(title in line for title, line in zip(others, listed, strict=True))


def test_what_the_study_does_not_report_is_not_stated(monkeypatch):
    row = {"checklist": "coreq", "order": 3, "locator": "9 ¶1"}
    rows = [row | {"item_de": "Beruf", "answer_de": None}]
    monkeypatch.setattr(studyreport, "read_processed", lambda _: pd.DataFrame(rows))
    told = studyreport._reported(Wording("de", "studyreport"), studyreport.ITEMS["team"])
    assert list(told) == ["- **Beruf.** nicht angegeben"]


def test_two_rows_of_one_item_are_both_told(monkeypatch):
    row = {"checklist": "coreq", "order": 3, "locator": None}
    rows = [
        row | {"item_en": "Occupation", "answer_en": said} for said in ("Planner", "Geographer")
    ]
    monkeypatch.setattr(studyreport, "read_processed", lambda _: pd.DataFrame(rows))
    assert list(studyreport._reported(Wording("en", "studyreport"), (2, 3))) == [
        "- **Occupation.** Planner",
        "- **Occupation.** Geographer",
    ]


@pytest.mark.usefixtures("report")
def test_a_study_that_says_nothing_of_itself_has_a_report_all_the_same(monkeypatch):
    none = {name: read_processed(name).head(0) for name in ("reporting", "guide")}
    monkeypatch.setattr(
        studyreport, "read_processed", lambda name: none.get(name, read_processed(name))
    )
    told = studyreport.study_report("en", "<b>T</b>", Cited())
    assert told.startswith(r"# Study report: \<b\>T\</b\>")
    assert "## Researchers and field\n\nNot stated.\n" in told
    assert "COREQ" not in told
