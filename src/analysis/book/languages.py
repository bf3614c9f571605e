"""Marks what stands on a page in another language than the page's, for screen readers and
hyphenation: code and what programs say, which are English, and titles of works.
"""

from __future__ import annotations

import functools

from babel.core import Locale
from docutils import nodes

from analysis.patches.pages import cited_works, places_of_works
from analysis.wording import ENGLISH

COMMANDS = {"sh", "bash", "console"}  # of no language, their comments being the page's
# Names that BibLaTeX has for languages beside those that they go by.
ALSO = {"ngerman": "de", "naustrian": "de", "austrian": "de", "swissgerman": "de"}
ALSO |= dict.fromkeys(("american", "british", "usenglish", "ukenglish"), "en")


@functools.cache
def code_of(name: str) -> str:
    """The code of a language by its English name or its code; empty if there is none of that
    name.
    """
    known = Locale("en").languages
    if name in known:
        return name
    return ALSO.get(name, {shown.lower(): code for code, shown in known.items()}.get(name, ""))


def _mark_code(app, doctree: nodes.document) -> None:
    """Marks blocks of code; pages of notebooks are English as a whole."""
    if app.config.study_language == ENGLISH or app.env.docname.startswith("notebooks/"):
        return
    for block in doctree.findall(nodes.literal_block):
        if block.get("language") not in COMMANDS and not any(
            name.startswith("language-") for name in block["classes"]
        ):
            block["classes"].append(f"language-{ENGLISH}")


def _mark_works(app, doctree: nodes.document, docname: str) -> None:
    """Marks titles in the list of works, and links that show a work when they are pointed at."""
    foreign, places = _foreign_works(app), {}
    for key, page, own in places_of_works(app.env):
        if key in foreign:
            there = "" if page == docname else app.builder.get_relative_uri(docname, page)
            places[f"{there}#{own}"] = foreign[key]
    for citation in doctree.findall(nodes.citation):
        languages = [places[f"#{own}"] for own in citation["ids"] if f"#{own}" in places]
        for title in list(citation.findall(nodes.emphasis))[: len(languages)]:
            title["classes"].append(f"language-{languages[0]}")
    for link in doctree.findall(nodes.reference):
        place = link.get("refuri", f"#{link.get('refid')}")
        if "reftitle" in link and place in places:
            link["classes"].append(f"language-{places[place]}")


def language_of(key: object, env) -> str:
    """The language of a work, if it is another than that of the edition; else empty, also for none
    of that key.
    """
    works = cited_works(env).entries
    fields = works[key].fields if isinstance(key, str) and key in works else {}
    language = code_of(fields.get("langid", "").lower())
    return "" if language == env.config.study_language else language


def _foreign_works(app) -> dict[str, str]:
    """The works in another language than that of the edition, each with its language."""
    translated = f"title_{app.config.study_language}"
    return {
        key: language
        for key, work in cited_works(app.env).entries.items()
        if translated not in work.fields and (language := language_of(key, app.env))
    }


def register(app) -> None:
    """Connects to pages that are read, and to those whose citations are in the form of the
    edition.
    """
    app.connect("doctree-read", _mark_code)
    app.connect("doctree-resolved", _mark_works, priority=600)
