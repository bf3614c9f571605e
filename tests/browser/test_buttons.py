"""Every button of the book is pressed with mouse, finger and keyboard, in windows of three
widths, and does what it says.
"""

import json

import pytest
from playwright.sync_api import TimeoutError as TooLate
from window import EDITIONS, PAGES, SIZES, resize

NOTEBOOK = next((page for page in PAGES if "/notebooks/case-" in page), "de/index.html")
# One page of each kind: title page, figures, tables, search, notebook, program texts.
KINDS = ["index", "cases", "dictionary", "search", NOTEBOOK[3:-5], "rebuild"]
# What a reader can press, and what then has to change of what he sees.
CHANGES = {
    ".primary-toggle": "menu",
    ".secondary-toggle": "contents",
    ".search-button": "search",
    ".search-button-field": "search",
    ".theme-switch-button": "colours",
    ".study-close": "dialog",
    ".study-enlarge": "dialog",
    "#pst-back-to-top": "position",
    "button.copybtn": "copied",
    "summary": "details",
}
UNDONE = {"menu", "contents", "search"}  # by the Escape key, or by the same button again
PRESSABLE = "button, summary, [role=button], [onclick], input:not([type=search]), [data-bs-toggle]"
# What the reader sees: not what is in the page, but what is at a place in the window.
SEEN = """() => {
    const seen = element => {
        const box = element.getBoundingClientRect();
        const [x, y] = [box.left + Math.min(box.width, 40) / 2, box.top + box.height / 2];
        const shown = element.checkVisibility({visibilityProperty: true, opacityProperty: true});
        return box.width > 0 && shown && element.contains(document.elementFromPoint(x, y));
    };
    const all = selector => [...document.querySelectorAll(selector)];
    const some = selector => all(selector).some(seen);
    const colours = getComputedStyle(document.body);
    const mode = document.documentElement.dataset.mode;
    const open = details => [...details.children].slice(1).some(part => part.checkVisibility());
    return {
        menu: some("nav.bd-links a"),
        contents: some(".page-toc a"),
        search: some("input[type=search]:focus"),
        dialog: all("dialog[open]").length,
        colours: [mode, colours.backgroundColor, colours.color].join(),
        copied: all("button.copybtn.success").length,
        position: scrollY,
        details: all("details").map(open).join(),
    };
}"""


def by_mouse(button):
    button.click()
    button.owner_frame().page.mouse.move(0, 0)


def by_finger(button):
    button.tap()


def by_enter(button):
    button.press("Enter")


def by_space(button):
    button.press("Space")


def buttons(page):
    """Everything on the page that can be pressed now, with the change that it promises."""
    unknown = page.locator(f":is({PRESSABLE}):not({', '.join(CHANGES)})").filter(visible=True)
    assert [button.evaluate("b => b.outerHTML.slice(0, 200)") for button in unknown.all()] == [], (
        "no test presses these"
    )
    # the elements themselves: what is visible may be others by the time they are pressed
    found = [
        (what, page.locator(selector).filter(visible=True).element_handles())
        for selector, what in CHANGES.items()
    ]
    # of fifty tables the first and the last
    return [(button, what) for what, alike in found for button in alike[:4] + alike[4:][-1:]]


def press(page, button, what, press_it):
    before = page.evaluate(SEEN)
    press_it(button)
    assert comes(page, f"({SEEN})().{what} !== {json.dumps(before[what])}"), (
        f"{button}: {press_it.__name__} does not change the {what}"
    )
    return before


def comes(page, condition, of=None):
    """Whether a condition comes true soon, one of an element if it is given."""
    try:
        page.wait_for_function(condition, arg=of, timeout=3000)
    except TooLate:
        return False
    return True


def undo(page, button, what, before):
    """Escape closes what lies over the page, and the keyboard is where it was; other
    buttons are pressed again.
    """
    if page.locator("dialog[open]").count():
        page.keyboard.press("Escape")
        assert comes(page, "!document.querySelector('dialog[open]')"), (
            f"{button}: Escape does not close the {what}"
        )
        # the page is told of the closing a moment after it
        assert comes(page, "b => document.activeElement === b", button), (
            f"{button}: after Escape the keyboard is elsewhere"
        )
    elif what == "search":
        page.evaluate("document.activeElement.blur()")
    elif what in UNDONE:
        button.click()
    if what in UNDONE:
        assert comes(page, f"({SEEN})().{what} === {json.dumps(before[what])}"), (
            f"{button}: the {what} stays"
        )


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_button_does_what_it_says(page, address, kind, size):
    # by turns: every kind of page, and every width, in both editions
    edition = EDITIONS[(KINDS.index(kind) + [*SIZES].index(size)) % len(EDITIONS)]
    resize(page, SIZES[size])
    page.goto(f"{address}/{edition}/{kind}.html")
    page.evaluate("document.activeElement.blur()")  # the search page starts in its field
    means = [by_mouse, by_finger, by_enter, by_space]
    # so that each is pressed in all ways on some page
    for number, (button, what) in enumerate(buttons(page), KINDS.index(kind)):
        before = press(page, button, what, means[number % len(means)])
        undo(page, button, what, before)
    assert page.complaints == []


def test_every_dialog_has_a_name(page, address):
    page.goto(f"{address}/de/cases.html")
    names = page.eval_on_selector_all("dialog", "all => all.map((one) => one.ariaLabel)")
    assert names == ["Suchen", "Hauptnavigation", "Inhalt"]


def test_a_dialog_that_no_button_has_opened_gives_none_the_keyboard(page, address):
    page.goto(f"{address}/de/cases.html")
    page.locator(".theme-switch-button").filter(visible=True).first.click()
    page.wait_for_timeout(50)
    page.locator("article a").first.focus()
    page.keyboard.press("Control+k")
    page.wait_for_selector("dialog[open]")
    page.keyboard.press("Escape")
    assert comes(page, "!document.querySelector('dialog[open]')")
    page.wait_for_timeout(50)
    assert page.evaluate("document.activeElement.matches('.theme-switch-button')") is False


def test_a_dialog_that_is_told_to_be_closed_late_takes_the_keyboard_from_no_other(page, address):
    resize(page, SIZES["tablet"])
    page.goto(f"{address}/de/rebuild.html")
    page.locator(".secondary-toggle").filter(visible=True).click()
    search = page.locator(".search-button").filter(visible=True).first.element_handle()
    # its event comes only after the other one is open
    page.evaluate("b => { document.querySelector('dialog[open]').close(); b.click(); }", search)
    page.keyboard.press("Escape")
    assert comes(page, "!document.querySelector('dialog[open]')")
    assert comes(page, "b => document.activeElement === b", search)
