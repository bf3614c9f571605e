"""What was built of a study is removed, wherever that was stopped before, and nothing else."""

import itertools
import os

import pytest

from analysis import paths
from analysis.engine import lock
from analysis.engine.removal import clear

PACKAGE = '{"resources": [{"path": "a.csv"}, {"path": "z.csv"}]}'
TABLES = {"data/processed/a.csv": "", "data/processed/z.csv": ""}
TABLES |= {"data/processed/datapackage.json": PACKAGE, "data/processed/z.csv.partial": ""}
BUILT = {"build/.lock": "", "build/cache/fonts": "", "build/zu/figures/a.svg": ""}
MARKS = {
    "records": {"build/deps/data.json": "{}", "build/deps/tables/x": ""},
    "pages": {"build/html/index.html": "", "build/html/zu/index.html": ""},
    "unfinished": {"build/running/data/reads": ""},
    "elsewhere before": {"build/processed/a.csv": "", "build/processed/datapackage.json": PACKAGE},
    "all": {"build/deps/data.json": "{}", "build/html/index.html": "", "build/running/x": ""},
}


class Stop(BaseException):
    """The process has ended here."""


@pytest.fixture
def study(tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_STUDY", str(tmp_path / "study"))
    return tmp_path / "study"


def write(study, texts):
    for name, text in texts.items():
        (study / name).parent.mkdir(parents=True, exist_ok=True)
        (study / name).write_text(text, "utf-8")


def left(study):
    return {path.relative_to(study).as_posix() for path in study.rglob("*") if path.is_file()}


def stop_at(number, monkeypatch):
    """Lets no removal succeed after so many."""
    removals = itertools.count()

    def unless_stopped(usual):
        def remove(*what, **how):
            if next(removals) >= number:
                raise Stop
            usual(*what, **how)

        return remove

    for name in ("unlink", "rmdir", "remove"):
        monkeypatch.setattr(os, name, unless_stopped(getattr(os, name)))


@pytest.mark.parametrize("marks", MARKS.values(), ids=MARKS)
def test_wherever_it_was_stopped_the_next_time_removes_the_rest(study, marks, monkeypatch):
    for number in itertools.count():
        write(study, {"data/raw/sources.csv": "", **TABLES, **BUILT, **marks})
        with monkeypatch.context() as patched:
            stop_at(number, patched)
            try:
                status = clear()
            except Stop:
                status = None
        while lock._held:  # as the system does when a process has ended
            os.close(lock._held.pop())
        assert clear() == 0, number
        assert left(study) == {"data/raw/sources.csv"}, number
        assert not paths.build().exists()
        assert not paths.processed().exists()
        if status == 0:
            break
    assert number > len({**TABLES, **BUILT, **marks}), "it was stopped at each of them"


def test_what_no_build_has_made_stays_and_is_named(study, capsys):
    own = {"data/raw/sources.csv": "", "data/processed/own.csv": "", "data/processed/._a.csv": ""}
    write(study, own)
    assert clear() == 0
    assert left(study) == {*own}
    assert capsys.readouterr().out == (
        f"{study}/data/processed keeps own.csv, which no build is known to have made\n"
    )


def test_what_cannot_be_removed_is_named_and_goes_the_next_time(study, monkeypatch, capsys):
    write(study, {**TABLES, **BUILT, **MARKS["records"]})

    def refuse(*_, **__):
        raise PermissionError(13, "Not yours", "a.svg")

    with monkeypatch.context() as patched:
        patched.setattr(os, "rmdir", refuse)
        assert clear() == 1
    assert "Not yours" in capsys.readouterr().err
    assert clear() == 0
    assert left(study) == set()
