"""The book: a Sphinx extension (figures with provenance, values in prose, tables and statements from data) and its pages."""

from __future__ import annotations


def setup(app) -> dict[str, bool]:
    """Registers directives and roles; Sphinx calls it."""
    from analysis.book import datatables, evidence, figures, literature, values  # only Sphinx needs docutils

    app.add_config_value("study_language", "de", "env")
    for module in (values, figures, datatables, evidence, literature):
        module.register(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
