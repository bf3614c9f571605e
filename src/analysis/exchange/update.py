"""Brings the tables of a study up to date with what was imported: at first, and again and again.

What an import owns follows the file. What people added stays: columns of their own, consent,
wording of units and codes. A difference is known before anything is written, and all of it is
written in one go, or nothing.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from analysis import paths
from analysis.exchange.names import digest
from analysis.exchange.opening import NotReadableError
from analysis.exchange.tables import (
    CODEBOOK,
    COLUMNS,
    COLUMNS_OF_CODINGS,
    GISTS,
    INTERVIEWS,
    UNITS,
    Tables,
)
from analysis.files.csvfile import read_sheet
from analysis.files.whole import make_folder, put_in_place, remove_generated
from analysis.problems import Problems
from analysis.tables.coding import CODERS, IMPORTED

KEYS = {UNITS: ("unit_id",), INTERVIEWS: ("interview_id",)}
KEY_OF_CODINGS = ("unit_id", "code")
OWNED = ("interview_id", "locator")  # columns that follow the file, whatever people wrote
CODINGS = re.compile(f"coding/{CODERS.pattern}")
UNIT = re.compile("u[0-9a-f]{12}")  # an id that an import gave
GIST = re.compile("gist_[a-z]{2}")  # in whatever language
SHOWN = 5  # rows of each sort and table that a difference shows

Row = dict[str, str]
Book = dict[str, dict]  # dimensions of a codebook


@dataclass
class Change:
    """What becomes of a study: new texts of files, None for those that go, the difference, and
    what speaks against its being the project that was imported before.
    """

    texts: dict[str, str | None] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    doubt: str = ""


def change(raw: Path, made: Tables, account: dict) -> Change:
    """What an import makes of the raw tables in a folder; nothing is written yet."""
    last = _last(raw)
    if last is None:
        _must_be_free(raw, made)
    last, found = last or {}, Change(doubt=_doubt(raw, made, last or {}))
    files = list(made.rows) or last.get("files", [])  # a codebook alone leaves all else as it is
    for file in dict.fromkeys([*made.rows, *(last.get("files", []) if made.rows else [])]):
        _change_table(raw, file, made, last, found)
    used = set() if made.rows else _given(raw, files)
    _change_codebook(raw, made.dimensions, last.get("codes", {}), used, found)
    interviews = [row["interview_id"] for row in made.rows.get(INTERVIEWS, [])]
    record = {
        **account,
        "consent": made.consent,
        "files": files,
        "interviews": interviews if made.rows else last.get("interviews", []),
        "codes": {name: digest(entry) for name, entry in _entries(made.dimensions).items()},
    }
    text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    if _text(raw / IMPORTED) != text:
        found.texts[IMPORTED] = text
    return found


def write(raw: Path, found: Change) -> None:
    """Writes all of a change in one go; whoever is stopped leaves the old tables."""
    partial = raw.with_name(f"{raw.name}.partial")
    remove_generated(partial)
    make_folder(raw.parent)
    if raw.is_dir():
        shutil.copytree(raw, partial, symlinks=True)
    for file, text in found.texts.items():
        target = partial / file
        target.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            target.unlink(missing_ok=True)
        else:
            target.write_text(text, "utf-8", newline="")
    put_in_place(partial, raw, raw.with_name(f"{raw.name}.last.partial"))


def _last(raw: Path) -> dict | None:
    """What the last import wrote; None if there was none."""
    text = _text(raw / IMPORTED)
    if text is None:
        return None
    try:
        last = dict(json.loads(text))
        files, names = last.get("files", []), [*last.get("interviews", []), *last.get("codes", {})]
        if not all(isinstance(name, str) for name in names) or not isinstance(files, list):
            raise TypeError
        if not all(file in KEYS or CODINGS.fullmatch(file) for file in files):
            raise ValueError
        last.get("codes", {}).items()
    except (ValueError, TypeError, AttributeError):
        raise NotReadableError(
            f"{IMPORTED} is damaged, which says what the last import wrote; get it back from Git, "
            "or import into a new folder"
        ) from None
    return last


def _doubt(raw: Path, made: Tables, last: dict) -> str:
    """What speaks for another project than that of the last import, whose rows would all go: most
    interviews, or all statements, are not in the file.
    """
    known = set(last.get("interviews", []))
    if not (made.rows and known):
        return ""
    here = known.intersection(row["interview_id"] for row in made.rows[INTERVIEWS])
    if 2 * len(here) < len(known):
        return f"{len(here)} of the {len(known)} interviews that were imported before are in it"
    before = _rows(raw / UNITS, UNITS, KEYS[UNITS])[1] if UNITS in last.get("files", []) else {}
    said = {unit for (unit,) in before if UNIT.fullmatch(unit)}
    if said and said.isdisjoint(row["unit_id"] for row in made.rows.get(UNITS, [])):
        return f"0 of the {len(said)} statements that were imported before are in it"
    return ""


def _must_be_free(raw: Path, made: Tables) -> None:
    taken = [file for file in (CODEBOOK, *made.rows) if (raw / file).exists()]
    taken += sorted(f"coding/{path.name}" for path in raw.glob("coding/codings_*.csv"))
    if taken:
        raise NotReadableError(
            f"{paths.shown(raw / taken[0])} is there already and was not imported; give the import "
            "a folder of its own: STUDY=FOLDER"
        )


def _change_table(raw: Path, file: str, made: Tables, last: dict, found: Change) -> None:
    key = KEYS.get(file, KEY_OF_CODINGS)
    header, before = _rows(raw / file, file, key)
    new = made.rows.get(file)
    after = {tuple(row[name] for name in key): row for row in new or []}
    if new is None and not before:
        return
    added = [name for name in after if name not in before]
    removed = [name for name in before if name not in after and _imported(file, name, last)]
    changed = []
    rows = []
    for name, row in after.items():
        was = before.get(name, {})
        moved = {
            column: value
            for column, value in row.items()
            if was.get(column) != value and _is_own(column, was, made, last)
        }
        if was:
            changed += [(name, column, was.get(column, ""), moved[column]) for column in moved]
        rows.append(was | moved)
    gone = {*removed}
    rows += [row for name, row in before.items() if name not in after and name not in gone]
    own = rows[0] if rows else COLUMNS.get(file, COLUMNS_OF_CODINGS)
    foreign = _foreign(file, header, before, made)
    columns = [name for name in dict.fromkeys([*header, *own]) if name not in foreign]
    text = _csv(columns, rows) if new is not None or rows else None
    if text != _text(raw / file):
        found.texts[file] = text
    found.lines += _difference(file, added, removed, changed)
    found.lines += [
        f"{file}: column {name} left out, as the study does not have its language"
        for name in foreign
    ]


def _foreign(file: str, header: list[str], before: dict[tuple, Row], made: Tables) -> list[str]:
    """Columns in a language that the study does not have any more, if nobody wrote in them."""
    return [
        name
        for name in header
        if file == UNITS and made.rows and GIST.fullmatch(name) and name not in GISTS
        if all(
            row.get(name, "") in ("", *made.gists.get(unit, ("",)), row.get(GISTS[0]))
            for (unit,), row in before.items()
        )
    ]


def _is_own(column: str, was: Row, made: Tables, last: dict) -> bool:
    """Whether a cell is what the last import wrote or follows the file, and not what people did."""
    if column not in was or column in OWNED:
        return True
    if column in GISTS:
        return was[column] in made.gists.get(was.get("unit_id", ""), ())
    return column == "consent" and "unit_id" in was and was[column] == last.get("consent")


def _imported(file: str, name: tuple[str, ...], last: dict) -> bool:
    """Whether a row came with an import, and was not added by hand."""
    if file == INTERVIEWS:
        return name[0] in last.get("interviews", [])
    return bool(UNIT.fullmatch(name[0]))


def _difference(file: str, added: list, removed: list, changed: list) -> list[str]:
    if not (added or removed or changed):
        return []
    lines = [f"{file}: {len(added):,} rows added, {len(removed):,} gone, {len(changed):,} changed"]
    for sign, names in (("-", removed), ("+", added if removed else [])):
        lines += [f"  {sign} {', '.join(name)}" for name in names[:SHOWN]]
        lines += [f"  {sign} and {len(names) - SHOWN:,} more"] if len(names) > SHOWN else []
    lines += [
        f"  ~ {', '.join(name)}: {column} {was!r} is now {now!r}"
        for name, column, was, now in changed[:SHOWN]
    ]
    return lines + ([f"  ~ and {len(changed) - SHOWN:,} more"] if len(changed) > SHOWN else [])


def _given(raw: Path, files: list[str]) -> set[str]:
    """The codes that somebody gave."""
    rows = [_rows(raw / file, file, KEY_OF_CODINGS)[1] for file in files if file not in KEYS]
    return {code for table in rows for _, code in table}


def _change_codebook(
    raw: Path, new: Book, last: dict[str, str], used: set[str], found: Change
) -> None:
    """What people wrote of codes and dimensions stays; what is as the last import wrote it follows
    the file. last: digests of that, by code and dimension. used: codes that stay in any case.
    """
    text = _text(raw / CODEBOOK)
    try:
        book = yaml.safe_load(text) if text else {}
        old = {name: dict(about) for name, about in (book or {}).get("dimensions", {}).items()}
        before, after = _entries(old), _entries(new)
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError):
        raise NotReadableError(f"{CODEBOOK} has a mistake; `make check` says where") from None
    kept = {name: entry for name, entry in before.items() if last.get(name) != digest(entry)}
    stays = {*after, *used}
    removed = [name for name in before if name in last and name not in stays]
    merged = _merged(old, new, kept, {*removed})
    if text is not None and merged == old:
        return
    now = _entries(merged)
    changed = [
        ((name,), said, str(entry.get(said, "")), str(now[name].get(said, "")))
        for name, entry in before.items()
        if name in now
        for said in {**entry, **now[name]}
        if entry.get(said) != now[name].get(said)
    ]
    book = {"version": 1, **(book or {}), "dimensions": merged}
    found.texts[CODEBOOK] = yaml.safe_dump(book, allow_unicode=True, sort_keys=False, width=100)
    added = [(name,) for name in now if "." in name and name not in before]
    gone = [(name,) for name in removed if "." in name]
    found.lines += _difference(CODEBOOK, added, gone, changed)
    if re.search(r"(?m)^\s*#", text or ""):
        found.lines.append(f"{CODEBOOK}: comments in it are not kept")


def _entries(book: Book) -> dict[str, dict]:
    """What is said of each code and each dimension, by its name."""
    return {
        name: entry
        for dimension, about in book.items()
        for name, entry in {
            dimension: {"label": about.get("label")},
            **{code: dict(entry) for code, entry in about["codes"].items()},
        }.items()
    }


def _merged(old: Book, new: Book, kept: dict[str, dict], removed: set[str]) -> Book:
    """The codes of both, without those that have gone; of a code that is in both what is kept."""
    merged = {}
    for name in dict.fromkeys([*new, *old]):
        was, now = old.get(name, {"codes": {}}), new.get(name, {"codes": {}})
        codes = {code: kept.get(code, entry) for code, entry in now["codes"].items()}
        gone = removed.union(codes)
        codes |= {code: entry for code, entry in was["codes"].items() if code not in gone}
        if codes:
            about = {**was, **now, **kept.get(name, {})}
            del about["codes"]  # which stand last
            merged[name] = {**about, "codes": codes}
    return merged


def _rows(path: Path, file: str, key: tuple[str, ...]) -> tuple[list[str], dict[tuple, Row]]:
    """The header and the rows of a table by their key, if it is there yet. What could not be
    written again as it is stops the import.
    """
    if not path.exists():
        return [], {}
    problems = Problems()
    sheet = read_sheet(path, file, problems)
    rows: dict[tuple, Row] = {}
    for number, cells in sheet.rows if sheet else ():
        row = dict(zip(sheet.header, cells, strict=False))
        name = tuple(row.get(column, "") for column in key)
        if len(cells) > len(sheet.header):
            expected = f"{len(sheet.header)} cells as in the header"
            problems.add(file, number, None, f"{len(cells)} cells", expected)
        elif rows.setdefault(name, row) != row:
            wrong = f"a second row of {', '.join(name)}"
            problems.add(file, number, None, wrong, "one row of each, which an import keeps")
    if problems.found or sheet is None:
        raise NotReadableError("\n".join(map(str, problems.found)))
    return sheet.header, rows


def _csv(columns: list[str], rows: list[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return None
