"""Every work is listed in the language of the edition, and no remark lacks one."""

import pytest
from pybtex.backends.plaintext import Backend
from pybtex.database import Entry, parse_file, parse_string

from analysis import paths
from analysis.book.literature import StudyStyle, in_edition, in_language
from analysis.raw.latex import PLAIN

ENTRIES = parse_file(str(paths.root() / "book/references.bib")).entries


def listed(key, language):
    entry = Entry(
        ENTRIES[key].type, in_language(ENTRIES[key].fields, language), ENTRIES[key].persons
    )
    entry.key = key
    return StudyStyle(language).format_entry("1", entry).text.render(Backend())


def test_a_field_of_the_language_takes_the_place_of_the_common_one():
    fields = {"year": "o. J.", "year_en": "n.d.", "note_de": "Ohne Datum", "title": "Titel"}
    assert in_language(fields, "en")["year"] == "n.d."
    assert "note" not in in_language(fields, "en")
    assert in_language(fields, "de")["year"] == "o. J."
    assert in_language(fields, "de")["note"] == "Ohne Datum"


@pytest.mark.parametrize("key", ENTRIES)
def test_remarks_come_in_both_languages(key):
    fields = ENTRIES[key].fields
    assert "note" not in fields
    assert ("note_de" in fields) == ("note_en" in fields)


def test_an_entry_reads_as_its_edition_does():
    assert "Ohne Datum und Verfasser" in listed("Difu_oJ", "de")
    assert "(o. J.)" in listed("Difu_oJ", "de")
    assert "Without date or author" in listed("Difu_oJ", "en")
    assert "(n.d.)" in listed("Difu_oJ", "en")


def test_days_are_written_as_in_the_edition_and_no_point_is_doubled():
    assert "abgerufen am 5. Juli 2022" in listed("Bayer_oJ", "de")
    assert "accessed 5 July 2022" in listed("Bayer_oJ", "en")
    assert "Aufl. Deutsches" in listed("Link2018", "de")


@pytest.mark.parametrize("key", ENTRIES)
def test_no_german_remark_in_the_english_list(key):
    text = listed(key, "en")
    assert "In der Studie" not in text
    assert "o. J." not in text
    assert "Bericht," not in text


@pytest.mark.parametrize(
    ("written", "reads"),
    [
        ("100 % sicher", "100 % sicher"),
        (r"100 \% und 5 \$ bis 7 \$ R\&D \#1 a\_b", "100 % und 5 $ bis 7 $ R&D #1 a_b"),
        (r"\{x\} {A \{b\} c}", "{x} A {b} c"),
        (
            r"\textbackslash{}frac \textless b\textgreater{} \textasciitilde{}z \textbar{}",
            r"\frac <b> ~z |",
        ),
        (r"{\"U}ber K{\'a}r{\aa} -- na{\"\i}v", "Über Kárå – naïv"),
        (r"<script>1</script> *so* `c` [a](b)", "<script>1</script> *so* `c` [a](b)"),
    ],
)
@pytest.mark.parametrize("field", ["title", "note", "publisher", "author"])
def test_marks_of_latex_are_what_they_stand_for_and_all_else_is_verbatim(field, written, reads):
    fields = {"author": "{Wer}", "title": "Titel", "year": "2020"} | {
        field: f"{{{written}}}" if field == "author" else written
    }
    entry = "".join(f", {name} = {{{text}}}" for name, text in fields.items())
    works = parse_string(f"@misc{{Werk{entry}}}", "bibtex")
    whole = in_edition(works, "de")["Werk"]
    text = StudyStyle("de").format_entry("1", whole).text.render(Backend())
    assert reads in text.translate(PLAIN)
