"""Records which project files a process reads, as a C compiler records the headers it included.

A Python audit hook (PEP 578) sees every file that is opened and every folder that is listed,
through whatever helper. What is only asked for (`exists`, `stat`) raises no such event; the few
functions of `os` that ask are wrapped. What was looked for and did not exist counts too: its
appearance would change the result. So do files outside the project, but for those of the system and
of packages, and variables of the environment. Other programs, the network and what opens files
below Python cannot be looked into; that they were used is noted.
"""

from __future__ import annotations

import functools
import importlib
import os
import re
import shlex
import sys
import threading
from importlib.machinery import PathFinder, all_suffixes
from pathlib import Path
from urllib.parse import unquote

from analysis.engine import freshmodules, inputfiles, states
from analysis.engine.askers import (
    CTYPES,
    EXCHANGING,
    METADATA,
    asker,
    is_pythons,
    package,
    question,
)
from analysis.engine.reads import ASKED, READ, STARTED, VARIABLE, line
from analysis.patches import calls

# What stands between those who ask and a recorder.
BETWEEN = {__file__, *(module.__file__ for module in (freshmodules, inputfiles, calls))}
# Packages whose compiled modules leave it to Python to open files; any other's may open them below
# Python, where nothing is seen of it, as databases and readers of large data do.
OPEN_BY_PYTHON = {
    "PIL", "Stemmer", "_brotli", "chardet", "charset_normalizer", "contourpy", "debugpy",
    "fontTools", "greenlet", "hypothesis", "kiwisolver", "markupsafe", "matplotlib", "msgpack",
    "numpy", "pandas", "psutil", "pydantic_core", "rpds", "scipy", "sklearn", "sqlalchemy",
    "statsmodels", "tornado", "wcwidth", "yaml", "zmq",
}  # fmt: skip
OF_PYTHON = "__mypyc"  # ends the name of what mypyc has made of modules in Python
# Of these and of Python, which do so too.
BELOW_PYTHON = {
    "PIL._imagingcms", "PIL._imagingft", "_dbm", "_gdbm", "scipy.io._fast_matrix_market._fmm_core",
}  # fmt: skip
# Variables that say where programs and passing files are, and what this project is told but the
# addresses that pages bear.
TOLD = re.compile("COMPENDIUM_(?!SITE_URL$|REPOSITORY_URL$)|(PATH|TMPDIR|TEMP|TMP)$")
# Programs that libraries ask about the machine; they read nothing of a project.
HARMLESS = {"fc-list", "ldconfig", "lsb_release", "sw_vers", "system_profiler", "uname"}
SHELLS = {"sh", "bash", "dash", "zsh"}


def record(to: Path, inside: list[Path], by_hand: list[Path]) -> None:
    """From now on, notes in the file `to` everything below `inside` that this
    process and its forks read, and lets neither change what is below `by_hand`.

    Modules of this package are forgotten, so that a process that goes on to import them is seen to.
    """
    loaded = {
        name: module
        for name, module in sys.modules.items()
        if name == "analysis" or name.startswith("analysis.")
    }
    for name in loaded:
        del sys.modules[name]
    recorder = _Recorder(to, inside, by_hand)
    recorder.watch()
    importlib.import_module("analysis.paths")  # the canary
    for name, module in loaded.items():  # has shaped this process already
        if name != "analysis.paths" and getattr(module, "__file__", None):
            recorder.note(module.__file__)


def leaves_files_to_python(package: str) -> bool:
    """Whether compiled modules of a package open no file themselves."""
    return package in OPEN_BY_PYTHON or package.endswith(OF_PYTHON)


class _Recorder:
    """Notes what happens in this process."""

    def __init__(self, to: Path, inside: list[Path], by_hand: list[Path]):
        self.to = os.fspath(to)
        os.close(os.open(self.to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC))
        self.files = inputfiles.InputFiles(inside)
        self.by_hand = tuple(f"{folder}{os.sep}" for folder in by_hand)
        self.seen: set[tuple[str, str]] = set()
        self.is_watched = False  # whether a database that is being opened will be
        self.beside = threading.local()  # the name that is being opened beside a folder
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
            "os.remove": self._spare,
            "os.rmdir": self._spare,
            "os.truncate": lambda path, *_: self._spare(path),
            "os.symlink": lambda _source, path, dir_fd=-1: self._spare(path, dir_fd),
            "subprocess.Popen": self._popen,
            "os.system": self._shell,
            "os.exec": self._executed,
            "os.posix_spawn": self._executed,
            "os.spawn": self._spawned,
        }

    def watch(self) -> None:
        """Begins; there is no end but the process's."""
        # as they are before they are wrapped
        self._open, self._write, self._close, self._access = os.open, os.write, os.close, os.access
        freshmodules.import_afresh(self.files.belongs)
        sys.meta_path.insert(0, self)
        for function in ("stat", "lstat", "access", "readlink"):
            calls.call_before(os, function, self._asked)
        calls.call_before(os, "open", self._opened_beside)
        calls.watch_fork_exec(lambda arguments, *_, **__: self._start_command(arguments))
        self._wrap_environment()
        self._wrap_connect()
        events = self.events

        def hook(event: str, details: tuple) -> None:
            if event in events:
                events[event](*details)

        sys.addaudithook(hook)

    def find_spec(self, name: str, folders=None, _target=None) -> None:
        """Asked first of all finders, and finds nothing. That a module of this name comes into
        being before the place where it is found, or anywhere if it is not, would change the result.
        """
        importer = sys._getframe(1)
        while importer.f_back and "importlib" in importer.f_code.co_filename:
            importer = importer.f_back
        # a package does without another one
        if not self.files.is_own(importer.f_code.co_filename):
            return
        for folder in sys.path if folders is None else folders:
            path = os.path.join(os.path.abspath(os.fsdecode(folder)), name.rpartition(".")[2])
            if not self.files.belongs(path):
                found = PathFinder.find_spec(name, [folder])
                if found and found.loader:  # without one, others may have parts of it as well
                    return
                continue
            package = os.path.join(path, "__init__.py")
            if states.kind(package) != states.ABSENT:
                return
            self._ask(path)
            if states.kind(path) != states.ABSENT:
                self._ask(package)
            if any(states.kind(path + ending) != states.ABSENT for ending in all_suffixes()):
                return
            self._ask(f"{path}.py")

    # What is read

    def note(self, path, dir_fd: int | None = None) -> None:
        """Notes that a file or folder was read, with its signature at this moment."""
        name = self.files.place(path, dir_fd)
        if name and name not in self.own and (READ, name) not in self.seen:
            self.seen.add((READ, name))
            self._log(READ, name, states.signature(name))

    def _opened(self, path, _mode, flags: int, dir_fd: int | None = None) -> None:
        if isinstance(path, int) or path == self.to:
            return
        if dir_fd is None and vars(self.beside).pop("path", None) == path:
            return  # noted already
        if flags & (os.O_WRONLY | os.O_RDWR):
            self._spare(path, dir_fd)
        only_written = flags & (os.O_WRONLY | os.O_RDWR) == os.O_WRONLY or flags & os.O_TRUNC
        if not only_written:
            self.note(path, dir_fd)
            return
        name = self.files.place(path, dir_fd)
        # What this process has written from the beginning it may read again: that is no input.
        if name and (
            states.kind(name) == states.ABSENT
            or (flags & os.O_TRUNC and self._access(name, os.W_OK))
        ):
            self.own.add(name)

    def _opened_beside(self, path, flags: int, *_, dir_fd: int | None = None, **_more) -> None:
        """The event, which comes next, does not say which folder a name is relative to."""
        if dir_fd is not None:
            self._opened(path, None, flags, dir_fd)
            self.beside.path = path

    def _scanned(self, path=None) -> None:
        """Entries of a folder know the size and time of files without asking anybody for them."""
        asking = sys._getframe(2).f_code.co_filename
        self._note_listing(path, asking)
        folder = self.files.place("." if path is None else path)
        if folder and asking != states.__file__ and not is_pythons(asking):
            for name in os.listdir(folder) if states.kind(folder).endswith("folder") else ():
                if not states.kind(file := os.path.join(folder, name)).endswith("folder"):
                    self.note(file)

    def _listed(self, path=None) -> None:
        self._note_listing(path, sys._getframe(2).f_code.co_filename)

    def _note_listing(self, path, asking: str) -> None:
        folder = "." if path is None else path
        # Python lists a folder to find one module in it; the others are no concern of that import.
        if asking.endswith(METADATA):  # looks for packages, which are an input as a whole
            return
        if asking.startswith("<frozen importlib"):
            name = self.files.place(folder)
            if (
                name in self.files.folders
                or name is None
                or not self.files.belongs(name)
                or states.kind(os.path.join(name, "__init__.py")) != states.ABSENT
            ):
                return
        self.note(folder)

    def _imported(self, module: str, file=None, *_) -> None:
        if module in BELOW_PYTHON:
            self._start(module)
        elif file:  # a compiled module
            self.note(file)
            name = module.partition(".")[0]
            if not leaves_files_to_python(name) and not is_pythons(file):
                self._start(name)

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
        if asking.endswith(EXCHANGING) or is_pythons(asking) or package(asking) in OPEN_BY_PYTHON:
            return
        self._start(package(asking) or "ctypes")

    def _renamed(self, source, target, source_fd=-1, target_fd=-1) -> None:
        self._spare(source, source_fd)
        self._spare(target, target_fd)
        here, there = (
            self.files.place(path, fd if fd >= 0 else None)
            for path, fd in ((source, source_fd), (target, target_fd))
        )
        if there and here in self.own:
            self.own.add(there)
        elif here:
            self.note(here)

    def _linked(self, source, target, source_fd=-1, target_fd=-1) -> None:
        self._spare(target, target_fd)
        self.note(source, source_fd if source_fd >= 0 else None)

    def _made(self, path, _mode=0o777, dir_fd=-1) -> None:
        self._spare(path, dir_fd)
        name = self.files.place(path, dir_fd if dir_fd >= 0 else None)
        if name and states.kind(name) == states.ABSENT:
            self.own.add(name)

    def _spare(self, path, dir_fd: int | None = None) -> None:
        """Raises PermissionError if it is for people to change it."""
        name = self.files.place(path, None if dir_fd == -1 else dir_fd)
        if name and name.startswith(self.by_hand):
            raise PermissionError(
                f"{name} is made by hand, and a build only reads it; what a notebook makes it "
                "publishes with `Run`"
            )

    # What is asked for

    def _asked(self, path, *_, dir_fd: int | None = None, **_more) -> None:
        if isinstance(path, int):
            return
        name = self.files.place(path, dir_fd, through_links=False)
        if not name or not (self.files.belongs(name) or self.files.is_own(asker(BETWEEN))):
            return
        how = question(sys._getframe(2))
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

    def _wrap_environment(self) -> None:
        """Notes the variables that code of the project looks up; a copy of all of them is mostly
        for a program.
        """
        kind = type(os.environ)
        look_up, go_through = kind.__getitem__, kind.__iter__
        of_thread = threading.local()  # who does so, and the names still to come

        def looked_up(environment, name):
            copying = getattr(of_thread, "copying", None)
            if copying and copying[-1][1] == name and copying[-1][0] == asker(BETWEEN):
                copying.pop()
            # Who asks is found out last: a book asks a hundred thousand times where it works.
            elif self._is_news(name) and self.files.is_own(asker(BETWEEN)):
                self._log_variable(os.fsdecode(name))
            return look_up(environment, name)

        def gone_through(environment):
            names = [*go_through(environment)]
            of_thread.copying = [(asker(BETWEEN), name) for name in reversed(names)]
            if self.files.is_own(asker(BETWEEN)):
                self._start("os.environ")
            return iter(names)

        kind.__getitem__, kind.__iter__ = looked_up, gone_through

    def _is_news(self, name) -> bool:
        """Whether it is a variable that counts and has not been noted yet."""
        if not isinstance(name, (str, bytes)):
            return False
        name = os.fsdecode(name)
        return not TOLD.match(name) and (VARIABLE, name) not in self.seen

    def _log_variable(self, name: str) -> None:
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

    def _log(self, what: str, name: str, *state: str) -> None:
        """Opened anew each time: a notebook may close every descriptor it finds."""
        log = self._open(self.to, os.O_WRONLY | os.O_APPEND)
        try:
            self._write(log, f"{line(what, name, *state)}\n".encode())
        finally:
            self._close(log)


def _first_word(command: str) -> str:
    try:
        words = shlex.split(command)
    except ValueError:
        words = command.split()
    return os.path.basename(words[0]) if words else "sh"
