"""Which places are inputs of a step."""

import os
import py_compile
import sys
from pathlib import Path

import pytest

from analysis.engine.inputfiles import InputFiles, source


@pytest.fixture
def places(tmp_path, monkeypatch):
    """A project and somebody's data beside it; what is passing lies in a third folder."""
    for name in ("project", "data", "passing"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "passing"))
    return tmp_path


def test_files_of_the_project_and_data_elsewhere_are_inputs(places):
    files = InputFiles([places / "project"])
    own, foreign = places / "project/a.csv", places / "data/b.csv"
    assert files.place(str(own)) == str(own)
    assert files.place(os.fsencode(foreign)) == str(foreign)
    assert files.belongs(str(own))
    assert not files.belongs(str(foreign))
    assert not files.belongs(f"{places}/project2/a.csv")


def test_what_is_the_system_s_a_package_s_or_passing_is_none(places):
    files = InputFiles([places / "project"])
    foreign = ["/usr/share/zoneinfo/UTC", "/etc/hosts", os.__file__, pytest.__file__]
    foreign += [str(places / "passing/x"), sys.executable, str(Path.home() / ".netrc")]
    assert [name for name in foreign if files.place(name)] == []
    assert not files.is_own(pytest.__file__)
    assert files.is_own(str(places / "project/module.py"))


def test_what_lies_on_a_drive_that_is_plugged_in_is_an_input(places):
    files = InputFiles([places / "project"])
    drives = ["/media/me/d/a.csv", "/mnt/d/a.csv", "/run/media/me/d/a.csv", "/run/media/me/d"]
    assert [files.place(name) for name in drives] == drives
    assert files.place("/run/user/1000/a.csv") is None


def test_an_environment_in_the_project_is_none_of_it_but_the_project_itself_may_be_one(
    places, monkeypatch
):
    environment = places / "project/env"
    environment.mkdir()
    (environment / "pyvenv.cfg").touch()
    monkeypatch.setattr(sys, "prefix", str(environment))
    assert not InputFiles([places / "project"]).belongs(f"{environment}/notes.csv")
    assert InputFiles([places / "project", environment]).belongs(f"{environment}/notes.csv")
    (places / "project/pyvenv.cfg").touch()
    (places / "project/src/analysis").mkdir(parents=True)
    monkeypatch.setattr(sys, "prefix", str(places / "project"))
    assert InputFiles([places / "project"]).belongs(f"{places}/project/a.csv")


def test_a_link_leads_to_what_it_is_a_link_to(places):
    files = InputFiles([places / "project"])
    (places / "project/deep/er").mkdir(parents=True)
    (places / "passing/link").symlink_to(places / "project/deep/er")
    (places / "data/link").symlink_to(places / "project/deep/er")
    real = str(places / "project/deep/er/a.csv")
    assert files.place(f"{places}/data/link/a.csv") == real
    assert files.place(f"{places}/data/link/../b.csv") == str(places / "project/deep/b.csv")


def test_a_name_may_be_relative_to_an_open_folder(places):
    files = InputFiles([places / "project"])
    folder = os.open(places / "project", os.O_RDONLY)
    try:
        assert files.place("a.csv", folder) == str(places / "project/a.csv")
        assert files.place(folder) == str(places / "project")
    finally:
        os.close(folder)
    assert files.place(10**6) is None


def test_a_compiled_module_stands_for_its_source(places):
    module = places / "project/module.py"
    module.write_text("x = 1\n", "utf-8")
    compiled = py_compile.compile(str(module))
    assert source(compiled) == str(module)
    assert InputFiles([places / "project"]).place(compiled) == str(module)
    assert source("alone.pyc") == "alone.pyc"
