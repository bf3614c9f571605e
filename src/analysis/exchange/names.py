"""Makes names and texts of other programs fit for tables: plain ids, nothing that acts."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Hashable, Iterable
from hashlib import sha256

from analysis.files.damage import INVISIBLE, NEEDED, SCIENTIFIC

# A spreadsheet takes a text that begins so for a formula, or for something that it is not.
FORMULA = tuple("=+-@'")
GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "ł": "l", "æ": "ae"})
ID = re.compile(r"[a-z0-9][a-z0-9_.-]*")
LONGEST = 40  # characters of an id that is made of a name
HIDDEN = re.compile(f"[{''.join(INVISIBLE)}]")
BLANKS = re.compile(r"[^\S\t]+")
LETTERS = str.maketrans("0123456789", "ghijklmnop")


def digest(*parts: Hashable, length: int = 12) -> str:
    """A short name for parts that together say what something is."""
    said = "\0".join(map(str, parts)).encode("utf-8", "surrogatepass")
    return sha256(said).hexdigest()[:length]


def number(key: str, digits: int) -> str:
    """A number of so many digits that follows from a key; it does not tell it, but confirms it to
    whoever guesses it.
    """
    return str(int(digest(key), 16) % 10**digits).zfill(digits)


def inert(text: str, notes: Counter[str], is_foreign: bool = True) -> str:
    """A text on one line without characters that nobody sees or that turn others around; if it is
    foreign, in quotation marks where a spreadsheet would run it. What had to be done is counted in
    `notes`.
    """
    line = " ".join(text.split())
    if not line.isprintable() or HIDDEN.search(line):
        kept = "".join(map(_kept, line))
        hidden = "texts without characters that nobody sees or that turn others around, left out"
        notes[hidden] += kept != line
        line = " ".join(kept.split())
    line = unicodedata.normalize("NFC", line)
    if not is_foreign:
        return line
    if line.startswith(FORMULA) or SCIENTIFIC.fullmatch(line):
        notes["texts in quotation marks, as they begin like a formula or a number"] += 1
        return f"“{line}”"
    return line


def usual(text: str) -> str:
    """A text as people see it: with usual blanks, no hidden signs and composed letters, line by
    line.
    """
    if text.isascii() and "  " not in text:
        return text
    lines = unicodedata.normalize("NFC", HIDDEN.sub("", text)).split("\n")
    return "\n".join(BLANKS.sub(" ", line).strip() for line in lines)


def _kept(character: str) -> str:
    seen = character.isprintable() and character not in INVISIBLE
    return character if seen or character in NEEDED else ""


def slug(name: str, gap: str) -> str:
    """A name in small letters, digits and `gap`, its first words if it is long; empty where it has
    none of them.
    """
    folded = name.casefold().translate(GERMAN)
    plain = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode()
    found = re.sub("[^a-z0-9]+", gap, plain).strip(gap)
    if len(found) <= LONGEST:
        return found
    return found[: LONGEST + 1].rpartition(gap)[0] or found[:LONGEST]


def distinct(
    names: Iterable[tuple[Hashable, str, Hashable]],
    gap: str,
    *,
    letters: bool = False,
    kept: bool = False,
) -> dict[Hashable, str]:
    """An id for each thing, of its name; where several would have the same, each of them has a
    digest of what else it is, so that ids do not depend on order.

    names: thing, name, and what else it is. letters: digits are not allowed.
    kept: names that are ids already stay as they are.
    """
    names = [
        (thing, name if kept and ID.fullmatch(name) else slug(name, gap), other)
        for thing, name, other in names
    ]
    if letters:
        names = [
            (thing, re.sub("[0-9]+", gap, said).strip(gap), other) for thing, said, other in names
        ]
    often = Counter(said for _, said, _ in names)
    made, taken = {}, set()
    for thing, said, other in names:
        mark = digest(other, length=8)
        mark = mark.translate(LETTERS) if letters else mark
        found = said if said and often[said] == 1 else f"{said}{gap}{mark}".strip(gap)
        while found in taken:
            found += "x"
        made[thing] = found
        taken.add(found)
    return made
