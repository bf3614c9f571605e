"""What somebody did not agree to is dropped as a study is read, with all that rests on it."""

import json
import re
import shutil
from hashlib import sha256

import pandas as pd
import pytest
from growth import growth
from hypothesis import given, settings
from hypothesis import strategies as st
from project import Project
from rules import found, holds_without

from analysis import paths
from analysis.problems import Problems
from analysis.processed.prepare import prepare
from analysis.raw.consent import _any_of, permitted, without
from analysis.raw.study import StudyError
from analysis.tables import RAW
from analysis.tables.own import declared
from analysis.tables.raw import GIVEN, OWN, TAKEN

# What is written wherever the interview in Clausee is spoken of.
SECRET = "Zwiebelturmuhr"
COUNTED = "Kellerampel"  # and of a statement that only counts
RESTING = [
    ("coding/units.csv", 10, "gist_de"),
    ("coding/units.csv", 9, "gist_en"),
    ("coding/adjudication.csv", 8, "reason_en"),
    ("coding/adjudication.csv", 6, "reason_de"),
    ("coding/summaries.csv", 4, "text_de"),
    ("study/facts.csv", 14, "note_de"),
    ("study/facts.csv", 14, "note_en"),
    ("study/claims.csv", 3, "description_en"),
]
READS = """from analysis.publish import Run
run = Run("said", language=language)
for name in ("statements", "adjudication", "facts", "claims", "interviews", "code_counts"):
    print(run.read(name).to_csv())"""
PAGE = """(all-figures)=
# Alles

{{ money }}

```{study-table} facts
:columns: subject note source
Zahlen
```

```{evidence-list}
```

```{theme-matrix}
Themen
```

```{code-matrix}
```

```{coded-statements}
```

```{findings} counts
```

```{what-if}
```

```{bibliography}
```
"""
MONEY = """
from analysis.publish import Run
Run("money", language=language).save_values(money=1)"""


def hide(study, consent):
    """Lets the interview in Clausee, or all its statements, be under a consent."""
    for file, row, column in RESTING:
        study.put(file, row, column, f"Die {SECRET} geht vor.")
    study.put("study/facts.csv", 14, "locator", "annex;2 ¶3 s1")
    study.put("study/claims.csv", 3, "locator", "6 ¶3 s2")
    if consent == "withdrawn":
        study.put("study/interviews.csv", 4, "consent", consent)
    else:
        for row in (7, 8, 9, 10):  # the first three of one statement
            study.put("coding/units.csv", row, "consent", consent)


def test_a_study_of_which_everything_may_be_shown_is_read_as_it_is(mini):
    study = mini.read()
    assert not study.withheld
    assert len(study["units"]) == 9
    assert not study["aggregated"]["aggregated"].any()


@pytest.mark.parametrize("consent", ["none", "aggregate"])
def test_a_statement_that_is_not_to_be_shown_is_in_no_table(mini, consent):
    hide(mini, consent)
    for column in ("note_de", "note_en"):  # on the interview itself, not on what it says
        mini.put("study/facts.csv", 14, column, "")
    study = mini.read()
    assert study.withheld
    shown = {name: frame for name, frame in study.tables.items() if name != "aggregated"}
    assert found(shown | prepare(study), SECRET, "u008", "u009") == set()
    assert list(study["interviews"]["interview_id"]) == ["auental", "birkfurt", "clausee"]


@pytest.mark.parametrize("unit", ["12", "wandel", "1-12"])
def test_an_id_that_might_be_a_word_of_its_own_is_in_no_text_if_it_may_not_be_shown(mini, unit):
    for file in mini.raw.rglob("*.csv"):
        file.write_text(file.read_text("utf-8").replace("u009", unit), "utf-8")
    mini.put("study/facts.csv", 2, "note_de", "An Orten.")
    mini.put("study/facts.csv", 2, "note_en", f"In {unit} places.")
    assert mini.read()["facts"].at[2, "note_en"] == f"In {unit} places."
    mini.put("coding/units.csv", 10, "consent", "none")
    with pytest.raises(StudyError) as error:
        mini.read()
    assert f"study/facts.csv, row 2, column note_en: '{unit}' may be meant as such" in str(
        error.value
    )
    mini.put("study/facts.csv", 2, "note_en", "In some places.")
    assert unit not in [*mini.read()["units"]["unit_id"]]


def test_a_withdrawn_interview_has_never_been_there(mini):
    (mini.raw / "coding/codings_zoe.csv").write_text("unit_id,code,certainty\nu009,,\nu002,,\n")
    hide(mini, "withdrawn")
    study = mini.read()
    assert found(study.tables | prepare(study), SECRET, "u008", "u009") == set()
    assert list(study["interviews"]["interview_id"]) == ["auental", "birkfurt"]
    assert list(study["codings_zoe"]["unit_id"]) == ["u002"]
    assert not study["aggregated"]["aggregated"].any()
    assert study.notices[-1].startswith("study/interviews.csv: ")


def test_what_a_passage_says_of_all_interviews_stays_when_one_is_withdrawn(mini):
    for row in (2, 3, 4):
        mini.put("study/interviews.csv", row, "locator", f"2 ¶{row - 1};annex ¶2")
    mini.put("study/facts.csv", 14, "locator", "annex ¶2")
    mini.put("study/facts.csv", 13, "locator", "2 ¶3")
    mini.put("study/facts.csv", 13, "source_id", "musterfrau2021")
    mini.put("study/interviews.csv", 4, "consent", "withdrawn")
    facts = set(mini.read()["facts"]["fact_id"])
    assert ("talk" in facts, "damage" in facts) == (True, False)


def test_what_others_say_as_well_stays_and_no_longer_names_who_has_withdrawn(mini):
    hide(mini, "withdrawn")
    study = mini.read()
    prospects = study["prospects"].set_index("prospect_id")["municipality_id"]
    assert (prospects["no-money"], prospects["bathing"]) == ("auental;birkfurt", "auental")
    assert set(study["units"]["statement_id"]) == {"s01", "s02", "s03", "s04", "s05"}
    assert "sensors" in set(study["projects"]["project_id"]), "another passage mentions it"
    assert list(study["project_mentions"].query("project_id == 'sensors'")["locator"]) == [
        "5.2 ¶4 s4"
    ]
    assert set(study["summaries"]["municipality_id"]) == {"auental", "birkfurt"}


@pytest.mark.parametrize(("smallest", "told"), [("1", [1, 2]), (None, [])])
def test_what_only_counts_is_counted_where_that_does_not_tell_of_too_few(mini, smallest, told):
    before = prepare(mini.read())["code_counts"]
    for row in (3, 4, 6, 7, 8, 9, 10):  # all but one of them
        mini.put("coding/units.csv", row, "consent", "aggregate")
    if smallest:
        book = mini.raw / "coding/codebook.yml"
        book.write_text(book.read_text("utf-8") + f"smallest_cell: {smallest}\n", "utf-8")
    now = prepare(mini.read())["code_counts"]
    if smallest == "1":
        assert (now["statements"] + now["aggregated"]).tolist() == before["statements"].tolist()
    assert now["statements"].sum() == 3
    assert sorted(set(now["aggregated"].dropna()) - {0}) == told
    assert now["aggregated"].isna().any() == (smallest != "1")


@pytest.mark.parametrize("columns", [[], ["sentence"], ["paragraph", "sentence"]])
def test_what_rests_on_a_statement_goes_however_near_its_passage_is_told(mini, columns):
    units = mini.raw / "coding/units.csv"
    frame = pd.read_csv(units, dtype=str, keep_default_na=False)
    frame.drop(columns=columns).to_csv(units, index=False)
    mini.put("study/claims.csv", 3, "locator", "6 ¶3")
    claim = mini.read()["claims"].at[3, "claim_id"]
    for row in (7, 8, 9, 10):
        mini.put("coding/units.csv", row, "consent", "none")
    assert claim not in set(mini.read()["claims"]["claim_id"])


def test_a_finding_that_rested_on_nothing_else_goes(mini):
    mini.put("findings.csv", 2, "rests_on", "u009")
    mini.put("findings.csv", 3, "rests_on", "u009;u002")
    hide(mini, "none")
    rests = mini.read()["findings"]["rests_on"]
    assert (2 in rests.index, rests[3]) == (False, "u002")


def test_of_two_interviews_in_a_municipality_a_statement_rests_on_both(mini):
    path = mini.raw / "study/interviews.csv"
    path.write_text(path.read_text("utf-8") + "c2,clausee,video,1,2021,withdrawn,,,musterfrau2021,")
    path.write_text(path.read_text("utf-8") + "2 ¶4\n", "utf-8")
    study = mini.read()
    assert list(study["interviews"]["interview_id"]) == ["auental", "birkfurt", "clausee"]
    assert "clausee" not in set(study["units"]["municipality_id"])


def test_a_row_of_another_source_no_longer_names_who_has_withdrawn(mini):
    mini.put("study/prospects.csv", 3, "source_id", "rahmen2019")
    mini.put("study/interviews.csv", 4, "consent", "withdrawn")
    assert mini.read()["prospects"].at[3, "municipality_id"] == "auental"


OWN_TABLES = b"""nights:
  title: Nights
  description: Who worked how many.
  key: night
  columns:
    night: {description: Night}
    interview_id: {refers: interviews.interview_id, description: Who says so, required: false}
    unit_id: {refers: units.unit_id, description: Where, required: false}
    others: {refers: interviews.interview_id, many: true, description: W, required: false}
    said: {type: text, description: What was said of it}
notes:
  title: Notes
  description: What there is to say of nights.
  key: note
  columns:
    note: {description: Note}
    night: {refers: nights.night, description: Night, required: false}
    said: {type: text, description: What there is to say}
"""
NIGHTS = "night,interview_id,unit_id,others,said_de,said_en\n"
NOTES = "note,night,said_de,said_en\n"


def test_a_row_of_a_table_of_its_own_goes_with_the_one_that_it_is_about(mini, monkeypatch):
    for name, table in declared(OWN_TABLES, GIVEN, TAKEN).items():
        for known in (RAW, OWN):
            monkeypatch.setitem(known, name, table)
    rows = f"a,clausee,,,{SECRET},Text\nb,,u009,,{SECRET},Text\nc,,,clausee,{SECRET},Text\n"
    rest = "d,auental,u002,,Rest,Rest\ne,,,clausee;auental,Rest,Rest\n"
    (mini.raw / "nights.csv").write_text(NIGHTS + rows + rest, "utf-8")
    notes = f"of-a,a,{SECRET},Text\nof-c,c,{SECRET},Text\nof-d,d,Rest,Rest\nof-none,,Rest,Rest\n"
    (mini.raw / "notes.csv").write_text(NOTES + notes, "utf-8")
    assert len(mini.read()["nights"]) == 5
    mini.put("study/interviews.csv", 4, "consent", "withdrawn")
    study = mini.read()
    assert study["nights"]["night"].tolist() == ["d", "e"]
    assert study["nights"]["others"].dropna().tolist() == ["auental"], "the last of several"
    assert study["notes"]["note"].tolist() == ["of-d", "of-none"]
    assert found(study.tables, SECRET) == set()


PLACED = b"""baths:
  title: Baths
  description: Where people bathe.
  key: bath
  columns:
    bath: {description: Bath}
    municipality_id: {refers: municipalities.municipality_id, many: true, description: Places}
    source_id: {refers: sources.source_id, description: Source, required: false}
    locator: {description: Passage, required: false}
"""


def test_a_place_in_a_table_of_its_own_stays_where_no_passage_tells_of_it(mini, monkeypatch):
    for name, table in declared(PLACED, GIVEN, TAKEN).items():
        for known in (RAW, OWN):
            monkeypatch.setitem(known, name, table)
    rows = "lake,clausee,,\nriver,clausee;auental,musterfrau2021,\nsea,clausee,rahmen2019,6 ¶3 s2\n"
    told = "pool,clausee;auental,musterfrau2021,6 ¶3 s2\n"
    header = "bath,municipality_id,source_id,locator\n"
    (mini.raw / "baths.csv").write_text(header + rows + told, "utf-8")
    mini.put("study/interviews.csv", 4, "consent", "withdrawn")
    assert mini.read()["baths"].set_index("bath")["municipality_id"].to_dict() == {
        "lake": "clausee",
        "river": "clausee;auental",
        "sea": "clausee",
        "pool": "auental",
    }


MEMOS = b"""memos:
  title: Memos
  description: What was thought of passages.
  key: memo
  columns:
    memo: {description: Memo}
    interview_id: {refers: interviews.interview_id, description: Of whom, required: false}
    municipality_id: {refers: municipalities.municipality_id, description: W, required: false}
    source_id: {refers: sources.source_id, description: Source}
    locator: {description: Passage}
"""


@pytest.mark.parametrize("is_withdrawn", [True, False])
@pytest.mark.parametrize(
    ("gone", "left"),
    [("auental", ["of-clausee", "its-place"]), ("clausee", ["of-auental"]), ("birkfurt", None)],
)
def test_the_page_of_a_row_that_names_an_interview_is_one_of_its_transcript(
    tables, monkeypatch, gone, left, is_withdrawn
):
    for name, table in declared(MEMOS, GIVEN, TAKEN).items():
        for known in (RAW, OWN):
            monkeypatch.setitem(known, name, table)
    rows = [
        ("of-auental", "auental", None, "p. 3"), ("of-clausee", "clausee", None, "p. 3"),
        ("its-place", "clausee", "clausee", "p. 3"), ("of-any", None, None, "p. 3"),
    ]  # fmt: skip
    columns = ["memo", "interview_id", "municipality_id", "locator"]
    memos = pd.DataFrame(rows, columns=columns, dtype="str").assign(source_id="musterfrau2021")
    units = tables["units"]
    asked = units["municipality_id"]
    pages = asked.map({"auental": "p. 3", "clausee": "p. 3"}).fillna("p. 4")
    said = units.assign(interview_id=asked, locator=pages, statement_id=units["unit_id"])
    hidden = {*units.loc[asked.eq(gone), "unit_id"]}
    changed = {**tables, "units": said, "memos": memos}
    kept = without(changed, {gone} if is_withdrawn else set(), hidden)["memos"]["memo"]
    assert kept.tolist() == (left or memos["memo"].tolist())


@pytest.mark.parametrize(("place", "left"), [("p. 3", ["memo"]), ("6 ¶3 s4", [])])
def test_a_section_is_one_of_the_study_whoever_is_named(tables, monkeypatch, place, left):
    for name, table in declared(MEMOS, GIVEN, TAKEN).items():
        for known in (RAW, OWN):
            monkeypatch.setitem(known, name, table)
    memo = {"memo": "memo", "interview_id": "auental", "municipality_id": None, "locator": place}
    memos = pd.DataFrame([memo], dtype="str").assign(source_id="musterfrau2021")
    units = tables["units"]
    gone = units["municipality_id"].eq("clausee")
    said = units.assign(
        interview_id=units["municipality_id"],
        locator=gone.map({True: place, False: "p. 4"}),
        statement_id=units["unit_id"],
    )
    changed = {**tables, "units": said, "memos": memos}
    kept = without(changed, {"clausee"}, {*units.loc[gone, "unit_id"]})["memos"]["memo"]
    assert kept.tolist() == left


@pytest.mark.parametrize("consent", ["withdrawn", "aggregate"])
@pytest.mark.parametrize(
    ("column", "asked", "named"),
    [
        ("holds", "count(statements, unit_id='u009') > 0", "unit_id is never 'u009'"),
        ("holds", "count(codings, unit_id=['u002', 'u009']) >= 0", "unit_id is never 'u009'"),
        ("sentence_de", "{count(statements, unit_id='u009')} Zeilen.", "unit_id is never 'u009'"),
        ("holds", "count(codings, statement_id='s06') == 0", "statement_id is never 's06'"),
        ("sentence_de", "{count(statements, locator='6 ¶3 s2')} Zeilen.", "locator is never '6 ¶3"),
        (
            "holds",
            "how_many(municipalities, count(statements, gist_de=['Zu', 'Der Fluss tritt über.'], "
            "municipality_id=each) > 0) == 0 or count(statements, gist_de='Zu') > 0",
            "gist_de is never 'Der Fluss tritt über.'",
        ),
        (
            "holds",
            "most(statements, statement_id, unit_id) == 's06'",
            "statement_id is never 's06'",
        ),
    ],
)
def test_no_condition_asks_for_a_statement_that_may_not_be_shown(
    mini, consent, column, asked, named
):
    mini.put("coding/units.csv", 10, "gist_de", "Der Fluss tritt über.")
    mini.put("findings.csv", 2, column, asked)
    assert mini.problems() == []
    hide(mini, consent)
    mini.put("coding/units.csv", 10, "gist_de", "Der Fluss tritt über.")
    (said,) = mini.problems()
    assert said.startswith(f"findings.csv, row 2, column {column}: {named}")
    assert "when what may not be shown is left out" in said


@pytest.mark.parametrize("column", ["unit_id", "statement_id"])
def test_nor_where_statements_have_no_other_id_than_their_rows(mini, column):
    units = mini.raw / "coding/units.csv"
    frame = pd.read_csv(units, dtype=str, keep_default_na=False)
    frame.drop(columns="statement_id").to_csv(units, index=False)
    mini.put("findings.csv", 2, "holds", f"count(statements, {column}='u009') > 0")
    assert mini.problems() == []
    mini.put("coding/units.csv", 10, "consent", "none")
    (said,) = mini.problems()
    assert said.startswith(f"findings.csv, row 2, column holds: {column} is never 'u009'")


def test_a_condition_may_ask_for_a_choice_that_nothing_shown_has_any_more(mini):
    asked = "count(codings, code='field.warnings') + count(statements, attribution='explicit', "
    asked += "locator='6 ¶3 s1', municipality_id='clausee') < 9"
    mini.put("findings.csv", 2, "holds", asked)
    mini.put("coding/units.csv", 10, "consent", "none")
    study = mini.read()
    assert "field.warnings" not in set(prepare(study)["codings"]["code"])


def test_no_definition_names_a_statement_that_may_not_be_shown(mini):
    book = mini.raw / "coding/codebook.yml"
    text = book.read_text("utf-8")
    book.write_text(text.replace("de: Was bei Hitze fehlt", "de: Wie in u009 und u002"), "utf-8")
    hide(mini, "none")
    study = mini.read()
    assert found(study.tables | prepare(study), "u009") == set()
    assert found(study.tables, "Wie in … und u002") == {"codes"}


def test_a_definition_that_may_name_such_a_statement_by_chance_is_refused(mini):
    for file in mini.raw.rglob("*.csv"):
        file.write_text(file.read_text("utf-8").replace("u009", "hitze"), "utf-8")
    book = mini.raw / "coding/codebook.yml"
    text = book.read_text("utf-8")
    book.write_text(text.replace("de: Was bei Hitze fehlt", "de: Was bei hitze fehlt"), "utf-8")
    assert mini.problems() == []
    mini.put("coding/units.csv", 10, "consent", "none")
    (said,) = mini.problems()
    assert said.startswith("coding/codebook.yml, column definition_de: 'hitze' may be meant")


@pytest.mark.parametrize(("smallest", "is_refused"), [(2, True), (0, True), (1, False), (3, False)])
def test_a_least_number_that_would_tell_a_one_is_refused(mini, smallest, is_refused):
    book = mini.raw / "coding/codebook.yml"
    book.write_text(book.read_text("utf-8") + f"smallest_cell: {smallest}\n", "utf-8")
    said = f"smallest_cell is {smallest}; expected 1, where every number may be told, or 3 and more"
    assert [said in problem for problem in mini.problems()] == [True] * is_refused


@pytest.mark.parametrize(
    ("consents", "named"),
    [
        (["paraphrase", "aggregate", "paraphrase"], {8: "aggregate"}),
        (["none", "quote", "aggregate"], {8: "quote", 9: "aggregate"}),
        (["quote", "paraphrase", "quote"], {}),
        (["none", "none", "none"], {}),
    ],
)
def test_rows_of_a_statement_are_all_shown_or_all_counted_or_all_left_out(mini, consents, named):
    for row, consent in zip((7, 8, 9), consents, strict=True):
        mini.put("coding/units.csv", row, "consent", consent)
    assert [problem.partition("; ")[0] for problem in mini.problems()] == [
        f"coding/units.csv, row {row}, column consent: `{consent}`, but `{consents[0]}` in row 7 "
        "of the same statement, s05"
        for row, consent in named.items()
    ]


def test_a_row_of_a_withdrawn_interview_says_nothing_for_the_others_of_its_statement(mini):
    mini.put("study/interviews.csv", 4, "consent", "withdrawn")
    mini.put("coding/units.csv", 9, "consent", "none")
    assert {"u006", "u007"} < set(mini.read()["units"]["unit_id"])


@settings(max_examples=4)
@given(st.data())
def test_nothing_but_the_numbers_told_follows_from_what_only_counts(tables, data):
    units, codes = tables["units"], list(tables["codes"]["code"])
    statements = st.sampled_from(sorted(set(units["statement_id"])))
    is_hidden = units["statement_id"].isin(data.draw(st.sets(statements, min_size=1)))
    hidden = units.loc[is_hidden, "unit_id"]
    marked = units.assign(consent=units["consent"].mask(is_hidden, "aggregate"))
    made = []
    for _ in range(2):
        given_codes = {unit: data.draw(st.sets(st.sampled_from(codes))) for unit in hidden}
        pairs = [(unit, code, 1) for unit, own in given_codes.items() for code in own]
        coded = {
            name: pd.concat([
                tables[name][~tables[name]["unit_id"].isin(hidden)],
                pd.DataFrame(pairs, columns=["unit_id", "code", "certainty"]),
            ]).astype(tables[name].dtypes.to_dict())
            for name in ("codings_a", "codings_b")
        }  # fmt: skip
        gists = units["gist_de"].mask(is_hidden, data.draw(st.text()))
        given_gists = {"units": marked.assign(gist_de=gists)}
        made.append(permitted({**tables, **coded, **given_gists}, 3, Problems())[0])
    for name in made[0].keys() - {"aggregated"}:
        pd.testing.assert_frame_equal(made[0][name], made[1][name])


def as_one_by_one(names):
    """What finds any of these ids, each tried in turn, the longest first."""
    each = [
        f"(?i:{re.escape(n)})" if re.search("[a-zA-Z]", n) and re.search("[0-9]", n)
        else re.escape(n)
        for n in sorted(names, key=lambda name: (-len(name), name))
    ]  # fmt: skip
    return re.compile(rf"(?<!\w)(?:{'|'.join(each) or '(?!)'})(?!\w)")


IDS = st.text("abB-12._", min_size=1, max_size=6)


@settings(max_examples=300)
@given(st.sets(IDS), st.text("abAB-12._ ", max_size=40))
def test_ids_are_found_as_if_each_was_tried_in_turn(names, text):
    found = [one.span() for one in re.finditer(_any_of(names), text)]
    assert found == [one.span() for one in as_one_by_one(names).finditer(text)]


def test_ids_that_have_gone_are_looked_for_in_time_that_hardly_grows_with_their_number():
    words = " ".join(f"und {n:03x} unter u{n:03x} über" for n in range(1000))

    def look(number):
        ids = {"u" + sha256(str(n).encode()).hexdigest()[:12] for n in range(number)}
        pattern = re.compile(_any_of(ids))
        for _ in range(5):
            assert not pattern.search(words)

    assert growth(look, 1000) < 3


def test_ids_of_what_has_gone_are_in_no_text_and_others_stay_whole(tables):
    units, facts = tables["units"], tables["facts"]
    new = {"u001": "u1", "u002": "u1-b", "u003": "u2-", "u004": "b-u1"}
    ids = units["unit_id"].map(lambda unit: new.get(unit, unit))
    text = "see u1-b, b-u1, U1, u1-Stelle, vgl.u1 und u11; u2- in interview-798746."
    interviews = tables["interviews"]
    asked = interviews["interview_id"].replace({"clausee": "interview-798746"})
    changed = tables | {
        "units": units.assign(unit_id=ids),
        "interviews": interviews.assign(interview_id=asked),
        "facts": facts.assign(note_de=text),
    }
    left = without(changed, {"interview-798746"}, {"u1", "u2-"})
    said = "see u1-b, b-u1, …, …-Stelle, vgl.… und u11; … in …."
    assert {*left["facts"]["note_de"]} == {said}
    places = tables["municipalities"].replace({"municipality_id": {"auental": "interview-798746"}})
    left = without(changed | {"municipalities": places}, {"interview-798746"}, set())
    assert {*left["facts"]["note_de"]} == {text}, "a place that is still there"


@pytest.mark.parametrize(("text", "kept"), [("Er sagt „nie“.", False), ("Er sagt nie.", True)])
def test_words_are_quoted_only_where_that_was_agreed_to(mini, text, kept):
    mini.put("coding/units.csv", 4, "gist_de", text)
    said = "coding/units.csv, row 4, column gist_de: quotes words, and the consent is `paraphrase`"
    assert [problem.startswith(said) for problem in mini.problems()] == ([] if kept else [True])
    mini.put("coding/summaries.csv", 2, "text_en", text)  # of row 4 and another one
    said = "coding/summaries.csv, row 2, column text_en: quotes words, and the consent is"
    assert any(problem.startswith(said) for problem in mini.problems()) != kept
    mini.put("coding/adjudication.csv", 2, "reason_de", text)
    said = "coding/adjudication.csv, row 2, column reason_de: quotes words, and the consent is"
    assert any(problem.startswith(said) for problem in mini.problems()) != kept
    mini.put("coding/units.csv", 4, "consent", "quote")
    assert mini.problems() == []


def test_a_code_may_be_called_by_its_name_in_quotation_marks(mini):
    label = mini.read()["codes"]["label_de"].iloc[0]
    text = "Das ist „{}“ und ‚{}‘, nicht „mehr“."
    for said, wrong in ((label, 1), ("wir", 1)):
        mini.put("coding/adjudication.csv", 2, "reason_de", text.format(said, label))
        assert len(mini.problems()) == wrong
    mini.put("coding/adjudication.csv", 2, "reason_de", f"Das ist „{label}“ und ‚{label}‘.")
    assert mini.problems() == []
    mini.put("coding/units.csv", 4, "gist_de", f"Er sagt „{label}“.")
    assert len(mini.problems()) == 1


def test_words_are_quoted_only_where_agreed_in_tables_of_a_study_s_own(mini, monkeypatch):
    for name, table in declared(OWN_TABLES, GIVEN, TAKEN).items():
        for known in (RAW, OWN):
            monkeypatch.setitem(known, name, table)
    rows = "a,,u003,,Sie sagt nie,Text\nb,,u003,,Sie sagt „nie“,Text\nc,,,,Es heißt „nie“,Text\n"
    (mini.raw / "nights.csv").write_text(NIGHTS + rows, "utf-8")
    (mini.raw / "notes.csv").write_text(NOTES, "utf-8")
    said = "nights.csv, row 3, column said_de: quotes words, and the consent is `paraphrase`"
    assert [problem.startswith(said) for problem in mini.problems()] == [True]


@pytest.fixture(scope="module")
def tables(new_mini):
    """The invented study."""
    return new_mini().read().tables


@settings(max_examples=8)
@given(st.data())
def test_whatever_is_left_out_what_is_left_keeps_every_rule(tables, data):
    interviews = st.sampled_from(list(tables["interviews"]["interview_id"]))
    units = st.sampled_from(list(tables["units"]["unit_id"]))
    holds_without(tables, data.draw(st.sets(interviews)), data.draw(st.sets(units, max_size=8)))


def every_byte(project):
    """The files below the build folder and among the processed tables in which a word of what was
    withdrawn stands.
    """
    words = [word.encode() for word in (COUNTED, "u005", SECRET, "u008", "u009")]
    return {
        path.relative_to(project.folder).as_posix()
        for folder in ("build", "data/processed")
        for path in (project.folder / folder).rglob("*")
        if path.is_file() and any(word in path.read_bytes() for word in words)
    }


def test_setting_an_interview_withdrawn_leaves_no_trace_in_a_build(tmp_path, new_mini):
    project = Project(tmp_path / "project", said=READS, money=MONEY)
    for shared in ("_static", "_templates", "locale"):
        shutil.copytree(paths.root() / "book" / shared, project.folder / "book" / shared)
    (project.folder / "book/de/figures.md").unlink()
    (project.folder / "book/de/evidence.md").unlink()
    (project.folder / "book/_toc.yml").write_text("format: jb-book\nroot: index\n")
    (project.folder / "book/de/index.md").write_text(PAGE, "utf-8")
    tables = new_mini()
    tables.raw = project.folder / "data/raw"
    hide(tables, "paraphrase")
    tables.put("coding/units.csv", 6, "gist_de", f"Eine {COUNTED} hängt in der Turnhalle.")
    done = project.make("book")[1]
    assert done.returncode == 0, done.stderr
    for place in ("drafts", "compare", "revisions"):
        (project.folder / "build" / place).mkdir()
        (project.folder / "build" / place / "by_hand.csv").write_text(SECRET, "utf-8")
    before = every_byte(project)
    assert {"data/processed/statements.csv", "build/html/de/index.html"} < before
    tables.put("coding/units.csv", 6, "consent", "aggregate")
    done = project.make("book")[1]
    assert done.returncode == 0, done.stderr
    page = (project.folder / "build/html/de/index.html").read_text("utf-8")
    assert "+ …" in page
    assert page.count("die laut Einwilligung allein in der Codematrix mitzählen") == 3, (
        "statements, findings and what if"
    )
    assert COUNTED not in page
    assert any(name.startswith("build/deps/tables/") for name in before)
    tables.put("study/interviews.csv", 4, "consent", "withdrawn")
    done = project.make("book")[1]
    assert "2 findings the data does not carry; nothing was changed" in done.stderr
    (project.folder / "data/raw/findings.csv").unlink()
    done = project.make("book")[1]
    assert done.returncode == 0, done.stderr
    assert every_byte(project) == set()
    assert json.loads((project.folder / "build/deps/data.json").read_text("utf-8"))["withheld"]
    assert "all up to date" in project.make("book")[1].stdout
