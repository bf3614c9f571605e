"""Who is not named cannot be recognised in anything that was made, however it is spelled there."""

import base64
import bz2
import gzip
import io
import json
import lzma
import random
import re
import shutil
import struct
import unicodedata
import zipfile
import zlib
from html import escape
from html.entities import codepoint2name
from urllib.parse import quote

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from project import Project

from analysis import paths
from analysis.book.landing import write_landing_page
from analysis.book.settings import BookError
from analysis.checks import spellings
from analysis.checks.leaks import Recognised
from analysis.raw.identities import read_recognised
from analysis.tables import RAW

NAME = "Jörg Möller-Weiß"
WHOSE = "somebody’s"
SPELLED = [
    "Jörg Möller-Weiß", "jörg möller-weiß", "JÖRG MÖLLER-WEISS", "Joerg Moeller-Weiss",
    "Jorg Moller-Weiss", "Jörg Möller Weiß", "Jörg MöllerWeiß", "Jörg\nMöller-\nWeiß",
    "J\u00adö\u00adrg Möl\u00adler-Weiß", "Jo\u0308rg Mo\u0308ller-Weiß", "Jörg Möl-\nler-Weiß",
    "J&ouml;rg M&#246;ller&#8209;Wei&szlig;", "J&#xF6;rg M&amp;ouml;ller-Wei&#xdf;",
    "J%C3%B6rg%20M%C3%B6ller-Wei%C3%9F", "J\\u00f6rg M\\u00F6ller-Wei\\u00df", "Möller-Weiß, Jörg",
    "<b>Jörg</b> <i class=x>Möller</i>-Weiß", "joerg.moeller-weiss@clausee.example",
    "joerg_moeller_weiss", "Jörg Möller-Weiß’ Büro", "Jörg Möller-Weißs",
    "M&ouml;l&shy;ler-Wei&szlig;, J&ouml;rg",
    '"Jörg\\n",\n "Möller-Weiß"', "JoergMoellerWeiss", "Jörg\u00a0Möller‑Weiß",
    "J. Möller-Weiß", "Möller-Weiß, J.", "J.Möller-Weiß", "Dr. J.&nbsp;Moeller-Weiß",
    "H. Jörg Möller-Weiß",
    "Jörg Möl\u00ad\nler-Weiß", "Jörg Möl‑\n  ler-Weiß", "Jörg Möl&shy;\nler-Weiß",
    "Jörg Möl-<br>ler-Weiß",
    f"Jörg <a href='{'x' * 900}'>Möller</a>-Weiß", f"Jörg<!-- {'y ' * 400} -->Möller-Weiß",
    "›Jörg‹ ‚Möller‘-'Weiß'", "<td>Jörg</td>\n<td>Möl</td><td>ler-Weiß</td>", "𝐉𝐨̈𝐫𝐠 𝑀𝑜̈𝑙𝑙𝑒𝑟-𝚆𝚎𝚒ß",
    "J%F6rg M%F6ller-Wei%DF", "J%25C3%25B6rg%20M%C3%B6ller-Wei%C3%9F", "JÖRG MÖLLER–WEIẞ",
    "</text><text x='1'>Jörg</text><text>Möl</text> <text>ler</text><text>-Weiß",
    "ᴊöʀɢ ᴍöʟʟᴇʀ ᴡᴇɪß", "jorg-moller-weisz", "Jörg A. Möller-Weiß", "Jörg <i>K.</i> Möller-Weiß",
    'J{\\"o}rg M\\"{o}ller-Wei{\\ss}', 'author = {M{\\"o}ller-Wei\\ss{}, J\\"org}',
    """Jörg <a title="a > b" class='>'>Möl</a>ler-Weiß""",
    "J. Ö. Möller-Weiß", "Jörg Möller-Weiſs",
]  # fmt: skip
OTHERS = [
    "Jörg", "Möller", "Weiß", "Jörg und Möller-Weiß", "Jörg Möller-Weißenfels", "Hjörg Möller-Weiß",
    "Jürg Möller-Weiß", "Jörg Müller-Weiß", "z. B. J. Weiß", "H. Möller-Weiß", "j. Möller-Weiß",
    "s. u. J. Möller-Weiß", "z.\u00a0B. J. Weiß", "Jörg Weiß", "J. Möller",
]  # fmt: skip


@pytest.mark.parametrize("text", SPELLED)
def test_a_name_is_seen_in_any_spelling(tmp_path, text):
    (tmp_path / "page.html").write_text(f"<p>Eine Zeile.</p>\n<p>{text}</p>", "utf-8")
    said = list(Recognised({NAME: WHOSE}).leaks([(tmp_path / "page.html", "html/page.html")]))
    assert said == ["html/page.html:2: holds somebody’s"]


@pytest.mark.parametrize("text", OTHERS)
def test_another_name_is_not(tmp_path, text):
    (tmp_path / "page.html").write_text(text, "utf-8")
    assert not list(Recognised({NAME: WHOSE}).leaks([(tmp_path / "page.html", "page.html")]))


@pytest.mark.parametrize(
    ("value", "text"),
    [("Mueller", "Müller"), ("Strauss", "Strauß"), ("Łukasz", "Lukasz"), ("Bjørn Ås", "BJORN AS"),
     ("René", "RENE"), ("0214 406-1234", "0214/4061234"), ("İnönü", "Inonu"), ("İnönü", "İNÖNÜ"),
     ("Leiterin Umweltamt", "leiterin umweltamt"), ("Işık Yıldız", "Isik Yildiz"),
     ("Yildiz", "Yıldız"), ("Đoković", "Djokovic"), ("Đoković", "Đokovic"), ("Djordje", "Đorđe"),
     ("Łukasz", "ŁUKASZ"), ("Lukasz", "Łukasz"), ("Sahin", "Şahin"), ("Þóra Æsa", "Thora Aesa"),
     ("Thora Aesa", "Þóra Æsa"), ("Guðrún", "Gudrun"), ("Ħamrun", "Hamrun"), ("Håkon", "Haakon"),
     ("Haakon", "Håkon"), ("Kjær", "Kjaer"), ("Kjaer", "KJÆR"), ("Straßer", "STRASSER"),
     ("Strasser", "STRAẞER"), ("Weisz", "Weiß"), ("Goethe", "Göthe"), ("Ngata", "Ŋata"),
     ("Œuvre", "Oeuvre"), ("Wałęsa", r"Wa{\l}{\k{e}}sa"), ("Kovačić", r"Kova\v{c}i\'c"),
     ("Петров", "ПЕТРОВ"), ("Κλη", "ΚΛΗ"),
     ("Ĳssel", "IJssel"), ("Moller", "Möller"), ("Nguyễn", "Nguyen"), ("Muster, Erna", "E. Muster"),
     ("Erna Muster", "Muster, Erna"), ("Hans-Jürgen Klee", "H.-J. Klee"),
     ("Anna Maria Klee", "Anna M. Klee"), ("Ägidius Klee", "Ä. Klee"), ("Beate Erle", "B. Erle")],
)  # fmt: skip
def test_it_may_be_spelled_otherwise_in_the_list_of_names_too(value, text):
    assert Recognised({value: WHOSE}).within(f"Das sagt {text}.") == (WHOSE, 9)


@pytest.mark.parametrize(
    ("value", "text"),
    [("Beate Erwitte", "z. B. Erwitte"), ("Haas", "has"), ("Thor", "Tor"), ("Djuric", "Duric"),
     ("Umberto Leitner", "u. a. Leitner"), ("Erna Muster", "Ferna Muster")],
)  # fmt: skip
def test_what_is_written_alike_is_not_taken_for_it(value, text):
    assert Recognised({value: WHOSE}).within(f"Das sagt {text}.") is None


@pytest.mark.parametrize(
    "value",
    ["Dr. Jörg Möller", "Prof. Dr.-Ing. Jörg Möller", "Möller, Dr. Jörg", "Herr Jörg Möller"],
)
def test_a_name_with_a_title_is_seen_without_it_but_not_the_last_name_alone(value):
    assert Recognised({value: WHOSE}).within("Da war Joerg Möller.") == (WHOSE, 7)
    assert not Recognised({"Dr. Möller": WHOSE}).within("Da war Möller.")


LETTERS = "".join(mark for mark in spellings.PLAIN if mark.isalpha()) + "abcdeghijnostuz"


@settings(max_examples=60)
@given(st.lists(st.text(LETTERS, min_size=2, max_size=7), min_size=1, max_size=3), st.data())
def test_every_spelling_of_any_latin_name_is_seen(words, data):
    spelled = []
    for word in words:
        parts = [data.draw(st.sampled_from(spellings._spellings(part)))
                 for part in spellings._parts(word)]  # fmt: skip
        letters = [data.draw(st.sampled_from(spellings._cases(mark))) for mark in "".join(parts)]
        spelled.append("".join(letters))
    text = f"Von {' '.join(spelled)}: ja."
    assert Recognised({" ".join(words): WHOSE}).within(text) == (WHOSE, 4)


def test_an_office_of_many_words_is_seen_and_made_no_pattern_of_where_it_is_not():
    office = (
        "Leiterin der Stabsstelle für Klimaschutz und Nachhaltigkeit im Amt für Umwelt der Stadt"
    )
    known = Recognised({office: WHOSE})
    assert known.within(f"Die {office.upper()} sagt:") == (WHOSE, 4)
    other = Recognised({office: WHOSE})
    assert other.within("Die Leiterin der Stadt sagt:") is None
    assert "search" not in vars(other.values[0][0])


@settings(max_examples=150)
@given(st.data())
def test_it_is_seen_whatever_is_done_to_its_letters(data):
    ways = [
        str, str.upper, str.lower, lambda c: f"{c}\u00ad", lambda c: f"&#{ord(c)};",
        lambda c: unicodedata.normalize("NFD", c), quote, lambda c: json.dumps(c)[1:-1],
        lambda c: f"&{codepoint2name[ord(c)]};" if ord(c) in codepoint2name else escape(c),
    ]  # fmt: skip
    text = "".join(data.draw(st.sampled_from(ways))(letter) for letter in NAME)
    from analysis.checks.leaks import decoded

    assert Recognised({NAME: WHOSE}).within(decoded(f"Von {text}: ja")), text


def picture(kind, content):
    """A PNG with a text beside its picture, of which nothing else is there."""
    chunk = struct.pack(">I", len(content)) + kind + content
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", zlib.crc32(kind + content))


def zipped(content, name="page.html"):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


def in_pieces(text):
    """The letters of a text as PDF moves them: latin ones that are no ASCII as numbers."""
    letters = [mark if mark.isascii() else f"\\{ord(mark):03o}" for mark in text]
    return f"[({') -12 ('.join(letters)})] TJ".encode("latin-1")


def notebook(**cell):
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}).encode()


def moved(text):
    """A drawing in which every letter has a place of its own."""
    spans = "\n  ".join(
        f'<tspan x="{x}" y="1">{escape(mark)}</tspan>' for x, mark in enumerate(text)
    )
    return f"<svg><text>{spans}</text></svg>".encode()


LATIN = {
    "pdf",
    "unmarked.csv",
    "moved.pdf",
    "latin.csv",
    "text.png",
}  # of what has letters in one byte
CARRIERS = {
    "page.html": lambda text: f"<p>Von\n{escape(text)}</p>".encode(),
    "entities.html": lambda text: "".join(f"&#{ord(mark)};" for mark in text).encode(),
    "marked.html": lambda text: f"<p>{text[:3]}<b>{text[3:]}</b></p>".encode(),
    "linked.html": lambda text: f'<a href="?q={quote(text)}">hier</a>'.encode(),
    "searchindex.js": lambda text: f"Search.setIndex({json.dumps({'titles': [text]})})".encode(),
    "cell.ipynb": lambda text: notebook(source=[text]),
    "metadata.ipynb": lambda text: notebook(metadata={"papermill": {"parameters": {"x": text}}}),
    "picture.ipynb": lambda text: notebook(
        data={
            "image/png": base64.b64encode(picture(b"iTXt", b"A\0\0\0\0\0" + text.encode())).decode()
        }
    ),
    "drawing.svg": lambda text: f"<svg><text>{escape(text)}</text></svg>".encode(),
    "letters.svg": moved,
    "words.svg": lambda text: (
        "<svg><text>"
        + " ".join(f"<tspan>{escape(word)}</tspan>" for word in text.split(" "))
        + "</text></svg>"
    ).encode(),
    "lines.svg": lambda text: (
        "<svg>"
        + "".join(f"<text y='1'>{escape(word)}</text>\n" for word in text.split(" "))
        + "</svg>"
    ).encode(),
    "titled.svg": lambda text: f"<svg aria-label='{escape(text)}'><title>x</title></svg>".encode(),
    "labelled.html": lambda text: (
        f'<a href="{"x" * 400}" aria-label="{escape(text)}" data-text="x">x</a>'.encode()
    ),
    "cells.html": lambda text: "".join(
        f"<td>{escape(word)}</td>\n" for word in text.split(" ")
    ).encode(),
    "scripted.html": lambda text: (
        f'<script type="application/ld+json">{json.dumps({"author": text})}</script>'.encode()
    ),
    "citation.ris": lambda text: f"TY  - RPRT\r\nAU  - {text}\r\nER  -\r\n".encode(),
    "attachment.ipynb": lambda text: notebook(
        attachments={
            "x.svg": {
                "image/svg+xml": base64.encodebytes(
                    f"<svg><desc>{text}</desc></svg>".encode()
                ).decode()
            }
        }
    ),
    "output.ipynb": lambda text: notebook(
        outputs=[
            {
                "data": {
                    "application/pdf": base64.b64encode(
                        b"%PDF-1.4\n/Author (" + text.encode()
                    ).decode()
                }
            }
        ]
    ),
    "runs.xlsx": lambda text: zipped(
        "<sst><si><r><t>" + "</t></r><r><t>".join(re.findall("..?", text)) + "</t></r></si></sst>",
        "xl/sharedStrings.xml",
    ),
    "described.svg": lambda text: f"<svg><desc>{escape(text)}</desc></svg>".encode(),
    "pdf": lambda text: b"%PDF-1.4\n/Author (" + text.encode("latin-1") + b")",
    "wide.pdf": lambda text: b"%PDF-1.4\n/Author (\xfe\xff" + text.encode("utf-16-be") + b")",
    "numbers.pdf": lambda text: b"%PDF-1.4\n<FEFF" + text.encode("utf-16-be").hex().encode() + b">",
    "moved.pdf": lambda text: (
        b"%PDF-1.4\nstream\n" + zlib.compress(in_pieces(text)) + b"\nendstream"
    ),
    "packed.pdf": lambda text: (
        b"%PDF-1.4\nstream\n" + zlib.compress(text.encode()) + b"\nendstream"
    ),
    "table.csv": lambda text: f'a,b\n1,"{text}"\n'.encode(),
    "latin.csv": lambda text: f'a;b\n1;"Ä {text}"\n'.encode("latin-1"),
    "unmarked.csv": lambda text: f"a\tb\n1\t{text}\n".encode("utf-16-le"),
    "sixteen.csv": lambda text: f"a\tb\n1\t{text}\n".encode("utf-16"),
    "values.json": lambda text: json.dumps({"values": {"x": text}}).encode(),
    "deps/record.json": lambda text: json.dumps({"inputs": {f"raw:{text}.csv": "1"}}).encode(),
    "manifest.json": lambda text: json.dumps({text: "0" * 64}, ensure_ascii=False).encode(),
    "text.png": lambda text: picture(b"tEXt", b"Author\0" + text.encode("latin-1")),
    "packed.png": lambda text: picture(b"zTXt", b"Author\0\0" + zlib.compress(text.encode())),
    "international.png": lambda text: picture(
        b"iTXt", b"Author\0\1\0de\0Autor\0" + zlib.compress(text.encode())
    ),
    "objects.inv": lambda text: (
        b"# Sphinx inventory version 2\n#\n#\n#\n" + zlib.compress(text.encode())
    ),
}
# What another carrier can be in.
PACKED = {
    "zip": zipped,
    "gz": lambda content: gzip.compress(content, mtime=0),
    "xz": lzma.compress,
    "bz2": bz2.compress,
    "data.html": lambda content: (
        b'<a href="data:x;base64,' + base64.b64encode(content) + b'">x</a>'
    ),
}
WAYS = {
    "as it is": str,
    "large": str.upper,
    "small": str.lower,
    "umlauts written out": lambda text: text.translate({
        ord(mark): out for mark, out in zip("äöüÄÖÜß", ["ae", "oe", "ue", "Ae", "Oe", "Ue", "ss"],
                                            strict=True)
    }),
    "umlauts without marks": lambda text: text.translate(str.maketrans("äöüÄÖÜ", "aouAOU")),
    "marks of their own": lambda text: unicodedata.normalize("NFD", text),
    "another hyphen": lambda text: text.replace("-", "‑"),
    "no hyphen": lambda text: text.replace("-", ""),
    "a blank": lambda text: text.replace("-", " "),
    "where words may break": lambda text: "\u00ad".join(text),
    "in two lines": lambda text: text.replace(" ", "\n"),
    "a word in two lines": lambda text: text[:-2] + "-\n" + text[-2:],
    "a word after a soft hyphen in two lines": lambda text: text[:-2] + "\u00ad\n" + text[-2:],
    "a word after a hyphen that does not break": lambda text: text[:-2] + "‑\n" + text[-2:],
    "marked as quoted": lambda text: text.replace(" ", "‹ ‚"),
    "letters of formulas": lambda text: "".join(
        chr(0x1D5D4 + ord(mark) - ord("A")) if "A" <= mark <= "Z" else mark for mark in text
    ),
    "last name first": lambda text: ", ".join(reversed(text.rsplit(" ", 1))),
    "joined letters": lambda text: text.replace("ff", "ﬀ"),
    "wide letters": lambda text: "".join(
        chr(ord(mark) + 0xFEE0) if "!" <= mark <= "~" else mark for mark in text
    ),
}  # fmt: skip
PEOPLE = ["Jörg Möller-Weiß", "Hannah Pfeiffer", "Ägidius von Überlingen-Süß"]


def is_latin(text):
    return text.encode("latin-1", "ignore").decode("latin-1") == text


def seen(folder, name, content, value):
    """What is said of a file in which a value may be."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return list(Recognised({value: WHOSE}).leaks([(path, name)]))


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("person", PEOPLE)
def test_every_spelling_is_seen_in_files_of_every_kind(tmp_path, carrier, person):
    told = 0
    for way, spelled in WAYS.items():
        text = spelled(person)
        if carrier in LATIN and not is_latin(text):
            continue
        said = seen(tmp_path, carrier, CARRIERS[carrier](text), person)
        assert [re.sub(r":\d+:", ":", line) for line in said] == [f"{carrier}: holds {WHOSE}"], way
        told += 1
    assert told > 5


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(PEOPLE), st.lists(st.sampled_from(sorted(WAYS)), min_size=2, max_size=2),
       st.sampled_from(sorted(CARRIERS)), st.sampled_from(sorted(PACKED)))  # fmt: skip
def test_it_is_seen_in_two_spellings_at_once_and_in_what_is_packed(
    tmp_path, person, ways, carrier, packed
):
    text = person
    for way in sorted(ways, key=list(WAYS).index):  # words are broken last
        text = WAYS[way](text)
    assume(carrier not in LATIN or is_latin(text))
    content = PACKED[packed](CARRIERS[carrier](text))
    assert seen(tmp_path, f"file.{packed}", content, person), (text, carrier, packed)


def locked(content):
    """An archive whose first file says of itself that it is encrypted, in both places."""
    for head, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        place = content.index(head) + flags
        content = content[:place] + b"\1" + content[place + 1 :]
    return content


def packed_otherwise(content):
    """An archive whose first file is packed in a way that nobody knows."""
    for head, method in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        place = content.index(head) + method
        content = content[:place] + b"\x63" + content[place + 1 :]
    return content


def damaged(content):
    place = content.index(b"first.txt") + len("first.txt")
    return content[:place] + b"\xff\xff\xff" + content[place + 3 :]


@pytest.mark.parametrize("spoil", [locked, packed_otherwise, damaged])
@pytest.mark.parametrize("nested", [False, True])
def test_a_file_in_an_archive_that_cannot_be_read_is_named_and_hides_no_other(
    tmp_path, spoil, nested
):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("first.txt", "Nichts.")
        archive.writestr("second.txt", NAME)
    content = spoil(file.getvalue())
    content = zipped(content, "inner.zip") if nested else content
    assert seen(tmp_path, "a.zip", content, "Erna Muster") == [
        "a.zip:1: holds a packed file that cannot be read"
    ]
    said = [whose for _, whose in Recognised({NAME: WHOSE}).places(content)]
    assert said == ["a packed file that cannot be read", WHOSE]


@pytest.mark.parametrize("packed", [*PACKED, "pdf", "png"])
def test_what_cannot_be_unpacked_is_no_reason_to_stop(tmp_path, packed):
    whole = PACKED[packed](NAME.encode()) if packed in PACKED else FILE_HEADS[packed]
    assert seen(tmp_path, f"file.{packed}", whole[: len(whole) // 2], "Erna Muster") == []


def stored(content):
    """An archive that packs nothing, whose end is cut off."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("page.html", content)
    return file.getvalue()[:-30]


LONG = random.Random(0).randbytes(100_000)  # behind which nothing is unpacked at once
CUT = {
    "stored": stored(NAME.encode()),
    "packed": zipped(NAME)[:-30],
    "name": zipped(b"", f"{NAME}.txt")[:-30],
    "nested": zipped(stored(NAME.encode())),
    "no archive": b"PK\3\4" + NAME.encode(),
    "a text": f"BZhalle: {NAME}".encode(),
    "gz": gzip.compress(NAME.encode() + b" " + LONG, mtime=0)[:-1000],
    "xz": lzma.compress(NAME.encode() + b" " + LONG)[:-1000],
    "bz2": bz2.compress(NAME.encode() + b" " + LONG * 2, 1)[:-1000],
    "more": gzip.compress(NAME.encode(), mtime=0) + b"and something else",
}


@pytest.mark.parametrize("kind", CUT)
def test_of_what_is_damaged_all_that_can_be_read_is_looked_through(kind):
    assert WHOSE in [whose for _, whose in Recognised({NAME: WHOSE}).places(CUT[kind])]
    assert not list(Recognised({"Erna Muster": WHOSE}).places(CUT[kind]))


FILE_HEADS = {"pdf": CARRIERS["packed.pdf"](NAME), "png": CARRIERS["packed.png"](NAME)}


def test_other_words_are_not_taken_for_it_in_files_of_any_kind(tmp_path):
    for carrier, carry in CARRIERS.items():
        assert seen(tmp_path, carrier, carry("Jörg und Möller-Weißenfels"), PEOPLE[0]) == [], (
            carrier
        )


def test_it_is_seen_in_the_name_of_a_file_which_is_not_repeated(tmp_path):
    path = tmp_path / "joerg-moeller-weiss.txt"
    path.touch()
    said = list(Recognised({NAME: WHOSE}).leaks([(path, f"html/{path.name}")]))
    assert said == ["html: the name of a file below holds somebody’s"]


def test_what_is_drawn_or_a_font_is_no_text(tmp_path):
    (tmp_path / "a.woff2").write_bytes(NAME.encode())
    (tmp_path / "b.png").write_bytes(picture(b"IDAT", NAME.encode()))
    files = [(path, path.name) for path in tmp_path.iterdir()]
    assert not list(Recognised({NAME: WHOSE}).leaks(files))


def identify(folder, interview="clausee"):
    (folder / "study/identities.csv").write_text(
        f"interview_id,value\n{interview},{NAME}\n", "utf-8"
    )


def test_whoever_is_not_named_stands_in_no_raw_table(mini):
    mini.put("coding/units.csv", 3, "gist_de", "Das sagt auch Joerg Moeller-Weiss.")
    assert mini.problems() == []
    identify(mini.raw)
    problems = mini.problems()
    assert [problem.partition(": ")[0] for problem in problems] == [
        "coding/units.csv, row 3, column gist_de"
    ]
    assert "study/identities.csv, row 2" in problems[0]
    assert "Moeller" not in problems[0]
    identify(mini.raw, "auental")
    assert mini.problems() == [], "who has agreed to be named may be"
    (mini.raw / "study/identities.csv").write_text("interview_id,value\nclausee,____\n", "utf-8")
    assert any("row 2, column value: '____' does not fit" in one for one in mini.problems())
    identify(mini.raw, "nowhere")
    assert any("'nowhere' is not known" in problem for problem in mini.problems())


def test_a_study_may_name_people_and_lack_what_tables_may_lack(mini):
    identify(mini.raw)
    file = mini.raw / RAW["interviews"].file
    interviews = pd.read_csv(file, dtype=str)
    lacking = [name for name, column in RAW["interviews"].columns.items() if column.may_lack]
    assert lacking
    interviews.drop(columns=lacking).to_csv(file, index=False)
    assert read_recognised(mini.raw).within(f"Das sagt {NAME}.")


BESIDE = {
    "coding/codebook.yml": lambda text: text.replace(
        "de: Was bei Hitze fehlt", 'de: "Frage von J\\u00f6rg M\u00f6ller-\n      Wei\u00df"', 1
    ),
    "coding/import.json": lambda _: '{"note": "J\\u00f6rg M\\u00f6ller-Wei\\u00df"}',
    "tables.yml": lambda _: "# Jörg Möller-Weiß\n",
    "coding/codings_joerg-moeller-weiss.csv": lambda _: "unit_id,code,certainty\nu002,,\n",
}


@pytest.mark.parametrize("file", BESIDE)
def test_nor_in_what_is_read_beside_the_tables(mini, file):
    path = mini.raw / file
    path.write_text(BESIDE[file](path.read_text("utf-8") if path.exists() else ""), "utf-8")
    before = mini.problems()
    identify(mini.raw)
    problems = [problem for problem in mini.problems() if problem not in before]
    assert len(problems) == 1
    assert "identities.csv, row 2" in problems[0]
    assert problems[0].startswith(file.rpartition("/codings_")[0] or file)
    assert "oerg" not in problems[0]


def test_a_book_that_tells_who_somebody_is_does_not_take_the_place_of_the_last_one(tmp_path):
    project = Project(tmp_path / "project", said="print('nichts')")
    for shared in ("_static", "_templates", "locale"):
        shutil.copytree(paths.root() / "book" / shared, project.folder / "book" / shared)
    for page in ("figures.md", "evidence.md"):
        (project.folder / "book/de" / page).unlink()
    (project.folder / "book/_toc.yml").write_text("format: jb-book\nroot: index\n")
    index = project.folder / "book/de/index.md"
    index.write_text("# Titel\n\nGut.\n", "utf-8")
    identify(project.folder / "data/raw")
    done = project.make("book")[1]
    assert done.returncode == 0, done.stderr
    assert "all up to date" in project.make("book")[1].stdout
    assert not any(
        NAME.encode() in path.read_bytes()
        for path in (project.folder / "build").rglob("*")
        if path.is_file()
    )
    index.write_text("# Titel\n\nDanke an Joerg Möller&#8209;Weiß.\n", "utf-8")
    done = project.make("book")[1]
    assert done.returncode != 0
    assert "build/html/de/index.html:" in done.stderr
    assert "(study/identities.csv, row 2)" in done.stderr
    assert "oerg" not in done.stderr
    assert "Gut." in (project.folder / "build/html/de/index.html").read_text("utf-8")


def test_the_page_in_front_of_the_editions_is_looked_through_before_it_is_written(mini):
    identify(mini.raw)
    config = mini.book / "_config.yml"
    text = config.read_text("utf-8")
    config.write_text(re.sub("^title:.*", "title: Für Jörg Möller-Weiß", text, flags=re.M), "utf-8")
    with pytest.raises(BookError, match=r"index\.html was not written: .*identities\.csv, row 2"):
        write_landing_page()
    assert not (mini.build / "html/index.html").exists()
    identify(mini.raw, "auental")
    write_landing_page()
    assert (mini.build / "html/index.html").exists()
