"""Builds that begin at once: a process loads what they need of packages, and stays. Each build is a
fork of it, which reads all that is the project's own anew.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import sys
import threading
from contextlib import suppress

from analysis import cli
from analysis.engine import processes
from analysis.engine.installed import installed
from analysis.engine.pipeline import engine
from analysis.live.remembered import forget
from analysis.patches.processes import end_forkserver, share_forkserver

LOADED = (
    "doit.doit_cmd",
    "analysis.engine.building",
    "analysis.engine.execution",
    "analysis.engine.progress",
)


def make_builds() -> None:
    """Answers each line of the input, a call of this package in JSON, with what it says; on both
    streams its exit status follows, after a NUL: below zero if a signal has ended it.
    """
    forks: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: _end(forks))
    installed()  # as it is loaded: what is installed later is another reason to build
    processes.load_ahead()
    for name in LOADED:
        importlib.import_module(name)
    for asked in iter(sys.stdin.readline, ""):
        processes.load_ahead()  # again, if its process has ended
        forks[:] = [os.fork()]
        if forks == [0]:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            if os.getpgrp() == os.getppid():  # a watch has given it a group of its own
                threading.Thread(target=_end_with_watch, daemon=True).start()
            share_forkserver()
            forget(installed, engine)  # which are as they were when this was loaded
            sys.exit(cli.main(json.loads(asked)))
        status = os.waitstatus_to_exitcode(os.waitpid(forks[0], 0)[1])
        forks.clear()
        if status < 0:  # it may have been asking for a process, of which the forkserver would die
            end_forkserver()
        for stream in (sys.stdout, sys.stderr):
            print(f"\0{status}", file=stream, flush=True)


def _end_with_watch() -> None:
    """Ends this fork and the process that it is of, when nobody is left who writes what to do."""
    asking = select.poll()
    asking.register(sys.stdin, 0)  # its end alone
    asking.poll()
    os.killpg(0, signal.SIGTERM)


def _end(forks: list[int]) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for fork in forks:  # it has heard too, and tidies up
        with suppress(ChildProcessError):  # it has ended already
            os.waitpid(fork, 0)
    sys.exit()
