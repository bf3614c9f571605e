"""Checks of what was promised to people: nothing that identifies somebody who did not agree to be
named, no addresses of anybody.
"""

from __future__ import annotations

import re

import pandas as pd

from analysis.problems import Report
from analysis.tables import RAW

Tables = dict[str, pd.DataFrame]

# What leads to a person wherever it stands.
ADDRESSES = {
    "an e-mail address": re.compile(
        r"[\w.+-]+\s?(?:@|\(at\)|\[at\]|\{at\})\s?[\w-]+(?:\.|\s?\(dot\)\s?|\s?\[dot\]\s?)\w",
        re.IGNORECASE,
    ),
    "a telephone number": re.compile(
        r"(?<![\w/.,–-])(?:\+\s?[1-9]|0[1-9]|00(?:1[2-9]|[2-9][0-9])|\(0[1-9])(?:[\s()/.–-]{0,3}[0-9]){5,}(?![-–/.]?[0-9])"
    ),
}
# What looks like a number to call, but is a date, or an amount that has grown: +10.000.000.
PLAIN = re.compile(
    r"(?<![0-9])[0-3]?[0-9][./-][01]?[0-9][./-](?:[0-9]{4}|[0-9]{2})(?![0-9])|[0-9]{4}-[0-9]{2}(-[0-9]{2})?"
    r"|(?<![0-9/])(?:0[1-9]|1[0-2])/(?:19|20)[0-9]{2}(?![0-9])"
    r"|\+\s?[1-9][0-9]{0,2}(?:[.\s][0-9]{3}){1,2}(?![\s./-]?[0-9])"
)
# What leads to a person in a statement of somebody who is not to be known.
TITLE = r"(?:Prof|Dr|Dipl|Mag|PD|Ing|rer|nat|phil|med|jur|h\.? ?c|habil)\b\.?[-\w]*\.?"
NAME = r"[A-ZÄÖÜÉÁÇŠŽ][\w’'-]+"
IDENTIFYING = ADDRESSES | {
    "a title with a name": re.compile(
        rf"\b(?:Frau|Herrn?|Fräulein|Mrs|Mr|Ms|Miss|Mx|Sir|Madam|{TITLE})\.? (?:{TITLE} ?)*(?:[A-Z]\. ?)*{NAME}"
    ),
    "a postal address": re.compile(
        r"\b[A-ZÄÖÜ][\w.-]*(?:straße|strasse|str\.|weg|platz|allee|gasse|ring|ufer|damm|chaussee)\s[0-9]+\s?[a-z]?\b"
        r"|\b(?:Straße|Str\.|Weg|Platz|Allee|Gasse|Ring|Ufer|Damm|Markt)\s[0-9]+\s?[a-z]?\b"
        r"|\b[0-9]+\s[A-Z]\w+\s(?:Street|St\.|Road|Rd\.|Avenue|Lane|Square)(?!\w)|(?:,\s|\bD[- ])[0-9]{5}\s[A-ZÄÖÜ]|\bPostfach\s[0-9]"
    ),
    "an address on the web": re.compile(
        r"https?://|\bwww\.|\b(?:linkedin|xing|facebook|instagram|twitter|mastodon)\b|(?<!\w)@\w{2,}",
        re.IGNORECASE,
    ),
}


def check(tables: Tables, report: Report) -> None:
    """Adds every cell that breaks a promise to the report, without repeating what stands there."""
    _functions(tables["interviews"], report)
    _ids(tables["interviews"], report)
    for name in [name for name in RAW if name in tables]:
        silent = _of_anonymous(name, tables)
        for column in [column for column, about in RAW[name].columns.items() if about.is_free_text]:
            for row, text in tables[name][column].dropna().items():
                what = identifying(text, IDENTIFYING if row in silent else ADDRESSES)
                if what:
                    whose = (
                        "in a row of somebody who did not agree to be named"
                        if row in silent
                        else "in a table that is published"
                    )
                    report.problem(
                        RAW[name].file,
                        row,
                        column,
                        f"holds what looks like {what}, {whose}",
                        "a text that leads to nobody",
                    )


def identifying(text: str, marks: dict[str, re.Pattern]) -> str | None:
    """What in a text leads to a person, in words; None if nothing does."""
    rest = PLAIN.sub(" ", text)
    return next((what for what, mark in marks.items() if mark.search(rest)), None)


def _functions(interviews: pd.DataFrame, report: Report) -> None:
    file = RAW["interviews"].file
    for row, interview in interviews.iterrows():
        for column in interviews.columns[interviews.columns.str.startswith("function_")]:
            if interview["consent"] == "anonymous" and pd.notna(interview[column]):
                report.problem(
                    file, row, column, "the function of an anonymous person", "an empty cell"
                )
            if interview["consent"] == "named" and pd.isna(interview[column]):
                report.problem(
                    file, row, column, "the cell is empty", "the function, as consent is named"
                )


def _ids(interviews: pd.DataFrame, report: Report) -> None:
    """An id is published too; that of an anonymous interview is its municipality, or a
    letter or two, with a number.
    """
    silent = interviews[interviews["consent"].eq("anonymous") & interviews["interview_id"].notna()]
    for row, interview in silent.iterrows():
        place = re.escape(str(interview["municipality_id"]))
        if not re.fullmatch(
            rf"(?:{place}|interview|[a-z]{{1,2}})[-_.]?[0-9]*", interview["interview_id"]
        ):
            wrong = "may be the name of somebody who did not agree to be named"
            report.problem(
                RAW["interviews"].file,
                row,
                "interview_id",
                wrong,
                "the municipality's id, or one such as i01 or interview-1",
            )


def _of_anonymous(name: str, tables: Tables) -> set[int]:
    """The rows of a table that rest on an interview with somebody who did not agree to be named."""
    interviews, frame = tables["interviews"], tables[name]
    places = set(interviews.loc[interviews["consent"].eq("anonymous"), "municipality_id"].dropna())
    if "municipality_id" in frame:
        named = (
            frame["municipality_id"]
            .dropna()
            .map(lambda cell: places.isdisjoint(part.strip() for part in cell.split(";")))
        )
        return set(named.index[~named.astype(bool)])
    if "unit_id" in frame and "units" in tables:
        units = tables["units"]
        return set(
            frame.index[
                frame["unit_id"].isin(units.loc[units["municipality_id"].isin(places), "unit_id"])
            ]
        )
    return set()
