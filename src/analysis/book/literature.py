"""How literature is cited, (Kern und Alber 2009), and listed: authors (year): title, alphabetically, as in the study."""

from __future__ import annotations

import unicodedata
from datetime import date
from functools import partial

from babel.dates import format_date
from pybtex.plugin import register_plugin as register_format
from pybtex.richtext import HRef, Tag, Text
from pybtex.style import FormattedEntry
from pybtex.style.formatting import BaseStyle
from pybtex.style.sorting import BaseSortingStyle
from sphinxcontrib.bibtex.plugin import register_plugin as register_reference
from sphinxcontrib.bibtex.style.referencing import BracketStyle, PersonStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle

from analysis.wording import LANGUAGES, Wording


class Alphabetical(BaseSortingStyle):
    """By authors, year and title; ä counts as a."""

    def sorting_key(self, entry) -> tuple[str, ...]:
        """What entries are compared by."""
        authors = "; ".join(_name(person) for person in entry.persons["author"])
        return tuple(map(_plain, (authors, entry.fields["year"], entry.fields["title"])))


class StudyStyle(BaseStyle):
    """Entries in the form that the study uses."""

    default_name_style = "lastfirst"
    default_label_style = "number"

    def __init__(self, language: str, **options):
        super().__init__(sorting_style="none", **options)
        self.sort = Alphabetical().sort
        self.words = Wording(language)

    def format_entry(self, label, entry, bib_data=None) -> FormattedEntry:  # noqa: ARG002 (as the base class has it)
        """One entry of the list."""
        get = entry.fields.get
        authors = Text.from_latex("; ".join(self._author(person) for person in entry.persons["author"]))
        head = Text(authors, f" ({get('year')}): ", Tag("em", Text.from_latex(get("title"))))
        outlet = [get("howpublished"), _part_of(entry), get("type"), get("institution") or get("publisher"), get("address")]
        parts = [head, Text.from_latex(", ".join(filter(None, outlet))), Text.from_latex(get("note", "")), self._address(entry)]
        return FormattedEntry(entry.key, Text(*(Text(part.add_period(), " ") for part in parts if part)), label)

    def _author(self, person) -> str:
        return self.words("literature.others") if str(person) == "others" else _name(person)

    def _address(self, entry) -> Text:
        address = f"https://doi.org/{entry.fields['doi']}" if "doi" in entry.fields else entry.fields.get("url")
        if not address:
            return Text()
        if "urldate" not in entry.fields:
            return Text(HRef(address, address))
        day = format_date(date.fromisoformat(entry.fields["urldate"]), self.words("literature.day"), locale=self.words.locale)
        return Text(HRef(address, address), f" ({self.words('literature.accessed', date=day)})")


def _name(person) -> str:
    last, first = person.prelast_names + person.last_names, person.first_names + person.middle_names
    return ", ".join(" ".join(names) for names in (last, first) if names)


def _part_of(entry) -> str:
    """The journal with volume, issue and pages, or the collection, and the series."""
    get = entry.fields.get
    issue = get("volume", "") + (f"({get('number')})" if "number" in entry.fields else "")
    journal = f"{get('journal', '')} {issue}".strip() + (f", {get('pages')}" if "pages" in entry.fields else "")
    collection = f"In: {get('booktitle')}" if "booktitle" in entry.fields else ""
    return ", ".join(filter(None, (journal, collection, get("series"))))


def _plain(text: str) -> str:
    return "".join(mark for mark in unicodedata.normalize("NFKD", text.lower()) if mark.isalnum() or mark == " ")


def in_language(fields: dict[str, str], language: str) -> dict[str, str]:
    """Fields of an entry as one language reads them: `note_en`, where there is one, takes the place of `note`."""
    ending = f"_{language}"
    return {**fields, **{name.removesuffix(ending): text for name, text in fields.items() if name.endswith(ending)}}


def _translate(app, env, _docnames) -> None:
    """Puts all works into the language of the edition before the first page cites one."""
    for entry in env.get_domain("cite").bibdata.data.entries.values():
        entry.fields.update(in_language(entry.fields, app.config.study_language))


def register(app) -> None:
    """Makes the styles `study_de`, `study_en` and so on known to pybtex and to sphinxcontrib-bibtex."""
    app.connect("env-before-read-docs", _translate)
    for language in LANGUAGES:
        words = Wording(language)
        person = partial(PersonStyle, sep2=f" {words('and')} ", last_sep=f" {words('and')} ", other=f" {words('literature.others')}")
        round_brackets = partial(BracketStyle, left="(", right=")", sep="; ")
        cited = partial(
            AuthorYearReferenceStyle,
            bracket_parenthetical=round_brackets(),
            bracket_textual=round_brackets(sep=", "),
            person=person(),
            author_year_sep=" ",
        )
        register_reference("sphinxcontrib.bibtex.style.referencing", f"study_{language}", cited)
        register_format("pybtex.style.formatting", f"study_{language}", partial(StudyStyle, language))
