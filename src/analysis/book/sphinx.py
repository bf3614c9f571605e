"""Runs Jupyter Book on staged pages."""

from __future__ import annotations

import io
import re
import tempfile
import traceback
from contextlib import redirect_stderr
from pathlib import Path

from sphinx.errors import SphinxError

from analysis.book.slips import LOOKING
from analysis.book.values import substitute
from analysis.book.weight import slim
from analysis.patches.book import (
    build_sphinx,
    find_quickly,
    keep_pages_loaded,
    remember_plugins,
    run_no_pages,
)
from analysis.patches.pages import look_at_pages, substitute_names_only


def build_site(pages: Path, site: Path) -> str:
    """Builds HTML from `pages` into `site`; returns the errors and warnings,
    empty if there were none.

    As `jupyter-book build -W --keep-going`, but what Sphinx remembers of a
    build stays out of the site.
    """
    find_quickly()
    keep_pages_loaded()
    remember_plugins()
    run_no_pages()
    substitute_names_only(substitute)
    look_at_pages(LOOKING)
    complaints = io.StringIO()
    # beside the pages, where it goes with them if this process is ended
    with tempfile.TemporaryDirectory(dir=pages.parent) as doctrees, redirect_stderr(complaints):
        result = _result(
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
    slim(site, pages)
    if not isinstance(result, BaseException):
        return complaints.getvalue() or ("" if result == 0 else repr(result))
    named = [
        line
        for line in complaints.getvalue().splitlines()
        if re.search(": (WARNING|ERROR|CRITICAL): ", line)
    ]
    return "\n".join([*named, sentence(result, pages)])


def _result(*arguments, **settings):
    """What became of the build: a number, or the error that ended it; Jupyter Book raises those
    that its settings cause.
    """
    try:
        result = build_sphinx(*arguments, **settings)
    except Exception as error:
        return error
    if isinstance(result, KeyboardInterrupt):
        raise result
    return result


def sentence(error: BaseException, pages: Path) -> str:
    """An error that ended the build, with the page that was in hand; where Sphinx only says which
    function failed, the reason.
    """
    reason = getattr(error, "orig_exc", None) or error
    text = str(reason) if isinstance(reason, SphinxError) else f"{type(reason).__name__}: {reason}"
    page = None
    for frame, _ in (
        *traceback.walk_tb(error.__traceback__),
        *traceback.walk_tb(reason.__traceback__),
    ):
        page = next(
            (
                frame.f_locals[name]
                for name in ("docname", "pagename")
                if isinstance(frame.f_locals.get(name), str)
            ),
            page,
        )
    files = sorted(pages.glob(f"{page}.*")) if page else []
    return f"{files[0]}: {text}" if files else text
