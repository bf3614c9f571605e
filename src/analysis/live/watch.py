"""`make watch`: builds the book anew with each saved file, until Ctrl-C; open pages are shown as
proofs before.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

from watchfiles import Change, DefaultFilter, awatch

from analysis import paths
from analysis.engine.lock import HeldError, is_held
from analysis.engine.reads import VARIABLE
from analysis.engine.steps import path_of, read_record, records
from analysis.live.ready import Builder, Press
from analysis.live.server import News, serving
from analysis.problems import ReportedError, one_of

# What people write, in project and study: what pages show, and what makes them.
CONTENT = ("notebooks", "wording", "data/raw")
WRITTEN = (*CONTENT, "src", "book")
# The name of `tables.own.FILE`, which is not imported here, as that reads the declared tables.
DECLARED = "tables.yml"
OTHERS = ("build:", "processed:", f"{VARIABLE}:")  # inputs that nobody saves
PAUSE = 0.2  # seconds between two looks at whether somebody else still builds


class Saved(DefaultFilter):
    """Lets through what people save, not what their editors and a build leave beside it."""

    ignore_dirs = (*DefaultFilter.ignore_dirs, ".ipynb_checkpoints")
    # such numbers are how Vim tries whether it may write; #…# is what Emacs keeps of unsaved files
    ignore_entity_patterns = (
        *DefaultFilter.ignore_entity_patterns,
        r"^\.",
        r"^(4913|5036|5159)$",
        r"^#.*#$",
    )

    def __call__(self, change: Change, path: str) -> bool:
        place, made = Path(path), (paths.build(), paths.processed())
        if any(map(place.is_relative_to, made)):
            return False
        # what lies above the folder that somebody works in is called as they like
        homes = {paths.root(), paths.study(), *_named()} & {*place.parents}
        home = max(homes, key=lambda one: len(one.parts), default=place.parent)
        return super().__call__(change, str(place.relative_to(home)))


class Watch:
    """Builds as long as something is due; what is saved meanwhile is built next."""

    def __init__(self, language: str):
        self.language = language
        self.news = News()
        self.saved: set[Path] = set()
        self.builder = Builder()
        self.presses = {one: Press(one) for one in ([language] if language else paths.languages())}
        self.due, self.moved, self.ended = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.learned = asyncio.Event()
        self.folders: dict[Path, tuple[int, int]] = {}
        self.inputs = _inputs()
        self.editions = paths.languages()
        self.homes = self.find_homes()

    async def run(self) -> None:
        """Until somebody ends it."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup
                loop.add_signal_handler(number, self.end)
        with serving(self.news) as address:
            edition = f"{self.language}/" if self.language else ""  # of one there is no page above
            print(f"the report: {address}{edition} as it is saved, until Ctrl-C", flush=True)
            async with asyncio.TaskGroup() as watching:
                watching.create_task(self.notice_files())
                watching.create_task(self.notice_folders())
                try:
                    await self.build_what_is_due()
                finally:
                    self.end()

    async def build_what_is_due(self) -> None:
        """One build after the other."""
        try:
            while not self.ended.is_set():
                await self.due.wait()
                self.due.clear()
                if not self.ended.is_set():
                    await self.build()
        finally:
            await asyncio.gather(*(one.end() for one in (self.builder, *self.presses.values())))

    def end(self) -> None:
        """Somebody has pressed Ctrl-C: the build ends too, and nothing begins any more."""
        for event in (self.ended, self.moved, self.learned, self.due):
            event.set()
        for one in (self.builder, *self.presses.values()):
            one.stop()

    async def notice_files(self) -> None:
        """Sees what is saved in the folders that people write in, as far as they are there."""
        while not self.ended.is_set():
            self.moved.clear()
            self.folders = _folders()
            self.due.set()  # a build that begins when all of them are watched misses nothing
            async for changes in awatch(*self.folders, watch_filter=Saved(), stop_event=self.moved):
                self.build_soon(changes)
            # what was saved as these folders changed may be heard of by nobody
            self.saved.add(paths.root() / "src")

    async def notice_folders(self) -> None:
        """Sees what comes to lie beside these folders: one that was not there, or `study.yml`; and
        what builds have read elsewhere.
        """
        while not self.ended.is_set():
            self.learned.clear()
            self.due.set()
            async for changes in awatch(
                *self.homes, watch_filter=self.is_wanted, stop_event=self.learned, recursive=False
            ):
                self.build_soon(changes)

    def is_wanted(self, change: Change, path: str) -> bool:
        """Whether a build may read what has changed beside the folders that people write in."""
        named = _named()
        wanted = self.inputs | named | {folder.parent for folder in named}
        return Path(path) in wanted and Saved()(change, path)

    def find_homes(self) -> set[Path]:
        """The folders in which something wanted lies, or may come to lie; without those that are
        watched with all that is below them.
        """
        named = _named()
        homes = {paths.root(), paths.study(), *(path.parent for path in named | self.inputs)}
        others = {*named, paths.build(), paths.processed()}
        return {
            home
            for home in homes
            if os.access(home, os.R_OK | os.X_OK) and not any(map(home.is_relative_to, others))
        }

    def learn(self, inputs: set[Path]) -> None:
        """Watches what builds have read, too."""
        self.inputs |= inputs
        if (homes := self.find_homes()) != self.homes:
            self.homes = homes
            self.learned.set()

    def build_soon(self, changes: set[tuple[Change, str]]) -> None:
        """Something has been saved, perhaps as another folder in the place of the one watched."""
        self.saved |= {Path(path) for _, path in changes}
        self.due.set()
        if _folders() != self.folders:
            self.moved.set()

    async def build(self) -> None:
        """Builds once, and tells open pages of it; of these there are proofs before, if what was
        saved can be shown by one.
        """
        saved, self.saved = self.saved, set()
        self.news.tell(building=True)
        if any(path.is_relative_to(paths.root() / "src") for path in saved):
            await self.builder.begin()
        await self.prove(saved)
        trouble = await self.make("book", self.language)
        if self.ended.is_set():
            return
        self.news.tell(building=False, trouble=trouble, version=_version(), proofs={})
        before, self.editions = self.editions, paths.languages()
        if self.editions != before and not self.language:
            for gone in self.presses.keys() - self.editions:
                await self.presses.pop(gone).end()
            self.presses |= {new: Press(new) for new in self.editions if new not in self.presses}
        others = self.editions != before or any(_edition(path) not in before for path in saved)
        for press in self.presses.values():
            if others or not press.lives:  # it reads pages anew, and none of another edition
                await press.begin()
        self.learn(await asyncio.to_thread(_inputs))

    async def prove(self, saved: set[Path]) -> None:
        """Shows proofs of the open pages that what was saved may have changed: those of its edition
        for a page; for data, notebooks and texts all, when the notebooks have run that they show.
        If these cannot, or are gone, there is none, and the build of the book tells what is wrong.
        """
        editions = {_edition(path) for path in saved}
        if None in editions:
            return
        is_text = "" not in editions
        for language, press in self.presses.items():
            pages = self.news.pages(language) if press.runs else []
            if not pages or (is_text and language not in editions):
                continue
            runs = sorted({run for page in pages for run in press.runs.get(page, [])})
            if not is_text and await self.make("notebooks", language, runs):
                return
            proofs = await press.proofs(pages)
            self.news.tell(
                proofs=self.news.proofs
                | {f"{language}/{page}.html": proof for page, proof in proofs.items()}
            )

    async def make(self, target: str, language: str, runs: list[str] | None = None) -> str:
        """Brings a part of the report up to date; returns what is wrong with it.

        runs: only these notebooks; with none of them the tidy tables alone.
        """
        only = [f"--run={','.join(runs)}"] if runs else []
        target = "data" if runs == [] else target
        trouble = ""
        while not self.ended.is_set():
            if is_held():  # who builds beside it may not see the change
                await asyncio.sleep(PAUSE)
                continue
            if not self.builder.lives:
                await self.builder.begin()
                continue  # unless somebody has ended it meanwhile
            trouble = await self.builder.build(target, f"--language={language}", *only)
            if self.builder.status != HeldError.status:  # nobody was quicker
                break
        return trouble


def watch(language: str = "") -> int:
    """Builds the report, shows it on this machine, and does so again with each saved file.

    language: only this edition. Its exit status is 0 when somebody has ended it. Raises
    ReportedError if no port is free or the system watches no more files.
    """
    if language:
        one_of(language, paths.languages(), "language", "book")
    try:
        asyncio.run(Watch(language).run())
    except ExceptionGroup as errors:
        error = errors.exceptions[0]
        if not isinstance(error, OSError):
            raise
        advice = (
            "; on Linux the setting fs.inotify.max_user_watches says how many files the system "
            "watches"
        )
        raise ReportedError(f"{error}{advice if 'watch limit' in str(error) else ''}") from None
    print("\nended", file=sys.stderr)
    return 0


def _named(names: tuple[str, ...] = WRITTEN) -> set[Path]:
    """The folders that people write in."""
    named = {home / name for home in (paths.root(), paths.study()) for name in names}
    named |= {paths.raw(), paths.notebooks()}
    return named | ({paths.book()} if "book" in names else set())


def _folders() -> dict[Path, tuple[int, int]]:
    """These folders, as far as they are there, each with what tells it from another of its name."""
    found = {}
    for place in sorted(_named()):
        with suppress(OSError):
            status = place.stat()
            if place.is_dir():
                found[place] = status.st_dev, status.st_ino
    return found


def _inputs() -> set[Path]:
    """What steps have asked for, by its names and where links lead; and what is read before them,
    of which no record tells if something is wrong with it.
    """
    every = map(read_record, records().rglob("*.json"))
    names = {name for record in every for name in (record or {}).get("inputs", ())}
    found = {path_of(name) for name in names if not name.startswith(OTHERS)}
    found |= {paths.about(), paths.citation(), paths.root() / "dodo.py"}
    found |= {Path(os.path.realpath(path)) for path in found}
    return found - {paths.root(), paths.study()}


def _edition(path: Path) -> str | None:
    """The edition that this is a page of; empty for what all editions show; None for anything that
    a proof does not show.
    """
    if path.is_relative_to(paths.book()) and path.suffix == ".md":
        return path.relative_to(paths.book()).parts[0]
    if path == paths.raw() / DECLARED:
        return None
    return "" if any(map(path.is_relative_to, _named(CONTENT))) else None


def _version() -> str:
    """Changes with the files of the book."""
    site = paths.build() / "html"
    known = hashlib.sha256()
    found = []
    with suppress(FileNotFoundError):  # of a book that somebody else builds
        found.extend(site.rglob("*"))
    for path in sorted(found):
        with suppress(FileNotFoundError):
            status = path.stat()
            known.update(f"{path} {status.st_mtime_ns} {status.st_size}\n".encode())
    return known.hexdigest()[:16]
