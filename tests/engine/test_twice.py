"""`make twice` names the cell, or the file, that is not the same when a notebook runs again."""

import json
import signal
import threading
from types import SimpleNamespace

import pytest
from project import Project

from analysis.engine import processes, twice
from analysis.problems import WrongCallError

pytestmark = pytest.mark.xdist_group("twice")

DICE = """import random
1
%%
print("always"); print(random.SystemRandom().random())"""
NUMPY = """import numpy as np
np.random.rand()"""
SAVES = """import time
from analysis.publish import Run
Run("saves", language=language).save_values(now=str(time.time_ns()))"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    made = Project(
        tmp_path_factory.mktemp("twice") / "project",
        dice=DICE,
        numpy=NUMPY,
        saves=SAVES,
        steady="print(1)",
        fails="1 / 0",
    )
    assert made.make("data")[1].returncode == 0
    return made


def test_what_differs_is_named(project):
    done = project.run("analysis", "twice")
    assert done.returncode == 1
    said = done.stdout
    assert "de/steady: the same twice\n" in said
    assert (
        'de/dice: differs\n  cell 4 (`print("always"); print(random.SystemRandom().random())`): '
        in said
    )
    assert "always" in said
    assert "de/numpy: differs\n  cell 3 (`import numpy as np`): " in said
    assert "de/saves: differs\n  de/values/saves.json: other bytes\n" in said
    assert "ZeroDivisionError: division by zero" in said
    assert not (project.folder / "build/de").exists(), "nothing of it is a result"


def test_one_can_be_chosen_and_must_exist(project):
    assert project.run("analysis", "twice", "steady").returncode == 0
    done = project.run("analysis", "twice", "staedy")
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean 'steady'?" in done.stderr


def test_tables_have_to_be_prepared(project):
    record = project.folder / "build/deps/data.json"
    content = json.loads(record.read_text("utf-8"))
    record.unlink()
    done = project.run("analysis", "twice", "steady")
    assert done.returncode == 2
    assert "`make data` makes them" in done.stderr
    record.write_text(json.dumps(content), "utf-8")


def test_a_cluster_is_not_asked_for_in_vain(monkeypatch):
    monkeypatch.setenv("COMPENDIUM_SCHEDULER", "tcp://127.0.0.1:1")
    with pytest.raises(WrongCallError, match="on this machine alone"):
        twice.twice()


def test_no_more_run_at_a_time_than_files_may_be_open_for(monkeypatch):
    slots = threading.BoundedSemaphore(1)
    monkeypatch.setattr(processes, "slots", lambda: slots)
    monkeypatch.setattr(twice, "differences", lambda _run: [str(slots.acquire(blocking=False))])
    assert twice.outcome(SimpleNamespace()) == ["False"]


def test_ctrl_c_is_seen_to_while_notebooks_run_twice(monkeypatch):
    seen = []
    run = SimpleNamespace(name="a")
    monkeypatch.setattr(twice, "notebook_runs", lambda _language: [run])
    monkeypatch.setattr(twice, "data_step", lambda: SimpleNamespace(changes=list))
    monkeypatch.setattr(twice, "outcome", lambda _run: seen.append(signal.getsignal(2)) or [])
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    # as in a shell: what runs in the background may have been told to take no notice of Ctrl-C
    before = {number: signal.signal(number, signal.default_int_handler) for number in numbers}
    assert twice.twice("a") == 0
    assert seen
    assert set(map(signal.getsignal, numbers)) == {*seen}, "not Python's own, which waits for them"
    for number, handler in before.items():
        signal.signal(number, handler)
