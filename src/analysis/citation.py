"""CITATION.cff: who answers for the compendium, its version, date and licence, and what it is based
on.
"""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

import yaml

from analysis import paths
from analysis.files.whole import read_file
from analysis.wording import ENGLISH

LICENCES = {"CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/"}
# Short names have a version, but for a few; names of somebody's own lead nowhere.
SPDX = re.compile(
    r"(?!LicenseRef-|DocumentRef-)"
    r"(MIT|ISC|0BSD|Unlicense|Zlib|[A-Za-z][A-Za-z0-9-]*-\d[A-Za-z0-9.+-]*)"
)
# The newest part of a changelog, if nothing of it is released yet but something said.
UNRELEASED = re.compile(r"^## +\[?unreleased\b[^\n]*\n((?!##? ).*\n)*?[-*+] ", re.M | re.I)
GIVEN, FAMILY, SUFFIX = ("given-names",), ("name-particle", "family-names"), ("name-suffix",)


@dataclass(frozen=True)
class Author:
    """Who made a work: a person of the names `family`, `given` and `suffix`, or a body; with the
    address of an ORCID and where somebody works, if these are said.
    """

    name: str
    family: str = ""
    given: str = ""
    suffix: str = ""
    orcid: str = ""
    affiliation: str = ""

    def __str__(self) -> str:
        return self.name

    @property
    def kind(self) -> str:
        """In the terms of schema.org."""
        return "Person" if self.family else "Organization"

    @property
    def linked(self) -> dict[str, str]:
        """The author as linked data in these terms."""
        known = {"@id": self.orcid} if self.orcid else {}
        return {"@type": self.kind, "name": self.name, **known}

    @property
    def inverted(self) -> str:
        """`Family, Given, Suffix`, as archives list people; a body as it is called."""
        parts = (self.family, self.given, self.suffix) if self.family else (self.name,)
        return ", ".join(filter(None, parts))


@dataclass(frozen=True)
class Work:
    """A work that the compendium is based on; address: where it is found, if that is said."""

    title: str
    authors: tuple[Author, ...] = ()
    year: str = ""
    kind: str = ""
    address: str = ""


@dataclass(frozen=True)
class Cited:
    """What CITATION.cff says of the compendium, and what a build is told of its addresses; empty
    where it cannot be read, of which the imprint complains.
    """

    authors: tuple[Author, ...] = ()
    release: str = ""  # the last version released
    date: str = ""  # of that release
    licences: tuple[str, ...] = ()
    abstract: str = ""
    based_on: tuple[Work, ...] = ()
    site: str = ""  # the address of the site, with a stroke at its end
    repository: str = ""
    title: str = ""
    keywords: tuple[str, ...] = ()
    kind: str = "software"  # or dataset
    changed: bool = False  # since the release, as the changelog says

    @property
    def version(self) -> str:
        """In the form of semantic versions and of Python's: nobody takes changes since a release
        for it.
        """
        return f"{self.release}+unreleased" if self.changed else self.release

    @property
    def year(self) -> str:
        return self.date[:4]

    @property
    def linked_abstract(self) -> dict[str, str]:
        """The abstract as linked data, in English whatever the language of what tells it."""
        return {"@language": ENGLISH, "@value": self.abstract} if self.abstract else {}

    @property
    def terms(self) -> list[str]:
        """Where its licences can be read, of those that have a short name."""
        return [address for name in self.licences if (address := address_of(name))]


def cited() -> Cited:
    """Reads CITATION.cff; a build may be told other addresses, also where there is none. Raises
    OSError for a changelog that is there and cannot be read.
    """
    changed = _changed()
    site, repository = (
        os.environ.get(f"COMPENDIUM_{name}_URL", "").strip() for name in ("SITE", "REPOSITORY")
    )
    try:
        # Every value as it is written: a version 1.10 is not 1.1.
        found = yaml.load(read_file(paths.citation()).decode("utf-8-sig"), yaml.BaseLoader)
        return Cited(
            _authors(found),
            one_line(found["version"]),
            date.fromisoformat(found["date-released"]).isoformat(),
            _each(found.get("license", [])),
            one_line(found.get("abstract", "")),
            tuple(work for part in found.get("references", ()) if (work := _work(part))),
            _folder(site or _web(found.get("url"))),
            repository or _web(found.get("repository-code")),
            one_line(found.get("title", "")),
            _each(found.get("keywords", [])),
            one_line(found.get("type", "software")),
            changed,
        )
    except (*UNREADABLE, OSError, yaml.YAMLError, RecursionError):
        return Cited(site=_folder(site), repository=repository)


def _changed() -> bool:
    try:
        text = read_file(paths.citation().with_name("CHANGELOG.md")).decode("utf-8-sig", "replace")
    except FileNotFoundError:
        return False
    return UNRELEASED.search(text) is not None


def address_of(licence: str) -> str:
    """Where a licence can be read; empty if it has no short name of SPDX."""
    named = f"https://spdx.org/licenses/{licence}.html" if SPDX.fullmatch(licence) else ""
    return LICENCES.get(licence, named)


def one_line(text: str) -> str:
    """A text in one line, without signs that no file can hold or show."""
    shown = (" " if unicodedata.category(sign) in ("Cc", "Cs") else sign for sign in text)
    return " ".join("".join(shown).split())


def _each(texts: str | list[str]) -> tuple[str, ...]:
    return tuple(map(one_line, [texts] if isinstance(texts, str) else texts))


def _authors(work: dict) -> tuple[Author, ...]:
    """Raises one of UNREADABLE where nobody is named."""
    found = tuple(author for part in work["authors"] if (author := _author(part)).name)
    if not found:
        raise ValueError("no authors")
    return found


def _author(said: dict) -> Author:
    given, family, suffix = (
        one_line(" ".join(said[part] for part in parts if part in said))
        for parts in (GIVEN, FAMILY, SUFFIX)
    )
    about = {"orcid": _web(said.get("orcid")), "affiliation": one_line(said.get("affiliation", ""))}
    if not family:  # a body; a person of one name
        name = one_line(said.get("name") or given or said.get("alias", ""))
        return Author(name, family="" if said.get("name") else name, **about)
    return Author(" ".join(filter(None, (given, family, suffix))), family, given, suffix, **about)


def _work(said: dict) -> Work | None:
    """None for one that nobody could find."""
    try:
        title, year = one_line(said["title"]), one_line(said.get("year", ""))
        authors = _authors(said) if "authors" in said else ()
        doi = said.get("doi")
        address = _web(f"https://doi.org/{doi}" if doi else said.get("url"))
        return Work(title, authors, year, one_line(said.get("type", "")), address)
    except UNREADABLE:
        return None


# What comes of a file of another form.
UNREADABLE = (LookupError, TypeError, ValueError, AttributeError)


def _web(address) -> str:
    """An address that a page may lead to; empty for anything else."""
    return address if re.fullmatch(r"https?://[^\s\"'<>]+", str(address)) else ""


def _folder(address: str) -> str:
    return address and address.rstrip("/") + "/"
