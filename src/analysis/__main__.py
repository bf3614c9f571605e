"""`python -m analysis COMMAND`: see cli.py. `--work=FOLDER` notes in its file `reads` what the command reads."""

import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Runs one command; its exit status."""
    from analysis.execution.kernel import WORK, record_into

    if arguments and arguments[-1].startswith(WORK):  # a step of the pipeline
        from analysis.execution.processes import end_with_parent

        end_with_parent()
        record_into(Path(arguments.pop().removeprefix(WORK)))
    from analysis import cli

    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a terminal that lacks a letter shows another one
    command, *rest = arguments or ["check"]
    if command not in cli.COMMANDS:
        print(f"{command!r} is no command; expected one of {', '.join(cli.COMMANDS)}", file=sys.stderr)
        return 2
    return getattr(cli, command)(*rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
