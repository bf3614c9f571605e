"""Writes a study as a project of REFI-QDA: its codebook, its statements as texts, codings, coders.

What is written follows from labels and statements alone, not from ids, dates or chance: exported,
imported and exported again, it is the same to the byte.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid5
from xml.sax.saxutils import escape, quoteattr

from analysis import paths
from analysis.exchange import ORIGIN
from analysis.exchange.codebook import STEP, STEP_IN_A_NAME
from analysis.exchange.names import inert
from analysis.exchange.opening import NotReadableError
from analysis.exchange.refi import read_qdpx
from analysis.exchange.tables import SECOND
from analysis.files.whole import make_folder, remove_generated
from analysis.problems import WrongCallError, one_of
from analysis.raw.identities import read_recognised
from analysis.raw.study import current_study
from analysis.tables import coder_of
from analysis.tables.coding import named_for
from analysis.wording import LANGUAGES

if TYPE_CHECKING:
    from analysis.checks.leaks import Recognised

NAMESPACE = UUID("6f1d3b52-9f63-5d0e-8a1b-2c7b4f0e9d11")  # of guids; any one that stays
SCHEMA = "urn:QDA-XML:project:1.0"
Row = Mapping[str, str]


@dataclass
class Node:
    """A code in the tree that is written, and the ids of those that can be given by this name."""

    name: str
    path: tuple[str, ...]
    codes: list[str] = field(default_factory=list)
    definition: str = ""
    below: dict[str, Node] = field(default_factory=dict)


@dataclass(frozen=True)
class Book:
    """What is exported: dimensions by id with label and codes, the statements of each document by
    their id, and who gave which code to which of them.
    """

    dimensions: Mapping[str, tuple[str, Mapping[str, tuple[str, str]]]]
    documents: Mapping[str, Mapping[str, str]]
    codings: Mapping[str, list[tuple[str, str]]]


def export(file: str, language: str = "") -> None:
    """Writes codebook, statements, codings and coders of the study as a project of REFI-QDA."""
    target = paths.given(file)
    if target.suffix.lower() != ".qdpx":
        raise WrongCallError(f"{file!r}: expected a name that ends in .qdpx")
    language = one_of(language or LANGUAGES[0], LANGUAGES, "language", "tables")
    study = current_study()
    book = book_of(study, language)
    counts = write_checked(book, target, read_recognised(paths.raw()))
    print(f"{paths.shown(target)}: {_counted(counts)}")
    if left := _counted(left_out(study, book)):
        print(f"left out: {left}")
    for what, n in _notes(book).items():
        print(f"note: {what}: {n:,}")


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{n:,} {kind}" for kind, n in counts.items() if n)


def _notes(book: Book) -> Counter[str]:
    """What has to be done with texts, and with how many of them."""
    notes: Counter[str] = Counter()
    for label, codes in book.dimensions.values():
        for text in (label, *(said for texts in codes.values() for said in texts)):
            inert(text, notes, is_foreign=False)
    for text in (said for units in book.documents.values() for said in units.values()):
        inert(text, notes, is_foreign=False)
    return +notes


def write_project(book: Book, path: Path) -> Counter[str]:
    """Writes the project; how many things of each kind are in it."""
    counts: Counter[str] = Counter()
    coded = {unit for pairs in book.codings.values() for unit, _ in pairs}
    documents = {
        name: kept
        for name, units in book.documents.items()
        if (kept := {unit: _plain(said) for unit, said in units.items() if unit in coded})
    }
    sources = {
        f"{_guid('text', name)}.txt": "\n".join(units.values()) + "\n"
        for name, units in documents.items()
    }
    xml = "\n".join(_lines(book, documents, counts)) + "\n"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, text in [
            ("project.qde", xml),
            *(("sources/" + n, t) for n, t in sources.items()),
        ]:
            # neither the hour nor the system are of any interest
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, text.encode())
    return counts


def write_checked(book: Book, target: Path, recognised: Recognised | None = None) -> Counter[str]:
    """Writes the project in one go, once it was read back, holds what it should, and tells nobody
    who is not named.
    """
    partial = target.with_name(f"{target.name}.partial")
    make_folder(target.parent)
    remove_generated(partial)
    try:
        counts = write_project(book, partial)
        found = read_qdpx(partial)
        for kind in ("documents", "coders", "codings"):
            if found.found.get(kind, 0) != counts[kind] or found.number_aside(kind):
                wrong = f"{target.name} would not hold all {kind}; nothing is written"
                raise NotReadableError(wrong)
        for _, whose in recognised.places(partial.read_bytes()) if recognised else ():
            raise NotReadableError(f"{target.name} would hold {whose}; nothing is written")
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return counts


def _lines(book: Book, documents, counts: Counter[str]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield _open("Project", xmlns=SCHEMA, name="study", origin=ORIGIN)
    yield "<Users>"
    for coder in book.codings:
        counts["coders"] += 1
        yield _whole("User", guid=_guid("coder", coder), name=coder)
    yield "</Users>"
    guids: dict[str, str] = {}
    yield "<CodeBook><Codes>"
    for node in _tree(book).values():
        yield from _codes(node, guids, counts)
    yield "</Codes></CodeBook>"
    given: dict[str, list[tuple[str, str]]] = {}
    order = {code: n for n, code in enumerate(guids)}
    for coder, pairs in book.codings.items():
        for unit, code in sorted(pairs, key=lambda pair: order[pair[1]]):
            given.setdefault(unit, []).append((coder, code))
    yield "<Sources>"
    for name, units in documents.items():
        counts["documents"] += 1
        yield from _source(name, units, given, guids, counts)
    yield "</Sources>"
    yield "</Project>"


def _source(name: str, units, given, guids: dict[str, str], counts: Counter[str]) -> Iterator[str]:
    text = f"internal://{_guid('text', name)}.txt"
    yield _open("TextSource", guid=_guid("document", name), name=name, plainTextPath=text)
    at = 0
    for number, (unit, said) in enumerate(units.items()):
        key = f"{name} {number}"
        counts["passages"] += 1
        yield _open(
            "PlainTextSelection",
            guid=_guid("passage", key),
            name=said,
            startPosition=at,
            endPosition=at + len(said),
        )
        at += len(said) + 1
        for coder, code in given[unit]:
            counts["codings"] += 1
            target = guids[code]
            user = _guid("coder", coder)
            yield _open(
                "Coding", guid=_guid("coding", f"{key} {coder} {target}"), creatingUser=user
            )
            yield _whole("CodeRef", targetGUID=target)
            yield "</Coding>"
        yield "</PlainTextSelection>"
    yield "</TextSource>"


def _tree(book: Book) -> dict[str, Node]:
    """The codes one below the other: a label names all on the way to a code."""
    tops: dict[str, Node] = {}
    for label, codes in book.dimensions.values():
        if not codes:
            continue
        label = _plain(label)
        top = tops.setdefault(label, Node(label, (label,)))
        for code, (path, definition) in codes.items():
            node = top
            for name in _plain(path).split(STEP):
                plain = name.replace(STEP_IN_A_NAME, STEP)
                node = node.below.setdefault(plain, Node(plain, (*node.path, plain)))
            node.codes.append(code)
            node.definition = node.definition or _plain(definition)
    return tops


def _codes(node: Node, guids: dict[str, str], counts: Counter[str]) -> Iterator[str]:
    guid = _guid("code", "\0".join(node.path))
    counts["codes"] += bool(node.codes)
    guids |= dict.fromkeys(node.codes, guid)
    codable = "true" if node.codes else "false"
    yield _open("Code", guid=guid, name=node.name, isCodable=codable)
    if node.definition:
        yield f"<Description>{escape(node.definition)}</Description>"
    for below in node.below.values():
        yield from _codes(below, guids, counts)
    yield "</Code>"


def _plain(text: str) -> str:
    """A text as an import would have it."""
    return inert(text, Counter(), is_foreign=False)


def _guid(kind: str, key: str) -> str:
    return str(uuid5(NAMESPACE, f"{kind} {key}"))


def _open(name: str, /, **attributes) -> str:
    said = "".join(f" {key}={quoteattr(str(value))}" for key, value in attributes.items())
    return f"<{name}{said}>"


def _whole(name: str, /, **attributes) -> str:
    return _open(name, **attributes)[:-1] + "/>"


def _said(cell) -> str:
    return cell if isinstance(cell, str) else ""


def book_of(study, language: str) -> Book:
    """What of a study is exported: only what may be shown is in it."""
    codes = study["codes"]
    dimensions = {
        row["dimension"]: (
            row[f"label_{language}"],
            {
                code["code"]: (code[f"label_{language}"], _said(code[f"definition_{language}"]))
                for code in codes[codes["dimension"] == row["dimension"]].to_dict("records")
            },
        )
        for row in study["dimensions"].to_dict("records")
    }
    documents: dict[str, dict[str, str]] = {}
    for table, owners, what in (  # a case may be called as an interview is
        ("units", ("interview_id", "municipality_id"), ""),
        ("case_units", ("case_id",), "case-"),
    ):
        for row in study[table].to_dict("records"):
            owner = next((row[name] for name in owners if isinstance(row.get(name), str)), "all")
            documents.setdefault(what + owner, {})[row["unit_id"]] = row[f"gist_{language}"]
    known = {unit for units in documents.values() for unit in units}
    codings = {
        name: [
            (unit, code)
            for unit, code in study[name][["unit_id", "code"]].itertuples(index=False)
            if isinstance(code, str) and unit in known
        ]
        for name in study
        if name.startswith("codings_")
    }
    return Book(dimensions, documents, _by_coder(codings))


def _by_coder(codings: Mapping[str, list[tuple[str, str]]]) -> dict[str, list[tuple[str, str]]]:
    """The codings of each table under the name of its coder, which no two may have."""
    tables: dict[str, str] = {}
    for table in (name for name, given in codings.items() if given):
        coder = coder_of(table)
        other = tables.setdefault(SECOND.get(coder, coder), table)
        if other != table:
            files = " and ".join(named_for(coder_of(each)) for each in (other, table))
            raise NotReadableError(
                f"{files} would be of one coder in the export; rename one of them; nothing is "
                "written"
            )
    return {name: codings[tables[name]] for name in sorted(tables)}


def left_out(study, book: Book) -> Counter[str]:
    """How many things of each kind a study has that the format has no place for."""
    known = {unit for units in book.documents.values() for unit in units}
    coded = {unit for given in book.codings.values() for unit, _ in given}
    codings = [study[name] for name in study if name.startswith("codings_")]
    codings = [frame[frame["unit_id"].isin(known)] for frame in codings]
    return Counter(
        {
            "context statements": len(study["context_units"]),
            "statements without a code": len(known - coded),
            "ratings without a code": sum(int(frame["code"].isna().sum()) for frame in codings),
            "certainties": sum(int(frame["certainty"].notna().sum()) for frame in codings),
            "decisions": len(study["adjudication"]),
        }
    )
