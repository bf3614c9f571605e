"""Records which project files a process reads, as a C compiler records the headers it included.

A Python audit hook (PEP 578) sees every file that is opened and every folder that is listed,
through whatever helper. What is only asked for (`exists`, `stat`) raises no such event; the few
functions of `os` that ask are wrapped. What was
looked for and did not exist counts too: its appearance would change the result. So do files
outside the project, but for those of the system and of packages, and variables of the environment.
Other programs, the network and what opens files below Python cannot be looked into; that they were
used is noted.
"""

from __future__ import annotations

import functools
import genericpath
import importlib
import importlib.metadata
import json
import os
import pathlib
import posixpath
import re
import shlex
import site
import sys
import sysconfig
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.machinery import (
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    SourceFileLoader,
)
from importlib.util import source_from_cache
from itertools import repeat
from pathlib import Path
from urllib.parse import unquote

from analysis.engine import states

CANARY = "src/analysis/paths.py"  # a record without this module of the project is none
READ = "read"
ASKED = "asked"
VARIABLE = "variable"
STARTED = "started"
# Packages whose compiled modules leave it to Python to open files; any other's may open them below
# Python, where nothing is seen of it, as databases and readers of large data do.
OPEN_BY_PYTHON = {
    "PIL", "Stemmer", "charset_normalizer", "contourpy", "debugpy", "fontTools", "greenlet",
    "hypothesis", "kiwisolver", "markupsafe", "matplotlib", "msgpack", "numpy", "pandas", "psutil",
    "pydantic_core", "rpds", "scipy", "sklearn", "sqlalchemy", "statsmodels", "tornado", "wcwidth",
    "yaml", "zmq",
}  # fmt: skip
BELOW_PYTHON = {"PIL._imagingft", "_dbm", "_gdbm"}  # of these and of Python, which do so too
# Folders of the system, of which nobody keeps data.
SYSTEM = (
    "/Library", "/System", "/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/nix", "/proc",
    "/run", "/sbin", "/snap", "/sys", "/usr",
)  # fmt: skip
# Variables that say where programs and passing files are, and what this project is told.
TOLD = re.compile("COMPENDIUM_|(PATH|TMPDIR|TEMP|TMP)$")
# Programs that libraries ask about the machine; they read nothing of a project.
HARMLESS = {"fc-list", "ldconfig", "lsb_release", "sw_vers", "system_profiler", "uname"}
SHELLS = {"sh", "bash", "dash", "zsh"}


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
                yield _line(what, str(path), *sorted(seen))
        for what, names in ((VARIABLE, self.variables), (STARTED, self.started)):
            yield from (_line(what, name) for name in sorted(names))


def recorded(path: Path) -> Reads:
    """What `record` noted in a file; nothing if the process never got that far."""
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


def record(to: Path, inside: list[Path]) -> None:
    """From now on, notes in the file `to` everything below `inside` that this
    process and its forks read.

    Modules of this package are forgotten, so that a process that goes on to import them is seen to.
    """
    loaded = {
        name: module
        for name, module in sys.modules.items()
        if name == "analysis" or name.startswith("analysis.")
    }
    for name in loaded:
        del sys.modules[name]
    recorder = _Recorder(to, inside)
    recorder.watch()
    importlib.import_module("analysis.paths")  # the canary
    for name, module in loaded.items():  # has shaped this process already
        if name != "analysis.paths" and getattr(module, "__file__", None):
            recorder.note(module.__file__)


class _Recorder:
    """Notes what happens in this process."""

    def __init__(self, to: Path, inside: list[Path]):
        self.to = os.fspath(to)
        os.close(os.open(self.to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC))
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
        places = (*SYSTEM, sys.prefix, sys.base_prefix, os.path.dirname(os.path.dirname(__file__)))
        self.system = (*_below(*places), *_of_programs())
        # Passing files, also where their folder is one of the project.
        passing = tuple(_below(tempfile.gettempdir()))
        self.passing = () if any(map(str.startswith, self.inside, repeat(passing))) else passing
        self.seen: set[tuple[str, str]] = set()
        self.is_watched = False  # whether a database that is being opened will be
        self.own: set[str] = set()  # what this process has written itself
        self.events = {
            "open": self._opened,
            "os.listdir": self._listed,
            "os.scandir": self._scanned,
            "import": self._imported,
            "sqlite3.connect": self._connected,
            "sqlite3.connect/handle": lambda *_: self.is_watched or self._start("sqlite3"),
            "sqlite3.load_extension": lambda *_: self._start("sqlite3"),
            "socket.connect": self._called_up,
            "socket.sendto": self._called_up,
            "ctypes.dlopen": self._loaded,
            "ctypes.dlsym": lambda *_: self._called(sys._getframe(2)),
            "os.rename": self._renamed,
            "os.link": self._linked,
            "os.mkdir": self._made,
            "subprocess.Popen": self._popen,
            "os.system": self._shell,
            "os.exec": self._executed,
            "os.posix_spawn": self._executed,
            "os.spawn": self._spawned,
        }

    def watch(self) -> None:
        """Begins; there is no end but the process's."""
        self._open, self._write, self._close, self._access, self._cwd = (
            os.open,
            os.write,
            os.close,
            os.access,
            os.getcwd,
        )
        for folder in [
            folder for folder in sys.path_importer_cache if self._belongs(os.path.abspath(folder))
        ]:
            del sys.path_importer_cache[folder]
        loaders = ((ExtensionFileLoader, EXTENSION_SUFFIXES), (_FreshLoader, SOURCE_SUFFIXES))
        finder = FileFinder.path_hook(*loaders)
        sys.path_hooks.insert(
            0,
            lambda folder: (
                finder(folder) if self._belongs(os.path.abspath(folder)) else _not_mine(folder)
            ),
        )
        sys.meta_path.append(self)
        for function in ("stat", "lstat", "access", "readlink"):
            _wrap(os, function, self._asked)
        _wrap(os, "open", self._opened_beside)
        self._wrap_fork_exec()
        self._wrap_environment()
        self._wrap_connect()
        events = self.events

        def hook(event: str, details: tuple) -> None:
            if event in events:
                events[event](*details)

        sys.addaudithook(hook)

    def find_spec(self, name: str, folders=None, _target=None) -> None:
        """Asked last of all finders: nobody has found the module. That it comes into being
        would change the result.
        """
        importer = sys._getframe(1)
        while importer.f_back and "importlib" in importer.f_code.co_filename:
            importer = importer.f_back
        # a package does without another one
        if importer.f_code.co_filename.startswith(self.installed):
            return
        for folder in sys.path if folders is None else folders:
            path = os.path.join(os.path.abspath(os.fsdecode(folder)), name.rpartition(".")[2])
            if self._belongs(path):
                self._ask(path)
                self._ask(f"{path}.py")

    # What is read

    def note(self, path, dir_fd: int | None = None) -> None:
        """Notes that a file or folder was read, with its signature at this moment."""
        name = self._place(path, dir_fd)
        if name and name not in self.own and (READ, name) not in self.seen:
            self.seen.add((READ, name))
            self._log(READ, name, states.signature(name))

    def _place(self, path, dir_fd: int | None = None, *, through_links: bool = True) -> str | None:
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
            path = os.path.realpath(os.path.join(self._cwd(), path))
        name = _source(os.path.abspath(path))
        if f"{name}{os.sep}".startswith(self.passing):
            return None
        if self._belongs(name):
            return name
        if name.startswith(self.installed):
            return None
        real = os.path.realpath(name) if through_links else name  # a link elsewhere may lead here
        if self._belongs(real):
            return real
        return None if f"{name}{os.sep}".startswith(self.system) else name

    def _belongs(self, name: str) -> bool:
        ours = name.startswith(self.inside) or name in self.folders
        return ours and (not name.startswith(self.holes) or name.startswith(self.deeper))

    def _opened(self, path, _mode, flags: int, dir_fd: int | None = None) -> None:
        if isinstance(path, int) or path == self.to:
            return
        only_written = flags & (os.O_WRONLY | os.O_RDWR) == os.O_WRONLY or flags & os.O_TRUNC
        if not only_written:
            self.note(path, dir_fd)
            return
        name = self._place(path, dir_fd)
        # What this process has written from the beginning it may read again: that is no input.
        if name and (
            states.kind(name) == states.ABSENT
            or (flags & os.O_TRUNC and self._access(name, os.W_OK))
        ):
            self.own.add(name)

    def _opened_beside(self, path, flags: int, *_, dir_fd: int | None = None, **_more) -> None:
        """The event does not say which folder a name is relative to."""
        if dir_fd is not None:
            self._opened(path, None, flags, dir_fd)

    def _scanned(self, path=None) -> None:
        """Entries of a folder know the size and time of files without asking anybody for them."""
        asking = sys._getframe(2).f_code.co_filename
        self._note_listing(path, asking)
        folder = self._place("." if path is None else path)
        if folder and asking != states.__file__ and not _is_pythons(asking):
            for name in os.listdir(folder) if states.kind(folder).endswith("folder") else ():
                if not states.kind(file := os.path.join(folder, name)).endswith("folder"):
                    self.note(file)

    def _listed(self, path=None) -> None:
        self._note_listing(path, sys._getframe(2).f_code.co_filename)

    def _note_listing(self, path, asking: str) -> None:
        folder = "." if path is None else path
        # Python lists a folder to find one module in it; the others are no concern of that import.
        if asking == METADATA:  # looks for packages, which are an input as a whole
            return
        if asking.startswith("<frozen importlib"):
            name = self._place(folder)
            if (
                name in self.folders
                or name is None
                or not self._belongs(name)
                or states.kind(os.path.join(name, "__init__.py")) != states.ABSENT
            ):
                return
        self.note(folder)

    def _imported(self, module: str, file=None, *_) -> None:
        if module in BELOW_PYTHON:
            self._start(module)
        elif file:  # a compiled module
            self.note(file)
            package = module.partition(".")[0]
            if not (package in OPEN_BY_PYTHON or _is_pythons(file)):
                self._start(package)

    def _connected(self, database, *_) -> None:
        text = os.fsdecode(database) if isinstance(database, (str, bytes, os.PathLike)) else ""
        name = (
            unquote(text.removeprefix("file:").partition("?")[0])
            if text.startswith("file:")
            else text
        )
        if name and name != ":memory:":
            self.note(name)
            self.note(f"{name}-wal")  # what has been written last may still be there

    def _wrap_connect(self) -> None:
        """Of databases that are attached there is no event; who has to allow it sees them."""
        try:
            import sqlite3
        except ImportError:
            return
        usual, authorize = sqlite3.connect, sqlite3.Connection.set_authorizer

        def allow(action: int, database, *_) -> int:
            if action == sqlite3.SQLITE_ATTACH:
                # not written out, but filled in
                self._start("sqlite3") if database is None else self._connected(database)
            return sqlite3.SQLITE_OK

        @functools.wraps(usual)
        def connect(*arguments, **settings):
            self.is_watched = True
            try:
                connection = usual(*arguments, **settings)
            finally:
                self.is_watched = False
            authorize(connection, allow)
            return connection

        sqlite3.connect = sqlite3.dbapi2.connect = connect

    def _called_up(self, _socket, address) -> None:
        if isinstance(address, tuple):  # not the name of a socket of this machine
            self._start("network")

    def _loaded(self, library=None, *_) -> None:
        if isinstance(library, (str, bytes)) and os.sep in os.fsdecode(library):
            self.note(library)
        self._called(sys._getframe(2))

    def _called(self, caller) -> None:
        """Notes if somebody goes to a library, which may open files; Python does so, and packages
        that leave files to it, to compute and to ask about the machine.
        """
        while caller and os.path.dirname(caller.f_code.co_filename) == CTYPES:
            if caller.f_code.co_name == "<module>":  # ctypes itself is imported
                return
            caller = caller.f_back
        asking = caller.f_code.co_filename if caller else ""
        if asking.endswith(EXCHANGING) or _is_pythons(asking) or _package(asking) in OPEN_BY_PYTHON:
            return
        self._start(_package(asking) or "ctypes")

    def _renamed(self, source, target, source_fd=-1, target_fd=-1) -> None:
        here, there = (
            self._place(path, fd if fd >= 0 else None)
            for path, fd in ((source, source_fd), (target, target_fd))
        )
        if there and here in self.own:
            self.own.add(there)
        elif here:
            self.note(here)

    def _linked(self, source, _target, source_fd=-1, *_) -> None:
        self.note(source, source_fd if source_fd >= 0 else None)

    def _made(self, path, _mode=0o777, dir_fd=-1) -> None:
        name = self._place(path, dir_fd if dir_fd >= 0 else None)
        if name and states.kind(name) == states.ABSENT:
            self.own.add(name)

    # What is asked for

    def _asked(self, path, *_, dir_fd: int | None = None, **_more) -> None:
        if isinstance(path, int):
            return
        name = self._place(path, dir_fd, through_links=False)
        if not name or not (self._belongs(name) or self._is_own(_asker())):
            return
        how = _question(sys._getframe(2))
        if how == READ and states.kind(name).endswith("file"):
            self.note(name)
        elif how != "link" or states.kind(name).startswith("link"):
            self._ask(name)

    def _ask(self, name: str) -> None:
        if (
            name not in self.own
            and (ASKED, name) not in self.seen
            and (READ, name) not in self.seen
        ):
            self.seen.add((ASKED, name))
            self._log(ASKED, name, states.kind(name))

    def _is_own(self, asker: str) -> bool:
        """Whether a file with code is neither Python's nor of a package."""
        return not asker.startswith(self.installed)

    def _wrap_environment(self) -> None:
        """Notes the variables that code of the project looks up; a copy of all of them is mostly
        for a program.
        """
        kind = type(os.environ)
        look_up, go_through = kind.__getitem__, kind.__iter__
        copying: list[tuple] = []  # who does so, and the names still to come

        def looked_up(environment, name):
            if copying and copying[-1] == (_asker(), name):
                copying.pop()
            elif isinstance(name, (str, bytes)) and self._is_own(_asker()):
                self._look_up(os.fsdecode(name))
            return look_up(environment, name)

        def gone_through(environment):
            names = [*go_through(environment)]
            copying[:] = [(_asker(), name) for name in reversed(names)]
            if self._is_own(_asker()):
                self._start("os.environ")
            return iter(names)

        kind.__getitem__, kind.__iter__ = looked_up, gone_through

    def _look_up(self, name: str) -> None:
        if not TOLD.match(name) and (VARIABLE, name) not in self.seen:
            self.seen.add((VARIABLE, name))
            self._log(VARIABLE, name)

    # What else is started

    def _start(self, program: str) -> None:
        if program not in HARMLESS and (STARTED, program) not in self.seen:
            self.seen.add((STARTED, program))
            self._log(STARTED, program)

    def _popen(self, executable, arguments, *_) -> None:
        self._start_command(arguments if arguments else [executable])

    def _executed(self, path, arguments=(), *_) -> None:
        self._start_command(list(arguments) or [path])

    def _spawned(self, _mode, path, arguments=(), *_) -> None:
        self._executed(path, arguments)

    def _shell(self, command) -> None:
        self._start(_first_word(os.fsdecode(command)))

    def _start_command(self, arguments) -> None:
        words = [arguments] if isinstance(arguments, (str, bytes, os.PathLike)) else list(arguments)
        words = [os.fsdecode(word) for word in words]
        if any("resource_tracker import main" in word for word in words):
            return  # Python's own, which reads nothing
        program = os.path.basename(words[0])
        in_shell = program in SHELLS and len(words) > 2 and words[1] == "-c"
        self._start(_first_word(words[2]) if in_shell else program)

    def _wrap_fork_exec(self) -> None:
        """By which multiprocessing starts its processes, without an event."""
        try:
            import _posixsubprocess
        except ImportError:
            return
        _wrap(
            _posixsubprocess,
            "fork_exec",
            lambda arguments, *_, **__: self._start_command(arguments),
        )

    def _log(self, what: str, name: str, *state: str) -> None:
        """Opened anew each time: a notebook may close every descriptor it finds."""
        log = self._open(self.to, os.O_WRONLY | os.O_APPEND)
        try:
            self._write(log, f"{_line(what, name, *state)}\n".encode())
        finally:
            self._close(log)


class _FreshLoader(SourceFileLoader):
    """Takes a compiled module only if it was made after its source came to be as it is.

    Python itself compares size and second of modification, which an edit within
    that second leaves alike.
    """

    def get_data(self, path: str) -> bytes:
        if (
            path.endswith(".pyc")
            and states._stat(path).st_mtime_ns <= states._stat(_source(path)).st_ctime_ns
        ):
            raise OSError(f"{path} may be older than its source")
        return super().get_data(path)


def _line(what: str, name: str, *state: str) -> str:
    return json.dumps([what, name, *state])


def _not_mine(folder: str):
    raise ImportError(folder)


def _wrap(module, name: str, before) -> None:
    """Has `before` called with the arguments of a function, each time it is called."""
    function = getattr(module, name)

    @functools.wraps(function)
    def wrapped(*arguments, **named):
        before(*arguments, **named)
        return function(*arguments, **named)

    wrapped.__module__, wrapped.__qualname__ = module.__name__, name
    setattr(module, name, wrapped)
    for able in (
        os.supports_dir_fd,
        os.supports_effective_ids,
        os.supports_fd,
        os.supports_follow_symlinks,
    ):
        if function in able:
            able.add(wrapped)


def _source(name: str) -> str:
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


def _asker() -> str:
    """The file with the code that has asked, for which Python's own may have done so."""
    frame = sys._getframe(1)
    while frame and (frame.f_code.co_filename == __file__ or _is_pythons(frame.f_code.co_filename)):
        frame = frame.f_back
    return frame.f_code.co_filename if frame else ""


def _is_pythons(file: str) -> bool:
    """Whether a file with code belongs to Python itself."""
    return file.startswith(("<frozen ", PYTHONS)) and not _package(file)


def _package(file: str) -> str:
    """The installed package that a file belongs to; empty if to none."""
    for folder in ("site-packages", "dist-packages"):
        _, inside, rest = file.rpartition(f"{os.sep}{folder}{os.sep}")
        if inside:
            return rest.partition(os.sep)[0].partition(".")[0]
    return ""


def _of_descriptor(number: int) -> str | None:
    """The folder behind an open descriptor."""
    try:
        return states._readlink(f"/proc/self/fd/{number}")
    except OSError:
        pass
    try:
        import fcntl

        return os.fsdecode(fcntl.fcntl(number, fcntl.F_GETPATH, b"\0" * 1024).rstrip(b"\0"))
    except (ImportError, AttributeError, OSError):
        return None


PYTHONS = os.path.dirname(os.__file__) + os.sep
METADATA = importlib.metadata.__file__
CTYPES = os.path.join(os.path.dirname(os.__file__), "ctypes")
EXCHANGING = os.path.join("analysis", "files", "whole.py")  # two folders at one stroke
# Modules of Python that ask only whether something is there, and of which kind.
ASKING = {
    function.__code__.co_filename
    for function in (genericpath.exists, posixpath.realpath, pathlib.Path.exists, pathlib.Path.stat)
}


def _question(caller) -> str:
    """Whether somebody asks for size and time of a file (as good as reading it), for links on the
    way, or whether it is there.
    """
    asking = caller.f_code.co_filename in ASKING
    name = caller.f_code.co_name
    if asking and "realpath" in name:
        return "link"
    if asking and name in ("stat", "lstat") and caller.f_back:
        asking = caller.f_back.f_code.co_filename in ASKING
    return ASKED if asking and not name.startswith("get") else READ


def _first_word(command: str) -> str:
    try:
        words = shlex.split(command)
    except ValueError:
        words = command.split()
    return os.path.basename(words[0]) if words else "sh"
