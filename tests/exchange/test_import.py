"""An import fills the raw tables of a study, and imported again it updates them."""

import csv
import json
import os
import re

import pytest
import yaml
from growth import growth
from hypothesis import given, settings
from hypothesis import strategies as st
from qdpx import TALK, code, coding, guid, passage, project, small, text_source, users, write
from qdpx import write_small as small_file

from analysis import cli, paths
from analysis.exchange.codebook import leave_out_quotations
from analysis.exchange.headings import PROGRAMS
from analysis.exchange.model import Code, Project
from analysis.exchange.names import digest, distinct, inert, number
from analysis.exchange.reading import READERS, prepare_import, read_project
from analysis.exchange.tables import tables
from analysis.exchange.writing import write as write_change
from analysis.files.damage import damage
from analysis.raw.study import read_study

A, B = (f"interview-{number(f'gespräch {name}', 6)}" for name in "ab")


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def run(path, *options):
    return cli.main(["import", str(path), *options])


def test_an_import_writes_codebook_units_codings_and_interviews(tmp_path, raw, capsys):
    assert run(small_file(tmp_path / "p.qdpx"), "--consent=quote") == 0
    assert sorted(contents(raw)) == [
        "codebook.yml",
        "codings_a.csv",
        "codings_coder2.csv",
        "import.json",
        "interviews.csv",
        "units.csv",
    ]
    units = rows(raw / "coding/units.csv")
    assert [row["gist_de"] for row in units] == ["Wir brauchen Geld.", "Und mehr Leute.", "Ja."]
    assert [row["interview_id"] for row in units] == [A, A, B]
    assert {row["consent"] for row in units} == {"quote"}
    book = (raw / "coding/codebook.yml").read_text("utf-8")
    assert book.startswith("version: 1\ndimensions:\n  hemmnisse:\n    label:\n")
    assert [row["code"] for row in rows(raw / "coding/codings_coder2.csv")] == [
        "hemmnisse.geld",
        "code.foerderung",
    ]
    said = capsys.readouterr().out
    assert "codings            4 read       4 written       0 set aside" in said
    assert "  codings_a.csv: Anna Beispiel\n" in said
    assert f"  {A}: Gespräch A\n" in said
    assert not any(b"Anna" in text or b"Gespr" in text for text in contents(raw).values())


def test_words_are_copied_only_where_people_agreed_to_be_quoted(tmp_path, raw):
    path = small_file(tmp_path / "p.qdpx")
    run(path)
    first, *_ = rows(raw / "coding/units.csv")
    assert (first["consent"], first["gist_de"]) == ("paraphrase", f"[{A} ¶1]")
    assert not any(b"brauchen" in content for content in contents(raw).values())
    run(path, "--consent=quote")
    first, *_ = rows(raw / "coding/units.csv")
    assert (first["consent"], first["gist_de"]) == ("quote", "Wir brauchen Geld.")
    run(path, "--consent=aggregate")
    first, *_ = rows(raw / "coding/units.csv")
    assert (first["consent"], first["gist_de"]) == ("aggregate", f"[{A} ¶1]")


def test_words_that_people_wrote_themselves_become_no_quotation(tmp_path, raw):
    path = small_file(tmp_path / "p.qdpx")
    run(path)
    units = raw / "coding/units.csv"
    text = units.read_text("utf-8")
    units.write_text(text.replace(f"[{A} ¶1]", "Geld fehlt laut A."), "utf-8")
    run(path, "--consent=quote")
    first, *_, last = rows(units)
    assert (first["consent"], first["gist_de"]) == ("paraphrase", "Geld fehlt laut A.")
    assert last["consent"] == "quote"
    run(path, "--consent=aggregate")
    assert rows(units)[0]["consent"] == "aggregate"


@pytest.mark.parametrize("consent", ["paraphrase", "aggregate", "none"])
@pytest.mark.parametrize("is_edited", [True, False])
def test_words_that_people_restricted_do_not_come_back(tmp_path, raw, consent, is_edited):
    path = small_file(tmp_path / "p.qdpx")
    run(path, "--consent=quote")
    units = raw / "coding/units.csv"
    text = units.read_text("utf-8")
    text = text.replace("quote,Wir brauchen Geld.", f"{consent},Wir brauchen Geld.", 1)
    if is_edited:
        text = text.replace("Wir brauchen Geld.", f"[{A} ¶1]", 1)
    units.write_text(text, "utf-8")
    run(path, "--consent=quote")
    first, second, _ = rows(units)
    assert (first["consent"], first["gist_de"], first["gist_en"]) == (consent, *[f"[{A} ¶1]"] * 2)
    assert (second["consent"], second["gist_de"]) == ("quote", "Und mehr Leute.")
    assert not any(b"brauchen" in content for content in contents(raw).values())
    before = contents(raw)
    run(path, "--consent=quote")
    assert contents(raw) == before


def test_a_column_that_stands_there_twice_is_not_chosen_from(tmp_path, raw, capsys):
    path = small_file(tmp_path / "p.qdpx")
    run(path)
    people = raw / "study/interviews.csv"
    lines = people.read_text("utf-8").splitlines()
    lines = [lines[0] + ",mode,mode", *(f"{line},online,phone" for line in lines[1:])]
    people.write_text("\n".join(lines) + "\n", "utf-8")
    before = contents(raw)
    capsys.readouterr()
    assert run(path) == 1
    said = capsys.readouterr().err
    assert "row 1, column mode: the column stands in the header twice; expected each column" in said
    assert contents(raw) == before


BATH = "Wir haben kein Geld mehr für das Bad."


def described(path, name, description, talk=BATH):
    """A project with a code of that name and description, for all of the talk if there is one."""
    codes = [code(1, name, description=description), code(2, "Bad", description="Ein Bad fehlt.")]
    mark = passage(30, 0, len(talk), coding(40, 1))
    sources = [text_source(20, "Gespräch A", mark, inline=talk)] if talk else []
    return write(path, project(codes=codes, sources=sources))


@pytest.mark.parametrize(
    "description",
    [
        f"Ankerbeispiel: „{BATH}“",
        "Ankerbeispiel: „kein GELD mehr\n für“ und mehr",
        "Hier ist es so, haben kein Geld mehr für das",
        "Ankerbeispiel: kein Geld mehr für. Kein Geld mehr für das Bad ist da.",
        "Und ‘kein Geld mehr für’ sagt sie, geht’s nicht",
        "wir haben kein Geld",
        "Ankerbeispiel: „Wir haben kein Geld […] für das Bad“",
        "Ankerbeispiel: „Wir haben kein Geld (…) für das Bad“",
        "Beispiel (kein Geld mehr für)",
        "Beispiel – kein Geld mehr für – und so weiter",
    ],
)
def test_what_is_said_of_codes_quotes_only_where_people_agreed(tmp_path, raw, capsys, description):
    path = described(tmp_path / "p.qdpx", "Geld", description)
    run(path)
    said = capsys.readouterr().out
    assert "  1 descriptions set aside: they quote passages" in said
    assert "  codes described in words of passages: Geld" in said
    for content in contents(raw).values():
        assert b"eld mehr" not in content
        assert b"kein Geld" not in content
    assert (raw / "coding/codebook.yml").read_text("utf-8").count("Ein Bad fehlt.") == 2
    run(path, "--consent=quote")
    assert "set aside: they quote" not in capsys.readouterr().out
    assert "definition:" in (raw / "coding/codebook.yml").read_text("utf-8").split("code.bad")[0]


@pytest.mark.parametrize(
    ("description", "left"),
    [
        ("Alles zu Mitteln. Frage: kein Geld mehr für? Und Löhne; auch das.",
         "Alles zu Mitteln. Und Löhne; auch das."),
        ("Alles zu Mitteln. „Nun ja. Wir haben kein Geld mehr für das Bad. So.“ Löhne.",
         "Alles zu Mitteln."),
        ("Mittel.\nAnker: kein Geld mehr für\nLöhne.", "Mittel. Löhne."),
        ("Kein Geld mehr. Kein Geld mehr für. Für das Bad", ""),
    ],
)  # fmt: skip
def test_only_sentences_that_quote_are_left_out(tmp_path, raw, capsys, description, left):
    run(described(tmp_path / "p.qdpx", "Geld", description))
    said = capsys.readouterr().out
    told = "descriptions without sentences that quote passages: 1; the rest of them is kept"
    assert (told in said) == bool(left)
    assert ("1 descriptions set aside: they quote passages" in said) == (not left)
    book = yaml.safe_load((raw / "coding/codebook.yml").read_text("utf-8"))
    assert (
        book["dimensions"]["code"]["codes"]["code.geld"].get("definition", {}).get("de", "") == left
    )


@pytest.mark.usefixtures("raw")
def test_what_nobody_coded_is_not_quoted_either(tmp_path, capsys):
    codes = [code(1, "Geld", description=f"Nicht: „{BATH}“")]
    source = text_source(20, "A", passage(30, 0, 3, coding(40, 1)), inline=f"Ja. {BATH}")
    run(write(tmp_path / "p.qdpx", project(codes=codes, sources=[source])))
    assert "1 descriptions set aside: they quote passages" in capsys.readouterr().out


def test_what_people_restricted_is_quoted_in_no_definition(tmp_path, raw):
    path = described(tmp_path / "p.qdpx", "Geld", f"Es fehlt. Ankerbeispiel: „{BATH}“")
    run(path, "--consent=quote")
    book, units = raw / "coding/codebook.yml", raw / "coding/units.csv"
    assert BATH in book.read_text("utf-8")
    units.write_text(units.read_text("utf-8").replace(",quote,", ",none,"), "utf-8")
    run(path, "--consent=quote")
    assert not any(b"kein Geld" in content for content in contents(raw).values())
    assert "de: Es fehlt." in book.read_text("utf-8")
    before = contents(raw)
    run(path, "--consent=quote")
    assert contents(raw) == before


def test_a_definition_of_another_import_does_not_quote_either(tmp_path, raw, capsys):
    codes = [code(1, "Geld", description=f"Es fehlt. Ankerbeispiel: „{BATH}“"), code(2, "Bad")]
    (tmp_path / "p.qdc").write_text(
        '<?xml version="1.0" encoding="utf-8"?><CodeBook xmlns="urn:QDA-XML:codebook:1.0" '
        f'origin="P"><Codes>{"".join(codes)}</Codes></CodeBook>', "utf-8",
    )  # fmt: skip
    run(tmp_path / "p.qdc")
    assert BATH in (raw / "coding/codebook.yml").read_text("utf-8")
    capsys.readouterr()
    table = tmp_path / "t.csv"
    table.write_text(f"Document name,Code,Segment\nA,Geld,{BATH}\n", "utf-8")
    run(table)
    told = "descriptions of other imports that quote passages, left out as far as they do: 1"
    assert told in capsys.readouterr().out
    assert not any(b"kein Geld" in content for content in contents(raw).values())
    assert "de: Es fehlt." in (raw / "coding/codebook.yml").read_text("utf-8")
    before = contents(raw)
    run(table)
    assert contents(raw) == before


@pytest.mark.usefixtures("raw")
def test_quotation_marks_are_told_of_what_has_no_blanks_between_words(tmp_path, capsys):
    said = "お金がないので、お風呂は閉まっています。"
    run(described(tmp_path / "p.qdpx", "Geld", f"例「{said}」", talk=said))
    assert "descriptions with quotation marks, which pages show: 1;" in capsys.readouterr().out


def test_definitions_are_compared_in_time_that_grows_with_their_number():
    def compare(number):
        words = [f"w{n % 997}" for n in range(40 * number)]
        sentences = [" ".join(words[n : n + 8]) + "." for n in range(0, len(words), 8)]
        codes = {
            str(n): Code(str(n), "x", description=" ".join(sentences[n : n + 5]))
            for n in range(0, len(sentences), 5)
        }
        leave_out_quotations(Project("P", codes=codes), sentences)

    assert growth(compare, 300) < 8


@pytest.mark.parametrize("description", ["Geld für das Bad fehlt.", "Kein Geld", ""])
def test_what_only_has_words_in_common_with_a_passage_is_kept(tmp_path, raw, capsys, description):
    run(described(tmp_path / "p.qdpx", "Kein Geld mehr", description))
    said = capsys.readouterr().out
    assert "quote passages" not in said
    assert "words of passages, which" not in said
    assert description in (raw / "coding/codebook.yml").read_text("utf-8")


def test_codes_that_are_called_by_words_of_passages_are_told(tmp_path, raw, capsys):
    path = described(tmp_path / "p.qdpx", "„kein Geld mehr für das Bad“", "")
    run(path)
    said = capsys.readouterr().out
    assert "note: codes with names in words of passages, which pages show: 1; give them" in said
    assert "  codes with names in words of passages: „kein Geld mehr für das Bad“" in said
    assert json.loads((raw / "coding/import.json").read_text("utf-8"))
    run(path, "--consent=quote")
    assert "codes with names in words" not in capsys.readouterr().out


def test_quotation_marks_of_definitions_are_told_where_nothing_can_be_compared(
    tmp_path, raw, capsys
):
    path = described(tmp_path / "p.qdpx", "Geld", f"Ankerbeispiel: „{BATH}“", talk="")
    run(path)
    assert (
        "descriptions with quotation marks, which pages show: 1; leave" in capsys.readouterr().out
    )
    assert BATH in (raw / "coding/codebook.yml").read_text("utf-8")


@pytest.mark.usefixtures("raw")
def test_what_the_next_check_refuses_is_told_at_once(tmp_path, capsys):
    xml = small().replace('name="Geld"', 'name="BÃ¼rger"')
    talk = TALK.replace("Leute", "L?ute").replace("Wir brauchen Geld.", "Mail an a@stadt.de")
    write(tmp_path / "p.qdpx", xml, {"sources/a.txt": talk})
    assert run(tmp_path / "p.qdpx", "--consent=quote") == 0
    said = capsys.readouterr().out.splitlines()
    note = "note: the next check will refuse these, to be mended where they come from:"
    refused = [
        "'BÃ¼rger' looks like UTF-8 that was read as another encoding",
        "holds what looks like an e-mail address",
        "'Und mehr L?ute.'",
    ]
    told = said[said.index(note) + 1 :][:3]
    assert all(text in line for text, line in zip(refused, told, strict=True))
    assert cli.main(["check"]) == 1
    said = capsys.readouterr().err
    assert all(text in said for text in refused)


def test_a_dry_run_changes_nothing(tmp_path, raw, capsys):
    assert run(small_file(tmp_path / "p.qdpx"), "--dry-run") == 0
    assert "coding/units.csv: 3 rows added, 0 gone, 0 changed" in capsys.readouterr().out
    assert not raw.exists()


def test_the_same_file_again_changes_nothing(tmp_path, raw, capsys):
    path = small_file(tmp_path / "p.qdpx")
    run(path)
    before = contents(raw)
    capsys.readouterr()
    assert run(path) == 0
    assert capsys.readouterr().out.endswith("raw is up to date\n")
    assert contents(raw) == before


def test_what_people_added_stays_when_a_file_is_imported_again(tmp_path, raw, capsys):
    run(small_file(tmp_path / "p.qdpx"), "--consent=quote")
    file = raw / "coding/units.csv"
    text = file.read_text("utf-8").replace("consent,", "consent,mine,", 1)
    words = "quote,Wir brauchen Geld.,Wir brauchen Geld."
    text = text.replace(words, "none,x,Geld fehlt.,Money is short.")
    text = text.replace("quote,", "quote,,")
    file.write_text(text, "utf-8")
    book = raw / "coding/codebook.yml"
    book.write_text("# Ours\n" + book.read_text("utf-8").replace("de: Geld", "de: Mittel"), "utf-8")
    capsys.readouterr()

    talk = "Guten Tag.\n" + TALK
    xml = small()
    for at in (34, 19, 18, 0):
        xml = xml.replace(f'Position="{at}"', f'Position="{at + 11}"', 2 if at == 19 else 1)
    write(tmp_path / "p.qdpx", xml, {"sources/a.txt": talk})
    assert run(tmp_path / "p.qdpx", "--consent=quote") == 0
    said = capsys.readouterr().out
    assert "coding/units.csv: 0 rows added, 0 gone, 2 changed" in said
    assert "locator '¶1' is now '¶2'" in said
    first = rows(file)[0]
    assert (first["consent"], first["mine"], first["gist_de"]) == ("none", "x", "Geld fehlt.")
    assert first["locator"] == "¶2"
    assert book.read_text("utf-8").startswith("# Ours\n")


def test_what_has_vanished_from_a_file_goes_and_is_told(tmp_path, raw, capsys):
    run(small_file(tmp_path / "p.qdpx"))
    capsys.readouterr()
    xml = small().replace(small()[small().index("<PlainTextSelection") :
                                  small().index("</TextSource>")], "")  # fmt: skip
    write(tmp_path / "p.qdpx", xml, {"sources/a.txt": TALK})
    assert run(tmp_path / "p.qdpx") == 0
    said = capsys.readouterr().out
    assert "coding/units.csv: 0 rows added, 2 gone, 0 changed" in said
    assert "coding/codings_a.csv: 0 rows added, 2 gone" in said
    assert not (raw / "coding/codings_a.csv").exists()
    assert len(rows(raw / "coding/codings_coder2.csv")) == 1  # whoever is left stays who they were


def other(path, interview="B", words="Nein."):
    path.write_text(f"Document name,Code,Segment\n{interview},x,{words}\n", "utf-8")
    return path


@pytest.mark.parametrize(
    ("interview", "words", "doubt"),
    [
        ("B", "Ja.", "0 of the 1 interview that were"),
        ("A", "Nein.", "0 of the 1 statement that were"),
    ],
)
def test_another_project_takes_the_place_of_one_of_its_name_only_if_asked_to(
    tmp_path, raw, capsys, interview, words, doubt
):
    path = other(tmp_path / "a.csv", "A", "Ja.")
    run(path)
    before = contents(raw)
    other(path, interview, words)
    assert run(path) == 1
    said = capsys.readouterr().err
    assert f"a.csv seems to be another project: {doubt}" in said
    assert "REPLACE=yes" in said
    assert said.endswith("nothing was changed\n")
    assert run(path, "--dry-run") == 0
    assert "without more it would be refused" in capsys.readouterr().out
    assert contents(raw) == before
    assert run(path, "--replace") == 0
    assert len(rows(raw / "coding/units.csv")) == 1


def test_the_same_project_may_grow_and_shrink(tmp_path, raw):
    text = "Document name,Code,Segment\nA,x,Ja.\n"
    for more in ("", "B,x,Nein.\n", "B,y,Nein.\nC,y,Nie.\n", "B,y,Nein.\n"):
        (tmp_path / "a.csv").write_text(text + more, "utf-8")
        assert run(tmp_path / "a.csv") == 0
    assert len(rows(raw / "study/interviews.csv")) == 2


def test_texts_follow_the_languages_of_the_study(tmp_path, raw, monkeypatch, capsys):
    path = small_file(tmp_path / "p.qdpx")
    run(path)
    file = raw / "coding/units.csv"
    monkeypatch.setattr("analysis.exchange.update.GISTS", ["gist_en"])
    monkeypatch.setattr("analysis.exchange.tables.GISTS", ["gist_en"])
    assert run(path) == 0
    assert "column gist_de left out, as the study does not have its" in capsys.readouterr().out
    assert [name for name in rows(file)[0] if "gist" in name] == ["gist_en"]
    monkeypatch.undo()
    monkeypatch.setenv("COMPENDIUM_RAW", str(raw))
    run(path)
    assert all(row["gist_de"] == row["gist_en"] for row in rows(file))


def test_a_heading_need_not_name_the_only_language(tmp_path, raw, monkeypatch):
    for module in ("update", "tables", "present"):
        monkeypatch.setattr(f"analysis.exchange.{module}.GISTS", ["gist_en"])
    path = small_file(tmp_path / "p.qdpx")
    run(path, "--consent=quote")
    file = raw / "coding/units.csv"
    plain = file.read_text("utf-8").replace("gist_en", "gist").replace("Ja.", "Wohl.")
    file.write_text(plain, "utf-8")
    run(path, "--consent=quote")
    assert file.read_text("utf-8") == plain
    run(path)
    assert file.read_text("utf-8").partition("\n")[0] == plain.partition("\n")[0]
    assert [row["gist"] for row in rows(file)] == [f"[{A} ¶1]", f"[{A} ¶1]", "Wohl."]


def test_a_place_that_somebody_looked_up_stays_where_the_file_tells_none(tmp_path, raw):
    path = other(tmp_path / "a.csv")
    run(path)
    file = raw / "coding/units.csv"
    file.write_text(file.read_text("utf-8").replace(",,", ",¶7,", 1), "utf-8")
    run(path)
    assert [row["locator"] for row in rows(file)] == ["¶7"]


def test_words_that_people_wrote_in_a_language_are_not_lost_with_it(tmp_path, raw, monkeypatch):
    path = small_file(tmp_path / "p.qdpx")
    run(path, "--consent=quote")
    file = raw / "coding/units.csv"
    file.write_text(file.read_text("utf-8").replace(",Ja.", ",Wohl.", 1), "utf-8")
    monkeypatch.setattr("analysis.exchange.update.GISTS", ["gist_en"])
    monkeypatch.setattr("analysis.exchange.tables.GISTS", ["gist_en"])
    run(path, "--consent=quote")
    assert [row["gist_de"] for row in rows(file)][-1] == "Wohl."


def test_hand_made_rows_and_codes_stay(tmp_path, raw):
    path = small_file(tmp_path / "p.qdpx")
    run(path)
    file = raw / "coding/units.csv"
    file.write_text(file.read_text("utf-8") + "own-1,interview-1,,quote,Eigenes,Own\n", "utf-8")
    book = raw / "coding/codebook.yml"
    book.write_text(
        book.read_text("utf-8")
        + "  own:\n    label: {de: E, en: O}\n    codes:\n      own.x: {de: X, en: X}\n",
        "utf-8",
    )
    write(path, small().replace('name="Leute"', 'name="Stellen"'), {"sources/a.txt": TALK})
    run(path)
    assert rows(file)[-1]["unit_id"] == "own-1"
    text = book.read_text("utf-8")
    assert "own.x" in text
    assert "hemmnisse.stellen" in text
    assert "hemmnisse.leute" not in text


def test_tables_that_were_not_imported_are_never_overwritten(tmp_path, raw, capsys):
    (raw / "coding").mkdir(parents=True)
    (raw / "coding/units.csv").write_text("unit_id\nu1\n", "utf-8")
    assert run(small_file(tmp_path / "p.qdpx")) == 1
    assert "is there already and was not imported" in capsys.readouterr().err
    assert contents(raw) == {"units.csv": b"unit_id\nu1\n"}


def test_who_is_stopped_while_writing_leaves_the_old_tables(tmp_path, raw, monkeypatch):
    path = small_file(tmp_path / "p.qdpx")
    run(path)
    before = contents(raw)
    write(path, small().replace('name="Leute"', 'name="Stellen"'), {"sources/a.txt": TALK})

    def stop(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("analysis.exchange.writing.put_in_place", stop)
    assert run(path) == 1
    assert contents(raw) == before


def test_what_can_be_imported_is_said_where_people_look():
    told = cli.COMMANDS["import"].takes["file"]["help"]
    assert all(suffix in told for suffix in READERS)
    pages = [(paths.root() / f"book/{name}/adapt.md").read_text("utf-8") for name in ("de", "en")]
    for program in {name for name, *_ in PROGRAMS}:
        assert all(program in text for text in (told, *pages)), program


def test_what_was_stopped_between_two_steps_of_writing_is_mended(tmp_path, raw, capsys):
    path = small_file(tmp_path / "p.qdpx")
    run(path)
    raw.rename(raw.with_name("raw.last.partial"))  # where the system cannot exchange two folders
    capsys.readouterr()
    assert run(path) == 0
    assert capsys.readouterr().out.endswith("raw is up to date\n")


@pytest.mark.usefixtures("raw")
@pytest.mark.parametrize("name", ["p.docx", "p", "p.mx20"])
def test_a_kind_of_file_that_cannot_be_imported_is_named(tmp_path, capsys, name):
    (tmp_path / name).write_bytes(b"x")
    assert run(tmp_path / name) == 1
    assert "is of no kind that can be imported" in capsys.readouterr().err


@pytest.mark.usefixtures("raw")
def test_a_file_that_is_not_there_is_named(tmp_path, capsys):
    assert run(tmp_path / "none.qdpx") == 1
    assert "none.qdpx: No such file or directory" in capsys.readouterr().err


def test_a_file_may_lie_in_the_home_of_a_person(tmp_path, raw, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    small_file(tmp_path / "p.qdpx")
    assert run("~/p.qdpx") == 0
    assert contents(raw)


def test_what_was_imported_can_be_exported_before_there_are_pages(tmp_path, monkeypatch, capsys):
    study = tmp_path / "study"
    study.mkdir()
    (study / "study.yml").write_text("title: Ours\nlanguages: [de]\n", "utf-8")
    monkeypatch.setenv("COMPENDIUM_STUDY", str(study))
    for command in (
        ["import", str(small_file(tmp_path / "p.qdpx"))],
        ["export", str(tmp_path / "e.qdpx")],
    ):
        assert cli.main(command) == 0, capsys.readouterr().err


@pytest.mark.parametrize(
    "xml", [project(), project(users("A")), project(sources=[text_source(1, "A", inline="Ja.")])]
)
def test_a_project_without_codes_is_named(tmp_path, raw, capsys, xml):
    assert run(write(tmp_path / "p.qdpx", xml)) == 1
    assert "p.qdpx holds no codes, so that there is nothing to import" in capsys.readouterr().err
    assert not raw.exists()


def test_a_project_that_nobody_has_coded_yet_is_a_study_to_code(tmp_path, raw, capsys):
    xml = project(codes=[code(1, "x")], sources=[text_source(2, "A", inline="Ja.")])
    assert run(write(tmp_path / "p.qdpx", xml)) == 0
    assert "no codings: a report can be built once somebody has coded" in capsys.readouterr().out
    assert rows(raw / "coding/codings_a.csv") == rows(raw / "coding/units.csv") == []
    works = tmp_path / "references.bib"
    works.touch()
    assert len(read_study(raw, works)["interviews"]) == 1


def test_ids_do_not_depend_on_the_order_of_the_file(tmp_path):
    codes = [code(1, "Geld", code(2, "x"), code(3, "y")), code(4, "Geld", code(5, "x"))]
    first = tables(read_project(write(tmp_path / "a.qdpx", project(codes=codes))))
    again = tables(read_project(write(tmp_path / "b.qdpx", project(codes=codes[::-1]))))
    assert {*first.dimensions} == {*again.dimensions}
    labels = [
        entry["de"] for about in first.dimensions.values() for entry in about["codes"].values()
    ]
    assert labels == ["Geld > x", "y", "Geld > x (2)"]


def test_the_same_words_twice_are_two_units_and_stay_them(tmp_path):
    def ids(*starts):
        marks = [passage(30 + s, s, s + 3, coding(40 + s, 1)) for s in starts]
        xml = project(
            codes=[code(1, "x")], sources=[text_source(2, "A", *marks, inline="ja, ja, ja,")]
        )
        made = tables(read_project(write(tmp_path / "p.qdpx", xml)))
        return [row["unit_id"] for row in made.rows["coding/units.csv"]]

    assert len({*ids(0, 4, 8)}) == 3
    assert ids(0, 4) == ids(0, 4, 8)[:2]


def test_a_folder_of_codes_is_no_code_unless_somebody_gave_it(tmp_path):
    folders = [
        code(1, "Ordner", code(2, "Geld"), isCodable="false"),
        code(3, "Leer", isCodable="false"),
        code(4, "Oben", code(5, "Unten")),
    ]
    given_top = [text_source(6, "A", passage(7, 0, 2, coding(8, 4)), inline="Ja.")]
    found = read_project(write(tmp_path / "p.qdpx", project(codes=folders, sources=given_top)))
    made = tables(found)
    assert {name: [*about["codes"]] for name, about in made.dimensions.items()} == {
        "ordner": ["ordner.geld"],
        "oben": ["oben.oben", "oben.unten"],
    }
    assert found.aside["codes", "folders with no code in them"] == 1


def test_coders_of_one_name_are_one_and_unknown_ones_have_a_table(tmp_path):
    marks = [passage(30 + n, n, n + 1, coding(40 + n, 9, n)) for n in (1, 2, 3)]
    marks.append(passage(39, 5, 6, coding(49, 9)))
    xml = project(
        users("Anna", "Anna"),
        codes=[code(9, "x")],
        sources=[text_source(8, "A", *marks, inline="abcdefgh")],
    )
    found = read_project(write(tmp_path / "p.qdpx", xml))
    made = tables(found)
    assert len(made.rows["coding/codings_a.csv"]) == 2
    assert len(made.rows["coding/codings_coder2.csv"]) == 2
    assert any(
        notice.startswith("codings that do not say which coder made them: 2")
        for notice in found.notices
    )


# What a damaged text must not be; letters that got lost before are for people to mend.
ACTS = re.compile(
    "invisible|control character|direction of writing|separator|for a spreadsheet|shorten it"
)
HOSTILE = [
    "=HYPERLINK(1)",
    "+1",
    "@x",
    "-cmd|x",
    "'007",
    "1E5",
    "<script>x</script>",
    "a\u202eb",
    "\u2066x",
    "a\u200bb",
    "\ufeffx",
    "a\x85b",
    "a\u2028b",
    "",
    " ",
]


@given(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=12)))
def test_no_text_acts_or_hides_anything_in_a_table(text):
    from collections import Counter

    made = inert(text, Counter())
    assert made == " ".join(made.split())
    assert not made.startswith(("=", "+", "-", "@", "'"))
    assert inert(made, Counter()) == made
    found = damage(made)
    assert not (found and ACTS.search(found.wrong))


@given(st.lists(st.tuples(st.text(max_size=5), st.integers(0, 3)), unique=True), st.booleans())
def test_ids_are_distinct_and_plain(names, letters):
    made = distinct([(one, one[0], one) for one in names], "_", letters=letters)
    assert len({*made.values()}) == len(names)
    allowed = "abcdefghijklmnopqrstuvwxyz_" + ("" if letters else "0123456789")
    assert all(name and {*name} <= {*allowed} for name in made.values())


def test_hostile_names_are_made_inert_in_all_tables(tmp_path, raw):
    codes = [code(n, text.replace("\x85", " ")) for n, text in enumerate(HOSTILE, 1)]
    marks = [passage(100 + n, 0, 13, coding(200 + n, n, 1)) for n in range(1, len(HOSTILE) + 1)]
    xml = project(
        users("=Anna"),
        codes=codes,
        sources=[text_source(99, "=cmd|x", *marks, inline="=HYPERLINK(1)")],
        origin="\u202eEvil",
    )
    assert run(write(tmp_path / "p.qdpx", xml), "--consent=quote") == 0
    for name, content in contents(raw).items():
        text = content.decode()
        assert not any(mark in text for mark in "\u202e\u2066\u200b\ufeff\u2028"), name
        assert not any(
            cell.startswith(("=", "+", "-", "@"))
            for line in csv.reader(text.splitlines())
            if name.endswith(".csv")
            for cell in line
        )


def test_the_account_is_kept_with_the_tables(tmp_path, raw):
    run(small_file(tmp_path / "p.qdpx"))
    (kept,) = json.loads((raw / "coding/import.json").read_text("utf-8"))["imports"].values()
    assert kept["origin"] == "Some Program"
    assert kept["kinds"]["codings"] == {"found": 4, "written": 4, "set aside": {}}
    assert guid(1) not in str(kept)


def test_a_codebook_imported_later_leaves_all_else(tmp_path, raw):
    run(small_file(tmp_path / "p.qdpx"))
    before = contents(raw)
    inner = "".join([code(10, "Hemmnisse", code(11, "Geld"), code(12, "Zeit"))])
    (tmp_path / "c.qdc").write_text(f"<CodeBook><Codes>{inner}</Codes></CodeBook>", "utf-8")
    run(tmp_path / "c.qdc")
    after = contents(raw)
    assert {name for name in after if after[name] != before[name]} == {
        "codebook.yml",
        "import.json",
    }


def test_nothing_is_written_before_the_difference_is_known(tmp_path, raw):
    found = prepare_import(small_file(tmp_path / "p.qdpx"), raw)
    assert found.change.lines
    assert not raw.exists()
    write_change(raw, found.change)
    assert prepare_import(tmp_path / "p.qdpx", raw).change.texts == {}


def test_what_a_program_says_anew_of_a_code_is_taken_over_unless_people_changed_it(
    tmp_path, raw, capsys
):
    run(small_file(tmp_path / "p.qdpx"))
    book = raw / "coding/codebook.yml"
    book.write_text("# Ours\n" + book.read_text("utf-8").replace("de: Leute", "de: Köpfe"), "utf-8")
    xml = small().replace("Es fehlt Geld.", "Mittel fehlen.").replace("Hemmnisse", "Hemmnisse ")
    write(tmp_path / "p.qdpx", xml, {"sources/a.txt": TALK})
    capsys.readouterr()
    assert run(tmp_path / "p.qdpx", "--dry-run") == 0
    said = capsys.readouterr().out
    assert "coding/codebook.yml: 0 rows added, 0 gone, 1 changed" in said
    assert "~ hemmnisse.geld: definition" in said
    assert "coding/codebook.yml: comments in it are not kept" in said
    run(tmp_path / "p.qdpx")
    text = book.read_text("utf-8")
    assert "Mittel fehlen." in text
    assert "de: Köpfe" in text
    assert "Es fehlt Geld." not in text


@settings(max_examples=25)
@given(st.data())
def test_whatever_people_add_by_hand_stays(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("by_hand")
    target = folder / "raw"
    path = small_file(folder / "p.qdpx")
    write_change(target, prepare_import(path, target).change)
    added = {}
    for name in ("study/interviews", "coding/units", "coding/codings_a", "coding/codings_coder2"):
        file = target / f"{name}.csv"
        table = rows(file)
        for n, row in enumerate(table):
            row["mine"] = f"{name} {n}"
            for column in data.draw(st.sets(st.sampled_from(["consent", "certainty", "gist_de"]))):
                if column in row:
                    row[column] = f"by hand {n}"
        own = dict.fromkeys(table[0], "x") | {next(iter(table[0])): "unit-00000001"}
        added[name] = [*table, own]
        with file.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, [*own], delimiter=data.draw(st.sampled_from(",;\t")))
            writer.writeheader()
            writer.writerows(added[name])
    words = data.draw(st.sampled_from(["Geld", "Mittel"]))  # the name of a code may change
    write(path, small().replace('name="Geld"', f'name="{words}"'), {"sources/a.txt": TALK})
    write_change(target, prepare_import(path, target).change)
    for name, table in added.items():
        if "codings" in name and words != "Geld":
            table = [row for row in table if row["code"] != "hemmnisse.geld"]
        now = rows(target / f"{name}.csv")
        assert all(row in now for row in table)


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ("own,A,,quote,Ja.,Yes.,more", "row 5: 7 cells; expected 6 cells as in the header"),
        ("own,A,,quote,Ja.,Yes.\nown,A,,quote,Nein.,No.", "row 6: a second row of own"),
    ],
)
def test_rows_that_could_not_be_written_again_stop_the_import(tmp_path, raw, capsys, row, wrong):
    path = small_file(tmp_path / "p.qdpx")
    run(path)
    file = raw / "coding/units.csv"
    file.write_text(file.read_text("utf-8") + row + "\n", "utf-8")
    before = contents(raw)
    write(path, small().replace('name="Leute"', 'name="Stellen"'), {"sources/a.txt": TALK})
    assert run(path) == 1
    assert f"coding/units.csv, {wrong}" in capsys.readouterr().err
    assert contents(raw) == before


@pytest.mark.parametrize(
    "kept",
    [
        "[1]",
        "{",
        '{"imports": {}}',
        '{"imports": {"../x": {}}, "codes": {}}',
        '{"imports": {"0815": {}}, "codes": {}}',
        '{"imports": {"0815": {"consent": "quote", "interviews": {}, "coders": {"../x": []}, '
        '"codes": {}}}, "codes": {}}',
        '{"imports": {"0815": {"consent": "quote", "interviews": {"a": 1}, "coders": {}, '
        '"codes": {}}}, "codes": {}}',
        '{"imports": {"0815": {"consent": "quote", "interviews": {}, "coders": {}, '
        '"codes": {"a": {"path": [1]}}}}, "codes": {}}',
        '{"imports": {}, "codes": ["a"]}',
    ],
)
def test_a_damaged_record_of_the_last_import_is_named(tmp_path, raw, capsys, kept):
    path = small_file(tmp_path / "p.qdpx")
    run(path)
    (raw / "coding/import.json").write_text(kept, "utf-8")
    assert run(path) == 1
    assert "coding/import.json is damaged" in capsys.readouterr().err


def test_nobody_can_try_out_names_of_documents_on_ids(tmp_path):
    (tmp_path / "t.csv").write_text(
        "Document name,Code,Segment\nGespräch mit Anna,x,Ja.\n", "utf-8"
    )
    (unit,) = tables(read_project(tmp_path / "t.csv")).rows["coding/units.csv"]
    assert unit["unit_id"] != "u" + digest("Gespräch mit Anna", "Ja.", 1)


def test_time_and_difference_grow_with_the_number_of_codings_alone(tmp_path):
    """The benchmarks import five times as many, in time and memory that they tell."""
    words = "Die Gemeinde braucht Geld. "
    sources = []
    for n in range(20):
        marks = [
            passage(
                10**6 + 250 * n + m, m * len(words), (m + 1) * len(words) - 1,
                coding(2 * 10**6 + 250 * n + m, 1, 1), coding(3 * 10**6 + 250 * n + m, 2, 2),
                name=words[:-1],
            )
            for m in range(250)
        ]  # fmt: skip
        sources.append(text_source(1000 + n, f"G {n}", *marks, inline=words * 250 + "😀"))
    codes = [code(1, "Geld"), code(2, "Leute")]

    def bring_and_take_away(documents):
        for kept in (sources[:documents], sources[:1]):
            xml = project(users("A", "B"), codes=codes, sources=kept)
            path = write(tmp_path / "p.qdpx", xml)
            found = prepare_import(path, tmp_path / "raw").change
            write_change(tmp_path / "raw", found)
        gone = 250 * (documents - 1)
        assert f"coding/units.csv: 0 rows added, {gone:,} gone, 0 changed" in found.lines

    assert growth(bring_and_take_away, 5) < 10


def test_many_codes_of_one_name_are_told_apart_in_time_that_grows_with_their_number(tmp_path):
    def tell_apart(number):
        names = ["x", "x (2)", "X", *number * ["x"]]
        codes = [code(n, name) for n, name in enumerate(names, 1)]
        path = write(tmp_path / "p.qdpx", project(codes=codes))
        (about,) = tables(read_project(path)).dimensions.values()
        labels = [entry["de"] for entry in about["codes"].values()]
        assert labels[:4] == ["Code > x", "x (2)", "Code > X (2)", "Code > x (3)"]
        assert len({label.casefold() for label in labels}) == len(codes)

    assert growth(tell_apart, 750) < 8


def refused(path, *options, capsys):
    capsys.readouterr()
    assert run(path, *options) == 1
    return capsys.readouterr().err


def test_a_codebook_that_would_lose_something_is_not_written_again(tmp_path, raw, capsys):
    run(small_file(tmp_path / "p.qdpx"))
    book = raw / "coding/codebook.yml"
    text = book.read_text("utf-8")
    line = next(n for n, one in enumerate(text.splitlines(), 1) if "hemmnisse.geld:" in one)
    twice = text.replace("hemmnisse.geld:", "hemmnisse.geld: {de: A, en: B}\n      hemmnisse.geld:")
    book.write_text(twice, "utf-8")
    said = refused(tmp_path / "p.qdpx", capsys=capsys)
    assert f"coding/codebook.yml, line {line + 1}: 'hemmnisse.geld' stands twice" in said
    assert book.read_text("utf-8") == twice
    book.write_text(f"{text}  empty: {{label: {{de: Leer, en: Empty}}, codes: {{}}}}\n", "utf-8")
    write(tmp_path / "p.qdpx", small().replace("Leute", "Menschen"), {"sources/a.txt": TALK})
    run(tmp_path / "p.qdpx")
    assert "  empty:\n" in book.read_text("utf-8")


def test_a_codebook_in_its_short_form_is_kept_as_it_is(tmp_path, raw, monkeypatch):
    for module in ("raw.codebook", "exchange.codebook"):
        monkeypatch.setattr(f"analysis.{module}.LANGUAGES", ("de",))
    run(small_file(tmp_path / "p.qdpx"))
    book = raw / "coding/codebook.yml"
    text = book.read_text("utf-8") + "  own: {label: Eigenes, codes: {own.b: B}}\n"
    book.write_text(text, "utf-8")
    assert run(tmp_path / "p.qdpx") == 0
    assert book.read_text("utf-8") == text


def test_each_coder_is_named_or_none(tmp_path, raw, capsys):
    path = small_file(tmp_path / "p.qdpx")
    for names, wrong in {
        "kim": "CODER=kim: 1 name for 2 coders",
        "kim,lee,sam": "CODER=kim,lee,sam: 3 names for 2 coders",
        "kim,,lee": "CODER=kim,,lee: expected a name",
        ",": "CODER=,: expected a name",
    }.items():
        assert wrong in refused(path, f"--coder={names}", capsys=capsys)
        assert not raw.exists()
    assert run(path, "--coder=a,b") == 0
    assert "note: codings_b.csv is a second pass" in capsys.readouterr().out


@pytest.mark.usefixtures("raw")
def test_codes_that_come_to_others_are_named(tmp_path, capsys):
    for name, word in (("a", "hill"), ("b", "hil")):
        (tmp_path / f"{name}.csv").write_text(
            f"Document name,Code,Segment\nA,{word},It goes up.\n", "utf-8"
        )
        assert run(tmp_path / f"{name}.csv", f"--coder={name}") == 0
        said = capsys.readouterr().out
        assert ("  + code.hil\n" in said) == (name == "b"), said


@pytest.mark.parametrize(
    ("coders", "way"),
    [
        ("kim,lee", "say whose do in study.yml, as in `counted: kim`"),
        ("b,lee", "say whose do in study.yml, as in `counted: lee`"),  # b is a second pass
    ],
)
def test_it_is_said_at_once_that_nobodys_codings_count_yet(tmp_path, raw, capsys, coders, way):
    path = small_file(tmp_path / "p.qdpx")
    assert run(path, f"--coder={coders}") == 0
    note = "note: nobody's codings count yet, as there is no codings_a.csv"
    assert f"{note}; {way}" in capsys.readouterr().out
    (raw / "coding/codings_a.csv").write_text("unit_id,code\n", "utf-8")  # by hand
    assert run(path) == 0
    assert note not in capsys.readouterr().out


@pytest.mark.usefixtures("raw")
def test_a_second_pass_alone_asks_for_the_first(tmp_path, capsys):
    (tmp_path / "t.csv").write_text("Document name,Code,Segment\nA,x,Ja.\n", "utf-8")
    assert run(tmp_path / "t.csv", "--coder=b") == 0
    assert "no codings_a.csv; import those of the first coder, too" in capsys.readouterr().out


@pytest.mark.usefixtures("raw")
@pytest.mark.parametrize("name", ["p.qdpx", "p.qde", "p.csv", "p.xlsx", "p.sqlite3", "data.qda"])
def test_a_pipe_is_not_waited_for(tmp_path, capsys, name):
    os.mkfifo(tmp_path / name)
    assert "a pipe or a device, which may never end" in refused(tmp_path / name, capsys=capsys)
