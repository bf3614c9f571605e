"""What others write into pages is mended: no part of a page is left as HTML and WCAG forbid it."""

import re
from html.parser import HTMLParser

import pandas as pd
import pytest

from analysis.book.upstream import FRAME, MENDS, mended

pytestmark = pytest.mark.xdist_group("built")


class Tables(HTMLParser):
    """The tables of a page: the words of their captions, and the attributes of their heads."""

    def __init__(self, page):
        super().__init__()
        self.captions, self.heads, self.ours, self.inside = [], [], [], None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "table":
            self.ours.append("study-table" in attributes.get("class", ""))
            self.captions.append("")
        elif tag == "th":
            self.heads.append(attributes.get("scope"))
        self.inside = tag if tag == "caption" else self.inside

    def handle_endtag(self, tag):
        self.inside = None if tag == "caption" else self.inside

    def handle_data(self, text):
        if self.inside:
            self.captions[-1] += text


@pytest.fixture(scope="module")
def pages(built):
    """Every page of the book, and every notebook to take away."""
    site = built.build / "html"
    return {
        path.relative_to(site).as_posix(): path.read_text("utf-8") for path in site.rglob("*.html")
    }


def test_heads_of_tables_say_of_what_they_are_and_our_tables_have_names(pages):
    for name, page in pages.items():
        tables = Tables(page)
        assert {"col", "row", "colgroup", "rowgroup"}.issuperset(tables.heads), name
        unnamed = [
            number
            for number, (ours, caption) in enumerate(zip(tables.ours, tables.captions, strict=True))
            if ours and not caption.strip()
        ]
        assert unnamed == [], name
    assert sum(page.count('scope="row"') for page in pages.values()) > 100


def test_what_nobody_sees_has_no_number(pages):
    unseen = [
        found
        for page in pages.values()
        for found in re.findall(r'<caption class="study-unseen">.*?</caption>', page, re.DOTALL)
    ]
    assert len(unseen) > 10
    assert [found for found in unseen if "caption-number" in found] == []


def test_a_page_has_no_id_twice_and_no_list_without_items(pages):
    for name, page in pages.items():
        ids = re.findall(r'<[a-z][^<>]*? id="([^"]+)"', page)
        assert sorted(ids) == sorted(set(ids)), name
        assert "doc-biblioentry" not in page, name
        assert 'role="list"' not in page or 'role="listitem"' in page, name


def test_nothing_is_left_that_html_forbids(pages):
    for name, page in pages.items():
        summaries = re.findall(r"<summary.*?</summary>", page, re.DOTALL)
        assert not [part for part in summaries if re.search(r"<p\b|aria-label", part)], name
        assert not re.search(r"<style scoped|<table border|\bhalign=|overflow: overlay", page), name


def test_a_page_that_is_mended_stays_as_it_is(pages):
    assert [name for name, page in pages.items() if mended(page) != page] == []


@pytest.mark.parametrize("levels", [1, 2])
def test_heads_of_data_frames_say_of_what_they_are_and_corners_are_none(levels):
    index = pd.MultiIndex.from_product([["a", "b"], ["c", "d"]][:levels])
    frame = pd.DataFrame(1, index=index, columns=index)
    page = mended(frame._repr_html_())
    assert "<th></th>" not in page
    heads = re.findall(r"<th\b([^>]*)>(\w*)", page)
    assert all("scope=" in attributes for attributes, _ in heads)
    assert {text for _, text in heads} == {*"abcd"[: 2 * levels]}
    assert ('scope="colgroup" colspan="2"' in page) == (levels == 2)
    assert ('scope="rowgroup" rowspan="2"' in page) == (levels == 2)


def test_what_is_mended_begins_with_fixed_letters_which_are_looked_for_fast():
    for pattern in (*(pattern for pattern, _ in MENDS), FRAME):
        assert re.match(r"\(?(?:<|\\[.n])", pattern.pattern), pattern.pattern


def test_a_page_says_which_way_its_language_is_written_where_that_is_from_the_right():
    page = '<html lang="{}" data-content_root="./" >'.format
    assert mended(page("ar")) == '<html lang="ar" dir="rtl" data-content_root="./" >'
    assert mended(mended(page("ar"))) == mended(page("ar"))
    assert mended(page("de")) == page("de")


def test_a_row_that_is_headed_by_nothing_has_no_head():
    frame = pd.DataFrame({"n": [1, 2]}, index=["a", ""]).to_html()
    assert "<th></th>" in frame
    assert Tables(mended(frame)).heads == ["col", "row"]
    assert "<th" not in mended('<th class="stub"><p></p></th>')
