"""The book: a Sphinx extension (figures with provenance, values in prose, tables and statements
from data) and its pages.
"""

from __future__ import annotations

from importlib import import_module

# Those of the extension, in the order in which they are registered.
MODULES = (
    "values",
    "figures",
    "datatables",
    "lists",
    "sentences",
    "chapters",
    "imprint",
    "importaccount",
    "evidence",
    "findings",
    "whatif",
    "labels",
    "literature",
    "formulas",
    "languages",
    "notebooks",
    "downloads",
    "pagehtml",
    "places",
    "sidebar",
    "escaping",
    "metadata",
    "search",
    "upstream",
    "weight",
)
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
    "import-account",
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
    app.add_config_value("study_language", "de", "env")
    for name in MODULES:  # loaded only here: nobody but Sphinx needs docutils
        import_module(f"analysis.book.{name}").register(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
