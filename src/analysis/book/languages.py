"""Marks what stands on a page in another language than the page's, for screen readers and
hyphenation: code and what programs say, which are English, and titles of works.
"""

from __future__ import annotations

import functools

from babel.core import Locale
from docutils import nodes
from pybtex.richtext import Text

from analysis.patches import cited_works
from analysis.raw.latex import PLAIN, rich

PROGRAMS = "en"  # what is spoken in code, and by programs
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
    if app.config.study_language == PROGRAMS or app.env.docname.startswith("notebooks/"):
        return
    for block in doctree.findall(nodes.literal_block):
        if block.get("language") not in COMMANDS and not any(
            name.startswith("language-") for name in block["classes"]
        ):
            block["classes"].append(f"language-{PROGRAMS}")


def _mark_works(app, doctree: nodes.document, _docname: str) -> None:
    """Marks titles in the list of works, and links that show a work when they are pointed at."""
    foreign = _foreign_titles(app)
    for citation in doctree.findall(nodes.citation):
        for title in list(citation.findall(nodes.emphasis))[:1]:
            if language := foreign.get(title.astext().rstrip(".")):
                title["classes"].append(f"language-{language}")
    for link in doctree.findall(nodes.reference):
        said = link.get("reftitle", "")
        for title, language in foreign.items() if said else ():
            if title in said:
                link["classes"].append(f"language-{language}")
                break


def _foreign_titles(app) -> dict[str, str]:
    """The titles of works in another language than that of the edition, each with its language."""
    edition, found = app.config.study_language, {}
    for work in cited_works(app.env).entries.values():
        language = code_of(work.fields.get("langid", "").lower())
        if language not in ("", edition) and f"title_{edition}" not in work.fields:
            title = str(Text(rich(work.fields.get("title", "")))).translate(PLAIN)
            found[title.rstrip(".")] = language
    return found


def register(app) -> None:
    """Connects to pages that are read, and to those whose citations are in the form of the
    edition.
    """
    app.connect("doctree-read", _mark_code)
    app.connect("doctree-resolved", _mark_works, priority=600)
