"""The tables of a study as an import finds them, each read once."""

from __future__ import annotations

import re
from pathlib import Path

from analysis.exchange.imports import Import, Record
from analysis.exchange.opening import NotReadableError
from analysis.exchange.tables import GISTS, INTERVIEWS, QUOTE, UNITS, is_where
from analysis.files.csvfile import read_sheet
from analysis.problems import Problems, many
from analysis.tables.coding import named_for

KEYS = {UNITS: ("unit_id",), INTERVIEWS: ("interview_id",)}
KEY_OF_CODINGS = ("unit_id", "code")
UNIT = re.compile("u[0-9a-f]{12}")  # an id that an import gave

Row = dict[str, str]
Rows = dict[tuple[str, ...], Row]


class Present:
    """What lies in a folder of raw tables before something is imported."""

    def __init__(self, raw: Path):
        self.raw = raw
        self._read: dict[str, tuple[list[str], Rows]] = {}

    def table(self, file: str) -> tuple[list[str], Rows]:
        """The header and the rows of a table by their key, if it is there yet. Raises
        NotReadableError for what could not be written again as it is.
        """
        if file not in self._read:
            self._read[file] = _rows(self.raw / file, file, KEYS.get(file, KEY_OF_CODINGS))
        return self._read[file]

    def text(self, file: str) -> str | None:
        """The text of a file; another encoding, that of a spreadsheet, makes it another one."""
        try:
            return (self.raw / file).read_text("utf-8", errors="replace")
        except FileNotFoundError:
            return None

    def statements(self, one: Import) -> set[str]:
        """The statements of the interviews of an import."""
        rows = self.table(UNITS)[1].values()
        return {row["unit_id"] for row in rows if row.get("interview_id") in one.interviews}

    def places(self) -> dict[str, str]:
        """The locator of each statement that an import wrote."""
        rows = self.table(UNITS)[1]
        return {
            unit: row.get("locator", "") for (unit,), row in rows.items() if UNIT.fullmatch(unit)
        }

    def restricted(self, last: Import | None, others: Record) -> set[str]:
        """The statements whose words may not be shown, whatever an import of one file asks for;
        what only its last import says, it may change.
        """
        strict = {
            name
            for one in others.imports.values()
            if one.consent != QUOTE
            for name in one.interviews
        }
        return {
            unit
            for (unit,), row in self.table(UNITS)[1].items()
            if (consent := row.get("consent", QUOTE)) != QUOTE
            if last is None
            or consent != last.consent
            or row.get("interview_id") in strict
            or not all(is_where(row[name]) for name in GISTS if row.get(name))
        }

    def coded_by(self, one: Import) -> set[str]:
        """The statements that coders of an import have coded."""
        files = [f"coding/{named_for(coder)}" for coder in one.coders]
        return {unit for file in files for unit, _ in self.table(file)[1]}


def known_as(heading: str) -> str:
    """By what a column is known: one of texts need not name the only language of a study."""
    return GISTS[0] if heading == "gist" and len(GISTS) == 1 else heading


def _rows(path: Path, file: str, key: tuple[str, ...]) -> tuple[list[str], Rows]:
    if not path.exists():
        return [], {}
    problems = Problems()
    sheet = read_sheet(path, file, problems)
    rows: Rows = {}
    names = [known_as(heading) for heading in sheet.header] if sheet else []
    for name in {name: None for name in names if names.count(name) > 1}:
        problems.add(file, 1, name, "the column stands in the header twice", "each column once")
    for number, cells in sheet.rows if sheet else ():
        row = dict(zip(names, cells, strict=False))
        name = tuple(row.get(column, "") for column in key)
        if len(cells) > len(names):
            expected = f"{many(len(names), 'cell')} as in the header"
            problems.add(file, number, None, many(len(cells), "cell"), expected)
        elif rows.setdefault(name, row) != row:
            wrong = f"a second row of {', '.join(name)}"
            problems.add(file, number, None, wrong, "one row of each, which an import keeps")
    if problems.found or sheet is None:
        raise NotReadableError("\n".join(map(str, problems.found)))
    return sheet.header, rows
