"""The account of an import: what was in the file, what became of it, that nothing is missing."""

from __future__ import annotations

from collections import Counter

from analysis.exchange.model import Project
from analysis.exchange.opening import NotReadableError


def account(project: Project, written: Counter[str]) -> dict:
    """What is told of an import, kind by kind; the same for the same file and rules.

    Raises NotReadableError where written and set aside are not all that the file holds, as it was
    counted without understanding it: then something of it was not understood.
    """
    kinds = {}
    for kind, found in project.found.items():
        aside = {reason: n for (of, reason), n in project.aside.items() if of == kind}
        if written[kind] + sum(aside.values()) != found:
            raise NotReadableError(
                f"the file holds {found} {kind}, of which {written[kind]} would be written and "
                f"{sum(aside.values())} set aside; as this does not add up, nothing is written"
            )
        if found:
            kinds[kind] = {"found": found, "written": written[kind], "set aside": aside}
    return {
        "origin": project.origin,
        "characters": project.dialect,
        "kinds": kinds,
        "notices": project.notices,
    }


def told(kept: dict) -> list[str]:
    """The account in lines for the console."""
    shown = kept["kinds"]
    width = max(map(len, shown), default=0)
    lines = [f"made by {kept['origin']}"]
    lines += [
        f"  {kind:<{width}} {about['found']:>7,} read {about['written']:>7,} written "
        f"{sum(about['set aside'].values()):>7,} set aside"
        for kind, about in shown.items()
    ]
    lines += [
        f"  {n:,} {kind} set aside: {reason}"
        for kind, about in shown.items()
        for reason, n in about["set aside"].items()
    ]
    return lines + [f"note: {notice}" for notice in kept["notices"]]
