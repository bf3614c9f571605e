"""Runs notebooks on a Dask cluster: inputs travel with each run, or are read from a folder
that all machines share.

Only the execution is elsewhere. What a run has read and made comes back with it, so that this
machine knows as exactly as if the run had been here what it depends on. Dask repeats the runs
of a worker that is lost.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from analysis import paths
from analysis.engine import parcel, pipeline
from analysis.engine.execution import execute
from analysis.engine.installed import installed
from analysis.engine.machine import cores
from analysis.engine.notebookfile import NotebookError
from analysis.engine.reads import recorded
from analysis.engine.runs import NotebookRun
from analysis.engine.settings import AT_ONCE_ON_A_CLUSTER, read_settings
from analysis.engine.steps import path_of, places
from analysis.problems import WrongCallError

if TYPE_CHECKING:  # takes a second to import, and only a cluster needs it
    from distributed import Client, Future

PATIENCE = 10  # seconds to wait for a scheduler
# seconds for a worker of the cluster for trying to begin; it loads much, and others do as well
BEGINNING = 120
_lock = threading.Lock()


def execute_on_cluster(run: NotebookRun, folder: Path) -> None:
    """As `execution.execute`, by a worker of the cluster at COMPENDIUM_SCHEDULER.

    With COMPENDIUM_SHARED, workers read the project where it lies; otherwise they are sent a copy.
    Raises NotebookError also where the cluster cannot do it.
    """
    from distributed import KilledWorker

    asked = read_settings()
    settings = {
        name: os.environ.get(name, "") for name in ("COMPENDIUM_TIMEOUT", "COMPENDIUM_MEMORY")
    }
    if asked.is_shared:
        settings |= _settings({place: str(path) for place, path in places().items()})
    client = _connect(asked.scheduler)
    inputs = b"" if asked.is_shared else _sent(client, parcel.inputs())
    layout = parcel.layout()
    future = client.submit(execute_there, run, settings, inputs, layout, engine(), pure=False)
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
    parcel.unpack(result, folder)
    if inputs:
        notes = folder / "reads"
        parcel.write_renamed(notes, recorded(notes), lambda name: path_of(str(name)))
    if complaint:
        raise NotebookError(complaint)


def execute_there(
    run: NotebookRun, settings: dict[str, str], inputs: bytes, layout: dict[str, str], version: str
) -> tuple[bytes, str]:
    """On a worker: executes the notebook; returns what it made as a zip file, and
    the complaint if it failed.

    settings: what the environment is told. inputs, layout: the project as `parcel` packs it and
    lays it out; no inputs where the folder is shared. version: `engine()` of who asks.
    """
    if version != engine():
        return (
            b"",
            f"{run.name} ({run.language}): a worker was set up from another version of this "
            "project, or begun before it was updated; update it there, run `make` once, and start "
            "the worker again",
        )
    from distributed import get_worker

    own = os.path.realpath(get_worker().local_directory)  # goes with the worker, however that ends
    with (
        tempfile.TemporaryDirectory(prefix="run-", dir=own) as name,
        contextlib.ExitStack() as held,
    ):
        folder = Path(name)
        if inputs:
            project = held.enter_context(parcel.project(inputs, own))
            settings |= _settings({place: str(project / path) for place, path in layout.items()})
        try:
            execute(run, folder, settings)
            complaint = ""
        except NotebookError as error:
            complaint = str(error)
        if inputs:
            notes = folder / "reads"
            reads = parcel.settle(parcel.keep_inside(recorded(notes), project, layout))
            parcel.write_renamed(
                notes, reads, lambda path: Path(parcel.name_of(path, project, layout))
            )
        made = [path for path in folder.rglob("*") if path.is_file()]
        named = [(path, path.relative_to(folder).as_posix()) for path in made]
        return parcel.zipped(named), complaint


def _sent(client: Client, inputs: bytes) -> Future:
    """The inputs on the cluster, for all runs: sent once, and handed on from worker to worker. As
    they are the result of a task, the scheduler has it repeated when all that hold them are lost;
    what Dask scatters would be gone.
    """
    name = f"inputs-{hashlib.sha256(inputs).hexdigest()}"
    with _lock:
        if name not in _held:
            _held[name] = client.submit(bytes, inputs, key=name)
        return _held[name]


def _answer(future, client, patience: int) -> tuple[bytes, str]:
    """What a worker has made of a run. Raises NotebookError where for so many seconds
    there is no worker at all.
    """
    last_seen = time.monotonic()
    while True:
        try:
            return future.result(timeout=1)
        except TimeoutError:
            if future.done():  # in this moment, or the run itself has failed so
                return future.result(timeout=patience)
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
    """A digest of what executes notebooks: this folder and all that it runs them with, the packages
    and the version of Python.
    """
    sources = {*pipeline.engine(), *Path(__file__).parent.glob("*.*")}
    contents = sorted({path.read_bytes() for path in sources if path.is_file()})
    return hashlib.sha256(b"\0".join([*contents, installed().encode()])).hexdigest()


def serve(workers: int | None = None) -> None:
    """A cluster on this machine, for trying it, until it is stopped.

    workers: as many as there are processors, if not given.
    """
    workers = cores() if workers is None else workers
    if workers not in range(1, AT_ONCE_ON_A_CLUSTER + 1):
        raise WrongCallError(
            f"{workers} workers: expected a whole number from 1 to {AT_ONCE_ON_A_CLUSTER}"
        )
    import dask
    from distributed import LocalCluster

    # a request to end ends the workers too, also where a shell has begun this in the background
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    # A worker that is a daemon may have no children, and so no warm kernels.
    with (
        contextlib.suppress(KeyboardInterrupt),
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
_held: dict[str, Future] = {}  # inputs on a cluster, which lets go of what nobody holds
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
    named = {"ROOT": "project", **{name: name.lower() for name in ("STUDY", *paths.PARTS)}}
    return {f"COMPENDIUM_{name}": folders.get(place, "") for name, place in named.items()}
