"""What a process has read, as it is noted in a file and read back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

CANARY = "src/analysis/paths.py"  # a record without this module of the project is none
READ = "read"
ASKED = "asked"
VARIABLE = "variable"
STARTED = "started"


@dataclass
class Reads:
    """What a process read: for every file or folder its signatures when first seen, what was only
    asked for, variables of the environment, and what else it started.
    """

    read: dict[Path, set[str]] = field(default_factory=dict)
    asked: dict[Path, set[str]] = field(default_factory=dict)
    variables: set[str] = field(default_factory=set)
    started: set[str] = field(default_factory=set)

    def lines(self) -> Iterable[str]:
        """The notes as they are kept in a file."""
        for what, noted in ((READ, self.read), (ASKED, self.asked)):
            for path, seen in noted.items():
                yield line(what, str(path), *sorted(seen))
        for what, names in ((VARIABLE, self.variables), (STARTED, self.started)):
            yield from (line(what, name) for name in sorted(names))


def line(what: str, name: str, *state: str) -> str:
    """One note: what was done, with which file, program or variable, and what it was like."""
    return json.dumps([what, name, *state])


def recorded(path: Path) -> Reads:
    """What was noted in a file; nothing if the process never got that far."""
    reads = Reads()
    try:
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return reads
    for what, name, *state in map(json.loads, lines):
        if what in (STARTED, VARIABLE):
            (reads.started if what == STARTED else reads.variables).add(name)
        else:
            (reads.read if what == READ else reads.asked).setdefault(Path(name), set()).update(
                state
            )
    return reads
