"""REFI-QDA as programs write it: everything may be missing, and nothing is lost on the way."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qdpx import (
    TALK,
    code,
    coding,
    element,
    guid,
    passage,
    project,
    small,
    text_source,
    users,
    write,
    write_small,
)
from refusals import refusal

from analysis.exchange.account import account
from analysis.exchange.names import number
from analysis.exchange.opening import NotReadableError
from analysis.exchange.reading import read_project
from analysis.exchange.tables import QUOTE, tables

WORDS = [code(1, "Geld")]


def read(path, xml, files=None, **settings):
    return read_project(write(path / "p.qdpx", xml, files), **settings)


def quoted(found):
    return tables(found, QUOTE)


def gists(made):
    return [row["gist_de"] for row in made.rows["coding/units.csv"]]


def test_a_project_is_read_with_all_its_codings(tmp_path):
    found = read_project(write_small(tmp_path / "p.qdpx"))
    assert [one.name for one in found.documents.values()] == ["Gespräch A", "Gespräch B"]
    assert [one.passage.text for one in found.codings] == [
        "Wir brauchen Geld.",
        "Wir brauchen Geld.",
        "Und mehr Leute.",
        "Ja.",  # the line feed after it is no word
    ]
    assert found.codes[guid(11)].parent == guid(10)
    assert found.codes[guid(11)].description == "Es fehlt Geld."
    assert found.codings[1].coder == guid(2)
    assert found.codings[2].passage.locator == "¶1"


def test_all_that_the_file_holds_is_accounted_for(tmp_path):
    path = write_small(tmp_path / "p.qdpx")
    found = read_project(path)
    kept = account(found, tables(found).written)
    import zipfile

    xml = zipfile.ZipFile(path).read("project.qde").decode()
    for kind, tag in {"codings": "Coding", "codes": "Code", "coders": "User"}.items():
        number = len(re.findall(rf"<{tag}[ >]", xml))
        assert kept["kinds"][kind]["found"] == number, kind
        aside = sum(kept["kinds"][kind]["set aside"].values())
        assert kept["kinds"][kind]["written"] + aside == number, kind
    assert kept["kinds"]["documents"] == {"found": 2, "written": 2, "set aside": {}}


def test_an_account_that_does_not_add_up_stops_the_import(tmp_path):
    found = read_project(write_small(tmp_path / "p.qdpx"))
    written = tables(found).written
    found.found["codings"] += 1
    with pytest.raises(NotReadableError, match="holds 5 codings, of which 4 would be written"):
        account(found, written)


@pytest.mark.parametrize(
    ("place", "path"),
    [
        ("sources/a.txt", "internal://a.txt"),
        ("Sources/A.TXT", "internal://a.txt"),
        ("sources/a.txt", "a.txt"),
        ("Sources\\A.txt", "internal://a.txt"),
        ("a.txt", "internal://a.txt"),
    ],
)
def test_texts_are_found_whatever_the_case_of_their_folder(tmp_path, place, path):
    xml = project(
        codes=WORDS, sources=[text_source(2, "A", passage(3, 0, 3, coding(4, 1)), path=path)]
    )
    assert gists(quoted(read(tmp_path, xml, {place: TALK}))) == ["Wir"]


@pytest.mark.parametrize("inner", ["project.qde", "Project.QDE", "Mein Projekt.qde"])
def test_the_inner_file_may_have_any_name(tmp_path, inner):
    path = write(tmp_path / "p.qdpx", project(codes=WORDS), inner=inner)
    assert len(read_project(path).codes) == 1


def test_two_inner_files_are_refused(tmp_path):
    path = write(tmp_path / "p.qdpx", project(), {"other.qde": project()})
    with pytest.raises(NotReadableError, match=r"holds 'project.qde', 'other.qde'"):
        read_project(path)


@pytest.mark.parametrize("namespace", ["urn:QDA-XML:project:1.5", "urn:QDA-XML:project:0:10", "x"])
def test_namespaces_do_not_matter(tmp_path, namespace):
    found = read(tmp_path, project(codes=WORDS, namespace=namespace))
    assert len(found.codes) == 1


def test_guids_may_be_in_braces_or_capitals(tmp_path):
    xml = project(
        users("A"),
        codes=[element("Code", guid="{ABC-1}", name="x", isCodable="true")],
        sources=[
            text_source(
                2,
                "A",
                element(
                    "PlainTextSelection",
                    element("Coding", element("CodeRef", targetGUID="abc-1"), guid="c"),
                    startPosition=0,
                    endPosition=1,
                    creatingUser=f"{{{guid(1).upper()}}}",
                ),
                inline="Ja",
            )
        ],
    )
    (one,) = read(tmp_path, xml).codings
    assert (one.code, one.coder) == ("abc-1", guid(1))


def test_a_codebook_alone_is_read(tmp_path):
    path = tmp_path / "c.qdc"
    inner = element("Codes", code(1, "Geld", code(2, "Land")))
    path.write_text(element("CodeBook", inner, xmlns="urn:QDA-XML:codebook:0:4"), "utf-8")
    made = tables(read_project(path))
    assert made.dimensions["geld"]["codes"].keys() == {"geld.land"}
    assert made.rows == {}


def test_another_kind_of_xml_is_named(tmp_path):
    (tmp_path / "p.qde").write_text("<html/>", "utf-8")
    with pytest.raises(NotReadableError, match="begins with <html>"):
        read_project(tmp_path / "p.qde")


@pytest.mark.parametrize("content", [None, b"", b"x"])
def test_a_text_that_is_missing_leaves_positions(tmp_path, content):
    xml = project(
        codes=WORDS,
        sources=[text_source(2, "A", passage(3, 7, 9, coding(4, 1)), path="internal://a.txt")],
    )
    found = read(tmp_path, xml, {} if content is None else {"sources/a.txt": content})
    assert "texts that are missing or empty in the file: 1; positions in them are kept" in (
        found.notices
    )
    assert gists(tables(found)) == [f"[interview-{number('a', 6)} 7–9]"]


@pytest.mark.parametrize("path", ["relative:///a.txt", "absolute:///etc/passwd", "file:///x"])
def test_a_text_outside_of_the_file_is_not_read(tmp_path, path):
    xml = project(
        codes=WORDS, sources=[text_source(2, "A", passage(3, 0, 9, coding(4, 1)), path=path)]
    )
    found = read(tmp_path, xml)
    assert found.notices == ["texts outside of the file: 1; positions in them are kept"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1252"])
def test_a_text_that_is_not_utf8_is_named(tmp_path, encoding):
    xml = project(codes=WORDS, sources=[text_source(2, "A", path="internal://ä.txt")])
    with pytest.raises(NotReadableError, match=r"the text 'sources/ä.txt' is not in UTF-8"):
        read(tmp_path, xml, {"sources/ä.txt": "Grüße".encode(encoding)})


def test_passages_of_pictures_and_recordings_are_kept(tmp_path):
    given = coding(4, 1)
    box = {"firstX": 1, "firstY": 2, "secondX": 3, "secondY": 4}
    sources = [
        element("PDFSource", element("PDFSelection", given, page=3, **box), guid="p", name="P"),
        element("PictureSource", element("PictureSelection", given, **box), guid="i", name="I"),
        element("AudioSource", element("AudioSelection", given, begin=61_000, end=3_662_000),
                guid="a", name="A"),
    ]  # fmt: skip
    made = tables(read(tmp_path, project(codes=WORDS, sources=sources)))
    assert gists(made) == [
        f"[interview-{number(key, 6)} {place}]"
        for key, place in (
            ("p", "p. 3 [1,2–3,4]"),
            ("i", "[1,2–3,4]"),
            ("a", "00:01:01–01:01:02"),
        )
    ]
    assert [row["locator"] for row in made.rows["coding/units.csv"]] == [
        "p. 3",
        "",
        "00:01:01–01:01:02",
    ]


def test_clips_within_the_same_second_are_several_statements(tmp_path):
    def clips(*spans):
        return [
            element("AudioSelection", coding(40 + n, n), begin=begin, end=end)
            for n, begin, end in spans
        ]

    def units(*spans):
        codes = [code(n, f"x{n}") for n in (1, 2, 3)]
        source = element("AudioSource", "".join(clips(*spans)), guid="a", name="A")
        made = tables(read(tmp_path, project(codes=codes, sources=[source])))
        assert {row["locator"] for row in made.rows["coding/units.csv"]} == {"00:12:30–00:12:30"}
        return {row["code"]: row["unit_id"] for row in made.rows["coding/codings_a.csv"]}

    spans = (1, 750_100, 750_900), (2, 750_950, 750_999), (3, 750_950, 750_999)
    several = units(*spans)
    assert several["code.x1"] != several["code.x2"] == several["code.x3"]
    assert units(*spans[::-1]) == several
    assert len({*units(*spans[1:]).values()}) == 1


@pytest.mark.parametrize("name", ["{}", ""])
def test_users_that_are_known_by_an_id_alone_have_a_table_each(tmp_path, name):
    both = "".join(element("User", id=key, **({"name": name} if name else {})) for key in "JK")
    source = element(
        "TextSource",
        element(
            "PlainTextSelection",
            "".join(
                element("Coding", element("CodeRef", targetGUID=guid(1)), creatingUser=user)
                for user in "JK"
            ),
            startPosition=0,
            endPosition=3,
        ),
        name="A",
        guid=guid(20),
        plainTextPath="internal://a.txt",
    )
    xml = project(element("Users", both), codes=WORDS, sources=[source]).replace("{}", "Kim")
    made = tables(read(tmp_path, xml, {"sources/a.txt": TALK}))
    codings = [file for file in made.rows if "codings_" in file]
    assert len(codings) == (1 if name else 2)


def test_text_within_a_pdf_or_a_transcript_is_found(tmp_path):
    given = coding(4, 1)
    within = element(
        "Representation", passage(5, 0, 3, given), guid="r", plainTextPath="internal://a.txt"
    )
    transcript = element(
        "Transcript",
        element("SyncPoint", guid="s1", position=4, timeStamp=1000)
        + element("SyncPoint", guid="s2", position=12, timeStamp=5000)
        + element("TranscriptSelection", given, fromSyncPoint="s1", toSyncPoint="s2"),
        guid="t",
        plainTextPath="internal://a.txt",
    )
    sources = [
        element("PDFSource", within, guid="p", name="P"),
        element("AudioSource", transcript, guid="a", name="A"),
    ]
    found = read(tmp_path, project(codes=WORDS, sources=sources), {"sources/a.txt": TALK})
    assert [one.passage.text for one in found.codings] == ["Wir", "brauchen"]
    assert [one.passage.document for one in found.codings] == ["p", "a"]
    assert [one.passage.locator for one in found.codings] == ["¶1", "00:00:01–00:00:05"]
    assert [one.text for one in found.documents.values()] == [TALK, TALK]


@pytest.mark.parametrize(
    ("origin", "page"), [("QualCoder 3.6", "p. 4"), ("ATLAS.ti", "p. 3"), ("QualCoder", "p. iv")]
)
def test_pages_are_counted_as_programs_do(tmp_path, origin, page):
    said = 3 if page != "p. iv" else "iv"
    sources = [
        element("PDFSource", element("PDFSelection", coding(4, 1), page=said), guid="p", name="P")
    ]
    found = read(tmp_path, project(codes=WORDS, sources=sources, origin=origin))
    assert [one.passage.locator for one in found.codings] == [page]
    assert f"pages are counted from {int('QualCoder' not in origin)}" in found.notices


def test_a_code_for_all_of_the_text_of_a_pdf_is_one_for_the_document(tmp_path):
    within = element("Representation", coding(4, 1), guid="r")
    found = read(
        tmp_path,
        project(codes=WORDS, sources=[element("PDFSource", within, guid="p", name="P")]),
    )
    assert [one.passage.document for one in found.codings] == ["p"]
    assert not found.aside


def test_a_code_for_a_whole_document_is_kept(tmp_path):
    xml = project(codes=WORDS, sources=[text_source(2, "A", coding(4, 1), inline="Ja.")])
    assert gists(quoted(read(tmp_path, xml))) == [f"[interview-{number('a', 6)}]"]


def test_what_the_tables_have_no_place_for_is_set_aside_with_the_reason(tmp_path):
    unknown = passage(3, 0, 1, coding(4, 99))
    bare = passage(5, 0, 1)
    memo = element("Notes", element("Note", passage(6, 0, 1, coding(7, 1)), guid="n", name="M"))
    sets = element("Sets", element("Set", guid="s", name="S"))
    xml = project(
        memo, sets, codes=WORDS, sources=[text_source(2, "A", unknown, bare, inline="Ja.")]
    )
    found = read(tmp_path, xml)
    kept = account(found, tables(found).written)["kinds"]
    assert kept["codings"]["set aside"] == {
        "their code is not in the codebook": 1,
        "they do not code a document": 1,
    }
    assert kept["passages without a code"]["set aside"] == {"no coder gave them one": 1}
    assert sum(kept["memos"]["set aside"].values()) == sum(kept["sets"]["set aside"].values()) == 1


def test_a_description_of_a_document_is_not_its_text(tmp_path):
    xml = project(
        codes=WORDS,
        sources=[
            element(
                "TextSource",
                element("PlainTextContent", "Ja.")
                + element("Description", "gut")
                + passage(3, 0, 2, coding(4, 1)),
                guid="a",
                name="A",
            )
        ],
    )
    assert gists(quoted(read(tmp_path, xml))) == ["Ja"]


@pytest.mark.parametrize("start", ["", "x", "-1", "1e3", "٣", "9" * 30])
def test_what_is_no_position_is_named(tmp_path, start):
    xml = project(
        codes=WORDS,
        sources=[text_source(2, "A", passage(3, start, 9, coding(4, 1)), inline="Ja.")],
    )
    with pytest.raises(NotReadableError, match="which are no positions"):
        read(tmp_path, xml)


@pytest.mark.parametrize("talk", [{"inline": TALK}, {"path": "internal://gone.txt"}])
def test_a_passage_that_ends_before_it_begins_is_named(tmp_path, talk):
    source = text_source(20, "A", passage(30, 18, 4, coding(40, 11)), **talk)
    with pytest.raises(
        NotReadableError, match="in 'A' a passage begins at 18 and ends before it, at 4; export"
    ):
        read(tmp_path, project(codes=[code(11, "x")], sources=[source]))


def test_two_things_of_one_guid_are_refused(tmp_path):
    with pytest.raises(NotReadableError, match="two codes have the guid"):
        read(tmp_path, project(codes=[code(1, "a"), code(1, "b")]))


def test_names_of_users_in_paths_are_not_taken_over(tmp_path):
    found = read_project(write_small(tmp_path / "p.qdpx"))
    made = tables(found)
    said = str(account(found, made.written)) + str(made)
    assert "gespräch" not in said.lower()
    assert "beispiel" not in said.lower()
    assert "muster" not in said.lower()


def test_a_project_of_f4_is_read_with_its_remarks(tmp_path):
    """It has no users, names no words of passages, and hangs memos on passages and codes."""
    remark = element("Description", "Eine Notiz") + element("NoteRef", targetGUID="n")
    bare = element("PlainTextSelection", remark, guid="b", startPosition=0, endPosition=3)
    given = passage(3, 4, 17, coding(4, 1))
    noted = code(1, "Geld", element("NoteRef", targetGUID="m"), description="Was fehlt")
    sources = [
        text_source(2, "Interview", given, bare, path="internal://a.txt"),
        text_source(5, "Interview 2", path="internal://b.txt"),
    ]
    notes = element("Notes", "".join(
        element("Note", guid=name, plainTextPath=f"internal://{name}.txt") for name in "nm"
    ))  # fmt: skip
    xml = project(codes=[noted], sources=sources, origin="f4 2025.2.9")
    xml = xml.replace("</Project>", f"{notes}</Project>")
    found = read(tmp_path, xml, {"sources/a.txt": TALK, "sources/b.txt": "Ja."})
    assert [one.passage.text for one in found.codings] == ["brauchen Geld"]
    kept = account(found, tables(found).written)["kinds"]
    assert {kind: (about["found"], about["written"]) for kind, about in kept.items()} == {
        "documents": (2, 2),
        "codes": (1, 1),
        "codings": (1, 1),
        "memos": (2, 0),
        "descriptions": (2, 1),
        "passages without a code": (1, 0),
    }


def test_what_is_said_of_codes_is_written_and_what_is_said_of_others_set_aside(tmp_path):
    about = element("Description", "why")
    marked = element(
        "PlainTextSelection", about + coding(4, 1), guid="s", startPosition=0, endPosition=2
    )
    source = element(
        "TextSource", about + element("PlainTextContent", "Ja.") + marked, guid="a", name="A"
    )
    folder = code(2, "Ordner", code(1, "x", description="y"), description="z")
    found = read(tmp_path, project(element("Description", " "), codes=[folder], sources=[source]))
    kept = account(found, tables(found).written)["kinds"]["descriptions"]
    assert kept["found"] == 4
    assert kept["written"] == 1
    assert kept["set aside"] == {"they describe no code": 2, "they describe folders of codes": 1}


def test_a_coding_with_two_codes_is_two_codings(tmp_path):
    both = element("Coding", "".join(element("CodeRef", targetGUID=guid(n)) for n in (1, 2)))
    xml = project(
        codes=[code(1, "x"), code(2, "y")],
        sources=[text_source(3, "A", passage(4, 0, 2, both), inline="Ja.")],
    )
    found = read(tmp_path, xml)
    made = tables(found)
    assert [row["code"] for row in made.rows["coding/codings_a.csv"]] == ["code.x", "code.y"]
    assert account(found, made.written)["kinds"]["codings"]["found"] == 2


def test_what_a_mac_leaves_in_an_archive_is_no_project(tmp_path):
    found = read(tmp_path, project(codes=WORDS), {"._project.qde": b"\0\5\x16\7"})
    assert len(found.codes) == 1


ATTRIBUTE = re.compile(r' (\w+)="([^"]*)"')
ELEMENT = re.compile(r"<(\w+)[^<>]*/>|<(\w+)[^<>]*>[^<>]*</\2>")
ODD = ["", "x", "-1", "3", "9" * 30, guid(1), guid(11), guid(20), "internal://a.txt", "&#8238;=x"]


@settings(max_examples=150)
@given(st.data())
def test_whatever_stands_in_a_project_is_accounted_for_or_refused(tmp_path_factory, data):
    xml = small()
    for _ in range(data.draw(st.integers(1, 4))):
        pattern = data.draw(st.sampled_from([ATTRIBUTE, ATTRIBUTE, ELEMENT]))
        part = data.draw(st.sampled_from([*pattern.finditer(xml)]))
        if pattern is ELEMENT:
            instead = part.group() * data.draw(st.sampled_from([0, 2]))
        else:
            value = data.draw(st.sampled_from([None, *ODD]))
            instead = "" if value is None else f' {part.group(1)}="{value}"'
        xml = xml[: part.start()] + instead + xml[part.end() :]
    path = write(tmp_path_factory.mktemp("odd") / "p.qdpx", xml, {"sources/a.txt": TALK})
    assert "\n" not in refusal(path)
