"""What is looked for on a page: what axe-core finds in four looks, and whether it scrolls sideways
in a very narrow window, with the spacing that readers with weak eyes may set.
"""

import os

from axe_playwright_python.base import AXE_FILE_PATH
from window import SIZES, resize

LOOKS = [("light", "desktop"), ("dark", "phone"), ("light", "phone"), ("dark", "desktop")]
# axe leaves out the size of targets, which WCAG 2.2 asks for, unless it is told.
FAST = {"preload": False, "resultTypes": ["violations"]}
OPTIONS = {**FAST, "rules": {"target-size": {"enabled": True}}}
COLOURS = {**FAST, "runOnly": ["color-contrast", "link-in-text-block"]}  # what is other in the dark
# What axe asks for within a part of the page, and faults by rule: where they are.
ASK = """([part, options]) => axe.run(part, options).then(found => [
    ["passes", "violations", "incomplete", "inapplicable"]
        .flatMap(kind => found[kind]).map(rule => rule.id),
    found.violations.map(rule => [rule.id, ...rule.nodes.map(node => node.html.slice(0, 120))]),
])"""
OVER = ".bd-header-article :is(.primary-toggle, .secondary-toggle)"
NARROW = (320, 700)
# WCAG 2.2, 1.4.12.
SPACING = """
* {
    line-height: 1.5 !important;
    letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important;
}
p { margin-bottom: 2em !important }
"""
WIDTH = "document.documentElement.scrollWidth"
# What the page does when its size has changed it does in its next frame, and draws it in the one
# after; on a busy machine, no number of milliseconds is enough for a page of a thousand rows.
SETTLED = """document.fonts.ready.then(() => new Promise(settled =>
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(settled)))))"""


def axe_in_all_looks(tab):
    """What axe asks for and its faults, look by look: of the page with everything folded open, and
    of the menu and the contents where they lie over it.
    """
    tab.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    tab.add_script_tag(path=os.environ.get("AXE_WANTED") or AXE_FILE_PATH)
    for scheme, size in LOOKS:
        resize(tab, SIZES[size])
        tab.emulate_media(color_scheme=scheme)
        tab.evaluate("scheme => document.documentElement.dataset.theme = scheme", scheme)
        options = OPTIONS if scheme == "light" else COLOURS
        tab.evaluate(SETTLED)
        yield scheme, size, *tab.evaluate(ASK, ["html", options])
        for button in tab.locator(OVER).filter(visible=True).all() if size == "phone" else ():
            button.click()
            yield scheme, size, *tab.evaluate(ASK, ["dialog[open]", options])
            tab.keyboard.press("Escape")
            tab.wait_for_function("!document.querySelector('dialog[open]')")


def sideways(tab):
    """How wide a page is in a very narrow window if it is wider than that; also with spacing."""
    resize(tab, NARROW)
    tab.evaluate(SETTLED)
    yield from filter(NARROW[0].__lt__, [tab.evaluate(WIDTH)])
    tab.add_style_tag(content=SPACING)
    tab.evaluate(SETTLED)
    yield from filter(NARROW[0].__lt__, [tab.evaluate(WIDTH)])
