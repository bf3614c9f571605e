"""Fills in what a study need not say, from what it does say, so that nothing behind has to know
how little a study may be.

Where there is no such column or table:

- An interview is a place of its own, and nobody knows how it was held.
- The places are those of the interviews, each its own case; the only source is the study itself.
  A table that is there, even without a row, is taken at its word.
- A statement is its own, of the place of its interview unless it says that it is of none, stated
  as a fact, and may be told in other words.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable

import pandas as pd

from analysis.checks.resting import PLACE
from analysis.problems import alike
from analysis.studyfile import read_about
from analysis.wording import LANGUAGES, Wording

STUDY = "study"  # the only source
LETTERS = 3  # of a short mark
UNSAID = "paraphrase"  # the consent to statements of which none is told

Tables = dict[str, pd.DataFrame | None]


def completed(tables: Tables, absent: Collection[str] = ()) -> Tables:
    """The typed tables of a study, None where one is unusable, with what it need not say.

    absent: the tables of which there is no file; only these are made.
    """
    steps = [step for step in STEPS if step[0] not in MAKING or step[1] in absent]
    return _after(steps, tables)


def made_again(tables: Tables, absent: Collection[str]) -> Tables:
    """The tables of a study of which less is left, those that were made of others anew: a place
    that only such an interview had is none any more.
    """
    emptied = {name: tables[name].iloc[:0] for name in absent}
    return _after([step for step in STEPS if step[1] in absent], tables | emptied)


def _after(steps: Iterable[tuple], tables: Tables) -> Tables:
    """The tables once each of these steps that can be is taken."""
    done = dict(tables)
    for complete, name, *needed in steps:
        if all(done[table] is not None for table in (name, *needed)):
            done[name] = complete(done[name], *(done[table] for table in needed))
    return done


def _filled(frame: pd.DataFrame, **values) -> pd.DataFrame:
    """Fills columns in which there is nothing at all."""
    empty = {name: value for name, value in values.items() if frame[name].isna().all()}
    return frame.assign(**empty).astype({name: frame[name].dtype for name in empty})


def _interviews(interviews: pd.DataFrame) -> pd.DataFrame:
    return _filled(interviews, municipality_id=interviews["interview_id"], mode="unknown")


def _places(municipalities: pd.DataFrame, interviews: pd.DataFrame) -> pd.DataFrame:
    places = interviews[PLACE].dropna().drop_duplicates()
    labels = {f"label_{language}": places for language in LANGUAGES}
    return _rows(municipalities, municipality_id=places, **labels)


def _municipalities(municipalities: pd.DataFrame) -> pd.DataFrame:
    own = municipalities[PLACE]
    return _filled(municipalities, case_id=own, initials=_marks(municipalities))


def _marks(municipalities: pd.DataFrame) -> pd.Series:
    """A short mark for each place: the first letters of its name or of the words in it, or where
    another place has these, a number that none has.
    """
    marks: dict[str, str] = {}  # by what they look like
    for number, label in enumerate(municipalities[f"label_{LANGUAGES[0]}"].astype("str"), start=1):
        words = re.findall(r"[^\W_]+", label)
        letters = "".join(word[0] for word in words) if len(words) > 1 else "".join(words)
        tried = itertools.chain([letters[:LETTERS].upper()], map(str, itertools.count(number)))
        mark = next(mark for mark in tried if mark and alike(mark) not in marks)
        marks[alike(mark)] = mark
    return pd.Series(marks.values(), municipalities.index, dtype="str")


def _cases(cases: pd.DataFrame, municipalities: pd.DataFrame) -> pd.DataFrame:
    each = municipalities.dropna(subset="case_id").drop_duplicates("case_id")
    labels = [name for name in cases if name.startswith("label_")]
    return _rows(cases, case_id=each["case_id"], **{name: each[name] for name in labels})


def _sources(sources: pd.DataFrame) -> pd.DataFrame:
    named = {f"label_{language}": [Wording(language)("source.own")] for language in LANGUAGES}
    title = read_about().title_in(LANGUAGES[0]) or named[f"label_{LANGUAGES[0]}"][0]
    about = {"source_id": [STUDY], "role": ["study"], "title": [title]}
    return _rows(sources, **about, **named)


def _units(units: pd.DataFrame, interviews: pd.DataFrame) -> pd.DataFrame:
    place_of = interviews.drop_duplicates("interview_id").set_index("interview_id")[PLACE]
    places = units["interview_id"].map(place_of).where(units["attribution"].ne("none"))
    placed = units.assign(municipality_id=units[PLACE].fillna(places).astype("str"))
    attribution = placed[PLACE].notna().map({True: "explicit", False: "none"})
    passages = units["locator"].fillna(passage(units)).astype("str")
    return _filled(
        placed.assign(locator=passages),
        statement_id=units["unit_id"],
        attribution=attribution,
        modality="stated",
        consent=UNSAID,
    )


def passage(units: pd.DataFrame) -> pd.Series:
    """The passage of each statement, as near as it is told: `6`, `6 ¶2` or `6 ¶2 s1`; missing where
    it is not told at all.
    """
    place = units["section"].fillna("")
    for mark, column in (("¶", "paragraph"), ("s", "sentence")):
        place = place + (f" {mark}" + units[column].astype("string")).fillna("").astype("str")
    return place.str.strip().replace("", None)


def _rows(frame: pd.DataFrame, **columns) -> pd.DataFrame:
    """Rows with these columns, and nothing in the others of the frame."""
    return pd.DataFrame(columns).reindex(columns=frame.columns).astype(frame.dtypes.to_dict())


MAKING = (_places, _cases, _sources)
# What makes or completes a table, that table, and those that it needs for it; in this order.
STEPS = (
    (_interviews, "interviews"),
    (_places, "municipalities", "interviews"),
    (_municipalities, "municipalities"),
    (_cases, "cases", "municipalities"),
    (_sources, "sources"),
    (_units, "units", "interviews"),
)
