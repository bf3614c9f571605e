"""What tells study and compendium apart: the date below titles of chapters, and notes of ours."""

from __future__ import annotations

from docutils import nodes

from analysis.book.directive import DataDirective
from analysis.book.nodes import paragraph
from analysis.patches.pages import is_numbered
from analysis.processed.store import read_processed
from analysis.wording import Wording


class CompendiumNote(DataDirective):
    """{compendium-note}: what the compendium adds to the study, in a box that says so."""

    has_content = True

    def run(self):
        if not self.content:
            raise self.error(f"{{{self.name}}} is empty; expected what the compendium adds")
        title = nodes.title("", self.words("compendium.note"))
        note = nodes.admonition("", title, *self.parse_content_to_nodes(), classes=["study-note"])
        return [note]


def _date(app, doctree: nodes.document, page: str) -> None:
    """Says below the title of a chapter of the study, a numbered page, to when it refers."""
    section = doctree.next_node(nodes.section)
    if section is None or not is_numbered(app.env, page):
        return
    sources = read_processed("sources")
    dates = sources.loc[sources["role"] == "study", "date"].dropna()
    if dates.empty:
        return
    words = Wording(app.config.study_language)
    text = words("compendium.state", date=words.date(dates.iloc[0]))
    section.insert(1, paragraph(text, classes=("study-state",)))


def register(app) -> None:
    """Registers the directive, and dates the chapters when their numbers are known."""
    app.add_directive("compendium-note", CompendiumNote)
    app.connect("doctree-resolved", _date)
