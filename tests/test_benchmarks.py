"""The benchmarks measure what they say: synthetic studies are valid, counts come out, and the
tables show what was measured.
"""

import csv
import json
import shutil
import subprocess
import sys

import psutil
import pytest
from project import PATIENCE, environment, wait_for

from analysis import paths
from analysis.exchange.reading import read_project

ROOT = paths.root()
BENCHMARKS = ROOT / "benchmarks"


def run(*command, folder=ROOT, **settings):
    return subprocess.run(
        [sys.executable, *map(str, command)],
        cwd=folder,
        env=environment(ROOT, **settings),
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.fixture
def synthetic(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    import synthetic

    return synthetic


@pytest.mark.parametrize(("kind", "name"), [("project", "p.qdpx"), ("spreadsheet", "s.xlsx")])
def test_what_is_imported_has_the_codings_that_it_should_have(synthetic, kind, name, tmp_path):
    getattr(synthetic, kind)(tmp_path / name, 500)
    found = read_project(tmp_path / name)
    assert (len(found.codings), len(found.documents), len(found.coders)) == (500, 50, 3)


def test_synthetic_municipalities_are_a_valid_study(synthetic, tmp_path):
    synthetic.municipalities(tmp_path / "project", 3)
    said = run(
        "-m",
        "analysis",
        "check",
        folder=tmp_path / "project",
        PYTHONPATH=str(tmp_path / "project/src"),
    )
    assert "no problem" in said
    with (tmp_path / "project/data/raw/study/cases.csv").open(encoding="utf-8", newline="") as file:
        labels = [row["label_de"] for row in csv.DictReader(file)]
    assert sum("(synthetisch)" in label for label in labels) == 3


def test_synthetic_codings_are_prepared_and_counted():
    seconds, mebibytes = map(float, run(BENCHMARKS / "counting.py", 1000).split())
    assert seconds > 0
    assert mebibytes > 10


def test_tables_show_what_was_measured(tmp_path):
    shutil.copytree(BENCHMARKS, tmp_path / "benchmarks")
    rows = [
        "measurement,size,cores,seconds,mebibytes",
        '"make book, nothing built",38,2,30,700', '"make book, nothing built",38,2,32,700',
        '"make book, one coding changed",38,2,15.5,700',
        "the usual way,38,2,155,300", '"the usual way, 2 at a time",38,2,93,500',
        '"make notebooks, nothing built",38,2,20,400',
        '"make notebooks, ordinary kernels",38,2,48,500', '"the cells alone, in forks",38,2,16,300',
        '"make book, notebooks done",38,2,9,500', '"Sphinx alone, a process an edition",38,2,6,500',
        "notebooks of municipalities,50,2,30,400", "notebooks of municipalities,100,2,60,400",
        "data of municipalities,50,2,2,300", "data of municipalities,100,2,2.5,300",
        "book of municipalities,50,2,6,200", "book of municipalities,100,2,10,300",
    ]  # fmt: skip
    (tmp_path / "benchmarks/results.csv").write_text("\n".join(rows) + "\n", "utf-8")
    run(tmp_path / "benchmarks/show.py")
    shown = (tmp_path / "benchmarks/README.md").read_text("utf-8")
    for line in (
        "| make book, nothing built | 31.0 (30.0 to 32.0) | 1 |  | 700 |",
        "| make book, one coding changed | 15.5 (15.5 to 15.5) | **0.50 ×** `make book` | at most "
        "a third | 700 |",
        "| the usual way | 155.0 (155.0 to 155.0) | **5.0 ×** `make book` | at least 5 × | 300 |",
        "| the usual way, 2 at a time | 93.0 (93.0 to 93.0) | **3.0 ×** `make book` | at least 2 × "
        "| 500 |",
        "| make notebooks, nothing built | 20.0 (20.0 to 20.0) | **1.25 ×** the cells alone | at "
        "most 1.3 × | 400 |",
        "| make notebooks, ordinary kernels | 48.0 (48.0 to 48.0) | **3.00 ×** the cells alone |  "
        "| 500 |",
        "| make book, notebooks done | 9.0 (9.0 to 9.0) | **1.50 ×** Sphinx alone | at most 1.5 × "
        "| 500 |",
        "| Sphinx alone, a process an edition | 6.0 (6.0 to 6.0) |  |  | 500 |",
        "| notebooks of municipalities | 100 | 60.0 | 600 | 400 |",
        "A thousand notebooks like `case` take 20 core-minutes, measured with 100 of them on 2 "
        "cores.",
    ):
        assert line in shown
    values = json.loads((tmp_path / "benchmarks/values.json").read_text("utf-8"))
    assert values == {
        "minutes_per_thousand": 20,
        "many_plan_minutes": 17,  # (2.5 + 0.5 * 99,900 / 50) / 60
        "many_core_hours": 33,  # 2 * 0.6 * 100,000 / 3600
        "many_book_hours": 2.2,
        "many_book_gibibytes": 195,
        "smallest": 50,
        "largest": 100,
        "cores": 2,
        "usual_ratio": 5.0,
        "parallel_ratio": 3.0,
    }
    assert (tmp_path / "benchmarks/results.svg").read_text("utf-8").startswith("<?xml")


def test_what_is_measured_ends_with_the_benchmark():
    code = (
        "import signal, run; signal.signal(signal.SIGTERM, signal.default_int_handler); "
        "run.measured('sleep 600')"
    )
    measuring = subprocess.Popen(
        [sys.executable, "-c", code],
        env=environment(ROOT, PYTHONPATH=f"{ROOT / 'src'}:{BENCHMARKS}"),
        stderr=subprocess.DEVNULL,
    )
    wait_for(psutil.Process(measuring.pid).children)
    (sleeping,) = psutil.Process(measuring.pid).children()
    measuring.terminate()
    assert psutil.wait_procs([sleeping], PATIENCE)[1] == []
    assert measuring.wait(PATIENCE) != 0


def test_what_is_being_started_ends_with_the_benchmark():
    code = (
        "import signal, run\n"
        "class Interrupted(run.subprocess.Popen):\n"
        "    def __init__(self, *args, **settings):\n"
        "        super().__init__(*args, **settings)\n"
        "        print(self.pid, flush=True)\n"
        "        signal.raise_signal(signal.SIGINT)\n"
        "run.subprocess.Popen = Interrupted\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "run.measured('sleep 600')\n"
    )
    measuring = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(ROOT, PYTHONPATH=f"{ROOT / 'src'}:{BENCHMARKS}"),
        capture_output=True,
        text=True,
    )
    assert measuring.returncode != 0
    wait_for(lambda: not psutil.pid_exists(int(measuring.stdout)))
