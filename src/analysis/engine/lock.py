"""One build at a time in one build folder."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress

from analysis import paths
from analysis.files.whole import make_folder, remove_generated

LOCK = paths.BUILD / ".lock"  # holds the number of the process that builds; gone when none does
_held: list[int] = []


class NotPossibleError(RuntimeError):
    """No build can begin here; the message says why."""


def hold_build_folder() -> None:
    """From now on until this process ends, or lets go, no other one builds into the same folder.

    The system takes the lock from a process that has ended, however it ended. Raises
    NotPossibleError, with what to do.
    """
    for place in (paths.ROOT, paths.RAW, paths.NOTEBOOKS, paths.BOOK):
        if place.is_relative_to(paths.BUILD):
            raise NotPossibleError(
                f"BUILD={paths.BUILD} contains {place}, which is not generated; choose a folder of "
                "its own"
            )
    for place in (
        paths.RAW,
        paths.BOOK,
        paths.NOTEBOOKS,
        *(paths.ROOT / name for name in ("src", "notebooks", "book", "data/raw")),
    ):
        if paths.BUILD.is_relative_to(place):
            raise NotPossibleError(
                f"BUILD={paths.BUILD} lies in {place}, which is not generated; choose a folder of "
                "its own"
            )
    try:
        make_folder(paths.BUILD)
        if LOCK.is_dir():
            remove_generated(LOCK)
        _held.append(_locked())
    except OSError as error:
        raise NotPossibleError(
            f"{error.filename or LOCK} cannot be written: {error.strerror}"
        ) from None


def let_go() -> None:
    """Lets others build."""
    while _held:
        with suppress(OSError):
            LOCK.unlink()
        with suppress(OSError):
            os.close(_held.pop())


def _locked() -> int:
    while True:
        file = os.open(LOCK, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            number = os.read(file, 20).decode("ascii", "replace").strip()
            os.close(file)
            other = f"process {number}" if number else "another process"
            raise NotPossibleError(
                f"{other} is building into {paths.shown(paths.BUILD)}; wait until it is done, or "
                "stop it"
            ) from None
        except OSError:
            pass  # a disk that knows no locks
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file), os.stat(LOCK)):  # noqa: PTH116
                os.ftruncate(file, 0)
                os.write(file, f"{os.getpid()}\n".encode())
                return file
        os.close(file)  # whoever held it has removed it meanwhile
