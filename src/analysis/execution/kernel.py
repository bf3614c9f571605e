"""A Python kernel whose reads are recorded: `python -m analysis.execution.kernel -f CONNECTION --record=FILE`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

RECORD = "--record="


def main(arguments: list[str]) -> None:
    """Runs an IPython kernel until it is told to stop; `--record=FILE` as in `reads.record`, the rest is ipykernel's."""
    from ipykernel.kernelapp import IPKernelApp

    for argument in [argument for argument in arguments if argument.startswith(RECORD)]:
        from analysis import paths
        from analysis.execution.reads import record

        record(Path(argument.removeprefix(RECORD)), paths.WATCHED)
    rest = [argument for argument in arguments if not argument.startswith(RECORD)]
    # A kernel without its parent ends; ipykernel reads this variable on import, which a forked kernel is past.
    parent = os.environ.get("JPY_PARENT_PID", "0")
    IPKernelApp.launch_instance([*rest, "--log-level=ERROR", f"--IPKernelApp.parent_handle={parent}"])


if __name__ == "__main__":
    main(sys.argv[1:])
