"""Holds the anchors of statements against a copy of the text that they count in, and makes them
from a text where a study has none.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis import paths
from analysis.exchange.imports import read_record
from analysis.exchange.present import UNIT
from analysis.files.csvfile import read_sheet
from analysis.files.whole import read_file, write_whole
from analysis.problems import (
    Problem,
    Problems,
    ReportedError,
    WrongCallError,
    many,
    said,
    suggest,
)
from analysis.raw.completed import passage
from analysis.raw.study import Study, current_study
from analysis.tables import RAW

TABLES = ("anchors", "context_anchors")
NEAR = 400  # characters around its place in which a passage is looked for
SPAN = r"(\d+)(?:[–-](\d+))?"
LINES = re.compile(rf"(?:(?:p|S)\. ?(\d+) )?(?:l|Z)\. ?{SPAN}")
PARAGRAPHS = re.compile(rf"¶{SPAN}")

Row = dict[str, str]
Anchor = tuple[str, int, Row]  # the table, the number of the row in it, the row


def anchors(source: str) -> int:
    """Checks the anchors of a study against a text, or makes them from it if there are none.

    source: the file, or a folder with the transcript of each interview, `INTERVIEW.txt`. Returns 1
    if a passage is not where its anchor says, a text is of nothing that is anchored, or the folder
    lacks a text of something that is.
    """
    place = paths.given(source)
    texts = _texts(place)
    study = current_study()
    known = [(table, number, row) for table in TABLES for number, row in _rows(table)]
    if not known:
        return _make(study, texts, place)
    wrong, held = 0, set()
    for path, text in texts.items():
        try:
            name, found, text = _anchored(study, known, text, path)
            if not found:
                raise ReportedError(f"{path}: a text of {name}, in which no anchor counts")
        except ReportedError as error:
            print(error, file=sys.stderr)
            wrong = 1
            continue
        misses = list(_misses(found, text, _locators(study)))
        right = f"{len(found) - len(misses)} of {len(found)} passages"
        print("\n".join([*misses, f"{name}: {right} are where their anchors say, in {path}"]))
        wrong |= bool(misses)
        held |= {row["unit_id"] for *_, row in found}
    left = [row for *_, row in known if row["unit_id"] not in held] if place.is_dir() else []
    for name, count in Counter(_text_of(study, left)).items():
        unseen = f"{many(count, 'passage')} not looked for"
        print(f"{place}: there is no text of {name}; {unseen}", file=sys.stderr)
        wrong = 1
    return int(wrong)


def _text_of(study: Study, rows: Iterable[Row]) -> Iterator[str]:
    """What each anchor of what may be shown counts in: its source or, where that has no text of its
    own, the transcript of its interview.
    """
    whole = {*study["sources"].dropna(subset="text_sha256")["source_id"]}
    interviews, shown = _interviews(), _locators(study)
    for row in [row for row in rows if row["unit_id"] in shown]:
        source, interview = row["source_id"], interviews.get(row["unit_id"])
        yield source if source in whole or not interview else interview


def _interviews() -> dict[str, str]:
    """The interview of each statement, as far as it is told."""
    return {unit["unit_id"]: unit.get("interview_id", "") for _, unit in _rows("units")}


def fingerprint(words: str) -> str:
    """The SHA-256 of a passage, each stretch of white space made one blank."""
    return _digest(" ".join(words.split()))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _texts(place: Path) -> dict[Path, str]:
    """The text in a file, or those in a folder."""
    if not place.is_dir():
        return {place: _text(place)}
    if found := sorted(place.glob("*.txt")):
        return {path: _text(path) for path in found}
    raise WrongCallError(f"{place} has no text; expected the transcript of each interview, such as "
                         "INTERVIEW.txt")  # fmt: skip


def _text(path: Path) -> str:
    """The text of a source, without the mark of its encoding."""
    try:
        return read_file(path).decode("utf-8-sig")
    except FileNotFoundError:
        raise WrongCallError(
            f"there is no file {path}; expected a text: make anchors SOURCE=file"
        ) from None
    except UnicodeDecodeError:
        raise ReportedError(
            f"{path} is no text in UTF-8; expected the text of the source, as positions count in it"
        ) from None
    except OSError as error:
        raise ReportedError(said(error)) from None


def _rows(table: str) -> Iterator[tuple[int, Row]]:
    """The rows of a raw table, with their number in a spreadsheet; what may not be shown as well,
    of which nothing is told.
    """
    place = paths.raw() / RAW[table].file
    sheet = read_sheet(place, RAW[table].file, Problems()) if place.is_file() else None
    yield from sheet.records() if sheet else ()


def _anchored(
    study: Study, known: list[Anchor], text: str, path: Path
) -> tuple[str, list[Anchor], str]:
    """What a text is of, the anchors that count in it, and it with the ends of lines that most of
    them count: the source of its SHA-256, else the interview or the source that the file is called
    after, else the only source whose anchors fit.
    """
    digests = study["sources"].set_index("text_sha256")["source_id"].to_dict()
    for read in _readings(text):
        if _digest(read) in digests:
            return _of_source(digests[_digest(read)], known, text)
    interviews = _interviews()
    if found := [one for one in known if interviews.get(one[2]["unit_id"]) == path.stem]:
        return path.stem, found, _fitting(found, text)
    print(
        f"note: the SHA-256 of {path} is {_digest(text)}, which is that of no text in sources.csv: "
        "another version of it, if it is one"
    )
    anchored = dict.fromkeys(row["source_id"] for *_, row in known)
    if path.stem in anchored:
        return _of_source(path.stem, known, text)
    fitting = {
        row["source_id"] for *_, row in known if any(_fits(row, read) for read in _readings(text))
    }
    if len(fitting) == 1:
        return _of_source(fitting.pop(), known, text)
    raise ReportedError(
        f"{path}: a text of no source that anchors count in; they count in "
        f"{', '.join(anchored)}{suggest(path.stem, anchored)}. Another version of a text is taken "
        f"for it if it is called so, such as {next(iter(anchored))}.txt"
    )


def _of_source(name: str, known: list[Anchor], text: str) -> tuple[str, list[Anchor], str]:
    found = [one for one in known if one[2]["source_id"] == name]
    return name, found, _fitting(found, text)


def _readings(text: str) -> tuple[str, str]:
    """A text as it is, and as one without the ends of lines of Windows."""
    return text, text.replace("\r\n", "\n")


def _fitting(found: list[Anchor], text: str) -> str:
    """The reading of a text in which most of the anchors fit."""
    return max(_readings(text), key=lambda read: sum(_fits(row, read) for *_, row in found))


def _fits(row: Row, text: str) -> bool:
    words = text[slice(*_stretch(row))]
    return fingerprint(words) == row["sha256_normalised"]


def _stretch(row: Row) -> tuple[int, int]:
    """Where a passage begins and ends; programs for tables write whole numbers as 30.0, too."""
    begin, end = (int(float(row[name].replace(",", "."))) for name in ("start", "end"))
    return begin, end


def _misses(found: list[Anchor], text: str, locators: dict[str, str]) -> Iterator[str]:
    """What is not where its anchor says, and where else it is, if that is near."""
    shift = 0
    for table, number, row in found:
        if _fits(row, text):
            continue
        begin, end = _stretch(row)
        steps = sorted(range(-NEAR, NEAR + 1), key=lambda step: (step != shift, abs(step)))
        moved = next(
            (
                step
                for step in steps
                if begin + step >= 0
                and fingerprint(text[begin + step : end + step]) == row["sha256_normalised"]
            ),
            None,
        )
        shift = shift if moved is None else moved
        where = f"; it stands {abs(moved)} {'later' if moved > 0 else 'earlier'}" if moved else ""
        beyond = " beyond the end of the text" if end > len(text) else ""
        place = locators.get(row["unit_id"], "")
        unit = f"the passage of {row['unit_id']}{f' ({place})' if place else ''}"
        wrong = f"{unit} is not at {begin} to {end}{beyond}{where}"
        expected = f"words with the fingerprint {row['sha256_normalised'][:12]}…"
        yield str(Problem(RAW[table].file, number, "sha256_normalised", wrong, expected))


def _locators(study: Study) -> dict[str, str]:
    """Where each statement that may be shown stands, as people read it."""
    cases = study["case_units"]
    frames = [study["units"], study["context_units"], cases.assign(locator=passage(cases))]
    places = [frame.set_index("unit_id")["locator"].fillna("").to_dict() for frame in frames]
    return {unit: place for each in places for unit, place in each.items()}


@dataclass(frozen=True)
class _Places:
    """A text by what locators count: its pages, between form feeds, its lines, its paragraphs.

    imported: whether each line is a paragraph, as programs for coding count, also an empty one.
    """

    text: str
    imported: bool = False

    def lines(self, page: int | None) -> list[tuple[int, int]]:
        """Where each line of a page, or of the whole text, begins and ends."""
        pages = self._between("\f", 0, len(self.text))
        if page is not None and page > len(pages):
            return []
        begin, end = (0, len(self.text)) if page is None else pages[page - 1]
        return self._between("[\n\f]", begin, end)

    def paragraphs(self) -> list[tuple[int, int]]:
        """What stands between lines in which nothing is; or the lines themselves."""
        if self.imported:
            return self._between("\n", 0, len(self.text))
        return [found.span() for found in re.finditer(r"\S(?:.|\n(?!\s*\n))*", self.text)]

    def _between(self, mark: str, begin: int, end: int) -> list[tuple[int, int]]:
        marks = [found.start() for found in re.finditer(mark, self.text[begin:end])]
        starts = [begin, *(begin + place + 1 for place in marks)]
        return list(zip(starts, [*(begin + place for place in marks), end], strict=True))

    def of(self, locator: str) -> tuple[int, int] | None:
        """The stretch that a locator names; None if it counts something else, or too far."""
        if found := LINES.fullmatch(locator):
            page, first, last = found.groups()
            counted = self.lines(int(page) if page else None)
        elif found := PARAGRAPHS.fullmatch(locator):
            (first, last), counted = found.groups(), self.paragraphs()
        else:
            return None
        stretch = counted[int(first) - 1 : int(last or first)]
        if not stretch or not int(first):
            return None
        begin, end = stretch[0][0], stretch[-1][1]
        return (begin, end) if self.text[begin:end].strip() else None


def _make(study: Study, texts: dict[Path, str], place: Path) -> int:
    """Writes an anchor for each statement, or none of them, and says which cannot be found."""
    (name,) = study["sources"].query("role == 'study'")["source_id"]
    units = list(_rows("units"))
    interviews = {unit.get("interview_id", "") for _, unit in units}
    of_interview = {path.stem: text for path, text in texts.items() if path.stem in interviews}
    whole = next(iter(texts.values())) if len(texts) == 1 and not of_interview else None
    record = read_record(paths.raw())
    imported = record.known if record else set()
    rows, problems = [], []
    for number, unit in units:
        text = of_interview.get(unit.get("interview_id", ""), whole)
        # Pages and lines of one interview are not those of another.
        counted = whole is None or len(interviews) == 1
        is_imported = bool(UNIT.fullmatch(unit["unit_id"])) and unit.get("interview_id") in imported
        found, wrong, expected = _found(unit, text, counted, is_imported)
        if found:
            rows.append([unit["unit_id"], name, *found, fingerprint(text[slice(*found)])])
        else:
            problems.append(str(Problem(RAW["units"].file, number, "unit_id", wrong, expected)))
    if problems:
        end = f"{len(problems)} statements cannot be found in {place}; nothing was written"
        raise ReportedError("\n".join([*problems, end]))
    table = io.StringIO()
    csv.writer(table, lineterminator="\n").writerows([RAW["anchors"].columns, *rows])
    write_whole(paths.raw() / RAW["anchors"].file, table.getvalue())
    print(f"{paths.shown(paths.raw() / RAW['anchors'].file)}: {len(rows)} anchors")
    if whole is not None:
        print(
            f"they count in a text with the SHA-256 {_digest(whole)}, which belongs into the "
            "column text_sha256 of sources.csv, if there is one"
        )
    return 0


def _found(
    unit: Row, text: str | None, counted: bool, imported: bool = False
) -> tuple[tuple[int, int] | None, str, str]:
    """Where the passage of a statement is: its words, where they are quoted, else the stretch that
    its locator names, if places are counted in this text; None with what is wrong, and what was
    expected.
    """
    name, interview = unit["unit_id"], unit.get("interview_id", "")
    if text is None:
        wrong = f"there is no text of {interview!r}, the interview of {name!r}"
        return None, wrong, f"a folder as SOURCE, with {interview}.txt in it"
    stretch = _Places(text, imported).of(unit.get("locator", "")) if counted else None
    expected = "words of it in the gist, or its lines or paragraphs as locator: l. 4–9, ¶12"
    if not counted:
        expected = f"words of it in the gist, or a folder as SOURCE, with {interview}.txt in it"
    for words in (cell for column, cell in unit.items() if column.startswith("gist") and cell):
        pattern = r"\s+".join(map(re.escape, words.split()))
        found = [match.span() for match in re.finditer(pattern, text)]
        within = [
            place
            for place in found
            if stretch and stretch[0] <= place[0] and place[1] <= stretch[1]
        ]
        if len(found) == 1 or len(within) == 1:
            return (within or found)[0], "", ""
        if found and not stretch:
            return None, f"the words of {name!r} stand {len(found)} times in the text", expected
    wrong = f"neither the words of {name!r} nor a place {unit.get('locator', '')!r} can be found"
    return stretch, wrong, expected
