"""On the paper that a browser prints nothing is left out, and nothing is for the screen."""

import re
from importlib.resources import files

import nbformat
import pytest
from test_site import PAPER, TOO_WIDE
from window import resize

from analysis.book.executed import export

TABS = (files("sphinx_design") / "static/sphinx-design.min.css").read_text("utf-8")
TABLE = '<div class="pst-scrollable-table-container"><table class="table {}">{}</table></div>'
TAB = '<input id="t{0}" name="t" type="radio"{1}><label for="t{0}">Name {0}</label>{2}'


@pytest.fixture
def paper(page, address):
    """A page of the book, printed."""
    page.goto(f"{address}/de/introduction.html")
    page.emulate_media(media="print")
    resize(page, PAPER)
    return page


def put(page, html):
    """Something in the place of what the page says."""
    page.eval_on_selector("article section", "(section, html) => section.innerHTML = html", html)


def rows(cells):
    head = "".join(f"<th>Spalte_{number}</th>" for number, _ in enumerate(cells))
    return (
        f"<thead><tr>{head}</tr></thead><tbody><tr><td>{'</td><td>'.join(cells)}</td></tr></tbody>"
    )


@pytest.mark.parametrize(
    "kind", ["", "study-table", "study-table study-data", "study-table study-wide", "dataframe"]
)
@pytest.mark.parametrize("columns", [6, 10, 12, 20])
def test_no_column_of_a_wide_table_is_left_out(paper, kind, columns):
    cells = ["1.234.567,5"] * (columns - 3)
    put(paper, TABLE.format(kind, rows(["Genehmigungsverfahren", "name_of_a_column", *cells, "x"])))
    assert paper.evaluate(TOO_WIDE) == []


@pytest.mark.parametrize("kind", ["", "study-table", "study-table study-data", "dataframe"])
@pytest.mark.parametrize("columns", [4, 8, 10])
def test_a_number_is_not_broken(paper, kind, columns):
    put(paper, TABLE.format(kind, rows(["Ein Name", *["1.234.567,89"] * (columns - 1)])))
    assert paper.evaluate(TOO_WIDE) == []
    heights = paper.eval_on_selector_all("td", "cells => cells.map(cell => cell.clientHeight)")
    assert max(heights) < 25


# Words and numbers of wide tables that stand on several lines.
BROKEN = """() => [...document.querySelectorAll("table.study-wide tr > *")].flatMap(cell => {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), range = new Range();
    const broken = [];
    while (texts.nextNode()) {
        const { currentNode: text } = texts;
        for (const { 0: word, index } of text.data.matchAll(/[\\p{L}\\p{M}]+|\\d+/gu)) {
            range.setStart(text, index);
            range.setEnd(text, index + word.length);
            const lines = new Set([...range.getClientRects()].map(line => Math.round(line.top)));
            if (lines.size > 1) broken.push(word);
        }
    }
    return broken;
})"""


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", ["tables", "facts", "codebook", "coding", "context-limits"])
def test_no_word_of_a_table_is_broken_but_at_its_syllables(page, address, language, name):
    page.goto(f"{address}/{language}/{name}.html")
    page.add_style_tag(content="* { hyphens: manual !important }")
    page.emulate_media(media="print")
    resize(page, PAPER)
    assert page.evaluate(BROKEN) == []
    assert page.evaluate(TOO_WIDE) == []


def test_every_tab_is_printed_below_its_name(paper):
    paper.add_style_tag(content=TABS)
    tabs = [
        TAB.format(
            number, " checked" * (number == 1), f'<div class="sd-tab-content">{number}</div>'
        )
        for number in (1, 2)
    ]
    put(paper, f'<div class="sd-tab-set">{"".join(tabs)}</div>')
    places = [
        paper.eval_on_selector_all(
            f".sd-tab-set > {part}", "all => all.map(one => one.getBoundingClientRect().y)"
        )
        for part in ("label", "div")
    ]
    assert places[0][0] < places[1][0] < places[0][1] < places[1][1]
    assert paper.locator(".sd-tab-set :is(label, div):visible").count() == 4
    assert paper.locator(".sd-tab-set input:visible").count() == 0


def test_a_head_has_no_mark_for_sorting(page, address):
    page.goto(f"{address}/de/facts.html")
    mark = "head => getComputedStyle(head, '::after').content"
    assert "↕" in page.eval_on_selector("th .study-sort", mark)
    page.emulate_media(media="print")
    assert page.eval_on_selector("th .study-sort", mark) == "none"
    page.click("th .study-sort")
    assert page.eval_on_selector("th .study-sort", mark) == "none"


def test_an_executed_notebook_is_printed_on_a4_with_the_whole_of_each_line(page):
    line = "value = " + " + ".join(f"number_{number}" for number in range(30)) + "x" * 150
    said = nbformat.v4.new_output("stream", text="1234567890" * 20)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(line, outputs=[said])])
    page.set_content(export(nbformat.writes(notebook), "x", title="x", alt="", language="de"))
    page.emulate_media(media="print")
    resize(page, PAPER)
    assert page.evaluate(TOO_WIDE) == []
    written = page.pdf(prefer_css_page_size=True).decode("latin-1")
    (box,) = {*re.findall(r"/MediaBox \[([^]]*)\]", written)}
    assert [float(side) for side in box.split()] == pytest.approx([0, 0, 595, 842], abs=1)


def test_on_paper_rows_that_were_chosen_are_told_to_be_some_and_by_what(page, address):
    page.goto(f"{address}/de/facts.html?rows=Duisburg")
    said = page.text_content(".study-tools output")
    page.emulate_media(media="print")
    assert page.locator(".study-tools output").is_visible()
    assert page.locator(".study-tools input").is_visible()
    assert page.locator(".study-filters").filter(visible=True).count() == 0
    assert re.fullmatch(r"Zeilen: [1-9]\d* von \d+", said)
    page.fill("input[name=rows]", "", force=True)
    assert not page.locator(".study-tools").is_visible()
    page.locator(".study-filters select").last.evaluate(
        "s => { s.selectedIndex = 1; s.dispatchEvent(new Event('change')) }"
    )
    assert page.locator(".study-tools output").is_visible()
    assert page.locator(".study-tools input").is_hidden()
    assert page.locator(".study-filters select").last.is_visible()
    assert page.locator(".study-filters select").filter(visible=True).count() == 1


# What makes a field of words: an edge, a ground of its own, a ring, room around it, or a button,
# for which a field of text would be wider than what is typed.
FIELD = """field => {
    const drawn = getComputedStyle(field);
    const ring = drawn.outlineStyle !== "none" && parseFloat(drawn.outlineWidth) > 0;
    const paper = document.createElement("canvas").getContext("2d");
    paper.font = drawn.font;
    const is_wider = field.localName === "input"
        && field.offsetWidth > paper.measureText(field.value).width + 2;
    return [drawn.borderWidth, drawn.padding, drawn.boxShadow, drawn.maxWidth, ring, is_wider];
}"""


@pytest.mark.parametrize("language", ["de", "en"])
def test_on_paper_words_by_which_rows_were_chosen_look_like_words(page, address, language):
    page.goto(f"{address}/{language}/facts.html")
    page.locator(".study-filters select").last.select_option(index=1)
    page.focus("input[name=rows]")
    page.keyboard.type("20")
    page.emulate_media(media="print")
    fields = page.locator(":is(.study-tools input, .study-filters select)").filter(visible=True)
    assert fields.count() == 2
    for field in fields.all():
        assert field.evaluate(FIELD) == ["0px", "0px", "none", "none", False, False]


def test_the_field_for_searching_is_not_printed(page, address):
    page.goto(f"{address}/de/facts.html")
    page.keyboard.press("Control+k")
    assert page.locator("#pst-search-dialog").is_visible()
    page.emulate_media(media="print")
    assert not page.locator("#pst-search-dialog").is_visible()
