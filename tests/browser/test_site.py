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
SIZES = {"desktop": (1300, 900), "phone": (390, 844)}


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


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


@pytest.fixture(scope="session", params=SIZES)
def context(browser, request):
    width, height = SIZES[request.param]
    context = browser.new_context(viewport={"width": width, "height": height}, locale="de-DE")
    yield context
    context.close()


@pytest.fixture
def page(context):
    page = context.new_page()
    page.requests, page.complaints = [], []
    page.on("request", lambda sent: page.requests.append(sent.url))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    yield page
    page.close()


def test_there_is_a_book():
    assert len(PAGES) > 30


@pytest.mark.parametrize("path", PAGES)
def test_page(page, address, path):
    page.goto(f"{address}/{path}")
    assert page.title()
    assert page.complaints == []
    elsewhere = [url for url in page.requests if not url.startswith((address, "data:"))]
    assert elsewhere == [], "a page asks no other host for anything"
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "the page scrolls sideways"
    pictures = page.evaluate("[...document.querySelectorAll('article img')].map(i => [i.src, i.alt, i.naturalWidth])")
    assert all(width for _, _, width in pictures), pictures
    if "/notebooks/" not in path:
        assert all(alt for _, alt, _ in pictures), pictures


def test_landing_page_leads_to_the_edition(page, address):
    page.goto(f"{address}/index.html")
    page.wait_for_url("**/de/index.html")


@pytest.mark.parametrize(("word", "found"), [("Stahl", "cases"), ("Zement", "cases"), ("Beschaffung", "contribution")])
def test_search_finds_words_and_what_they_begin(page, address, word, found):
    page.goto(f"{address}/de/search.html?q={word}")
    page.wait_for_selector("ul.search li a")
    hits = page.evaluate("[...document.querySelectorAll('ul.search li a')].map(a => a.getAttribute('href'))")
    assert any(f"{found}.html" in hit for hit in hits), hits
