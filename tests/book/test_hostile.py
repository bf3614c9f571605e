"""Whatever a text says, it comes out verbatim wherever it appears, and nothing in it is
run, followed or formatted.
"""

import html
import json
import re
import xml.etree.ElementTree as ElementTree
from collections import Counter

import pytest
from hostile import MARK, Page, texts_of

pytestmark = pytest.mark.xdist_group("built")
# What the hostile texts would make of a page if one were read as HTML or Markdown.
MADE = {
    "script",
    "img",
    "b",
    "i",
    "strong",
    "code",
    "h1",
    "h2",
    "h3",
    "iframe",
    "object",
    "svg",
    "style",
    "form",
    "input",
}
# Notebooks shorten long cells of a table that they show in passing.
SHORTENED = "..."


def site(folder):
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.html"))}


def published(study):
    """Every file that holds texts of the study."""
    build = study.folder / "build"
    return [
        *build.glob("html/**/*.html"),
        *build.glob("html/**/*.csv"),
        *build.glob("de/*/*.json"),
        *(study.folder / "data/processed").glob("*.*"),
    ]


def test_every_text_is_verbatim_wherever_it_appears(hostile):
    wrong = []
    for path in published(hostile):
        for text in texts_of(path):
            for mark in MARK.finditer(text):
                whole, found = hostile.texts[mark[0]], text[mark.start() :]
                cut = (
                    len(found.partition(SHORTENED)[0]) if "notebooks" in path.parts else len(whole)
                )
                if "notebooks" in path.parts:  # they show some texts as Python writes them
                    found, whole = found[:cut].replace("\\", ""), whole[:cut].replace("\\", "")
                    cut = min(len(found), len(whole))
                if not found.startswith(whole[:cut]):
                    wrong.append((path.name, whole, found[: len(whole) + 20]))
    assert wrong == []


def test_texts_of_every_kind_reach_the_pages(hostile):
    pages = "\n".join("\n".join(Page(path).texts) for path in site(hostile.site).values())
    seen = set(MARK.findall(pages))
    for what in hostile.kinds:
        assert seen & hostile.kinds[what], f"no text of {what} is on any page"


def test_the_pages_are_made_of_the_same_elements_as_without(hostile, built):
    with_texts, without = site(hostile.site), site(built.build / "html")
    assert with_texts.keys() == without.keys()
    for name in without:
        made, expected = (
            Counter(tag for tag, _ in Page(pages[name]).elements if tag in MADE)
            for pages in (with_texts, without)
        )
        assert made == expected, name


def test_nothing_was_run_and_no_link_leads_anywhere_else(hostile):
    assert not list(hostile.folder.rglob("ran"))
    for name, path in site(hostile.site).items():
        page = Page(path)
        assert not [
            attribute
            for _, attributes in page.elements
            for attribute in attributes
            if attribute in ("onerror", "onload")
        ], name
        assert not [
            text for text in page.texts if re.match(r"\s*javascript:|https://example\.org", text)
        ], name


def test_the_search_shows_titles_as_they_are(hostile):
    script = (hostile.site / "de/searchindex.js").read_text("utf-8")
    index = json.loads(script.removeprefix("Search.setIndex(").removesuffix(")"))
    titles = [*index["titles"], *index["alltitles"]]
    assert [title for title in titles if "<" in title] == []
    shown = [html.unescape(title) for title in titles]
    marked = [(title, mark[0]) for title in shown for mark in MARK.finditer(title)]
    assert len(marked) > 20
    assert all(hostile.texts[mark] in title for title, mark in marked)


def test_drawings_hold_no_markup_of_a_text(hostile):
    drawings = [*(hostile.site / "de/figures").glob("*.svg")]
    assert drawings
    for path in drawings:
        tags = {element.tag.rpartition("}")[2] for element in ElementTree.parse(path).iter()}
        assert not tags & {"script", "img", "b", "i", "a", "image", "foreignObject"}, path.name


def test_drawings_on_pages_run_nothing_and_show_no_other_page(hostile):
    shown = {"svg", "style", "path", "text", "defs", "use", "g", "a", "title", "rect"}
    shown |= {"pattern", "clippath"}
    drawings = sorted((hostile.folder / "build/de/figures").glob("*.html"))
    assert len(drawings) > 15
    for path in drawings:
        elements = Page(path).elements
        assert {tag for tag, _ in elements} <= shown, path.name
        attributes = {name for _, names in elements for name in names}
        assert not [name for name in attributes if name.startswith("on") or ":" in name], path.name
