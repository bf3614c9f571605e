"""Turns a project of any program into the raw tables of a study: codebook, units, codings of each
coder, interviews.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count

from analysis.exchange import ORIGIN
from analysis.exchange.codebook import Entry, codebook, leave_out_quotations
from analysis.exchange.model import Coding, Passage, Project
from analysis.exchange.names import HIDDEN, digest, distinct, inert, number, usual
from analysis.exchange.places import locator_of
from analysis.exchange.statements import unit_ids
from analysis.tables import RAW
from analysis.tables.coding import COUNTED, QUOTED, named_for
from analysis.wording import LANGUAGES

UNITS, INTERVIEWS = RAW["units"].file, RAW["interviews"].file
GISTS = [f"gist_{language}" for language in LANGUAGES]
# What an import writes; a study may add columns of its own.
COLUMNS = {
    INTERVIEWS: ("interview_id", "consent"),
    UNITS: ("unit_id", "interview_id", "locator", "consent", *GISTS),
}
COLUMNS_OF_CODINGS = ("unit_id", "code", "certainty")
DIGITS = 6  # of an interview's id
DIGITS_OF_A_NAME = 4  # of a coder's number, which many names have; more where two have the same
GUID = re.compile("[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}")
ENDING = re.compile(r"\.(docx?|pdf|rtf|odt|txt|md|html?|mp[34]|wav|m4a|jpe?g|png)$")
WHERE = re.compile(r"\[interview-\d+( .*)?\]")  # in the place of words
UNNAMED = ""  # a coder
SECOND = {"b": "second-pass"}  # compared with the first, without a decision on each difference
QUOTE, PARAPHRASE = "quote", "paraphrase"


@dataclass(frozen=True)
class Beside:
    """What the tables hold of other imports, and what is known of this one.

    interviews: ids by what a document is known by, whatever it is called. codes: what each import
    says of a code, by its id. coders: under which names codings go, in the order of the file.
    names: under which they went so far, by the number of each coder. places: the locators of
    statements by their id. restricted: those whose words may not be shown, whatever is asked for.
    """

    interviews: Mapping[str, str] = field(default_factory=dict)
    codes: Sequence[tuple[str, Entry]] = ()
    coders: Sequence[str] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    restricted: Collection[str] = ()


@dataclass
class Tables:
    """What is written: entries of the codebook, and rows of each table by file.

    written: how many things of each kind are in them. gists: for each unit what an import may have
    said of it, without and with its words. consent: to each unit. interviews: by what their
    documents are known, if not by a name alone. codes: what the file says of them. renamed: new ids
    of codes of other imports. names: for each coder the number of what the file calls them.
    reworded: what may be shown of definitions of other imports, by what they were.
    """

    dimensions: dict[str, dict]
    rows: dict[str, list[dict[str, str]]]
    written: Counter[str]
    gists: dict[str, tuple[str, str]]
    consent: str
    interviews: dict[str, str]
    codes: dict[str, Entry]
    renamed: dict[str, str]
    names: dict[str, str]
    reworded: dict[str, str]


def tables(project: Project, consent: str = PARAPHRASE, beside: Beside | None = None) -> Tables:
    """The tables of a project; what they have no place for is set aside in the project.

    consent: to each passage. Its words are only copied if it is `quote`, else it says where it is.
    An export of ours has no words but those that may be shown, and names that are published.
    """
    beside = beside or Beside()
    notes: Counter[str] = Counter()
    project.origin = inert(project.origin, notes)
    interviews = _interviews(project, beside.interviews)
    project.who |= {name: project.documents[key].name for key, name in interviews.items()}
    is_ours = project.origin == ORIGIN
    quoted = consent == QUOTE or is_ours
    units = unit_ids(project, interviews, beside.places)
    hidden = {
        one.text
        for one, unit in units.items()
        if one.text and (not quoted or (unit in beside.restricted and not is_ours))
    }
    if not quoted:  # nor may be what nobody coded
        hidden |= {one.text for one in project.documents.values() if one.text}
    reworded = {}
    if hidden or not quoted:
        reworded = leave_out_quotations(project, hidden, beside.codes)
    others = [
        (name, replace(code, definition=reworded.get(code.definition, code.definition)))
        for name, code in beside.codes
    ]
    book = codebook(project, notes, others)
    gists = {units[one]: _gists(one, interviews, notes, not is_ours) for one in units}
    statements = [
        {
            "unit_id": unit,
            "interview_id": interviews[passage.document],
            "locator": locator_of(passage.place),
            "consent": _consent(consent, gists[unit][True]) if is_ours else consent,
            **dict.fromkeys(GISTS, gists[unit][quoted]),
        }
        for passage, unit in units.items()
    ]
    _tell_of_places(project, units, statements)
    given, names = _given(project, units, book.ids, beside)
    project.notices += [f"{what}: {n:,}" for what, n in notes.items() if n]
    if not quoted and any(passage.text for passage in units):
        project.notices.append(
            "words of passages are not copied; CONSENT=quote does it, if people agreed to be quoted"
        )
    is_codebook = not (project.documents or project.codings)
    if not (given or is_codebook):
        project.notices.append("no codings: a report can be built once somebody has coded")
        given = {f"coding/{named_for(COUNTED)}": []}
    rows = {INTERVIEWS: _people(project, interviews), UNITS: statements, **given}
    return Tables(
        book.dimensions,
        {} if is_codebook else rows,
        _written(project, sum(map(len, given.values()))),
        gists,
        consent,
        {name: digest(key) if GUID.fullmatch(key) else "" for key, name in interviews.items()},
        book.own,
        book.renamed,
        names,
        reworded,
    )


def _people(project: Project, interviews: dict[str, str]) -> list[dict[str, str]]:
    """The rows of interviews. In an export of ours an id may be that of a place."""
    people = [{"interview_id": name, "consent": "anonymous"} for name in interviews.values()]
    if project.origin == ORIGIN:
        people = [row | {"municipality_id": row["interview_id"]} for row in people]
    return people


def _consent(asked: str, gist: str) -> str:
    """The consent to a passage: what is quoted in an export of ours may be."""
    return QUOTE if asked == PARAPHRASE and QUOTED.search(gist) else asked


def _written(project: Project, codings: int) -> Counter[str]:
    """How many things of each kind are in the tables."""
    return Counter(
        documents=len(project.documents),
        rows=len({coding.row for coding in project.codings if coding.row}),
        codes=len(project.codes) - project.number_aside("codes"),
        descriptions=project.found.get("descriptions", 0) - project.number_aside("descriptions"),
        coders=len(project.coders) - project.number_aside("coders"),
        codings=codings,
    )


def _given(
    project: Project, units: dict[Passage, str], codes: dict[str, str], beside: Beside
) -> tuple[dict[str, list], dict[str, str]]:
    """The table of each coder by its file, and the number of what the file calls each."""
    found = _by_coder(project)
    names = _names(project, [*found], beside)
    project.who |= {named_for(names[name]): name for name in found if name != UNNAMED}
    tables = {}
    for name, codings in found.items():
        tables[f"coding/{named_for(names[name])}"] = given = _codings(codings, units, codes)
        again = len(codings) - len(given)
        project.set_aside("codings", "their coder gave the passage the code already", again)
    return tables, {names[name]: said for name, said in _numbers([*found]).items()}


def _codings(codings: list[Coding], units: dict[Passage, str], codes: dict[str, str]) -> list[dict]:
    """The rows of one coder, in the order of the units and of the codebook."""
    place = {name: n for names in (units, codes) for n, name in enumerate(names.values())}
    given = {(units[one.passage], codes[one.code]) for one in codings}
    return [
        {"unit_id": unit, "code": code, "certainty": ""}
        for unit, code in sorted(given, key=lambda row: (place[row[0]], place[row[1]]))
    ]


def _interviews(project: Project, known: Mapping[str, str]) -> dict[str, str]:
    """The id of each document as an interview, which does not say whose it is: a number that
    follows from its name, so that it is the same in whatever file and order they come, and stays
    what it was if a document that a file can tell from all others gets another name. A guess of the
    name can be checked by it. In an export of ours it is published already.

    known: ids so far by what documents are known by.
    """
    if project.origin == ORIGIN:
        documents = project.documents.values()
        return distinct([(one.id, one.name, one.id) for one in documents], "-", kept=True)
    names = {
        key: _plain(one.name) if one.is_named else key for key, one in project.documents.items()
    }
    numbers = {key: number(name, DIGITS) for key, name in names.items()}
    often = Counter(numbers.values())
    kept = {key: known[digest(key)] for key in names if digest(key) in known}
    ids = {}
    for key, one in numbers.items():
        short = f"interview-{one}"
        is_free = often[one] == 1 and short not in kept.values()
        long = f"interview-{number(f'{names[key]} {key}', 2 * DIGITS)}"
        ids[key] = kept.get(key) or (short if is_free else long)
    return ids


def _plain(name: str) -> str:
    """The name of a document as other programs have it too: without the ending of its file."""
    folded = " ".join(unicodedata.normalize("NFC", HIDDEN.sub("", name)).casefold().split())
    return ENDING.sub("", folded) or folded


def _by_coder(project: Project) -> dict[str, list[Coding]]:
    """The codings of each coder, by what the file calls them. Two coders of the same name are one,
    whom a program has listed twice.
    """
    names = {key: usual(coder.name) or key for key, coder in project.coders.items()}
    found: dict[str, list[Coding]] = {name: [] for name in names.values()}
    if len(found) < len(names):
        project.notices.append(
            f"coders of the same name as another one, taken for one: {len(names) - len(found)}"
        )
    unnamed = []
    for coding in project.codings:
        (found[names[coding.coder]] if coding.coder in names else unnamed).append(coding)
    project.set_aside(
        "coders", "they coded nothing", sum(not found[name] for name in names.values())
    )
    found = {name: codings for name, codings in found.items() if codings}
    if unnamed:
        found[UNNAMED] = unnamed
        project.notices.append(f"codings that do not say which coder made them: {len(unnamed):,}")
    _tell_of_others(project, [*found.values()])
    return found


def _names(project: Project, found: list[str], beside: Beside) -> dict[str, str]:
    """The name under which the codings of each coder go: what it was so far, or was asked for, or
    else one that does not tell who it is. The first is whose codings are counted.
    """
    if project.origin == ORIGIN and not (beside.coders or beside.names):
        return _published(found)
    asked = beside.coders
    known = {key: name for key, name in beside.names.items() if name in asked or not asked}
    names = {}
    spelt = {name: {name} for name in found}
    for coder in project.coders.values():  # by which a record may have them
        spelt.get(usual(coder.name), set()).add(coder.name)
    for name in found:
        key = next(
            (key for key in known if key in {number(one, len(key)) for one in spelt[name]}), ""
        )
        if key:
            names[name] = known.pop(key)
    taken = {*asked, *beside.names.values()}
    numbered = (f"coder{n}" if n > 1 else COUNTED for n in count(1))
    free = chain(
        (name for name in asked if name not in names.values()),
        (name for name in numbered if name not in taken),
    )
    return {name: names.get(name) or next(free) for name in found}


def _numbers(found: list[str]) -> dict[str, str]:
    """A number of what the file calls each coder, which is none of the others'."""
    digits = DIGITS_OF_A_NAME
    while len({number(name, digits) for name in found}) < len(found):
        digits += 1
    return {name: number(name, digits) for name in found}


def _published(found: list[str]) -> dict[str, str]:
    """The names of coders in an export of ours."""
    return distinct([(name, SECOND.get(name, name), name) for name in found], "-", kept=True)


def _tell_of_others(project: Project, each: list[list[Coding]]) -> None:
    """Who shares the work among coders must know whose codings are counted."""
    mine = {coding.passage for codings in each[:1] for coding in codings}
    others = {coding.passage for codings in each[1:] for coding in codings} - mine
    if others:
        project.notices.append(
            f"passages that only other coders than the first coded: {len(others):,}; all codings "
            "are compared, and those of the first are counted"
        )


def _tell_of_places(project: Project, units: dict[Passage, str], rows: list[dict]) -> None:
    """Whoever imports must know which places of a file readers will not find at a statement."""
    said = {unit for passage, unit in units.items() if passage.locator}
    lost = sum(row["unit_id"] in said and not row["locator"] for row in rows)
    if lost:
        project.notices.append(
            f"places in no form that a locator has: {lost:,}; known are p. 3, l. 12, p. 3 l. 12, "
            "00:12:30, ¶4, ¶4 s2, 4.1 ¶2 and spans of them"
        )


def _gists(
    passage: Passage, interviews: dict[str, str], notes: Counter[str], is_foreign: bool
) -> tuple[str, str]:
    """What an import says of a passage: where it is, and its words as far as there are any."""
    told = where(interviews[passage.document], passage.place)
    return told, inert(passage.text or "", notes, is_foreign) or told


def where(interview: str, place: str) -> str:
    """What stands in the place of words."""
    return f"[{interview} {place}".rstrip() + "]"


def is_where(gist: str) -> bool:
    """Whether an import wrote this in the place of words."""
    return bool(WHERE.fullmatch(gist))
