"""A table that a study declares is validated, described, read and shown like all others."""

import csv
import io
import json
import re

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from project import on_study
from test_study_folder import make_study

from analysis import paths
from analysis.checks.crosschecks import check_references
from analysis.problems import Problems, WrongCallError
from analysis.processed.store import read_processed
from analysis.raw.study import read_table
from analysis.scaffold import DECLARATION, new_table
from analysis.studyfile import StudyFileError
from analysis.tables import PROCESSED, RAW
from analysis.tables.columns import Column
from analysis.tables.own import TYPES, declared, read_own
from analysis.tables.raw import GIVEN, MADE, TAKEN

BEDS = """beds:
  title: Beds
  description: How many beds each ward has.
  key: ward
  columns:
    ward: {description: Ward}
    interview_id: {refers: interviews.interview_id, description: Who said so}
    beds: {type: integer, unit: beds, low: 1, description: Number of beds}
    kind: {options: {open: for all, closed: for some}, description: Kind of ward, required: false}
"""
ROWS = "ward,interview_id,beds,kind\nnorth,i01,12,open\nsouth,i02,7,\n"


@pytest.fixture
def study(tmp_path):
    """A study with a table of its own."""
    made = make_study(tmp_path / "study")
    (made / "data/raw/tables.yml").write_text(BEDS, "utf-8")
    (made / "data/raw/beds.csv").write_text(ROWS, "utf-8")
    return made


def test_it_is_described_and_read_with_its_types(study):
    done = on_study(study, "data")
    assert done.returncode == 0, done.stderr
    package = json.loads((study / "data/processed/datapackage.json").read_text("utf-8"))
    (about,) = [one for one in package["resources"] if one["name"] == "beds"]
    assert about["schema"]["primaryKey"] == ["ward"]
    assert about["schema"]["foreignKeys"][0]["reference"]["resource"] == "interviews"
    assert about["schema"]["fields"][2]["unit"] == "beds"
    code = (
        "from analysis.processed.store import read_processed as r; print(r('beds')['beds'].sum())"
    )
    assert on_study(study, code=code).stdout == "19\n"


def test_it_may_leave_open_whether_something_is_so(study):
    declared_open = "    is_quiet: {type: boolean, description: Is it quiet, required: false}\n"
    (study / "data/raw/tables.yml").write_text(BEDS + declared_open, "utf-8")
    lines = zip(ROWS.splitlines(), ("is_quiet", "yes", ""), strict=True)
    (study / "data/raw/beds.csv").write_text("".join(f"{row},{cell}\n" for row, cell in lines))
    (study / "data/raw/findings.csv").write_text(
        "finding_id,whose,section,holds,sentence_en\n"
        'one,counts,sec-nights,"count(beds, is_quiet=True) == count(beds, is_quiet=None)",'
        '"{count(beds, is_quiet=True)} is quiet."\n',
        "utf-8",
    )
    done = on_study(study, "data")
    assert done.returncode == 0, done.stderr
    code = (  # in a process of its own, as reading changes what the csv module takes
        "from frictionless import validate\n"
        f"package = {str(study / 'data/processed/datapackage.json')!r}\n"
        "print([task.valid for task in validate(package).tasks if task.name == 'beds'])"
    )
    assert on_study(study, code=code).stdout == "[True]\n"
    code = "from analysis.processed.store import read_processed as r; print(*r('beds')['is_quiet'])"
    assert on_study(study, code=code).stdout == "True <NA>\n"
    (study / "data/raw/beds.csv").write_text(f"{ROWS.splitlines()[0]},is_quiet\nn,i01,1,open,a\n")
    said = on_study(study, "check").stderr
    assert "beds.csv, row 2, column is_quiet: 'a' is neither yes nor no" in said


def test_its_cells_are_checked(study):
    rows = ROWS.replace("12", "0").replace("i02", "i07").replace("open", "opne")
    (study / "data/raw/beds.csv").write_text(rows + "south,i01,3,\n", "utf-8")
    said = on_study(study, "check").stderr
    assert "beds.csv, row 2, column beds: 0 does not fit; expected Number of beds in beds" in said
    assert "beds.csv, row 2, column kind: 'opne' does not fit (did you mean 'open'?)" in said
    assert "beds.csv, row 3, column interview_id: 'i07' is not known" in said
    assert "beds.csv, row 4, column ward: 'south' stands already in row 3" in said


WRONG = {
    "beds: 3": "line 1: beds is 3; expected lines with title, description, key, columns below it",
    "- beds": "line 1: holds ['beds']; expected names of tables",
    BEDS.replace("beds:\n", "facts:\n", 1): "line 1: 'facts' cannot be the name of a table",
    BEDS.replace("beds:\n", "codings:\n", 1): "line 1: 'codings' cannot be the name of a table",
    BEDS.replace("title", "titel"): "line 2: beds has an unknown entry 'titel' (did you mean",
    BEDS.replace("  key: ward\n", ""): "line 1: beds has no 'key'; expected key: and",
    BEDS.replace("key: ward", "key: wart"): "line 4: key of beds has 'wart' (did you mean 'ward'?)",
    BEDS.replace("unit: beds, ", ""): "line 8: beds.beds is a number without a unit",
    BEDS.replace("integer", "intger"): "line 8: type of beds.beds is 'intger' (did you mean",
    BEDS.replace("low: 1", "low: one"): "line 8: low of beds.beds is 'one'; expected a number",
    BEDS.replace("s.interview_id", "s.id"): "line 7: beds.interview_id refers to 'interview",
    BEDS.replace("{description: Ward}", "{pattern: '['}"): "line 6: beds.ward has no 'description'",
    BEDS.replace("key: ward", "key: ward\n  file: ../beds.csv"): "file of beds is '../beds.csv'",
    BEDS.replace("key: ward", "key: ward\n  file: sources.csv"): "is the file of sources",
    "beds: {": "line 1: not readable as YAML",
    BEDS.replace("beds:\n", "codings_kim:\n", 1): "'codings_kim' cannot be the name of a table",
    BEDS.replace("beds:\n", "all_units:\n", 1): "line 1: 'all_units' cannot be the name of",
    BEDS.replace("beds:\n", "identities:\n", 1): "line 1: 'identities' cannot be the name of",
    BEDS.replace("key: ward", "key: ward\n  file: coding/codings_c.csv"): "the file of a coder",
    BEDS.replace("key: ward", "key: ward\n  file: study/identities.csv"): "the file of identities",
    BEDS.replace("title: Beds", "title: ' '"): "line 2: title of beds is ' '; expected a text",
    BEDS.replace("key: ward", "key: [[ward]]"): "line 4: key of beds has ['ward'] (did you mean",
    BEDS.replace("key: ward", "key: [ward, ward]"): "line 4: key of beds has 'ward' twice",
    BEDS.replace("key: ward", "key: kind"): "key of beds has 'kind'; expected columns with one",
    BEDS.replace("key: ward", "key: share").replace("beds: {type: integer", "share: {type: number"):
        "line 4: key of beds has 'share'; expected columns with one value in every row, and no dec",
    BEDS.replace("_id, des", "_id, many: true, des").replace("key: ward", "key: interview_id"):
        "line 4: key of beds has 'interview_id'; expected columns with one value in every row",
    BEDS.replace("1, descr", "1, high: 0, descr"): "low of beds.beds is 1, more than high, 0",
    BEDS.replace("low: 1", "low: .nan"): "line 8: low of beds.beds is nan; expected a whole number",
    BEDS.replace("low: 1", "low: 0.5"): "line 8: low of beds.beds is 0.5; expected a whole number",
    BEDS.replace("low: 1", f"low: {'9' * 400}"): "expected a whole number of at most 15 digits",
    BEDS.replace("low: 1", "pattern: a"): "'pattern', which says nothing of a column of the type",
    BEDS.replace("low: 1", "refers: beds.ward"): "beds.beds has 'refers', which says nothing of",
    BEDS.replace("low: 1", "options: {'1': one}"): "beds.beds has 'options', which says nothing of",
    BEDS.replace("{description: W", "{low: 1, description: W"): "beds.ward has 'low', which says",
    BEDS.replace("{description: W", "{unit: m, description: W"): "beds.ward has 'unit', which says",
    BEDS.replace("{description: W", "{type: text, many: true, description: W"):
        "line 6: beds.ward has 'many', which says nothing of a column of the type text",
    BEDS.replace("{description: W", "{type: boolean, unit: beds, description: W"):
        "line 6: beds.ward has 'unit', which says nothing of a column of the type boolean",
    BEDS.replace("{description: W", "{many: true, description: W"): "line 6: beds.ward lists many",
    BEDS.replace("kind: {", "kind: {pattern: '.*', "): "line 9: beds.kind has pattern and options",
    BEDS.replace("open: for", "' open': for"): "line 9: options of beds.kind are {' open'",
    BEDS.replace("open: for", "'': for"): "line 9: options of beds.kind are {''",
    BEDS.replace("{description: W", "{pattern: '(?i)a', description: W"):
        "line 6: pattern of beds.ward is '(?i)a' (global flags not at the start",
    BEDS.replace("{description: W", "{pattern: 'a)(b', description: W"): "is 'a)(b' (unbalanced",
    BEDS.replace("s.interview_id", "s.consent"): "line 7: beds.interview_id refers to",
    BEDS.replace("refers: interviews.interview_id", "refers: beds.beds"): "refers to 'beds.beds'",
    BEDS.replace("y: ward", "y: [ward, beds]").replace("interviews.interview_id", "beds.ward"):
        "line 7: beds.interview_id refers to 'beds.ward'; expected a text that is the whole key",
    BEDS + "    ward_en: {description: W}\n": "line 10: beds.ward_en would be taken for 'ward' in",
    BEDS + "    label: {type: text, description: L}\n    label_de: {description: L}\n":
        "line 11: beds.label_de would be taken for 'label' in the language 'de'",
    BEDS + "    source_id: {description: S}\n": "is not what 'source_id' is in every",
    BEDS + "    locator: {pattern: a, description: L}\n": "is not what 'locator' is in every table",
    BEDS + "    literature: {refers: references.key, description: L}\n":
        "expected {refers: references.key, many: true, description: …}, or another name",
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_a_slip_in_a_declaration_is_named_by_its_line(tmp_path, monkeypatch, text):
    monkeypatch.setenv("COMPENDIUM_RAW", str(tmp_path))
    (tmp_path / "tables.yml").write_text(text, "utf-8")
    with pytest.raises(StudyFileError) as wrong:
        read_own(GIVEN, TAKEN)
    assert WRONG[text] in str(wrong.value)
    assert str(wrong.value).startswith("tables.yml, line ")


def refusal(content):
    """What is said of declarations that are refused."""
    try:
        declared(content, GIVEN, TAKEN)
    except StudyFileError as wrong:
        return str(wrong)
    return ""


def told(needed=(), **optional):
    """What may be said of a column."""
    needed = {"description": st.just("What it is")} | dict(needed)
    return st.fixed_dictionaries(needed, optional={"required": st.booleans(), **optional})


NUMBERS = {
    "low": st.sampled_from([0, 2, 2.5, float("nan"), 10**400]),
    "high": st.sampled_from([0, 3, float("inf")]),
}
TEXTS = {
    "pattern": st.sampled_from([r"[\d.]+", "(?i)a", "a)|(b", "\\"]),
    "options": st.sampled_from([{"a": "A", "1": "one"}, {" a": "A"}]),
    "refers": st.sampled_from(["rows.a", "rows.b", "interviews.interview_id"]),
    "many": st.booleans(),
}
NUMBER = {"type": st.sampled_from(["number", "integer"]), "unit": st.just("beds")}
DECLARED = st.one_of(
    told(),
    told(NUMBER),
    told(NUMBER, **NUMBERS),
    *(told(**{form: TEXTS[form]}) for form in TEXTS),
    told({"refers": TEXTS["refers"], "many": TEXTS["many"]}),
    told({"type": st.sampled_from(["text", "boolean"])}),
    told(type=st.sampled_from(["text", "string", "boolean", "number"]), **NUMBERS, **TEXTS),
)
CELLS = st.sampled_from(["", "a", "b;a", "1", "2.5", "٣", "yes", "x" * 400])


@settings(max_examples=300)
@given(
    st.dictionaries(st.sampled_from(["a", "b", "locator"]), DECLARED, min_size=1, max_size=2),
    st.one_of(st.just("a"), st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=2)),
    st.lists(st.lists(CELLS, min_size=6, max_size=6), max_size=4),
)
def test_whatever_is_declared_is_refused_by_line_or_checks_whatever_stands_in_it(
    tmp_path_factory, columns, key, rows
):
    """Nothing in a declaration that is taken, and in a table of that form, ends in a traceback."""
    about = {"title": "Rows", "description": "Rows.", "key": key, "columns": columns}
    content = yaml.safe_dump({"rows": about}).encode()
    said = refusal(content)
    if said:
        assert all(line.startswith("tables.yml, line ") for line in said.split("\n"))
        return
    table = declared(content, GIVEN, TAKEN)["rows"]
    raw, text = tmp_path_factory.mktemp("raw"), io.StringIO()
    csv.writer(text).writerows([[*table.columns], *(row[: len(table.columns)] for row in rows)])
    (raw / "rows.csv").write_text(text.getvalue(), "utf-8")
    problems = Problems()
    frame = read_table(raw, table, problems)
    if frame is not None:
        interviews = frame.iloc[:0].assign(interview_id=frame[table.key[0]])
        check_references(table, frame, {"rows": frame, "interviews": interviews}, problems)
    assert all(str(problem).startswith("rows.csv") for problem in problems.found)


def test_a_row_with_the_same_numbers_in_its_key_is_named(study):
    (study / "data/raw/tables.yml").write_text(
        BEDS.replace("key: ward", "key: [kind, beds]").replace(", required: false", ""), "utf-8"
    )
    (study / "data/raw/beds.csv").write_text(ROWS.replace("7,", "12,open"), "utf-8")
    said = on_study(study, "check").stderr
    assert "beds.csv, row 3, column kind: 'open, 12' stands already in row 2" in said


@pytest.mark.parametrize(("pattern", "fits", "odd"), [
    (r"[\d.]+", "1.2", "a"), (r"\d+", "12", "١٢"), (r"[\d-]+ \w+", "1-2 ü", "١ ü"),
    (r"\\d", "\\d", "1"), ("a|b", "b", "bc"),
])  # fmt: skip
def test_a_pattern_is_that_of_the_whole_cell_with_the_usual_digits(pattern, fits, odd):
    form = Column("string", "", pattern=pattern).form
    assert re.match(form, fits)
    assert not re.match(form, odd)


def test_a_slip_in_a_declaration_is_said_without_a_traceback(study):
    (study / "data/raw/tables.yml").write_text("beds: 3\n", "utf-8")
    done = on_study(study, "check")
    assert done.returncode == 1
    assert done.stderr.startswith("tables.yml, line 1: beds is 3; expected")


def test_a_table_is_not_begun_where_its_declaration_could_not_be_read(tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_RAW", str(tmp_path))
    (tmp_path / "tables.yml").write_text("{}\n", "utf-8")
    with pytest.raises(WrongCallError, match="NAME=rooms: cannot be declared at the end of"):
        new_table("rooms")
    assert [path.name for path in tmp_path.iterdir()] == ["tables.yml"]
    assert (tmp_path / "tables.yml").read_text("utf-8") == "{}\n"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_a_table_is_begun_below_the_others_which_stay_as_they_are(
    tmp_path, monkeypatch, start, end
):
    monkeypatch.setenv("COMPENDIUM_RAW", str(tmp_path))
    before = start + BEDS.replace("\n", end).encode()
    for written in (before, before.removesuffix(end.encode())):
        (tmp_path / "tables.yml").write_bytes(written)
        new_table("rooms")
        after = (tmp_path / "tables.yml").read_bytes()
        assert after.startswith(before)
        assert after.count(b"\r") == (end == "\r\n") * after.count(b"\n")
        (tmp_path / "rooms.csv").unlink()


def test_a_table_is_not_begun_below_what_is_not_unicode(tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_RAW", str(tmp_path))
    (tmp_path / "tables.yml").write_bytes("# Räume\n".encode("latin-1"))
    with pytest.raises(WrongCallError, match="NAME=rooms: cannot be declared at the end of"):
        new_table("rooms")


def test_a_row_of_a_table_begun_so_is_somebodys():
    table = declared(DECLARATION.format(name="shifts", title="Shifts").encode(), GIVEN, TAKEN)
    assert table["shifts"].columns["interview_id"].required


def test_no_table_may_be_called_like_one_that_is_made():
    assert {*PROCESSED} - {*RAW} <= {*MADE}


def test_a_table_that_there_is_not_is_named_with_the_one_that_is_meant():
    with pytest.raises(WrongCallError, match=r"no table 'munipalities' .*'municipalities'"):
        read_processed("munipalities")


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_book_says_what_can_be_declared_of_a_column_of_each_type(language):
    page = (paths.root() / f"book/{language}/rebuild.md").read_text("utf-8")
    (table,) = re.findall(r":name: tab-own-columns\n.*?\n(\|.*?):::", page, re.DOTALL)
    rows = [line.strip("|").split("|") for line in table.splitlines()[2:]]
    said = {
        re.search("`(.*?)`", kind)[1]: set(re.findall("`(.*?)`", told)) for kind, _, told in rows
    }
    assert said == {kind: {*entries} for kind, entries in TYPES.items()}
