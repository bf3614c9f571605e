"""Names what readers of a page would see as it is written, as something is wrong with what it was
meant for, and what they would not see at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from docutils import nodes

# What stands there, and what may have been meant.
SLIPS = {
    re.compile(r"\[\^[^\]\s]*\]"): "a note of this name on the page, [^NAME]: TEXT",
    re.compile(r"\{\{.*|.*\}\}"): "{{ NAME }}, both braces closed, on one line",
    re.compile(r"(?<![{\\])\{[a-z][\w:-]*\}"): "a role with its text right behind it, {ROLE}`TEXT`",
    re.compile(r"\[[^\[\]]*\]\([^)]*\)?"): "a link, [TEXT](ADDRESS) or [TEXT](<FILE>)",
    re.compile(r"\[[^\[\]]+\]\[[^\[\]]*\]"): "a line [NAME]: ADDRESS for [TEXT][NAME]",
}


def _is_page(renderer) -> bool:
    return str(renderer.document["source"]).endswith(".md")


def _at_texts(render: Callable) -> Callable:
    """Tells signs of Markdown that would be shown."""

    def render_text(renderer, token) -> None:
        render(renderer, token)
        if _is_page(renderer) and token.map:
            for sign, meant in SLIPS.items():
                for found in sign.findall(token.content):
                    wrong = f"{found.strip()!r} would be shown as it is written; expected {meant}"
                    renderer.reporter.error(
                        f"{wrong}, or `…` around what is no Markdown", line=token.map[0]
                    )

    return render_text


def _at_html(render: Callable) -> Callable:
    """Notes the line of HTML, for who looks at it when the page is whole."""

    def render_html(renderer, token) -> None:
        before = len(renderer.current_node)
        render(renderer, token)
        for node in renderer.current_node[before:]:
            node["page_line"] = token.map[0] if token.map else 0

    return render_html


def _at_rows(render: Callable) -> Callable:
    """Tells cells that have no column."""

    def render_row(renderer, token) -> None:
        render(renderer, token)
        if left := [cell for cell in token.meta.get("left_out", ()) if cell]:
            wrong = f"the row has more cells than the table has heads: {' | '.join(left)!r}"
            renderer.reporter.error(
                f"{wrong} would be left out; expected a head for each, or \\| for | in a cell",
                line=token.map[0],
            )

    return render_row


def _at_comments(render: Callable) -> Callable:
    """Tells lines of a paragraph that begin as a comment does."""

    def render_comment(renderer, token) -> None:
        render(renderer, token)
        before = token.previous_sibling
        if before and before.type == "paragraph" and before.map[1] == token.map[0]:
            wrong = f"the line '%{token.content.splitlines()[0]}' is a comment"
            renderer.reporter.error(
                f"{wrong}, which would be left out; expected \\% before text, or an empty line "
                "before a comment",
                line=token.map[0],
            )

    return render_comment


def _at_breaks(render: Callable) -> Callable:
    """Tells what stands behind the sign between two cells of a notebook."""

    def render_break(renderer, token) -> None:
        render(renderer, token)
        if _is_page(renderer) and token.content.strip():
            renderer.reporter.error(
                f"'+++ {token.content.strip()}' would be left out; expected \\+++ before text",
                line=token.map[0],
            )

    return render_break


def _at_end(finalise: Callable) -> Callable:
    """Tells definitions of addresses and notes that nothing on the page refers to."""

    def finalise_page(renderer) -> None:
        finalise(renderer)
        if not _is_page(renderer):
            return
        definitions = renderer.md_env.get("references", {})
        for label, defined in definitions.items():
            if label not in definitions.used:
                wrong = f"nothing on the page refers to [{label.lower()}], so that it would not be"
                renderer.reporter.error(
                    f"{wrong} shown; expected [TEXT][{label.lower()}], or \\[ before text",
                    line=defined["map"][0] + 1,
                )
        named = {node["refname"] for node in renderer.document.findall(nodes.footnote_reference)}
        for label, notes in renderer.md_env.get("foot_refs", {}).items():
            if label not in named:
                wrong = f"nothing on the page refers to the note [^{label}], so that it would not"
                renderer.reporter.error(
                    f"{wrong} be shown; expected [^{label}] where it belongs",
                    line=notes[0].map[0] if notes[0].map else None,
                )

    return finalise_page


LOOKING = {
    "render_text": _at_texts,
    "render_html_block": _at_html,
    "render_table_row": _at_rows,
    "render_myst_line_comment": _at_comments,
    "render_myst_block_break": _at_breaks,
    "_render_finalise": _at_end,
}
