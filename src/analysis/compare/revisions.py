"""A revision that Git knows, checked out below the build folder and built there."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from analysis import paths
from analysis.compare.sides import Side, side_in
from analysis.engine import processes
from analysis.files.whole import make_folder, remove_generated
from analysis.git import GitError, git
from analysis.problems import ReportedError, WrongCallError

LENGTH = 12  # of a revision's name, in digits
LOCK = "requirements.lock"
WRITTEN = ("RAW", "NOTEBOOKS", "BOOK")  # the parts of a study that people write
BOUNDS = ("JOBS", "TIMEOUT", "MEMORY")
PATIENCE = 10  # s, for a build that is told to end itself


def side_of(revision: str) -> Side:
    """The study as it was in a revision, with its results, which are made by that revision itself:
    its own code and, where they were others, its own packages.

    What is checked out and built stays, so that it is there the next time. Raises WrongCallError
    if there is no such revision, or parts of the study lie elsewhere; ReportedError if the study
    was not in it.
    """
    study = paths.study()
    if elsewhere := [name for name in WRITTEN if paths.is_elsewhere(name)]:
        raise WrongCallError(
            f"WITH={revision} is compared with the study in {paths.shown(study)}, and "
            f"{' and '.join(f'{name}=' for name in elsewhere)} would take another in its place; "
            "expected STUDY= alone, or a folder as WITH="
        )
    unknown = f"WITH={revision} is neither a folder nor a revision that Git knows here"
    top = Path(_git(study, "rev-parse", "--show-toplevel", otherwise=unknown).decode().strip())
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    name = _git(study, *asked, otherwise=unknown).decode().strip()[:LENGTH]
    folder = _checked_out(top, name)
    there = folder / study.relative_to(top)
    if not (there / "data/raw").is_dir():
        raise ReportedError(f"{revision}: the study {paths.shown(study)} is not in this revision")
    built, side = _build(folder, there, top), side_in(there, name)
    # what only some notebooks have made would let the others look as if they were new
    return side if built else replace(side, results={})


def _git(folder: Path, *command: str, otherwise: str = "") -> bytes:
    try:
        return git(folder, *command, knows="revisions; WITH= may name a folder")
    except GitError as error:
        raise WrongCallError("; ".join(filter(None, (otherwise, str(error))))) from None


def _checked_out(top: Path, name: str) -> Path:
    """The folder with all files of a revision, whole or not there."""
    folder = paths.build() / "revisions" / name
    if not folder.is_dir():
        partial = folder.with_name(f"{name}.partial")
        remove_generated(partial)
        make_folder(partial)
        # As Git itself checks it out, with its links; Python 3.11.0 to 3.11.3 knows no filters.
        safely = {"filter": "tar"} if hasattr(tarfile, "tar_filter") else {}
        with tarfile.open(fileobj=io.BytesIO(_git(top, "archive", "--format=tar", name))) as files:
            files.extractall(partial, **safely)
        partial.replace(folder)
    return folder


def _build(folder: Path, study: Path, top: Path) -> bool:
    """Brings the results of a revision up to date, or says why there are none; returns whether it
    did. What the build says is kept beside it.

    Its own machine builds it, with the packages of this one if it is pinned to the same. A study
    in a repository of its own, without a machine, is built by this one.
    """
    ours = paths.root()
    machine = folder / ours.relative_to(top) if ours.is_relative_to(top) else ours
    told = {name: os.environ.get(f"COMPENDIUM_{name}", "") for name in BOUNDS}
    told["STUDY"] = os.path.relpath(study, machine) if study != machine else ""
    told = {name: value for name, value in told.items() if value}
    settings = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("COMPENDIUM_") and name != "PYTHONPATH"
    }
    if _same_packages(machine):
        how = "with its own code"
        command = [sys.executable, "-m", "analysis", "build", "notebooks"]
        settings |= {f"COMPENDIUM_{name}": value for name, value in told.items()}
        settings |= {"PYTHONPATH": str(machine / "src"), processes.PARENT: str(os.getpid())}
    else:
        how = "with its own code and packages"
        command = ["make", "notebooks", *(f"{name}={value}" for name, value in told.items())]
    log = folder.with_suffix(".log")
    print(
        f"building {folder.name} {how}, which can take minutes; see {paths.shown(log)}", flush=True
    )
    with log.open("wb") as said, _stopping_on_signals():
        build = subprocess.Popen(
            command, cwd=machine, env=settings, stdout=said, stderr=said, start_new_session=True
        )
        try:
            status = build.wait()
        finally:
            _end(build)
    if status:
        last = [line for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
        print(
            f"{folder.name} does not build here: {last[-1] if last else command}", file=sys.stderr
        )
    return not status


@contextlib.contextmanager
def _stopping_on_signals() -> Iterator[None]:
    """Lets Ctrl-C, or a request to end, end this process by way of all that has to be ended first;
    afterwards they do what they did before.
    """

    def stop(number: int, _frame) -> None:
        print("\nstopped", file=sys.stderr, flush=True)
        raise SystemExit(128 + number)

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    heard = [number for number in numbers if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, stop) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(build: subprocess.Popen) -> None:
    """Lets a build that goes on end itself, as it removes what is passing; soon it is ended."""
    try:
        if build.poll() is None:
            os.killpg(build.pid, signal.SIGTERM)
            build.wait(PATIENCE)
    except (subprocess.TimeoutExpired, ProcessLookupError, PermissionError):
        pass
    finally:
        processes.end(build.pid)


def _same_packages(machine: Path) -> bool:
    """Whether a machine is pinned to what this one is pinned to."""
    own, ours = (folder / LOCK for folder in (machine, paths.root()))
    return own.is_file() and own.read_bytes() == ours.read_bytes()
