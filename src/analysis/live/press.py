"""The processes that make page proofs, one for each edition, beside a watch."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextlib import suppress

from analysis.engine.processes import steady

LONGEST = 2**28  # bytes of an answer: all pages that are open in an edition
PATIENCE = 15  # seconds; then the book is built without


class Press:
    """Makes proofs of the pages of one edition, as soon as it has read them."""

    def __init__(self, language: str):
        self.command = (sys.executable, "-m", "analysis", "proofs", language)
        self.process: asyncio.subprocess.Process | None = None
        self.ready: asyncio.Task | None = None

    async def begin(self) -> None:
        """Reads the edition anew."""
        await self.end()
        self.process = await asyncio.create_subprocess_exec(
            *self.command,
            env=steady(os.environ),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # what is wrong with pages the build tells
            limit=LONGEST,
            start_new_session=True,
        )
        self.ready = asyncio.create_task(self.process.stdout.readline())

    async def proofs(self, pages: list[str]) -> dict[str, str]:
        """The HTML of these pages by name, as they are saved; none as long as it reads, and of none
        that is not as it should be.
        """
        if not (self.ready and self.ready.done() and self.ready.result()):
            return {}
        self.process.stdin.write(json.dumps(pages).encode() + b"\n")
        with suppress(ValueError):  # it has ended; then there is no answer, or half of one
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    return json.loads(await self.process.stdout.readline())
            self.stop()
        return {}

    def stop(self) -> None:
        """Ends the process, if there is one, which removes what it has made."""
        if self.lives:
            with suppress(ProcessLookupError, PermissionError):  # it is ending
                os.killpg(self.process.pid, signal.SIGTERM)  # and the fork that is at work

    @property
    def lives(self) -> bool:
        """Whether there is a process that makes proofs, or will."""
        return self.process is not None and self.process.returncode is None

    async def end(self) -> None:
        """Returns when there is no process any more."""
        self.stop()
        if self.process:
            await asyncio.gather(self.process.wait(), self.ready)
