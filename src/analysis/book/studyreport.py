"""The report on a study that research data centres ask for, in the order of Qualiservice's
template, from what the tables say of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pandas as pd

from analysis.book.imprint import FIELDS
from analysis.citation import Cited
from analysis.processed.store import read_processed
from analysis.studyfile import read_about
from analysis.tables import PROCESSED
from analysis.tables.naming import named
from analysis.wording import Wording

NAME = "study-report.md"
# The items of COREQ, the checklist for interviews, by the section that they belong to.
ITEMS = {
    "team": range(1, 9),
    "design": range(9, 14),
    "collection": range(14, 22),
    "preparation": (23,),
    "analysis": (22, *range(24, 29)),
}
MARKS = re.compile(r"[\\`*_\[\]<>|#]")  # which would not be letters in Markdown


def study_report(language: str, book: str, about: Cited) -> str:
    """The report as Markdown in one language."""
    words = Wording(language, "studyreport")
    parts = {
        "study": _study(words, about),
        "team": [],
        "design": [],
        "collection": _collection(words),
        "preparation": [],
        "analysis": _analysis(words),
        "data": _data(words),
        "rights": _rights(words),
    }
    text = [f"# {_plain(words('title', book=book))}", _plain(words("about"))]
    for name, lines in parts.items():
        text += [f"## {words(f'section.{name}')}"]
        reported = list(_reported(words, ITEMS.get(name, ())))
        said = ["\n".join(lines), words("reported") if reported else "", "\n".join(reported)]
        text += list(filter(None, said)) or [f"{words('unstated').capitalize()}."]
    return "\n\n".join(text) + "\n"


def _study(words: Wording, about: Cited) -> Iterator[str]:
    for work in about.based_on:
        who = "; ".join(map(str, work.authors))
        when = f" ({work.year})" if work.year else ""
        yield _line(words("works"), f"{who}{when}: {work.title}" if who else work.title)
    for source in read_processed("sources").to_dict("records"):
        is_study = source["role"] == "study"
        told = (source["title"], source["issuer"], _date(words, source["date"]))
        if not (is_study and about.based_on):
            label = words("works" if is_study else "sources")
            yield _line(label, ", ".join(one for one in told if one and pd.notna(one)))
    yield _line(words("edition"), "; ".join(map(str, about.authors)) or words("unstated"))
    if about.release:
        told = (FIELDS[name](about, Wording(words.language)) for name in ("version", "date"))
        yield _line(words("version"), ", ".join(told))


def _collection(words: Wording) -> Iterator[str]:
    interviews = read_processed("interviews")
    yield _line(words("interviews"), str(len(interviews)))
    yield _line(words("modes"), _counted(words, "mode", interviews["mode"]))
    periods = dict.fromkeys(_date(words, one) for one in interviews["period"].dropna())
    yield _line(words("periods"), "; ".join(periods) or words("unstated"))
    lengths = [words.number(one) for one in interviews["duration"].dropna()]
    yield _line(words("durations"), "; ".join(lengths) or words("unstated"))
    if questions := len(read_processed("guide")):
        yield _line(words("questions"), str(questions))


def _analysis(words: Wording) -> Iterator[str]:
    yield _line(words("statements"), str(len(read_processed("statements"))))
    yield _line(words("codes"), str(len(read_processed("codes"))))
    yield _line(words("coded_by"), read_about().coded_by)


def _data(words: Wording) -> Iterator[str]:
    yield f"| {words('table')} | {words('contents')} | {words('rows')} |"
    yield "|---|---|---|"
    for name, table in PROCESSED.items():
        if rows := len(read_processed(name)):
            title = _plain(named(name, table).title)
            yield f"| `{name}.csv` | {title} | {words.number(rows)} |"


def _rights(words: Wording) -> Iterator[str]:
    consents = read_processed("interviews")["consent"]
    yield _line(words("consents"), _counted(words, "consent", consents))
    showing = read_processed("statements")["consent"].dropna()
    yield _line(words("showing"), _counted(words, "consent", showing))
    yield _line(words("licence"), read_about().licence or words("unstated"))


def _reported(words: Wording, items: Iterable[int]) -> Iterator[str]:
    """What the study reports of some items of COREQ, with the passage."""
    reporting = read_processed("reporting").query("checklist == 'coreq'")
    for number in items:
        for row in reporting[reporting["order"] == number].to_dict("records"):
            answer = words.text(row, "answer")
            place = row["locator"]
            where = f" ({words.locator(place)})" if answer and not pd.isna(place) else ""
            yield _line(words.text(row, "item"), f"{answer or words('unstated')}{where}")


def _counted(words: Wording, kind: str, values: pd.Series) -> str:
    """How often there is each of some values, in words."""
    counts = values.value_counts(sort=False)
    said = [f"{words.known(f'{kind}.{value}', str(value))}: {n}" for value, n in counts.items()]
    return "; ".join(said) or words("unstated")


def _date(words: Wording, date) -> str:
    return "" if pd.isna(date) else words.date(date)


def _line(name: str, told: str) -> str:
    return f"- **{_plain(name)}.** {_plain(told)}"


def _plain(text: str) -> str:
    return MARKS.sub(lambda mark: f"\\{mark[0]}", text)
