"""Numbers, quantities, dates and passages read as each language writes them, and
no text lacks a language.
"""

import re
import string
from decimal import Decimal

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from project import lay_out, run_in
from test_plurals import entries

from analysis.files import textfile
from analysis.files.textfile import FOLDER, unread
from analysis.files.yamlfile import WordingError
from analysis.tables import PROCESSED, RAW
from analysis.tables.study import QUALIFIER, UNIT
from analysis.wording import Wording, place_of

DE = Wording("de")
EN = Wording("en")


@pytest.mark.parametrize(
    ("value", "german", "english"),
    [
        (0, "0", "0"),
        (7, "7", "7"),
        (3.5, "3,5", "3.5"),
        (0.125, "0,125", "0.125"),
        (5000, "5.000", "5,000"),
        (1234567.5, "1.234.567,5", "1,234,567.5"),
        (-2, "−2", "−2"),
        (0.0004, "0,0004", "0.0004"),
        (-0.00001234, "−0,0000123", "−0.0000123"),
    ],
)
def test_numbers(value, german, english):
    assert (DE.number(value), EN.number(value)) == (german, english)


def test_names_that_are_too_many_for_a_sentence_are_counted():
    words = Wording("en", "agreement")
    assert words.few(["A", "B", "C", "D"], "codes") == "A, B, C and D"
    assert words.few("ABCDE", "codes") == "five codes"


def test_decimals_can_be_fixed():
    assert (
        DE.number(2, decimals=2),
        EN.number(0.305, decimals=1),
        DE.number(1999.6, decimals=0),
    ) == ("2,00", "0.3", "2.000")


@pytest.mark.parametrize(
    ("value", "unit", "qualifier", "german", "english", "short"),
    [
        (0.125, "t", None, "0,125 Tonnen", "0.125 tonnes", "0,125\u202ft"),
        (
            3.5,
            "Mt/a",
            None,
            "3,5 Millionen Tonnen",
            "3.5 million tonnes",
            "3,5\u202fMio.\u202ft im Jahr",
        ),
        (2500000, "count", None, "2,5 Millionen", "2.5 million", "2,5\u202fMio."),
        (
            4000000,
            "EUR",
            "about",
            "rund 4 Millionen Euro",
            "about 4 million euros",
            "~ 4\u202fMio.\u202f€",
        ),
        (250000, "EUR", "up_to", "bis zu 250.000 Euro", "up to 250,000 euros", "≤ 250.000\u202f€"),
        (
            37.5,
            "percent",
            "at_least",
            "mindestens 37,5 Prozent",
            "at least 37.5 per cent",
            "≥ 37,5\u202f%",
        ),
        (2, "thirds", "almost", "fast zwei Drittel", "almost two thirds", "< ⅔"),
        (1, "thirds", None, "ein Drittel", "one third", "⅓"),
        (None, "count", "several", "mehrere", "several", "mehrere"),
        (
            float("nan"),
            "million/a",
            "several",
            "mehrere Millionen",
            "several million",
            "mehrere Mio.",
        ),
        (3.5, "million/a", None, "3,5 Millionen", "3.5 million", "3,5 Mio."),
        (12500, "count", "about", "rund 12.500", "about 12,500", "~ 12.500"),
        (2019, "year", None, "2019", "2019", "2019"),
        (2017, "year", "about", "um 2017", "about 2017", "um 2017"),
        (
            1.5,
            "K",
            "well_below",
            "deutlich unter 1,5 Grad Celsius",
            "well below 1.5 degrees Celsius",
            "deutlich unter 1,5\u202f°C",
        ),
        (
            500,
            "bn EUR/a",
            "more_than",
            "mehr als 500 Milliarden Euro",
            "more than 500 billion euros",
            "> 500\u202fMrd.\u202f€",
        ),
    ],
)
def test_quantities(value, unit, qualifier, german, english, short):
    assert DE.quantity(value, unit, qualifier) == german
    assert EN.quantity(value, unit, qualifier) == english
    assert " ".join(DE.quantity(value, unit, qualifier, short=True).split()) == " ".join(
        short.split()
    )


@pytest.mark.parametrize(
    ("value", "unit", "german", "english"),
    [
        (1, "t", "1 Tonne", "1 tonne"),
        (1.0, "Mt/a", "1 Million Tonnen", "1 million tonnes"),
        (1.5, "Mt/a", "1,5 Millionen Tonnen", "1.5 million tonnes"),
        (1, "EUR", "1 Euro", "1 euro"),
        (1000000, "EUR", "1 Million Euro", "1 million euros"),
        (1500000, "EUR", "1,5 Millionen Euro", "1.5 million euros"),
        (1000000, "count", "1 Million", "1 million"),
        (1, "bn EUR", "1 Milliarde Euro", "1 billion euros"),
        (1, "bn EUR/a", "1 Milliarde Euro", "1 billion euros"),
        (1, "EUR/h", "1 Euro je Stunde", "1 euro an hour"),
        (1, "ha", "1 Hektar", "1 hectare"),
        (1, "K", "1 Grad Celsius", "1 degree Celsius"),
        (1, "million/a", "1 Million", "1 million"),
        (0, "t", "0 Tonnen", "0 tonnes"),
    ],
)
def test_one_of_a_unit_is_in_the_singular(value, unit, german, english):
    assert (DE.quantity(value, unit), EN.quantity(value, unit)) == (german, english)


SCALED = ("count", "EUR")  # units whose numbers may be told in millions
SIZED = [unit for unit in UNIT if unit not in ("thirds", "year", "ordinal")]
AMOUNTS = st.integers(0, 10**14) | st.decimals(0, 10**6, places=6).map(float)
AMOUNTS |= st.floats(1e-9, 1e9).map(lambda value: float(f"{value:.15g}"))
AMOUNTS |= st.integers(0, 10**9).map(lambda thousands: thousands * 1000)


def read_back(shown, language, unit):
    """The number of a quantity in words."""
    number = re.match(r"[\d.,]+", shown)[0]
    number = number.translate(str.maketrans({".": "", ",": "."} if language is DE else {",": ""}))
    is_scaled = unit in SCALED and re.search("[Mm]illion|Mio", shown)
    return Decimal(number) * (10**6 if is_scaled else 1)


@pytest.mark.parametrize("language", [DE, EN], ids=["de", "en"])
@given(AMOUNTS, st.sampled_from(SIZED), st.booleans())
@example(1999999, "EUR", False)
@example(12345678, "EUR", False)
@example(1234567, "count", True)
@example(1999999.5, "EUR", False)
@example(0.0125, "ratio", False)
@example(12.345, "EUR/h", False)
@example(8.0, "ha", False)
def test_an_amount_is_told_as_it_was_stated(language, value, unit, short):
    shown = language.quantity(value, unit, short=short)
    assert read_back(shown, language, unit) == Decimal(str(value))


@pytest.mark.parametrize(
    ("qualifier", "german", "english"),
    [
        ("about", "um 2030", "about 2030"),
        ("almost", "kurz vor 2030", "shortly before 2030"),
        ("more_than", "nach 2030", "after 2030"),
        ("at_least", "frühestens 2030", "2030 at the earliest"),
        ("up_to", "bis 2030", "by 2030"),
        ("well_below", "deutlich vor 2030", "well before 2030"),
    ],
)
def test_a_year_is_no_amount(qualifier, german, english):
    assert DE.quantity(2030, "year", qualifier) == german
    assert EN.quantity(2030, "year", qualifier) == english
    for language in (DE, EN):  # key figures have no room for more
        short = language.quantity(2030, "year", qualifier, short=True)
        assert re.fullmatch("[<>≥≤] 2030", short) or short == language.quantity(
            2030, "year", qualifier
        )


def test_what_was_computed_is_told_without_the_noise_of_computing():
    assert DE.quantity(0.1 + 0.2, "percent") == "0,3 Prozent"


@pytest.mark.parametrize("language", [DE, EN], ids=["de", "en"])
@pytest.mark.parametrize("qualifier", [None, *QUALIFIER])
@pytest.mark.parametrize("unit", UNIT)
def test_every_unit_goes_with_every_qualifier(language, unit, qualifier):
    value = None if qualifier == "several" else 2
    for short in (False, True):
        shown = language.quantity(value, unit, qualifier, short=short)
        assert shown == shown.strip()
        assert shown
        assert not re.search(r"\d[A-Za-z]", shown), "the unit stands apart from its number"


@pytest.mark.parametrize(
    ("date", "qualifier", "german", "english"),
    [
        ("2021", None, "2021", "2021"),
        ("2021-08", None, "August 2021", "August 2021"),
        ("2021-03/2021-04", None, "März–April 2021", "March–April 2021"),
        ("2020-12/2021-02", None, "Dezember 2020–Februar 2021", "December 2020–February 2021"),
        ("2019/2021", None, "2019–2021", "2019–2021"),
        ("1900/1999", None, "20. Jahrhundert", "20th century"),
        ("1800/1899", "since", "seit dem 19. Jahrhundert", "since the 19th century"),
        ("2020/2022", "since", "ab 2020 bzw. 2022", "from 2020 or 2022"),
        ("1800/1899", "early", "Anfang des 19. Jahrhunderts", "early 19th century"),
        ("1800/1899", "about", "etwa im 19. Jahrhundert", "around the 19th century"),
        ("1800/1899", "late", "Ende des 19. Jahrhunderts", "late 19th century"),
        ("1800/1899", "until", "bis ins 19. Jahrhundert", "up to the 19th century"),
        ("2000/2099", "planned", "21. Jahrhundert (geplant)", "21st century (planned)"),
        ("2100/2199", None, "22. Jahrhundert", "22nd century"),
        ("2200/2299", None, "23. Jahrhundert", "23rd century"),
        ("1000/1099", None, "11. Jahrhundert", "11th century"),
        ("2021", "early", "Anfang 2021", "early 2021"),
        ("2018", "about", "um 2018", "about 2018"),
    ],
)
def test_dates(date, qualifier, german, english):
    assert (DE.date(date, qualifier), EN.date(date, qualifier)) == (german, english)


@pytest.mark.parametrize("language", [DE, EN], ids=["de", "en"])
@pytest.mark.parametrize("date", ["2021", "2021-08", "2021-03/2021-04", "2019/2021", "1800/1899"])
@pytest.mark.parametrize("qualifier", RAW["events"].columns["date_qualifier"].options)
def test_every_kind_of_date_goes_with_every_qualifier(language, date, qualifier):
    for short in (False, True):
        shown = language.date(date, qualifier, short=short)
        assert shown != language.date(date, short=short)


def test_short_months():
    assert (DE.date("2021-09", short=True), EN.date("2021-09", short=True)) == (
        "Sept. 2021",
        "Sep 2021",
    )


@pytest.mark.parametrize(
    ("locator", "german", "english"),
    [
        (
            "4.1.1 ¶2 s3",
            "Abschnitt 4.1.1, Absatz 2, Satz 3",
            "section 4.1.1, paragraph 2, sentence 3",
        ),
        (
            "5.1 ¶2 s3 fn1",
            "Abschnitt 5.1, Absatz 2, Satz 3, Fußnote 1",
            "section 5.1, paragraph 2, sentence 3, footnote 1",
        ),
        ("3 ¶1–2", "Abschnitt 3, Absätze 1–2", "section 3, paragraphs 1–2"),
        ("6 fig2", "Abschnitt 6, Abbildung 2", "section 6, figure 2"),
        ("front", "Titelei", "front matter"),
        ("annex ¶4", "Anhang, Absatz 4", "annex, paragraph 4"),
        ("imprint ¶7", "Impressum, Absatz 7", "imprint, paragraph 7"),
        ("¶4-5", "Absätze 4–5", "paragraphs 4–5"),
        ("p. 3–4 l. 12–15", "Seiten 3–4, Zeilen 12–15", "pages 3–4, lines 12–15"),
        ("S. 3-4 Z. 12", "Seiten 3–4, Zeile 12", "pages 3–4, line 12"),
        ("l. 2-9", "Zeilen 2–9", "lines 2–9"),
        ("00:12:30-00:13:05", "00:12:30–00:13:05", "00:12:30–00:13:05"),
        ("front;6 ¶8", "Titelei; Abschnitt 6, Absatz 8", "front matter; section 6, paragraph 8"),
    ],
)
def test_passages(locator, german, english):
    assert (DE.locator(locator), EN.locator(locator)) == (german, english)


@pytest.mark.parametrize(
    ("locator", "place", "said"),
    [
        ("4.1.1 ¶2 s3", "4.1.1", "section 4.1.1"),
        ("3a b2", "3a", "section 3a"),
        ("annex ¶4", "annex", "annex"),
        ("p. 1 l. 4–9", "p. 1", "page 1"),
        ("S. 12–13", "S. 12–13", "pages 12–13"),
        ("l. 7", "l. 7", "line 7"),
        ("¶4 s2", "¶4", "paragraph 4"),
        ("00:12:30–00:13:05", "00:12:30–00:13:05", "00:12:30–00:13:05"),
        (None, None, "no passage given"),
    ],
)
def test_where_a_passage_begins_can_be_said_of_chapters_and_of_transcripts(locator, place, said):
    assert place_of(locator) == place
    assert EN.locator(place) == said


def test_listings():
    assert (DE.listing(["a"]), DE.listing("ab"), EN.listing("abc")) == (
        "a",
        "a und b",
        "a, b and c",
    )


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yml")), ids=lambda path: path.stem)
def test_every_text_is_there_in_every_language_with_the_same_values(path):
    for key, entry in yaml.safe_load(path.read_text("utf-8")).items():
        assert isinstance(key, str), f"{key!r} needs quotation marks"
        assert set(entry) == {"de", "en"}, key
        assert all(isinstance(text, str) for text in entry.values()), (
            f"{key}: quotation marks around it"
        )
        values = [
            {name for _, name, _, _ in string.Formatter().parse(text) if name}
            for text in entry.values()
        ]
        assert values[0] == values[1], f"{key}: {values}"


def test_no_text_tells_of_light_and_dark_which_dark_pages_swap():
    shades = re.compile(r"\b(?:dunk[el]|heller|blass|dark|light|paler?\b)", re.IGNORECASE)
    told = [
        (topic, key) for topic, key, entry in entries() if shades.search(" ".join(entry.values()))
    ]
    assert told == []


def test_no_topic_repeats_a_common_text_and_pages_hide_none_behind_it():
    read = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in FOLDER.glob("*.yml")}
    common = read.pop("common")
    same = [(topic, key) for topic in read for key in read[topic] if key in common and
            (topic == "pages" or read[topic][key] == common[key])]  # fmt: skip
    assert same == []


def test_every_value_of_a_closed_list_has_a_name():
    for table in PROCESSED.values():
        for name, column in table.columns.items():
            assert all(DE(f"{name}.{value}") for value in column.options or ())


def test_missing_texts_raise():
    with pytest.raises(
        KeyError, match=r"no text 'unheard' in wording/codings\.yml or wording/common\.yml"
    ):
        Wording("de", topic="codings")("unheard")
    with pytest.raises(KeyError, match=r"'and' in .*wording/common\.yml has no version in 'fr'"):
        Wording("fr")("and")


# What stands in a file of texts, how it is used, and what is said about it.
SLIPS = {
    "not YAML": ("a: {de: x, en: y\nb: {de: x}\n", {},
        "x.yml, line 2: not readable as YAML (expected ',' or '}', but got ':'); expected names"),
    "not UTF-8": (b"a:\n  de: gr\xf6\xdfer\n", {},
        "x.yml, line 2: not readable as UTF-8 (invalid start byte); expected a text file saved as "
        "UTF-8"),
    "a name twice": ("a: {de: x, en: y}\na: {de: x, en: y}\n", {},
        "x.yml, line 2: 'a' stands twice; expected each name once"),
    "no text": ("a: {de: x, en: no}\n", {},
        "x.yml, line 1: 'a' is {'de': 'x', 'en': False}; expected a text in each language"),
    "no languages": ("\na: x\n", {}, "x.yml, line 2: 'a' is 'x'; expected a text in each language"),
    "no names": ("- a\n", {},
        "x.yml, line 1: ['a']; expected names with a text in each language below them"),
    "damaged": ("a:\n  de: grÃ¶ÃŸer\n  en: x\n", {},
        "x.yml, line 2: 'grÃ¶ÃŸer' looks like UTF-8 that was read as another encoding"),
    "unknown value": ("a:\n  de: '{anzahl} Orte'\n  en: x\n", {"n": 3},
        "x.yml, line 2: the text 'a' cannot be filled in ('anzahl'); expected {}"),
    "brace not closed": ("a: {de: '{n', en: x}\n", {"n": 3},
        "x.yml, line 1: the text 'a' cannot be filled in (expected '}' before end of string)"),
    "part of a value": ("a: {de: '{n.real.x}', en: x}\n", {"n": 3},
        "x.yml, line 1: the text 'a' cannot be filled in ('int' object has no"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "values", "message"), SLIPS.values(), ids=SLIPS)
def test_a_slip_in_a_text_is_named_by_file_and_line(
    tmp_path, monkeypatch, content, values, message
):
    (tmp_path / "x.yml").write_bytes(content if isinstance(content, bytes) else content.encode())
    monkeypatch.setattr(textfile, "FOLDER", tmp_path)
    with pytest.raises(WordingError) as failure:
        Wording("de", topic="x")("a", **values)
    assert str(failure.value).startswith(f"{tmp_path}/{message}")


def test_a_slip_in_the_texts_that_everything_needs_is_one_sentence(tmp_path):
    lay_out(tmp_path)
    with (tmp_path / "src/analysis/wording/common.yml").open("a", encoding="utf-8") as file:
        file.write("more: {de: x\n")
    done = run_in(tmp_path, "analysis", "check")
    (said,) = done.stderr.splitlines()
    assert done.returncode == 1
    assert said.startswith("src/analysis/wording/common.yml, line ")


def test_a_file_of_texts_that_nothing_reads_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_STUDY", str(tmp_path))
    folder = tmp_path / "wording"
    (folder / ".ipynb_checkpoints").mkdir(parents=True)
    for name in ("beds.yml", "pages.yml", "bedz.yml", "common.yaml", ".ipynb_checkpoints/a.yml"):
        (folder / name).touch()
    assert {path.name: near for path, near in unread({"beds"})} == {
        "bedz.yml": " (did you mean 'beds.yml'?)",
        "common.yaml": " (did you mean 'common.yml'?)",
    }


def test_no_text_relies_on_a_blank_at_its_edge():
    # What is filled in is stripped; only units are read as they are, with the blank before them.
    at_edge = [
        (topic, key)
        for topic, key, entry in entries()
        for text in entry.values()
        if text != text.strip() and not key.startswith("unit.")
    ]
    assert at_edge == []
