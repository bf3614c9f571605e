"""Writes what a newcomer begins with: a small study, a notebook, a table. Nothing that is there is
changed, but for the declarations of tables, which a new one is written below.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from analysis import firstcells, paths
from analysis.engine.folders import check_is_there
from analysis.files.textfile import FOLDER
from analysis.files.whole import copy_folder, remove_generated, write_all
from analysis.problems import WrongCallError, suggest
from analysis.studyfile import StudyFileError
from analysis.tables import PROCESSED, RAW
from analysis.tables.own import FILE, declared
from analysis.tables.raw import GIVEN, TAKEN
from analysis.wording import LANGUAGES

TEMPLATE = Path(__file__).with_name("template")
NAME = re.compile("[a-z][a-z0-9_]*")
IGNORED = shutil.ignore_patterns("__pycache__", ".[!g]*")  # but .gitignore
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
DECLARATION = """{name}:
  title: {title}
  description: What each row is.
  key: {name}_id
  columns:
    {name}_id: {{description: Short name of the row}}
    interview_id: {{refers: interviews.interview_id, description: Interview}}
    value: {{type: number, unit: things, description: How many}}
"""


def new(what: str, name: str = "", table: str = "") -> None:
    """Begins a study in the folder `name`, or a notebook or table of that name; says what to do
    next. A notebook draws the numbers of a `table`, or how often codes were given.

    Raises WrongCallError where it cannot be called so, or is there already.
    """
    if not name:
        raise WrongCallError(
            "DIR= is missing, the folder of the new study"
            if what == "study"
            else f"NAME= is missing, the name of the new {what}"
        )
    if what != "study":
        check_is_there("STUDY", paths.study())
    begin = {
        "study": lambda: new_study(paths.given(name).absolute()),
        "notebook": lambda: new_notebook(name, table),
        "table": lambda: new_table(name),
    }
    print(*begin[what](), sep="\n")


def new_study(folder: Path) -> list[str]:
    """Writes a small invented study into a folder; returns what to do next, line by line."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongCallError(
            f"DIR: {paths.shown(folder)} is there and not empty; name a new folder"
        )
    place = folder.resolve()
    partial = place.with_name(f"{place.name}.partial")
    remove_generated(partial)
    copy_folder(TEMPLATE, partial, IGNORED)
    partial.replace(place)
    return [
        f"{paths.shown(folder)} holds a small invented study; its README.md says what is what",
        f"build it: make book STUDY={paths.quoted(folder)}",
        f"then open {paths.shown(folder)}/build/html/index.html",
    ]


def new_notebook(name: str, table: str = "") -> list[str]:
    """Writes a notebook with a figure, and its texts."""
    _check_name(name, "notebook", [])
    _check_is_own(name)
    drawn = _drawn(table) if table else firstcells.CODES
    notebook = paths.notebooks() / f"{name}.ipynb"
    texts = paths.wording() / f"{name}.yml"
    _check_free(notebook, texts)
    cells = [_cell(i, *cell) for i, cell in enumerate(drawn.cells(name, LANGUAGES[0]))]
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    content = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    lines = [f"# Texts of notebooks/{name}.ipynb."]
    for key, said in drawn.texts.items():
        lines.append(f"{key}:")
        texts_of = _spoken(said).items()
        lines += [f"  {one}: {json.dumps(text, ensure_ascii=False)}" for one, text in texts_of]
    written = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    write_all({notebook: f"{written}\n", texts: "\n".join([*lines, ""])})
    return [
        f"{paths.shown(notebook)} draws a figure, with the texts in {paths.shown(texts)}",
        f"put it on a page, {paths.shown(paths.book())}/{LANGUAGES[0]}/index.md, with these lines:",
        f"```{{study-figure}} {name}",
        "```",
        f"run it: make notebooks RUN={name}{paths.of_study()}",
    ]


def new_table(name: str) -> list[str]:
    """Declares a table of the study's own, and writes its header."""
    _check_name(name, "table", {*RAW, *GIVEN, *TAKEN})
    table, own = paths.raw() / f"{name}.csv", paths.raw() / FILE
    _check_free(table)
    before = own.read_bytes().decode("utf-8", "surrogateescape") if own.exists() else ""
    end = "\r\n" if "\r\n" in before else "\n"
    before += end if before and not before.endswith(end) else ""
    title = name.replace("_", " ").capitalize()
    declaration = before + DECLARATION.format(name=name, title=title).replace("\n", end)
    content = declaration.encode("utf-8", "surrogateescape")
    try:
        columns = list(declared(content, GIVEN, TAKEN)[name].columns)
    except StudyFileError as error:
        wrong = f"NAME={name}: cannot be declared at the end of {paths.shown(own)}"
        raise WrongCallError(f"{wrong}\n{error}") from None
    write_all({table: f"{','.join(columns)}\n", own: declaration})
    return [
        f"{paths.shown(table)} has a header and no rows yet",
        f"{paths.shown(own)} says what its columns mean: change both together",
        f'a notebook reads it with run.read("{name}"), a page shows it with these lines:',
        f"```{{study-table}} {name}",
        f":columns: {' '.join(columns)}",
        "```",
        f"check it: make check{paths.of_study()}",
    ]


def _drawn(table: str) -> firstcells.Drawn:
    if table not in PROCESSED:
        near = suggest(table, PROCESSED)
        raise WrongCallError(f"TABLE={table}: there is no table of this name{near}")
    drawn = firstcells.of_table(table, PROCESSED[table])
    if drawn is None:
        raise WrongCallError(f"TABLE={table}: the table has no column of numbers to be drawn")
    return drawn


def _check_name(name: str, what: str, taken) -> None:
    if not NAME.fullmatch(name):
        raise WrongCallError(
            f"NAME={name}: expected a name for the {what} of letters a–z, digits and _, "
            "such as NAME=beds"
        )
    if name in taken:
        raise WrongCallError(f"NAME={name}: there is a {what} of this name; choose another one")


def _check_is_own(name: str) -> None:
    """Raises WrongCallError for the name of something of the machine, whose place it would take."""
    notebook, texts = paths.root() / "notebooks" / f"{name}.ipynb", FOLDER / f"{name}.yml"
    ours = [path for path in (notebook, texts) if path.exists()]
    if ours and notebook.parent != paths.notebooks():
        raise WrongCallError(
            f"NAME={name}: it would take the place of the machine's {paths.shown(ours[0])}; choose "
            "another name, or copy that file into the study to change it"
        )


def _check_free(*files: Path) -> None:
    for file in files:
        if file.exists():
            raise WrongCallError(f"{paths.shown(file)} is there already; choose another NAME")


def _cell(number: int, kind: str, source: str) -> dict:
    lines = source.splitlines(keepends=True)
    tags = {"tags": [kind]} if kind == "parameters" else {}
    cell = {"id": f"cell-{number}", "metadata": tags, "source": lines}
    if kind == "markdown":
        return {"cell_type": kind, **cell}
    return {"cell_type": "code", "execution_count": None, "outputs": [], **cell}


def _spoken(said: dict[str, str]) -> dict[str, str]:
    """The text in each language of the study, in English where nobody has written it in one."""
    return {language: said.get(language, said["en"]) for language in LANGUAGES}
