"""What a page of the finished book does while `make watch` serves it."""

import asyncio
import threading

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from window import SITE, SIZES, resize

from analysis.live.server import News, serving

PAGE = "en/guide.html"  # a short one
LONG = "en/cases.html"
TROUBLE = "units.csv, row 2, column n: 'x'; expected a number"
AT_TOP = """() => [...document.querySelectorAll("main [id]")].filter(
  one => one.getClientRects().length && one.getBoundingClientRect().bottom > 0)[0].id"""
FAULTS = """() => axe.run("aside[aria-label='make watch']", {resultTypes: ["violations"]}).then(
  found => found.violations.map(rule => rule.id))"""


class Watch:
    """A server of the finished book, and what it tells its pages."""

    def __init__(self):
        self.news, self.begun = News(version="1"), threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self.serve()), daemon=True)
        self.thread.start()
        self.begun.wait(10)

    async def serve(self):
        self.loop, self.ended = asyncio.get_running_loop(), asyncio.Event()
        with serving(self.news) as self.address:
            self.begun.set()
            await self.ended.wait()

    def tell(self, **changed):
        self.loop.call_soon_threadsafe(lambda: self.news.tell(**changed))

    def end(self):
        self.loop.call_soon_threadsafe(self.ended.set)
        self.thread.join(10)


@pytest.fixture(scope="module")
def watch():
    watch = Watch()
    yield watch
    watch.end()


@pytest.fixture
def page(browser, watch):
    watch.news.building, watch.news.trouble = False, ""
    page = browser.new_page(reduced_motion="reduce", bypass_csp=True)
    with page.expect_websocket():
        page.goto(f"{watch.address}{PAGE}")
    yield page
    page.close()


def test_a_page_loads_again_where_its_reader_was(page, watch):
    with page.expect_websocket():
        page.goto(f"{watch.address}{LONG}")
    page.evaluate("scrollTo(0, 4000)")
    page.evaluate("document.querySelector('main details').open = true")
    before = page.evaluate(AT_TOP), page.evaluate("scrollY")
    with page.expect_navigation():
        watch.tell(version="2")
    page.wait_for_function("sessionStorage.getItem(`watched ${location.pathname}`) === null")
    assert (page.evaluate(AT_TOP), page.evaluate("scrollY")) == before
    assert page.evaluate("document.querySelector('main details').open")


def test_the_same_version_is_not_loaded_again(page, watch):
    page.evaluate("window.here = true")
    watch.tell(building=True)
    page.get_by_text("Building …").wait_for(state="visible")
    watch.tell(building=False)
    page.get_by_text("Building …").wait_for(state="hidden")
    assert page.evaluate("window.here")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_wrong_lies_over_the_page_until_it_is_mended(page, watch, size, scheme):
    resize(page, SIZES[size])
    page.emulate_media(color_scheme=scheme)
    watch.tell(trouble=TROUBLE)
    page.get_by_text(TROUBLE).wait_for(state="visible")
    page.add_script_tag(path=AXE_FILE_PATH)
    assert page.evaluate(FAULTS) == []
    watch.tell(trouble="")
    page.get_by_text(TROUBLE).wait_for(state="hidden")


@pytest.mark.parametrize("way", ["button", "Enter", "Escape"])
def test_a_reader_may_put_what_is_wrong_away(page, watch, way):
    watch.tell(trouble=TROUBLE)
    close = page.get_by_role("button", name="Close", exact=True).last
    close.focus()
    close.click() if way == "button" else page.keyboard.press(way)
    page.get_by_text(TROUBLE).wait_for(state="hidden")
    watch.tell(building=True)  # which says the same again
    page.get_by_text("Building …").wait_for(state="visible")
    assert page.get_by_text(TROUBLE).is_hidden()
    watch.tell(building=False)
    page.get_by_text(TROUBLE).wait_for(state="visible")  # it is not mended yet


def test_a_proof_says_that_it_is_one_and_gives_way_to_the_page(page, watch):
    proof = (SITE / PAGE).read_text("utf-8").replace("<h1>", "<h1>PROOF ", 1)
    with page.expect_navigation():
        watch.tell(building=True, proofs={PAGE: proof})
    assert "PROOF" in page.inner_text("h1")
    page.get_by_text("A proof of this page. Building the report …").wait_for(state="visible")
    with page.expect_navigation():  # also if the book was not built: the last good page comes back
        watch.tell(building=False, proofs={}, trouble=TROUBLE)
    assert "PROOF" not in page.inner_text("h1")
    page.get_by_text(TROUBLE).wait_for(state="visible")


def test_what_was_wrong_gives_way_to_the_proof_of_a_mended_page(page, watch):
    watch.tell(trouble=TROUBLE)
    page.get_by_text(TROUBLE).wait_for(state="visible")
    proof = (SITE / PAGE).read_text("utf-8").replace("<h1>", "<h1>MENDED ", 1)
    with page.expect_navigation(timeout=5000):
        watch.tell(building=True, proofs={PAGE: proof})
    assert "MENDED" in page.inner_text("h1")
    page.get_by_text("A proof of this page. Building the report …").wait_for(state="visible")
    assert page.get_by_text(TROUBLE).is_hidden()
    with page.expect_navigation(timeout=5000):
        watch.tell(building=False, proofs={}, trouble="", version="mended")


def test_a_page_that_was_built_is_shown_although_another_edition_was_not(page, watch):
    watch.tell(building=True)
    page.get_by_text("Building …").wait_for(state="visible")
    with page.expect_navigation(timeout=5000):
        watch.tell(building=False, trouble=TROUBLE, version="of the other edition")
    page.get_by_text(TROUBLE).wait_for(state="visible")


def test_a_page_on_paper_has_nothing_of_it(page, watch):
    watch.tell(trouble=TROUBLE)
    page.get_by_text(TROUBLE).wait_for(state="visible")
    page.emulate_media(media="print")
    assert page.get_by_text(TROUBLE).is_hidden()


def test_a_page_finds_a_server_that_has_begun_again(page, watch):
    page.evaluate("window.here = true")
    watch.loop.call_soon_threadsafe(lambda: [one.close() for one in watch.news.listeners])
    with page.expect_navigation():
        watch.news.start = "another"
