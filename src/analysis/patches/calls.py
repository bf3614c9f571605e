"""How calls of functions are heard of that tell nobody."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from contextlib import suppress


def call_before(module, name: str, before: Callable) -> None:
    """Has `before` called with the arguments of a function of `os` each time it is called: of what
    is only asked for, as by `os.stat`, audit hooks do not hear (Python 3.11 to 3.13).
    """
    function = getattr(module, name)

    @functools.wraps(function)
    def wrapped(*arguments, **named):
        before(*arguments, **named)
        return function(*arguments, **named)

    wrapped.__module__, wrapped.__qualname__ = module.__name__, name
    setattr(module, name, wrapped)
    for able in (
        os.supports_dir_fd,
        os.supports_effective_ids,
        os.supports_fd,
        os.supports_follow_symlinks,
    ):
        if function in able:
            able.add(wrapped)


def watch_fork_exec(before: Callable) -> None:
    """The same for the function by which multiprocessing starts its processes, of which there is no
    event (Python 3.11 to 3.13); where there is none, nothing is started by it.
    """
    with suppress(ImportError, AttributeError):
        import _posixsubprocess

        call_before(_posixsubprocess, "fork_exec", before)
