"""What the directives of the book have in common: the words of the page's language, and errors that
name page, line and the nearest known word.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from sphinx.util.docutils import SphinxDirective

from analysis.problems import suggest
from analysis.wording import Wording


def slug(text: str) -> str:
    """A text as a part of an anchor."""
    return re.sub("[^a-z0-9]+", "-", text.lower()).strip("-")


def slug_among(value: str, values: Iterable[str]) -> str:
    """One of several values as a part of an anchor; with its number where its letters do not tell
    it apart from those before it.
    """
    slugs = [slug(each) for each in values]
    at, own = [*values].index(value), slug(value)
    return own if own and own not in slugs[:at] else f"{own}-{at + 1}".strip("-")


class DataDirective(SphinxDirective):
    """Shows data on a page."""

    @functools.cached_property
    def words(self) -> Wording:
        """The words of the page's language."""
        return Wording(self.config.study_language)

    def known(self, kind: str, name: str, names: Iterable[str]) -> str:
        """The name, if it is known; else an error at this place of the page."""
        names = list(names)
        if name not in names:
            expected = f"; expected one of {', '.join(names)}" if names else ""
            raise self.error(
                f"{{{self.name}}}: there is no {kind} {name!r}{suggest(name, names)}{expected}"
            )
        return name
