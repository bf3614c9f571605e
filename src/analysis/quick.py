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
