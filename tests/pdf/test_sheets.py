"""What is on the sheets, and what programs are told of them."""

from xml.etree.ElementTree import fromstring

import pytest

from analysis.pdf.layout import Sheets, faults

SVG = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 30'/%3E"


@pytest.fixture
def laid_out(tmp_path):
    """Lays a chapter out, of what stands below its title."""

    def lay_out(body, title="Titel", attributes=""):
        sheets = Sheets("de", tmp_path, {"title": "Titel"})
        start = f'<article id="c" {attributes}><section id="s"><h1>{title}</h1>'
        part = fromstring(f"{start}{body.replace('SVG', SVG)}</section></article>")
        return sheets.lay_out(part, 0)

    return lay_out


def written(document):
    """The PDF of a document, as text can be found in it."""
    settings = {"pdf_variant": "pdf/ua-1", "uncompressed_pdf": True}
    return document.copy(document.pages).write_pdf(**settings)


@pytest.mark.parametrize(
    "body",
    [
        '<p><a href="https://b.org">b<img alt="B" src="SVG" style="width: 9px"/><em>c</em></a></p>',
        '<figure><a href="https://b.org"><img alt="B" src="SVG"/></a></figure>',
    ],
)
def test_what_is_in_a_link_is_one_link_that_everybody_can_follow(laid_out, body):
    pdf = written(laid_out(body))
    assert list(faults(pdf)) == []
    assert pdf.count(b"/Subtype /Link") == pdf.count(b"/S /Link") == 1
    assert pdf.count(b"/S /Figure") == 1
