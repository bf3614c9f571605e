"""The finished book in a browser, as a reader meets it: `make browse` after `make book`.

Needs a Chromium on the machine (Debian: chromium).
"""

import functools
import gzip
import re

import pytest
from looking import NARROW, SETTLED, sideways
from window import EDITIONS, PAGES, SITE, SIZES, resize

LONGEST = "de/"  # the edition of the longer words; `make audit` looks at narrow pages of both
PAPER = (680, 980)  # A4 less its margins, at 96 dots an inch
# What sticks out of the page on the right, or scrolls inside itself, which paper cannot.
TOO_WIDE = """() => [...document.querySelectorAll("body *")].filter(e => e.checkVisibility() && (
    e.getBoundingClientRect().right > document.documentElement.clientWidth + 1
    || (getComputedStyle(e).overflowX !== "visible" && e.scrollWidth > e.clientWidth + 1)
)).map(e => `${e.localName}.${e.className} ${e.textContent.trim().slice(0, 40)}`)"""
# How many marks of each drawing that is seen the tab key stops at.
STOPS = """() => [...document.querySelectorAll(".study-drawing")].filter(s => s.checkVisibility())
    .map(s => s.querySelectorAll('a[href]:not([tabindex="-1"])').length)"""
# Columns of which, wherever their table is scrolled to, less than half is seen beside the first one
# that stays, nor do they take half of the room.
COVERED = """() => [...document.querySelectorAll("article .study-table > tbody > tr:first-child")]
    .filter(row => row.checkVisibility()).flatMap(row => {
        const [first, ...others] = row.cells;
        const frame = row.closest(".pst-scrollable-table-container");
        const stays = getComputedStyle(first).position === "sticky" ? first.offsetWidth : 0;
        const [room, over] = [frame.clientWidth, frame.scrollWidth - frame.clientWidth];
        return others.map(cell => {
            const left = cell.offsetLeft - Math.max(0, Math.min(over, cell.offsetLeft - stays));
            const seen = Math.min(room, left + cell.offsetWidth) - Math.max(stays, left);
            return [row.closest("table").id, cell.cellIndex, seen, cell.offsetWidth, room];
        });
    }).filter(([, , seen, width, room]) => seen < Math.min(width, room) / 2)"""
# Where links lead, as paths of the site: [language, path].
LEADS = "links => links.map(link => [link.hreflang, new URL(link.href).pathname])"


LOADED = re.compile(
    r'<(?:script[^>]* src|link[^>]* rel="stylesheet"[^>]* href|img[^>]* src)="(?!data:)([^"?#]+)'
    r'(?!" alt="" loading="lazy")(?=["?#])'
)


def test_there_is_a_book():
    assert len(PAGES) > 30


@pytest.mark.parametrize("path", PAGES)
def test_page(page, address, path):
    page.goto(f"{address}/{path}")
    assert page.title()
    check_pictures(page, path)
    check_languages(page, path)
    for name in ("desktop", "phone"):
        resize(page, SIZES[name])
        page.evaluate(SETTLED)
        assert page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        ), f"{name}: the page scrolls sideways"
        assert {*page.evaluate(STOPS)} <= {0, 1}, f"{name}: a figure is one stop for the tab key"
    assert page.evaluate(COVERED) == [], "columns stay below the first one"
    if path.startswith(LONGEST):
        check_paper(page)
        resize(page, NARROW)
        page.evaluate(SETTLED)
        assert page.evaluate(COVERED) == [], "columns stay below the first one at 320 px"
        assert [*sideways(page)] == [], "the page scrolls sideways at 320 px or with wide spacing"
    assert page.complaints == []
    elsewhere = [url for url in page.requests if not url.startswith((address, "data:"))]
    assert elsewhere == [], "a page asks no other host for anything"


def check_paper(page):
    resize(page, PAPER)
    page.emulate_media(media="print")
    assert page.evaluate(TOO_WIDE) == [], "wider than the page when printed"
    assert page.locator(".study-provenance:visible").count() == 0, "digests are of no use on paper"
    page.emulate_media(media="screen")


def check_pictures(page, path):
    pictures = page.evaluate(
        "[...document.querySelectorAll('article img:not([loading=lazy])')]"
        ".map(i => [i.src, i.alt, i.naturalWidth])"
    )
    assert all(width for _, _, width in pictures), pictures
    if "/notebooks/" not in path:
        assert all(alt for _, alt, _ in pictures), pictures


def check_languages(page, path):
    """The same page exists in every edition; the switch leads to the others, and
    search engines learn of all.
    """
    language, _, rest = path.partition("/")
    same = [[edition, f"/{edition}/{rest}"] for edition in EDITIONS]
    assert all((SITE / there[1:]).is_file() for _, there in same), same
    every = [["x-default", "/index.html"]] if rest == "index.html" else []
    assert page.eval_on_selector_all("link[rel=alternate][hreflang]", LEADS) == same + every
    assert page.eval_on_selector_all(".study-editions a", LEADS) == [
        there for there in same if there[0] != language
    ]


def test_a_page_has_a_button_for_its_contents_only_if_it_has_some():
    parts = ("secondary-toggle", 'id="pst-secondary-sidebar"')
    texts = {path: (SITE / path).read_text("utf-8") for path in PAGES}
    both = {path: [part in text for part in parts] for path, text in texts.items()}
    assert {path for path, (button, contents) in both.items() if button != contents} == set()


@pytest.mark.parametrize("edition", EDITIONS)
def test_notebooks_have_one_page_that_shows_and_leads_to_all_of_them(page, address, edition):
    page.goto(f"{address}/{edition}/notebooks.html")
    links = page.eval_on_selector_all(
        ".study-notebooks a", "links => links.map(link => new URL(link.href).pathname.slice(1))"
    )
    assert sorted(links) == [path for path in PAGES if path.startswith(f"{edition}/notebooks/")]
    pictures = page.locator(".study-notebooks img")
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
    page.wait_for_function(
        "[...document.querySelectorAll('.study-notebooks img')].every(i => i.naturalWidth)"
    )


def test_the_side_bar_fits_into_a_window_and_folds_what_the_page_is_not_in(page, address):
    parts = "all => all.map(part => part.open)"
    for name, opened in [("index", [0, 1]), ("notebooks/roles", [0, 1, 4])]:
        page.goto(f"{address}/de/{name}.html")
        shown = page.eval_on_selector_all(".study-part", parts)
        assert [number for number, is_open in enumerate(shown) if is_open] == opened
    page.goto(f"{address}/de/index.html")
    last = page.locator(".study-part > summary").last.bounding_box()
    assert last["y"] + last["height"] < SIZES["desktop"][1]


def test_landing_page_leads_to_the_edition(page, address):
    page.goto(f"{address}/index.html")
    page.wait_for_url("**/de/index.html")


FINDS = [
    ("de", "CO2", "cases"), ("en", "CO2", "cases"), ("de", "Waerme", "glossary"),
    ("de", "Stahl", "cases"), ("de", "Zement", "cases"), ("de", "Beschaffung", "contribution"),
    ("en", "steel", "cases"), ("en", "municipality", "contribution"),
    ("en", "procurement", "contribution"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "word", "found"), FINDS)
def test_search_finds_words_and_what_they_begin(page, address, language, word, found):
    page.goto(f"{address}/{language}/search.html?q={word}")
    page.wait_for_selector("ul.search li a")
    hits = page.evaluate(
        "[...document.querySelectorAll('ul.search li a')].map(a => a.getAttribute('href'))"
    )
    assert any(f"{found}.html" in hit for hit in hits), hits
    resize(page, SIZES["phone"])
    assert page.is_visible("ul.search li a")


def test_pages_and_the_site_are_light():
    """What a page loads, packed as servers send it, in bytes; the longest show a picture."""
    sizes = functools.cache(lambda path: len(gzip.compress(path.read_bytes(), 6)))
    for name in PAGES:
        page = SITE / name
        loaded = {
            (page.parent / file).resolve() for file in LOADED.findall(page.read_text("utf-8"))
        }
        most = 350_000 if "/notebooks/" in name else 250_000
        assert sum(map(sizes, [page, *loaded])) < most, name
    assert sum(path.stat().st_size for path in SITE.rglob("*") if path.is_file()) < 56_000_000
