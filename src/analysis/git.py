"""Asks Git, where it is there, about a folder."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from analysis.problems import ReportedError


class GitError(ReportedError):
    """Git does not do what it is asked for; the message is what it says."""


def git(folder: Path, *command: str, knows: str) -> bytes:
    """What Git answers. Raises GitError if it refuses, ReportedError if there is none.

    knows: what it is asked for, as whoever has none is told.
    """
    asked = ["git", "-C", str(folder), *command]
    try:
        return subprocess.run(asked, capture_output=True, check=True).stdout
    except FileNotFoundError:
        raise ReportedError(f"there is no Git, which knows {knows}") from None
    except subprocess.CalledProcessError as error:
        raise GitError(os.fsdecode(error.stderr).strip()) from None
