"""What this process may use of the machine: in a container or under a scheduler
that is less than there is.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")  # Linux: limits of the groups a process belongs to
MEMBERSHIP = Path("/proc/self/cgroup")


def cores() -> int:
    """How many processors this process may keep busy, at least one."""
    allowed = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    shares = [
        int(quota) // int(period) for quota, period in _quotas() if quota not in ("max", "-1")
    ]
    return max(1, min([allowed, *shares]))


def _quotas() -> Iterator[list[str]]:
    """The time that each group may use of every period, in both versions of control groups."""
    for limit in limits("cpu.max"):
        yield limit.split()
    with suppress(OSError):
        yield [
            (GROUPS / "cpu" / f"cpu.cfs_{what}_us").read_text("ascii").strip()
            for what in ("quota", "period")
        ]


def memory() -> int:
    """How many bytes this process may use: what the machine has, or a control
    group where that is less.
    """
    least = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    said = list(limits("memory.max"))
    with suppress(OSError):
        said.append((GROUPS / "memory/memory.limit_in_bytes").read_text("ascii").strip())
    return min([least, *(int(limit) for limit in said if limit.isdigit())])


def limits(name: str) -> Iterator[str]:
    """What a file of limits says in the process's control group and in those around it;
    nothing where there are none.
    """
    group = GROUPS
    with suppress(OSError):
        lines = MEMBERSHIP.read_text("utf-8").splitlines()
        group = GROUPS / next(
            (line.removeprefix("0::/") for line in lines if line.startswith("0::/")), ""
        )
    for folder in (group, *group.parents):
        if folder.is_relative_to(GROUPS):
            with suppress(OSError):
                yield (folder / name).read_text("ascii").strip()
