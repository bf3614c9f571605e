"""No half-empty page before a figure, and nothing lost or out of order for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.patches.paper import laid_out
from analysis.pdf.elements import element
from analysis.pdf.gaps import LARGE, Gap, close, fit, gaps, number_blocks
from analysis.pdf.layout import Sheets

SVG = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 {}'/%3E"


def text(lines):
    return element("p", "Wort " * 17 * lines)


def figure(height, name="fig"):
    drawing = element("img", alt="Bild", src=SVG.format(height))
    return element("figure", "", drawing, id=name)


def chapter(*blocks):
    return element("article", "", element("section", "", element("h1", "Titel"), *blocks), id="c")


def empty(document):
    """The largest share of a page, but for the last one, that is empty."""
    pages = [laid_out(page) for page in document.pages[:-1]]
    return max((end - lowest) / end for lowest, end, *_ in pages)


@pytest.fixture(scope="module")
def sheets(tmp_path_factory):
    return Sheets("de", tmp_path_factory.mktemp("site"), {"title": "Titel"})


@pytest.mark.parametrize(
    "blocks",
    [
        [text(12), text(6), figure(110), *(text(5) for _ in range(6))],
        [text(12), text(9), figure(68), text(2)],
        [*(text(4) for _ in range(10)), figure(125), text(3), figure(120), text(4)],
    ],
    ids=["text moves up", "the drawing becomes smaller", "the figure comes first"],
)
def test_a_large_gap_before_a_figure_is_closed(sheets, blocks):
    made = chapter(*blocks)
    number_blocks(made)
    assert empty(sheets.once(made, 0)) > LARGE, "there is one to be closed"
    assert not list(gaps(sheets.lay_out(made, 0)))


def note(lines):
    return element("span", "Beleg " * 25 * lines, **{"class": "note"})


def test_what_a_page_could_hold_ends_above_its_footnotes(sheets):
    """A page full of footnotes has no gap, and text that moves up takes its footnotes along."""
    full = element("p", "Wort " * 17 * 14, note(40))
    made = chapter(text(12), full, figure(110), text(12))
    assert not list(gaps(sheets.once(made, 0)))
    (noted,) = (number for number, (_, block) in enumerate(number_blocks(made)) if block is full)
    pages = [laid_out(page) for page in sheets.once(made, 0).pages]
    assert 350 < sum(notes.get(noted, 0) for *_, notes in pages) < 900


def test_every_footnote_is_on_the_page_of_its_mark(sheets):
    """However many there are: a line goes overleaf with its mark where its note has no room."""
    notes = [element("span", f"Beleg {n}", **{"class": "note", "id": f"n{n}"}) for n in range(40)]
    marks = [element("a", str(n), href=f"#n{n}", **{"class": "mark"}) for n in range(40)]
    texts = [element("p", "Wort " * 25, *both) for both in zip(marks, notes, strict=True)]
    pages = sheets.once(chapter(*texts), 0).pages
    assert len(pages) > 2
    for page in pages:
        marked = [target for kind, target, *_ in page.links if kind == "internal"]
        assert {*marked} == {name for name in page.anchors if name.startswith("n")}


def pages_of_figures(document):
    tags = [tag for page in document.pages for tag, *_ in laid_out(page)[2].values()]
    return tags.count("figure")


def test_a_figure_that_goes_on_overleaf_becomes_smaller(sheets):
    caption = element("figcaption", "", element("p", "Wort " * 17 * 12))
    made = chapter(figure(180), text(3))
    made.find(".//figure").append(caption)
    blocks = number_blocks(made)
    document = sheets.once(made, 0)
    assert pages_of_figures(document) == 2
    assert fit(document, blocks)
    smaller = sheets.lay_out(made, 0)
    assert pages_of_figures(smaller) == 1
    assert not fit(smaller, blocks)


@given(
    st.lists(st.sampled_from(["p", "h2", "figure"]), min_size=3, max_size=12),
    st.data(),
)
def test_closing_a_gap_loses_nothing_and_keeps_texts_and_figures_in_order(tags, data):
    made = chapter(*(figure(90) if tag == "figure" else element(tag, "x") for tag in tags))
    blocks = number_blocks(made)
    figures = [n for n, (_, block) in enumerate(blocks) if block.tag == "figure"]
    if not figures:
        return
    at = data.draw(st.sampled_from(figures))
    height = st.floats(10, 900)
    heights = {n: data.draw(height) for n in range(len(blocks))}
    first = data.draw(st.integers(0, at - 1))
    before = data.draw(st.none() | height)
    gap = Gap(at, data.draw(height), data.draw(height), 400.0, heights, first, before)
    was = [block for _, block in blocks]
    close(gap, blocks)
    now = [block for _, block in number_blocks(made)]
    for kind in (True, False):
        kept = [block for block in now if (block.tag == "figure") is kind]
        assert kept == [block for block in was if (block.tag == "figure") is kind]
