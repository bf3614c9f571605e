"""What is wrong with the findings is named by row; what the data refutes stops the build."""

import csv

import pandas as pd
import pytest

from analysis import checking
from analysis.checks import findingchecks
from analysis.methods.conditions import EXAMPLES, NUMBER, TRUTH, parse
from analysis.problems import ReportedError
from analysis.processed.store import read_processed
from analysis.tables import PROCESSED, RAW, is_named

HELD = "In jeder Gemeinde geht es ums Geld."


@pytest.mark.parametrize(
    ("row", "column", "cell", "said"),
    [
        (2, "holds", "", "the cell is empty; expected the condition of a finding of ours"),
        (4, "holds", "count(codes) > 0", "a conclusion of the study has a condition"),
        (2, "holds", "count(unit) > 0", "there is no table 'unit'"),
        (2, "holds", "count(codings, code='topic.monei') > 0", "(did you mean 'topic.money'?)"),
        (2, "sentence_en", "{count(cods)} codes.", "there is no table 'cods'"),
        (2, "sentence_de", "{count(codes) > 3} Codes.", "is a condition; expected a number"),
        (2, "sentence_de", "{Count(codes)} Codes.", "there is no function 'Count' (did you mean"),
        (2, "sentence_de", "{n} Codes.", "`n` does not belong to the language; expected numbers"),
        (2, "sentence_de", "{3} Codes.", "`3` counts nothing; expected a function in it"),
        (
            2,
            "sentence_de",
            "{} Codes.",
            "'' cannot be read (invalid syntax); expected a number, suc",
        ),
        (
            2,
            "sentence_de",
            "{count(codes) Codes.",
            "a brace that is none of a pair; expected a num",
        ),
        (2, "sentence_de", "{{count(codes)}} Codes.", "a brace that is none of a pair; expected a"),
        (2, "holds", "count(codings, unit_id='u06') > 0", "unit_id is never 'u06' (did you mean"),
        (2, "rests_on", "u006;u06", "no table has a row 'u06' (did you mean"),
        (2, "supported_by", "u006", "a finding of ours names what bears on it"),
        (
            4,
            "counted_by",
            "money-everywher",
            "'money-everywher' is not known (did you mean 'money-everywhere'?)",
        ),
        (
            4,
            "counted_by",
            "trees-help",
            "trees-help is a conclusion of the study, and nothing that",
        ),
        (4, "section", "All figures", "'All figures' does not fit"),
    ],
)
def test_a_slip_in_the_findings_is_named_by_row_and_column(mini, row, column, cell, said):
    mini.put("findings.csv", row, column, cell)
    (problem,) = mini.problems()
    assert problem.startswith(f"findings.csv, row {row}, column {column}: ")
    assert said in problem


def test_of_every_table_whose_rows_can_be_named_the_check_knows_what_it_is_made_of():
    # of a table that it does not know it would take every name for one that there is
    named = [name for name in PROCESSED if is_named(name)]
    assert named
    made_of = {raw for name in named for raw in findingchecks.MADE_OF.get(name, (name,))}
    assert made_of <= set(RAW) | {"codes", "dimensions"}  # both from the codebook


def test_a_row_of_several_tables_is_to_be_named_with_its_table(mini):
    mini.put("findings.csv", 2, "rests_on", "birkfurt")
    (problem,) = mini.problems()
    assert "'birkfurt' is a row of several tables; expected interviews:birkfurt" in problem or (
        "municipalities:birkfurt" in problem
    )


def test_a_finding_that_the_data_refutes_stops_the_build_and_changes_nothing(mini):
    checking.data()
    before = {path: path.read_bytes() for path in (mini.build / "processed").iterdir()}
    path = mini.raw / "coding/codings_a.csv"
    for name in ("codings_a", "codings_b"):
        path = mini.raw / f"coding/{name}.csv"
        path.write_text(path.read_text("utf-8").replace("u008,topic.money,1\n", ""), "utf-8")
    for command in (checking.data, checking.check):
        with pytest.raises(ReportedError) as refuted:
            command()
        said = str(refuted.value)
        assert "findings.csv, row 2, column holds: 'Money is a topic in every town.'" in said
    where = "all-figures, " + str(mini.book / "de/evidence.md")
    assert f"({where}) does not hold: every(municipalities, …) is not so for 1 (clausee)" in said
    assert "1 finding the data does not carry; nothing was changed" in said
    assert {path: path.read_bytes() for path in before} == before


def test_a_finding_that_holds_only_without_what_only_counts_is_named(mini):
    mini.put("findings.csv", 2, "holds", 'count(codings, code="role.host") == 0')
    mini.put("findings.csv", 2, "sentence_en", "Nobody hosts.")
    mini.put("coding/units.csv", 6, "consent", "none")
    checking.prepared(mini.read())
    mini.put("coding/units.csv", 6, "consent", "aggregate")
    with pytest.raises(ReportedError) as hanging:
        checking.check()
    said = str(hanging.value)
    assert "findings.csv, row 2, column holds: 'Nobody hosts.' (all-figures" in said
    assert ") holds only as long as statements that only count are left out; expected" in said
    assert "u005" not in said
    mini.put("findings.csv", 2, "holds", 'count(codings, code="role.messenger") == 1')
    checking.prepared(mini.read())
    mini.put("findings.csv", 2, "holds", 'count(codings, code="role.host") == 1')
    with pytest.raises(ReportedError, match=r"is 0; it holds only with statements that only count"):
        checking.prepared(mini.read())


@pytest.mark.usefixtures("mini")
def test_sentences_come_with_what_is_counted_in_words():
    checking.data()
    findings = read_processed("findings").set_index("finding_id")
    assert findings.at["money-everywhere", "sentence_de"] == HELD
    assert findings.at["limits-prevail", "sentence_de"] == "Zwei Aussagen nennen Hürden."
    assert findings.at["limits-prevail", "sentence_en"] == "Two statements name limits."
    assert findings.at["limits-prevail", "counted"].endswith("corpus='interview') = 1")
    assert findings["is_met"].all()


@pytest.mark.parametrize("text", ["{ count(codes) }", "{(count(codes) + 1 - 1)}"])
def test_a_number_may_be_written_as_in_a_condition(mini, text):
    mini.put("findings.csv", 2, "sentence_de", "{count(codes)}")
    checking.data()
    said = read_processed("findings").at[0, "sentence_de"]
    mini.put("findings.csv", 2, "sentence_de", text)
    checking.data()
    assert read_processed("findings").at[0, "sentence_de"] == said


def test_the_examples_in_the_schema_are_of_the_language():
    said = " ".join(column.description for column in RAW["findings"].columns.values())
    assert f"such as {EXAMPLES[TRUTH]}" in said
    assert f"`{{{EXAMPLES[NUMBER].strip('`')}}}`" in said
    for expected, example in EXAMPLES.items():
        parse(example.strip("`"), expected)


def test_a_study_without_findings_has_a_table_without_rows(mini):
    (mini.raw / "findings.csv").unlink()
    checking.data()
    assert read_processed("findings").empty
    assert next(csv.reader((mini.build / "processed/findings.csv").open()))[0] == "finding_id"


@pytest.mark.parametrize(
    ("row", "column", "cell", "said"),
    [
        (2, "coder", "c", "nobody called 'c' coded; expected one of agreed, a, b"),
        (3, "without_interview", "auenta", "'auenta' is not known (did you mean 'auental'?)"),
        (3, "without_interview", "", "all choices are those of the report; expected one choice"),
        (4, "without_interview", "auental", "all choices are those of row 3; expected one choice"),
        (5, "attribution", "express", "'express' does not fit"),
        (5, "merged", "topic.money", "a single code counts as nothing else; expected two codes"),
        (5, "merged", "topic.money;topic.mony", "'topic.mony' is not known (did you mean"),
    ],
)
def test_a_slip_in_the_universes_is_named_by_row_and_column(mini, row, column, cell, said):
    mini.put("coding/universes.csv", row, column, cell)
    problems = [problem for problem in mini.problems() if said in problem]
    assert problems, mini.problems()
    assert problems[0].startswith(f"coding/universes.csv, row {row}, column ")


@pytest.mark.parametrize(
    ("column", "cells", "is_same"),
    [
        ("without_interview", ("auental;clausee", "clausee; auental"), True),
        ("without_interview", ("auental;clausee", "auental"), False),
        ("merged", ("topic.money;topic.health;topic.water", "topic.money;topic.water;topic.health"),
         True),
        ("merged", ("topic.money;topic.health", "topic.health;topic.money"), False),
    ],
)  # fmt: skip
def test_choices_are_the_same_in_whatever_order_they_are_listed(mini, column, cells, is_same):
    for row, cell in zip((3, 4), cells, strict=True):
        mini.put("coding/universes.csv", row, "without_interview", "")
        mini.put("coding/universes.csv", row, column, cell)
    said = "coding/universes.csv, row 4, column universe_id: all choices are those of row 3"
    assert [problem.startswith(said) for problem in mini.problems()] == [True] * is_same


def test_a_universe_needs_an_interview_to_leave_out(mini):
    path = mini.raw / "study/interviews.csv"
    kept = [line for line in path.read_text("utf-8").splitlines() if "clausee" not in line]
    path.write_text("\n".join(kept) + "\n", "utf-8")
    said = "coding/universes.csv, row 4, column without_interview: there was no interview in"
    assert any(problem.startswith(said) for problem in mini.problems())


def test_a_universe_takes_the_codings_of_nobody_who_coded_a_sample(mini):
    path = mini.raw / "coding/codings_a.csv"
    kept = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("u002,")]
    path.write_text("\n".join(kept) + "\n", "utf-8")
    said = "coding/universes.csv, row 2, column coder: a coded 11 of 12 statements; expected"
    assert [problem for problem in mini.problems() if problem.startswith(said)]


def test_a_finding_about_every_row_of_none_does_not_hold(mini):
    condition = 'every(statements, count(codings) > 0, corpus="case", attribution="none")'
    mini.put("findings.csv", 2, "holds", condition)
    with pytest.raises(ReportedError) as refuted:
        checking.check()
    assert "does not hold: every(statements, …) is about no row; expected" in str(refuted.value)


@pytest.mark.usefixtures("mini")
def test_findings_are_robust_or_shaky_and_say_what_flips_them():
    checking.data()
    findings = read_processed("findings").set_index("finding_id")
    everywhere, prevail = findings.loc["money-everywhere"], findings.loc["limits-prevail"]
    assert everywhere["robustness"] == "shaky"
    assert everywhere["carries_codings"] == 1
    assert everywhere["flipped_by_codings"] == "u006/topic.money;u007/topic.money;u008/topic.money"
    assert pd.isna(everywhere["flipped_by_interviews"])
    assert prevail["robustness"] == "shaky"
    assert findings.loc[["trees-help"], "robustness"].isna().all()
    verdicts = read_processed("verdicts").set_index(["finding_id", "universe_id"])["verdict"]
    assert verdicts["money-everywhere", "explicit"] == "fails"
    assert verdicts["money-everywhere", "without-clausee"] == "holds"
    # of the two statements on limits one is said of all, and one gives an opportunity
    assert verdicts["limits-prevail", "explicit"] == "fails"


def test_a_universe_that_changes_nothing_is_left_out_and_told(mini, capsys):
    mini.put("coding/universes.csv", 4, "without_interview", "")
    mini.put("coding/universes.csv", 4, "attribution", "not_collective")
    units = mini.raw / "coding/units.csv"
    units.write_text(units.read_text("utf-8").replace("collective", "explicit"), "utf-8")
    checking.data()
    said = "note: coding/universes.csv: without-clausee changes nothing; left out"
    assert said in capsys.readouterr().out
    assert "without-clausee" not in set(read_processed("universes")["universe_id"])


def test_a_study_without_universes_has_findings_that_say_nothing_of_it(mini):
    (mini.raw / "coding/universes.csv").unlink()
    checking.data()
    assert read_processed("findings")["robustness"].isna().all()
    assert read_processed("verdicts").empty
