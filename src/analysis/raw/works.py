"""A work of the bibliography as it is cited: with the fields of BibTeX, its people, its dates, and
told apart from others of one name and year.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from itertools import count

from pybtex.database import BibliographyData, Entry, Person

DAY = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?|(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
# A day or, in months 21 to 24, a season; a span of them may be open. Both parts are days, too.
MOMENT = r"((\d{4})(?:-\d{2}){0,2})[?~%]?"
DATE = re.compile(rf"{MOMENT}(?:/(?:{MOMENT}|\.\.)?)?", re.ASCII)
WRITTEN = range(1000, 2101)  # the years of what may be cited
# Names that BibLaTeX has for fields of BibTeX.
RENAMED = {
    "journaltitle": "journal",
    "location": "address",
    "school": "institution",
    "organization": "institution",
    "maintitle": "title",
}
# Types of entry and the fields without which common styles cannot list them; every other one is
# listed as `misc`.
TYPES = {
    "article": ("author", "journal"),
    "book": ("publisher",),
    "inbook": ("publisher",),
    "incollection": ("author", "booktitle"),
    "inproceedings": ("author", "booktitle"),
    "manual": (),
    "phdthesis": ("author", "school"),
    "mastersthesis": ("author", "school"),
    "techreport": ("author", "institution"),
    "misc": (),
}
ALIKE = {
    "report": "techreport",
    "thesis": "phdthesis",
    "collection": "book",
    "mvbook": "book",
    "conference": "inproceedings",
}
TIME = ("date", "year", "month")


def completed(entry: Entry, works: BibliographyData) -> Entry:
    """The entry with the fields of BibTeX, whether it was written for BibTeX or BibLaTeX, and with
    those of the work it is part of.

    `year` may still be missing, and `author` where there is an `editor`.
    """
    fields, persons = _inherited(entry, works)
    fields |= {
        new: fields[old] for old, new in RENAMED.items() if old in fields and new not in fields
    }
    _join_subtitle(fields)
    dated = DATE.fullmatch(fields.get("date", "").strip())
    if dated and not fields.get("year"):
        fields["year"] = dated[2] if dated[4] in (None, dated[2]) else f"{dated[2]}–{dated[4]}"
    _bare_addresses(fields)
    if not (persons.get("author") or persons.get("editor")):
        _name_body(fields, persons)
    kind = ALIKE.get(entry.type, entry.type)
    if "institution" in fields and kind in ("phdthesis", "mastersthesis"):
        fields.setdefault("school", fields["institution"])
    if kind not in TYPES or not {*TYPES[kind]} <= {*fields, *persons}:
        kind = "misc"
    whole = Entry(kind, fields, persons)
    whole.key = entry.key
    return whole


def _join_subtitle(fields: dict[str, str]) -> None:
    if "title" in fields and "subtitle" in fields:
        ends = fields["title"].rstrip("}")[-1:] in ":?!."
        fields["title"] += f"{'' if ends else ':'} {fields['subtitle']}"


def _bare_addresses(fields: dict[str, str]) -> None:
    """An address and a DOI without what LaTeX or a browser puts around them."""
    if "url" in fields:
        bare = re.sub(r"^\\url *\{(.*)\}$", r"\1", fields["url"].strip())
        fields["url"] = re.sub(r"\{?\\([_%&#~$])\}?", r"\1", bare)
    if "doi" in fields:
        fields["doi"] = re.sub(
            r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", fields["doi"].strip(), flags=re.IGNORECASE
        )


def _name_body(fields: dict[str, str], persons: dict[str, list[Person]]) -> None:
    """Puts the body behind a work that names nobody in the place of its author."""
    bodies = [name for name in ("institution", "publisher", "howpublished") if fields.get(name)]
    if bodies:
        body = fields[bodies[0]]
        persons["author"] = [Person(f"{{{body.strip('{}')}}}")]
        for name in (bodies[0], "organization", "school"):
            if fields.get(name) == body:
                del fields[name]


def _inherited(
    entry: Entry, works: BibliographyData
) -> tuple[dict[str, str], dict[str, list[Person]]]:
    """Fields and people of an entry; what it lacks comes from the work it is part of, whose title
    becomes that of the collection.
    """
    fields = {name.lower(): value for name, value in dict(entry.fields).items() if value.strip()}
    persons = {role: list(people) for role, people in entry.persons.items() if people}
    parent = fields.pop("crossref", None)
    if parent and parent in works.entries:
        above, editors = _inherited(works.entries[parent], works)
        _join_subtitle(above)
        for name in [name for name in above if re.match("(sub)?title(_|$)", name)]:
            value = above.pop(name)  # in one language or all
            if name.startswith("title"):
                above[f"book{name}"] = value
        if {"date", "year"} & {*fields}:
            above = {name: value for name, value in above.items() if name not in TIME}
        fields = above | fields
        persons = {role: people for role, people in editors.items() if role == "editor"} | persons
    return fields, persons


def people(entry: Entry) -> list[Person]:
    """Whom an entry is known by: its authors, or else its editors."""
    return entry.persons.get("author") or entry.persons.get("editor") or []


def day(text: str) -> tuple[int, ...] | None:
    """Year, month and day of a date, as far as it goes; None if it is none."""
    found = DAY.fullmatch(text.strip())
    if not found:
        return None
    parts = [
        int(part) for part in (found.groups()[:3] if found[1] else found.groups()[:2:-1]) if part
    ]
    try:
        date(*[*parts, 1, 1][:3])
    except ValueError:
        return None
    return tuple(parts) if parts[0] in WRITTEN else None


def tell_apart(works: list[Entry]) -> None:
    """Adds a letter to the years of works that would be cited alike: Muster 2020a, Muster 2020b, in
    the order of their titles; one that a work has already is given to no other.
    """
    alike = Counter(map(_citation, works))
    taken = {*alike}
    for work in sorted(
        works, key=lambda work: (work.fields["title"].strip("{}").casefold(), work.key)
    ):
        *names, year = citation = _citation(work)
        if alike[citation] > 1:
            begun = year if year[-1:].isdigit() else f"{year}-"
            years = (begun + _letters(number) for number in count())
            work.fields["year"] = next(one for one in years if (*names, one) not in taken)
            taken.add(_citation(work))


def _citation(work: Entry) -> tuple[str, ...]:
    """What a citation shows: one or two names, or the first one and others; and the year."""
    names = [" ".join(person.prelast_names + person.last_names) for person in people(work)]
    return (*(names if len(names) < 3 else [names[0], "others"]), work.fields["year"])


def _letters(number: int) -> str:
    """0 is a, 25 is z, 26 is aa."""
    return (_letters(number // 26 - 1) if number >= 26 else "") + chr(ord("a") + number % 26)
