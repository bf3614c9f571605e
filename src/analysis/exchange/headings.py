"""What the headings of a table of codings mean: those of known programs, and those that a mapping
file beside the table explains.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import yaml

from analysis.exchange.names import inert, usual
from analysis.exchange.opening import NotReadableError, read_bounded
from analysis.files.yamlfile import read_entries
from analysis.problems import suggest

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
        "attachmentkey",
        "respondent",
        "participant",
        "interviewee",
        "person",
        "who",
        "befragte",
        "wer",
    ),
    "code": (
        "code",
        "codes",
        "kod",
        "tag",
        "codename",
        "code name",
        "code category",
        "kode",
        "kodes",
        "kategorie",
        "unterkategorie",
        "subkategorie",
        "subcategory",
        "subcode",
        "unterthema",
        "subtheme",
        "category name",
        "thema",
        "theme",
        "topic",
    ),
    "words": (
        "segment",
        "fragment",
        "content",
        "coded",
        "quotation content",
        "zitatinhalt",
        "selection",
        "text",
        "selected text",
        "textstelle",
        "zitat",
        "quote",
        "fundstelle",
        "passage",
        "textpassage",
        "quotation",
        "excerpt",
        "statement",
        "said",
        "aussage",
        "wortlaut",
    ),
    "coder": (
        "coder",
        "codedby",
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
    "start": ("start pos", "positionstart"),
    "stop": ("end pos", "positionend"),
    "page": ("pagelabel", "page", "seite"),
    "locator": (
        "reference",
        "referenz",
        "paragraph",
        "absatz",
        "absatznummer",
        "line",
        "zeile",
        "locator",
        "where",
        "wo",
    ),
    "title": ("title",),
    "id": ("id", "annotationkey"),
    "category": ("category", "kategorien", "code group", "parent", "oberkategorie", "oberthema"),
}
NEEDED = ("document", "code")
# What a number alone is below a heading of a locator.
NUMBERED = dict.fromkeys(("line", "zeile"), "l. ") | dict.fromkeys(
    ("paragraph", "absatz", "absatznummer"), "¶"
)
ABOUT = {  # what the name of a role does not tell
    "begin": "The paragraph or time at which a passage begins",
    "start": "Its first character, counted from 0",
    "title": "Of a document, if another column identifies it",
    "category": "The code above; may stand over several columns, the nearest first",
}
# Where a document lies; others of its name may lie elsewhere.
GROUPS = ("document group", "dokumentgruppe", "grupa dokumentów", "collection")
# What else programs tell in a column, by the kind of thing that it is in an account.
OTHERS = {
    "memos": ("comment", "kommentar", "komentarz", "coded_memo", "memo"),
    "sets": (
        *GROUPS,
        "document groups",
        "dokumentgruppen",
        "code groups",
    ),
    "cases": ("case",),
    "attributes": ("filevar_", "casevar_"),  # how headings begin
}


@dataclass(frozen=True)
class Layout:
    """What the columns of a table say. columns: the heading of each role; `category` may stand
    over several columns. step: between a code and the one below it. several: marks between codes.
    is_passage: the id is that of a passage, which several rows may be about.
    """

    origin: str
    columns: dict[str, str]
    step: str = ""
    several: tuple[str, ...] = ()
    is_passage: bool = False


# Programs by headings that none of the others has; headings in any case.
PROGRAMS = (
    ("MAXQDA", {"document name", "segment"}, " > ", "", False),
    ("MAXQDA", {"dokumentname", "segment"}, " > ", "", False),
    ("MAXQDA", {"nazwa dokumentu", "fragment"}, " > ", "", False),
    ("ATLAS.ti", {"quotation content", "codes"}, "", "\n;", True),
    ("QualCoder", {"codename", "coded", "coder"}, "", "", False),
    ("Taguette", {"document", "tag", "content"}, ".", "", True),
    ("OpenQDA", {"code category", "start pos", "end pos", "selection"}, "", "", False),
    ("zotQDA", {"codeid", "attachmentkey", "annotationkey", "codedby"}, "/", "", True),
)
SUFFIX = ".mapping.yml"
UNKNOWN = "?"  # in a proposal, where a heading is needed and none was recognised
SETTINGS = {**dict.fromkeys(ROLES, str), "step": str, "several": str}


def known(header: list[str]) -> Layout | None:
    """The layout of a known program; None if it is none of them, or lacks what is needed."""
    folded, columns = {heading.casefold() for heading in header}, _guessed(header)
    for origin, marks, step, several, is_passage in PROGRAMS:
        if marks <= folded and all(role in columns for role in NEEDED):
            return Layout(origin, columns, step, tuple(several), is_passage)
    return None


def _guessed(header: list[str]) -> dict[str, str]:
    """The heading for each role, as far as a name speaks for it; no name speaks for two."""
    folded = {}
    for heading in header:
        folded.setdefault(heading.casefold(), heading)
    named = {role: [name for name in names if name in folded] for role, names in ROLES.items()}
    return {role: folded[names[0]] for role, names in named.items() if names}


def kind_of(heading: str) -> str:
    """What sort of thing stands below a heading that no role is for; empty if it is none that is
    accounted for.
    """
    said = heading.casefold()
    for kind, names in OTHERS.items():
        if said in names or (kind == "attributes" and said.startswith(names)):
            return kind
    return ""


def proposed(header: list[str], rows: list[list[str]]) -> str:
    """A mapping file for a table, with what can be guessed and the headings that are left."""
    guessed = _guessed(header)
    guessed |= _above(header, rows, guessed)
    left = [heading for heading in header if heading and heading not in guessed.values()]
    lines = ["# Which heading says what; only document and code are needed."]
    for role in ROLES:
        said = yaml.safe_dump(guessed.get(role, UNKNOWN), allow_unicode=True).splitlines()[0]
        about = f"  # {ABOUT[role]}" if role in ABOUT else ""
        lines.append((f"{role}: {said}" if role in (*guessed, *NEEDED) else f"# {role}:") + about)
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
        lines.append(f"# not read: {_told(left)}")
    return "\n".join(lines) + "\n"


def _told(headings: list[str]) -> str:
    """Headings as they can be shown: in a line, with nothing that acts."""
    return ", ".join(inert(heading, Counter()) for heading in headings)


def _above(header: list[str], rows: list[list[str]], guessed: dict[str, str]) -> dict[str, str]:
    """Which of two columns of codes is the one above, if each code stands below a single one."""
    both = [heading for heading in header if heading.casefold() in ROLES["code"]]
    if len(both) != 2 or "category" in guessed:
        return {}
    places = [header.index(heading) for heading in both]
    pairs = {tuple(row[n] for n in places) for row in rows if len(row) > max(places)}
    upper, lower = map(len, map(set, zip(*pairs, strict=True))) if pairs else (0, 0)
    if max(upper, lower) < len(pairs) or upper == lower:
        return {}
    above, code = both if upper < lower else reversed(both)
    return {"category": above, "code": code}


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
    if isinstance(entries, dict):
        entries = {
            name: usual(said) if name in ROLES and isinstance(said, str) else said
            for name, said in entries.items()
        }
    if not wrong:
        wrong = [f"{file.name}: {what}" for what in _mistakes(entries, header)]
    if wrong:
        raise NotReadableError("\n".join(wrong))
    columns = {role: entries[role] for role in ROLES if role in entries}
    several = (entries["several"],) if entries.get("several") else ()
    return Layout("a table", columns, entries.get("step", ""), several)


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
        elif name in ROLES and said == UNKNOWN not in header:
            wrong.append(
                f"{name} is {UNKNOWN!r}; expected the heading that says it, of {_told(header)}. A "
                "table without documents or codes holds no codings; what codes mean is written in "
                "codebook.yml"
            )
        elif name in ROLES and said not in header:
            wrong.append(
                f"{name}: the table has no heading {said!r}{suggest(str(said), header)}; it has "
                f"{_told(header)}"
            )
    return wrong
