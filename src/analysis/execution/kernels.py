"""Warm kernels: each is forked from one process that has the third-party packages loaded.

Starting a kernel and importing pandas and matplotlib takes seconds; forking takes a tenth of one. Every kernel is still
a process of its own. This is a kernel provisioner, jupyter_client's documented way to launch kernels differently; the
kernelspec `compendium` names it.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import threading
from pathlib import Path

from jupyter_client.provisioning import LocalProvisioner

from analysis.execution import processes

# Third-party packages only: what a notebook imports from `analysis` has to be seen as a dependency.
PRELOADED = ["analysis.execution.preload"]
# One thread a kernel: runs are parallel already, and sums must not depend on the number of cores. And a terminal of
# one size: pandas folds tables that are wider.
STEADY = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1") | {"COLUMNS": "80", "LINES": "24"}
_lock = threading.Lock()
_context = None


def forkserver() -> multiprocessing.context.BaseContext | None:
    """The process that kernels are forked from, started on first use; None where that is not to be had.

    That is: where the platform cannot fork, and inside a process that may have no children (a Dask worker under a nanny).
    """
    global _context
    with _lock:
        if _context is None and "forkserver" in multiprocessing.get_all_start_methods() and not multiprocessing.current_process().daemon:
            _context = multiprocessing.get_context("forkserver")
            _context.set_forkserver_preload(PRELOADED)
        return _context


class Forked:
    """A forked kernel process with the part of subprocess.Popen's interface that LocalProvisioner uses."""

    stdin = stdout = stderr = None

    def __init__(self, process: multiprocessing.process.BaseProcess):
        self._process = process
        self.pid = process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self) -> int | None:
        self._process.join()
        return self._process.exitcode

    def send_signal(self, signum: int) -> None:
        os.kill(self.pid, signum)

    def kill(self) -> None:
        self._process.kill()

    def terminate(self) -> None:
        self._process.terminate()


class WarmProvisioner(LocalProvisioner):
    """Launches a kernel by forking; like the ordinary provisioner where that is not to be had."""

    async def launch_kernel(self, cmd: list[str], **kwargs):
        kwargs["env"] |= STEADY
        context = None if os.environ.get("COMPENDIUM_KERNEL") == "plain" else forkserver()
        if context is None:
            await super().launch_kernel(cmd, **kwargs)
        else:
            os.environ.update(STEADY)  # numpy looks for its number of threads when the forkserver loads it
            arguments = cmd[cmd.index("-f") :]
            process = context.Process(target=_run, args=(arguments, kwargs["env"], str(kwargs.get("cwd") or Path.cwd())), daemon=True)
            process.start()
            self.process = Forked(process)
            self.pid = self.pgid = process.pid
        processes.started(self.pgid)
        return self.connection_info

    async def wait(self) -> int | None:
        while self.process and self.process.poll() is None:
            await asyncio.sleep(0.005)  # the base class looks ten times a second
        return await super().wait()

    async def cleanup(self, restart: bool = False) -> None:
        if self.pgid:
            processes.end(self.pgid)  # and with the kernel whatever it has started
        await super().cleanup(restart)


def _run(arguments: list[str], environment: dict[str, str], cwd: str) -> None:
    """In the forked process: nothing of the one it was forked from shows."""
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    from analysis.execution.kernel import main

    main(arguments)
