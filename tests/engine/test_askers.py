"""Whose code asks for a file."""

import json
import os
import sys
from pathlib import Path

import numpy
import pytest

from analysis.engine import askers
from analysis.engine.reads import ASKED, READ


def test_files_with_code_belong_to_python_to_a_package_or_to_nobody():
    assert askers.is_pythons(json.__file__)
    assert askers.is_pythons("<frozen importlib._bootstrap>")
    assert not askers.is_pythons(numpy.__file__)
    assert not askers.is_pythons(__file__)
    assert askers.package(numpy.__file__) == "numpy"
    assert askers.package("/usr/lib/python3/dist-packages/six.py") == "six"
    assert askers.package(json.__file__) == ""


def test_the_asker_is_who_calls_python_and_not_what_stands_between():
    assert askers.asker(frozenset()) == __file__
    assert askers.asker(frozenset({__file__})) != __file__
    assert sorted([2, 1], key=lambda _: askers.asker(frozenset()) != __file__) == [2, 1]


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (os.path.exists, ASKED),
        (Path.exists, ASKED),
        (os.path.getsize, READ),
        (os.path.realpath, "link"),
    ],
)
def test_who_asks_whether_something_is_there_does_not_read_it(ask, said, tmp_path, monkeypatch):
    heard = []
    for name in ("stat", "lstat"):
        plain = getattr(os, name)

        def told(*args, plain=plain, **more):
            heard.append(askers.question(sys._getframe(1)))
            return plain(*args, **more)

        monkeypatch.setattr(os, name, told)
    ask(tmp_path)
    assert heard
    assert set(heard) == {said}
