"""The processes that a build has started: all of them end with it, however it ends."""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.forkserver
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator

# Third-party packages only: what a notebook imports from `analysis` has to be seen as a dependency.
PRELOADED = ["analysis.execution.preload"]
# One thread a kernel: runs are parallel already, and sums must not depend on the number of cores. And a terminal of
# one size: pandas folds tables that are wider.
STEADY = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1") | {"COLUMNS": "80", "LINES": "24"}
_lock = threading.Lock()
_groups: set[int] = set()  # process groups: kernels, and the commands that make data and book
_folders: set[str] = set()  # with the sockets of kernels


def forkserver() -> multiprocessing.context.BaseContext | None:
    """The process that kernels are forked from, started on first use; None where that is not wanted or not to be had.

    That is: with COMPENDIUM_KERNEL=plain or a cluster, where the platform cannot fork, and inside a process that may have
    no children (a Dask worker under a nanny).
    """
    plain = os.environ.get("COMPENDIUM_KERNEL") == "plain" or os.environ.get("COMPENDIUM_SCHEDULER")
    if plain or "forkserver" not in multiprocessing.get_all_start_methods() or multiprocessing.current_process().daemon:
        return None
    with _lock:
        os.environ.update(STEADY)  # numpy looks for its number of threads when the forkserver loads it
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
        multiprocessing.forkserver.ensure_running()
    return context


def started(group: int) -> None:
    """A process group that has to end when this process does."""
    _groups.add(group)


def end(group: int) -> None:
    """Ends what is left of a process group."""
    _groups.discard(group)
    with contextlib.suppress(ProcessLookupError, PermissionError):  # nobody is left in it
        os.killpg(group, signal.SIGKILL)


def run(*arguments: str) -> int:
    """Runs a module of this Python in a process group of its own; prints what it says; returns its exit status."""
    command = [sys.executable, "-m", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace", start_new_session=True)
    started(process.pid)
    said, complaints = process.communicate()
    end(process.pid)
    # Through Python's streams, so that a live display can make room.
    sys.stdout.write(said)
    sys.stderr.write(complaints)
    return process.returncode


@contextlib.contextmanager
def passing_folder() -> Iterator[str]:
    """A folder with a short name, as sockets need one; it is removed in any case."""
    with tempfile.TemporaryDirectory(prefix="kernel-") as folder:
        _folders.add(folder)
        yield folder
    _folders.discard(folder)


def end_with_parent() -> None:
    """This process, and whatever it starts in its group, ends when the one that started it does, even when that was killed."""
    starter, parent = multiprocessing.parent_process(), os.getppid()

    def watch() -> None:
        if starter:  # a fork of the forkserver, which lives as long as its forks: the build itself is watched
            starter.join()
        while not starter and os.getppid() == parent:
            time.sleep(0.2)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def stop_on_signals(last: Callable[[], None]) -> None:
    """Ctrl-C, or a request to end, ends every process at once; then `last` is called, and nothing after it."""

    def stop(number: int, _frame) -> None:
        for group in list(_groups):
            end(group)
        for folder in list(_folders):
            shutil.rmtree(folder, ignore_errors=True)
        last()
        os._exit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
