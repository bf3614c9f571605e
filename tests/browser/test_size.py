"""How much the finished book weighs."""

import gzip
import re
from functools import cache
from pathlib import Path

import pytest
from window import PAGES, SITE

LOADED = re.compile(r'<(?:script[^>]* src|link[^>]* rel="stylesheet"[^>]* href)="([^"?]*)')
SITE_BOUND = 37e6  # bytes of all files but the PDFs
PAGE_BOUND = 200e3  # bytes of a page and all that it loads by itself, as they are sent


def test_the_site_stays_within_its_bound():
    files = [path for path in SITE.rglob("*") if path.is_file() and path.suffix != ".pdf"]
    heavy = sorted(((path.stat().st_size, path) for path in files), reverse=True)[:9]
    assert sum(path.stat().st_size for path in files) < SITE_BOUND, heavy


@pytest.mark.parametrize("page", PAGES)
def test_a_page_loads_within_its_bound(page):
    place = SITE / page
    text = place.read_text("utf-8")
    loaded = {(place.parent / address).resolve() for address in LOADED.findall(text)}
    loaded |= set((SITE / page.split("/")[0] / "_static/fonts").glob("*.woff2"))
    assert sum(map(packed, {place.resolve(), *loaded})) < PAGE_BOUND


@cache
def packed(path: Path) -> int:
    """The size of a file as a server sends it."""
    return len(gzip.compress(path.read_bytes()))
