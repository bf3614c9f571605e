"""The processes that a build has started: all of them end with it, however it ends."""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import multiprocessing
import multiprocessing.connection
import os
import resource
import runpy
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from analysis import paths
from analysis.engine.settings import read_settings
from analysis.patches.processes import folder_of_forkserver, start_forkserver
from analysis.problems import ReportedError

# Third-party packages only: what a notebook imports from `analysis` has to be seen as a dependency.
PRELOADED = ["analysis.engine.preload"]
PAGES = "analysis.book.preload"  # of what the tidy tables and the book are made with, too
# What a person or a machine has set and a result must not show: warnings, start-up files, looks,
# languages, clocks.
PERSONAL = (
    "LC_",
    "LANG",
    "PYTHON",
    "PYTEST_",
    "IPYTHON",
    "JUPYTER_",
    "MPL",
    "MATPLOTLIB",
    "TZ",
    "CLICOLOR",
    "FORCE_COLOR",
    "NO_COLOR",
    "TQDM_",
    "PANDAS_",
    "NETWORKX_",
    "NPY_",
    "NUMPY_",
    "NUMEXPR_",
    "OMP_",
    "KMP_",
    "MKL_",
    "OPENBLAS_",
    "VECLIB_",
    "DOCUTILS",
    "SPHINX",
)
# Where Python finds modules, and keeps compiled ones.
KEPT = {
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONPYCACHEPREFIX",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONPLATLIBDIR",
}
STEADY = {
    # One thread a kernel: runs are parallel already, and sums must not depend on the number of
    # cores.
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    # A terminal of one size: pandas folds tables that are wider.
    "COLUMNS": "80",
    "LINES": "24",
    # One language, one clock, one order of sets, and packages from one place only.
    "LC_ALL": "C.UTF-8",
    "PYTHONUTF8": "1",
    "TZ": "UTC",
    "SOURCE_DATE_EPOCH": "0",
    "PYTHONHASHSEED": "0",
    "PYTHONNOUSERSITE": "1",
    # No settings of docutils, of which there may be some at home.
    "DOCUTILSCONFIG": "",
    # Figures are drawn into the notebook.
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}
# A socket's place may have a hundred letters; half of them are for its own name and for folders
# that a notebook makes in turn.
LONGEST_FOLDER = 50
# Files that are open in a build: of its own, and for each notebook that runs (pipes and sockets
# count).
OWN_FILES = 60
FILES_OF_A_RUN = 24
ENOUGH_FILES = 4096
LEAST_FILES = 64  # with fewer no kernel can begin
PARENT = "COMPENDIUM_PARENT"  # tells a process that is started, not forked, which one started it
_lock = threading.Lock()
_groups: set[int] = set()  # process groups: kernels, and the commands that make data and book
_folders: set[str] = set()  # with the sockets of kernels
# Held where a step begins, ends or complains; who stops the build keeps it. So nothing goes on then
# that would complain of what was ended, or make anew what is removed.
going_on = threading.RLock()


class EndedError(ReportedError):
    """A process is gone that others need; the message says which."""


def forkserver() -> multiprocessing.context.BaseContext | None:
    """The process that kernels are forked from, started on first use; None where that is not
    wanted or not to be had.

    That is: with COMPENDIUM_KERNEL=plain or a cluster, and inside a process that may have no
    children (a Dask worker under a nanny).
    """
    settings = read_settings()
    if settings.kernel == "plain" or settings.scheduler or multiprocessing.current_process().daemon:
        return None
    with _lock:
        _shorten_temporary_folder()
        hold_still()  # numpy looks for its number of threads when the forkserver loads it
        start_forkserver(PRELOADED)
    return multiprocessing.get_context("forkserver")


def load_ahead() -> None:
    """Loads what all steps of a build need; those that make data and book are then forked as
    kernels are, if these are.
    """
    if PAGES not in PRELOADED:
        PRELOADED.append(PAGES)
    forkserver()


def hold_still() -> None:
    """Takes out of the environment what must not reach a result, for all that is started."""
    still = steady(os.environ)
    for name in set(os.environ) - set(still):
        del os.environ[name]
    os.environ.update(still)


def steady(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment in which the same notebook makes the same bytes, whosever it is."""
    kept = {
        name: value
        for name, value in environment.items()
        if name in KEPT or not name.startswith(PERSONAL)
    }
    return kept | STEADY | _matplotlib(environment)


def _matplotlib(environment: Mapping[str, str]) -> dict[str, str]:
    """The settings that matplotlib comes with, not somebody's own; and a place for its list of
    fonts where home has none.
    """
    found = importlib.util.find_spec("matplotlib")
    settings = (
        {"MATPLOTLIBRC": str(Path(found.submodule_search_locations[0], "mpl-data/matplotlibrc"))}
        if found
        else {}
    )
    home = environment.get("HOME", "")
    if not (home and os.access(home, os.W_OK)):
        cache = paths.build() / "cache/matplotlib"
        with contextlib.suppress(OSError):
            cache.mkdir(parents=True, exist_ok=True)
        settings["MPLCONFIGDIR"] = str(cache)
    return settings


@functools.cache
def slots() -> threading.Semaphore:
    """Lets as many notebooks run at a time as this process may have files open for."""
    return threading.BoundedSemaphore(max(1, (files() - OWN_FILES) // FILES_OF_A_RUN))


def files() -> int:
    """How many files this process may have open; it asks for as many as it may have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = ENOUGH_FILES if hard == resource.RLIM_INFINITY else min(hard, ENOUGH_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return ENOUGH_FILES if soft == resource.RLIM_INFINITY else soft


def started(group: int) -> None:
    """A process group that has to end when this process does."""
    _groups.add(group)


def end(group: int) -> None:
    """Ends what is left of a process group."""
    _groups.discard(group)
    with contextlib.suppress(ProcessLookupError, PermissionError):  # nobody is left in it
        os.killpg(group, signal.SIGKILL)


def run(*arguments: str) -> int:
    """Runs a module of this Python in a process group of its own; prints what it says;
    returns its exit status.
    """
    context = forkserver() if PAGES in PRELOADED else None
    done = _forked(context, arguments) if context else start(arguments, os.environ)
    status, said, complaints = done
    with going_on:
        # Through Python's streams, so that a live display can make room.
        sys.stdout.write(said)
        sys.stderr.write(complaints)
    if status < 0:
        how = signal.strsignal(-status)
        print(f"its process was ended ({how}), perhaps for want of memory", file=sys.stderr)
    return status


def start(arguments: tuple[str, ...], environment: Mapping[str, str]) -> tuple[int, str, str]:
    """Runs a module of this Python that loads all it needs itself; returns its exit status, and
    what it says and complains of.
    """
    streams = {
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "encoding": "utf-8",
        "errors": "replace",
    }
    command = [sys.executable, "-m", *arguments]
    told = steady(environment) | {PARENT: str(os.getpid())}
    process = subprocess.Popen(command, env=told, start_new_session=True, **streams)
    started(process.pid)
    said, complaints = process.communicate()
    end(process.pid)
    return process.returncode, said, complaints


def fork(
    context: multiprocessing.context.BaseContext, target: Callable[..., None], *arguments
) -> multiprocessing.process.BaseProcess:
    """A process that calls `target`, forked from the forkserver. Not a daemon, or it could start no
    processes of its own; it ends with its group. Raises EndedError if there is no forkserver.
    """
    process = context.Process(target=target, args=arguments, daemon=False)
    try:
        process.start()
    except (ConnectionError, EOFError):
        raise EndedError(
            "the process that all others are forked from was ended, perhaps for want of memory; "
            "the next build starts it anew"
        ) from None
    return process


def _forked(
    context: multiprocessing.context.BaseContext, arguments: tuple[str, ...]
) -> tuple[int, str, str]:
    ours, theirs = zip(*(context.Pipe(duplex=False) for _ in range(2)), strict=True)
    process = fork(context, _be, arguments, steady(os.environ), str(Path.cwd()), theirs)
    started(process.pid)
    for pipe in theirs:
        pipe.close()
    with ThreadPoolExecutor() as readers:
        said, complaints = readers.map(_all, ours)
    process.join()
    end(process.pid)
    return process.exitcode, said, complaints


def _all(pipe: multiprocessing.connection.Connection) -> str:
    parts = iter(lambda: os.read(pipe.fileno(), 65536), b"")
    return b"".join(parts).decode("utf-8", "replace")


def _be(
    arguments: tuple[str, ...],
    environment: dict[str, str],
    place: str,
    streams: Iterable[multiprocessing.connection.Connection],
) -> None:
    """In the forked process: what Python does when it is told to run this module."""
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(place)
    for number, pipe in enumerate(streams, 1):
        os.dup2(pipe.fileno(), number)
        pipe.close()
    sys.stdout, sys.stderr = (open(number, "w", closefd=False) for number in (1, 2))  # noqa: SIM115
    name, *sys.argv[1:] = arguments
    runpy.run_module(name, run_name="__main__", alter_sys=True)


@contextlib.contextmanager
def passing_folder() -> Iterator[str]:
    """A folder with a short name, as sockets need one; it is removed in any case."""
    _shorten_temporary_folder()
    with tempfile.TemporaryDirectory(prefix="kernel-") as folder:
        _folders.add(folder)
        try:
            yield folder
        finally:
            _folders.discard(folder)


def _shorten_temporary_folder() -> None:
    """Where somebody's own has too long a name for sockets, passing files go to the system's."""
    if len(os.fsencode(tempfile.gettempdir())) > LONGEST_FOLDER:
        tempfile.tempdir = "/tmp"


def end_with_parent() -> None:
    """This process, and whatever it starts in its group, ends when the one that started it does,
    even when that was killed.
    """
    starter = multiprocessing.parent_process()
    # it may be gone before this one asks
    parent = int(os.environ.pop(PARENT, os.getppid()))

    def watch() -> None:
        # a fork of the forkserver, which lives as long as its forks: the build itself is watched
        if starter:
            starter.join()
        while not starter and os.getppid() == parent:
            time.sleep(0.2)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def stop_on_signals(last: Callable[[], None]) -> None:
    """Ctrl-C, or a request to end, ends every process at once; then `last` is
    called, and nothing after it.
    """

    def stop(number: int, _frame) -> None:
        going_on.acquire()
        for group in list(_groups):
            end(group)
        for folder in filter(None, [*_folders, folder_of_forkserver()]):
            shutil.rmtree(folder, ignore_errors=True)
        last()
        os._exit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as under nohup
        signal.signal(signal.SIGHUP, stop)
