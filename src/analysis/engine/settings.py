"""What a build is told about its work, read from the environment and
checked before anything begins.

The Makefile passes its variables on under these names: TIMEOUT becomes COMPENDIUM_TIMEOUT.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from analysis.engine.machine import cores, memory
from analysis.paths import NAMED
from analysis.problems import ReportedError, suggest

PREFIX = "COMPENDIUM_"
# Looked after by `analysis.paths`, the Makefile and the engine.
PLACES = (*NAMED, "CONDA", "OUTPUT", "RUN")
KERNELS = ("warm", "plain")
AT_ONCE_ON_A_CLUSTER = 64  # notebooks are only waited for there
GIB = 1024**3
LEAST_MEMORY = 0.25  # GiB; pandas and matplotlib alone want more than half of it


class SettingsError(ReportedError):
    """One or more settings cannot be used; the message says which, and what was expected."""

    status = 2


@dataclass(frozen=True)
class Settings:
    """How notebooks are run.

    timeout: seconds for a whole run. memory: GiB for one run, None for a fair share of the machine.
    kernel: warm or plain. jobs: so many runs at a time. scheduler: address of a Dask scheduler.
    is_shared: whether its workers see the project where it lies here.
    """

    timeout: int = 300
    memory: float | None = None
    kernel: str = "warm"
    jobs: int = 1
    scheduler: str = ""
    is_shared: bool = False

    @property
    def bytes_for_a_run(self) -> int:
        """How much memory one run may take: its setting, or its share of half of what there is, if
        that is enough to begin with.
        """
        return int(self.memory * GIB) if self.memory else max(GIB // 2, memory() // 2 // self.jobs)


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings in the environment. Raises SettingsError that names all which cannot be used."""
    given = {
        name.removeprefix(PREFIX): value.strip()
        for name, value in environment.items()
        if name.startswith(PREFIX)
    }
    known = {"TIMEOUT": _timeout, "MEMORY": _memory, "KERNEL": _kernel, "JOBS": _jobs,
             "SCHEDULER": _scheduler, "SHARED": _shared,
             "SITE_URL": _address, "REPOSITORY_URL": _address}  # fmt: skip
    wrong, read = [], {}
    for name, value in sorted(given.items()):
        if name in PLACES:
            continue
        if name not in known:
            names = [*known, *NAMED]
            wrong.append(
                f"{name}: no such setting{suggest(name, names)}; known: {', '.join(names)}"
            )
        elif value:
            try:
                read |= known[name](value)
            except ValueError as error:
                wrong.append(f"{name}={value}: expected {error}")
    if wrong:
        raise SettingsError("\n".join(wrong))
    usual = AT_ONCE_ON_A_CLUSTER if read.get("scheduler") else max(1, min(cores(), memory() // GIB))
    return Settings(**{"jobs": usual} | read)


def _address(value: str) -> dict:
    """Pages ask for it themselves, so that they alone are made anew with another one."""
    if not re.fullmatch(r"https?://[^\s<>\"'?#]+", value):
        raise ValueError("an address such as https://example.org/report")
    return {}


def _timeout(value: str) -> dict:
    if not re.fullmatch("[1-9][0-9]{0,6}", value):
        raise ValueError("a whole number of seconds for a run, such as 300")
    return {"timeout": int(value)}


def _memory(value: str) -> dict:
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]+)?", value) or float(value) < LEAST_MEMORY:
        raise ValueError(
            f"a number of GiB for a run without a unit, at least {LEAST_MEMORY}, such as 4"
        )
    return {"memory": float(value)}


def _kernel(value: str) -> dict:
    if value not in KERNELS:
        raise ValueError(" or ".join(KERNELS) + suggest(value, KERNELS))
    return {"kernel": value}


def _jobs(value: str) -> dict:
    if not re.fullmatch("[1-9][0-9]{0,3}", value):
        raise ValueError("a whole number of notebooks to run at a time, such as 4")
    return {"jobs": int(value)}


def _scheduler(value: str) -> dict:
    if not re.fullmatch(r"(tcp|tls|ws|wss)://[^\s/]+:[0-9]+", value):
        raise ValueError("the address of a Dask scheduler, such as tcp://127.0.0.1:8786")
    return {"scheduler": value}


def _shared(value: str) -> dict:
    if value.lower() not in ("yes", "no"):
        raise ValueError("yes or no")
    return {"is_shared": value.lower() == "yes"}
