"""Checks that need more than one cell: references and order between tables, and the rules
of the modules beside this one.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import compress

import pandas as pd

from analysis.checks import codingchecks, consent, findingchecks, quantities
from analysis.checks.findingchecks import known_values
from analysis.checks.resting import covered, ends
from analysis.problems import Problems, alike, suggest
from analysis.tables import PROCESSED, RAW, Table, described
from analysis.tables.columns import LOCATORS, TRANSCRIPT, TRANSCRIPTS, filled, parts
from analysis.wording import LANGUAGES

Tables = dict[str, pd.DataFrame]

LONGEST_ID = 60
PASSAGES = (LOCATORS, TRANSCRIPT, TRANSCRIPTS)
# Tables of one kind: in each pair, the ids of the second must differ from those of the first.
ONE_KIND = (
    *(
        (name, f"context_{name}")
        for name in ("facts", "discrepancies", "organisations", "events", "targets", "units")
    ),
    ("units", "case_units"),
    ("case_units", "context_units"),
)
FEW = 3  # rows that are named of those that have the same problem


def check(tables: Tables, problems: Problems, absent: Collection[str] = ()) -> None:
    """Adds every problem between cells and tables; a rule whose tables are
    not all there is left out.

    absent: the tables of which there is no file, so that nobody chose their ids.
    """
    for rule, *needed in RULES:
        if set(needed) <= set(tables):
            rule(tables, problems)
    if "cases" in tables and "cases" not in absent:
        _file_names(tables, problems)


def _references(tables: Tables, problems: Problems) -> None:
    schemas = {name: described(name) for name in tables}
    for name, schema in [(name, schema) for name, schema in schemas.items() if schema]:
        check_references(schema, tables[name], tables, problems)


def check_references(
    schema: Table, frame: pd.DataFrame, tables: Tables, problems: Problems
) -> None:
    """Names every value of a table that is none of those it may refer to.

    frame: the table that the schema describes. tables: those it may refer to.
    """
    for column, field in schema.columns.items():
        known = known_values(tables, field.refers, problems)
        if known is None:
            continue
        strange: dict[str, list[int]] = {}
        for row, cell in filled(frame[column]):
            for part in parts(cell) if field.many else [cell]:
                if part not in known:
                    strange.setdefault(part, []).append(row)
        for value, rows in strange.items():
            wrong = f"{value!r} is not known{suggest(value, known)}{_also_in(rows)}"
            expected = f"one of the {len(known)} values of {field.refers}"
            if len(known) < 2:
                expected = f"a value of {field.refers}, which has {'one' if known else 'none'}"
            problems.add(schema.file, rows[0], column, wrong, expected, same=rows)


def _also_in(rows: list[int]) -> str:
    """The rows that a problem is in besides the first, a few of them by number."""
    others = [row for row in dict.fromkeys(rows) if row != rows[0]]
    named = ", ".join(map(str, others[:FEW]))
    if len(others) > FEW:
        return f", also in {len(others)} other rows: {named} …"
    return f", also in row{'s' if len(others) > 1 else ''} {named}" if others else ""


def _passages(tables: Tables, problems: Problems) -> None:
    """No span of paragraphs, pages, lines or times ends before it begins: nobody could tell which
    passages lie in it.
    """
    for name in filter(described, tables):
        schema = described(name)
        for column in [one for one in tables[name] if _is_passage(schema, one)]:
            for row, cell in filled(tables[name][column]):
                for passage in parts(cell):
                    _, first, last = ends(passage) or ("", 0, 0)
                    if first > last:
                        wrong = f"{passage!r} ends before it begins"
                        expected = "the earlier place first, and both of them in full"
                        problems.add(schema.file, row, column, wrong, expected)


def _is_passage(schema: Table, column: str) -> bool:
    return column in schema.columns and schema.columns[column].pattern in PASSAGES


def _names(tables: Tables, problems: Problems) -> None:
    """What readers know things by must tell them apart; tables that are not
    processed are not shown.
    """
    for name in [name for name in RAW if name in tables and name in PROCESSED]:
        for column in [column for column, field in RAW[name].columns.items() if field.distinct]:
            first: dict[str, int] = {}
            for row, text in filled(tables[name][column]):
                if first.setdefault(alike(text), row) != row:
                    other = first[alike(text)]
                    same = tables[name].at[other, column]
                    wrong = f"{text!r} looks the same as {same!r} in row {other}"
                    problems.add(
                        RAW[name].file, row, column, wrong, "a name that tells the two apart"
                    )


def _translations(tables: Tables, problems: Problems) -> None:
    """A text that a row may lack is there in every language of the study, or in none; of rows with
    another problem, which may be the cause, nothing is said.
    """
    told = {(problem.file, problem.row) for problem in problems.found}
    ending = f"_{LANGUAGES[0]}"
    for name in filter(described, tables):
        schema, there = described(name), tables[name].notna()
        cells, rows, places = there.to_numpy(), there.index.tolist(), [*there]
        for stem in [column.removesuffix(ending) for column in schema.columns]:
            names = [f"{stem}_{language}" for language in LANGUAGES]
            if not {*names} <= {*places}:
                continue
            given = cells[:, [places.index(column) for column in names]]
            for number in (given.any(axis=1) & ~given.all(axis=1)).nonzero()[0]:
                if (schema.file, row := rows[number]) in told:
                    continue
                wrong = f"the cell is empty, but {names[given[number].argmax()]} is not"
                expected = "the text in every language, or in none"
                for column in compress(names, ~given[number]):
                    problems.add(schema.file, row, column, wrong, expected)


def _file_names(tables: Tables, problems: Problems) -> None:
    """What is published for a case is called by its id: case-tal.svg. A dot would begin the ending,
    and no disk takes long names. Of cases that are made of something else, runs are looked at.
    """
    for row, case in filled(tables["cases"]["case_id"]):
        if "." in case or len(case) > LONGEST_ID:
            problems.add(
                RAW["cases"].file,
                row,
                "case_id",
                f"{case!r} cannot be the name of a file",
                f"no dots, at most {LONGEST_ID} characters",
            )


def _dimensions(tables: Tables, problems: Problems) -> None:
    """A column such as `role_code` holds codes of the dimension `role`, if there is one."""
    of = dict(zip(tables["codes"]["code"], tables["codes"]["dimension"], strict=True))
    columns = [(name, column) for name in RAW if name in tables for column in tables[name]]
    for name, column in columns:
        dimension = column.removesuffix("_code")
        if dimension == column or dimension not in of.values():
            continue
        for row, cell in filled(tables[name][column]):
            for code in parts(cell):
                if of.get(code, dimension) != dimension:
                    wrong = f"{code!r} is a code of {of[code]}"
                    expected = f"a code of the dimension {dimension}"
                    problems.add(RAW[name].file, row, column, wrong, expected)


def _sources(tables: Tables, problems: Problems) -> None:
    n = tables["sources"]["role"].eq("study").sum()
    if n != 1 and not problems.lie_in(RAW["sources"].file):
        problems.add(
            RAW["sources"].file, None, "role", f"{n} sources are the study", "exactly one `study`"
        )


def _shared_ids(tables: Tables, problems: Problems) -> None:
    """Rows of the study and of its context go into one table, or have one kind of place on pages,
    so their ids must differ.
    """
    for name, other in ONE_KIND:
        if not {name, other} <= set(tables):
            continue
        key, first = RAW[name].key[0], set(tables[name][RAW[name].key[0]].dropna())
        for row in tables[other].index[tables[other][key].isin(first)]:
            wrong = f"{tables[other].at[row, key]!r} stands already in {RAW[name].file}"
            problems.add(RAW[other].file, row, key, wrong, "an id of its own")


def _interviewed(tables: Tables, problems: Problems) -> None:
    """A statement without its interview would be published without anybody's consent."""
    interviews, units, file = tables["interviews"], tables["units"], RAW["interviews"].file
    asked = {*interviews["municipality_id"].dropna(), *problems.torn[file]}
    for row, place in filled(units["municipality_id"]):
        if place not in asked:
            problems.add(
                RAW["units"].file,
                row,
                "municipality_id",
                f"there is no interview in {place!r}",
                f"a row for it in {file}",
            )


def _levels(tables: Tables, problems: Problems) -> None:
    n = tables["levels"]["is_municipal"].sum()
    if len(tables["levels"]) and n != 1 and not problems.lie_in(RAW["levels"].file):
        problems.add(
            RAW["levels"].file,
            None,
            "is_municipal",
            f"{n} levels are municipal",
            "exactly one true",
        )


def _attributions(tables: Tables, problems: Problems) -> None:
    file, units = RAW["units"].file, tables["units"]
    for row in units.index[units["attribution"].eq("none") & units["municipality_id"].notna()]:
        problems.add(
            file,
            row,
            "municipality_id",
            "a municipality although the attribution is `none`",
            "an empty cell",
        )
    for row in units.index[
        units["attribution"].ne("none")
        & units["attribution"].notna()
        & units["municipality_id"].isna()
    ]:
        wrong = f"no municipality although the attribution is `{units.at[row, 'attribution']}`"
        problems.add(
            file, row, "municipality_id", wrong, "the municipality, or the attribution `none`"
        )


def _anchors(tables: Tables, problems: Problems) -> None:
    for name, units in (
        ("anchors", ("units", "case_units")),
        ("context_anchors", ("context_units",)),
    ):
        if {name, *units} <= set(tables):
            _anchored(
                RAW[name].file,
                tables[name],
                {RAW[unit].file: tables[unit] for unit in units},
                problems,
            )


def _anchored(
    file: str, anchors: pd.DataFrame, units: dict[str, pd.DataFrame], problems: Problems
) -> None:
    complete = not problems.lie_in(file)
    for row in anchors.index[anchors["end"].le(anchors["start"]).fillna(False)]:
        problems.add(
            file, row, "end", "the passage ends before it starts", "end greater than start"
        )
    known = {*anchors["unit_id"], *problems.torn[file]}
    for unit_file, frame in units.items():
        # Statements of texts that nobody has as files have no anchors, none of them.
        anchored = frame["unit_id"].isin(known).any()
        for row, unit in filled(frame["unit_id"]):
            if unit not in known and complete and anchored:
                problems.add(
                    unit_file,
                    row,
                    "unit_id",
                    f"{unit!r} has no anchor",
                    f"a row with its passage in {file}",
                )


def _projects(tables: Tables, problems: Problems) -> None:
    """Each project is mentioned somewhere, and none is a part of itself."""
    file, projects = RAW["projects"].file, tables["projects"].dropna(subset="project_id")
    mentioned = {
        *tables["project_mentions"]["project_id"],
        *problems.torn[RAW["project_mentions"].file],
    }
    for row, project in projects["project_id"].items():
        if project not in mentioned and not problems.lie_in(RAW["project_mentions"].file):
            wrong = f"no passage mentions {project!r}"
            problems.add(
                file,
                row,
                "project_id",
                wrong,
                f"a row with the passage in {RAW['project_mentions'].file}",
            )
    for row in projects.index[projects["part_of"].eq(projects["project_id"]).fillna(False)]:
        problems.add(
            file,
            row,
            "part_of",
            "a project that is a part of itself",
            "the project it is a part of, or an empty cell",
        )


def _partners(tables: Tables, problems: Problems) -> None:
    """Who works together on a project is where it is."""
    projects = tables["projects"].dropna(subset="project_id")
    places = dict(zip(projects["project_id"], projects["municipality_id"].fillna(""), strict=True))
    for row, project, place in (
        tables["cooperation"][["project_id", "municipality_id"]].dropna().itertuples()
    ):
        if project in places and place not in parts(places[project]):
            wrong = f"{place!r} is not among the municipalities of {project!r}"
            problems.add(
                RAW["cooperation"].file,
                row,
                "municipality_id",
                wrong,
                f"the same municipality in {RAW['projects'].file}",
            )


def _mentions(tables: Tables, problems: Problems) -> None:
    """A statement that speaks of a project stands in the passage that is given for it."""
    place = ["section", "paragraph", "sentence"]
    units = pd.concat(
        [tables[name][["unit_id", *place]].dropna() for name in ("units", "case_units")]
    )
    # what is not a place is named elsewhere
    units = units[(units[["paragraph", "sentence"]] > 0).all(axis=1)]
    passages = {
        unit: f"{section} ¶{paragraph} s{sentence}"
        for unit, section, paragraph, sentence in units.itertuples(index=False)
    }
    for row, cell, locator in (
        tables["project_mentions"][["unit_id", "locator"]].dropna().itertuples()
    ):
        for unit in parts(cell):
            if unit in passages and not covered(locator, [passages[unit]]):
                wrong = f"{unit} stands at {passages[unit]}, not at {locator}"
                problems.add(
                    RAW["project_mentions"].file,
                    row,
                    "unit_id",
                    wrong,
                    "a statement of the passage in `locator`",
                )


def _reported(tables: Tables, problems: Problems) -> None:
    """What the study reports has its passage, and what it does not report has none."""
    columns = [name for name in tables["reporting"] if name.startswith("answer_")]
    for row, item in tables["reporting"].iterrows():
        said = {name: pd.notna(item[name]) for name in [*columns, "source_id", "locator"]}
        for name in [name for name, there in said.items() if any(said.values()) and not there]:
            wrong = f"empty, though {', '.join(other for other in said if said[other])} is not"
            expected = "an answer in every language with its passage, or nothing"
            problems.add(RAW["reporting"].file, row, name, wrong, expected)


# Each rule and the tables it needs; rules without any take the tables that are there.
RULES = (
    (_references,),
    (_passages,),
    (_names,),
    (quantities.dates,),
    (quantities.events, "sources"),
    (_dimensions, "codes"),
    (_sources, "sources"),
    (quantities.facts,),
    (quantities.targets,),
    (_shared_ids,),
    (_interviewed, "interviews", "units"),
    (consent.check, "interviews"),
    (_levels, "levels"),
    (_reported, "reporting"),
    (_attributions, "units"),
    (_projects, "projects", "project_mentions"),
    (_partners, "projects", "cooperation"),
    (_mentions, "project_mentions", "units", "case_units"),
    (_anchors,),
    (codingchecks.check_rated,),
    (codingchecks.check_applying, *codingchecks.NEEDED),
    (codingchecks.check, *codingchecks.TABLES, *codingchecks.NEEDED),
    (codingchecks.check_context, *codingchecks.CONTEXT, *codingchecks.NEEDED),
    (codingchecks.check_summaries, *codingchecks.TABLES, "summaries", "units"),
    (findingchecks.check, "findings"),
    (
        findingchecks.check_universes,
        *("universes", "interviews", "units", "case_units", "codings_a", "codings_b"),
    ),
    (_translations,),  # last, as others know more of what is wrong with a row
)
