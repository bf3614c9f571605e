"""Coded passages in tables: programs are known by their headings, all else by a mapping file."""

import csv
import re
import zipfile
from datetime import time

import pytest
import xlsx
import yaml
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st
from refusals import refusal
from sheets import OASIS, OPEN_DOCUMENT, write_ods, write_xls

from analysis import cli
from analysis.exchange.account import account
from analysis.exchange.headings import ROLES, proposed
from analysis.exchange.opening import NotReadableError
from analysis.exchange.reading import read_project
from analysis.exchange.tables import QUOTE, tables

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
    assert "columns that are not read: 2" in found.notices
    assert found.who["columns that are not read"] == "Color, Weight score"


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


def test_a_full_stop_at_the_end_of_a_tag_makes_no_other_tag_of_it(tmp_path):
    tags = ["x", "x.", ".x", "x.y", "x..y", "...", "x. y"]
    rows = [[str(n), "a", tag, "Money."] for n, tag in enumerate(tags)]
    found = read(tmp_path, [TAGUETTE[0], *rows])
    assert {code.name for code in found.codes.values()} == {"x", "y", *tags[1:3], *tags[4:6]}
    assert "codes that are written in several ways, read as one: 1" in found.notices


OTHER = [
    ["Interviewdatei", "Kategorien", "Fundstelle", "Bearbeitet"],
    ["A", "Geld | Land", "Es fehlt Geld.", "1"],
]


def test_a_table_of_no_known_program_is_not_guessed_but_a_mapping_is_proposed(tmp_path):
    with pytest.raises(NotReadableError, match=r"Save this as t\.csv\.mapping\.yml") as error:
        read(tmp_path, OTHER)
    assert "\nwords: Fundstelle\n" in str(error.value)
    assert "\ndocument: '?'\n" in str(error.value)


def test_a_proposal_that_was_saved_as_it_is_says_what_is_still_open(tmp_path):
    header, row = ["theme", "code", "meaning"], ["hurdle", "hill", "It goes up."]
    with pytest.raises(NotReadableError) as proposal:
        read(tmp_path, [header, row])
    proposed = str(proposal.value).partition("\n#")[2]
    (tmp_path / "t.csv.mapping.yml").write_text(f"#{proposed}", "utf-8")
    with pytest.raises(
        NotReadableError, match=r"document is '\?'; expected the heading that says it"
    ):
        read(tmp_path, [header, row])


def test_a_mapping_file_says_what_columns_mean(tmp_path):
    (tmp_path / "t.csv.mapping.yml").write_text(
        'document: Interviewdatei\ncode: Kategorien\nwords: Fundstelle\nseveral: "|"\n', "utf-8"
    )
    assert {row[2] for row in given(read(tmp_path, OTHER))} == {"code.geld", "code.land"}


@pytest.mark.parametrize(
    ("heading", "cell", "locator"),
    [
        ("where", "l. 4", "l. 4"),
        ("where", "p. 3 l. 12–15", "p. 3 l. 12–15"),
        ("where", "S. 3 Z. 12", "S. 3 Z. 12"),
        ("where", "0:15", "0:15"),
        ("where", "¶ 4 s2", "¶4 s2"),
        ("where", "4.1 ¶2", "4.1 ¶2"),
        ("Zeile", "12", "l. 12"),
        ("paragraph", "12", "¶12"),
        ("where", "12", ""),
        ("where", "at the gate", ""),
        ("where", "00:01:02 - 00:01:05", "00:01:02-00:01:05"),
    ],
)
def test_a_place_in_any_form_that_a_locator_may_have_is_read(tmp_path, heading, cell, locator):
    mapping = f"document: Who\ncode: Topic\nlocator: {heading}\n"
    (tmp_path / "t.csv.mapping.yml").write_text(mapping, "utf-8")
    found = read(tmp_path, [["Who", "Topic", heading], ["A", "rest", cell]])
    (unit,) = tables(found).rows["coding/units.csv"]
    assert unit["locator"] == locator
    told = [notice for notice in found.notices if "in no form that a locator has: 1;" in notice]
    assert len(told) == (not locator)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_names_that_look_alike_are_one(tmp_path, kind):
    codes = ["für mehr Geld", "für\u00a0mehr Geld", "fu\u0308r mehr  Geld", "für me\u00adhr Geld"]
    people = ["Frau T 2", "Frau T\u00a02", "Frau\u202fT 2", "Frau T\u200b 2"]
    heads = ["Dokumentname", "Code\u00a0", "Segment", "Erstellt\u00a0von"]
    rows = [[who, which, f"Satz {n}.", which.replace("Geld", "Ü")]
            for n, (who, which) in enumerate(zip(people, codes, strict=True))]  # fmt: skip
    found = read_project(SAVED[kind](tmp_path / f"t.{kind}", [heads, *rows]))
    made = tables(found, QUOTE)
    assert [*found.codes] == ["für mehr Geld"]
    assert len(made.rows["study/interviews.csv"]) == 1
    assert [len(rows) for file, rows in made.rows.items() if "codings_" in file] == [4]
    (said,) = [text for text in found.notices if text.startswith("names with unusual blanks")]
    assert said.endswith(": 9")


def test_groups_and_titles_that_look_alike_are_one_and_each_name_is_counted_once(tmp_path):
    heads = ["Dokumentgruppe", "Dokumentname", "Title", "Code", "Segment"]
    rows = [
        [group, name, "Ge\u00adspräch", "x", f"Satz {n}."]
        for n, (group, name) in enumerate(
            [("Grup\u00adpe 1", "I\u00a01"), ("Gruppe 1", "I 1"), ("Gruppe\u00a01", "I\u00a01")]
        )
    ]
    found = read(tmp_path, [heads, *rows])
    assert [one.name for one in found.documents.values()] == ["Gespräch"]
    (said,) = [text for text in found.notices if text.startswith("names with unusual blanks")]
    assert said.endswith(": 4")


def test_lines_within_a_cell_stay_and_a_mapping_may_have_headings_as_they_are(tmp_path):
    rows = [["Wer\u00a0war es", "Code"], ["T", "x\u00a01;\ny"]]
    columns = 'document: Wer\u00a0war es\ncode: Code\nseveral: ";\\n"\n'
    (tmp_path / "t.csv.mapping.yml").write_text(columns, "utf-8")
    assert sorted(read(tmp_path, rows).codes) == ["x 1", "y"]


def test_every_position_that_is_none_is_told_at_once(tmp_path):
    rows = [["Wer", "Code", "Text", "a", "b"], ["T", "x", "Ja.", "1.204", "1.207"],
            ["T", "y", "Ja.", "5.001", "5.004"], ["T", "x", "Nein.", "50", "10"],
            ["T", "x", "Gut.", "", "4"], ["T", "x", "Gut.", "4", ""],
            ["T", "x", "So.", "4", "9"], ["T", "x", "Ohne."], ["T", "x", "Kurz."]]  # fmt: skip
    columns = "document: Wer\ncode: Code\nwords: Text\nstart: a\nstop: b\n"
    (tmp_path / "t.csv.mapping.yml").write_text(columns, "utf-8")
    with pytest.raises(NotReadableError) as error:
        read(tmp_path, rows)
    said = str(error.value).splitlines()
    none = "is no position; expected a whole number"
    assert said == [
        f"t.csv, row 2, column a: '1.204' {none}",
        f"t.csv, row 2, column b: '1.207' {none}",
        f"t.csv, row 3, column a: '5.001' {none}",
        f"t.csv, row 3, column b: '5.004' {none}",
        "t.csv, row 4, column b: '10' lies before '50', where the passage begins; expected where "
        "it ends",
        "t.csv, row 5, column a: is empty, and b is '4'; expected both positions of a passage, or "
        "none",
        "t.csv, row 6, column b: is empty, and a is '4'; expected both positions of a passage, or "
        "none",
    ]
    assert len(given(read(tmp_path, [rows[0], *rows[6:]]))) == 3


def test_no_name_of_a_column_speaks_for_two_roles():
    names = [name for known in ROLES.values() for name in known]
    assert len(names) == len(set(names))


def test_what_is_proposed_can_be_read(tmp_path):
    rows = [["Datei", "Code", "Zitat", "User"], ["A", "x > y; z", "Ja.", "ann"]]
    (tmp_path / "t.csv.mapping.yml").write_text(proposed(rows[0], rows[1:]), "utf-8")
    assert {row[1:] for row in given(read(tmp_path, rows))} == {("Ja.", "x.y"), ("Ja.", "code.z")}


PLAIN = [
    ["who", "where", "topic", "theme", "said"],
    ["Ann", "l. 4", "strain", "sleep", "I am awake."],
    ["Ann", "l. 9", "strain", "staff", "We are few."],
    ["Ben", "l. 2", "relief", "roster", "We plan it."],
    ["Ben", "l. 7", "strain", "sleep", "At noon."],
]


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (4, 3, 2, 1, 0)])
def test_plain_words_as_headings_get_a_whole_mapping_whichever_stands_first(tmp_path, order):
    rows = [[row[n] for n in order] for row in PLAIN]
    said = proposed(rows[0], rows[1:])
    for line in ("document: who", "code: theme", "words: said", "locator: where"):
        assert f"\n{line}\n" in said
    assert "\ncategory: topic  #" in said
    (tmp_path / "t.csv.mapping.yml").write_text(said, "utf-8")
    codes = {row[2] for row in given(read(tmp_path, rows))}
    assert codes == {"strain.sleep", "strain.staff", "relief.roster"}


@pytest.mark.parametrize(("upper", "lower"), [("Kategorie", "Unterkategorie"), ("code", "Subcode")])
def test_of_a_code_and_one_below_it_the_lower_one_is_the_code(upper, lower):
    rows = [["A", "c", "x"], ["B", "c", "y"], ["B", "d", "z"]]
    said = proposed(["Wer", upper, lower], rows)
    assert f"\ncode: {lower}\n" in said
    assert f"\ncategory: {upper}  #" in said


def test_of_two_columns_of_codes_of_which_none_is_above_only_one_is_proposed():
    crossed = [["x", "topic", "theme"], ["A", "a", "c"], ["A", "a", "d"], ["A", "b", "c"]]
    said = proposed(crossed[0], crossed[1:])
    assert "\n# category:" in said
    assert "\n# not read: x, topic\n" in said


def test_every_mistake_of_a_mapping_file_is_told_at_once(tmp_path):
    (tmp_path / "t.csv.mapping.yml").write_text("code: Kategorie\nwrods: x\nstep: 3\n", "utf-8")
    with pytest.raises(NotReadableError) as error:
        read(tmp_path, OTHER)
    assert str(error.value).splitlines() == [
        "t.csv.mapping.yml: has an unknown entry 'wrods' (did you mean 'words'?); expected only "
        "document, code, words, coder, begin, end, start, stop, page, locator, title, id, "
        "category, step, several",
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


OPENQDA = [
    ["file", "code category", "created by", "created at", "last update", "start pos", "end pos",
     "selection"],
    ["a.txt", "money", "ann", "2026-01-01", "", "10", "25", '"Money is short."'],
    ["a.txt", "people", "ben", "2026-01-02", "", "26", "41", '"People are few."'],
]  # fmt: skip
ZOTQDA = [
    ["zotqdaFormat", "code", "codeId", "citekey", "creator", "year", "title", "itemKey",
     "attachmentKey", "attachmentTitle", "pageLabel", "annotationKey", "annotationType", "color",
     "text", "comment", "weight", "allTags", "codedBy", "codedAt", "dateAdded", "dateModified",
     "positionKind", "positionStart", "positionEnd", "positionPage", "positionRects"],
    ["fragments/1", "barriers/money", "c1", "x2020", "X", "2020", "Talk", "I1", "AAA", "PDF", "7",
     "N1", "highlight", "#ff0000", "Money is short.", "mine", "3", "#a|b", "ann", "2026", "2026",
     "2026", "pdf", "", "", "6", "10 20 30 40"],
    ["fragments/1", "barriers/people", "c2", "x2020", "X", "2020", "Talk", "I1", "AAA", "PDF", "7",
     "N1", "highlight", "#ff0000", "Money is short.", "", "", "", "ann", "2026", "2026", "2026",
     "pdf", "", "", "6", "10 20 30 40"],
    ["fragments/1", "barriers/money", "c1", "x2020", "X", "2020", "Talk", "I2", "BBB", "Text", "",
     "N2", "highlight", "#ff0000", "No money.", "", "", "", "ben", "2026", "2026", "2026",
     "text", "120", "129", "", ""],
]  # fmt: skip


def test_openqda_counts_characters_and_puts_quotation_marks_around_words(tmp_path):
    found = read(tmp_path, OPENQDA)
    assert found.origin == "OpenQDA"
    assert given(found) == {
        ("a", "Money is short.", "code.money"),
        ("coder2", "People are few.", "code.people"),
    }
    assert [(one.passage.start, one.passage.end) for one in found.codings] == [(10, 25), (26, 41)]
    (tmp_path / "t.csv").write_text(
        "\n".join(
            ";".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' if '"' in cell else cell
                     for cell in row)
            for row in OPENQDA
        ),
        "utf-8",
    )  # fmt: skip
    assert given(read_project(tmp_path / "t.csv")) == given(found)


@pytest.mark.parametrize("stamp", ["zotqdaFormat", "easyqdaFormat"])
def test_zotqda_names_documents_and_passages_by_keys(tmp_path, stamp):
    found = read(tmp_path, [[stamp, *ZOTQDA[0][1:]], *ZOTQDA[1:]])
    assert found.origin == "zotQDA"
    assert given(found) == {
        ("a", "Money is short.", "barriers.money"),
        ("a", "Money is short.", "barriers.people"),
        ("coder2", "No money.", "barriers.money"),
    }
    assert [one.name for one in found.documents.values()] == ["Talk", "Talk"]
    units = tables(found).rows["coding/units.csv"]
    assert [row["locator"] for row in units] == ["p. 7", ""]
    assert found.found["memos"] == 1


def test_the_project_that_zotqda_puts_above_all_codes_is_none(tmp_path):
    rows = [[*one[:1], f"My study/{one[1]}", *one[2:]] for one in ZOTQDA[1:]]
    found = read(tmp_path, [ZOTQDA[0], *rows])
    assert given(found) == given(read(tmp_path, ZOTQDA))
    assert "all codes lie below one, which has the project's name" in found.notices
    assert found.who["the project's name"] == "My study"


def test_other_tables_of_zotqda_are_not_taken_for_codings(tmp_path):
    history = ["zotqdaFormat", "ts", "user", "action", "code", "annotationKey", "title", "text"]
    with pytest.raises(NotReadableError, match="of no known program"):
        read(tmp_path, [history, ["history/1", "", "ann", "add", "x", "N1", "Talk", "Ja."]])


def test_a_table_in_german_that_says_what_its_columns_are_gets_a_whole_mapping(tmp_path):
    rows = [["Textname", "Code", "Zitat", "Absatz", "Kodierer"], ["A", "x", "Ja.", "3", "ann"]]
    (tmp_path / "t.csv.mapping.yml").write_text(proposed(rows[0], rows[1:]), "utf-8")
    found = read(tmp_path, rows)
    assert given(found) == {("a", "Ja.", "code.x")}
    assert found.codings[0].passage.locator == "¶3"


def test_all_that_columns_hold_is_counted_and_accounted_for(tmp_path):
    rows = [
        ["File", "Coder", "Coded", "Id", "Codename", "Coded_Memo", "Case", "FileVar_Age"],
        ["a.txt", "ann", "Money.", "ctid:1", "money", "why", "North", "33"],
        ["a.txt", "ann", "Money.", "ctid:1", "money", "why", "North", "33"],
        ["b.txt", "ben", "Well.", "ctid:2", "", "hm", "", "44"],
        ["", "cleo", "Well.", "ctid:3", "money", "", "North", ""],
    ]
    found = read(tmp_path, rows)
    kept = account(found, tables(found).written)["kinds"]
    assert {kind: (about["found"], about["written"]) for kind, about in kept.items()} == {
        "rows": (4, 1),
        "documents": (2, 2),
        "coders": (3, 1),
        "codes": (1, 1),
        "codings": (3, 1),
        "memos": (3, 0),
        "cases": (1, 0),
        "attributes": (3, 0),
    }


def test_what_stands_in_merged_cells_stands_in_each_of_them(tmp_path):
    rows = [ENGLISH[0], ENGLISH[1], [*ENGLISH[2][:2], "", *ENGLISH[2][3:]]]
    found = read_project(xlsx.write(tmp_path / "t.xlsx", rows, merged="C2:C3"))
    assert given(found) == given(read_project(xlsx.write(tmp_path / "u.xlsx", ENGLISH)))


def test_times_that_a_spreadsheet_knows_as_such_are_read_as_they_are_shown(tmp_path):
    rows = [ENGLISH[0], [*ENGLISH[1][:4], time(0, 15, 45), time(1, 2, 3), *ENGLISH[1][6:]]]
    found = read_project(xlsx.write(tmp_path / "t.xlsx", rows))
    assert found.codings[0].passage.locator == "00:15:45–01:02:03"


def test_the_sheet_with_codings_is_found_and_the_others_are_named(tmp_path):
    about = xlsx.sheet([["Project"], ["x"]])
    found = read_project(xlsx.write(tmp_path / "t.xlsx", ENGLISH, About=about))
    assert len(found.codings) == 2
    assert "sheets that are not read: 1" in found.notices
    assert found.who["sheets that are not read"] == "About"


def hide(path, name):
    """Hides a sheet of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    book = parts["xl/workbook.xml"].decode()
    parts["xl/workbook.xml"] = book.replace(f'name="{name}"', f'name="{name}" state="hidden"')
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return path


def test_of_two_sheets_the_visible_one_is_read_and_two_of_them_are_not_chosen_from(tmp_path):
    old = {"Codings (old)": xlsx.sheet([ENGLISH[0], ENGLISH[1]])}
    path = xlsx.write(tmp_path / "t.xlsx", ENGLISH, **old)
    with pytest.raises(NotReadableError, match=r"any of the sheets 'Codings \(old\)', 'Codings'; "):
        read_project(path)
    found = read_project(hide(path, "Codings (old)"))
    assert len(found.codings) == 2
    assert found.who["sheets that are not read"] == "Codings (old)"
    with pytest.raises(NotReadableError, match="hidden sheets alone; show the one with codings"):
        read_project(hide(path, "Codings"))


def test_a_mapping_file_says_which_of_two_sheets_is_meant(tmp_path):
    about = xlsx.sheet([["Code", "Meaning"], ["x", "y"], ["z", "y"]])
    path = xlsx.write(tmp_path / "t.xlsx", [["Wer", "Was"], ["T", "x"], ["T", "z"]], About=about)
    with pytest.raises(NotReadableError, match="any of the sheets 'About', 'Codings'"):
        read_project(path)
    (tmp_path / "t.xlsx.mapping.yml").write_text("document: Wer\ncode: Was\n", "utf-8")
    assert len(read_project(path).codings) == 2


def test_errors_and_formulas_without_a_result_are_told_at_once(tmp_path):
    def planted(sheet):
        for place, cell in {
            "D2": ' t="e"><v>#NAME?</v>',
            "C3": " t='e' s=\"1\"><f>B1</f><v>#REF!</v>",
            "D4": "><f>B1</f>",
            "D5": "><f>B1</f><v></v>",
            "D6": "><f>B1</f><v>7</v>",
            "D7": ' t="str"><f>B1</f><v></v>',
        }.items():
            sheet = re.sub(f'<c r="{place}" .*?</c>', f'<c r="{place}"{cell}</c>', sheet)
        return sheet

    rows = [[*row[:3], "x", *row[4:]] for row in [ENGLISH[1]] * 6]
    other = xlsx.sheet([["Sum"], ["x"]]).replace(' t="inlineStr"', ' t="e"')
    path = xlsx.write(tmp_path / "t.xlsx", [["a"]], A=planted(xlsx.sheet([ENGLISH[0], *rows])),
                      B=other)  # fmt: skip
    with pytest.raises(NotReadableError) as error:
        read_project(path)
    none = "a formula without its result; expected the file as a program for tables saves it, or "
    assert str(error.value).splitlines() == [
        "t.xlsx, sheet A, cell D2: an error of a spreadsheet, #NAME?; expected what was meant",
        "t.xlsx, sheet A, cell C3: an error of a spreadsheet, #REF!; expected what was meant",
        f"t.xlsx, sheet A, cell D4: {none}the result itself",
        f"t.xlsx, sheet A, cell D5: {none}the result itself",
    ]


def with_error(sheet, place):
    """A sheet with an error in a cell."""
    cell = f'<c r="{place}" t="e"><v>#DIV/0!</v></c>'
    return re.sub(f'<c r="{place}".*?</c>', cell, sheet)


def test_errors_in_columns_that_nobody_reads_are_no_reason_to_stop(tmp_path):
    def write(name, place, left=0, rows=ENGLISH):
        # a column in which there is nothing, which the library leaves out
        rows = [[*[""] * left, *row, share] for row, share in zip(rows, "abc", strict=True)]
        sheet = xlsx.sheet(rows)
        empty = "".join(f'<c r="{chr(65 + n)}[0-9]" .*?</c>|' for n in range(left))
        sheet = re.sub(f"{empty}(?!)", "", sheet)
        return xlsx.write(tmp_path / name, [["x"]], A=with_error(sheet, place))

    assert len(read_project(write("t.xlsx", "I2")).codings) == 2
    assert len(read_project(write("t.xlsx", "A3")).codings) == 2
    assert len(read_project(write("t.xlsx", "K2", 2)).codings) == 2
    for place, left in (("D2", 0), ("E3", 1), ("F2", 2), ("E2", 2)):
        with pytest.raises(NotReadableError, match=f"cell {place}: an error of a spreadsheet"):
            read_project(write("t.xlsx", place, left))
    two = [["I", "A", "Interview", "x"], ["I", "B", "Interview", "x"]]
    rows = [[*GERMAN[0][2:5], "Segment"], *([*row[:2], "x", row[2]] for row in two)]
    path = xlsx.write(tmp_path / "g.xlsx", [["x"]], A=with_error(xlsx.sheet(rows), "A2"))
    with pytest.raises(NotReadableError, match="cell A2: an error of a spreadsheet"):
        read_project(path)


def test_errors_below_no_heading_and_in_tables_of_no_known_program_are_told(tmp_path):
    rows = [[*row, "1"] for row in ENGLISH[1:]]
    sheet = with_error(xlsx.sheet([ENGLISH[0], *rows]), "I2")
    with pytest.raises(NotReadableError, match="cell I2: an error"):
        read_project(xlsx.write(tmp_path / "t.xlsx", [["x"]], A=sheet))
    sheet = with_error(xlsx.sheet([["Wer", "Was"], ["T", "x"]]), "B2")
    with pytest.raises(NotReadableError, match="cell B2: an error"):
        read_project(xlsx.write(tmp_path / "t.xlsx", [["x"]], A=sheet))


def test_a_slip_in_the_mapping_file_is_told_before_sheets_are_to_be_deleted(tmp_path):
    about = xlsx.sheet([["Code", "Meaning"], ["x", "y"], ["z", "y"]])
    path = xlsx.write(tmp_path / "t.xlsx", [["Wer", "Was"], ["T", "x"], ["T", "z"]], About=about)
    (tmp_path / "t.xlsx.mapping.yml").write_text("docment: Wer\ncode: Was\n", "utf-8")
    with pytest.raises(NotReadableError, match="has an unknown entry 'docment'"):
        read_project(path)


def test_locked_spreadsheets_are_named_as_such(tmp_path):
    write_ods(tmp_path / "t.ods", ENGLISH)
    space = f'xmlns:manifest="{OASIS}:manifest:1.0"'
    locked = (
        f'<manifest:manifest {space}><manifest:file-entry manifest:full-path="content.xml">'
        "<manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    )
    with zipfile.ZipFile(tmp_path / "t.ods", "w") as archive:
        archive.writestr("mimetype", OPEN_DOCUMENT)
        archive.writestr("content.xml", b"\x01\x02")
        archive.writestr("META-INF/manifest.xml", locked)
    with pytest.raises(NotReadableError, match=r"t\.ods needs a password; save it without one"):
        read_project(tmp_path / "t.ods")


def test_a_cell_far_from_the_others_does_not_take_all_memory(tmp_path):
    far = xlsx.sheet([["x"]]).replace('r="A1"', 'r="XFD1048576"')
    far = far.replace("<row", '<row r="1"><c r="A1"><v>1</v></c></row><row', 1)
    path = xlsx.write(tmp_path / "t.xlsx", ENGLISH, Far=far)
    with pytest.raises(NotReadableError, match="cannot be read within 1024 MiB of memory"):
        read_project(path)


def test_a_spreadsheet_with_a_password_is_named(tmp_path):
    (tmp_path / "t.xlsx").write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    )
    with pytest.raises(NotReadableError, match="needs a password"):
        read_project(tmp_path / "t.xlsx")


@pytest.mark.parametrize("kind", SAVED)
def test_a_title_above_the_headings_is_named(tmp_path, kind):
    path = SAVED[kind](tmp_path / f"t.{kind}", [["Coded segments"], *ENGLISH])
    with pytest.raises(NotReadableError, match="begins with 'Coded segments'; expected headings"):
        read_project(path)


def test_a_row_with_more_cells_than_headings_is_never_read_in_part(tmp_path):
    with pytest.raises(NotReadableError, match=r"t\.csv, row 2: 9 cells below 8 headings"):
        read(tmp_path, [ENGLISH[0], [*ENGLISH[1], "more"], ENGLISH[2]])


def test_two_columns_of_one_name_are_not_chosen_from(tmp_path):
    with pytest.raises(NotReadableError, match="two columns are called 'Segment'"):
        read(tmp_path, [[*one, one[-1]] for one in ENGLISH])


def test_a_table_without_a_column_of_codes_is_not_read(tmp_path):
    with pytest.raises(NotReadableError, match="of no known program"):
        read(tmp_path, [one[:3] + one[4:] for one in ENGLISH])


def test_steps_without_end_in_a_cell_are_refused(tmp_path):
    deep = [*ENGLISH[1][:3], " > ".join("x" * 10_000), *ENGLISH[1][4:]]
    with pytest.raises(NotReadableError, match="more than 100 elements lie within each other"):
        read(tmp_path, [ENGLISH[0], deep])


def test_how_a_table_was_read_is_told(tmp_path):
    (tmp_path / "t.csv").write_text(
        "Dokumentname;Code;Segment\nGespräch;Größe;Für alle.\n", "cp1252"
    )
    notices = read_project(tmp_path / "t.csv").notices
    assert any("read as Windows-1252" in said for said in notices)


CELLS = ["", "x", "a > b", " > ", "A", "ann", "3", "-1", "00:01:02", "=x", "a\u202eb", "Ja.", "\n;"]


@settings(max_examples=150)
@given_any(
    st.sampled_from([GERMAN, ATLAS, QUALCODER, TAGUETTE, OPENQDA, ZOTQDA]),
    st.lists(st.lists(st.sampled_from(CELLS), max_size=30), min_size=1, max_size=6),
)
def test_whatever_stands_in_a_table_is_accounted_for_or_refused(tmp_path_factory, known, cells):
    width = len(known[0])
    ends = [n for n, said in enumerate(known[0]) if said.startswith(("start pos", "end pos"))]
    ends = ends or [
        n for n, said in enumerate(known[0]) if said in ("positionStart", "positionEnd")
    ]

    def is_wrong(row):  # the only number is 3, so that none lies before another
        said = [cell.strip() for cell in row]
        places = ["".join(said[n : n + 1]) for n in ends]
        return any(said[width:]) or places not in ([], ["", ""], ["3", "3"])

    path = saved(tmp_path_factory.mktemp("odd") / "t.csv", [known[0], *cells])
    said = refusal(path)
    assert not said or any(map(is_wrong, cells)), said


def test_interviews_of_the_same_name_in_two_groups_are_two(tmp_path):
    groups = [("Klinik", "I1"), ("Praxis", "I1"), ("Praxis", "I2"), ("Praxis", "I1")]
    rows = [["", group, name, "x", n, n, 0, "Ja."] for n, (group, name) in enumerate(groups, 1)]
    found = read(tmp_path, [ENGLISH[0], *rows])
    assert [one.name for one in found.documents.values()] == ["Klinik > I1", "Praxis > I1", "I2"]
    made = tables(found)
    assert account(found, made.written)["kinds"]["documents"]["written"] == 3
    assert len({row["interview_id"] for row in made.rows["coding/units.csv"]}) == 3


def test_names_that_a_file_has_beside_codings_are_told_and_not_kept(tmp_path, capsys, raw):
    about = xlsx.sheet([["Project"], ["x"]])
    rows = [[*row, "x"] for row in ENGLISH[1:]]
    path = xlsx.write(tmp_path / "t.xlsx", [[*ENGLISH[0], "Frau\u202e Klar"], *rows], Meier=about)
    assert cli.main(["import", str(path)]) == 0
    said = capsys.readouterr().out
    assert "columns that are not read: Color, Weight score, Frau Klar" in said
    assert "sheets that are not read: Meier" in said
    kept = (raw / "coding/import.json").read_text("utf-8")
    assert "Klar" not in kept
    assert "Meier" not in kept


def test_what_is_proposed_holds_nothing_that_acts_and_stays_whole(tmp_path):
    header = ["Document", "Schlagwort", "Frau\u202e\nKlar\x1b[31m"]
    said = proposed(header, [])
    assert yaml.safe_load(said) == {"document": "Document", "code": "?"}
    assert "# not read: Schlagwort, Frau Klar[31m" in said
    path = tmp_path / "t.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["Document", "Code", "a\x1bb"], ["A", "x", "y"]])
    (tmp_path / "t.csv.mapping.yml").write_text("document: Document\ncode: Kode\n", "utf-8")
    with pytest.raises(NotReadableError, match="it has Document, Code, ab"):
        read_project(path)


def test_several_codes_are_parted_by_the_whole_mark(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("Document;Codes\nA;too little money, no time,x\n", "utf-8")
    mapping = 'document: Document\ncode: Codes\nseveral: ", "\n'
    (tmp_path / "t.csv.mapping.yml").write_text(mapping, "utf-8")
    names = [code.name for code in read_project(path).codes.values()]
    assert names == ["too little money", "no time,x"]


def test_a_full_stop_that_ends_a_word_in_a_tag_puts_nothing_below_it(tmp_path):
    tags = ["1. Barriers", "practice vs. hospital", "means.money", "means. time", "means"]
    rows = [[str(n), "a", tag, "Ja."] for n, tag in enumerate(tags)]
    found = read(tmp_path, [TAGUETTE[0], *rows])
    names = [code.name for code in found.codes.values()]
    assert names == [*tags[:2], "means", "money", "time"]


def test_a_full_stop_in_a_number_puts_nothing_below_it_unless_there_is_such_a_tag(tmp_path):
    tags = ["v1.2", "2.5 Mt", "rules.2030", "1.1", "3.1", "3"]
    rows = [[str(n), "a", tag, "Ja."] for n, tag in enumerate(tags)]
    found = read(tmp_path, [TAGUETTE[0], *rows])
    named = {code.name: found.codes.get(code.parent) for code in found.codes.values()}
    below = {name: above.name for name, above in named.items() if above}
    assert [*named] == ["v1.2", "2.5 Mt", "rules", "2030", "1.1", "3", "1"]
    assert below == {"2030": "rules", "1": "3"}


def test_rows_are_counted_as_the_spreadsheet_shows_them(tmp_path):
    above = [[], [], []]
    wide = [*ENGLISH[1], "too", "much"]
    path = xlsx.write(tmp_path / "t.xlsx", [*above, ENGLISH[0], ENGLISH[1], wide])
    with pytest.raises(NotReadableError, match=r"t\.xlsx, row 6: 10 cells below 8 headings"):
        read_project(path)
