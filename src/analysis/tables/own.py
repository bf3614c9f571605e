"""A study's own tables, declared in its data/raw/tables.yml: they are validated, described and read
like all others.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from analysis import paths
from analysis.files.whole import read_file
from analysis.files.yamlfile import Entry, read_entries
from analysis.problems import Problem, suggest
from analysis.studyfile import StudyFileError
from analysis.tables.coding import CODERS
from analysis.tables.columns import TOO_LARGE, TRANSCRIPTS, Column, Table, texts
from analysis.wording import LANGUAGES

FILE = "tables.yml"
NAME = re.compile("(?!codings_)[a-z][a-z0-9_]*")  # of a table; codings_x are those of a coder x
TABLE = {"title": str, "description": str, "key": (str, list), "columns": dict, "file": str}
COLUMN = {
    "description": str, "type": str, "required": bool, "unit": str, "pattern": str,
    "low": (int, float), "high": (int, float), "options": dict, "refers": str, "many": bool,
}  # fmt: skip
# What says something of a column of each type; `text` is a text in each language of the study.
FORMS = ("pattern", "options", "refers")
TYPES = {
    "string": ("required", *FORMS, "many"),
    "number": ("required", "unit", "low", "high"),
    "integer": ("required", "unit", "low", "high"),
    "boolean": ("required",),
    "text": ("required",),
}
# What columns are that mean the same in every table: where a row comes from.
ORIGIN = {
    "source_id": {"refers": "sources.source_id"},
    "locator": {},
    "literature": {"refers": "references.key", "many": True},
}
SAID = ("description", "required")  # what may be said of these, too
NEEDED = ("title", "description", "key", "columns")
KINDS = {
    str: "a text", dict: "indented lines below it", bool: "true or false",
    (int, float): "a number", (str, list): "the name of a column, or a list of them",
}  # fmt: skip
# What can be referred to and is in no table of this kind.
OTHERS = {"codes.code", "dimensions.dimension", "references.key", "all_units.unit_id"}
EXPECTED = "names of tables, with title, description, key and columns below them"


def read_own(known: dict[str, Table], taken: Collection[str]) -> dict[str, Table]:
    """The tables that a study declares; none where it declares nothing.

    known: the raw tables that there are. taken: further names that no table may have.
    Raises StudyFileError with everything that is wrong with the declarations, by line.
    """
    try:
        content = read_file(paths.raw() / FILE)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise StudyFileError(f"{FILE}: cannot be read ({error.strerror})") from None
    return declared(content, known, taken)


def declared(content: bytes, known: dict[str, Table], taken: Collection[str]) -> dict[str, Table]:
    """The tables that the content of such a file declares; see `read_own`."""
    said, slips = read_entries(content)
    wrong = [(slip.line, slip.wrong, slip.expected) for slip in slips]
    if not any(slip.unreadable for slip in slips):
        wrong += _misfits(said, known, taken)
    if wrong:
        problems = [Problem(FILE, line, None, *rest) for line, *rest in wrong]
        raise StudyFileError("\n".join(map(str, problems)))
    return {name: _table(name, about) for name, about in (said or {}).items()}


def _table(name: str, about: dict) -> Table:
    columns: dict[str, Column] = {}
    for column, said in about["columns"].items():
        columns |= _columns(column, dict(said))
    return Table(
        about.get("file", f"{name}.csv"),
        about["title"],
        about["description"],
        tuple(_key(about)),
        columns,
        made_by="Made by the study.",
        consent="",
        required=True,
    )


def _columns(name: str, said: dict) -> dict[str, Column]:
    """The columns that one declaration makes: of a text one for each language."""
    kind = said.pop("type", "string")
    if kind == "text":
        return texts(name, said["description"], required=said.get("required", True))
    if name == "locator":
        said["pattern"] = TRANSCRIPTS
    return {name: Column(kind, **said)}


def _misfits(said, known: dict[str, Table], taken: Collection[str]) -> Iterator[tuple]:
    """What is wrong with declarations that are YAML: line, what, and what was expected."""
    if said is None:
        return
    if not isinstance(said, Entry):
        yield 1, f"holds {said!r}", EXPECTED
        return
    files = {table.file: name for name, table in known.items()}
    targets = {f"{name}.{table.key[0]}" for name, table in known.items() if len(table.key) == 1}
    targets |= OTHERS | {target for name, about in said.items() if (target := _target(name, about))}
    for name, about in said.items():
        line = said.lines[name]
        if not NAME.fullmatch(str(name)) or name in {*known, *taken}:
            expected = "letters a–z, digits and _, new, and no codings_ at the beginning"
            yield line, f"{name!r} cannot be the name of a table", expected
        if not isinstance(about, Entry):
            yield line, f"{name} is {about!r}", f"lines with {', '.join(NEEDED)} below it"
            continue
        yield from _unfit(about, TABLE, NEEDED, str(name), line)
        yield from _misfiled(about, str(name), files, line)
        if isinstance(about.get("columns"), Entry):
            yield from _misfit_columns(about, str(name), targets)


def _unfit(
    entry: Entry, kinds: dict, needed: Collection[str], what: str, line: int
) -> Iterator[tuple]:
    """Entries that are not known, missing, or of another kind."""
    for key, value in entry.items():
        if key not in kinds:
            wrong = f"{what} has an unknown entry {key!r}{suggest(str(key), kinds)}"
            yield entry.lines[key], wrong, f"only {', '.join(kinds)}"
            continue
        is_odd = isinstance(value, bool) and kinds[key] is not bool  # for Python true is a number
        is_empty = (isinstance(value, str) and not value.strip()) or value in ([], {})
        if is_odd or is_empty or not isinstance(value, kinds[key]):
            yield entry.lines[key], f"{key} of {what} is {value!r}", KINDS[kinds[key]]
    for key in needed:
        if key not in entry:
            yield line, f"{what} has no {key!r}", f"{key}: and {KINDS[kinds[key]]}"


def _misfiled(about: Entry, name: str, files: dict[str, str], line: int) -> Iterator[tuple]:
    file = about.get("file", f"{name}.csv")
    if not isinstance(file, str):
        return
    if not re.fullmatch(r"([a-z0-9_-]+/)*[a-z0-9_-]+\.csv", file):
        yield about.lines["file"], f"file of {name} is {file!r}", "a path such as study/beds.csv"
    elif re.fullmatch(f"coding/{CODERS.pattern}", file):
        yield about.lines["file"], f"{file} is the file of a coder", "another file"
    elif file in files:
        yield about.lines.get("file", line), f"{file} is the file of {files[file]}", "another file"
    files.setdefault(file, name)


def _misfit_columns(about: Entry, name: str, targets: Collection[str]) -> Iterator[tuple]:
    columns = about["columns"]
    for column, said in columns.items():
        what, line = f"{name}.{column}", columns.lines[column]
        if not re.fullmatch("[a-z][a-z0-9_]*", str(column)):
            yield line, f"{what!r} cannot be the name of a column", "letters a–z, digits and _"
        stem, _, language = str(column).rpartition("_")
        if language in LANGUAGES and stem in columns:
            wrong = f"{what} would be taken for {stem!r} in the language {language!r}"
            yield line, wrong, f"another name, or only `{stem}: {{type: text, …}}`"
        if not isinstance(said, Entry):
            yield line, f"{what} is {said!r}", "{type: …, description: …}"
            continue
        yield from _unfit(said, COLUMN, ("description",), what, line)
        yield from _misplaced(said, what)
        yield from _misfit_column(said, what, line, targets)
        if column in ORIGIN and _form(said) != ORIGIN[column]:
            form = "".join(f"{entry}: {one}, ".lower() for entry, one in ORIGIN[column].items())
            wrong = f"{what} is not what {column!r} is in every table"
            yield line, wrong, f"{{{form}description: …}}, or another name"
    yield from _misfit_key(about, name, columns)


def _misfit_key(about: Entry, name: str, columns: Entry) -> Iterator[tuple]:
    """What is in the key and tells no rows apart: what is no column, may be empty or several, or is
    a decimal number.
    """
    key = _key(about)
    telling = [column for column, said in columns.items() if _tells_apart(said)]
    for place, part in enumerate(key):
        if part not in telling:
            wrong = f"key of {name} has {part!r}{suggest(str(part), telling)}"
            some = ", ".join(telling) or "of which there is none"
            expected = f"columns with one value in every row, and no decimals: {some}"
            yield about.lines["key"], wrong, expected
        elif part in key[:place]:
            yield about.lines["key"], f"key of {name} has {part!r} twice", "each column once"


def _misplaced(said: Entry, what: str) -> Iterator[tuple]:
    """Entries that say nothing of a column of its type, or not beside others."""
    kind = _kind(said)
    if not isinstance(kind, str) or kind not in TYPES:
        return
    allowed = ("description", "type", *TYPES[kind])
    for entry in [entry for entry in said if entry in COLUMN and entry not in allowed]:
        wrong = f"{what} has {entry!r}, which says nothing of a column of the type {kind}"
        yield said.lines[entry], wrong, f"only {', '.join(allowed)}"
    forms = [form for form in FORMS if form in said]
    if len(forms) > 1:
        yield said.lines[forms[1]], f"{what} has {' and '.join(forms)}", "one of them"
    if "many" in said and "refers" not in said and kind == "string":
        yield said.lines["many"], f"{what} lists many of nothing", "refers: and what it lists"


def _misfit_column(said: Entry, what: str, line: int, targets: Collection[str]) -> Iterator[tuple]:
    kind, refers, pattern = _kind(said), said.get("refers"), said.get("pattern")
    if isinstance(kind, str) and kind not in TYPES:
        wrong = f"type of {what} is {kind!r}{suggest(kind, TYPES)}"
        yield said.lines["type"], wrong, f"one of {', '.join(TYPES)}"
    if kind in ("number", "integer"):
        if "unit" not in said:
            yield line, f"{what} is a number without a unit", "unit: and a text, such as beds"
        yield from _misfit_limits(said, what, kind)
    if isinstance(refers, str) and refers not in targets:
        wrong = f"{what} refers to {refers!r}{suggest(refers, targets)}"
        expected = "a text that is the whole key of a table, as in interviews.interview_id"
        yield said.lines["refers"], wrong, expected
    if isinstance(pattern, str):
        try:
            for form in (pattern, Column("string", "", pattern=pattern).form):
                re.compile(form)
        except (re.error, RecursionError, OverflowError) as error:
            wrong = f"pattern of {what} is {pattern!r} ({error})"
            yield said.lines["pattern"], wrong, "a regular expression of the whole cell, as [A-Z]+"
    options = said.get("options")
    if isinstance(options, dict) and not all(
        isinstance(part, str) and part and part == part.strip()
        for pair in options.items()
        for part in pair
    ):
        wrong = f"options of {what} are {dict(options)!r}"
        yield said.lines["options"], wrong, "value: meaning, both texts"


def _misfit_limits(said: Entry, what: str, kind: str) -> Iterator[tuple]:
    """Limits that no number is between, or that are none."""
    whole = kind == "integer"
    limits = {
        name: said[name]
        for name in ("low", "high")
        if isinstance(said.get(name), (int, float)) and not isinstance(said[name], bool)
    }
    for name, limit in limits.items():
        if not abs(limit) < TOO_LARGE or (whole and limit != int(limit)):
            expected = f"a {'whole ' if whole else ''}number of at most 15 digits"
            yield said.lines[name], f"{name} of {what} is {limit!r}", expected
    if len(limits) == 2 and limits["low"] > limits["high"]:
        wrong = f"low of {what} is {limits['low']!r}, more than high, {limits['high']!r}"
        yield said.lines["low"], wrong, "the least number as low, the greatest as high"


def _target(name: str, about) -> str | None:
    """What can be referred to of a table that is declared: its key, if that is one of texts."""
    columns = about.get("columns") if isinstance(about, Entry) else None
    key = _key(about) if isinstance(columns, Entry) else []
    is_one = len(key) == 1 and isinstance(key[0], str) and isinstance(columns.get(key[0]), Entry)
    return f"{name}.{key[0]}" if is_one and _kind(columns[key[0]]) == "string" else None


def _key(about: Entry) -> list:
    """The parts of the key of a table, none where it is neither name nor list."""
    key = about.get("key")
    return key if isinstance(key, list) else [key] if isinstance(key, str) else []


def _form(said: Entry) -> dict[str, object]:
    """What a declaration says of what stands in cells, but for what is so anyway."""
    form = {**said, "type": _kind(said)}
    return {entry: one for entry, one in form.items() if entry not in SAID and one != "string"}


def _kind(said: Entry) -> object:
    return said.get("type", "string")


def _tells_apart(said) -> bool:
    """Whether each row has one value in a column that is told so."""
    if not isinstance(said, Entry):
        return False
    is_exact = _kind(said) in ("string", "integer", "boolean")
    return is_exact and said.get("required") is not False and said.get("many") is not True
