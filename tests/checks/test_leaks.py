"""Who is not named cannot be recognised in anything that was made, however it is spelled there."""

import base64
import json
import re
import shutil
import struct
import unicodedata
import zlib
from html import escape
from html.entities import codepoint2name
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from project import Project

from analysis import paths
from analysis.checks.leaks import Recognised

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
]  # fmt: skip
OTHERS = [
    "Jörg", "Möller", "Weiß", "Jörg und Möller-Weiß", "Jörg Möller-Weißenfels", "Hjörg Möller-Weiß",
    "Jürg Möller-Weiß", "Jörg Müller-Weiß",
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
     ("René", "RENE"), ("0214 406-1234", "0214/4061234"),
     ("Leiterin Umweltamt", "leiterin umweltamt")],
)  # fmt: skip
def test_it_may_be_spelled_otherwise_in_the_list_of_names_too(value, text):
    assert Recognised({value: WHOSE}).within(f"Das sagt {text}.") == (WHOSE, 9)


@settings(derandomize=True, database=None, deadline=None, max_examples=150)
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


FILES = {
    "text.png": picture(b"tEXt", b"Author\0" + NAME.encode("latin-1")),
    "packed.png": picture(b"zTXt", b"Author\0\0" + zlib.compress(NAME.encode())),
    "international.png": picture(
        b"iTXt", b"Author\0\1\0de\0Autor\0" + zlib.compress(NAME.encode())
    ),
    "plain.pdf": b"%PDF-1.4\n/Author (" + NAME.encode() + b")",
    "packed.pdf": b"%PDF-1.4\nstream\n" + zlib.compress(NAME.encode()) + b"\nendstream",
    "drawing.svg": "<svg><text>Jörg</text><text>Möller-Weiß</text></svg>".encode(),
    "table.csv": b"a;b\n1;J\xc3\xb6rg M\xc3\xb6ller-Wei\xc3\x9f\n",
    "searchindex.js": 'Search.setIndex({"titles": ["Jörg Möller-Weiß"]})'.encode(),
    "book.ipynb": json.dumps(
        {"image/png": base64.b64encode(picture(b"tEXt", NAME.encode())).decode() + "\n"}
    ).encode(),
}


@pytest.mark.parametrize("name", FILES)
def test_it_is_seen_in_files_of_every_kind(tmp_path, name):
    (tmp_path / name).write_bytes(FILES[name])
    said = list(Recognised({NAME: WHOSE}).leaks([(tmp_path / name, name)]))
    assert [re.sub(r":\d+:", ":", line) for line in said] == [f"{name}: holds {WHOSE}"]


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
    identify(mini.raw, "nowhere")
    assert any("'nowhere' is not known" in problem for problem in mini.problems())


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
