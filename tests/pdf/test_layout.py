"""What WeasyPrint would pass over without a word."""

import logging
import tempfile
from pathlib import Path
from urllib.parse import quote

import pytest

from analysis.pdf.elements import element
from analysis.pdf.layout import PdfError, Sheets, lacking
from analysis.pdf.report import _own_temporary_folder, make_pdf


@pytest.mark.parametrize("written", [None, "no picture", "<svg"])
def test_a_picture_that_cannot_be_read_is_told_and_no_pdf_is_made(tmp_path, written):
    if written:
        (tmp_path / "a.svg").write_text(written, "utf-8")
    sheets = Sheets("de", tmp_path, {"title": "Titel"})
    part = element("article", "", element("h1", "Titel"), element("img", alt="Bild", src="a.svg"))
    document = sheets.lay_out(part, 0)
    with pytest.raises(PdfError, match=r"lack pictures:\n.*a\.svg"):
        sheets.write([document])


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("de", "ltr")])
def test_sheets_are_written_the_way_of_their_language(tmp_path, language, direction):
    part = element("article", "", element("h1", "Titel"), element("p", "Text"))
    document = Sheets(language, tmp_path, {"title": "Titel"}).lay_out(part, 0)
    (root,) = document.pages[0]._page_box.children[:1]
    assert root.element.get("lang") == language
    assert root.style["direction"] == direction


def test_nothing_is_left_beside_a_pdf():
    before = tempfile.tempdir
    with _own_temporary_folder():
        left = Path(tempfile.mkdtemp())
        assert left.is_dir()
    assert not left.parent.exists()
    assert tempfile.tempdir == before


@pytest.mark.parametrize("sign", ["✅", "📊", "漢", "\ue000"])
def test_signs_that_no_typeface_has_are_told_with_their_pages_and_no_pdf_is_made(tmp_path, sign):
    for name, text in (("index", "Titel"), ("facts/a", f"a {sign} b {sign}")):
        page = tmp_path / f"{name}.html"
        page.parent.mkdir(exist_ok=True)
        article = f'<article class="bd-article"><section id="s"><h1>{text}</h1></section></article>'
        page.write_text(article, "utf-8")
    with pytest.raises(PdfError) as raised:
        make_pdf(tmp_path, "de", "Titel", "1.0", [("", "index"), ("", "facts/a")])
    (said,) = str(raised.value).splitlines()[1:]
    assert said == f"facts/a: {sign!r} (U+{ord(sign):04X})"


SVG = 'xmlns="http://www.w3.org/2000/svg"'


@pytest.mark.parametrize("is_file", [True, False])
def test_signs_in_drawings_are_told_as_those_of_texts(tmp_path, is_file):
    drawing = (
        '<svg viewBox="0 0 9 9"><title>漢</title><g><text>a <tspan>✅</tspan></text></g></svg>'
    )
    if is_file:
        (tmp_path / "a.svg").write_text(drawing.replace("<svg", f"<svg {SVG}"), "utf-8")
        drawing = '<img alt="Bild" src="../a.svg">'
    for name, text in (("index", ""), ("facts/a", drawing)):
        page = tmp_path / f"{name}.html"
        page.parent.mkdir(exist_ok=True)
        section = f'<section id="s"><h1>Titel</h1><p>{text}</p></section>'
        page.write_text(f'<article class="bd-article">{section}</article>', "utf-8")
    with pytest.raises(PdfError) as raised:
        make_pdf(tmp_path, "de", "Titel", "1.0", [("", "index"), ("", "facts/a")])
    (said,) = str(raised.value).splitlines()[1:]
    assert said == "facts/a: '✅' (U+2705)"


@pytest.mark.parametrize("is_file", [True, False])
@pytest.mark.parametrize(
    "drawing",
    [
        f'<svg {SVG} width="calc(1px + 2px)"><rect width="5" height="5"/></svg>',
        f'<svg {SVG} viewBox="0 0"><rect width="5" height="5"/></svg>',
        f'<svg {SVG} viewBox="0 0 9 9"><rect transform="rotate(x)" width="5" height="5"/></svg>',
        f'<svg {SVG} viewBox="0 0 9 9"><image href="none.png" width="5" height="5"/></svg>',
    ],
    ids=["width", "viewBox", "transform", "image"],
)
def test_a_drawing_that_cannot_be_drawn_whole_is_told_and_no_pdf_is_made(
    tmp_path, drawing, is_file
):
    (tmp_path / "a.svg").write_text(drawing, "utf-8")
    address = "a.svg" if is_file else f"data:image/svg+xml,{quote(drawing)}"
    sheets = Sheets("de", tmp_path, {"title": "Titel"})
    part = element("article", "", element("h1", "Titel"), element("img", alt="Bild", src=address))
    name = r"(a\.svg|none\.png)" if is_file else r"(a drawing|none\.png)"
    with pytest.raises(PdfError, match=rf"lack pictures:\n.*{name}") as raised:
        sheets.write([sheets.lay_out(part, 0)])
    assert "%3Csvg" not in str(raised.value)
    assert len(str(raised.value).splitlines()) == 2


def test_every_error_of_the_layout_is_told(tmp_path):
    sheets = Sheets("de", tmp_path, {"title": "Titel"})
    part = element("article", "", element("h1", "Titel"), element("p", "Text"))
    logging.getLogger("weasyprint").error("Failed to load %s", "something else")
    logging.getLogger("weasyprint").warning("Ignored %s", "a rule")
    with pytest.raises(PdfError, match=r"not be whole:\nFailed to load something else$"):
        sheets.write([sheets.lay_out(part, 0)])


def test_every_other_sign_comes_from_a_typeface_of_a_package(tmp_path):
    signs = "☑⚠\ufe0fжא⌓\ufb06\xad\u2067\t\u3000"
    assert lacking(signs) == []
    sheets = Sheets("de", tmp_path, {"title": "Titel"})
    texts = (element(tag, f"a {sign} b") for tag in ("h1", "p", "code") for sign in signs)
    part = element("article", "", element("section", "", *texts))
    document = sheets.lay_out(part, 0)
    sheets.write([document])
    written = document.copy(document.pages)
    written.write_pdf()
    families = {font.family for font in written.fonts.values()}
    assert families == {"Fira Sans", "DejaVu Sans", "DejaVu Sans Mono"}
