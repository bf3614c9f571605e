"""The role `finding` and the directive `findings`: sentences that are counted in every build, and
what bears on the conclusions of the study.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.addnodes import pending_xref
from sphinx.util.docutils import SphinxRole

from analysis import paths
from analysis.book.directive import DataDirective
from analysis.book.nodes import in_english, label, link, paragraph, passage
from analysis.book.rows import Row, row
from analysis.book.sentences import mark
from analysis.problems import suggest
from analysis.processed.store import read_processed
from analysis.tables.columns import parts
from analysis.wording import Wording

WHOSE = ("study", "counts")


class FindingRole(SphinxRole):
    """{finding}`procurement-silent`: the sentence of a finding, with its evidence."""

    def run(self):
        findings = _findings(paths.processed())
        if self.text not in findings:
            wrong = f"{{finding}}: there is no finding {self.text!r}{suggest(self.text, findings)}"
            return [], [self.inliner.reporter.error(wrong, line=self.lineno)]
        found = findings[self.text]
        words = Wording(self.config.study_language)
        sentence = link(
            _anchor(self.text), words.text(found, "sentence"), classes=["study-finding"]
        )
        rows = parts(found["rests_on"])
        return [sentence, *([mark(rows, self.env, words)] if rows else [])], []


class Findings(DataDirective):
    """{findings} WHOSE: all findings of the study, or of our counts (`study`, `counts`), each with
    what it rests on.

    chapters: those of the study that are said to be silent where nothing in them bears on a
    conclusion.
    """

    required_arguments = 1
    option_spec: ClassVar = {"chapters": directives.unchanged_required}

    def run(self):
        whose = self.known("kind of finding", self.arguments[0], WHOSE)
        self.texts = Wording(self.config.study_language, "findings")
        self.all = _findings(paths.processed())
        chosen = [found for found in self.all.values() if found["whose"] == whose]
        if not chosen:
            return [paragraph(self.words("table.none"))]
        items = nodes.enumerated_list(classes=["study-findings"])
        items += [self._item(found) for found in chosen]
        return [items]

    def _item(self, found: dict) -> nodes.list_item:
        own = _anchor(found["finding_id"])
        label(self.env, own, self.words.text(found, "sentence"))
        named = parts(found["rests_on"])
        rows = [mark(named, self.env, self.words)] if named else []
        said = paragraph("", nodes.strong("", self.words.text(found, "sentence")), *rows)
        place = [nodes.Text(f"{self.texts('stands')} "), _section(found["section"])]
        more = self._counts(found) if found["whose"] == "counts" else self._bearing(found)
        return nodes.list_item("", said, paragraph("", *place), *more, ids=[own])

    def _counts(self, found: dict) -> list[nodes.Node]:
        """What has to be so, and what is counted."""
        lines = [
            nodes.literal("", text) for text in (found["holds"], *found["counted"].split("; "))
        ]
        listed = nodes.bullet_list(
            "", *(nodes.list_item("", paragraph("", line)) for line in lines)
        )
        return in_english(listed)

    def _bearing(self, found: dict) -> list[nodes.Node]:
        """What supports and what qualifies a conclusion, by chapter, and which are silent."""
        supported, qualified = (
            [row(name) for name in parts(found[column])]
            for column in ("supported_by", "qualified_by")
        )
        items = nodes.bullet_list()
        for key, rows in (("supports", supported), ("qualifies", qualified)):
            for chapter in sorted({_chapter(each) for each in rows}):
                of = [each for each in rows if _chapter(each) == chapter]
                where = self.texts(key, chapter=chapter)
                items += nodes.list_item("", paragraph(f"{where}: "), self._rows(of))
        heard = {_chapter(each) for each in (*supported, *qualified)}
        asked = self.options.get("chapters", "").split()
        silent = [chapter for chapter in asked if chapter not in heard]
        if silent:
            said = self.texts.count("silent", len(silent), chapters=self.texts.listing(silent))
            items += nodes.list_item("", paragraph(said))
        for name in parts(found["counted_by"]):
            sentence = self.words.text(self.all[name], "sentence")
            lead = nodes.Text(f"{self.texts('counted')}: ")
            items += nodes.list_item("", paragraph("", lead, link(_anchor(name), sentence)))
        return [items]

    def _rows(self, rows: list[Row]) -> nodes.bullet_list:
        return nodes.bullet_list("", *(nodes.list_item("", self._row(each)) for each in rows))

    def _row(self, found: Row) -> nodes.paragraph:
        where = passage(found.cells["source_id"], found.cells["locator"], self.words)
        place = nodes.inline("", "", link(found.anchor, found.id), nodes.Text(f", {where}"))
        place["classes"].append("study-passage")
        return paragraph(f"{found.kind(self.words)}: {found.text(self.words)} ", place)


@functools.cache
def _findings(_folder: Path) -> dict[str, dict]:
    """Every finding by its id; pages ask for many."""
    rows = read_processed("findings").to_dict("records")
    return {found["finding_id"]: found for found in rows}


def _anchor(finding: str) -> str:
    return f"finding-{finding}"


def _chapter(found: Row) -> str:
    return found.cells["locator"].split()[0].split(".")[0]


def _section(name: str) -> pending_xref:
    """A link to a section by its title; a section that there is not stops the build."""
    about = {"refdomain": "std", "reftype": "ref", "reftarget": name}
    return pending_xref("", nodes.inline("", name), **about, refexplicit=False, refwarn=True)


def register(app) -> None:
    """Registers role and directive."""
    app.add_role("finding", FindingRole())
    app.add_directive("findings", Findings)
