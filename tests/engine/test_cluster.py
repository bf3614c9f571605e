"""A Dask cluster of processes on this machine: the same bytes as here, whatever workers are lost,
and the local state stays exact.
"""

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from concurrent.futures import Future
from types import SimpleNamespace

import distributed
import psutil
import pytest
from project import COUNTS, PATIENCE, STYLE, TARGETS, Project, tree, wait_for

from analysis import paths
from analysis.engine import cluster, parcel, pipeline, runs
from analysis.engine.notebookfile import NotebookError
from analysis.engine.reads import Reads
from analysis.engine.steps import places
from analysis.scaffold import new_study

pytestmark = pytest.mark.xdist_group("cluster")


class Cluster:
    """A scheduler and workers, each a process of its own."""

    def __init__(self, folder):
        self.folder, self.file, self.processes = folder, folder / "scheduler.json", []
        self.start(
            "scheduler",
            "--port",
            "0",
            "--host",
            "127.0.0.1",
            "--scheduler-file",
            self.file,
            "--no-dashboard",
        )
        wait_for(self.file.is_file)
        for _ in range(2):
            self.worker()
        self.address = f"tcp://{self.file.read_text('utf-8').split('tcp://')[1].split(chr(34))[0]}"

    def start(self, command, *arguments):
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("COMPENDIUM_")
        }
        log = (self.folder / f"{command}{len(self.processes)}.log").open("w")
        script = [sys.executable, "-m", f"distributed.cli.dask_{command}", *map(str, arguments)]
        environment["KERNELS"] = str(self.folder / "kernels")
        process = subprocess.Popen(
            script, cwd=self.folder, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        self.processes.append(process)
        return process

    def worker(self):
        options = (
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
            "--local-directory",
            self.folder / "local",
        )
        return self.start("worker", "--scheduler-file", self.file, *options)

    def copies(self):
        """How often a worker has got the inputs from the scheduler."""

        def counted(dask_scheduler):
            log = [(str(key), state) for key, _, state, *_ in dask_scheduler.transition_log]
            return sum(key.startswith("inputs-") and state == "memory" for key, state in log)

        with distributed.Client(self.address, set_as_default=False) as client:
            return client.run_on_scheduler(counted)

    def kernels(self):
        log = self.folder / "kernels"
        return log.read_text("utf-8").split() if log.is_file() else []

    def end(self):
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    started = Cluster(tmp_path_factory.mktemp("cluster"))
    yield started
    started.end()


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """The project built without a cluster."""
    project = Project(
        tmp_path_factory.mktemp("here") / "project",
        counts=COUNTS,
        targets=TARGETS,
        style=STYLE,
        missing=MISSING,
    )
    assert project.make()[1].returncode == 0
    return project


# Looks for a file that is not there, reads one outside the package, and shows a folder.
MISSING = """from analysis import paths
extra = paths.root() / 'extra.txt'
print(extra.exists() and extra.read_text())
print(len(open(paths.root() / 'dodo.py').read()), paths.raw())"""


def copied(project, folder):
    """The same project elsewhere, nothing built."""
    copy = Project(folder)
    for notebook in (project.folder / "notebooks").glob("*.ipynb"):
        (copy.folder / "notebooks" / notebook.name).write_bytes(notebook.read_bytes())
    return copy


def content(project):
    return {
        name.as_posix(): content for name, (content, _) in tree(project.folder / "build/de").items()
    }


def records(project):
    return {
        name.as_posix(): content
        for name, (content, _) in tree(project.folder / "build/deps/notebooks").items()
    }


@pytest.mark.parametrize("shared", ["", "yes"], ids=["inputs travel", "shared folder"])
def test_the_same_bytes_and_the_same_records_as_here(here, running, tmp_path, shared):
    there = copied(here, tmp_path / "there")
    (there.folder / "data/nowhere").symlink_to("gone")  # must not keep the inputs from being sent
    settings = {"COMPENDIUM_SCHEDULER": running.address, "COMPENDIUM_SHARED": shared}
    before = running.copies()
    done = there.make(jobs="8", **settings)[1]
    assert running.copies() == before + (not shared), "all runs share one copy"
    assert done.returncode == 0, done.stdout + done.stderr
    assert there.kernels() == [], "no kernel was started here"
    assert content(there) == content(here)
    assert records(there) == records(here), "what each run has read is known as if it had been here"
    assert there.make()[1].stdout.startswith("5 steps, all up to date")
    there.edit("src/analysis/drawing/style.py", "WIDTH = 17.0", "WIDTH = 16.0")
    kernels = running.kernels()
    assert there.make(jobs="8", **settings)[1].returncode == 0
    assert running.kernels()[len(kernels) :] == ["style"], "one run, with the changed module"
    assert there.output("style").strip() == "16.0"
    unpacked = (running.folder / "local").rglob("compendium-*")
    assert bool(shared) or any(unpacked), "inputs lie where Dask deletes them with their worker"


# Notes in a file which worker it runs on, then waits for another file.
WAITS = (
    "import os, pathlib, psutil, time\n"
    "with open({mark!r} + '.worker', 'w') as note:\n    "
    "note.write(str(psutil.Process(os.getppid()).ppid()))\n"
    "while not pathlib.Path({mark!r}).exists():\n    time.sleep(0.1)"
)


def test_the_runs_of_a_lost_worker_are_repeated(here, running, tmp_path):
    there = copied(here, tmp_path / "there")
    mark, noted = tmp_path / "go", tmp_path / "go.worker"
    there.write("waits", WAITS.format(mark=str(mark)))
    begun = len(running.kernels())
    build = there.start(
        "doit", "-n", "8", "-P", "thread", "notebooks", COMPENDIUM_SCHEDULER=running.address
    )
    wait_for(lambda: noted.is_file() and noted.read_text())
    os.kill(int(noted.read_text()), signal.SIGKILL)
    running.worker()
    wait_for(lambda: running.kernels()[begun:].count("waits") == 2)
    mark.touch()
    said, complaints = build.communicate(timeout=PATIENCE)
    assert build.returncode == 0, said + complaints
    made = content(there)
    assert made.pop("notebooks/waits.ipynb")
    assert made == content(here)


def test_a_failing_notebook_is_explained_and_kept_here(running, tmp_path):
    project = Project(tmp_path / "project", bad="raise ValueError('no such town')", good="print(1)")
    done = project.make(jobs="8", COMPENDIUM_SCHEDULER=running.address)[1]
    assert done.returncode != 0
    assert "no such town" in done.stderr
    assert "ValueError" in (project.folder / "build/de/failed/bad.ipynb").read_text("utf-8")
    assert project.output("good").strip() == "1"


def test_no_scheduler_is_an_error_that_says_so(tmp_path):
    project = Project(tmp_path / "project", one="print(1)", two="print(2)")
    done = project.make(COMPENDIUM_SCHEDULER="tcp://127.0.0.1:9")[1]
    assert done.returncode != 0
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in done.stderr
    assert "`make cluster` starts one" in done.stderr


def test_a_cluster_without_workers_is_given_up():
    asked = Future()
    scheduler = SimpleNamespace(scheduler_info=lambda: {"workers": {}})
    with pytest.raises(NotebookError, match=r"the cluster has had no worker for 0 s \(TIMEOUT=\)"):
        cluster._answer(asked, scheduler, 0)
    assert asked.cancelled()


def test_a_run_whose_own_time_is_over_is_not_waited_for():
    failed = Future()
    failed.set_exception(TimeoutError(110, "Connection timed out"))
    with pytest.raises(TimeoutError, match="Connection timed out"):
        cluster._answer(failed, SimpleNamespace(), 0)


def test_a_run_that_is_done_while_nobody_waits_is_answered():
    class Late(Future):
        def result(self, timeout=None):
            if not self.done():
                self.set_result((b"made", ""))
                raise TimeoutError
            return super().result(timeout)

    assert cluster._answer(Late(), SimpleNamespace(), 0) == (b"made", "")


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_the_cluster_for_trying_ends_with_all_its_workers(tmp_path, signum):
    project = Project(tmp_path / "project", one="print(1)")
    trial = project.start("analysis", "cluster", "2")
    address = re.search(r"SCHEDULER=(\S+)", trial.stdout.readline()).group(1)
    assert project.make(COMPENDIUM_SCHEDULER=address)[1].returncode == 0
    workers = psutil.Process(trial.pid).children(recursive=True)
    trial.send_signal(signum)
    assert trial.wait(PATIENCE) == 0, trial.stderr.read()
    assert psutil.wait_procs(workers, PATIENCE)[1] == []


def test_workers_of_a_busy_machine_have_time_to_begin(monkeypatch):
    def begun(**options):
        assert options["death_timeout"] >= 60
        raise InterruptedError

    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(distributed, "LocalCluster", begun)
    with pytest.raises(InterruptedError):
        cluster.serve(2)


def test_what_a_worker_reads_outside_the_project_is_said_and_no_input_here(tmp_path):
    project = tmp_path / "project"
    seen = {project / "x.csv": {"1"}, tmp_path / "far.csv": {"1"}}
    reads = Reads(seen, {tmp_path / "none": {"absent"}}, {"MODE"}, {"cat"})
    layout = {"project": "."}
    kept = parcel.keep_inside(reads, project, layout)
    assert kept.read == {project / "x.csv": {"1"}}
    assert kept.asked == {}
    assert kept.variables == {"MODE"}
    assert kept.started == {"cat", "files of a worker"}


def test_what_a_worker_reads_above_the_project_is_no_input_either(tmp_path):
    layout = {"raw": "project/data/raw", "project": "project"}
    sought = [tmp_path / "project/.git", tmp_path / ".git", tmp_path]
    kept = parcel.keep_inside(Reads({}, {path: {"absent"} for path in sought}), tmp_path, layout)
    assert [parcel.name_of(path, tmp_path, layout) for path in kept.asked] == ["project:.git"]


def test_files_are_unpacked_where_they_are_noted(tmp_path):
    (tmp_path / "scratch").symlink_to(tmp_path / "disk")
    (tmp_path / "disk").mkdir()
    with parcel.project(b"", str(tmp_path / "scratch")) as project:
        assert project.parent == (tmp_path / "disk").resolve()


def test_a_worker_keeps_the_last_projects_and_those_at_work(tmp_path):
    def packed(name):
        file = tmp_path / name
        file.write_text(name, "utf-8")
        return parcel.zipped([(file, name)])

    own = tmp_path / "own"
    own.mkdir()
    with parcel.project(packed("first"), str(own)) as first:
        for name in ("second", "third", "fourth"):
            with parcel.project(packed(name), str(own)):
                pass
        assert (first / "first").read_text("utf-8") == "first"
    kept = {path.name for path in own.glob("*/*")}
    assert kept == {"third", "fourth"}


def test_files_travel_under_any_name(tmp_path):
    names = ["Fälle.csv".encode(), b"100% a b.csv"]
    names += [b"F\xe4lle.csv"] * (sys.platform != "darwin")  # where all names are UTF-8
    files = [tmp_path / os.fsdecode(name) for name in names]
    for file in files:
        file.write_bytes(os.fsencode(file.name))
    there = tmp_path / "there"
    parcel.unpack(parcel.zipped([(file, f"project/{file.name}") for file in files]), there)
    found = {os.fsencode(path.name): path.read_bytes() for path in (there / "project").iterdir()}
    assert found == {name: name for name in names}


def test_a_worker_of_another_version_refuses():
    result, complaint = cluster.execute_there(
        runs.NotebookRun("roles", "de"), {}, b"", {}, "another"
    )
    assert result == b""
    assert "another version" in complaint
    assert "start the worker again" in complaint


def test_the_version_of_a_worker_is_that_of_all_that_executes_notebooks(tmp_path, monkeypatch):
    package = paths.root() / "src/analysis"
    names = {str(path.relative_to(package)) for path in pipeline.engine()}
    assert {"patches/processes.py", "paths.py", "parameters.py", "files/whole.py"} <= names
    module = tmp_path / "module.py"
    monkeypatch.setattr(pipeline, "engine", lambda: {module: ""})
    versions = set()
    for content in "ab":
        module.write_text(content, "utf-8")
        versions.add(cluster.engine.__wrapped__())
    assert len(versions) == 2


@pytest.mark.parametrize("withheld", [False, True])
def test_raw_tables_of_which_something_may_not_be_shown_do_not_travel(mini, withheld):
    (mini.raw / "tables.yml").write_text("", "utf-8")
    record = {"settings": {}, "inputs": {"raw:a": "b"}, "outputs": {}, "unseen": []}
    (mini.build / "deps").mkdir(parents=True)
    marked = record | ({"withheld": True} if withheld else {})
    (mini.build / "deps/data.json").write_text(json.dumps(marked), "utf-8")
    (mini.raw / "study/identities.csv").write_text("interview_id,value\n", "utf-8")
    sent = zipfile.ZipFile(io.BytesIO(parcel.inputs())).namelist()
    raw = parcel.layout()["raw"]
    own = {name.removeprefix(f"{raw}/") for name in sent if name.startswith(f"{raw}/")}
    assert "study/identities.csv" not in own
    assert "tables.yml" in own
    assert ("coding/units.csv" in own) != withheld
    assert len(own) == 1 or not withheld
    assert "project/dodo.py" in sent
    others = [name for name in sent if name.endswith("coding/units.csv")]
    assert others == [] if withheld else others == [f"{raw}/coding/units.csv"]


def test_what_other_studies_keep_to_themselves_does_not_travel(mini, monkeypatch):
    study = mini.book.parent / "study"
    monkeypatch.setenv("COMPENDIUM_STUDY", str(study))
    record = {"settings": {}, "inputs": {"raw:a": "b"}, "outputs": {}, "unseen": []}
    stay = (
        "other/data/raw/study/identities.csv",
        "other/data/raw/coding/units.csv",
        "elsewhere/study/identities.csv",
        "study/build-of-another/deps/tables/abc",
        "study/build-of-another/drafts/de/notebooks/x.ipynb",
        "other/build/drafts/de/notebooks/x.ipynb",
    )
    for name in (*stay, "other/notes.txt", "running/x.csv"):
        (study / name).parent.mkdir(parents=True, exist_ok=True)
        (study / name).write_text("x\n", "utf-8")
    (mini.build / "deps").mkdir(parents=True)
    (mini.build / "deps/data.json").write_text(json.dumps(record), "utf-8")
    sent = zipfile.ZipFile(io.BytesIO(parcel.inputs())).namelist()
    assert [name for name in stay if any(one.endswith(name) for one in sent)] == []
    assert any(name.endswith("other/notes.txt") for name in sent)
    assert any(name.endswith("study/running/x.csv") for name in sent), "holds what is by hand"
    assert f"{parcel.layout()['raw']}/coding/units.csv" in sent


@pytest.mark.parametrize("linked", [*paths.PARTS.values(), "data"])
def test_a_part_of_a_study_that_is_a_link_is_one_on_a_worker_too(tmp_path, monkeypatch, linked):
    study, disk = tmp_path / "a study", tmp_path / "d"
    new_study(study)
    (study / "build").mkdir()
    shutil.move(study / linked, disk)
    (study / linked).symlink_to(disk)
    monkeypatch.setenv("COMPENDIUM_STUDY", str(study))
    paths.processed().mkdir()
    (paths.processed() / "facts.csv").write_text("a\n", "utf-8")
    there, layout = tmp_path / "worker", parcel.layout()
    parcel.unpack(parcel.inputs(), there)
    told = cluster._settings({place: str(there / path) for place, path in layout.items()})
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    assert [name for name in paths.PARTS if paths.is_elsewhere(name)] == []
    assert {place: path.relative_to(there).as_posix() for place, path in places().items()} == layout
    assert (paths.processed() / "facts.csv").is_file()
    assert paths.about().is_file()
    assert paths.languages() == ["en"]


def test_a_file_that_tells_who_somebody_is_does_not_travel(mini, capsys):
    (mini.book / "de/dank.md").write_text("Dank an\n*Joerg* Möller-\nWeiß.", "utf-8")
    (mini.raw / "study/identities.csv").write_text(
        "interview_id,value\nclausee,Jörg Möller-Weiß\n", "utf-8"
    )
    sent = zipfile.ZipFile(io.BytesIO(parcel.inputs())).namelist()
    assert any(name.endswith("mini/book/de/index.md") for name in sent)
    assert not any(name.endswith("dank.md") for name in sent)
    said = capsys.readouterr().err
    assert "de/dank.md:2: holds what somebody can be recognised by who is not named" in said
    assert "the file stays here" in said
    assert "oerg" not in said
