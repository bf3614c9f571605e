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
        for drawing in re.findall(r'<svg class="study-drawing.*?</svg>', shown):
            for name, anchor in re.findall(r'<a href="([^"#]*)#([^"]*)"', drawing):
                target = (path.parent / name).read_text("utf-8") if name else shown
                assert f'id="{anchor}"' in target, f"{path.name}: {name}#{anchor}"
