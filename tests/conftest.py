"""What the tests share: the invented study of tests/mini as a copy to be spoilt, and
one finished build of it.
"""

import csv
import gc
import os
import shutil
import subprocess
import sys
from dataclasses import astuple
from pathlib import Path

import pytest
from hypothesis import settings

from analysis.engine.machine import cores
from analysis.patches.loading import skip_slow_imports
from analysis.pdf.layout import PdfError, check_libraries
from analysis.problems import Problems
from analysis.raw import study as reader
from analysis.raw.study import StudyError, read_study, read_table

ROOT = Path(__file__).parents[1]
LONGEST = {"test_edits", "test_set_up", "test_tutorial"}
# As in the Makefile: what the tests start would compile every module anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
skip_slow_imports()
# What tests keep for one another is searched for what has gone once in a while only.
gc.set_threshold(500_000, 10, 10)
# The same examples each time, for as long as they take.
settings.register_profile("same", derandomize=True, database=None, deadline=None)
settings.load_profile("same")
# Where Pango is missing, only what is said of that is tested: nothing but `make pdf` needs it.
try:
    check_libraries()
    collect_ignore = []
except PdfError:
    needing = ("gaps", "layout", "printed", "sheets", "wide")
    collect_ignore = [f"pdf/test_{name}.py" for name in needing]


def pytest_xdist_auto_num_workers():
    """One more than processors that this process may use, as many tests wait for what they have
    started; xdist counts the processors of the machine.
    """
    return cores() + 1


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """The tests of a module run in one process, which makes once what they share; those of the
    engine, which make a project each, are spread unless they say otherwise. The longest begin
    first, so that no process waits for another at the end.
    """
    items.sort(key=lambda test: test.path.stem not in LONGEST)
    for test in items:
        if test.path.parent.name != "engine" and not test.get_closest_marker("xdist_group"):
            test.add_marker(pytest.mark.xdist_group(test.path.stem))


class Mini:
    """A copy of the invented study, with a build folder of its own."""

    def __init__(self, folder):
        shutil.copytree(ROOT / "tests/mini", folder)
        self.raw, self.book, self.build = folder / "data", folder / "book", folder / "build"
        self.references = self.book / "references.bib"

    @property
    def settings(self):
        """What tells a process that it works on this study."""
        places = {"RAW": self.raw, "BOOK": self.book, "BUILD": self.build}
        return {f"COMPENDIUM_{name}": str(place) for name, place in places.items()}

    def point_paths(self, monkeypatch):
        """Lets `analysis.paths` point to this study, as it does where its notebooks run."""
        for name, place in (self.settings | {"COMPENDIUM_OUTPUT": str(self.build)}).items():
            monkeypatch.setenv(name, place)

    def put(self, file, row, column, value):
        """Writes a value into a cell of a raw table; rows count as in a spreadsheet."""
        with (self.raw / file).open(encoding="utf-8", newline="") as source:
            rows = list(csv.reader(source))
        rows[row - 1][rows[0].index(column)] = value
        with (self.raw / file).open("w", encoding="utf-8", newline="") as target:
            csv.writer(target, lineterminator="\n").writerows(rows)

    def read(self):
        return read_study(self.raw, self.references)

    def problems(self):
        """The problems of the study as they are printed; none if it can be read."""
        try:
            self.read()
        except StudyError as error:
            return [str(problem) for problem in error.problems]
        return []

    def run(self, *command, cold=False):
        """Runs a module of this Python in the project, on this study, and returns the finished
        process; a cold one loads everything itself.
        """
        from project import warm  # imports nbformat

        return subprocess.run(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=os.environ | self.settings | ({} if cold else warm()),
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="session")
def new_mini(tmp_path_factory):
    """Makes another copy of the invented study."""
    return lambda: Mini(tmp_path_factory.mktemp("mini") / "mini")


@pytest.fixture
def mini(new_mini, monkeypatch):
    """A fresh copy of the invented study, to which `analysis.paths` points."""
    study = new_mini()
    study.point_paths(monkeypatch)
    return study


@pytest.fixture(scope="session")
def built(new_mini):
    """The invented study, its report built once for all tests; `built.first` is
    the process that built it.
    """
    study = new_mini()
    study.first = study.run("doit", "-n", "2", "-P", "thread", "book", cold=True)
    return study


@pytest.fixture
def finished(built, new_mini):
    """A copy of the invented study and all that was built of it, to be changed and built again."""
    study = new_mini()
    shutil.copytree(built.build, study.build)
    return study


@pytest.fixture(scope="session")
def hostile():
    """The invented study with hostile texts, its report built once for the tests of its files and
    those in a browser.
    """
    from hostile import Hostile  # imports nbformat
    from project import kept

    with kept("hostile") as folder:
        made = Hostile(folder)
        done = made.build()
    assert done.returncode == 0, done.stdout + done.stderr
    return made


@pytest.fixture(scope="session", autouse=True)
def tables_in_memory():
    """A table is read anew only if its file is another one: a test spoils one of forty."""
    known = {}

    def remembered(raw, table, problems):
        path = raw / table.file
        if not path.is_file():
            return read_table(raw, table, problems)
        key = table.file, path.read_bytes()
        if key not in known:
            own = Problems()
            known[key] = read_table(raw, table, own), own
        frame, own = known[key]
        for problem in own.found:
            problems.add(*astuple(problem))
        for notice in own.notices:
            problems.notice(*notice.split(": ", 1))
        for file, cells in own.torn.items():
            problems.torn[file] |= cells
        return None if frame is None else frame.copy()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(reader, "read_table", remembered)
        yield


@pytest.fixture(scope="session")
def expected_counts():
    """The tables of tests/mini/README.md: (code, place) to (statements, collective)."""
    counts, places = {}, []
    for line in (ROOT / "tests/mini/README.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0] == "code":
            places = cells[1:]
        elif line.startswith("|") and "." in cells[0]:
            for place, cell in zip(places, cells[1:], strict=True):
                statements, collective = cell.rstrip(")").split(" (")
                counts[cells[0], place] = (int(statements), int(collective))
    return counts
