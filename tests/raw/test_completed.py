"""What a study need not say is filled in from what it says; what it says is never touched."""

import csv
import json

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from project import on_study
from rules import found

from analysis.problems import alike
from analysis.processed.prepare import prepare
from analysis.raw.completed import STEPS, _marks, completed
from analysis.raw.study import StudyError, read_study
from analysis.tables import RAW
from analysis.withdrawal import consequences
from analysis.wording import LANGUAGES, Wording

CODEBOOK = """version: 1
dimensions:
  barrier:
    label: {de: Hürde, en: Barrier}
    codes:
      barrier.time: {de: Zeit, en: Time, definition: {de: Es fehlt Zeit., en: Time is short.}}
      barrier.money: {de: Geld, en: Money}
"""
TABLES = {
    "coding/units.csv": "unit_id,interview_id,locator,gist_de,gist_en\n"
    "u1,i01,p. 3 l. 4–9,Es fehlt Zeit.,Time is short.\n"
    "u2,i01,00:12:30,Es fehlt Geld.,Money is short.\n"
    "u3,i02,¶4 s2,Geld ist da.,There is money.\n",
    "coding/codings_a.csv": "unit_id,code\nu1,barrier.time\nu2,barrier.money\nu3,\n",
    "study/interviews.csv": "interview_id,consent\ni01,anonymous\ni02,anonymous\n",
}


def write(folder, tables=TABLES, codebook=CODEBOOK):
    for file, text in {**tables, "coding/codebook.yml": codebook}.items():
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_text(text, "utf-8")
    return folder


def problems(raw):
    with pytest.raises(StudyError) as wrong:
        read_study(raw, raw / "references.bib")
    return list(map(str, wrong.value.problems))


def test_codebook_units_codings_and_interviews_are_a_study(tmp_path):
    study = read_study(write(tmp_path), tmp_path / "references.bib")
    assert list(study["municipalities"]["label_en"]) == ["i01", "i02"]
    assert list(study["cases"]["case_id"]) == ["i01", "i02"]
    assert list(study["sources"]["label_de"]) == ["Eigene Erhebung"]
    units = study["units"]
    assert list(units["municipality_id"]) == ["i01", "i01", "i02"]
    assert list(units["statement_id"]) == ["u1", "u2", "u3"]
    assert set(units["attribution"]) == {"explicit"}
    assert set(units["modality"]) == {"stated"}
    assert set(units["consent"]) == {"paraphrase"}
    assert set(study["interviews"]["mode"]) == {"unknown"}


@pytest.mark.parametrize("name", ["i.01", f"i{'1' * 60}"])
def test_an_interview_may_be_called_what_no_file_is_where_no_table_has_cases(tmp_path, name):
    tables = {file: text.replace("i01", name) for file, text in TABLES.items()}
    study = read_study(write(tmp_path, tables), tmp_path / "references.bib")
    assert list(study["cases"]["case_id"]) == [name, "i02"]


@pytest.mark.parametrize(("case", "lacks"), [("north", True), ("i01", True), ("i01\ni02", False)])
def test_places_that_are_no_cases_need_a_table_that_says_of_which(tmp_path, case, lacks):
    rows = [f"{name},{name},{name}" for name in case.split()]
    header = "case_id,label_de,label_en"
    cases = "\n".join([header, *rows, ""])
    raw = write(tmp_path, TABLES | {"study/cases.csv": cases})
    if not lacks:
        assert read_study(raw, raw / "references.bib")["cases"]["case_id"].to_list() == case.split()
        return
    assert problems(raw) == [
        "study/municipalities.csv: the file is missing; expected which case of study/cases.csv "
        "each place belongs to"
    ]


def test_two_interviews_at_one_place_are_told_apart(tmp_path):
    interviews = "interview_id,municipality_id,consent\ni01,north,withdrawn\ni02,north,anonymous\n"
    write(tmp_path, TABLES | {"study/interviews.csv": interviews})
    study = read_study(tmp_path, tmp_path / "references.bib")
    assert list(study["units"]["unit_id"]) == ["u3"]
    assert list(study["units"]["municipality_id"]) == ["north"]


def asked_in(folder, places, placed, ids, withdrawn=()):
    """The tables made of a study of interviews, each of which says one thing.

    places: by interview, where it was held; told if `placed`. ids: what those of statements are.
    """
    named = "consent,function_de,function_en"
    interviews = [f"interview_id,municipality_id,{named}" if placed else f"interview_id,{named}"]
    for one, place in places.items():
        consent = "withdrawn" if one in withdrawn else "named"
        where = f"{place}," if placed else ""
        interviews.append(f"{one},{where}{consent},Rat,Council")
    texts = {
        "study/interviews.csv": interviews,
        "coding/units.csv": [
            "unit_id,interview_id,gist_de,gist_en",
            *(f"{ids[one]},{one},Zeit fehlt.,Time is short." for one in places),
        ],
        "coding/codings_a.csv": ["unit_id,code", *(f"{ids[one]},barrier.time" for one in places)],
    }
    write(folder, {file: "\n".join([*lines, ""]) for file, lines in texts.items()})
    study = read_study(folder, folder / "references.bib")
    return prepare(study) | {"aggregated": study["aggregated"]}


# Of statements; what has no letter or no digit may be a number or word of any text, or a name.
IDS = [
    ["u-i0", "u-i1", "u-i2", "u-i3"],
    ["1000", "1001", "1002", "1003"],
    ["zero", "one", "two", "three"],
    ["north", "nordhausen", "south", "i0"],
]


@settings(max_examples=12)
@given(st.data())
def test_an_interview_that_is_withdrawn_has_left_neither_place_nor_case(tmp_path_factory, data):
    drawn = st.sampled_from(["north", "nordhausen", "south"])
    places = {f"i{number}": data.draw(drawn) for number in range(data.draw(st.integers(2, 4)))}
    placed = data.draw(st.booleans())
    ids = dict(zip(places, data.draw(st.sampled_from(IDS)), strict=False))
    gone = data.draw(st.sets(st.sampled_from(list(places)), min_size=1, max_size=len(places) - 1))
    left = {one: place for one, place in places.items() if one not in gone}
    made = asked_in(tmp_path_factory.mktemp("all"), places, placed, ids, gone)
    for name, frame in asked_in(tmp_path_factory.mktemp("left"), left, placed, ids).items():
        pd.testing.assert_frame_equal(made[name], frame)


@pytest.mark.parametrize("ids", IDS)
def test_the_first_of_two_interviews_at_one_place_may_be_withdrawn(tmp_path, ids):
    places = dict.fromkeys(("i0", "i1"), "north")
    for folder in ("all", "left"):
        (tmp_path / folder).mkdir()
    ids = dict(zip(places, ids, strict=False))
    made = asked_in(tmp_path / "all", places, True, ids, {"i0"})
    for name, frame in asked_in(tmp_path / "left", {"i1": "north"}, True, ids).items():
        pd.testing.assert_frame_equal(made[name], frame)


def test_a_statement_of_a_place_that_is_none_any_more_is_of_none(tmp_path):
    interviews = "interview_id,consent\ni01,anonymous\ni02,withdrawn\n"
    units = "unit_id,interview_id,municipality_id,gist_de,gist_en\nu1,i01,i02,Zeit,Time\n"
    codings = "unit_id,code\nu1,barrier.time\n"
    tables = {
        "study/interviews.csv": interviews,
        "coding/units.csv": units,
        "coding/codings_a.csv": codings,
    }
    study = read_study(write(tmp_path, tables), tmp_path / "references.bib")
    assert found(study.tables, "i02") == set()
    assert study["units"]["attribution"].tolist() == ["none"]


def test_what_would_change_without_an_interview_is_told_of_tables_that_there_are(
    tmp_path, monkeypatch
):
    interviews = "interview_id,municipality_id,consent\n" + "".join(
        f"{one},{place},anonymous\n"
        for one, place in (("i01", "north"), ("i02", "north"), ("i03", "south"))
    )
    raw = tmp_path / "raw"
    raw.mkdir()
    write(raw, TABLES | {"study/interviews.csv": interviews})
    for part in ("raw", "book", "build"):
        monkeypatch.setenv(f"COMPENDIUM_{part.upper()}", str(tmp_path / part))
    study = read_study(raw, raw / "references.bib")
    for interview in ("i01", "i03"):
        copy = tmp_path / interview
        said = list(consequences(study, interview, copy))
        assert "study/interviews.csv: 3 rows, 2 without the interview" in said
        assert not any("municipalities" in line or "cases" in line for line in said)


def test_the_id_of_an_anonymous_interview_without_a_place_is_no_name(tmp_path):
    interviews = "interview_id,consent\nmuster,anonymous\ni02,anonymous\n"
    units = TABLES["coding/units.csv"].replace("i01", "muster")
    write(tmp_path, TABLES | {"study/interviews.csv": interviews, "coding/units.csv": units})
    (said,) = problems(tmp_path)
    assert "may be the name of somebody who did not agree to be named" in said


def test_what_is_there_must_be_whole(tmp_path):
    units = "unit_id,interview_id,modality,gist_de,gist_en\nu1,i01,,Zeit,Time\nu2,i03,stated,a,b\n"
    codings = "unit_id,code\nu1,barrier.time\n"
    write(tmp_path, TABLES | {"coding/units.csv": units, "coding/codings_a.csv": codings})
    said = problems(tmp_path)
    assert any("row 2, column modality: the cell is empty" in one for one in said)
    assert any("row 3, column interview_id: 'i03' is not known" in one for one in said)


def test_a_slip_in_the_name_of_a_column_that_may_be_left_out_is_seen(tmp_path):
    write(
        tmp_path, TABLES | {"study/interviews.csv": "interview_id,consent,mod\ni01,named,video\n"}
    )
    assert any("unknown column 'mod' (did you mean 'mode'?)" in one for one in problems(tmp_path))


@pytest.mark.parametrize("other", ["fr", "nds"])
def test_texts_in_a_language_that_the_study_does_not_have_are_called_so(tmp_path, other):
    units = TABLES["coding/units.csv"].replace("gist_en\n", f"gist_en,gist_{other}\n", 1)
    codebook = CODEBOOK.replace("en: Money}", f"en: Money, {other}: Geld}}")
    write(tmp_path, TABLES | {"coding/units.csv": units}, codebook)
    of = "in a language that the study does not have (languages in study.yml: de, en)"
    said = problems(tmp_path)
    assert any(f"unknown column 'gist_{other}', {of}" in one for one in said)
    assert any(f"barrier.money has an unknown entry {other!r}, {of}" in one for one in said)


def test_nothing_that_a_study_says_is_changed(mini):
    before = mini.read()
    again = completed(before.tables)
    for name, frame in before.tables.items():
        assert again[name].equals(frame), name


def table(name, **columns):
    """A raw table with these columns, and nothing in the others."""
    return pd.DataFrame(columns).reindex(columns=list(RAW[name].columns)).astype(RAW[name].dtypes)


def filled(*absent, **tables):
    """What becomes of some tables of a study whose others cannot be used."""
    return completed(dict.fromkeys(name for _, name, *_ in STEPS) | tables, absent)


def test_a_column_that_says_anything_is_not_filled():
    modes = table("interviews", interview_id=["i01", "i02"], mode=["video", None])
    assert filled(interviews=modes)["interviews"]["mode"].isna().tolist() == [False, True]


def test_short_marks_are_the_letters_of_a_name_or_a_number_where_another_place_has_these():
    names = ["Bad Auental", "Birkfurt", "Birkfeld", "Au", "St. Alm-Ort", "…"]
    places = table("municipalities", municipality_id=list("abcdef"), label_de=names)
    marks = filled(municipalities=places)["municipalities"]["initials"]
    assert marks.tolist() == ["BA", "BIR", "3", "AU", "SAO", "6"]


@example(["1000", "3", "1001"])
@given(st.lists(st.text("AaBß１13 -", min_size=1), min_size=1, max_size=12))
def test_no_two_places_get_marks_that_look_the_same(labels):
    marks = _marks(pd.DataFrame({f"label_{LANGUAGES[0]}": labels}))
    assert marks.map(alike).is_unique
    assert marks.ne("").all()


def test_a_statement_is_of_the_place_that_it_names_or_of_that_of_its_interview_or_of_none():
    asked = table("interviews", interview_id=["i01", "i02"], municipality_id=["north", None])
    said = table(
        "units",
        unit_id=["u1", "u2", "u3"],
        interview_id=["i01", "i01", "i02"],
        municipality_id=["south", None, None],
    )
    units = filled(interviews=asked, units=said)["units"]
    assert units["municipality_id"].fillna("–").tolist() == ["south", "north", "–"]
    assert units["attribution"].tolist() == ["explicit", "explicit", "none"]


def test_a_statement_of_no_place_stays_one_beside_others_of_places():
    asked = table("interviews", interview_id=["i01"], municipality_id=["north"])
    said = table(
        "units",
        unit_id=["u1", "u2"],
        interview_id=["i01", "i01"],
        municipality_id=["north", None],
        attribution=["explicit", "none"],
    )
    units = filled(interviews=asked, units=said)["units"]
    assert units["municipality_id"].fillna("–").tolist() == ["north", "–"]
    assert units["attribution"].tolist() == ["explicit", "none"]


@pytest.mark.parametrize(
    ("place", "passage"),
    [
        ({"section": "6", "paragraph": 3, "sentence": 2}, "6 ¶3 s2"),
        ({"section": "6", "paragraph": 3}, "6 ¶3"),
        ({"section": "6"}, "6"),
        ({"paragraph": 3, "sentence": 2}, "¶3 s2"),
        ({"section": "6", "paragraph": 3, "locator": "p. 7"}, "p. 7"),
        ({}, "–"),
    ],
)
def test_the_passage_of_a_statement_is_as_near_as_it_is_told(place, passage):
    asked = table("interviews", interview_id=["i01"])
    said = table("units", unit_id=["u1"], **{name: [told] for name, told in place.items()})
    units = filled(interviews=asked, units=said)["units"]
    assert units["locator"].fillna("–").tolist() == [passage]


def test_places_of_one_case_make_one_case_and_a_table_of_cases_is_taken_at_its_word():
    places = table(
        "municipalities",
        municipality_id=["a", "b", "c"],
        case_id=["see", "see", "tal"],
        label_de=["A", "B", "C"],
    )
    cases = table("cases", case_id=[])
    made = filled("cases", municipalities=places, cases=cases)["cases"]
    assert made[["case_id", "label_de"]].to_numpy().tolist() == [["see", "A"], ["tal", "C"]]
    assert filled(municipalities=places, cases=cases)["cases"].empty


@pytest.mark.parametrize(
    ("locator", "german", "english"),
    [
        ("p. 3", "Seite 3", "page 3"),
        ("S. 3 Z. 12–15", "Seite 3, Zeilen 12–15", "page 3, lines 12–15"),
        ("l. 12", "Zeile 12", "line 12"),
        ("00:12:30–00:13:05", "00:12:30–00:13:05", "00:12:30–00:13:05"),
        ("¶4 s2", "Absatz 4, Satz 2", "paragraph 4, sentence 2"),
        (None, "ohne Fundstelle", "no passage given"),
    ],
)
def test_passages_of_transcripts(locator, german, english):
    assert (Wording("de").locator(locator), Wording("en").locator(locator)) == (german, english)


def test_a_study_in_one_language_names_none(tmp_path):
    raw = tmp_path / "data/raw"
    raw.mkdir(parents=True)
    (tmp_path / "study.yml").write_text("title: Two wards\nlanguages: [en]\n", "utf-8")
    codebook = (
        "dimensions:\n  barrier:\n    label: Barrier\n    codes:\n      barrier.time: Time\n"
        "      barrier.money: {label: Money, definition: Money is short.}\n"
    )
    units = "unit_id,interview_id,gist\nu1,i01,Time is short.\nu2,i01,Money.\nu3,i02,Nothing.\n"
    write(raw, TABLES | {"coding/units.csv": units}, codebook)
    done = on_study(tmp_path, "data")
    assert done.returncode == 0, done.stderr
    processed = tmp_path / "data/processed"
    with (processed / "codes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["label_en"] for row in rows] == ["Time", "Money"]
    package = json.loads((processed / "datapackage.json").read_text("utf-8"))
    assert package["title"] == "Two wards: processed tables"
    assert "_de" not in (processed / "datapackage.json").read_text("utf-8")
