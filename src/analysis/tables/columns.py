"""The vocabulary in which tables are described: a `Table` and the kinds of column it may have; how
their cells are taken apart and sorted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from babel.core import Locale

from analysis.studyfile import read_about
from analysis.wording import LANGUAGES

if TYPE_CHECKING:
    import pandas as pd

# Year and month as the source gives them (a subset of EDTF, ISO 8601-2): 2021, 2021-08,
# 2021-10/2021-11.
YEARS = range(1800, 2101)  # that rows may speak of
DATE = r"\d{4}(-\d{2})?(/\d{4}(-\d{2})?)?"
NTH = r"\d{1,5}"  # the number of a paragraph, page or line
# Section, then paragraph, list item, question, sentence, footnote or figure: "4.1.1 ¶2 s3", "6 ¶4
# fn8", "3a b2", "front".
SECTION = r"(front|acknowledgements|references|annex|imprint|preamble|page|\d+[a-z]?(\.\d+){0,2})"
LOCATOR = rf"{SECTION}( ¶{NTH}(–{NTH})?)?( b\d+)?( q\d+)?( s\d+)?( fn\d+)?( fig\d+)?"
# A row that rests on several passages names them all, the one where it begins first.
LOCATORS = rf"{LOCATOR}(;{LOCATOR})*"
# Statements of interviews may stand in transcripts too, at a page and line, a time or a paragraph:
# "p. 3 l. 12–15", "00:12:30–00:13:05", "¶4 s2".
SPAN = rf"{NTH}([–-]{NTH})?"
TIME = r"\d{1,2}:\d\d(:\d\d)?"
TRANSCRIPT = (
    rf"({LOCATOR}"
    rf"|(p|S)\. ?{SPAN}( (l|Z)\. ?{SPAN})?|(l|Z)\. ?{SPAN}|{TIME}([–-]{TIME})?|¶{SPAN}( s\d+)?)"
)
# The same where a row may rest on several of them.
TRANSCRIPTS = rf"{TRANSCRIPT}(;{TRANSCRIPT})*"

ID = r"[a-z0-9][a-z0-9_.-]*"
SHA256 = "[0-9a-f]{64}"
TOO_LARGE = 1e15  # a double keeps 15 digits

# How what fits a pattern looks, for those who do not read patterns; of one that a single column
# has, the column says it.
EXAMPLES = {
    SECTION: "4.1.1, 3a or annex",
    DATE: "2031, 2031-02 or 2031-02/2031-04",
    LOCATORS: "12.1 ¶2 s3, 8 ¶4 fn8 or front",
    **dict.fromkeys(
        (TRANSCRIPT, TRANSCRIPTS), "p. 3 l. 12–15, 00:12:30–00:13:05, ¶4 s2 or 12.1 ¶2 s3"
    ),
    ID: "north-hospital: small letters a–z, digits and - _ .",
    SHA256: f"{'0123456789abcdef' * 4}: 64 digits and letters a–f",
}

# The languages of the report in English.
NAMES = {language: Locale.parse(language).get_display_name("en") for language in LANGUAGES}

# The pandas type of each Frictionless field type; see `Column.dtype`.
DTYPES = {"string": "str", "number": "float64", "integer": "Int64", "boolean": "bool"}


@dataclass(frozen=True)
class Column:
    """One column: its Frictionless type and what its cells may hold.

    required: no cell may be empty. pattern: what a whole cell matches. example: how that looks, for
    those who do not read patterns. low, high: the least and the greatest number.
    refers: `table.column` in which each value must exist; with `many`, a cell lists several,
    separated by semicolons.
    distinct: readers know things by it, so that no two rows may look alike in it.
    may_lack: a file may be without it; `raw.completed` says what stands in it then.
    """

    type: str
    description: str
    required: bool = True
    unit: str | None = None
    pattern: str | None = None
    example: str | None = None
    low: float | None = None
    high: float | None = None
    options: dict[str, str] | None = None
    refers: str | None = None
    many: bool = False
    distinct: bool = False
    may_lack: bool = False

    @property
    def dtype(self) -> str:
        """The pandas type; of a yes or no that a cell may leave open one that has empty cells."""
        return "boolean" if self.type == "boolean" and not self.required else DTYPES[self.type]

    @property
    def is_free_text(self) -> bool:
        """Whether a cell may say anything."""
        return self.type == "string" and not (self.pattern or self.options or self.refers)

    @property
    def form(self) -> str | None:
        """The regular expression that a whole cell matches, if there is a pattern; digits of other
        scripts are no digits in it.
        """
        digits = r"(?!(?s:.*)[^\D0-9])" if r"\d" in (self.pattern or "") else ""
        return self.pattern and rf"^{digits}(?:{self.pattern})\Z"


@dataclass(frozen=True)
class Table:
    """One table: where it lies, what it holds, who made it, and its columns.

    file: path inside data/raw or data/processed. key: the columns that tell rows apart.
    made_by, licence, consent: the card of the table, shown in the data dictionary.
    required: no study is without it; any other raw table may be left out.
    """

    file: str
    title: str
    description: str
    key: tuple[str, ...]
    columns: dict[str, Column]
    made_by: str = (
        "Extracted from the source named in each row; assignments, counts and remarks are ours."
    )
    licence: str = read_about().licence
    consent: str = "No personal data, save names of authors."
    required: bool = False

    @property
    def tells_passages(self) -> bool:
        """Whether a row can tell of which passage it is, and of which source."""
        return {"source_id", "locator"} <= {*self.columns}

    @property
    def dtypes(self) -> dict[str, str]:
        """The pandas type of each column."""
        return {name: column.dtype for name, column in self.columns.items()}


def spare(column: Column) -> Column:
    """The same column, which a file may be without."""
    return replace(column, may_lack=True)


def spares(columns: dict[str, Column]) -> dict[str, Column]:
    """The same of several columns."""
    return {name: spare(column) for name, column in columns.items()}


def parts(cell) -> list[str]:
    """The values in a cell of a column that may list several; none if the cell is empty."""
    return [part.strip() for part in cell.split(";")] if isinstance(cell, str) and cell else []


def is_text(stem: str, columns: Container[str]) -> bool:
    """Whether the columns have a text of this name in each language of the report; `source_id` is
    none, in whatever language.
    """
    return all(f"{stem}_{language}" in columns for language in LANGUAGES)


def language_of(column: str, columns: Container[str]) -> str:
    """The language of a column that has a text, if there it is in each language; else empty."""
    stem, _, language = column.rpartition("_")
    return language if language in LANGUAGES and is_text(stem, columns) else ""


def in_language(
    columns: Iterable[str], language: str, known: Collection[str] = ()
) -> dict[str, str]:
    """The columns but for texts in other languages, and their names without the language.

    known: further columns, if not all languages of a text need be among these.
    """
    among = {*columns, *known}
    spoken = {column: language_of(column, among) for column in columns}
    return {
        column: column.removesuffix(f"_{own}") if own else column
        for column, own in spoken.items()
        if own in ("", language)
    }


def natural(text: str) -> str:
    """What texts are sorted by so that 4.1 ¶10 comes behind 4.1 ¶9."""
    return re.sub(r"\d+", lambda number: number.group().zfill(9), text)


def filled(column: pd.Series) -> Iterator[tuple[int, str]]:
    """The texts in a column, with their rows; `dropna` takes four times as long."""
    cells = zip(column.index.tolist(), column.tolist(), strict=True)
    return ((row, cell) for row, cell in cells if isinstance(cell, str))


def key(description: str, pattern: str = ID, example: str | None = None) -> Column:
    """A stable identifier in lower-case letters, digits, dots, dashes and underscores."""
    return text(description, pattern=pattern, example=example)


def ref(target: str, description: str, *, required: bool = True, many: bool = False) -> Column:
    """A reference to `table.column`; with `many`, several of them separated by semicolons."""
    return Column("string", description, required=required, refers=target, many=many)


def text(
    description: str,
    *,
    required: bool = True,
    pattern: str | None = None,
    example: str | None = None,
    distinct: bool = False,
) -> Column:
    """Free text, or text of a given form; with `distinct`, no two rows may look alike in it."""
    return Column(
        "string",
        description,
        required=required,
        pattern=pattern,
        example=example,
        distinct=distinct,
    )


def choice(options: dict[str, str], description: str, *, required: bool = True) -> Column:
    """One of a closed list of values; the list explains each of them."""
    return Column("string", description, required=required, options=options)


def number(description: str, *, unit: str, low=None, high=None, required: bool = True) -> Column:
    """A decimal number in `unit`, between `low` and `high` where these are given."""
    return Column("number", description, required=required, unit=unit, low=low, high=high)


def count(description: str, *, unit: str, low=0, high=None, required: bool = True) -> Column:
    """A whole number in `unit`, between `low` and `high` where these are given."""
    return Column("integer", description, required=required, unit=unit, low=low, high=high)


def year(description: str, *, required: bool = True) -> Column:
    """A calendar year."""
    return count(description, unit="calendar year", low=YEARS[0], high=YEARS[-1], required=required)


def flag(description: str) -> Column:
    """A yes-or-no statement, written true or false."""
    return Column("boolean", description)


def texts(
    stem: str, description: str, *, required: bool = True, distinct: bool = False
) -> dict[str, Column]:
    """The same text in each language of the report: `stem_de`, `stem_en`; with `distinct`, no two
    rows may look alike in it.
    """
    return {
        f"{stem}_{language}": text(f"{description} ({name})", required=required, distinct=distinct)
        for language, name in NAMES.items()
    }


def origin(*, literature: bool = True) -> dict[str, Column]:
    """Where a row comes from: source, passage and, where the source cites one, its own source."""
    columns = {
        "source_id": ref("sources.source_id", "Document the row was taken from"),
        "locator": text(
            "Passage: section, paragraph (¶), sentence (s), footnote (fn), figure (fig); "
            "several are separated by semicolons",
            pattern=LOCATORS,
        ),
    }
    if literature:
        columns["literature"] = ref(
            "references.key",
            "Works that the passage cites for it (BibTeX keys)",
            required=False,
            many=True,
        )
    return columns
