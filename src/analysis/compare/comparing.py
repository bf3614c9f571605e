"""Compares what is built with another version: a page for each language, and all of it for
programs.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from analysis import paths
from analysis.compare.differences import differences
from analysis.compare.page import KINDS, by_kind, page
from analysis.compare.revisions import side_of
from analysis.compare.rows import Reader, Table, column_of
from analysis.compare.sides import Side, side_in, this_side
from analysis.files.whole import write_all
from analysis.problems import ReportedError
from analysis.raw.completed import UNSAID
from analysis.raw.identities import read_recognised
from analysis.tables import RAW

# What people said, and who: the raw table, the processed one, the id of a row in both, and what was
# agreed to where no column says it.
SPOKEN = (
    ("interviews", "interviews", "interview_id", ""),
    ("units", "statements", "unit_id", UNSAID),
)

LESS = {"anonymous": "named", "paraphrase": "quote"}  # what somebody agrees to, and what is more


def compare(version: str) -> None:
    """Writes BUILD/compare: what differs from another version, side by side.

    version: a folder of a built study, its build folder or its site; or a revision that Git knows.
    Raises WrongCallError if it is neither, ReportedError if the two cannot be compared.
    """
    folder = paths.given(version)  # ~1 is a revision, and nobody's home
    before = _side_in(folder) if version and folder.is_dir() else side_of(version)
    now = this_side()
    _check_consent(before, now)
    found = differences(before, now)
    target = paths.build() / "compare"
    texts = {target / f"{one}.html": page(found, (before, now), one) for one in found["languages"]}
    texts[target / "comparison.json"] = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    _check_leaks(texts)
    write_all(texts)
    _tell(found, texts)


def _side_in(folder: Path) -> Side:
    side = side_in(folder.resolve())
    if not side.results:
        raise ReportedError(
            f"{paths.shown(folder)} holds no results to compare with, neither a build nor a site; "
            "`make notebooks` in it makes them"
        )
    return side


def _check_consent(before: Side, now: Side) -> None:
    """Raises ReportedError if the other version shows what may not be shown any more: somebody or
    something that is not there, a person who was named, words that were quoted; or if it does not
    tell what it shows, and there is something that may not be.
    """
    read, hidden, told = Reader(), [], []
    for name, made, key, unsaid in SPOKEN:
        were, are = (
            read.table(side, side.raw and side.raw / RAW[name].file) for side in (before, now)
        )
        showed, shown = (read.table(side, side.shown(made)) for side in (before, now))
        told += filter(None, (showed, were))
        gone = {*column_of(showed or were, key)} - {*column_of(shown, key)}
        hidden += [one for one in column_of(are, key) if one in gone]
        hidden += _less_agreed(were, are, key, unsaid) + _less_agreed(showed, shown, key, unsaid)
    if hidden := [*dict.fromkeys(hidden)]:
        raise ReportedError(
            f"{before.name} shows what may not be shown any more ({', '.join(hidden[:5])}"
            f"{', …' if len(hidden) > 5 else ''}), and a comparison would show it again"
        )
    if not (told or now.shows_raw):
        raise ReportedError(
            f"{before.name} tells neither interviews nor statements, and may show what may not be "
            "shown any more; expected its tables, raw or processed, beside its results"
        )


def _less_agreed(before: Table | None, now: Table | None, key: str, unsaid: str) -> list[str]:
    """Rows that had words which they have no more, and whose consent was to more: to be named, or
    to be quoted. unsaid: the consent of rows that do not tell it.
    """
    if before is None or now is None:
        return []
    had = {row[key]: row for row in before.records() if key in row}
    return [
        row[key]
        for row in now.records()
        if (old := had.get(row.get(key)))
        and (more := LESS.get(row.get("consent") or unsaid))
        and (old.pop("consent", "") or unsaid or more) == more
        and not {*filter(None, old.values())} <= {*row.values()}
    ]


def _check_leaks(texts: dict[Path, str]) -> None:
    """Raises ReportedError if something tells who somebody is that is not named."""
    recognised = read_recognised(paths.raw())
    for place, text in texts.items() if recognised else ():
        if found := next(recognised.places(text.encode()), None):
            raise ReportedError(f"{paths.shown(place)} was not written: it holds {found[1]}")


def _tell(found: dict, texts: Iterable[Path]) -> None:
    """Says what has become of things, and where it is to be seen."""
    language = next(iter(found["languages"]))
    of = by_kind(found, language)
    print(f"against {found['before']['name']}:")
    for name in KINDS:
        print(f"  {name}: {_told(of[name])}")
    for gone in found["not_compared"]:
        if gone["what"] == "edition":
            print(f"  edition {gone['edition']}: {gone['why']}")
    print(*(paths.shown(place) for place in texts), sep="\n")


def _told(kind: dict | None) -> str:
    if kind is None:
        return "not compared"
    counts = Counter(one["change"] for one in kind["changes"])
    return ", ".join(f"{n} {change}" for change, n in counts.items()) or "nothing has changed"
