"""Finds in files that were made what somebody who is not named could be recognised by, in whatever
spelling: upper and lower case, umlauts as letters, with marks of their own or written out, hyphens
and breaks of lines, entities, escapes, tags between words, last names first.

It reads text: pages, tables, drawings, notebooks, scripts, the texts in pictures and PDF. It reads
neither letters that are drawn nor fonts.
"""

from __future__ import annotations

import base64
import html
import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from urllib.parse import unquote

FONTS = {".woff", ".woff2", ".ttf", ".otf", ".eot"}
OTHERWISE = {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d"}
WRITTEN_OUT = {"ae": "ä", "oe": "ö", "ue": "ü", "ss": "ß"}
# Between letters: what is not seen, and a word that goes on in the next line.
WITHIN = r"(?:[\u00ad\u200b-\u200f\u2060\ufeff]|[-‐]\s+)*+"
# Between words: anything but letters and digits, and tags.
BETWEEN = r"(?:<[^<>]{0,300}>|[\W_])*+"
PNG = b"\x89PNG\r\n\x1a\n"
PICTURE = re.compile(rb"iVBORw0KGgo[A-Za-z0-9+/=\\\n]+")  # a PNG, as a notebook holds it
EMBEDDED = re.compile(rb";base64,[A-Za-z0-9+/=]+")
STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
ENTITY = re.compile(r"&(?!lt|gt|quot)#?\w{1,32};?")
PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
ESCAPE = re.compile(r"\\+(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|[nrt])")


class Recognised:
    """What people could be recognised by; `values`: each with the words that tell whose it is."""

    def __init__(self, values: Mapping[str, str]):
        self.whose = list(values.values())
        each = "|".join(f"({_spelled(value)})" for value in values)
        letter, first = r"[^\W\d_]", "".join(map(_first, values))
        # A search for one of some letters is fast; what is before and from there on is looked at
        # only where there is one.
        whole = rf"(?:{each})(?:['’]?[sS])?(?!{letter})"
        self.pattern = re.compile(rf"[{first}](?<!{letter}.)(?<=(?={whole}).)")

    def within(self, text: str) -> tuple[str, int] | None:
        """Whose the first value in a text is, and where it begins; None if there is none."""
        found = self.pattern.search(text)
        return (self.whose[found.lastindex - 1], found.start()) if found else None

    def leaks(self, files: Iterable[tuple[Path, str]]) -> Iterator[str]:
        """For each file, given with its name, the first place where somebody is recognised; none of
        the values is repeated.
        """
        for path, name in files:
            if found := self.within(unquote(name)):
                yield f"{Path(name).parts[0]}: the name of a file below holds {found[0]}"
                continue
            with suppress(FileNotFoundError):  # a record that another step has just replaced
                yield from islice(self._places(path, name), 1)

    def _places(self, path: Path, name: str) -> Iterator[str]:
        for text in texts(path):
            if found := self.within(text):
                line = text.count("\n", 0, found[1]) + 1
                yield f"{name}:{line}: holds {found[0]}"


def texts(path: Path) -> Iterator[str]:
    """The texts of a file, with entities and escapes as the letters they stand for."""
    if path.suffix in FONTS:
        return
    if path.suffix == ".png":
        with path.open("rb") as file:
            yield from _of_picture(file.read())
        return
    content = path.read_bytes()
    if b"iVBORw0KGgo" in content or b";base64," in content:
        for picture in PICTURE.findall(content):
            yield from _of_picture(base64.b64decode(picture.replace(b"\\n", b"") + b"=="))
        content = EMBEDDED.sub(b"", PICTURE.sub(b"", content))
    if content.startswith(b"%PDF"):
        for stream in STREAM.findall(content):
            yield _inflated(stream)
    yield decoded(content.decode("utf-8", "replace"))


def decoded(text: str) -> str:
    """A text with entities and escapes as the letters they stand for; as many lines as before."""
    if "&" in text:
        text = ENTITY.sub(lambda found: html.unescape(found[0]), text.replace("&amp;", "&"))
    if "%" in text:
        text = PERCENT.sub(lambda found: unquote(found[0], errors="replace"), text)
    if "\\" in text:
        text = ESCAPE.sub(lambda found: chr(int(found[1] or found[2] or "20", 16)), text)
    return text


def _of_picture(content: bytes) -> Iterator[str]:
    """The texts in a PNG beside its picture."""
    place = len(PNG)
    while place + 8 <= len(content):
        size = int.from_bytes(content[place : place + 4])
        kind, data = content[place + 4 : place + 8], content[place + 8 : place + 8 + size]
        if kind in (b"zTXt", b"iTXt"):
            name, _, rest = data.partition(b"\0")
            yield decoded(name.decode("latin-1"))
            packed = rest[1:] if kind == b"zTXt" else rest.split(b"\0", 3)[-1]
            yield _inflated(packed)
        if kind not in (b"IDAT", b"zTXt"):
            yield decoded(data.decode("utf-8", "replace"))
            yield data.decode("latin-1")
        place += size + 12


def _inflated(data: bytes) -> str:
    try:
        return decoded(zlib.decompressobj().decompress(data).decode("utf-8", "replace"))
    except zlib.error:
        return ""


def _first(value: str) -> str:
    """The letters that some spelling of a value may begin with."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", value))
    begun = [_parts(word)[0] for word in words]
    firsts = {text[0] for part in begun for text in _spellings(part)}
    return "".join(sorted(mark for first in firsts for mark in _cases(first)))


def _spelled(value: str) -> str:
    """A pattern for a value in all its spellings."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", value))
    patterns = [_word(word) for word in words]
    orders = [[*patterns[n:], *patterns[:n]] for n in range(len(patterns))]
    return "|".join(map(BETWEEN.join, orders))


def _word(word: str) -> str:
    return WITHIN.join(map(_letter, _parts(word)))


def _parts(word: str) -> list[str]:
    """The letters of a word, and those together that may be written as one."""
    return re.findall("ae|oe|ue|ss|.", word.casefold())


def _letter(part: str) -> str:
    longest = sorted(_spellings(part), key=lambda text: (-len(text), text))
    each = [WITHIN.join(f"[{_cases(mark)}]" for mark in text) for text in longest]
    return each[0] if len(each) == 1 else f"(?:{'|'.join(each)})"


def _spellings(part: str) -> set[str]:
    """How a letter may be written, or two that stand for one, in small letters."""
    letter = WRITTEN_OUT.get(part, part)
    apart = unicodedata.normalize("NFD", letter)
    out = {out for out, short in WRITTEN_OUT.items() if short == letter}
    return {part, letter, apart, OTHERWISE.get(letter, apart[0])} | out


def _cases(mark: str) -> str:
    """A letter, small and large; ß has no large one that is not two."""
    return "ßẞ" if mark == "ß" else f"{mark}{mark.upper()}"
