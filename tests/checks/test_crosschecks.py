"""What no cell says alone: each rule between tables names the row and the cell that breaks it, and
says nothing of a study that keeps it.
"""

import functools
import re
from dataclasses import replace
from itertools import cycle

import pandas as pd
import pytest

from analysis import paths
from analysis.checks import crosschecks
from analysis.problems import Problems
from analysis.processed.prepare import prepare
from analysis.raw.study import read_study
from analysis.tables import RAW
from analysis.tables.coding import CODABLE
from analysis.tables.columns import Column

MINI = paths.root() / "tests/mini"


@functools.cache
def invented():
    return read_study(MINI / "data", MINI / "book/references.bib").tables


@pytest.fixture
def tables():
    """The tables of the invented study, which keeps all rules, to be spoilt."""
    return {name: frame.copy() for name, frame in invented().items()}


def found(tables, problems=None):
    problems = problems or Problems()
    before = len(problems.found)
    crosschecks.check(tables, problems)
    return problems.found[before:]


def spoil(tables, name, column, value, row=0):
    """Puts a value into a table; returns the number of its row in the file."""
    number = tables[name].index[row]
    tables[name].loc[number, column] = value
    return number


def test_a_study_that_keeps_the_rules_has_no_problem(tables):
    assert found(tables) == []


@pytest.mark.parametrize(
    ("name", "column", "value", "wrong"),
    [
        ("facts", "case_id", "nowhere", "'nowhere' is not known"),
        ("cases", "case_id", "valley.west", "'valley.west' cannot be the name of a file"),
        ("cases", "case_id", "v" * 61, f"{'v' * 61!r} cannot be the name of a file"),
        ("measures", "field_code", "role.host", "'role.host' is a code of role"),
        ("projects", "part_of", "mulching", "a project that is a part of itself"),
        ("anchors", "end", 0, "the passage ends before it starts"),
    ],
    ids=["reference", "dot", "length", "dimension", "part", "passage"],
)
def test_a_cell_that_breaks_a_rule_is_named(tables, name, column, value, wrong):
    if column == "part_of":
        tables[name] = tables[name].sort_values("project_id", key=lambda key: key.ne("mulching"))
    row = spoil(tables, name, column, value)
    problems = [problem for problem in found(tables) if problem.file == RAW[name].file]
    assert wrong in {
        p.wrong.split(" (did")[0] for p in problems if (p.row, p.column) == (row, column)
    }


def test_a_statement_on_a_project_stands_in_one_of_the_passages_given(tables):
    place = tables["units"].iloc[0]
    unit, section, paragraph = place["unit_id"], place["section"], place["paragraph"]
    sentence = place["sentence"]
    row = spoil(tables, "project_mentions", "unit_id", unit)
    for locator in (
        f"{section} ¶{paragraph} s{sentence}",
        f"{section} ¶{paragraph}",
        f"{section} ¶{paragraph}–{paragraph + 2}",
        f"{section} ¶{paragraph} s{sentence} fn4;9 ¶9 s9",
    ):
        tables["project_mentions"].loc[row, "locator"] = locator
        assert "stands at" not in " ".join(p.wrong for p in found(tables)), locator
    tables["project_mentions"].loc[row, "locator"] = f"{section} ¶{paragraph + 1}"
    assert f"{unit} stands at" in " ".join(p.wrong for p in found(tables))


@pytest.mark.parametrize(
    ("name", "passage"),
    [
        ("facts", "6 ¶4–3"),
        ("claims", "6 ¶4–3 fn1"),
        ("interviews", "2 ¶12–3"),
        ("units", "¶4-3 s2"),
        ("units", "p. 3 l. 15–12"),
        ("units", "S. 123–5"),
        ("units", "00:13:05–12:30"),
    ],
)
def test_a_passage_that_ends_before_it_begins_is_named(tables, name, passage):
    if name == "units":
        row = spoil(tables, name, "locator", passage)
    else:
        row = spoil(tables, name, "locator", f"front;{passage}")
    problems = [p for p in found(tables) if (p.row, p.column) == (row, "locator")]
    assert [p.wrong for p in problems] == [f"{passage!r} ends before it begins"]
    assert problems[0].file == RAW[name].file


@pytest.mark.parametrize("passage", ["¶3–3", "p. 3–4 l. 15–12", "00:59:30–01:00:10", "4.1 ¶9–10"])
def test_a_passage_that_ends_where_it_begins_or_later_is_not(tables, passage):
    spoil(tables, "units", "locator", passage)
    assert found(tables) == []


@pytest.mark.parametrize(
    ("attribution", "place", "wrong"),
    [
        ("none", "auental", "a municipality although the attribution is `none`"),
        ("explicit", None, "no municipality although the attribution is `explicit`"),
        ("none", None, None),
        ("explicit", "auental", None),
        (None, None, None),
    ],
)
def test_a_statement_has_a_municipality_if_it_is_attributed_to_one(attribution, place, wrong):
    units = pd.DataFrame(
        {"attribution": [attribution], "municipality_id": [place]}, [2], dtype=object
    )
    assert [problem.wrong for problem in found({"units": units})] == ([wrong] if wrong else [])


@pytest.mark.parametrize(
    ("name", "column", "wrong"),
    [
        ("sources", "role", "0 sources are the study"),
        ("levels", "is_municipal", "0 levels are municipal"),
    ],
)
def test_what_there_is_one_of_may_not_be_missing(tables, name, column, wrong):
    tables[name][column] = "context" if column == "role" else False
    (problem,) = found(tables)
    assert (problem.file, problem.row, problem.column) == (RAW[name].file, None, column)
    assert problem.wrong == wrong


def test_an_interview_is_asked_for_where_a_municipality_has_statements(tables):
    place = tables["interviews"]["municipality_id"].iloc[0]
    tables["interviews"] = tables["interviews"].iloc[1:]
    wrong = {problem.wrong for problem in found(tables) if problem.file == RAW["units"].file}
    assert wrong == {f"there is no interview in {place!r}"}


@pytest.mark.parametrize(("name", "other"), crosschecks.ONE_KIND)
def test_an_id_stands_in_one_table_of_its_kind(tables, name, other):
    key = RAW[name].key[0]
    same = tables[name][key].iloc[0]
    row = spoil(tables, other, key, same)
    (problem,) = [problem for problem in found(tables) if problem.expected == "an id of its own"]
    assert (problem.file, problem.row, problem.column) == (RAW[other].file, row, key)
    assert problem.wrong == f"{same!r} stands already in {RAW[name].file}"


@pytest.mark.parametrize(
    "section", ["6", "4.1", "4.1.1", "3a", "front", "annex", "acknowledgements"]
)
def test_a_statement_stands_in_whatever_section_a_passage_can(mini, section):
    mini.put("coding/units.csv", 2, "section", section)
    mini.put("coding/case_units.csv", 4, "section", section)
    mini.put("study/project_mentions.csv", 9, "locator", f"{section} ¶3 s4")
    assert mini.problems() == []
    statements = prepare(mini.read())["statements"]
    assert statements["section"].eq(section).sum() >= 2


@pytest.mark.parametrize("name", ["case_units", "context_units"])
def test_a_statement_of_whatever_kind_is_called_as_its_study_likes(name):
    unit = RAW[name].columns["unit_id"]
    assert all(re.match(unit.form, own) for own in ("north-1", "x7", "12.b", "u_1"))


@pytest.mark.parametrize("table", ["units", "case_units", "context_units"])
@pytest.mark.parametrize("name", ["codings_a", "adjudication", "context_codings_b"])
def test_a_code_is_given_only_where_its_dimension_applies(tables, table, name):
    context = name.startswith("context_")
    unit, code = tables[name][["unit_id", "code"]].iloc[0]
    dimensions, codes = tables["dimensions"], tables["codes"]
    dimension = codes.set_index("code").at[code, "dimension"]
    dimensions.loc[dimensions["dimension"] == dimension, "applies_to"] = table
    home = next(one for one in CODABLE if unit in set(tables[one]["unit_id"]))
    said = [
        problem
        for problem in found(tables)
        if problem.wrong == f"{unit} is in {RAW[home].file}, and {code} applies to others"
        and problem.file == RAW[name].file
    ]
    assert (home == "context_units") == context
    assert [problem.row for problem in said] == [tables[name].index[0]] * (home != table)


@pytest.mark.parametrize(("left", "said"), [(0, "none"), (1, "one"), (2, None)])
def test_how_many_values_there_are_is_said_in_words_that_fit(tables, left, said):
    tables["interviews"] = tables["interviews"].iloc[:left]
    spoil(tables, "units", "interview_id", "nobody")
    (problem,) = [one for one in found(tables) if one.column == "interview_id"]
    some = "one of the 2 values of interviews.interview_id"
    asked = f"a value of interviews.interview_id, which has {said}" if said else some
    assert problem.expected == asked


@pytest.mark.parametrize("same", ["c001", "l001"])
def test_no_statement_of_an_interview_is_called_like_another_one(mini, same):
    for file in (mini.raw / "coding").glob("*.csv"):
        file.write_text(file.read_text("utf-8").replace("u002", same), "utf-8")
    file = {"c001": "case_units", "l001": "context_units"}[same]
    assert any(
        f"{RAW[file].file}, row " in problem
        and f"column unit_id: {same!r} stands already in coding/units.csv" in problem
        for problem in mini.problems()
    )


def test_names_that_readers_would_take_for_one_are_named(tables):
    first = tables["municipalities"]["label_de"].iloc[0]
    row = spoil(tables, "municipalities", "label_de", f"{first.upper()}\u200c", row=1)
    (problem,) = found(tables)
    assert (problem.row, problem.column) == (row, "label_de")
    assert problem.wrong.endswith(f"looks the same as {first!r} in row 2")


def test_a_rule_whose_tables_are_not_all_there_is_left_out(tables):
    for name in tables:
        left = {other: frame for other, frame in tables.items() if other != name}
        assert found(left) == [], name


def test_a_row_that_could_not_be_read_is_not_missed_elsewhere(tables):
    torn = tables["projects"]["project_id"].iloc[0]
    tables["projects"] = tables["projects"].iloc[1:]
    wrong = {problem.wrong.partition(",")[0] for problem in found(tables)}
    assert wrong == {f"{torn!r} is not known"}
    problems = Problems()
    problems.torn[RAW["projects"].file].add(torn)
    assert found(tables, problems) == []


ODD = ["01.03.20", "about", "-", "/", "2019/", "1/2/3", "2019-1", ";", ":", "4.1 ¶", " ", "None"]


@pytest.mark.parametrize("text", ODD)
def test_no_rule_stumbles_over_a_text_that_does_not_fit_its_column(tables, text):
    for name, table in RAW.items():
        for column, about in table.columns.items():
            if about.type == "string" and len(tables[name]):
                spoil(tables, name, column, text)
    assert found(tables)


def test_a_text_in_one_language_alone_is_named_wherever_there_may_be_none(tables):
    lacking = set()
    for name, frame in tables.items():
        columns = RAW[name].columns if name in RAW else {}
        german = [one for one in columns if one.endswith("_de") and len(frame)]
        for row, column in zip(cycle(frame.index), german):  # of each row one, if there are enough
            frame.loc[row, [column, f"{column[:-2]}en"]] = ["Nur auf Deutsch", None]
            lacking.add((RAW[name].file, row, f"{column[:-2]}en"))
    assert len(lacking) > 30
    assert lacking <= {(one.file, one.row, one.column) for one in found(tables)}


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (1, "'forrest' is not known (did you mean 'forest'?); "),
        (2, "'forrest' is not known (did you mean 'forest'?), also in row 3; "),
        (4, "'forrest' is not known (did you mean 'forest'?), also in rows 3, 4, 5; "),
        (6, "'forrest' is not known (did you mean 'forest'?), also in 5 other rows: 3, 4, 5 …; "),
    ],
)
def test_rows_with_the_same_unknown_id_are_one_problem(n, said):
    column = Column("string", "Place", refers="places.place_id", required=False)
    frame = pd.DataFrame({"place_id": ["forrest"] * n + ["forest", None]}, dtype="str")
    frame.index = range(2, n + 4)
    problems = Problems()
    places = {"places": pd.DataFrame({"place_id": ["forest"]})}
    table = replace(RAW["interviews"], file="talks.csv", columns={"place_id": column})
    crosschecks.check_references(table, frame, places, problems)
    (problem,) = map(str, problems.found)
    assert problem.startswith(f"talks.csv, row 2, column place_id: {said}")


def test_a_text_that_a_row_may_lack_is_there_in_every_language_or_in_none(tables):
    columns = [name for name in tables["facts"].columns if name.startswith("note_")]
    row = spoil(tables, "facts", columns[0], "A note.")
    for column in columns[1:]:
        tables["facts"].loc[row, column] = None
    told = [p for p in found(tables) if p.row == row and p.column in columns]
    assert [(p.column, p.wrong, p.expected) for p in told] == [
        (column, "the cell is empty, but note_de is not", "the text in every language, or in none")
        for column in columns[1:]
    ]
