"""The editions say the same: page by page the same structure, references, citations and values."""

import re
from collections import Counter

import pytest

from analysis import paths

BOOK = paths.root() / "book"
LANGUAGES = sorted(page.parent.name for page in BOOK.glob("*/index.md"))
FIRST, *OTHERS = LANGUAGES
PAGES = sorted(page.stem for page in (BOOK / FIRST).glob("*.md"))
PATTERNS = {
    "headings": r"^(#+) ",
    "labels": r"^\(([\w-]+)\)=$",
    "figures and tables": r"^`{3,}\{(.+)$",
    "options": r"^:(?!alt:)(\w+): *(.*)$",  # an alternative text is in the language of its page
    "cross-references": r"\{(?:ref|numref)\}`([^`]+)`",
    "links": r"\]\(([\w-]+\.md)[^)]*\)",
    "citations": r"\{cite:\w\}`([^`]+)`",
    "values": r"\{\{ *(\w+) *\}\}",
    # {term}`Term` or {term}`text <Term>`: every edition's glossary has the German terms as
    # headwords.
    "glossary terms": r"\{term\}`(?:[^`<]*<)?([^`<>]+)>?`",
}
IN_ORDER = {"headings", "labels", "figures and tables", "options"}


def parts(language, page, pattern, in_order):
    text = (BOOK / language / f"{page}.md").read_text("utf-8")
    found = re.findall(pattern, text, re.MULTILINE)
    return found if in_order else Counter(key for match in found for key in match.split(","))


def headwords(language):
    """What stands at the start of a line inside the glossary, in its order."""
    text = (BOOK / language / "glossary.md").read_text("utf-8")
    return re.findall(
        r"^(?!:|`)(\S.*)$",
        re.search(r"^```\{glossary\}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)[1],
        re.MULTILINE,
    )


@pytest.mark.parametrize("language", OTHERS)
def test_the_same_pages(language):
    assert sorted(page.stem for page in (BOOK / language).glob("*.md")) == PAGES


@pytest.mark.parametrize("what", PATTERNS)
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", OTHERS)
def test_the_same_structure(language, page, what):
    in_order = what in IN_ORDER
    assert parts(language, page, PATTERNS[what], in_order) == parts(
        FIRST, page, PATTERNS[what], in_order
    ), f"{what} of {page}.md drift"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_glossary_term_is_linked_once_a_page(language, page):
    linked = Counter(parts(language, page, PATTERNS["glossary terms"], in_order=True))
    assert page == "glossary" or not linked or max(linked.values()) == 1, (
        f"linked more than once in {language}/{page}.md: {linked}"
    )


@pytest.mark.parametrize("language", OTHERS)
def test_the_glossaries_define_the_same_terms(language):
    assert headwords(language) == headwords(FIRST)
