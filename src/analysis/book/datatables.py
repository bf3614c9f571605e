"""The directives `study-table` and `data-dictionary`: processed tables as pages show them."""

from __future__ import annotations

import functools
import html
from typing import ClassVar

import pandas as pd
from docutils import nodes
from docutils.parsers.rst import directives

from analysis import paths
from analysis.book.crate import NAME as CRATE
from analysis.book.directive import DataDirective, slug, slug_among
from analysis.book.downloads import ARCHIVE
from analysis.book.languages import language_of
from analysis.book.names import Names
from analysis.book.nodes import (
    details,
    in_english,
    label,
    link,
    offered,
    paragraph,
    passage,
    shown,
    spoken,
    table,
)
from analysis.book.rows import amount, anchor, key_of
from analysis.citation import cited
from analysis.processed.store import read_processed
from analysis.raw.withheld import may_be_shown
from analysis.tables import JOINED, PROCESSED, RAW, is_named
from analysis.tables.columns import DATE, in_language, parts
from analysis.tables.naming import named
from analysis.tables.raw import OWN
from analysis.wording import Wording, capitalised

NOT_STATED = "not stated"  # no id has a blank
# What a unit says of how large a number is: 136 billion euros, two thirds.
SIZES = {"bn EUR": 1e9, "bn EUR/a": 1e9, "Mt/a": 1e6, "million/a": 1e6, "thirds": 1 / 3}


class When(nodes.inline):
    """A time in words that programs can read as well: when it `begins`, if it is a span."""


class Amount(nodes.inline):
    """A number in words that programs can read as well, by its `size`."""


class StudyTable(DataDirective):
    """{study-table} NAME: a processed table, numbered, in the language of the page.

    columns: which columns, in which order; `x` stands for `x_de`, `source` for
    document, passage and literature.
    where: `column=value`, the rows to show. by: a column; one table for each of its values that
    these rows have.
    The content is the caption. Every row has a label, so that what rests on it can lead to it.
    """

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = dict.fromkeys(("columns", "where", "by"), directives.unchanged_required)

    def run(self):
        self.schema = PROCESSED[self.known("table", self.arguments[0], PROCESSED)]
        self.columns = [self._column(name) for name in self.options.get("columns", "").split()]
        if not self.columns:
            raise self.error(
                f"{{{self.name}}}: which columns are to be shown? For example `:columns: "
                f"{' '.join(self._stems()[:3])}`"
            )
        self.names = Names(self.words)
        frame = read_processed(self.arguments[0])
        if frame.empty:
            return [paragraph(self.words("table.none"))]
        chosen = ""
        if "where" in self.options:
            frame, chosen = self._chosen(frame)
        if "by" in self.options:
            fields = self.schema.columns.items()
            listed = [name for name, column in fields if column.refers or column.options]
            by = frame[self.known("column", self.options["by"], listed)]
            parts_of = dict([*frame.groupby(by, sort=False)])
            if by.hasnans:
                parts_of[NOT_STATED] = frame[by.isna()]
            return [
                self._table(part, f"{chosen}-{slug_among(value, parts_of)}", value)
                for value, part in parts_of.items()
            ]
        return [self._table(frame, chosen)]

    def _chosen(self, frame: pd.DataFrame) -> tuple[pd.DataFrame, str]:
        """The rows that `where` asks for, and what they have in common as a part of an anchor."""
        column, _, value = self.options["where"].partition("=")
        cells = frame[self.known("column", column, frame)]
        field = self.schema.columns[column]
        can_be = {*cells.dropna(), *(field.options or ())}
        can_be |= {True, False} if field.type == "boolean" else set()
        there = sorted({str(one).lower() for one in can_be})
        self.known("row with", f"{column}={value.lower()}", [f"{column}={one}" for one in there])
        chosen = slug_among(value.lower(), there)
        return frame[cells.astype(str).str.lower() == value.lower()], chosen

    def _table(self, frame: pd.DataFrame, chosen: str, part: str = "") -> nodes.table:
        rows = [
            [self._cell(row, column) for column in self.columns] for row in frame.to_dict("records")
        ]
        head = [self.words.known(f"column.{column}", column) for column in self.columns]
        result = table(head, rows, ids=self._anchors(frame), css="study-wide")
        caption = " ".join(self.content)
        if "by" in self.options:
            caption += f": {self._part(self.options['by'], part)}"
        result.insert(0, nodes.title("", caption))
        self.options["name"] = slug(f"tab-{self.arguments[0]}-{chosen}")
        self.add_name(result)
        return result

    def _part(self, column: str, value: str) -> str:
        field = self.schema.columns[column]
        if value == NOT_STATED:
            return self.words("not_stated")
        if field.refers:
            return ", ".join(self.names(field.refers, part) for part in parts(value))
        return self.words.known(f"{column}.{value}", value)

    def _stems(self) -> list[str]:
        """The columns as pages name them: without their language, and `source` for where a row
        comes from, if it tells that.
        """
        stems = in_language(self.schema.columns, self.words.language).values()
        return [*stems, *["source"] * self.schema.tells_passages]

    def _column(self, name: str) -> str:
        return name if name in self.schema.columns else self.known("column", name, self._stems())

    def _anchors(self, frame: pd.DataFrame) -> list[str] | None:
        name = self.arguments[0]
        if not is_named(name):
            return None
        anchors = [anchor(name, key_of(name, row)) for row in frame.to_dict("records")]
        for own in anchors:
            label(self.env, own, own)
        return anchors

    def _cell(self, row: dict, column: str):
        if column not in self.schema.columns and column == "source":
            return self._source(row)
        is_amount = "qualifier" in row and self.arguments[0] not in OWN
        if f"{column}_{self.words.language}" in row:
            text = self.words.text(row, column)
            return _sized(text, row) if is_amount and column == "display" else text
        value = row[column]
        field = self.schema.columns[column]
        if pd.isna(value):
            return ""
        if field.options:
            return self.words.known(f"{column}.{value}", value)
        if column == "title" and (language := language_of(row.get("citation_key"), self.env)):
            return [spoken(language, nodes.Text(value))]
        if field.refers:
            return self._referred(field.refers, value)
        if field.pattern == DATE:
            return [When("", self.words.date(value, row.get("date_qualifier")), begins=value)]
        if is_amount and column == "value":
            return _sized(amount(row, self.words), row)
        return shown(value, self.words)

    @functools.cached_property
    def _facts(self) -> dict[str, dict]:
        """The rows of amounts that other tables name."""
        return {cells["fact_id"]: cells for cells in read_processed("facts").to_dict("records")}

    def _referred(self, column: str, value: str):
        """What a cell names in another table."""
        if column == "all_units.unit_id":
            return [
                node
                for part in parts(value)
                for node in (link(anchor("statements", part), part), nodes.Text(" "))
            ]
        if column == "facts.fact_id":
            shown = link(anchor("facts", value), self.names(column, value))
            return _sized(shown, self._facts.get(value, {"value": None}))
        return ", ".join(self.names(column, part) for part in parts(value))

    def _source(self, row: dict) -> list[nodes.Node]:
        text = capitalised(passage(row["source_id"], row["locator"], self.words))
        cited = row.get("literature")
        if not isinstance(cited, str):
            return [nodes.Text(text)]
        keys = ",".join(parts(cited))
        (parsed,) = self.parse_text_to_nodes(f"{{cite:p}}`{keys}`")
        return [nodes.Text(text + " "), *parsed.children]


def _sized(said: str | nodes.Node, row: dict) -> list[nodes.Node] | str:
    """The amount of a row, which may be in words alone."""
    is_text = isinstance(said, str)
    if pd.isna(row["value"]):
        return said if is_text else [said]
    size = row["value"] * SIZES.get(row.get("unit"), 1)
    return [Amount("", "", nodes.Text(said) if is_text else said, size=size)]


class DataDictionary(DataDirective):
    """{data-dictionary}: every table with its card and the meaning and unit of every column, first
    those that the study declares in its own words; the others in English, as in the schema. Of
    tables that the study does not have, only the names.
    """

    def run(self):
        words = self.words
        derived = {
            name: schema for name, schema in PROCESSED.items() if schema is not RAW.get(name)
        }
        content = [offered(".", ARCHIVE, words("dictionary.archive"), words)]
        if not may_be_shown(paths.raw()):
            content.append(paragraph(words("dictionary.withheld")))
        if cited().date:
            content.append(offered(".", CRATE, words("dictionary.crate"), words))
        for kind, tables in (("raw", RAW), ("processed", derived)):
            there = {name: schema for name, schema in tables.items() if _is_there(kind, name)}
            lacking = {name: schema for name, schema in tables.items() if name not in there}
            section = nodes.section(
                "", nodes.title("", words(f"dictionary.{kind}")), ids=[f"tables-{kind}"]
            )
            own, given = (
                [
                    part
                    for name, schema in there.items()
                    if (name in OWN) == is_own
                    for part in self._table(f"data/{kind}", name, named(name, schema), words)
                ]
                for is_own in (True, False)
            )
            section += own
            section += in_english(*given, *self._lacking(f"data/{kind}", lacking, words))
            content.append(section)
        return content

    def _anchor(self, folder: str, name: str, file: str) -> str:
        anchor = (
            f"table-{name}"
            if folder == "data/raw" or name not in RAW
            else f"table-{name}-processed"
        )
        label(self.env, anchor, file)
        return anchor

    def _lacking(self, folder: str, tables: dict, words: Wording) -> list[nodes.Node]:
        """The files of tables that the study does not have, which links may still lead to."""
        files = {name: f"{folder}/{schema.file}" for name, schema in tables.items()}
        parts = [spoken(words.language, nodes.Text(words("dictionary.lacking")))]
        for name, file in files.items():
            target = nodes.target("", "", ids=[self._anchor(folder, name, file)])
            parts += [nodes.Text(" "), target, nodes.literal("", file)]
        return [paragraph("", *parts)] if files else []

    def _table(self, folder: str, name: str, schema, words: Wording) -> list[nodes.Node]:
        file = f"{folder}/{schema.file}"
        anchor = self._anchor(folder, name, file)
        is_own, title = name in OWN, nodes.Text(schema.title)
        title = title if is_own else spoken("en", title)
        section = nodes.section(
            "",
            nodes.title("", "", title),
            nodes.target("", "", ids=[anchor]),
            ids=[f"{anchor}-section"],
        )
        section += paragraph(
            "", nodes.literal("", file), nodes.Text(" – "), *_marked(schema.description)
        )
        section += paragraph("", *_card(schema, words, is_own), classes=("study-card",))
        if folder == "data/raw" and (paths.processed() / f"{name}.csv").is_file():
            section += offered("data", f"{name}.csv", f"data/processed/{name}.csv", words)
        section += details(
            words("dictionary.columns"),
            _columns(schema, words, is_own),
            language=words.language,
        )
        return [section]


def _is_there(kind: str, name: str) -> bool:
    """Whether the study has a table: a raw one its file, a processed one a row."""
    if kind == "raw":
        return (paths.raw() / RAW[name].file).exists()
    return not read_processed(name).empty


def _english(content: list[nodes.Node], is_own: bool) -> list[nodes.Node]:
    """Words of the machine, marked where those around them are the study's own."""
    return [spoken("en", *content)] if is_own else content


def _card(schema, words: Wording, is_own: bool) -> list[nodes.Node]:
    """Who has made a table, and under which licence and consent it may be used."""
    card = _english(_marked(f"{schema.made_by} "), is_own)
    for part, said in (("licence", schema.licence), ("consent", schema.consent)):
        if said:
            card += [spoken(words.language, nodes.Text(words(f"card.{part}")))]
            card += _marked(f": {said.rstrip('.')}. ")
    return card


def _columns(schema, words: Wording, is_own: bool) -> nodes.table:
    """What each column of a table means, and which values it takes."""
    head = [
        [spoken(words.language, nodes.Text(words(f"dictionary.{part}")))]
        for part in ("column", "type", "meaning", "values")
    ]
    rows = [
        [
            [nodes.literal("", column)],
            _english([nodes.Text(_kind(about))], is_own),
            _marked(about.description),
            _marked(_values(about)),
        ]
        for column, about in schema.columns.items()
    ]
    return table(head, rows, called=schema.title)


def _marked(text: str) -> list[nodes.Node]:
    """Text in which names stand between backticks."""
    return [
        nodes.literal("", part) if i % 2 else nodes.Text(part)
        for i, part in enumerate(text.split("`"))
        if part
    ]


def _kind(column) -> str:
    empty = "" if column.required else ", may be empty"
    return column.type + empty + (", may be left out" if column.may_lack else "")


def _values(column) -> str:
    if column.options:
        return "; ".join(f"{value}: {meaning}" for value, meaning in column.options.items())
    if column.refers:
        table, _, key = column.refers.rpartition(".")
        of_several = [one for one in JOINED.get(table, ()) if _is_there("raw", one)]
        places = " or ".join(f"{one}.{key}" for one in of_several or [table])
        return f"→ {places}" + (" (several, separated by ;)" if column.many else "")
    return column.unit or ""


def _open_time(translator, when: When) -> None:
    begins, _, ends = when["begins"].partition("/")
    span = f' data-span="{html.escape(when["begins"])}"' if ends else ""  # HTML knows no spans
    translator.body.append(f'<time datetime="{html.escape(begins)}"{span}>')


def _close_time(translator, _when: When) -> None:
    translator.body.append("</time>")


def _open_data(translator, amount: Amount) -> None:
    translator.body.append(f'<data value="{amount["size"]:.15g}">')


def _close_data(translator, _amount: Amount) -> None:
    translator.body.append("</data>")


def register(app) -> None:
    """Registers the directives, and how times and amounts are written."""
    app.add_node(When, html=(_open_time, _close_time))
    app.add_node(Amount, html=(_open_data, _close_data))
    app.add_directive("study-table", StudyTable)
    app.add_directive("data-dictionary", DataDictionary)
