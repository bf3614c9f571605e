"""Small, large and odd studies, made from the invented one: what figures must be
able to draw, or leave out.
"""

import functools

import pandas as pd
import stage

from analysis.processed.prepare import prepare

LONG = "Kreislaufwirtschaftsmodellregionsentwicklungsgesellschaft"  # a word wider than most columns
# Tables of what belongs to places and cases, and columns of what all of them share.
PLACED = (
    "cases", "municipalities", "facts", "targets", "events", "projects", "project_mentions",
    "comparison", "organisations", "cooperation", "interviews", "units", "case_units", "anchors",
    "codings_a", "codings_b", "adjudication", "summaries", "prospects",
)  # fmt: skip
SHARED = ("source_id", "level_id", "discrepancy_id", "characteristic_id")
KEPT = ("sources", "references", "dimensions", "codes", "levels", "characteristics")


def raw():
    """The validated raw tables of the invented study."""
    return stage.raw("mini").tables


def prepared(tables):
    """The processed tables of a study whose codings are those of the statements and
    codes that it still has.
    """
    units = {
        unit
        for name in ("units", "case_units", "context_units")
        for unit in tables[name]["unit_id"]
    }
    tables = dict(tables)
    for name, frame in tables.items():
        if {"unit_id", "code"} <= set(frame.columns):
            tables[name] = frame[
                frame["unit_id"].isin(units) & frame["code"].isin(tables["codes"]["code"])
            ]
    return stage.read_back(prepare(tables))


def empty():
    """Nothing but a place and a document."""
    some = ("sources", "references", "dimensions", "cases", "municipalities")
    return prepared({name: frame.head(1 if name in some else 0) for name, frame in raw().items()})


def without_cases():
    """No case, no municipality, and so no statement of them."""
    of_place = (
        "cases",
        "municipalities",
        "interviews",
        "cooperation",
        "comparison",
        "facts",
        "events",
    )
    return prepared(
        {name: frame.head(0) if name in of_place else frame for name, frame in _placeless().items()}
    )


def single():
    """One of everything."""
    tables = {name: frame if name in KEPT else frame.head(1) for name, frame in raw().items()}
    rows = tables["units"]["unit_id"]
    for name in ("codings_a", "codings_b"):
        tables[name] = raw()[name][raw()[name]["unit_id"].isin(rows)]
    return prepared(tables)


def without_roles():
    """A codebook without roles and fields."""
    tables = dict(raw())
    tables["codes"] = tables["codes"][~tables["codes"]["dimension"].isin(["role", "field"])]
    tables["measures"] = tables["measures"].head(0)
    tables["influence"] = tables["influence"].assign(role_code=None)
    return prepared(tables)


def without_fields():
    """Roles, but no field in any of them."""
    tables = dict(raw())
    tables["codes"] = tables["codes"][tables["codes"]["dimension"] != "field"]
    tables["measures"] = tables["measures"].head(0)
    return prepared(tables)


def role_without_field():
    """A role more than there are fields for."""
    tables = dict(raw())
    role = tables["codes"][tables["codes"]["dimension"] == "role"].head(1)
    tables["codes"] = pd.concat([tables["codes"], role.assign(code="role.idle")], ignore_index=True)
    return prepared(tables)


def without_codes():
    """Statements that nobody has coded."""
    return prepared(
        {
            name: frame.head(0) if name in ("codes", "measures", "influence") else frame
            for name, frame in raw().items()
        }
    )


def without_years():
    """Targets without a year, and no event."""
    tables = dict(raw())
    for name in ("targets", "context_targets"):
        tables[name] = tables[name].assign(
            year=tables[name]["year"].mask(tables[name]["year"].notna())
        )
    return prepared(tables | {name: tables[name].head(0) for name in ("events", "context_events")})


def long_names():
    """Names wider than the columns they stand in."""
    tables = dict(stage.study("mini"))
    for name, frame in tables.items():
        texts = frame.columns[~frame.columns.str.endswith("_id")]
        labels = texts[texts.str.startswith(("label_", "sector_", "purpose_", "actor_"))]
        tables[name] = frame.assign(**dict.fromkeys(labels, LONG))
    return tables


def many(places=12, topics=24, spread=("topic",), name="{} {}".format):
    """The study again and again, for so many municipalities, with more codes, of these dimensions
    in turn; `name` makes the names of cases, municipalities, projects and new codes of old ones and
    numbers.
    """
    tables, known = dict(raw()), len(raw()["municipalities"])
    for table in PLACED:
        again = [_again(tables[table], i) for i in range(-(-places // known))]
        tables[table] = pd.concat(again, ignore_index=True)
    tables = _only(tables, set(tables["municipalities"]["municipality_id"].head(places)))
    marks = [f"{'ABCDEFGHIJ'[i % 10]}{i // 10 or ''}" for i in range(places)]
    tables["municipalities"] = tables["municipalities"].assign(initials=marks)
    codes = [_code(tables["codes"], spread[i % len(spread)], i) for i in range(topics)]
    tables["codes"] = pd.concat([tables["codes"], *codes], ignore_index=True)
    for table in ("codings_a", "codings_b"):
        given = tables[table].drop_duplicates("unit_id")
        new = [
            given.iloc[[(7 * i + 5 * j) % len(given)]].assign(code=code["code"].iloc[0])
            for i, code in enumerate(codes)
            for j in range(1 + 3 * i % 5)
        ]
        tables[table] = pd.concat([tables[table], *new], ignore_index=True)
    for table in ("cases", "municipalities", "organisations", "projects", "codes"):
        labels = [column for column in tables[table] if column.startswith("label_")]
        named = {
            label: [name(old, i) for i, old in enumerate(tables[table][label])] for label in labels
        }
        tables[table] = tables[table].assign(**named)
    return prepared(tables)


def _again(frame, n):
    """Rows of places, cases, and what belongs to them, as those of others."""
    ids = [column for column in frame if column.endswith("_id") and column not in SHARED]
    return frame.assign(**{column: frame[column] + f"_{n}" for column in ids}) if n else frame


def _only(tables, places):
    """Leaves out the rows of other municipalities, and of cases that have none of these."""
    of = {"municipality_id": places}
    kept = tables["municipalities"]["municipality_id"].isin(places)
    of["case_id"] = set(tables["municipalities"].loc[kept, "case_id"])
    for column, table in ((None, None), ("unit_id", "units"), ("project_id", "projects")):
        if table == "units":
            of[column] = {
                unit for name in ("units", "case_units") for unit in tables[name]["unit_id"]
            }
        elif table:
            of[column] = set(tables[table][column])
        for name in PLACED:
            for key in of.keys() & set(tables[name]):
                here = tables[name][key].isna() | tables[name][key].isin(of[key])
                tables[name] = tables[name][here]
    return tables


def _code(codes, dimension, n):
    """Another code of a dimension, as one of those that there are."""
    own = codes[codes["dimension"] == dimension]
    return own.iloc[[n % len(own)]].assign(code=f"{dimension}.more{n}")


def _placeless():
    tables = dict(raw())
    for name, frame in tables.items():
        places = list({"case_id", "municipality_id"} & set(frame.columns))
        if name not in ("cases", "municipalities", "cooperation", "interviews"):
            tables[name] = frame.assign(**dict.fromkeys(places, pd.NA)) if places else frame
    return tables | {"case_units": tables["case_units"].head(0)}


STUDIES = {
    made.__name__: functools.cache(made)
    for made in (
        empty, without_cases, single, without_roles, without_fields, role_without_field,
        without_codes, without_years, long_names, many,
    )
}  # fmt: skip
