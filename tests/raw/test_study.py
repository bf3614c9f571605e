"""Whatever is wrong with the raw data is named, by file, row and column, all of it at
once, and nothing is changed.
"""

import re
import shutil
import unicodedata

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from analysis import checking, paths
from analysis.engine.runs import notebook_runs
from analysis.problems import Problems, ReportedError
from analysis.processed.prepare import prepare
from analysis.raw.codebook import read_codebook
from analysis.raw.references import read_references
from analysis.tables import RAW
from analysis.tables.columns import EXAMPLES

ROOT = paths.root()
# One mistake an entry, all made in the same study: file, row, column, what is written there, and
# what is said about it.
MISTAKES = [
    ("sources.csv", 3, "date", "2019-13",
     "'2019-13' has a month that does not exist; expected months from 01 to 12"),
    ("sources.csv", 3, "citation_key", "Rahmen2091",
     "'Rahmen2091' is not known (did you mean 'Rahmen2019'?); expected one of the 3 values"),
    ("sources.csv", 4, "text_sha256", "abc",
     "'abc' does not fit; expected SHA-256 of the text version to which the anchors refer, such as "
     f"{'0123456789abcdef' * 4}: 64 digits and letters a–f"),
    ("study/municipalities.csv", 2, "initials", "Auen", "'Auen' does not fit"),
    ("study/facts.csv", 2, "value", "2019.5",
     "2019.5 is not a year; expected a whole number from 1800 to 2100"),
    ("study/facts.csv", 2, "is_key", "vielleicht",
     "'vielleicht' is neither yes nor no; expected true or false"),
    ("study/facts.csv", 3, "value", "nan", "'nan' is not a number; expected a number such as 3.5"),
    ("study/facts.csv", 3, "case_id", "Tla",
     "'Tla' is not known (did you mean 'tal'?); expected one of the 2 values of cases.case_id"),
    ("study/facts.csv", 4, "value", "250.000",
     "'250.000' has a mark as between thousands; expected 250000 or 250.0000, whichever is meant"),
    ("study/facts.csv", 4, "year", "2021/2020",
     "'2021/2020' ends before it begins; expected the earlier date first"),
    ("study/facts.csv", 3, "year", "0000/9999",
     "'0000/9999' has a year that cannot be meant; expected years from 1800 to 2100"),
    ("study/facts.csv", 5, "value", "130", "a share of 130 %; expected 0 to 100 per cent, or more"),
    ("study/facts.csv", 5, "locator", "S. 3", "'S. 3' does not fit; expected Passage"),
    ("study/facts.csv", 6, "locator", "6 ¶1–9999999999",
     "'6 ¶1–9999999999' does not fit; expected Passage"),
    ("study/facts.csv", 6, "value", "1.5", "1.5 thirds; expected 1 or 2"),
    ("study/facts.csv", 6, "subject_de", " ",
     "the cell is empty; expected What the number is about (German)"),
    ("study/facts.csv", 7, "unit", "third",
     "'third' does not fit (did you mean 'thirds'?); expected one of t, Mt/a,"),
    ("study/facts.csv", 8, "value", "3",
     "3 beside `several`; expected no number, or another qualifier"),
    ("study/facts.csv", 8, "fact_id", "trees",
     "'trees' stands already in row 3; expected each only once"),
    ("study/facts.csv", 9, "value", "inf", "'inf' is not a number"),
    ("study/facts.csv", 9, "literature", "Rahmen2019; Merkblatt",
     "'Merkblatt' is not known (did you mean 'Merkblatt_oJ'?)"),
    ("study/facts.csv", 10, "value", "",
     "the number is missing; expected a number, or the qualifier `several`"),
    ("study/facts.csv", 11, "value", "-1", "-1 is below zero"),
    ("study/facts.csv", 12, "value", "vierzig", "'vierzig' is not a number"),
    ("study/facts.csv", 13, "value", "1,234,567",
     "'1,234,567' has a mark as between thousands; expected 1234567"),
    ("study/facts.csv", 14, "value", "1" * 20, f"'{'1' * 20}' is too large to be kept exactly"),
    ("study/levels.csv", 2, "is_municipal", "yes", None),
    ("study/targets.csv", 3, "year", "1985",
     "the target year 1985 is not after its baseline 1990; expected a year after baseline_year"),
    ("study/targets.csv", 4, "year", "2500",
     "2500 does not fit; expected Year by which or, where the scope says so, from which; empty "
     "where none is given in calendar year (at least 1800, at most 2100)"),
    ("study/targets.csv", 5, "discrepancy_id", "two-year",
     "'two-year' is not known (did you mean 'two-years'?)"),
    ("study/targets.csv", 6, "year", "2040.5", "'2040.5' is not a whole number"),
    ("study/targets.csv", 7, "baseline_year", "",
     "a cut without it says nothing; expected the baseline_year of the cut"),
    ("study/targets.csv", 7, "value", "101",
     "a cut of 101 %; expected more than 0, at most 100 per cent"),
    ("study/influence.csv", 2, "role_code", "topic.water",
     "'topic.water' is a code of topic; expected a code of the dimension role"),
    ("study/measures.csv", 2, "field_code", "field.tree",
     "'field.tree' is not known (did you mean 'field.trees'?)"),
    ("study/prospects.csv", 2, "topic_code", "aspect.limit",
     "'aspect.limit' is a code of aspect; expected a code of the dimension topic"),
    ("study/prospects.csv", 3, "municipality_id", "auental; claussee",
     "'claussee' is not known (did you mean 'clausee'?)"),
    ("study/projects.csv", 2, "field_code", "field.trees; role.host",
     "'role.host' is a code of role; expected a code of the dimension field"),
    ("study/projects.csv", 3, "status", "active",
     "'active' does not fit; expected one of planned, proposed, applied,"),
    ("study/projects.csv", 5, "part_of", "shade-plan",
     "a project that is a part of itself; expected the project it is a part of"),
    ("study/projects.csv", 6, "organisation_id", "nursery; countey",
     "'countey' is not known (did you mean 'county'?)"),
    ("study/project_mentions.csv", 10, "project_id", "cool-days", None),
    ("study/project_mentions.csv", 4, "unit_id", "u009; u004",
     "u004 stands at 6 ¶2 s2, not at 6 ¶3 s2; expected a statement of the passage"),
    ("study/cooperation.csv", 4, "municipality_id", "auental",
     "'auental' is not among the municipalities of 'mulching'; expected the same"),
    ("study/cooperation.csv", 5, "project_id", "mulch",
     "'mulch' is not known (did you mean 'mulching'?)"),
    ("study/events.csv", 3, "project_id", "shadeplan",
     "'shadeplan' is not known (did you mean 'shade-plan'?)"),
    ("study/interviews.csv", 2, "function_en", "",
     "the cell is empty; expected the function, as consent is named"),
    ("study/interviews.csv", 3, "consent", "Named",
     "'Named' does not fit (did you mean 'named'?); expected one of named, anonymous"),
    ("study/interviews.csv", 4, "function_de", "Badleiterin",
     "the function of an anonymous person; expected an empty cell"),
    ("coding/units.csv", 2, "municipality_id", "auental",
     "a municipality although the attribution is `none`"),
    ("coding/units.csv", 3, "sentence", "",
     "the cell is empty; expected Sentence within the paragraph in position (at least 1)"),
    ("coding/units.csv", 4, "paragraph", "0", "0 does not fit"),
    ("coding/units.csv", 10, "municipality_id", "",
     "no municipality although the attribution is `explicit`"),
    ("coding/case_units.csv", 2, "year", "1066", "1066 does not fit"),
    ("coding/anchors.csv", 3, "end", "1", "the passage ends before it starts"),
    ("coding/codings_a.csv", 3, "code", "theme.neds",
     "'theme.neds' is not known (did you mean 'theme.needs'?); expected one of the 16 values of "
     "codes.code"),
    ("coding/codings_a.csv", 10, "certainty", "4", "4 does not fit"),
    ("coding/codings_a.csv", 17, "certainty", "2", None),
    ("coding/codings_a.csv", 17, "code", "aspect.limit", None),
    ("coding/adjudication.csv", 2, "given_by", "b",
     "aspect.limit was given to u003 by a, not by b; expected what coding/codings_a.csv and "
     "coding/codings_b.csv say"),
    ("coding/adjudication.csv", 4, "decision", "include", None),
    ("coding/summaries.csv", 4, "theme_code", "role.host",
     "'role.host' is a code of role; expected a code of the dimension theme"),
    ("context/anchors.csv", 3, "end", "2", "the passage ends before it starts"),
    ("context/facts.csv", 2, "fact_id", "mulch",
     "'mulch' stands already in study/facts.csv; expected an id of its own"),
    ("context/targets.csv", 2, "discrepancy_id", "two-yaers",
     "'two-yaers' is not known (did you mean 'two-years'?)"),
    ("context/adjudication.csv", 2, "given_by", "both",
     "link.named was given to l002 by a, not by both; expected what context/codings_a.csv and "
     "context/codings_b.csv say"),
    ("context/codings_a.csv", 4, "unit_id", "l003", "'l003' is not known; expected one"),
]  # fmt: skip
# What two cells together make wrong.
ELSEWHERE = [
    "study/projects.csv, row 8, column project_id: no passage mentions 'cool-bus'; expected a row "
    "with the passage in study/project_mentions.csv",
    "coding/codings_a.csv, row 17, column unit_id: 'u006, aspect.limit' stands already in row 16; "
    "expected each only once",
    "study/levels.csv, column is_municipal: 2 levels are municipal; expected exactly one true",
    "context/codings_b.csv, row 4, column code: only the second coding gave field.trees to l001, "
    "and nobody decided; expected a row",
    "coding/codings_a.csv, row 12, column code: u005 has 2 codes of theme in the agreed set: "
    "theme.means, theme.needs; expected one code",
]
EXPECTED = [
    f"{file}, row {row}, column {column}: {message}"
    for file, row, column, _, message in MISTAKES
    if message
] + ELSEWHERE


@pytest.fixture(scope="module")
def all_problems(new_mini):
    mini = new_mini()
    for file, row, column, value, _ in MISTAKES:
        mini.put(file, row, column, value)
    return mini.problems()


@pytest.mark.parametrize("message", EXPECTED)
def test_mistake_is_named(all_problems, message):
    assert [problem for problem in all_problems if problem.startswith(message)]


def test_nothing_else_is_named(all_problems):
    assert [problem for problem in all_problems if not problem.startswith(tuple(EXPECTED))] == []
    assert len(all_problems) == len(EXPECTED)


# Mistakes in the coding that need several cells: what is written where, and what is said about it.
CODING = {
    "nobody decided": (
        [("codings_b", 32, "code", "topic.money")],
        [
            "coding/codings_a.csv, row 33, column code: only the first coding gave "
            "aspect.opportunity to c003, and nobody decided; expected a row",
            "coding/codings_b.csv, row 32, column code: only the second coding gave topic.money to "
            "c003, and nobody decided",
        ],
    ),
    "decided on what nobody gave": (
        [("adjudication", 6, "code", "topic.water")],
        [
            "coding/adjudication.csv, row 6, column given_by: topic.water was given to u008 by "
            "neither coding, not by both"
        ],
    ),
    "taken in although nobody gave it": (
        [("adjudication", 6, "code", "topic.water"), ("adjudication", 6, "given_by", "neither")],
        [],
    ),
    "field without its role": (
        [("codings_a", 29, "code", "role.host"), ("codings_b", 28, "code", "role.host")],
        [
            "coding/codings_a.csv, row 30, column code: c001 has field.trees without "
            "role.gardener in the agreed set; expected the role"
        ],
    ),
}


@pytest.mark.parametrize(("cells", "messages"), CODING.values(), ids=CODING)
def test_mistake_in_the_coding_is_named(mini, cells, messages):
    for file, row, column, value in cells:
        mini.put(f"coding/{file}.csv", row, column, value)
    assert [
        problem.startswith(message)
        for problem, message in zip(mini.problems(), messages, strict=True)
    ] == [True] * len(messages)


def test_the_invented_study_is_read_without_problem_or_notice(mini):
    assert mini.read().notices == []


def test_an_unreadable_table_does_not_hide_what_is_wrong_with_the_others(mini):
    (mini.raw / "study/cases.csv").unlink()
    (mini.raw / "coding/codings_b.csv").write_bytes(b"")
    (mini.raw / "coding/codebook.yml").write_text("dimensions: [", "utf-8")
    mini.references.write_text("@misc{Rahmen2019", "utf-8")
    mini.put("study/facts.csv", 5, "value", "130")
    mini.put("study/prospects.csv", 3, "municipality_id", "claussee")
    places = [problem.split(":")[0] for problem in mini.problems()]
    files = [
        "coding/codebook.yml, line 1",
        "coding/codings_b.csv",
        "references.bib, line 1",
        "study/cases.csv",
    ]
    assert places == [
        *files,
        "study/facts.csv, row 5, column value",
        "study/prospects.csv, row 3, column municipality_id",
    ]


def test_a_torn_row_brings_no_further_problems(mini):
    for file in (
        "study/municipalities.csv",
        "coding/units.csv",
        "coding/codings_a.csv",
        "coding/anchors.csv",
    ):
        path = mini.raw / file
        header, first, *rest = path.read_text("utf-8").splitlines()
        path.write_text("\n".join([header, first + ",one more", *rest]), "utf-8")
    problems = mini.problems()
    assert len(problems) == 4
    assert all(", row 2: " in problem for problem in problems)


def test_a_statement_summed_up_for_another_municipality_or_theme_is_named(mini):
    mini.put("coding/summaries.csv", 2, "unit_id", "u002; u005")
    mini.put("coding/summaries.csv", 3, "unit_id", "u009")
    expected = "expected statements of the municipality that have the theme in the agreed set"
    assert mini.problems() == [
        "coding/summaries.csv, row 2, column unit_id: u005 is not a statement of auental on "
        f"theme.needs; {expected}",
        "coding/summaries.csv, row 3, column unit_id: u009 is not a statement of birkfurt on "
        f"theme.needs; {expected}",
    ]


def test_a_statement_without_its_passage_is_named(mini):
    for file in ("coding/anchors.csv", "context/anchors.csv"):
        path = mini.raw / file
        path.write_text("\n".join(path.read_text("utf-8").splitlines()[:-1]), "utf-8")
    assert mini.problems() == [
        "coding/case_units.csv, row 4, column unit_id: 'c003' has no anchor; expected a row with "
        "its passage in coding/anchors.csv",
        "context/units.csv, row 4, column unit_id: 'r001' has no anchor; expected a row with its "
        "passage in context/anchors.csv",
    ]


def test_tables_without_rows_are_read(mini):
    for table in RAW.values():
        path = mini.raw / table.file
        path.write_text(path.read_text("utf-8").split("\n")[0], "utf-8")
    (sources,) = mini.problems()
    assert sources.startswith("sources.csv, column role: 0 sources are the study")


def test_what_a_german_spreadsheet_saves_is_read_the_same(mini):
    before = mini.read()
    for table in RAW.values():
        path = mini.raw / table.file
        frame = before[next(name for name, other in RAW.items() if other is table)]
        path.write_bytes(
            frame.to_csv(sep=";", decimal=",", index=False, lineterminator="\r\n")
            .replace("True", "WAHR")
            .encode("utf-8-sig")
        )
    after = mini.read()
    for name in RAW:
        assert after[name].equals(before[name]), name
    assert all("semicolons" in notice for notice in after.notices)


def test_a_decimal_comma_is_read_with_a_notice(mini):
    mini.put("study/facts.csv", 5, "value", "37,5")
    study = mini.read()
    assert study["facts"].at[5, "value"] == 37.5
    assert study.notices == [
        "study/facts.csv: row 5, column value: decimal comma in '37,5'; read as 37.5"
    ]


# Two rows of a table, a column by which readers know them, and two texts for it that look alike.
TWINS = [
    ("study/municipalities.csv", "label_de", "Auental", "Auental"),
    ("study/municipalities.csv", "label_en", "AUENTAL", "Auental"),
    ("study/municipalities.csv", "initials", "A", "A"),
    ("study/cases.csv", "label_de", "Region Tal", "Region\u00a0Tal"),
    ("study/organisations.csv", "label_en", "Leaf  Works", "Leaf Works"),
    ("study/actors.csv", "label_de", "Ver\u200cwaltung", "Verwaltung"),
    ("study/levels.csv", "label_en", "State", "state"),
    ("sources.csv", "label_de", "Plan ２０１９", "Plan 2019"),
    ("study/discrepancies.csv", "title_de", None, None),
]


@pytest.mark.parametrize(("file", "column", "first", "second"), TWINS)
def test_two_things_that_readers_would_take_for_one_are_named(mini, file, column, first, second):
    if first is None:
        row = (mini.raw / file).read_text("utf-8").splitlines()[1].replace("two-years", "again")
        (mini.raw / file).write_text(
            (mini.raw / file).read_text("utf-8").rstrip("\n") + f"\n{row}\n", "utf-8"
        )
    else:
        mini.put(file, 2, column, first)
        mini.put(file, 3, column, second)
    named = [
        problem
        for problem in mini.problems()
        if problem.startswith(f"{file}, row 3, column {column}: ")
    ]
    assert len(named) == 1
    assert named[0].endswith("in row 2; expected a name that tells the two apart")


@pytest.mark.parametrize(
    ("label", "shown"),
    [("Mittel und Wege", "line 12"), ("mittel  und wege", "line 12"), ("Wege und Mittel", None)],
)
def test_two_codes_that_readers_would_take_for_one_are_named(tmp_path, label, shown):
    problems = codebook_problems(
        tmp_path, lambda text: text.replace(b"de: Bedarf", f"de: '{label}'".encode(), 1)
    )
    expected = (
        f"coding/codebook.yml, {shown}: 'Mittel und Wege' is also the label of theme.needs "
        "(line 8); expected a name that tells the two apart"
    )
    assert problems == ([expected] if shown else [])


def test_a_damaged_text_in_the_codebook_is_named_by_line(tmp_path):
    (problem,) = codebook_problems(
        tmp_path, lambda text: text.replace(b"de: Bedarf", "de: GrÃ¶ÃŸe".encode(), 1)
    )
    assert problem.startswith(
        "coding/codebook.yml, line 9: 'GrÃ¶ÃŸe' looks like UTF-8 that was read as another encoding"
    )


def test_decomposed_letters_are_the_same_everywhere(mini):
    before = mini.read()
    for path in [*mini.raw.rglob("*.csv"), *mini.raw.rglob("*.yml"), mini.references]:
        path.write_text(
            unicodedata.normalize(
                "NFD", path.read_text("utf-8").replace("Merkblatt_oJ", "Mörkblatt_oJ")
            ),
            "utf-8",
        )
    after = mini.read()
    for name, frame in after.tables.items():
        assert frame.equals(
            before[name]
            .replace("Merkblatt_oJ", "Mörkblatt_oJ")
            .replace("Merkblatt_oJ", "Mörkblatt_oJ", regex=True)
        ), name
    assert after.notices
    assert all("letters made of two signs" in notice for notice in after.notices)


def test_a_folder_that_is_missing_is_one_problem(mini):
    shutil.rmtree(mini.raw / "coding")
    assert [problem for problem in mini.problems() if "folder" in problem] == [
        "coding/: the folder is missing; expected a folder of this name with its tables"
    ]
    shutil.rmtree(mini.raw)
    assert mini.problems() == [
        f"data: the folder {mini.raw} is missing; expected a folder with the tables of a study "
        "(RAW=)"
    ]


def test_files_that_nothing_reads_are_told(mini):
    for name in ("facts (1).csv", "facts.xlsx", ".~lock.facts.csv#", "notes.md", ".DS_Store"):
        (mini.raw / "study" / name).touch()
    (mini.raw / "study/.ipynb_checkpoints").mkdir()
    (mini.raw / "study/.ipynb_checkpoints/facts-checkpoint.csv").touch()
    assert mini.read().notices == [
        "study/.~lock.facts.csv#: a spreadsheet program has a table open; what is not saved there "
        "is not read",
        "study/facts (1).csv: is no table of the study; not read (did you mean 'study/facts.csv'?)",
        "study/facts.xlsx: is no table of the study; not read (did you mean 'study/facts.csv'?)",
    ]


def test_a_study_may_have_any_number_of_statements(mini):
    for row, statement in enumerate(["s100", "s12345", "s12345"], start=2):
        mini.put("coding/units.csv", row, "statement_id", statement)
    for file in mini.raw.rglob("*.csv"):
        file.write_text(
            re.sub(r"\b([ucl])00(\d)\b", r"\g<1>12300\2", file.read_text("utf-8")), "utf-8"
        )
    assert mini.problems() == []
    assert {"s100", "s12345"} < set(mini.read()["units"]["statement_id"])


@pytest.mark.parametrize("name", ["tal.", "tal.x", "t" * 61])
def test_an_id_that_cannot_be_the_name_of_a_file_is_named(mini, name):
    for path in mini.raw.rglob("*.csv"):
        path.write_text(
            re.sub(r"(^|,)tal(?=,)", rf"\g<1>{name}", path.read_text("utf-8"), flags=re.MULTILINE),
            "utf-8",
        )
    assert mini.problems() == [
        f"study/cases.csv, row 2, column case_id: {name!r} cannot be the name of a file; expected "
        "no dots, at most 60 characters"
    ]


def test_digits_of_other_scripts_are_no_digits(mini):
    mini.put("study/facts.csv", 3, "year", "٢٠٢٠")
    mini.put("study/facts.csv", 4, "locator", "٥.١ ¶1 s1")
    assert [problem.split(": ")[0] for problem in mini.problems()] == [
        "study/facts.csv, row 3, column year",
        "study/facts.csv, row 4, column locator",
    ]


# What is replaced in the codebook (or all of it), by what, and what is said about it.
CODEBOOK = {
    "not YAML": ("dimensions:", "dimensions: [",
        "line 5: not readable as YAML (expected ',' or ']', but got ':'); expected names"),
    "tab": ("        de: Bedarf", "\tde: Bedarf",
        "line 9: not readable as YAML (found character '\\t' that cannot start any token)"),
    "empty": (None, "",
        "line 1: the codebook has no 'dimensions'; expected dimensions: and indented lines below "
        "it"),
    "list": (None, "- theme", "line 1: the codebook is ['theme']"),
    "dimensions empty": (None, "dimensions:",
        "line 1: 'dimensions' of the codebook is None; expected indented lines below it"),
    "duplicate code": ("      theme.means:", "      theme.needs:",
        "line 12: 'theme.needs' stands twice; expected each name once"),
    "duplicate dimension": ("\n  role:\n", "\n  theme:\n",
        "line 16: 'theme' stands twice; expected each name once"),
    "label missing": ("    label: {de: Themenblock, en: Theme}\n", "",
        "line 4: theme has no 'label'; expected label: and indented lines below it"),
    "label in one language": ("Themenblock, en: Theme}", "Themenblock}",
        "line 6: label of theme has no 'en'; expected en: and a text"),
    "label in a third language": ("en: Theme}", "en: Theme, fr: Sujet}",
        "line 6: label of theme has an unknown entry 'fr', in a language that the study does not "
        "have (languages in study.yml: de, en); expected only de, en"),
    "label empty": ("de: Bedarf", "de: ''",
        "line 9: 'de' of theme.needs is ''; expected a text (in quotation marks if need be)"),
    "label that YAML cuts off": ("de: Bedarf", "de: Bedarf #1",
        "line 9: 'Bedarf #1' ends before the #; expected quotation marks around the text"),
    "label that YAML takes for false": ("de: Bedarf", "de: No",
        "line 9: 'de' of theme.needs is False; expected a text (in quotation marks"),
    "code without label": ("        de: Bedarf\n", "", "line 8: theme.needs has no 'de'"),
    "role that is no text": ("definition: {de: Was bei Hitze", "role: {de: Was bei Hitze",
        "line 11: 'role' of theme.needs is {'de': 'Was bei Hitze fehlt.'"),
    "entry misspelt": ("single: true\n    label", "sinlge: true\n    label",
        "line 5: theme has an unknown entry 'sinlge' (did you mean 'single'?)"),
    "code without entries": ("      theme.means:", "      theme.more: Mehr\n      theme.means:",
        "line 12: theme.more is 'Mehr'; expected lines"),
    "prefix of another dimension": ("      theme.means:", "      topic.means:",
        "line 12: code 'topic.means'; expected theme. and then"),
    "code that is a number": ("      theme.means:", "      7:",
        "line 12: code '7'; expected theme."),
    "dimension that YAML takes for false": ("\n  role:\n", "\n  NO:\n",
        "line 16: dimension 'NO'; expected lower-case letters"),
    "lines that stand for others": ("en: Theme}", "en: &t Theme}\n    single: *t",
        "line 7: not readable as YAML (*t stands for lines elsewhere"),
    "version that is no number": ("version: 1", "version: true",
        "line 2: 'version' of the codebook is True; expected a whole number"),
    "single neither true nor false": ("single: true\n    label", "single: maybe\n    label",
        "line 5: 'single' of theme is 'maybe'; expected true"),
    "field without role": ("        role: role.host\n", "",
        "line 44: field.halls belongs to no role; expected role: and a code"),
    "field with unknown role": ("role: role.host", "role: role.hots",
        "line 44: role 'role.hots' is not known (did you mean 'role.host'?)"),
}  # fmt: skip

SEVERAL = (
    "code that is a number",
    "label empty",
    "single neither true nor false",
    "field with unknown role",
)


def codebook_problems(folder, change):
    path = folder / "codebook.yml"
    path.write_bytes(change((ROOT / "tests/mini/data/coding/codebook.yml").read_bytes()))
    problems = Problems()
    read_codebook(path, problems)
    return [str(problem) for problem in problems.found]


@pytest.mark.parametrize(("old", "new", "message"), CODEBOOK.values(), ids=CODEBOOK)
def test_mistake_in_the_codebook_is_named(tmp_path, old, new, message):
    first, *_ = codebook_problems(
        tmp_path, lambda text: text.replace(old.encode(), new.encode(), 1) if old else new.encode()
    )
    assert first.startswith(f"coding/codebook.yml, {message}")


def test_all_mistakes_in_the_codebook_are_named_at_once(tmp_path):
    def change(text):
        for old, new, _ in map(CODEBOOK.get, SEVERAL):
            text = text.replace(old.encode(), new.encode(), 1)
        return text

    problems = codebook_problems(tmp_path, change)
    assert [problem.split(":")[0] for problem in problems] == [
        f"coding/codebook.yml, line {line}" for line in (5, 9, 12, 44)
    ]


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5) | st.booleans() | st.none(), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(PLAIN, st.integers(0, 5), st.sampled_from(["role", "definition"]))
def test_no_codebook_whatever_crashes_the_reader(tmp_path_factory, content, depth, last):
    for key in reversed(["dimensions", "field", "codes", "field.x", last][:depth]):
        content = {key: content}
    path = tmp_path_factory.getbasetemp() / "codebook.yml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    problems = Problems()
    read_codebook(path, problems)
    assert problems.found
    assert all(str(problem).startswith("coding/codebook.yml") for problem in problems.found)


def test_a_few_lines_that_stand_for_more_than_memory_holds_are_named_at_once(tmp_path):
    bomb = "a: &a [x]\n" + "".join(
        f"{i}: &{i} [{'*a, ' * 9}]\n".replace("*a", f"*{i - 1}" if i else "*a") for i in range(9)
    )
    (problem,) = codebook_problems(tmp_path, lambda _: f"{bomb}dimensions: *8\n".encode())
    assert "line 2: not readable as YAML (*a stands for lines elsewhere" in problem


@pytest.mark.parametrize(
    "content", ["dimensions: größer".encode("cp1252"), b"\x00\x01", b"&a {b: *a}", b"? [a, b]\n: c"]
)
def test_a_codebook_that_is_no_text_or_no_mapping_is_named(tmp_path, content):
    (problem,) = codebook_problems(tmp_path, lambda _: content)
    assert problem.startswith("coding/codebook.yml")


BIBTEX = {
    "brace not closed": (
        "@misc{Rahmen2019,",
        "@misc{Rahmen2019, note = {x",
        "references.bib, line 17: not readable as BibTeX (syntax error in line 17",
    ),
    "entry twice": (
        "@misc{Rahmen2019,",
        "@misc{Musterfrau2021,",
        "references.bib, line 11: not readable as BibTeX (repeated bibliography entry: "
        "Musterfrau2021)",
    ),
    "not UTF-8": (
        "Erfunden",
        "\udcfc",
        "references.bib, line 5: not readable as UTF-8 (invalid start byte)",
    ),
}


@pytest.mark.parametrize(("old", "new", "message"), BIBTEX.values(), ids=BIBTEX)
def test_mistake_in_the_references_is_named(tmp_path, old, new, message):
    text = (ROOT / "tests/mini/book/references.bib").read_text("utf-8").replace(old, new, 1)
    (tmp_path / "references.bib").write_text(text, "utf-8", errors="surrogateescape")
    problems = Problems()
    assert read_references(tmp_path / "references.bib", problems) is None
    (problem,) = map(str, problems.found)
    assert problem.startswith(message)
    assert problem.endswith("expected a BibTeX file saved as UTF-8")


def test_what_is_cited_without_references_is_named(mini):
    mini.references.unlink()
    problems = Problems()
    assert read_references(mini.references, problems).empty
    assert problems.notices == ["references.bib: is not there; the study cites nothing"]
    cited = mini.problems()
    assert any(problem.startswith("sources.csv, row 2, column citation_key: ") for problem in cited)
    assert all("is not known" in problem for problem in cited)


@pytest.mark.parametrize("name", ["reference.bib", "References.bib", "references.bib.txt"])
def test_references_under_a_wrong_name_are_not_taken_for_none(mini, name):
    mini.references.rename(mini.references.with_name(name))
    (problem,) = mini.problems()
    assert problem.startswith(f"references.bib: the file is missing (did you mean {name!r}?)")


def test_a_link_to_references_that_are_gone_is_not_taken_for_none(tmp_path):
    problems = Problems()
    (tmp_path / "references.bib").symlink_to("gone.bib")
    assert read_references(tmp_path / "references.bib", problems) is None
    assert str(problems.found[0]).startswith("references.bib: cannot be read (")


def test_the_command_prints_every_problem_and_exits_with_1(mini):
    mini.put("study/facts.csv", 3, "value", "nan")
    mini.put("study/facts.csv", 5, "value", "130")
    mini.put("study/facts.csv", 10, "value", "1,5")
    checked = mini.run("analysis", "check")
    assert checked.returncode == 1
    first, second, unsaid, note, end = checked.stderr.splitlines()
    assert first.startswith("study/facts.csv, row 3, column value: 'nan' is not a number; expected")
    assert second.startswith("study/facts.csv, row 5, column value: a share of 130 %; expected")
    assert (
        note == "note: study/facts.csv: row 10, column value: decimal comma in '1,5'; read as 1.5"
    )
    assert unsaid.startswith("note: ")
    assert unsaid.endswith("study.yml is not there, so texts are to be in de, en")
    assert end.startswith("2 problems in ")


def test_a_failing_check_changes_no_processed_file(mini):
    checking.data()
    before = {
        path.name: (path.read_bytes(), path.stat().st_mtime_ns)
        for path in (mini.build / "processed").iterdir()
    }
    mini.put("study/facts.csv", 3, "value", "nan")
    with pytest.raises(ReportedError, match="1 problem in"):
        checking.data()
    assert {
        path.name: (path.read_bytes(), path.stat().st_mtime_ns)
        for path in (mini.build / "processed").iterdir()
    } == before


# What a program may do to the table of cases without changing what it says.
SPELLINGS = {
    "a blank before the first name": lambda text: " " + text,
    "a zero-width space before an id": lambda text: text.replace("\ntal,", "\n\u200btal,"),
    "an empty first line": lambda text: "\n" + text,
    "the line of Excel": lambda text: "sep=,\n" + text,
    "old Mac line ends": lambda text: text.replace("\n", "\r"),
    "columns in another order": lambda text: "\n".join(
        ",".join(line.split(",")[::-1]) for line in text.split("\n")
    ),
}


@pytest.mark.parametrize("change", SPELLINGS.values(), ids=SPELLINGS)
def test_the_notebooks_are_run_for_the_cases_that_the_check_reads(mini, change):
    path = mini.raw / "study/cases.csv"
    path.write_text(change(path.read_text("utf-8")), "utf-8", newline="")
    assert mini.problems() == []
    assert (
        [run.parameters["case"] for run in notebook_runs("de") if run.notebook == "case"]
        == mini.read()["cases"]["case_id"].to_list()
        == ["tal", "see"]
    )


CODER = "unit_id,code,certainty\nu002,theme.needs,\nu003,,\nu004,topic.money,3\n"


def test_a_further_coder_joins_as_a_file_and_changes_nothing_that_was_agreed(mini):
    before = prepare(mini.read())
    (mini.raw / "coding/codings_zoe.csv").write_text(CODER, "utf-8")
    study = mini.read()
    assert study.notices == ["coding/codings_zoe.csv: a further coder, who rated 3 statements"]
    after = prepare(study)
    for name in set(after) - {"ratings"}:
        assert after[name].equals(before[name]), name
    assert list(after["ratings"]["coder"].unique()) == ["a", "b", "zoe"]
    rated = after["ratings"].query("coder == 'zoe'").set_index("unit_id")["codes"]
    assert rated.fillna("").to_dict() == {"u002": "theme.needs", "u003": "", "u004": "topic.money"}


def test_what_is_wrong_with_the_file_of_a_further_coder_is_named_there(mini):
    rows = "u002,theme.neds,1\nu2,topic.money,1\nu003,,2\nu004,,\nu004,topic.money,9\n"
    (mini.raw / "coding/codings_zoe.csv").write_text("unit_id,code,certainty\n" + rows, "utf-8")
    file = "coding/codings_zoe.csv"
    assert mini.problems() == [
        f"{file}, row 2, column code: 'theme.neds' is not known (did you mean 'theme.needs'?); "
        "expected one of the 16 values of codes.code",
        f"{file}, row 3, column unit_id: 'u2' is not known (did you mean 'u002'?); expected one "
        "of the 12 values of all_units.unit_id",
        f"{file}, row 4, column certainty: a certainty without a code; expected an empty cell",
        f"{file}, row 5, column code: u004 has codes in other rows, and none here; expected either "
        "codes or a single row without one",
        f"{file}, row 6, column certainty: 9 does not fit; expected How sure the coder was; empty "
        "if that is not recorded in 1 clear, 2 fair, 3 weak (at least 1, at most 3)",
    ]


@pytest.mark.parametrize("name", ["codings_a (1).csv", "codings_.csv"])
def test_a_file_of_a_name_that_no_coder_can_have_is_told(mini, name):
    (mini.raw / "coding" / name).write_text(CODER, "utf-8")
    (notice,) = mini.read().notices
    assert notice.startswith(f"coding/{name}: is no table of the study; not read")


@pytest.mark.parametrize("name", ["codings_a (1).csv", "codings-a.csv", "codings.csv"])
def test_a_copy_of_a_table_is_not_taken_for_another_that_a_study_may_lack(mini, name):
    for file in ("codings_b.csv", "adjudication.csv"):
        (mini.raw / "coding" / file).unlink()
    (mini.raw / "coding" / name).write_text(CODER, "utf-8")
    assert not [problem for problem in mini.problems() if "codings_b" in problem]


@pytest.mark.parametrize("name", ["coding/coding/codings_a.csv", "codings_kim.csv"])
def test_a_table_in_another_folder_is_told_and_not_its_name(mini, name):
    path = mini.raw / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(CODER, "utf-8")
    (notice,) = mini.read().notices
    assert notice.startswith(f"{name}: is no table of the study; not read")


CAPITALS = {
    "study/facts.csv": "study/Facts.CSV",
    "coding/codings_b.csv": "coding/codings_B.csv",
    "coding/universes.csv": "coding/universes.CSV",
    "findings.csv": "FINDINGS.csv",
}


@pytest.mark.parametrize("name", CAPITALS)
def test_a_table_whose_name_has_capitals_is_not_left_out_in_silence(mini, name):
    (mini.raw / name).rename(mini.raw / CAPITALS[name])
    small = name.rpartition("/")[2]
    told = f"{CAPITALS[name]}: not read, as its name is not in small letters throughout; expected"
    problems = mini.problems()
    assert f"{told} the name {small}" in problems
    missing = [problem for problem in problems if "is missing" in problem]
    assert [problem for problem in missing if not problem.startswith(f"{name}: ")] == []


def test_a_coder_whose_file_ends_in_capitals_is_not_left_out_in_silence(mini):
    (mini.raw / "coding/codings_zoe.CSV").write_text(CODER, "utf-8")
    (problem,) = mini.problems()
    assert problem.startswith("coding/codings_zoe.CSV: not read, as its name is not in small")
    assert problem.endswith("expected the name codings_zoe.csv")


def test_an_unknown_id_is_told_once_a_table_with_how_many_rows_have_it(mini):
    units = (mini.raw / "coding/units.csv").read_text("utf-8")
    (mini.raw / "coding/units.csv").write_text(units.replace("\nu002,", "\nu902,"), "utf-8")
    problems = [problem for problem in mini.problems() if "'u002' is not known" in problem]
    files = [problem.partition(",")[0] for problem in problems]
    assert files == sorted(set(files))
    assert not any("did you mean" in problem for problem in problems)
    uses = sum(
        line.startswith("u002,")
        for line in (mini.raw / "coding/codings_a.csv").read_text("utf-8").splitlines()
    )
    (told,) = [problem for problem in problems if problem.startswith("coding/codings_a.csv")]
    assert uses == 1 or f"also in {'row' if uses == 2 else 'rows'} " in told


def test_a_study_may_have_a_single_coder(mini):
    (mini.raw / "coding/codings_b.csv").unlink()
    header = (mini.raw / "coding/adjudication.csv").read_text("utf-8").splitlines()[0]
    (mini.raw / "coding/adjudication.csv").write_text(header + "\n", "utf-8")
    study = mini.read()
    agreed = set(prepare(study)["codings"][["unit_id", "code"]].itertuples(index=False, name=None))
    assert agreed == set(study["codings_a"][["unit_id", "code"]].itertuples(index=False, name=None))


def test_an_item_is_reported_with_its_passage_or_not_at_all(mini):
    mini.put("study/reporting.csv", 2, "locator", "")
    for column in ("answer_en", "source_id", "locator"):
        mini.put("study/reporting.csv", 3, column, "")
    file = "study/reporting.csv"
    expected = "expected an answer in every language with its passage, or nothing"
    assert mini.problems() == [
        f"{file}, row 2, column locator: empty, though answer_de, answer_en, source_id is not; "
        f"{expected}",
        f"{file}, row 3, column answer_en: empty, though answer_de is not; {expected}",
        f"{file}, row 3, column source_id: empty, though answer_de is not; {expected}",
        f"{file}, row 3, column locator: empty, though answer_de is not; {expected}",
    ]


def test_an_example_fits_the_pattern_that_it_explains():
    for pattern, said in EXAMPLES.items():
        examples = [one for one in re.split(", | or |: .*", said) if one]
        assert len(examples) >= 1
        assert all(re.fullmatch(pattern, one) for one in examples), said
