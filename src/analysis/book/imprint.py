"""The role `compendium`: what CITATION.cff says, so that no page says it again."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from datetime import date
from urllib.parse import quote

import yaml
from babel.dates import format_date
from docutils import nodes
from sphinx.util.docutils import SphinxRole

from analysis import paths
from analysis.citation import authors
from analysis.problems import suggest
from analysis.wording import Wording


def _authors(cited: dict, _words: Wording) -> str:
    return "; ".join(authors(cited))


def _day(cited: dict) -> date:
    return date.fromisoformat(str(cited["date-released"]))


def _date(cited: dict, words: Wording) -> str:
    return format_date(_day(cited), words("literature.day"), locale=words.locale)


FIELDS: dict[str, Callable[[dict, Wording], str]] = {
    "authors": _authors,
    "version": lambda cited, _words: str(cited["version"]),
    "year": lambda cited, _words: str(_day(cited).year),
    "date": _date,
}


# What Binder can open.
ON_GITHUB = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)(\.git)?/?")


@functools.cache
def binder(file: str) -> str:
    """The address at which Binder opens a file of the project, where CITATION.cff says in which
    repository the project is (`repository-code`); else empty.
    """
    try:
        cited = yaml.safe_load((paths.root() / "CITATION.cff").read_text("utf-8"))
        found = ON_GITHUB.fullmatch(str(cited.get("repository-code", "")))
    except (OSError, AttributeError, UnicodeError, yaml.YAMLError):
        return ""
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
        try:
            cited = yaml.safe_load(paths.citation().read_text("utf-8"))
            return FIELDS[self.text](cited, Wording(self.config.study_language))
        except (OSError, LookupError, TypeError, ValueError, yaml.YAMLError):
            name = paths.shown(paths.citation())
            raise ValueError(
                f"{name} does not say the {self.text}; expected authors, version and date-released"
            ) from None


def register(app) -> None:
    """Registers the role."""
    app.add_role("compendium", CompendiumRole())
