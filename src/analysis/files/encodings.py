"""Turns the bytes of a table into text, or says what kind of file it is and what reads oddly in it."""

from __future__ import annotations

import re

# How files begin that are no tables, whatever their name says.
FORMATS = {
    b"PK\x03\x04": "a spreadsheet or another zip file",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet (XLS)",
    b"%PDF": "a PDF file",
    b"{\\rtf": "a text document (RTF)",
    b"version https://git-lfs": "a pointer of Git LFS (`git lfs pull` fetches the file)",
}
UTF16 = (b"\xff\xfe", b"\xfe\xff")
WEB_PAGE = re.compile(rb"\s*<(!doctype|html|\?xml|table)\b", re.IGNORECASE)
# What a table in Windows-1252 may hold beyond ASCII. In the code pages it is confused with, the
# bytes of umlauts, quotation marks and section signs stand for other characters than these, or for
# punctuation in the middle of a word.
LETTERS = "ÄÖÜäöüßéèêëàâçîïôûù"
SIGNS = "„“”‚‘’…–—•€§°²³µ·½¼¾«»©®™×±¶‰\u00a0"
ODD = re.compile(
    rf"[^\x00-\x7f{LETTERS}{SIGNS}]"
    r"|(?<=[^\W\d_])[„‚“”‘…•€½¼¾™‰](?=[^\W\d_])|(?<=[^\W\d_])§|§(?=[^\W\d_])|(?<![\w)])[€…™”•](?=[^\W\d_])"
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
    for start, what in FORMATS.items():
        if content.startswith(start):
            return what
    if content.startswith(UTF16) or content.count(b"\0") > len(content) // 4:
        return "UTF-16, as Excel's “Unicode Text”, or no text at all"
    return "a web page" if WEB_PAGE.match(content) else None


def odd_words(text: str, most: int = 3) -> list[str]:
    """The first words of a text that hold a character which Windows-1252 has there only by mistake."""
    found = []
    for mark in ODD.finditer(text):
        before = re.search(r"[^\s,;\"]*$", text[: mark.start()]).group()
        after = re.match(r"[^\s,;\"]*", text[mark.start() :]).group()
        found.append(before + after)
    return list(dict.fromkeys(found))[:most]


def likely(content: bytes) -> str | None:
    """The encoding in which nothing of the bytes reads oddly, by name; None if none is
    better than Windows-1252.
    """
    for encoding, name in OTHERS.items():
        try:
            if not odd_words(content.decode(encoding)):
                return name
        except UnicodeDecodeError:
            continue
    return None
