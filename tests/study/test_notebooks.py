"""The rules of the house for notebooks: parameters, short cells, no
functions, no outputs, narrative.
"""

import ast
import re

import nbformat
import papermill
import pytest

from analysis import paths
from analysis.engine.execution import execute
from analysis.engine.notebookfile import NotebookError
from analysis.engine.runs import NotebookRun

BOOK, BUILD, NOTEBOOKS = paths.book(), paths.build(), paths.notebooks()
NAMES = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))

# What only the data of a study can tell, unless the sentence says that it may be otherwise.
TOLD = re.compile(r"\b(most of|Most|larger part|a few|A few|some of|Some|[Bb]oth passes were)\b")
OPEN = re.compile(r"\b(may|where|Where|if|If)\b")


def cells(name, kind):
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == kind]


def tagged(name):
    return [cell for cell in cells(name, "code") if "parameters" in cell.metadata.get("tags", [])]


def test_there_are_notebooks():
    assert len(NAMES) >= 12


@pytest.mark.parametrize("name", NAMES)
def test_notebook_is_valid_and_committed_without_outputs(name):
    nbformat.validate(nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4))
    clean = all(not cell.outputs and cell.execution_count is None for cell in cells(name, "code"))
    assert clean, f"notebooks/{name}.ipynb holds outputs; `make strip` takes them out"


@pytest.mark.parametrize("name", NAMES)
def test_one_parameters_cell_in_which_every_line_is_typed_and_explained(name):
    (cell,) = tagged(name)
    statements = ast.parse(cell.source).body
    assert statements
    assert all(isinstance(statement, ast.AnnAssign) and statement.value for statement in statements)
    assert all("  # " in line for line in cell.source.splitlines() if line.strip())
    known = papermill.inspect_notebook(str(NOTEBOOKS / f"{name}.ipynb"))
    assert "language" in known
    assert all(parameter["help"] for parameter in known.values())


@pytest.mark.parametrize("name", NAMES)
def test_cells_are_short_and_define_nothing(name):
    for cell in cells(name, "code"):
        assert len(cell.source.strip().splitlines()) <= 8, cell.source
        tree = ast.walk(ast.parse(cell.source))
        assert not any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in tree), (
            cell.source
        )


@pytest.mark.parametrize("name", NAMES)
def test_code_cells_follow_prose_and_the_last_one_publishes(name):
    assert cells(name, "markdown")[0].source.startswith("# ")
    assert len(cells(name, "markdown")) >= 3
    last = "".join(cell.source for cell in cells(name, "code")[-2:])
    assert "run.save_figure(" in last or "run.save_table(" in last


@pytest.mark.parametrize("name", NAMES)
def test_prose_is_true_of_any_study_which_may_lack_the_other_notebooks(name):
    prose = " ".join(cell.source for cell in cells(name, "markdown")).replace("\n", " ")
    assert not set(NAMES).intersection(re.findall(r"notebook [*`](\w+)[*`]", prose))
    sentences = re.split(r"(?<=[.:;?!]) ", prose)
    assert [each for each in sentences if TOLD.search(each) and not OPEN.search(each)] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_checks_what_must_hold_before_it_draws(name):
    tree = ast.parse("\n".join(cell.source for cell in cells(name, "code")))
    assert any(isinstance(node, ast.Assert) for node in ast.walk(tree))


@pytest.mark.parametrize("name", NAMES)
def test_publishing_is_less_than_a_quarter_of_the_code(name):
    """Publishing is all below the heading, and every cell that saves something."""
    lines, publishing, is_below = 0, 0, False
    for cell in nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4).cells:
        if cell.cell_type == "markdown":
            is_below = is_below or cell.source.startswith("## Publish")
        else:
            size = len(cell.source.split("\n"))
            lines += size
            publishing += size if is_below or "run.save_" in cell.source else 0
    assert publishing < lines / 4


@pytest.mark.parametrize("name", NAMES)
def test_kernel_is_one_that_every_jupyter_has(name):
    assert (
        nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4).metadata.kernelspec.name
        == "python3"
    )


def test_unknown_parameter_is_an_error_not_a_warning(tmp_path):
    with pytest.raises(NotebookError, match=r"no parameter lanugage.*knows language"):
        execute(NotebookRun("codings", "de", {"lanugage": "de"}), tmp_path)


def test_words_that_are_names_of_folders_too_stay_when_a_notebook_is_executed(
    tmp_path, monkeypatch
):
    def as_if_run(source, result, *_, **__):
        source.metadata |= {"papermill": {}, "language_info": {}}
        nbformat.write(source, result)

    monkeypatch.setattr(papermill, "execute_notebook", as_if_run)
    run = NotebookRun("case", "de", {"case": "duisburg"})
    execute(
        run,
        tmp_path,
        {"COMPENDIUM_RAW": "data/raw", "COMPENDIUM_BOOK": "book", "COMPENDIUM_BUILD": "build"},
    )
    executed = nbformat.read(tmp_path / run.result.relative_to(BUILD), as_version=4)
    assert [cell.source for cell in executed.cells] == [
        cell.source for cell in nbformat.read(NOTEBOOKS / "case.ipynb", as_version=4).cells
    ]


@pytest.mark.parametrize("language", paths.languages())
def test_the_tutorial_shows_the_parameters_of_the_case_studies_as_they_are(language):
    [parameters] = tagged("case")
    assert parameters.source in (BOOK / language / "rebuild.md").read_text("utf-8")
