"""An export is a project of REFI-QDA like any other, and the same to the byte each time."""

import re
import shutil
import zipfile
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qdpx import write_small

from analysis import cli
from analysis.exchange.account import account
from analysis.exchange.export import Book, book_of, left_out, write_checked, write_project
from analysis.exchange.opening import NotReadableError
from analysis.exchange.reading import read_project
from analysis.exchange.tables import tables
from analysis.raw.identities import read_recognised
from analysis.raw.study import read_study

GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def imported(path):
    """What an import of an export writes, as an export takes it."""
    made = tables(read_project(path))
    documents = {row["interview_id"]: {} for row in made.rows.get("study/interviews.csv", [])}
    for row in made.rows.get("coding/units.csv", []):
        documents[row["interview_id"]][row["unit_id"]] = row["gist_de"]
    return Book(
        {
            name: (
                about["label"]["de"],
                {
                    code: (entry["de"], entry.get("definition", {}).get("de", ""))
                    for code, entry in about["codes"].items()
                },
            )
            for name, about in made.dimensions.items()
        },
        documents,
        {
            file[len("coding/codings_") : -4]: [(row["unit_id"], row["code"]) for row in rows]
            for file, rows in made.rows.items()
            if "codings_" in file
        },
    )


def same_again(book, folder):
    """The bytes of an export, and of one of what was imported from it."""
    write_checked(book, folder / "one.qdpx")
    write_checked(imported(folder / "one.qdpx"), folder / "two.qdpx")
    return (folder / "one.qdpx").read_bytes(), (folder / "two.qdpx").read_bytes()


def test_a_study_that_was_exported_and_imported_is_exported_the_same(mini, tmp_path):
    one, two = same_again(book_of(mini.read(), "de"), tmp_path)
    assert one == two


def test_an_export_holds_what_may_be_shown_and_nothing_else(mini, tmp_path):
    study = mini.read()
    counts = write_checked(book_of(study, "en"), tmp_path / "p.qdpx")
    found = read_project(tmp_path / "p.qdpx")
    account(found, tables(found).written)
    known = {*study["units"]["unit_id"], *study["case_units"]["unit_id"]}
    given = sum(
        int((study[name]["unit_id"].isin(known) & study[name]["code"].notna()).sum())
        for name in ("codings_a", "codings_b")
    )
    assert counts["codings"] == len(found.codings) == given
    said = {one.passage.text for one in found.codings}
    assert said <= {*study["units"]["gist_en"], *study["case_units"]["gist_en"]}


def test_statements_of_a_case_and_of_an_interview_of_its_name_are_two_documents(mini):
    study = mini.read()
    case = study["case_units"]["case_id"].iloc[0]
    study.tables["units"] = study["units"].assign(interview_id=case)
    documents = book_of(study, "en").documents
    assert [*documents[case]] == [*study["units"]["unit_id"]]
    cases = [unit for name in documents if name != case for unit in documents[name]]
    assert sorted(cases) == sorted(study["case_units"]["unit_id"])


def test_an_export_keeps_the_rules_of_the_format(mini, tmp_path):
    write_checked(book_of(mini.read(), "de"), tmp_path / "p.qdpx")
    with zipfile.ZipFile(tmp_path / "p.qdpx") as archive:
        xml = archive.read("project.qde").decode()
        texts = {name: archive.read(name).decode() for name in archive.namelist()[1:]}
    guids = re.findall(r' guid="([^"]+)"', xml)
    assert len(guids) == len({*guids})
    assert all(GUID.fullmatch(guid) for guid in guids)
    assert {*re.findall(r'targetGUID="([^"]+)"', xml)} <= {*guids}
    assert {*re.findall(r'creatingUser="([^"]+)"', xml)} <= {*guids}
    assert {f"sources/{name}" for name in re.findall(r'internal://([^"]+)"', xml)} == {*texts}
    for part in xml.split("<TextSource")[1:]:
        text = texts["sources/" + re.search(r'internal://([^"]+)"', part)[1]]
        for name, start, end in re.findall(
            r'name="([^"]*)" startPosition="(\d+)" endPosition="(\d+)"', part
        ):
            if "&" not in name:
                assert text[int(start) : int(end)] == name


WORDS = st.sampled_from(
    [
        "Geld",
        "Geld > Land",
        "a > b > c",
        "=1",
        "“x”",
        "😀 ja",
        "–",
        "ö",
        "x" * 50,
        " a  b ",
        "…",
        "1E5",
    ]
)
LABELS = st.one_of(WORDS, st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6))


@settings(max_examples=60)
@given(
    st.dictionaries(LABELS, st.lists(st.tuples(LABELS, WORDS), max_size=4), min_size=1, max_size=3),
    st.lists(st.lists(WORDS, min_size=1, max_size=4), max_size=3),
    st.randoms(use_true_random=False),
)
def test_any_study_is_exported_the_same_once_it_was_imported(
    tmp_path_factory, dimensions, texts, chance
):
    book = {
        f"d{n}": (label, {f"d{n}.c{m}": code for m, code in enumerate(codes)})
        for n, (label, codes) in enumerate(dimensions.items())
    }
    codes = [code for _, below in book.values() for code in below]
    documents = {
        f"i{n}_{n}": {f"u{n}.{m}": said for m, said in enumerate(said)}
        for n, said in enumerate(texts)
    }
    units = [unit for said in documents.values() for unit in said]
    codings = {
        coder: sorted({(chance.choice(units), chance.choice(codes)) for _ in range(5)})
        for coder in ("a", "b-2")
        if units and codes
    }
    folder = tmp_path_factory.mktemp("again")
    # whatever a foreign study may look like, an import of it is one of ours
    write_project(Book(book, documents, codings), folder / "zero.qdpx")
    one, two = same_again(imported(folder / "zero.qdpx"), folder)
    assert one == two


def test_export_asks_for_a_name_of_the_format(mini, monkeypatch, tmp_path, capsys):
    mini.point_paths(monkeypatch)
    assert cli.main(["export", str(tmp_path / "p.zip")]) == 2
    assert "expected a name that ends in .qdpx" in capsys.readouterr().err
    assert cli.main(["export", str(tmp_path / "p.qdpx"), "--language=fr"]) == 2
    assert "there is no language 'fr'" in capsys.readouterr().err
    assert cli.main(["export", str(tmp_path / "p.qdpx")]) == 0
    assert "codings" in capsys.readouterr().out


def test_what_an_export_leaves_out_is_counted(mini, monkeypatch, tmp_path, capsys):
    mini.point_paths(monkeypatch)
    mini.put("coding/units.csv", 2, "gist_de", "Mehr\u200c Bäume")
    study = mini.read()
    given = [study["codings_a"], study["codings_b"]]
    known = {*study["units"]["unit_id"], *study["case_units"]["unit_id"]}
    coded = {unit for frame in given for unit in frame.loc[frame["code"].notna(), "unit_id"]}
    certain = sum(int(frame["certainty"].notna()[frame["unit_id"].isin(known)].sum())
                  for frame in given)  # fmt: skip
    assert cli.main(["export", str(tmp_path / "p.qdpx")]) == 0
    said = capsys.readouterr().out
    assert known <= coded
    assert (
        f"left out: {len(study['context_units'])} context statements, {certain} certainties, "
        f"{len(study['adjudication'])} decisions\n"
    ) in said
    for table in ("codings_a", "codings_b"):
        frame = study[table]
        is_first = frame["unit_id"].eq(study["units"]["unit_id"].iloc[0])
        study.tables[table] = frame.assign(code=frame["code"].mask(is_first))
    left = left_out(study, book_of(study, "de"))
    rated = sum(int(study[table]["code"].isna().sum()) for table in ("codings_a", "codings_b"))
    assert left["statements without a code"] == 1
    assert left["ratings without a code"] == rated > 0


def test_two_tables_that_would_be_of_one_coder_are_no_export(mini, monkeypatch, tmp_path, capsys):
    mini.point_paths(monkeypatch)
    codings = mini.raw / "coding"
    shutil.copy(codings / "codings_b.csv", codings / "codings_second-pass.csv")
    assert cli.main(["export", str(tmp_path / "p.qdpx")]) == 1
    said = capsys.readouterr().err
    assert "codings_b.csv and codings_second-pass.csv would be of one coder" in said
    assert [*tmp_path.glob("*.qdpx*")] == []


@pytest.mark.usefixtures("mini")
def test_an_export_may_lie_in_the_home_of_a_person(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert cli.main(["export", "~/p.qdpx"]) == 0
    assert (tmp_path / "home/p.qdpx").is_file()


def test_nothing_is_written_that_cannot_be_read_again(tmp_path, monkeypatch):
    from analysis.exchange import export

    def half(book, path):
        counts = write_project(book, path)
        return counts + Counter(codings=1)

    monkeypatch.setattr(export, "write_project", half)
    book = Book({"d": ("D", {"d.c": ("C", "")})}, {"i": {"u": "Ja."}}, {"a": [("u", "d.c")]})
    with pytest.raises(NotReadableError, match="would not hold all codings"):
        write_checked(book, tmp_path / "p.qdpx")
    assert not (tmp_path / "p.qdpx").exists()


def test_nothing_is_left_where_there_is_no_room(tmp_path, monkeypatch):
    from analysis.exchange import export

    def full(_book, path):
        path.write_bytes(b"PK")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export, "write_project", full)
    with pytest.raises(OSError, match="No space"):
        write_checked(Book({}, {}, {}), tmp_path / "p.qdpx")
    assert [*tmp_path.iterdir()] == []


def test_an_imported_project_is_a_study_and_exported_again_the_same(tmp_path, monkeypatch):
    raw, works = tmp_path / "raw", tmp_path / "references.bib"
    works.touch()
    monkeypatch.setenv("COMPENDIUM_RAW", str(raw))
    exports = []
    project = write_small(tmp_path / "project.qdpx")
    for name in ("one.qdpx", "two.qdpx"):
        assert cli.main(["import", str(project), "--consent=quote"]) == 0
        study = read_study(raw, works)
        assert len(study["units"]) == 3
        project = tmp_path / name
        write_checked(book_of(study, "de"), project)
        exports.append(project.read_bytes())
        shutil.rmtree(raw)
    assert exports[0] == exports[1]


def test_a_study_that_was_exported_is_a_study_again_and_exported_the_same(
    mini, tmp_path, monkeypatch
):
    """Also one of two passes, of quotations, and whose interviews are called after places."""
    book = book_of(mini.read(), "de")
    unit = next(iter(book.documents["clausee"]))
    book.documents["clausee"][unit] = "Sie nannte es „zu wenig“."
    project = tmp_path / "one.qdpx"
    write_checked(book, project)
    raw, works = tmp_path / "raw", tmp_path / "references.bib"
    works.touch()
    monkeypatch.setenv("COMPENDIUM_RAW", str(raw))
    assert cli.main(["import", str(project)]) == 0
    write_checked(book_of(read_study(raw, works), "de"), tmp_path / "two.qdpx")
    assert (tmp_path / "two.qdpx").read_bytes() == project.read_bytes()


def test_what_begins_like_a_formula_is_neither_changed_nor_quoted(tmp_path, monkeypatch):
    gists = ["+15 % mehr Strom", "-10 %", "'n Haus", "=wie bisher", "@ alle"]
    told = {"i1": {f"u{n}": said for n, said in enumerate(gists)}}
    book = Book(
        {"role": ("+ Rolle", {"role.a": ("=A", "-10 % und mehr")})},
        told,
        {"a": [(unit, "role.a") for unit in told["i1"]]},
    )
    write_checked(book, tmp_path / "one.qdpx")
    raw, works = tmp_path / "raw", tmp_path / "references.bib"
    works.touch()
    monkeypatch.setenv("COMPENDIUM_RAW", str(raw))
    assert cli.main(["import", str(tmp_path / "one.qdpx")]) == 0
    study = read_study(raw, works)
    assert [*study["units"]["gist_de"]] == gists
    assert {*study["units"]["consent"]} == {"paraphrase"}
    assert [*study["codes"]["label_de"]] == ["=A"]
    write_checked(book_of(study, "de"), tmp_path / "two.qdpx")
    assert (tmp_path / "two.qdpx").read_bytes() == (tmp_path / "one.qdpx").read_bytes()


def test_an_export_that_tells_who_somebody_is_is_not_written(tmp_path, mini):
    told = {"clausee": {"u1": "Das sagte Joerg Möller-", "u2": "Weiß auch."}}
    book = Book({"role": ("Rolle", {"role.a": ("A", "")})}, told, {"a": [("u1", "role.a")]})
    book.codings["a"].append(("u2", "role.a"))
    identities = mini.raw / "study/identities.csv"
    identities.write_text("interview_id,value\nclausee,Jörg Möller-Weiß\n", "utf-8")
    with pytest.raises(NotReadableError, match=r"p\.qdpx would hold .*row 2\); nothing is written"):
        write_checked(book, tmp_path / "p.qdpx", read_recognised(mini.raw))
    assert list(tmp_path.glob("*.qdpx*")) == []
    identities.write_text("interview_id,value\nauental,Jörg Möller-Weiß\n", "utf-8")
    write_checked(book, tmp_path / "p.qdpx", read_recognised(mini.raw))
    assert (tmp_path / "p.qdpx").exists()
