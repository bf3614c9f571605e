"""How literature is cited, (Kern und Alber 2009), and listed: authors (year): title,
alphabetically, as in the study.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import partial

from babel.dates import format_date
from docutils import nodes
from pybtex.database import BibliographyData, Entry
from pybtex.plugin import register_plugin as register_format
from pybtex.richtext import HRef, Tag, Text
from pybtex.style import FormattedEntry
from pybtex.style.formatting import BaseStyle
from pybtex.style.sorting import BaseSortingStyle
from sphinxcontrib.bibtex.plugin import register_plugin as register_reference
from sphinxcontrib.bibtex.style.referencing import BracketStyle, PersonStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle

from analysis.patches.pages import cited_works
from analysis.raw.latex import DISGUISE, PLAIN, disguised, rich
from analysis.raw.works import completed, day, people, tell_apart
from analysis.wording import LANGUAGES, Wording

WAITING = re.compile(f"[{''.join(map(re.escape, map(chr, PLAIN)))}]")
VERBATIM = {"url", "doi", "urldate", "date", "year"}


class Alphabetical(BaseSortingStyle):
    """By authors, year and title; ä counts as a."""

    def sorting_key(self, entry) -> tuple[str, ...]:
        """What entries are compared by."""
        names = "; ".join(map(_name, people(entry)))
        return tuple(map(_plain, (names, entry.fields["year"], entry.fields["title"])))


class StudyStyle(BaseStyle):
    """Entries in the form that the study uses."""

    default_name_style = "lastfirst"
    default_label_style = "number"

    def __init__(self, language: str, **options):
        super().__init__(sorting_style="none", **options)
        self.sort = Alphabetical().sort
        self.words = Wording(language)

    def format_entry(self, label, entry, bib_data=None) -> FormattedEntry:  # noqa: ARG002
        """One entry of the list."""
        get = entry.fields.get
        head = Text(self._people(entry), f" ({get('year')}): ", Tag("em", rich(get("title"))))
        outlet = [
            get("howpublished"),
            _part_of(entry),
            get("type"),
            get("institution") or get("publisher"),
            get("address"),
        ]
        parts = [
            head,
            Text(", ").join(map(rich, filter(None, outlet))),
            rich(get("note", "")),
            self._address(entry),
        ]
        return FormattedEntry(
            entry.key, Text(*(Text(part.add_period(), " ") for part in parts if part)), label
        )

    def _people(self, entry) -> Text:
        names = Text("; ").join(map(self._author, people(entry)))
        if entry.persons.get("author"):
            return names
        before, after = self.words(
            f"literature.editor{'s' if len(people(entry)) > 1 else ''}", names="\0"
        ).split("\0")
        return Text(before, names, after)

    def _author(self, person) -> Text:
        return (
            Text(self.words("literature.others"))
            if str(person) == "others"
            else Text.from_latex(_name(person))
        )

    def _address(self, entry) -> Text:
        address = (
            f"https://doi.org/{entry.fields['doi']}"
            if "doi" in entry.fields
            else entry.fields.get("url")
        )
        if not address:
            return Text()
        if "urldate" not in entry.fields:
            return Text(HRef(address, address))
        known = day(entry.fields["urldate"])
        exact = ("year", "month", "day")[len(known) - 1]  # as far as the entry tells
        shown = format_date(
            date(*[*known, 1, 1][:3]), self.words(f"literature.{exact}"), locale=self.words.locale
        )
        return Text(
            HRef(address, address), f" ({self.words(f'literature.accessed_{exact}', date=shown)})"
        )


def _name(person) -> str:
    last, first = person.prelast_names + person.last_names, person.first_names + person.middle_names
    return ", ".join(" ".join(names) for names in (last, person.lineage_names, first) if names)


def _part_of(entry) -> str:
    """The journal with volume, issue and pages, or the collection, and the series."""
    get = entry.fields.get
    issue = get("volume", "") + (f"({get('number')})" if "number" in entry.fields else "")
    journal = f"{get('journal', '')} {issue}".strip() + (
        f", {get('pages')}" if "pages" in entry.fields else ""
    )
    collection = f"In: {get('booktitle')}" if "booktitle" in entry.fields else ""
    return ", ".join(filter(None, (journal, collection, get("series"))))


def _plain(text: str) -> str:
    return "".join(
        mark
        for mark in unicodedata.normalize("NFKD", text.lower())
        if mark.isalnum() or mark == " "
    )


def in_language(fields: dict[str, str], language: str) -> dict[str, str]:
    """Fields of an entry as one language reads them: `note_en`, where there is one,
    takes the place of `note`.
    """
    ending = f"_{language}"
    return {
        **fields,
        **{
            name.removesuffix(ending): text
            for name, text in fields.items()
            if name.endswith(ending)
        },
    }


def in_edition(works: BibliographyData, language: str) -> dict[str, Entry]:
    """All works as an edition cites and lists them: whole, in its language, told apart
    by letters where need be.
    """
    words, whole = Wording(language), {}
    for key, entry in works.entries.items():
        whole[key] = completed(entry, works)
        fields = whole[key].fields
        fields.update(in_language(fields, language))
        fields.update(
            {name: disguised(text) for name, text in fields.items() if name not in VERBATIM}
        )
        for person in (person for persons in whole[key].persons.values() for person in persons):
            for names in (
                person.first_names,
                person.middle_names,
                person.prelast_names,
                person.last_names,
                person.lineage_names,
            ):
                names[:] = map(disguised, names)
        fields["year"] = fields.get("year") or words("literature.undated")
        if fields.get("type") in ("phdthesis", "mathesis", "techreport"):
            fields["type"] = words(f"literature.{fields['type']}").translate(DISGUISE)
    tell_apart(list(whole.values()))
    return whole


def _translate(app, env, _docnames) -> None:
    """Puts all works into the form of the edition before the first page cites one."""
    works = cited_works(env)
    for key, entry in in_edition(works, app.config.study_language).items():
        works.entries[key] = entry


def _undisguise(_app, doctree: nodes.document, _docname: str) -> None:
    """Shows the signs that waited: in citations, in what comes up above them, and in the list."""
    for text in list(doctree.findall(nodes.Text)):
        if WAITING.search(text):
            text.parent.replace(text, nodes.Text(text.translate(PLAIN)))
    for reference in doctree.findall(nodes.reference):
        if "reftitle" in reference:
            reference["reftitle"] = reference["reftitle"].translate(PLAIN)


def register(app) -> None:
    """Makes the styles `study_de`, `study_en` and so on known to pybtex and
    to sphinxcontrib-bibtex.
    """
    app.connect("env-before-read-docs", _translate)
    app.connect("doctree-resolved", _undisguise)
    for language in LANGUAGES:
        words = Wording(language)
        person = partial(
            PersonStyle,
            sep2=f" {words('and')} ",
            last_sep=f" {words('and')} ",
            other=f" {words('literature.others')}",
        )
        round_brackets = partial(BracketStyle, left="(", right=")", sep="; ")
        cited = partial(
            AuthorYearReferenceStyle,
            bracket_parenthetical=round_brackets(),
            bracket_textual=round_brackets(sep=", "),
            person=person(),
            author_year_sep=" ",
        )
        register_reference("sphinxcontrib.bibtex.style.referencing", f"study_{language}", cited)
        register_format(
            "pybtex.style.formatting", f"study_{language}", partial(StudyStyle, language)
        )
