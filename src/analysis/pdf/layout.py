"""Chapters laid out on sheets by WeasyPrint, and written as one PDF that is valid PDF/UA-1."""

from __future__ import annotations

import functools
import logging
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, tostring

import fontpkg_fira_sans
import matplotlib

from analysis.patches.paper import link_once, name_languages
from analysis.pdf.elements import element
from analysis.pdf.gaps import TRIES, close, fit, gaps, number_blocks
from analysis.pdf.wide import narrow, number_tables
from analysis.problems import ReportedError
from analysis.wording import attributes

STYLE = Path(__file__).with_name("print.css")
# Typefaces of packages, so that every machine has the same: weight, style, file.
SANS = (
    (400, "normal", "Regular"),
    (400, "italic", "Italic"),
    (500, "normal", "Medium"),
    (600, "normal", "SemiBold"),
    (700, "normal", "Bold"),
)
OTHERS = (
    ("DejaVu Sans", 400, "normal", "DejaVuSans"),
    ("DejaVu Sans", 400, "italic", "DejaVuSans-Oblique"),
    ("DejaVu Sans", 700, "normal", "DejaVuSans-Bold"),
    ("DejaVu Sans Mono", 400, "normal", "DejaVuSansMono"),
    ("DejaVu Sans Mono", 700, "normal", "DejaVuSansMono-Bold"),
)
UNDRAWN = "\t\n\r\f"  # blanks between words
SILENT = {"Cf", "Zs"}  # marks and blanks that nothing is drawn of
LIBRARIES = (
    "a PDF needs the library Pango, which is not there: on Debian and Ubuntu `apt install "
    "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0` adds it, on macOS `brew install pango`"
)


class PdfError(ReportedError):
    """There is no PDF; the message says why."""


def check_libraries() -> None:
    """Loads WeasyPrint, which keeps its steps to itself. Raises PdfError if what it needs of the
    system is not there.
    """
    for told in ("weasyprint.progress", "fontTools"):
        logging.getLogger(told).setLevel(logging.CRITICAL)
    log = logging.getLogger("weasyprint")
    log.setLevel(logging.ERROR)
    log.addFilter(_keep_error)
    try:
        import weasyprint  # noqa: F401
    except OSError:
        raise PdfError(LIBRARIES) from None
    link_once()
    name_languages()


_wrong: dict[str, dict[str, None]] = {}  # what WeasyPrint tells of, by heading
PICTURES = "the PDF would lack pictures:"
# Links from one part to another, which are laid out apart, lead nowhere until all are together.
APART = "No anchor #"
UNREADABLE = (ArithmeticError, LookupError, TypeError, ValueError)  # sizes that are none
DATA = re.compile(r"data:image/[^\s']+")


def _keep_error(record: logging.LogRecord) -> bool:
    """Of what WeasyPrint tells, errors matter; they are printed nowhere."""
    if record.levelno >= logging.ERROR and not record.msg.startswith(APART):
        is_picture = record.msg.startswith(("Failed to load image", "Failed to render SVG"))
        _tell(record.getMessage(), PICTURES if is_picture else "the PDF would not be whole:")
    return False


def _tell(message: str, heading: str) -> None:
    """Remembers what is wrong, without the whole text of a drawing that stands in a page."""
    _wrong.setdefault(heading, {})[DATA.sub("a drawing", message)] = None


def _check() -> None:
    """Raises PdfError if WeasyPrint has told of an error."""
    if _wrong:
        raise PdfError(
            "\n".join(line for heading in _wrong for line in (heading, *_wrong[heading]))
        )


class Sheets:
    """Parts of a document, laid out one after the other; pages are numbered through.

    language: of the document. base: the folder that its pictures are relative to. about: title,
    authors and so on, by name of the metadata.
    """

    def __init__(self, language: str, base: Path, about: dict[str, str]):
        check_libraries()
        from weasyprint import CSS
        from weasyprint.text.fonts import FontConfiguration

        self.language, self.base, self.about = language, base, about
        self.fonts = FontConfiguration()
        self.style = CSS(string=_faces() + STYLE.read_text("utf-8"), font_config=self.fonts)
        self.cache: dict = {}
        _wrong.clear()

    def lay_out(self, part: Element, before: int):
        """One part as a document of WeasyPrint, without a table wider than a page and, where that
        can be, a figure that goes on overleaf or a large gap before one; `before`: so many pages
        come before it.
        """
        tables = number_tables(part)
        for _ in range(TRIES):
            blocks = number_blocks(part)
            document = self.once(part, before)
            while narrow(document, tables):
                document = self.once(part, before)
            if not fit(document, blocks) and not any(close(gap, blocks) for gap in gaps(document)):
                break
        return document

    def once(self, part: Element, before: int):
        """One part as it comes. Raises PdfError with the pictures whose size cannot be told."""
        from weasyprint import CSS, HTML
        from weasyprint.urls import URLFetcher

        head = element("head", "", element("title", self.about.get("title", "")))
        for name, content in self.about.items():
            head.append(element("meta", name=name, content=content))
        whole = element("html", "", head, element("body", "", part), **attributes(self.language))
        start = f"@page :first {{ counter-reset: page {before + 1} }}" if before else ""
        page = HTML(
            string=tostring(whole, "unicode", method="html"),
            base_url=f"{self.base.as_uri()}/",
            url_fetcher=URLFetcher(allowed_protocols=("data", "file")),  # asks no host
        )
        try:
            return page.render(
                font_config=self.fonts,
                stylesheets=[self.style, CSS(string=start)],
                cache=self.cache,
            )
        except UNREADABLE:
            for address, error in _sizeless(self.cache):
                _tell(f"{address}: {error}", PICTURES)
            _check()
            raise

    def write(self, documents: list) -> bytes:
        """The PDF. Raises PdfError if a picture could not be read or drawn, or if it is not as
        PDF/UA-1 wants it.
        """
        _check()
        pages = [page for document in documents for page in document.pages]
        written = documents[0].copy(pages).write_pdf(pdf_variant="pdf/ua-1")
        _check()  # what is in drawings is drawn only now
        if wrong := list(faults(written)):
            raise PdfError("\n".join(["the PDF is not accessible (PDF/UA-1):", *wrong]))
        return written


def _sizeless(pictures: dict) -> Iterator[tuple[str, Exception]]:
    """The address of every picture whose size cannot be told, and why, of all that were read."""
    for address, picture in pictures.items():
        try:
            if hasattr(picture, "get_intrinsic_size"):
                picture.get_intrinsic_size(image_resolution=1, font_size=16)
        except UNREADABLE as error:
            yield address, error


def faults(written: bytes) -> Iterator[str]:
    """Where a PDF is not as PDF/UA-1 wants it."""
    import page

    report = page.validate_pdf_bytes(written, profile=page.ValidationProfile.PDF_UA_1)
    for failure in report.failures:
        yield f"{failure.rule_id}: {failure.message}"


def lacking(text: str) -> list[str]:
    """The signs in a text that no typeface has, each once."""
    signs = (sign for sign in dict.fromkeys(text) if sign not in UNDRAWN)
    return [
        sign for sign in signs if sign not in _signs() and unicodedata.category(sign) not in SILENT
    ]


@functools.cache
def _signs() -> frozenset[str]:
    """What the typefaces have; a style that lacks a sign takes it from the upright one."""
    from fontTools.ttLib import TTFont

    return frozenset(
        chr(code)
        for _, weight, style, path in _files()
        if (weight, style) == (400, "normal")
        for code in TTFont(path, lazy=True).getBestCmap()
    )


def _files() -> list[tuple[str, int, str, Path]]:
    """The typefaces: family, weight, style, file."""
    sans = Path(fontpkg_fira_sans.__file__).parent / "files"
    others = Path(matplotlib.get_data_path()) / "fonts/ttf"
    return [
        *(("Fira Sans", *face, sans / f"FiraSans-{name}.ttf") for *face, name in SANS),
        *((*face, others / f"{name}.ttf") for *face, name in OTHERS),
    ]


def _faces() -> str:
    """Rules that name the files of the typefaces."""
    return "".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-style: {style}; '
        f'src: url("{path.as_uri()}") }}\n'
        for family, weight, style, path in _files()
    )
