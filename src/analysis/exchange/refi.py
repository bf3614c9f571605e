"""Reads REFI-QDA, the exchange format of programs for coding: projects (`.qdpx`, `.qde`) and
codebooks (`.qdc`), versions 1.0 and 1.5.

Names of elements are matched without their namespace, as every program has one of its own, and
everything may be missing, as in some programs it is.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from analysis.exchange.model import NOT_KEPT, Code, Coder, Coding, Document, Passage, Project
from analysis.exchange.offsets import Page, Span, choose, plain
from analysis.exchange.opening import Archive, NotReadableError, read_bounded, read_xml
from analysis.exchange.places import box, clock, instant, stretch
from analysis.exchange.taguette import put_below_each_other

SOURCES = {
    "TextSource": "text",
    "PDFSource": "pdf",
    "PictureSource": "picture",
    "AudioSource": "audio",
    "VideoSource": "video",
}
HOLDERS = {"TextSource", "Representation", "TextDescription", "Transcript", "Note"}
SELECTIONS = {
    "PlainTextSelection",
    "PDFSelection",
    "PictureSelection",
    "AudioSelection",
    "VideoSelection",
    "TranscriptSelection",
}
POSITION = re.compile("[0-9]{1,11}")
# What an account tells, and the elements that are counted for it.
KINDS = {
    "documents": tuple(SOURCES),
    "codes": ("Code",),
    "coders": ("User",),
    "codings": ("Coding",),
    "memos": ("Note",),
    "cases": ("Case",),
    "sets": ("Set",),
    "links": ("Link",),
    "attributes": ("VariableValue",),
    "drawings": ("Graph",),
}
# At which number programs begin to count pages, if not at 1.
FIRST_PAGE = {"QualCoder": 0}
SPOKEN = {"Description", "PlainTextContent"}  # elements whose text is read


@dataclass(slots=True)
class _Thing:
    """An element of the file as it stands there, until all of it is known."""

    kind: str
    attributes: dict[str, str]
    id: str = ""
    owner: _Thing | None = None  # the source or memo that it belongs to
    holder: _Thing | None = None  # whose text it lies in
    text: str | None = None
    description: str = ""
    target: str | None = None
    codings: list[_Thing] = field(default_factory=list)
    points: dict[str, tuple[str, str]] = field(default_factory=dict)  # of a transcript


def read_refi(path: Path, offsets: str = "") -> Project:
    """The project or codebook in a file; `offsets` names how characters are counted, if asked."""
    if path.suffix.lower() == ".qdpx":
        return read_qdpx(path, offsets)
    return _Reading(path.name, None, read_bounded(path)).project(offsets)


def read_qdpx(path: Path, offsets: str = "") -> Project:
    """The project in an archive, whatever its name."""
    with Archive(path) as archive:
        inner = [name for name in archive.names if _is_project(name.replace("\\", "/"))]
        if len(inner) != 1:
            found = ", ".join(map(repr, inner)) or "none"
            raise NotReadableError(
                f"{path.name} should hold one file that ends in .qde, in no folder, and holds "
                f"{found}; export the project again"
            )
        return _Reading(path.name, archive, archive.read(inner[0])).project(offsets)


def _is_project(name: str) -> bool:
    is_outer = "/" not in name and not name.startswith(".")
    return is_outer and PurePosixPath(name).suffix.lower() == ".qde"


class _Reading:
    """Hears of the elements of a file, and makes them a project."""

    def __init__(self, name: str, archive: Archive | None, content: bytes):
        self.name, self.archive = name, archive
        self.origin, self._root = "", ""
        self._open: list[_Thing] = []
        self._words: list[str] = []
        self.codes: list[_Thing] = []
        self.users: list[_Thing] = []
        self.sources: list[_Thing] = []
        self.selections: list[_Thing] = []
        self.codings: list[_Thing] = []
        self.descriptions = 0
        self.further = 0  # codes of codings that have one already
        self.counts = read_xml(content, self, name)
        if self._root not in ("Project", "CodeBook"):
            raise NotReadableError(
                f"{name} is no project or codebook of REFI-QDA: it begins with <{self._root}>"
            )

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins: what it belongs to is what is open."""
        above = self._open[-1] if self._open else None
        thing = _Thing(name, attributes, _id(attributes.get("guid", "")))
        if above:
            thing.owner, thing.holder = above.owner, above.holder
        else:
            self._root, self.origin = name, attributes.get("origin", "")
        if name in SOURCES or name == "Note":
            thing.owner, thing.holder = thing, None
        if name in HOLDERS:
            thing.holder = thing
        self._open.append(thing)
        self._words.clear()
        self._keep(name, thing, above)

    def _keep(self, name: str, thing: _Thing, above: _Thing | None) -> None:
        if name == "Coding" and above:
            thing.owner = above
            self.codings.append(thing)
            above.codings.append(thing)
        elif name == "CodeRef" and above and above.kind == "Coding":
            self._refer(above, _id(thing.attributes.get("targetGUID", "")))
        elif name in SELECTIONS:
            self.selections.append(thing)
        elif name == "Code":
            if above and above.kind == "Code":
                thing.target = above.id
            self.codes.append(thing)
        elif name == "User":
            self.users.append(thing)
        elif name in SOURCES:
            self.sources.append(thing)
        elif name == "SyncPoint" and thing.holder:
            said = thing.attributes
            thing.holder.points[thing.id] = said.get("position", ""), said.get("timeStamp", "")

    def _refer(self, coding: _Thing, code: str) -> None:
        """A coding has one code; each further one is a coding of its own."""
        if coding.target is not None:
            coding = replace(coding, id="")
            self.codings.append(coding)
            self.further += 1
        coding.target = code

    def data(self, text: str) -> None:
        """Some of the text of the element that is open."""
        if self._open[-1].kind in SPOKEN:
            self._words.append(text)

    def end(self, name: str) -> None:
        """An element ends: its text belongs to the one around it."""
        self._open.pop()
        if name == "Description" and self._open:
            self._open[-1].description = "".join(self._words).strip()
            self.descriptions += bool(self._open[-1].description)
        elif name in SPOKEN and self._open:
            self._open[-1].text = "".join(self._words)
        self._words.clear()

    def project(self, offsets: str) -> Project:
        """All that was heard."""
        made = Project(self.origin or "an unnamed program")
        made.found = {
            kind: sum(self.counts[element] for element in elements)
            for kind, elements in KINDS.items()
        }
        made.found["codings"] += self.further
        for kind, reason in NOT_KEPT.items():
            made.set_aside(kind, reason, made.found[kind])
        made.found["descriptions"] = self.descriptions
        of_codes = sum(bool(thing.description) for thing in self.codes)
        made.set_aside("descriptions", "they describe no code", self.descriptions - of_codes)
        self._take_codes(made)
        if self.origin.startswith("Taguette"):
            put_below_each_other(made)
        self._take_coders(made)
        self._read_texts(made)
        self._take_documents(made)
        self._take_codings(made, self._passages(made, offsets))
        return made

    def _take_documents(self, made: Project) -> None:
        holders: dict[int, dict[int, _Thing]] = {}  # the texts in which passages of a source lie
        for one in self.selections:
            if one.owner and one.holder:
                holders.setdefault(id(one.owner), {})[id(one.holder)] = one.holder
        for number, source in enumerate(self.sources, 1):
            source.id = source.id or f"document {number}"
            _once(source.id, made.documents, "documents", self.name)
            own = [*holders.get(id(source), {}).values()] or [source]
            text = own[0].text if len(own) == 1 and own[0].kind in HOLDERS else None
            name = _document_name(source)
            made.documents[source.id] = Document(
                source.id,
                name or f"document {number}",
                None if text is None else plain(text),
                SOURCES[source.kind],
                is_named=bool(name),
            )

    def _take_codes(self, made: Project) -> None:
        for thing in self.codes:
            if not thing.id:
                raise NotReadableError(f"{self.name}: a code has no guid; export it again")
            _once(thing.id, made.codes, "codes", self.name)
            said = thing.attributes
            made.codes[thing.id] = Code(
                thing.id,
                said.get("name", ""),
                thing.target,
                thing.description,
                said.get("isCodable", "true").lower() not in ("false", "0"),
            )

    def _take_coders(self, made: Project) -> None:
        for thing in self.users:
            thing.id = thing.id or _id(thing.attributes.get("id", ""))
            _once(thing.id, made.coders, "coders", self.name)
            made.coders[thing.id] = Coder(thing.id, thing.attributes.get("name", ""))

    def _passages(self, made: Project, offsets: str) -> dict[int, Passage]:
        """Where each coded selection lies, by its `id()`."""
        coded = [thing for thing in self.selections if thing.codings]
        uncoded = len(self.selections) - len(coded)
        if uncoded:
            made.found["passages without a code"] = uncoded
            made.set_aside("passages without a code", "no coder gave them one", uncoded)
        spans = {id(thing): span for thing in coded if (span := self._span(thing))}
        texts = {
            id(thing.holder): thing.holder.text
            for thing in coded
            if id(thing) in spans and thing.holder and thing.holder.text
        }
        located = [thing for thing in coded if id(thing) in spans and id(thing.holder) in texts]
        points = []
        if located:
            said = [
                Span(id(thing.holder), *spans[id(thing)], thing.attributes.get("name", ""))
                for thing in located
            ]
            made.dialect, why, points = choose(texts, said, self.origin, offsets)
            made.notices.append(f"characters are counted as {made.dialect}: {why}")
        pages = {key: Page(plain(raw)) for key, raw in texts.items()}
        passages = {
            id(thing): Passage(
                _document(thing),
                *spans.get(id(thing), ()),
                locator=self._locator(thing),
                mark=_clip(thing),
            )
            for thing in coded
        }
        for thing, (start, end) in zip(located, points, strict=True):
            passage = pages[id(thing.holder)].passage(_document(thing), start, end)
            times = _times(thing)
            timed = replace(passage, locator="–".join(times)) if len(times) == 2 else passage
            passages[id(thing)] = timed
        if any("page" in thing.attributes for thing in coded):
            made.notices.append(f"pages are counted from {self._first_page}")
        return passages

    def _locator(self, thing: _Thing) -> str:
        """Where a passage lies in what is no text."""
        said = thing.attributes
        if "begin" in said:
            return stretch(said["begin"], said.get("end", said["begin"]))
        page = self._page(said.get("page", ""))
        if "firstX" in said:
            corners = (said.get(name, "") for name in ("firstX", "firstY", "secondX", "secondY"))
            return box(*corners, page)
        return f"p. {page}" if page else "–".join(_times(thing))

    def _page(self, said: str) -> str:
        """The number of a page as people count."""
        number = POSITION.fullmatch(said)
        return str(int(said) + 1 - self._first_page) if number else said

    @property
    def _first_page(self) -> int:
        return next((n for name, n in FIRST_PAGE.items() if self.origin.startswith(name)), 1)

    def _span(self, thing: _Thing) -> tuple[int, int] | None:
        """First and last offset of a passage in a text; None for one in a picture or recording."""
        said = thing.attributes
        if thing.kind == "TranscriptSelection" and thing.holder:
            ends = [
                thing.holder.points.get(_id(said.get(name, "")), ("", ""))[0]
                for name in ("fromSyncPoint", "toSyncPoint")
            ]
        elif thing.kind == "PlainTextSelection":
            ends = [said.get("startPosition", ""), said.get("endPosition", "")]
        else:
            return None
        if not all(ends) and thing.kind == "TranscriptSelection":
            return None
        if not all(map(POSITION.fullmatch, ends)):
            raise NotReadableError(
                f"{self.name}: a passage lies from {ends[0]!r} to {ends[1]!r}, which are no "
                "positions; export the project again"
            )
        start, end = map(int, ends)
        if end < start:
            raise NotReadableError(
                f"{self.name}: in {_document_name(thing.owner or thing.holder)!r} a passage begins "
                f"at {start} and ends before it, at {end}; export the project again"
            )
        return start, end

    def _read_texts(self, made: Project) -> None:
        """The text of each source that has coded passages or is one; what is missing stays so."""
        missing: Counter[str] = Counter()
        holders = {id(thing.holder): thing.holder for thing in [*self.sources, *self.selections]}
        for holder in holders.values():
            if holder is None or holder.kind == "Note":
                continue
            path = holder.attributes.get("plainTextPath", "")
            if holder.text is not None:
                holder.text = holder.text.removeprefix("\ufeff")
            elif path:
                holder.text, why = self._text(path)
                missing.update([why] if why else [])
        for why, n in missing.items():
            made.notices.append(f"texts {why}: {n}; positions in them are kept")

    def _text(self, path: str) -> tuple[str | None, str]:
        """A text, or why it is not there."""
        place, _, name = path.rpartition("://")
        if self.archive is None or place not in ("", "internal"):
            return None, "outside of the file"
        found = self.archive.find(f"sources/{name}") or self.archive.find(name)
        content = self.archive.read(found) if found else b""
        if len(content) < 2:  # what some programs leave of a text
            return None, "that are missing or empty in the file"
        try:
            if b"\0" in content:  # of UTF-16, which may be UTF-8 as well
                raise ValueError
            return content.decode("utf-8-sig"), ""
        except ValueError:
            raise NotReadableError(
                f"{self.name}: the text {found!r} is not in UTF-8; save it so in the program, or "
                "export the project again"
            ) from None

    def _take_codings(self, made: Project, passages: dict[int, Passage]) -> None:
        for number, thing in enumerate(self.codings, 1):
            owner = thing.owner
            passage = passages.get(id(owner)) or Passage(_document(owner))
            user = _id(
                thing.attributes.get("creatingUser") or owner.attributes.get("creatingUser", "")
            )
            if passage.document not in made.documents:
                made.set_aside("codings", "they do not code a document")
            elif thing.target not in made.codes:
                made.set_aside("codings", "their code is not in the codebook")
            else:
                made.codings.append(
                    Coding(thing.id or f"coding {number}", passage, thing.target, user or None)
                )


def _document(coded: _Thing) -> str:
    return coded.owner.id if coded.owner else ""


def _clip(thing: _Thing) -> str:
    """What tells a clip from others within the same second; empty for what is none."""
    said = thing.attributes
    return instant(said["begin"], said.get("end", said["begin"])) if "begin" in said else ""


def _once(key: str, known: dict, what: str, name: str) -> None:
    if key in known:
        raise NotReadableError(f"{name}: two {what} have the guid {key!r}; export it again")


def _id(guid: str) -> str:
    """A guid as it is compared: programs write it in capitals or not, in braces or not."""
    return guid.strip().strip("{}").lower()


def _document_name(source: _Thing) -> str:
    said = source.attributes
    path = said.get("plainTextPath") or said.get("path") or ""
    return said.get("name") or PurePosixPath(path.rpartition("/")[2]).stem


def _times(thing: _Thing) -> list[str]:
    """When a passage of a transcript begins and ends, as far as its points tell."""
    points = thing.holder.points if thing.holder else {}
    ends = (_id(thing.attributes.get(name, "")) for name in ("fromSyncPoint", "toSyncPoint"))
    return [clock(time) for end in ends if (time := points.get(end, ("", ""))[1])]
