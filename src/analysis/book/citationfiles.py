"""A work as programs for literature read it: BibTeX and RIS."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote

from analysis.citation import Author, one_line

# LaTeX acts on these signs; and BibTeX counts braces, also those behind a backslash.
LATEX = {sign: f"\\{sign}" for sign in "&%$#_"} | {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
LIGATURE = re.compile(r"([-`',<>])(?=\1)|[!?](?=`)")  # LaTeX makes one sign of two
TITLE = "title"
ADDRESS = "url"  # the field that is taken as it is written
# The fields of BibTeX by their tags in RIS.
TAGS = {
    TITLE: "TI",
    "booktitle": "T2",
    "year": "PY",
    "version": "ET",
    "language": "LA",
    ADDRESS: "UR",
}
KINDS = {"misc": "RPRT", "incollection": "CHAP"}


def bibtex(kind: str, key: str, authors: Iterable[Author], fields: dict[str, str]) -> str:
    """An entry of BibTeX; fields that say nothing are left out."""
    ascii_key = unicodedata.normalize("NFKD", key).encode("ascii", "ignore").decode()
    told = {"author": " and ".join(map(_in_bibtex, authors))}
    for name, text in fields.items():
        told[name] = _address(text) if name == ADDRESS else _latex(text)
    if told.get(TITLE):
        told[TITLE] = f"{{{told[TITLE]}}}"  # else styles write it in small letters
    lines = "".join(f"  {name} = {{{text}}},\n" for name, text in told.items() if text)
    return f"@{kind}{{{re.sub(r'[^A-Za-z0-9]+', '-', ascii_key).strip('-')},\n{lines}}}\n"


def ris(kind: str, authors: Iterable[Author], fields: dict[str, str]) -> str:
    """A record of RIS, whose lines end as its description wants; the same kinds and fields."""
    told = [("TY", KINDS[kind]), *(("AU", one_line(author.inverted)) for author in authors)]
    told += [(TAGS[name], one_line(text)) for name, text in fields.items() if one_line(text)]
    return "".join(f"{tag}  - {text}\r\n" for tag, text in [*told, ("ER", "")])


def _in_bibtex(author: Author) -> str:
    """`von Family, Suffix, Given`; the name of a body in braces, as it has no such parts."""
    if not (author.family and author.given):
        return f"{{{_latex(author.name)}}}"
    parts = filter(None, (author.family, author.suffix, author.given))
    return ", ".join(_part(_latex(part)) for part in parts)


def _part(text: str) -> str:
    """Part of a name; in braces where BibTeX would see the end of it."""
    return f"{{{text}}}" if re.search(r",|\band\b", text, re.IGNORECASE) else text


def _latex(text: str) -> str:
    signs = "".join(LATEX.get(sign, sign) for sign in one_line(text))
    return LIGATURE.sub(r"\g<0>{}", signs)


def _address(text: str) -> str:
    return re.sub(r"[\\{}\s]", lambda sign: quote(sign[0]), text)
