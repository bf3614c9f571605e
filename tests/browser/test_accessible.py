"""One page of each kind without a fault that axe-core finds: light and dark, on desk and phone,
with everything folded open, the menu and the contents too; `make audit` looks at all pages.
"""

import re

import pytest
from looking import axe_in_all_looks
from window import EDITIONS, EXECUTED, PAGES, SITE

KINDS = [
    "de/index", "de/interviews", "de/literature", "de/search", "de/rebuild",
    "en/agreement", "en/guide", "en/whatif", "en/notebooks/roles",
]  # fmt: skip
UNTITLED = re.compile(r"<table[^>]*>(?!\s*<caption)")


@pytest.fixture
def axe(browser):
    """A tab that runs axe, which the policy of executed notebooks would not let in."""
    tab = browser.new_page(locale="de-DE", reduced_motion="reduce", bypass_csp=True)
    yield tab
    tab.close()


@pytest.mark.parametrize("path", [*(f"{kind}.html" for kind in KINDS), *EXECUTED[:1]])
def test_axe_finds_no_fault(axe, address, path):
    axe.goto(f"{address}/{path}")
    for scheme, size, rules, faults in axe_in_all_looks(axe):
        assert "color-contrast" in rules
        assert ("target-size" in rules) == (scheme == "light")
        assert faults == [], f"{scheme}, {size}"


def test_every_table_has_a_caption_except_on_pages_of_notebooks():
    pages = [path for path in PAGES if "/notebooks/" not in path]
    untitled = {path: UNTITLED.findall((SITE / path).read_text("utf-8")) for path in pages}
    assert {path: tables for path, tables in untitled.items() if tables} == {}


def test_what_looks_like_a_heading_is_one_and_no_level_is_left_out():
    jumps = {}
    for path in PAGES:
        page = (SITE / path).read_text("utf-8")
        article = page.partition("<article")[2].partition("</article>")[0]
        assert '<p class="rubric"' not in article, path
        levels = [int(level) for level in re.findall(r"<h([1-6])\b", article)]
        steps = zip([0, *levels], levels, strict=False)
        jumps[path] = [step for step in steps if step[1] > step[0] + 1]
    assert {path: steps for path, steps in jumps.items() if steps} == {}


@pytest.mark.parametrize("language", EDITIONS)
def test_no_two_pages_of_an_edition_have_the_same_title(language):
    titles = {}
    for path in PAGES:
        if path.startswith(f"{language}/"):
            title, *_ = re.findall("<title[^>]*>(.*?)</title>", (SITE / path).read_text("utf-8"))
            titles.setdefault(title, []).append(path)
    assert {title: paths for title, paths in titles.items() if len(paths) > 1} == {}


def test_the_menu_says_which_page_is_shown():
    for path in PAGES:
        page = (SITE / path).read_text("utf-8")
        current = re.findall('<a [^>]*aria-current="page"[^>]*>', page)
        assert [link for link in current if 'href="#"' not in link] == []
        assert len(current) == page.count('class="current reference internal"')
    assert 'aria-current="page"' in (SITE / "de/cases.html").read_text("utf-8")
