"""Turns the bytes of a table into text, or says what the file is and what reads oddly in it."""

from __future__ import annotations

import re
from contextlib import suppress

# How files begin that are no tables, whatever their name says.
FORMATS = {
    b"\x1f\x8b": "a file packed with gzip",
    b"BZh": "a file packed with bzip2",
    b"\xfd7zXZ": "a file packed with xz",
    b"(\xb5/\xfd": "a file packed with Zstandard",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"PAR1": "a Parquet file",
    b"SQLite format 3": "an SQLite database",
    b"\x89PNG": "a picture (PNG)",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet (XLS)",
    b"%PDF": "a PDF file",
    b"{\\rtf": "a text document (RTF)",
    b"version https://git-lfs": "a pointer of Git LFS (`git lfs pull` fetches the file)",
}
# What makes a zip file more than that: names of files in it.
ZIPPED = {
    b"xl/": "a spreadsheet of Excel (XLSX)",
    b"opendocument.spreadsheet": "a spreadsheet of LibreOffice (ODS)",
    b"Index/Document.iwa": "a spreadsheet of Numbers",
    b"word/": "a document of Word (DOCX)",
}
UTF16 = (b"\xff\xfe", b"\xfe\xff")
WEB_PAGE = re.compile(rb"\s*<(!doctype|html|\?xml|table)\b", re.IGNORECASE)
# What a table in Windows-1252 may hold beyond ASCII. In the code pages it is confused with, the
# bytes of umlauts, quotation marks and section signs stand for other characters than these, or for
# punctuation in the middle of a word. Letters that are others in the East of Europe count where the
# West has them: œu is French and no Polish ś, Ør Danish and no Czech ř, ña Spanish and no Polish ń.
LETTERS = "ÄÖÜäöüßÁÉÍÓÚáíóúÀÇÂÎÔÅåéèêëàâçîïôûùŠšŽž"
WEST = (
    "[Œœ](?=[uiUI])|[Øø](?![aeiouyáéíóúý])|[Ææ](?=[^\\W\\d_])(?![aeiouyáéíóúý])"
    "|[Ññ](?=[aeiouáéíóúü])|ã(?=[eo])|õ(?=e)|[ìò](?![^\\W\\d_])"
)
UMLAUTS = re.compile("[ÄÖÜäöüß]")
# In files of Mac and DOS these are umlauts, so they count beside at least as many of Windows.
CONFUSED = re.compile("[ŠšŽá]")
SIGNS = "„“”‚‘’…–—•€§°²³µ·½¼¾«»©®™×±¶‰\u00a0"
ODD = re.compile(
    rf"(?!{WEST})[^\x00-\x7f{LETTERS}{SIGNS}]|[©®](?=[a-zß-ÿ])"
    r"|(?<=[^\W\d_])[„‚“”‘…•€½¼¾™‰](?=[^\W\d_])|(?<=[^\W\d_])§|§(?=[^\W\d_])"
    r"|(?<![\w)])[€…™”•](?=[^\W\d_])"
    r"|(?<=[^\W\d_])[±µ¶]|[±¶](?=[^\W\d_])|(?<=[^\W\d_m])³|³(?=[^\W\d_]{2})|[½¼¾](?=[^\W\d_]{3})"
    r"|„(?=[^“”‘\"\n]*(?:\n|$))"
)
OTHERS = {
    "iso8859-15": "ISO 8859-15",
    "mac_roman": "MacRoman, as Excel's “CSV (Macintosh)”",
    "cp850": "CP850, as Excel's “CSV (MS-DOS)”",
}


def foreign(content: bytes) -> str | None:
    """What a file is that is no text; None for a text."""
    if content.startswith(b"PK\x03\x04"):
        return next((what for name, what in ZIPPED.items() if name in content), "a zip file")
    for start, what in FORMATS.items():
        if content.startswith(start):
            return what
    if content.startswith(UTF16) or content.count(b"\0") > len(content) // 4:
        return "UTF-16, as Excel's “Unicode Text”, or no text at all"
    return "a web page" if WEB_PAGE.match(content) else None


def odd_words(text: str) -> list[str]:
    """The first three words of a text with a sign that Windows-1252 has there only by mistake."""
    found = []
    marks = list(ODD.finditer(text))
    confused = list(CONFUSED.finditer(text))
    if len(confused) > len(UMLAUTS.findall(text)):
        marks = sorted([*marks, *confused], key=re.Match.start)
    for mark in marks:
        before = re.search(r"[^\s,;\"]*$", text[: mark.start()]).group()
        after = re.match(r"[^\s,;\"]*", text[mark.start() :]).group()
        found.append(before + after)
    return list(dict.fromkeys(found))[:3]


def likely(content: bytes) -> str | None:
    """The encoding in which nothing of the bytes reads oddly and most umlauts appear, by name;
    None if none is better than Windows-1252.
    """
    umlauts = {}
    for encoding, name in OTHERS.items():
        with suppress(UnicodeDecodeError):
            text = content.decode(encoding)
            if not odd_words(text):
                umlauts[name] = len(UMLAUTS.findall(text))
    return max(umlauts, key=umlauts.get, default=None)
