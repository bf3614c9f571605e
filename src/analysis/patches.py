"""Every place where the project touches what a library does not promise: not
future-proof, and said so here.

Each of these says why, in which version it was seen and what it gains; where the library no
longer has what is touched, the ordinary way is taken. `tests/test_patches.py` shows that
each still has its effect.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import io
import multiprocessing
import multiprocessing.forkserver
import multiprocessing.resource_tracker
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty
from types import ModuleType, SimpleNamespace


def skip_slow_imports() -> None:
    """To be called before nbformat and Sphinx are imported; saves 2 to 6 s (jsonschema 4.26).

    jsonschema checks international web addresses with a grammar that takes seconds to load, if the
    package for it is there. Should it stop asking whether it is, its format checks fail to import:
    then this line has to go.
    """
    sys.modules.setdefault("rfc3987_syntax", None)


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


def keep_fonts_in_memory() -> None:
    """matplotlib 3.11 reads every letter from the font's file each time it is measured or drawn,
    by calls of the system; from memory that takes a third, and a notebook a quarter less time.
    """
    with suppress(ImportError, AttributeError):
        from matplotlib import font_manager

        read = functools.cache(lambda path: Path(path).read_bytes())
        usual = font_manager._get_font.__wrapped__

        @functools.lru_cache(64)
        def from_memory(files, **settings):
            contents = tuple((_Font(path, read(path)), index) for path, index in files)
            return usual(contents, **settings)

        font_manager._get_font = from_memory
        os.register_at_fork(after_in_child=from_memory.cache_clear)  # as matplotlib does


class _Font(io.BytesIO):
    """A font in memory that is called by its file, from which pictures as PDF and PS take it."""

    def __init__(self, path: str, content: bytes):
        super().__init__(content)
        self.path = path

    def __str__(self) -> str:
        return self.path


def measure_once() -> None:
    """matplotlib 3.11 looks for the font of a text and measures it anew each time it places it,
    some ten times a figure; once for each size is enough: a twentieth of a notebook's time.

    Beside the text and its look that depends on the fonts there are and on the settings below.
    """
    with suppress(ImportError, AttributeError, KeyError):
        from matplotlib import font_manager, rcParams
        from matplotlib.backends.backend_agg import RendererAgg
        from matplotlib.textpath import TextToPath

        families = ("serif", "sans-serif", "cursive", "fantasy", "monospace")
        lists = [f"font.{name}" for name in families]
        others = ("font.enable_last_resort", "text.hinting", "text.kerning_factor")
        setting = functools.partial(dict.__getitem__, rcParams)
        known = font_manager.fontManager.ttflist

        def remember(owner: type, name: str, own: Callable = lambda _: None) -> None:
            usual, found = getattr(owner, name), {}

            @functools.wraps(usual)
            def remembered(self, *arguments, **named):
                settings = (*map(tuple, map(setting, lists)), *map(setting, others))
                key = (own(self), len(known), settings, arguments, *named.items())
                if key not in found:
                    found[key] = usual(self, *arguments, **named)
                return found[key]

            if not hasattr(usual, "__wrapped__"):
                setattr(owner, name, remembered)

        remember(font_manager.FontManager, "_find_fonts_by_props", id)
        remember(TextToPath, "get_text_width_height_descent")
        remember(RendererAgg, "get_text_width_height_descent", lambda renderer: renderer.dpi)


def draw_into_notebooks_only() -> None:
    """At the end of a cell matplotlib draws a figure for the window it is in, beside what IPython
    puts into the notebook; here is no window. A tenth of the time of a notebook (matplotlib 3.11).
    """
    with suppress(ImportError):
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        FigureCanvasAgg.draw_idle = lambda *_, **__: None


def ignore_plugins_of_doit() -> None:
    """doit 0.37 searches all installed packages for plug-ins of its own, three times; a build uses
    none, and is to be the same whichever there are: a tenth of the time when nothing is due.
    """
    with suppress(ImportError, AttributeError):
        import doit.plugin

        if hasattr(doit.plugin.PluginDict, "_from_entry_points"):
            doit.plugin.PluginDict._from_entry_points = lambda _plugins, _category: {}


def build_sphinx(*arguments, **settings):
    """Jupyter Book 1.0's way to run Sphinx; its command line cannot put the doctrees elsewhere.
    Jupyter Book 2 has no Sphinx.
    """
    from jupyter_book.sphinx import build_sphinx as build
    from sphinx.util.console import nocolor

    nocolor()  # of Sphinx 7.4, for messages that are read by programs
    return build(*arguments, **settings)


def call_before(module, name: str, before: Callable) -> None:
    """Has `before` called with the arguments of a function of `os` each time it is called: of what
    is only asked for, as by `os.stat`, audit hooks do not hear (Python 3.11 to 3.13).
    """
    function = getattr(module, name)

    @functools.wraps(function)
    def wrapped(*arguments, **named):
        before(*arguments, **named)
        return function(*arguments, **named)

    wrapped.__module__, wrapped.__qualname__ = module.__name__, name
    setattr(module, name, wrapped)
    for able in (
        os.supports_dir_fd,
        os.supports_effective_ids,
        os.supports_fd,
        os.supports_follow_symlinks,
    ):
        if function in able:
            able.add(wrapped)


def watch_fork_exec(before: Callable) -> None:
    """The same for the function by which multiprocessing starts its processes, of which there is no
    event (Python 3.11 to 3.13); where there is none, nothing is started by it.
    """
    with suppress(ImportError, AttributeError):
        import _posixsubprocess

        call_before(_posixsubprocess, "fork_exec", before)


def start_forkserver(preload: list[str]) -> None:
    """Starts the process that kernels are forked from now, not with the first of them: half a
    second of work beside the data.

    multiprocessing of Python 3.11 to 3.13; it hands on warning filters of this process,
    which are somebody's own.
    """
    filters, sys.warnoptions[:] = list(sys.warnoptions), []
    try:
        multiprocessing.get_context("forkserver").set_forkserver_preload(preload)
        with suppress(AttributeError):
            multiprocessing.forkserver.ensure_running()
    finally:
        sys.warnoptions[:] = filters


def end_forkserver() -> None:
    """Ends the forkserver that this process has started; it is started anew when it is needed
    (multiprocessing of Python 3.11 to 3.13). What it has forked goes on.
    """
    with suppress(AttributeError, TypeError, OSError):
        server = multiprocessing.forkserver._forkserver
        os.kill(server._forkserver_pid, signal.SIGKILL)
        server._stop()


def folder_of_forkserver() -> str | None:
    """Where the socket lies of the forkserver that this process has started, which multiprocessing
    (3.11 to 3.13) removes only if the process may end in its own time; None in any other process.
    """
    with suppress(AttributeError, TypeError, ChildProcessError):
        server = multiprocessing.forkserver._forkserver
        os.waitpid(server._forkserver_pid, os.WNOHANG)  # whether it is a child of this one
        folder = Path(server._forkserver_address).parent
        return str(folder) if folder.name.startswith("pymp-") else None
    return None


def share_forkserver() -> None:
    """In a fork of the process that has started the forkserver: it is used here too. Otherwise one
    is asked for how a process is that it has not started (multiprocessing of Python 3.11 to 3.13).
    """
    module = multiprocessing.forkserver
    with suppress(AttributeError):
        module._forkserver.ensure_running = module.ensure_running = lambda: None


def forget_fork() -> None:
    """In a fork of the forkserver: processes of its own start and are named as in a Python
    of its own (3.11 to 3.13).

    Otherwise a Pool in a notebook is asked to begin with a forkserver, which does not know the
    notebook's functions, and the tracker of the build complains about what notebooks leave. In any
    other process this does nothing.
    """
    if multiprocessing.parent_process() is None:
        return
    multiprocessing.set_start_method(None, force=True)
    process = multiprocessing.current_process()
    process.name = "MainProcess"
    with suppress(AttributeError):
        process._identity = ()
        multiprocessing.process._parent_process = None
    with suppress(AttributeError):
        tracker = multiprocessing.resource_tracker
        tracker._resource_tracker = tracker.ResourceTracker()
        for name in ("ensure_running", "register", "unregister", "getfd"):
            setattr(tracker, name, getattr(tracker._resource_tracker, name))


def outlive_kernel() -> None:
    """Python's tracker of shared memory and semaphores starts in a process group of its own
    (multiprocessing 3.11 to 3.13).

    It removes what processes leave that were killed, as the group of a kernel is in the end, and
    must not be killed with them.
    """
    with suppress(AttributeError):
        usual = multiprocessing.resource_tracker.util

        def spawn(path, arguments, passed):
            *options, code = arguments
            if options[-1] == "-c":
                arguments = [*options, f"import os; os.setpgid(0, 0); {code}"]
            return usual.spawnv_passfds(path, arguments, passed)

        multiprocessing.resource_tracker.util = SimpleNamespace(
            **vars(usual) | {"spawnv_passfds": spawn}
        )


class Forked:
    """A forked process with the part of subprocess.Popen that jupyter_client's
    LocalProvisioner uses (8.10).
    """

    stdin = stdout = stderr = None

    def __init__(self, process: multiprocessing.process.BaseProcess):
        self._process = process
        self.pid = process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int | None:
        self._process.join(timeout)
        return self._process.exitcode

    def send_signal(self, signum: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signum)

    def kill(self) -> None:
        self._process.kill()

    def terminate(self) -> None:
        self._process.terminate()


async def wait_for_kernel(client, timeout: float | None) -> bool:
    """Waits until a kernel has answered; False where that cannot be told, and
    jupyter_client has to wait itself.

    jupyter_client 8.10 then goes on to listen for a fifth of a second, a tenth of
    what an average run takes.
    Raises RuntimeError if the kernel dies or does not answer in time.
    """
    learn = getattr(client, "_handle_kernel_info_reply", None)
    if learn is None:
        return False
    deadline = time.monotonic() + (timeout or float("inf"))
    asked = client.kernel_info()
    while True:
        try:
            reply = await client.get_shell_msg(timeout=1)
        except Empty:
            if not await client.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info") from None
            if time.monotonic() > deadline:
                raise RuntimeError(f"Kernel didn't respond in {timeout:.0f} seconds") from None
            continue
        if await _hears_of(client, asked):
            learn(reply)
            return True
        asked = client.kernel_info()


async def _hears_of(client, asked: str) -> bool:
    """Whether the kernel's announcements come through; those of the first answers can be missed."""
    try:
        while True:
            said = await client.get_iopub_msg(timeout=0.02)
            is_answer = said["parent_header"].get("msg_id") == asked
            if is_answer and said["content"].get("execution_state") == "idle":
                return True
    except Empty:
        return False


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


def add_label(env, name: str, docname: str, anchor: str, title: str) -> None:
    """Makes `anchor` of the page `docname` a target of references by `name`, with a title, as
    Sphinx's own autosectionlabel does (Sphinx 7.4).
    """
    standard = env.get_domain("std")
    standard.labels[name] = (docname, anchor, title)
    standard.anonlabels[name] = (docname, anchor)


def place_of_label(env, name: str) -> tuple[str, str] | None:
    """Page and anchor of a label, as Sphinx's standard domain keeps them (7.4); None of another."""
    return env.get_domain("std").anonlabels.get(name)


def figure_numbers(env) -> list[tuple[str, str, str, tuple[int, ...]]]:
    """Kind, page, anchor and number of everything numbered, as Sphinx's own builders read it
    (Sphinx 7.4); empty elsewhere.
    """
    pages = getattr(env, "toc_fignumbers", {})
    return [
        (kind, page, anchor, number)
        for page, kinds in pages.items()
        for kind, found in kinds.items()
        for anchor, number in found.items()
    ]


def labels(env) -> list[str]:
    """The names of all labels, as Sphinx's standard domain keeps them (7.4)."""
    return sorted(env.get_domain("std").anonlabels)


def titles_of_labels(env) -> dict[tuple[str, str], str]:
    """Page and anchor of every label to its title, as Sphinx's standard domain keeps them (7.4)."""
    return {(page, anchor): title for page, anchor, title in env.get_domain("std").labels.values()}


def cited_works(env):
    """The works of the bibliography before anything is formatted (sphinxcontrib-bibtex 2.6)."""
    return env.get_domain("cite").bibdata.data


def places_of_works(env) -> list[tuple[str, str, str]]:
    """The key of each work that is listed, and page and anchor of its entry there
    (sphinxcontrib-bibtex 2.6).
    """
    return [
        (one.key, one.bibliography_key.docname, one.citation_id)
        for one in env.get_domain("cite").citations
    ]


def substitute_names_only(substitute: Callable) -> None:
    """`{{ name }}` in a page is replaced by what goes by that name; MyST (3.0) would run
    it as a program in Jinja.

    A page that somebody else has written, or a text of data in one, could reach the whole of Python
    by it. Should MyST call it otherwise one day, the build ends here rather than running pages.
    """
    from myst_parser.mdit_to_docutils.base import DocutilsRenderer

    if not hasattr(DocutilsRenderer, "render_substitution"):
        raise RuntimeError(
            "this version of MyST runs what stands between braces in some other way; "
            "analysis.patches has to learn it"
        )
    DocutilsRenderer.render_substitution = substitute


def look_at_pages(looking: dict[str, Callable]) -> None:
    """Has parts of a page rendered by what functions make of MyST's own ways (3.0), once: MyST
    leaves out what it has no place for, shows what it cannot read as it is written, and says
    nothing. Of what markdown-it (3) finds, a row of a table holds in its `meta` as `left_out` the
    cells that it leaves out, and the definitions of a page, `references`, which of them are `used`.

    looking: the functions by the names that MyST's ways have.
    """
    from markdown_it import parser_block
    from myst_parser.mdit_to_docutils.base import DocutilsRenderer

    for name, looking_at in looking.items():
        usual = getattr(DocutilsRenderer, name)
        if not hasattr(usual, "__wrapped__"):
            setattr(DocutilsRenderer, name, functools.wraps(usual)(looking_at(usual)))
    keeping = {"table": _keeping_cells, "reference": _keeping_use}
    for i, (name, rule, ends) in enumerate(parser_block._rules):
        if name in keeping and not hasattr(rule, "__wrapped__"):
            parser_block._rules[i] = (name, keeping[name](rule), ends)


class _Definitions(dict):
    """What links of a page can refer to, and the labels of what they do refer to."""

    def __init__(self):
        super().__init__()
        self.used: set[str] = set()

    def __getitem__(self, label: str):
        self.used.add(label)
        return super().__getitem__(label)

    def get(self, label: str, default=None):
        self.used.add(label)
        return super().get(label, default)


def _keeping_use(reference: Callable) -> Callable:
    @functools.wraps(reference)
    def keep(state, *more) -> bool:
        state.env.setdefault("references", _Definitions())
        return reference(state, *more)

    return keep


def _keeping_cells(table: Callable) -> Callable:
    from markdown_it.rules_block.table import escapedSplit

    @functools.wraps(table)
    def keep(state, start: int, end: int, silent: bool) -> bool:
        before = len(state.tokens)
        if not table(state, start, end, silent):
            return False
        made = state.tokens[before:]
        width = sum(token.type == "th_open" for token in made)
        for row in [token for token in made if token.type == "tr_open"]:
            line = row.map[0]
            written = state.src[
                state.bMarks[line] + state.tShift[line] : state.eMarks[line]
            ].strip()
            cells = escapedSplit(written)
            cells = cells[not cells[0] : len(cells) - (not cells[-1])]
            row.meta["left_out"] = [cell.strip() for cell in cells[width:]]
        return True

    return keep


def mathml(formula: str, is_block: bool) -> str:
    """A formula of LaTeX as docutils (0.21) writes it for HTML without a program: as MathML. Raises
    ValueError for what it does not know, also where it ends with another error, as it does where a
    formula has several lines or columns.
    """
    from docutils.utils.math.latex2mathml import tex2mathml

    try:
        return tex2mathml(formula, as_block=is_block)
    except (AttributeError, LookupError, TypeError):
        raise ValueError("it has several lines or columns, or is not whole") from None


def laid_out(page) -> tuple[float, float, dict[int, tuple[str, float, float]], dict[int, float]]:
    """What a page of WeasyPrint (70) holds: how far down its content goes, and how far it could,
    above its footnotes; of the blocks that have a number in `data-block`: tag, top and height on
    this page; and the height of the footnotes there whose marks stand in blocks of these numbers,
    by `data-noted`.
    """
    sheet, lowest, blocks, notes = page._page_box, 0.0, {}, {}
    end = sheet.content_box_y() + sheet.height
    for box in sheet.descendants():
        if box.element is None:
            if type(box).__name__ == "FootnoteAreaBox" and box.children:
                end = min(end, box.position_y)
            continue
        number, noted = box.element.get("data-block"), box.element.get("data-noted")
        if number and int(number) not in blocks:
            blocks[int(number)] = (box.element.tag, box.position_y, box.margin_height())
            lowest = max(lowest, box.position_y + box.margin_height() - box.margin_bottom)
        if noted and type(box).__name__ == "BlockBox":
            notes[int(noted)] = notes.get(int(noted), 0) + box.margin_height()
    return lowest, end, blocks, notes


def sticking_out(page) -> set[int]:
    """The tables that reach into a margin of a page of WeasyPrint (70), by their number in
    `data-table`.
    """
    sheet = page._page_box
    start = sheet.content_box_x()
    return {
        int(box.element.get("data-table"))
        for box in sheet.descendants()
        if box.element_tag == "table"
        and not start - 1 < box.content_box_x() <= start + sheet.width + 1 - box.width
    }


def drawing_height(page, number: int) -> float:
    """The height of the first picture in the block of this number, as WeasyPrint (70) lays it out;
    0 where there is none.
    """
    for box in page._page_box.descendants():
        if box.element is not None and box.element.get("data-block") == str(number):
            found = (part.height for part in box.descendants() if part.element_tag == "img")
            return next(found, 0.0)
    return 0.0


def link_once() -> None:
    """WeasyPrint 70 makes a link of its own of each element in a link, and so a PDF that is not
    valid PDF/UA-1, as nothing describes these; here one link is one.
    """
    with suppress(ImportError, AttributeError):
        from weasyprint import anchors, document

        usual = anchors.gather_anchors
        if not hasattr(usual, "__wrapped__"):

            @functools.wraps(usual)
            def gather(box, *found):
                usual(box, *found[:6])  # what comes behind is the link around the box

            anchors.gather_anchors = document.gather_anchors = gather


def name_languages() -> None:
    """WeasyPrint 70 tells programs the language of a PDF, but of no part of it, which they read
    aloud as if it were in that language, too.
    """
    with suppress(ImportError, AttributeError):
        import pydyf
        from weasyprint.pdf import tags

        usual = tags._build_box_tree
        if not hasattr(usual, "__wrapped__"):

            @functools.wraps(usual)
            def build(box, *more):
                part = None if box.element_tag in ("html", "body") else box.element
                language = None if part is None else part.get("lang")
                for element in usual(box, *more):
                    if language and "Lang" not in element:
                        element["Lang"] = pydyf.String(language)
                    yield element

            tags._build_box_tree = build
