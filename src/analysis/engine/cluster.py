"""Runs notebooks on a Dask cluster: inputs travel with each run, or are read from a folder
that all machines share.

Only the execution is elsewhere. What a run has read and made comes back with it, so that this
machine knows as exactly as if the run had been here what it depends on. Dask repeats the runs
of a worker that is lost.
"""

from __future__ import annotations

import functools
import hashlib
import io
import os
import signal
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from analysis import paths
from analysis.engine.execution import execute
from analysis.engine.installed import installed
from analysis.engine.notebookfile import NotebookError
from analysis.engine.recorder import recorded
from analysis.engine.runs import NotebookRun
from analysis.engine.settings import read_settings
from analysis.engine.states import ABSENT, digest, kind, signature
from analysis.engine.steps import CHANGED, CONTENT, path_of, places

if TYPE_CHECKING:  # takes a second to import, and only a cluster needs it
    from distributed import Client

PATIENCE = 10  # seconds to wait for a scheduler
# seconds for a worker of the cluster for trying to begin; it loads much, and others do as well
BEGINNING = 120
PARTS = ("raw", "notebooks", "book", "build")
_lock = threading.RLock()


def execute_on_cluster(run: NotebookRun, folder: Path) -> None:
    """As `execution.execute`, by a worker of the cluster at COMPENDIUM_SCHEDULER.

    With COMPENDIUM_SHARED, workers read the project where it lies; otherwise each run brings a
    copy: what Dask scatters once is lost with the workers that have it.
    Raises NotebookError also where the cluster cannot do it.
    """
    from distributed import KilledWorker

    asked = read_settings()
    settings = {
        name: os.environ.get(name, "") for name in ("COMPENDIUM_TIMEOUT", "COMPENDIUM_MEMORY")
    }
    bundle = b""
    if asked.is_shared:
        settings |= _settings({place: str(path) for place, path in places().items()})
    else:
        with _lock:
            bundle = _bundle(
                tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in _files())
            )
    client = _connect(asked.scheduler)
    future = client.submit(execute_there, run, settings, bundle, _layout(), engine(), pure=False)
    try:
        result, complaint = _answer(future, client, asked.timeout)
    except NotebookError as error:
        raise NotebookError(f"{run.name} ({run.language}): {error}") from None
    except KilledWorker:
        raise NotebookError(
            f"{run.name} ({run.language}): worker after worker was lost while running it"
        ) from None
    except Exception as error:  # of Dask itself: the scheduler has gone, or the connection
        raise NotebookError(f"{run.name} ({run.language}): the cluster failed: {error!r}") from None
    _unpack(result, folder)
    reads = folder / "reads"
    if bundle:
        _rename(reads, lambda name: path_of(str(name)))
    if complaint:
        raise NotebookError(complaint)


def execute_there(
    run: NotebookRun, settings: dict[str, str], bundle: bytes, layout: dict[str, str], version: str
) -> tuple[bytes, str]:
    """On a worker: executes the notebook; returns what it made as a zip file, and
    the complaint if it failed.
    """
    if version != engine():
        return (
            b"",
            f"{run.name} ({run.language}): a worker was set up from another version of this "
            "project; update it there and run `make` once",
        )
    with tempfile.TemporaryDirectory() as folder:
        if bundle:
            project = Path(_project(bundle).name)
            settings |= _settings({place: str(project / path) for place, path in layout.items()})
        try:
            execute(run, Path(folder), settings)
            complaint = ""
        except NotebookError as error:
            complaint = str(error)
        reads = Path(folder) / "reads"
        if bundle:
            _keep_inside(reads, project)
            _settle(reads)
            _rename(reads, lambda path: Path(_name(path, project, layout)))
        return _zip(
            [
                (path, path.relative_to(folder).as_posix())
                for path in Path(folder).rglob("*")
                if path.is_file()
            ]
        ), complaint


def _answer(future, client, patience: int) -> tuple[bytes, str]:
    """What a worker has made of a run. Raises NotebookError where for so many seconds
    there is no worker at all.
    """
    last_seen = time.monotonic()
    while True:
        try:
            return future.result(timeout=1)
        except TimeoutError:
            if client.scheduler_info()["workers"]:
                last_seen = time.monotonic()
            elif time.monotonic() - last_seen > patience:
                future.cancel()
                raise NotebookError(
                    f"the cluster has had no worker for {patience} s (TIMEOUT=); start some and "
                    "run this again"
                ) from None


@functools.cache
def engine() -> str:
    """A digest of what executes notebooks: this folder, the packages and the version of Python."""
    sources = [path for path in sorted(Path(__file__).parent.glob("*.*")) if path.is_file()]
    return hashlib.sha256(
        b"\0".join([*(path.read_bytes() for path in sources), installed().encode()])
    ).hexdigest()


def serve(workers: int) -> None:
    """A cluster on this machine, for trying it, until it is stopped."""
    import dask
    from distributed import LocalCluster

    # a request to end ends the workers too, also where a shell has begun this in the background
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    # A worker that is a daemon may have no children, and so no warm kernels.
    with (
        dask.config.set({"distributed.worker.daemon": False}),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            dashboard_address=None,
            death_timeout=BEGINNING,
        ) as cluster,
    ):
        print(
            f"{workers} workers; in another terminal: make book "
            f"SCHEDULER={cluster.scheduler_address}",
            flush=True,
        )
        while True:
            time.sleep(1)


_clients: dict[str, Client] = {}
_silent: dict[str, str] = {}  # addresses at which no scheduler answers, and what it was


def _connect(address: str) -> Client:
    """The one connection to a scheduler; that there is none is found out once, not by every run."""
    from distributed import Client

    with _lock:
        if address not in (_clients | _silent):
            try:
                client = Client(address, timeout=PATIENCE, set_as_default=False)
            except (OSError, ValueError) as error:
                _silent[address] = str(error)
            else:
                _clients[address] = client
                if not client.scheduler_info()["workers"]:
                    print(f"{address} has no workers yet; waiting for them", file=sys.stderr)
        if address in _silent:
            raise NotebookError(
                f"no Dask scheduler answers at {address} ({_silent[address]}); `make cluster` "
                "starts one on this machine"
            )
        return _clients[address]


def _settings(folders: dict[str, str]) -> dict[str, str]:
    named = {"ROOT": "project", **{name.upper(): name for name in ("study", *PARTS)}}
    return {f"COMPENDIUM_{name}": folders.get(place, "") for name, place in named.items()}


def _layout() -> dict[str, str]:
    """Where each place lies below the folder that a worker makes for the
    project: nested as it is here.
    """
    layout: dict[str, str] = {}
    here = places()
    for place, path in reversed(here.items()):  # outer ones first
        outer = [(o, here[o]) for o in layout if path.is_relative_to(here[o])]
        layout[place] = (
            f"{layout[outer[-1][0]]}/{path.relative_to(outer[-1][1]).as_posix()}"
            if outer
            else place
        )
    return layout


def _name(path: Path, project: Path, layout: dict[str, str]) -> str:
    """A worker's file in the terms of `steps.name_of`."""
    inside = sorted(
        (project / there, place)
        for place, there in layout.items()
        if path.is_relative_to(project / there)
    )
    there, place = max(inside, key=lambda pair: len(str(pair[0])))
    return f"{place}:{path.relative_to(there).as_posix()}"


def _rename(notes: Path, renamed: Callable[[Path], Path]) -> None:
    """Gives what a run has read other names."""
    reads = recorded(notes)
    read, asked = (
        {renamed(path): seen for path, seen in noted.items()} for noted in (reads.read, reads.asked)
    )
    reads.read, reads.asked = read, asked
    notes.write_text("".join(f"{line}\n" for line in reads.lines()), "utf-8")


def _keep_inside(notes: Path, project: Path) -> None:
    """Takes out what is outside the project, which is a worker's own, and says that it was read."""
    reads = recorded(notes)
    for noted in (reads.read, reads.asked):
        for path in [path for path in noted if not path.is_relative_to(project)]:
            del noted[path]
            reads.started.add("files of a worker")
    notes.write_text("".join(f"{line}\n" for line in reads.lines()), "utf-8")


def _settle(notes: Path) -> None:
    """Puts in place of signatures, which are of this machine, the contents that were read; a
    listing was that of what was sent.
    """
    reads = recorded(notes)
    for path, seen in reads.read.items():
        same = (
            {CONTENT + digest(path)} if path.is_file() else {ABSENT} if not path.exists() else set()
        )
        reads.read[path] = same if seen <= {signature(path)} else {CHANGED}
    for path, seen in reads.asked.items():
        reads.asked[path] = (
            {CHANGED} if seen != {kind(path)} else set() if path.exists() else {ABSENT}
        )
    notes.write_text("".join(f"{line}\n" for line in reads.lines()), "utf-8")


def _files() -> Iterator[Path]:
    """Every file of the project, its data and its pages; of what is generated
    only the processed tables.
    """
    known = places().values()
    tops = [
        path
        for path in known
        if not any(path != other and path.is_relative_to(other) for other in known)
    ]
    build, tidy = paths.build(), paths.processed()
    for top in tops:
        for folder, folders, files in os.walk(top):
            here = Path(folder)
            # a build folder, this one's or another
            if here == build or (here / "deps/data.json").is_file():
                folders[:], files = [name for name in folders if here / name == tidy], []
            folders[:] = sorted(
                name for name in folders if not name.startswith(".") and name != "__pycache__"
            )
            named = (
                here / name
                for name in sorted(files)
                if not name.startswith(".") and not name.endswith(".partial")
            )
            yield from (path for path in named if path.is_file())  # not a link that leads nowhere


@functools.lru_cache(maxsize=1)
def _bundle(listing: tuple[tuple[Path, int, int], ...]) -> bytes:
    """All inputs as a zip file, laid out as on a worker; made anew when one of them changes."""
    layout = _layout()
    named = []
    for path, *_ in listing:
        place, folder = next(
            (place, folder) for place, folder in places().items() if path.is_relative_to(folder)
        )
        named.append((path, f"{layout[place]}/{path.relative_to(folder).as_posix()}"))
    return _zip(named)


def _zip(files: list[tuple[Path, str]]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(
        content, "w", zipfile.ZIP_DEFLATED, compresslevel=1, strict_timestamps=False
    ) as archive:
        for path, name in files:
            # without the file's date
            archive.writestr(zipfile.ZipInfo(name), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _unpack(content: bytes, folder: Path) -> None:
    if content:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            archive.extractall(folder)


_projects: dict[str, tempfile.TemporaryDirectory] = {}


def _project(bundle: bytes) -> tempfile.TemporaryDirectory:
    """On a worker: the folder with the inputs, unpacked once for all runs sent the same."""
    digest = hashlib.sha256(bundle).hexdigest()
    with _lock:
        if digest not in _projects:
            folder = tempfile.TemporaryDirectory(prefix="compendium-")
            _unpack(bundle, Path(folder.name))
            _projects[digest] = folder
        return _projects[digest]
