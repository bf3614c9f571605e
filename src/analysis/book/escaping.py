"""Texts of settings and titles reach the theme and the search as text, never as markup; the index
of the search has no more than is looked for.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup, escape
from sphinx.search import js_index

# What templates show of the settings; the theme puts some of it into the page as it is.
SHOWN = (
    "docstitle",
    "shorttitle",
    "project",
    "copyright",
    "author",
    "version",
    "release",
    "pagetitle",
    "root_title",
    "page_description",
)
# Options of the theme that are HTML by definition.
HTML = ("theme_announcement", "theme_extra_footer", "theme_extra_navbar", "theme_external_links")
UNSOUGHT = re.compile(r"(?=.*\d)[0-9a-f]{12,}")  # checksums, and numbers with all their decimals


def _as_text(value):
    """Texts, also those inside lists and mappings, as markup that shows them as they are."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return escape(value)
    if isinstance(value, dict):
        return {key: _as_text(part) for key, part in value.items()}
    return [_as_text(part) for part in value] if isinstance(value, list) else value


def _settings_as_text(_app, _page: str, _template: str, context: dict, _doctree) -> None:
    for name in context:
        if name in SHOWN or (name.startswith("theme_") and name not in HTML):
            context[name] = _as_text(context[name])


def _mend_index(app, exception: Exception | None) -> None:
    """Escapes titles and names of pages in the index of the search, whose script puts them into
    its page and into addresses as they are, and leaves out what nobody looks for.
    """
    path = Path(app.outdir) / "searchindex.js"
    if exception or not path.is_file():
        return
    index = js_index.loads(path.read_text("utf-8"))
    index["filenames"] = []  # which no page is found by, or called
    index["docnames"] = [quote(name) for name in index["docnames"]]
    index["titles"] = [str(escape(Markup(title).striptags())) for title in index["titles"]]
    index["alltitles"] = {
        str(escape(title)): places for title, places in index["alltitles"].items()
    }
    index["terms"] = {
        term: places for term, places in index["terms"].items() if not UNSOUGHT.fullmatch(term)
    }
    path.write_text(js_index.dumps(index), "utf-8")


def register(app) -> None:
    """Connects to the writing of pages, after the theme, and to the end of the build."""
    app.connect("html-page-context", _settings_as_text, priority=950)
    app.connect("build-finished", _mend_index)
