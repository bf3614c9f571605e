"""How Sphinx reads and writes a book."""

from __future__ import annotations

import functools
import importlib
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import ModuleType


def run_no_pages() -> None:
    """MyST-NB 1.4 loads a database, in which it could look for outputs of notebooks, to show those
    that were run long ago; without it a book is a quarter of a second sooner.

    To be called before MyST-NB is imported. Should a page tell MyST-NB to run it all the same, what
    is left out is loaded then.
    """
    for name in ("Cache", "Direct"):
        place = f"myst_nb.core.execute.{name.lower()}"
        late = ModuleType(place)
        setattr(late, f"NotebookClient{name}", functools.partial(_late, late))
        sys.modules.setdefault(place, late)


def _late(late: ModuleType, *arguments, **settings):
    """A client of MyST-NB, from the module in whose place `late` stands."""
    if sys.modules.get(late.__name__) is late:
        del sys.modules[late.__name__]
    client = next(name for name in vars(late) if name.startswith("NotebookClient"))
    return getattr(importlib.import_module(late.__name__), client)(*arguments, **settings)


def remember_plugins() -> None:
    """pybtex 0.26 searches all installed packages for a plug-in each time it formats a citation;
    once is enough: 280 times a book.
    """
    with suppress(ImportError, AttributeError):
        import pybtex.plugin

        if not hasattr(pybtex.plugin._load_entry_point, "cache_info"):
            pybtex.plugin._load_entry_point = functools.cache(pybtex.plugin._load_entry_point)


def find_quickly() -> None:
    """docutils 0.21 looks for nodes by generators within generators, one for each level of a page;
    Sphinx and its extensions go through every page fifty times. One loop finds the same nodes in
    the same order, also where a node that was found is changed: a twentieth of a book's time.
    """
    from docutils.nodes import Node

    usual = Node.findall
    if not hasattr(Node, "_fast_findall") or usual.__module__ == __name__:
        return

    def findall(
        self, condition=None, include_self=True, descend=True, siblings=False, ascend=False
    ):
        if not descend or siblings or ascend:
            return usual(self, condition, include_self, descend, siblings, ascend)
        return _found(self, object if condition is None else condition, include_self)

    Node.findall = findall


def _found(node, condition, include_self: bool):
    """A node and those below it that are of a class, or meet a condition, in the order of text."""
    is_wanted = condition.__instancecheck__ if isinstance(condition, type) else condition
    if include_self and is_wanted(node):
        yield node
    above, level = [], iter(node.children)
    while True:
        for child in level:
            if is_wanted(child):
                yield child
            if child.children:
                above.append(level)
                level = iter(child.children)
                break
        else:
            if not above:
                return
            level = above.pop()


def keep_pages_loaded() -> None:
    """Sphinx 7.4 loads a whole page from its pickle to number its parts and its figures and, anew,
    for every reference to one of them; it only looks at it, and has it in memory already. And of
    each element of each page it asks all domains whether they number it, where few number anything.
    """
    from sphinx.domains.std import StandardDomain
    from sphinx.environment.collectors.toctree import TocTreeCollector
    from sphinx_external_toc.collectors import TocTreeCollectorWithStyles

    for owner, name in (
        (StandardDomain, "_resolve_numref_xref"),
        (TocTreeCollector, "assign_figure_numbers"),
        (TocTreeCollectorWithStyles, "assign_section_numbers"),
    ):
        usual = getattr(owner, name, None)
        if usual and not hasattr(usual, "__wrapped__"):
            setattr(owner, name, _looking(usual))


def _looking(usual: Callable) -> Callable:
    @functools.wraps(usual)
    def look(owner, env, *more):
        env.get_doctree, every = functools.partial(_page_as_read, env), env.domains
        env.domains = {name: domain for name, domain in every.items() if domain.enumerable_nodes}
        try:
            return usual(owner, env, *more)
        finally:
            env.domains = every
            del env.get_doctree

    return look


def _page_as_read(env, page: str):
    """A page for one who changes nothing of it: as Sphinx 7.4 keeps it until it is written."""
    kept = getattr(env, "_write_doc_doctree_cache", {}).get(page)
    return _loaded(env, page) if kept is None else kept


@functools.cache
def _loaded(env, page: str):
    return type(env).get_doctree(env, page)


def build_sphinx(*arguments, **settings):
    """Jupyter Book 1.0's way to run Sphinx; its command line cannot put the doctrees elsewhere.
    Jupyter Book 2 has no Sphinx.
    """
    from jupyter_book.sphinx import build_sphinx as build
    from sphinx.util.console import nocolor

    nocolor()  # of Sphinx 7.4, for messages that are read by programs
    return build(*arguments, **settings)


def read_again(app) -> None:
    """Reads what has changed in an edition that is read, and numbers what is on its pages. Sphinx's
    own `build` (7.4) does the second with the pages it writes, as it asks for their names.
    """
    updated = app.builder.read()
    list(app.env.check_dependents(app, updated))


def write_pages(app, pages: list[str]) -> dict[str, Path]:
    """Writes some pages of an edition that is read, and says where they are; Sphinx's own `write`
    (7.4) copies all that a site consists of with them.
    """
    app.builder.prepare_writing(app.env.found_docs)  # of fewer, the search would miss the others
    for page in pages:
        doctree = app.env.get_and_resolve_doctree(page, app.builder)
        app.builder.write_doc_serialized(page, doctree)
        app.builder.write_doc(page, doctree)
    return {page: Path(app.builder.get_outfilename(page)) for page in pages}


def read_templates(app) -> None:
    """Reads and compiles the templates of pages, by writing one that no author has written. Sphinx
    7.4 would have the scripts of that page in all others that are written after it.
    """
    lists = (app.builder._js_files, app.registry.js_files)
    before = [[*scripts] for scripts in lists]
    app.builder.handle_page("search", {}, "search.html")
    for scripts, own in zip(lists, before, strict=True):
        scripts[:] = own
