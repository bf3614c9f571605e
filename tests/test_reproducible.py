"""The same inputs give the same bytes: in another folder, time zone, language and order of everything."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from analysis import paths

pytestmark = pytest.mark.xdist_group("built")

# What must not make a difference: how the machine is set up, when and where it builds, and in which order.
ELSEWHERE = {
    "TZ": "Pacific/Kiritimati", "LANG": "tr_TR.UTF-8", "LC_ALL": "C", "PYTHONHASHSEED": "42", "USER": "somebody", "LOGNAME": "somebody",
    "COLUMNS": "60", "COMPENDIUM_KERNEL": "plain",
}  # fmt: skip


@pytest.fixture(scope="module")
def rebuilt(built, tmp_path_factory):
    """The invented study built again from a copy of the whole project, under other conditions."""
    folder = tmp_path_factory.mktemp("somewhere else entirely")
    for part in ("src", "notebooks", "book"):
        shutil.copytree(paths.ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("dodo.py", "requirements.lock"):
        shutil.copy(paths.ROOT / file, folder)
    places = {"RAW": built.raw, "BOOK": built.book, "BUILD": folder / "out", "ROOT": folder}
    home = folder / "home"
    home.mkdir()
    settings = {f"COMPENDIUM_{name}": str(place) for name, place in places.items()} | ELSEWHERE
    environment = os.environ | settings | {"PYTHONPATH": str(folder / "src"), "HOME": str(home)}
    command = [sys.executable, "-m", "doit", "-n", "3", "-P", "thread", "book"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "out"


def tree(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("part", ["processed", "de/figures", "de/tables", "de/values", "de/notebooks", "html"])
def test_two_builds_are_the_same_byte_for_byte(built, rebuilt, part):
    first, second = tree(built.build / part), tree(rebuilt / part)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_no_output_knows_where_or_when_it_was_made(built):
    places = re.compile(rb"|".join(re.escape(str(place).encode()) for place in (paths.ROOT, built.build.parent, sys.prefix)))
    for part in ("processed", "de/figures", "de/notebooks", "html"):
        for name, content in tree(built.build / part).items():
            assert not places.search(content), f"{part}/{name} holds a path of this machine"
