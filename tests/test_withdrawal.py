"""What would change if an interview were withdrawn is shown, and nothing is changed."""

import shutil

from project import Project, tree

from analysis.files.csvfile import read_sheet
from analysis.problems import Problems
from analysis.withdrawal import consequences

SAVES = """from analysis.publish import Run
run = Run("said", language=language)
statements = run.read("statements")
run.save_values(statements=len(statements))
shown = statements[["unit_id"]]
run.save_table(caption="Aussagen", data=shown, sources=statements)"""

FOUND = """from analysis.publish import Run
run = Run("found", language=language)
robustness = run.read("findings")["robustness"]
run.save_values(found=len(robustness), found_untouched=int((robustness == "untouched").sum()))"""

FACTS = """from analysis.publish import Run
run = Run("facts", language=language)
print(len(run.read("sources")))"""


def sources_and_results(project):
    """Every file but compiled modules."""
    files = tree(project.folder)
    return {path: files[path] for path in files if path.suffix != ".pyc"}


def test_what_would_change_is_shown_and_nothing_is_changed(tmp_path):
    project = Project(tmp_path / "project", said=SAVES, one="print(1)", facts=FACTS, found=FOUND)
    rows = "{evidence}`u009 interviews:clausee interviews:auental`"
    spoken = "Clausees Bad.\n\nIn Clausee-Nord."  # of the place, and of another one
    project.edit("book/de/index.md", "# ", f"{rows}\n\n{spoken}\n\n# ")
    assert project.make()[1].returncode == 0
    (project.folder / "book/de/latin.md").write_bytes(
        "# Grüße\n\n{evidence}`u009`\n".encode("cp1252")
    )
    before, kernels = sources_and_results(project), len(project.kernels())
    done = project.run("analysis", "withdraw", "clausee")
    assert done.returncode == 0, done.stderr
    assert sources_and_results(project) == before
    lines = done.stdout.splitlines()
    assert "coding/units.csv: 9 rows, 7 without the interview" in lines
    assert "study/prospects.csv: less in row 3, 4" in lines
    refuted = {line.partition(": ")[0] for line in lines if " does not hold: " in line}
    assert refuted == {"findings.csv, row 2", "findings.csv, row 3"}
    assert "values/found: 3 → 1" in lines, "what does not hold is stated no more"
    assert not any(line.startswith("values/found_untouched") for line in lines)
    assert "book/de/index.md:1: names interviews:clausee, u009" in lines
    assert "book/de/latin.md:3: names u009" in lines
    assert "book/de/index.md: line 3: of the same place, and names none of that" in lines
    assert "tables/said: otherwise" in lines
    assert {*project.kernels()[kernels:]} == {"said", "found"}, (
        "nothing else reads what would be gone"
    )
    assert "values/statements: 12 → 10" in lines


def test_rows_keep_their_numbers_where_some_are_empty(mini, tmp_path):
    for name, rows in (("study/interviews", (1, 3)), ("findings", (1,))):
        path = mini.raw / f"{name}.csv"
        lines = path.read_text("utf-8").splitlines(keepends=True)
        for row in rows:
            lines.insert(row, "\n")
        path.write_text("".join(lines), "utf-8")
    told = list(consequences(mini.read(), "clausee", tmp_path / "copy"))
    assert [line for line in told if line.startswith("study/interviews.csv")] == [
        "study/interviews.csv: 3 rows, 2 without the interview"
    ]
    refuted = {line.partition(": ")[0] for line in told if " does not hold: " in line}
    assert refuted == {"findings.csv, row 3", "findings.csv, row 4"}
    kept = read_sheet(tmp_path / "copy/raw/study/interviews.csv", "", Problems())
    assert [number for number, _ in kept.rows] == [3, 5, 6]


def test_a_study_without_pages_yet_can_be_asked(tmp_path):
    project = Project(tmp_path / "project")
    for folder in ("de", "en"):
        shutil.rmtree(project.folder / "book" / folder, ignore_errors=True)
    done = project.run("analysis", "withdraw", "clausee")
    assert done.returncode == 0, done.stderr
    assert "coding/units.csv: 9 rows, 7 without the interview" in done.stdout
    assert "figures, tables and values: nothing to compare with" in done.stdout


def test_an_id_that_would_be_hidden_in_texts_by_chance_is_told(tmp_path):
    project = Project(tmp_path / "project")
    raw = project.folder / "data/raw"
    for file in raw.rglob("*.csv"):
        file.write_text(file.read_text("utf-8").replace("u009", "12"), "utf-8")
    units = raw / "coding/units.csv"
    units.write_text(units.read_text("utf-8").replace("Drei Gemeinden", "12 Gemeinden"), "utf-8")
    done = project.run("analysis", "withdraw", "clausee")
    assert done.returncode == 1
    assert "coding/units.csv, row 2, column gist_de: '12' may be meant as such" in done.stderr
    assert "without the interview, the check would stop here" in done.stderr


def test_an_interview_that_there_is_not_is_named_with_those_that_there_are(tmp_path):
    done = Project(tmp_path / "project").run("analysis", "withdraw", "clause")
    assert done.returncode == 2
    assert done.stderr == (
        "there is no interview 'clause' in the study (did you mean 'clausee'?); it has auental, "
        "birkfurt, clausee\n"
    )


def test_before_anything_is_built_there_is_nothing_to_compare_with(tmp_path):
    done = Project(tmp_path / "project", said=SAVES).run("analysis", "withdraw", "clausee")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-2] == (
        "figures, tables and values: nothing to compare with; `make notebooks` makes them"
    )
