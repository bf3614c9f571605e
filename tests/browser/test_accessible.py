"""One page of each kind without a fault that axe-core finds: light and dark, on desk and phone,
with everything folded open, the menu and the contents too; `make audit` looks at all pages.
"""

import re

import pytest
from looking import axe_in_all_looks
from window import EXECUTED, PAGES, SITE

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
