"""Numbers of things in sentences: in words where the language has one, in its plural forms."""

import re

import pytest
import yaml

from analysis import paths
from analysis.files.textfile import FOLDER, texts
from analysis.wording import Wording

TARGETS = {
    "targets.zero": {"de": "kein Ziel", "en": "no target"},
    "targets.one": {"de": "ein Ziel", "en": "one target"},
    "targets.other": {"de": "{n} Ziele", "en": "{n} targets"},
}


# A number in front of a noun, without or within the text of one plural form.
BARE = re.compile(r"\{(\w+)\} [A-ZÄÖÜ][a-zäöüß]")
NUMBERS = {"n", "number"}  # those whose plural form `.other` is
NEVER_ONE = {  # numbers that are more than one wherever the text is used, or no numbers
    *(("agreement", f"headline.{key}") for key in ("zero", "one", "other", "only", "noise")),
    ("agreement", "headline.all.one"),
    ("agreement", "headline.all.other"),
    ("agreement", "over.all"),
    ("agreement", "over.some"),
    ("agreement", "legend.noise"),
    ("agreement", "noise"),
    ("case", "headline.field.one"),
    ("case", "headline.field.other"),
    ("common", "millions.long"),
    ("common", "millions.short"),
    ("contradictions", "headline.other"),
    ("coverage", "saturation.too_few_documents"),
    ("findings", "many"),
    ("initiatives", "headline"),
    ("initiatives", "headline.growth"),
    ("method", "alt"),
    ("targets", "headline.other"),
    ("timeline", "headline.single"),
}
AS_STATED = "stated."  # quantities with their unit, as a document has them
COUNTED = re.compile(r"\{\w+:([\w.]+)\}")
PLURAL = re.compile(r"\.(zero|one|two|few|many|other)$")


def entries():
    """Every text of the machine and the study: topic, key and text in each language."""
    for folder in (FOLDER, paths.root() / "wording"):
        for path in sorted(folder.glob("*.yml")):
            for key, entry in yaml.safe_load(path.read_text("utf-8")).items():
                yield path.stem, key, entry


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


def test_a_number_in_a_text_brings_its_noun_in_the_right_plural_form(words, monkeypatch):
    monkeypatch.setitem(TARGETS, "caption", {"en": "Of {total:targets}, {n} are met."})
    said = [
        words["en"]("caption", total=words["en"].numeral(n), n=words["en"].numeral(0))
        for n in (0, 1, 7)
    ]
    assert said == [
        "Of no target, zero are met.",
        "Of one target, zero are met.",
        "Of seven targets, zero are met.",
    ]


def test_every_noun_that_a_text_counts_has_its_plural_forms():
    lost = [
        (topic, key, things)
        for topic, key, entry in entries()
        for things in {found for text in entry.values() for found in COUNTED.findall(text)}
        if not {f"{things}.one", f"{things}.other"} <= texts(topic).keys()
    ]
    assert lost == []


def test_no_text_has_a_number_before_a_noun_in_one_form_only():
    bare = [
        (topic, key, found[0])
        for topic, key, entry in entries()
        for found in BARE.finditer(entry["de"])
        if not (found[1] in NUMBERS and PLURAL.search(key))
        if (topic, key) not in NEVER_ONE and not key.startswith(AS_STATED)
    ]
    assert bare == []
