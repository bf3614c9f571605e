"""Imports the project's modules as their sources are now, not as they were compiled before."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib.machinery import (
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    SourceFileLoader,
)

from analysis.engine import states
from analysis.engine.inputfiles import source


def import_afresh(is_ours: Callable[[str], bool]) -> None:
    """From now on, modules in folders that are ours are imported from their sources, should a
    compiled file be older.
    """
    for folder in list(sys.path_importer_cache):
        if is_ours(os.path.abspath(folder)):
            del sys.path_importer_cache[folder]
    loaders = ((ExtensionFileLoader, EXTENSION_SUFFIXES), (_FreshLoader, SOURCE_SUFFIXES))
    finder = FileFinder.path_hook(*loaders)

    def find(folder: str) -> FileFinder:
        if not is_ours(os.path.abspath(folder)):
            raise ImportError(folder)  # somebody else's
        return finder(folder)

    sys.path_hooks.insert(0, find)


class _FreshLoader(SourceFileLoader):
    """Takes a compiled module only if it was made after its source came to be as it is.

    Python itself compares size and second of modification, which an edit within
    that second leaves alike.
    """

    def get_data(self, path: str) -> bytes:
        if path.endswith(".pyc"):
            compiled, written = states.plain_stat(path), states.plain_stat(source(path))
            if compiled.st_mtime_ns <= written.st_ctime_ns:
                raise OSError(f"{path} may be older than its source")
        return super().get_data(path)
