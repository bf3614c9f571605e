"""A small project in a folder of its own: the package, the invented study of
tests/mini, a few tiny notebooks.

Every notebook notes that a kernel has begun with it, so what was redone is counted in kernels, not
taken from what the build says.
"""

import asyncio
import atexit
import contextlib
import fcntl
import functools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import psutil

from analysis import paths
from analysis.engine.processes import steady

PATIENCE = 240  # s, until a test gives up waiting for what is soon so, on a busy machine as well
# Not looked up, which would be an input of the notebook.
BEGUN = (
    "import os\nwith open(os.environ._data[b'KERNELS'], 'a') as log:\n    log.write('{name}\\n')"
)
HEADER = 'language: str = "de"  # language of the report'
CASE = 'case: str = "tal"  # the case to show'
OF_EACH_CASE = {"each": {"case": "cases.case_id"}}
COUNTS = """import pandas as pd
from analysis import paths
print(len(pd.read_csv(paths.processed() / 'code_counts.csv')))"""
TARGETS = """from analysis.publish import Run
run = Run('targets', language=language)
print(len(run.read('targets')))"""
STYLE = "from analysis.drawing.style import WIDTH\nprint(WIDTH)"
# Starts a process and waits with it for ever; `mark` stands in the process's command line.
LASTING = """import subprocess, sys, time
subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)', {mark!r}])
time.sleep(600)"""


def environment(folder, **settings):
    """That of a copy of the project, away from any other study that this one points to."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("COMPENDIUM_")}
    return own | {"PYTHONPATH": str(folder / "src"), **settings}


@functools.cache
def warm():
    """What a build is told of the processes that have the packages loaded; they end with this."""
    place = Path(__file__).parent / "warm"
    addresses = {}
    for name, kind in (("ZYGOTE", "kernels"), ("ZYGOTE_OF_STEPS", "steps")):
        addresses[name] = f"{tempfile.mkdtemp(prefix='zygote-', dir='/tmp')}/socket"
        process = subprocess.Popen(
            [sys.executable, "-c", f"import zygote; zygote.serve_{kind}({addresses[name]!r})"],
            env=steady(os.environ) | {"PYTHONPATH": str(place)},
            stdin=subprocess.PIPE,
        )
        atexit.register(process.communicate)  # it ends with its input
    for address in addresses.values():
        wait_for(Path(address).exists)
    return {**addresses, "PYTHONPATH": str(place)}


def run_in(folder, *command):
    """Runs a module of this Python in a copy of the project, and returns the finished process."""
    own = environment(folder, **warm())
    own["PYTHONPATH"] = f"{folder / 'src'}{os.pathsep}{warm()['PYTHONPATH']}"
    return _finished(["-m", *command], folder, own)


def on_study(study, *command, code="", folder=None):
    """Runs a command, or some code, on a study, and returns the finished process.

    folder: where it runs, if not in the project.
    """
    what = ["-c", code] if code else ["-m", "analysis", *command]
    about = os.environ | warm() | {"COMPENDIUM_STUDY": str(study)}
    return _finished(what, folder or paths.root(), about)


def _finished(what, folder, environment):
    return subprocess.run(
        [sys.executable, *what],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@contextlib.contextmanager
def other_content(path, content=None):
    """A file with other content for a while, or to be spoilt by whoever asks; it is put back."""
    before = path.read_bytes()
    path.write_bytes(before if content is None else content)
    try:
        yield
    finally:
        path.write_bytes(before)


class Project:
    """A small project in a folder of its own, its tables prepared already unless that is what a
    test is about. Builds of a cold one load everything themselves.
    """

    def __init__(self, folder, *, prepared=True, cold=False, **notebooks):
        self.folder, self.cold = folder, cold
        lay_out(folder)
        if prepared:
            copy_tables(folder)
        for name, source in notebooks.items():
            self.write(name, source)

    def write(self, name, source):
        """A notebook of one cell, or of several with `%%` between them; one called `case` is run
        for each case.
        """
        header = f"{HEADER}\n{CASE}" if name == "case" else HEADER
        cells = [nbformat.v4.new_code_cell(header, metadata={"tags": ["parameters"]})]
        cells += [
            nbformat.v4.new_code_cell(code)
            for code in (BEGUN.format(name=name), *source.split("\n%%\n"))
        ]
        about = {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "compendium": OF_EACH_CASE if name == "case" else {},
        }
        nbformat.write(
            nbformat.v4.new_notebook(cells=cells, metadata=about),
            self.folder / f"notebooks/{name}.ipynb",
        )

    def make(self, target="notebooks", jobs="2", **settings):
        """Runs the pipeline; returns the data step, if it ran, and the notebooks that a kernel was
        started for; and the process.
        """
        kernels = self.kernels()
        done = self.run("doit", "-n", jobs, "-P", "thread", target, **settings)
        data = re.findall(r"^(?:done|failed) +(data)  ", done.stdout, re.MULTILINE)
        return sorted([*data, *self.kernels()[len(kernels) :]]), done

    def kernels(self):
        """The notebooks for which a kernel was started so far."""
        log = self.folder.with_suffix(".kernels")
        return log.read_text("utf-8").splitlines() if log.is_file() else []

    def environment(self, **settings):
        """That of the folder, and where notebooks note that they have begun."""
        own = environment(self.folder, KERNELS=str(self.folder.with_suffix(".kernels")))
        if not self.cold:
            path = os.pathsep.join([own["PYTHONPATH"], warm()["PYTHONPATH"]])
            own |= warm() | {"PYTHONPATH": path}
        return own | settings

    def start(self, *command, **settings):
        """Begins to run a module of this Python in the project."""
        command = [sys.executable, "-m", *command]
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.environment(**settings),
            start_new_session=True,
            **streams,
        )

    def run(self, *command, **settings):
        """Runs a module of this Python in the project."""
        process = self.start(*command, **settings)
        said, complaints = process.communicate(timeout=PATIENCE)
        return subprocess.CompletedProcess(command, process.returncode, said, complaints)

    def processes(self):
        """The processes that work on the project: those that name it in their command line."""
        commands = {
            process.pid: process.info["cmdline"] or []
            for process in psutil.process_iter(["cmdline"])
        }
        return [pid for pid, command in commands.items() if str(self.folder) in " ".join(command)]

    def edit(self, file, old, new):
        path = self.folder / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    def output(self, name, language="de"):
        notebook = json.loads(
            (self.folder / f"build/{language}/notebooks/{name}.ipynb").read_text("utf-8")
        )
        return "".join(
            "".join(output.get("text", ""))
            for cell in notebook["cells"]
            for output in cell.get("outputs", [])
        )


def lay_out(folder):
    """The sources of a project without notebooks, in place of those that are there."""
    folders = {"src": "src", "tests/mini/data": "data/raw", "tests/mini/book": "book"}
    for place in (*folders.values(), "notebooks"):
        shutil.rmtree(folder / place, ignore_errors=True)
    for source, place in folders.items():
        shutil.copytree(paths.root() / source, folder / place)
    for file in ("dodo.py", "requirements.lock"):
        shutil.copy(paths.root() / file, folder)
    (folder / "notebooks").mkdir()
    for compiled in folder.glob("src/**/*.pyc"):
        compiled.touch()  # a kernel takes none that is older than the copy of its source


@contextlib.contextmanager
def kept(name):
    """A folder that is kept for the next run of the tests, for one process at a time.

    What is built there is brought up to date by the build itself, as anywhere.
    """
    folder = paths.root() / ".pytest_cache" / name
    folder.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def copy_tables(folder):
    """Prepares the tables of a project as a copy of it does: they are up to date there."""
    with kept("prepared") as prepared:
        if prepared not in _up_to_date:
            done = Project(prepared, prepared=False).make("data")[1]
            assert done.returncode == 0, done.stderr
            _up_to_date.add(prepared)
        for place in ("data/processed", "build/deps"):
            shutil.copytree(
                prepared / place, folder / place, ignore=shutil.ignore_patterns("seconds.json")
            )


_up_to_date = set()


def tree(folder):
    """Every file of a folder with its content and the time it was written."""
    return {
        path.relative_to(folder): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def wait_for(condition, seconds=PATIENCE):
    """Waits until something is so; fails if it takes longer."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


async def become(condition):
    """The same where other things go on meanwhile."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.01)
