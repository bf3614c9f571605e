"""Figures as parts of pages: the same texts and marks, in letters and colours of the page."""

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont
from matplotlib.patches import Circle, Rectangle

from analysis import paths
from analysis.drawing import links, style, typeset
from analysis.drawing.dark import GROUND, dark
from analysis.drawing.page import _Page, _svg, markup
from analysis.drawing.shapes import SVG


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
    assert "font-family" not in markup(sheet.figure, "run", "alt")


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
    sheet.ax.text(0, 4, "cut off", clip_on=True, clip_path=Circle((0, 4), 1))
    page = drawn(sheet)
    assert {one["href"] for one in page.all("a")} == {"row:projects:model"}
    assert {text for tag, text in page.texts if tag == "title"} == {'The "model" <region>'}
    assert sum("tabindex" not in one for one in page.all("a")) == 1
    assert page.elements[0][1]["role"] == "group"  # of a picture no link is read aloud
    unread = {
        text
        for hidden in ElementTree.fromstring(markup(sheet.figure, "run", "alt")).iter()
        if hidden.get("aria-hidden") == "true"
        for text in hidden.iter("text")
    }
    assert len(unread) == len(page.all("text"))


def test_a_text_beside_a_mark_that_leads_nowhere_is_not_called_what_that_is(sheet):
    with links.said(sheet.ax, "A mark"):
        typeset.write(sheet.ax, 0, 1, "of the mark", 10, language="en")
    for place in (2, 3):
        typeset.write(sheet.ax, 0, place, "beside it", 10, language="en")
    root = ElementTree.fromstring(markup(sheet.end(5), "run", "alt"))
    groups = [[part.tag for part in group] for group in root.iterfind("g[@aria-hidden='true']")]
    assert groups == [["title", "text"], ["text", "text"]]


def test_what_lies_over_what_stays(sheet):
    for place, name in ((1, "field"), (2, "other")):
        with links.said(sheet.ax, name, "projects:a"):
            sheet.ax.add_patch(Rectangle((place, 1), 2, 2))
        typeset.write(sheet.ax, place, 1, name, 10, language="en")
    root = ElementTree.fromstring(markup(sheet.figure, "run", "alt"))
    drawn = [part.text or part.tag for part in root.iter() if part.tag in {"path", "text"}]
    usual = ElementTree.fromstring(_svg(sheet.figure, []))
    parts = [part for part in usual.iter() if part.tag in {f"{SVG}path", f"{SVG}text"}]
    assert drawn == [part.text or "path" for part in parts]


def test_of_two_drawings_in_a_page_each_looks_as_it_does_alone(sheet):
    one = markup(sheet.figure, "run", "alt", "study-broad")
    other = markup(sheet.figure, "run", "alt", "study-narrow")
    names = [
        re.search(r'^<svg class="study-drawing study-\w+ (\w+)"', page)[1] for page in (one, other)
    ]
    assert names[0] != names[1]
    for name, page in zip(names, (one, other), strict=True):
        look = re.search("<style>(.*)</style>", page)[1]
        rules = re.findall(r"([^{}]+)\{[^{}]*\}", look.partition("}}")[2])
        assert rules
        assert all(rule.startswith(f".{name} .") for rule in rules)


def test_a_clip_of_any_form_that_cuts_something_off_stays(sheet):
    (line,) = sheet.ax.plot([0, 9], [0, 9])
    line.set_clip_path(Circle((5, 5), 2, transform=sheet.ax.transData))
    page = drawn(sheet)
    assert len(page.all("clippath")) == 1
    assert sum("clip-path" in one for one in page.all("path")) == 1


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
    looks = dict(re.findall(r"\.(\w+)\{[^{}]*fill:var\(--figure-([\w-]+),", page))
    inks = {looks[look]: text for look, text in re.findall(r'class="(\w+)"[^>]*>(on \w+)<', page)}
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
    own = TTFont(paths.root() / f"book/_static/fonts/FiraSans-{weight}.woff2")
    assert {*"aZäöüßÄÖÜé09.,;:–„“”’%€²→"} <= {*map(chr, own.getBestCmap())}
    for letter in own.getBestCmap():
        assert outline(own, letter) == outline(package, letter), chr(letter)


def outline(font, letter):
    glyphs = font.getGlyphSet()
    pen, glyph = DecomposingRecordingPen(glyphs), glyphs[font.getBestCmap()[letter]]
    glyph.draw(pen)
    return glyph.width, pen.value


def test_what_an_element_refers_to_is_numbered_in_the_same_order_each_time():
    refers = {name: f"url(#{name[0]})" for name in ("clip-path", "stroke", "fill")}
    root = ElementTree.Element("svg", {"viewBox": "0 0 1 1"})
    page = _Page("d", [], root)
    style = f"stroke: {refers.pop('stroke')}"
    page._attributes(ElementTree.Element("path", refers | {"style": style}), "path")
    assert page.ids == {"f": "0", "s": "1", "c": "2"}
