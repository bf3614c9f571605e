"""Imports once, in the process that the steps of a watch are forked from, what making the tidy
tables and a book needs of third-party packages.
"""

import gc
import importlib
import signal

from analysis.patches.book import run_no_pages
from analysis.patches.loading import skip_slow_imports

# Whoever ends a watch meanwhile is answered by the watch.
before = signal.signal(signal.SIGINT, signal.SIG_IGN)

skip_slow_imports()
run_no_pages()

for package in (
    *importlib.import_module("sphinx.application").builtin_extensions,
    "a11y_pygments", "bs4", "docutils.parsers.rst.directives.html",
    "docutils.parsers.rst.directives.tables", "docutils.writers.html5_polyglot", "jinja2.ext",
    "jupyter_book.sphinx", "myst_nb.core.lexers", "myst_nb.sphinx_ext", "nbconvert",
    "pybtex.backends.plaintext", "pybtex.style.labels.number", "pybtex.style.names.lastfirst",
    "pybtex.style.sorting.none", "pydata_sphinx_theme", "pygments.lexers.shell",
    "sphinx_book_theme", "sphinx_comments", "sphinx_copybutton", "sphinx_design.extension",
    "sphinx_external_toc.events", "sphinx_jupyterbook_latex.transforms",
    "sphinx_multitoc_numbering", "sphinx_thebe", "sphinx_togglebutton", "sphinxcontrib.bibtex",
):  # fmt: skip
    importlib.import_module(package)

gc.collect()
gc.freeze()

signal.signal(signal.SIGINT, before)
