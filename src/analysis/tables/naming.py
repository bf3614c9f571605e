"""Tables as readers are told of them: in the words of a study."""

from __future__ import annotations

import re
from dataclasses import replace

from analysis.files.textfile import texts
from analysis.tables.columns import Table
from analysis.tables.raw import OWN

PLACE = re.compile(r"\b([Pp])lace(s?)\b")


def named(name: str, schema: Table) -> Table:
    """A table with the study's own word for what it compares, hospitals say, where the machine's
    says “places”; those that a study declares have its words already.
    """
    if name in OWN:
        return schema
    columns = {
        column: replace(
            about,
            description=_told(about.description),
            options={option: _told(said) for option, said in about.options.items()}
            if about.options
            else about.options,
        )
        for column, about in schema.columns.items()
    }
    description = _told(schema.description)
    return replace(schema, title=_told(schema.title), description=description, columns=columns)


def _told(text: str) -> str:
    """All of the schema is in English; without a word in it “place” stays."""

    def word(found: re.Match) -> str:
        said = texts("common")["municipalities" if found[2] else "municipality"]
        name = said.get("en", found[0]).format().strip()  # as `Wording` fills it
        is_name = name[1:] != name[1:].lower()  # as in NGO
        return name if found[1] == "P" or is_name else name.lower()

    return PLACE.sub(word, text)
