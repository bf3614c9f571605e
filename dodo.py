"""The pipeline: raw data --data--> tidy tables --notebooks--> figures, tables,
values --book--> report.

doit orders the steps and runs them side by side; whether a step is due, it asks the step
(analysis.engine.steps).
"""

import os
import sys

from analysis import paths
from analysis.engine import tutorial
from analysis.engine.pipeline import (
    book_step,
    data_step,
    landing_step,
    notebook_step,
    tutorial_step,
)
from analysis.engine.progress import Progress
from analysis.engine.runs import notebook_runs
from analysis.engine.settings import read_settings
from analysis.problems import ReportedError, said
from analysis.studyfile import check_about


class Forgetful:
    """doit need not remember anything: the steps do."""

    @staticmethod
    def encode(_memory):
        return ""

    @staticmethod
    def decode(_text):
        return {}


DOIT_CONFIG = {
    "default_tasks": ["book"],
    "backend": "json",
    "codec_cls": Forgetful,
    "dep_file": os.devnull,
    "reporter": Progress,
    "continue": True,  # a failing notebook stops no other, only the book
}
try:
    LANGUAGES = paths.languages()
    read_settings()
    check_about()
    RUNS = {language: notebook_runs(language) for language in LANGUAGES}
except ReportedError as error:
    sys.exit(str(error))
except OSError as error:
    sys.exit(said(error))


def task_data():
    """Validate data/raw and write the tidy tables."""
    return _task(data_step())


def task_notebooks():
    """Execute every notebook in every language."""
    for language in LANGUAGES:
        for run in RUNS[language]:
            yield _task(notebook_step(run), after=["data"]) | {"name": f"{language}:{run.name}"}


def task_tutorial():
    """Draw what the page *Adapt it* shows, in a book that has it."""
    return _task(tutorial_step()) if tutorial.pictures() else {"actions": None}


def task_book():
    """Assemble the pages, figures and executed notebooks into the HTML report."""
    drawn = [f"notebooks:{one}:{run.name}" for one in LANGUAGES[:1] for run in RUNS[one]]
    yield _task(landing_step(), after=["data", *drawn]) | {"name": "landing"}
    for language in LANGUAGES:
        yield _book(language)


def task_pdf():
    """The same and, beside its pages, the report as a PDF for each language."""
    for language in LANGUAGES:
        task = _book(language, pdf=True)
        yield task | {"uptodate": [*task["uptodate"], paths.pdf(language).is_file]}


def _book(language, pdf=False):
    runs = [f"notebooks:{language}:{run.name}" for run in RUNS[language]]
    return _task(book_step(language, pdf), after=["data", *runs, "tutorial"]) | {"name": language}


def _task(step, after=()):
    return {
        "actions": [step.run],
        "uptodate": [step.is_current],
        "task_dep": list(after),
        "title": lambda _: step.name,
        # steps run side by side: what one prints must not be taken for another's
        "io": {"capture": False},
    }
