"""What is the same and what is not: passages of the same words, coders, documents."""

import csv
import json

import pytest
from qdpx import code, coding, passage, project, text_source, users, write

from analysis.exchange import statements
from analysis.exchange.imports import read_record
from analysis.exchange.model import Code, Coding, Document, Passage, Project
from analysis.exchange.names import number
from analysis.exchange.opening import NotReadableError
from analysis.exchange.places import contradict
from analysis.exchange.reading import prepare_import
from analysis.exchange.tables import tables
from analysis.exchange.writing import write as write_change

TALK = "Ja. Geld fehlt.\nEs fehlen Leute.\nJa.\nJa.\n"
FIRST, SECOND, THIRD = (0, 3), (33, 36), (37, 40)


def read(path, raw, *coders, replace=False):
    found = prepare_import(path, raw, coders=coders)
    assert bool(found.doubt) == replace, found.doubt
    write_change(raw, found.change)
    return found


def table(raw, name):
    with (raw / f"coding/{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def talk(path, *spans, text=TALK, by=1, names=("Anna",)):
    marks = [passage(100 + n, *span, coding(200 + n, 10, by)) for n, span in enumerate(spans)]
    source = text_source(20, "A", *marks, inline=text)
    return write(path, project(users(*names), codes=[code(10, "x")], sources=[source]))


def as_table(path, *rows, heading="Beginning"):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [("Document name", "Code", heading, "Segment"), *(("A", "x", *row) for row in rows)]
        )
    return path


def test_two_coders_of_the_same_words_at_two_places_coded_two_statements(tmp_path, raw):
    read(talk(tmp_path / "a.qdpx", FIRST), raw)
    read(talk(tmp_path / "b.qdpx", THIRD), raw, "ben")
    assert [row["locator"] for row in table(raw, "units")] == ["¶1", "¶4"]
    assert table(raw, "codings_a")[0]["unit_id"] != table(raw, "codings_ben")[0]["unit_id"]
    read(talk(tmp_path / "c.qdpx", SECOND, THIRD), raw, "kim")
    assert len(table(raw, "units")) == 3


def test_what_was_written_of_a_passage_stays_with_it_if_an_earlier_one_is_coded(tmp_path, raw):
    path = talk(tmp_path / "a.qdpx", SECOND)
    read(path, raw)
    file = raw / "coding/units.csv"
    (before,) = table(raw, "units")
    file.write_text(file.read_text("utf-8").replace(before["gist_de"], "Zustimmung"), "utf-8")
    read(talk(path, FIRST, SECOND, THIRD), raw)
    assert {row["locator"]: row["gist_de"] for row in table(raw, "units")}["¶3"] == "Zustimmung"
    read(talk(path, FIRST, THIRD), raw)
    assert "Zustimmung" not in [row["gist_de"] for row in table(raw, "units")]


def test_words_are_told_apart_as_they_are_compared(tmp_path, raw):
    text = "Geld\n fehlt. Geld fehlt. Geld  fehlt."
    read(talk(tmp_path / "a.qdpx", (0, 12), (13, 24), (25, 37), text=text), raw)
    assert len(table(raw, "units")) == 3


def test_of_overlapping_and_oddly_written_words_none_are_taken_for_others():
    made = Project("P", {"d": Document("d", "A", "aaaa e\u0301 \u00e9")}, {"c": Code("c", "x")})
    spans = [(0, 2), (1, 3), (2, 4), (5, 7), (8, 9)]
    made.codings = [
        Coding(str(n), Passage("d", *span, text=made.documents["d"].text[slice(*span)]), "c")
        for n, span in enumerate(spans)
    ]
    made.found = {}
    assert len(tables(made).rows["coding/units.csv"]) == len(spans)


def test_without_a_text_places_tell_passages_apart(tmp_path, raw):
    path = as_table(tmp_path / "a.csv", (9, "Ja."))
    read(path, raw)
    (before,) = table(raw, "units")
    read(as_table(path, (4, "Ja."), (9, "Ja.")), raw)
    after = {row["locator"]: row["unit_id"] for row in table(raw, "units")}
    assert after["¶9"] == before["unit_id"]
    read(as_table(tmp_path / "b.csv", (4, "Ja.")), raw, "ben")
    assert [row["unit_id"] for row in table(raw, "codings_ben")] == [after["¶4"]]
    assert len(table(raw, "units")) == 2


def test_the_same_words_at_another_place_in_another_file_are_a_matter_of_doubt(tmp_path, raw):
    read(as_table(tmp_path / "a.csv", (9, "Ja.")), raw)
    path = as_table(tmp_path / "b.csv", (4, "Ja."))
    found = read(path, raw, "ben", replace=True)
    assert "b.csv has 1 passage with words that another import has" in found.doubt
    assert "first ¶4 and not ¶9" in found.doubt
    read(path, raw)  # it was said once
    read(tmp_path / "a.csv", raw)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("¶4", "¶4–5", False),
        ("¶4", "¶5", True),
        ("p. 3", "¶5", False),
        ("", "¶5", False),
        ("00:00:01–00:00:02", "00:00:01-00:00:03", False),
    ],
)
def test_places_contradict_each_other_only_if_they_count_the_same(one, other, expected):
    assert contradict(one, other) is contradict(other, one) is expected


def test_passages_without_end_in_texts_without_end_are_refused(tmp_path, raw, monkeypatch):
    monkeypatch.setattr(statements, "MOST_SOUGHT", 2 * len(TALK) - 1)
    with pytest.raises(NotReadableError, match="too many passages in too long texts"):
        prepare_import(talk(tmp_path / "a.qdpx", FIRST, (4, 15)), raw)


def coded(path, *rows):
    """A table of codings, each by a coder."""
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = [("A", f"Nr. {n}", "x", who) for n, who in rows]
        csv.writer(file).writerows([("Document name", "Segment", "Code", "Created by"), *lines])
    return path


def given(raw):
    """How many passages each coder has coded."""
    return {
        path.stem[8:]: len(table(raw, path.stem)) for path in (raw / "coding").glob("codings_*")
    }


@pytest.mark.parametrize("names", [(), ("anna", "ben")])
def test_coders_keep_their_names_whoever_comes_first_in_the_file(tmp_path, raw, names):
    rows = [(1, "Anna"), (2, "Ben"), (3, "Anna"), (4, "Ben"), (5, "Ben"), (6, "Anna"), (7, "Ben")]
    path = coded(tmp_path / "a.csv", *rows)
    read(path, raw, *names)
    first, second = names or ("a", "coder2")
    assert given(raw) == {first: 3, second: 4}
    read(coded(path, *rows[1:]), raw, *names)
    assert given(raw) == {first: 2, second: 4}
    read(coded(path, rows[1]), raw)
    assert given(raw) == {second: 1}
    kept = json.loads((raw / "coding/import.json").read_text("utf-8"))
    assert "Ben" not in str(kept)


def test_a_record_without_numbers_of_coders_is_read_by_their_order(tmp_path, raw):
    path = coded(tmp_path / "a.csv", (1, "Anna"), (2, "Ben"), (3, "Ben"))
    read(path, raw, "anna", "ben")
    file = raw / "coding/import.json"
    kept = json.loads(file.read_text("utf-8"))
    for one in kept["imports"].values():
        del one["names"]
    file.write_text(json.dumps(kept), "utf-8")
    read(path, raw)
    assert given(raw) == {"anna": 1, "ben": 2}
    (one,) = read_record(raw).imports.values()
    assert [*one.names] == ["anna", "ben"]


def test_coders_whose_short_numbers_are_the_same_keep_their_names(tmp_path, raw):
    first = {}
    one, other = next(
        (first[key], name)
        for name in (f"Kim {n}" for n in range(1000))
        if first.setdefault(key := number(name, 4), name) != name
    )
    rows = [(1, one), (2, other), (3, other), (4, one), (5, one)]
    path = coded(tmp_path / "a.csv", *rows)
    read(path, raw)
    before = given(raw)
    read(coded(path, *rows[1:]), raw)
    assert given(raw) == before | {"a": 2} == {"a": 2, "coder2": 2}


def test_a_coder_who_comes_later_takes_nobodys_name(tmp_path, raw):
    path = coded(tmp_path / "a.csv", (1, "Anna"), (2, "Ben"))
    read(path, raw)
    read(coded(path, (1, "Cleo"), (1, "Anna"), (2, "Ben"), (3, "Ben")), raw)
    assert given(raw) == {"a": 1, "coder2": 2, "coder3": 1}
    read(coded(path, (1, "Anna"), (2, "Ben"), (3, "Ben")), raw)
    assert given(raw) == {"a": 1, "coder2": 2}


def test_codings_of_others_in_a_file_of_the_same_name_are_a_matter_of_doubt(tmp_path, raw):
    path = coded(tmp_path / "a.csv", (1, "Anna"), (2, "Anna"))
    read(path, raw)
    coded(path, (1, "Ben"))
    found = prepare_import(path, raw, coders=["ben"])
    assert "codings_ben.csv would take the place of codings_a.csv" in found.doubt
    assert "REPLACE=yes" in found.doubt
    assert prepare_import(path, raw).doubt  # or nobody says so
    read(path, raw, "a")  # the same person, by another name
    assert given(raw) == {"a": 1}


def test_codings_that_somebody_made_by_hand_are_not_overwritten(tmp_path, raw):
    path = coded(tmp_path / "a.csv", (1, "Anna"))
    read(path, raw)
    own = raw / "coding/codings_coder2.csv"
    own.write_text("unit_id,code,certainty\n", "utf-8")
    coded(path, (1, "Anna"), (1, "Ben"))
    with pytest.raises(NotReadableError, match="is there already and was not imported"):
        prepare_import(path, raw)
    read(path, raw, "a", "ben")
    assert given(raw) == {"a": 1, "ben": 1, "coder2": 0}
