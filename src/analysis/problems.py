"""What is wrong with hand-made files, and where: collected, so that all of it is said at once; and
what is said in place of a traceback.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import unicodedata
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from analysis import paths

LONGEST = 300  # letters of what is wrong that are told: a cell may hold a book
ERRNO = re.compile(r"^\[Errno \d+\] |: '.*")  # around what an error of the system says


class ReportedError(Exception):
    """Something that whoever reads the message can mend: a command says it and ends.

    status: the exit status of the command, 1 if something is wrong with the study or the disk, 2 if
    with the call.
    """

    status = 1


class WrongCallError(ReportedError):
    """Something was asked for that there is not; the message says what there is."""

    status = 2


@dataclass(frozen=True)
class Problem:
    """Something that somebody has to mend, and where.

    `row` counts as a spreadsheet does, the header being row 1; in a file that is not
    a table it counts lines.
    """

    file: str
    row: int | None
    column: str | None
    wrong: str
    expected: str

    def __str__(self) -> str:
        row = f", {'row' if self.file.endswith('.csv') else 'line'} {self.row}" if self.row else ""
        column = f", column {self.column}" if self.column else ""
        wrong = self.wrong
        if len(wrong) > LONGEST:
            wrong = f"{wrong[: LONGEST // 2]} … {wrong[-LONGEST // 2 :]}"
        return f"{self.file}{row}{column}: {wrong}; expected {self.expected}"


@dataclass
class Problems:
    """What was found wrong, which stops the build, and what was read in an unusual way.

    torn: by file, the cells of rows that could not be read; what refers to them is no problem of
    its own.
    """

    found: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    torn: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _cells: set[tuple] = field(default_factory=set)
    _told: set[Problem | str] = field(default_factory=set)

    def add(
        self,
        file: str,
        row: int | None,
        column: str | None,
        wrong: str,
        expected: str,
        same: Collection[int] = (),
    ) -> None:
        """Notes a problem, once; of several in one cell only the first, as the
        others tend to follow from it.

        row, column: of a table, as a spreadsheet shows them; None for the file as a whole. wrong:
        what is there. expected: what should be. same: rows whose cell in this column has it, too.
        """
        cell, problem = (file, row, column), Problem(file, row, column, wrong, expected)
        if cell not in self._cells and problem not in self._told:
            self.found.append(problem)
            self._told.add(problem)
        if row and column:
            self._cells |= {(file, each, column) for each in (row, *same)}

    def lie_in(self, file: str) -> bool:
        """Whether there is a problem in the file."""
        return any(problem.file == file for problem in self.found)

    def notice(self, file: str, what: str) -> None:
        """Notes, once, what was read in an unusual way."""
        if (notice := f"{file}: {what}") not in self._told:
            self.notices.append(notice)
            self._told.add(notice)


def said(error: OSError | ReportedError) -> str:
    """What is wrong; of the system's errors where something cannot be read or written, and why."""
    if isinstance(error, ReportedError):
        return str(error)
    if isinstance(error, shutil.Error) and isinstance(error.args[0], list):
        # of a folder that was copied: from where, to where, and the error of each file as a text
        _, place, why = error.args[0][0]
        why = ERRNO.sub("", str(why))
    else:  # there is no room where something is copied to
        is_full = error.errno == errno.ENOSPC and error.filename2
        place, why = error.filename2 if is_full else error.filename, error.strerror or str(error)
    named = isinstance(place, (str, bytes, os.PathLike))
    return f"{paths.shown(Path(os.fsdecode(place))) if named else 'the disk'}: {why}"


def many(n: int, what: str) -> str:
    """So many of what has a plural in s."""
    return f"{n:,} {what}{'s' * (n != 1)}"


def suggest(wrong: str, known) -> str:
    """The known word nearest to a wrong one, as a question; empty where none is near, or where it
    is one of several that only have other digits: beside s2 and s4, s3 means neither, though
    s21 may mean s12.
    """
    words = {word.lower(): word for word in known if word != wrong}
    near = get_close_matches(wrong.lower(), words, n=1)
    if not near or _is_of_a_row(wrong.lower(), near[0], words):
        return ""
    return f" (did you mean {words[near[0]]!r}?)"


def _is_of_a_row(wrong: str, near: str, known: Collection[str]) -> bool:
    form, digits = _numbered(wrong)
    return (
        _numbered(near)[0] == form
        and _numbered(near)[1] != digits
        and sum(_numbered(word)[0] == form for word in known) > 1
    )


def _numbered(word: str) -> tuple[list[str], list[str]]:
    """What is around the numbers in a word, and their digits in order, without zeros."""
    parts = re.split("([0-9]+)", word)
    return parts[::2], sorted("".join(parts[1::2]).replace("0", ""))


def one_of(name: str, names: Collection[str], what: str, where: str) -> str:
    """The name, if it is one of them; otherwise WrongCallError says which there are."""
    if name in names:
        return name
    raise WrongCallError(
        f"there is no {what} {name!r} in the {where}{suggest(name, names)}; it has "
        f"{', '.join(names)}"
    )


def matching(part: str, names: Collection[str]) -> list[str]:
    """The names that `part` is in; if there is none, WrongCallError says which there are."""
    found = [name for name in names if part in name]
    if found:
        return found
    short = list(dict.fromkeys(name.rpartition("/")[2] for name in names))
    words = dict.fromkeys(word for name in short for word in (name, name.partition("-")[0]))
    raise WrongCallError(
        f"there is nothing called {part!r}{suggest(part, words)}; there are {', '.join(short)}"
    )


def alike(text: str) -> str:
    """What two texts have in common that readers would take for one: regardless of case, width,
    spaces and invisible characters.
    """
    visible = (
        mark for mark in unicodedata.normalize("NFKC", text) if unicodedata.category(mark) != "Cf"
    )
    return " ".join("".join(visible).casefold().split())
