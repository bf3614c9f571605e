"""The role `compendium`: what CITATION.cff says, so that no page says it again."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from datetime import date
from urllib.parse import quote

from babel.dates import format_date
from docutils import nodes
from sphinx.util.docutils import SphinxRole

from analysis import paths
from analysis.citation import Cited, cited
from analysis.problems import suggest
from analysis.wording import Wording


def _date(about: Cited, words: Wording) -> str:
    day = date.fromisoformat(about.date)
    return format_date(day, words("literature.day"), locale=words.locale)


def version(about: Cited, words: Wording) -> str:
    """The version as a sentence names it."""
    return words("changed", version=about.release) if about.changed else about.release


def footer(about: Cited, words: Wording) -> str:
    """Version, date and licence; nothing where CITATION.cff does not say them."""
    if not about.release:
        return ""
    licence = ", ".join(name.replace("-", " ") for name in about.licences)
    return words("footer", version=version(about, words), date=_date(about, words), licence=licence)


FIELDS: dict[str, Callable[[Cited, Wording], str]] = {
    "authors": lambda about, _words: "; ".join(map(str, about.authors)),
    "version": version,
    "year": lambda about, _words: about.year,
    "date": _date,
}


# What Binder can open.
ON_GITHUB = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)(\.git)?/?")


@functools.cache
def binder(file: str) -> str:
    """The address at which Binder opens a file of the project, where its repository is known; else
    empty. There it makes the tables of the study in the project's own folder, of no other one.
    """
    if paths.citation() != paths.root() / "CITATION.cff":
        return ""
    found = ON_GITHUB.fullmatch(cited().repository)
    return f"https://mybinder.org/v2/gh/{found[1]}/HEAD?labpath={quote(file)}" if found else ""


class CompendiumRole(SphinxRole):
    """{compendium}`version`: the authors, version, date or year of the compendium."""

    def run(self):
        try:
            return [nodes.Text(self.shown())], []
        except ValueError as error:
            message = self.inliner.reporter.error(f"{{compendium}}: {error}", line=self.lineno)
            return [], [message]

    def shown(self) -> str:
        """What the page shows; raises ValueError for what is not known."""
        if self.text not in FIELDS:
            near = suggest(self.text, FIELDS)
            raise ValueError(f"no {self.text!r}{near}; expected one of {', '.join(FIELDS)}")
        about = cited()
        if not about.release:
            raise ValueError(
                f"{paths.shown(paths.citation())} cannot be read, or does not say all of authors, "
                "version and date-released"
            )
        return FIELDS[self.text](about, Wording(self.config.study_language))


def register(app) -> None:
    """Registers the role."""
    app.add_role("compendium", CompendiumRole())
