"""Takes the outputs out of the notebooks, as they are committed without."""

from __future__ import annotations

import nbformat
from nbconvert.preprocessors import ClearOutputPreprocessor

from analysis import paths
from analysis.engine.folders import check_is_there
from analysis.engine.notebookfile import NotebookError, parse_notebook
from analysis.files.whole import write_whole


def clear_outputs() -> None:
    """Takes the outputs out of all notebooks, or out of none if one of them cannot be read."""
    check_is_there("NOTEBOOKS", paths.notebooks())
    cleared, wrong = {}, []
    for path in sorted(paths.notebooks().glob("*.ipynb")):
        try:
            notebook, _ = ClearOutputPreprocessor().preprocess(parse_notebook(path), {})
            cleared[path] = nbformat.writes(notebook) + "\n"
        except NotebookError as error:
            wrong.append(str(error))
    if wrong:
        raise NotebookError("\n".join(wrong))
    for path, text in cleared.items():
        if path.read_text("utf-8") != text:
            write_whole(path, text)
            print(f"{paths.shown(path)}: outputs taken out")
