"""Figures as parts of pages: the same texts and marks, in letters and colours of the page."""

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont
from matplotlib.patches import Rectangle

from analysis import paths
from analysis.drawing import links, style, typeset
from analysis.drawing.dark import GROUND, dark
from analysis.drawing.page import markup


class Parsed(HTMLParser):
    """A drawing as a browser reads it."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.texts, self.open = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, text):
        if self.open[-1] in ("text", "title"):
            self.texts.append((self.open[-1], text))

    def all(self, tag):
        return [attributes for own, attributes in self.elements if own == tag]


@pytest.fixture
def sheet():
    return style.sheet()


def drawn(sheet, name="run"):
    return Parsed(markup(sheet.end(5), name, "What there is to see"))


def test_a_text_is_as_wide_as_it_was_measured_whatever_the_font(sheet):
    typeset.write(sheet.ax, 0, 1, "Größe & <b>Gewicht</b>", 10, weight="bold", language="en")
    page = drawn(sheet)
    assert page.texts == [("text", "Größe & <b>Gewicht</b>")]
    (text,) = page.all("text")
    wide = typeset.text_width("Größe & <b>Gewicht</b>", weight="bold") * 72 / 2.54
    assert float(text["textlength"]) == pytest.approx(wide, abs=0.01)
    assert "font-family" not in text["style"]


def test_it_says_what_there_is_to_see_and_how_large_it_is(sheet):
    typeset.write(sheet.ax, 0, 1, "read once", 10, language="en")
    about = drawn(sheet).elements[0][1]
    assert about["role"] == "img"  # what is in it is not read aloud a second time
    assert about["aria-label"] == "What there is to see"
    _, _, width, height = about["viewbox"].split()
    assert (about["width"], about["height"]) == (width, height)


def test_ids_of_two_figures_of_a_page_differ_and_are_the_same_in_every_build(sheet):
    sheet.ax.plot([1, 2], [1, 2], "o")
    one, other, again = (
        {attributes["id"] for _, attributes in drawn(sheet, name).elements if "id" in attributes}
        for name in ("one", "other", "one")
    )
    assert one == again
    assert one
    assert not one & other


def test_a_mark_says_what_it_is_and_leads_there_with_one_stop_for_the_keyboard(sheet):
    with links.said(sheet.ax, 'The "model" <region>', "projects:model"):
        typeset.write(sheet.ax, 0, 1, "Model region", 10, language="en")
        sheet.ax.plot([1], [2], "o")
    typeset.write(sheet.ax, 0, 3, "no mark", 10, language="en")
    page = drawn(sheet)
    assert {one["href"] for one in page.all("a")} == {"row:projects:model"}
    assert {text for tag, text in page.texts if tag == "title"} == {'The "model" <region>'}
    assert sum("tabindex" not in one for one in page.all("a")) == 1
    assert page.elements[0][1]["role"] == "group"  # of a picture no link is read aloud
    assert all(text["aria-hidden"] == "true" for text in page.all("text"))


def test_of_a_mark_of_several_parts_the_text_is_read_and_stopped_at(sheet):
    for i in range(2):
        with links.said(sheet.ax, f"Mark {i}", f"projects:{i}"):
            typeset.write(sheet.ax, 0, 1 + i, f"Mark {i}", 10, language="en")
            sheet.ax.plot([1], [1 + i], "o")
    stops = [one["href"] for one in drawn(sheet).all("a") if "tabindex" not in one]
    assert stops == ["row:projects:0", "row:projects:1"]  # in the order they were drawn
    root = ElementTree.fromstring(markup(sheet.figure, "run", "alt"))
    for link in root.iter("a"):
        assert (link.get("aria-hidden") is None) == (link.find("text") is not None)


def test_letters_on_yellow_can_be_read_on_dark_pages_where_it_is_lit(sheet):
    yellow = style.ROLES[3]
    sheet.ax.add_patch(Rectangle((0, 0), 10, 2, facecolor=yellow))
    typeset.write(sheet.ax, 1, 1, "on yellow", 5, colour=style.ink_on(yellow), language="en")
    typeset.write(sheet.ax, 1, 4, "on paper", 5, language="en")
    page = markup(sheet.end(5), "run", "alt")
    colours = dict(re.findall(r"--figure-([\w-]+):(#\w+);", page))
    inks = dict(re.findall(r"--figure-([\w-]+),#\w+\)[^>]*>(on \w+)<", page))
    on = {text: colours[name] for name, text in inks.items()}
    assert style.contrast(on["on yellow"], colours[yellow[1:].lower()]) >= style.READABLE
    assert style.contrast(on["on paper"], GROUND) >= style.READABLE
    assert style.contrast(colours[yellow[1:].lower()], GROUND) >= style.READABLE


def test_the_file_to_download_shows_nothing_of_what_is_said_of_marks(sheet, tmp_path):
    with links.said(sheet.ax, "A title", "projects:model"):
        sheet.ax.plot([1], [2], "o")
    figure = sheet.end(5)
    for name in ("before", "after"):
        figure.savefig(tmp_path / f"{name}.svg", metadata={"Date": None})
        markup(figure, "run", "alt")
    before = (tmp_path / "before.svg").read_text("utf-8")
    assert before == (tmp_path / "after.svg").read_text("utf-8")
    assert "title>A title" not in before


def test_colours_are_variables_of_the_page_and_those_of_paper_without_them(sheet):
    typeset.write(sheet.ax, 0, 1, "navy", 10, colour=style.ACCENT, language="en")
    page = markup(sheet.end(5), "run", "alt")
    assert "fill:var(--figure-1f3a5f,#1f3a5f)" in page
    look = re.search("<style>(.*)</style>", page)[1]
    assert look.startswith("@media screen{")  # and so printed as on paper
    assert f"--figure-1f3a5f:{dark(style.ACCENT)};" in look


@pytest.mark.parametrize("weight", ["Regular", "Medium", "Bold"])
def test_the_letters_of_the_page_are_those_of_the_drawings(weight):
    package = TTFont(next(path for path in style.FONTS if path.name == f"FiraSans-{weight}.ttf"))
    own = TTFont(paths.root() / f"book/_static/fonts/FiraSans-{weight}.woff")
    assert {*"aZäöüßÄÖÜé09.,;:–„“”’%€²→"} <= {*map(chr, own.getBestCmap())}
    for letter in own.getBestCmap():
        assert outline(own, letter) == outline(package, letter), chr(letter)


def outline(font, letter):
    glyphs = font.getGlyphSet()
    pen, glyph = DecomposingRecordingPen(glyphs), glyphs[font.getBestCmap()[letter]]
    glyph.draw(pen)
    return glyph.width, pen.value
