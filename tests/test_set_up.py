"""The set-up of `.venv`, in a project of its own without packages: it moves along, and is
never broken or missing.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time

import pytest
from project import PATIENCE, wait_for

from analysis import paths
from analysis.files.whole import exchange

ROOT = paths.root()
ODD = "Mein Projekt ü, #1 & $HOME 'so' (1)"
NOWHERE = "nobody-has-this==1 --hash=sha256:" + "0" * 64 + "\n"


class Place:
    """A project that needs no packages, and what can be asked of it."""

    def __init__(self, folder):
        self.folder, self.venv, self.lock = folder, folder / ".venv", folder / "requirements.lock"

    def start(self, *arguments):
        own = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("MAKE", "MFLAGS", "CONDA", "NB_PYTHON", "COMPENDIUM"))
        }
        own |= {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": ""}
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(
            ["make", "ready", *arguments],
            cwd=self.folder,
            env=own,
            start_new_session=True,
            **streams,
        )

    def make(self, *arguments):
        process = self.start(*arguments)
        said, complaints = process.communicate(timeout=PATIENCE)
        return subprocess.CompletedProcess(arguments, process.returncode, said, complaints)

    def says(self, *command):
        """What a program of the environment says."""
        done = subprocess.run(
            [self.venv / "bin" / command[0], *command[1:]],
            cwd="/",
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def code(self):
        """Where the environment takes the project's code from."""
        return self.says("python", "-I", "-c", "import analysis; print(analysis.__file__)")

    def identity(self):
        return self.venv.stat().st_ino

    def leftovers(self):
        return [path.name for path in self.folder.glob(".venv?*")]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("set-up") / ODD
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("Makefile", "dodo.py", "pyproject.toml"):
        shutil.copy(ROOT / file, folder)
    (folder / "requirements.lock").write_text("# no packages\n", "ascii")
    done = Place(folder).make(f"PYTHON={sys.executable}")
    assert done.returncode == 0, done.stderr
    assert "setting up .venv with Python" in done.stdout
    return Place(folder)


@pytest.fixture
def place(made, tmp_path):
    """A copy of the project and its environment, as somebody makes who wants to try something."""
    return Place(shutil.copytree(made.folder, tmp_path / "Kopie", symlinks=True))


def test_copy_is_a_project_of_its_own(made, place):
    assert place.code() == str(place.folder / "src/analysis/__init__.py")
    assert made.code() == str(made.folder / "src/analysis/__init__.py")
    assert str(place.folder) in place.says("pip", "--version")
    assert place.make().stdout == ""
    for path in place.venv.rglob("*"):
        if path.is_file() and not path.is_symlink() and path.suffix not in (".pyc", ".exe"):
            content = path.read_bytes()
            assert os.fsencode(made.folder) not in content, path
            assert b".venv.new" not in content, path


def test_renamed_project_goes_on_as_it_was(place):
    before = place.identity()
    moved = Place(place.folder.rename(place.folder.with_name("anders; genannt")))
    assert moved.make().stdout == ""
    assert moved.identity() == before
    assert moved.code() == str(moved.folder / "src/analysis/__init__.py")
    for shell in ("sh", "bash"):
        command = [shell, "-c", ". .venv/bin/activate && command -v pip"]
        found = subprocess.run(
            command, cwd=moved.folder, capture_output=True, text=True, check=True
        ).stdout
        assert found.strip() == str(moved.venv / "bin/pip")


def test_project_is_installed_with_its_kernel_and_its_entry_points(place):
    lookup = (
        "from importlib.metadata import *; group = 'jupyter_client.kernel_provisioners'; "
        "print(version('analysis'), *[entry.name for entry in entry_points(group=group)])"
    )
    assert place.says("python", "-I", "-c", lookup).endswith(" compendium-warm")
    assert (place.venv / "share/jupyter/kernels/compendium/kernel.json").is_file()
    about = place.folder / "pyproject.toml"
    about.write_text(about.read_text("utf-8").replace('\nversion = "', '\nversion = "9.'), "utf-8")
    place.make()
    assert place.says("python", "-I", "-c", lookup).startswith("9.")


def test_dates_rebuild_nothing_and_contents_do_while_there_is_always_one(place):
    before, text = place.identity(), place.lock.read_text("ascii")
    future = time.time() + 7200
    for path in (place.lock, place.folder / "pyproject.toml", place.folder / "Makefile"):
        os.utime(path, (future, future))
    assert place.make().stdout == ""
    assert place.identity() == before
    place.lock.write_text(text + "# another one\n", "ascii")
    missing, done = [], threading.Event()

    def watch():
        while not done.is_set():
            missing.extend([1] if not (place.venv / "bin/python").exists() else [])

    watcher = threading.Thread(target=watch)
    watcher.start()
    assert "until it is whole, the old one stays" in place.make().stdout
    done.set()
    watcher.join()
    assert place.identity() != before
    assert place.leftovers() == []
    probes = [place.folder / name for name in ("one", "two")]
    for probe in probes:
        probe.mkdir()
    if exchange(*probes):  # not every disk can
        assert missing == []


def test_what_cannot_be_had_leaves_the_old_one(place):
    before, text = place.identity(), place.lock.read_text("ascii")
    place.lock.write_text(NOWHERE, "ascii")
    done = place.make()
    assert done.returncode == 2
    assert (
        "could not be installed (is there a network?); the old environment in .venv was left as it "
        "is" in done.stderr
    )
    assert "Traceback" not in done.stderr
    assert place.identity() == before
    assert place.leftovers() == []
    place.lock.write_text(text, "ascii")
    assert place.make().stdout == ""


def test_set_up_that_was_killed_is_made_good_by_the_next(place):
    before = place.identity()
    place.lock.write_text("# another one\n", "ascii")
    process = place.start()
    wait_for((place.folder / ".venv.new").is_dir)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert place.identity() == before
    assert place.code()
    assert place.make().returncode == 0
    assert place.leftovers() == []
    # killed between two renames, where folders cannot be exchanged
    place.venv.rename(place.folder / ".venv.last")
    assert place.make().stdout == ""
    assert place.leftovers() == []


def test_environment_whose_python_is_gone_is_made_again(place):
    for link in (place.venv / "bin").glob("python*"):
        link.unlink()
        link.symlink_to(place.folder / "nowhere")
    assert "setting up" in place.make(f"PYTHON={sys.executable}").stdout
    assert place.code()


def test_of_two_at_once_one_waits_for_the_other(place):
    place.lock.write_text("# another one\n", "ascii")
    both = [place.start() for _ in range(2)]
    said = [process.communicate(timeout=PATIENCE)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("setting up .venv with" in text for text in said) == 1
    assert place.code()
