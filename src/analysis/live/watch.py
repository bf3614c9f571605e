"""`make watch`: builds the book anew with each saved file, until Ctrl-C."""

from __future__ import annotations

import asyncio
import hashlib
import signal
import sys
from pathlib import Path
from typing import TextIO

from watchfiles import DefaultFilter, awatch

from analysis import paths
from analysis.live.server import News, serving
from analysis.problems import ReportedError, one_of

WRITTEN = ("src", "notebooks", "book", "wording", "data/raw")  # by people, in project and study


class Saved(DefaultFilter):
    """Lets through what people save, not what their editors and a build leave beside it."""

    ignore_dirs = (*DefaultFilter.ignore_dirs, ".ipynb_checkpoints")
    ignore_entity_patterns = (*DefaultFilter.ignore_entity_patterns, r"^\.")

    def __init__(self):
        super().__init__(ignore_paths=[paths.build(), paths.processed()])


class Watch:
    """Builds as long as something is due; what is saved meanwhile is built next."""

    def __init__(self, language: str):
        self.command = [sys.executable, "-m", "analysis", "build", "book", f"--language={language}"]
        self.news = News()
        self.due, self.moved, self.ended = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.folders: list[Path] = []
        self.process: asyncio.subprocess.Process | None = None

    async def run(self) -> None:
        """Until somebody ends it."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.end)
        with serving(self.news) as address:
            print(f"the report: {address} as it is saved, until Ctrl-C", flush=True)
            async with asyncio.TaskGroup() as watching:
                watching.create_task(self.notice_files())
                watching.create_task(self.notice_folders())
                try:
                    await self.build_what_is_due()
                finally:
                    self.end()

    async def build_what_is_due(self) -> None:
        """One build after the other."""
        while not self.ended.is_set():
            await self.due.wait()
            self.due.clear()
            if not self.ended.is_set():
                await self.build()

    def end(self) -> None:
        """Somebody has pressed Ctrl-C: the build ends too, and nothing begins any more."""
        for event in (self.ended, self.moved, self.due):
            event.set()
        if self.process and self.process.returncode is None:
            self.process.send_signal(signal.SIGINT)

    async def notice_files(self) -> None:
        """Sees what is saved in the folders that people write in, as far as they are there."""
        while not self.ended.is_set():
            self.moved.clear()
            self.folders = _folders()
            self.due.set()  # a build that begins when all of them are watched misses nothing
            async for _ in awatch(*self.folders, watch_filter=Saved(), stop_event=self.moved):
                self.due.set()

    async def notice_folders(self) -> None:
        """Sees what comes to lie beside these folders: one that was not there, or `study.yml`."""
        homes = {paths.root(), paths.study()}
        async for _ in awatch(*homes, watch_filter=Saved(), stop_event=self.ended, recursive=False):
            self.due.set()
            if _folders() != self.folders:
                self.moved.set()

    async def build(self) -> None:
        """Builds once, and tells open pages of it."""
        self.news.tell(building=True)
        self.process = await asyncio.create_subprocess_exec(
            *self.command,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        said, trouble = await asyncio.gather(
            _passed(self.process.stdout, sys.stdout), _passed(self.process.stderr, sys.stderr)
        )
        status = await self.process.wait()
        if not self.ended.is_set():
            trouble = (trouble or said) if status else ""
            self.news.tell(building=False, trouble=trouble.strip(), version=_version())


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
        if not isinstance(errors.exceptions[0], OSError):
            raise
        raise ReportedError(
            f"{errors.exceptions[0]}; on Linux the setting fs.inotify.max_user_watches says how "
            "many files the system watches"
        ) from None
    print("\nended", file=sys.stderr)
    return 0


def _folders() -> list[Path]:
    """The folders that people write in, as far as they are there."""
    named = {home / name for home in (paths.root(), paths.study()) for name in WRITTEN}
    named |= {paths.raw(), paths.notebooks(), paths.book()}
    return sorted(place for place in named if place.is_dir())


def _version() -> str:
    """Changes with the files of the book."""
    site = paths.build() / "html"
    known = hashlib.sha256()
    for path in sorted(site.rglob("*")):
        status = path.stat()
        known.update(f"{path} {status.st_mtime_ns} {status.st_size}\n".encode())
    return known.hexdigest()[:16]


async def _passed(stream: asyncio.StreamReader, to: TextIO) -> str:
    """What a build says, passed on as it is said."""
    said = b""
    while part := await stream.read(65536):
        to.write(part.decode("utf-8", "replace"))
        to.flush()
        said += part
    return said.decode("utf-8", "replace")
