"""A study may lack every table that is not called required, and names no source that it lacks: the
least one there is builds.
"""

import csv
import json
import os
import re
import shutil
import subprocess
import sys

import nbformat
import pandas as pd
import pytest

from analysis import paths
from analysis.checking import check
from analysis.problems import Problems
from analysis.raw.study import current_study, read_study
from analysis.raw.tablefiles import known_files, rows_of
from analysis.tables import RAW

# What a study lacks of these is made from its interviews.
MADE = {"sources", "cases", "municipalities"}
COUNTS = """from analysis.publish import Run
run = Run("codes", language=language)
run.save_values(codings=len(run.read("codings")), targets=len(run.read("targets")))"""
CONTENTS = "format: jb-book\nroot: index\nchapters:\n  - glob: notebooks/*\n"
PAGE = """# Kleinste Studie

{{ codings }} Codierungen, {{ targets }} Ziele

```{study-table} municipalities
:columns: label
Kommunen
```

```{study-table} targets
:columns: scope
Ziele
```
"""


def of_interviews(file):
    """Leaves out the rows about statements of case studies, of which the least study has none."""
    with file.open(encoding="utf-8", newline="") as source:
        header, *rows = csv.reader(source)
    with file.open("w", encoding="utf-8", newline="") as target:
        kept = [row for row in rows if row[0].startswith("u")]
        csv.writer(target, lineterminator="\n").writerows([header, *kept])


@pytest.fixture
def least(tmp_path):
    """The invented study without what a study may lack, coded once."""
    for part in ("data", "book"):
        shutil.copytree(paths.root() / "tests/mini" / part, tmp_path / part)
    for table in RAW.values():
        if not table.required and table.file != "sources.csv":
            (tmp_path / "data" / table.file).unlink()
    shutil.rmtree(tmp_path / "data/context")
    of_interviews(tmp_path / "data/coding/codings_a.csv")
    return tmp_path


def test_what_a_study_lacks_is_told_once_and_has_no_rows(least):
    study = read_study(least / "data", least / "book/references.bib")
    assert "study/targets.csv: is not there; the study does without" in study.notices
    assert study.notices.count("context/: is not there; the study does without") == 1
    lacking = {name for name, table in RAW.items() if not table.required} - MADE
    assert all(study[name].empty for name in lacking)
    assert all(len(study[name]) for name in {*RAW} - lacking)


def test_whatever_table_is_taken_away_no_problem_lies_in_a_file_that_is_not_there(mini):
    columns = [column for table in RAW.values() for column in table.columns.values()]
    referred = {column.refers.partition(".")[0] for column in columns if column.refers}
    for table in [RAW[name] for name in RAW if name in referred or RAW[name].required]:
        content = (mini.raw / table.file).read_bytes()
        (mini.raw / table.file).unlink()
        of_it = [problem for problem in mini.problems() if problem.startswith(table.file)]
        (mini.raw / table.file).write_bytes(content)
        assert all("the file is missing" in problem for problem in of_it), of_it
        assert not table.required or of_it


def test_places_that_only_interviews_name_are_told_so_that_a_slip_is_seen(least):
    with (least / "data/study/interviews.csv").open(encoding="utf-8", newline="") as file:
        places = list(dict.fromkeys(row["municipality_id"] for row in csv.DictReader(file)))
    study = read_study(least / "data", least / "book/references.bib")
    (notice,) = [notice for notice in study.notices if notice.startswith("study/interviews.csv")]
    assert notice == f"study/interviews.csv: of {', '.join(places)}, as no table names places"


def test_no_file_that_a_study_may_have_is_taken_for_one_that_it_lacks(least):
    for file in known_files():
        path = least / "data" / file
        if not path.exists() and path.parent.is_dir():
            path.write_text("", "utf-8")
            for table in RAW.values():
                if not table.required and not (least / "data" / table.file).exists():
                    problems = Problems()
                    rows_of(least / "data" / table.file, table, problems)
                    assert problems.found == [], file
            path.unlink()


def test_only_a_check_names_all_that_a_study_lacks(least, monkeypatch, capsys):
    monkeypatch.setenv("COMPENDIUM_RAW", str(least / "data"))
    monkeypatch.setenv("COMPENDIUM_BOOK", str(least / "book"))
    current_study()
    shown = capsys.readouterr().out
    assert "tables and folders, which `make check` names" in shown
    assert "targets.csv" not in shown
    current_study(named=True)
    shown = capsys.readouterr().out
    assert "it needs none of them:\n" in shown
    assert re.search(r"^  study/: (\w+\.csv,\s+)*targets\.csv,", shown, re.MULTILINE)
    assert "\n  context/\n" in shown
    assert all(len(line) <= 100 for line in shown.splitlines())


def test_a_check_counts_the_tables_that_there_are(least, monkeypatch, capsys):
    monkeypatch.setenv("COMPENDIUM_RAW", str(least / "data"))
    monkeypatch.setenv("COMPENDIUM_BOOK", str(least / "book"))
    check()
    files = [*(least / "data").rglob("*.csv")]
    rows = sum(len(pd.read_csv(file)) for file in files)
    assert f": {len(files)} tables, {rows} rows, no problem" in capsys.readouterr().out


@pytest.mark.parametrize(
    "name", ["target.csv", "Targets.csv", "targets.CSV", "targets.csv.txt", "targets.xlsx"]
)
def test_a_table_under_a_wrong_name_is_not_taken_for_none(mini, name):
    (mini.raw / "study/targets.csv").rename(mini.raw / f"study/{name}")
    said = f"study/targets.csv: the file is missing (did you mean {name!r}?)"
    assert any(problem.startswith(said) for problem in mini.problems())


def test_a_link_to_a_table_that_is_gone_is_not_taken_for_none(mini):
    (mini.raw / "study/targets.csv").unlink()
    (mini.raw / "study/targets.csv").symlink_to("../../.git/annex/objects/XY")
    (problem,) = mini.problems()
    assert problem.startswith("study/targets.csv: cannot be read (a link to ../../.git/annex")


def test_the_least_study_becomes_a_book(least):
    cells = [
        nbformat.v4.new_markdown_cell("# Codes"),
        nbformat.v4.new_code_cell('language: str = "de"', metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(COUNTS),
    ]
    (least / "notebooks").mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=cells), least / "notebooks/codes.ipynb")
    for page in (least / "book/de").glob("*.md"):
        page.unlink()
    (least / "book/de/index.md").write_text(PAGE, "utf-8")
    (least / "book/_toc.yml").write_text(CONTENTS, "utf-8")
    places = {"RAW": "data", "NOTEBOOKS": "notebooks", "BOOK": "book", "BUILD": "build"}
    settings = {f"COMPENDIUM_{name}": str(least / place) for name, place in places.items()}
    done = subprocess.run(
        [sys.executable, "-m", "analysis", "build", "book"],
        cwd=paths.root(),
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    saved = json.loads((least / "build/de/values/codes.json").read_text("utf-8"))["values"]
    assert saved["targets"] == "0"
    assert int(saved["codings"]) > 10
    shown = (least / "build/html/de/index.html").read_text("utf-8")
    assert "Dazu liegen keine Angaben vor." in shown
