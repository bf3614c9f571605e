"""Reads codings that stand in a table, one passage with its code or codes in each row: the exports
of programs that are known by their headings, and any other table with a mapping file beside it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from analysis.exchange.headings import (
    GROUPS,
    NEEDED,
    NUMBERED,
    ROLES,
    SUFFIX,
    Layout,
    kind_of,
    known,
    mapped,
    proposed,
)
from analysis.exchange.model import NOT_KEPT, Code, Coder, Coding, Document, Passage, Project
from analysis.exchange.names import usual
from analysis.exchange.opening import (
    DEEPEST,
    MOST,
    NotReadableError,
    read_bounded,
    too_deep,
    too_many,
)
from analysis.exchange.spreadsheet import read_sheets
from analysis.files.csvfile import read_sheet
from analysis.problems import Problems

POSITION = re.compile("[0-9]{1,9}")
NAMED = (
    "document",
    "title",
    "code",
    "category",
    "coder",
)  # what is the same where it is called the same


@dataclass(frozen=True)
class Grid:
    """A table as it stands in the file: rows that are not empty, by their number in it.

    unread: the names of other sheets.
    """

    header: list[str]
    rows: list[tuple[int, list[str]]]
    notices: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def read_tabular(path: Path, _offsets: str = "") -> Project:
    """The project that a table tells of.

    Where the headings are of no known program, and no mapping file says what they mean, one is
    proposed and nothing is read.
    """
    grid = read_grid(path)
    layout = mapped(path, grid.header) or known(grid.header)
    if layout is None:
        raise _unknown(path, grid)
    wrong = [
        f"{path.name}: two columns are called {said!r}; expected one, as it says the {role}"
        for role, said in layout.columns.items()
        if role != "category" and grid.header.count(said) > 1
    ]
    wrong += [
        f"{path.name}, row {number}: {len(cells)} cells below {len(grid.header)} headings; a cell "
        "may hold what stands between cells"
        for number, cells in grid.rows
        if any(cells[len(grid.header) :])
    ]
    wrong += _misplaced(path.name, grid, layout)
    if wrong:
        raise NotReadableError("\n".join(wrong[:20]))
    return _Table(path.name, _usual(grid, layout), layout).project()


def _usual(grid: Grid, layout: Layout) -> Grid:
    """The same, with names as people see them, by which they are compared."""
    named = {layout.columns[role] for role in NAMED if role in layout.columns}
    named.update(_groups(grid.header))
    places = [n for n, heading in enumerate(grid.header) if heading in named]
    rows, changed = [], set()
    for number, cells in grid.rows:
        row = [*cells]
        for n in places:
            if n < len(row):
                row[n] = usual(cells[n])
                changed.update([cells[n]] * (row[n] != cells[n]))
        rows.append((number, row))
    told = [f"names with unusual blanks, letters or hidden signs, read as usual: {len(changed):,}"]
    return replace(grid, rows=rows, notices=[*grid.notices, *told * bool(changed)])


def _misplaced(name: str, grid: Grid, layout: Layout) -> list[str]:
    """What is no position where a column tells them, or is one without a passage."""
    ends = [layout.columns.get(role, "") for role in ("start", "stop")]
    if not all(ends):
        return []
    wrong = []
    places = [grid.header.index(heading) for heading in ends]
    for number, cells in grid.rows:
        said = [cells[place] if place < len(cells) else "" for place in places]
        odd = [n for n in (0, 1) if said[n] and not POSITION.fullmatch(said[n])]
        wrong += [
            f"{name}, row {number}, column {ends[n]}: {said[n]!r} is no position; expected a whole "
            "number"
            for n in odd
        ]
        if not odd and any(said) and not all(said):
            empty, other = (0, 1) if said[1] else (1, 0)
            wrong.append(
                f"{name}, row {number}, column {ends[empty]}: is empty, and {ends[other]} is "
                f"{said[other]!r}; expected both positions of a passage, or none"
            )
        elif not odd and all(said) and int(said[1]) < int(said[0]):
            wrong.append(
                f"{name}, row {number}, column {ends[1]}: {said[1]!r} lies before {said[0]!r}, "
                "where the passage begins; expected where it ends"
            )
    return wrong


def _unknown(path: Path, grid: Grid) -> NotReadableError:
    if sum(map(bool, grid.header)) < len(NEEDED):
        return NotReadableError(
            f"{path.name} begins with {' '.join(grid.header)[:40]!r}; expected headings, one of "
            "documents and one of codes at the least; delete what stands above them"
        )
    file = path.name + SUFFIX
    return NotReadableError(
        f"the headings of {path.name} are of no known program. Save this as {file} beside it, "
        "mend it if need be, and import again:\n\n"
        + proposed(grid.header, [cells for _, cells in grid.rows])
    )


def read_grid(path: Path) -> Grid:
    """The headings and the rows that are not empty of a CSV file or a spreadsheet."""
    if path.suffix.lower() not in (".csv", ".tsv"):
        return _spreadsheet(path)
    problems = Problems()
    content = read_bounded(path)
    if max(map(content.count, (b",", b";", b"\t", b"|"))) + content.count(b"\n") > 10 * MOST:
        raise too_many(path.name, "rows or too many cells")
    sheet = read_sheet(path, path.name, problems)
    if problems.found or sheet is None or not sheet.header:
        why = "\n".join(map(str, problems.found[:20]))
        raise NotReadableError(why or f"{path.name} is empty; expected headings and rows")
    notices = [said.removeprefix(f"{path.name}: ") for said in problems.notices]
    return Grid([*map(usual, sheet.header)], sheet.rows, notices)


def _spreadsheet(path: Path) -> Grid:
    """The only sheet whose headings are known, or else the only one with more than one row."""
    sheets = read_sheets(path)
    if not sheets:
        raise NotReadableError(f"{path.name} is empty; expected headings and rows")
    shown = [sheet for sheet in sheets if sheet.is_visible]
    if not shown:
        raise NotReadableError(f"{path.name} has hidden sheets alone; show the one with codings")
    grids = {
        sheet.name: [(number, cells) for number, cells in enumerate(sheet.rows, 1) if any(cells)]
        for sheet in shown
    }
    for rows in grids.values():
        rows[0] = rows[0][0], [*map(usual, rows[0][1])]
    fits = {name: _fits(path, rows) for name, rows in grids.items()}
    best = [name for name in grids if fits[name] == max(fits.values())]
    header = grids[best[0]][0][1]
    layout = mapped(path, header) or known(header)  # where no sheet fits the file says why not
    if len(best) > 1 and fits[best[0]]:
        raise NotReadableError(
            f"{path.name} may have its codings in any of the sheets {', '.join(map(repr, best))}; "
            "keep one of them, and delete or hide the others"
        )
    chosen = next(sheet for sheet in shown if sheet.name == best[0])
    read = {*layout.columns.values(), *_groups(header)} if layout else {*header}
    wrong = [
        f"{path.name}, sheet {chosen.name}, {said}"
        for n, said in chosen.wrong
        if n is None or not 0 <= n < len(header) or header[n] in read
    ]
    if wrong:
        raise NotReadableError("\n".join(wrong[:20]))
    _, *rows = grids[chosen.name]
    return Grid(header, rows, unread=[sheet.name for sheet in sheets if sheet is not chosen])


def _groups(header: list[str]) -> list[str]:
    """The heading of the column that tells documents of one name apart, if there is one."""
    return [heading for heading in header if heading.casefold() in GROUPS][:1]


def _fits(path: Path, rows: list[tuple[int, list[str]]]) -> int:
    """How well a sheet looks like one of codings."""
    if len(rows) < 2:
        return 0
    header = rows[0][1]
    try:
        layout = mapped(path, header) or known(header)
    except NotReadableError:  # which is told of the sheet that is chosen
        layout = None
    return 1 + (layout is not None)


class _Table:
    """Makes a project of rows."""

    def __init__(self, name: str, grid: Grid, layout: Layout):
        self.name, self.header, self.layout = name, grid.header, layout
        width = len(grid.header)
        self.rows = [(n, [*row[:width], *[""] * (width - len(row)), ""]) for n, row in grid.rows]
        # of a role that no column has it is the cell behind all of them, which is empty
        self._places = dict.fromkeys(ROLES, width)
        self._places |= {role: self.header.index(said) for role, said in layout.columns.items()}
        # Few cells and codes are asked for again and again.
        self._cells: dict[str, list[str]] = {}
        self._paths: dict[tuple[str, ...], str] = {}
        above = layout.columns.get("category")
        self._above = [n for n, heading in enumerate(self.header) if above and heading == above]
        self.made = Project(layout.origin, notices=[*grid.notices])
        self._tell("sheets that are not read", grid.unread)
        self._groups = self._ambiguous()
        self._tags = {self._said(row, "code") for _, row in self.rows}
        self._skipped = self._project_steps() if layout.origin == "zotQDA" else 0

    def project(self) -> Project:
        """All rows; what lacks a document or a code is set aside."""
        made, seen = self.made, set()
        for number, row in self.rows:
            document, codes = self._document(row), self._codes(row)
            key = tuple(row) if self._said(row, "id") else number
            self._take_names(row, document)
            if not document or not codes:
                lacking = "no document" if codes else "no code"
                made.set_aside("rows", f"they name {lacking}")
                made.set_aside("codings", "they do not code a document", len(codes))
            elif key in seen:
                made.set_aside("rows", "they are there twice")
                made.set_aside("codings", "they are there twice", len(codes))
            else:
                seen.add(key)
                self._take(row, number, document, codes)
        self._count()
        return made

    def _project_steps(self) -> int:
        """1 if all codes lie below one, at more than one level: zotQDA has a project there."""
        paths = [self._steps(code) for _, row in self.rows for code in self._codes(row)]
        lengths = {len(path) for path in paths}
        if len({path[0] for path in paths}) != 1 or min(lengths) < 2 or max(lengths) < 3:
            return 0
        self.made.notices.append("all codes lie below one, which has the project's name")
        self.made.who["the project's name"] = paths[0][0]
        return 1

    def _ambiguous(self) -> dict[str, int]:
        """The column of groups by each name that documents have in more than one of them."""
        column = next((n for n, said in enumerate(self.header) if said.casefold() in GROUPS), None)
        if column is None:
            return {}
        places = {(self._said(row, "document"), row[column]) for _, row in self.rows}
        often = Counter(name for name, _ in places if name)
        return {name: column for name, n in often.items() if n > 1}

    def _document(self, row: list[str]) -> str:
        """What tells a document from all others: its name, if need be with that of its group."""
        name = self._said(row, "document")
        return f"{row[self._groups[name]]} > {name}" if name in self._groups else name

    def _tell(self, what: str, names: list[str]) -> None:
        """Tells of names that may be those of people: how many there are, and to whoever imports
        also which.
        """
        if names:
            self.made.notices.append(f"{what}: {len(names):,}")
            self.made.who[what] = ", ".join(names)

    def _count(self) -> None:
        """How much the columns hold, whatever was made of it; what has no place is set aside."""
        made = self.made
        again = len(self._paths) - len({*self._paths.values()})
        if again:
            made.notices.append(f"codes that are written in several ways, read as one: {again:,}")
        made.found = {
            "rows": len(self.rows),
            "documents": len({self._document(row) for _, row in self.rows} - {""}),
            "coders": len({self._said(row, "coder") for _, row in self.rows} - {""}),
            "codes": len(made.codes),
            "codings": sum(len(self._codes(row)) for _, row in self.rows),
        }
        read = {*self._places.values(), *self._above}
        unread: list[str] = []
        for n, said in enumerate(self.header):
            kind = kind_of(said)
            if n in read or not said:
                continue
            if kind:
                cells = [row[n] for _, row in self.rows if row[n]]
                number = len({*cells}) if kind in ("sets", "cases") else len(cells)
                made.found[kind] = made.found.get(kind, 0) + number
                made.set_aside(kind, NOT_KEPT[kind], number)
            else:
                unread.append(said)
        self._tell("columns that are not read", [*dict.fromkeys(unread)])

    def _take_names(self, row: list[str], document: str) -> None:
        coder, name = self._said(row, "coder"), self._said(row, "title") or document
        if document:
            self.made.documents.setdefault(document, Document(document, name))
        if coder:
            self.made.coders.setdefault(coder, Coder(coder, coder))

    def _take(self, row: list[str], number: int, document: str, codes: list[str]) -> None:
        made, coder = self.made, self._said(row, "coder")
        passage = self._passage(row, document)
        above = self._categories(row)
        for n, code in enumerate(codes):
            key = (code, *above)
            if key not in self._paths:
                self._paths[key] = self._code([*above, *self._steps(code)[self._skipped :]])
            made.codings.append(
                Coding(f"{number}.{n}", passage, self._paths[key], coder or None, number)
            )

    def _passage(self, row: list[str], document: str) -> Passage:
        words = self._said(row, "words")
        if self.layout.origin == "OpenQDA":  # which has quotation marks around all of them
            words = words.removeprefix('"').removesuffix('"').strip()
        ends = [self._said(row, role) for role in ("start", "stop")]
        is_span = all(ends) and all(map(POSITION.fullmatch, ends))
        start, end = map(int, ends) if is_span else (None, None)
        mark = self._said(row, "id") if self.layout.is_passage else ""
        return Passage(document, start, end, self._locator(row), words or None, mark)

    def _said(self, row: list[str], role: str) -> str:
        return row[self._places[role]]

    def _codes(self, row: list[str]) -> list[str]:
        said = self._said(row, "code")
        if said not in self._cells:
            marks = "|".join(map(re.escape, self.layout.several))
            codes = re.split(marks, said) if marks else [said]
            self._cells[said] = [code.strip() for code in codes if code.strip()]
        return self._cells[said]

    def _steps(self, code: str) -> list[str]:
        steps = code.split(self.layout.step) if self.layout.step else [code]
        if self.layout.origin == "Taguette":
            steps = self._together(steps)
        steps = [step.strip() for step in steps]
        return steps if all(steps) else [code]  # where nothing stands above a mark or below it

    def _together(self, steps: list[str]) -> list[str]:
        """The same, but where a full stop ends a number or a short word, as a blank follows, or is
        one in a number, and what stands before is no tag.
        """
        found = steps[:1]
        for step in steps[1:]:
            belongs = step[:1].isspace() or (step[:1].isdigit() and found[-1][-1:].isdigit())
            if belongs and ".".join(found) not in self._tags:
                found[-1] += f".{step}"
            else:
                found.append(step)
        return found

    def _categories(self, row: list[str]) -> list[str]:
        """What stands above a code, from the top; programs name the nearest first."""
        return [row[n] for n in reversed(self._above) if row[n]]

    def _code(self, path: list[str]) -> str:
        """The code at the end of a path, and those above it."""
        if len(path) > DEEPEST:
            raise too_deep(self.name)
        above = None
        for n, name in enumerate(path, 1):
            key = "\0".join(path[:n])
            self.made.codes.setdefault(key, Code(key, name, above))
            above = key
        return above

    def _locator(self, row: list[str]) -> str:
        """Where a passage is: what a column says of it, or from which paragraph to which."""
        said, page = self._said(row, "locator"), self._said(row, "page")
        begin, end = self._said(row, "begin"), self._said(row, "end")
        if page and not said:
            return f"p. {page}"
        if said.isdecimal() and said.isascii():
            return NUMBERED.get(self.layout.columns["locator"].casefold(), "") + said
        if said or not begin:
            return said
        mark = "¶" if begin.isdigit() else ""
        return f"{mark}{begin}" if end in ("", begin) else f"{mark}{begin}–{end}"
