"""Reads and validates the raw data of a study; collects every problem, then raises once."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis import paths
from analysis.checks import crosschecks
from analysis.checks.consent import check_ids
from analysis.checks.resting import PLACE
from analysis.problems import Problems, ReportedError, many, suggest
from analysis.raw.cells import check_cells, typed
from analysis.raw.codebook import read_codebook, smallest_cell
from analysis.raw.completed import completed
from analysis.raw.consent import permitted
from analysis.raw.identities import check_identities
from analysis.raw.references import read_references
from analysis.raw.tablefiles import ABSENT, known_files, rows_of
from analysis.studyfile import unsaid
from analysis.tables import RAW, Table, coder_of, described
from analysis.tables.coding import CODEBOOK, CODERS
from analysis.tables.study import IDENTITIES

WIDTH = 100  # of lines that list many names
MOST_PLACES = 12  # that a notice names


class StudyError(ValueError):
    """The raw data cannot be used; `problems` says where and why, `notices` what
    was read in an unusual way.
    """

    def __init__(self, problems: Problems):
        self.problems = sorted(problems.found, key=lambda problem: (problem.file, problem.row or 0))
        self.notices = problems.notices
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Study:
    """The raw tables of a study as typed frames, rows indexed by their row in the file.

    tables: one frame per entry of `analysis.tables.RAW`, one for each further coder
    (`codings_NAME`), plus `dimensions`, `codes` (the codebook), `references`, and `aggregated`,
    the counts of what is not shown. What may not be shown is in none of them.
    notices: what was read in an unusual way. withheld: whether anything may not be shown, so that
    the raw tables must not be kept anywhere else. counting: the same with the statements that only
    count in all tables, if there are any; to be looked at, and nothing is made of it.
    """

    tables: dict[str, pd.DataFrame]
    notices: list[str]
    withheld: bool = False
    counting: Study | None = None

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.tables)


def read_study(raw: Path, references: Path) -> Study:
    """The study in the folder `raw`, citing the works in the BibTeX file `references`.

    Raises StudyError with all problems at once.
    """
    problems = Problems()
    if not raw.is_dir():
        problems.add(
            raw.name,
            None,
            None,
            f"the folder {raw} is missing",
            "a folder with the tables of a study (RAW=)",
        )
        raise StudyError(problems)
    tables = {"references": read_references(references, problems), **_tables(raw, problems)}
    _strangers(raw, problems)
    if tables["interviews"] is not None:
        check_ids(tables["interviews"], problems)
    absent = {name for name in RAW if not os.path.lexists(raw / RAW[name].file)}
    if "cases" in absent and _names_cases(tables["municipalities"]):
        wanted = f"the cases that {RAW['municipalities'].file} names"
        problems.add(RAW["cases"].file, None, None, "the file is missing", wanted)
        tables["cases"] = None
    if "municipalities" in absent and tables["interviews"] is not None:
        _tell_places(tables["interviews"][PLACE], problems)
        if "cases" not in absent and _is_elsewhere(tables["interviews"], tables["cases"]):
            wanted = f"which case of {RAW['cases'].file} each place belongs to"
            problems.add(RAW["municipalities"].file, None, None, "the file is missing", wanted)
            tables["municipalities"] = None
    tables = completed(tables, absent)
    read = {name: frame for name, frame in tables.items() if frame is not None}
    crosschecks.check(read, problems, absent)
    identified = _identities(raw, read, problems)
    if problems.found:
        raise StudyError(problems)
    shown, counting = permitted(tables, smallest_cell(raw / CODEBOOK), problems, absent)
    if problems.found:
        raise StudyError(problems)
    withheld = len(shown["interviews"]) + len(shown["units"]) < len(tables["interviews"]) + len(
        tables["units"]
    )
    with_all = counting and Study(counting, [], withheld=True)
    return Study(shown, problems.notices, withheld or identified, with_all)


def _tables(raw: Path, problems: Problems) -> dict[str, pd.DataFrame | None]:
    """All tables as they are written, None for those that cannot be read."""
    dimensions, codes = read_codebook(raw / CODEBOOK, problems)
    tables = {"dimensions": dimensions, "codes": codes}
    for name in [*RAW, *further_coders(raw)]:
        tables[name] = read_table(raw, described(name), problems)
        if name not in RAW and tables[name] is not None:
            problems.notice(described(name).file, _further(name, tables[name], raw))
    return tables


def current_study(*, named: bool = False) -> Study:
    """The study that is built, its notices told; raises ReportedError with all that is wrong.

    named: whether to name the tables that are not there instead of counting them.
    """
    try:
        study = read_study(paths.raw(), paths.references())
    except StudyError as error:
        n = len(error.problems)
        end = f"{many(n, 'problem')} in {paths.shown(paths.raw())}"
        said = [
            *map(str, error.problems),
            *_told([*unsaid(), *error.notices], named),
            f"{end}; nothing was changed",
        ]
        raise ReportedError("\n".join(said)) from None
    print(*_told(study.notices, named), sep="\n", end="\n" if study.notices else "")
    return study


def _told(notices: list[str], named: bool) -> list[str]:
    """The notices as lines, those of tables and folders that are not there together."""
    lacking = [notice.removesuffix(f": {ABSENT}") for notice in notices if notice.endswith(ABSENT)]
    if len(lacking) > 1:
        rest = [notice for notice in notices if not notice.endswith(ABSENT)]
        said = f"the study does without {len(lacking)} tables and folders"
        which = ["; it needs none of them:", *_by_folder(lacking)]
        notices = [*rest, said + ("\n".join(which) if named else ", which `make check` names")]
    return [f"note: {notice}" for notice in notices]


def _by_folder(files: list[str]) -> Iterator[str]:
    """The names of files and folders, line by line, those in a folder behind its name."""
    folders: dict[str, list[str]] = {}
    for file in files:
        folder, slash, name = file.rpartition("/")
        folders.setdefault(folder + slash, []).append(name)
    for folder, names in folders.items():
        said = ": ".join(filter(None, [folder, ", ".join(names)]))
        yield textwrap.fill(said, WIDTH, initial_indent="  ", subsequent_indent="    ")


def _names_cases(municipalities: pd.DataFrame | None) -> bool:
    """Whether there are cases of other names than their places, which nothing else describes."""
    if municipalities is None:
        return False
    told = municipalities.dropna(subset="case_id")
    return bool(told["case_id"].ne(told["municipality_id"]).any())


def _is_elsewhere(interviews: pd.DataFrame, cases: pd.DataFrame | None) -> bool:
    """Whether there are interviews in places that are none of the cases."""
    places = interviews[PLACE].fillna(interviews["interview_id"]).dropna()
    return cases is not None and not places.isin(cases["case_id"]).all()


def _tell_places(named: pd.Series, problems: Problems) -> None:
    """Names the places that only interviews name, so that a slip of the pen is seen."""
    places = named.dropna().unique()
    if len(places):
        more = f" and {len(places) - MOST_PLACES} more" if len(places) > MOST_PLACES else ""
        said = f"of {', '.join(places[:MOST_PLACES])}{more}, as no table names places"
        problems.notice(RAW["interviews"].file, said)


def _identities(raw: Path, tables: dict[str, pd.DataFrame], problems: Problems) -> bool:
    """Whether a study tells what people could be recognised by; looks where it must not stand."""
    if not os.path.lexists(raw / IDENTITIES.file):
        return False
    identities = read_table(raw, IDENTITIES, problems)
    if identities is not None and "interviews" in tables:
        crosschecks.check_references(IDENTITIES, identities, tables, problems)
        check_identities(identities, tables, raw, problems)
    return True


def further_coders(raw: Path) -> list[str]:
    """The names of the tables of coders beside the first and the second."""
    passes = {RAW[name].file for name in ("codings_a", "codings_b")}
    files = sorted(path.name for path in raw.glob("coding/codings_*.csv"))
    others = [file for file in files if f"coding/{file}" not in passes]
    return [file[:-4] for file in others if CODERS.fullmatch(file) and file[:-4] not in RAW]


def _further(name: str, codings: pd.DataFrame, raw: Path) -> str:
    """What there is to say of a further coder."""
    said = f"a further coder, who rated {codings['unit_id'].nunique()} statements"
    if (raw / RAW["codings_a"].file).exists():
        return said
    return (
        f"{said}; if these are the codings that count, say `counted: {coder_of(name)}` in study.yml"
    )


def _strangers(raw: Path, problems: Problems) -> None:
    """Tells of files in the folder that nothing reads: a table under another name
    is easily edited in vain.
    """
    known = known_files() | {described(name).file for name in further_coders(raw)}
    for path in sorted(raw.rglob("*")):
        file = path.relative_to(raw).as_posix()
        if path.name.startswith((".~lock.", "~$")):
            problems.notice(
                file, "a spreadsheet program has a table open; what is not saved there is not read"
            )
        elif (
            path.is_file()
            and file not in known
            and path.suffix != ".md"
            and not paths.is_hidden(path.relative_to(raw))
        ):
            small = Path(file.lower())
            if file.lower() in known or (
                small.parent == Path("coding") and CODERS.fullmatch(small.name)
            ):
                wrong = "not read, as its name is not in small letters throughout"
                problems.add(file, None, None, wrong, f"the name {path.name.lower()}")
            else:
                problems.notice(file, "is no table of the study; not read" + suggest(file, known))


def read_table(raw: Path, table: Table, problems: Problems) -> pd.DataFrame | None:
    """One raw table as a typed frame, its rows as in the file; None if the file is unusable.

    A table that a study may lack has no rows where there is no such file.
    """
    rows = rows_of(raw / table.file, table, problems)
    if rows is None:
        return None
    if rows.frame.empty:
        return pd.DataFrame(
            {name: pd.Series(dtype=column.dtype) for name, column in table.columns.items()},
            index=rows.frame.index,
        )
    columns = {
        name: typed(rows, name, column, table.file, problems)
        if name in rows.frame
        else pd.Series(index=rows.frame.index, dtype=column.dtype)
        for name, column in table.columns.items()
    }
    values = pd.DataFrame(columns, index=rows.frame.index)
    given = {name: column for name, column in table.columns.items() if name in rows.frame}
    check_cells(values, given, table.file, problems)
    _keys(values, table, problems)
    return values


def _keys(frame: pd.DataFrame, table: Table, problems: Problems) -> None:
    first: dict[tuple, int] = {}
    for row, *key in frame[list(table.key)].dropna().itertuples(name=None):
        if first.setdefault(tuple(key), row) != row:
            wrong = f"{', '.join(map(str, key))!r} stands already in row {first[tuple(key)]}"
            problems.add(table.file, row, table.key[0], wrong, "each only once")
