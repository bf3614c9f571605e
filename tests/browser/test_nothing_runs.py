"""A book of hostile texts in a browser: every page and the search show them as they are,
and nothing of them is run.
"""

import re
from urllib.parse import quote

import pytest
from hostile import MARK
from window import served

pytestmark = pytest.mark.xdist_group("hostile")
# What is seen of a page, boxes that are closed included, which no browser counts as its text;
# nobody reads a script, and what is written in a drawing stands there in lines.
TEXT = """() => {
    const described = [...document.querySelectorAll("[alt]")].map(element => element.alt);
    const seen = document.body.cloneNode(true);
    seen.querySelectorAll("script, noscript, svg text").forEach(element => element.remove());
    return [document.title, seen.textContent, ...described].join("\\n");
}"""
SEARCHES = (
    "stolen",
    "script",
    "fett",
    "Q0000Z",
    "newline",
    "frac",
    "<b>",
    "onerror",
    "{{",
    "Erfunden",
)


@pytest.fixture(scope="module")
def address(hostile):
    with served(hostile.site) as address:
        yield address


@pytest.fixture(scope="module")
def tab(browser):
    """A tab that notes whatever a text could make a browser do."""
    tab = browser.new_page(locale="de-DE")
    tab.set_default_timeout(20_000)
    tab.requests, tab.done = [], []
    tab.on("request", lambda sent: tab.requests.append(sent.url))
    tab.on("dialog", lambda dialog: (tab.done.append(f"dialog {dialog.message}"), dialog.dismiss()))
    tab.on("pageerror", lambda error: tab.done.append(f"error {error}"))
    tab.on(
        "console",
        lambda message: (
            tab.done.append(f"console {message.text} {message.location['url']}")
            if message.type == "error"
            else None
        ),
    )
    tab.expose_function("stolen", lambda *_: tab.done.append("stolen"))
    yield tab
    tab.close()


def check(tab, hostile, address):
    """Nothing was done, nobody else was asked, and every hostile text is on the page in full."""
    assert tab.done == []
    assert [url for url in tab.requests if not url.startswith((address, "data:"))] == []
    shown = tab.evaluate(TEXT)
    # Notebooks shorten long cells of the tables that they show in passing, and write some texts as
    # Python does.
    wrong = [
        hostile.texts[mark[0]]
        for mark in MARK.finditer(shown)
        if not _begins(shown[mark.start() :], hostile.texts[mark[0]])
    ]
    assert wrong == []
    return shown


def _begins(shown, whole):
    # several blanks are shown as one
    shown, whole = (" ".join(text.replace("\\", "").split()) for text in (shown, whole))
    return shown.startswith(whole) or whole.startswith(re.split(r"\.\.\.|\s?…", shown)[0])


def test_every_page(tab, hostile, address):
    pages = sorted(
        path.relative_to(hostile.site).as_posix()
        for path in hostile.site.glob("de/**/*.html")
        if "_static" not in path.parts
    )
    assert len(pages) > 20
    for page in pages:
        tab.goto(f"{address}/{page}")
        check(tab, hostile, address)


@pytest.mark.parametrize("word", SEARCHES)
def test_the_search(tab, hostile, address, word):
    tab.goto(f"{address}/de/search.html?q={quote(word)}")
    tab.wait_for_function(
        "document.querySelector('#search-results h2')?.textContent.includes('ergebnisse')"
    )
    tab.wait_for_timeout(300)
    check(tab, hostile, address)


def test_the_search_finds_a_title_and_shows_it(tab, hostile, address):
    title = next(text for mark, text in hostile.texts.items() if mark in hostile.kinds["codebook"])
    tab.goto(f"{address}/de/search.html?q={title[:6]}")
    tab.wait_for_selector("ul.search li a")
    assert title[:6] in check(tab, hostile, address)
