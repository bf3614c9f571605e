"""What pages tell programs that cite, share or index them, and readers who cite: contents, authors,
date, licence; addresses only where the site has one.
"""

from __future__ import annotations

import functools
import json
import textwrap
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

from docutils import nodes
from markupsafe import Markup

from analysis import paths
from analysis.book.citationfiles import bibtex, ris
from analysis.book.figures import Drawing
from analysis.book.imprint import footer, version
from analysis.book.settings import pages_in
from analysis.citation import Cited, Work, address_of, cited
from analysis.files.whole import write_whole
from analysis.studyfile import read_about
from analysis.wording import ENGLISH, Wording

LONGEST = 200  # letters of a description, as search engines show them
NOTEBOOKS = "notebooks"  # the folder of their pages
NONE = ("search", "genindex")  # pages that say nothing themselves


def described(doctree: nodes.document | None) -> str:
    """What a page begins with, outside tables and boxes, so short that it can be shown whole."""
    around = (nodes.section, nodes.document)
    for found in doctree.findall(nodes.paragraph) if doctree else ():
        if isinstance(found.parent, around) and "study-state" not in found["classes"]:
            parts = (part.astext() for part in found.findall(nodes.Text) if not _is_raw(part))
            text = " ".join("".join(parts).split())
            if text:
                return textwrap.shorten(text, LONGEST, placeholder=" …")
    return ""


def _is_raw(text: nodes.Text) -> bool:
    """Whether it is HTML, which is for browsers only."""
    return isinstance(text.parent, nodes.raw)


@dataclass(frozen=True)
class Page:
    """A page as others cite, share and index it."""

    name: str
    title: str
    book: str
    language: str
    title_language: str  # the language of its title
    description: str
    picture: str  # the address within the edition of its first figure, or of one of the report
    whole: bool  # whether it stands for the whole report
    cited: Cited
    shown: str = ""  # what the picture shows
    is_english: bool = False  # in every edition, as notebooks are

    @property
    def address(self) -> str:
        """Empty where the site has none."""
        return self.address_in(self.language)

    def address_in(self, edition: str) -> str:
        """That of the same page in another edition."""
        return self._within(edition, f"{self.name}.html")

    @property
    def picture_address(self) -> str:
        return self._within(self.language, self.picture) if self.picture else ""

    def _within(self, edition: str, file: str) -> str:
        site = self.cited.site
        return f"{site}{edition}/{quote(file)}" if site else ""

    @property
    def is_listed(self) -> bool:
        """Whether search engines shall find it."""
        return self.name not in NONE

    @property
    def locale(self) -> str:
        """The language with the country whose way of writing it the report follows."""
        return Wording(self.language).known("locale", self.language)

    @property
    def spoken(self) -> str:
        """The language of what it says."""
        return ENGLISH if self.is_english else self.language

    @property
    def licences(self) -> list[str]:
        return self.cited.terms

    @property
    def footer(self) -> str:
        """Version, date and licence."""
        return footer(self.cited, Wording(self.language))

    @property
    def text(self) -> str:
        """How to cite the page, in words; one that says nothing of its own is not cited."""
        if not (self.cited.release and self.is_listed):
            return ""
        words = Wording(self.language)
        return words(
            "cite.whole" if self.whole else "cite.text",
            authors="; ".join(map(str, self.cited.authors)),
            year=self.cited.year,
            title=self.title,
            book=self.book,
            version=version(self.cited, words),
        ) + (f" {self.address}" if self.address else "")

    @property
    def _work(self) -> tuple[str, dict[str, str]]:
        """What it is and what is said of it, for programs for literature."""
        book = {} if self.whole else {"booktitle": self.book}
        return "misc" if self.whole else "incollection", {
            "title": self.title,
            **book,
            "year": self.cited.year,
            "version": self.cited.version,
            "language": self.title_language,
            "url": self.address,
        }

    @property
    def bibtex(self) -> str:
        kind, fields = self._work
        key = f"{self.name} {self.language} {self.cited.year}"
        return bibtex(kind, key, self.cited.authors, fields)

    @property
    def ris(self) -> str:
        kind, fields = self._work
        return ris(kind, self.cited.authors, fields)

    @property
    def downloads(self) -> list[tuple[str, str, str]]:
        """The citation as files in the page itself: what each is called, its name, its address."""
        kinds = [("BibTeX", "bib", self.bibtex), ("RIS", "ris", self.ris)]
        name = self.name.replace("/", "-")
        return [
            (shown, f"{name}.{ending}", f"data:text/plain;charset=utf-8,{quote(text)}")
            for shown, ending, text in kinds
        ]

    @property
    def linked(self) -> Markup:
        """The page as linked data in the terms of schema.org, as the text of a script."""
        about = self.cited
        shared = {
            "inLanguage": self.spoken,
            "author": [author.linked for author in about.authors],
            "version": about.version,
            "datePublished": about.date,
            "license": self.licences,
        }
        page = {
            "@type": "Report" if self.whole else "WebPage",
            "name": self.title,
            "description": self.description,
            "url": self.address,
            "image": self.picture_address,
            **shared,
        }
        graph = [page]
        if self.whole:
            page["isBasedOn"] = [_linked(work) for work in about.based_on]
            page["keywords"] = list(about.keywords)
            graph += [self._data(shared), self._code(shared)]
        else:
            book = {"@type": "Report", "name": self.book}
            home = self._within(self.language, "index.html")
            page["isPartOf"] = book | ({"url": home} if home else {})
        graph = [{name: value for name, value in part.items() if value} for part in graph]
        content = {"@context": "https://schema.org", "@graph": graph}
        text = json.dumps(content, ensure_ascii=False)
        return Markup(text.replace("<", "\\u003c"))  # so that no text can end the script

    def _data(self, shared: dict) -> dict:
        """The tables, under a licence of their own if the study names one; where they are."""
        licence = read_about().licence
        named = address_of(licence) or {"@type": "CreativeWork", "name": licence}
        archive = self._within(self.language, "data/data.zip")
        parcel = {"@type": "DataDownload", "encodingFormat": "application/zip"}
        return {
            "@type": "Dataset",
            "name": self.book,
            "description": self.cited.linked_abstract,
            "keywords": list(self.cited.keywords),
            **shared,
            "license": named if licence else self.licences,
            "distribution": archive and [parcel | {"contentUrl": archive}],
        }

    def _code(self, shared: dict) -> dict:
        return {
            "@type": "SoftwareSourceCode",
            "name": self.book,
            **shared,
            "programmingLanguage": "Python",
            "codeRepository": self.cited.repository,
        }


def _linked(work: Work) -> dict:
    """A work that CITATION.cff names, in the terms of schema.org."""
    told = {
        "@type": "Report" if work.kind == "report" else "CreativeWork",
        "name": work.title,
        "author": [author.linked for author in work.authors],
        "datePublished": work.year,
        "url": work.address,
    }
    return {name: value for name, value in told.items() if value}


def _figure(doctree: nodes.document | None) -> Path | None:
    """The file of the first figure on a page."""
    found = next(iter(doctree.findall(Drawing)), None) if doctree else None
    return Path(found["path"]) if found else None


def _picture(figure: Path | None) -> tuple[str, str]:
    """The address of a figure, and what it shows."""
    if figure is None:
        return "", ""
    about = json.loads(figure.with_suffix(".json").read_text("utf-8"))
    return f"figures/{figure.stem}.png", about["headline"]


def _figure_of_run(language: str, page: str) -> Path | None:
    """The figure that the page of a notebook tells the making of."""
    folder, _, run = page.rpartition("/")
    figure = paths.figures(language) / f"{run}.png"
    return figure if folder == NOTEBOOKS and figure.is_file() else None


def _figure_of_all(app) -> Path | None:
    """What stands for pages without a figure: that of the title page, else any."""
    drawn = sorted(paths.figures(app.config.study_language).glob("*.png"))
    return _figure(app.env.get_doctree(app.config.root_doc)) or next(iter(drawn), None)


def _editions(page: str, root: str, written: dict[str, set[str]]) -> dict[str, str]:
    """The same page in each edition, or its first page if it has not got it; written: the pages
    that there are. Any other one, such as that of a notebook, is in all of them.
    """
    is_written = any(page in pages for pages in written.values())
    return {
        code: page if page in pages or not is_written else root for code, pages in written.items()
    }


def _list_pages(place: Path, addresses: list[str]) -> None:
    """Writes the addresses of pages as search engines want them."""
    lines = "".join(f"<url><loc>{escape(one)}</loc></url>\n" for one in sorted(addresses))
    write_whole(
        place,
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{lines}</urlset>\n',
    )


def register(app) -> None:
    """Offers templates `study_page`, and lists all pages for search engines in the end."""
    about, addresses = cited(), []
    for_all = functools.cache(lambda: _figure_of_all(app))
    written = {code: pages_in(paths.book() / code) for code in paths.languages()}

    def tell(_app, page: str, _template: str, context: dict, doctree) -> None:
        book, whole = app.config.html_title or app.config.project, page == app.config.root_doc
        own = _figure(doctree) or _figure_of_run(app.config.study_language, page)
        picture, shown = _picture(own or for_all())
        is_english = page.startswith(f"{NOTEBOOKS}/")
        spoken_otherwise = is_english and app.config.study_language != ENGLISH
        words = Wording(app.config.study_language)
        title = (not whole and Markup(context.get("title", "")).striptags()) or book
        if is_english:  # a notebook may be called like the chapter it is for
            title = f"{words('executed.title')}: {title}"
        told = context["study_page"] = Page(
            page,
            title,
            book,
            app.config.study_language,
            context.get("title_language", app.config.study_language),
            (not spoken_otherwise and described(doctree))
            or (own and shown)
            or (about.abstract if whole else title),
            picture,
            whole,
            about,
            shown,
            is_english,
        )
        context["study_words"] = words
        if told.address and told.is_listed:
            addresses.append(told.address)

    def lead(_app, page: str, _template: str, context: dict, _doctree) -> None:
        context["study_editions"] = _editions(page, app.config.root_doc, written)

    def list_pages(_app, error: Exception | None) -> None:
        if addresses and not error:
            _list_pages(Path(app.outdir) / "sitemap.xml", addresses)

    app.connect("html-page-context", lead, priority=400)  # before the theme looks for empty parts
    app.connect("html-page-context", tell, priority=950)
    app.connect("build-finished", list_pages)
