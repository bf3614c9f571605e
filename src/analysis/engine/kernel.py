"""A Python kernel whose reads are recorded: `python -m analysis.engine.kernel -f CONNECTION
[--set=NAME=VALUE …] [--work=FOLDER]`.
"""

from __future__ import annotations

import os
import pkgutil
import resource
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from analysis.engine.processes import end_with_parent
from analysis.engine.settings import read_settings
from analysis.patches.processes import forget_fork, outlive_kernel

SET = "--set="  # puts NAME=VALUE into the environment
WORK = "--work="  # the folder in which to record reads, as `recorder.record` does
# What ipykernel is told. With 1 for its parent it neither explains how to connect to it nor watches
# the parent, as this module does; and nobody will look back at what was typed.
OWN = [
    "--log-level=ERROR",
    "--IPKernelApp.parent_handle=1",
    "--IPKernelApp.exec_PYTHONSTARTUP=False",
    "--HistoryManager.enabled=False",
]


def main(arguments: list[str]) -> None:
    """Runs an IPython kernel until it is told to stop; arguments that are not of
    this module are ipykernel's.
    """
    os.environ.update(
        setting.removeprefix(SET).split("=", 1) for setting in arguments if setting.startswith(SET)
    )
    tempfile.tempdir = None  # asked for anew: it may be another one now
    end_with_parent()
    forget_fork()  # only now: the build that is watched is the parent that is forgotten
    outlive_kernel()
    _limit_memory(read_settings().bytes_for_a_run)
    for argument in [argument for argument in arguments if argument.startswith(WORK)]:
        record_into(Path(argument.removeprefix(WORK)))
    rest = [argument for argument in arguments if not argument.startswith((SET, WORK))]
    _leave_terminal()
    _application().launch_instance([*rest, *OWN])


def _application() -> type:
    """ipykernel's application, deaf to the settings of whoever builds."""
    from ipykernel.kernelapp import IPKernelApp
    from zmq import XPUB_NODROP

    class Application(IPKernelApp):
        def load_config_file(self, *_arguments, **_settings) -> None:
            """A profile, or a file of settings that lies about, is somebody's own."""

        def init_iopub(self, context) -> None:
            """ZeroMQ would throw away what is printed faster than it is read; a kernel waits."""
            context.sockopts[XPUB_NODROP] = 1
            super().init_iopub(context)

    return Application


def _leave_terminal() -> None:
    """What a program prints that a notebook starts goes into the notebook; ipykernel would repeat
    it on the build's terminal.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def record_into(folder: Path) -> None:
    """Records what this process reads from now on, with the package imported from the
    project that it works on: first of all, so that others are looked for in the same places
    wherever it is installed.
    """
    from analysis import paths
    from analysis.engine.recorder import record

    source = str(paths.root() / "src")
    sys.path[:] = [source, *(folder for folder in sys.path if folder != source)]
    # lists the folder now, so that it is no read of the notebook's
    pkgutil.get_importer(source).find_spec("analysis")
    record(folder / "reads", paths.watched(), [paths.raw(), paths.book()])


def _limit_memory(wanted: int) -> None:
    """A process that wants more bytes than that is told so before the machine runs out."""
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    if most == resource.RLIM_INFINITY or wanted < most:
        with suppress(ValueError, OSError):  # not every system has this limit
            resource.setrlimit(resource.RLIMIT_DATA, (wanted, wanted))


if __name__ == "__main__":
    main(sys.argv[1:])
