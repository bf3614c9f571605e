"""Describes the processed tables as a Frictionless data package
(specs.frictionlessdata.io, version 1).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from itertools import chain

from analysis.citation import address_of
from analysis.studyfile import read_about
from analysis.tables import JOINED, PROCESSED, Table
from analysis.tables.naming import named

# Several may hold what is referred to; a foreign key can name one table alone.
SEVERAL = {*JOINED, *chain(*JOINED.values())}


def describe(contents: dict[str, bytes], name: str, title: str) -> dict:
    """The descriptor `datapackage.json` of the files in `contents` (name to bytes); name and
    title are those of the study.
    """
    return {
        "profile": "tabular-data-package",
        "name": name,
        "title": f"{title}: processed tables",
        **licensed(read_about().licence),
        "resources": [
            _resource(table, named(table, schema), contents[f"{table}.csv"])
            for table, schema in PROCESSED.items()
        ],
    }


def _resource(name: str, schema: Table, content: bytes) -> dict:
    columns = content.split(b"\n", 1)[0].decode().split(",")  # of those that it may have
    schema = replace(schema, columns={column: schema.columns[column] for column in columns})
    foreign = [
        {
            "fields": column,
            "reference": dict(zip(("resource", "fields"), _target(field, name), strict=True)),
        }
        for column, field in schema.columns.items()
        if field.refers and not field.many and _target(field, name)[0] in {*PROCESSED, ""} - SEVERAL
    ]
    described = {
        "fields": [_field(column, field) for column, field in schema.columns.items()],
        "primaryKey": list(schema.key),
    }
    return {
        "name": name,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "title": schema.title,
        "description": schema.description,
        "sources": [{"title": schema.made_by}],
        **licensed(schema.licence),
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": described | ({"foreignKeys": foreign} if foreign else {}),
    }


def licensed(licence: str) -> dict:
    """The licence by its short name, or as a text under one that follows from it."""
    if not licence:
        return {}
    if address_of(licence):
        return {"licenses": [{"name": licence}]}
    name = "-".join(re.findall(r"[a-zA-Z0-9._]+", licence)) or "licence"
    return {"licenses": [{"name": name, "title": licence}]}


def _target(field, name: str) -> tuple[str, str]:
    resource, column = field.refers.split(".")
    return ("" if resource == name else resource), column


def _field(name: str, column) -> dict:
    constraints = {
        "required": column.required and not column.may_lack,
        "enum": list(column.options or []),
        "pattern": column.pattern,
    }
    constraints |= {"minimum": column.low, "maximum": column.high}
    described = {
        "name": name,
        "type": column.type,
        "description": column.description,
        "unit": column.unit,
    }
    if column.type == "boolean":
        described |= {"trueValues": ["True"], "falseValues": ["False"]}
    described["constraints"] = {
        key: value
        for key, value in constraints.items()
        if value or (value is not False and value == 0)  # which is a bound, too
    }
    return {key: value for key, value in described.items() if value not in (None, {})}
