"""Figures are read as text: found and selected, in their own letters, on dark pages and paper."""

import re

import pytest
from window import SITE

PAGE = "de/contribution.html"
COLOURS = """() => [...document.querySelectorAll(".study-drawing text")].map(
    t => getComputedStyle(t).fill)"""
GROUND = """() => getComputedStyle(document.querySelector(".study-drawing > path")).fill"""


@pytest.fixture
def contribution(page, address):
    page.goto(f"{address}/{PAGE}")
    page.evaluate("document.fonts.ready")
    return page


def luminance(colour):
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_words_in_a_figure_are_found_and_selected(contribution):
    word = contribution.locator(".study-drawing text", has_text=re.compile(r"^\w{9,}$")).first
    text = word.text_content()
    contribution.evaluate("getSelection().selectAllChildren(document.querySelector('h1'))")
    box = word.bounding_box()
    contribution.mouse.dblclick(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert contribution.evaluate("getSelection().toString().trim()") == text
    contribution.evaluate("getSelection().collapse(document.body)")
    assert contribution.evaluate("word => find(word)", text)


def test_blanks_at_the_ends_of_texts_stand_between_them(contribution):
    ends = (
        "[...document.querySelectorAll('.study-broad text')].filter(t => / $/.test(t.textContent))"
    )
    said = f"{ends}.map(t => [t.textContent.length, t.getNumberOfChars()])"
    counted = contribution.evaluate(said)
    assert counted
    assert [drawn for _, drawn in counted] == [written for written, _ in counted]


def test_figures_are_written_in_their_own_letters_each_text_as_wide_as_drawn(contribution):
    assert contribution.evaluate("[...document.fonts].some(f => f.status == 'loaded')")
    for width in (390, 1300):  # the narrow and the broad drawing
        contribution.set_viewport_size({"width": width, "height": 900})
        wide = contribution.evaluate(
            "[...document.querySelectorAll('.study-drawing text')]"
            ".filter(text => text.checkVisibility()).map("
            "t => [t.getComputedTextLength(), t.textLength.baseVal.value, t.textContent])"
        )
        assert wide
        assert [text for own, said, text in wide if abs(own - said) > 0.5] == []


def test_texts_stay_within_a_figure_on_a_page_that_is_written_from_the_right(contribution):
    inside = """() => [...document.querySelectorAll(".study-broad text")].filter(text => {
        const drawn = text.getBBox(), box = text.ownerSVGElement.viewBox.baseVal
        return drawn.x < -2 || drawn.x + drawn.width > box.width + 2
    }).map(text => text.textContent)"""
    contribution.evaluate("document.documentElement.dir = 'rtl'")
    assert contribution.evaluate(inside) == []


def test_what_is_written_in_a_figure_is_not_read_aloud_beside_what_is_said_of_it(contribution):
    session = contribution.context.new_cdp_session(contribution)
    tree = session.send("Accessibility.getFullAXTree")["nodes"]
    spoken = [
        node["name"]["value"]
        for node in tree
        if not node["ignored"] and node["role"]["value"] == "StaticText" and "name" in node
    ]
    alone = contribution.evaluate(
        "[...document.querySelectorAll('.study-drawing text')].map(t => t.textContent)"
        ".filter(t => t.length > 12)"
    )
    article = contribution.evaluate("document.querySelector('article').innerText")
    assert [text for text in alone if text in spoken and article.count(text) < 2] == []
    names = {node.get("name", {}).get("value") for node in tree}
    labels = contribution.eval_on_selector_all(
        ".study-drawing", "all => all.filter(s => s.checkVisibility()).map(s => s.ariaLabel)"
    )
    assert labels
    assert {*labels} <= names


def test_figures_are_dark_on_dark_pages_and_light_on_paper(contribution):
    contribution.evaluate("document.documentElement.dataset.theme = 'light'")
    light = contribution.evaluate(COLOURS)
    contribution.evaluate("document.documentElement.dataset.theme = 'dark'")
    ground = contribution.evaluate(GROUND)
    assert luminance(ground) < 0.02
    assert contribution.evaluate(COLOURS) != light
    contribution.emulate_media(media="print")
    assert contribution.evaluate(GROUND) == "rgb(255, 255, 255)"
    assert contribution.evaluate(COLOURS) == light


def test_marks_lead_to_what_they_stand_for():
    for path in sorted(SITE.glob("*/*.html")):
        shown = path.read_text("utf-8")
        for drawing in re.findall(r'<svg [^>]*class="study-drawing.*?</svg>', shown):
            for name, anchor in re.findall(r'<a href="([^"#]*)#([^"]*)"', drawing):
                target = (path.parent / name).read_text("utf-8") if name else shown
                assert f'id="{anchor}"' in target, f"{path.name}: {name}#{anchor}"


MARKS = "[...document.querySelectorAll('.study-drawing a[href]')].filter(a => a.checkVisibility())"


def marks(path):
    """The linked marks of each broad drawing of a page, as it is without its script."""
    drawings = re.findall(r'<svg [^>]*class="study-drawing.*?</svg>', path.read_text("utf-8"))
    broad = [drawing for drawing in drawings if "study-narrow" not in drawing.partition(">")[0]]
    return [re.findall(r"<a href=[^>]*>", drawing) for drawing in broad]


def test_without_the_script_every_mark_is_a_link_that_the_tab_key_reaches():
    found = [links for path in SITE.glob("*/*.html") for links in marks(path) if links]
    assert found
    for links in found:
        places = {link.split('"')[1] for link in links}
        stops = {link.split('"')[1] for link in links if "tabindex" not in link}
        assert stops == places


def test_arrow_keys_lead_to_every_mark_and_enter_to_what_it_stands_for(page, address):
    page.goto(f"{address}/de/contribution.html")
    within = f"{MARKS}.filter(a => !a.ariaHidden && a.closest('svg') == {MARKS}[0].closest('svg'))"
    page.evaluate(f"{within}[0].focus()")
    n = page.evaluate(f"{within}.length")
    assert n > 5
    seen = []
    for _ in range(n + 1):  # once more than there are: the last one stays
        seen.append(page.evaluate(f"{within}.indexOf(document.activeElement)"))
        page.keyboard.press("ArrowRight")
    assert seen == [*range(n), n - 1]
    page.keyboard.press("Home")
    assert page.evaluate(f"{within}.indexOf(document.activeElement)") == 0
    before = page.evaluate("document.activeElement.getBoundingClientRect().top")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") > before
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.study-drawing')") is None
    page.keyboard.press("Shift+Tab")  # back to where the arrows had led
    place = page.evaluate("document.activeElement.href.baseVal")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{place}")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_where_the_keyboard_is_in_a_figure_can_be_seen(contribution, theme):
    contribution.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    contribution.evaluate(f"{MARKS}.find(a => !a.ariaHidden).focus()")
    contribution.keyboard.press("ArrowRight")
    ring = contribution.evaluate(
        "(look => [look.outlineStyle, look.outlineWidth, look.outlineColor])"
        "(getComputedStyle(document.activeElement))"
    )
    ground = contribution.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ring[:2] == ["solid", "2px"]
    one, other = sorted([luminance(ring[2]), luminance(ground)])
    assert (other + 0.05) / (one + 0.05) >= 3


def test_below_a_figure_with_links_a_line_says_so_and_below_others_none():
    for path in sorted(SITE.glob("*/*.html")):
        shown = path.read_text("utf-8")
        figures = re.findall(r'<div class="study-frame".*?<figcaption', shown, re.DOTALL)
        for figure in figures:
            assert ("<a href=" in figure) == ('class="study-marks"' in figure), path.name


def test_what_was_searched_for_is_not_painted_over_in_a_figure(contribution):
    word = contribution.locator(".study-drawing text", has_text=re.compile(r"^\w{9,}$")).first
    contribution.evaluate(
        "word => _highlightText(document.querySelector('.study-frame'), word, 'highlighted')",
        word.text_content().lower(),
    )
    marks = contribution.locator(".study-drawing rect.highlighted")
    assert marks.count() > 0
    assert marks.filter(visible=True).count() == 0


def test_what_dark_pages_print_is_dark_on_white(page, address):
    page.goto(f"{address}/de/notebooks/roles.html")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.emulate_media(media="print")
    printed = page.eval_on_selector_all(
        ".bd-content :is(code, pre, pre span, table.dataframe td, table.dataframe th, p)",
        "all => all.filter(e => e.checkVisibility()).map(e => getComputedStyle(e).color)",
    )
    assert printed
    assert [colour for colour in {*printed} if luminance(colour) > 0.05] == []
