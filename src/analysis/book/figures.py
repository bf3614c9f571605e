"""The directives `study-figure` and `study-result`: what a notebook published, with
caption, data and provenance.
"""

from __future__ import annotations

import csv
import html
import json
import re

from docutils import nodes

from analysis import paths
from analysis.book.directive import DataDirective
from analysis.book.downloads import place_of
from analysis.book.findings import carried_by
from analysis.book.names import Names
from analysis.book.nodes import address, details, documents, link, paragraph, passage, raw, table
from analysis.book.rows import anchor, code_anchor
from analysis.book.sentences import sentences
from analysis.manifest import against_release
from analysis.patches.pages import figure_numbers, place_of_label, titles_of_labels
from analysis.tables.columns import parts
from analysis.wording import capitalised

# as numbers are written in CSV files; not infinite ones and those with an exponent
NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
# where a mark of a drawing leads: the table and the id of a row
ROW = re.compile(r' href="row:([^"]*)"')
# what a drawing is called; a page calls it by its headline, and says the rest below it
NAME = re.compile(r'(?<=" )aria-label="[^"]*"(?= viewBox=)')
REQUIRED = ("caption", "sources", "data", "columns", "notebook")
SAVES = "run.save_table("  # how a notebook publishes a table
MOST = 12  # columns that can be read beside each other
DECIMALS = 3  # at most, of a number in a table


class Release(nodes.Element):
    """What has become of a figure or table since the last release; not found by search, so that the
    index depends on the report alone.
    """


class Drawing(nodes.Element):
    """The drawing of a figure in its frame, which scrolls on narrow screens, by keyboard too, and
    is called by the figure's number. It is put in when the page is written: no part of the
    document, so that search finds pages by what they say, not by what is written in figures.
    """


class Published(DataDirective):
    """What figures and tables have in common: one argument, the name of the
    run; nothing else to set.
    """

    required_arguments = 1

    def record(self, folder, required) -> dict:
        path = folder / f"{self.arguments[0]}.json"
        if not path.is_file():
            self.known(
                "published " + folder.name.removesuffix("s"),
                self.arguments[0],
                sorted(other.stem for other in folder.glob("*.json")),
            )
        self.env.note_dependency(str(path))
        record = json.loads(path.read_text("utf-8"))
        # What rests on tables that name no passage says so: its sources are None.
        told = record | ({"sources": True} if record.get("sources", []) is None else {})
        missing = [part for part in required if not told.get(part) and "skipped" not in record]
        if missing:
            raise self.error(f"{{{self.name}}}: {self.arguments[0]!r} has no {', '.join(missing)}")
        return record

    def named(self, node: nodes.Element, prefix: str) -> None:
        self.options["name"] = f"{prefix}-{self.arguments[0]}"
        self.add_name(node)

    def data_tables(self, folder, record: dict, called: str = "") -> list[nodes.table]:
        """The numbers as a table; of many columns as several, with the first of them in each."""
        with (folder / f"{record['name']}.csv").open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        self.names = Names(self.words)
        return [
            table(
                [record["columns"][i] for i in chosen],
                [[self._shown(record, header[i], row[i]) for i in chosen] for row in rows],
                css="study-data",
                called=called,
            )
            for chosen in side_by_side(len(header))
        ]

    def _shown(self, record: dict, column: str, cell: str) -> str | list[nodes.Node]:
        is_number = column in record["numbers"]
        return self._number(column, cell) if is_number else self._cell(column, cell)

    def _cell(self, column: str, cell: str) -> str | list[nodes.Node]:
        if column == "literature":
            return self._cited(cell)
        if column == "locator":
            return capitalised(self.words.locator(cell)) if cell else ""
        if column == "unit_id":
            links = [link(anchor("statements", unit), unit) for unit in parts(cell)]
            return [node for one in links for node in (one, nodes.Text(" "))] if cell else ""
        if cell == self.words("not_stated"):
            return [nodes.inline("", cell, classes=["study-silent"])]
        if column == "source_id":
            return self.names("sources.source_id", cell)
        return cell

    def _number(self, column: str, cell: str) -> str:
        """A number as the language writes it, a year as it is; zeros at the end stay."""
        if column.endswith("year"):
            # whole numbers become decimal ones where a cell is empty
            return cell.removesuffix(".0")
        is_year = cell.isdigit() and len(cell) == 4
        if is_year or not NUMBER.fullmatch(cell):
            return cell
        decimals = min(len(cell.partition(".")[2]), DECIMALS)
        return self.words.number(float(cell), decimals if decimals > 1 else None)

    def _cited(self, keys: str) -> list[nodes.Node]:
        """The works behind a list of keys, as the text cites them."""
        if not keys:
            return []
        (parsed,) = self.parse_text_to_nodes(f"{{cite:alp}}`{keys.replace(', ', ',')}`")
        return parsed.children

    def provenance(self, record: dict, kind: str) -> list[nodes.Node]:
        words = self.words
        run = link(f"run-{record['name']}", f"{record['notebook']}.ipynb")
        given = record["parameters"].items()
        settings = ", ".join(f"{name} = {value}" for name, value in given if value != "")
        files = table(
            [words("provenance.table"), "SHA-256"],
            [
                [[link(f"table-{name}", f"{name}.csv")], self._digest(f"{name}.csv", digest)]
                for name, digest in record["data"].items()
            ],
            called=words("provenance"),
        )
        source = f"source of {record['name']} called"
        places = [
            passage(self.known(source, place["source_id"], documents()), place["locator"], words)
            for place in record.get("sources") or []
        ]
        passages = nodes.bullet_list(
            "", *[nodes.list_item("", paragraph(capitalised(place))) for place in places]
        )
        return details(
            words("provenance"),
            paragraph(words("provenance.notebook") + " ", run, nodes.Text(f" ({settings})")),
            paragraph(words("provenance.code") + " ", *self._code(record["notebook"])),
            files,
            *([paragraph(words("provenance.passages")), passages] if len(passages) else []),
            *self.release(record, kind),
            css="study-provenance",
        )

    def _code(self, notebook: str) -> list[nodes.Node]:
        """What computes and draws: the notebook as it is committed, and the module of its name."""
        files = (f"notebooks/{notebook}.ipynb", f"src/analysis/figures/{notebook}.py")
        there = [file for file in files if place_of(file, self.config.study_language)]
        return [node for file in there for node in (nodes.literal("", file), nodes.Text(" "))]

    def _digest(self, file: str, digest: str) -> list[nodes.Node]:
        """The digest of a processed table, which leads to the file itself."""
        up = "../" * self.env.docname.count("/")
        start = f'<a href="{address(up, "data/", file)}" title="{html.escape(file)}" download>'
        return [raw(start), nodes.literal("", digest[:16]), raw("</a>")]

    def release(self, record: dict, kind: str) -> list[nodes.Element]:
        """How it compares with the last release; nothing where there is none."""
        found = against_release(kind, record["language"], record["name"])
        if found is None:
            return []
        release, verdict = found
        text = self.words(
            "release", release=release, verdict=self.words(f"release.{verdict.replace(' ', '_')}")
        )
        return [Release(text=text)]

    def downloads(self, record: dict, folder: str, suffixes: tuple[str, ...]) -> nodes.raw:
        up = "../" * self.env.docname.count("/")
        called = html.escape(record.get("headline") or sentences(record["caption"])[0])
        files = " ".join(
            f'<a href="{address(up, folder, "/", record["name"], ".", suffix)}" download '
            f'aria-label="{suffix.upper()}: {called}">{suffix.upper()}</a>'
            for suffix in suffixes
        )
        return raw(f'<p class="study-downloads">{html.escape(self.words("downloads"))} {files}</p>')


class StudyFigure(Published):
    """{study-figure} NAME: the figure, numbered; below it its data, downloads and provenance."""

    def run(self):
        folder = paths.figures(self.config.study_language)
        record = self.record(folder, (*REQUIRED, "headline", "alt"))
        if "skipped" in record:
            return self.skipped(record)
        below = address("below-", record["name"])
        drawing = Drawing(
            "",
            path=folder / f"{record['name']}.html",
            page=self.env.docname,
            said=f'aria-label="{html.escape(record["headline"])}" aria-details="{below}"',
        )
        drawing["note"], drawing["keys"] = self.words("marks"), self.words("marks.keys")
        headline, caption = (
            nodes.strong("", record["headline"]),
            nodes.Text(f" {record['caption']}"),
        )
        figure = nodes.figure(
            "",
            drawing,
            nodes.caption("", "", headline, *carried_by(record["name"], self.words), caption),
            classes=["study-figure"],
            align="default",
        )
        if reading := record.get("reading"):
            figure += nodes.legend("", *details(self.words("reading"), paragraph(reading)))
        self.named(figure, "fig")
        data = details(
            self.words("described"),
            paragraph(record["alt"].removeprefix(record["headline"]).strip()),
            *self.data_tables(folder, record, called=record["headline"]),
        )
        more = nodes.container(
            "", *data, *self.provenance(record, "figures"), classes=["study-below"], ids=[below]
        )
        more.insert(0, self.downloads(record, "figures", ("svg", "png", "csv")))
        return [figure, more]

    def skipped(self, record: dict) -> list[nodes.Node]:
        """Why there is no figure, in its place and with its number, so that
        references to it lead somewhere.
        """
        figure = nodes.figure(
            "", nodes.caption("", record["skipped"]), classes=["study-figure"], align="default"
        )
        self.named(figure, "fig")
        more = nodes.container("", *self.provenance(record, "figures"), classes=["study-below"])
        return [figure, more]


class StudyResult(Published):
    """{study-result} NAME: a table that a notebook published, numbered, with
    downloads and provenance.
    """

    def run(self):
        folder = paths.tables(self.config.study_language)
        if not (folder / f"{self.arguments[0]}.json").is_file() and (record := self._without()):
            return self.skipped(record)
        record = self.record(folder, REQUIRED)
        result, *others = self.data_tables(folder, record)
        result.insert(0, nodes.title("", record["caption"]))
        self.named(result, "result")
        more = nodes.container(
            "",
            self.downloads(record, "tables", ("csv",)),
            *self.provenance(record, "tables"),
            classes=["study-below"],
        )
        return [result, *others, more]

    def _without(self) -> dict | None:
        """The record of a run that has saved no table, though its notebook does, with the reason:
        one that had nothing to publish says so once, among the figures.
        """
        figures = paths.figures(self.config.study_language)
        if not (figures / f"{self.arguments[0]}.json").is_file():
            return None
        record = self.record(figures, ())
        if "skipped" in record:
            return record
        notebook = paths.notebook(record["notebook"]).read_text("utf-8-sig")
        return record | {"skipped": self.words("table.none")} if SAVES in notebook else None

    def skipped(self, record: dict) -> list[nodes.Node]:
        """Why there is no table, in its place and with its number."""
        result = table([self.words("data_table")], [["–"]], css="study-data")
        result.insert(0, nodes.title("", record["skipped"]))
        self.named(result, "result")
        more = nodes.container("", *self.provenance(record, "figures"), classes=["study-below"])
        return [result, more]


def side_by_side(columns: int) -> list[list[int]]:
    """Which columns each of several tables has so that all can be read: the first and about as many
    others each.
    """
    others = list(range(1, columns))
    tables = max(1, -(-len(others) // (MOST - 1)))
    each = max(1, -(-len(others) // tables))
    return [[0, *others[i * each : (i + 1) * each]] for i in range(tables)]


class ListOf(DataDirective):
    """{list-of} figure: every numbered figure (or table) of the book that has a title, linked,
    in the order of the pages.
    """

    required_arguments = 1

    def run(self):
        return [
            nodes.paragraph(
                "", "", list_of=self.known("list of", self.arguments[0], ("figure", "table"))
            )
        ]


def _fill_lists(app, doctree, docname) -> None:
    for place in list(doctree.findall(nodes.paragraph)):
        if "list_of" in place:
            place.replace_self(_numbered(app, docname, place["list_of"]))


def _numbered(app, docname: str, kind: str) -> nodes.bullet_list:
    numbers = [
        (number, page, anchor) for of, page, anchor, number in figure_numbers(app.env) if of == kind
    ]
    titles = titles_of_labels(app.env)
    items = nodes.bullet_list(classes=["study-list"])
    for number, document, node_id in sorted(numbers):
        title = titles.get((document, node_id), "")
        if not title:
            continue  # a bare number tells nobody what they will find
        shown = app.config.numfig_format[kind] % ".".join(map(str, number))
        uri = app.builder.get_relative_uri(docname, document) + f"#{node_id}"
        text = f"{shown}: {sentences(title)[0].rstrip('.')}"
        items += nodes.list_item(
            "", paragraph("", nodes.reference("", text, internal=True, refuri=uri))
        )
    return items


def _write_release(translator, node: Release) -> None:
    translator.body.append(f'<p class="study-release">{html.escape(node["text"])}</p>')
    raise nodes.SkipNode


def _write_drawing(translator, node: Drawing) -> None:
    (label,) = node.parent["ids"][-1:]
    number = translator.builder.fignumbers.get("figure", {}).get(label, ())
    name = translator.config.numfig_format["figure"] % ".".join(map(str, number))
    drawn = NAME.sub(lambda _: node["said"], node["path"].read_text("utf-8"))
    drawing = _linked(drawn, node["page"], translator.builder)
    note, about = "", f"{label}-marks"
    if "<a href=" in drawing:
        drawing = drawing.replace("<svg ", f'<svg aria-describedby="{about}" ')
        note = (
            f'<p class="study-marks" id="{about}">{html.escape(node["note"])}'
            f'<span class="study-keys" hidden>{html.escape(node["keys"])}</span>.</p>'
        )
    translator.body.append(
        f'<div class="study-frame" role="group" tabindex="0" aria-label="{html.escape(name)}">'
        f"{drawing}</div>{note}"
    )
    raise nodes.SkipNode


def _linked(markup: str, page: str, builder) -> str:
    """A drawing whose marks lead from this page to the rows they stand for; those of rows that the
    book does not show lead nowhere.
    """

    def href(found: re.Match) -> str:
        table, _, row = html.unescape(found[1]).partition(":")
        label = code_anchor(*row.split(":")) if table == "codes" else anchor(table, row)
        place = place_of_label(builder.env, label)
        if place is None:
            return ""
        uri = builder.get_relative_uri(page, place[0]) + f"#{place[1]}"
        return f' href="{html.escape(uri)}"'

    return ROW.sub(href, markup)


def register(app) -> None:
    """Registers the directives."""
    app.add_node(Release, html=(_write_release, None))
    app.add_node(Drawing, html=(_write_drawing, None))
    app.add_directive("study-figure", StudyFigure)
    app.add_directive("study-result", StudyResult)
    app.add_directive("list-of", ListOf)
    app.connect("doctree-resolved", _fill_lists)
