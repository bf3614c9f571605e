"""Who asks for a file, and what for, as the frames of Python's stack tell."""

from __future__ import annotations

import genericpath
import importlib.metadata
import os
import pathlib
import posixpath
import sys
from collections.abc import Set as AbstractSet
from types import FrameType

from analysis.engine.reads import ASKED, READ

PYTHONS = os.path.dirname(os.__file__) + os.sep
# What finds out about packages, in Python and as the package that stands in for it in all of them.
METADATA = (importlib.metadata.__file__, os.path.join("importlib_metadata", "__init__.py"))
CTYPES = os.path.join(os.path.dirname(os.__file__), "ctypes")
EXCHANGING = os.path.join("analysis", "files", "whole.py")  # two folders at one stroke
# Modules of Python that ask only whether something is there, and of which kind.
ASKING = {
    function.__code__.co_filename
    for function in (genericpath.exists, posixpath.realpath, pathlib.Path.exists, pathlib.Path.stat)
}


def asker(between: AbstractSet[str]) -> str:
    """The file with the code that has asked, for which Python's own may have done so.

    between: the files of what stands between those who ask and whoever wants to know.
    """
    frame = sys._getframe(1)
    while frame and (frame.f_code.co_filename in between or is_pythons(frame.f_code.co_filename)):
        frame = frame.f_back
    return frame.f_code.co_filename if frame else ""


def question(caller: FrameType) -> str:
    """Whether somebody asks for size and time of a file (as good as reading it), for links on the
    way, or whether it is there.
    """
    asking = caller.f_code.co_filename in ASKING
    name = caller.f_code.co_name
    if asking and "realpath" in name:
        return "link"
    if asking and name in ("stat", "lstat") and caller.f_back:
        asking = caller.f_back.f_code.co_filename in ASKING
    return ASKED if asking and not name.startswith("get") else READ


def is_pythons(file: str) -> bool:
    """Whether a file with code belongs to Python itself."""
    return file.startswith(("<frozen ", PYTHONS)) and not package(file)


def package(file: str) -> str:
    """The installed package that a file belongs to; empty if to none."""
    for folder in ("site-packages", "dist-packages"):
        _, inside, rest = file.rpartition(f"{os.sep}{folder}{os.sep}")
        if inside:
            return rest.partition(os.sep)[0].partition(".")[0]
    return ""
