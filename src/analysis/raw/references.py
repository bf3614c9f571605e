"""Reads the bibliography, BibTeX or BibLaTeX: works that are whole enough to be cited and listed,
or what they lack, by line.
"""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

import pandas as pd
from pybtex.database import BibliographyData, Entry, parse_string
from pybtex.errors import capture
from pybtex.exceptions import PybtexError
from pybtex.richtext import Text

from analysis.files.damage import conflict, damage
from analysis.files.encodings import foreign
from analysis.files.whole import read_file
from analysis.problems import Problems, suggest
from analysis.raw.latex import ADDRESS, KNOWN, unread
from analysis.raw.works import ALIKE, DATE, TYPES, WRITTEN, completed, day, people

EXPECTED = "a BibTeX file saved as UTF-8"
ENTRY = re.compile(r"@\s*(\w+)\s*[{(]\s*([^\s,{}()]*)\s*,")
KEY = re.compile(r"[^\W_][\w.:+/-]*")
SEASON = re.compile(r"\d{4}-2[1-4]", re.ASCII)
YEAR = re.compile(r"\D*|\D*\d{4}(?:[-–/](?:\d{2}|\d{4}))?\D*", re.ASCII)
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
    """A bibliography with letters of one sign each, as all tables are read; a study without one
    cites nothing.
    """
    text = path.read_text("utf-8-sig") if os.path.lexists(path) else ""
    return unicodedata.normalize("NFC", text)


def _text(path: Path, problems: Problems) -> str | None:
    if not os.path.lexists(path):
        near = suggest(path.name, {other.name for other in path.parent.glob("*")})
        if near:
            problems.add(path.name, None, None, "the file is missing" + near, EXPECTED)
            return None
        problems.notice(path.name, "is not there; the study cites nothing")
        return ""
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
        if found := damage(str(person)):
            yield f"has a damaged {role}: {found.wrong}", found.expected
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
    while "crossref" in (fields := works.entries[key].fields):
        key = fields["crossref"]
        if key not in works.entries or key.lower() in seen:
            return key
        seen.add(key.lower())
    return None
