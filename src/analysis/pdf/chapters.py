"""Pages of a finished edition as chapters of one printed document."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote
from xml.etree.ElementTree import Element

import tinyhtml5

from analysis.pdf.elements import drop, element, flatten, has_class, text_of, wrap
from analysis.wording import Wording

ARTICLE = re.compile(r'<article class="bd-article">.*?</article>', re.DOTALL)
# Drawings, some for narrow sheets only; and their colours, which a browser may change.
DRAWING = re.compile(r"<svg .*?</svg>", re.DOTALL)
NARROW = re.compile(r'<svg [^>]*class="[^"]*study-narrow')
SAID = re.compile(r'aria-label="([^"]*)"')
COLOUR = re.compile(r"var\(--[\w-]+,(#[0-9a-f]+)\)")
TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" font-family="Fira Sans" '
# What only a screen has a use for, or stands in the notes.
SCREEN = (
    "headerlink",
    "study-marks",
    "study-below",
    "study-unseen",
    "study-whatif",
    "contents",
)
PROGRAMS = ("script", "noscript", "template", "form", "button")
OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
# Places that stay, though no link of the pages leads there.
PLACES = ("article", "section", "figure")


def read_article(site: Path, name: str) -> Element | None:
    """What stands on a page, as Sphinx has written it; None where there is no such page."""
    path = site / f"{name}.html"
    found = ARTICLE.search(path.read_text("utf-8")) if path.is_file() else None
    if not found:
        return None
    text = DRAWING.sub(lambda drawing: _picture(drawing[0]), found[0])
    return tinyhtml5.parse(text, namespace_html_elements=False).find("body/article")


def _picture(drawing: str) -> str:
    """A drawing as a picture of its own, which is called what it was called on the page."""
    if NARROW.match(drawing):
        return ""
    said = SAID.search(drawing)
    alone = SVG + COLOUR.sub(r"\1", TITLE.sub("", drawing)).removeprefix("<svg ")
    address = f"data:image/svg+xml,{quote(alone)}"
    return f'<img class="study-drawing" alt="{said[1] if said else ""}" src="{address}">'


@dataclass
class Chapter:
    """A page on its way onto paper.

    part: of the book, that it is in. notes: what its sentences and figures rest on.
    """

    name: str
    article: Element
    part: str = ""
    notes: list[str] = field(default_factory=list)

    def headings(self) -> Iterator[tuple[int, str, str]]:
        """Level, text and anchor of those that stand in the table of contents."""
        for section in self.article.iter("section"):
            heading = next((part for part in section if part.tag in ("h1", "h2")), None)
            if heading is not None and section.get("id"):
                yield int(heading.tag[1]), text_of(heading), section.get("id")


class Printing:
    """Makes chapters ready for paper: evidence becomes notes, links stay within the document.

    site: the folder of the edition. address: of the edition on the web, with a stroke at its end;
    empty where it has none.
    """

    def __init__(self, site: Path, chapters: list[Chapter], words: Wording, address: str = ""):
        self.site, self.chapters, self.words, self.address = site, chapters, words, address
        self.ids = {chapter.name: _by_id(chapter.article) for chapter in chapters}
        self.others: dict[str, dict[str, Element]] = {}

    def run(self) -> None:
        """Makes all of them ready."""
        for chapter in self.chapters:
            for mark in [*chapter.article.iter("a")]:
                if has_class(mark, "study-evidence"):
                    self._mark(chapter, mark, self._evidence(mark.get("href")))
            self._take_in(chapter, chapter.article)
            drop(chapter.article, _is_for_screens)
            for part in [*chapter.article.iter()]:
                self._print(chapter, part)
            self._add_notes(chapter)
        self._forget_ids()

    def _mark(self, chapter: Chapter, mark: Element, said: str) -> None:
        """Makes an element the mark of the next note, which says this."""
        chapter.notes.append(said)
        number = len(chapter.notes)
        mark.tag, mark.text = "a", str(number)
        mark.attrib = {"class": "mark", "id": f"mark-{number}", "href": f"#note-{number}"}

    def _evidence(self, href: str) -> str:
        """Rows and passages that a sentence rests on, as the list of all evidence has them."""
        page, _, place = href.partition("#")
        name = page.removesuffix(".html")
        if name not in self.others:
            article = read_article(self.site, name)
            self.others[name] = {} if article is None else _by_id(article)
        entry = self.others[name].get(place)
        passages = [] if entry is None else entry.iter("span")
        found = [text_of(part) for part in passages if has_class(part, "study-passage")]
        return "; ".join(dict.fromkeys(found))

    def _take_in(self, chapter: Chapter, parent: Element) -> None:
        """What stands below a figure or table on a page: its description goes into the drawing,
        where it comes from into the notes.
        """
        above = None
        for child in [*parent]:
            if has_class(child, "study-below"):
                self._describe(above, child)
            else:
                self._take_in(chapter, child)
                above = (
                    child
                    if above is None
                    or child.find(".//caption") is not None
                    or child.tag == "figure"
                    else above
                )
            if has_class(child, "study-below") and above is not None:
                self._source(chapter, above, child)

    @staticmethod
    def _describe(figure: Element, below: Element) -> None:
        drawing = figure.find(".//img") if figure is not None else None
        said = below.find("details/p")
        if drawing is not None and said is not None:
            drawing.set("alt", f"{drawing.get('alt')} {text_of(said)}".strip())

    def _source(self, chapter: Chapter, above: Element, below: Element) -> None:
        """Notebook, tables and passages that a figure or table comes from."""
        caption = next(
            (
                part
                for path in ("figcaption/p", ".//caption")
                if (part := above.find(path)) is not None
            ),
            None,
        )
        told = next((part for part in below if has_class(part, "study-provenance")), None)
        if caption is None or told is None:
            return
        run = told.find("p")
        tables = [text_of(head) for head in told.iter("th") if head.get("scope") == "row"]
        passages = [text_of(item) for item in told.iter("li")]
        said = ["" if run is None else text_of(run), ", ".join(tables), "; ".join(passages)]
        mark = element("a")
        caption.append(mark)
        self._mark(chapter, mark, ". ".join(filter(None, said)))

    def _print(self, chapter: Chapter, part: Element) -> None:
        """Ids of the whole document, links that lead somewhere, folds that are open."""
        if name := part.get("id"):
            part.set("id", f"{chapter.name}--{name}")
        if part.tag == "a" and "href" in part.attrib:
            self._link(chapter, part)
        elif part.tag == "li":
            wrap(part, "dd")  # which WeasyPrint tags as the body of an item
        elif part.tag in ("details", "summary"):
            part.set("class", f"{part.get('class', '')} {part.tag}".strip())
            part.tag = "div" if part.tag == "details" else "p"
        for name in ("role", "tabindex", "title", "hidden"):
            part.attrib.pop(name, None)

    def _link(self, chapter: Chapter, link: Element) -> None:
        href = link.get("href")
        if OUTSIDE.match(href):
            flatten(link)
            return
        page, _, place = map(unquote, href.partition("#"))
        page = posixpath.normpath(
            posixpath.join(
                posixpath.dirname(chapter.name), page or chapter.name.rpartition("/")[2] + ".html"
            )
        )
        name = page.removesuffix(".html")
        if name in self.ids:
            known = place in self.ids[name] or place.startswith(("note-", "mark-"))
            link.set("href", f"#{name}--{place}" if known and place else f"#{name}")
        elif self.address:
            link.set("href", f"{self.address}{quote(page)}" + (f"#{place}" if place else ""))
        else:
            link.tag = "span"
            del link.attrib["href"]
            return
        flatten(link)  # an element in a link would become a link that nothing describes

    def _add_notes(self, chapter: Chapter) -> None:
        """The notes as the last section of a chapter."""
        if not chapter.notes:
            return
        notes = []
        for number, said in enumerate(chapter.notes, start=1):
            href = f"#{chapter.name}--mark-{number}"
            back = element("a", str(number), **{"class": "back", "href": href})
            notes.append(element("p", "", back, id=f"{chapter.name}--note-{number}"))
            back.tail = f" {said}"
        heading = element("h2", self.words("pdf.notes"))
        chapter.article.append(element("section", "", heading, *notes, **{"class": "notes"}))

    def _forget_ids(self) -> None:
        """Takes out ids that nothing leads to."""
        parts = [part for chapter in self.chapters for part in chapter.article.iter()]
        targets = {part.get("href") for part in parts if part.tag == "a"}
        for part in parts:
            if f"#{part.get('id')}" not in targets and part.tag not in PLACES:
                part.attrib.pop("id", None)


def _by_id(article: Element) -> dict[str, Element]:
    return {part.get("id"): part for part in article.iter() if part.get("id")}


def _is_for_screens(part: Element) -> bool:
    return part.tag in PROGRAMS or any(has_class(part, name) for name in SCREEN)
