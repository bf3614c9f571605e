"""One build at a time in one build folder."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from analysis import paths
from analysis.files.whole import make_folder, remove_generated

LOCK = ".lock"  # holds the number of the process that builds; gone when none does
# Folders of the project that are made by hand, as those are whose names begin with a dot; and what
# there is in a folder that was built into.
BY_HAND = ("benchmarks", "book", "data", "notebooks", "src", "tests")
MADE = ("deps", "running", "html/index.html", "processed/datapackage.json")
# What a build makes in its folder, beside a folder for each language.
OWN = {LOCK, "cache", "deps", "drafts", "html", "processed", "running"}
_held: list[int] = []


class NotPossibleError(RuntimeError):
    """No build can begin here; the message says why."""


def hold_build_folder() -> None:
    """From now on until this process ends, or lets go, no other one builds into the same folder.

    The system takes the lock from a process that has ended, however it ended. Raises
    NotPossibleError, with what to do.
    """
    check_build_folder()
    try:
        make_folder(paths.build())
        if _lock().is_dir():
            remove_generated(_lock())
        _held.append(_locked())
    except OSError as error:
        raise NotPossibleError(
            f"{error.filename or _lock()} cannot be written: {error.strerror}"
        ) from None


def check_build_folder() -> None:
    """Raises NotPossibleError if the build folder holds, or lies in, what was made by hand.

    A build removes what no step has made, so it begins in a folder that is new, empty or its own.
    """
    for place in (paths.root(), paths.raw(), paths.notebooks(), paths.book()):
        if place.is_relative_to(paths.build()):
            _refuse(f"contains {paths.shown(place)}, which is not generated")
    inside = paths.build().is_relative_to(paths.root())
    top = paths.root() / paths.build().relative_to(paths.root()).parts[0] if inside else None
    own = [top] if top and (top.name in BY_HAND or top.name.startswith(".")) else []
    for place in (paths.raw(), paths.notebooks(), paths.book(), *own):
        if paths.build().is_relative_to(place):
            _refuse(f"lies in {paths.shown(place)}, which is not generated")
    for folder in paths.build().parents:
        place = folder / paths.build().relative_to(folder).parts[0]
        if _is_build_folder(folder) and place.name in {*OWN, *paths.languages()}:
            _refuse(f"lies in {paths.shown(place)}, where a build keeps its own")
    if paths.build() != paths.root() / "build" and paths.build().is_dir():
        content = sorted({path.name for path in paths.build().iterdir()} - {LOCK})
        if content and not _is_build_folder(paths.build()):
            _refuse(f"holds {content[0]}, which no build has made")


def _is_build_folder(folder: Path) -> bool:
    usual = paths.root() / "build"
    return folder == usual or any((folder / made).exists() for made in MADE)


def _refuse(why: str) -> NoReturn:
    raise NotPossibleError(
        f"BUILD={paths.shown(paths.build())} {why}; choose a folder of its own, as in "
        "BUILD=build/mine"
    )


def let_go() -> None:
    """Lets others build."""
    while _held:
        with suppress(OSError):
            _lock().unlink()
        with suppress(OSError):
            os.close(_held.pop())


def _lock() -> Path:
    return paths.build() / LOCK


def _locked() -> int:
    while True:
        file = os.open(_lock(), os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            number = os.read(file, 20).decode("ascii", "replace").strip()
            os.close(file)
            other = f"process {number}" if number else "another process"
            raise NotPossibleError(
                f"{other} is building into {paths.shown(paths.build())}; wait until it is done, or "
                "stop it"
            ) from None
        except OSError:
            pass  # a disk that knows no locks
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file), os.stat(_lock())):  # noqa: PTH116
                os.ftruncate(file, 0)
                os.write(file, f"{os.getpid()}\n".encode())
                return file
        os.close(file)  # whoever held it has removed it meanwhile
