"""Reads the project of Taguette, as it exports it to SQLite.

Taguette counts bytes of UTF-8 in the text without its tags. A coding has no coder, but its history
tells who made the passage, unless the project was exported: then all of it is one user's.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from html import unescape

from analysis.exchange.model import NOT_KEPT, Code, Coder, Coding, Document, Passage, Project
from analysis.exchange.opening import Database, NotReadableError

TABLES = {"documents", "highlights", "highlight_tags", "tags"}
BLOCKS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "div", "tr", "br", "blockquote", "pre"}
# What Taguette leaves of a page has no other marks. Time grows with the length of a page alone.
TAG = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
NUMBER = re.compile("&#[xX]?[0-9a-fA-F]{9,};?")  # of no character
DIALECT = "bytes of UTF-8 in the text without tags"


class Text:
    """The text of a page without its tags, and at which byte each paragraph of it begins."""

    def __init__(self, page: str):
        self.content, self.begins = b"", []
        self._parts: list[bytes] = []
        self._length = at = 0
        for mark in TAG.finditer(page):
            self._take(page[at : mark.start()])
            at = mark.end()
            if mark[1].lower() in BLOCKS and self._length not in self.begins[-1:]:
                self.begins.append(self._length)
        self._take(page[at:])
        self.content = b"".join(self._parts)

    def _take(self, words: str) -> None:
        said = unescape(NUMBER.sub("\ufffd", words)).encode("utf-8", "replace")
        self._parts.append(said)
        self._length += len(said)

    def passage(self, document: str, start: int, end: int) -> Passage | None:
        """The passage between two bytes, or the ends of the letters in which they are; None where
        there is none.
        """
        if not 0 <= start < end <= len(self.content):
            return None
        start, end = self._after(start), self._after(end)
        before, words = self.content[:start].decode(), self.content[start:end].decode()
        at = len(before) + len(words) - len(words.lstrip())
        words = words.strip() or words
        paragraph = max(bisect_right(self.begins, start), 1)
        return Passage(document, at, at + len(words), f"¶{paragraph}", words)

    def _after(self, place: int) -> int:
        while place < len(self.content) and 0x80 <= self.content[place] <= 0xBF:
            place += 1
        return place


def read_taguette(base: Database) -> Project:
    """The project in an open database."""
    projects = base.count("projects")
    if projects > 1:
        raise NotReadableError(
            f"{base.name} holds {projects} projects; open one in Taguette and export it as SQLite3"
        )
    made = Project("Taguette", dialect=DIALECT)
    texts = {}
    for key, name, page in base.rows("documents", ("#id", "name", "contents")):
        texts[str(key)] = text = Text(page)
        made.documents[str(key)] = Document(str(key), name, text.content.decode())
    for key, path, about in base.rows("tags", ("#id", "path", "description")):
        made.codes[str(key)] = Code(str(key), path, description=about.strip())
    put_below_each_other(made)
    passages = _passages(base, texts)
    coders = _coders(base)
    rows = base.rows("highlight_tags", ("#highlight_id", "#tag_id"))
    for mark, tag in rows:
        coder = coders.get(mark)
        if coder:
            made.coders.setdefault(coder, Coder(coder, coder))
        if mark not in passages or str(tag) not in made.codes:
            made.set_aside("codings", "their tag or passage is not in the project")
        else:
            made.codings.append(Coding(f"{mark}.{tag}", passages[mark], str(tag), coder))
    bare = len(set(passages) - {mark for mark, _ in rows})
    made.set_aside("passages without a code", "no coder gave them one", bare)
    made.found = {
        "documents": base.count("documents"),
        "codes": len(made.codes),
        "coders": len(made.coders),
        "codings": base.count("highlight_tags"),
        "passages without a code": bare,
        "descriptions": base.count("tags", "description"),
        "memos": base.count("documents", "description") + base.count("projects", "description"),
    }
    made.set_aside("memos", NOT_KEPT["memos"], made.found["memos"])
    return made


def _passages(base: Database, texts: dict[str, Text]) -> dict[int, Passage]:
    """Each highlight; the words that Taguette noted of it are what it must be."""
    found, odd = {}, []
    columns = ("#id", "#document_id", "#start_offset", "#end_offset", "snippet")
    for key, document, start, end, snippet in base.rows("highlights", columns):
        text = texts.get(str(document))
        passage = text and text.passage(str(document), start, end)
        said = Text(snippet).content.decode()
        if passage is None or said.split() != passage.text.split():
            odd.append(key)
        else:
            found[key] = passage
    if odd:
        raise NotReadableError(
            f"{base.name}: {len(odd):,} of {len(odd) + len(found):,} highlights have other words "
            f"than their documents, first number {odd[0]}; export the project again"
        )
    return found


def _coders(base: Database) -> dict[int, str]:
    """Who made each highlight, as the history tells."""
    found: dict[int, str] = {}
    if "commands" in base.tables:
        for login, payload in base.rows("commands", ("user_login", "payload")):
            try:
                said = json.loads(payload)
            except (ValueError, RecursionError):
                continue
            if isinstance(said, dict) and said.get("type") == "highlight_add" and login:
                mark = said.get("highlight_id")
                if isinstance(mark, int):
                    found.setdefault(mark, login)
    return found


def put_below_each_other(made: Project) -> None:
    """A full stop in the name of a tag puts it below the tag before it, if there is one."""
    by_path = {code.name: key for key, code in made.codes.items()}
    for key, code in made.codes.items():
        above, dot, name = code.name.rpartition(".")
        if dot and above in by_path and name:
            made.codes[key] = Code(key, name, by_path[above], code.description)
