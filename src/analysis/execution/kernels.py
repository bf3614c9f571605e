"""Warm kernels: each is forked from one process that has the third-party packages loaded.

Starting a kernel and importing pandas and matplotlib takes seconds; forking takes a tenth of one. Every kernel is still
a process of its own. This is a kernel provisioner, jupyter_client's documented way to launch kernels differently; the
kernelspec `compendium` names it.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from pathlib import Path
from queue import Empty

from jupyter_client import AsyncKernelManager
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.provisioning import LocalProvisioner
from traitlets import Type

from analysis.execution import processes


class Forked:
    """A forked kernel process with the part of subprocess.Popen's interface that LocalProvisioner uses."""

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
        os.kill(self.pid, signum)

    def kill(self) -> None:
        self._process.kill()

    def terminate(self) -> None:
        self._process.terminate()


class WarmProvisioner(LocalProvisioner):
    """Launches a kernel by forking; like the ordinary provisioner where that is not to be had."""

    async def launch_kernel(self, cmd: list[str], **kwargs):
        kwargs["env"] |= processes.STEADY
        context = processes.forkserver()
        if context is None:
            await super().launch_kernel(cmd, **kwargs)
        else:
            arguments = cmd[cmd.index("-f") :]
            process = context.Process(target=_run, args=(arguments, kwargs["env"], str(kwargs.get("cwd") or Path.cwd())), daemon=True)
            process.start()
            self.process = Forked(process)
            self.pid = self.pgid = process.pid
        processes.started(self.pgid)
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        await super().kill(restart)
        if isinstance(self.process, Forked):
            self.process.wait(timeout=1)  # a moment; otherwise it is only looked for a tenth of a second later

    async def cleanup(self, restart: bool = False) -> None:
        if self.pgid:
            processes.end(self.pgid)  # and with the kernel whatever it has started
        await super().cleanup(restart)


class Client(AsyncKernelClient):
    """Knows a kernel to be ready when it has answered; jupyter_client's own then listens for a fifth of a second more."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Raises RuntimeError if the kernel dies or does not answer in time."""
        deadline = time.monotonic() + (timeout or float("inf"))
        asked = self.kernel_info()
        while True:
            try:
                reply = await self.get_shell_msg(timeout=1)
            except Empty:
                if not await self.is_alive():
                    raise RuntimeError("Kernel died before replying to kernel_info") from None
                if time.monotonic() > deadline:
                    raise RuntimeError(f"Kernel didn't respond in {timeout:.0f} seconds") from None
                continue
            if await self._hears_of(asked):
                return self._handle_kernel_info_reply(reply)
            asked = self.kernel_info()

    async def _hears_of(self, asked: str) -> bool:
        """Whether the kernel's announcements come through; those of the first answers can be missed."""
        try:
            while True:
                said = await self.get_iopub_msg(timeout=0.02)
                if said["parent_header"].get("msg_id") == asked and said["content"].get("execution_state") == "idle":
                    return True
        except Empty:
            return False


class Manager(AsyncKernelManager):
    """Gives out clients of the kind above."""

    client_factory = Type(Client, klass=AsyncKernelClient)


def _run(arguments: list[str], environment: dict[str, str], cwd: str) -> None:
    """In the forked process: nothing of the one it was forked from shows."""
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    from analysis.execution.kernel import main

    main(arguments)
