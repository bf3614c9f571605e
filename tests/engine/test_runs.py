"""How often a notebook is run is said by the notebook, in its metadata."""

import json
import runpy
import shutil

import pytest

from analysis import paths, publish
from analysis.engine.pipeline import notebook_step
from analysis.engine.runs import PlanError, notebook_runs, set_aside
from analysis.publish import Run
from analysis.raw.study import read_study

PARAMETERS = "language: str = 'de'\ncase: str = 'tal'\nmunicipality: str = 'auental'"


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    """Writes a notebook whose metadata say something under `compendium`."""
    monkeypatch.setenv("COMPENDIUM_NOTEBOOKS", str(tmp_path))
    monkeypatch.setenv("COMPENDIUM_RAW", "tests/mini/data")

    def write(said, name="towns"):
        cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": PARAMETERS}
        about = {"metadata": {"compendium": said}, "cells": [cell]}
        (tmp_path / f"{name}.ipynb").write_text(json.dumps(about), "utf-8")

    return write


def names():
    return [run.name for run in notebook_runs("de")]


def test_a_notebook_that_says_nothing_is_run_once(notebook):
    notebook({})
    assert names() == ["towns"]


def test_it_is_run_for_each_value_of_a_column(notebook):
    notebook({"each": {"case": "cases.case_id"}})
    assert names() == ["towns-tal", "towns-see"]
    assert [run.parameters for run in notebook_runs("de")] == [{"case": "tal"}, {"case": "see"}]


def test_and_for_every_combination_of_several(notebook):
    notebook({"each": {"case": "cases.case_id", "municipality": "municipalities.municipality_id"}})
    assert len(names()) == 2 * 3
    assert "towns-see-auental" in names()


@pytest.mark.parametrize("column", ["interviews.interview_id", "units.unit_id"])
def test_it_is_not_run_for_what_may_not_be_shown(notebook, tmp_path, monkeypatch, column):
    raw = tmp_path / "raw"
    shutil.copytree(paths.root() / "tests/mini/data", raw)
    monkeypatch.setenv("COMPENDIUM_RAW", str(raw))
    monkeypatch.setenv("COMPENDIUM_BOOK", "tests/mini/book")
    notebook({"each": {"case": column}})
    table, _, name = column.partition(".")
    before = names()
    interviews = raw / "study/interviews.csv"
    text = interviews.read_text("utf-8")
    assert text.count(",anonymous,") == 1
    interviews.write_text(text.replace(",anonymous,", ",withdrawn,"), "utf-8")
    shown = read_study(raw, paths.references())[table][name]
    assert names() == [f"towns-{value}" for value in shown] != before


def test_letters_of_two_signs_in_the_name_of_a_file_are_one_in_that_of_a_run(notebook, monkeypatch):
    monkeypatch.setattr(publish, "_check_tables", lambda: None)
    notebook({}, name="ba\u0308ume")
    (run,) = notebook_runs("de")
    assert run.name == "b\xe4ume"
    assert run.source.is_file()
    assert Run("b\xe4ume", language="de", case="tal", municipality="auental").name == run.name


@pytest.mark.parametrize("sign", ["=", "\n"])
def test_a_run_that_could_not_be_called_so_is_refused(notebook, sign):
    notebook({}, name=f"a{sign}b")
    with pytest.raises(PlanError, match="which cannot be the name of a run, as it holds"):
        notebook_runs("de")


def test_a_run_whose_name_would_have_an_ending_is_refused(notebook, new_mini, monkeypatch):
    study = new_mini()
    study.put("study/cases.csv", 2, "case_id", "i.01")
    monkeypatch.setenv("COMPENDIUM_RAW", str(study.raw))
    notebook({"each": {"case": "cases.case_id"}})
    with pytest.raises(PlanError, match=r"called 'towns-i\.01', in which a dot would begin"):
        names()
    notebook({})
    assert names() == ["towns"]


def test_a_run_whose_name_leaves_no_room_for_endings_is_refused(notebook):
    notebook({}, name="ä" * 100)
    assert len(notebook_runs("de")) == 1
    notebook({}, name="ä" * 101)
    with pytest.raises(PlanError, match="which is longer than the 200 bytes"):
        notebook_runs("de")


def test_a_run_that_would_lie_in_another_folder_is_refused(notebook, new_mini, monkeypatch):
    study = new_mini()
    study.put("study/cases.csv", 2, "label_de", "Tal/Berg")
    monkeypatch.setenv("COMPENDIUM_RAW", str(study.raw))
    notebook({"each": {"case": "cases.label_de"}})
    with pytest.raises(PlanError, match="with case=Tal/Berg would be called 'towns-Tal/Berg'"):
        notebook_runs("de")


WRONG = {
    "a list": ({"each": ["case"]}, "`each` in its metadata is ['case']; expected for example"),
    "parameter": ({"each": {"cas": "cases.case_id"}}, "names 'cas' (did you mean 'case'?)"),
    "language": ({"each": {"language": "cases.case_id"}}, "expected a parameter of the notebook"),
    "column": ({"each": {"case": "cases.caseid"}}, "(did you mean 'cases.case_id'?)"),
    "no column": ({"each": {"case": 3}}, "names 3; expected a column of a raw table"),
    "word": ({"eech": {}}, "says 'eech' (did you mean 'each'?); expected each or reads"),
    "columns": (
        {"each": {"case": ["cases.case_id"]}},
        "names ['cases.case_id'] (did you mean",
    ),
    "read text": (
        {"reads": "pyproject.toml"},
        "`reads` in its metadata is 'pyproject.toml'; expected for example",
    ),
    "read nothing": ({"reads": None}, "`reads` in its metadata is None"),
    "read number": ({"reads": [1]}, "`reads` in its metadata is [1]"),
    "read in vain": (
        {"reads": ["pyproject.toml", "data/*"]},
        "names 'data/*'; expected a file or folder of the study",
    ),
    "read no name": ({"reads": [""]}, "names ''; expected a file"),
    "text": ("each", "says 'each'; expected each or reads"),
}


@pytest.mark.parametrize(("said", "message"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_followed_is_refused(notebook, said, message):
    notebook(said)
    with pytest.raises(PlanError) as error:
        notebook_runs("de")
    assert "towns.ipynb: `" in str(error.value)
    assert message in str(error.value)


def test_what_programs_read_for_it_lies_in_the_study(notebook, tmp_path, monkeypatch):
    extra = tmp_path / "study/data/extra.csv"
    extra.parent.mkdir(parents=True)
    extra.write_text("1\n", "utf-8")
    monkeypatch.setenv("COMPENDIUM_STUDY", str(tmp_path / "study"))
    notebook({"reads": ["data/extra.csv"]})
    (run,) = notebook_runs("de")
    assert notebook_step(run).declared() == [extra]
    notebook({"reads": ["pyproject.toml"]})
    with pytest.raises(PlanError, match=r"names 'pyproject\.toml'; expected .* of the study"):
        notebook_runs("de")


def with_cell(cell):
    return json.dumps({"metadata": {}, "cells": [cell]})


TAGGED = {"metadata": {"tags": ["parameters"]}}
ODD_CELLS = [1, None, {}, {"metadata": [], "source": ""}, {"metadata": {"tags": 3}, "source": ""}]
ODD_CELLS += [TAGGED | odd for odd in ({}, {"source": 3}, {"source": [1]})]
ODD_CELLS += [TAGGED | {"source": f"a = {deep}1"} for deep in ("-" * 50_000, "1+" * 9_000)]
NO_NOTEBOOKS = ["", "{}", "[]", "[" * 100_000, '{"metadata": [], "cells": 1}', "\x00"]


@pytest.mark.parametrize("content", [*NO_NOTEBOOKS, *map(with_cell, ODD_CELLS)])
@pytest.mark.usefixtures("notebook")
def test_what_is_no_notebook_shows_when_it_is_run(tmp_path, content):
    (tmp_path / "towns.ipynb").write_text(content, "utf-8")
    assert names() == ["towns"]


def test_a_notebook_that_has_changed_is_read_again(notebook):
    notebook({"each": {"case": "cases.case_id"}})
    assert names() == ["towns-tal", "towns-see"]
    notebook({"each": {"municipality": "municipalities.municipality_id"}})
    assert len(names()) == 3
    notebook({})
    assert names() == ["towns"]


@pytest.mark.usefixtures("notebook")
def test_notebooks_in_folders_below_are_known_as_not_run():
    folder = paths.notebooks()
    for name in ("drafts/first.ipynb", "drafts/.ipynb_checkpoints/first.ipynb", ".trash/old.ipynb"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("{}", "utf-8")
    assert [path.relative_to(folder).as_posix() for path in set_aside()] == ["drafts/first.ipynb"]
    assert all("first" not in run.name for run in notebook_runs("de"))


def test_a_folder_of_notebooks_that_may_not_be_looked_into_is_named(monkeypatch):
    def refuse(_language):
        raise PermissionError(13, "Permission denied", "/notebooks/a.ipynb")

    monkeypatch.setattr("analysis.engine.runs.notebook_runs", refuse)
    with pytest.raises(SystemExit, match=r"^/notebooks/a\.ipynb: Permission denied$"):
        runpy.run_path(str(paths.root() / "dodo.py"))
