"""One step of the pipeline: what it read and wrote last time, and whether that still holds.

A step's inputs are what it used: every project file it opened, listed or asked for, what is
installed, its settings. They are recorded while it runs and compared by content, so nothing needs
declaring and touching a file changes nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from analysis import paths
from analysis.engine.installed import installed
from analysis.engine.processes import going_on, steady
from analysis.engine.reads import CANARY, VARIABLE, Reads, recorded
from analysis.engine.runs import ENDINGS
from analysis.engine.states import (
    ABSENT,
    NEITHER,
    UNREADABLE,
    digest,
    is_digest,
    is_passing,
    kind,
    signature,
)
from analysis.files.whole import make_folder, move_whole, remove_generated, restore
from analysis.problems import ReportedError, said

CHANGED = "changed while the step ran"
# In the folder of a step: it read raw tables of which something may not be shown.
WITHHELD = "withheld"
CONTENT = "content "  # before a digest that a worker elsewhere saw, in place of a signature
# The folders that files are named by in records.
PLACES = {
    "raw": paths.raw,
    "processed": paths.processed,
    "notebooks": paths.notebooks,
    "book": paths.book,
    "build": paths.build,
    "project": paths.root,
    "study": paths.study,
}
# Below the build folder only what notebooks published is an input; the rest is the pipeline's own.
INPUTS_IN_BUILD = {*ENDINGS}


def records() -> Path:
    """Where steps keep what they have read and made."""
    return paths.build() / "deps"


def durations() -> Path:
    """How long each step took when it last ran; kept by `progress`."""
    return records() / "seconds.json"


def tables() -> Path:
    """Tables as steps read them, by digest, to say later which rows have changed."""
    return records() / "tables"


def places() -> dict[str, Path]:
    """Where these folders are, longest first: a file belongs to the innermost one it lies in. What
    lies in a study that is the project belongs to the project.
    """
    named = {name: place() for name, place in PLACES.items()}
    if named["study"] == named["project"]:
        del named["study"]
    return dict(sorted(named.items(), key=lambda place: -len(str(place[1]))))


@dataclass(frozen=True)
class Change:
    """Why a step is due: an input or output that is not as it was."""

    what: str
    was: str
    now: str

    def __str__(self) -> str:
        return f"{self.what}: {_short(self.was)} → {_short(self.now)}" if self.was else self.what


@dataclass(frozen=True)
class Step:
    """name: `notebooks/de/roles`. action: does the work in the folder it is given, noting its reads
    there; False if it failed.

    outputs: the files and folders it wrote. sources: what the pipeline itself reads for it.
    settings: what else it depends on. declared: what it says itself that it reads, in programs that
    cannot be looked into; None if it says nothing.
    """

    name: str
    action: Callable[[Path], bool]
    outputs: Callable[[], Iterable[Path]]
    sources: Callable[[], Mapping[Path, str]] = dict
    settings: dict[str, str] = field(default_factory=dict)
    declared: Callable[[], list[Path] | None] = lambda: None

    @property
    def record(self) -> Path:
        """The file that remembers the last successful run."""
        return records() / f"{self.name}.json"

    def run(self) -> bool:
        """Does the work and remembers what it used; False if it failed."""
        work = paths.running() / self.name
        try:
            with going_on:
                remove_generated(work)
                make_folder(work)
            remove_generated(self.record)
            declared = self.declared()
            # Before it begins: what is changed while it runs was perhaps read before.
            before = {**self.sources(), **{path: signature(path) for path in declared or ()}}
            return self.action(work) and self._remember(work, before, declared is not None)
        except (OSError, ReportedError) as error:  # no room, or a plan that is wrong meanwhile
            with going_on:
                print(f"{self.name}: {said(error)}", file=sys.stderr)
            return False
        finally:
            with going_on:
                shutil.rmtree(work, ignore_errors=True)

    def _remember(self, work: Path, before: Mapping[Path, str], declared: bool) -> bool:
        reads = recorded(work / "reads")
        for path, seen in before.items():
            reads.read.setdefault(path, set()).add(seen)
        outputs = {name_of(path): digest(path) for path in self.outputs()}
        inputs = {name: state for name, state in _inputs(reads).items() if name not in outputs}
        inputs |= {f"{VARIABLE}:{name}": _variable(name) for name in reads.variables}
        if name_of(paths.root() / CANARY) not in inputs:
            print(
                f"{self.name}: what it reads is not seen, or {CANARY} would be among it; so "
                "nothing could tell when it is due again. Its results are not used. Is the package "
                f"imported from another folder than {paths.root()}?",
                file=sys.stderr,
            )
            return False
        from analysis.raw.withheld import is_of_identities  # loads what only some builds need

        unseen = [] if declared else sorted(reads.started)
        content = {
            "settings": self._settings(),
            "inputs": inputs,
            "outputs": outputs,
            "unseen": unseen,
        }
        if withheld := (work / WITHHELD).exists():
            content[WITHHELD] = True
        hides = withheld or (read_record(records() / "data.json") or {}).get(WITHHELD)
        for name, state in inputs.items():
            if (hides and name.startswith("raw:")) or is_of_identities(name):
                remove_generated(tables() / state)
            elif name.endswith(".csv") and is_digest(state):
                _keep(path_of(name), state, work)
        _keep(None, content["settings"]["packages"], work)
        (work / "record").write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", "utf-8")
        move_whole(work / "record", self.record)
        return True

    def changes(self, foreseen: Mapping[str, str] | None = None) -> list[Change]:
        """Why the step has to run; empty if everything is as it left it.

        foreseen: digests that the processed tables will have once the steps
        before this one have run.
        """
        last = read_record(self.record)
        if last is None:
            return [Change("never run, or failed", "", "")]
        folders = {place: str(folder) for place, folder in places().items()}
        there = {_place_of(name, folders) for name in last["outputs"]}
        added = {name_of(path) for path in self.outputs() if str(path) not in there}
        now = {
            "settings": self._settings(),
            "inputs": {
                name: _now(name, was, folders, foreseen or {})
                for name, was in last["inputs"].items()
            },
            "outputs": {
                name: digest(_place_of(name, folders)) for name in {*last["outputs"], *added}
            },
        }
        return [
            Change(name, last[part].get(name, ABSENT), now[part].get(name, ABSENT))
            for part in ("settings", "inputs", "outputs")
            for name in sorted({*last[part], *now[part]})
            if last[part].get(name) != now[part].get(name)
        ]

    def is_current(self) -> bool:
        """Nothing it used or made has changed."""
        return not self.changes()

    def unseen(self) -> list[str]:
        """Programs and libraries that it used and that may have read files nobody saw."""
        return (read_record(self.record) or {}).get("unseen", [])

    def _settings(self) -> dict[str, str]:
        return {**self.settings, "packages": hashlib.sha256(installed().encode()).hexdigest()}


def read_record(path: Path) -> dict | None:
    """What a step's last run has left, by part; None if there is no such
    record, or not a whole one.
    """
    record = read_json(path)
    try:
        parts = [record[part] for part in ("settings", "inputs", "outputs")]
        unseen = [*record["unseen"]]
    except (KeyError, TypeError):
        return None
    whole = all(
        isinstance(part, dict) and all(isinstance(state, str) for state in part.values())
        for part in parts
    )
    return record if whole and all(isinstance(name, str) for name in unseen) and parts[1] else None


def read_json(path: Path) -> object:
    """What a file of the build's own holds; None if there is none, or not a whole one."""
    try:  # a pipe would never end
        return json.loads(path.read_text("utf-8")) if path.is_file() else None
    except (OSError, ValueError, RecursionError):
        return None


def clear_unfinished() -> None:
    """Removes what a build that was stopped has left half-done, and mends what it
    was about to put in place.
    """
    for last in paths.running().glob("book/*/last"):
        restore(paths.build() / "html" / last.parent.name, last)
    remove_generated(paths.running())
    build = paths.build()
    for folder in (paths.processed(), build, build / "html", build / "revisions", records()):
        for partial in folder.glob("*.partial"):
            remove_generated(partial)


def forget_old_tables() -> None:
    """Removes the kept tables that no record names any more."""
    last = [record for path in records().rglob("*.json") if (record := read_record(path))]
    named = {
        state
        for record in last
        for part in ("inputs", "settings")
        for state in record[part].values()
    }
    for table in tables().glob("*"):
        if table.name not in named:
            remove_generated(table)


def kept(state: str) -> Path | None:
    """The table, or the list of packages, that had this digest; None if it
    was not kept, or not well.
    """
    return tables() / state if is_digest(state) and digest(tables() / state) == state else None


def name_of(path: Path) -> str:
    """A file's name in records, the same wherever the project lies: `processed:facts.csv`."""
    for place, folder in places().items():
        if path.is_relative_to(folder):
            return f"{place}:{path.relative_to(folder).as_posix()}"
    return str(path)


def path_of(name: str) -> Path:
    """The file behind a name in records."""
    return Path(_place_of(name, places()))


def _place_of(name: str, folders: Mapping[str, str | Path]) -> str:
    """The same as text, which thousands of names need not be made a path for."""
    place, _, rest = name.partition(":")
    if place not in folders:
        return name
    return str(folders[place]) if rest == "." else f"{folders[place]}/{rest}"


def _inputs(reads: Reads) -> dict[str, str]:
    """Every input with its state, or that it has changed since it was first seen."""
    inputs = {}
    for noted, state_of in ((reads.asked, kind), (reads.read, digest)):
        for path, seen in noted.items():
            if _is_input(path, was_read=noted is reads.read):
                state = state_of(path)
                same = {signature(path) if noted is reads.read else state, CONTENT + state}
                inputs[name_of(path)] = state if seen <= same else CHANGED
    return inputs


def _now(name: str, was: str, folders: Mapping[str, str], foreseen: Mapping[str, str]) -> str:
    """The state of an input that was in another one: as a content if it was read, as a
    kind if it was asked for.
    """
    if foreseen and name.startswith("processed:") and not name.endswith(":."):
        state = foreseen.get(name, ABSENT)
        return state if state == ABSENT or is_digest(was) or was == ABSENT else "file"
    if name.startswith(f"{VARIABLE}:"):
        return _variable(name.partition(":")[2])
    path = _place_of(name, folders)
    was_read = is_digest(was) or was in (ABSENT, UNREADABLE, NEITHER)
    return digest(path) if was_read else kind(path)


def _variable(name: str) -> str:
    """The state of a variable of the environment, as notebooks find it; nobody may read its value
    in a record.
    """
    value = steady(os.environ).get(name)
    return ABSENT if value is None else hashlib.sha256(os.fsencode(value)).hexdigest()


def _is_input(path: Path, *, was_read: bool) -> bool:
    place, _, rest = name_of(path).partition(":")
    parts = Path(rest).parts
    if place == "build":
        return is_published(path)
    # Such folders are gone through with all others; a file in one is only read by who means it.
    return not any(map(is_passing, parts)) or (
        was_read and "__pycache__" not in parts and not path.is_dir()
    )


def is_published(path: Path) -> bool:
    """Whether it lies where runs leave what they publish."""
    place, _, rest = name_of(path).partition(":")
    parts = Path(rest).parts
    return (
        place == "build"
        and len(parts) > 1
        and parts[1] in INPUTS_IN_BUILD
        and not {paths.running(), records()}.intersection(path.parents)
    )


def _keep(path: Path | None, state: str, work: Path) -> None:
    """Keeps a table, or else the list of packages, under its digest."""
    if kept(state) is None:
        if path:
            shutil.copyfile(path, work / "kept")
        else:
            (work / "kept").write_text(installed(), "utf-8")
        move_whole(work / "kept", tables() / state)


def _short(state: str) -> str:
    return state[:12] if is_digest(state) else state
