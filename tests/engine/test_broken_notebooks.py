"""A notebook that cannot be run is named, with what is wrong and what to do; one
that can be run somehow is.
"""

import json

import nbformat
import pytest

from analysis.engine import execution
from analysis.engine.notebookfile import NotebookError, check_parameters, read_notebook
from analysis.engine.runs import NotebookRun

CELLS = [
    nbformat.v4.new_markdown_cell("# Title", id="title"),
    nbformat.v4.new_code_cell(
        'language = "de"', id="parameters", metadata={"tags": ["parameters"]}
    ),
]
WHOLE = nbformat.v4.new_notebook(
    cells=CELLS,
    metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
)


def written(tmp_path, content):
    path = tmp_path / "some.ipynb"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def test_notebooks_of_other_programs_are_read(tmp_path):
    plain = json.loads(nbformat.writes(WHOLE))
    colab = plain | {"metadata": {"colab": {"provenance": []}}}
    without = plain | {"metadata": {}}
    old = plain | {
        "nbformat_minor": 2,
        "cells": [
            {key: value for key, value in cell.items() if key != "id"} for cell in plain["cells"]
        ],
    }
    cell = {
        "cell_type": "code",
        "collapsed": False,
        "input": ["1 + 1"],
        "language": "python",
        "metadata": {},
        "outputs": [],
    }
    three = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [{"metadata": {}, "cells": [cell]}],
    }
    for content in (
        plain,
        colab,
        without,
        old,
        three,
        b"\xef\xbb\xbf" + json.dumps(plain).encode(),
    ):
        notebook = read_notebook(written(tmp_path, content))
        assert notebook.nbformat == 4
        assert all("tags" in cell.metadata for cell in notebook.cells)


def whole_with(**metadata):
    """The bytes of a notebook with these metadata."""
    return json.dumps(json.loads(nbformat.writes(WHOLE)) | {"metadata": metadata}).encode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is no Jupyter notebook"),
        (b"[]", "is no Jupyter notebook"),
        (
            b'{"cells": [{"cell_type": "markdown", "metadata": {}, "source": "\\ud800"}], '
            b'"nbformat": 4, "nbformat_minor": 4, "metadata": {}}',
            "is no Jupyter notebook",
        ),
        (b"null", "is no Jupyter notebook"),
        (b"{}", "is no Jupyter notebook"),
        (
            b'{"cells": 3, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
            "is no Jupyter notebook",
        ),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "is no Jupyter notebook"),
        (
            b'{"cells": [{"cell_type": "code"}], "nbformat": 4, "nbformat_minor": 5, '
            b'"metadata": {}}',
            "is no Jupyter notebook",
        ),
        (b"print(1)", "is no Jupyter notebook"),
        (b"\xff\xfe{}", "is no text saved as UTF-8"),
        (b'{"cells": [],\n<<<<<<< HEAD\n', "line 2: two versions that git could not merge"),
        (
            whole_with(kernelspec={"name": "ir", "display_name": "R", "language": "R"}),
            "is written in R",
        ),
        (whole_with(language_info={"name": "julia"}), "is written in julia"),
    ],
)
def test_what_is_no_notebook_is_named_in_one_sentence(tmp_path, content, said):
    with pytest.raises(NotebookError) as error:
        read_notebook(written(tmp_path, content))
    assert "notebooks/some.ipynb" in str(error.value)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_notebook_in_which_the_defaults_would_hold_instead_of_what_a_run_is_told(tmp_path):
    twice = json.loads(nbformat.writes(WHOLE))
    twice["cells"].append(twice["cells"][1] | {"id": "again"})
    with pytest.raises(NotebookError, match=r"some\.ipynb has several cells tagged `parameters`"):
        read_notebook(written(tmp_path, twice))


def test_a_notebook_that_is_not_there_or_a_folder(tmp_path):
    (tmp_path / "folder.ipynb").mkdir()
    for name in ("none.ipynb", "folder.ipynb"):
        with pytest.raises(NotebookError, match=f"notebooks/{name} cannot be read"):
            read_notebook(tmp_path / name)


def test_a_notebook_in_which_no_cell_is_tagged_is_told_how_to_tag_one():
    untagged = nbformat.from_dict({"cells": [{"metadata": {}, "source": "language = 'de'"}]})
    with pytest.raises(NotebookError, match=r"some\.ipynb has no cell tagged .*Cell Tags"):
        check_parameters("notebooks/some.ipynb", untagged, {"language": "de"})


def test_a_parameter_that_a_notebook_does_not_have_is_refused_before_it_runs():
    check_parameters("notebooks/some.ipynb", WHOLE, {"language": "de"})
    with pytest.raises(
        NotebookError,
        match=r"notebooks/some.ipynb has no parameter langauge \(did you mean 'language'\?\)",
    ):
        check_parameters("notebooks/some.ipynb", WHOLE, {"langauge": "de"})


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (RecursionError("maximum recursion depth exceeded"), "is nested too deeply to be kept"),
        (RuntimeError("Kernel died"), r"its kernel could not begin \(Kernel died\)"),
    ],
)
def test_what_is_nested_too_deeply_is_not_taken_for_a_kernel_that_fails(
    tmp_path, monkeypatch, error, said
):
    def fail(*_):
        raise error

    monkeypatch.setattr(execution, "_run_cells", fail)
    with pytest.raises(NotebookError, match=said):
        execution.execute(NotebookRun("actors", "de"), tmp_path)
