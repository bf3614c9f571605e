"""What is on the sheets, and what programs are told of them."""

import re
from xml.etree.ElementTree import fromstring

import pytest

from analysis.pdf.layout import Sheets, faults

SVG = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' {}/%3E"
PICTURES = {
    "SMALL": SVG.format("width='20' height='10' viewBox='0 0 20 10'"),
    "LARGE": SVG.format("width='2000' height='3000' viewBox='0 0 2000 3000'"),
    "LONG": SVG.format("viewBox='0 0 2000 20'"),
}
PT, MM = 96 / 72, 96 / 25.4  # in the unit of WeasyPrint


@pytest.fixture
def laid_out(tmp_path):
    """Lays a chapter out, of what stands below its title."""

    def lay_out(body, attributes="", title="<h1>Titel</h1>", before="", tag="article"):
        sheets = Sheets("de", tmp_path, {"title": "Titel"})
        for name, address in PICTURES.items():
            body, title = (text.replace(name, address) for text in (body, title))
        chapter = f"{before}<section>{title}{body}</section>"
        return sheets.lay_out(fromstring(f"<{tag} {attributes}>{chapter}</{tag}>"), 0)

    return lay_out


def written(document):
    """The PDF of a document, as text can be found in it."""
    settings = {"pdf_variant": "pdf/ua-1", "uncompressed_pdf": True}
    return document.copy(document.pages).write_pdf(**settings)


@pytest.mark.parametrize(
    "body",
    [
        '<p><a href="https://b.org">b<img alt="B" src="SMALL"/><em>c</em></a></p>',
        '<figure><a href="https://b.org"><img alt="B" src="SMALL"/></a></figure>',
    ],
)
def test_what_is_in_a_link_is_one_link_that_everybody_can_follow(laid_out, body):
    pdf = written(laid_out(body))
    assert list(faults(pdf)) == []
    assert pdf.count(b"/Subtype /Link") == pdf.count(b"/S /Link") == 1
    assert pdf.count(b"/S /Figure") == 1


def test_programs_are_told_which_parts_are_in_another_language(laid_out):
    cells = '<table><tr><td lang="en">one</td><td>zwei</td></tr></table>'
    items = '<ul><li lang="en"><dd>three</dd></li></ul>'
    document = laid_out(f'<p>Ein <span lang="en">word</span>.</p>{cells}{items}')
    pdf = written(document)
    assert pdf.count(b"/Lang (de)") == 1, "of the document"
    of_parts = [line for line in pdf.split(b"endobj") if b"/Lang (en)" in line]
    said = [re.search(rb"/S /(\w+)", line)[1] for line in of_parts]
    assert {b"LI", b"Span", b"TD"} <= {*said}
    assert list(faults(pdf)) == []
    assert written(document) == pdf
