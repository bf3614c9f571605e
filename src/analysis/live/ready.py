"""Processes beside a watch that have loaded what their work needs, and stay: one that builds, and
one for each edition that makes page proofs.
"""

from __future__ import annotations

import asyncio
import codecs
import json
import os
import re
import signal
import sys
from contextlib import suppress
from typing import TextIO

from analysis.engine.processes import steady

LONGEST = 2**28  # bytes of an answer: all pages that are open in an edition
PATIENCE = 15  # seconds; then the book is built without
ENDED = "the process that builds was ended, perhaps for want of memory; save a file to build again"
END = re.compile(rb"\0(-?\d+)\n\Z")  # of what a build says: its exit status


class Ready:
    """A process that stands ready: a line of its input, in JSON, is what it has to do."""

    complaints = asyncio.subprocess.PIPE

    def __init__(self, *command: str):
        self.command = (sys.executable, "-m", "analysis", *command)
        self.process: asyncio.subprocess.Process | None = None

    async def begin(self) -> None:
        """Loads anew what it needs."""
        await self.end()
        self.process = await asyncio.create_subprocess_exec(
            *self.command,
            env=steady(os.environ),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=self.complaints,
            limit=LONGEST,
            start_new_session=True,
        )

    def ask(self, what: object) -> None:
        """Gives it something to do; if it has ended, nothing is done."""
        with suppress(ConnectionError):
            self.process.stdin.write(json.dumps(what).encode() + b"\n")

    def stop(self) -> None:
        """Ends the process, if there is one, which removes what it has made."""
        if self.lives:
            with suppress(ProcessLookupError, PermissionError):  # it is ending
                os.killpg(self.process.pid, signal.SIGTERM)  # and the fork that is at work

    @property
    def lives(self) -> bool:
        """Whether there is a process."""
        return self.process is not None and self.process.returncode is None

    async def end(self) -> None:
        """Returns when there is no process any more."""
        self.stop()
        if self.process:
            await self.process.wait()


class Press(Ready):
    """Makes proofs of the pages of one edition, as soon as it has read them."""

    complaints = asyncio.subprocess.DEVNULL  # what is wrong with pages the build tells

    def __init__(self, language: str):
        super().__init__("proofs", language)
        self.first: asyncio.Task | None = None

    async def begin(self) -> None:
        await super().begin()
        self.first = asyncio.create_task(self.process.stdout.readline())

    async def end(self) -> None:
        await super().end()
        if self.first:
            await self.first

    @property
    def runs(self) -> dict[str, list[str]]:
        """The runs of notebooks that each page shows something of; nothing as long as it reads."""
        told = self.first.result() if self.first and self.first.done() else b""
        with suppress(ValueError):  # it has ended before, or says something else
            return json.loads(told)
        return {}

    async def proofs(self, pages: list[str]) -> dict[str, str]:
        """The HTML of these pages by name, as they are saved; none as long as it reads, and of none
        that is not as it should be.
        """
        if not self.runs:
            return {}
        self.ask(pages)
        with suppress(ValueError):  # it has ended; then there is no answer, or half of one
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    return json.loads(await self.process.stdout.readline())
            self.stop()
        return {}


class Builder(Ready):
    """Brings parts of the report up to date."""

    def __init__(self):
        super().__init__("builds")
        self.status: int | None = None  # of the last build

    async def build(self, *arguments: str) -> str:
        """Passes on what a build says as it says it, and returns what is wrong."""
        if not self.lives:
            await self.begin()
        self.ask(["build", *arguments])
        streams = (self.process.stdout, sys.stdout), (self.process.stderr, sys.stderr)
        (said, status), (complaints, _) = await asyncio.gather(*(_passed(*one) for one in streams))
        self.status = status
        was_ended = status is not None and status < 0
        if status is None:  # what it said has ended; it has, when the next build begins another
            was_ended = await self.process.wait() <= 0  # else it has said itself why it cannot
        if was_ended:
            complaints = f"{complaints}\n{ENDED}"
        return "" if status == 0 else (complaints or said).strip()


async def _passed(stream: asyncio.StreamReader, to: TextIO) -> tuple[str, int | None]:
    """What a build says, passed on as it is said, and its exit status; None if it was ended."""
    said, letters = b"", codecs.getincrementaldecoder("utf-8")("replace")
    while not (end := END.search(said)) and (part := await stream.read(65536)):
        if b"\0" not in said:
            to.write(letters.decode(part.partition(b"\0")[0]))
            to.flush()
        said += part
    return said.partition(b"\0")[0].decode("utf-8", "replace"), int(end[1]) if end else None
