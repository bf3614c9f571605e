"""Runs Jupyter Book on staged pages."""

from __future__ import annotations

import io
import tempfile
from contextlib import redirect_stderr
from pathlib import Path

from analysis.patches import build_sphinx, collect_rarely, remember_plugins, remember_stems, substitute_names_only


def build_site(pages: Path, site: Path) -> str:
    """Builds HTML from `pages` into `site`; returns the errors and warnings, empty if there were none.

    As `jupyter-book build -W --keep-going`, but what Sphinx remembers of a build stays out of the site.
    """
    collect_rarely()
    remember_plugins()
    remember_stems()
    substitute_names_only()
    complaints = io.StringIO()
    with tempfile.TemporaryDirectory() as doctrees, redirect_stderr(complaints):
        result = build_sphinx(
            pages,
            site,
            noconfig=True,
            path_config=pages / "_config.yml",
            confoverrides={"latex_individualpages": False},
            doctreedir=doctrees,
            quiet=True,
            warningiserror=True,
            keep_going=True,
            freshenv=True,
        )
    for leftover in (".buildinfo", "objects.inv"):
        (site / leftover).unlink(missing_ok=True)
    return complaints.getvalue() or ("" if result == 0 else repr(result))
