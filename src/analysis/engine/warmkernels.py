"""Warm kernels: each is forked from one process that has the third-party packages loaded.

Starting a kernel and importing pandas and matplotlib takes seconds; forking takes a tenth of one.
Every kernel is still a process of its own. This is a kernel provisioner, jupyter_client's
documented way to launch kernels differently; the kernelspec `compendium` names it.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

from jupyter_client import AsyncKernelManager
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.provisioning import LocalProvisioner
from traitlets import Type

from analysis.engine import processes
from analysis.patches.processes import Forked, wait_for_kernel


class WarmProvisioner(LocalProvisioner):
    """Launches a kernel by forking; like the ordinary provisioner where that is not to be had."""

    async def launch_kernel(self, cmd: list[str], **kwargs):
        kwargs["env"] = processes.steady(kwargs["env"])
        context = processes.forkserver()
        if context is None:
            kwargs["env"][processes.PARENT] = str(os.getpid())
            await super().launch_kernel(cmd, **kwargs)
        else:
            arguments = cmd[cmd.index("-f") :]
            place = str(kwargs.get("cwd") or Path.cwd())
            begun = sys.path[0] or str(Path.cwd())
            process = processes.fork(context, _run, arguments, kwargs["env"], place, begun)
            self.process = Forked(process)
            self.pid = self.pgid = process.pid
        processes.started(self.pgid)
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        await super().kill(restart)
        if isinstance(self.process, Forked):
            # a moment; otherwise it is only looked for a tenth of a second later
            self.process.wait(timeout=1)

    async def cleanup(self, restart: bool = False) -> None:
        if self.pgid:
            processes.end(self.pgid)  # and with the kernel whatever it has started
        await super().cleanup(restart)


class Client(AsyncKernelClient):
    """Knows a kernel to be ready when it has answered; jupyter_client's own then listens for
    a fifth of a second more.
    """

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Raises RuntimeError if the kernel dies or does not answer in time."""
        if not await wait_for_kernel(self, timeout):
            await super().wait_for_ready(timeout)


class Manager(AsyncKernelManager):
    """Gives out clients of the kind above."""

    client_factory = Type(Client, klass=AsyncKernelClient)


def _run(arguments: list[str], environment: dict[str, str], cwd: str, begun: str) -> None:
    """In the forked process: nothing of the one it was forked from shows.

    begun: the folder in which that looks for modules first, in place of its own.
    """
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    sys.path[:] = [cwd, *(folder for folder in sys.path if folder != begun)]
    # Loaded long ago; if it could not be, which nobody was told, this says why.
    for module in processes.PRELOADED:
        importlib.import_module(module)
    if "numpy.random" in sys.modules:  # its chance would be the same in every fork
        sys.modules["numpy.random"].seed()
    from analysis.engine.kernel import main

    main(arguments)
