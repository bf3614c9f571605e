"""The processes that a build has started: all of them end with it, however it ends."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

_groups: set[int] = set()  # process groups: kernels, and the commands that make data and book


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
        last()
        os._exit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
