"""A study is imported from several files: they add up, whatever the order, and each of them is
brought up to date or removed by itself.
"""

import csv
import json
from itertools import permutations
from threading import Thread

import pytest
import xlsx
from hypothesis import given, settings
from hypothesis import strategies as st
from qdpx import code, coding, passage, project, text_source, users, write

from analysis import cli
from analysis.exchange import reading
from analysis.exchange.merging import in_order
from analysis.exchange.names import number
from analysis.exchange.opening import NotReadableError
from analysis.exchange.reading import prepare_import, prepare_removal
from analysis.exchange.writing import write as write_change
from analysis.raw.study import read_study

WORDS = ("Es fehlt Geld.", "Es fehlen Leute.", "Wir haben\nZeit.")
CODES = (("Hemmnisse", "Geld"), ("Hemmnisse", "Leute"), ("Zeit",), ("Hemmnisse",))


def interview(name):
    return f"interview-{number(name.casefold(), 6)}"


def read(path, raw, *coders, consent="paraphrase", replace=False):
    """Imports a file, which may be in doubt only if it is to replace something."""
    found = prepare_import(path, raw, consent=consent, coders=coders)
    assert bool(found.doubt) == replace, found.doubt
    write_change(raw, found.change)
    return found


def as_csv(path, given):
    """A table of codings: interview, words and code by number."""
    rows = [(name, " > ".join(CODES[which]), WORDS[said]) for name, said, which in given]
    return as_rows(path, [("Document name", "Code", "Segment"), *rows])


def as_rows(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def placed(given):
    """The same with paragraphs and a coder."""
    yield "Dokumentname", "Code", "Anfang", "Ende", "Segment", "Erstellt von"
    for name, said, which in given:
        path = " > ".join(CODES[which])
        yield name, path, said + 1, said + 1 + (said == 2), WORDS[said], "Kim"


def as_placed(path, given):
    return as_rows(path, placed(given))


def as_xlsx(path, given):
    return xlsx.write(path, [*placed(given)])


def as_qdpx(path, given):
    starts = [0, len(WORDS[0]) + 1, len(WORDS[0]) + len(WORDS[1]) + 2]
    sources = []
    for n, name in enumerate(dict.fromkeys(name for name, _, _ in given)):
        marks = [
            passage(
                500 + 10 * n + said, starts[said], starts[said] + len(WORDS[said]),
                *(coding(1000 + 100 * n + 10 * said + which, 11 + which, 1)
                  for one, spoken, which in given if (one, spoken) == (name, said)),
            )
            for said in range(3)
            if any((one, spoken) == (name, said) for one, spoken, _ in given)
        ]  # fmt: skip
        key = 50 + sum(map(ord, name))
        sources.append(text_source(key, name, *marks, inline="\n".join(WORDS)))
    codes = [code(14, "Hemmnisse", code(11, "Geld"), code(12, "Leute")), code(13, "Zeit")]
    return write(path, project(users("Anna"), codes=codes, sources=sources))


FORMATS = {"csv": as_csv, "placed.csv": as_placed, "qdpx": as_qdpx}


def table(raw, name):
    path = raw / f"{name}.csv"
    if not path.exists():
        return None
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def told(raw):
    """The tables, whatever the order of their rows, and the codebook, whatever its order."""
    import yaml

    tables = {
        path.relative_to(raw).as_posix(): sorted(path.read_text("utf-8").splitlines())
        for path in raw.rglob("*.csv")
    }
    book = raw / "coding/codebook.yml"
    return tables, yaml.safe_load(book.read_text("utf-8")) if book.exists() else None


def contents(raw):
    return {path: path.read_bytes() for path in raw.rglob("*") if path.is_file()}


def valid(raw, tmp_path):
    works = tmp_path / "references.bib"
    works.touch()
    return read_study(raw, works)


def test_one_study_comes_from_three_files_of_three_formats(tmp_path, raw):
    read(as_qdpx(tmp_path / "a.qdpx", [("I1", 0, 0), ("I2", 1, 1)]), raw)
    read(as_xlsx(tmp_path / "b.xlsx", [("I3", 0, 0), ("I4", 2, 2)]), raw)
    read(as_csv(tmp_path / "c.csv", [("I5", 1, 0)]), raw)
    study = valid(raw, tmp_path)
    assert len(study["interviews"]) == 5
    assert len(study["codings_a"]) == 5  # one coder, though they do not tell so
    assert [*study["codes"]["code"]] == ["hemmnisse.geld", "hemmnisse.leute", "code.zeit"]
    kept = json.loads((raw / "coding/import.json").read_text("utf-8"))["imports"]
    assert [one["kinds"]["codings"]["found"] for one in kept.values()] == [
        len(one["coders"]["a"]) for one in kept.values()
    ]


def test_a_table_that_excel_saved_is_written_anew_in_utf_8(tmp_path, raw):
    given = [("I1", 2, 0), ("I2", 1, 1)]
    read(as_csv(tmp_path / "a.csv", given), raw, consent="quote")
    before, units = contents(raw), raw / "coding/units.csv"
    text = units.read_text("utf-8").replace("Zeit", "für Zeit")
    units.write_text(text, "cp1252")
    read(as_csv(tmp_path / "a.csv", given), raw, consent="quote")
    assert units.read_text("utf-8") == text
    assert {path: content for path, content in contents(raw).items() if path != units} == {
        path: content for path, content in before.items() if path != units
    }


def test_a_second_coder_codes_the_same_statements(tmp_path, raw, capsys):
    one = [("I1", 0, 0), ("I1", 2, 2), ("I2", 1, 1)]
    other = [("I1", 0, 1), ("I1", 2, 2), ("I2", 0, 0)]
    assert cli.main(["import", str(as_qdpx(tmp_path / "a.qdpx", one))]) == 0
    before = contents(raw)
    path = str(as_xlsx(tmp_path / "b.xlsx", other))
    assert cli.main(["import", path]) == 1
    said = capsys.readouterr().err
    assert (
        "both have codings of 2 interviews for codings_a.csv. If another person made these" in said
    )
    assert contents(raw) == before
    assert cli.main(["import", path, "--coder=kim"]) == 0
    assert "interviews that others have too: 2 of 2" in capsys.readouterr().out
    study = valid(raw, tmp_path)
    assert len(study["units"]) == 4
    shared = {*study["codings_a"]["unit_id"]} & {*study["codings_kim"]["unit_id"]}
    assert len(shared) == 2  # though one has the words on one line, and the other on two
    before = contents(raw)
    for again in (path, str(tmp_path / "a.qdpx")):  # who coded is remembered
        assert cli.main(["import", again]) == 0
        assert capsys.readouterr().out.endswith("is up to date\n")
    assert contents(raw) == before


@pytest.mark.usefixtures("raw")
def test_whoever_has_not_said_yet_in_which_languages_a_study_is_learns_it(
    tmp_path, monkeypatch, capsys
):
    path = str(as_csv(tmp_path / "a.csv", [("I1", 0, 0)]))
    monkeypatch.setenv("COMPENDIUM_STUDY", str(tmp_path / "study"))
    assert cli.main(["import", path]) == 0
    assert "there is no study.yml yet, so texts are in de and en" in capsys.readouterr().out
    (tmp_path / "study/study.yml").write_text("title: Ours\nlanguages: [de]\n", "utf-8")
    assert cli.main(["import", path]) == 0
    assert "study.yml" not in capsys.readouterr().out


def test_a_file_takes_the_place_of_another_only_if_asked_to(tmp_path, raw):
    read(as_csv(tmp_path / "old.csv", [("I1", 0, 0), ("I2", 0, 0)]), raw)
    read(as_csv(tmp_path / "else.csv", [("I3", 0, 0)]), raw)
    read(as_csv(tmp_path / "new.csv", [("I1", 0, 1)]), raw, replace=True)
    assert {row["interview_id"] for row in table(raw, "study/interviews")} == {
        interview("I1"),
        interview("I3"),
    }
    assert len(table(raw, "coding/codings_a")) == 2
    assert len(json.loads((raw / "coding/import.json").read_text("utf-8"))["imports"]) == 2


def test_what_other_imports_and_people_have_stays_when_one_changes(tmp_path, raw):
    read(as_csv(tmp_path / "a.csv", [("I1", 0, 0), ("I1", 1, 1)]), raw)
    read(as_csv(tmp_path / "b.csv", [("I1", 0, 0), ("I2", 0, 2)]), raw, "kim")
    file = raw / "coding/codings_kim.csv"
    file.write_text(file.read_text("utf-8").replace("geld,", "geld,2"), "utf-8")
    read(as_csv(tmp_path / "a.csv", [("I1", 1, 1)]), raw)
    kim = table(raw, "coding/codings_kim")
    assert [(row["code"], row["certainty"]) for row in kim] == [
        ("hemmnisse.geld", "2"),
        ("code.zeit", ""),
    ]
    assert len(table(raw, "coding/units")) == 3
    assert len(table(raw, "coding/codings_a")) == 1


def test_a_code_gets_its_dimension_when_another_file_has_it(tmp_path, raw):
    read(as_csv(tmp_path / "a.csv", [("I1", 0, 3)]), raw)
    assert table(raw, "coding/codings_a")[0]["code"] == "code.hemmnisse"
    found = read(as_csv(tmp_path / "b.csv", [("I2", 0, 0)]), raw)
    assert [row["code"] for row in table(raw, "coding/codings_a")] == [
        "hemmnisse.hemmnisse",
        "hemmnisse.geld",
    ]
    assert any("- " in line and "code.hemmnisse" in line for line in found.change.lines)
    write_change(raw, prepare_removal(import_of(raw, 1, "b"), raw).change)
    assert table(raw, "coding/codings_a")[0]["code"] == "code.hemmnisse"


def import_of(raw, interviews, but=""):
    """The number of an import with so many interviews; of several the last in the record."""
    kept = json.loads((raw / "coding/import.json").read_text("utf-8"))["imports"]
    found = [n for n, one in kept.items() if len(one["interviews"]) == interviews]
    if but:
        return next(n for n in found if interview("I2") in kept[n]["interviews"])
    return found[-1]


def test_an_import_is_removed_by_its_number(tmp_path, raw, capsys):
    path = as_csv(tmp_path / "a.csv", [("I1", 0, 0)])
    assert cli.main(["import", str(path)]) == 0
    before = told(raw)
    read(as_xlsx(tmp_path / "b.xlsx", [("I1", 0, 0), ("I2", 2, 2)]), raw, "kim")
    second = import_of(raw, 2)
    capsys.readouterr()
    assert cli.main(["import", "--remove=0000"]) == 1
    said = capsys.readouterr().err
    assert "there is no import '0000'; there are " in said
    assert f"{second} (MAXQDA, 2 interviews)" in said
    assert cli.main(["import", f"--remove={second}", "--dry-run"]) == 0
    assert told(raw) != before
    assert cli.main(["import", f"--remove={second}"]) == 0
    assert "left are" in capsys.readouterr().out
    assert told(raw)[1] == before[1]
    assert table(raw, "coding/codings_kim") is None
    assert cli.main(["import", f"--remove={import_of(raw, 1)}"]) == 0
    assert contents(raw) == {}


@pytest.mark.usefixtures("raw")
def test_what_is_to_be_imported_or_removed_must_be_said(capsys):
    assert cli.main(["import"]) == 1
    assert "name a file, or the number of an import to remove" in capsys.readouterr().err
    assert cli.main(["import", "a.csv", "--remove=1234"]) == 1


@pytest.mark.parametrize("coder", ["Kim", "a/b", "..", "kim,kim", "ä"])
def test_a_name_of_a_coder_must_be_that_of_a_file(tmp_path, raw, capsys, coder):
    path = as_csv(tmp_path / "a.csv", [("I1", 0, 0)])
    assert cli.main(["import", str(path), f"--coder={coder}"]) == 1
    assert "expected a name of small letters, digits, - and _" in capsys.readouterr().err
    assert not raw.exists()


def test_more_names_than_coders_are_refused(tmp_path, raw):
    with pytest.raises(NotReadableError, match="2 names for 1 coder"):
        prepare_import(as_csv(tmp_path / "a.csv", [("I1", 0, 0)]), raw, coders=["a", "kim"])


def test_nobody_can_read_names_of_files_documents_or_coders_in_the_record(tmp_path, raw):
    folder = tmp_path / "Ordner"
    folder.mkdir()
    read(as_qdpx(folder / "Müller.qdpx", [("Gespräch mit Meier", 0, 0)]), raw)
    kept = (raw / "coding/import.json").read_text("utf-8")
    assert not any(name in kept for name in ("Ordner", "Müller", "Meier", "Anna"))


def test_names_of_documents_and_coders_are_the_same_in_projects_and_tables(tmp_path, raw):
    source = text_source(
        20, "Ge\u00adspräch\u200b A", passage(30, 0, 3, coding(40, 1, 1)), inline="Ja."
    )
    people = users("Anna\u00a0Bei\u00adspiel")
    path = tmp_path / "a.qdpx"
    write(path, project(people, codes=[code(1, "x")], sources=[source]))
    read(path, raw)
    file = raw / "coding/import.json"
    kept = json.loads(file.read_text("utf-8"))
    (one,) = kept["imports"].values()
    assert [*one["names"].values()] == [number("Anna Beispiel", 4)]
    one["names"] = {"a": number("Anna\u00a0Bei\u00adspiel", 4)}  # as it was recorded before
    file.write_text(json.dumps(kept), "utf-8")
    more = users("Ben", "Anna\u00a0Bei\u00adspiel")
    marks = passage(30, 0, 3, coding(40, 1, 1), coding(41, 1, 2))
    other = text_source(20, "Ge\u00adspräch\u200b A", marks, inline="Ja.")
    write(path, project(more, codes=[code(1, "x")], sources=[other]))
    read(path, raw)
    (one,) = json.loads(file.read_text("utf-8"))["imports"].values()
    assert one["names"]["a"] == number("Anna Beispiel", 4)
    read(as_rows(tmp_path / "b.csv", [("Document name", "Code", "Segment"),
                                      ("Gespräch A", "x", "Ja.")]), raw, "kim")  # fmt: skip
    assert len(table(raw, "study/interviews")) == 1


def test_coders_whose_names_look_alike_are_one(tmp_path, raw):
    marks = passage(30, 0, 3, coding(40, 1, 1), coding(41, 1, 2))
    source = text_source(20, "A", marks, inline="Ja.")
    people = users("Anna B", "Anna\u00a0B")
    found = read(
        write(tmp_path / "a.qdpx", project(people, codes=[code(1, "x")], sources=[source])), raw
    )
    assert "note: coders of the same name as another one, taken for one: 1" in found.account
    assert [path.stem for path in (raw / "coding").glob("codings_*")] == ["codings_a"]


def test_words_that_one_file_may_quote_and_another_not_are_not_quoted(tmp_path, raw):
    given = [("I1", 0, 0), ("I1", 1, 0)]
    quoted = as_csv(tmp_path / "a.csv", given), "a", "quote"
    hidden = as_csv(tmp_path / "b.csv", given[:1]), "kim", "paraphrase"
    tables = []
    for n, order in enumerate(permutations((quoted, hidden))):
        for path, coder, consent in order:
            read(path, raw.with_name(f"raw{n}"), coder, consent=consent)
        tables.append(told(raw.with_name(f"raw{n}")))
    assert tables[0] == tables[1]
    units = table(raw.with_name("raw0"), "coding/units")
    assert {row["consent"]: row["gist_de"] for row in units} == {
        "paraphrase": f"[{interview('I1')}]",
        "quote": WORDS[1],
    }
    read(hidden[0], raw.with_name("raw0"), consent="quote")
    assert {row["gist_de"] for row in table(raw.with_name("raw0"), "coding/units")} == {*WORDS[:2]}


def test_the_place_of_a_statement_is_told_by_the_file_that_tells_it(tmp_path, raw):
    given = [("I1", 1, 0)]
    silent = as_csv(tmp_path / "a.csv", given), "a"
    telling = as_xlsx(tmp_path / "b.xlsx", given), "kim"
    for n, order in enumerate(permutations((silent, telling))):
        target = raw.with_name(f"raw{n}")
        for path, coder in (*order, *order):
            read(path, target, coder)
            read(path, target)
        assert [row["locator"] for row in table(target, "coding/units")] == ["¶2"]


def test_a_document_that_gets_another_name_stays_the_same_interview(tmp_path, raw):
    read(as_qdpx(tmp_path / "a.qdpx", [("AB", 0, 0)]), raw)
    before = table(raw, "coding/units")
    read(as_qdpx(tmp_path / "a.qdpx", [("BA", 0, 0)]), raw)  # of the same guid
    assert table(raw, "coding/units") == before


codings = st.lists(
    st.tuples(st.sampled_from(["I1", "I2", "I3"]), st.integers(0, 2), st.integers(0, 3)),
    min_size=1,
    max_size=6,
    unique=True,
)
files = st.lists(st.tuples(codings, st.sampled_from([*FORMATS])), min_size=2, max_size=3)


@settings(max_examples=25)
@given(files, st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_matters_and_what_is_removed_is_gone(
    tmp_path_factory, files, chance
):
    folder = tmp_path_factory.mktemp("several")
    made = [
        (FORMATS[ending](folder / f"{n}.{ending}", given), f"coder-{n}")
        for n, (given, ending) in enumerate(files)
    ]
    first, second = folder / "first/raw", folder / "second/raw"
    for path, coder in made:
        read(path, first, coder)
    for path, coder in chance.sample(made, len(made)):
        read(path, second, coder)
    assert told(first) == told(second)
    whole = contents(first)
    for path, _ in chance.sample(made, len(made)):
        assert not prepare_import(path, first).change.texts
    *kept, (last, name) = made
    numbers = json.loads((first / "coding/import.json").read_text("utf-8"))["imports"]
    (gone,) = [n for n, one in numbers.items() if name in one["coders"]]
    write_change(first, prepare_removal(gone, first).change)
    third = folder / "third/raw"
    for path, coder in kept:
        read(path, third, coder)
    assert told(first) == told(third) or _places(first) != _places(third)
    read(last, first, name)
    assert {path.name for path in contents(first)} == {path.name for path in whole}
    assert told(first) == told(second)


def _places(raw):
    """A place that another file has told stays with a statement."""
    return [row["locator"] for row in table(raw, "coding/units")]


@given(st.lists(st.integers(0, 9), unique=True), st.lists(st.integers(0, 9), unique=True))
def test_new_rows_come_where_they_belong_and_all_else_stays(before, after):
    merged = in_order(before, after)
    assert [one for one in merged if one in before] == before
    assert sorted(merged) == sorted({*before, *after})
    assert in_order(merged, after) == merged
    if not set(before) & set(after):
        assert merged == before + after


def test_what_files_say_of_a_code_stands_side_by_side(tmp_path, raw):
    def defined(n, name, said):
        codes = [code(10, "Hemmnisse", code(11, "Geld", description=said))]
        mark = passage(500, 0, len(WORDS[0]), coding(1000, 11))
        sources = [text_source(50 + n, name, mark, inline=WORDS[0])]
        return write(tmp_path / f"{name}.qdpx", project(codes=codes, sources=sources))

    said = {"I1": "Mittel fehlen.", "I2": "Es fehlt Geld.", "I3": "Es fehlt", "I4": ""}
    for n, order in enumerate((said, [*said][::-1])):
        for name in order:
            read(defined(int(name[1]), name, said[name]), raw.with_name(f"raw{n}"))
    assert told(raw.with_name("raw0")) == told(raw.with_name("raw1"))
    book = told(raw.with_name("raw0"))[1]["dimensions"]["hemmnisse"]["codes"]["hemmnisse.geld"]
    assert book["definition"]["de"] == "Es fehlt Geld. / Mittel fehlen."


@pytest.mark.parametrize("fresh", [True, False])
def test_of_two_imports_at_once_the_second_waits_and_both_are_kept(
    raw, tmp_path, monkeypatch, capsys, fresh
):
    if not fresh:
        raw.mkdir(parents=True)
    one = as_csv(tmp_path / "one.csv", [("A", 0, 0)])
    other = as_csv(tmp_path / "other.csv", [("B", 1, 1)])
    beside = Thread(target=cli.main, args=(["import", str(other)],))

    def write_slowly(folder, change):
        monkeypatch.setattr(reading, "write", write_change)
        beside.start()
        beside.join(0.3)
        write_change(folder, change)

    monkeypatch.setattr(reading, "write", write_slowly)
    assert cli.main(["import", str(one)]) == 0
    beside.join()
    assert len(json.loads((raw / "coding/import.json").read_text("utf-8"))["imports"]) == 2
    assert {row["interview_id"] for row in table(raw, "coding/units")} == {
        interview("A"),
        interview("B"),
    }
    assert "another import is under way; this one waits for it" in capsys.readouterr().out
