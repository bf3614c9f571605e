"""CITATION.cff: who answers for the compendium, its version, date and licence, and what it is based
on.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import date

import yaml

from analysis import paths

LICENCES = {"CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/"}
NAME = ("name", "given-names", "name-particle", "family-names", "name-suffix")


def address_of(licence: str) -> str:
    """Where a licence can be read; empty if it has no short name of SPDX."""
    named = re.fullmatch(r"[A-Za-z0-9.+-]+", licence)
    return LICENCES.get(licence, f"https://spdx.org/licenses/{licence}.html" if named else "")


def authors(work: dict) -> tuple[str, ...]:
    """The names of those who made a work, as they are written in full."""
    return tuple(
        " ".join(author[part] for part in NAME if part in author) for author in work["authors"]
    )


@dataclass(frozen=True)
class Cited:
    """What CITATION.cff says of the compendium; empty where it cannot be read, of which the imprint
    complains.
    """

    authors: tuple[str, ...] = ()
    version: str = ""
    date: str = ""
    licences: tuple[str, ...] = ()
    abstract: str = ""
    based_on: tuple[dict, ...] = ()
    site: str = ""  # the address of the site, with a stroke at its end
    repository: str = ""

    @property
    def year(self) -> str:
        return self.date[:4]


def _web(address) -> str:
    """An address that a page may lead to; empty for anything else."""
    return address if re.fullmatch(r"https?://[^\s\"'<>]+", str(address)) else ""


def cited() -> Cited:
    """Reads CITATION.cff; a build may be told other addresses."""
    try:
        found = yaml.safe_load(paths.citation().read_text("utf-8"))
        date.fromisoformat(str(found["date-released"]))
        licences = found.get("license", [])
        site = os.environ.get("COMPENDIUM_SITE_URL", "").strip() or _web(found.get("url"))
        repository = os.environ.get("COMPENDIUM_REPOSITORY_URL", "").strip()
        return Cited(
            authors(found),
            str(found["version"]),
            str(found["date-released"]),
            (licences,) if isinstance(licences, str) else tuple(map(str, licences)),
            str(found.get("abstract", "")),
            tuple(work for work in found.get("references", ()) if "title" in dict(work)),
            site and site.rstrip("/") + "/",
            repository or _web(found.get("repository-code")),
        )
    except (OSError, LookupError, TypeError, ValueError, AttributeError, yaml.YAMLError):
        return Cited()
