"""The finished book in a browser, as a reader meets it: `make browse` after `make book`.

Needs a Chromium on the machine (Debian: chromium).
"""

import functools
import http.server
import shutil
import threading

import pytest
from playwright.sync_api import sync_playwright

from analysis import paths

SITE = paths.BUILD / "html"
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.glob("*/**/*.html") if "_static" not in path.parts)
EDITIONS = sorted({path.split("/")[0] for path in PAGES})
SIZES = {"desktop": (1300, 900), "phone": (390, 844)}
PAPER = (680, 980)  # A4 less its margins, at 96 dots an inch
# What sticks out of the page on the right, or scrolls inside itself, which paper cannot.
TOO_WIDE = """() => [...document.querySelectorAll("body *")].filter(e => e.checkVisibility() && (
    e.getBoundingClientRect().right > document.documentElement.clientWidth + 1
    || (getComputedStyle(e).overflowX !== "visible" && e.scrollWidth > e.clientWidth + 1)
)).map(e => `${e.localName}.${e.className} ${e.textContent.trim().slice(0, 40)}`)"""
# Where links lead, as paths of the site: [language, path].
LEADS = "links => links.map(link => [link.hreflang, new URL(link.href).pathname])"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def end_headers(self):
        self.send_header("Cache-Control", "max-age=3600")  # styles and scripts are the same on all pages
        super().end_headers()


@pytest.fixture(scope="session")
def address():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=SITE))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        assert chromium, "no Chromium on this machine; Debian has it as `chromium`"
        switches = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
        started = playwright.chromium.launch(executable_path=chromium, args=switches)
        yield started
        started.close()


@pytest.fixture(scope="session")
def tab(browser):
    """One tab for all tests: opening one takes as long as loading a page."""
    tab = browser.new_page(locale="de-DE")
    tab.requests, tab.complaints = [], []
    tab.on("request", lambda sent: tab.requests.append(sent.url))
    tab.on("pageerror", lambda error: tab.complaints.append(str(error)))
    tab.on("console", lambda message: tab.complaints.append(message.text) if message.type == "error" else None)
    return tab


@pytest.fixture
def page(tab):
    tab.goto("about:blank")
    tab.requests.clear()
    tab.complaints.clear()
    tab.emulate_media(media="screen")
    resize(tab, SIZES["desktop"])
    return tab


def resize(page, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})


def test_there_is_a_book():
    assert len(PAGES) > 30


@pytest.mark.parametrize("path", PAGES)
def test_page(page, address, path):
    page.goto(f"{address}/{path}")
    assert page.title()
    check_pictures(page, path)
    check_languages(page, path)
    for name, size in SIZES.items():
        resize(page, size)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), f"{name}: the page scrolls sideways"
    resize(page, PAPER)
    page.emulate_media(media="print")
    assert page.evaluate(TOO_WIDE) == [], "wider than the page when printed"
    assert page.complaints == []
    elsewhere = [url for url in page.requests if not url.startswith((address, "data:"))]
    assert elsewhere == [], "a page asks no other host for anything"


def check_pictures(page, path):
    pictures = page.evaluate("[...document.querySelectorAll('article img')].map(i => [i.src, i.alt, i.naturalWidth])")
    assert all(width for _, _, width in pictures), pictures
    if "/notebooks/" not in path:
        assert all(alt for _, alt, _ in pictures), pictures


def check_languages(page, path):
    """The same page exists in every edition; the switch leads to the others, and search engines learn of all."""
    language, _, rest = path.partition("/")
    same = [[edition, f"/{edition}/{rest}"] for edition in EDITIONS]
    assert all((SITE / there[1:]).is_file() for _, there in same), same
    assert page.eval_on_selector_all("link[rel=alternate][hreflang]", LEADS) == same
    assert page.eval_on_selector_all(".study-editions a", LEADS) == [there for there in same if there[0] != language]


def test_landing_page_leads_to_the_edition(page, address):
    page.goto(f"{address}/index.html")
    page.wait_for_url("**/de/index.html")


FINDS = [
    ("de", "Stahl", "cases"), ("de", "Zement", "cases"), ("de", "Beschaffung", "contribution"),
    ("en", "steel", "cases"), ("en", "municipality", "contribution"), ("en", "procurement", "contribution"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "word", "found"), FINDS)
def test_search_finds_words_and_what_they_begin(page, address, language, word, found):
    page.goto(f"{address}/{language}/search.html?q={word}")
    page.wait_for_selector("ul.search li a")
    hits = page.evaluate("[...document.querySelectorAll('ul.search li a')].map(a => a.getAttribute('href'))")
    assert any(f"{found}.html" in hit for hit in hits), hits
    resize(page, SIZES["phone"])
    assert page.is_visible("ul.search li a")
