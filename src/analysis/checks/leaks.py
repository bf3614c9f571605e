"""Finds in files that were made what somebody who is not named could be recognised by, in whatever
spelling (`spellings.py`), with entities and escapes.

It reads text: pages, tables, drawings, notebooks, scripts, the texts in pictures and PDF, and what
is packed or embedded in a file. Of an archive it says so where a file in it cannot be read: nobody
knows what that holds. What is damaged as a whole is read as far as it goes. It reads neither
letters that are drawn nor fonts, and knows no other alphabets, letters that only look like others,
numbers in other groups, or secret writing.
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
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO
from urllib.parse import unquote, unquote_to_bytes

from analysis.checks.spellings import Spelled, plainly

FONTS = {".woff", ".woff2", ".ttf", ".otf", ".eot"}
PNG = b"\x89PNG\r\n\x1a\n"
PACKED = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ": lzma.open}
DAMAGED = (OSError, EOFError, ValueError, lzma.LZMAError, zlib.error)
# An archive, or a file in it, that is damaged, encrypted or packed in a way that is not known.
CLOSED = (zipfile.BadZipFile, RuntimeError, *DAMAGED)
BEHIND = re.compile(rb"PK(?:\x01\x02|\x07\x08)")  # the content of a file in an archive
LETTERS = (b"wOFF", b"wOF2", b"OTTO", b"\0\1\0\0")  # how a font begins
INVENTORY = b"# Sphinx inventory"  # what a book can be linked by; its list is packed
PICTURE = re.compile(rb"iVBORw0KGgo[A-Za-z0-9+/=\\\n]+")  # a PNG, as a notebook holds it
EMBEDDED = re.compile(rb";base64,([A-Za-z0-9+/=]+)")
NOTEBOOK = b'"nbformat"'
ATTACHED = re.compile(rb'"((?:[A-Za-z0-9+/]|\\n){24,}={0,2}(?:\\n)?)"')  # or what looks so
STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
# In PDF a text may be in pieces, moved by numbers, and its letters numbers or two bytes each.
MOVED = re.compile(r"\)(?:[\s\d.\[\]-]|T[jJdDm*])*\(|>(?:[\s\d.\[\]-]|T[jJdDm*])*<")
OCTAL = re.compile(r"\\([0-3][0-7]{2})")
NUMBERS = re.compile(r"<((?:[0-9A-Fa-f]{2}\s*){2,})>")
WIDE = re.compile("þÿ[^)]*")
ENTITY = re.compile(r"&(?!lt|gt|quot)#?\w{1,32};?")
# Each begins with one letter that it must have, as then the search is fast.
PERCENT = re.compile(r"%[0-9A-Fa-f]{2}(?:%[0-9A-Fa-f]{2})*")
ESCAPE = re.compile(r"\\\\*(?:u\{([0-9A-Fa-f]{2,5})\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|[nrt])")
HALVES = re.compile(r"[\ud800-\udbff][\udc00-\udfff]")  # of a sign that takes two escapes
# Joined letters, wide ones and those of formulas; and how they begin.
OTHER_SIGNS = re.compile("[\ufb00-\ufb06\uff01-\uff5e\U0001d400-\U0001d7ff]")
LEADS = (b"\xef", b"\xf0")


class Recognised:
    """What people could be recognised by; `values`: each with the words that tell whose it is."""

    def __init__(self, values: Mapping[str, str]):
        self.values = [(Spelled(value), whose) for value, whose in values.items()]
        self.found: dict[bytes, tuple[int, str] | None] = {}  # by digest of a content

    def within(self, text: str) -> tuple[str, int] | None:
        """Whose the first value in a text is, and where it begins; None if there is none."""
        plain = plainly(text)
        asked = [(value, whose) for value, whose in self.values if value.may_be_in(plain)]
        found = [(match.start(), whose) for value, whose in asked if (match := value.search(text))]
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
                    yield f"{name}:{place[0]}: holds {place[1]}"

    def places(self, content: bytes) -> Iterator[tuple[int, str]]:
        """For each text in the content of a file, the line of the first value, and whose it is;
        and that there is one that cannot be read.
        """
        for text in texts(content):
            if text is None:
                yield 1, "a packed file that cannot be read"
            elif found := self.within(text):
                yield text.count("\n", 0, found[1]) + 1, found[0]

    def _place(self, content: bytes) -> tuple[int, str] | None:
        """The first place; of contents that are the same, as drawings in pages are, found once."""
        key = hashlib.blake2b(content).digest()
        if key not in self.found:
            self.found[key] = next(self.places(content), None)
        return self.found[key]


def texts(content: bytes) -> Iterator[str | None]:
    """The texts in the content of a file, whatever it calls itself, with entities and escapes as
    the letters they stand for; None for each file in an archive that cannot be read.
    """
    if content.startswith(PNG):
        yield from _of_picture(content)
    elif content.startswith(b"PK\3\4"):
        yield from _of_archive(content)
    elif opened := next((PACKED[kind] for kind in PACKED if content.startswith(kind)), None):
        yield from _of_packed(opened(io.BytesIO(content)), content)
    elif content.startswith(b"%PDF"):
        yield from _of_pdf(content)
    elif content.startswith(INVENTORY):
        yield from _plain(content)
        yield _inflated(content.split(b"\n", 4)[-1])
    elif not content.startswith(LETTERS):
        yield from _plain(content)


def _plain(content: bytes) -> Iterator[str | None]:
    """A text, and what is embedded in it."""
    if b"iVBORw0KGgo" in content or b";base64," in content:
        for picture in PICTURE.findall(content):
            yield from texts(_of_base64(picture.replace(b"\\n", b"")))
        content = PICTURE.sub(b"", content)
        for embedded in EMBEDDED.findall(content):
            yield from texts(_of_base64(embedded))
        content = EMBEDDED.sub(b"", content)
    for attached in ATTACHED.findall(content) if NOTEBOOK in content else ():
        yield from texts(_of_base64(attached.replace(b"\\n", b"")))
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield decoded(content.decode("utf-16", "replace"))
        return
    text = content.decode("utf-8", "replace")
    yield decoded(text)
    if "\ufffd" in text:
        yield decoded(content.decode("latin-1"))
    if b"\0" in content:  # letters of several bytes
        yield decoded(content.replace(b"\0", b"").decode("latin-1"))


def _of_base64(data: bytes) -> bytes:
    try:
        return base64.b64decode(data + b"==")
    except ValueError:
        return b""


def _of_packed(file: IO[bytes], content: bytes) -> Iterator[str | None]:
    """The texts of a packed file; of a damaged one what can be unpacked, and it as it is."""
    unpacked = []
    try:
        while part := file.read1():
            unpacked.append(part)
    except DAMAGED:
        yield from _plain(content)
    yield from texts(b"".join(unpacked))


def _of_archive(content: bytes) -> Iterator[str | None]:
    """The names and the texts of the files in an archive."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except CLOSED:
        yield from _of_torn_archive(content)
        return
    with suppress(*CLOSED), archive:
        yield from _plain(archive.comment)
        for file in archive.infolist():
            yield decoded(file.filename)
            yield from _plain(file.comment)
            packed = None
            with suppress(*CLOSED):
                packed = archive.read(file)
            yield from [None] if packed is None else texts(packed)


def _of_torn_archive(content: bytes) -> Iterator[str | None]:
    """The names and the texts of the files that begin in an archive that cannot be opened, and all
    of it as it is.
    """
    yield from _plain(content)
    for file in content.split(b"PK\3\4")[1:]:
        name, extra = (int.from_bytes(file[at : at + 2], "little") for at in (22, 24))
        yield decoded(file[26 : 26 + name].decode("utf-8", "replace"))
        packed = BEHIND.split(file[26 + name + extra :])[0]
        is_stored = file[4:6] == b"\0\0"
        yield from texts(packed if is_stored else _unpacked(packed, -zlib.MAX_WBITS))


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
        text = PERCENT.sub(_of_percent, text.replace("%25", "%"))
    if "\\" in text:
        halved = "\\ud" in text or "\\uD" in text
        text = ESCAPE.sub(_of_escape, text)
        text = HALVES.sub(_of_halves, text) if halved else text
    if not text.isascii() and any(map(text.encode("utf-8", "ignore").__contains__, LEADS)):
        return OTHER_SIGNS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return text


def _of_percent(found: re.Match) -> str:
    letters = unquote_to_bytes(found[0])
    try:
        return letters.decode()
    except UnicodeDecodeError:
        return letters.decode("latin-1")


def _of_escape(found: re.Match) -> str:
    return chr(int(found[found.lastindex], 16)) if found.lastindex else " "


def _of_halves(found: re.Match) -> str:
    return found[0].encode("utf-16", "surrogatepass").decode("utf-16")


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


def _unpacked(data: bytes, bits: int = zlib.MAX_WBITS) -> bytes:
    """What zlib has packed; nothing if it has not. bits: below 0 where it has no head."""
    try:
        return zlib.decompressobj(bits).decompress(data)
    except zlib.error:
        return b""
