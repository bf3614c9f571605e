"""Numbers of things in sentences: in words where the language has one, in its plural forms."""

import pytest

from analysis.files.textfile import texts
from analysis.wording import Wording

TARGETS = {
    "targets.zero": {"de": "kein Ziel", "en": "no target"},
    "targets.one": {"de": "ein Ziel", "en": "one target"},
    "targets.other": {"de": "{n} Ziele", "en": "{n} targets"},
}


@pytest.fixture
def words(monkeypatch):
    def some(topic):
        return TARGETS if topic == "invented" else texts(topic)

    monkeypatch.setattr("analysis.wording.texts", some)
    return {language: Wording(language, topic="invented") for language in ("de", "en")}


@pytest.mark.parametrize(
    ("n", "de", "en"),
    [
        (0, "kein Ziel", "no target"),
        (1, "ein Ziel", "one target"),
        (7, "sieben Ziele", "seven targets"),
        (13, "13 Ziele", "13 targets"),
        (1200, "1.200 Ziele", "1,200 targets"),
    ],
)
def test_things_are_counted_in_words_up_to_twelve(words, n, de, en):
    assert [words["de"].count("targets", n), words["en"].count("targets", n)] == [de, en]


def test_nothing_has_the_usual_plural_where_there_is_no_text_of_its_own(words, monkeypatch):
    monkeypatch.delitem(TARGETS, "targets.zero")
    assert words["en"].count("targets", 0) == "zero targets"
