"""What the directives of the book have in common: the words of the page's language, and errors that
name page, line and the nearest known word.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable

from sphinx.util.docutils import SphinxDirective

from analysis.problems import suggest
from analysis.wording import Wording


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
