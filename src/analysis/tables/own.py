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
from analysis.tables.columns import DTYPES, Column, Table, texts

FILE = "tables.yml"
TABLE = {"title": str, "description": str, "key": (str, list), "columns": dict, "file": str}
# What may be said of a column; `text` is a text in each language of the study.
TYPES = (*DTYPES, "text")
COLUMN = {
    "description": str, "type": str, "required": bool, "unit": str, "pattern": str,
    "low": (int, float), "high": (int, float), "options": dict, "refers": str, "many": bool,
}  # fmt: skip
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
        said, slips = read_entries(read_file(paths.raw() / FILE))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise StudyFileError(f"{FILE}: cannot be read ({error.strerror})") from None
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
    key = about["key"] if isinstance(about["key"], list) else [about["key"]]
    return Table(
        about.get("file", f"{name}.csv"),
        about["title"],
        about["description"],
        tuple(key),
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
    return {name: Column(kind, **said)}


def _misfits(said, known: dict[str, Table], taken: Collection[str]) -> Iterator[tuple]:
    """What is wrong with declarations that are YAML: line, what, and what was expected."""
    if said is None:
        return
    if not isinstance(said, Entry):
        yield 1, f"holds {said!r}", EXPECTED
        return
    files = {table.file: name for name, table in known.items()}
    targets = {f"{table}.{column}" for table, about in known.items() for column in about.columns}
    targets |= OTHERS | {
        f"{table}.{column}"
        for table, about in said.items()
        if isinstance(about, Entry) and isinstance(about.get("columns"), Entry)
        for column in about["columns"]
    }
    for name, about in said.items():
        line = said.lines[name]
        if not re.fullmatch("[a-z][a-z0-9_]*", str(name)) or name in {*known, *taken}:
            yield line, f"{name!r} cannot be the name of a table", "letters a–z, digits and _, new"
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
        if is_odd or not isinstance(value, kinds[key]) or value in ("", [], {}):
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
    elif file in files:
        yield about.lines.get("file", line), f"{file} is the file of {files[file]}", "another file"
    files.setdefault(file, name)


def _misfit_columns(about: Entry, name: str, targets: Collection[str]) -> Iterator[tuple]:
    columns = about["columns"]
    for column, said in columns.items():
        what, line = f"{name}.{column}", columns.lines[column]
        if not re.fullmatch("[a-z][a-z0-9_]*", str(column)):
            yield line, f"{what!r} cannot be the name of a column", "letters a–z, digits and _"
        if not isinstance(said, Entry):
            yield line, f"{what} is {said!r}", "{type: …, description: …}"
            continue
        yield from _unfit(said, COLUMN, ("description",), what, line)
        yield from _misfit_column(said, what, line, targets)
    key = about.get("key")
    plain = {name for name, said in columns.items() if not _is_text(said)}
    for part in key if isinstance(key, list) else [key] if isinstance(key, str) else []:
        if part not in plain:
            wrong = f"key of {name} has {part!r}{suggest(str(part), plain)}"
            yield about.lines["key"], wrong, f"some of {', '.join(plain)}"


def _misfit_column(said: Entry, what: str, line: int, targets: Collection[str]) -> Iterator[tuple]:
    kind, refers, pattern = said.get("type", "string"), said.get("refers"), said.get("pattern")
    if isinstance(kind, str) and kind not in TYPES:
        wrong = f"type of {what} is {kind!r}{suggest(kind, TYPES)}"
        yield said.lines["type"], wrong, f"one of {', '.join(TYPES)}"
    if kind in ("number", "integer") and "unit" not in said:
        yield line, f"{what} is a number without a unit", "unit: and a text, such as beds"
    if isinstance(refers, str) and refers not in targets:
        wrong = f"{what} refers to {refers!r}{suggest(refers, targets)}"
        yield said.lines["refers"], wrong, "a table and its column, as in interviews.interview_id"
    try:
        re.compile(pattern if isinstance(pattern, str) else "")
    except re.error as error:
        yield said.lines["pattern"], f"pattern of {what} is {pattern!r} ({error})", "a form"
    options = said.get("options")
    if isinstance(options, dict) and not all(
        isinstance(part, str) for pair in options.items() for part in pair
    ):
        yield said.lines["options"], f"options of {what} are {dict(options)!r}", "value: meaning"


def _is_text(said) -> bool:
    return isinstance(said, dict) and said.get("type") == "text"
