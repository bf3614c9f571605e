"""A site that is told its address names it on every page: what shares, cites and indexes pages
needs whole addresses.
"""

import html
import json
import re
import shutil
from urllib.parse import unquote

import pytest

pytestmark = pytest.mark.xdist_group("built")
SITE = "https://example.org/study/"


@pytest.fixture(scope="module")
def pages(built, new_mini):
    """The pages of the book, built with an address."""
    study = new_mini()
    shutil.copytree(built.build, study.build)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("COMPENDIUM_SITE_URL", SITE)
        done = study.run("doit", "book")
    assert done.returncode == 0, done.stderr
    site = study.build / "html"
    found = {path.relative_to(site).as_posix(): path.read_text("utf-8") for path in every(site)}
    assert len(found) > 10
    return site, found


def every(site):
    return [path for path in site.rglob("*.html") if "executed" not in path.parts]


def told(page, name):
    found = re.findall(rf'<meta (?:name|property)="{name}" content="([^"]*)">', page)
    return [html.unescape(text) for text in found]


def linked(page, relation):
    found = re.findall(rf'<link rel="{relation}"(?: hreflang="[\w-]+")? href="([^"]*)">', page)
    return [html.unescape(address) for address in found]


def test_every_page_of_the_report_names_its_address_once(pages):
    for name, page in pages[1].items():
        own = SITE if name == "index.html" else SITE + name
        own = None if name.endswith(("404.html", "search.html", "genindex.html")) else own
        assert [unquote(one) for one in linked(page, "canonical")] == ([own] if own else []), name
        assert told(page, "og:url") == linked(page, "canonical"), name
        assert told(page, "DC.identifier") == linked(page, "canonical"), name
        assert ("noindex" in "".join(told(page, "robots"))) == (own is None), name


def test_addresses_of_pictures_and_editions_lead_to_files_of_the_site(pages):
    site, found = pages
    for name, page in found.items():
        pictures = told(page, "og:image")
        assert len(pictures) == (name.startswith("de/")), name
        assert len(told(page, "og:image:alt")) == len(pictures), name
        for address in [*pictures, *linked(page, "alternate")]:
            assert address.startswith(SITE), name
            place = site / unquote(address.removeprefix(SITE))
            assert (place / "index.html" if place.is_dir() else place).is_file(), address


def test_search_engines_are_told_of_every_page_and_of_none_else(pages):
    site, found = pages
    listed = re.findall("<loc>(.*)</loc>", (site / "de/sitemap.xml").read_text("utf-8"))
    canonical = [
        address
        for name, page in found.items()
        if name.startswith("de/")
        for address in linked(page, "canonical")
    ]
    assert sorted(html.unescape(address) for address in listed) == sorted(canonical)


def test_linked_data_says_where_the_tables_are(pages):
    site, found = pages
    page = found["de/index.html"]
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    report, data, _code = json.loads(text)["@graph"]
    assert report["url"] == f"{SITE}de/index.html"
    (parcel,) = data["distribution"]
    assert (site / parcel["contentUrl"].removeprefix(SITE)).is_file()


def test_every_page_says_what_it_is(pages):
    for name, page in pages[1].items():
        if name == "404.html":
            continue
        is_cited = not name.endswith(("search.html", "genindex.html"))
        assert len(told(page, "og:title")) == 1, name
        assert len(told(page, "citation_title")) == is_cited, name
        assert told(page, "DC.creator") == ["Niemand"], name
        assert told(page, "citation_author") == ["Niemand"] * is_cited, name
        assert linked(page, "license"), name
        (description,) = told(page, "description")
        assert description.strip(), name
