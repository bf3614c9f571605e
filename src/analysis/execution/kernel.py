"""A Python kernel whose reads are recorded: `python -m analysis.execution.kernel -f CONNECTION [--set=NAME=VALUE …] [--work=FOLDER]`."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from contextlib import suppress
from pathlib import Path

from analysis.execution.processes import end_with_parent

SET = "--set="  # puts NAME=VALUE into the environment
WORK = "--work="  # the folder in which to record reads, as `reads.record` does
GIB = 1024**3


def main(arguments: list[str]) -> None:
    """Runs an IPython kernel until it is told to stop; arguments that are not of this module are ipykernel's."""
    from ipykernel.kernelapp import IPKernelApp

    os.environ.update(setting.removeprefix(SET).split("=", 1) for setting in arguments if setting.startswith(SET))
    end_with_parent()
    _limit_memory(float(os.environ.get("COMPENDIUM_MEMORY") or 0))
    for argument in [argument for argument in arguments if argument.startswith(WORK)]:
        record_into(Path(argument.removeprefix(WORK)))
    rest = [argument for argument in arguments if not argument.startswith((SET, WORK))]
    # With 1 for its parent, ipykernel neither explains how to connect to it nor watches the parent, as this module does.
    IPKernelApp.launch_instance([*rest, "--log-level=ERROR", "--IPKernelApp.parent_handle=1"])


def record_into(folder: Path) -> None:
    """Records what this process reads from now on, with the package imported from the project that it works on."""
    from analysis.execution.reads import record

    sys.modules.pop("analysis.paths", None)  # which may have been loaded before the environment said where the project is
    paths = importlib.import_module("analysis.paths")
    source = str(paths.ROOT / "src")
    if source not in sys.path:
        sys.path.insert(0, source)
        pkgutil.get_importer(source).find_spec("analysis")  # lists the folder now, so that it is no read of the notebook's
    record(folder / "reads", paths.WATCHED)


def _limit_memory(limit: float) -> None:
    """A process that wants more than `limit` GiB is told so before the machine runs out; by default half of the machine's."""
    try:
        import resource
    except ImportError:  # a system without it has no such limit to set
        return
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    wanted = int(limit * GIB) or machine // 2
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    if most == resource.RLIM_INFINITY or wanted < most:
        with suppress(ValueError, OSError):  # nor has every system this one
            resource.setrlimit(resource.RLIMIT_DATA, (wanted, wanted))


if __name__ == "__main__":
    main(sys.argv[1:])
