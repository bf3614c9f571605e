"""What other programs wrote is not trusted: each attack ends in one sentence, without a trace."""

import io
import sqlite3
import zipfile

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qdpx import code, project, small, write

from analysis.exchange import opening
from analysis.exchange.opening import Archive, Database, NotReadableError, leads_outside, read_xml
from analysis.exchange.reading import read_project

BOMB = """<!DOCTYPE p [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<Project origin="&b;"/>"""
EXTERNAL = '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><Project origin="&x;"/>'


class Silent:
    def start(self, name, attributes): ...
    def data(self, text): ...
    def end(self, name): ...


def said_of(reader, *arguments):
    """What is said of a file that cannot be read; nothing of one that can."""
    try:
        reader(*arguments)
    except NotReadableError as error:
        return str(error)
    return ""


def one_sentence(error):
    text = str(error.value)
    assert "\n" not in text
    return text


@pytest.mark.parametrize("xml", [BOMB, EXTERNAL, "<!DOCTYPE Project><Project/>"])
def test_entities_and_document_types_are_refused(tmp_path, xml):
    with pytest.raises(NotReadableError, match="defines a document type or entities") as error:
        read_project(write(tmp_path / "p.qdpx", xml))
    one_sentence(error)


def test_codes_that_lie_endlessly_within_each_other_are_refused(tmp_path):
    codes = "".join(f'<Code guid="{n * n}" name="{n * 7919}">' for n in range(100_000))
    xml = "<Project>" + codes + "</Code>" * 100_000 + "</Project>"
    with pytest.raises(NotReadableError, match="more than 100 elements lie within each other"):
        read_project(write(tmp_path / "p.qdpx", xml))


@pytest.mark.parametrize("length", [5, 40])
def test_an_attribute_without_end_is_refused(length):
    xml = f'<Project origin="{"x" * (length << 20)}"/>'.encode()
    with pytest.raises(NotReadableError, match="MiB of attributes"):
        read_xml(xml, Silent(), "p")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_file_that_breaks_off_is_not_read_in_part(tmp_path, share):
    xml = small()
    path = write(tmp_path / "p.qdpx", xml[: int(len(xml) * share)])
    with pytest.raises(NotReadableError, match=r"line \d, character \d+: the XML breaks off"):
        read_project(path)


@pytest.mark.parametrize(
    "name",
    ["../x.txt", "/etc/passwd", "a/../../x", "C:\\x", "\\\\host\\x", "..\\x", "c:x", "//h/x"],
)
def test_names_that_lead_out_of_an_archive_are_refused(tmp_path, name):
    path = write(tmp_path / "p.qdpx", project(), {name: "x"})
    with pytest.raises(NotReadableError, match="would lie outside of it"):
        read_project(path)


@pytest.mark.parametrize("name", ["sources/a.txt", "..a", "a..b/c", "ä ö.txt", "a:b"[:1]])
def test_ordinary_names_are_not(name):
    assert not leads_outside(name)


def test_links_in_archives_are_refused(tmp_path):
    path = tmp_path / "p.qdpx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.qde", project())
        link = zipfile.ZipInfo("sources/a.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(NotReadableError, match="is a link"):
        read_project(path)


def test_an_archive_that_is_refused_is_closed(tmp_path):
    path = write(tmp_path / "p.qdpx", project(), {"../x": "x"})
    with pytest.raises(NotReadableError) as error:
        Archive(path)
    assert error.tb  # which holds what is open
    assert str(path) not in {file.path for file in psutil.Process().open_files()}


def test_archives_with_a_password_are_named(tmp_path):
    content = bytearray(write(tmp_path / "p.qdpx", project()).read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    (tmp_path / "p.qdpx").write_bytes(content)
    with pytest.raises(NotReadableError, match=r"'project\.qde' needs a password"):
        read_project(tmp_path / "p.qdpx")


def test_what_unpacks_to_far_more_than_it_is_is_refused(tmp_path):
    path = write(tmp_path / "p.qdpx", b"<Project>" + b" " * (20 << 20) + b"</Project>")
    with pytest.raises(NotReadableError, match="unpacks to more than 200 times its size"):
        read_project(path)


def test_a_size_that_is_told_wrong_does_not_help(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "LARGEST", 1000)
    path = write(tmp_path / "p.qdpx", project(origin="".join(map(chr, range(200, 1500)))))
    with Archive(path) as archive:
        archive._zip.getinfo("project.qde").file_size = 10
        with pytest.raises(NotReadableError, match=r"project\.qde"):
            archive.read("project.qde")


def test_one_file_or_all_of_them_that_are_larger_than_is_read_are_refused(tmp_path, monkeypatch):
    path = write(tmp_path / "p.qdpx", project(), dict.fromkeys("ab", "x" * 100))
    monkeypatch.setattr(opening, "LARGEST", 99)
    with (
        Archive(path) as archive,
        pytest.raises(NotReadableError, match="'a' is larger than"),
    ):
        archive.read("a")
    monkeypatch.setattr(opening, "LARGEST", 1000)
    monkeypatch.setattr(opening, "MOST_TEXT", 199)
    with Archive(path) as archive:
        assert len(archive.read("a")) == 100
        with pytest.raises(NotReadableError, match="'b' is larger than"):
            archive.read("b")


def test_many_files_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "MOST_ENTRIES", 3)
    path = write(tmp_path / "p.qdpx", project(), dict.fromkeys("abc", "x"))
    with pytest.raises(NotReadableError, match="holds 4 files, more than 3"):
        read_project(path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused(tmp_path):
    path = tmp_path / "p.qdpx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.qde", project())
        archive.writestr("project.qde", project(codes=[code(1, "x")]))
    with pytest.raises(NotReadableError, match=r"holds 'project\.qde' twice"):
        read_project(path)


WHOLE = io.BytesIO()
with zipfile.ZipFile(WHOLE, "w", zipfile.ZIP_DEFLATED) as whole:
    whole.writestr("project.qde", small())
    whole.writestr("sources/a.txt", "Wir brauchen Geld. Und mehr Leute.\nDas Land hilft.")
WHOLE = WHOLE.getvalue()


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=8),
    st.integers(0, len(WHOLE)),
)
def test_damaged_archives_are_read_or_refused_in_one_sentence(tmp_path_factory, changes, end):
    content = bytearray(WHOLE)
    for at, byte in changes:
        content[at] = byte
    path = tmp_path_factory.mktemp("damaged") / "p.qdpx"
    path.write_bytes(content[:end] if not changes else content)
    assert "\n" not in said_of(read_project, path)


@settings(max_examples=100)
@given(st.data())
def test_damaged_xml_is_read_or_refused_in_one_sentence(data):
    content = bytearray(small().encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=8))
    assert "\n" not in said_of(read_xml, bytes(content), Silent(), "p")


def database(path, *statements):
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    return path


def test_a_database_is_not_changed_and_views_are_no_tables(tmp_path):
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n"
    path = database(
        tmp_path / "p.sqlite3",
        "CREATE TABLE a (id INTEGER, name TEXT)",
        "INSERT INTO a VALUES (1, 'x')",
        f"CREATE VIEW b AS {endless}",
    )
    before = path.read_bytes()
    with Database(path) as found:
        assert found.rows("a", ("#id", "name"), ("memo",)) == [(1, "x", "")]
        with pytest.raises(
            NotReadableError, match="holds 'x' in the column 'name', expected a whole"
        ):
            found.rows("a", ("#name",))
        with pytest.raises(NotReadableError, match="has no table 'b'"):
            found.rows("b", ("x",))
        with pytest.raises(NotReadableError, match="has no column 'color'"):
            found.rows("a", ("color",))
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["p.sqlite3"]


def test_a_text_that_stands_in_every_row_does_not_take_all_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "MOST_TEXT", 5000)
    path = database(
        tmp_path / "p.sqlite3",
        "CREATE TABLE a (id INTEGER)",
        f"INSERT INTO a VALUES {', '.join('(1)' for _ in range(100))}",
        f"ALTER TABLE a ADD COLUMN name TEXT DEFAULT '{'x' * 100}'",
    )
    with Database(path) as found, pytest.raises(NotReadableError, match="'a' holds more than the"):
        found.rows("a", ("name",))


def test_more_elements_rows_or_cells_than_there_is_room_for_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "MOST", 20)
    monkeypatch.setattr("analysis.exchange.tabular.MOST", 2)
    (tmp_path / "t.csv").write_text("a,b,c\n" + ",,\n" * 10, "utf-8")
    values = ", ".join("(1)" for _ in range(30))
    path = database(tmp_path / "p.db", "CREATE TABLE a (id)", f"INSERT INTO a VALUES {values}")
    with Database(path) as found:
        for asked, what in (
            (lambda: read_project(write(tmp_path / "p.qdpx", small())), "elements"),
            (lambda: read_project(tmp_path / "t.csv"), "rows or too many cells"),
            (lambda: found.rows("a", ("id",)), "rows"),
        ):
            with pytest.raises(NotReadableError, match=f"holds more than 20 {what}; export the"):
                asked()


def test_a_database_that_is_still_open_is_refused(tmp_path):
    path = database(tmp_path / "p.sqlite3", "CREATE TABLE a (id)")
    (tmp_path / "p.sqlite3-wal").write_bytes(b"x")
    with pytest.raises(NotReadableError, match="is still open in its program"):
        Database(path)


def test_what_is_no_database_is_named(tmp_path):
    (tmp_path / "p.sqlite3").write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    with pytest.raises(NotReadableError, match="is no whole SQLite database"):
        Database(tmp_path / "p.sqlite3")


def test_a_database_that_may_not_be_opened_is_an_error_of_the_disk(tmp_path):
    with pytest.raises(OSError, match=r"p\.sqlite3"):
        Database(tmp_path / "p.sqlite3")
