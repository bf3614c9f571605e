"""Brings the tables of a study up to date with what was imported: at first, and again and again.

What an import owns follows the file. What people added stays: columns of their own, consent,
wording of units and codes. A difference is known before anything is written, and all of it is
written in one go, or nothing.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from analysis import paths
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
from analysis.tables.coding import IMPORTED

KEYS = {UNITS: ("unit_id",), INTERVIEWS: ("interview_id",)}
KEY_OF_CODINGS = ("unit_id", "code")
OWNED = ("interview_id", "locator")  # columns that follow the file, whatever people wrote
SHOWN = 5  # rows of each sort and table that a difference shows

Row = dict[str, str]


@dataclass
class Change:
    """What becomes of a study: new texts of files, None for those that go, and the difference."""

    texts: dict[str, str | None] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)


def change(raw: Path, made: Tables, account: dict) -> Change:
    """What an import makes of the raw tables in a folder; nothing is written yet."""
    last = _last(raw)
    if last is None:
        _must_be_free(raw, made)
    last, found = last or {}, Change()
    files = list(made.rows) or last.get("files", [])  # a codebook alone leaves all else as it is
    for file in dict.fromkeys([*made.rows, *(last.get("files", []) if made.rows else [])]):
        _change_table(raw, file, made, last, found)
    _change_codebook(raw, made.dimensions, last.get("codes", []), found)
    interviews = [row["interview_id"] for row in made.rows.get(INTERVIEWS, [])]
    record = {
        **account,
        "consent": made.consent,
        "files": files,
        "interviews": interviews if made.rows else last.get("interviews", []),
        "codes": [code for about in made.dimensions.values() for code in about["codes"]],
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
    try:
        return None if text is None else dict(json.loads(text))
    except (ValueError, TypeError):
        raise NotReadableError(
            f"{IMPORTED} is damaged, which says what the last import wrote; get it back from Git, "
            "or import into a new folder"
        ) from None


def _must_be_free(raw: Path, made: Tables) -> None:
    taken = [file for file in (CODEBOOK, *made.rows) if (raw / file).exists()]
    taken += sorted(f"coding/{path.name}" for path in raw.glob("coding/codings_*.csv"))
    if taken:
        raise NotReadableError(
            f"{paths.shown(raw / taken[0])} is there already and was not imported; give the import "
            "a folder of its own: STUDY=FOLDER"
        )


def _change_table(raw: Path, file: str, made: Tables, last: dict, found: Change) -> None:
    header, old = _rows(raw / file, file)
    new = made.rows.get(file)
    key = KEYS.get(file, KEY_OF_CODINGS)
    before = {tuple(row.get(name, "") for name in key): row for row in old}
    after = {tuple(row[name] for name in key): row for row in new or []}
    if new is None and not before:
        return
    added = [name for name in after if name not in before]
    removed = [name for name in before if name not in after and _imported(file, name, last)]
    changed = []
    rows = []
    for name, row in after.items():
        was = before.get(name, {})
        now = {**was, **{c: value for c, value in row.items() if _is_own(c, was, made, last)}}
        moved = [column for column in now if was and was.get(column, "") != now[column]]
        changed += [(name, column, was.get(column, ""), now[column]) for column in moved]
        rows.append(now)
    rows += [row for name, row in before.items() if name not in after and name not in {*removed}]
    columns = list(dict.fromkeys([*header, *COLUMNS.get(file, COLUMNS_OF_CODINGS)]))
    text = _csv(columns, rows) if new is not None or rows else None
    if text != _text(raw / file):
        found.texts[file] = text
    found.lines += _difference(file, added, removed, changed)


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
    return len(name[0]) == 13 and name[0].startswith("u")


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


def _change_codebook(raw: Path, new: dict[str, dict], imported: list, found: Change) -> None:
    """Codes that were there keep what people wrote of them; without new or vanished codes the file
    stays as it is.
    """
    text = _text(raw / CODEBOOK)
    try:
        book = yaml.safe_load(text) if text else {}
        old = {name: dict(about) for name, about in (book or {}).get("dimensions", {}).items()}
        before = {code for about in old.values() for code in about["codes"]}
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError):
        raise NotReadableError(f"{CODEBOOK} has a mistake; `make check` says where") from None
    after = {code for about in new.values() for code in about["codes"]}
    removed = sorted(before.intersection(imported) - after)
    added = sorted(after - before)
    if text is not None and not added and not removed:
        return
    merged = {}
    for name in dict.fromkeys([*new, *old]):
        was, now = old.get(name, {}), new.get(name, {})
        known = was.get("codes", {})
        codes = {code: known.get(code, entry) for code, entry in now.get("codes", {}).items()}
        codes |= {code: entry for code, entry in known.items() if code not in {*codes, *removed}}
        if codes:
            merged[name] = {**now, **was, "codes": codes}
    book = {"version": 1, **(book or {}), "dimensions": merged}
    found.texts[CODEBOOK] = yaml.safe_dump(book, allow_unicode=True, sort_keys=False, width=100)
    found.lines += _difference(CODEBOOK, [(c,) for c in added], [(c,) for c in removed], [])


def _rows(path: Path, file: str) -> tuple[list[str], list[Row]]:
    """The header and the rows of a table that may not be there yet."""
    if not path.exists():
        return [], []
    problems = Problems()
    sheet = read_sheet(path, file, problems)
    if problems.found or sheet is None:
        raise NotReadableError("\n".join(map(str, problems.found)))
    return sheet.header, [dict(zip(sheet.header, cells, strict=False)) for _, cells in sheet.rows]


def _csv(columns: list[str], rows: list[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return None
