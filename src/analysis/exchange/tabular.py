"""Reads codings that stand in a table, one passage with its code or codes in each row: the exports
of programs that are known by their headings, and any other table with a mapping file beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from analysis.exchange.model import Code, Coder, Coding, Document, Passage, Project
from analysis.exchange.opening import Archive, NotReadableError, read_bounded
from analysis.files.csvfile import read_sheet
from analysis.files.yamlfile import read_entries
from analysis.problems import Problems, suggest

# What a column may say, and how programs and people call it. The first two are needed.
ROLES = {
    "document": (
        "document",
        "document name",
        "dokument",
        "dokumentname",
        "nazwa dokumentu",
        "file",
        "filename",
        "datei",
        "source",
        "source name",
        "quelle",
        "interview",
        "text name",
        "textname",
        "transcript",
        "transkript",
    ),
    "code": (
        "code",
        "codes",
        "kod",
        "tag",
        "codename",
        "code name",
        "kode",
        "kategorie",
        "category name",
        "thema",
    ),
    "words": (
        "segment",
        "fragment",
        "content",
        "coded",
        "quotation content",
        "zitatinhalt",
        "text",
        "selected text",
        "textstelle",
        "zitat",
        "quote",
        "fundstelle",
        "passage",
        "textpassage",
    ),
    "coder": (
        "coder",
        "created by",
        "erstellt von",
        "autor",
        "author",
        "user",
        "codierer",
        "kodierer",
        "creating user",
        "username",
    ),
    "begin": ("beginning", "begin", "anfang", "początek", "from", "von"),
    "end": ("end", "ende", "koniec", "to", "bis"),
    "locator": ("reference", "referenz", "paragraph", "absatz", "absatznummer", "line", "zeile"),
    "id": ("id",),
    "category": ("category", "kategorien", "code group", "parent", "oberkategorie", "oberthema"),
}
NEEDED = ("document", "code")


@dataclass(frozen=True)
class Layout:
    """What the columns of a table say. columns: the heading of each role; `category` may stand
    over several columns. step: between a code and the one below it. several: between codes.
    """

    origin: str
    columns: dict[str, str]
    step: str = ""
    several: str = ""


# Programs by headings that none of the others has; headings in any case.
PROGRAMS = (
    ("MAXQDA", {"document name", "segment"}, " > ", ""),
    ("MAXQDA", {"dokumentname", "segment"}, " > ", ""),
    ("MAXQDA", {"nazwa dokumentu", "fragment"}, " > ", ""),
    ("ATLAS.ti", {"quotation content", "codes"}, "", "\n;"),
    ("QualCoder", {"codename", "coded", "coder"}, "", ""),
    ("Taguette", {"document", "tag", "content"}, ".", ""),
)
SUFFIX = ".mapping.yml"
SETTINGS = {**dict.fromkeys(ROLES, str), "step": str, "several": str}


def read_tabular(path: Path, _offsets: str = "") -> Project:
    """The project that a table tells of.

    Where the headings are of no known program, and no mapping file says what they mean, one is
    proposed and nothing is read.
    """
    header, rows = read_grid(path)
    layout = mapped(path, header) or known(header)
    if layout is None:
        proposal = path.with_name(path.name + SUFFIX)
        raise NotReadableError(
            f"the headings of {path.name} are of no known program. Save this as {proposal.name} "
            f"beside it, mend it if need be, and import again:\n\n{proposed(header, rows)}"
        )
    return _Table(path.name, header, rows, layout).project()


def read_grid(path: Path) -> tuple[list[str], list[list[str]]]:
    """The headings and the rows that are not empty of a CSV file or a spreadsheet."""
    if path.suffix.lower() in (".csv", ".tsv", ".txt"):
        problems = Problems()
        read_bounded(path)
        sheet = read_sheet(path, path.name, problems)
        if problems.found or sheet is None or not sheet.header:
            why = "\n".join(map(str, problems.found[:20]))
            raise NotReadableError(why or f"{path.name} is empty; expected headings and rows")
        return sheet.header, [cells for _, cells in sheet.rows]
    rows = [row for row in _spreadsheet(path) if any(row)]
    if not rows:
        raise NotReadableError(f"{path.name} is empty; expected headings and rows")
    return rows[0], rows[1:]


def _spreadsheet(path: Path) -> list[list[str]]:
    """The cells of the first sheet with more than one row."""
    import python_calamine as calamine

    content = read_bounded(path)
    if content.startswith(b"PK"):
        with Archive(path) as archive:
            for name in archive.names:
                archive.read(name)  # within bounds, before another library unpacks it
    try:
        with calamine.CalamineWorkbook.from_path(str(path)) as book:
            sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
            rows = [sheet.to_python() for sheet in sheets]
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise NotReadableError(
            f"{path.name} is no whole spreadsheet; export it again, or save it as CSV"
        ) from error
    found = next((sheet for sheet in rows if len(sheet) > 1), rows[0] if rows else [])
    return [[_cell(value) for value in row] for row in found]


def _cell(value) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def known(header: list[str]) -> Layout | None:
    """The layout of a known program; None if it is none of them."""
    folded = {heading.casefold() for heading in header}
    for origin, marks, step, several in PROGRAMS:
        if marks <= folded:
            return Layout(origin, _guessed(header), step, several)
    return None


def _guessed(header: list[str]) -> dict[str, str]:
    """The heading for each role, as far as a name speaks for it; no name speaks for two."""
    folded = {}
    for heading in header:
        folded.setdefault(heading.casefold(), heading)
    named = {role: [name for name in names if name in folded] for role, names in ROLES.items()}
    return {role: folded[names[0]] for role, names in named.items() if names}


def proposed(header: list[str], rows: list[list[str]]) -> str:
    """A mapping file for a table, with what can be guessed and the headings that are left."""
    guessed = _guessed(header)
    left = [heading for heading in header if heading not in guessed.values()]
    lines = ["# Which heading says what; only document and code are needed."]
    for role in ROLES:
        said = yaml.safe_dump(guessed.get(role, "?"), allow_unicode=True).splitlines()[0]
        lines.append(f"{role}: {said}" if role in (*guessed, *NEEDED) else f"# {role}:")
    codes = [
        row[header.index(guessed["code"])]
        for row in rows
        if "code" in guessed and len(row) > header.index(guessed["code"])
    ]
    for setting, marks, about in (
        ("step", (" > ", "::", "\\", "/"), "between a code and the one below it"),
        ("several", (";", "|", "\n"), "between several codes in a cell"),
    ):
        mark = next((mark for mark in marks if any(mark in code for code in codes)), None)
        lines.append(f"{'' if mark else '# '}{setting}: {_quoted(mark or '')}  # {about}")
    if left:
        lines.append(f"# not read: {', '.join(left)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return yaml.safe_dump(text, default_style='"').strip()


def mapped(path: Path, header: list[str]) -> Layout | None:
    """What the mapping file beside a table says; None if there is none."""
    file = path.with_name(path.name + SUFFIX)
    if not file.exists():
        return None
    entries, slips = read_entries(read_bounded(file))
    wrong = [
        f"{file.name}, line {slip.line}: {slip.wrong}; expected {slip.expected}" for slip in slips
    ]
    if not wrong:
        wrong = [f"{file.name}: {what}" for what in _mistakes(entries, header)]
    if wrong:
        raise NotReadableError("\n".join(wrong))
    columns = {role: entries[role] for role in ROLES if role in entries}
    return Layout("a table", columns, entries.get("step", ""), entries.get("several", ""))


def _mistakes(entries, header: list[str]) -> list[str]:
    if not isinstance(entries, dict):
        return [f"is {entries!r}; expected lines with {', '.join(SETTINGS)}"]
    wrong = [
        f"has an unknown entry {name!r}{suggest(str(name), SETTINGS)}; expected only "
        f"{', '.join(SETTINGS)}"
        for name in entries
        if name not in SETTINGS
    ]
    wrong += [f"{role} is missing; expected a heading" for role in NEEDED if role not in entries]
    for name, said in entries.items():
        if name in SETTINGS and not isinstance(said, str):
            wrong.append(f"{name} is {said!r}; expected a text, in quotation marks if need be")
        elif name in ROLES and said not in header:
            wrong.append(
                f"{name}: the table has no heading {said!r}{suggest(str(said), header)}; it has "
                f"{', '.join(header)}"
            )
    return wrong


class _Table:
    """Makes a project of rows."""

    def __init__(self, name: str, header: list[str], rows: list[list[str]], layout: Layout):
        self.name, self.header, self.rows, self.layout = name, header, rows, layout
        self._places = {role: header.index(said) for role, said in layout.columns.items()}
        above = layout.columns.get("category")
        self._above = [n for n, heading in enumerate(header) if above and heading == above]
        self.made = Project(layout.origin)

    def project(self) -> Project:
        """All rows; what lacks a document or a code is set aside."""
        made, seen = self.made, set()
        made.found = {"rows": len(self.rows)}
        for number, row in enumerate(self.rows, 2):
            document, codes = self._said(row, "document"), self._codes(row)
            key = tuple(row)
            if not document or not codes:
                lacking = "no document" if codes else "no code"
                made.set_aside("rows", f"they name {lacking}")
            elif key in seen and self._said(row, "id"):
                made.set_aside("rows", "they are there twice")
            else:
                seen.add(key)
                self._take(row, number, document, codes)
        made.found |= {
            "documents": len(made.documents),
            "coders": len(made.coders),
            "codes": len(made.codes),
            "codings": len(made.codings),
        }
        unread = [
            said
            for n, said in enumerate(self.header)
            if said and n not in {*self._places.values(), *self._above}
        ]
        if unread:
            made.notices.append(f"columns that are not read: {', '.join(dict.fromkeys(unread))}")
        return made

    def _take(self, row: list[str], number: int, document: str, codes: list[str]) -> None:
        made, coder = self.made, self._said(row, "coder")
        made.documents.setdefault(document, Document(document, document))
        if coder:
            made.coders.setdefault(coder, Coder(coder, coder))
        locator, words = self._locator(row), self._said(row, "words")
        mark = self._said(row, "id") if self.layout.origin == "Taguette" else ""
        passage = Passage(document, locator=locator, text=words or None, mark=mark)
        for n, code in enumerate(codes):
            path = [*self._categories(row), *self._steps(code)]
            made.codings.append(
                Coding(f"{number}.{n}", passage, self._code(path), coder or None, number)
            )

    def _said(self, row: list[str], role: str) -> str:
        place = self._places.get(role)
        return row[place] if place is not None and place < len(row) else ""

    def _codes(self, row: list[str]) -> list[str]:
        said = self._said(row, "code")
        marks = self.layout.several
        codes = re.split(f"[{re.escape(marks)}]", said) if marks else [said]
        return [code.strip() for code in codes if code.strip()]

    def _steps(self, code: str) -> list[str]:
        steps = code.split(self.layout.step) if self.layout.step else [code]
        return [step.strip() for step in steps if step.strip()] or [code]

    def _categories(self, row: list[str]) -> list[str]:
        """What stands above a code, from the top; programs name the nearest first."""
        return [row[n] for n in reversed(self._above) if n < len(row) and row[n]]

    def _code(self, path: list[str]) -> str:
        """The code at the end of a path, and those above it."""
        above = None
        for n, name in enumerate(path, 1):
            key = "\0".join(path[:n])
            self.made.codes.setdefault(key, Code(key, name, above))
            above = key
        return above

    def _locator(self, row: list[str]) -> str:
        """Where a passage is: what a column says of it, or from which paragraph to which."""
        said = self._said(row, "locator")
        begin, end = self._said(row, "begin"), self._said(row, "end")
        if said or not begin:
            return said
        mark = "¶" if begin.isdigit() else ""
        return f"{mark}{begin}" if end in ("", begin) else f"{mark}{begin}–{end}"
