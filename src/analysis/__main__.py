"""`python -m analysis COMMAND`: see cli.py. `--record=FILE` notes there what the command reads."""

import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Runs one command; its exit status."""
    from analysis import paths
    from analysis.execution.kernel import RECORD

    if arguments and arguments[-1].startswith(RECORD):
        from analysis.execution.reads import record

        record(Path(arguments.pop().removeprefix(RECORD)), paths.WATCHED)
    from analysis import cli

    command, *rest = arguments or ["check"]
    return {"check": cli.check, "data": cli.data, "book": cli.book, "landing": cli.landing, "why": cli.why}[command](*rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
