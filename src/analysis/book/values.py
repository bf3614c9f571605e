"""Numbers in prose: `{{ bath_visits }}` becomes the fact's text and links to its
row in the table of facts, or a notebook's value; where a notebook had no data, the reason.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
from docutils import nodes
from sphinx.util.docutils import SphinxRole

from analysis import paths
from analysis.book.nodes import link
from analysis.book.savednames import FILLED, fits, saved_names
from analysis.engine.runs import PlanError, notebook_runs
from analysis.problems import suggest
from analysis.processed.store import read_processed
from analysis.wording import Wording

# What has been measured, as `make bench` and `make audit` have written it down.
MEASURED = ("benchmarks/values.json", "accessibility.json")


def substitutions(language: str) -> dict[str, str]:
    """What a page may call by name: every fact, and every value that a notebook saved.

    Raises PlanError where two of them have the same name.
    """
    names = {fact: f"{{fact}}`{fact}`" for fact in read_processed("facts")["fact_id"]}
    for name in saved_values(language):
        if name in names:
            raise PlanError(f"{name!r} is a fact and a value of a notebook; rename one of them")
        names[name] = f"{{value}}`{name}`"
    return names


def saved_values(language: str) -> dict[str, tuple[str, str]]:
    """Values that the notebooks of the plan saved: name to text and notebook run.

    Raises PlanError where two of them saved one of the same name.
    """
    return _saved(language, paths.values(language))


@functools.cache
def _saved(language: str, folder: Path) -> dict[str, tuple[str, str]]:
    """Pages ask for them hundreds of times."""
    values: dict[str, tuple[str, str]] = {}
    for run in notebook_runs(language):
        record = folder / f"{run.name}.json"
        try:
            saved = json.loads(record.read_text("utf-8"))["values"]
        except FileNotFoundError:  # not every notebook saves one
            continue
        for name, text in saved.items():
            if name in values:
                raise PlanError(
                    f"{values[name][1]} and {run.name} both save a value {name!r} ({language}); "
                    "rename one of them"
                )
            values[name] = (text, run.name)
    return values


def reason_for_none(language: str, name: str) -> tuple[str, str] | None:
    """Why there is no value of this name, and the run that says so: one that was skipped, of a
    notebook whose code saves it. None if there is no such run.
    """
    for run, reason, saved in _skipped(language, paths.figures(language)):
        if fits(name, saved):
            return reason, run
    return None


def near(language: str, name: str, known: Iterable[str]) -> str:
    """The name that may be meant instead, also among those of runs that were skipped."""
    skipped = [one for *_, saved in _skipped(language, paths.figures(language)) for one in saved]
    return suggest(name, [*known, *(one for one in skipped if FILLED not in one)])


@functools.cache
def _skipped(language: str, folder: Path) -> list[tuple[str, str, set[str]]]:
    """The runs that had nothing to publish, with their reasons and the values they would save."""
    found = []
    for run in notebook_runs(language):
        try:
            record = json.loads((folder / f"{run.name}.json").read_text("utf-8"))
        except FileNotFoundError:  # a notebook may publish a table instead
            continue
        if "skipped" in record:
            notebook = json.loads(run.source.read_text("utf-8-sig"))
            found.append((run.name, record["skipped"], saved_names(notebook)))
    return found


def substitute(renderer, token, inline: bool) -> None:
    """Puts what a page calls by name in its place: a number, or what the head of the page says
    of `myst: substitutions`.
    """
    name, line = token.content.strip(), token.map[0]
    known, document = renderer.md_config.substitutions, renderer.document
    env = renderer.sphinx_env
    if name not in known and env and reason_for_none(env.config.study_language, name):
        renderer.nested_render_text(f"{{value}}`{name}`", line, inline=inline)
        return
    calling = vars(document).setdefault("sub_references", set())
    if name not in known or name in calling:
        wrong = (
            "calls itself"
            if name in calling
            else f"is no fact, and no notebook saved such a value{_near(renderer, name)}"
        )
        renderer.reporter.error(f"{{{{ {name} }}}} {wrong}", line=line)
        return
    calling.add(name)
    try:
        renderer.nested_render_text(str(known[name]), line, inline=inline)
    finally:
        calling.discard(name)


def _near(renderer, name: str) -> str:
    known, env = renderer.md_config.substitutions, renderer.sphinx_env
    return near(env.config.study_language, name, known) if env else suggest(name, known)


class FactRole(SphinxRole):
    """{fact}`fact_id`: the fact in words."""

    def run(self):
        facts = read_processed("facts").set_index("fact_id")
        try:
            if self.text not in facts.index:
                raise ValueError(f"there is no fact {self.text!r}{suggest(self.text, facts.index)}")
            shown = self.shown(facts.loc[self.text], Wording(self.config.study_language))
        except ValueError as error:
            return [], [self.inliner.reporter.error(str(error), line=self.lineno)]
        return [link(f"fact-{self.text}", shown, classes=["study-value"])], []

    def shown(self, fact: pd.Series, words: Wording) -> str:
        """What the page shows; raises ValueError where the fact cannot be shown so."""
        return words.text(fact, "display")


class NumberRole(FactRole):
    """{number}`fact_id`: the number alone, as in `200 to 300 hectares`, where the
    next one brings the unit.
    """

    def shown(self, fact: pd.Series, words: Wording) -> str:
        if pd.isna(fact["value"]):
            raise ValueError(
                f"{{number}}: the fact {self.text!r} has no number; {{fact}}`{self.text}` says it "
                "in words"
            )
        return words.stated(fact["value"])


class ValueRole(SphinxRole):
    """{value}`name`: a number that a notebook computed."""

    def run(self):
        language = self.config.study_language
        values = saved_values(language)
        if self.text not in values and (none := reason_for_none(language, self.text)):
            reason, run = none
            said = Wording(language)("value.none", reason=reason.rstrip("."))
            self.env.note_dependency(str(paths.figures(language) / f"{run}.json"))
            return [link(f"run-{run}", said, classes=["study-silent"])], []
        if self.text not in values:
            return [], [
                self.inliner.reporter.error(
                    f"no notebook saved a value {self.text!r}{near(language, self.text, values)}",
                    line=self.lineno,
                )
            ]
        text, run = values[self.text]
        self.env.note_dependency(str(paths.values(language) / f"{run}.json"))
        return [link(f"run-{run}", text, classes=["study-value"])], []


class MeasuredRole(SphinxRole):
    """{measured}`name`: a number from the benchmarks, or from the last look at every page."""

    def run(self):
        records = [json.loads((paths.root() / name).read_text("utf-8")) for name in MEASURED]
        measured = {name: value for record in records for name, value in record.items()}
        if self.text not in measured:
            return [], [
                self.inliner.reporter.error(
                    f"no value {self.text!r} in {' or '.join(MEASURED)}", line=self.lineno
                )
            ]
        words = Wording(self.config.study_language, "pages")
        return [nodes.Text(measured_text(self.text, measured[self.text], words))], []


def measured_text(name: str, value: str | float, words: Wording) -> str:
    """What was measured, with what is counted where pages.yml names it; a program's version as it
    is.
    """
    if isinstance(value, str):
        return value
    key = f"measured.{name}"
    return words.count(key, value) if f"{key}.other" in words else words.number(value)


def register(app) -> None:
    """Registers the roles."""
    app.add_role("fact", FactRole())
    app.add_role("number", NumberRole())
    app.add_role("value", ValueRole())
    app.add_role("measured", MeasuredRole())
