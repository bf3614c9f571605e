"""One page of each kind without a fault that axe-core finds: light and dark, on desk and phone,
with everything folded open. AXE=all looks at all pages.
"""

import os
import re

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from window import PAGES, SITE, SIZES, resize

KINDS = [
    "de/index", "de/cases", "de/literature", "de/search", "de/rebuild", "en/facts", "en/whatif",
    "en/notebooks/roles", "en/codebook",
]  # fmt: skip
UNTITLED = re.compile(r"<table[^>]*>(?!\s*<caption)")
EXECUTED = sorted(
    path.relative_to(SITE).as_posix() for path in SITE.glob("*/notebooks/executed/*.html")
)
LOOKED_AT = (
    [*PAGES, *EXECUTED]
    if os.environ.get("AXE") == "all"
    else [f"{kind}.html" for kind in KINDS] + EXECUTED[:1]
)
# Faults by rule: where they are.
FAULTS = """() => axe.run(document, {resultTypes: ["violations"]}).then(found => found.violations
    .map(rule => [rule.id, ...rule.nodes.map(node => node.html.slice(0, 120))]))"""
LOOKS = [("light", "desktop"), ("dark", "phone"), ("light", "phone"), ("dark", "desktop")]


@pytest.fixture
def axe(browser):
    """A tab that runs axe, which the policy of executed notebooks would not let in."""
    tab = browser.new_page(locale="de-DE", reduced_motion="reduce", bypass_csp=True)
    yield tab
    tab.close()


@pytest.mark.parametrize("path", LOOKED_AT)
def test_axe_finds_no_fault(axe, address, path):
    axe.goto(f"{address}/{path}")
    axe.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    axe.add_script_tag(path=AXE_FILE_PATH)
    for scheme, size in LOOKS:
        resize(axe, SIZES[size])
        axe.emulate_media(color_scheme=scheme)
        axe.evaluate("scheme => document.documentElement.dataset.theme = scheme", scheme)
        axe.wait_for_timeout(200)  # for what the page does when its size has changed
        assert axe.evaluate(FAULTS) == [], f"{scheme}, {size}"


def test_every_table_has_a_caption_except_on_pages_of_notebooks():
    pages = [path for path in PAGES if "/notebooks/" not in path]
    untitled = {path: UNTITLED.findall((SITE / path).read_text("utf-8")) for path in pages}
    assert {path: tables for path, tables in untitled.items() if tables} == {}
