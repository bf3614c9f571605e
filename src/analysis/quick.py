"""Keeps libraries from doing slow work that nothing here needs."""

from __future__ import annotations

import functools
import gc
import sys


def skip_slow_imports() -> None:
    """To be called before nbformat and Sphinx are imported.

    jsonschema checks international web addresses with a grammar that takes seconds to load, if the package for it is there.
    """
    sys.modules.setdefault("rfc3987_syntax", None)


def collect_rarely() -> None:
    """Sphinx makes millions of small objects that it keeps; going through them for garbage took a third of its time."""
    gc.set_threshold(100_000, 20, 20)


def remember_stems() -> None:
    """Sphinx reduces every word of every page to its stem for the search; most words come many times."""
    from snowballstemmer.basestemmer import BaseStemmer

    BaseStemmer.stemWord = functools.cache(BaseStemmer.stemWord)


def remember_plugins() -> None:
    """pybtex searches all installed packages for a plug-in each time it formats a citation; once is enough."""
    import pybtex.plugin

    pybtex.plugin._load_entry_point = functools.cache(pybtex.plugin._load_entry_point)


def substitute_names_only() -> None:
    """`{{ name }}` in a page is replaced by what goes by that name; MyST (3.0) would run it as a program in Jinja.

    A page that somebody else has written, or a text of data in one, could reach the whole of Python by it. Should MyST call
    it otherwise one day, the build ends here rather than running pages.
    """
    from myst_parser.mdit_to_docutils.base import DocutilsRenderer

    from analysis.book.values import substitute

    if not hasattr(DocutilsRenderer, "render_substitution"):
        raise RuntimeError("this version of MyST runs what stands between braces in some other way; analysis.quick has to learn it")
    DocutilsRenderer.render_substitution = substitute
