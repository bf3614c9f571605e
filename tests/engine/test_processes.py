"""A build starts no more than it may open files for; its processes know nothing personal."""

import os
import resource
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from project import PATIENCE

from analysis.engine import processes, progress
from analysis.engine.folders import NotPossibleError
from analysis.engine.runs import PlanError

# Steps that go on and on beside each other, and are stopped; then much could still happen.
STOPPED = """import os, signal, sys, threading, time
from analysis.engine import processes, steps

def act(work):
    (work / "made").touch()
    raise OSError("a complaint")

def go_on(number):
    while True:
        steps.Step(str(number), act, list).run()

def last():
    steps.clear_unfinished()
    time.sleep(0.3)
    print("stopped", file=sys.stderr)

processes.stop_on_signals(last)
for number in range(3):
    threading.Thread(target=go_on, args=[number], daemon=True).start()
time.sleep(0.3)
sys.stderr.flush()
print("now", file=sys.stderr)
os.kill(os.getpid(), signal.SIGTERM)
time.sleep(9)
"""


@pytest.fixture
def limit(monkeypatch):
    """Lets a test say how many files may be open, and how many at the most;
    returns what was asked for.
    """
    asked = []

    def set_to(soft, hard):
        now = [soft, hard]

        def ask(_what, wanted):
            asked.append(wanted)
            if wanted[0] > hard != resource.RLIM_INFINITY:
                raise ValueError("not allowed to raise maximum limit")
            now[:] = wanted

        monkeypatch.setattr(resource, "getrlimit", lambda _what: tuple(now))
        monkeypatch.setattr(resource, "setrlimit", ask)
        processes.slots.cache_clear()
        return asked

    yield set_to
    processes.slots.cache_clear()


def at_once():
    """How many runs may begin before one has to wait."""
    slots = processes.slots()
    return sum(slots.acquire(blocking=False) for _ in range(10_000))


def test_as_many_files_are_asked_for_as_the_system_allows(limit):
    asked = limit(256, resource.RLIM_INFINITY)
    assert at_once() > 100
    assert asked == [(processes.ENOUGH_FILES, resource.RLIM_INFINITY)]


def test_where_there_are_few_files_fewer_notebooks_run_at_a_time(limit):
    limit(256, 256)
    assert at_once() == (256 - processes.OWN_FILES) // processes.FILES_OF_A_RUN == 8


def test_a_build_that_may_open_next_to_no_files_is_refused_before_it_begins(limit):
    limit(63, 63)
    with pytest.raises(NotPossibleError, match=r"no more than 63 files .* \(`ulimit -n 256`\)"):
        progress.check_files()
    limit(64, 64)
    progress.check_files()


def test_one_notebook_runs_in_any_case(limit):
    limit(20, 20)
    assert at_once() == 1


def test_passing_files_lie_where_names_are_short_enough_for_sockets(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / ("long" * 20)))
    with processes.passing_folder() as folder:
        assert len(folder) < processes.LONGEST_FOLDER + len("/kernel-12345678")
    monkeypatch.setattr(tempfile, "tempdir", "/var/tmp")
    with processes.passing_folder() as folder:
        assert folder.startswith("/var/tmp/kernel-")


def test_a_passing_folder_is_forgotten_also_when_what_it_is_for_fails():
    with pytest.raises(ZeroDivisionError), processes.passing_folder() as folder:
        raise ZeroDivisionError
    assert not Path(folder).exists()
    assert folder not in processes._folders


def test_a_build_goes_on_under_nohup_when_its_terminal_is_closed(monkeypatch):
    handlers = {signal.SIGHUP: signal.SIG_IGN}
    monkeypatch.setattr(signal, "signal", handlers.__setitem__)
    monkeypatch.setattr(signal, "getsignal", lambda number: handlers.get(number, signal.SIG_DFL))
    processes.stop_on_signals(lambda: None)
    assert handlers.pop(signal.SIGHUP) == signal.SIG_IGN
    processes.stop_on_signals(lambda: None)
    assert callable(handlers[signal.SIGHUP])


def test_nothing_personal_is_handed_on():
    personal = {
        "LANG": "de_DE.UTF-8", "LC_NUMERIC": "de_DE.UTF-8", "TZ": "Asia/Tokyo",
        "PYTHONSTARTUP": "x", "PYTHONWARNINGS": "error", "PYTHONOPTIMIZE": "2", "IPYTHONDIR": "x",
        "JUPYTER_CONFIG_DIR": "x", "MPLBACKEND": "agg", "MPLCONFIGDIR": "x", "MATPLOTLIBRC": "x",
        "NO_COLOR": "1", "TQDM_DISABLE": "1", "PANDAS_COPY_ON_WRITE": "warn", "NPY_X": "1",
        "NETWORKX_CACHE_CONVERTED_GRAPHS": "x", "OMP_NUM_THREADS": "9", "DOCUTILSCONFIG": "x",
    }  # fmt: skip
    kept = {
        "PATH": "/bin",
        "PYTHONPATH": "src",
        "PYTHONPYCACHEPREFIX": "x",
        "HOME": "/",
        "COMPENDIUM_RAW": "data/raw",
    }
    still = processes.steady(personal | kept)
    assert {name: still.get(name) for name in kept} == kept
    assert not [name for name, value in personal.items() if still.get(name) == value]
    assert processes.steady(still) == still


def test_what_every_kernel_needs_is_loaded_where_kernels_are_forked_from():
    code = "import sys\nfor name in sys.argv[1:]: __import__(name)\nprint(*sys.modules)"
    command = [sys.executable, "-c", code, *processes.PRELOADED]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert {"ipykernel.debugger", "matplotlib.pyplot", "pandas"} <= {*done.stdout.split()}


def test_a_step_whose_process_is_killed_says_so(tmp_path, monkeypatch, capsys):
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nkill -9 $$\n", "utf-8")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    assert processes.run("analysis") == -9
    assert capsys.readouterr().err == (
        "its process was ended (Killed), perhaps for want of memory\n"
    )


def test_a_process_ends_with_the_one_that_started_it_even_if_that_was_killed_before_it_asks():
    code = "from analysis.engine import processes as p; p.end_with_parent(); p.time.sleep(60)"
    gone = subprocess.Popen(["true"])
    gone.wait()
    env = os.environ | {processes.PARENT: str(gone.pid)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=env, start_new_session=True, check=False, timeout=PATIENCE)
    assert done.returncode == -signal.SIGKILL


def test_while_a_build_is_stopped_no_step_goes_on_or_begins(tmp_path):
    env = os.environ | {"COMPENDIUM_BUILD": str(tmp_path / "build")}
    command = [sys.executable, "-c", STOPPED]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 128 + signal.SIGTERM
    assert "a complaint" in done.stderr
    assert "a complaint" not in done.stderr.partition("stopped")[2]
    assert done.stderr.endswith("stopped\n")
    assert not (tmp_path / "build/running").exists()


def test_a_plan_that_is_wrong_when_a_build_ends_is_told_in_a_sentence(monkeypatch, capsys):
    def refuse():
        raise PlanError("study.yml, line 3: not readable")

    monkeypatch.setattr(progress, "clear_unfinished", lambda: None)
    monkeypatch.setattr(progress, "steps", refuse)
    reporter = progress.Progress(sys.stdout, {})
    reporter.begins, reporter.began, reporter.start = True, {"data": 0.0}, 0.0
    reporter.complete_run()
    assert capsys.readouterr().err == "study.yml, line 3: not readable\n"


def test_a_build_that_may_not_tidy_up_says_so_in_a_sentence(monkeypatch, capsys):
    def refuse():
        raise PermissionError(13, "Permission denied", "/build/deps/seconds.json")

    monkeypatch.setattr(progress, "clear_unfinished", refuse)
    reporter = progress.Progress(sys.stdout, {})
    reporter.begins, reporter.began, reporter.start = True, {"data": 0.0}, 0.0
    reporter.complete_run()
    assert capsys.readouterr().err == "/build/deps/seconds.json: Permission denied\n"
