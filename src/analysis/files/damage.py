"""Names marks in a text that nobody meant: what a wrong encoding, an export or a
spreadsheet leaves behind.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import NamedTuple


class Damage(NamedTuple):
    """What is wrong with a text, and what was expected instead."""

    wrong: str
    expected: str


LONGEST = 32_767  # characters that a spreadsheet keeps of a cell
SAVE = "the letters that were meant; save the file as UTF-8 (in Excel: CSV UTF-8)"
# Characters of UTF-8 that were read as Windows-1252, MacRoman or CP850: ü as Ã¼, √º, ├╝.
CONTINUED = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
# A root, a tree of files or a quoted capital look alike, so some need a small letter beside them.
TWICE = re.compile(
    rf"Ã{CONTINUED}|Â[\x80-\xbf]|(?<=[a-zß-ÿ])[Ä-ÖØ-Þ]{CONTINUED}"
    rf"|â[€‚„†]{CONTINUED}?|[âï]{CONTINUED}{{2}}|ðŸ"
    r"|(?<=[^\W\d_])√[^\x00-\x7f]|√[^\x00-\x7f\u0370-\u03ff−∑∏∫∞](?=[a-zß-ÿ√])|‚Ä[^\w\s]"
    r"|[├┬][^\x00-\x7f─━┄╌═]|ÔÇ[^\x00-\x7f]"
)
# What stands for a letter that an encoding lacks: M?nchen, ?ber. Not in an address.
LOST = re.compile(r"(?:(?<![^\s„“»«\"])|(?<=[^\W\d_]-))[^\W\d_]*\?+[a-zß-ÿ]+(?![\w=/?&%]|\.\w)")
ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z]\w*);")
ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")
# Errors of spreadsheets in English, German, French, Spanish, Italian, Dutch and Polish.
ERROR = re.compile(
    r"(?<![\w&])(?:#(?:NAME\?|REF!|VALUE!|N/A|NUM!|NULL!|DIV/0!|SPILL!|CALC!|FIELD!|GETTING_DATA"
    r"|BUSY!|BLOCKED!|UNKNOWN!|CONNECT!|WERT!|BEZUG!|NV|ZAHL!|ÜBERLAUF!|KALK!|FELD!|BLOCKIERT!"
    r"|VALEUR!|NOM\?|NOMBRE!|NUL!|¡VALOR!|¿NOMBRE\?|¡REF!|¡NUM!|¡NULO!|¡DIV/0!|VALORE!|NOME\?|RIF!"
    r"|WAARDE!|NAAM\?|VERW!|GETAL!|LEEG!|DEEL/0!|ARG!|LICZBA!|ADR!|NAZWA\?|N/D!?|ND|NB)(?!\w)"
    r"|#{4,}|(?:Err|Fehler):\d{3}\b)"
)
SCIENTIFIC = re.compile(r"[+-]?\d([.,]\d+)?E[+-]?\d+", re.ASCII)
# What is typed or exported so that a spreadsheet takes a cell for a text: ="007", '007. An
# apostrophe that is meant has another one behind it, or is one of ’s, ’t, ’n, ’68er.
FORCED = re.compile(r"=\".*\"|'(?![stn]\b|\d\der)[^']+", re.DOTALL)
INVISIBLE = {
    "\u00ad": "soft hyphen",
    "\u200b": "zero-width space",
    "\u2060": "word joiner",
    "\ufeff": "byte order mark",
    **dict.fromkeys("\u115f\u1160\u3164\uffa0", "filler"),
}
# Signs without a shape that join letters or tell their direction; Arabic ones with a shape.
NEEDED = {*"\u200c\u200d\u200e\u200f\u061c\u06dd\u070f\u08e2", *map(chr, range(0x600, 0x606))}
FLAG = "🏴"  # followed by hidden letters it is the flag of England, Scotland or Wales
NEAR = 12  # so many characters of its neighbourhood are shown around a mark
BREAKS = {"\r": "carriage return", "\u2028": "line separator", "\u2029": "paragraph separator"}


# What some damage has among signs that can be printed; a text without it has none.
SUSPECT = re.compile(r"[#&:?\u115f\u1160\u3164\uffa0\ufffdÃÂâïð√├┬Ô‚]|_x|[a-zß-ÿ][Ä-ÖØ-Þ]")


def damage(text: str) -> Damage | None:
    """What is wrong with a text; None where nothing is."""
    if text.isprintable() and not SUSPECT.search(text) and len(text) < LONGEST:
        return _as_a_number(text)  # nearly every cell ends here
    return _of_characters(text) or _of_encoding(text) or _of_export(text) or _as_a_number(text)


def _of_characters(text: str) -> Damage | None:
    """Characters that a table cannot hold, or that nobody sees."""
    for character in text:
        if (character.isprintable() or character == "\n") and character not in INVISIBLE:
            continue
        kind, named = unicodedata.category(character), f"U+{ord(character):04X}"
        if character in BREAKS or (kind == "Cc" and character != "\t"):
            name = BREAKS.get(character, "control character")
            return Damage(
                f"{_around(text, character)} holds a {name} ({named})",
                "text without it; a line break in a cell is a line feed",
            )
        if "\u202a" <= character <= "\u202e" or "\u2066" <= character <= "\u2069":
            return Damage(
                f"{_around(text, character)} holds a mark that turns the direction of writing "
                f"({named})",
                "text without it",
            )
        if character in INVISIBLE or _is_hidden(character, text):
            name = INVISIBLE.get(character, "sign")
            return Damage(
                f"{_around(text, character)} holds an invisible {name} ({named})",
                "text without it",
            )
        if kind == "Co" or ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF:
            return Damage(
                f"{_around(text, character)} holds a character that has no meaning of its own "
                f"({named})",
                "the sign that was meant",
            )
    return None


def _is_hidden(character: str, text: str) -> bool:
    """Whether a sign is one that nobody sees, and no language or emoji needs."""
    if unicodedata.category(character) != "Cf" or character in NEEDED:
        return False
    return not (FLAG in text and "\U000e0020" <= character <= "\U000e007f")


def _of_encoding(text: str) -> Damage | None:
    if "\ufffd" in text:
        return Damage(
            f"{_around(text, chr(0xFFFD))} holds a mark in place of a letter that was lost "
            "(U+FFFD)",
            "the letter",
        )
    if lost := LOST.search(text):
        wrong = f"{_around(text, lost.group())} holds a question mark in place of a letter"
        return Damage(wrong, SAVE)
    twice = TWICE.search(text)
    return (
        Damage(
            f"{_around(text, twice.group())} looks like UTF-8 that was read as another encoding",
            SAVE,
        )
        if twice
        else None
    )


def _of_export(text: str) -> Damage | None:
    for entity in ENTITY.finditer(text):
        if html.unescape(entity.group()) != entity.group():
            wrong = f"{_around(text, entity.group())} holds an entity of HTML, {entity.group()}"
            return Damage(wrong, f"the character itself, {html.unescape(entity.group())!r}")
    error, escaped = ERROR.search(text), ESCAPED.search(text)
    if error:
        return Damage(
            f"{_around(text, error.group())} holds an error of a spreadsheet, {error.group()}",
            "what the formula should have given",
        )
    if escaped:
        return Damage(
            f"{_around(text, escaped.group())} holds a sign as spreadsheets store it, "
            f"{escaped.group()}",
            "the character itself, or none",
        )
    if len(text) == LONGEST:
        return Damage(
            f"the cell has {LONGEST:,} characters, where spreadsheets cut texts off",
            "the whole text",
        )
    return None


def _as_a_number(text: str) -> Damage | None:
    """What a spreadsheet made of a text, or was told so as not to make a number of it."""
    if FORCED.fullmatch(text):
        return Damage(
            f"{text[:20]!r} is written for a spreadsheet, to be taken for a text",
            "the text alone, which is never taken for a number; for an apostrophe ’",
        )
    if "E" in text and SCIENTIFIC.fullmatch(text):
        return Damage(
            f"{text!r} is a number as spreadsheets shorten it",
            "what was written there; format the column as text first",
        )
    return None


def _around(text: str, mark: str) -> str:
    """The mark between its nearest neighbours, as a quotation that shows what is invisible."""
    start = text.index(mark)
    return repr(text[max(0, start - NEAR) : start + len(mark) + NEAR])


def conflict(line: str) -> bool:
    """Whether a line is one of those that Git leaves in a file that it could not merge."""
    return line.startswith(("<<<<<<< ", "||||||| ", ">>>>>>> ")) or line.rstrip() == "======="
