"""What a place on disk is like: its content, its listing, its kind, or that there is nothing."""

from __future__ import annotations

import functools
import hashlib
import os
import stat
from pathlib import Path

from analysis import paths

ABSENT = "absent"
UNREADABLE = "not readable"
NEITHER = "neither file nor folder"
# Names in a folder that come and go with tools, and whose coming changes no result.
PASSING = {
    "__pycache__",
    ".ipynb_checkpoints",
    ".pytest_cache",
    ".ruff_cache",
    ".mypy_cache",
    ".hypothesis",
    ".git",
    ".DS_Store",
}
UNSAVED = "#"  # what Emacs has not saved yet lies in #NAME#
# as they are before a recorder wraps them
plain_stat = os.stat
plain_readlink = os.readlink
DIGEST = 64  # letters in a SHA-256
PIECE = 2**20  # so many bytes are read at a time


def signature(path: str | Path) -> str:
    """Cheap to take, and another one as soon as the file was written, replaced or removed, or the
    folder's listing changed.
    """
    try:
        status = plain_stat(path)
    except (OSError, ValueError):
        return ABSENT
    if stat.S_ISDIR(status.st_mode):
        return digest(path)
    return f"{status.st_mtime_ns} {status.st_ctime_ns} {status.st_size} {status.st_ino}"


def kind(path: str | Path) -> str:
    """`file`, `folder` or `absent`; for a link also where it leads."""
    try:
        link = f"link to {os.fsdecode(plain_readlink(path))}: "
    except (OSError, ValueError):
        link = ""
    try:
        mode = plain_stat(path).st_mode
    except (OSError, ValueError):
        return link + ABSENT
    return link + ("folder" if stat.S_ISDIR(mode) else "file")


def digest(path: str | Path) -> str:
    """SHA-256 of a file's content or of a folder's listing; `absent` if there is neither."""
    try:
        status = plain_stat(path)
    except (OSError, ValueError):
        return ABSENT
    try:
        if stat.S_ISDIR(status.st_mode):
            return _text_digest("\n".join(_listed(path)))
        if not stat.S_ISREG(status.st_mode):  # a pipe would never end
            return NEITHER
        return _file_digest(
            os.fspath(path), status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
        )
    except OSError:
        return UNREADABLE


def is_passing(name: str) -> bool:
    """Whether a name in a folder comes and goes with a tool."""
    return name in PASSING or (len(name) > 1 and name[0] == name[-1] == UNSAVED)


def is_digest(state: str) -> bool:
    """Whether a state tells of a content or a listing, and not only that there is something."""
    return len(state) == DIGEST and " " not in state


@functools.cache
def _file_digest(path: str, *_stat: int) -> str:
    found = hashlib.sha256()
    # faster than by pathlib and hashlib.file_digest, and called for every input
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123
        while piece := file.read(PIECE):
            found.update(piece)
    return found.hexdigest()


def _text_digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _listed(folder: str | Path) -> list[str]:
    """The names in a folder, those of folders with a slash; without what a build makes there, of
    this study or of the project's own.
    """
    generated = {str(paths.build()), str(paths.processed()), str(paths.root() / "build")}
    with os.scandir(os.fspath(folder)) as entries:
        named = [
            entry.name + ("/" if entry.is_dir() else "")
            for entry in entries
            if not (is_passing(entry.name) or entry.path in generated)
        ]
    return sorted(named)
