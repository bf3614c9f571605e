"""The role `finding` and the directive `findings`: sentences that are counted in every build, and
what bears on the conclusions of the study.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import ClassVar

import pandas as pd
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.addnodes import pending_xref
from sphinx.util.docutils import SphinxRole

from analysis import paths
from analysis.book.directive import DataDirective
from analysis.book.nodes import in_english, label, left_out, link, paragraph
from analysis.book.rows import Row, row
from analysis.book.rows import anchor as row_anchor
from analysis.book.sentences import listed, mark
from analysis.methods.exposure import UNTOUCHED
from analysis.methods.fragility import LIMIT, ROBUST, taken_away
from analysis.problems import suggest
from analysis.processed.store import read_processed
from analysis.tables.columns import natural, parts
from analysis.wording import Wording

WHOSE = ("study", "counts")
MATRIX = "fig-fragility"  # where it is shown which finding holds in which universe
LISTED = 3  # so many universes in which a finding does not hold are named beside it


class FindingRole(SphinxRole):
    """{finding}`nobody-buys`: the sentence of a finding, with its evidence."""

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
        evidence = [mark(rows, self.env, words)] if rows else []
        return [sentence, *evidence, *carries(found, Wording(words.language, "findings"))], []


class Aside(nodes.inline):
    """Words behind a sentence that are not part of it."""

    def astext(self) -> str:
        """Nothing, where sentences are told apart."""
        return ""


def carries(found: dict, texts: Wording) -> list[Aside]:
    """The mark of a finding that a choice could change: whether it is robust; of a shaky one, where
    it does not hold.
    """
    kind = found["robustness"]
    if pd.isna(kind) or kind == UNTOUCHED:
        return []
    fails = _fails(paths.processed(), texts.language).get(found["finding_id"], [])
    where = "; ".join(fails) if len(fails) <= LISTED else texts("many", n=texts.numeral(len(fails)))
    shown = link(MATRIX, texts(f"mark.{kind}", where=where))
    return [Aside("", " ", shown, classes=["study-carries"])]


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
        items = nodes.enumerated_list()
        items += [self._item(found) for found in chosen]
        return [items, *(left_out(self.words) if whose == "counts" else ())]

    def _item(self, found: dict) -> nodes.list_item:
        own = _anchor(found["finding_id"])
        label(self.env, own, self.words.text(found, "sentence"))
        named = parts(found["rests_on"])
        rows = [mark(named, self.env, self.words)] if named else []
        sentence = nodes.strong("", self.words.text(found, "sentence"))
        said = paragraph("", sentence, *rows, *carries(found, self.texts))
        section = _section(found)
        self.set_source_info(section)
        place = [nodes.Text(f"{self.texts('stands')} "), section, *self._led(found)]
        more = self._counts(found) if found["whose"] == "counts" else self._bearing(found)
        return nodes.list_item("", said, paragraph("", *place), *more, ids=[own])

    def _led(self, found: dict) -> list[nodes.Node]:
        """The figure that leads with a finding, if there is one."""
        notebook = found["headline_of"]
        if pd.isna(notebook):
            return []
        folder = paths.figures(self.config.study_language)
        self.known(
            "published figure", notebook, sorted(path.stem for path in folder.glob("*.json"))
        )
        return [nodes.Text(f"; {self.texts('leads')} "), _figure(notebook)]

    def _counts(self, found: dict) -> list[nodes.Node]:
        """What has to be so, and what is counted."""
        lines = [
            nodes.literal("", text) for text in (found["holds"], *found["counted"].split("; "))
        ]
        listed = nodes.bullet_list(
            "", *(nodes.list_item("", paragraph("", line)) for line in lines)
        )
        return [*self._flips(found), *in_english(listed)]

    def _flips(self, found: dict) -> list[nodes.Node]:
        """The smallest sets without which a finding does not hold, and what it cannot fail by."""
        kind, exposed = found["robustness"], parts(found["exposed_to"])
        if pd.isna(kind) or (kind == UNTOUCHED and not exposed):
            return []
        if not exposed:
            return [paragraph(self.texts("flips.untouched.both"))]
        ways = {"interviews": self._without_interviews, "codings": self._without_codings}
        return [
            find(found) if way in exposed else paragraph(self.texts(f"flips.untouched.{way}"))
            for way, find in ways.items()
        ]

    def _without_interviews(self, found: dict) -> nodes.paragraph:
        places = parts(found["flipped_by_interviews"])
        names = read_processed("municipalities").set_index("municipality_id")
        names = names[self.words.column("label")]
        asked = read_processed("interviews")["municipality_id"].nunique()
        few = taken_away(asked)
        if places:
            said = self.texts("flips.interviews", places=self.texts.listing(names[places]))
        elif few == asked - 1:
            said = self.texts("flips.no_interviews")
        else:
            said = self.texts.count("flips.no_few_interviews", few)
        return paragraph(said)

    def _without_codings(self, found: dict) -> nodes.paragraph:
        codings = parts(found["flipped_by_codings"])
        if codings:
            n = int(found["carries_codings"])
            units = dict.fromkeys(coding.split("/")[0] for coding in codings)
            links = [part for unit in units for part in (nodes.Text(" "), _unit(unit))]
            return paragraph(f"{self.texts.count('flips.codings', n)}:", *links)
        if pd.notna(found["carries_codings"]):
            return paragraph(self.texts("flips.many_codings", n=LIMIT))
        return paragraph(self.texts("flips.no_codings"))

    def _bearing(self, found: dict) -> list[nodes.Node]:
        """What supports and what qualifies a conclusion, by chapter, and which are silent."""
        supported, qualified = (
            [row(name) for name in parts(found[column])]
            for column in ("supported_by", "qualified_by")
        )
        items = nodes.bullet_list()
        for key, rows in (("supports", supported), ("qualifies", qualified)):
            for chapter in sorted({_chapter(each) for each in rows}, key=natural):
                of = [each for each in rows if _chapter(each) == chapter]
                where = self.texts(key if chapter else f"{key}.unnumbered", chapter=chapter)
                items += nodes.list_item("", paragraph(f"{where}: "), listed(of, self.words))
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


def carried_by(notebook: str, words: Wording) -> list[Aside]:
    """The marks of the findings that a figure leads with; if all are robust, one says it."""
    led = [found for found in _findings(paths.processed()).values() if _leads(found, notebook)]
    marks = [carries(found, Wording(words.language, "findings")) for found in led]
    shaky = [mark for mark, found in zip(marks, led, strict=True) if found["robustness"] != ROBUST]
    return [node for mark in shaky or marks[:1] for node in mark]


def _leads(found: dict, notebook: str) -> bool:
    is_tried = pd.notna(found["robustness"]) and found["robustness"] != UNTOUCHED
    return found["headline_of"] == notebook and is_tried


@functools.cache
def _findings(_folder: Path) -> dict[str, dict]:
    """Every finding by its id; pages ask for many."""
    rows = read_processed("findings").to_dict("records")
    return {found["finding_id"]: found for found in rows}


@functools.cache
def _fails(_folder: Path, language: str) -> dict[str, list[str]]:
    """The names of the universes in which each finding does not hold."""
    label = Wording(language).column("label")
    names = read_processed("universes").set_index("universe_id")[label]
    verdicts = read_processed("verdicts").query("verdict == 'fails'")
    return verdicts["universe_id"].map(names).groupby(verdicts["finding_id"]).agg(list).to_dict()


def _unit(unit: str) -> nodes.inline:
    return link(row_anchor("statements", unit), unit)


def _anchor(finding: str) -> str:
    return f"finding-{finding}"


def _chapter(found: Row) -> str:
    """The number of the chapter in which a row stands; empty in a transcript, in a part that has
    none, and where no passage is given.
    """
    chapter = re.match(r"\d+[a-z]?(?=[. ]|$)", str(found.cells["locator"]))
    return chapter.group() if chapter else ""


def _figure(notebook: str) -> pending_xref:
    """A link to a figure by its number."""
    about = {"refdomain": "std", "reftype": "numref", "reftarget": f"fig-{notebook}"}
    return pending_xref("", nodes.inline("", notebook), **about, refexplicit=False, refwarn=False)


def _section(found: dict) -> pending_xref:
    """A link to the section of a finding by its title; one that there is not stops the build."""
    about = {"refdomain": "std", "reftype": "ref", "reftarget": found["section"]}
    about |= {"refexplicit": False, "refwarn": True, "study_finding": found["finding_id"]}
    return pending_xref("", nodes.inline("", found["section"]), **about)


def _open_aside(translator, node: Aside) -> None:
    translator.visit_inline(node)


def _close_aside(translator, node: Aside) -> None:
    translator.depart_inline(node)


def register(app) -> None:
    """Registers role and directive."""
    app.add_node(Aside, html=(_open_aside, _close_aside))
    app.add_role("finding", FindingRole())
    app.add_directive("findings", Findings)
