"""The book, and the project of a release, as one file that anybody can open and verify."""

import hashlib
import json
import os
import subprocess
import zipfile

import pytest

from analysis import archive, paths
from analysis.cli import main
from analysis.files.zipped import write_zip
from analysis.manifest import manifest
from analysis.problems import ReportedError

pytestmark = pytest.mark.xdist_group("built")


@pytest.fixture
def packing(finished, monkeypatch):
    """The invented study with its finished book, and what a command says of it."""
    finished.point_paths(monkeypatch)
    return finished


def contents(path):
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_an_archive_says_nothing_of_when_and_by_whom_it_was_made(tmp_path):
    tool = tmp_path / "tool"
    tool.write_text("#!/bin/sh\n", "utf-8")
    tool.chmod(0o600)
    made = []
    for order in (("ä/tool", "a"), ("a", "ä/tool")):
        files = {"a": "texts", "ä/tool": tool}
        write_zip(tmp_path / "x.zip", {name: files[name] for name in order})
        made.append((tmp_path / "x.zip").read_bytes())
        os.utime(tool, (10**9, 10**9))
    assert made[0] == made[1]
    with zipfile.ZipFile(tmp_path / "x.zip") as packed:
        rights = {entry.filename: entry.external_attr >> 16 for entry in packed.infolist()}
    assert rights == {"a": 0o644, "ä/tool": 0o755}


def test_a_bundle_is_the_book_and_one_that_is_no_longer_of_this_tree_is_refused(packing, capsys):
    assert main(["bundle"]) == 0
    target = packing.build / "bundle.zip"
    site = packing.build / "html"
    files = [path for path in site.rglob("*") if path.is_file()]
    found = contents(target)
    assert found == {f"report/{path.relative_to(site)}": path.read_bytes() for path in files}
    assert "report/index.html" in found
    before = target.read_bytes()
    assert main(["bundle"]) == 0
    assert target.read_bytes() == before
    packing.put("study/facts.csv", 2, "note_de", "Anders.")
    capsys.readouterr()
    assert main(["bundle"]) == 1
    said = capsys.readouterr().err
    assert "steps are due (data, …); `make book`" in said
    assert target.read_bytes() == before
    assert not list(packing.build.glob("*.partial"))


def test_an_archive_can_be_verified(packing, monkeypatch, capsys):
    # the study lies elsewhere, and the project began as an archive
    committed = ["Makefile", "manifest.json", "SHA256SUMS"]
    monkeypatch.setattr(archive, "_committed", lambda _folder: committed)
    monkeypatch.setattr(archive, "_check_nothing_left_out", lambda _committed: None)
    monkeypatch.setattr(archive, "released", manifest)
    (paths.processed() / ".DS_Store").write_bytes(b"x")
    archive.archive()
    files = contents(paths.packed("archive"))
    assert not [name for name in files if name.endswith(".DS_Store")]
    (top,) = {name.partition("/")[0] for name in files}
    files = {name.removeprefix(f"{top}/"): content for name, content in files.items()}
    sums = dict(line.split("  ")[::-1] for line in files.pop("SHA256SUMS").decode().splitlines())
    assert sums == {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    assert files["Makefile"] == (paths.root() / "Makefile").read_bytes()
    assert files["build/html/index.html"] == (packing.build / "html/index.html").read_bytes()
    assert files["data/processed/facts.csv"] == (paths.processed() / "facts.csv").read_bytes()
    said = files["ARCHIVE.md"].decode()
    assert all(name in said for name in ("make verify", "sha256sum", manifest()["release"]))
    assert "the PDF is missing (" in capsys.readouterr().out, "it would be in it"


def test_what_can_be_run_in_the_project_says_what_runs_it():
    files = [
        path
        for place in (".ci", "book", "benchmarks", "src", "tests")
        for path in (paths.root() / place).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    says = {path for path in files if path.read_bytes()[:2] == b"#!"}
    assert paths.root() / ".ci/run" in says
    assert {path for path in files if os.access(path, os.X_OK)} <= says


def test_results_that_are_not_those_of_the_release_are_refused(packing, monkeypatch):  # noqa: ARG001
    other = manifest()
    (name, *_) = other["values"]
    other["values"][name] = {"bytes": "1", "data": "1"}
    monkeypatch.setattr(archive, "released", lambda: other)
    with pytest.raises(ReportedError, match=rf"1 differ .*values/{name}: different data"):
        archive._release()
    monkeypatch.setattr(archive, "released", lambda: None)
    with pytest.raises(ReportedError, match=r"no manifest\.json"):
        archive._release()


def test_data_that_may_not_be_shown_are_in_no_archive(monkeypatch):
    monkeypatch.setattr(archive, "may_be_shown", lambda _raw: False)
    with pytest.raises(ReportedError, match="holds what may not be shown"):
        archive.archive()


def test_what_a_build_has_read_and_git_ignores_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_BUILD", str(tmp_path))
    (tmp_path / "deps").mkdir()
    read = ("raw:own.csv", "raw:study/identities.csv", "project:dodo.py", "book:.", "processed:x")
    inputs = dict.fromkeys(read, "0" * 64) | {"project:pandas.py": "absent"}
    record = {"settings": {}, "inputs": inputs, "outputs": {"processed:x": "1"}, "unseen": []}
    (tmp_path / "deps/data.json").write_text(json.dumps(record), "utf-8")
    with pytest.raises(ReportedError, match=r"could build without it: data/raw/own\.csv; commit"):
        archive._check_nothing_left_out(["dodo.py"])
    archive._check_nothing_left_out(["dodo.py", "data/raw/own.csv"])


def test_only_what_is_committed_belongs_to_an_archive(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(ReportedError, match=r"in a clone\. It says: fatal: not a git repository"):
        archive._committed(tmp_path)
    with monkeypatch.context() as patched:
        patched.setenv("PATH", str(tmp_path))
        with pytest.raises(ReportedError, match="there is no Git"):
            archive._committed(tmp_path)
    who = ["-c", "user.name=Erna", "-c", "user.email=erna@example.org"]
    for name in ("ä b.txt", "sub/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", "utf-8")
    for command in (["init", "-q"], ["add", "."], [*who, "commit", "-qm", "All of it"]):
        subprocess.run(["git", "-C", tmp_path, *command], check=True)
    assert archive._committed(tmp_path) == ["sub/c.txt", "ä b.txt"]
    (tmp_path / "new.txt").write_text("y", "utf-8")
    (tmp_path / "sub/c.txt").write_text("y", "utf-8")
    with pytest.raises(ReportedError, match=r"no archive: sub/c.txt, new.txt; commit"):
        archive._committed(tmp_path)


def test_names_of_files_that_are_not_in_utf_8_are_told(tmp_path):
    (tmp_path / os.fsdecode(b"M\xfcll.txt")).touch()
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    with pytest.raises(ReportedError, match=r"no archive: M.ll\.txt; commit"):
        archive._committed(tmp_path)
    who = ["-c", "user.name=Erna", "-c", "user.email=erna@example.org"]
    for command in (["add", "."], [*who, "commit", "-qm", "All of it"]):
        subprocess.run(["git", "-C", tmp_path, *command], check=True)
    with pytest.raises(ReportedError, match="is not in UTF-8, and not every system"):
        archive._committed(tmp_path)
