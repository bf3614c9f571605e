"""Records which project files a process reads, as a C compiler records the headers it included.

A Python audit hook (PEP 578) sees every file that is opened and every folder that is listed, through whatever helper.
What was looked for and did not exist counts too: its appearance would change the result.
"""

from __future__ import annotations

import os
import sys
from importlib.util import source_from_cache
from pathlib import Path

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
LISTS = {"os.listdir", "os.scandir"}


def record(to: Path, inside: list[Path]) -> None:
    """From now on, appends to the file `to` the path of everything below `inside` that this process reads.

    Modules of this package are forgotten, so that a process that goes on to import them is seen to.
    """
    log = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
    folders = tuple(f"{folder}{os.sep}" for folder in inside)
    packages = f"{sys.prefix}{os.sep}"
    seen: set[str] = set()

    def hook(event: str, details: tuple) -> None:
        if event == "open":
            path, _, flags = details
            if isinstance(path, int) or flags & WRITES:
                return
        elif event in LISTS:
            path = details[0] or "."
        else:
            return
        if isinstance(path, int):
            return
        name = os.path.abspath(os.fsdecode(path))  # noqa: PTH100  (pathlib would make a hook of its own events)
        if name in seen or not name.startswith(folders) or name.startswith(packages):
            return
        # Python lists a package's folder to find one module in it; the others are no concern of that import.
        if event in LISTS and os.path.exists(os.path.join(name, "__init__.py")):  # noqa: PTH110, PTH118
            return
        seen.add(name)
        os.write(log, f"{_source(name)}\n".encode())

    for module in [name for name in sys.modules if name == "analysis" or name.startswith("analysis.")]:
        del sys.modules[module]
    sys.addaudithook(hook)


def recorded(path: Path) -> set[Path]:
    """What `record` noted in a file; nothing if the process never got that far."""
    return {Path(line) for line in path.read_text("utf-8").splitlines()} if path.is_file() else set()


def _source(name: str) -> str:
    """The module behind a compiled file."""
    return source_from_cache(name) if name.endswith(".pyc") and "__pycache__" in name else name
