"""Warm kernels: each is forked from one process that has the third-party packages loaded.

Starting a kernel and importing pandas and matplotlib takes seconds; forking takes a tenth of one. Every kernel is still
a process of its own. This is a kernel provisioner, jupyter_client's documented way to launch kernels differently; the
kernelspec `compendium` names it.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from pathlib import Path

from jupyter_client.provisioning import LocalProvisioner

# Third-party packages only: what a notebook imports from `analysis` has to be seen as a dependency.
PRELOADED = ["analysis.execution.preload"]
_lock = threading.Lock()
_context = None


def forkserver() -> multiprocessing.context.BaseContext | None:
    """The process that kernels are forked from, started on first use; None where the platform cannot fork."""
    global _context
    with _lock:
        if _context is None and "forkserver" in multiprocessing.get_all_start_methods():
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
        context = forkserver()
        if context is None or os.environ.get("COMPENDIUM_KERNEL") == "plain":
            return await super().launch_kernel(cmd, **kwargs)
        arguments = cmd[cmd.index("-f") :]
        process = context.Process(target=_run, args=(arguments, kwargs["env"], str(kwargs.get("cwd") or Path.cwd())), daemon=True)
        process.start()
        self.process = Forked(process)
        self.pid = self.pgid = process.pid
        return self.connection_info


def _run(arguments: list[str], environment: dict[str, str], cwd: str) -> None:
    """In the forked process: nothing of the one it was forked from shows."""
    os.setsid()
    os.environ.clear()
    os.environ.update(environment, JPY_PARENT_PID=str(os.getppid()))  # ends with the process it was forked from
    os.chdir(cwd)
    from analysis.execution.kernel import main

    main(arguments)
