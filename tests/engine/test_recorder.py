"""Whatever way a file of the project is read, listed or asked for, the record of the step says
so; and it fails closed.
"""

import json
import os
import subprocess
import sys
import textwrap
import zipfile

import pytest
from project import Project, environment

from analysis.engine.reads import recorded

pytestmark = pytest.mark.xdist_group("recorder")

BEGIN = """
import os, sys
from pathlib import Path
from analysis.engine.kernel import record_into
root, work = Path(os.environ["PLACE"]), Path(os.environ["WORK"])
record_into(work)
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A project with some files to read; returns its folder."""
    folder = Project(tmp_path_factory.mktemp("reads") / "project").folder
    for name in ("x.csv", "y.txt", "with space ü.txt", "sub/z.txt", "sub/deep/w.txt"):
        (folder / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "data" / name).write_text("v\n1\n", "utf-8")
    (folder / "data/link.txt").symlink_to("y.txt")
    with zipfile.ZipFile(folder / "data/a.zip", "w") as archive:
        archive.writestr("m.txt", "inside")
    (folder / "src/analysis/optional").mkdir()
    (folder / "src/analysis/optional/__init__.py").write_text("")
    return folder


def reads(place, work, code, **settings):
    """The record of a process that runs the code in the project: names in it that were read, asked
    for, and what was started.
    """
    work.mkdir(exist_ok=True)
    (work / "reads").unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + textwrap.dedent(code)],
        cwd=place,
        env=environment(place, PLACE=str(place), WORK=str(work), **settings),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    noted = recorded(work / "reads")
    names = (
        {path.relative_to(place).as_posix() for path in group if path.is_relative_to(place)}
        for group in (noted.read, noted.asked)
    )
    return (*names, noted.started)


READ = {
    "open": ("open(root / 'data/x.csv').read()", "data/x.csv"),
    "bytes": ("open(os.fsencode(root / 'data/x.csv')).read()", "data/x.csv"),
    "to read and write": ("open(root / 'data/x.csv', 'r+').read()", "data/x.csv"),
    "to append and read": ("open(root / 'data/x.csv', 'a+').read()", "data/x.csv"),
    "relative": ("os.chdir(root / 'data'); open('x.csv').read()", "data/x.csv"),
    "descriptor": ("os.read(os.open(root / 'data/x.csv', os.O_RDONLY), 9)", "data/x.csv"),
    "beside a folder": (
        "f = os.open(root / 'data', os.O_RDONLY); os.open('x.csv', os.O_RDONLY, dir_fd=f)",
        "data/x.csv",
    ),
    "umlaut and space": ("(root / 'data/with space ü.txt').read_text()", "data/with space ü.txt"),
    "through a link": ("(root / 'data/link.txt').read_text()", "data/link.txt"),
    "through a link from elsewhere": (
        "os.symlink(root / 'data', work / 'l'); "
        "open(work / 'l/x.csv').read(); os.remove(work / 'l')",
        "data/x.csv",
    ),
    "absent": (
        "import contextlib\nwith contextlib.suppress(OSError): open(root / 'data/none.csv')",
        "data/none.csv",
    ),
    "copy": ("import shutil; shutil.copyfile(root / 'data/x.csv', work / 'copy')", "data/x.csv"),
    "hard link": (
        "os.link(root / 'data/x.csv', work / 'hard'); os.remove(work / 'hard')",
        "data/x.csv",
    ),
    "mmap": (
        "import mmap; f = open(root / 'data/x.csv', 'rb'); "
        "mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ)[:]",
        "data/x.csv",
    ),
    "pandas": ("import pandas; pandas.read_csv(root / 'data/x.csv')", "data/x.csv"),
    "pandas, mapped": (
        "import pandas; pandas.read_csv(str(root / 'data/x.csv'), memory_map=True)",
        "data/x.csv",
    ),
    "numpy": ("import numpy; numpy.loadtxt(root / 'data/x.csv', skiprows=1)", "data/x.csv"),
    "numpy, binary": (
        "import numpy; numpy.fromfile(root / 'data/x.csv', dtype='u1')",
        "data/x.csv",
    ),
    "numpy, mapped": (
        "import numpy; numpy.memmap(root / 'data/x.csv', dtype='u1', mode='r')[:]",
        "data/x.csv",
    ),
    "zip": ("import zipfile; zipfile.ZipFile(root / 'data/a.zip').read('m.txt')", "data/a.zip"),
    "sqlite": ("import sqlite3; sqlite3.connect(root / 'data/new.db')", "data/new.db"),
    "sqlite, by address": (
        "import sqlite3; sqlite3.connect(f'file:{root}/data/x%2Ecsv?mode=ro', uri=True)",
        "data/x.csv",
    ),
    "a database that is attached": (
        "import sqlite3; c = sqlite3.connect(root / 'data/new.db'); "
        "c.execute(f\"attach '{root}/data/other.db' as n\")",
        "data/other.db",
    ),
    "a database attached to none": (
        "import sqlite3; "
        "sqlite3.connect(':memory:', uri=True).execute(f\"attach 'file:{root}/data/new.db' as n\")",
        "data/new.db",
    ),
    "what was written last into a database": (
        "import sqlite3; sqlite3.connect(root / 'data/new.db')",
        "data/new.db-wal",
    ),
    "resource": (
        "from importlib import resources; "
        "(resources.files('analysis') / 'wording/roles.yml').open()",
        "src/analysis/wording/roles.yml",
    ),
    "module": ("import analysis.methods.counts", "src/analysis/methods/counts.py"),
    "loaded before": ("pass", "src/analysis/engine/kernel.py"),
    "size": ("os.path.getsize(root / 'data/x.csv')", "data/x.csv"),
    "size, by pathlib": ("(root / 'data/x.csv').stat().st_size", "data/x.csv"),
    "size, of an entry": (
        "sum(entry.stat().st_size for entry in os.scandir(root / 'data'))",
        "data/x.csv",
    ),
    "up from a folder": ("os.chdir(root / 'data/sub'); open('../x.csv').read()", "data/x.csv"),
    "up from where a link leads": (
        "os.symlink(root / 'data/sub', work / 'l'); "
        "open(work / 'l/../x.csv').read(); os.remove(work / 'l')",
        "data/x.csv",
    ),
    "listdir": ("os.listdir(root / 'data')", "data"),
    "listdir of where it is": ("os.chdir(root / 'data'); os.listdir()", "data"),
    "the project's folder itself": ("os.listdir(root)", "."),
    "listdir by descriptor": ("os.listdir(os.open(root / 'data', os.O_RDONLY))", "data"),
    "glob": ("import glob; glob.glob(str(root / 'data/*.csv'))", "data"),
    "glob, deep": ("list((root / 'data').rglob('*.txt'))", "data/sub/deep"),
    "walk": ("list(os.walk(root / 'data'))", "data/sub/deep"),
    "walk by descriptors": ("list(os.fwalk(root / 'data'))", "data/sub/deep"),
    "a package's folder": (
        "list((root / 'src/analysis/figures').glob('*.py'))",
        "src/analysis/figures",
    ),
    "in a thread": (
        "import threading; t = threading.Thread(target=(root / 'data/x.csv').read_text); "
        "t.start(); t.join()",
        "data/x.csv",
    ),
    "in a fork": (
        "p = os.fork()\nif not p: open(root / 'data/x.csv').read(); os._exit(0)\nos.waitpid(p, 0)",
        "data/x.csv",
    ),
    "in a pool": (
        "import multiprocessing as m\n"
        "with m.get_context('fork').Pool(1) as p: p.map(open_it, [root / 'data/x.csv'])",
        "data/x.csv",
    ),
    "after every descriptor was closed": (
        "os.closerange(3, 99); open(root / 'data/x.csv').read()",
        "data/x.csv",
    ),
    "moved away": (
        "os.rename(root / 'data/y.txt', work / 'y'); os.rename(work / 'y', root / 'data/y.txt')",
        "data/y.txt",
    ),
    "moved within": (
        "os.rename(root / 'data/y.txt', root / 'data/y'); "
        "os.rename(root / 'data/y', root / 'data/y.txt')",
        "data/y.txt",
    ),
    "appended to before": (
        "open(root / 'data/x.csv', 'a').close(); open(root / 'data/x.csv').read()",
        "data/x.csv",
    ),
}


@pytest.mark.parametrize(("code", "name"), READ.values(), ids=READ)
def test_what_is_read_or_listed_is_recorded(place, tmp_path, code, name):
    read, _, started = reads(
        place, tmp_path, f"def open_it(path): return open(path).read()\n{code}"
    )
    assert name in read
    assert started == set()


ASKED = {
    "exists": ("(root / 'data/none').exists()", "data/none"),
    "is_file": ("(root / 'data/x.csv').is_file()", "data/x.csv"),
    "os.path": ("os.path.isdir(root / 'data/sub')", "data/sub"),
    "isfile, bytes": ("os.path.isfile(os.fsencode(root / 'data/x.csv'))", "data/x.csv"),
    "access": ("os.path.exists('data/none') or os.access('data/other', os.R_OK)", "data/none"),
    "stat": (
        "import contextlib\nwith contextlib.suppress(OSError): os.stat(root / 'data/none')",
        "data/none",
    ),
    "stat beside a folder": (
        "import contextlib\nwith contextlib.suppress(OSError): os.stat('none', dir_fd=os.open(root "
        "/ 'data', 0))",
        "data/none",
    ),
    "link": ("os.path.islink(root / 'data/link.txt')", "data/link.txt"),
    "where a link leads": ("(root / 'data/link.txt').resolve()", "data/link.txt"),
    "a module that is not there": (
        "try: import extra_module\nexcept ImportError: pass",
        "src/extra_module.py",
    ),
    "a part that is not there": (
        "try: from analysis.optional import missing\nexcept ImportError: pass",
        "src/analysis/optional/missing.py",
    ),
}


@pytest.mark.parametrize(("code", "name"), ASKED.values(), ids=ASKED)
def test_what_is_only_asked_for_is_recorded(place, tmp_path, code, name):
    read, asked, _ = reads(place, tmp_path, code)
    assert name in asked
    assert name not in read


def test_of_a_path_that_is_resolved_only_links_count(place, tmp_path):
    code = "[os.path.realpath(root / 'data' / name) for name in ('x.csv', 'link.txt')]"
    _, asked, _ = reads(place, tmp_path, code)
    assert {name for name in asked if name.startswith("data")} == {"data/link.txt"}


STARTED = {
    "subprocess": (
        "import subprocess; subprocess.run(['cat', 'data/x.csv'], capture_output=True)",
        "cat",
    ),
    "shell": ("import subprocess; subprocess.run('cat data/x.csv > /dev/null', shell=True)", "cat"),
    "os.system": ("os.system('cat data/x.csv > /dev/null')", "cat"),
    "popen": ("os.popen('cat data/x.csv').read()", "cat"),
    "posix_spawn": ("os.waitpid(os.posix_spawn('/bin/cat', ['cat', '/dev/null'], {}), 0)", "cat"),
    "spawnvp": ("os.spawnvp(os.P_WAIT, 'cat', ['cat', '/dev/null'])", "cat"),
    "pty": ("import pty; pty.spawn(['cat', '/dev/null'])", "cat"),
    "a library by ctypes": (
        "import ctypes; ctypes.CDLL(None).open(b'data/x.csv', 0)",
        "ctypes",
    ),
    "a library found by ctypes": (
        "from ctypes import cdll, util; cdll.LoadLibrary(util.find_library('c'))",
        "ctypes",
    ),
    "what Python has loaded, by ctypes": (
        "import ctypes; ctypes.pythonapi.fopen(b'data/x.csv', b'r')",
        "ctypes",
    ),
    "a library that a package calls": (
        "(work / 'site-packages').mkdir(); sys.path.append(str(work / 'site-packages')); "
        "(work / 'site-packages/strange.py').write_text('import ctypes; ctypes.CDLL(None).open'); "
        "import strange",
        "strange",
    ),
    "a compiled module that may open files": (
        "import cffi; cffi.FFI().dlopen(None)",
        "_cffi_backend",
    ),
    "a compiled module of a package that mostly leaves it to Python": (
        "from PIL import ImageFont",
        "PIL._imagingft",
    ),
    "one that reads colours of a device": ("from PIL import ImageCms", "PIL._imagingcms"),
    "one that reads matrices": (
        "sys.audit('import', 'scipy.io._fast_matrix_market._fmm_core', '/lib/x.so', *3 * [None])",
        "scipy.io._fast_matrix_market._fmm_core",
    ),
    "a database whose name is filled in": (
        "import sqlite3; "
        "sqlite3.connect(':memory:').execute('attach ? as n', (f'{root}/data/new.db',))",
        "sqlite3",
    ),
    "a database that is not watched": (
        "import sqlite3; sqlite3.Connection(root / 'data/new.db')",
        "sqlite3",
    ),
    "the network": (
        "import socket; s = socket.create_server(('127.0.0.1', 0)); "
        "socket.create_connection(s.getsockname())",
        "network",
    ),
    "a copy of the environment": ("dict(os.environ)", "os.environ"),
    "exec in a fork": (
        "p = os.fork()\nif not p: os.execvp('cat', ['cat', '/dev/null'])\nos.waitpid(p, 0)",
        "cat",
    ),
    "spawned by multiprocessing": (
        "import multiprocessing as m; p = m.get_context('spawn').Process(target=print); p.start(); "
        "p.join()",
        None,
    ),
}


@pytest.mark.parametrize(("code", "program"), STARTED.values(), ids=STARTED)
def test_other_programs_are_noted(place, tmp_path, code, program):
    _, _, started = reads(place, tmp_path, code)
    assert started == {program or os.path.basename(sys.executable)}  # noqa: PTH119


def test_libraries_that_packages_load_are_not_noted(place, tmp_path):
    code = """
        import ctypes, IPython, matplotlib.pyplot, nbformat, networkx, numpy, pandas, uuid, zmq
        import contextlib, socket
        from analysis.files.whole import exchange
        matplotlib.pyplot.plot([1]); numpy.ctypeslib.as_ctypes(numpy.zeros(1)); uuid.uuid1()
        for name in 'ab': (root / 'data' / name).mkdir()
        assert exchange(root / 'data/a', root / 'data/b')
        for name in 'ab': (root / 'data' / name).rmdir()
        with contextlib.suppress(OSError):  # of this machine, and no network
            socket.socket(socket.AF_UNIX).connect(str(work / 'none'))
    """
    _, _, started = reads(place, tmp_path, code)
    assert started == set()


VARIABLES = {
    "by name": "os.environ['WORK']",
    "by bytes": "os.environb[b'WORK']",
    "get": "os.environ.get('WORK')",
    "getenv": "os.getenv('WORK')",
    "in": "'WORK' in os.environ",
    "in a path": "os.path.expandvars('$WORK/x')",
    "by another module of the project": (
        "(root / 'src/asks.py').write_text('import os; os.getenv(\"WORK\")'); import asks"
    ),
}


@pytest.mark.parametrize("code", VARIABLES.values(), ids=VARIABLES)
def test_variables_that_are_looked_up_are_recorded(place, tmp_path, code):
    reads(place, tmp_path, code)
    assert recorded(tmp_path / "reads").variables == {"WORK"}


def test_variables_that_packages_look_up_and_programs_are_given_are_not_recorded(place, tmp_path):
    code = """
        import tempfile, matplotlib.pyplot, pandas
        tempfile.gettempdir(); env = {**os.environ, 'X': '1'}; os.environ.copy(); env['WORK']
        import analysis.paths; analysis.paths.raw()
    """
    reads(place, tmp_path, code)
    assert recorded(tmp_path / "reads").variables == set()


def test_a_variable_that_is_looked_up_while_another_thread_copies_them_all_is_recorded(
    place, tmp_path
):
    code = """
        import threading
        os.environ.clear(); os.environ['FIRST'] = 'x'
        copying = iter(os.environ); name = next(copying)
        thread = threading.Thread(target=lambda: os.environ[name]); thread.start(); thread.join()
    """
    reads(place, tmp_path, code)
    assert recorded(tmp_path / "reads").variables == {"FIRST"}


def test_of_what_the_project_is_told_only_addresses_that_pages_bear_are_recorded(place, tmp_path):
    code = "for name in ('SITE_URL', 'REPOSITORY_URL', 'RAW'): os.getenv(f'COMPENDIUM_{name}')"
    reads(place, tmp_path, code)
    told = {"COMPENDIUM_SITE_URL", "COMPENDIUM_REPOSITORY_URL"}
    assert recorded(tmp_path / "reads").variables == told


INSTEAD = {
    "before the folder of it": ("import helper", {"data/sub/helper", "data/sub/helper.py"}),
    "a package beside it": ("import helper", {"data/helper"}),
    "in a folder without a package": ("import deep", {"data/sub/deep/__init__.py"}),
    "in place of Python's": ("import wave", {"data/sub/wave.py", "data/wave.py"}),
    "in place of a package's": ("import networkx", {"data/networkx.py"}),
    "beside a package": ("import analysis.optional", set()),
}


@pytest.mark.parametrize(("code", "names"), INSTEAD.values(), ids=INSTEAD)
def test_that_another_module_would_be_imported_instead_is_asked(place, tmp_path, code, names):
    (place / "data/helper.py").write_text("")
    (place / "data/deep.py").write_text("")
    begin = "sys.path[:0] = [str(root / 'data/sub'), str(root / 'data')]\n"
    _, asked, _ = reads(place, tmp_path, begin + code)
    assert names <= asked
    assert not {"data/helper.py", "src/helper", "src/analysis/optional.py"} & asked


OUTSIDE = {
    "open": ("open(far / 'x.csv').read()", "x.csv"),
    "pandas": ("import pandas; pandas.read_csv(far / 'x.csv')", "x.csv"),
    "a module": ("sys.path.append(str(far)); import module", "module.py"),
    "through a link of the project to its end": (
        "os.symlink(far, root / 'far'); p = (root / 'far').resolve(); os.remove(root / 'far'); "
        "open(p / 'x.csv').read()",
        "x.csv",
    ),
    "listdir": ("os.listdir(far)", "."),
    "glob": ("import glob; glob.glob(f'{far}/*.csv')", "."),
    "exists": ("(far / 'none.csv').exists()", "none.csv"),
}


@pytest.mark.parametrize(("code", "name"), OUTSIDE.values(), ids=OUTSIDE)
def test_what_is_read_outside_the_project_is_recorded(place, tmp_path, code, name):
    far = tmp_path / "far"
    far.mkdir()
    (far / "x.csv").write_text("v\n1\n")
    (far / "module.py").write_text("")
    passing = tmp_path / "passing"
    passing.mkdir()
    reads(place, tmp_path, f"far = Path({str(far)!r})\n{code}", TMPDIR=str(passing))
    noted = recorded(tmp_path / "reads")
    assert (far / name) in {*noted.read, *noted.asked}


def test_what_is_of_the_system_of_packages_or_of_a_person_is_not_recorded(place, tmp_path):
    home = tmp_path / "home"
    (home / ".config").mkdir(parents=True)
    (home / ".config/x").write_text("")
    code = """
        import glob, shutil, tempfile, zoneinfo, pandas, IPython, matplotlib.pyplot as plt
        open('/etc/passwd').read(); open(Path.home() / '.config/x').read(); shutil.which('cat')
        with tempfile.TemporaryDirectory() as t: Path(t, 'x').write_text('1'); glob.glob(t + '/*')
        zoneinfo.ZoneInfo('Europe/Berlin'); plt.text(0, 0, 'x'); plt.savefig(work / 'x.png')
        open('/dev/null').read(); Path('/proc/self/status').read_text()
    """
    reads(place, tmp_path, code, HOME=str(home))
    noted = recorded(tmp_path / "reads")
    outside = {path for path in {*noted.read, *noted.asked} if not path.is_relative_to(place)}
    assert outside == set()


def test_passing_files_are_no_inputs_wherever_their_folder_is(place, tmp_path):
    code = """
        import tempfile
        passing = tempfile.mkstemp()[1]; open(passing).read(); os.listdir(tempfile.gettempdir())
        open(root / 'data/x.csv').read()
    """
    (place / "passing").mkdir(exist_ok=True)
    read, asked, _ = reads(place, tmp_path, code, TMPDIR=str(place / "passing"))
    assert "data/x.csv" in read
    assert not [name for name in read | asked if name.startswith("passing")]
    read, *_ = reads(place, tmp_path, code, TMPDIR=str(place))
    assert "data/x.csv" in read


@pytest.mark.parametrize("module", ["importlib.metadata", "importlib_metadata"])
def test_who_looks_for_packages_beside_the_project_reads_no_folder_of_it(place, tmp_path, module):
    code = f"""
        import {module} as metadata
        sys.path.insert(0, str(root))
        assert metadata.entry_points(group='console_scripts')
    """
    read, *_ = reads(place, tmp_path, code)
    assert "." not in read


OWN = (
    "(root / 'data/own.txt').write_text('1'); (root / 'data/own.txt').read_text(); "
    "(root / 'data/own.txt').rename(root / 'data/two.txt'); "
)


@pytest.mark.parametrize(
    "code",
    [
        OWN + "(root / 'data/two.txt').read_text(); os.remove(root / 'data/two.txt')",
        "open(root / 'data/x.csv', 'a').close()",
    ],
)
def test_what_a_process_writes_itself_is_no_input(place, tmp_path, code):
    read, asked, _ = reads(place, tmp_path, code)
    assert not {"data/own.txt", "data/two.txt", "data/x.csv"} & (read | asked)


def test_a_name_beside_a_folder_is_none_of_the_folder_one_is_in(place, tmp_path):
    code = """
import shutil
os.makedirs(work / "old/data"), os.makedirs(work / "old/src")
os.chdir(root)
shutil.rmtree(work / "old")
os.open("data/x.csv", os.O_RDONLY)
"""
    read, asked, _ = reads(place, tmp_path, code)
    assert not {"data", "src"} & (read | asked)
    assert "data/x.csv" in read


CHANGES = {
    "write": "open(table, 'w')",
    "append": "open(table, 'a')",
    "write in between": "open(table, 'r+')",
    "write below": "os.open(table, os.O_WRONLY)",
    "write beside": "os.open('study/actors.csv', os.O_RDWR, dir_fd=os.open(raw, os.O_RDONLY))",
    "remove": "os.remove(table)",
    "remove all": "import shutil; shutil.rmtree(raw)",
    "shorten": "os.truncate(table, 0)",
    "rename": "os.rename(table, root / 'x.csv')",
    "put in its place": "open(root / 'x', 'w').close(); os.replace(root / 'x', table)",
    "copy": "import shutil; shutil.copy(raw / 'study/cases.csv', table)",
    "link": "os.symlink(table, raw / 'new.csv')",
    "make a folder": "os.mkdir(raw / 'new')",
    "save a frame": "import pandas; pandas.DataFrame({'a': [1]}).to_csv(table)",
    "a page": "(root / 'book/de/index.md').write_text('')",
}


@pytest.mark.parametrize("code", CHANGES.values(), ids=CHANGES)
def test_what_is_made_by_hand_no_step_changes(place, tmp_path, code):
    kept = {path: path.read_bytes() for path in (place / "data/raw").rglob("*.csv")}
    before = "raw = root / 'data/raw'\ntable = raw / 'study/actors.csv'\ntry:\n    "
    after = "\nexcept PermissionError as error:\n    assert 'is made by hand' in str(error)"
    reads(place, tmp_path / "work", f"{before}{code}{after}\nelse:\n    raise SystemExit(1)")
    assert kept == {path: path.read_bytes() for path in (place / "data/raw").rglob("*.csv")}
    assert not (place / "data/raw/new").exists()


def test_compiled_modules_are_recorded_as_their_sources_wherever_python_keeps_them(place, tmp_path):
    for _ in range(2):  # the second time they are there
        read, *_ = reads(
            place,
            tmp_path,
            "import analysis.files.whole, analysis.engine.runs",
            PYTHONPYCACHEPREFIX=str(tmp_path / "cache"),
        )
        assert {"src/analysis/files/whole.py", "src/analysis/engine/runs.py"} <= read


def test_a_module_changed_within_the_same_second_is_not_taken_from_its_compiled_file(
    place, tmp_path
):
    module = place / "src/analysis/quickly.py"
    said = []
    for number in (1, 2, 3):
        module.write_text(f"N = {number}\n", "utf-8")
        os.utime(module, (1_700_000_000, 1_700_000_000))
        reads(place, tmp_path, "from analysis.quickly import N; (work / 'said').write_text(str(N))")
        said.append((tmp_path / "said").read_text())
    assert said == ["1", "2", "3"]


@pytest.mark.parametrize("prefix", ["", "data", "..", ".venv"])
def test_the_place_of_the_installation_does_not_matter(place, tmp_path, prefix):
    """The project's folder itself, one below or one above it may be the prefix of a virtual
    environment or of the system.
    """
    before = f"import sys; sys.prefix = sys.base_prefix = {str((place / prefix).resolve())!r}"
    code = "open(root / 'data/x.csv').read(); import analysis.methods.counts"
    environment = {
        "PYTHONSTARTUP": "",
        "PLACE": str(place),
        "WORK": str(tmp_path),
        "PYTHONPATH": str(place / "src"),
    }
    done = subprocess.run(
        [sys.executable, "-c", f"{before}\n{BEGIN}{code}"],
        cwd=place,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert {
        place / "data/x.csv",
        place / "src/analysis/methods/counts.py",
        place / "src/analysis/paths.py",
    } <= set(recorded(tmp_path / "reads").read)


STEP = """
import os, subprocess, sys, time
from pathlib import Path
from analysis import paths
from analysis.engine.steps import Step
INNER = '''{inner}'''
def action(work):
    inner = [sys.executable, "-c", INNER]
    subprocess.run(inner, env=os.environ | {{"WORK": str(work)}}, check=True)
    {change}
    return True
step = Step("trial", action, lambda: [])
done = step.run()
print(done, [change.now for change in step.changes()][:1], step.unseen())
"""
CHANGES = {
    "nothing": ("pass", "True [] []"),
    "replaced by an older one": (
        "new = root / 'new'; new.write_text('v\\n2\\n'); os.utime(new, (1, 1)); "
        "new.replace(root / 'data/x.csv')",
        "",
    ),
    "deleted": ("(root / 'data/x.csv').unlink()", ""),
    "changed and dated back": (
        "x = root / 'data/x.csv'; t = x.stat().st_mtime; x.write_text('v\\n3\\n'); "
        "os.utime(x, (t, t))",
        "",
    ),
    "added to a listed folder": ("(root / 'data/sub/new.txt').write_text('')", ""),
    "removed from a listed folder": ("(root / 'data/sub/z.txt').unlink()", ""),
    "has come into being": ("(root / 'data/none').write_text('')", ""),
    "made a folder": ("(root / 'data/link.txt').unlink(); (root / 'data/link.txt').mkdir()", ""),
    "another target of a link": (
        "(root / 'data/link.txt').unlink(); (root / 'data/link.txt').symlink_to('y2.txt')",
        "",
    ),
    "dates in the future": (
        "[os.utime(p, (4e9, 4e9)) for p in (root / 'build').rglob('*')]",
        "True [] []",
    ),
    "the project is imported from elsewhere": ("(work / 'reads').write_text('')", "False ['']"),
}
INNER = f"""{BEGIN}
open(root / 'data/x.csv').read()
os.listdir(root / 'data/sub')
(root / 'data/none').exists()
(root / 'data/link.txt').read_text()
"""


@pytest.mark.parametrize(("change", "expected"), CHANGES.values(), ids=CHANGES)
def test_what_is_changed_while_a_step_runs_makes_it_due_again(place, change, expected):
    data = place / "data"
    for name in ("x.csv", "y.txt", "y2.txt", "sub/z.txt"):
        (data / name).write_text("v\n1\n", "utf-8")
    (data / "link.txt").rmdir() if (data / "link.txt").is_dir() else (data / "link.txt").unlink(
        missing_ok=True
    )
    (data / "link.txt").symlink_to("y.txt")
    for name in ("none", "sub/new.txt"):
        (data / name).unlink(missing_ok=True)
    for path in data.rglob("*.*"):
        os.utime(path, (4_000_000_000, 4_000_000_000))  # a clock that is behind the files
    begin = "from pathlib import Path\nimport os\nroot = Path(os.environ['PLACE'])\n"
    script = begin + STEP.format(inner=INNER, change=change)
    environment = {
        "PLACE": str(place),
        "PYTHONPATH": str(place / "src"),
        "COMPENDIUM_ROOT": str(place),
    }
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=place,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )
    said = done.stdout.strip()
    assert (
        said.startswith(expected)
        if expected
        else said == "True ['changed while the step ran'] []" or said.startswith("True ['")
    ), done.stderr
    if not expected:
        assert said != "True [] []"
    if expected.startswith("False"):
        assert "what it reads is not seen" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_record_is_readable_whatever_a_file_is_called(place, tmp_path):
    (place / "data/line\nbreak.txt").write_text("x", "utf-8")
    read, *_ = reads(
        place, tmp_path, "[path.read_text() for path in (root / 'data').glob('line*')]"
    )
    assert "data/line\nbreak.txt" in read
    assert all(json.loads(line) for line in (tmp_path / "reads").read_text("utf-8").splitlines())
