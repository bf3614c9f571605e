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


def boxes(document, *tags):
    """What is on the sheets of elements with these tags."""
    every = [box for page in document.pages for box in page._page_box.descendants()]
    return [box for box in every if box.element_tag in tags]


def sizes(document):
    """Width and height of each picture, in millimetres."""
    return [(round(box.width / MM), round(box.height / MM)) for box in boxes(document, "img")]


@pytest.mark.parametrize(
    ("body", "size"),
    [
        ('<p><img alt="B" src="LARGE"/></p>', (136, 204)),
        ('<figure><img alt="B" src="LARGE"/></figure>', (137, 205)),
        ('<figure><img alt="B" src="SMALL"/></figure>', (5, 3)),
        ('<figure><img class="study-drawing" alt="B" src="SMALL"/></figure>', (162, 81)),
    ],
)
def test_a_picture_is_as_large_as_it_is_but_no_larger_than_the_sheet(laid_out, body, size):
    assert sizes(laid_out(body)) == [size]


def test_a_formula_in_a_caption_stays_in_its_line(laid_out):
    formula = '<img alt="x" style="height: 1em; vertical-align: -0.2em" src="SMALL"/>'
    document = laid_out(f"<figure><figcaption><p>Von {formula} an.</p></figcaption></figure>")
    caption, *_ = boxes(document, "p")
    assert len(caption.children) == 1
    assert sizes(document)[0][1] == round(8.8 * PT / MM)


def test_a_long_formula_leaves_room_for_its_number(laid_out):
    formula = '<img alt="x" style="height: 2em" src="LONG"/>'
    body = f'<div class="math"><span class="eqno">(1)</span>{formula}</div>'
    document = laid_out(body)
    (number, *_), (picture,) = boxes(document, "span"), boxes(document, "img")
    assert picture.position_x + picture.width <= number.position_x
    assert picture.position_y <= number.position_y < picture.position_y + picture.height


TURNED = '<p style="break-before: page">Weiter.</p>'


def heads(document):
    """What stands at the head of each sheet, left and right."""
    return [
        [
            "".join(getattr(part, "text", "") for part in box.descendants())
            for box in page._page_box.children
            if getattr(box, "at_keyword", "").startswith("@top")
        ]
        for page in document.pages
    ]


def test_every_sheet_of_a_chapter_is_headed_by_part_and_chapter(laid_out):
    assert heads(laid_out(TURNED, 'data-part="Teil"')) == [["Teil", ""], ["Teil", "Titel"]]
    assert heads(laid_out(TURNED)) == [["", ""], ["", "Titel"]]


def bookmarks(document):
    """The bookmarks of a document, each with those below it."""

    def tree(found):
        return [(label, tree(below)) for label, _, below, _ in found]

    return tree(document.make_bookmark_tree())


def test_a_formula_in_a_title_is_named_in_heads_and_bookmarks(laid_out):
    document = laid_out(TURNED, title='<h1 data-text="Von x">Von <img alt="x" src="SMALL"/></h1>')
    assert heads(document)[1] == ["", "Von x"]
    assert bookmarks(document) == [("Von x", [])]


def test_a_chapter_hangs_below_its_part_and_below_nothing_else(laid_out):
    part, section = '<p class="part">Teil</p>', "<section><h2>Abschnitt</h2></section>"
    of_part = [
        laid_out(section, 'data-part="Teil"', before=part),
        laid_out(section, 'data-part="Teil"'),
    ]
    contents = laid_out("", 'class="contents"', "<h1>Inhalt</h1>", tag="nav")
    documents = [contents, laid_out(section), *of_part, laid_out("")]
    chapter = ("Titel", [("Abschnitt", [])])
    pages = [page for document in documents for page in document.pages]
    assert bookmarks(contents.copy(pages)) == [
        ("Inhalt", []),
        chapter,
        ("Teil", [chapter, chapter]),
        ("Titel", []),
    ]


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
