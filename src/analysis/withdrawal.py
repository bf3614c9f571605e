"""What would change if an interview were withdrawn: found by doing so to a copy of the study."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from analysis import paths
from analysis.checks.findingchecks import named_rows
from analysis.checks.resting import PLACE
from analysis.engine import lock
from analysis.files.csvfile import read_sheet
from analysis.files.whole import copy_folder
from analysis.problems import Problems, ReportedError, many, one_of
from analysis.processed.findings import refuted
from analysis.processed.prepare import prepare, with_all_that_count
from analysis.raw.study import Study, StudyError, current_study, read_study
from analysis.tables import RAW, Table, described
from analysis.tables.columns import parts
from analysis.wording import LANGUAGES

NAMED = re.compile(r"\{(?:evidence|unit|finding)\}`([^`]+)`")


def withdraw(interview: str = "") -> None:
    """Shows what would change if an interview were withdrawn, and changes nothing."""
    study = current_study()
    one_of(interview, list(study["interviews"]["interview_id"]), "interview", "study")
    lock.hold_build_folder()  # what is built is copied
    with tempfile.TemporaryDirectory() as copy:
        lines = list(consequences(study, interview, Path(copy)))
    print(*lines or ["nothing would change"], sep="\n")
    print(
        "note: sentences that name neither rows nor the place, the page in front of the editions "
        "and letters in pictures are not looked through"
    )


def consequences(study: Study, interview: str, copy: Path) -> Iterator[str]:
    """What would change, line by line.

    copy: an empty folder for the study without the interview and what is made of it.
    """
    copy_folder(paths.raw(), copy / "raw")
    _edit(copy / "raw", "interviews", lambda row: _withdrawn(row, interview))
    try:
        without = read_study(copy / "raw", paths.references())
    except StudyError as error:
        raise ReportedError(f"{error}\nwithout the interview, the check would stop here") from None
    yield from _rows(study, without)
    yield from _findings(study, without, copy / "raw")
    yield from _pages(study, without, interview)
    yield from _results(copy)


def _withdrawn(row: dict[str, str], interview: str) -> dict[str, str]:
    return row | ({"consent": "withdrawn"} if row["interview_id"] == interview else {})


def _unstated(row: dict[str, str], findings: set[str]) -> dict[str, str] | None:
    """A finding that counts none of these others any more; none if it is one of them itself."""
    if row["finding_id"] in findings:
        return None
    counted_by = [name for name in parts(row.get("counted_by")) if name not in findings]
    return row | ({"counted_by": ";".join(counted_by)} if "counted_by" in row else {})


def _edit(raw: Path, table: str, edited: Callable[[dict[str, str]], dict[str, str] | None]) -> None:
    """Writes a table with other rows, each by its number; empty ones for those of which nothing is
    left.
    """
    path = raw / RAW[table].file
    sheet = read_sheet(path, path.name, Problems())
    made = {number: edited(row) for number, row in sheet.records()}
    rows = [made.get(number) or {} for number in range(2, max(made, default=1) + 1)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, sheet.header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _rows(study: Study, without: Study) -> Iterator[str]:
    for name in [name for name in study if (one := described(name)) and _is_there(one)]:
        before, after = study[name], without[name]
        if len(after) < len(before):
            rows = many(len(before), "row")
            yield f"{described(name).file}: {rows}, {len(after)} without the interview"
        former = before.loc[after.index]
        other = (former.ne(after).fillna(True) & ~(former.isna() & after.isna())).any(axis=1)
        if other.any():
            rows = ", ".join(map(str, after.index[other]))
            yield f"{described(name).file}: less in row {rows}"


def _is_there(table: Table) -> bool:
    """Whether the rows of a table are somebody's, and not made of others."""
    return (paths.raw() / table.file).exists()


def _findings(study: Study, without: Study, raw: Path) -> Iterator[str]:
    file, language = RAW["findings"].file, _language()
    before, after = study["findings"], without["findings"]
    for row, finding in before.loc[before.index.difference(after.index)].iterrows():
        yield f"{file}, row {row}: nothing to rest on: {finding[f'sentence_{language}']!r}"
    problems = refuted(without, prepare(without), with_all_that_count(without))
    for problem in problems:
        yield f"{problem.file}, row {problem.row}: {problem.wrong}"
    # They would end the build of the copy, and no report could state them.
    gone = set(after.loc[[problem.row for problem in problems], "finding_id"])
    if gone:
        _edit(raw, "findings", lambda row: _unstated(row, gone))


def _pages(study: Study, without: Study, interview: str) -> Iterator[str]:
    """Places on pages that name what would no longer be there, which has to be written anew; and
    those that speak of the place of the interview without naming any of it.
    """
    lost = _names(study) - _names(without)
    for path in paths.pages():
        place = _place(study, interview, path.relative_to(paths.book()).parts[0])
        speaking = []
        text = path.read_text("utf-8", errors="replace")  # of a draft in another encoding, too
        for number, line in enumerate(text.splitlines(), start=1):
            named = {name for names in NAMED.findall(line) for name in names.split()} & lost
            if named:
                yield f"{paths.shown(path)}:{number}: names {', '.join(sorted(named))}"
            elif place and place.search(line):
                speaking.append(str(number))
        if speaking:
            lines = f"line{'s' if len(speaking) > 1 else ''} {', '.join(speaking)}"
            yield f"{paths.shown(path)}: {lines}: of the same place, and names none of that"


def _place(study: Study, interview: str, language: str) -> re.Pattern | None:
    """What finds the name of the place of an interview, alone and not as a part of another one."""
    asked = study["interviews"].set_index("interview_id").at[interview, PLACE]
    labels = study["municipalities"].set_index(PLACE).get(f"label_{language}")
    if labels is None:
        return None
    return re.compile(rf"(?<![\w-])({re.escape(labels[asked])})(?:['’]?s)?(?![\w-])")


def _names(study: Study) -> set[str]:
    """What pages can name rows and findings by, with and without their table."""
    rows = named_rows(study.tables) or {}
    named = {f"{table}:{key}" for key in rows for table in rows[key]}
    return {*rows, *named, *study["findings"]["finding_id"]}


def _results(copy: Path) -> Iterator[str]:
    """What notebooks would publish otherwise, in one language."""
    language = _language()
    if not paths.values(language).is_dir():
        yield "figures, tables and values: nothing to compare with; `make notebooks` makes them"
        return
    # With what is built and how that came about, only those notebooks run that read what is gone.
    for made in (paths.build() / language, paths.build() / "deps"):
        shutil.copytree(made, copy / "build" / made.name)
    settings = {"COMPENDIUM_RAW": str(copy / "raw"), "COMPENDIUM_BUILD": str(copy / "build")}
    done = subprocess.run(
        [sys.executable, "-m", "analysis", "build", "notebooks", f"--language={language}"],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    for kind in ("figures", "tables"):
        now, then = (build / language / kind for build in (paths.build(), copy / "build"))
        for record in sorted(now.glob("*.json")):
            before, after = _published(record), _published(then / record.name)
            if before != after:
                how = "otherwise" if after else "not made"
                yield f"{kind}/{record.stem}: {how}"
    yield from _values(paths.build() / language / "values", copy / "build" / language / "values")
    if done.returncode:
        yield from (line for line in done.stdout.splitlines() if line.startswith("failed"))


def _language() -> str:
    """A language of the report, or of its tables if it has no pages yet."""
    return [*LANGUAGES, *paths.languages()][-1]


def _values(now: Path, then: Path) -> Iterator[str]:
    for path in sorted(now.glob("*.json")):
        before, after = (_read(folder / path.name).get("values", {}) for folder in (now, then))
        for name in sorted({*before, *after}):
            if before.get(name) != after.get(name):
                yield f"values/{name}: {before.get(name)} → {after.get(name)}"


def _published(record: Path) -> tuple | None:
    """What a reader sees of a figure or table: all but the digests of what it was made from."""
    about = _read(record)
    if not about:
        return None
    data = record.with_suffix(".csv")
    text = data.read_text("utf-8") if data.is_file() else ""
    return {key: value for key, value in about.items() if key != "data"}, text


def _read(path: Path) -> dict:
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}
