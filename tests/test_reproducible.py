"""The same inputs give the same bytes: in another folder, time zone, language and order of
everything, in processes that begin anew or are forked.
"""

import os
import re
import shutil
import subprocess
import sys
import time

import pytest

from analysis import paths

pytestmark = pytest.mark.xdist_group("built")

# What must not make a difference: how the machine is set up, when and where it builds, and in which
# order.
ELSEWHERE = {
    "TZ": "Pacific/Kiritimati", "LANG": "de_DE.UTF-8", "LC_ALL": "tr_TR.UTF-8",
    "PYTHONHASHSEED": "42", "USER": "somebody", "LOGNAME": "somebody", "HOSTNAME": "elsewhere",
    "COLUMNS": "60", "SOURCE_DATE_EPOCH": "1",
}  # fmt: skip
# Loaded by every Python of the build on start: a clock that is more than a year ahead, and folders
# listed backwards.
SITE = """
import os, time
import time_machine

time_machine.travel(time.time() + 400 * 86400, tick=True).start()
listdir, scandir = os.listdir, os.scandir


class Backwards:
    def __init__(self, *path):
        with scandir(*path) as entries:
            self.entries = sorted(entries, key=lambda entry: entry.name, reverse=True)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def __iter__(self):
        return self

    def __next__(self):
        if not self.entries:
            raise StopIteration
        return self.entries.pop(0)

    def close(self):
        pass


os.listdir = lambda *path: sorted(listdir(*path), reverse=True)
os.scandir = Backwards
"""


@pytest.fixture(scope="module")
def rebuilt(built, tmp_path_factory):
    """The invented study built again from a copy of the whole project, under other conditions."""
    folder = tmp_path_factory.mktemp("somewhere else entirely")
    for part in ("src", "notebooks", "book"):
        shutil.copytree(
            paths.root() / part, folder / part, ignore=shutil.ignore_patterns("__pycache__")
        )
    for file in ("dodo.py", "requirements.lock", "pyproject.toml", "study.yml"):
        shutil.copy(paths.root() / file, folder)
    for new in ("home", "site"):
        (folder / new).mkdir()
    (folder / "site/sitecustomize.py").write_text(SITE, "utf-8")
    places = {"RAW": built.raw, "BOOK": built.book, "BUILD": folder / "out", "ROOT": folder}
    settings = {f"COMPENDIUM_{name}": str(place) for name, place in places.items()} | ELSEWHERE
    environment = (
        os.environ
        | settings
        | {
            "PYTHONPATH": f"{folder / 'src'}{os.pathsep}{folder / 'site'}",
            "HOME": str(folder / "home"),
        }
    )
    probe = """
import os, time
print(int(time.time()), *os.listdir(), *(entry.name for entry in os.scandir()))
"""
    said = subprocess.run(
        [sys.executable, "-c", probe],
        cwd=folder / "book",
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    clock, *listed = said.split()
    assert int(clock) > time.time() + 399 * 86400
    assert listed == sorted((path.name for path in (folder / "book").iterdir()), reverse=True) * 2
    python, how = [sys.executable, "-m", "analysis"], {"cwd": folder, "umask": 0o077}
    # Two by ordinary kernels, and all else as a watch builds, with everything loaded ahead.
    ordinary = [*python, "build", "notebooks", "--run=case"]
    subprocess.run(ordinary, env=environment | {"COMPENDIUM_KERNEL": "plain"}, **how, check=True)
    asked = '["build", "nothing"]\n["build", "book"]\n'
    done = subprocess.run(
        [*python, "builds"], env=environment, **how, input=asked, capture_output=True, text=True
    )
    assert re.findall("\0([0-9]+)\n", done.stdout) == ["2", "0"], done.stderr
    return folder / "out"


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("part", ["processed", "de", "html"])
def test_two_builds_are_the_same_byte_for_byte(built, rebuilt, part):
    first, second = tree(built.build / part), tree(rebuilt / part)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_no_output_knows_where_or_when_it_was_made(built):
    places = re.compile(
        rb"|".join(
            re.escape(str(place).encode())
            for place in (paths.root(), built.build.parent, sys.prefix)
        )
    )
    for part in ("processed", "de/figures", "de/notebooks", "html"):
        for name, content in tree(built.build / part).items():
            assert not places.search(content), f"{part}/{name} holds a path of this machine"
