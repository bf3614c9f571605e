"""What travels between a build and the workers of a cluster: the inputs of a run, what it has made,
and what it has read by names that mean the same on both sides.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import os
import sys
import tempfile
import threading
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from analysis import paths
from analysis.engine.folders import is_build_folder
from analysis.engine.reads import Reads
from analysis.engine.states import ABSENT, digest, kind, signature
from analysis.engine.steps import CHANGED, CONTENT, WITHHELD, places, read_record, records
from analysis.raw.withheld import is_of_identities
from analysis.tables import RAW
from analysis.tables.own import FILE as OWN_TABLES
from analysis.tables.study import IDENTITIES

PROJECTS = 2  # whose inputs a worker keeps
_lock = threading.Lock()


def inputs() -> bytes:
    """All inputs as a zip file, laid out as on a worker; made anew when one of them changes."""
    with _lock:
        return _zipped(
            tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in _files())
        )


@functools.lru_cache(maxsize=1)
def _zipped(listing: tuple[tuple[Path, int, int], ...]) -> bytes:
    laid_out = layout()
    named = []
    for path, *_ in listing:
        place, folder = next(
            (place, folder) for place, folder in places().items() if path.is_relative_to(folder)
        )
        named.append((path, f"{laid_out[place]}/{path.relative_to(folder).as_posix()}"))
    return zipped([*_telling_nobody(named)])


def _telling_nobody(named: list[tuple[Path, str]]) -> Iterator[tuple[Path, str]]:
    """The files in which nobody can be recognised who is not named; others stay here, and that is
    said.
    """
    recognised = None
    if (paths.raw() / IDENTITIES.file).exists():
        from analysis.raw.identities import read_recognised  # loads much

        recognised = read_recognised(paths.raw())
    for path, name in named:
        told = recognised and next(recognised.leaks([(path, paths.shown(path))]), None)
        if told:
            print(f"note: {told}; the file stays here", file=sys.stderr)
        else:
            yield path, name


def zipped(files: list[tuple[Path, str]]) -> bytes:
    """Files as a zip file, by these names and without their dates."""
    content = io.BytesIO()
    with zipfile.ZipFile(
        content, "w", zipfile.ZIP_DEFLATED, compresslevel=1, strict_timestamps=False
    ) as archive:
        for path, name in files:
            # whatever bytes a system has for a name
            member = zipfile.ZipInfo(quote(os.fsencode(name)))
            archive.writestr(member, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return content.getvalue()


def unpack(content: bytes, folder: Path) -> None:
    """Lays the files of a zip file out in a folder; none of an empty one."""
    if content:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                member.filename = os.fsdecode(unquote_to_bytes(member.filename))
                archive.extract(member, folder)


def layout() -> dict[str, str]:
    """Where each place lies below the folder that a worker makes for the project: nested as it is
    here, but parts of the study that are links where these lie, as workers would take them for
    parts from elsewhere.
    """
    found: dict[str, str] = {}
    here = places() | {
        name.lower(): paths.study() / part
        for name, part in paths.PARTS.items()
        if not paths.is_elsewhere(name)
    }
    for place, path in sorted(here.items(), key=lambda one: len(str(one[1]))):  # outer ones first
        outer = [(o, here[o]) for o in found if path.is_relative_to(here[o])]
        found[place] = (
            f"{found[outer[-1][0]]}/{path.relative_to(outer[-1][1]).as_posix()}" if outer else place
        )
    return found


def _files() -> Iterator[Path]:
    """Every file of the project, its data and its pages; of what is generated
    only the processed tables. What people could be recognised by stays here, and so do raw tables
    of other studies, and all of this one if something in them may not be shown.
    """
    known = places().values()
    tops = [
        path
        for path in known
        if not any(path != other and path.resolve().is_relative_to(other) for other in known)
    ]
    tidy, told = paths.processed(), read_record(records() / "data.json")
    withheld = told is None or WITHHELD in told
    for top in tops:
        for folder, folders, files in os.walk(top):
            here = Path(folder)
            if _is_made(here):
                folders[:], files = [name for name in folders if here / name == tidy], []
            elif _is_raw(here) and (withheld or here != paths.raw()):
                folders[:], files = [], [name for name in files if name == OWN_TABLES]
            folders[:] = sorted(
                name for name in folders if not name.startswith(".") and name != "__pycache__"
            )
            named = (
                here / name
                for name in sorted(files)
                if not name.startswith(".") and not name.endswith(".partial")
            )
            # not a link that leads nowhere
            yield from (
                path for path in named if path.is_file() and not is_of_identities(str(path))
            )


def _is_made(folder: Path) -> bool:
    """Whether it is a build folder, this one's or another, perhaps with drafts alone; one that
    something lies in which is made by hand only looks like one.
    """
    by_hand = (path for place, path in places().items() if place not in ("build", "processed"))
    is_usual = folder.name == "build" and (folder.parent / paths.PARTS["RAW"]).is_dir()
    return folder == paths.build() or (
        (is_usual or is_build_folder(folder))
        and not any(path.is_relative_to(folder) for path in by_hand)
    )


def _is_raw(folder: Path) -> bool:
    """Whether it has raw tables, of this study or another. Tidy ones have the names of some."""
    return folder == paths.raw() or (
        folder not in places().values()
        and any((folder / table.file).is_file() for table in RAW.values())
    )


_projects: dict[str, tempfile.TemporaryDirectory] = {}  # the last used comes last
_at_work: Counter[str] = Counter()  # runs in each


@contextlib.contextmanager
def project(packed: bytes, own: str) -> Iterator[Path]:
    """On a worker: the folder with the inputs, unpacked once for all runs sent the same. The last
    few are kept, and those that a run is at work in.

    own: the worker's folder, which Dask deletes with it, also after it was killed.
    """
    content = hashlib.sha256(packed).hexdigest()
    with _lock:
        folder = _projects.pop(content, None)
        if folder is None:
            folder = tempfile.TemporaryDirectory(prefix="compendium-", dir=own)
            unpack(packed, Path(folder.name))
        _projects[content] = folder
        _at_work[content] += 1
    try:
        yield Path(os.path.realpath(folder.name))  # as files in it are noted
    finally:
        with _lock:
            _at_work[content] -= 1
            for old in [old for old in [*_projects][:-PROJECTS] if not _at_work[old]]:
                _projects.pop(old).cleanup()


def name_of(path: Path, project: Path, layout: dict[str, str]) -> str:
    """A worker's file in the terms of `steps.name_of`."""
    inside = sorted(
        (project / there, place)
        for place, there in layout.items()
        if path.is_relative_to(project / there)
    )
    there, place = max(inside, key=lambda pair: len(str(pair[0])))
    return f"{place}:{path.relative_to(there).as_posix()}"


def keep_inside(reads: Reads, project: Path, layout: dict[str, str]) -> Reads:
    """Without what is outside the places of the project, which is a worker's own; it says that this
    was read.
    """
    known = [project / there for there in layout.values()]
    for noted in (reads.read, reads.asked):
        for path in [path for path in noted if not any(map(path.is_relative_to, known))]:
            del noted[path]
            reads.started.add("files of a worker")
    return reads


def settle(reads: Reads) -> Reads:
    """With the contents that were read in place of signatures, which are of this machine; a listing
    was that of what was sent.
    """
    for path, seen in reads.read.items():
        same = (
            {CONTENT + digest(path)} if path.is_file() else {ABSENT} if not path.exists() else set()
        )
        reads.read[path] = same if seen <= {signature(path)} else {CHANGED}
    for path, seen in reads.asked.items():
        reads.asked[path] = (
            {CHANGED} if seen != {kind(path)} else set() if path.exists() else {ABSENT}
        )
    return reads


def write_renamed(notes: Path, reads: Reads, renamed: Callable[[Path], Path]) -> None:
    """Notes what a run has read under other names."""
    reads.read = {renamed(path): seen for path, seen in reads.read.items()}
    reads.asked = {renamed(path): seen for path, seen in reads.asked.items()}
    notes.write_text("".join(f"{line}\n" for line in reads.lines()), "utf-8")
