"""The page of findings: what a finding could fail by."""

import re

import pandas as pd
import pytest
from docutils import nodes

from analysis.book import findings
from analysis.book.rows import Row
from analysis.wording import Wording

TOWNS = pd.DataFrame({"municipality_id": ["a", "b", "c"], "label_en": ["Aby", "Beck", "Cove"]})
NONE = {"flipped_by_interviews": None, "flipped_by_codings": None, "carries_codings": None}


def test_a_finding_of_which_nothing_is_known_takes_no_mark_from_a_robust_one(monkeypatch):
    both = {
        "a": {"finding_id": "a", "headline_of": "roles", "robustness": float("nan")},
        "b": {"finding_id": "b", "headline_of": "roles", "robustness": "robust"},
    }
    monkeypatch.setattr(findings, "_findings", lambda _folder: both)
    monkeypatch.setattr(findings, "_fails", lambda _folder, _language: {})
    (mark,) = findings.carried_by("roles", Wording("en"))
    assert [shown.astext() for shown in mark.findall(nodes.Text)] == [" ", "robust"]


@pytest.mark.parametrize(
    ("robustness", "exposed", "flipped", "said"),
    [
        (
            "shaky",
            "interviews;codings",
            {"flipped_by_interviews": "a;c", "flipped_by_codings": "u1/x", "carries_codings": 1},
            [
                "Fails, for instance, without Aby and Cove.",
                "Fails if one of its codes is dropped (a statement on several municipalities "
                "counts once), for instance in: u1",
            ],
        ),
        (
            "robust",
            "interviews;codings",
            {},
            [
                "Holds whichever replies are missing, as long as there is something to count.",
                "We found no codes without which it fails.",
            ],
        ),
        (
            "robust",
            "interviews",
            {"flipped_by_interviews": "b"},
            [
                "Fails, for instance, without Beck.",
                "Dropped codes do not put it to the test; they take away nothing on which it "
                "rests.",
            ],
        ),
        (
            "robust",
            None,
            {},
            [
                "Neither missing replies nor dropped codes put it to the test; they take away "
                "nothing on which it rests."
            ],
        ),
        (
            "untouched",
            "codings",
            {"flipped_by_codings": "u1/x;u2/x", "carries_codings": 2},
            [
                "Missing replies do not put it to the test; they take away nothing on which it "
                "rests.",
                "Fails if two of its codes are dropped (a statement on several municipalities "
                "counts once), for instance in: u1 u2",
            ],
        ),
        ("untouched", None, {}, []),
        (None, None, {}, []),
    ],
)
def test_what_a_finding_could_fail_by_is_told_from_what_it_could_not(
    monkeypatch, robustness, exposed, flipped, said
):
    monkeypatch.setattr(findings, "read_processed", lambda _table: TOWNS)
    page = findings.Findings.__new__(findings.Findings)
    page.words, page.texts = Wording("en"), Wording("en", "findings")
    found = {"robustness": robustness, "exposed_to": exposed} | NONE | flipped
    assert [line.astext() for line in page._flips(found)] == said


def test_what_bears_on_a_conclusion_is_listed_in_the_order_of_the_chapters(monkeypatch):
    monkeypatch.setattr(findings, "row", lambda name: Row("statements", name, {"locator": name}))
    monkeypatch.setattr(findings, "listed", lambda _rows, _words: nodes.bullet_list())
    page = findings.Findings.__new__(findings.Findings)
    page.words, page.texts, page.options = Wording("en"), Wording("en", "findings"), {}
    found = {"supported_by": "10 ¶1;2 ¶1;3a", "qualified_by": "11;9", "counted_by": None}
    said = [item[0].astext() for item in page._bearing(found)[0]]
    chapters = [re.search(r"\d+a?", text)[0] for text in said]
    assert chapters == ["2", "3a", "10", "9", "11"]


@pytest.mark.parametrize(
    ("locator", "chapter"),
    [("4.1 ¶2", "4"), ("3a b2", "3a"), ("6", "6"), ("front", ""), ("p. 1 l. 4", ""),
     ("00:12:30", ""), ("¶4", ""), (None, "")],
)  # fmt: skip
def test_only_what_stands_in_a_chapter_has_its_number(locator, chapter):
    assert findings._chapter(Row("statements", "u1", {"locator": locator})) == chapter
    for language in ("de", "en"):
        texts = Wording(language, "findings")
        assert all(texts(f"{key}.unnumbered") for key in ("supports", "qualifies"))
