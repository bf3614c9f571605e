"""The directive `study-lists`: the rows of a table as lists, one for each value of a column."""

from __future__ import annotations

from typing import ClassVar

import pandas as pd
from docutils import nodes
from docutils.parsers.rst import directives

from analysis.book.directive import DataDirective, slug, slug_among
from analysis.book.names import Names
from analysis.book.nodes import link, paragraph, table
from analysis.book.rows import anchor, key_of
from analysis.processed.store import read_processed
from analysis.tables import PROCESSED
from analysis.tables.columns import parts


class StudyLists(DataDirective):
    """{study-lists} NAME: a line for each value of a column, and in it the rows that have it.

    by: the column, of a closed list or of codes. where: `column=value`, the rows of NAME to list.
    with: columns that stand in brackets behind each label. only-stated: leaves out the rows without
    a value, which have a line of their own otherwise, the last one. Each label leads to its row; in
    a table without labels the key does.
    The content is the caption; without one it is the name of the value that `where` asks for.
    A value of a closed list that nothing has is left out; a code that nothing has stays,
    as that is worth knowing.
    """

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {
        **dict.fromkeys(("by", "where", "with"), directives.unchanged_required),
        "only-stated": directives.flag,
    }

    def run(self):
        self.name_of_table = self.known("table", self.arguments[0], PROCESSED)
        self.fields = PROCESSED[self.name_of_table].columns
        self.names = Names(self.words)
        by = self._by()
        self.details = self._with()
        if read_processed(self.name_of_table).empty:
            return [paragraph(self.words("table.none"))]
        frame, caption, part = self._chosen()
        head = [self.words.known(f"column.{by}", by), self.words("column.label")]
        result = table(head, self._lines(by, frame), css="study-lists")
        result.insert(0, nodes.title("", " ".join(self.content) or caption))
        self.options["name"] = slug(f"tab-{self.name_of_table}-of-{part or by}")
        self.add_name(result)
        return [result]

    def _by(self) -> str:
        """The column whose values get a line each."""
        if "by" not in self.options:
            raise self.error(f"{{{self.name}}}: by which column? For example `:by: kind`")
        fields = self.fields.items()
        listed = [name for name, field in fields if field.options or field.refers == "codes.code"]
        return self.known("list of values", self.options["by"], listed)

    def _with(self) -> list[str]:
        """The columns behind each label, which are those of a closed list or of ids."""
        known = [name for name, field in self.fields.items() if field.options or field.refers]
        return [self.known("column", name, known) for name in self.options.get("with", "").split()]

    def _chosen(self) -> tuple[pd.DataFrame, str, str]:
        """The rows to list, and what they have in common: its name, and a part of an anchor."""
        frame = read_processed(self.name_of_table)
        if "where" not in self.options:
            return frame, "", ""
        column, _, value = self.options["where"].partition("=")
        self.known("column", column, [name for name, field in self.fields.items() if field.refers])
        there = sorted(frame[column].dropna().unique())
        self.known("row with", f"{column}={value}", [f"{column}={each}" for each in there])
        name = self.names(self.fields[column].refers, value)
        return frame[frame[column] == value], name, slug_among(value, there)

    def _lines(self, by: str, frame: pd.DataFrame) -> list[list]:
        """A line for each value, and one for the rows without any."""
        having = frame[by].map(parts)
        lines = [
            [self._heading(by, value), self._list(frame[[value in cell for cell in having]])]
            for value in self._values(by, frame)
        ]
        rest = frame[[not cell for cell in having]]
        if len(rest) and "only-stated" not in self.options:
            lines.append([self.words("not_stated"), self._list(rest)])
        return lines

    def _values(self, column: str, frame: pd.DataFrame) -> list[str]:
        """The values that get a line, in the order of the list or codebook they are from."""
        used = set(frame[column].map(parts).explode())
        if self.fields[column].options:
            return [value for value in self.fields[column].options if value in used]
        codes = read_processed("codes").set_index("code")["dimension"]
        return codes.index[codes.isin(codes[codes.index.isin(used)])].to_list()

    def _heading(self, column: str, value: str) -> str:
        if self.fields[column].refers:
            return self.names(self.fields[column].refers, value)
        listed = f"listed.{column}.{value}"
        return self.words.known(listed, self._said(column, value))

    def _list(self, rows: pd.DataFrame) -> list[nodes.Node] | str:
        items = [nodes.list_item("", self._item(row)) for row in rows.to_dict("records")]
        return [nodes.bullet_list("", *items)] if items else self.words("nothing_reported")

    def _item(self, row: dict) -> nodes.paragraph:
        key = key_of(self.name_of_table, row)
        label = self.words.text(row, "label") if self.words.column("label") in row else ""
        name = link(anchor(self.name_of_table, key), label or key)
        details = [
            self._detail(column, row[column]) for column in self.details if pd.notna(row[column])
        ]
        return paragraph("", name, nodes.Text(f" ({'; '.join(details)})" if details else ""))

    def _detail(self, column: str, value: str) -> str:
        if self.fields[column].options:
            return self._said(column, value)
        return ", ".join(self.names(self.fields[column].refers, part) for part in parts(value))

    def _said(self, column: str, value: str) -> str:
        """A value of a closed list in words; as it is written where a table is the study's own."""
        return self.words.known(f"{column}.{value}", value)


def register(app) -> None:
    """Registers the directive."""
    app.add_directive("study-lists", StudyLists)
