"""Pages of a finished edition as chapters of one printed document."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote
from xml.etree.ElementTree import Element, ParseError, fromstring

import tinyhtml5

from analysis.pdf.elements import drop, element, has_class, text_of, wrap
from analysis.pdf.formulas import drawn
from analysis.pdf.gaps import HEADINGS
from analysis.pdf.layout import PdfError
from analysis.wording import Wording

ARTICLE = re.compile(r'<article class="bd-article">.*?</article>', re.DOTALL)
# Drawings, some for narrow sheets only; and their colours, which a browser may change.
DRAWING = re.compile(r"<svg .*?</svg>", re.DOTALL)
NARROW = re.compile(r'<svg [^>]*class="[^"]*study-narrow')
HIDDEN = re.compile(r'<svg [^>]*aria-hidden="true"')
SAID = re.compile(r'aria-label="([^"]*)"')
COLOUR = re.compile(r"var\(--[\w-]+,(#[0-9a-f]+)\)")
TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
DRAWN = "data:image/svg+xml,"
TEXT = "{http://www.w3.org/2000/svg}text"
# Labels of HTML, and what has others in their place.
HTML_LABEL = re.compile("<foreignObject", re.IGNORECASE)
SWITCH = re.compile("<switch.*?</switch>", re.DOTALL | re.IGNORECASE)
# What a drawing has in a page without saying so, and has to say in a file of its own.
SAID_ALONE = {"xmlns": "http://www.w3.org/2000/svg", "font-family": "Fira Sans"}
# What only a screen has a use for, or stands in footnotes and captions.
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
SMALLER = ("¶", "¶.several", "s", "b")  # parts of a section
NUMBER = "0"  # what stands for the number of one in a text
JOINED = "\u2060"  # keeps a mark in the line of what it stands behind
OURS = ("note.", "mark.")  # places that no heading has, as there is no dot in theirs
# Places that stay, though no link of the pages leads there.
PLACES = ("article", "section", "figure")


def read_article(site: Path, name: str) -> Element | None:
    """What stands on a page, as Sphinx has written it; None where there is no such page."""
    path = site / f"{name}.html"
    found = ARTICLE.search(path.read_text("utf-8")) if path.is_file() else None
    if not found:
        return None
    text = drawn(DRAWING.sub(lambda drawing: _picture(drawing[0]), found[0]))
    return tinyhtml5.parse(text, namespace_html_elements=False).find("body/article")


def _picture(drawing: str) -> str:
    """A drawing as a picture of its own, which is called what it was called on the page."""
    if NARROW.match(drawing) or HIDDEN.match(drawing):
        return ""
    said = SAID.search(drawing)
    start = drawing.partition(">")[0]
    left = {name: value for name, value in SAID_ALONE.items() if f" {name}=" not in start}
    unsaid = [f' {name}="{value}"' for name, value in left.items()]
    shown = COLOUR.sub(r"\1", TITLE.sub("", drawing))
    alone = "".join(["<svg", *unsaid, shown.removeprefix("<svg")])
    address = f"{DRAWN}{quote(alone)}"
    return f'<img class="study-drawing" alt="{said[1] if said else ""}" src="{address}">'


def labels(part: Element, site: Path) -> Iterator[str]:
    """The texts of all drawings in a part of a page, as far as these can be read."""
    for picture in part.iter("img"):
        with suppress(ParseError):  # which laying it out tells
            drawing = fromstring(_drawn(picture, site) or "<svg/>")
            yield from ("".join(text.itertext()) for text in drawing.iter(TEXT))


def _drawn(picture: Element, site: Path) -> str | None:
    """A drawing as SVG, whether it stands in the address of its picture or in a file of the site;
    None of any other picture.
    """
    src = unquote(picture.get("src", ""))
    if src.startswith(DRAWN):
        return src.removeprefix(DRAWN)
    file = site / src
    if file.suffix.lower() != ".svg" or not file.is_file():
        return None
    return file.read_text("utf-8", errors="replace")


@dataclass
class Chapter:
    """A page on its way onto paper.

    part: of the book, that it is in. notes: how many footnotes it has.
    """

    name: str
    article: Element
    part: str = ""
    notes: int = 0

    def headings(self) -> Iterator[tuple[int, str, str]]:
        """Level, text and anchor of those that stand in the table of contents."""
        for section in self.article.iter("section"):
            heading = next((part for part in section if part.tag in ("h1", "h2")), None)
            if heading is not None and section.get("id"):
                yield int(heading.tag[1]), text_of(heading), section.get("id")


class Printing:
    """Makes chapters ready for paper: evidence becomes footnotes, what figures come from a line
    below them, and links stay within the document.

    site: the folder of the edition. address: of the edition on the web, with a stroke at its end;
    empty where it has none.
    """

    def __init__(self, site: Path, chapters: list[Chapter], words: Wording, address: str):
        self.site, self.chapters, self.words, self.address = site, chapters, words, address
        self.ids = {chapter.name: _by_id(chapter.article) for chapter in chapters}
        self.others: dict[str, dict[str, Element]] = {}
        texts = "|".join(re.escape(words(f"locator.{key}", n=NUMBER)) for key in SMALLER)
        self.smaller = re.compile(texts.replace(NUMBER, r"\d[\d–-]*"), re.IGNORECASE)

    def run(self) -> None:
        """Makes all of them ready."""
        for chapter in self.chapters:
            _unfold(chapter.article)
            self._collect(chapter, chapter.article)
            drop(chapter.article, lambda part, own=chapter: self._is_left_out(own, part))
            for part in [*chapter.article.iter()]:
                self._print(chapter, part)
        self._forget_ids()

    def _is_left_out(self, chapter: Chapter, part: Element) -> bool:
        """Whether it is for screens only, or an entry of a list of figures that are not printed."""
        if part.tag in PROGRAMS or any(has_class(part, name) for name in SCREEN):
            return True
        if part.tag == "img":
            return part.get("aria-hidden") == "true"
        if not has_class(part, "study-list"):
            return False
        drop(part, lambda item: item.tag == "li" and not self._leads_within(chapter, item))
        return False

    def _leads_within(self, chapter: Chapter, item: Element) -> bool:
        link = item.find(".//a[@href]")
        return link is None or _page(chapter, link.get("href")).removesuffix(".html") in self.ids

    def _collect(self, chapter: Chapter, parent: Element) -> None:
        """Makes notes of what sentences rest on, in the order of the text, and tells in captions
        where figures and tables come from.
        """
        above = None
        for child in [*parent]:
            if has_class(child, "study-evidence"):
                self._mark(chapter, child, parent)
            elif not has_class(child, "study-below"):
                self._collect(chapter, child)
                above = above if _caption(child) is None else child
            elif above is not None:
                _describe(above, child)
                self._source(_caption(above), child)

    def _mark(self, chapter: Chapter, mark: Element, parent: Element) -> None:
        """Makes what leads to evidence the mark of a footnote, and lays this behind it."""
        said = self._evidence(chapter, mark.get("href")) or mark.get("title", "")
        number = chapter.notes = chapter.notes + 1
        back = element("a", str(number), **{"class": "back", "href": f"#mark.{number}"})
        back.tail = f" {said}"
        note = element("span", "", back, **{"class": "note", "id": f"note.{number}"})
        mark.text, note.tail, mark.tail = f"{JOINED}{number}", mark.tail, ""
        mark.attrib = {"class": "mark", "id": f"mark.{number}", "href": f"#note.{number}"}
        parent.insert([*parent].index(mark) + 1, note)

    def _evidence(self, chapter: Chapter, href: str) -> str:
        """Rows and passages that a sentence rests on, as the list of all evidence has them."""
        name = _page(chapter, href).removesuffix(".html")
        if name not in self.others:
            article = read_article(self.site, name)
            self.others[name] = {} if article is None else _by_id(article)
        entry = self.others[name].get(unquote(href.partition("#")[2]))
        passages = [] if entry is None else entry.iter("span")
        found = [text_of(part) for part in passages if has_class(part, "study-passage")]
        return "; ".join(dict.fromkeys(found))

    def _source(self, caption: Element, below: Element) -> None:
        """Notebook, tables and sections that a figure or table comes from, in its caption."""
        told = next((part for part in below if has_class(part, "study-provenance")), None)
        if told is None:
            return
        run = [text_of(part) for part in told.findall("p")[:1]]
        tables = [text_of(head) for head in told.iter("th") if head.get("scope") == "row"]
        places = dict.fromkeys(self._section(text_of(item)) for item in told.iter("li"))
        said = ". ".join([*run, ", ".join(tables), "; ".join(places)])
        caption.append(element("span", said, **{"class": "source"}))

    def _section(self, passage: str) -> str:
        """A passage without paragraph and sentence."""
        kept = [part for part in passage.split(", ") if not self.smaller.fullmatch(part)]
        return ", ".join(kept)

    def _print(self, chapter: Chapter, part: Element) -> None:
        """Ids of the whole document, links that lead somewhere, folds that are open."""
        if name := part.get("id"):
            part.set("id", f"{chapter.name}--{name}")
        if part.tag == "a" and "href" in part.attrib:
            self._link(chapter, part)
        elif part.tag == "img":
            part.set("alt", part.get("alt") or self.words("pdf.picture"))
            if not OUTSIDE.match(part.get("src")):
                part.set("src", quote(_within(chapter, unquote(part.get("src")))))
            self._check_labels(chapter, part)
        elif part.tag in HEADINGS and text_of(part) != "".join(part.itertext()):
            part.set("data-text", text_of(part))  # without footnotes, and with formulas
        elif part.tag == "li":
            wrap(part, "dd")  # which WeasyPrint tags as the body of an item
        elif part.tag in ("details", "summary"):
            part.set("class", f"{part.get('class', '')} {part.tag}".strip())
            part.tag = "div" if part.tag == "details" else "p"
        for name in ("role", "tabindex", "title", "hidden"):
            part.attrib.pop(name, None)

    def _check_labels(self, chapter: Chapter, picture: Element) -> None:
        """Raises PdfError if a drawing has labels of HTML, which WeasyPrint leaves out."""
        said, src = _drawn(picture, self.site), unquote(picture.get("src"))
        if said and HTML_LABEL.search(SWITCH.sub("", said)):
            name = "a drawing" if src.startswith(DRAWN) else src
            raise PdfError(
                f"{chapter.name}: {name} has labels of HTML (foreignObject), which the PDF would "
                "lack; expected labels of SVG (text), or a picture as PNG"
            )

    def _link(self, chapter: Chapter, link: Element) -> None:
        href = link.get("href")
        if OUTSIDE.match(href):
            return
        page, place = _page(chapter, href), unquote(href.partition("#")[2])
        name = page.removesuffix(".html")
        is_picture = any(picture.get("src") == href for picture in link.iter("img"))
        if name in self.ids:
            known = place in self.ids[name] or place.startswith(OURS)
            link.set("href", f"#{name}--{place}" if known and place else f"#{name}")
        elif self.address and not is_picture:
            link.set("href", f"{self.address}{quote(page)}" + (f"#{place}" if place else ""))
        else:
            link.tag = "span"
            del link.attrib["href"]

    def _forget_ids(self) -> None:
        """Takes out ids that nothing leads to."""
        parts = [part for chapter in self.chapters for part in chapter.article.iter()]
        targets = {part.get("href") for part in parts if part.tag == "a"}
        for part in parts:
            if f"#{part.get('id')}" not in targets and part.tag not in PLACES:
                part.attrib.pop("id", None)


def _by_id(article: Element) -> dict[str, Element]:
    return {part.get("id"): part for part in article.iter() if part.get("id")}


def _caption(part: Element) -> Element | None:
    """The caption of a figure or table, or of one in this part."""
    found = part.find(".//figcaption/p")
    return part.find(".//caption") if found is None else found


def _unfold(article: Element) -> None:
    """Lets captions go on with what is folded below them on the page, as nothing folds on paper."""
    for caption in article.iter("figcaption"):
        said, legend = caption.find("p"), caption.find("div[@class='legend']")
        folded = None if legend is None else legend.find("details[@class='study-details']/p")
        if said is not None and folded is not None:
            said.append(element("span", f" {text_of(folded)}"))
            caption.remove(legend)


def _describe(figure: Element, below: Element) -> None:
    """Lets a drawing be called what is said of it below it on the page."""
    drawing, said = figure.find(".//img"), below.find("details/p")
    if drawing is not None and said is not None:
        drawing.set("alt", f"{drawing.get('alt')} {text_of(said)}".strip())


def _page(chapter: Chapter, href: str) -> str:
    """The page that a link leads to, as a place in the edition."""
    page = unquote(href.partition("#")[0])
    return _within(chapter, page) if page else f"{chapter.name}.html"


def _within(chapter: Chapter, place: str) -> str:
    """A place that a page names, as a place in the edition."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(chapter.name), place))
