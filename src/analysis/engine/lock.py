"""One build at a time in one build folder."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from analysis import paths
from analysis.engine.folders import LOCK, NotPossibleError, check_build_folder
from analysis.files.whole import make_folder, remove_generated

_held: list[int] = []


class HeldError(NotPossibleError):
    """Somebody else builds into the folder; its exit status is one that nothing else has, so that
    a build may be tried again.
    """

    status = os.EX_TEMPFAIL


def hold_build_folder() -> None:
    """From now on until this process ends, or lets go, no other one builds into the same folder.

    The system takes the lock from a process that has ended, however it ended. Raises
    NotPossibleError, with what to do.
    """
    check_build_folder()
    try:
        _held.append(_locked())
    except OSError as error:
        raise NotPossibleError(
            f"{error.filename or _lock()} cannot be written: {error.strerror}"
        ) from None


def is_held() -> bool:
    """Whether somebody builds into the folder."""
    try:
        with _lock().open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # nobody has, or a disk that knows no locks
        return False
    return False


def let_go() -> None:
    """Lets others build; a folder in which nothing was built goes."""
    while _held:
        with suppress(OSError):
            _lock().unlink()
            paths.build().rmdir()
        with suppress(OSError):
            os.close(_held.pop())


def _lock() -> Path:
    return paths.build() / LOCK


def _is_looked_at(file: int) -> bool:
    """Whether the lock is held by nobody who builds, only by `is_held` for a moment."""
    with suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return True
    return False


def _locked() -> int:
    while True:
        make_folder(paths.build())
        if _lock().is_dir() or _lock().is_symlink():
            remove_generated(_lock())
        try:
            file = os.open(_lock(), os.O_RDWR | os.O_CREAT, 0o666)
        except FileNotFoundError:
            if paths.build().is_dir():
                raise
            continue  # whoever built nothing has removed the folder meanwhile
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if _is_looked_at(file):
                os.close(file)
                continue
            number = os.read(file, 20).decode("ascii", "replace").strip()
            os.close(file)
            other = f"process {number}" if number else "another process"
            raise HeldError(
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
