"""What people agreed to is kept in one place: what may not be shown is dropped as a study is read.

A withdrawn interview, and a statement whose consent is `none` or `aggregate`, are for all that
follows as if they had never been there; and so is what rests on them:

- A statement rests on its interview; one that does not say on which, on every interview in its
  municipality.
- Codings of every coder, decisions and anchors go with their statement, a summary with the first
  of its statements.
- A row that tells its passage goes if the passage tells of such an interview, or of something that
  nobody is left to say; one of a row that names an interview lies in the transcript of that one.
  Where it names municipalities, it loses those that no longer speak there, and goes with the last.
- Places, and their cases, that are only made of the interviews are made of those that are left.
- What refers to a row that has gone loses the reference, or goes where it cannot be without; in a
  table that a study declares it goes with the last of those that a cell names, as who is meant may
  be told in its other cells. So do a project that no passage mentions any more, and a finding that
  has nothing left to rest on.
- Where a text has the id of such a statement or interview, it has … instead; if that of a statement
  might as well be an ordinary number or word, the check refuses it. It refuses a condition that
  asks for what only rows had that have gone, too: for their ids, their passages, or anything else
  that is no choice.

Of the statements that are `aggregate` one number is left for each code and municipality, unless it
would tell of too few. The code matrix shows it. Nothing else that is published counts them, and
says so: from the number of different ones, from a coefficient of agreement or from a condition on
codings, with them and without, a single statement could be computed. So whatever is made follows
from the statements that are shown and from these numbers. Only a finding has to hold with them too,
or the build stops; for that they are kept apart.
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

import pandas as pd

from analysis.checks.findingchecks import MADE_OF, expressions, known_values, named_rows
from analysis.checks.resting import PLACE, covered, resting
from analysis.methods.agreement import agreed
from analysis.methods.conditions import asked_for, parse, sought
from analysis.methods.counts import code_counts
from analysis.methods.suppression import withheld_by_group
from analysis.problems import Problems, many
from analysis.raw.completed import made_again
from analysis.raw.withheld import WITHHELD
from analysis.tables import JOINED, PROCESSED, RAW, described
from analysis.tables.coding import CODEBOOK
from analysis.tables.columns import LOCATOR, parts
from analysis.tables.raw import OWN

Tables = dict[str, pd.DataFrame]

HEAD = 3  # letters by which ids are looked for at first
LETTER, DIGIT = re.compile(r"[^\W\d_]"), re.compile(r"\d")
ASKED = "interviews.interview_id"  # what a column refers to that names interviews
NAMING = ("rests_on", "supported_by", "qualified_by")  # any rows, in the findings


@dataclass(frozen=True)
class Gone:
    """What is not there: interviews and statements by id, and what rests on them.

    source: the study that the passages are of. places: municipalities of the interviews. told: of
    the interviews that a row names, of all if it names none, the passages that tell of such an
    interview, or of what nobody is left to say; and those with a statement that is gone, with the
    municipalities that it is of.
    """

    interviews: set[str]
    units: set[str]
    source: str
    places: set[str]
    told: Callable[[tuple[str, ...]], tuple[set[str], dict[str, set[str]]]]


def permitted(
    tables: Tables, smallest: int, problems: Problems, absent: Collection[str] = ()
) -> tuple[Tables, Tables | None]:
    """The tables of a study without what may not be shown; and `aggregated`: code, municipality_id,
    and of how many statements that only count; missing where that is not to be told. Then the same
    with these statements in all tables; None if there are none.

    smallest: the least number of such statements that may be told. absent: the tables of which
    there is no file.
    """
    interviews, units = tables["interviews"], tables["units"]
    withdrawn = interviews[interviews["consent"].isin(WITHHELD["interviews"])]
    silent = resting(units, withdrawn)
    hidden = units.loc[silent | units["consent"].isin(WITHHELD["units"]), "unit_id"]
    counted = units[units["consent"].eq("aggregate") & ~silent]
    gone = set(withdrawn["interview_id"])
    left = without(tables, gone, set(hidden), absent)
    _must_be_told_apart(tables, left, set(hidden), absent, problems)
    _must_ask_for_what_is_left(tables, left, problems)
    if rows := sum(len(tables[name]) - len(left[name]) for name in left):
        problems.notice(
            RAW["interviews"].file,
            f"{many(rows, 'row')} of the study cannot be shown by the consent that "
            "was given; the study does without",
        )
    numbers = {"aggregated": _aggregated(tables, counted, left["municipalities"][PLACE], smallest)}
    if counted.empty:
        return left | numbers, None
    counting = without(tables, gone, set(hidden) - set(counted["unit_id"]), absent)
    return left | numbers, counting | numbers


def without(
    tables: Tables, interviews: set[str], units: set[str], absent: Collection[str] = ()
) -> Tables:
    """The tables of a study as if these interviews and statements, by id, had never been there.

    absent: the tables of which there is no file.
    """
    if not interviews | units:
        return dict(tables)
    gone = _gone(tables, interviews, units)
    left = made_again({name: _kept(name, tables, gone) for name in tables}, absent)
    rows = 0
    while rows != (rows := sum(map(len, left.values()))):
        left = _referring(left | {"findings": _findings(left)})
    people = set(filter(_is_telling, interviews)) - {*left["municipalities"][PLACE]}
    ids = _ids(units | people, left)
    return {
        name: frame if name in absent else _unmentioned(name, frame, ids)
        for name, frame in left.items()
    }


def _aggregated(
    tables: Tables, counted: pd.DataFrame, places: pd.Series, smallest: int
) -> pd.DataFrame:
    final = agreed(*(tables[name] for name in ("codings_a", "codings_b", "adjudication")))
    counts = code_counts(final, counted, tables["codes"]["code"], places)
    numbers = counts["statements"].to_numpy().reshape(len(tables["codes"]), len(places))
    dimensions = tables["codes"].groupby("dimension").indices.values()
    hidden = withheld_by_group(numbers, dimensions, smallest)
    told = counts["statements"].astype("Int64").mask(hidden.ravel())
    return counts[["code", PLACE]].assign(aggregated=told)


def _gone(tables: Tables, interviews: set[str], units: set[str]) -> Gone:
    asked, said = tables["interviews"], tables["units"]
    is_gone = asked["interview_id"].isin(interviews)
    about = _passages(asked[is_gone]) - _passages(asked[~is_gone])
    said = said.assign(passage=said["locator"], is_gone=said["unit_id"].isin(units))
    return Gone(
        interviews,
        units,
        tables["sources"].set_index("role").at["study", "source_id"],
        set(asked.loc[is_gone, PLACE]),
        functools.cache(lambda named: _told(about, _said_by(named, said))),
    )


def _said_by(interviews: tuple[str, ...], said: pd.DataFrame) -> pd.DataFrame:
    """What these interviews may have said: the same page is one of the transcripts of others, too,
    but a section is one of the study, whoever speaks there; everything if there are none.
    """
    own, of_study = said["interview_id"], said["locator"].str.fullmatch(LOCATOR, na=False)
    return said[own.isin(interviews) | own.isna() | of_study] if interviews else said


def _told(about: set[str], said: pd.DataFrame) -> tuple[set[str], dict[str, set[str]]]:
    """As in `Gone`; about: passages that tell of an interview as such."""
    nobody = said.groupby(["passage", "statement_id"])["is_gone"].all()
    unsaid = said[said["is_gone"]].groupby("passage")[PLACE].agg(set).to_dict()
    return about | set(nobody.index[nobody].get_level_values("passage")), unsaid


def _asked(name: str, frame: pd.DataFrame) -> list[tuple[str, ...]]:
    """The interviews that each row of a table names."""
    columns = described(name).columns if described(name) else {}
    own = [column for column in frame if column in columns and columns[column].refers == ASKED]
    return [tuple(part for cell in row for part in parts(cell)) for row in frame[own].to_numpy()]


def _passages(frame: pd.DataFrame) -> set[str]:
    """All that the rows of a table name."""
    return set().union(*frame["locator"].map(parts))


def _kept(name: str, tables: Tables, gone: Gone) -> pd.DataFrame:
    """The rows of one table that do not rest on what is gone."""
    frame = tables[name]
    if frame.empty:
        return frame
    if name == "interviews":
        return frame[~frame["interview_id"].isin(gone.interviews)]
    if name == "units":
        return frame[~frame["unit_id"].isin(gone.units)]
    if name == "summaries":
        return frame[frame["unit_id"].map(lambda cell: gone.units.isdisjoint(parts(cell)))]
    if name == "universes":  # without it there is nothing to leave out
        return frame[frame["without_interview"].map(lambda c: gone.places.isdisjoint(parts(c)))]
    if not {"source_id", "locator"} <= set(frame):
        return frame
    passages = frame["locator"].where(frame["source_id"] == gone.source)
    named = frame[PLACE].notna() if PLACE in frame else False
    told = [gone.told(interviews) for interviews in _asked(name, frame)]
    lost = [bool(covered(own, tell)) for own, (tell, _) in zip(passages, told, strict=True)]
    kept = frame[named | ~pd.Series(lost, frame.index)]
    if PLACE not in frame or name == "municipalities":
        return kept
    each = passages.map(parts)
    if name == "projects":  # the places of a project are told wherever it is mentioned
        mentions = tables["project_mentions"].groupby("project_id")["locator"].agg(list)
        each = frame["project_id"].map(mentions)
    silent = pd.Series(
        [_silent(these, unsaid) for these, (_, unsaid) in zip(each, told, strict=True)],
        frame.index,
    )
    if name == "prospects":  # named because they said so, wherever that is told
        silent = silent.map(lambda places: places | gone.places)
    cells = pd.Series(
        [
            _less(cell, lambda place, mute=mute: place not in mute)
            for cell, mute in zip(kept[PLACE], silent[kept.index], strict=True)
        ],
        kept.index,
        dtype="str",
    )
    return kept.assign(**{PLACE: cells})[cells.ne("")]


def _silent(passages: list[str], unsaid: dict[str, set[str]]) -> set[str]:
    """The municipalities that no longer speak in any of these passages; none without one."""
    each = [set().union(*(unsaid[lost] for lost in covered(own, unsaid))) for own in passages]
    return set.intersection(*each) if each else set()


def _referring(tables: Tables) -> Tables:
    """The tables without references to rows that there are not, and without rows that need them."""
    left = {}
    values = functools.cache(lambda target: known_values(tables, target, Problems()))
    for name, frame in tables.items():
        schema = described(name)
        for column, field in schema.columns.items() if schema else ():
            known = values(field.refers)
            if known is None or column not in frame:
                continue
            before = frame[column].tolist()
            after = [_less(cell, known.__contains__) for cell in before]
            is_same = all(map(operator.is_, after, before)) and "" not in after
            if is_same and frame[column].dtype == "str":
                continue  # as most do: making it anew takes a quarter of the time of a check
            cells = pd.Series(after, frame.index)
            frame = frame.assign(**{column: cells.where(cells.ne(""), None).astype("str")})
            is_needed = field.required or name in OWN
            frame = frame[cells.ne("")] if is_needed else frame
        left[name] = frame
    placed = left["units"][PLACE].notna()
    attribution = left["units"]["attribution"].where(placed, "none")
    left["units"] = left["units"].assign(attribution=attribution)
    mentioned = left["projects"]["project_id"].isin(left["project_mentions"]["project_id"])
    return left | {"projects": left["projects"][mentioned]}


def _findings(tables: Tables) -> pd.DataFrame:
    """The findings without the names of rows that there are not, and without those that rested on
    nothing else.
    """
    rows, findings = named_rows(tables), tables["findings"]

    def there(name: str) -> bool:
        table, _, own = name.rpartition(":")
        return any(table in ("", each) for each in rows.get(own, []))

    for column in NAMING:
        cells = findings[column].map(lambda cell: _less(cell, there))
        findings = findings.assign(**{column: cells.where(cells.ne(""), None).astype("str")})
        if column == "rests_on":
            findings = findings[cells.ne("")]
    return findings


def _must_be_told_apart(
    tables: Tables, left: Tables, units: set[str], absent: Collection[str], problems: Problems
) -> None:
    """Whether a text means a statement that may not be shown, or a number or word of its own, only
    people know: to leave it would tell of the statement, and to leave it out spoils the text. Texts
    of tables of which there is no file are made of names, and speak of no statement.
    """
    ordinary = {unit for unit in units if not _is_telling(unit)}
    written = {name: frame for name, frame in left.items() if name not in absent}
    ids = _ids(ordinary, left)
    for name, frame in written.items() if ordinary else ():
        schema = described(name)
        for column in _texts(name, frame):
            cells = tables[name].loc[frame.index, column]
            for row, text in cells.dropna().items():
                found = next((said[1] for said in ids.finditer(text) if said[1]), None)
                if found is None:
                    continue
                problems.add(
                    schema.file if schema else CODEBOOK,
                    row if schema else None,
                    column,
                    f"{found!r} may be meant as such, or as the statement {found!r} in "
                    f"{RAW['units'].file}, which may not be shown",
                    "an id of the statement that no text has by chance, such as hospital-12, "
                    "in all tables that name it",
                )


def _must_ask_for_what_is_left(tables: Tables, left: Tables, problems: Problems) -> None:
    """A condition is published as it is: one that asks for what only rows had that have gone would
    tell of them, and count nothing.
    """
    for row, finding in tables["findings"].loc[left["findings"].index].iterrows():
        asked = {
            (column, sought(table, name)[0], name, value)
            for column, text, kind in expressions(finding)
            for table, name, value in asked_for(parse(text, kind))
        }
        for column, table, name, value in sorted(asked, key=str):
            if value in _values(tables, table, name) - _values(left, table, name):
                wrong = f"{name} is never {value!r} when what may not be shown is left out"
                expected = "a condition that does not ask for it"
                problems.add(RAW["findings"].file, row, column, wrong, expected)


def _values(tables: Tables, table: str, column: str) -> set:
    """What a column of a processed table can be asked for, as far as rows of raw ones say it; what
    is one of a few choices tells of no row.
    """
    field = PROCESSED[table].columns[column]
    if field.options or field.type == "boolean":
        return set()
    table, column = (field.refers or f"{table}.{column}").split(".")
    raw = [tables[name] for name in (JOINED | MADE_OF).get(table, (table,)) if name in tables]
    return set().union(*(frame[column].dropna() for frame in raw if column in frame))


def _texts(name: str, frame: pd.DataFrame) -> list[str]:
    """The columns of a table, or of the codebook, in which people write freely."""
    if schema := described(name):
        return [name for name, field in schema.columns.items() if field.is_free_text]
    return [column for column in frame if column.startswith(("label_", "definition_"))]


def _is_telling(name: str) -> bool:
    """Whether no text has such an id by chance."""
    return bool(LETTER.search(name) and DIGIT.search(name))


def _ids(gone: set[str], left: Tables) -> re.Pattern:
    """What finds any of these ids, as its group, and longer ones of what is left, as none."""
    own = _any_of(gone)
    there = {*left["units"]["unit_id"], *left["interviews"]["interview_id"]} - gone
    longer = {name for name in there if re.search(own, name)}
    return re.compile(f"{_any_of(longer)}|({own})")


def _any_of(names: Collection[str]) -> str:
    """What finds any of these ids, in capitals too unless it might be a word; those that begin
    alike are tried together, and only where one of them may begin.
    """
    heads: dict[tuple[bool, str], list[str]] = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        is_telling, head = _is_telling(name), name[:HEAD]
        heads.setdefault((is_telling, head.lower() if is_telling else head), []).append(name)
    # an id that another one goes on from comes behind it
    order = sorted(heads, key=lambda key: (-len(key[1]), not key[0], key[1]))
    each = [
        f"(?{'i' * key[0]}:{re.escape(key[1])}"
        f"(?:{'|'.join(re.escape(name[HEAD:]) for name in heads[key])}))"
        for key in order
    ]
    first = {letter for name in names for letter in (name[0].lower(), name[0].upper())}
    begin = f"(?=[{''.join(map(re.escape, sorted(first)))}])" if first else ""
    return rf"(?<!\w){begin}(?:{'|'.join(each) or '(?!)'})(?!\w)"


def _unmentioned(name: str, frame: pd.DataFrame, ids: re.Pattern) -> pd.DataFrame:
    """A table whose texts do not have ids of what has gone."""

    def unsaid(found: re.Match) -> str:
        return "…" if found[1] else found[0]

    return frame.assign(
        **{text: frame[text].str.replace(ids, unsaid, regex=True) for text in _texts(name, frame)}
    )


def _less(cell, is_kept: Callable[[str], bool]):
    """A cell that lists ids, without some of them; unchanged if all are kept or it is empty."""
    listed = parts(cell)
    kept = [part for part in listed if is_kept(part)]
    return cell if kept == listed else ";".join(kept)
