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
    "notebook-list",
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
        downloads,
        escaping,
        evidence,
        figures,
        findings,
        importaccount,
        imprint,
        labels,
        languages,
        lists,
        literature,
        metadata,
        notebooks,
        pagehtml,
        places,
        search,
        sentences,
        sidebar,
        upstream,
        values,
        weight,
        whatif,
    )

    app.add_config_value("study_language", "de", "env")
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
        languages,
        notebooks,
        downloads,
        pagehtml,
        places,
        sidebar,
        escaping,
        metadata,
        search,
        upstream,
        weight,
    ):
        module.register(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
