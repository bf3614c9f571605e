"""Which of the files that a process touches are inputs: those of the project, and what lies
elsewhere and is none of the system's, of a package's or of a program's.

Names are compared as texts, as this is asked of every file that is opened.
"""

from __future__ import annotations

import os
import site
import sys
import sysconfig
import tempfile
from importlib.util import source_from_cache
from itertools import repeat
from pathlib import Path

from analysis.engine import states

# Folders of the system, of which nobody keeps data.
SYSTEM = (
    "/Library", "/System", "/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/nix", "/proc",
    "/run", "/sbin", "/snap", "/sys", "/usr",
)  # fmt: skip
DRIVES = "/run/media/"  # of people, where Linux puts those that are plugged in


class InputFiles:
    """The files below some folders, without Python and its packages, should those lie there; and
    files elsewhere that somebody's data may be in.
    """

    def __init__(self, inside: list[Path]):
        self.folders = tuple(str(folder) for folder in inside)
        self.inside = tuple(f"{folder}{os.sep}" for folder in self.folders)
        installed = _installed()
        self.installed = tuple(f"{folder}{os.sep}" for folder in installed)
        # What is installed below a folder of the project; unless another of its folders lies there
        # in turn.
        self.holes = tuple(
            f"{folder}{os.sep}"
            for folder in installed
            if folder.startswith(self.inside) and folder not in self.folders
        )
        self.deeper = tuple(
            f"{folder}{os.sep}" for folder in self.folders if folder.startswith(self.holes)
        )
        # On a worker this package is installed elsewhere than in the project.
        places = (sys.prefix, sys.base_prefix, os.path.dirname(os.path.dirname(__file__)))
        self.programs = (*_below(*places), *_of_programs())
        self.system = tuple(_below(*SYSTEM))
        # Passing files, also where their folder is one of the project.
        passing = tuple(_below(tempfile.gettempdir()))
        self.passing = () if any(map(str.startswith, self.inside, repeat(passing))) else passing

    def belongs(self, name: str) -> bool:
        """Whether an absolute name is one of the project's."""
        ours = name.startswith(self.inside) or name in self.folders
        return ours and (not name.startswith(self.holes) or name.startswith(self.deeper))

    def is_own(self, asker: str) -> bool:
        """Whether a file with code is neither Python's nor of a package."""
        return not asker.startswith(self.installed)

    def place(self, path, dir_fd: int | None = None, *, through_links: bool = True) -> str | None:
        """The absolute name of a place in the project, of a compiled module that of its
        source; None for any other.
        """
        if isinstance(path, int):
            path = _of_descriptor(path)
        elif dir_fd is not None and not os.path.isabs(path):
            folder = _of_descriptor(dir_fd)
            path = folder and os.path.join(folder, os.fsdecode(path))
        if not path:
            return None
        path = os.fsdecode(path)
        if os.pardir in path.split(os.sep):  # behind a link, not the folder that the link is in
            path = os.path.realpath(os.path.join(os.getcwd(), path))
        name = source(os.path.abspath(path))
        if f"{name}{os.sep}".startswith(self.passing):
            return None
        if self.belongs(name):
            return name
        if name.startswith(self.installed):
            return None
        real = os.path.realpath(name) if through_links else name  # a link elsewhere may lead here
        if self.belongs(real):
            return real
        whole = f"{name}{os.sep}"
        is_system = whole.startswith(self.system) and not whole.startswith(DRIVES)
        return None if is_system or whole.startswith(self.programs) else name


def source(name: str) -> str:
    """The module behind a compiled file, wherever PYTHONPYCACHEPREFIX has put it."""
    if not name.endswith(".pyc"):
        return name
    try:
        return source_from_cache(name)
    except ValueError:
        return name


def _installed() -> list[str]:
    """Where Python and the packages are: not the project's, even if they lie in its folder."""
    scheme = sysconfig.get_paths()
    folders = {
        scheme[name]
        for name in ("stdlib", "platstdlib", "purelib", "platlib", "scripts", "include")
        if name in scheme
    }
    folders |= {
        folder
        for folder in sys.path
        if os.path.basename(folder) in ("site-packages", "dist-packages")
    }
    folders |= {*site.getsitepackages(), site.getusersitepackages()}
    for prefix in {sys.prefix, sys.base_prefix}:
        # The prefix as a whole where it is a folder made for the purpose; it may also be the
        # project's own, or one above.
        own = os.path.exists(os.path.join(prefix, "pyvenv.cfg")) and not os.path.exists(
            os.path.join(prefix, "src/analysis")
        )
        folders |= (
            {prefix}
            if own
            else {os.path.join(prefix, "share/jupyter"), os.path.join(prefix, "etc/jupyter")}
        )
    return sorted({*folders, *map(os.path.realpath, folders)})


def _below(*folders: str) -> set[str]:
    """How names in folders begin, also where a link leads to these."""
    real = {*folders, *map(os.path.realpath, folders)} - {os.sep}
    return {f"{folder}{os.sep}" for folder in real}


def _of_programs() -> set[str]:
    """How the names begin of programs, and of what they keep for themselves at somebody's home."""
    home = os.path.expanduser("~").rstrip(os.sep)
    return {f"{home}/.", f"{home}/Library/"} | _below(*filter(os.path.isabs, os.get_exec_path()))


def _of_descriptor(number: int) -> str | None:
    """The folder behind an open descriptor."""
    try:
        return states.plain_readlink(f"/proc/self/fd/{number}")
    except OSError:
        pass
    try:
        import fcntl

        return os.fsdecode(fcntl.fcntl(number, fcntl.F_GETPATH, b"\0" * 1024).rstrip(b"\0"))
    except (ImportError, AttributeError, OSError):
        return None
