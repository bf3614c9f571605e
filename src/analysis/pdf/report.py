"""The whole report of one language as a PDF: title page, contents, chapters with their notes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from contextlib import contextmanager
from pathlib import Path
from xml.etree.ElementTree import Element

from analysis.citation import cited
from analysis.pdf.chapters import Chapter, Printing, labels, read_article
from analysis.pdf.elements import element, has_class, text_of
from analysis.pdf.layout import PdfError, Sheets, lacking
from analysis.wording import Wording


def make_pdf(
    site: Path, language: str, title: str, version: str, pages: Iterable[tuple[str, str]]
) -> bytes:
    """The PDF of a finished edition.

    site: its folder. title: of the book. version: what is said of its version, date and licence.
    pages: the part of the book and the name of each page that
    is to be in it; the first one is the book's own.
    """
    words, about = Wording(language), cited()
    chapters = [
        Chapter(name, article, part)
        for part, name in pages
        if (article := read_article(site, name)) is not None
    ]
    address = f"{about.site}{language}/" if about.site else ""
    Printing(site, chapters, words, address).run()
    for chapter in chapters:
        chapter.article.set("id", chapter.name)
    front = _title_page(chapters[0], title, version, words, address)
    _name_parts(chapters)
    parts = {"title page": front} | {chapter.name: chapter.article for chapter in chapters}
    _check_signs(parts, site)
    authors = "; ".join(map(str, about.authors))
    with _own_temporary_folder():
        sheets = Sheets(language, site, {"title": title, "author": authors})
        return sheets.write(list(_laid_out(sheets, front, chapters, words)))


@contextmanager
def _own_temporary_folder():
    """WeasyPrint deletes its copies of typefaces when nothing refers to them any more, which may be
    never; so they lie in a folder that goes with the work.
    """
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory() as tempfile.tempdir:
        try:
            yield
        finally:
            tempfile.tempdir = before


def _laid_out(sheets: Sheets, front: Element, chapters: list[Chapter], words: Wording):
    """Title page and contents, of which the number of pages has to be known before the chapters
    are laid out; and the pages of these before the contents can name them.
    """
    entries = [_entries(chapter) for chapter in chapters]
    contents, first = sheets.lay_out(_front(front, entries, {}, words), 0), 0
    while len(contents.pages) > first:  # with page numbers they may have become longer
        before = first = len(contents.pages)
        documents, places = [], {}
        for chapter in chapters:
            document = sheets.lay_out(chapter.article, before)
            for number, page in enumerate(document.pages, start=before + 1):
                places |= dict.fromkeys(page.anchors, number) | places
            documents.append(document)
            before += len(document.pages)
        contents = sheets.lay_out(_front(front, entries, places, words), 0)
    return [contents, *documents]


def _title_page(first: Chapter, title: str, version: str, words: Wording, address: str) -> Element:
    """The title page; the first chapter then says what the report is about."""
    about = cited()
    heading = next(first.article.iter("h1"), None)
    below = ""
    if heading is not None:
        subtitle = next((p for p in heading if has_class(p, "study-subtitle")), None)
        below = "" if subtitle is None else text_of(subtitle)
        for part in [*heading]:
            heading.remove(part)
        heading.text = words("pdf.about")
        heading.attrib.pop("data-text", None)  # which is that of the title
    lines = ["; ".join(map(str, about.authors)), version, address, words("pdf.printed")]
    for work in about.based_on:
        authors = "; ".join(map(str, work.authors))
        lines.append(words("pdf.based_on", authors=authors, year=work.year, title=work.title))
    return element(
        "div",
        "",
        element("div", "", **{"class": "rule"}),
        element("h1", title.removesuffix(below).strip().removesuffix(".")),
        element("p", below, **{"class": "subtitle"}),
        *(element("p", line, **{"class": "about"}) for line in lines if line),
        **{"class": "title"},
    )


def _check_signs(parts: dict[str, Element], site: Path) -> None:
    """Raises PdfError with every sign that no typeface has, of texts and of drawings, and where it
    stands.
    """
    wrong = [
        f"{name}: {sign!r} (U+{ord(sign):04X})"
        for name, part in parts.items()
        for sign in lacking("".join([*part.itertext(), *labels(part, site)]))
    ]
    if wrong:
        raise PdfError(
            "\n".join(["the PDF would lack signs that its typefaces do not have:", *wrong])
        )


def _name_parts(chapters: list[Chapter]) -> None:
    """Tells chapters the name of their part, and puts it before the first one."""
    last = ""
    for chapter in chapters:
        if chapter.part:
            chapter.article.set("data-part", chapter.part)
        if chapter.part and chapter.part != last:
            name = element("p", chapter.part, **{"class": "part"})
            chapter.article.insert(0, name)
        last = chapter.part


def _entries(chapter: Chapter) -> list[tuple[str, str, str]]:
    """Class, text and anchor of what the table of contents has of a chapter."""
    part = [text_of(p) for p in chapter.article if has_class(p, "part")]
    headings = [(f"level-{level}", text, anchor) for level, text, anchor in chapter.headings()]
    return [*(("part", text, "") for text in part), *headings]


def _front(title_page: Element, entries: list, places: dict[str, int], words: Wording) -> Element:
    items = []
    for kind, text, anchor in (entry for chapter in entries for entry in chapter):
        told = {"href": f"#{anchor}", "data-page": str(places.get(anchor, 0))} if anchor else {}
        items.append(element("p", "", element("a", text, **told), **{"class": kind}))
    contents = element("nav", "", element("h1", words("pdf.contents")), *items)
    contents.set("class", "contents")
    return element("div", "", title_page, contents)
