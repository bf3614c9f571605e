"""One step of the pipeline: what it read and wrote last time, and whether that still holds.

A step's inputs are what it used: every project file it opened, the lock file, the Python version, its settings. They are
recorded while it runs and compared by content, so nothing needs declaring and touching a file changes nothing.
"""

from __future__ import annotations

import functools
import hashlib
import json
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from analysis import paths
from analysis.execution.reads import recorded

RECORDS = paths.BUILD / "deps"
TABLES = RECORDS / "tables"  # tables as steps read them, by digest, to say later which rows have changed
ABSENT = "absent"
# Longest first: a file belongs to the innermost folder it lies in.
PLACES = sorted({"raw": paths.RAW, "processed": paths.PROCESSED, "book": paths.BOOK, "build": paths.BUILD, "project": paths.ROOT}.items(),
                key=lambda place: -len(str(place[1])))  # fmt: skip
# Below the build folder only what notebooks published is an input; the rest is the pipeline's own.
INPUTS_IN_BUILD = {"figures", "tables", "values", "notebooks"}


@dataclass(frozen=True)
class Change:
    """Why a step is due: an input or output that is not as it was."""

    what: str
    was: str
    now: str

    def __str__(self) -> str:
        return f"{self.what}: {self.was[:12]} → {self.now[:12]}" if self.was else self.what


@dataclass(frozen=True)
class Step:
    """name: `notebooks/de/roles`. action: does the work in the folder it is given, noting its reads there; False if it failed.

    outputs: the files it wrote. sources: files that the pipeline itself reads for it. settings: what else it depends on.
    """

    name: str
    action: Callable[[Path], bool]
    outputs: Callable[[], Iterable[Path]]
    sources: tuple[Path, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def record(self) -> Path:
        """The file that remembers the last successful run."""
        return RECORDS / f"{self.name}.json"

    def run(self) -> bool:
        """Does the work and remembers what it used; False if it failed."""
        work = paths.RUNNING / self.name
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        self.record.unlink(missing_ok=True)
        began = time.time_ns()
        try:
            return self.action(work) and self._remember(work, began)
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def _remember(self, work: Path, began: int) -> bool:
        outputs = {name_of(path): digest(path) for path in self.outputs()}
        used = {name_of(path): path for path in {*recorded(work / "reads"), *self.sources} if _is_input(path)}
        # A file that changed while the step ran was perhaps read before the change: the step is due again.
        inputs = {name: ABSENT + " while read" if _changed_since(path, began) else digest(path) for name, path in used.items() if name not in outputs}
        content = {"settings": self._settings(), "inputs": inputs, "outputs": outputs}
        (work / "record").write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", "utf-8")
        for folder in (self.record.parent, TABLES):
            folder.mkdir(parents=True, exist_ok=True)
        for name, now in inputs.items():
            if name.endswith(".csv") and not now.startswith(ABSENT) and not (TABLES / now).exists():
                shutil.copyfile(used[name], work / "table")
                (work / "table").replace(TABLES / now)
        (work / "record").replace(self.record)
        return True

    def changes(self, foreseen: Mapping[str, str] | None = None) -> list[Change]:
        """Why the step has to run; empty if everything is as it left it.

        foreseen: digests that files will have once the steps before this one have run.
        """
        if not self.record.is_file():
            return [Change("never run, or failed", "", "")]
        last = json.loads(self.record.read_text("utf-8"))
        foreseen = foreseen or {}
        now = {
            "settings": self._settings(),
            "inputs": {name: foreseen.get(name) or digest(path_of(name)) for name in last["inputs"]},
            "outputs": {name: digest(path_of(name)) for name in last["outputs"]},
        }
        return [
            Change(name, last[kind].get(name, ABSENT), now[kind].get(name, ABSENT))
            for kind in ("settings", "inputs", "outputs")
            for name in sorted({*last[kind], *now[kind]})
            if last[kind].get(name) != now[kind].get(name)
        ]

    def is_current(self) -> bool:
        """Nothing it used or made has changed."""
        return not self.changes()

    def _settings(self) -> dict[str, str]:
        version = ".".join(map(str, sys.version_info[:3]))
        return {**self.settings, "python": version, "requirements.lock": digest(paths.ROOT / "requirements.lock")}


def clear_unfinished() -> None:
    """Removes what a build that was stopped has left half-done."""
    shutil.rmtree(paths.RUNNING, ignore_errors=True)
    for folder in (paths.PROCESSED, paths.BUILD / "html", RECORDS):
        for partial in folder.glob("*.partial"):
            partial.unlink(missing_ok=True)


def forget_old_tables() -> None:
    """Removes the kept tables that no record names any more."""
    records = (json.loads(record.read_text("utf-8")) for record in RECORDS.rglob("*.json"))
    named = {digest for record in records for digest in record.get("inputs", {}).values()}
    for table in TABLES.glob("*"):
        if table.name not in named:
            table.unlink(missing_ok=True)


def name_of(path: Path) -> str:
    """A file's name in records, the same wherever the project lies: `processed:facts.csv`."""
    for place, folder in PLACES:
        if path.is_relative_to(folder):
            return f"{place}:{path.relative_to(folder).as_posix()}"
    return str(path)


def path_of(name: str) -> Path:
    """The file behind a name in records."""
    place, _, rest = name.partition(":")
    return dict(PLACES)[place] / rest


@functools.cache
def _digest(path: Path, *_stat: int) -> str:
    content = "\n".join(sorted(_listed(path))).encode() if path.is_dir() else path.read_bytes()
    return hashlib.sha256(content).hexdigest()


def digest(path: Path) -> str:
    """SHA-256 of a file's content or of a folder's listing; `absent` if there is neither."""
    try:
        stat = path.stat()
    except OSError:
        return ABSENT
    return _digest(path, stat.st_mtime_ns, stat.st_size, stat.st_ino)


def _listed(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir() if entry.name not in ("__pycache__", ".ipynb_checkpoints")]


def _is_input(path: Path) -> bool:
    if path.is_relative_to(paths.BUILD) and not path.is_relative_to(paths.PROCESSED):
        return len(path.relative_to(paths.BUILD).parts) > 1 and path.relative_to(paths.BUILD).parts[1] in INPUTS_IN_BUILD
    return ".git" not in path.parts and "__pycache__" not in path.parts


def _changed_since(path: Path, moment: int) -> bool:
    return path.is_file() and path.stat().st_mtime_ns > moment
