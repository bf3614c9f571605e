"""The page of findings: what bears on a conclusion."""

from analysis.book import findings
from analysis.book.rows import Row
from analysis.wording import Wording


def test_what_is_said_of_several_places_in_one_sentence_stands_once(monkeypatch):
    monkeypatch.setattr(findings, "passage", lambda _source, locator, _words: locator)
    page = findings.Findings.__new__(findings.Findings)
    page.words = Wording("de")
    said = {"u6": ("Allen fehlt Geld.", "6 s1"), "u7": ("Allen fehlt Geld.", "6 s1")}
    said |= {"u8": ("Allen fehlt Geld.", "6 s2"), "u9": ("Es ist heiß.", "6 s2")}
    rows = [
        Row("statements", name, {"source_id": "study", "locator": locator, "gist_de": gist})
        for name, (gist, locator) in said.items()
    ]
    assert [item.astext() for item in page._rows(rows)] == [
        "Aussage: Allen fehlt Geld. u6, u7, 6 s1",
        "Aussage: Allen fehlt Geld. u8, 6 s2",
        "Aussage: Es ist heiß. u9, 6 s2",
    ]
