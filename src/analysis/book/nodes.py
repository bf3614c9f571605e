"""Small builders of document nodes that the directives share."""

from __future__ import annotations

import functools
import html
from pathlib import Path
from urllib.parse import quote

import pandas as pd
from docutils import nodes
from sphinx.addnodes import pending_xref

from analysis import paths
from analysis.patches.pages import add_label
from analysis.processed.store import read_processed, some_only_count
from analysis.wording import ENGLISH, Wording


def raw(markup: str) -> nodes.raw:
    """HTML as it is."""
    return nodes.raw("", markup, format="html")


def address(*parts: str) -> str:
    """The address of a file of the site, for an attribute: names of runs may hold any sign."""
    return html.escape(quote("".join(parts)))


def offered(folder: str, name: str, shown: str, words: Wording) -> nodes.raw:
    """A link to a file of the site that can be taken away, on a page beside its folder."""
    file = f'<a href="{address(folder, "/", name)}" download>{html.escape(shown)}</a>'
    said = html.escape(words("downloads"))
    return raw(f'<p class="study-downloads" lang="{words.language}">{said} {file}</p>')


def details(
    summary: str, *content: nodes.Node, css: str = "", language: str = ""
) -> list[nodes.Node]:
    """Content that opens on a click; works without JavaScript. language: of the summary, if not
    that of what is around it.
    """
    lang, css = f' lang="{language}"' if language else "", f"study-details {css}".strip()
    return [
        raw(f'<details class="{css}"><summary{lang}>{html.escape(summary)}</summary>'),
        *content,
        raw("</details>"),
    ]


def spoken(language: str, *content: nodes.Node) -> nodes.inline:
    """Words of another language than what is around them, or of the page's own within another."""
    return nodes.inline("", "", *content, classes=[f"language-{language}"])


def in_english(*content: nodes.Node) -> list[nodes.Node]:
    """Content that is English in every edition, marked for screen readers, hyphenation and what
    is told of it elsewhere.
    """
    for node in content:
        node["lang"] = ENGLISH
    return [raw('<div lang="en">'), *content, raw("</div>")]


def paragraph(text: str, *more: nodes.Node, classes: tuple[str, ...] = ()) -> nodes.paragraph:
    """A paragraph of plain text, followed by inline nodes."""
    return nodes.paragraph("", text, *more, classes=list(classes))


def left_out(words: Wording) -> list[nodes.Node]:
    """What stands behind statements and what is counted in them, if some of them only count."""
    return [paragraph(words("left_out"))] if some_only_count() else []


def link(label: str, text: str, **attributes) -> nodes.inline:
    """A link to a label of this book, shown as `text`; just the text where
    the book has no such label.
    """
    target = {
        "refdomain": "std",
        "reftype": "ref",
        "reftarget": label,
        "refexplicit": True,
        "refwarn": False,
    }
    return nodes.inline("", "", pending_xref("", nodes.inline("", text), **target), **attributes)


def label(env, name: str, title: str, anchor: str | None = None) -> None:
    """Makes `name` a label in the current document, so that links from anywhere find it: the anchor
    of the same name, or `anchor`.
    """
    add_label(env, name, env.docname, name if anchor is None else anchor, title)


def table(
    header: list[str],
    rows: list[list[list[nodes.Node] | str]],
    *,
    ids: list[str] | None = None,
    css: str = "",
    called: str = "",
) -> nodes.table:
    """A table; a cell is text or a list of nodes, the first of a row is its head. ids: one anchor
    per row. css: further class names. called: what those hear who do not see what stands above it.
    """
    group = nodes.tgroup("", cols=len(header))
    group += [nodes.colspec("", colwidth=1, stub=not i) for i, _ in enumerate(header)]
    group += nodes.thead("", _row(header))
    body = nodes.tbody()
    for i, cells in enumerate(rows):
        row = _row(cells)
        if ids:
            row["ids"].append(ids[i])
        body += row
    group += body
    # Not as a title, which Sphinx would number and list.
    caption = f'<caption class="study-unseen">{html.escape(called)}</caption>'
    unseen = [raw(caption)] if called else []
    return nodes.table("", *unseen, group, classes=["study-table", *css.split()])


def _row(cells) -> nodes.row:
    row = nodes.row()
    for cell in cells:
        content = [nodes.Text(cell)] if isinstance(cell, str) else cell
        is_list = any(isinstance(node, nodes.bullet_list) for node in content)
        row += nodes.entry("", *(content if is_list else [nodes.paragraph("", "", *content)]))
    return row


def shown(value, words: Wording) -> str:
    """A cell's value as this language writes it; years and whole numbers
    without grouping up to 9999.
    """
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, bool):
        return words("yes" if value else "no")
    if isinstance(value, float):
        return words.number(value)
    return str(value)


def passage(source: str, locator: str, words: Wording) -> str:
    """A passage in words: section, paragraph; before it the document,
    unless it is the study itself, or none is named.
    """
    place = words.locator(locator)
    if pd.isna(source):
        return place
    document = documents()[source]
    return place if document["role"] == "study" else f"{words.text(document, 'label')}, {place}"


def documents() -> dict[str, dict]:
    """Every source by its id."""
    return _documents(paths.processed())


@functools.cache  # thousands of passages are named
def _documents(_folder: Path) -> dict[str, dict]:
    return {cells["source_id"]: cells for cells in read_processed("sources").to_dict("records")}
