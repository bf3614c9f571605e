"""Coded passages in tables: programs are known by their headings, all else by a mapping file."""

import csv

import pytest
import xlsx
from sheets import write_ods, write_xls

from analysis.exchange.account import account
from analysis.exchange.opening import NotReadableError
from analysis.exchange.reading import read_project
from analysis.exchange.tables import QUOTE, tables
from analysis.exchange.tabular import ROLES, proposed

GERMAN = [
    ["Farbe", "Kommentar", "Dokumentgruppe", "Dokumentname", "Code", "Anfang", "Ende", "Gewicht",
     "Segment", "Bearbeitet von", "Bearbeitet am", "Erstellt von", "Erstellt am", "Fläche"],
    ["●", "", "Klinik", "Gespräch A", "Hemmnisse > Geld", 3, 3, 0, "Es fehlt Geld.", "", "", "AB",
     "", 12],
    ["●", "", "Klinik", "Gespräch A", "Hemmnisse > Leute", 4, 6, 0, "Es fehlen Leute.", "", "",
     "CD", "", 12],
]  # fmt: skip
ENGLISH = [
    ["Color", "Document group", "Document name", "Code", "Beginning", "End", "Weight score",
     "Segment"],
    ["●", "", "Talk A", "Barriers > Money", 3, 3, 0, "Money is short."],
    ["●", "", "Talk A", "Barriers > People", 4, 6, 0, "People are too few."],
]  # fmt: skip
POLISH = [
    ["Color", "Komentarz", "Grupa dokumentów", "Nazwa dokumentu", "Kod", "Początek", "Koniec",
     "Waga", "Fragment", "Objętość", "Obszar %", "Autor", "Data utworzenia"],
    ["●", "", "", "Rozmowa A", "Bariery > Brak", 3, 3, 0, "Brak", 4, 1, "AB", ""],
]  # fmt: skip
ATLAS = [
    ["ID", "Document", "Document Groups", "Quotation Name", "Quotation Content", "Codes",
     "Reference", "Comment"],
    ["1:1", "A", "", "Money…", "Money is short.", "Money\nBarrier", "¶ 3", ""],
    ["1:2", "A", "", "People…", "People are few.", "People; Barrier", "¶ 4", ""],
    ["1:3", "A", "", "Well…", "Well.", "", "¶ 5", ""],
]  # fmt: skip
QUALCODER = [
    ["File", "Coder", "Coded", "Id", "Codename", "Coded_Memo", "Category", "Category"],
    ["a.txt", "ann", "Money is short.", "ctid:1", "money", "", "means", "barriers"],
    ["a.txt", "ben", "Money is short.", "ctid:2", "money", "", "means", "barriers"],
]
TAGUETTE = [
    ["id", "document", "tag", "content"],
    ["1", "a", "barriers.money", "Money is short."],
    ["2", "a", "barriers.money", "Money is short."],
    ["2", "a", "barriers.money", "Money is short."],
    ["2", "a", "people", "Money is short."],
]


def saved(path, rows):
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    return path


def read(path, rows):
    return read_project(saved(path / "t.csv", rows))


def given(found):
    made = tables(found, QUOTE)
    gists = {row["unit_id"]: row["gist_de"] for row in made.rows["coding/units.csv"]}
    return {
        (file[15:-4], gists[row["unit_id"]], row["code"])
        for file, rows in made.rows.items()
        if "codings_" in file
        for row in rows
    }


SAVED = {"csv": saved, "xlsx": xlsx.write, "xls": write_xls, "ods": write_ods}


@pytest.mark.parametrize("kind", SAVED)
def test_maxqda_is_read_in_german(tmp_path, kind):
    found = read_project(SAVED[kind](tmp_path / f"t.{kind}", GERMAN))
    assert found.origin == "MAXQDA"
    assert given(found) == {
        ("a", "Es fehlt Geld.", "hemmnisse.geld"),
        ("coder2", "Es fehlen Leute.", "hemmnisse.leute"),
    }
    assert [one.passage.locator for one in found.codings] == ["¶3", "¶4–6"]


def test_maxqda_is_read_in_english(tmp_path):
    found = read_project(xlsx.write(tmp_path / "t.xlsx", ENGLISH))
    assert [row[2] for row in sorted(given(found))] == ["barriers.money", "barriers.people"]
    assert "columns that are not read: Color, Document group, Weight score" in found.notices


def test_maxqda_is_read_in_polish(tmp_path):
    assert given(read(tmp_path, POLISH)) == {("a", "Brak", "bariery.brak")}


def test_atlas_ti_names_several_codes_in_a_cell(tmp_path):
    found = read_project(xlsx.write(tmp_path / "t.xlsx", ATLAS))
    assert {row[1:] for row in given(found)} == {
        ("Money is short.", "code.money"),
        ("Money is short.", "code.barrier"),
        ("People are few.", "code.people"),
        ("People are few.", "code.barrier"),
    }
    kept = account(found, tables(found).written)["kinds"]
    assert kept["rows"] == {"found": 3, "written": 2, "set aside": {"they name no code": 1}}


def test_qualcoder_repeats_the_heading_of_categories(tmp_path):
    found = read(tmp_path, QUALCODER)
    assert {row[2] for row in given(found)} == {"barriers.means_money"}
    assert {row[0] for row in given(found)} == {"a", "coder2"}


def test_an_offspring_of_taguette_has_collections_too(tmp_path):
    rows = [[one[0], one[1], "collection", *one[2:]] for one in TAGUETTE]
    found = read(tmp_path, rows)
    assert given(found) == given(read(tmp_path, TAGUETTE))
    assert found.origin == "Taguette"


def test_taguette_repeats_rows_and_the_same_words_are_two_passages(tmp_path):
    found = read(tmp_path, TAGUETTE)
    kept = account(found, tables(found).written)["kinds"]
    assert kept["rows"] == {"found": 4, "written": 3, "set aside": {"they are there twice": 1}}
    assert len(tables(found).rows["coding/units.csv"]) == 2


OTHER = [
    ["Interviewdatei", "Kategorien", "Fundstelle", "Bearbeitet"],
    ["A", "Geld | Land", "Es fehlt Geld.", "1"],
]


def test_a_table_of_no_known_program_is_not_guessed_but_a_mapping_is_proposed(tmp_path):
    with pytest.raises(NotReadableError, match=r"Save this as t\.csv\.mapping\.yml") as error:
        read(tmp_path, OTHER)
    assert "\nwords: Fundstelle\n" in str(error.value)
    assert "\ndocument: '?'\n" in str(error.value)


def test_a_mapping_file_says_what_columns_mean(tmp_path):
    (tmp_path / "t.csv.mapping.yml").write_text(
        'document: Interviewdatei\ncode: Kategorien\nwords: Fundstelle\nseveral: "|"\n', "utf-8"
    )
    assert {row[2] for row in given(read(tmp_path, OTHER))} == {"code.geld", "code.land"}


def test_no_name_of_a_column_speaks_for_two_roles():
    names = [name for known in ROLES.values() for name in known]
    assert len(names) == len(set(names))


def test_what_is_proposed_can_be_read(tmp_path):
    rows = [["Datei", "Code", "Zitat", "User"], ["A", "x > y; z", "Ja.", "ann"]]
    (tmp_path / "t.csv.mapping.yml").write_text(proposed(rows[0], rows[1:]), "utf-8")
    assert {row[1:] for row in given(read(tmp_path, rows))} == {("Ja.", "x.y"), ("Ja.", "code.z")}


def test_every_mistake_of_a_mapping_file_is_told_at_once(tmp_path):
    (tmp_path / "t.csv.mapping.yml").write_text("code: Kategorie\nwrods: x\nstep: 3\n", "utf-8")
    with pytest.raises(NotReadableError) as error:
        read(tmp_path, OTHER)
    assert str(error.value).splitlines() == [
        "t.csv.mapping.yml: has an unknown entry 'wrods' (did you mean 'words'?); expected only "
        "document, code, words, coder, begin, end, locator, id, category, step, several",
        "t.csv.mapping.yml: document is missing; expected a heading",
        "t.csv.mapping.yml: code: the table has no heading 'Kategorie' (did you mean "
        "'Kategorien'?); it has Interviewdatei, Kategorien, Fundstelle, Bearbeitet",
        "t.csv.mapping.yml: step is 3; expected a text, in quotation marks if need be",
    ]


@pytest.mark.parametrize("name", ["t.xlsx", "t.xls", "t.ods"])
def test_what_is_no_spreadsheet_is_named(tmp_path, name):
    (tmp_path / name).write_bytes(b"no spreadsheet at all")
    with pytest.raises(NotReadableError, match="is no whole spreadsheet"):
        read_project(tmp_path / name)


def test_an_empty_table_is_named(tmp_path):
    (tmp_path / "t.csv").write_text("", "utf-8")
    with pytest.raises(NotReadableError, match=r"t\.csv is empty"):
        read_project(tmp_path / "t.csv")


def test_rows_that_end_early_are_no_reason_to_stop(tmp_path):
    found = read(tmp_path, [*ENGLISH, ["●", "", "Talk B"]])
    assert found.aside["rows", "they name no code"] == 1
