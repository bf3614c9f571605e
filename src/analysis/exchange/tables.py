"""Turns a project of any program into the raw tables of a study: codebook, units, codings of each
coder, interviews.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from analysis.exchange import ORIGIN
from analysis.exchange.codebook import codebook
from analysis.exchange.model import Coding, Passage, Project
from analysis.exchange.names import digest, distinct, inert
from analysis.wording import LANGUAGES

CODEBOOK = "coding/codebook.yml"
UNITS = "coding/units.csv"
INTERVIEWS = "study/interviews.csv"
TIME = r"\d\d:\d\d:\d\d"
# Paragraphs, a page, a time or a stretch of time: of what tables may have as a locator.
PLACE = re.compile(rf"¶\d+(–\d+)?|p\. ?\d+|{TIME}(–{TIME})?", re.ASCII)
GISTS = [f"gist_{language}" for language in LANGUAGES]
QUOTE, PARAPHRASE = "quote", "paraphrase"


@dataclass
class Tables:
    """What is written: entries of the codebook, and rows of each table by file.

    written: how many things of each kind are in them. gists: for each unit what an import may have
    said of it, without and with its words. consent: to each unit.
    """

    dimensions: dict[str, dict]
    rows: dict[str, list[dict[str, str]]]
    written: Counter[str]
    gists: dict[str, tuple[str, str]]
    consent: str


def tables(project: Project, consent: str = PARAPHRASE) -> Tables:
    """The tables of a project; what they have no place for is set aside in the project.

    consent: to each passage. Its words are only copied if it is `quote`, else it says where it is.
    An export of ours has no words but those that may be shown, and names that are published.
    """
    notes: Counter[str] = Counter()
    project.origin = inert(project.origin, notes)
    interviews = _interviews(project, notes)
    codes, dimensions = codebook(project, notes)
    units = _units(project, interviews)
    gists = {units[one]: _gists(one, interviews, notes) for one in units}
    rows = {
        INTERVIEWS: [
            {"interview_id": name, "consent": "anonymous"} for name in interviews.values()
        ],
        UNITS: [
            {
                "unit_id": unit,
                "interview_id": interviews[passage.document],
                "locator": _locator(passage.place),
                "consent": consent,
                **dict.fromkeys(GISTS, gists[unit][consent == QUOTE or project.origin == ORIGIN]),
            }
            for passage, unit in units.items()
        ],
    }
    written = Counter(documents=len(interviews))
    written["rows"] = len({coding.row for coding in project.codings if coding.row})
    written["codes"] = len(project.codes) - project.number_aside("codes")
    by_coder = _by_coder(project)
    written["coders"] = len(project.coders) - project.number_aside("coders")
    for name, codings in by_coder.items():
        rows[f"coding/codings_{name}.csv"] = given = _codings(codings, units, codes)
        written["codings"] += len(given)
        again = len(codings) - len(given)
        project.set_aside("codings", "their coder gave the passage the code already", again)
    project.notices += [f"{n:,} {what}" for what, n in notes.items() if n]
    if (
        consent != QUOTE
        and project.origin != ORIGIN
        and any(coding.passage.text for coding in project.codings)
    ):
        project.notices.append(
            "words of passages are not copied; CONSENT=quote does it, if people agreed to be quoted"
        )
    if not (project.documents or project.codings):  # a codebook alone
        rows = {}
    return Tables(dimensions, rows, written, gists, consent)


def _codings(codings: list[Coding], units: dict[Passage, str], codes: dict[str, str]) -> list[dict]:
    """The rows of one coder, in the order of the units and of the codebook."""
    place = {name: n for names in (units, codes) for n, name in enumerate(names.values())}
    given = {(units[one.passage], codes[one.code]) for one in codings}
    return [
        {"unit_id": unit, "code": code, "certainty": ""}
        for unit, code in sorted(given, key=lambda row: (place[row[0]], place[row[1]]))
    ]


def _interviews(project: Project, notes: Counter[str]) -> dict[str, str]:
    """The id of each document as an interview."""
    documents = project.documents.values()
    return distinct(
        [(one.id, inert(one.name, notes), (one.name, one.id)) for one in documents],
        "-",
        kept=project.origin == ORIGIN,
    )


def _by_coder(project: Project) -> dict[str, list[Coding]]:
    """The codings of each coder, under a name that does not tell who it is. Two coders of the same
    name are one, whom a program has listed twice.
    """
    people = list(dict.fromkeys(coder.name or key for key, coder in project.coders.items()))
    if project.origin == ORIGIN:
        published = distinct([(name, name, name) for name in people], "-", kept=True)
    else:
        published = {name: f"coder{n}" for n, name in enumerate(people, 1)}
    names = {key: published[coder.name or key] for key, coder in project.coders.items()}
    if len(people) < len(names):
        project.notices.append(
            f"{len(names) - len(people)} coders have the name of another one and are taken for them"
        )
    found: dict[str, list[Coding]] = {}
    for coding in project.codings:
        found.setdefault(names.get(coding.coder, "unnamed"), []).append(coding)
    if "unnamed" in found:
        project.notices.append(
            f"{len(found['unnamed']):,} codings do not say which coder made them; they are in "
            "codings_unnamed.csv"
        )
    idle = sum(names[key] not in found for key in names)
    project.set_aside("coders", "they coded nothing", idle)
    return dict(sorted(found.items()))


def _units(project: Project, interviews: dict[str, str]) -> dict[Passage, str]:
    """The id of each coded passage, in the order in which they stand. It follows from the document
    and the words, and from how often these stand before in it, so that it stays the same when
    something is added elsewhere.
    """
    place = {document: n for n, document in enumerate(project.documents)}
    passages = sorted(
        dict.fromkeys(coding.passage for coding in project.codings),
        key=lambda one: (place[one.document], one.start or 0, one.end or 0),
    )
    before: Counter[tuple] = Counter()
    ids = {}
    for one in passages:
        words = one.text or f"{one.start} {one.end} {one.locator}"
        before[one.document, words] += 1
        ids[one] = "u" + digest(interviews[one.document], words, before[one.document, words])
    return ids


def _locator(place: str) -> str:
    """A place as a table may have it; of a frame on a page only the page, and else nothing: all of
    it stands in the gist.
    """
    place = place.replace("¶ ", "¶")
    return next((said for said in (place, place.partition(" [")[0]) if PLACE.fullmatch(said)), "")


def _gists(passage: Passage, interviews: dict[str, str], notes: Counter[str]) -> tuple[str, str]:
    """What an import says of a passage: where it is, and its words as far as there are any."""
    where = f"[{interviews[passage.document]} {passage.place}".rstrip() + "]"
    return where, inert(passage.text or "", notes) or where
