"""`python -m analysis COMMAND`: see cli.py. `--work=FOLDER` notes in its file
`reads` what the command reads.
"""

import gc
import os
import signal
import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Runs one command; its exit status."""
    if sys.flags.optimize:  # the processes of a build would inherit it
        print(
            "Python was told to leave out checks, and notebooks rely on theirs; run it without -O "
            "and PYTHONOPTIMIZE",
            file=sys.stderr,
        )
        return 2
    from analysis.engine.kernel import WORK, record_into
    from analysis.engine.processes import PARENT, end_with_parent

    is_step = bool(arguments) and arguments[-1].startswith(WORK)  # of the pipeline
    if is_step or PARENT in os.environ:
        end_with_parent()
    if is_step:
        record_into(Path(arguments.pop().removeprefix(WORK)))
    from analysis import cli, streams

    streams.mend()
    return cli.main(arguments, is_step)


if __name__ == "__main__":
    # Packages, tables and pages are millions of objects that stay: looking through them for garbage
    # took a third of a book's time, and now waits until there are more than this book has. In the
    # end the system takes back all memory at once.
    gc.set_threshold(5_000_000, 20, 20)
    try:
        status = main(sys.argv[1:])
    except KeyboardInterrupt:  # a build sees to it itself
        print("\nstopped", file=sys.stderr)
        status = 128 + signal.SIGINT
    gc.freeze()
    sys.exit(status)
