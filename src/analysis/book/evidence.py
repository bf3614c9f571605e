"""The directives `codebook`, `code-matrix`, `theme-matrix`, `coded-statements`, `assumptions` and
the role `unit`: what the counts rest on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd
from docutils import nodes
from sphinx.util.docutils import SphinxRole

from analysis import paths
from analysis.book.directive import DataDirective
from analysis.book.nodes import in_english, label, left_out, link, paragraph, passage, table
from analysis.book.rows import UnknownRowError, code_anchor, row
from analysis.processed.store import read_processed, some_only_count
from analysis.wording import Wording, capitalised


class Codebook(DataDirective):
    """{codebook}: every dimension with its codes and their definitions, if there are any."""

    def run(self):
        words, content = self.words, []
        for dimension, codes in _per_dimension():
            rows = [
                [
                    [link(code_anchor(code["code"]), words.text(code, "label"))],
                    [nodes.literal("", code["code"])],
                    words.text(code, "definition"),
                ]
                for code in codes.to_dict("records")
            ]
            title = nodes.title("", words.text(dimension, "label"))
            kind = paragraph(
                words("codebook.single" if dimension["is_single"] else "codebook.multiple")
            )
            name = dimension["dimension"]
            head = [words("column.label"), words("code"), words("column.definition")]
            if not any(definition for *_, definition in rows):
                head, *rows = [line[:-1] for line in (head, *rows)]
            content.append(
                nodes.section(
                    "",
                    title,
                    kind,
                    table(head, rows, css="study-wide", called=title.astext()),
                    ids=[f"dimension-{name}"],
                )
            )
        return content


class CodeMatrix(DataDirective):
    """{code-matrix}: statements per code and place; every count leads to its statements."""

    def run(self):
        words, content = self.words, []
        places, counts = _places(), _counted()
        head = [
            words("code"),
            *[words.text(place, "label") for place in places.to_dict("records")],
        ]
        for dimension, codes in _per_dimension():
            of_codes = counts[counts["code"].isin(codes["code"])]
            if not (of_codes["statements"] + of_codes["aggregated"].fillna(1)).any():
                continue
            rows = [self._row(code, places, counts) for code in codes.to_dict("records")]
            title = nodes.rubric("", words.text(dimension, "label"))
            content += [title, table(head, rows, css="study-matrix", called=title.astext())]
        if some_only_count():
            content.append(paragraph(words("aggregated")))
        return content

    def _row(self, code, places, counts):
        row = [[link(code_anchor(code["code"]), self.words.text(code, "label"))]]
        of_code = counts[counts["code"] == code["code"]].set_index("place")
        for place in places["place"]:
            n, more = of_code.loc[place, ["statements", "aggregated"]]
            cell = [link(code_anchor(code["code"], place), str(n))] if n else []
            also = " + …" if pd.isna(more) else f" + {more}" if more else ""
            row.append([*cell, nodes.Text(also)] if also else cell or "")
        return row


class ThemeMatrix(DataDirective):
    """{theme-matrix}: the thematic summaries, numbered, a row for each theme and a column for each
    municipality; every cell leads to its statements. The content is the caption.
    """

    has_content = True

    def run(self):
        summaries = read_processed("summaries")
        if summaries.empty:
            return [paragraph(self.words("table.none"))]
        self.cells = summaries.set_index(["theme_code", "municipality_id"]).to_dict("index")
        themes = self._used("codes", "code", summaries["theme_code"])
        places = self._used("municipalities", "municipality_id", summaries["municipality_id"])
        rows = [
            [
                [nodes.strong("", self.words.text(theme, "label"))],
                *(self._cell(theme["code"], place["municipality_id"]) for place in places),
            ]
            for theme in themes
        ]
        named = [self.words.text(place, "label") for place in places]
        result = table([self.words("column.theme_code"), *named], rows, css="study-themes")
        result.insert(0, nodes.title("", " ".join(self.content)))
        self.options["name"] = "tab-summaries"
        self.add_name(result)
        return [result]

    def _used(self, name: str, key: str, used: pd.Series) -> list[dict]:
        """The rows of a table that are used, in its order."""
        frame = read_processed(name)
        return frame[frame[key].isin(used)].to_dict("records")

    def _cell(self, theme: str, place: str) -> list[nodes.Node]:
        if (theme, place) not in self.cells:
            return [nodes.inline("", self.words("not_stated"), classes=["study-silent"])]
        summary = self.cells[theme, place]
        units = summary["unit_id"].replace(";", " ")
        (mark,) = self.parse_text_to_nodes(f"{{evidence}}`{units}`")
        return [nodes.Text(self.words.text(summary, "text")), *mark.children]


class CodedStatements(DataDirective):
    """{coded-statements}: under each code the statements that carry it, by
    place, each with its passage.
    """

    def run(self):
        words = self.words
        codings, statements = read_processed("codings"), read_processed("statements")
        self.linked: set[str] = set()
        coded: dict[tuple[str, str], list[dict]] = {}
        for coding in codings.merge(_placed(statements), on="unit_id").to_dict("records"):
            coded.setdefault((coding["code"], coding["place"]), []).append(coding)
        places = [*_places().to_dict("records"), {"place": "none"}]
        content = []
        for dimension, codes in _per_dimension():
            section = nodes.section(
                "",
                nodes.title("", words.text(dimension, "label")),
                ids=[f"statements-{dimension['dimension']}"],
            )
            for code in codes.to_dict("records"):
                here = [(place, coded.get((code["code"], place["place"]))) for place in places]
                if any(found for _, found in here):
                    section += self._code(code, here)
            if len(section) > 1:
                content.append(section)
        uncoded = statements[~statements["unit_id"].isin(codings["unit_id"])]
        if len(uncoded):
            content.append(self._uncoded(uncoded))
        return [*content, *left_out(words)]

    def _uncoded(self, statements: pd.DataFrame) -> nodes.section:
        section = nodes.section(
            "", nodes.title("", self.words("uncoded")), ids=["statements-uncoded"]
        )
        section += self._items(statements.to_dict("records"))
        return section

    def _code(self, code: dict, here: list[tuple[dict, list[dict] | None]]) -> nodes.section:
        name = self.words.text(code, "label")
        anchor = code_anchor(code["code"])
        label(self.env, anchor, name)
        section = nodes.section(
            "", nodes.title("", name), paragraph(self.words.text(code, "definition")), ids=[anchor]
        )
        for place, found in here:
            if found:
                section += self._place(code["code"], name, place, found)
        return section

    def _place(self, code: str, name: str, place: dict, here: list[dict]) -> list[nodes.Node]:
        anchor = code_anchor(code, place["place"])
        title = (
            self.words("no_municipality")
            if place["place"] == "none"
            else self.words.text(place, "label")
        )
        label(self.env, anchor, f"{name}: {title}")
        return [nodes.rubric("", title, ids=[anchor]), self._items(here)]

    def _items(self, statements: list[dict]) -> nodes.bullet_list:
        items = nodes.bullet_list(classes=["study-statements"])
        for statement in statements:
            unit = statement["unit_id"]
            where = passage(statement["source_id"], statement["locator"], self.words)
            how = (
                ""
                if statement["attribution"] in ("explicit", "none")
                else f" ({self.words('attribution.' + statement['attribution'])})"
            )
            mark = nodes.inline("", f" {unit}, {where}{how}", classes=["study-passage"])
            item = nodes.list_item("", paragraph(self.words.text(statement, "gist"), mark))
            # a statement stands under each of its codes; links lead to the first place
            if unit not in self.linked:
                item["ids"].append(f"unit-{unit}")
                label(self.env, f"unit-{unit}", unit)
                self.linked.add(unit)
            items += item
        return items


class UnitRole(SphinxRole):
    """{unit}`s07`: a coded statement by its name, linked."""

    def run(self):
        try:
            return [link(row(self.text).anchor, self.text)], []
        except UnknownRowError as error:
            return [], [self.inliner.reporter.error(f"{{unit}}: {error}", line=self.lineno)]


class Assumptions(DataDirective):
    """{assumptions}: every comment of the project's code that is marked `# ASSUME`, whole, with its
    place.
    """

    def run(self):
        items = nodes.bullet_list()
        for path in sorted((paths.root() / "src").rglob("*.py")):
            for number, text in assumptions_in(path.read_text("utf-8")):
                place = nodes.literal("", f"{paths.shown(path)}:{number}")
                items += nodes.list_item("", paragraph(capitalised(text) + " ", place))
        if not len(items):
            return [paragraph(self.words("assumptions.none"))]
        return in_english(items)


def assumptions_in(code: str) -> list[tuple[int, str]]:
    """The line and the text of each comment that is marked, up to its last line."""
    marked = re.finditer(r"^ *# ASSUME:? (.+(?:\n *# .+)*)", code, re.MULTILINE)
    return [
        (code.count("\n", 0, found.start()) + 1, re.sub(r"\n *# ", " ", found[1]))
        for found in marked
    ]


def _per_dimension() -> Iterator[tuple[dict, pd.DataFrame]]:
    """Each dimension and its codes, in the order of the codebook."""
    codes = read_processed("codes")
    for dimension in read_processed("dimensions").to_dict("records"):
        chosen = codes[codes["dimension"] == dimension["dimension"]]
        if len(chosen):
            yield dimension, chosen


def _placed(statements: pd.DataFrame) -> pd.DataFrame:
    """Statements with the place they are counted for: the municipality of an interview, the case
    of a case study.
    """
    case = ("case-" + statements["case_id"]).where(statements["corpus"] == "case")
    return statements.assign(place=case.fillna(statements["municipality_id"]).fillna("none"))


def _places() -> pd.DataFrame:
    municipalities = read_processed("municipalities").rename(columns={"municipality_id": "place"})
    cases = read_processed("cases").rename(columns={"case_id": "place"})
    cases = cases.assign(place="case-" + cases["place"])
    for column in cases.columns[cases.columns.str.startswith("label_")]:
        words = Wording(column.removeprefix("label_"))
        cases[column] = words("case_study") + ": " + cases[column]
    return pd.concat([municipalities, cases], ignore_index=True)


def _counted() -> pd.DataFrame:
    interviews = read_processed("code_counts").rename(columns={"municipality_id": "place"})
    cases = read_processed("case_counts").rename(columns={"case_id": "place"})
    cases = cases.assign(place="case-" + cases["place"], aggregated=0)
    return pd.concat([interviews, cases], ignore_index=True)


def register(app) -> None:
    """Registers the directives."""
    app.add_directive("codebook", Codebook)
    app.add_directive("code-matrix", CodeMatrix)
    app.add_directive("theme-matrix", ThemeMatrix)
    app.add_directive("coded-statements", CodedStatements)
    app.add_directive("assumptions", Assumptions)
    app.add_role("unit", UnitRole())
