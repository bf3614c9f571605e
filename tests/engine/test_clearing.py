"""Outputs are taken out of notebooks, and nothing else is."""

import nbformat
import pytest

from analysis import scaffold
from analysis.engine.clearing import clear_outputs


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_NOTEBOOKS", str(tmp_path))
    return tmp_path


def notebook(path, outputs=()):
    """A notebook of a text and a cell of code that has been run if it has outputs."""
    code = nbformat.v4.new_code_cell("print(3)", outputs=[*outputs])
    code.execution_count = 7 if outputs else None
    code.metadata["tags"] = ["parameters"]
    text = nbformat.v4.new_markdown_cell("# Three")
    made = nbformat.v4.new_notebook(cells=[text, code], metadata={"compendium": {"reads": []}})
    nbformat.write(made, path)
    return made


def test_outputs_and_the_numbers_of_runs_go_and_all_else_stays(folder, capsys):
    made = notebook(folder / "run.ipynb", [nbformat.v4.new_output("stream", text="3\n")])
    clear_outputs()
    cleared = nbformat.read(folder / "run.ipynb", as_version=4)
    made.cells[1].update(outputs=[], execution_count=None)
    assert cleared == made
    assert (folder / "run.ipynb").read_bytes().endswith(b"}\n")
    assert capsys.readouterr().out == f"{folder}/run.ipynb: outputs taken out\n"


def test_a_notebook_without_outputs_is_not_written_again(folder, capsys):
    notebook(folder / "new.ipynb")
    before = (folder / "new.ipynb").stat()
    clear_outputs()
    after = (folder / "new.ipynb").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert capsys.readouterr().out == ""


def test_nor_is_one_that_was_only_begun(tmp_path, monkeypatch, capsys):
    scaffold.new_study(tmp_path / "study")
    monkeypatch.setenv("COMPENDIUM_STUDY", str(tmp_path / "study"))
    scaffold.new_notebook("mine")
    begun = (tmp_path / "study/notebooks/mine.ipynb").read_bytes()
    clear_outputs()
    assert (tmp_path / "study/notebooks/mine.ipynb").read_bytes() == begun
    assert capsys.readouterr().out == ""
