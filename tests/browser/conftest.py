"""A browser, one tab in it and the finished book at an address."""

import shutil

import pytest
from playwright.sync_api import sync_playwright
from window import SITE, SIZES, resize, served


@pytest.fixture(scope="session")
def address():
    with served(SITE) as address:
        yield address


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        assert chromium, "no Chromium on this machine; Debian has it as `chromium`"
        switches = [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ]
        started = playwright.chromium.launch(executable_path=chromium, args=switches)
        yield started
        started.close()


@pytest.fixture(scope="session")
def tab(browser):
    """One tab for all tests: opening one takes as long as loading a page."""
    tab = browser.new_page(locale="de-DE", has_touch=True, reduced_motion="reduce")
    tab.requests, tab.complaints = [], []
    tab.on("request", lambda sent: tab.requests.append(sent.url))
    tab.on("pageerror", lambda error: tab.complaints.append(str(error)))
    tab.on(
        "console",
        lambda message: tab.complaints.append(message.text) if message.type == "error" else None,
    )
    return tab


@pytest.fixture
def page(tab):
    """The tab as if nobody had read anything in it."""
    tab.goto("about:blank")
    tab.requests.clear()
    tab.complaints.clear()
    tab.emulate_media(media="screen", color_scheme="light", reduced_motion="reduce")
    resize(tab, SIZES["desktop"])
    yield tab
    # nothing is kept of a page without an address
    tab.evaluate("try { localStorage.clear(); sessionStorage.clear() } catch { }")
