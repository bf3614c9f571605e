"""What is installed: an input of everything, as the versions of packages decide what comes out."""

from __future__ import annotations

import functools
import os
import sys
from pathlib import Path

OWN = "analysis"  # the project's package, whose files are inputs one by one


@functools.cache
def installed() -> str:
    """Python and every installed distribution with its version, one a line.

    The names of their folders tell; to read the metadata would take ten times as long. Conda's
    packages count too, as they bring the libraries below Python.
    """
    found = {f"python {'.'.join(map(str, sys.version_info[:3]))}"}
    for folder in dict.fromkeys(sys.path):
        for name in _names(folder or "."):
            stem, suffix = os.path.splitext(name)
            project, _, version = stem.partition("-")
            if (
                suffix in (".dist-info", ".egg-info")
                and project != OWN
                and not project.startswith("~")
            ):
                found.add(f"{project} {version}")
    found |= {
        f"conda {Path(name).stem}"
        for name in _names(os.path.join(sys.prefix, "conda-meta"))
        if name.endswith(".json")
    }
    return "".join(f"{line}\n" for line in sorted(found))


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []
