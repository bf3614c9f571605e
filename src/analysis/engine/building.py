"""A build: hands to doit what is asked for, of the tidy tables, the notebooks and the book."""

from __future__ import annotations

import os

from analysis import paths
from analysis.engine.folders import check_folders
from analysis.engine.runs import notebook_runs, set_aside
from analysis.engine.settings import read_settings
from analysis.files.textfile import unread
from analysis.patches.loading import ignore_plugins_of_doit
from analysis.problems import matching, one_of


def build(target: str, language: str = "", run: str = "") -> int:
    """Brings the tidy tables, the notebooks, the whole book or it and its PDF up to date.

    target: how far to go: data, notebooks, book or pdf. language: only this edition. run: only
    notebooks with this in their name, or with one of several such parts between commas.
    """
    settings = read_settings()
    if target == "pdf":
        from analysis.pdf.layout import check_libraries

        check_libraries()
    check_folders(to_build=True)
    tasks = _tasks(target, language, run)
    _tell_of_files_set_aside()
    os.chdir(paths.root())
    os.environ["COMPENDIUM_JOBS"] = jobs = str(settings.jobs)
    ignore_plugins_of_doit()
    from doit.doit_cmd import DoitMain

    status = DoitMain().run(["run", "-n", jobs, "-P", "thread", *tasks])
    if target == "book" and not status:
        tell_of_missing_pdf([language] if language else paths.languages())
    return status


def tell_of_missing_pdf(languages: list[str]) -> None:
    """Without PDF the book is whole all the same; who goes on to publish it may want to know."""
    missing = [language for language in languages if not paths.pdf(language).is_file()]
    if missing:
        print(f"the PDF is missing ({', '.join(missing)}); `make pdf{paths.of_study()}` makes it")


def _tell_of_files_set_aside() -> None:
    """Who lays a notebook in a folder below may believe that it is run, and who misspells the name
    of a file of texts that they are read.
    """
    for notebook in set_aside():
        here = paths.shown(paths.notebooks())
        print(f"note: {paths.shown(notebook)} is not run; only notebooks in {here} itself are")
    for path, near in unread({path.stem for path in paths.notebooks().glob("*.ipynb")}):
        print(f"note: {paths.shown(path)} is not read; texts are in NAME.yml of a notebook{near}")


def _tasks(target: str, language: str, run: str) -> list[str]:
    """What is to be built, as doit calls it."""
    languages = paths.languages()
    if language:
        languages = [one_of(language, languages, "language", "book")]
    if target in ("book", "pdf") and language:
        return [f"{target}:{language}"]
    if target == "pdf":
        return ["book:landing", "pdf"]
    if target != "notebooks" or not (language or run):
        return [target]
    runs = [
        (language, planned.name) for language in languages for planned in notebook_runs(language)
    ]
    known = [name for _, name in runs]
    names = {name for part in run.split(",") for name in matching(part.strip(), known)}
    return [f"notebooks:{language}:{name}" for language, name in runs if name in names]
