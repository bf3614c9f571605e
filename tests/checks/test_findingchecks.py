"""What is wrong with the findings is named by row; what the data refutes stops the build."""

import csv

import pytest

from analysis import cli
from analysis.checks import findingchecks
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
        (2, "rests_on", "u006;u06", "no table has a row 'u06' (did you mean"),
        (2, "supported_by", "u006", "a finding of ours names what bears on it"),
        (
            4,
            "counted_by",
            "money-everywher",
            "'money-everywher' is not known (did you mean 'money-everywhere'?)",
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


def test_a_finding_that_the_data_refutes_stops_the_build_and_changes_nothing(mini, capsys):
    assert cli.data() == 0
    before = {path: path.read_bytes() for path in (mini.build / "processed").iterdir()}
    path = mini.raw / "coding/codings_a.csv"
    for name in ("codings_a", "codings_b"):
        path = mini.raw / f"coding/{name}.csv"
        path.write_text(path.read_text("utf-8").replace("u008,topic.money,1\n", ""), "utf-8")
    capsys.readouterr()
    assert (cli.data(), cli.check()) == (1, 1)
    said = capsys.readouterr().err
    assert said.count("findings.csv, row 2, column holds: 'Money is a topic in every town.'") == 2
    assert "(all-figures) does not hold: every(municipalities, …) is not so for 1 (clausee)" in said
    assert "1 finding the data does not carry; nothing was changed" in said
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.usefixtures("mini")
def test_sentences_come_with_what_is_counted_in_words():
    assert cli.data() == 0
    findings = read_processed("findings").set_index("finding_id")
    assert findings.at["money-everywhere", "sentence_de"] == HELD
    assert findings.at["limits-prevail", "sentence_de"] == "Zwei Aussagen nennen Hürden."
    assert findings.at["limits-prevail", "sentence_en"] == "Two statements name limits."
    assert findings.at["limits-prevail", "counted"].endswith("corpus='interview') = 1")
    assert findings["is_met"].all()


@pytest.mark.parametrize(
    "text", ["{{ trees }} Bäume.", "{a.b('c')} und {}.", "{% x(1) %}", "{ count(codes) }"]
)
def test_braces_around_anything_else_stand_in_a_sentence_as_written(mini, text):
    mini.put("findings.csv", 2, "sentence_de", text)
    assert cli.data() == 0
    assert read_processed("findings").at[0, "sentence_de"] == text


def test_a_study_without_findings_has_a_table_without_rows(mini):
    (mini.raw / "findings.csv").unlink()
    assert cli.data() == 0
    assert read_processed("findings").empty
    assert next(csv.reader((mini.build / "processed/findings.csv").open()))[0] == "finding_id"
