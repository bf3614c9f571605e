"""What sentences rest on: marks in the text, the list that they lead to, and
the rows that it leads to.
"""

import re

import pandas as pd
import pytest

from analysis import paths
from analysis.book import evidence as module
from analysis.book.evidence import assumptions_in
from analysis.book.rows import Row, UnknownRowError, row
from analysis.book.sentences import _spoken, listed, sentences
from analysis.tables import PROCESSED, is_named
from analysis.wording import LANGUAGES, Wording

pytestmark = pytest.mark.xdist_group("built")


def page(built, name):
    return (built.build / f"html/de/{name}.html").read_text("utf-8")


@pytest.fixture
def tables(built, monkeypatch):
    """The tables of the invented study."""
    built.point_paths(monkeypatch)


def test_a_mark_has_no_text_but_a_name_and_leads_to_its_entry(built):
    (mark,) = re.findall(r'(?<=Straßen\.)<a class="study-evidence"[^>]*></a>', page(built, "index"))
    assert 'href="evidence.html#evidence-index-1"' in mark
    assert 'aria-label="Beleg: drei Einträge, Abschnitt 6; Abschnitt 4.1.1"' in mark
    assert 'id="evidence-1"' in mark


@pytest.mark.usefixtures("tables")
def test_the_name_of_a_mark_tells_the_sections_of_all_passages_of_a_row():
    several = Row("statements", "u008", row("u008").cells | {"locator": "4.1 ¶2;6 ¶3 s2;6 ¶5"})
    assert _spoken([several], Wording("de")).endswith("Abschnitt 4.1; Abschnitt 6")


def test_an_entry_holds_the_sentence_and_leads_back_to_it_and_on_to_its_rows(built):
    evidence = page(built, "evidence")
    entry = evidence[evidence.index('id="evidence-index-1"') :].split("</ul>")[0]
    assert 'href="index.html#evidence-1"' in entry
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", entry))
    assert (
        "Auental pflanzt gegen die Trockenheit, Birkfurt hofft auf gesündere Straßen. Aussage: "
        "Auental pflanzt Bäume" in text
    )
    assert "Maßnahme: Bäume pflanzen: Die Gemeinde pflanzt Bäume an Straßen." in text
    for anchor in ("unit-u002", "unit-u004", "measures-plant-trees"):
        assert f'href="#{anchor}"' in entry
        assert f'id="{anchor}"' in evidence


def test_cases_are_called_so_in_a_language_with_a_code_of_any_length(monkeypatch):
    tables = {
        "municipalities": pd.DataFrame(
            {"municipality_id": ["a"], "label_de": "A", "label_nds": "A"}
        ),
        "cases": pd.DataFrame({"case_id": ["b"], "label_de": "B", "label_nds": "B"}),
    }
    monkeypatch.setattr(module, "read_processed", tables.get)
    monkeypatch.setattr(module, "Wording", lambda language: lambda key: f"{key} ({language})")
    places = module._places().set_index("place")
    assert places.loc["case-b"].tolist() == ["case_study (de): B", "case_study (nds): B"]


@pytest.mark.usefixtures("tables")
def test_what_is_said_of_several_places_in_one_sentence_stands_once_with_the_places():
    words = Wording("de")
    apart = Row("statements", "u008", row("u008").cells | {"locator": "6 ¶3 s2"})
    said = listed([row("u006"), row("u004"), row("u007"), apart], words)
    assert [item.astext() for item in said] == [
        "Aussage: Allen fehlt das Geld. u006 (Auental), u007 (Birkfurt), "
        "Abschnitt 6, Absatz 3, Satz 1",
        "Aussage: Birkfurt hofft auf gesündere Straßen. u004 (Birkfurt), "
        "Abschnitt 6, Absatz 2, Satz 2",
        "Aussage: Allen fehlt das Geld. u008 (Clausee), Abschnitt 6, Absatz 3, Satz 2",
    ]
    (nobody,) = listed([row("u001")], words)
    assert "u001, Abschnitt" in nobody.astext()
    (of_a_case,) = listed([row("c001")], words)
    assert "c001 (Region Tal), " in of_a_case.astext()


@pytest.mark.parametrize("question", ["Was fehlt?", "Wer fragt „Was fehlt?“"])
def test_behind_a_question_stands_no_full_stop(question):
    asked = Row("guide", "g1", {"question_de": question})
    assert asked.text(Wording("de")) == question


WHOLE = ("Der Satz steht.", "Er steht (im Text fehlt ein Wort.)", "Er sagt „So ist es.“", "Ja?")
SHORT = ("Zukunft e.V.", "Zukunft e. V.", "Heimat i. d. R.", "Nachtrag o.J.")


@pytest.mark.parametrize("first", ["Bäume", "Der Abschnitt 3.", *WHOLE, *SHORT])
@pytest.mark.parametrize("last", ["Bäume pflanzen", "Bis 2.5", *WHOLE, *SHORT])
def test_a_line_keeps_what_abbreviates_and_ends_once(first, last):
    line = Row("measures", "m", {"label_de": first, "description_de": last}).text(Wording("de"))
    kept = first if first in SHORT else first.removesuffix(".")
    assert line.startswith(kept if first == last else f"{kept}: {last.removesuffix('.')}")
    assert re.search(r"[^.][.?][”“)]?$", line)
    assert not re.search(r"\.\.|\.:|[.?]\W\.$", line.replace(kept, ""))


def test_a_target_without_a_year_says_its_value_and_one_with_both_says_both():
    kept = {"actor_de": "Alle", "scope_de": "Erwärmung", "kind": "temperature", "value": 2.0}
    kept |= {"qualifier": "well_below", "year": None, "baseline_year": None}
    assert Row("targets", "t1", kept).text(Wording("de")) == (
        "Alle: Temperaturgrenze: Erwärmung: deutlich unter 2 Grad Celsius."
    )
    cut = {"actor_de": "Sie", "scope_de": "Emissionen", "kind": "reduction", "value": 55.0}
    cut |= {"qualifier": "at_least", "year": 2030, "baseline_year": 1990}
    assert Row("targets", "t2", cut).text(Wording("de")) == (
        "Sie: Minderung: Emissionen: mindestens 55 Prozent gegenüber 1990: 2030."
    )
    part = cut | {"kind": "other", "qualifier": None, "baseline_year": None}
    assert "55 Prozent" in Row("targets", "t3", part).text(Wording("de")), "not a number of things"


@pytest.mark.usefixtures("tables")
def test_a_row_is_called_by_its_id_or_by_table_and_id():
    assert row("u002").table == "statements"
    assert row("measures:plant-trees") == row("plant-trees")
    with pytest.raises(
        UnknownRowError, match=r"no table has a row 'plant-tree' \(did you mean 'plant-trees'\?\)"
    ):
        row("plant-tree")
    with pytest.raises(
        UnknownRowError,
        match=r"no table has a row 'measure:plant-trees' \(did you mean 'measures:plant-trees'\?\)",
    ):
        row("measure:plant-trees")
    with pytest.raises(
        UnknownRowError,
        match="'auental' is a row of several tables; write municipalities:auental or "
        "interviews:auental",
    ):
        row("auental")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("tables")
def test_every_row_that_can_be_called_says_what_it_is(language):
    from analysis.book import rows

    words = Wording(language)
    for found in (found for same in rows._rows(paths.processed()).values() for found in same):
        assert found.kind(words)
        assert len(found.text(words)) > 1
    tables = {table for table in PROCESSED if is_named(table)}
    tables -= {"measures", "prospects", "municipalities"}  # which have other words for it
    assert all(words(f"row.{table}") for table in tables)


def test_a_note_of_the_compendium_is_called_so(built):
    (note,) = re.findall(
        r'<div class="study-note admonition">.*?</div>', page(built, "index"), re.DOTALL
    )
    assert re.findall(r"<p[^>]*>(.*?)</p>", note) == [
        "Anmerkung des Kompendiums",
        "Das fügt das Kompendium hinzu.",
    ]


def test_a_numbered_page_says_to_when_it_refers_and_no_other_does(built):
    assert re.search(
        r'</h1>\s*<p class="study-state">Stand: November 2021</p>', page(built, "figures")
    )
    assert 'class="study-state"' not in page(built, "evidence")


def test_an_assumption_is_told_to_the_end_of_its_comment():
    code = (
        "a = 1\n    # ASSUME: what is said of several\n    # counts for each.\n    b = 2\n# other\n"
    )
    assert assumptions_in(code) == [(2, "what is said of several counts for each.")]
    assert assumptions_in("# ASSUME: one\n\n# ASSUME two\nx = '# ASSUME: no'\n") == [
        (1, "one"),
        (3, "two"),
    ]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Aussagen: Difu (o. J.)", "Aussagen: Difu (o. J.)"),
        ("Begonnen haben 15. Der Weg zum Bericht", "Begonnen haben 15."),
        ("Statt bei 0,88. Die Aussagen", "Statt bei 0,88."),
        ("Das gilt (Link et al. 2018). Es folgt", "Das gilt (Link et al. 2018)."),
        ("Kern et al. (2005) nennen vier. Es folgt", "Kern et al. (2005) nennen vier."),
        ("So fragen Tholen et al. Die Antwort", "So fragen Tholen et al."),
        ("Es sind ca. 30 (vgl. Abb. 3). Es folgt", "Es sind ca. 30 (vgl. Abb. 3)."),
        ("Am 12. Mai 2025 kam es. Es folgt", "Am 12. Mai 2025 kam es."),
        (
            "Am 3. März kam es u. a. nach ca. 30 Jahren so.",
            "Am 3. März kam es u. a. nach ca. 30 Jahren so.",
        ),
        ("Sie fragt: „Wer? Und wo?“ und geht. Es folgt", "Sie fragt: „Wer?"),
        ("Bis 5. etwa, in Kap. vier. Es folgt", "Bis 5. etwa, in Kap. vier."),
    ],
)
def test_a_sentence_ends_behind_a_number_but_not_within_an_abbreviation_or_a_date(text, first):
    assert sentences(text)[0] == first


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Город ждёт.", "Это долго."),
        ("Η πόλη περιμένει.", "Έτσι είναι."),
        ("Miasto czeka.", "Ślad zostaje."),
        ("La ville attend.", "Évidemment."),
        ("« La ville attend. »", "« Évidemment. »"),
        ("¿Espera la ciudad?", "¿Ésta?"),
        ("هل تنتظر المدينة؟", "نعم."),
        ("城市在等。", "它在等。"),
        ("城市在等吗？", "它在等！"),
        ("शहर इंतज़ार करता है।", "यह लंबा है।"),
    ],
)
def test_a_sentence_ends_in_every_script(first, second):
    between = "" if first.endswith("。") else " "
    assert sentences(first + between + second) == [first, second]
