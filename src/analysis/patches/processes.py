"""How processes and kernels start and end."""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.forkserver
import multiprocessing.resource_tracker
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from queue import Empty
from types import SimpleNamespace


def start_forkserver(preload: list[str]) -> None:
    """Starts the process that kernels are forked from now, not with the first of them: half a
    second of work beside the data.

    multiprocessing of Python 3.11 to 3.13; it hands on warning filters of this process,
    which are somebody's own.
    """
    filters, sys.warnoptions[:] = list(sys.warnoptions), []
    try:
        multiprocessing.get_context("forkserver").set_forkserver_preload(preload)
        with suppress(AttributeError):
            multiprocessing.forkserver.ensure_running()
    finally:
        sys.warnoptions[:] = filters


def end_forkserver() -> None:
    """Ends the forkserver that this process has started; it is started anew when it is needed
    (multiprocessing of Python 3.11 to 3.13). What it has forked goes on.
    """
    with suppress(AttributeError, TypeError, OSError):
        server = multiprocessing.forkserver._forkserver
        os.kill(server._forkserver_pid, signal.SIGKILL)
        server._stop()


def folder_of_forkserver() -> str | None:
    """Where the socket lies of the forkserver that this process has started, which multiprocessing
    (3.11 to 3.13) removes only if the process may end in its own time; None in any other process.
    """
    with suppress(AttributeError, TypeError, ChildProcessError):
        server = multiprocessing.forkserver._forkserver
        os.waitpid(server._forkserver_pid, os.WNOHANG)  # whether it is a child of this one
        folder = Path(server._forkserver_address).parent
        return str(folder) if folder.name.startswith("pymp-") else None
    return None


def share_forkserver() -> None:
    """In a fork of the process that has started the forkserver: it is used here too. Otherwise one
    is asked for how a process is that it has not started (multiprocessing of Python 3.11 to 3.13).
    """
    module = multiprocessing.forkserver
    with suppress(AttributeError):
        module._forkserver.ensure_running = module.ensure_running = lambda: None


def forget_fork() -> None:
    """In a fork of the forkserver: processes of its own start and are named as in a Python
    of its own (3.11 to 3.13).

    Otherwise a Pool in a notebook is asked to begin with a forkserver, which does not know the
    notebook's functions, and the tracker of the build complains about what notebooks leave. In any
    other process this does nothing.
    """
    if multiprocessing.parent_process() is None:
        return
    multiprocessing.set_start_method(None, force=True)
    process = multiprocessing.current_process()
    process.name = "MainProcess"
    with suppress(AttributeError):
        process._identity = ()
        multiprocessing.process._parent_process = None
    with suppress(AttributeError):
        tracker = multiprocessing.resource_tracker
        tracker._resource_tracker = tracker.ResourceTracker()
        for name in ("ensure_running", "register", "unregister", "getfd"):
            setattr(tracker, name, getattr(tracker._resource_tracker, name))


def outlive_kernel() -> None:
    """Python's tracker of shared memory and semaphores starts in a process group of its own
    (multiprocessing 3.11 to 3.13).

    It removes what processes leave that were killed, as the group of a kernel is in the end, and
    must not be killed with them.
    """
    with suppress(AttributeError):
        usual = multiprocessing.resource_tracker.util

        def spawn(path, arguments, passed):
            *options, code = arguments
            if options[-1] == "-c":
                arguments = [*options, f"import os; os.setpgid(0, 0); {code}"]
            return usual.spawnv_passfds(path, arguments, passed)

        multiprocessing.resource_tracker.util = SimpleNamespace(
            **vars(usual) | {"spawnv_passfds": spawn}
        )


class Forked:
    """A forked process with the part of subprocess.Popen that jupyter_client's
    LocalProvisioner uses (8.10).
    """

    stdin = stdout = stderr = None

    def __init__(self, process: multiprocessing.process.BaseProcess):
        self._process = process
        self.pid = process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int | None:
        self._process.join(timeout)
        return self._process.exitcode

    def send_signal(self, signum: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signum)

    def kill(self) -> None:
        self._process.kill()

    def terminate(self) -> None:
        self._process.terminate()


async def wait_for_kernel(client, timeout: float | None) -> bool:
    """Waits until a kernel has answered; False where that cannot be told, and
    jupyter_client has to wait itself.

    jupyter_client 8.10 then goes on to listen for a fifth of a second, a tenth of
    what an average run takes.
    Raises RuntimeError if the kernel dies or does not answer in time.
    """
    learn = getattr(client, "_handle_kernel_info_reply", None)
    if learn is None:
        return False
    deadline = time.monotonic() + (timeout or float("inf"))
    asked = client.kernel_info()
    while True:
        try:
            reply = await client.get_shell_msg(timeout=1)
        except Empty:
            if not await client.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info") from None
            if time.monotonic() > deadline:
                raise RuntimeError(f"Kernel didn't respond in {timeout:.0f} seconds") from None
            continue
        if await _hears_of(client, asked):
            learn(reply)
            return True
        asked = client.kernel_info()


async def _hears_of(client, asked: str) -> bool:
    """Whether the kernel's announcements come through; those of the first answers can be missed."""
    try:
        while True:
            said = await client.get_iopub_msg(timeout=0.02)
            is_answer = said["parent_header"].get("msg_id") == asked
            if is_answer and said["content"].get("execution_state") == "idle":
                return True
    except Empty:
        return False
