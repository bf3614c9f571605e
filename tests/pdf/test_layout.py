"""What WeasyPrint would pass over without a word."""

import tempfile
from pathlib import Path

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
