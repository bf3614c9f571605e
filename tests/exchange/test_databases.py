"""Projects of QualCoder and Taguette, made as these programs make them."""

import json
import sqlite3
from contextlib import suppress

import pytest
from growth import growth
from hypothesis import given, settings
from hypothesis import strategies as st
from refusals import refusal

from analysis.exchange.account import account
from analysis.exchange.opening import NotReadableError
from analysis.exchange.reading import read_project
from analysis.exchange.tables import QUOTE, tables
from analysis.exchange.taguette import Text

TALK = "Wir brauchen 😀 Geld.\nUnd mehr Leute."
QUALCODER = """
CREATE TABLE project (databaseversion text, date text, memo text, about text);
CREATE TABLE source (id integer primary key, name text, fulltext text, mediapath text, memo text,
  owner text, date text, av_text_id integer, risid integer, unique(name));
CREATE TABLE code_cat (catid integer primary key, name text, owner text, date text, memo text,
  supercatid integer, unique(name));
CREATE TABLE code_name (cid integer primary key, name text, memo text, catid integer, owner text,
  date text, color text, unique(name));
CREATE TABLE code_text (ctid integer primary key, cid integer, fid integer, seltext text,
  pos0 integer, pos1 integer, owner text, date text, memo text, avid integer, important integer,
  unique(cid, fid, pos0, pos1, owner));
CREATE TABLE code_image (imid integer primary key, id integer, x1 integer, y1 integer,
  width integer, height integer, cid integer, memo text, date text, owner text,
  important integer);
CREATE TABLE code_av (avid integer primary key, id integer, pos0 integer, pos1 integer,
  cid integer, memo text, date text, owner text, important integer);
CREATE TABLE annotation (anid integer primary key, fid integer, pos0 integer, pos1 integer,
  memo text, owner text, date text);
CREATE TABLE journal (jid integer primary key, name text, jentry text, date text, owner text);
CREATE TABLE cases (caseid integer primary key, name text, memo text, owner text, date text);
CREATE TABLE attribute (attrid integer primary key, name text, attr_type text, value text,
  id integer, date text, owner text);
INSERT INTO source (id, name, mediapath) VALUES (2, 'b.png', '/images/b.png'),
  (3, 'c.mp3', 'audio:/c.mp3');
INSERT INTO code_cat (catid, name, supercatid) VALUES (1, 'Hemmnisse', NULL), (2, 'Mittel', 1);
INSERT INTO code_name (cid, name, memo, catid) VALUES (1, 'Geld', 'Es fehlt.', 2),
  (2, 'Leute', '', NULL);
INSERT INTO code_image (imid, id, x1, y1, width, height, cid, owner)
  VALUES (1, 2, 5, 6, 10, 20, 1, 'ann');
INSERT INTO code_av (avid, id, pos0, pos1, cid, owner) VALUES (1, 3, 61000, 62000, 1, 'ben');
INSERT INTO journal (jid, name, jentry) VALUES (1, 'Tag 1', 'x');
INSERT INTO cases (caseid, name) VALUES (1, 'Klinik');
"""
TAGUETTE = """
CREATE TABLE users (login VARCHAR PRIMARY KEY, created DATETIME);
CREATE TABLE projects (id INTEGER PRIMARY KEY, name VARCHAR, description TEXT, created DATETIME);
CREATE TABLE documents (id INTEGER PRIMARY KEY, name VARCHAR, description TEXT, filename VARCHAR,
  created DATETIME, project_id INTEGER, text_direction VARCHAR, contents TEXT);
CREATE TABLE tags (id INTEGER PRIMARY KEY, project_id INTEGER, path VARCHAR, description TEXT);
CREATE TABLE highlights (id INTEGER PRIMARY KEY, document_id INTEGER, start_offset INTEGER,
  end_offset INTEGER, snippet TEXT);
CREATE TABLE highlight_tags (highlight_id INTEGER, tag_id INTEGER);
CREATE TABLE commands (id INTEGER PRIMARY KEY, date DATETIME, user_login VARCHAR,
  project_id INTEGER, document_id INTEGER, payload TEXT);
INSERT INTO projects (id, name) VALUES (1, 'Talks');
INSERT INTO tags VALUES (1, 1, 'hemmnis', ''), (2, 1, 'hemmnis.geld', 'Es fehlt.');
"""


def database(path, script, *rows):
    with sqlite3.connect(path) as connection:
        connection.executescript(script)
        for statement, values in rows:
            connection.execute(statement, values)
    connection.close()
    return path


def coded(start, end, said, *, code=1, owner="ann", number=1):
    columns = "INSERT INTO code_text (ctid, cid, fid, seltext, pos0, pos1, owner) VALUES "
    return columns + "(?, ?, 1, ?, ?, ?, ?)", (number, code, said, start, end, owner)


SOURCE = "INSERT INTO source (id, name, fulltext) VALUES (1, 'a.txt', ?)", (TALK,)


def test_clips_of_qualcoder_within_the_same_second_are_several_statements(tmp_path):
    clip = "INSERT INTO code_av (avid, id, pos0, pos1, cid, owner) VALUES (?, 3, ?, ?, ?, 'ben')"
    clips = [(clip, (2, 750_100, 750_900, 1)), (clip, (3, 750_950, 750_999, 2))]
    made = tables(read_project(database(tmp_path / "data.qda", QUALCODER, *clips)))
    (given,) = [rows for file, rows in made.rows.items() if file.endswith("codings_coder2.csv")]
    assert len({row["unit_id"] for row in given}) == 3
    places = [row["locator"] for row in made.rows["coding/units.csv"]]
    assert places.count("00:12:30–00:12:30") == 2


def test_clips_that_are_shown_alike_are_one_statement_whoever_coded_what_else(tmp_path):
    clip = "INSERT INTO code_av (avid, id, pos0, pos1, cid, owner) VALUES (?, 3, ?, ?, 1, ?)"
    clips = [
        (clip, (2, 750_100, 765_200, "kim")),
        (clip, (3, 750_400, 765_700, "lou")),
        (clip, (4, 750_100, 750_900, "kim")),
        (clip, (5, 750_950, 750_999, "lou")),
    ]

    def units(name, *clips):
        made = tables(read_project(database(tmp_path / name, QUALCODER, *clips)))
        rows = made.rows["coding/units.csv"]
        return {row["unit_id"]: row["locator"] for row in rows if "00:12" in row["locator"]}

    both = units("data.qda", *clips)
    assert [*both.values()].count("00:12:30–00:12:45") == 1
    alone = [units(f"{n}.qda", one) for n, one in enumerate(clips)]
    assert {unit: place for one in alone for unit, place in one.items()} == both
    assert len(both) == 3


def test_a_project_of_qualcoder_is_read(tmp_path):
    (tmp_path / "talks.qda").mkdir()
    database(
        tmp_path / "talks.qda/data.qda",
        QUALCODER,
        SOURCE,
        coded(13, 19, "😀 Geld"),
        coded(25, 35, "mehr Leute", code=2, owner="ben", number=2),
    )
    found = read_project(tmp_path / "talks.qda")
    assert [one.passage.text for one in found.codings[:2]] == ["😀 Geld", "mehr Leute"]
    assert [one.passage.locator for one in found.codings] == [
        "¶1",
        "¶2",
        "[5,6–15,26]",
        "00:01:01–00:01:02",
    ]
    made = tables(found, QUOTE)
    kept = account(found, made.written)["kinds"]
    assert kept["codings"] == {"found": 4, "written": 4, "set aside": {}}
    assert sum(kept["cases"]["set aside"].values()) == sum(kept["memos"]["set aside"].values()) == 1
    assert [*made.dimensions] == ["hemmnisse", "code"]
    assert [*made.dimensions["hemmnisse"]["codes"]] == ["hemmnisse.mittel_geld"]


def test_qualcoder_may_count_as_windows_does(tmp_path):
    path = database(tmp_path / "data.qda", QUALCODER, SOURCE, coded(16, 20, "Geld"))
    found = read_project(path)
    assert found.codings[0].passage.text == "Geld"
    assert found.dialect == "utf16"


def test_codings_of_qualcoder_without_a_code_are_set_aside(tmp_path):
    path = database(tmp_path / "data.qda", QUALCODER, SOURCE, coded(0, 3, "Wir", code=9))
    found = read_project(path)
    assert found.aside["codings", "their code is not in the codebook"] == 1
    account(found, tables(found).written)


def test_numbers_that_are_none_are_named(tmp_path):
    path = database(tmp_path / "data.qda", QUALCODER, SOURCE, coded("x", 3, "Wir"))
    with pytest.raises(NotReadableError, match="holds 'x' in the column 'pos0', expected a whole"):
        read_project(path)


def test_codes_of_qualcoder_may_lie_below_codes(tmp_path):
    path = database(
        tmp_path / "data.qda",
        QUALCODER,
        SOURCE,
        ("ALTER TABLE code_name ADD COLUMN supercid integer", ()),
        ("UPDATE code_name SET supercid = 1 WHERE cid = 2", ()),
        coded(25, 35, "mehr Leute", code=2),
    )
    made = tables(read_project(path))
    assert [*made.dimensions["hemmnisse"]["codes"]] == [
        "hemmnisse.mittel_geld",
        "hemmnisse.mittel_geld_leute",
    ]


def test_the_pages_and_frames_of_a_pdf_in_qualcoder_are_kept(tmp_path):
    framed = "INSERT INTO code_image (imid, id, x1, y1, width, height, cid, owner, pdf_page) "
    framed += "VALUES (?, 2, 5.5, 6, 10.4, 20, 1, 'ann', ?)"
    path = database(
        tmp_path / "data.qda",
        QUALCODER,
        ("ALTER TABLE code_image ADD COLUMN pdf_page integer", ()),
        *((framed, (n, page)) for n, page in ((2, 0), (3, 4))),
    )
    made = tables(read_project(path))
    units = made.rows["coding/units.csv"]
    assert [row["locator"] for row in units][:3] == ["", "p. 1", "p. 5"]
    assert " p. 5 [6,6–16,26]]" in units[2]["gist_de"]
    assert made.written["codings"] == 4


def test_notes_of_ones_own_in_descriptions_of_qualcoder_are_not_read(tmp_path):
    path = database(
        tmp_path / "data.qda",
        QUALCODER,
        ("UPDATE code_name SET memo = 'Es fehlt. ##### wie Herr X sagt' WHERE cid = 1", ()),
        ("UPDATE code_name SET memo = ' #####Herr Y' WHERE cid = 2", ()),
    )
    found = read_project(path)
    made = tables(found)
    kept = account(found, made.written)
    assert "Herr" not in str((made, kept))
    assert kept["kinds"]["descriptions"]["written"] == 1
    assert [*kept["kinds"]["descriptions"]["set aside"].values()] == [1]
    assert "descriptions without what follows ##### in them: 1" in kept["notices"]


@pytest.mark.parametrize("ending", ["-wal", "-journal"])
def test_a_database_that_was_not_closed_is_refused(tmp_path, ending):
    path = database(tmp_path / "data.qda", QUALCODER)
    log = path.with_name(path.name + ending)
    log.touch()
    read_project(path)
    log.write_bytes(b"x")
    with pytest.raises(NotReadableError, match="was not closed; close it there first"):
        read_project(path)


PAGE = "<h1>Gespräch</h1>\n<p>Wir brauchen &amp; wollen 😀 Geld.</p>\n<p>Und <b>Leute</b>.</p>"
TEXT = "Gespräch\nWir brauchen & wollen 😀 Geld.\nUnd Leute."


def highlight(number, words, snippet=None):
    start = TEXT.encode().index(words.encode())
    return (
        "INSERT INTO highlights VALUES (?, 1, ?, ?, ?)",
        (number, start, start + len(words.encode()), snippet or words),
    )


DOCUMENT = "INSERT INTO documents (id, name, contents, project_id) VALUES (1, 'A', ?, 1)", (PAGE,)


def taguette(path, *rows):
    return database(path, TAGUETTE, DOCUMENT, *rows)


def tagged(number, tag):
    return "INSERT INTO highlight_tags VALUES (?, ?)", (number, tag)


def test_a_project_of_taguette_is_read(tmp_path):
    added = {"type": "highlight_add", "highlight_id": 1, "tags": [2]}
    path = taguette(
        tmp_path / "talks.sqlite3",
        highlight(1, "brauchen & wollen 😀 Geld", "<p>brauchen &amp; wollen 😀 Geld</p>"),
        highlight(2, "Leute", "<b>Leute</b>"),
        highlight(3, "Und"),
        tagged(1, 2),
        tagged(2, 1),
        (
            "INSERT INTO commands (user_login, payload) VALUES ('ann', ?)",
            (json.dumps(added),),
        ),
    )
    found = read_project(path)
    assert [one.passage.text for one in found.codings] == ["brauchen & wollen 😀 Geld", "Leute"]
    assert [one.passage.locator for one in found.codings] == ["¶2", "¶3"]
    assert [one.coder for one in found.codings] == ["ann", None]
    made = tables(found)
    kept = account(found, made.written)["kinds"]
    assert kept["passages without a code"]["set aside"] == {"no coder gave them one": 1}
    assert {*made.rows} >= {"coding/codings_a.csv", "coding/codings_coder2.csv"}
    assert [*made.dimensions["hemmnis"]["codes"]] == ["hemmnis.hemmnis", "hemmnis.geld"]


MARKS = ["<a ", "<!--", "<![CDATA[", "<a b='", "</x", "<p", "&", "&#9", "<", "&#" + "9" * 5000]


@pytest.mark.parametrize("mark", MARKS)
def test_a_page_of_taguette_takes_no_longer_than_it_is_long(mark):
    assert growth(lambda length: Text(mark * (length // len(mark))), 50_000) < 8


@pytest.mark.parametrize("mark", ["[1]", "{}", '"1"', "null", "1e400"])
def test_a_history_that_names_no_highlight_tells_no_coder(tmp_path, mark):
    history = "INSERT INTO commands (user_login, payload) VALUES ('ann', ?)"
    payload = f'{{"type": "highlight_add", "highlight_id": {mark}}}'
    path = taguette(tmp_path / "t.db", highlight(1, "Leute"), tagged(1, 2), (history, (payload,)))
    assert [one.coder for one in read_project(path).codings] == [None]


def test_highlights_with_other_words_than_their_document_stop_the_import(tmp_path):
    path = taguette(tmp_path / "t.sqlite3", highlight(7, "Leute", "Geld"), tagged(7, 1))
    with pytest.raises(NotReadableError, match="1 of 1 highlights have other words than their"):
        read_project(path)


def test_several_projects_in_one_file_are_refused(tmp_path):
    path = taguette(tmp_path / "t.db", ("INSERT INTO projects (id, name) VALUES (2, 'B')", ()))
    with pytest.raises(NotReadableError, match="holds 2 projects"):
        read_project(path)


def test_another_database_is_named(tmp_path):
    path = database(tmp_path / "t.db", "CREATE TABLE x (id integer)")
    with pytest.raises(NotReadableError, match="a database of neither QualCoder nor Taguette"):
        read_project(path)


def test_what_qualcoder_notes_anywhere_is_accounted_for(tmp_path):
    path = database(
        tmp_path / "data.qda",
        QUALCODER,
        SOURCE,
        coded(13, 19, "😀 Geld"),
        ("UPDATE code_text SET memo = 'why'", ()),
        ("UPDATE source SET memo = 'who' WHERE id < 3", ()),
        ("UPDATE cases SET memo = ' '", ()),
        ("UPDATE code_cat SET memo = 'all' WHERE catid = 1", ()),
    )
    found = read_project(path)
    kept = account(found, tables(found).written)["kinds"]
    assert kept["memos"]["found"] == 1 + 1 + 2  # of the journal, the coding and two documents
    assert kept["descriptions"] == {
        "found": 2,
        "written": 1,
        "set aside": {"they describe folders of codes": 1},
    }


def test_what_taguette_notes_of_documents_is_accounted_for(tmp_path):
    path = taguette(tmp_path / "t.db", ("UPDATE documents SET description = 'who'", ()))
    found = read_project(path)
    kept = account(found, tables(found).written)["kinds"]
    assert kept["memos"]["found"] == 1
    assert kept["descriptions"]["written"] == 1


@pytest.mark.parametrize("program", ["QualCoder", "Taguette"])
def test_categories_without_end_are_refused_at_once(tmp_path, program):
    numbers = range(10, 3000)
    if program == "QualCoder":
        statement = "INSERT INTO code_cat (catid, name, supercatid) VALUES (?, ?, ?)"
        rows = [(statement, (n, f"c{n}", n - 1)) for n in numbers]
        path = database(tmp_path / "data.qda", QUALCODER, *rows)
    else:
        rows = [("INSERT INTO tags VALUES (?, 1, ?, '')", (n, ".".join("a" * n))) for n in numbers]
        path = taguette(tmp_path / "t.db", *rows)
    with pytest.raises(NotReadableError, match="more than 100 elements lie within each other"):
        tables(read_project(path))


WHOLE = None


def whole(folder):
    """A project of QualCoder as bytes, made once."""
    global WHOLE
    if WHOLE is None:
        path = database(folder / "data.qda", QUALCODER, SOURCE, coded(13, 19, "😀 Geld"))
        WHOLE = path.read_bytes()
    return WHOLE


@settings(max_examples=40)
@given(st.data())
def test_damaged_databases_are_read_or_refused_in_one_sentence(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("damaged")
    content = bytearray(whole(folder))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = folder / "damaged.qda"
    path.write_bytes(content[: data.draw(st.sampled_from([len(content), len(content) // 2]))])
    try:
        tables(read_project(path))
    except NotReadableError as error:
        said = str(error)
    else:
        said = ""
    assert "\n" not in said


ODD = [None, "", "x", -1, 2**62, 1.5, b"\xff", "a\u202eb", "=x", '{"type": "highlight_add"}']
ODD += ['{"type": "highlight_add", "highlight_id": [1], "tags": 3}', "[1]", "<p>&#0;</p>"]


@settings(max_examples=100)
@given(st.data())
def test_whatever_stands_in_a_database_is_accounted_for_or_refused(tmp_path_factory, data):
    script = data.draw(st.sampled_from([QUALCODER, TAGUETTE]))
    rows = [SOURCE, coded(13, 19, "😀 Geld")]
    if script is TAGUETTE:
        history = "INSERT INTO commands (user_login, payload) VALUES ('ann', '{}')"
        rows = [DOCUMENT, highlight(1, "Leute"), tagged(1, 2), tagged(1, 1), (history, ())]
    connection = sqlite3.connect(":memory:")  # nothing waits for the disk
    connection.executescript(script)
    for statement, values in rows:
        connection.execute(statement, values)
    names = [name for (name,) in connection.execute("SELECT tbl_name FROM sqlite_master")]
    places = [
        (name, column[1])
        for name in names
        for column in connection.execute(f"PRAGMA table_info({name})")
    ]
    for _ in range(data.draw(st.integers(1, 3))):
        table, column = data.draw(st.sampled_from(places))
        value = data.draw(st.sampled_from(ODD))
        with suppress(sqlite3.Error):  # what the database itself does not let in
            connection.execute(f"UPDATE {table} SET {column} = ?", (value,))
    connection.commit()
    path = tmp_path_factory.mktemp("odd") / "data.qda"
    path.write_bytes(connection.serialize())
    connection.close()
    assert "\n" not in refusal(path)
