"""Small, large and odd studies, made from the invented one: what figures must be
able to draw, or leave out.
"""

import functools

import pandas as pd
import stage

from analysis.processed.prepare import prepare

LONG = "Kreislaufwirtschaftsmodellregionsentwicklungsgesellschaft"  # a word wider than most columns
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


def many(places=12, topics=40):
    """Twelve municipalities in as many cases, and forty topics; statements and codings go round."""
    tables = dict(raw())
    for name, key in (("cases", "case_id"), ("municipalities", "municipality_id")):
        rows = [
            tables[name]
            .iloc[[i % len(tables[name])]]
            .assign(**{key: f"place{i}", "case_id": f"place{i}"})
            for i in range(places)
        ]
        tables[name] = pd.concat(rows, ignore_index=True)
    for name in (
        "units",
        "interviews",
        "cooperation",
        "case_units",
        "comparison",
        "facts",
        "events",
        "targets",
        "projects",
    ):
        for key in {"case_id", "municipality_id"} & set(tables[name].columns):
            round_robin = [f"place{i % places}" for i in range(len(tables[name]))]
            tables[name] = tables[name].assign(
                **{key: tables[name][key].where(tables[name][key].isna(), round_robin)}
            )
    topic = tables["codes"][tables["codes"]["dimension"] == "topic"].head(1)
    names = [f"topic.t{i}" for i in range(topics)]
    tables["codes"] = pd.concat(
        [tables["codes"], *(topic.assign(code=name) for name in names)], ignore_index=True
    )
    for name in ("codings_a", "codings_b"):
        given = tables[name].drop_duplicates("unit_id")
        more = [given.iloc[[i % len(given)]].assign(code=code) for i, code in enumerate(names)]
        tables[name] = pd.concat([tables[name], *more], ignore_index=True)
    return prepared(tables)


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
