"""Brings the tables of a study up to date with what was imported: at first, and again and again.

What an import owns follows its file. What people added stays, and so does what other imports own:
columns of their own, consent, wording of units and codes. A difference is known before anything is
written, and all of it is written in one go, or nothing.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import yaml

from analysis.exchange import ORIGIN
from analysis.exchange.imports import Import, Record
from analysis.exchange.merging import entries, in_order, merged, read_codebook
from analysis.exchange.names import digest
from analysis.exchange.opening import NotReadableError
from analysis.exchange.present import KEY_OF_CODINGS, KEYS, UNIT, Present, Row, Rows, known_as
from analysis.exchange.tables import (
    COLUMNS,
    COLUMNS_OF_CODINGS,
    GISTS,
    INTERVIEWS,
    PARAPHRASE,
    QUOTE,
    UNITS,
    Tables,
    is_where,
    where,
)
from analysis.exchange.writing import Change
from analysis.files.whole import read_file
from analysis.studyfile import LANGUAGE
from analysis.tables.coding import CODEBOOK, CODERS, COUNTED, IMPORTED, SHOWING, named_for

CODINGS = re.compile(f"coding/{CODERS.pattern}")
GIST = re.compile(f"gist_{LANGUAGE.pattern}")  # in whatever language
SHOWN = 5  # rows of each sort and table that a difference shows
LOOSEST = [*SHOWING]  # consent first to what shows most


def change(
    present: Present, made: Tables, before: Record, others: Record, new: dict[str, Import]
) -> Change:
    """What an import makes of the raw tables that are there; nothing is written yet.

    before: all imports so far. others: those that stay as they are. new: the record of this one.
    """
    return _Update(present, made, before, others).change(new)


def given(made: Tables) -> dict[str, list[str]]:
    """For each coder the interviews that they coded."""
    whose = {row["unit_id"]: row["interview_id"] for row in made.rows.get(UNITS, [])}
    return {
        match.group(1): [*dict.fromkeys(whose[row["unit_id"]] for row in rows)]
        for file, rows in made.rows.items()
        if (match := CODINGS.fullmatch(file))
    }


class _Update:
    """What becomes of each table."""

    def __init__(self, present: Present, made: Tables, before: Record, others: Record):
        self.present, self.made, self.others = present, made, others
        self.found = Change()
        self.left = [one for name, one in before.imports.items() if name not in others.imports]
        self.written = before.written
        self.units = present.table(UNITS)
        self.whose = {unit: row.get("interview_id") for (unit,), row in self.units[1].items()}
        self.mine = {pair for one in self.left for pair in one.given}
        coded = given(made)
        self.mine |= {(coder, one) for coder in coded for one in coded[coder]}
        self.owners = {pair: one for one in others.imports.values() for pair in one.given}
        self.shared: dict[str, list[tuple[str, Import]]] = {}  # who else coded a unit
        self.by: dict[str, set[str]] = {}  # who coded it in this import
        coders = dict.fromkeys(
            [*coded, *(name for one in before.imports.values() for name in one.coders)]
        )
        self.coders = {name: f"coding/{named_for(name)}" for name in coders}

    def change(self, new: dict[str, Import]) -> Change:
        """All tables, and the record."""
        for coder, file in self.coders.items():
            self._codings(coder, file)
        self._statements()
        self._interviews()
        self._codebook()
        renamed, reworded = self.made.renamed, self.made.reworded
        kept = {
            name: replace(
                one,
                codes={
                    renamed.get(n, n): replace(
                        code, definition=reworded.get(code.definition, code.definition)
                    )
                    for n, code in one.codes.items()
                },
            )
            for name, one in self.others.imports.items()
        }
        digests = {name: digest(entry) for name, entry in entries(self.made.dimensions).items()}
        text = Record(kept | new, digests).text() if kept or new else None
        if text != self.present.text(IMPORTED):
            self.found.texts[IMPORTED] = text
        return self.found

    def _codings(self, coder: str, file: str) -> None:
        header, rows = self.present.table(file)
        before, removed = {}, set()
        after = self._new(file, KEY_OF_CODINGS)
        for unit, _ in after:
            self.by.setdefault(unit, set()).add(coder)
        for name, row in rows.items():
            unit, code = name
            pair = (coder, self.whose.get(unit))
            if UNIT.fullmatch(unit) and pair in self.owners:
                self.shared.setdefault(unit, []).append((coder, self.owners[pair]))
                code = self.made.renamed.get(code, code)
            before[unit, code] = row | {"code": code}
            if UNIT.fullmatch(unit) and pair in self.mine and (unit, code) not in after:
                removed.add((unit, code))
        if [*before] != [*rows]:
            lost = [name for name in rows if name not in before]
            came = [name for name in before if name not in rows]
            self.found.lines += _difference(file, came, lost, [])
        self._table(file, header, before, after, removed)

    def _statements(self) -> None:
        after = self._new(UNITS, KEYS[UNITS])
        header, before = self.units
        left = {one for old in self.left for one in old.interviews}
        left |= {row["interview_id"] for row in self.made.rows.get(INTERVIEWS, [])}
        removed = {
            (unit,)
            for (unit,), row in before.items()
            if UNIT.fullmatch(unit) and (unit,) not in after and unit not in self.shared
            if row.get("interview_id") in left
        }
        for (unit,), row in after.items():
            if unit in self.shared:
                after[unit,] = self._agreed(unit, row, before.get((unit,), {}))
        self._table(UNITS, header, before, after, removed)

    def _agreed(self, unit: str, row: Row, was: Row) -> Row:
        """A unit that other imports have too: the strictest consent holds, and the place is told
        by the file of whose codings are counted, or of the first name, if it tells it.
        """
        strict = max([row["consent"], *self._consents(unit)], key=LOOSEST.index)
        place, others = was.get("locator", ""), [coder for coder, _ in self.shared[unit]]
        first = min([*others, *self.by[unit]], key=lambda name: (name != COUNTED, name))
        if place and (first in others or not row["locator"]):
            row = row | {"locator": place}
        if strict != QUOTE and (strict != row["consent"] or is_where(row[GISTS[0]])):
            row = row | dict.fromkeys(GISTS, where(row["interview_id"], row["locator"]))
        return row | {"consent": strict}

    def _consents(self, unit: str) -> list[str]:
        """What other imports say may become of a unit; an export of ours says it of each."""
        others = [one for _, one in self.shared.get(unit, [])]
        return [one.consent for one in others if one.account.get("origin") != ORIGIN]

    def _interviews(self) -> None:
        header, before = self.present.table(INTERVIEWS)
        after = self._new(INTERVIEWS, KEYS[INTERVIEWS])
        stay = {one for other in self.others.imports.values() for one in other.interviews}
        left = {one for old in self.left for one in old.interviews} - stay
        removed = {(one,) for one in left if (one,) in before and (one,) not in after}
        self._table(INTERVIEWS, header, before, after, removed)

    def _new(self, file: str, key: tuple[str, ...]) -> Rows:
        rows = self.made.rows.get(file, [])
        return {tuple(row[name] for name in key): row for row in rows}

    def _table(
        self, file: str, header: list[str], before: Rows, after: Rows, removed: set[tuple]
    ) -> None:
        is_new = file in self.made.rows
        if not (is_new or before):
            return
        changed = []
        rows = {name: row for name, row in before.items() if name not in removed}
        for name, row in after.items():
            was = before.get(name)
            if was is None:
                rows[name] = row
                continue
            row = self._withheld(row, was) if file == UNITS else row
            moved = {
                column: value
                for column, value in row.items()
                if was.get(column) != value and self._is_own(column, was, value)
            }
            changed += [(name, column, was.get(column, ""), moved[column]) for column in moved]
            rows[name] = was | moved
        ordered = [rows[name] for name in in_order(before, after) if name in rows]
        own = next(iter(after.values()), None) or (COLUMNS.get(file, COLUMNS_OF_CODINGS))
        foreign = _foreign(file, header, before, self.made)
        columns: dict[str, str] = {}
        for name in [*header, *own]:
            if name not in foreign:
                columns.setdefault(known_as(name), name)
        text = _csv(columns, ordered) if is_new or rows else None
        if text != self.present.text(file):
            self.found.texts[file] = text
        added = [name for name in after if name not in before]
        gone = [name for name in before if name in removed]
        self.found.lines += _difference(file, added, gone, changed)
        self.found.lines += [
            f"{file}: column {name} left out, as the study does not have its language"
            for name in foreign
        ]

    def _withheld(self, row: Row, was: Row) -> Row:
        """A unit without its words where people allow less than the import would."""
        said = was.get("consent", row["consent"])
        if self._is_own("consent", was, row["consent"]) or is_where(row[GISTS[0]]):
            return row
        if said in LOOSEST[: LOOSEST.index(row["consent"]) + 1]:
            return row
        return row | dict.fromkeys(GISTS, where(row["interview_id"], row["locator"]))

    def _is_own(self, column: str, was: Row, value: str) -> bool:
        """Whether a cell is what an import wrote or follows the file, and not what people did; what
        they have put into their own words becomes no quotation.
        """
        if column not in was or column == "interview_id":
            return True
        if column == "locator":  # what no file tells somebody may have looked up
            return bool(value)
        unit = was.get("unit_id", "")
        if column in GISTS:
            return is_where(was[column]) or was[column] in self.made.gists.get(unit, ())
        said = [*(one.consent for one in self.left), *self._consents(unit)]
        if not all(self._is_own(name, was, "") for name in GISTS if was.get(name)):
            if value == QUOTE:
                return False
            said += [PARAPHRASE] * (QUOTE in said)
        return column == "consent" and bool(unit) and was[column] in said

    def _codebook(self) -> None:
        """What people wrote of codes and dimensions stays; what is as an import wrote it follows
        the files.
        """
        new, found, path = self.made.dimensions, self.found, self.present.raw / CODEBOOK
        content = read_file(path) if path.exists() else None
        book = read_codebook(content or b"")
        try:
            old = {name: dict(about) for name, about in book.get("dimensions", {}).items()}
            before = entries(old)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise NotReadableError(f"{CODEBOOK} has a mistake; `make check` says where") from None
        after, last = entries(new), self.written
        kept = {
            self.made.renamed.get(name, name): entry
            for name, entry in before.items()
            if last.get(name) != digest(entry)
        }
        removed = [name for name in before if name in last and name not in after]
        both = merged(old, new, kept, {*removed})
        if both == old and (content is None) == (not both):
            return
        now = entries(both)
        changed = [
            ((name,), said, str(entry.get(said, "")), str(now[name].get(said, "")))
            for name, entry in before.items()
            if name in now
            for said in {**entry, **now[name]}
            if entry.get(said) != now[name].get(said)
        ]
        book = {"version": 1, **book, "dimensions": both}
        found.texts[CODEBOOK] = (
            yaml.safe_dump(book, allow_unicode=True, sort_keys=False, width=100) if both else None
        )
        added = [(name,) for name in now if "." in name and name not in before]
        gone = [(name,) for name in removed if "." in name]
        # a code that comes to others may be a slip of the pen
        found.lines += _difference(CODEBOOK, added, gone, changed, are_named=bool(before))
        if re.search(rb"(?m)^\s*#", content or b""):
            found.lines.append(f"{CODEBOOK}: comments in it are not kept")


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


def _difference(
    file: str, added: list, removed: list, changed: list, are_named: bool = False
) -> list[str]:
    """What becomes of a file, in lines. are_named: added rows are named even where none goes."""
    if not (added or removed or changed):
        return []
    lines = [f"{file}: {len(added):,} rows added, {len(removed):,} gone, {len(changed):,} changed"]
    for sign, names in (("-", removed), ("+", added if removed or are_named else [])):
        lines += [f"  {sign} {', '.join(name)}" for name in names[:SHOWN]]
        lines += [f"  {sign} and {len(names) - SHOWN:,} more"] if len(names) > SHOWN else []
    lines += [
        f"  ~ {', '.join(name)}: {column} {was!r} is now {now!r}"
        for name, column, was, now in changed[:SHOWN]
    ]
    return lines + ([f"  ~ and {len(changed) - SHOWN:,} more"] if len(changed) > SHOWN else [])


def _csv(columns: dict[str, str], rows: list[Row]) -> str:
    """The text of a table. columns: the heading of each column."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns.values())
    writer.writerows([row.get(name, "") for name in columns] for row in rows)
    return text.getvalue()
