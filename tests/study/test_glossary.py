"""The glossary explains every term that a page links to, and both editions link the same
terms at the same places.
"""

import re

import pytest

from analysis import paths

BOOK = paths.root() / "book"
LANGUAGES = sorted(page.parent.name for page in BOOK.glob("*/glossary.md"))
FIRST, *OTHERS = LANGUAGES
PAGES = sorted(page.stem for page in (BOOK / FIRST).glob("*.md"))
ROLE = r"\{term\}`(?:[^`<]*<)?([^`<>]+)>?`"


def text(language, page):
    return (BOOK / language / f"{page}.md").read_text("utf-8")


def entries(language):
    return re.findall(r"^([^\s`(#].*)\n  \S", text(language, "glossary"), re.MULTILINE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_terms_are_in_order_and_explained_once(language):
    names = [name.lower().replace("ö", "o") for name in entries(language)]
    assert names == sorted(set(names))
    assert entries(language) == entries(FIRST)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_links_lead_to_the_glossary(language, page):
    assert set(re.findall(ROLE, text(language, page))) <= set(entries(language))


@pytest.mark.parametrize("page", [page for page in PAGES if page != "glossary"])
def test_a_term_is_linked_once_a_page_and_never_in_a_heading(page):
    linked = re.findall(ROLE, text(FIRST, page))
    assert len(linked) == len(set(linked))
    assert not re.search(r"^#+ .*\{term\}", text(FIRST, page), re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", OTHERS)
def test_the_editions_link_the_same_terms_in_each_paragraph(language, page):
    def paragraphs(edition):
        return [sorted(re.findall(ROLE, part)) for part in text(edition, page).split("\n\n")]

    assert paragraphs(language) == paragraphs(FIRST)
