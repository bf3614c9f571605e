"""Builds that begin at once: a process loads what they need of packages, and stays. Each build is a
fork of it, which reads all that is the project's own anew.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys

from analysis import cli
from analysis.engine import processes
from analysis.engine.installed import installed
from analysis.patches import share_forkserver

LOADED = (
    "doit.doit_cmd",
    "analysis.engine.building",
    "analysis.engine.execution",
    "analysis.engine.progress",
)


def make_builds() -> None:
    """Answers each line of the input, a call of this package in JSON, with what it says; on both
    streams its exit status follows, after a NUL.
    """
    installed()  # as it is loaded: what is installed later is another reason to build
    processes.load_ahead()
    for name in LOADED:
        importlib.import_module(name)
    forks: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: _end(forks))
    for asked in iter(sys.stdin.readline, ""):
        processes.load_ahead()  # again, if its process has ended
        forks[:] = [os.fork()]
        if forks == [0]:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            share_forkserver()
            sys.exit(cli.main(json.loads(asked)))
        status = abs(os.waitstatus_to_exitcode(os.waitpid(forks.pop(), 0)[1]))
        for stream in (sys.stdout, sys.stderr):
            print(f"\0{status}", file=stream, flush=True)


def _end(forks: list[int]) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for fork in forks:  # it has heard too, and tidies up
        os.waitpid(fork, 0)
    sys.exit()
