"""Each touch of a library's private parts still has its effect, and its absence is
survived where that is possible.
"""

import asyncio
import multiprocessing
import subprocess
import sys
import types

import pytest

from analysis.patches import pages, processes


def fresh(code):
    """What a Python of its own prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_grammar_of_web_addresses_is_not_loaded():
    code = (
        "import sys\nfrom analysis.patches.loading import skip_slow_imports\nskip_slow_imports()\n"
        "import nbformat\nnbformat.v4.new_notebook()\n"
    )
    assert fresh(f"{code}import jsonschema\nprint('lark' in sys.modules)") == "False"


def test_plugins_are_looked_up_once():
    code = (
        "from analysis.patches import book\nbook.remember_plugins(); book.remember_plugins()\n"
        "import pybtex.plugin\n"
        "pybtex.plugin.find_plugin('pybtex.style.names', 'plain'); "
        "pybtex.plugin.find_plugin('pybtex.style.names', 'plain')\n"
        "print(pybtex.plugin._load_entry_point.cache_info().hits)"
    )
    assert fresh(code) == "1"


CLIENTS = """
import sys
from analysis.patches import loading, book
loading.skip_slow_imports()
book.run_no_pages()
from nbformat.v4 import new_notebook
from myst_nb.core import execute
from myst_nb.core.config import NbParserConfig
print("sqlalchemy" in sys.modules, end=" ")
for mode in ("cache", "force"):
    settings = NbParserConfig(execution_mode=mode)
    client = execute.create_client(new_notebook(), "none.md", settings, None)
    print(isinstance(client, execute.NotebookClientBase), type(client).__module__, end=" ")
"""


def test_what_could_run_pages_is_loaded_only_for_a_page_that_is_to_be_run():
    at = "myst_nb.core.execute"
    assert fresh(CLIENTS) == f"False True {at}.cache True {at}.direct"


FIND = """
import random
from docutils import nodes
from analysis.patches import book

class Group(nodes.Element): pass

def grown(depth):
    kind = draw.choice((nodes.Text, nodes.strong, Group, Group))
    if kind is nodes.Text:
        return nodes.Text("text")
    node = kind()
    node.extend(grown(depth - 1) for _ in range(draw.randrange(4) if depth else 0))
    return node

def found(tree, condition, settings, change):
    all_nodes = list(usual(tree))
    numbers = {id(node): i for i, node in enumerate(all_nodes)}
    told = []
    for node in tree.findall(condition, **settings):
        told.append(numbers.get(id(node), "new"))
        if change and node.parent and told[-1] != "new":
            beside = node.parent.children
            place = [id(other) for other in beside].index(id(node))
            draw.choice((lambda: beside.pop(place), lambda: beside.append(nodes.strong()),
                         lambda: beside.__setitem__(place, nodes.strong())))()
    return told

usual, draw = nodes.Node.findall, random.Random(1)
wanted = (None, nodes.Text, nodes.strong, nodes.Element, lambda node: "x" in node.astext())
ways = [{}, {"include_self": False}, {"descend": False}, {"siblings": True}, {"ascend": True}]
told = []
for after in (False, True):
    if after:
        book.find_quickly()
        book.find_quickly()
        assert nodes.Node.findall is not usual
    draw.seed(1)
    told.append([found(grown(5), condition, way, change) for _ in range(60)
                 for condition in wanted for way in ways for change in (False, not way)])
print(told[0] == told[1], sum(map(len, told[0])) > 10_000)
"""


def test_the_same_nodes_are_found_in_one_loop_also_while_the_page_changes():
    assert fresh(FIND) == "True True"


LOOK = """
from types import SimpleNamespace
from sphinx.domains.std import StandardDomain
from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx_external_toc.collectors import TocTreeCollectorWithStyles
WAYS = ((StandardDomain, "_resolve_numref_xref"), (TocTreeCollector, "assign_figure_numbers"),
        (TocTreeCollectorWithStyles, "assign_section_numbers"))
for owner, name in WAYS:
    assert getattr(owner, name)
    setattr(owner, name, lambda owner, env, page: (env.get_doctree(page), [*env.domains]))
from analysis.patches import book
book.keep_pages_loaded()
book.keep_pages_loaded()

class Environment:
    _write_doc_doctree_cache = {"kept": "as it was read"}
    domains = {"a": SimpleNamespace(enumerable_nodes={}), "b": SimpleNamespace(enumerable_nodes=1)}
    def get_doctree(self, page):
        return [page]

env = Environment()
for owner, name in WAYS:
    look = getattr(owner, name)
    print(look(None, env, "kept"), look(None, env, "a")[0] is look(None, env, "a")[0])
print(env.get_doctree("kept"), [*env.domains])
"""


def test_a_page_is_loaded_once_for_all_who_only_look_at_it():
    looked = "('as it was read', ['b']) True\n"
    assert fresh(LOOK) == f"{3 * looked}['kept'] ['a', 'b']"


def test_sphinx_keeps_pages_until_they_are_written():
    code = (
        "import inspect\nfrom sphinx.environment import BuildEnvironment\n"
        "print('_write_doc_doctree_cache' in inspect.getsource(BuildEnvironment))"
    )
    assert fresh(code) == "True"


def test_doit_looks_for_no_plugins():
    code = (
        "from analysis.patches import loading\nloading.ignore_plugins_of_doit()\n"
        "import doit.plugin\ndoit.plugin.entry_points_impl = None\n"
        "from doit.doit_cmd import DoitMain\nprint('run' in DoitMain().get_cmds())"
    )
    assert fresh(code) == "True"


def test_the_forkserver_has_begun_and_knows_no_filters_of_this_process():
    code = (
        "import sys\nsys.warnoptions[:] = ['error']\nfrom analysis.patches import "
        "processes\nprocesses.start_forkserver([])\n"
        "import multiprocessing.forkserver as server\nprint(server._forkserver._forkserver_pid is "
        "not None, sys.warnoptions)"
    )
    assert fresh(code) == "True ['error']"


def answer(queue):
    processes.forget_fork()
    process = multiprocessing.current_process()
    own = multiprocessing.resource_tracker._resource_tracker._pid
    queue.put(
        (
            process.name,
            process._identity,
            multiprocessing.parent_process(),
            multiprocessing.get_start_method(),
            own,
        )
    )


def test_a_fork_takes_itself_for_a_process_of_its_own():
    context = multiprocessing.get_context("fork")
    queue = context.SimpleQueue()
    process = context.Process(target=answer, args=(queue,))
    process.start()
    usual = multiprocessing.get_all_start_methods()[0]
    assert queue.get() == ("MainProcess", (), None, usual, None)
    process.join()


class Silent:
    """A client of a kernel that does not answer."""

    learnt = None

    def __init__(self, *, alive):
        self.alive = alive

    def _handle_kernel_info_reply(self, reply):
        self.learnt = reply

    def kernel_info(self):
        return "1"

    async def get_shell_msg(self, **_):
        raise processes.Empty

    async def is_alive(self):
        return self.alive


@pytest.mark.parametrize(
    ("alive", "said"), [(False, "Kernel died"), (True, "didn't respond in 0 seconds")]
)
def test_a_kernel_that_does_not_answer_is_given_up(alive, said):
    with pytest.raises(RuntimeError, match=said):
        asyncio.run(processes.wait_for_kernel(Silent(alive=alive), timeout=1e-9))


def test_a_kernel_is_waited_for_by_the_library_where_it_has_changed():
    assert asyncio.run(processes.wait_for_kernel(object(), timeout=1)) is False


def test_pages_are_no_programs():
    code = (
        "from analysis.patches import pages\npages.substitute_names_only(print)\nfrom "
        "myst_parser.mdit_to_docutils.base import DocutilsRenderer\n"
        "print(DocutilsRenderer.render_substitution is print)"
    )
    assert fresh(code) == "True"


def test_a_version_of_myst_that_would_run_pages_in_another_way_ends_the_build():
    code = (
        "from myst_parser.mdit_to_docutils.base import DocutilsRenderer\n"
        "del DocutilsRenderer.render_substitution\n"
        "from analysis.patches import pages\n"
        "try:\n    pages.substitute_names_only(print)\n"
        "except RuntimeError as error:\n    print(error)\n"
        "print(hasattr(DocutilsRenderer, 'render_substitution'))"
    )
    said, is_patched = fresh(code).splitlines()
    assert "runs what stands between braces in some other way" in said
    assert is_patched == "False"


def test_texts_of_pages_are_looked_at_once_however_often_it_is_asked_for():
    code = (
        "from analysis.patches import pages\n"
        "from myst_parser.mdit_to_docutils.base import DocutilsRenderer\n"
        "def look(usual):\n    return lambda *told: print(*told) or usual(*told)\n"
        "for _ in range(3):\n"
        "    pages.look_at_pages({'render_text': look})\n"
        "class Page:\n    current_node = []\n"
        "class Token:\n    content = 'Text'\n    __repr__ = lambda _: 'token'\n"
        "DocutilsRenderer.render_text(Page, Token())\nprint(Page.current_node)"
    )
    looked, shown = fresh(code).splitlines()
    assert looked.endswith("token")
    assert "Text" in shown


def test_functions_that_ask_are_heard_and_answer_as_before():
    code = (
        "import os\nfrom analysis.patches import calls\nasked, usual = [], os.stat\n"
        "calls.call_before(os, 'stat', lambda path, **more: asked.append((path, more)))\n"
        "same = os.stat('.', follow_symlinks=False) == usual('.', follow_symlinks=False)\n"
        "print(same, asked, os.stat in os.supports_fd, os.stat.__name__, os.stat.__module__)"
    )
    assert fresh(code) == "True [('.', {'follow_symlinks': False})] True stat os"


def test_processes_that_multiprocessing_starts_without_an_event_are_heard():
    code = (
        "import multiprocessing, os, sys\nfrom analysis.patches import calls\n"
        "heard, events = [], []\n"
        "calls.watch_fork_exec(lambda arguments, *_: heard.append(arguments))\n"
        "sys.addaudithook(lambda event, _: events.append(event))\n"
        "process = multiprocessing.get_context('spawn').Process(target=print)\n"
        "process.start(); process.join()\n"
        "spoken = [os.fsdecode(word) for word in heard[-1]]\n"
        "print(any('spawn_main' in word for word in spoken), 'subprocess.Popen' in events)"
    )
    assert fresh(code) == "True False"


def test_the_tracker_of_shared_memory_is_no_part_of_the_group_of_its_kernel():
    code = (
        "import os, time\nfrom multiprocessing import resource_tracker, shared_memory\n"
        "from analysis.patches import processes\nprocesses.outlive_kernel()\n"
        "memory = shared_memory.SharedMemory(create=True, size=1)\n"
        "memory.close(); memory.unlink()\n"
        "tracker = resource_tracker._resource_tracker._pid\n"
        "given_up = time.monotonic() + 60\n"
        "while os.getpgid(tracker) != tracker and time.monotonic() < given_up:\n"
        "    time.sleep(0.01)\n"
        "print(os.getpgid(tracker) == tracker != os.getpgid(0))"
    )
    assert fresh(code) == "True"


def test_fonts_are_read_once_and_letters_are_drawn_alike():
    code = (
        "import io, sys\nimport matplotlib\nmatplotlib.use('agg')\n"
        "from matplotlib import font_manager, pyplot\nfrom analysis.patches import drawing\n"
        "def drawn():\n    figure = pyplot.figure()\n    figure.text(0.1, 0.1, 'Kalk → Öfen')\n"
        "    file = io.BytesIO()\n    figure.savefig(file, format='svg', metadata={'Date': None})\n"
        "    return file.getvalue()\n"
        "matplotlib.rcParams['svg.hashsalt'] = 'x'\nusual = drawn()\n"
        "drawing.keep_fonts_in_memory()\nopened = []\n"
        "sys.addaudithook(lambda event, details: event == 'open' and opened.append(details[0]))\n"
        "same = drawn() == drawn() == usual\n"
        "print(same, len([name for name in opened if 'DejaVuSans.ttf' in str(name)]))"
    )
    assert fresh(code) == "True 1"


def test_pictures_of_every_kind_are_the_same_with_fonts_in_memory():
    code = (
        "import io, os\nimport matplotlib\nmatplotlib.use('agg')\n"
        "os.environ['SOURCE_DATE_EPOCH'] = '0'\n"
        "from matplotlib import pyplot\nfrom analysis.patches import drawing\n"
        "def drawn(kind, number):\n    file = io.BytesIO()\n"
        "    matplotlib.rcParams.update({'pdf.fonttype': number, 'ps.fonttype': number})\n"
        "    figure = pyplot.figure()\n    figure.text(0.1, 0.1, 'Kalk → $x^2$')\n"
        "    figure.savefig(file, format=kind)\n    return file.getvalue()\n"
        "kinds = [('pdf', 42), ('pdf', 3), ('ps', 42), ('ps', 3), ('eps', 42), ('png', 42)]\n"
        "usual = [drawn(*kind) for kind in kinds]\ndrawing.keep_fonts_in_memory()\n"
        "print([drawn(*kind) for kind in kinds] == usual)"
    )
    assert fresh(code) == "True"


def test_a_figure_is_not_drawn_for_a_window_that_is_not_there():
    code = (
        "import matplotlib\nmatplotlib.use('agg')\nfrom matplotlib import pyplot\n"
        "from analysis.patches import drawing\ndrawing.draw_into_notebooks_only()\n"
        "figure = pyplot.figure()\nfigure.draw = lambda *_: print('drawn')\n"
        "figure.canvas.draw_idle()\nprint('idle')\nfigure.canvas.draw()"
    )
    assert fresh(code) == "idle\ndrawn"


def test_a_text_is_measured_once_until_fonts_or_settings_are_others():
    code = (
        "import matplotlib\nmatplotlib.use('agg')\n"
        "from matplotlib import font_manager, pyplot, textpath\n"
        "from analysis.patches import drawing\n"
        "look = font_manager.FontProperties(family='sans-serif', size=10)\n"
        "def width(text):\n"
        "    return textpath.TextToPath().get_text_width_height_descent(text, look, ismath=False)\n"
        "def found():\n    return font_manager.fontManager._find_fonts_by_props(look)[0].path\n"
        "usual, file = width('Kalk'), found()\ndrawing.measure_once()\n"
        "measured = []\nfont = textpath.TextToPath._get_font\n"
        "textpath.TextToPath._get_font = lambda *given: measured.append(1) or font(*given)\n"
        "same = width('Kalk') == width('Kalk') == usual != width('Öfen')\n"
        "matplotlib.rcParams['font.sans-serif'].insert(0, 'DejaVu Serif')\n"
        "width('Kalk')\nother = found()\n"
        "matplotlib.rcParams['font.sans-serif'].pop(0)\n"
        "print(same, len(measured), other != file == found())"
    )
    assert fresh(code) == "True 3 True"


def test_formulas_are_written_by_docutils_or_refused_with_one_kind_of_error():
    assert "<mi>x</mi>" in pages.mathml("x", False)
    assert 'display="block"' in pages.mathml("x", True)
    for formula in ("a & b", r"a \\ b", r"\foo", "x^"):
        with pytest.raises(ValueError, match=r"."):
            pages.mathml(formula, False)


def test_sphinx_keeps_the_numbers_of_pages_by_their_name():
    code = (
        "import inspect\nfrom sphinx.environment import BuildEnvironment\n"
        "print('self.toc_secnumbers: ' in inspect.getsource(BuildEnvironment))"
    )
    assert fresh(code) == "True"
    known = types.SimpleNamespace(toc_secnumbers={"a": {"": (1,)}, "b": {}})
    assert [pages.is_numbered(known, page) for page in "abc"] == [True, False, False]
    assert not pages.is_numbered(object(), "a")


def test_the_ending_that_only_the_browser_knows_is_taken_out_of_its_stemmer():
    code = (
        "from sphinx.search.en import SearchEnglish\nfrom analysis.patches import pages\n"
        "print(*('|logi)' in code for code in (SearchEnglish.js_stemmer_code, "
        "pages.english_stemmer())))"
    )
    assert fresh(code) == "True False"
