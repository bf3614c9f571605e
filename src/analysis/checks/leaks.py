"""Finds in files that were made what somebody who is not named could be recognised by, in whatever
spelling: upper and lower case, umlauts as letters, with marks of their own or written out, hyphens
and breaks of lines, entities, escapes, tags between and within words, last names first.

It reads text: pages, tables, drawings, notebooks, scripts, the texts in pictures and PDF, and what
is packed or embedded in a file. It reads neither letters that are drawn nor fonts.
"""

from __future__ import annotations

import base64
import bz2
import codecs
import gzip
import hashlib
import html
import io
import lzma
import re
import string
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from urllib.parse import unquote

FONTS = {".woff", ".woff2", ".ttf", ".otf", ".eot"}
OTHERWISE = {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d"}
WRITTEN_OUT = {"ae": "ä", "oe": "ö", "ue": "ü", "ss": "ß"}
# Between letters: what is not seen, tags that end no word, and a word that goes on in the next
# line.
INLINE = (
    "a abbr b bdi bdo cite code del em font i ins kbd mark q s samp small span strong sub sup u"
)
UNSEEN = (
    r"[\u00ad\u200b-\u200f\u2060\ufeff]|<!--[^<>]{0,300}-->|\s*</?tspan\b[^<>]{0,300}>\s*"
    rf"|</?(?:{INLINE.replace(' ', '|')}|var|wbr)\b[^<>]{{0,300}}>"
)
WITHIN = rf"(?:{UNSEEN}|[-‐](?:\s|{UNSEEN})++)*+"
# Between words: anything but letters and digits, and tags.
BETWEEN = r"(?:<[^<>]{0,300}>|[\W_])*+"
# The same among plain letters, or more: tags are not told apart, and all else is not there.
TAG = re.compile(rb"(<[^<>]{0,320}>)")
BROKEN = re.compile(rb"-\s+")
SMALL = bytes.maketrans(string.ascii_uppercase.encode(), string.ascii_lowercase.encode())
OTHERS = bytes([*range(0x1C, 0x20), *range(0x80, 0x100)])
PNG = b"\x89PNG\r\n\x1a\n"
PACKED = {b"\x1f\x8b": gzip.decompress, b"BZh": bz2.decompress, b"\xfd7zXZ": lzma.decompress}
LETTERS = (b"wOFF", b"wOF2", b"OTTO", b"\0\1\0\0")  # how a font begins
INVENTORY = b"# Sphinx inventory"  # what a book can be linked by; its list is packed
PICTURE = re.compile(rb"iVBORw0KGgo[A-Za-z0-9+/=\\\n]+")  # a PNG, as a notebook holds it
EMBEDDED = re.compile(rb";base64,([A-Za-z0-9+/=]+)")
STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
# In PDF a text may be in pieces, moved by numbers, and its letters numbers or two bytes each.
MOVED = re.compile(r"\)(?:[\s\d.\[\]-]|T[jJdDm*])*\(|>(?:[\s\d.\[\]-]|T[jJdDm*])*<")
OCTAL = re.compile(r"\\([0-3][0-7]{2})")
NUMBERS = re.compile(r"<((?:[0-9A-Fa-f]{2}\s*){2,})>")
WIDE = re.compile("þÿ[^)]*")
ENTITY = re.compile(r"&(?!lt|gt|quot)#?\w{1,32};?")
# Each begins with one letter that it must have, as then the search is fast.
PERCENT = re.compile(r"%[0-9A-Fa-f]{2}(?:%[0-9A-Fa-f]{2})*")
ESCAPE = re.compile(r"\\\\*(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|[nrt])")
OTHER_SIGNS = re.compile("[\ufb00-\ufb06\uff01-\uff5e]")  # joined letters, and wide ones
HIGH = b"\xef"  # which all of them begin with, and few others


class Recognised:
    """What people could be recognised by; `values`: each with the words that tell whose it is."""

    def __init__(self, values: Mapping[str, str]):
        self.values = [_Value(value, whose) for value, whose in values.items()]
        self.found: dict[bytes, str | None] = {}  # by digest of a content

    def within(self, text: str) -> tuple[str, int] | None:
        """Whose the first value in a text is, and where it begins; None if there is none."""
        plain = _plainly(text)
        asked = [value for value in self.values if all(run in plain for run in value.needed)]
        found = [(match.start(), value.whose) for value in asked if (match := value.search(text))]
        return min(found, key=lambda each: each[0])[::-1] if found else None

    def leaks(self, files: Iterable[tuple[Path, str]]) -> Iterator[str]:
        """For each file, given with its name, the first place where somebody is recognised; none of
        the values is repeated.
        """
        for path, name in files:
            if found := self.within(unquote(name)):
                yield f"{Path(name).parts[0]}: the name of a file below holds {found[0]}"
                continue
            if path.suffix in FONTS:
                continue
            with suppress(FileNotFoundError):  # a record that another step has just replaced
                if place := self._place(path.read_bytes()):
                    yield f"{name}:{place}"

    def _place(self, content: bytes) -> str | None:
        """The first place; of contents that are the same, as drawings in pages are, found once."""
        key = hashlib.blake2b(content).digest()
        if key not in self.found:
            self.found[key] = next(self._places(content), None)
        return self.found[key]

    def _places(self, content: bytes) -> Iterator[str]:
        for text in texts(content):
            if found := self.within(text):
                line = text.count("\n", 0, found[1]) + 1
                yield f"{line}: holds {found[0]}"


class _Value:
    """A value, and `whose` it is. needed: of each of its words letters that stand one after the
    other in every spelling (`_plainly`); few texts have all of them, and only these are searched.
    """

    def __init__(self, value: str, whose: str):
        self.whose, self.needed = whose, _needed(value)
        letter, first = r"[^\W\d_]", _first(value)
        # A search for one of some letters is fast; what is before and from there on is looked at
        # only where there is one.
        whole = rf"(?:{_spelled(value)})(?:['’]?[sS])?(?!{letter})"
        self.search = re.compile(rf"[{first}](?<!{letter}.)(?<=(?={whole}).)").search


def texts(content: bytes) -> Iterator[str]:
    """The texts in the content of a file, whatever it calls itself, with entities and escapes as
    the letters they stand for.
    """
    if content.startswith(PNG):
        yield from _of_picture(content)
    elif content.startswith(b"PK\3\4"):
        yield from _of_archive(content)
    elif unpack := next((PACKED[kind] for kind in PACKED if content.startswith(kind)), None):
        with suppress(OSError, EOFError, ValueError, lzma.LZMAError, zlib.error):
            yield from texts(unpack(content))
    elif content.startswith(b"%PDF"):
        yield from _of_pdf(content)
    elif content.startswith(INVENTORY):
        yield from _plain(content)
        yield _inflated(content.split(b"\n", 4)[-1])
    elif not content.startswith(LETTERS):
        yield from _plain(content)


def _plain(content: bytes) -> Iterator[str]:
    """A text, and what is embedded in it."""
    if b"iVBORw0KGgo" in content or b";base64," in content:
        for picture in PICTURE.findall(content):
            yield from texts(_of_base64(picture.replace(b"\\n", b"")))
        content = PICTURE.sub(b"", content)
        for embedded in EMBEDDED.findall(content):
            yield from texts(_of_base64(embedded))
        content = EMBEDDED.sub(b"", content)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield decoded(content.decode("utf-16", "replace"))
        return
    text = content.decode("utf-8", "replace")
    yield decoded(text)
    if "\ufffd" in text:
        yield decoded(content.decode("latin-1"))


def _of_base64(data: bytes) -> bytes:
    try:
        return base64.b64decode(data + b"==")
    except ValueError:
        return b""


def _of_archive(content: bytes) -> Iterator[str]:
    """The names and the texts of the files in an archive."""
    with (
        suppress(zipfile.BadZipFile, RuntimeError, zlib.error),
        zipfile.ZipFile(io.BytesIO(content)) as archive,
    ):
        for name in archive.namelist():
            yield name
            yield from texts(archive.read(name))


def _of_pdf(content: bytes) -> Iterator[str]:
    """The texts of a PDF: as they are, and put together from their pieces."""
    for part in (content, *map(_unpacked, STREAM.findall(content))):
        yield decoded(part.decode("utf-8", "replace"))
        text = OCTAL.sub(lambda found: chr(int(found[1], 8)), part.decode("latin-1"))
        whole = MOVED.sub("", text)
        yield whole.replace("\0", "")  # of letters in two bytes the first is none
        yield from map(_of_string, (found.encode("latin-1") for found in WIDE.findall(whole)))
        yield from map(_of_string, map(bytes.fromhex, NUMBERS.findall(whole)))


def _of_string(content: bytes) -> str:
    """A text of a PDF, whose letters have two bytes if it says so."""
    if content.startswith(codecs.BOM_UTF16_BE):
        return decoded(content.decode("utf-16", "replace"))
    return content.decode("latin-1").replace("\0", "")


def decoded(text: str) -> str:
    """A text with entities and escapes as the letters they stand for; as many lines as before."""
    if "&" in text:
        text = ENTITY.sub(lambda found: html.unescape(found[0]), text.replace("&amp;", "&"))
    if "%" in text:
        text = PERCENT.sub(lambda found: unquote(found[0], errors="replace"), text)
    if "\\" in text:
        text = ESCAPE.sub(lambda found: chr(int(found[1] or found[2] or "20", 16)), text)
    if not text.isascii() and HIGH in text.encode("utf-8", "ignore") and OTHER_SIGNS.search(text):
        return unicodedata.normalize("NFKC", text)
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
    return decoded(_unpacked(data).decode("utf-8", "replace"))


def _unpacked(data: bytes) -> bytes:
    """What zlib has packed; nothing if it has not."""
    try:
        return zlib.decompressobj().decompress(data)
    except zlib.error:
        return b""


def _plainly(text: str) -> bytes:
    """A text in small letters without what may be between those of a word, and without letters of
    several spellings; what is in tags stands behind all that is not.
    """
    plain = text.replace("‐", "-").encode("utf-8", "ignore").translate(SMALL, OTHERS)
    pieces = TAG.split(plain)
    outside = map(bytes.strip, pieces[::2]) if b"tspan" in plain else pieces[::2]
    whole = b"".join([*outside, b" ", *pieces[1::2]])
    return BROKEN.sub(b"", whole).translate(None, b"-")


def _needed(value: str) -> list[bytes]:
    """Of each word the most letters on end that have one spelling only, the most first."""
    runs = [
        ["".join(run) for is_plain, run in groupby(_parts(word), _is_plain) if is_plain]
        for word in _words(value)
    ]
    longest = [max(of_word, key=len, default="").encode() for of_word in runs]
    return sorted(longest, key=len, reverse=True)


def _is_plain(part: str) -> bool:
    return part.isascii() and _spellings(part) == {part}


def _words(value: str) -> list[str]:
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFC", value))


def _first(value: str) -> str:
    """The letters that some spelling of a value may begin with."""
    begun = [_parts(word)[0] for word in _words(value)]
    firsts = {text[0] for part in begun for text in _spellings(part)}
    return "".join(sorted(mark for first in firsts for mark in _cases(first)))


def _spelled(value: str) -> str:
    """A pattern for a value in all its spellings."""
    patterns = [_word(word) for word in _words(value)]
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
