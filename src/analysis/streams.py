"""What a command is read from and says things to, whoever has closed or left it."""

from __future__ import annotations

import os
import sys


def mend() -> None:
    """From now on it is no fault if whoever listens was never there, leaves, or lacks a letter."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:  # somebody has closed it; nothing else may take its number
            os.dup2(os.open(os.devnull, os.O_RDWR), number)
            os.set_inheritable(number, True)
            setattr(sys, name, os.fdopen(number, "w" if number else "r"))
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        stream.reconfigure(errors="replace")  # a terminal that lacks a letter shows another one
        setattr(sys, name, Unread(stream))


class Unread:
    """A stream whose reader may leave, as `head` does, or whose disk may be full: what is said
    after that goes nowhere, and the work goes on.
    """

    def __init__(self, stream):
        self._stream = stream

    def __getattr__(self, name: str):
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        return self._unless_left(self._stream.write, text)

    def flush(self) -> None:
        self._unless_left(self._stream.flush)

    def _unless_left(self, what, *arguments):
        try:
            return what(*arguments)
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())
            return 0
