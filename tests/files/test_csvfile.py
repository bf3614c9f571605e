"""Any CSV file that a spreadsheet, a script or a hand may leave behind is read, or what
is wrong with it is named.
"""

import csv
import gzip
import io
import os
import unicodedata
import zipfile

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.book.settings import BookError, read_settings
from analysis.engine.notebookfile import NotebookError, read_notebook
from analysis.files import damage as damaged
from analysis.files.csvfile import SAVED, Rows, column, read_rows
from analysis.files.damage import damage
from analysis.problems import Problems, suggest
from analysis.raw.cells import typed
from analysis.raw.codebook import read_codebook
from analysis.raw.references import read_references
from analysis.tables.columns import Column

PLAIN = "id,gist,value\na,Größe,3.5\nb,„Ziel“,2\n"


def zipped(file):
    """A zip file with one file in it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(file, PLAIN)
    return content.getvalue()


READABLE = {
    "plain": (PLAIN.encode(), None),
    "BOM": (PLAIN.encode("utf-8-sig"), None),
    "CRLF": (PLAIN.replace("\n", "\r\n").encode(), None),
    "old Mac line ends": (PLAIN.replace("\n", "\r").encode(), None),
    "no line end at the end": (PLAIN.rstrip().encode(), None),
    "quoted": ('"id","gist","value"\n"a","Größe","3.5"\n"b","„Ziel“","2"\n'.encode(), None),
    "columns in another order": ("value,id,gist\n3.5,a,Größe\n2,b,„Ziel“\n".encode(), None),
    "Windows-1252": (PLAIN.encode("cp1252"), "is not UTF-8 (line 2); read as Windows-1252"),
    "semicolons": (PLAIN.replace(",", ";").encode(), "cells are separated by semicolons"),
    "tabs": (PLAIN.replace(",", "\t").encode(), "cells are separated by tabs"),
    "stray spaces": (
        "id, gist ,value\na , Größe,3.5\nb,„Ziel“,\t2\n".encode(),
        "spaces around 3 cells; removed",
    ),
    "non-breaking spaces": (
        "id,gist,value\na,\u00a0Größe\u202f,3.5\nb,„Ziel“,2\u200b\n".encode(),
        "spaces around 2 cells; removed",
    ),
    "rows repeated": ((PLAIN + "a,Größe,3.5\n").encode(), "row 4 repeats row 2; left out"),
    "blanks around names of columns": (
        "\ufeff id , gist,\u200bvalue\n".encode() + PLAIN.encode().partition(b"\n")[2],
        None,
    ),
    "the line of Excel": (
        ("sep=;\n" + PLAIN.replace(",", ";")).encode(),
        "begins with a line for Excel (sep=;); read as it says",
    ),
    "the line of Excel, filled up": (
        ("sep=;;;\n" + PLAIN.replace(",", ";")).encode(),
        "begins with a line for Excel (sep=;); read as it says",
    ),
    "the line of Excel, quoted and filled up": (
        ('"sep=,",,\n' + PLAIN).encode(),
        "begins with a line for Excel (sep=,); read as it says",
    ),
    "the line of Excel with a tab": (
        ("sep=\t\n" + PLAIN.replace(",", "\t")).encode(),
        "begins with a line for Excel (sep=\t); read as it says",
    ),
    "the line of Excel with a bar": (
        ("sep=|\r\n" + PLAIN.replace(",", "|").replace("\n", "\r\n")).encode(),
        "begins with a line for Excel (sep=|); read as it says",
    ),
    "bars": (PLAIN.replace(",", "|").encode(), "cells are separated by vertical bars"),
    "the line of Excel, quoted": (
        ('"sep=,"\n' + PLAIN).encode(),
        "begins with a line for Excel (sep=,); read as it says",
    ),
    "empty columns at the end": (
        PLAIN.replace("\n", ",,\n").encode(),
        "empty cells in columns without a name; left out",
    ),
    "an empty column in front": (
        ("," + PLAIN.rstrip().replace("\n", "\n,")).encode(),
        "empty cells in columns without a name; left out",
    ),
    "an empty cell too many": (
        (PLAIN.rstrip() + ",\n").encode(),
        "empty cells in columns without a name; left out",
    ),
    "decomposed letters": (
        unicodedata.normalize("NFD", PLAIN).encode(),
        "1 cell has letters made of two signs, as macOS writes ü; read as one",
    ),
    "line ends of two kinds": (
        PLAIN.replace("\n", "\r\n", 1).encode(),
        "has line ends of two kinds; read as one",
    ),
    "rows empty at the end": ((PLAIN + ",,\n\n , ,\n" * 99).encode(), None),
}
UNREADABLE = {
    "empty file": (b"", "t.csv: the file is empty; expected a header with id, gist, value"),
    "only white space": (b" \n\n", "t.csv: the file is empty"),
    "UTF-16": (
        PLAIN.encode("utf-16"),
        "t.csv: not a table in CSV but UTF-16, as Excel's “Unicode Text”, or no text at all; "
        f"expected {SAVED}",
    ),
    "UTF-16 without its mark": (PLAIN.encode("utf-16-le"), "t.csv: not a table in CSV but UTF-16"),
    "zip": (b"PK\x03\x04\0\0", "t.csv: not a table in CSV but a zip file"),
    **{
        what: (zipped(file), f"t.csv: not a table in CSV but {what}; expected {SAVED}")
        for what, file in {
            "a spreadsheet of Excel (XLSX)": "xl/workbook.xml",
            "a spreadsheet of LibreOffice (ODS)": "opendocument.spreadsheet",
            "a document of Word (DOCX)": "word/document.xml",
            "a zip file": "t.csv",
        }.items()
    },
    "gzip": (
        gzip.compress(PLAIN.encode()),
        "t.csv: not a table in CSV but a file packed with gzip",
    ),
    "Parquet": (b"PAR1\0\0", "t.csv: not a table in CSV but a Parquet file"),
    "a line for Excel that says nothing": (
        ("sep=\n" + PLAIN).encode(),
        "t.csv, row 1: 'sep=' says what stands between cells; expected sep= and one of "
        ", ; a tab | :",
    ),
    "a line for Excel that says a letter": (("sep=x\n" + PLAIN).encode(), "t.csv, row 1: 'sep=x'"),
    "a line for Excel that says a quote": (('sep="\n' + PLAIN).encode(), "t.csv, row 1: "),
    "old spreadsheet": (
        b"\xd0\xcf\x11\xe0\xa1\xb1",
        "t.csv: not a table in CSV but an old spreadsheet (XLS)",
    ),
    "web page": (b"\n<!DOCTYPE html>\n<html>", "t.csv: not a table in CSV but a web page"),
    "pointer of Git LFS": (
        b"version https://git-lfs.github.com/spec/v1\noid",
        "t.csv: not a table in CSV but a pointer of Git LFS",
    ),
    "two versions that Git could not merge": (
        b"id,gist,value\n<<<<<<< HEAD\na,b,1\n=======\na,c,1\n>>>>>>> mine\n",
        "t.csv, row 2: a line that Git left when it could not merge two versions; expected one of "
        "the versions",
    ),
    "merge conflict of a branch with a comma": (
        b"id,gist,value\n<<<<<<< one, two, three\na,b,1\n",
        "t.csv, row 2: a line that Git left",
    ),
    "merge conflict with the common ancestor": (
        b"id,gist,value\na,b,1\n||||||| base\nc,d,1\n",
        "t.csv, row 3: a line that Git left",
    ),
    "neither UTF-8 nor Windows-1252": (
        b"id,gist,value\na,\x81\xff,1\n",
        "t.csv: neither UTF-8 nor, as it seems, Windows-1252, which would",
    ),
    "a cell in a column without a name": (
        b"id,gist,value,\na,b,1,x\n",
        "t.csv, row 2: 'x' stands in a column without a name; expected a name",
    ),
    "a cell that goes on and on": (
        b"id,gist,value\na,b" + b"b" * 2**17 + b",1\n",
        "t.csv, row 2: not readable as CSV from here on (a cell of more",
    ),
    "a carriage return between cells": (
        b"id,gist,value\na,b,1\rc,d,2\n",
        "t.csv, row 2: not readable as CSV from here on (a carriage return",
    ),
    "unknown column": (
        b"id,gist,value,colour\n",
        "t.csv, row 1, column colour: unknown column 'colour'; expected only id, gist, value",
    ),
    "missing column": (
        b"id,gist\na,b\n",
        "t.csv, row 1, column value: the column is missing; expected a header with id, gist, value",
    ),
    "duplicate column": (
        b"id,gist,value,gist\n",
        "t.csv, row 1, column gist: the column stands in the header twice; expected each column "
        "once",
    ),
    "quote not closed": (
        b'id,gist,value\na,b,1\nc,"d,2\ne,f,3\n',
        "t.csv, row 3: not readable as CSV from here on (unexpected end of data)",
    ),
    "quote in the middle": (
        b'id,gist,value\na,"b"b,1\n',
        "t.csv, row 2: not readable as CSV from here on",
    ),
    "a blank before a quotation mark": (
        b'id, gist,value\na, "b",1\n',
        "t.csv, row 2: a blank before the quotation mark of cell 2; expected quotation marks ",
    ),
    "a blank before a quotation mark, and a comma behind": (
        b'id,gist,value\na, "b, c"\n',
        "t.csv, row 2: a blank before the quotation mark of cell 2",
    ),
    "a title above the header": (
        b"Interviews of 2031,,\n,,\nid,gist,value\na,b,1\n",
        "t.csv, row 1: 'Interviews of 2031' stands above the names of the columns, which are in "
        "row 3; expected the names of the columns above all",
    ),
    "a heading over several columns": (
        b",of the text,\nid,gist,value\na,b,1\n",
        "t.csv, row 1: 'of the text' stands above the names of the columns, which are in row 2",
    ),
    "a cell as long as a book": (
        b"id,gist,value\na," + b"b" * 200_000 + b",1\n",
        "t.csv, row 2: not readable as CSV from here on (a cell of more than 131,072 characters); "
        "expected quotation marks in pairs around short cells",
    ),
    "too few cells": (
        b"id,gist,value\na,b\n",
        "t.csv, row 2: 2 cells; expected 3, as in the header",
    ),
    "too many cells": (
        b"id,gist,value\na,b,1\nc,one, two,2\n",
        "t.csv, row 3: 4 cells; expected 3, as in the header",
    ),
}


def read(path, content, columns=("id", "gist", "value"), optional=()):
    path.write_bytes(content)
    problems = Problems()
    rows = read_rows(path, list(columns), path.name, problems, optional)
    return rows and rows.frame, problems


@pytest.mark.parametrize(("content", "notice"), READABLE.values(), ids=READABLE)
def test_is_read_the_same_whatever_wrote_it(tmp_path, content, notice):
    frame, problems = read(tmp_path / "t.csv", content)
    assert frame.to_dict("tight")["data"] == [["a", "Größe", "3.5"], ["b", "„Ziel“", "2"]]
    assert list(frame.columns) == ["id", "gist", "value"]
    assert list(frame.index) == [2, 3]
    assert problems.found == []
    assert (
        [notice in given for given in problems.notices] == [True]
        if notice
        else problems.notices == []
    )


@pytest.mark.parametrize(("content", "message"), UNREADABLE.values(), ids=UNREADABLE)
def test_is_named_when_it_cannot_be_read(tmp_path, content, message):
    _, problems = read(tmp_path / "t.csv", content)
    (problem,) = map(str, problems.found)
    assert problem.startswith(message)


# What Excel saves under other names: the words of a German study, and how each code page spoils
# them.
CODE_PAGES = {
    "mac_roman": ("„Bäume“ – größer, 5 €", "MacRoman, as Excel's “CSV (Macintosh)”"),
    "cp850": ("Bäume in Straßen", "CP850, as Excel's “CSV (MS-DOS)”"),
    "cp437": ("Bäume in Straßen", "CP850, as Excel's “CSV (MS-DOS)”"),
    "iso8859-15": ("5 € mehr", "ISO 8859-15"),
}
# Words of neighbours in other code pages, whose letters are signs in Windows-1252: Micha³, W±sik,
# wie¶, ½uvre.
NEIGHBOURS = [
    ("cp1250", "Michał"), ("cp1250", "Wacław"), ("cp1250", "Złoty"), ("iso8859-2", "Wąsik"),
    ("iso8859-2", "wieś"), ("cp1250", "Dvořák"), ("cp1250", "Řehoř"), ("cp1250", "Gdańsk"),
    ("cp1250", "Kovačić"), ("cp1250", "Jaśmin"), ("cp1250", "Erdős"), ("iso8859-2", "Škoda"),
    ("cp1254", "Şahin"), ("cp1254", "Dağ"), ("iso8859-15", "œuvre"), ("iso8859-15", "Œuvre"),
]  # fmt: skip


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("encoding", "text", "name"),
    [(code, *about) for code, about in CODE_PAGES.items()],
    ids=CODE_PAGES,
)
def test_another_code_page_is_named_with_the_words_that_it_spoils(
    tmp_path, encoding, text, name, line_end
):
    content = f'id,gist,value\nx,plain,1\na,"{text}",2\n'.replace("\n", line_end).encode(encoding)
    frame, problems = read(tmp_path / "t.csv", content)
    (problem,) = map(str, problems.found)
    assert frame is None
    assert problem.startswith(
        "t.csv: neither UTF-8 nor, as it seems, Windows-1252, which would make it say '"
    )
    assert problem.endswith(f"(line 3); it may be {name}; expected {SAVED}")


@pytest.mark.parametrize(
    ("encoding", "word"), NEIGHBOURS, ids=[f"{word} {encoding}" for encoding, word in NEIGHBOURS]
)
def test_no_letter_of_a_neighbour_passes_for_a_sign(tmp_path, encoding, word):
    frame, problems = read(
        tmp_path / "t.csv", f"id,gist,value\na,In {word} so,1\n".encode(encoding)
    )
    assert frame is None
    assert len(problems.found) == 1


@pytest.mark.parametrize("letter", "äöüÄÖÜß")
@pytest.mark.parametrize("encoding", ["mac_roman", "cp850", "cp437"])
@pytest.mark.parametrize("word", ["{}nderung", "Z{}ne", "Stra{}e"])
def test_no_umlaut_of_another_code_page_passes_for_windows(tmp_path, letter, encoding, word):
    word = word.format(letter)
    _, problems = read(tmp_path / "t.csv", f"id,gist,value\na,Die {word} kam,1\n".encode(encoding))
    assert len(problems.found) == 1


@pytest.mark.parametrize(
    "text",
    [
        "10 m³/h, 5 Nm³, Mio.m³",
        "200 kWh/m²a ±5",
        "½l, 1½ h, ¼ha",
        "„Größe“ – 5 €",
        "‚so‘ … und nicht anders",
        "Café à la carte; 3 m² à 5 µm",
        "It’s §\u00a05 und Köln–Bonn",
        "Maß (groß)",
        "Škoda für Köln, Žižek für Šibenik, über größere Mühe",
        "Málaga für Émile, Ágnes für Lübeck",
        "Øresund, Ærø und Bjørn, smørrebrød",
        "Sacré-Cœur, œuvre, Œuvre",
        "España, Muñoz, São Paulo, Camões, Ångström, Kraków, Óbidos, così, però, À Paris",
    ],
)
def test_what_a_german_table_in_windows_1252_says_is_read(tmp_path, text):
    frame, problems = read(tmp_path / "t.csv", f'id,gist,value\na,"{text}",1\n'.encode("cp1252"))
    assert (problems.found, frame["gist"].to_list()) == ([], [text])


def test_a_row_may_end_early_where_the_last_cells_may_be_empty(tmp_path):
    content = b"id,gist,value\na\nb,c\nd,e,1\n"
    frame, problems = read(tmp_path / "t.csv", content, optional=["value"])
    assert frame.to_dict("tight")["data"] == [["b", "c", ""], ["d", "e", "1"]]
    assert problems.notices == [
        "t.csv: row 3 without the last cells, which may be empty; read as such"
    ]
    assert [str(problem) for problem in problems.found] == [
        "t.csv, row 2: 1 cell; expected 3, as in the header"
    ]


def test_a_folder_or_a_file_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    (tmp_path / "t.csv").mkdir()
    problems = Problems()
    read_rows(tmp_path / "t.csv", ["id"], "t.csv", problems)

    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    read_rows(tmp_path / "u.csv", ["id"], "u.csv", problems)
    assert list(map(str, problems.found)) == [
        "t.csv: is a folder; expected a file of this name",
        "u.csv: cannot be read (Permission denied); expected a file that you may read",
    ]


@pytest.mark.parametrize("content", [content for content, _ in READABLE.values()], ids=READABLE)
def test_one_column_is_read_as_the_table_is(tmp_path, content):
    (tmp_path / "t.csv").write_bytes(content)
    assert column(tmp_path / "t.csv", "id") == ["a", "b"]


@pytest.mark.parametrize("content", [content for content, _ in UNREADABLE.values()], ids=UNREADABLE)
def test_a_column_of_a_table_that_cannot_be_read_does_not_crash(tmp_path, content):
    (tmp_path / "t.csv").write_bytes(content)
    assert isinstance(column(tmp_path / "t.csv", "id"), list)


# What stands in a cell, and how the problem goes on that names it; None for a text that is left as
# it is.
TEXTS = {
    "a\rb": "'a\\rb' holds a carriage return (U+000D); expected text without it",
    "a\x0bb": "'a\\x0bb' holds a control character (U+000B)",
    "a\x0cb": "'a\\x0cb' holds a control character (U+000C)",
    "a\0b": "'a\\x00b' holds a control character (U+0000)",
    "a\x85b": "'a\\x85b' holds a control character (U+0085)",
    "a\u2028b": "'a\\u2028b' holds a line separator (U+2028)",
    "Kli\u00adma": "'Kli\\xadma' holds an invisible soft hyphen (U+00AD)",
    "ta\u3164l": "'ta\u3164l' holds an invisible filler (U+3164)",
    "a\U000e0041b": "'a\\U000e0041b' holds an invisible sign (U+E0041)",
    "1\u20632": "'1\\u20632' holds an invisible sign (U+2063)",
    "ta\u200bl": "'ta\\u200bl' holds an invisible zero-width space (U+200B)",
    "a\u202eb": "'a\\u202eb' holds a mark that turns the direction of writing (U+202E)",
    "a\uf0b7 b": "'a\\uf0b7 b' holds a character that has no meaning of its own (U+F0B7)",
    "Gr\ufffdße": "'Gr\ufffdße' holds a mark in place of a letter that was lost (U+FFFD)",
    "GrÃ¶ÃŸe": "'GrÃ¶ÃŸe' looks like UTF-8 that was read as another encoding",
    "Itâ€™s": "'Itâ€™s' looks like UTF-8 that was read as another encoding",
    "5 â‚¬": "'5 â‚¬' looks like UTF-8",
    "gr√∂√üer": "'gr√∂√üer' looks like UTF-8",
    "âˆ’5 °C": "'âˆ’5 °C' looks like UTF-8",
    "â‰¥ 5": "'â‰¥ 5' looks like UTF-8",
    "âœ“": "'âœ“' looks like UTF-8",
    "Wir in M?nchen": "'Wir in M?nchen' holds a question mark in place of a letter; expected",
    "?ber uns": "'?ber uns' holds a question mark in place of a letter",
    "Kohle-?fen.": "'Kohle-?fen.' holds",
    "sÄ…d": "'sÄ…d' looks like UTF-8",
    "NiÅ¡": "'NiÅ¡' looks like UTF-8",
    "√ºber": "'√ºber' looks like UTF-8",
    "gr├Â├Ņer": "'gr├Â├Ņer' looks like UTF-8",
    "Ma&#xDF;nahmen":
        "'Ma&#xDF;nahmen' holds an entity of HTML, &#xDF;; expected the character itself, 'ß'",
    "Kohle &amp; Stahl":
        "'Kohle &amp; Stahl' holds an entity of HTML, &amp;; expected the character itself, '&'",
    "5&nbsp;t": "'5&nbsp;t' holds an entity of HTML, &nbsp;",
    "#NAME?":
        "'#NAME?' holds an error of a spreadsheet, #NAME?; expected what the formula should have "
        "given",
    "#BEZUG!": "'#BEZUG!' holds an error of a spreadsheet",
    "#DIV/0!": "'#DIV/0!' holds an error of a spreadsheet",
    "siehe #WERT!": "'siehe #WERT!' holds an error of a spreadsheet",
    "#NV": "'#NV' holds an error of a spreadsheet",
    "########": "'########' holds an error of a spreadsheet",
    "Err:502": "'Err:502' holds an error of a spreadsheet",
    "eins_x000D_zwei": "'eins_x000D_zwei' holds a sign as spreadsheets store it, _x000D_",
    '="007"': "'=\"007\"' is written for a spreadsheet, to be taken for a text; expected the text",
    '="a"': "'=\"a\"' is written for a spreadsheet",
    "'a": "\"'a\" is written for a spreadsheet, to be taken for a text; expected the text alone",
    "'007": "\"'007\" is written for a spreadsheet",
    "'=A1": "\"'=A1\" is written for a spreadsheet",
    "4,11E+15":
        "'4,11E+15' is a number as spreadsheets shorten it; expected what was written there",
    "a" * 32_767: "the cell has 32,767 characters, where spreadsheets cut texts off",
    **dict.fromkeys(
        [
            "NA", "nan", "None", "null", "TRUE", "1e5", "007", "+1", "=A1+1", "-", "='a'", "'so'",
            "'so' und 'so'", "'t Gooi", "'68er", "’a", "=\"a", "2021-03-01", "43831", "01. Mrz",
            "1.50", "²", "١٢", '"', "'", "\\", "R&D; mehr", "AT&T", "Kohle & Stahl", "#1",
            "#klima!", "C#", "a\nb", "a\tb", "🌳", "👩\u200d🌾", "நன்றி",
            "🏴\U000e0067\U000e0062\U000e007f", "fünf\u00a0€", "Spaß“", "São Paulo", "√2", "√π",
            "x = √Δt", "√−1", "├── data", "„Ä“–„Ü“…", "Spaß“…", "voilà…", "café”…", "₂", "5.1 ¶2",
            "Warum? Darum.", "Wie?", "??", "(?i)", "https://a.de/x?id=1", "a.php?q", "x? y",
            "x_y", "a_x1_", "ﬁn", "<b>so</b>", "{{ trees }}", "$x$", "a" * 40_000,
        ],
        None,
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"), TEXTS.items(), ids=[ascii(text)[:20] for text in TEXTS]
)
def test_a_damaged_text_is_named_and_any_other_is_left_as_it_is(tmp_path, text, message):
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(
        [["id", "gist", "value"], ["a", text, "1"]]
    )
    frame, problems = read(tmp_path / "t.csv", file.getvalue().encode())
    if message is None:
        assert (problems.found, problems.notices, frame["gist"].to_list()) == ([], [], [text])
    else:
        (problem,) = map(str, problems.found)
        assert problem.startswith(f"t.csv, row 2, column gist: {message}")


def test_a_misspelt_column_is_unknown_and_missing(tmp_path):
    frame, problems = read(tmp_path / "t.csv", b"id,Gist,vlaue\na,b,1\n")
    assert frame is None
    wrong = [problem.wrong for problem in problems.found]
    assert wrong[:2] == [
        "unknown column 'Gist' (did you mean 'gist'?)",
        "unknown column 'vlaue' (did you mean 'value'?)",
    ]
    assert wrong[2:] == ["the column is missing"] * 2


def test_a_missing_file_is_named_with_the_nearest_one(tmp_path):
    (tmp_path / "facts.csv").touch()
    problems = Problems()
    assert read_rows(tmp_path / "fact.csv", ["id"], "fact.csv", problems) is None
    assert (
        str(problems.found[0])
        == "fact.csv: the file is missing (did you mean 'facts.csv'?); expected a file of this name"
    )


def test_what_would_never_end_or_leads_nowhere_is_named_by_every_reader(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "device").symlink_to("/dev/zero")
    (tmp_path / "link").symlink_to("gone.csv")
    (tmp_path / "loop").symlink_to("loop")
    for name, why in {
        "pipe": "a pipe or a device, which may never end",
        "device": "a pipe or a device, which may never end",
        "link": "a link to gone.csv, where nothing is",
        "loop": "a link to loop, where nothing is",
    }.items():
        path, problems = tmp_path / name, Problems()
        assert read_rows(path, ["id"], name, problems) is None
        read_codebook(path, problems)
        read_references(path, problems)
        assert [why in str(problem) for problem in problems.found] == [True] * 3
        with pytest.raises(BookError, match=why):
            read_settings(path, "de")
        with pytest.raises(NotebookError, match=why):
            read_notebook(path)


def test_a_slip_in_thousands_of_rows_is_named_in_a_moment():
    problems = Problems()
    for row in range(20_000):
        problems.add("t.csv", row, "id", "x does not fit", "y")
        problems.add("t.csv", row, None, "1 cells", "2")
        problems.notice("t.csv", f"row {row} repeats row 1; left out")
    assert (len(problems.found), len(problems.notices)) == (40_000, 20_000)


def test_rows_count_as_in_a_spreadsheet(tmp_path):
    frame, problems = read(tmp_path / "t.csv", b'\nid,gist,value\n\na,"two\nlines",1\n,,\nb,c,2\n')
    assert list(frame.index) == [4, 6]
    assert problems.notices == ["t.csv: rows 1, 3, 5 empty; left out"]


def test_a_row_of_the_wrong_length_does_not_hide_the_others(tmp_path):
    frame, problems = read(tmp_path / "t.csv", b"id,gist,value\na,b\nc,d,1\ne,f,2,3\n")
    assert list(frame["id"]) == ["c"]
    assert [problem.row for problem in problems.found] == [2, 4]
    assert {"a", "e"} <= problems.torn["t.csv"]


def test_a_header_without_rows_is_an_empty_frame(tmp_path):
    frame, problems = read(tmp_path / "t.csv", b"id,gist,value\n")
    assert frame.empty
    assert problems.found == problems.notices == []


def test_one_problem_a_cell_but_several_a_row():
    problems = Problems()
    for wrong in ("first", "second"):
        problems.add("t.csv", 2, "id", wrong, "x")
        problems.add("t.csv", 2, None, wrong, "x")
    assert [problem.wrong for problem in problems.found] == ["first", "first", "second"]


@pytest.mark.parametrize(
    ("wrong", "shown"),
    [
        ("topic.wter", " (did you mean 'topic.water'?)"),
        ("TOPIC.WATER", " (did you mean 'topic.water'?)"),
        ("x", ""),
    ],
)
def test_suggests_only_what_is_near(wrong, shown):
    assert suggest(wrong, ["topic.water", "topic.health"]) == shown


# What stands in a cell, what it is read as, whatever separates the cells, and what is said about
# it.
NUMBERS = [
    ("5", 5, None),
    ("-0.5", -0.5, None),
    ("+3.5", 3.5, None),
    ("3,5", 3.5, None),
    ("0.125", 0.125, None),
    ("0,125", 0.125, None),
    ("1.2340", 1.234, None),
    (
        "5.000",
        None,
        "'5.000' has a mark as between thousands; expected 5000 or 5.0000, whichever is meant",
    ),
    (
        "5,000",
        None,
        "'5,000' has a mark as between thousands; expected 5000 or 5.0000, whichever is meant",
    ),
    ("1.234.567", None, "'1.234.567' has a mark as between thousands; expected 1234567"),
    (
        "0.1234567890123456789",
        None,
        "'0.1234567890123456789' has more digits than can be kept exactly; expected at most 15 "
        "digits",
    ),
    (f"0.{'0' * 400}1", None, f"'0.{'0' * 400}1' has more digits than can be kept exactly"),
    ("999999999999999", 999999999999999, None),
    ("-0", 0, None),
    ("007", None, "'007' is not a number"),
    ("1e-320", None, "'1e-320' is not a number"),
    ("²", None, "'²' is not a number"),
    ("5 000", None, "'5 000' is not a number; expected a number such as 3.5 in the column's unit"),
    ("1.234,5", None, "'1.234,5' is not a number"),
    ("1e5", None, "'1e5' is not a number"),
    ("1_000", None, "'1_000' is not a number"),
    ("NaN", None, "'NaN' is not a number"),
    ("-inf", None, "'-inf' is not a number"),
    ("ca. 5", None, "'ca. 5' is not a number"),
    ("5 %", None, "'5 %' is not a number"),
    ("٣", None, "'٣' is not a number"),
    ("9" * 16, None, f"'{'9' * 16}' is too large to be kept exactly; expected at most 15 digits"),
]


@pytest.mark.parametrize(("text", "value", "message"), NUMBERS, ids=[text for text, *_ in NUMBERS])
def test_a_number_is_read_or_named_never_guessed(text, value, message):
    for decimal_comma in (False, True):
        problems = Problems()
        rows = Rows(pd.DataFrame({"value": [text]}, index=[2]), decimal_comma)
        (number,) = typed(rows, "value", Column("number", "A number", unit="t"), "t.csv", problems)
        assert number == value if message is None else pd.isna(number)
        said = [f"{problem.wrong}; expected {problem.expected}" for problem in problems.found]
        assert len(said) == (message is not None)
        assert all(problem.startswith(message) for problem in said)


# In Windows-1252 the bytes of these letters never look like UTF-8.
LETTERS = {
    "utf-8": st.characters(exclude_categories=["C", "Z"]),
    "utf-8-sig": st.characters(exclude_categories=["C", "Z"]),
    "cp1252": st.sampled_from("abzäöüßÄÖÜ019"),
}


@st.composite
def files(draw):
    """Columns, rows without empty or repeated ones, and their text in one of the
    dialects with its encoding.
    """
    encoding = draw(st.sampled_from(sorted(LETTERS)))
    cells = st.text(LETTERS[encoding] | st.sampled_from(",;\t\"' \n|"), max_size=8).map(str.strip)
    cells = cells.map(lambda cell: unicodedata.normalize("NFC", cell)).filter(
        lambda cell: not damage(cell)
    )
    columns = ["id", "gist", "value"][: draw(st.integers(2, 3))]
    row = st.lists(cells, min_size=len(columns), max_size=len(columns)).filter(any)
    rows = draw(st.lists(row, max_size=5, unique_by=tuple))
    text = io.StringIO(newline="")
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    writer = csv.writer(
        text,
        delimiter=draw(st.sampled_from(",;\t")),
        lineterminator=draw(st.sampled_from(["\n", "\r\n"])),
        quoting=quoting,
    )
    writer.writerows([columns, *rows])
    return columns, rows, text.getvalue().encode(encoding)


@given(files())
def test_any_frame_in_any_dialect_is_read_back(tmp_path_factory, file):
    columns, rows, content = file
    frame, problems = read(tmp_path_factory.getbasetemp() / "any.csv", content, columns)
    assert problems.found == []
    pd.testing.assert_frame_equal(
        frame,
        pd.DataFrame(rows, columns=columns, index=range(2, len(rows) + 2), dtype="str"),
        check_index_type=False,
    )


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ('"Dokument";"Code";"Text, gekürzt, ohne, Namen"', "Text, gekürzt, ohne, Namen"),
        ("Dokument;Code;Text, gekürzt, ohne, Namen", "Text, gekürzt, ohne, Namen"),
        ("Dokument;Code;Text, gekürzt", "Text, gekürzt"),
        ('"Dokument";Code;"Name\n, der, Person"', "Name\n, der, Person"),
        ('Dokument;Code;5" , 6", 7"', '5" , 6", 7"'),
        ('"Dokument";"Code";"Sagt ""a, b, c"" | d"', 'Sagt "a, b, c" | d'),
    ],
)
@pytest.mark.parametrize("before", ["", "\n \n"])
def test_what_stands_between_cells_is_not_taken_from_within_them(tmp_path, header, columns, before):
    content = f'{before}{header}\nT;x;Ja, gut.\nT;y;"Nein, a, b\nund so."\n'.encode()
    frame, problems = read(tmp_path / "t.csv", content, ["Dokument", "Code", columns])
    assert problems.found == []
    assert frame[columns].tolist() == ["Ja, gut.", "Nein, a, b\nund so."]
    assert frame["Code"].tolist() == ["x", "y"]


def test_a_quotation_mark_without_an_end_is_named_wherever_it_stands(tmp_path):
    for header in ('"id,gist;value', 'id,"gist;value'):
        _, problems = read(tmp_path / "t.csv", f"{header}\na,b,c\n".encode())
        assert "not readable as CSV" in str(problems.found[0])


def test_a_quoted_cell_may_hold_a_blank_and_a_quotation_mark(tmp_path):
    frame, problems = read(tmp_path / "t.csv", b'id,gist,value\na," ""b"" c, d",1\n')
    assert frame.gist.tolist() == ['"b" c, d']
    assert not problems.found


NASTY = "Ã¼Â¡âïð√º‚Ä├┬ÔÇ€„“”…?&#;_xE+:!12 äöüÄÖÜßab\u3164\u00ad\ufffd\n"


@given(st.text(st.one_of(st.sampled_from(NASTY), st.characters()), max_size=30))
def test_what_makes_most_texts_quick_to_look_through_hides_no_damage(text):
    looks = (damaged._of_characters, damaged._of_encoding, damaged._of_export)
    found = next(filter(None, (look(text) for look in (*looks, damaged._as_a_number))), None)
    assert damage(text) == found


@pytest.mark.parametrize(
    ("wrong", "known", "shown"),
    [
        ("u013", ["u012", "u014"], ""),
        ("c2-s013", ["c2-s012", "c1-s014", "c2-s015"], ""),
        ("u13", ["u013", "u012"], " (did you mean 'u013'?)"),
        ("i40", ["i03", "i04"], " (did you mean 'i04'?)"),
        ("U013", ["u013", "u012"], " (did you mean 'u013'?)"),
        ("v013", ["u013", "u012"], " (did you mean 'u013'?)"),
        ("Mueller2091", ["Mueller2019", "Maier2020"], " (did you mean 'Mueller2019'?)"),
        ("u²", ["u1", "u2"], ""),
    ],
)
def test_another_number_of_many_is_not_suggested(wrong, known, shown):
    assert suggest(wrong, known) == shown
