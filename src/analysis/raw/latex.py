"""Reads the marks of LaTeX in a bibliography as what they stand for; any other one can be named."""

from __future__ import annotations

import re

from pybtex.backends.plaintext import Backend
from pybtex.richtext import HRef, Tag, Text

# Signs that are written with a backslash in BibTeX, and a per cent sign without one, which would
# hide what follows. They wait in disguise while pybtex reads the rest, as it cannot read them.
SIGNS = {
    "{": "{", "}": "}", "$": "$", "%": "%", "textbraceleft": "{", "textbraceright": "}",
    "textdollar": "$", "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^",
    "textless": "<", "textgreater": ">", "textbar": "|",
}  # fmt: skip
SIGN = re.compile(r"\\(?:([{}$%])|(text[a-z]+)(?:\{\}| )?)|%")
PLAIN = {0xE000 + ord(sign): sign for sign in "\\{}$&%#_~^<>|-`'\""}
DISGUISE = {ord(sign): chr(private) for private, sign in PLAIN.items()}
TAGS = {
    "emph": "em", "textit": "em", "textsl": "em", "mkbibemph": "em", "texttt": "tt",
    "textbf": "strong", "mkbibbold": "strong", "textsubscript": "sub", "textsuperscript": "sup",
}  # fmt: skip
MARK = re.compile(rf"\\({'|'.join([*TAGS, 'url', 'nolinkurl', 'href'])})\s*(?=\{{)")
LINK = re.compile(r"\\(?:url|nolinkurl|href)\s*\{([^{}]*)\}")
LEFT = re.compile(r"\\(?:[A-Za-z]+|.|$)")
ADDRESS = re.compile(r"(https?|ftp)://[^\s<>\"{}]+")
KNOWN = r"the text itself, or one of \emph, \textbf, \textsubscript, \textsuperscript, \url, \href"


def disguised(field: str) -> str:
    """A field of BibTeX in which no sign is lost when pybtex reads it."""
    return SIGN.sub(_waiting, field)


def _waiting(sign: re.Match) -> str:
    name = sign[1] or sign[2] or "%"
    return SIGNS[name].translate(DISGUISE) if name in SIGNS else sign[0]


def rich(field: str) -> Text:
    """A disguised field as a text with emphasis and links."""
    parts, plain, at = [], "", 0
    while at < len(field):
        end = _end(field, at)
        mark = MARK.match(field, at)
        if mark or MARK.search(field[at:end]):
            made, end = _made(mark, field) if mark else (rich(field[at + 1 : end - 1]), end)
            parts += [*_plain(plain, parts), made]
            plain = ""
        else:
            plain += field[at:end]
        at = end
    return Text(*parts, *_plain(plain, parts))


def _plain(field: str, before: list) -> list:
    """A field without marks; pybtex would forget the blank between it and what stands before."""
    return [" "] * bool(before and field[:1].isspace()) + [Text.from_latex(field)]


def unread(field: str, read=rich) -> str | None:
    """The first mark in a field that stands for nothing known here, or leads nowhere, if any.

    read: what the field is read with; names, without emphasis and links, with `Text.from_latex`.
    """
    for link in LINK.finditer(disguised(field)):
        if not ADDRESS.fullmatch(_address(link[1])):
            return link[0].translate(PLAIN)
    left = LEFT.search(read(disguised(field)).render(Backend()))
    return left[0] if left else None


def _made(mark: re.Match, field: str) -> tuple[Text, int]:
    """What a mark makes of what stands in the braces behind it, and where they end."""
    end = _end(field, mark.end())
    inside = field[mark.end() + 1 : end - 1]
    if mark[1] in TAGS:
        return Text(Tag(TAGS[mark[1]], rich(inside))), end
    address = _address(inside)
    shown = Text(address.translate(DISGUISE))
    if mark[1] == "href" and field[end : end + 1] == "{":
        start, end = end, _end(field, end)
        shown = rich(field[start + 1 : end - 1])
    return Text(HRef(address, shown)) if ADDRESS.fullmatch(address) else shown, end


def _address(inside: str) -> str:
    return inside.translate(PLAIN).replace("\\", "")


def _end(field: str, at: int) -> int:
    """Where what begins at a place ends: a group in braces, a backslash and a sign, or one sign."""
    if field[at] == "\\":
        return min(at + 2, len(field))
    depth = 0
    for place in range(at, len(field)):
        depth += {"{": 1, "}": -1}.get(field[place], 0)
        if depth <= 0:
            return place + 1
    return len(field)
