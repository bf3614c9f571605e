"""Reads the bibliography, BibTeX or BibLaTeX: works that are whole enough to be cited and listed,
or what they lack, by line.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path

import pandas as pd
from pybtex.database import BibliographyData, Entry, Person, parse_string
from pybtex.errors import capture
from pybtex.exceptions import PybtexError
from pybtex.richtext import Text

from analysis.files.damage import conflict, damage
from analysis.files.encodings import foreign
from analysis.files.whole import read_file
from analysis.problems import Problems, suggest
from analysis.raw.latex import ADDRESS, KNOWN, unread

EXPECTED = "a BibTeX file saved as UTF-8"
ENTRY = re.compile(r"@\s*(\w+)\s*[{(]\s*([^\s,{}()]*)\s*,")
KEY = re.compile(r"[^\W_][\w.:+/-]*")
DAY = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?|(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
# A day or, in months 21 to 24, a season; a span of them may be open. Both parts are days, too.
MOMENT = r"((\d{4})(?:-\d{2}){0,2})[?~%]?"
DATE = re.compile(rf"{MOMENT}(?:/(?:{MOMENT}|\.\.)?)?", re.ASCII)
SEASON = re.compile(r"\d{4}-2[1-4]", re.ASCII)
YEAR = re.compile(r"\D*|\D*\d{4}(?:[-–/](?:\d{2}|\d{4}))?\D*", re.ASCII)
WRITTEN = range(1000, 2101)  # the years of what may be cited
# What other programs for literature call references.bib by mistake.
OTHERS = {
    "a RIS file": re.compile(r"\s*TY {1,2}- "),
    "a JSON file": re.compile(r"\s*[\[{]"),
    "an XML file": re.compile(r"\s*<"),
    "an EndNote file": re.compile(r"\s*%0 "),
    "a MEDLINE file": re.compile(r"\s*PMID *-"),
}
REMARK = re.compile(r"\s*(?:%(?!0 )|@(?:comment|string|preamble)\b)", re.IGNORECASE)
SUFFIX = re.compile(r"(?:[JS]r|jun|sen|Junior|Senior)\.?|[IVX]+\.?")
# Names that BibLaTeX has for fields of BibTeX.
RENAMED = {
    "journaltitle": "journal",
    "location": "address",
    "school": "institution",
    "organization": "institution",
    "maintitle": "title",
}
SHOWN = (
    "title",
    "subtitle",
    "journal",
    "booktitle",
    "series",
    "volume",
    "number",
    "pages",
    "howpublished",
    "type",
    "institution",
    "publisher",
    "address",
    "note",
    "year",
)
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
UNMARKED = re.compile(
    rf"^ *({'|'.join([*TYPES, *ALIKE, 'online'])}) *{{[^\s{{}},]+,", re.IGNORECASE | re.MULTILINE
)


def read_references(path: Path, problems: Problems) -> pd.DataFrame | None:
    """The keys of a bibliography, in its order; None if there is a problem with it."""
    before = len(problems.found)
    text = _text(path, problems)
    works = None if text is None else _parsed(text, path.name, problems)
    if works is None:
        return None
    lines = {key.lower(): text.count("\n", 0, at) + 1 for key, at in reversed(_places(text))}
    for key, entry in works.entries.items():
        for wrong, expected in _wrong(key, entry, works):
            problems.add(path.name, lines.get(key.lower()), None, f"{key!r} {wrong}", expected)
    return (
        pd.DataFrame({"key": list(works.entries)}, dtype="str")
        if len(problems.found) == before
        else None
    )


def composed(path: Path) -> str:
    """A bibliography with letters of one sign each, as all tables are read."""
    return unicodedata.normalize("NFC", path.read_text("utf-8-sig"))


def _text(path: Path, problems: Problems) -> str | None:
    try:
        what = foreign(read_file(path))
        if what:
            problems.add(path.name, None, None, f"not a bibliography but {what}", EXPECTED)
            return None
        text = composed(path)
    except OSError as error:
        problems.add(path.name, None, None, f"cannot be read ({error.strerror})", EXPECTED)
        return None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problems.add(path.name, line, None, f"not readable as UTF-8 ({error.reason})", EXPECTED)
        return None
    conflicts = [number for number, line in enumerate(text.split("\n"), start=1) if conflict(line)]
    if conflicts:
        problems.add(
            path.name,
            conflicts[0],
            None,
            "a line that Git left when it could not merge two versions",
            "one of the versions",
        )
    return None if conflicts else text


def _parsed(text: str, name: str, problems: Problems) -> BibliographyData | None:
    """The works in a text; None if it is not BibTeX throughout."""
    try:
        with capture() as found:
            works = parse_string(text, "bibtex")
        wrong = list(found)
    except PybtexError as error:
        wrong = [error]
    for error in wrong:
        problems.add(name, _line(error, text), None, f"not readable as BibTeX ({error})", EXPECTED)
    if wrong:
        return None
    for wrong, line in _unread_entries(text, works):
        problems.add(
            name, line, None, wrong, f"works such as @book{{key, title = {{…}}}} in {EXPECTED}"
        )
    return works


def _unread_entries(text: str, works: BibliographyData):
    """What BibTeX takes for a remark, although somebody meant it: what is wrong, and its line."""
    for found in UNMARKED.finditer(text):
        yield (
            f"{found[1]!r} has no @ before it, so the work is not read",
            text.count("\n", 0, found.start(1)) + 1,
        )
    remarks = [line for line in text.split("\n") if line.strip() and not REMARK.match(line)]
    if not works.entries and remarks:
        other = next((what for what, mark in OTHERS.items() if mark.match(text)), None)
        yield (f"not a bibliography but {other}" if other else "no work is found in it"), None


def _places(text: str) -> list[tuple[str, int]]:
    """Where each entry begins, with its key."""
    return [(found[2], found.start()) for found in ENTRY.finditer(text)]


def _line(error: PybtexError, text: str) -> int | None:
    """The line of an error: its own, or that of the last entry whose key it names,
    or of the name it quotes.
    """
    if getattr(error, "lineno", None):
        return error.lineno
    words = set(re.split(r"[\s:]+", str(error)))
    named = [at for key, at in _places(text) if key in words]
    quoted = re.search("'(.*)'", str(error))
    at = named[-1] if named else text.find(quoted[1]) if quoted else -1
    return text.count("\n", 0, at) + 1 if at >= 0 else None


def _wrong(key: str, entry: Entry, works: BibliographyData):
    """What an entry lacks, and what of it cannot be shown: pairs of what is
    wrong and what was expected.
    """
    if not KEY.fullmatch(key):
        yield "is a key that cannot be cited", "letters and digits, with . : + / _ - between them"
    lost = _lost_parent(key, works)
    if lost:
        yield (
            f"is part of {lost!r}, which leads to no entry{suggest(lost, works.entries)}",
            "the key of the work it is part of in crossref",
        )
        return
    whole = completed(entry, works)
    if not whole.fields.get("title"):
        yield "has no title", "a field title"
    if not people(whole):
        yield (
            "has neither author nor editor nor an organisation",
            "a field author; a body in two pairs of braces: author = {{Name}}",
        )
    yield from _undated(entry)
    if "urldate" in whole.fields and day(whole.fields["urldate"]) is None:
        yield f"has the urldate {whole.fields['urldate']!r}", "a date such as 2021-05-03"
    if "url" in whole.fields and not ADDRESS.fullmatch(whole.fields["url"]):
        yield (
            f"has the url {whole.fields['url']!r}",
            "an address that begins with https:// and has no blanks",
        )
    if "doi" in whole.fields and not re.fullmatch(r"10\.\d+/\S+", whole.fields["doi"]):
        yield f"has the doi {whole.fields['doi']!r}", "a DOI such as 10.1000/182"
    yield from _unnamed(whole)
    yield from _unfit(whole)


def _undated(entry: Entry):
    given = DATE.fullmatch(entry.fields.get("date", "2000").strip())
    days = [part for part in (given[1], given[3]) if part] if given else [""]
    if not all(SEASON.fullmatch(part) or day(part) for part in days):
        yield f"has the date {entry.fields['date']!r}", "a date such as 2021, 2021-05 or 2021-05-03"
    for name in [name for name in entry.fields if re.fullmatch("year(_[a-z]+)?", name.lower())]:
        given = entry.fields[name]
        if not (YEAR.fullmatch(given) and {*map(int, re.findall(r"\d{4}", given))} <= {*WRITTEN}):
            yield (
                f"has the {name} {given!r}",
                "a year such as 2021, or words such as n.d.",
            )


def _unnamed(entry: Entry):
    """People who are not one each: names that run into another are shown as one, or lost."""
    for role, person in [(role, one) for role, several in entry.persons.items() for one in several]:
        parts = [
            *person.first_names,
            *person.middle_names,
            *person.prelast_names,
            *person.last_names,
        ]
        bare = re.sub(r"\{.*\}", "", " ".join(parts))
        joined = re.search(r"[;&]|(?<!\w)(?:and|und(?! zu\b)|et|u\.)(?!\w)", bare, re.IGNORECASE)
        if joined or not parts or not all(map(SUFFIX.fullmatch, person.lineage_names)):
            wrong = f"has the {role} {str(person).strip()!r}, which is not one name"
            yield (
                wrong,
                "names with and between them, a body in two pairs of braces: A, B. and {{C & D}}",
            )
        elif mark := unread(" ".join([*parts, *person.lineage_names]), Text.from_latex):
            yield (
                f"has the {role} {str(person)!r} with {mark}, which stands for nothing known here",
                "the letters",
            )


def _unfit(entry: Entry):
    for name, text in entry.fields.items():
        if name.partition("_")[0] not in SHOWN:
            continue
        found = damage(text)
        if found:
            yield f"has a damaged {name}: {found.wrong}", found.expected
        try:
            mark = unread(text)
        except (PybtexError, ValueError) as error:
            yield f"has a {name} that is not readable as LaTeX ({error})", "braces in pairs"
        else:
            if mark:
                yield f"has a {name} with {mark}, which stands for nothing known here", KNOWN


def _lost_parent(key: str, works: BibliographyData) -> str | None:
    """The key that an entry, or a work it is part of, refers to in vain or in a circle."""
    seen = {key.lower()}
    while "crossref" in (fields := dict(works.entries[key].fields)):
        key = fields["crossref"]
        if key not in works.entries or key.lower() in seen:
            return key
        seen.add(key.lower())
    return None


def completed(entry: Entry, works: BibliographyData) -> Entry:
    """The entry with the fields of BibTeX, whether it was written for BibTeX or BibLaTeX, and with
    those of the work it is part of.

    `year` may still be missing, and `author` where there is an `editor`.
    """
    fields, persons = _inherited(entry, works)
    fields |= {
        new: fields[old] for old, new in RENAMED.items() if old in fields and new not in fields
    }
    if "title" in fields and "subtitle" in fields:
        fields["title"] += (
            "" if fields["title"].rstrip("}")[-1:] in ":?!." else ":"
        ) + f" {fields['subtitle']}"
    dated = DATE.fullmatch(fields.get("date", "").strip())
    if dated and not fields.get("year"):
        fields["year"] = dated[2] if dated[4] in (None, dated[2]) else f"{dated[2]}–{dated[4]}"
    if "url" in fields:
        bare = re.sub(r"^\\url *\{(.*)\}$", r"\1", fields["url"].strip())
        fields["url"] = re.sub(r"\{?\\([_%&#~$])\}?", r"\1", bare)
    if "doi" in fields:
        fields["doi"] = re.sub(
            r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", fields["doi"].strip(), flags=re.IGNORECASE
        )
    body = next(
        (name for name in ("institution", "publisher", "howpublished") if fields.get(name)), None
    )
    if not (persons.get("author") or persons.get("editor")) and body:
        persons["author"] = [Person(f"{{{fields[body].strip('{}')}}}")]
        for name in [
            name
            for name in (body, "organization", "school")
            if fields.get(name) == fields.get(body)
        ]:
            del fields[name]
    kind = ALIKE.get(entry.type, entry.type)
    if "institution" in fields and kind in ("phdthesis", "mastersthesis"):
        fields.setdefault("school", fields["institution"])
    if kind not in TYPES or not {*TYPES[kind]} <= {*fields, *persons}:
        kind = "misc"
    whole = Entry(kind, fields, persons)
    whole.key = entry.key
    return whole


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
        if "title" in above:
            above["booktitle"] = above.pop("title")
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
    the order of their titles.
    """
    alike = Counter(map(_citation, works))
    given: Counter = Counter()
    for work in sorted(
        works, key=lambda work: (work.fields["title"].strip("{}").casefold(), work.key)
    ):
        citation = _citation(work)
        if alike[citation] > 1:
            letters = _letters(given[citation])
            given[citation] += 1
            work.fields["year"] += letters if work.fields["year"][-1:].isdigit() else f"-{letters}"


def _citation(work: Entry) -> tuple[str, ...]:
    """What a citation shows: one or two names, or the first one and others; and the year."""
    names = [" ".join(person.prelast_names + person.last_names) for person in people(work)]
    return (*(names if len(names) < 3 else [names[0], "others"]), work.fields["year"])


def _letters(number: int) -> str:
    """0 is a, 25 is z, 26 is aa."""
    return (_letters(number // 26 - 1) if number >= 26 else "") + chr(ord("a") + number % 26)
