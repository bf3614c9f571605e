"""Reads the codebook: its dimensions and codes as tables, and everything that
is wrong with it, by line.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from analysis.checks.consent import ADDRESSES, identifying
from analysis.files.whole import read_file
from analysis.files.yamlfile import Entry, read_entries
from analysis.problems import Problems, alike, suggest
from analysis.tables.coding import CODABLE
from analysis.tables.coding import CODEBOOK as FILE
from analysis.wording import LANGUAGES, other_language

TEXTS = dict.fromkeys(LANGUAGES, str)
CODEBOOK = {"version": int, "smallest_cell": int, "dimensions": dict}
SMALLEST = 3  # unless a study says otherwise
DIMENSION = {"label": dict, "codes": dict, "single": bool, "applies_to": str}
CODE = {**TEXTS, "definition": dict, "role": str}
OPTIONAL = {"version", "smallest_cell", "definition", "single", "applies_to", "role"}
KINDS = {
    str: "a text (in quotation marks if need be)",
    dict: "indented lines below it",
    bool: "true or false",
    int: "a whole number",
}


def read_codebook(
    path: Path, problems: Problems
) -> tuple[pd.DataFrame | None, pd.DataFrame | None]:
    """The tables `dimensions` and `codes`, in codebook order; None for both
    if the file is unusable.
    """
    book = _load(path, problems)
    if book is None:
        return None, None
    _fits(book, CODEBOOK, "the codebook", 1, problems)
    if not isinstance(book, dict) or not isinstance(book.get("dimensions"), dict):
        return None, None
    _smallest(book, problems)
    dimensions, codes = [], []
    for name, about in book["dimensions"].items():
        line = book["dimensions"].lines[name]
        if not re.fullmatch("[a-z_]+", str(name)):
            problems.add(
                FILE, line, None, f"dimension {name!r}", "lower-case letters and underscores"
            )
        _fits(about, DIMENSION, name, line, problems)
        if isinstance(about, dict):
            dimensions.append({
                "dimension": name,
                "is_single": about.get("single") is True,
                "applies_to": _applies(about, name, problems),
                "line": line,
                **_texts(about, "label", name, line, problems),
            })  # fmt: skip
            codes += _codes(name, about.get("codes"), problems)
    _undefined(codes, problems)
    _roles(codes, problems)
    _names(dimensions, problems)
    _names(codes, problems)
    labels = [f"label_{language}" for language in LANGUAGES]
    definitions = [f"definition_{language}" for language in LANGUAGES]
    columns = ["code", "dimension", "role_code", *labels, *definitions]
    of_dimensions = pd.DataFrame(
        dimensions, columns=["dimension", "is_single", "applies_to", *labels]
    )
    return of_dimensions, pd.DataFrame(codes, columns=columns, dtype="str")


def smallest_cell(path: Path) -> int:
    """The least number of statements that only count which a cell may tell, as a codebook that can
    be read has it.
    """
    return (_load(path, Problems()) or {}).get("smallest_cell", SMALLEST)


def _smallest(book: Entry, problems: Problems) -> None:
    """Of two the only smaller number is one, and what is not told would be told all the same."""
    least = book.get("smallest_cell", SMALLEST)
    if _is_a(int, least) and least != 1 and least < SMALLEST:
        wrong = f"smallest_cell is {least}"
        expected = f"1, where every number may be told, or {SMALLEST} and more"
        problems.add(FILE, book.lines["smallest_cell"], None, wrong, expected)


def _load(path: Path, problems: Problems):
    try:
        book, slips = read_entries(read_file(path))
    except OSError as error:
        problems.add(
            FILE,
            None,
            None,
            f"cannot be read ({error.strerror})",
            "dimensions with labels and codes",
        )
        return None
    for slip in slips:
        problems.add(FILE, slip.line, None, slip.wrong, slip.expected)
    if any(slip.unreadable for slip in slips):
        return None
    return {} if book is None else in_languages(book)


def in_languages(book):
    """The codebook with every text below its language, which a study of one language may leave out;
    a code that is only a text is its label. What a code has below `label` is its own.
    """
    dimensions = book.get("dimensions") if isinstance(book, Entry) else None
    if not isinstance(dimensions, Entry):
        return book
    for about in [about for about in dimensions.values() if isinstance(about, Entry)]:
        _spell_out(about, "label")
        codes = about.get("codes")
        for code in codes if isinstance(codes, Entry) else ():
            _spell_out(codes, code)
            if isinstance(codes[code], Entry):
                _spell_out(codes[code], "definition")
                _spell_out(codes[code], "label")
                _spread(codes[code])
    return book


def _spell_out(entry: Entry, key: str) -> None:
    """Puts a text below the only language, if there is only one."""
    if len(LANGUAGES) == 1 and isinstance(entry.get(key), str):
        spelled = Entry({LANGUAGES[0]: entry[key]})
        spelled.lines = {LANGUAGES[0]: entry.lines[key]}
        entry[key] = spelled


def _spread(code: Entry) -> None:
    """Puts the texts of a label, as dimensions have it, where a code has them."""
    label = code.get("label")
    if isinstance(label, Entry) and not label.keys() & code.keys():
        del code["label"]
        code.update(label)
        code.lines.update(label.lines)


def _fits(entry, kinds: dict[str, type], what: str, line: int, problems: Problems) -> bool:
    """Whether an entry has all the keys it needs, no other ones, and values of the right
    kind; reports what is wrong.
    """
    before = len(problems.found)
    if not isinstance(entry, dict):
        problems.add(
            FILE, line, None, f"{what} is {entry!r}", f"lines with {', '.join(kinds)} below it"
        )
        return False
    for key in [key for key in entry if key not in kinds]:
        hint = other_language(str(key)) or suggest(str(key), kinds)
        wrong = f"{what} has an unknown entry {key!r}{hint}"
        problems.add(FILE, entry.lines[key], None, wrong, f"only {', '.join(kinds)}")
    for key, kind in kinds.items():
        if key not in entry and key not in OPTIONAL:
            problems.add(FILE, line, None, f"{what} has no {key!r}", f"{key}: and {KINDS[kind]}")
        elif key in entry and not _is_a(kind, entry[key]):
            problems.add(
                FILE, entry.lines[key], None, f"{key!r} of {what} is {entry[key]!r}", KINDS[kind]
            )
        elif kind is str and key in entry and identifying(entry[key], ADDRESSES):
            wrong = f"{key!r} of {what} holds what looks like {identifying(entry[key], ADDRESSES)}"
            problems.add(FILE, entry.lines[key], None, wrong, "a text that leads to nobody")
    return len(problems.found) == before


def _is_a(kind: type, value) -> bool:
    """Whether a value is of the kind; neither a text nor a mapping may be empty."""
    content = value.strip() if isinstance(value, str) else value
    if isinstance(value, bool) and kind is int:  # for Python true is a number
        return False
    return isinstance(value, kind) and (kind in (bool, int) or bool(content))


def _codes(dimension: str, entries, problems: Problems) -> list[dict]:
    codes = []
    for code, entry in entries.items() if isinstance(entries, dict) else ():
        line = entries.lines[code]
        if not re.fullmatch(rf"{re.escape(str(dimension))}\.[a-z0-9_]+", str(code)):
            problems.add(
                FILE,
                line,
                None,
                f"code {code!r}",
                f"{dimension}. and then lower-case letters, digits and underscores",
            )
        _fits(entry, CODE, code, line, problems)
        if isinstance(entry, dict):
            names = {f"label_{language}": _text(entry.get(language)) for language in TEXTS}
            definition = _texts(entry, "definition", code, line, problems)
            codes.append(
                {
                    "code": str(code),
                    "dimension": dimension,
                    "role_code": _text(entry.get("role")),
                    **names,
                    **definition,
                    "line": line,
                }
            )
    return codes


def _texts(entry: dict, stem: str, what: str, line: int, problems: Problems) -> dict:
    """The texts `stem` of an entry, by column name; empty if there are none."""
    texts = entry.get(stem)
    if not isinstance(texts, dict):
        return {}
    _fits(texts, TEXTS, f"{stem} of {what}", entry.lines.get(stem, line), problems)
    return {f"{stem}_{language}": _text(texts.get(language)) for language in TEXTS}


def _applies(about: Entry, name: str, problems: Problems) -> str | None:
    """The only table of statements that may have codes of a dimension; None if all may."""
    table = about.get("applies_to")
    if isinstance(table, str) and table not in CODABLE:
        wrong = f"'applies_to' of {name} is {table!r}{suggest(table, CODABLE)}"
        expected = f"one of {', '.join(CODABLE)}, or no such line"
        problems.add(FILE, about.lines["applies_to"], None, wrong, expected)
    return table if table in CODABLE else None


def _undefined(codes: list[dict], problems: Problems) -> None:
    """Two coders can hardly agree on what nobody has defined."""
    language = f"definition_{LANGUAGES[0]}"
    if names := [code["code"] for code in codes if not code.get(language)]:
        problems.notice(FILE, f"no definition of {', '.join(names)}")


def _names(entries: list[dict], problems: Problems) -> None:
    """Readers know dimensions and codes by their labels, of which no two may look alike."""
    for language in LANGUAGES:
        first: dict[str, dict] = {}
        for entry in entries:
            label = entry.get(f"label_{language}")
            other = first.setdefault(alike(label), entry) if label else entry
            if other is not entry:
                name = other.get("code") or other["dimension"]
                wrong = f"{label!r} is also the label of {name} (line {other['line']})"
                problems.add(FILE, entry["line"], None, wrong, "a name that tells the two apart")


def _text(value) -> str | None:
    return value.strip() if isinstance(value, str) else None


def _roles(codes: list[dict], problems: Problems) -> None:
    """Where one code of a dimension belongs to a role, all of them do."""
    roles = {code["code"] for code in codes if code["dimension"] == "role"}
    belonging = {code["dimension"] for code in codes if code["role_code"]}
    for code in codes:
        if code["dimension"] in belonging and code["role_code"] not in roles:
            wrong = (
                f"{code['code']} belongs to no role"
                if not code["role_code"]
                else f"role {code['role_code']!r} is not known"
            )
            wrong += suggest(code["role_code"] or "", roles)
            problems.add(FILE, code["line"], None, wrong, "role: and a code of the dimension role")
