"""The spellings of a name that are looked for in texts: upper and lower case, letters with their
marks, without them or written out, hyphens and breaks of lines, tags between and within words, last
names first, first names as initials.
"""

from __future__ import annotations

import functools
import re
import string
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from itertools import product

# Letters that are written out with two others. What has two of them may be the one letter, too.
WRITTEN_OUT = {
    "ä": "ae", "æ": "ae", "å": "aa", "ö": "oe", "ø": "oe", "œ": "oe", "ü": "ue", "ß": "ss",
    "đ": "dj", "ð": "dh", "þ": "th", "ŋ": "ng", "ĳ": "ij", "ǆ": "dz", "ǉ": "lj", "ǌ": "nj",
}  # fmt: skip
OFTEN = {"ß": "sz", "ss": "sz", "sz": "ss"}  # as in addresses of headings
UMLAUTS = ("ae", "oe", "ue")  # of which the first alone may stand
PAIRS = re.compile("|".join([*sorted({*WRITTEN_OUT.values(), *OFTEN.values()}), "."]))
# Others are letters with marks by what Unicode takes them apart into, or by their names.
ALIKE = {"ð": "d", "ə": "e", "ĸ": "k", "ŋ": "n"}
NAMED = re.compile(
    r"LATIN (?:(?:SMALL|CAPITAL) LETTER|LETTER SMALL CAPITAL) (?:DOTLESS |LONG )?"
    r"([A-Z])(?: WITH .*)?"
)
LATIN = [*range(0xC0, 0x2B0), *range(0x1D00, 0x1D80), *range(0x1E00, 0x1F00)]

MARKS = "\u0300-\u036f\u1dc0-\u1dff\u20d0-\u20ff"
NOTHING = (  # to be seen
    r"\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
)
HYPHENS = "‐‑‒–⁃−﹣"
TAG = r"""<(?>(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+>|[^<>]*+>)"""  # a > may be quoted in it
LATEX = r"""[{}]|\\++(?:["'`^~=]|[cvuHkbd]\s*\{)?"""  # marks of letters in BibTeX
# Between letters: what is not seen, tags, and a word that goes on in the next line.
WITHIN = (
    rf"(?:[-\u00ad{HYPHENS}](?:\s|{TAG}|[{NOTHING}])++|[{NOTHING}{MARKS}]|{LATEX}"
    rf"|\s*</?(?:tspan|text)\b[^<>]*>\s*|{TAG})*+"
)
# Between words: anything but letters and digits, tags, and at most the initial of another name.
APART = rf"(?:{TAG}|[\W_])*+"
BETWEEN = rf"{APART}(?:[A-ZÄÖÜ]\.{APART})?"
LETTER = r"[^\W\d_]"
NO_ABBREVIATION = r"(?<![\W_]\w\.\s)(?<![\W_]\w\.)"  # as in: z. B. Muster
UNSEEN = {"Mn", "Cf"}  # kinds of signs
TITLES = {
    "dipl",
    "doktor",
    "dr",
    "frau",
    "herr",
    "herrn",
    "ing",
    "mr",
    "mrs",
    "ms",
    "prof",
    "professor",
}
NAMES = 6  # of somebody at most; what has more words is no name
MANY = 64  # ways to write a word

# The same among plain letters, or more: tags are not told apart, and all else is not there.
TAGS = re.compile(b"(" + TAG.encode() + b")")
BROKEN = re.compile(rb"-\s+")
MARKED = re.compile(rb"\\[cvuhkbd]\s*\{")


def _base(mark: str) -> str:
    """The letter that one is with marks; empty if it is none."""
    apart = [
        part for part in unicodedata.normalize("NFKD", mark) if not unicodedata.combining(part)
    ]
    if len(apart) == 1 and apart[0].isascii():
        return apart[0].lower() if apart[0].isalpha() else ""
    named = NAMED.fullmatch(unicodedata.name(mark, ""))
    return named[1].lower() if named else ALIKE.get(mark.lower(), "")


BASES = {mark: base for number in LATIN if (base := _base(mark := chr(number)))}
# In a plain text a letter is its base, or else is written out.
PLAIN = WRITTEN_OUT | {mark.upper(): out for mark, out in WRITTEN_OUT.items() if mark != "ß"}
PLAIN |= {"ẞ": "ss"} | BASES
BEYOND = re.compile(f"[{''.join(mark for mark in PLAIN if ord(mark) > 0xFF)}]")
NO_LEADS = bytes({*range(0x100)} - {mark.encode()[0] for mark in PLAIN if ord(mark) > 0xFF})
SEVERAL = {mark.encode("latin-1"): PLAIN[mark].encode() for mark in "ßæÆþÞ"}
SMALL = bytes(
    ord(PLAIN.get(chr(n), {0xA0: " ", 0xAD: "-"}.get(n, chr(n).lower()))[0]) for n in range(0x100)
)
OTHERS = bytes([
    *range(0x1C, 0x20),
    *(n for n in range(0x80, 0x100) if SMALL[n] >= 0x80),
])  # fmt: skip
CLASSES: dict[str, str] = defaultdict(str, {a: a + a.upper() for a in string.ascii_lowercase})
for _mark, _letter in BASES.items():
    CLASSES[_letter] += _mark


class Spelled:
    """A value in all its spellings.

    needed: of each word the ways to write it in a plain text, the last word first. Few texts have
    all of them, and only these are searched.
    """

    def __init__(self, value: str):
        self.words = words = _words(value)
        self.needed = [_ways(words[-1]), *([*_ways(word), *_initials(word)] for word in words[:-1])]

    @functools.cached_property
    def search(self) -> Callable[[str], re.Match | None]:
        """Finds the first place in a text where the value stands; made when it is needed."""
        # A search for one of some letters is fast; what is before and from there on is looked at
        # only where there is one.
        first = "".join(sorted({mark for word in self.words for mark in _first(word)}))
        whole = rf"(?:{_orders(self.words)})(?:['’]?[sS])?(?!{LETTER})"
        return re.compile(rf"[{first}](?<!{LETTER}.)(?<=(?={whole}).)").search

    def may_be_in(self, plain: bytes) -> bool:
        """Whether a text may have the value, by what `plainly` leaves of it."""
        return all(any(way in plain for way in ways) for ways in self.needed)


def plainly(text: str) -> bytes:
    """A text in small letters without their marks, and without what may be between those of a word;
    what is in tags stands behind all that is not.
    """
    if not text.isascii():
        for hyphen in HYPHENS:
            text = text.replace(hyphen, "-")
        if text.encode("utf-8", "ignore").translate(None, NO_LEADS):  # one of them may be there
            text = BEYOND.sub(lambda found: PLAIN[found[0]], text)
    plain = text.encode("latin-1", "ignore")
    for mark, out in SEVERAL.items():
        plain = plain.replace(mark, out)
    pieces = TAGS.split(plain.translate(SMALL, OTHERS))
    whole = b"".join([*map(bytes.strip, pieces[::2]), b" ", *pieces[1::2]])
    whole = MARKED.sub(b"", whole) if b"\\" in whole else whole
    return BROKEN.sub(b"", whole).translate(None, b"-{}\\\"'`^~=")


def _words(value: str) -> list[str]:
    """The words of a value, first names first, in letters of one sign each; without titles where a
    whole name is left, as few texts have them.
    """
    last, _, first = unicodedata.normalize("NFC", value).partition(",")
    seen = "".join(mark for mark in f"{first} {last}" if unicodedata.category(mark) not in UNSEEN)
    words = re.findall(r"[^\W_]+", seen)
    names = [word for word in words if word.casefold() not in TITLES]
    return names if len(names) > 1 else words


def _parts(word: str) -> list[str]:
    """The letters of a word, and those together that may be written as one."""
    small = unicodedata.normalize("NFC", word.casefold())
    return PAIRS.findall("".join(mark for mark in small if not unicodedata.combining(mark)))


def _spellings(part: str) -> list[str]:
    """How a letter may be written, or two that stand for one, the longest first."""
    found = {part, *(mark for mark, out in WRITTEN_OUT.items() if out == part)}
    found |= {part[0]} if part in UMLAUTS else {"ß"} if part == "sz" else set()
    found |= {known.get(part, part) for known in (WRITTEN_OUT, OFTEN, BASES)}
    return sorted(found, key=lambda text: (-len(text), text))


def _ways(word: str) -> list[bytes]:
    """The ways to write a word in a plain text; of one with very many, its beginning."""
    ways = [""]
    for part in _parts(word):
        plain = {"".join(PLAIN.get(mark, mark) for mark in text) for text in _spellings(part)}
        if len(ways) * len(plain) > MANY:
            break
        ways = [way + text for way, text in product(ways, sorted(plain))]
    return [way.encode("latin-1", "ignore") for way in ways]


def _orders(words: list[str]) -> str:
    """A pattern for the words as they stand, or of those of a name with the last ones first; all
    but the last may be initials, with a full stop.
    """
    last = len(words) - 1
    whole = [WITHIN.join(map(_letter, _parts(word))) for word in words]
    each = [
        rf"(?:{full}|[{initial}]{WITHIN}\.)"
        if n < last and (initial := _capitals(words[n]))
        else full
        for n, full in enumerate(whole)
    ]
    begun = [
        rf"(?:{whole[n]}|{NO_ABBREVIATION}[{initial}]{WITHIN}\.)"
        if n < last and (initial := _capitals(words[n]))
        else whole[n]
        for n in range(len(words))
    ]
    orders = range(len(words) if len(words) <= NAMES else 1)
    turned = [[begun[n], *each[n + 1 :], *each[:n]] for n in orders]
    return "|".join(map(BETWEEN.join, turned))


def _letter(part: str) -> str:
    """A pattern for a letter, or two that may be one, in all their spellings."""
    return f"(?:{'|'.join(WITHIN.join(map(_class, text)) for text in _spellings(part))})"


def _class(mark: str) -> str:
    """A pattern for a letter, small and large, with and without marks."""
    return f"[{''.join(_cases(mark))}]"


def _cases(mark: str) -> list[str]:
    large = "ẞ" if mark == "ß" else mark.upper()
    return [*CLASSES.get(mark, mark), *([large] if large != mark and mark not in CLASSES else [])]


def _first(word: str) -> list[str]:
    """The letters that some spelling of a word may begin with."""
    return [mark for text in _spellings(_parts(word)[0]) for mark in _cases(text[0])]


def _capitals(word: str) -> str:
    return "".join(mark for mark in _first(word) if mark.isupper())


def _initials(word: str) -> list[bytes]:
    """The ways to write the initial of a word in a plain text; none of a number."""
    firsts = {PLAIN.get(mark, mark.lower())[0] for mark in _capitals(word)}
    return [f"{first}.".encode("latin-1", "ignore") for first in sorted(firsts)]
