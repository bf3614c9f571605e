"""What any program for coding knows of a project, in terms of none of them."""

from __future__ import annotations

from dataclasses import dataclass, field

# What a project holds beside codings and the tables have no place for, and why.
NOT_KEPT = {
    "memos": "the tables have no place for them",
    "cases": "what is compared are the documents",
    "sets": "the tables have no groups of codes or documents",
    "links": "the tables have no links between passages",
    "attributes": "they can be added to the table of interviews by hand",
    "drawings": "they are made anew from the data",
}


@dataclass(frozen=True)
class Document:
    """Something that was coded: an interview, a report, a recording.

    text: in code points, its lines ending in line feeds; None where the file does not hold it.
    is_named: whether the file has a name for it, by which other files may know it too.
    """

    id: str
    name: str
    text: str | None = None
    kind: str = "text"
    is_named: bool = True


@dataclass(frozen=True)
class Code:
    """A code; `parent` is the id of the one above it. A folder of codes is not codable."""

    id: str
    name: str
    parent: str | None = None
    description: str = ""
    is_codable: bool = True


@dataclass(frozen=True)
class Coder:
    """Somebody who coded."""

    id: str
    name: str


@dataclass(frozen=True)
class Passage:
    """Where somebody coded: from `start` to before `end` in the text, in code points, or, where
    there is none, what `locator` says, such as a page and a frame or a stretch of time. mark: tells
    passages apart that are alike in all of this.
    """

    document: str
    start: int | None = None
    end: int | None = None
    locator: str = ""
    text: str | None = None
    mark: str = ""

    def __post_init__(self):
        parts = self.document, self.start, self.end, self.locator, self.text, self.mark
        object.__setattr__(self, "_hash", hash(parts))  # it is asked for again and again

    def __hash__(self) -> int:
        return self._hash

    @property
    def place(self) -> str:
        """Where it is, for people; empty if it is all of the document."""
        return self.locator or ("" if self.end is None else f"{self.start}–{self.end}")


@dataclass(frozen=True)
class Coding:
    """One coder gave one code to one passage; `row` tells where it stood in a table."""

    id: str
    passage: Passage
    code: str
    coder: str | None = None
    row: int | None = None


@dataclass
class Project:
    """All that was read, by kind, in the order of the file.

    origin: the program that wrote it. dialect: how it counts characters, and what speaks for that.
    found: how many things of each kind there are in the file, counted without understanding it.
    aside: for each kind and reason, how many were read and are not written.
    notices: what the reader of the account has to know. who: who or what is behind names that do
    not tell it; shown to whoever imports and written nowhere.
    """

    origin: str
    documents: dict[str, Document] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    coders: dict[str, Coder] = field(default_factory=dict)
    codings: list[Coding] = field(default_factory=list)
    dialect: str = ""
    found: dict[str, int] = field(default_factory=dict)
    aside: dict[tuple[str, str], int] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    who: dict[str, str] = field(default_factory=dict)

    def set_aside(self, kind: str, reason: str, n: int = 1) -> None:
        """Notes that something is read and not written, and why."""
        if n:
            self.aside[kind, reason] = self.aside.get((kind, reason), 0) + n

    def number_aside(self, kind: str) -> int:
        """How many things of a kind are set aside, for whatever reason."""
        return sum(n for (of, _), n in self.aside.items() if of == kind)
