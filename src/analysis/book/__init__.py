"""The book: a Sphinx extension (figures with provenance, values in prose, tables and statements
from data) and its pages.
"""

from __future__ import annotations

DIRECTIVES = (
    "study-figure",
    "study-result",
    "study-table",
    "study-lists",
    "list-of",
    "codebook",
    "code-matrix",
    "theme-matrix",
    "coded-statements",
    "findings",
    "what-if",
    "assumptions",
    "data-dictionary",
    "glossary",
    "bibliography",
    "note",
    "evidence-list",
    "compendium-note",
)
ROLES = (
    "fact",
    "number",
    "value",
    "measured",
    "unit",
    "evidence",
    "finding",
    "compendium",
    "term",
    "ref",
    "numref",
    "cite:p",
    "cite:t",
)


def setup(app) -> dict[str, bool]:
    """Registers directives and roles; Sphinx calls it."""
    # only Sphinx needs docutils
    from analysis.book import (
        chapters,
        datatables,
        escaping,
        evidence,
        figures,
        findings,
        importaccount,
        imprint,
        labels,
        lists,
        literature,
        notebooks,
        search,
        sentences,
        sidebar,
        upstream,
        values,
        whatif,
    )

    app.add_config_value("study_language", "de", "env")
    app.connect("html-page-context", _without_live_code, priority=900)
    for module in (
        values,
        figures,
        datatables,
        lists,
        sentences,
        chapters,
        imprint,
        importaccount,
        evidence,
        findings,
        whatif,
        labels,
        literature,
        notebooks,
        sidebar,
        escaping,
        search,
        upstream,
    ):
        module.register(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _without_live_code(_app, _page, _template, context, _doctree) -> None:
    """Takes out the theme's scripts for running code in the browser: nothing here does, and
    they complain to each other.
    """
    context["script_files"] = [
        script
        for script in context["script_files"]
        if "thebe" not in f"{script} {script.attributes}".lower()
    ]
