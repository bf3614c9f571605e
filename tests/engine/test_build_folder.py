"""The build folder: one build at a time, nothing in it that the plan does not
know, and any damage heals.
"""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from itertools import cycle

import pytest
from edits import Edited
from project import PATIENCE, Project, wait_for

from analysis.engine import lock, progress
from analysis.engine.steps import durations, read_record
from analysis.files import whole

WAITS = "import pathlib, time\nwhile not pathlib.Path({mark!r}).exists():\n    time.sleep(0.05)"
WRITES_BY_HAND = """from analysis import paths
folder = paths.output() / language / "values"
folder.mkdir(parents=True)
(folder / "a.json").write_text("2")
"""
SAVES = (
    "from analysis.publish import Run\n"
    "Run({name!r}, language=language).save_values(answer={answer})"
)


def test_one_build_at_a_time_and_a_killed_one_is_no_hindrance(tmp_path):
    mark = tmp_path / "go"
    project = Project(tmp_path / "project", waits=WAITS.format(mark=str(mark)))
    first = project.start("doit", "-n", "2", "-P", "thread", "notebooks")
    wait_for(lambda: "waits" in project.kernels())
    for second in (project.make()[1], project.run("analysis", "data")):
        assert second.returncode == lock.HeldError.status == 75
        assert (
            second.stderr
            == f"process {first.pid} is building into build; wait until it is done, or stop it\n"
        )
        assert second.stdout == ""
    assert project.run("analysis", "why").returncode == 0, "looking is allowed"
    first.send_signal(signal.SIGKILL)
    first.communicate()
    mark.touch()
    ran, done = project.make()
    assert (ran, done.returncode) == (["waits"], 0), done.stderr
    assert not (project.folder / "build/.lock").exists()


def test_a_disk_without_locks_does_not_keep_from_building(tmp_path):
    project = Project(tmp_path / "project", one="print(1)")
    with (project.folder / "dodo.py").open("a") as dodo:
        dodo.write(
            "\nimport fcntl\n\n\ndef flock(*_):\n    raise OSError(95, 'not "
            "supported')\n\n\nfcntl.flock = flock\n"
        )
    assert project.make()[1].returncode == 0


@pytest.mark.parametrize("target", ["mine.txt", "nowhere/at/all"])
def test_a_link_in_the_place_of_the_lock_goes_and_what_it_leads_to_stays(
    tmp_path, monkeypatch, target
):
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    (tmp_path / "build").mkdir()
    (tmp_path / "build/.lock").symlink_to(tmp_path / target)
    monkeypatch.setenv("COMPENDIUM_BUILD", str(tmp_path / "build"))
    lock.hold_build_folder()
    assert (tmp_path / "build/.lock").read_text("utf-8") == f"{os.getpid()}\n"
    lock.let_go()
    assert (tmp_path / "mine.txt").read_text("utf-8") == "mine"
    assert not (tmp_path / "build").exists()


def test_whoever_looks_whether_somebody_builds_keeps_nobody_from_it(tmp_path, monkeypatch):
    (tmp_path / "build").mkdir()
    looking = (tmp_path / "build/.lock").open("w")
    fcntl.flock(looking, fcntl.LOCK_SH)
    usual = fcntl.flock

    def flock(file, how):
        try:
            usual(file, how)
        finally:
            looking.close()  # a moment later

    monkeypatch.setenv("COMPENDIUM_BUILD", str(tmp_path / "build"))
    monkeypatch.setattr(fcntl, "flock", flock)
    lock.hold_build_folder()
    assert lock.is_held()
    lock.let_go()
    assert not lock.is_held()


WATCHED = """
import os, threading
def delete(environment, name, usual=type(os.environ).__delitem__):
    print("without", name, "in", threading.current_thread().name)
    usual(environment, name)
type(os.environ).__delitem__ = delete
"""


def test_the_environment_loses_nothing_while_steps_look_at_it(tmp_path):
    project = Project(tmp_path / "project", one="print(1)", two="print(2)")
    with (project.folder / "dodo.py").open("a") as dodo:
        dodo.write(WATCHED)
    done = project.make(NO_COLOR="1")[1]
    lost = [line for line in done.stdout.splitlines() if line.startswith("without ")]
    assert "without NO_COLOR in MainThread" in lost
    assert [line for line in lost if not line.endswith("MainThread")] == []


@pytest.mark.parametrize("folder", [".", "data", "..", "src", "book/de", "notebooks/build"])
def test_a_build_folder_that_holds_what_is_not_generated_is_refused(tmp_path, folder):
    project = Project(tmp_path / "project", one="print(1)")
    done = project.make(COMPENDIUM_BUILD=str((project.folder / folder).resolve()))[1]
    assert done.returncode == 1
    assert "is not generated; choose a folder of its own" in done.stderr
    assert (project.folder / "data/raw/study/cases.csv").is_file()


def test_what_a_renamed_or_deleted_notebook_or_a_table_out_of_the_schema_has_left_is_gone_at_once(
    tmp_path,
):
    project = Project(
        tmp_path / "project", zahlen=SAVES.format(name="zahlen", answer=41), other="print(1)"
    )
    project.make()
    values = project.folder / "build/de/values"
    assert [path.name for path in values.iterdir()] == ["zahlen.json"]
    (project.folder / "notebooks/zahlen.ipynb").unlink()
    project.write("antwort", SAVES.format(name="antwort", answer=42))
    project.write("bad", "raise ValueError")
    project.make()
    assert [path.name for path in values.iterdir()] == ["antwort.json"]
    assert (project.folder / "build/de/failed/bad.ipynb").is_file()
    (project.folder / "notebooks/antwort.ipynb").unlink()
    (project.folder / "notebooks/bad.ipynb").unlink()
    processed = project.folder / "data/processed"
    for name in ("old.csv", "own.csv"):
        (processed / name).write_text("a\n1\n")
    project.edit(
        "data/processed/datapackage.json",
        '"resources": [',
        '"resources": [{"path": "old.csv"},',
    )
    project.make()
    left = [
        path.name
        for path in (project.folder / "build").rglob("*")
        if path.is_file() and "tables" not in path.parts
    ]
    assert sorted(left) == ["data.json", "other.ipynb", "other.json", "seconds.json"]
    assert not (processed / "old.csv").exists()
    assert (processed / "own.csv").exists(), "no build has made it"
    assert project.make()[0] == []


def test_two_runs_of_one_name_are_refused_before_work_begins(tmp_path):
    project = Project(tmp_path / "project", case="print(1)", **{"case-tal": "print(2)"})
    done = project.make()[1]
    assert done.returncode == 1
    both = (
        "notebooks/case-tal.ipynb and notebooks/case.ipynb with case=tal would both be called "
        "case-tal"
    )
    assert done.stderr == f"{both}, and one overwrite the other; rename one of them\n"


def test_two_notebooks_do_not_save_a_value_of_one_name_nor_one_under_the_name_of_another(tmp_path):
    project = Edited(tmp_path / "project", 1)
    project.write("a", SAVES.format(name="a", answer=1))
    project.write("b", SAVES.format(name="b", answer=2))
    done = project.make("book")[1]
    assert "a and b both save a value 'answer' (de); rename one of them" in done.stderr
    assert "Traceback" not in done.stderr
    project.write("b", SAVES.format(name="a", answer=2))
    project.write("c", WRITES_BY_HAND)
    done = project.make("notebooks")[1]
    assert done.returncode != 0
    assert "Run('a') in the run b; a notebook publishes under its own name" in done.stderr
    assert (
        "c (de): notebooks/c.ipynb publishes de/values/a.json; expected only files called c"
        in done.stderr
    )
    assert json.loads((project.folder / "build/de/values/a.json").read_text())["values"] == {
        "answer": "1"
    }


def test_a_step_that_fails_is_due_however_it_was_before(tmp_path):
    project = Project(tmp_path / "project", one="print(1)")
    project.make()
    project.write("one", "raise ValueError")
    assert project.make()[1].returncode != 0
    assert project.make()[1].returncode != 0, "and again"
    assert (
        "notebooks/de/one: due\n  never run, or failed"
        in project.run("analysis", "why", "one").stdout
    )


def test_a_result_that_no_run_has_made_goes_with_the_next_build(tmp_path):
    project = Project(tmp_path / "project", one="print(1)", two="print(2)")
    project.make()
    values = project.folder / "build/de/values"
    values.mkdir()
    (values / "one.json").write_text('{"values": {"answer": "42"}}')
    assert project.make()[0] == ["one"]
    assert not list(values.iterdir())


def test_a_step_is_due_when_what_it_found_beyond_the_files_of_the_project_changes(tmp_path):
    far, head = tmp_path / "far.csv", tmp_path / "project/.git/HEAD"
    project = Project(
        tmp_path / "project",
        far=f"print(open({str(far)!r}).read())",
        git="print(open('../.git/HEAD').read())",
        variable="import os\nprint(os.getenv('MODE'))",
        nothing="print(1)",
    )
    head.parent.mkdir()
    for file in (far, head):
        file.write_text("1")
    assert project.make(MODE="secret")[1].returncode == 0
    assert project.make(MODE="secret", MODUS="x", PATH=f"{os.environ['PATH']}:/x")[0] == []
    assert project.make(MODE="b")[0] == ["variable"]
    for file in (far, head):
        file.write_text("2")
        assert project.make(MODE="b")[0] == [file.stem if file == far else "git"]
    project.make()
    assert "secret" not in (project.folder / "build/deps/notebooks/de/variable.json").read_text()
    why = project.run("analysis", "why", "notebooks", MODE="b").stdout
    assert why.count("due") == 1
    assert "notebooks/de/variable: due\n  variable:MODE: absent → " in why
    assert "unseen" not in why


def test_a_notebook_that_starts_a_program_is_marked_unless_it_says_what_that_reads(tmp_path):
    project = Project(tmp_path / "project", cat="!cat ../data/extra.csv")
    extra = project.folder / "data/extra.csv"
    extra.write_text("1\n")
    project.make()
    assert (
        "notebooks/de/cat: up to date\n  may read unseen files (cat)"
        in project.run("analysis", "why", "cat").stdout
    )
    file = project.folder / "notebooks/cat.ipynb"
    notebook = json.loads(file.read_text("utf-8"))
    notebook["metadata"]["compendium"] = {"reads": ["data/extra.csv"]}
    file.write_text(json.dumps(notebook), "utf-8")
    project.make()
    assert project.run("analysis", "why", "cat").stdout == "notebooks/de/cat: up to date\n"
    extra.write_text("2\n")
    assert project.make()[0] == ["cat"]
    assert project.output("cat").strip() == "2"


def test_another_version_of_a_package_makes_everything_due_and_is_named(tmp_path):
    project = Project(tmp_path / "project", one="print(1)")
    packages = tmp_path / "packages"
    (packages / "somepackage-1.0.dist-info").mkdir(parents=True)
    settings = {"PYTHONPATH": os.pathsep.join([str(project.folder / "src"), str(packages)])}
    project.make(**settings)
    assert project.make(**settings)[0] == []
    (packages / "somepackage-1.0.dist-info").rename(packages / "somepackage-1.1.dist-info")
    assert "    somepackage 1.0 → 1.1\n" in project.run("analysis", "why", "one", **settings).stdout
    assert project.make(**settings)[0] == ["data", "one"]


# A finished book takes the place of the last


@pytest.mark.parametrize("by", ["exchange", "renames"])
def test_there_is_a_book_at_any_moment(tmp_path, monkeypatch, by):
    if by == "renames":
        monkeypatch.setattr(whole, "exchange", lambda *_: False)
    monkeypatch.setenv("COMPENDIUM_BUILD", str(tmp_path))
    target, last = tmp_path / "html/de", tmp_path / "running/book/de/last"
    for number in range(3):
        made = tmp_path / "running/book/de/html"
        made.mkdir(parents=True)
        (made / "index.html").write_text(str(number))
        whole.put_in_place(made, target, last)
        assert (target / "index.html").read_text() == str(number)
        assert [
            path
            for path in tmp_path.rglob("*")
            if path.name in ("last", "html") and "running" in path.parts
        ] == []


WATCH = """
import os, sys
seen = 0
while not os.path.exists(sys.argv[2]):
    seen += 1
    os.stat(sys.argv[1])
print(seen)
"""


def test_nobody_who_looks_while_books_change_finds_none(tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_BUILD", str(tmp_path))
    target, end = tmp_path / "html/de", tmp_path / "end"
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    if not whole.exchange(one, other):
        return  # a system that cannot; the next build mends what was stopped there
    target.mkdir(parents=True)
    (target / "index.html").write_text("")
    watching = subprocess.Popen(
        [sys.executable, "-c", WATCH, str(target / "index.html"), str(end)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    time.sleep(0.2)
    for number in range(200):
        made = tmp_path / f"made{number}"
        made.mkdir()
        (made / "index.html").write_text("")
        whole.put_in_place(made, target, tmp_path / "last")
    end.touch()
    said, complaints = watching.communicate(timeout=PATIENCE)
    assert watching.returncode == 0, complaints
    assert int(said) > 0


def test_a_book_that_was_moved_away_when_the_build_was_killed_is_put_back(tmp_path):
    project = Project(tmp_path / "project", one="print(1)")
    project.make()
    (project.folder / "build/html").mkdir()
    last = project.folder / "build/running/book/de/last"
    last.mkdir(parents=True)
    (last / "index.html").write_text("the last good one")
    project.make()
    assert (project.folder / "build/html/de/index.html").read_text() == "the last good one"


# Damage


def truncate(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def garble(path):
    path.write_bytes(b"\xff\xfe{[" + os.urandom(50))


def empty(path):
    path.write_bytes(b"")


def make_folder(path):
    path.unlink()
    path.mkdir()
    (path / "something").write_text("in it")


def make_link(path):
    path.unlink()
    path.symlink_to("/nowhere/at/all")


def delete(path):
    path.unlink()


def other_json(path):
    path.write_text('["not", {"what": "was here"}]')


def nested_json(path):
    path.write_text('{"settings": {"a": 1}, "inputs": {"x": null}, "outputs": {}, "unseen": []}')


def deep_json(path):
    path.write_text("[" * 100_000)


def odd_json(path):
    path.write_text('{"settings": {}, "inputs": {"x": "absent"}, "outputs": {}, "unseen": [3]}')


def make_pipe(path):
    path.unlink()
    os.mkfifo(path)


DAMAGES = (
    truncate, garble, empty, make_folder, make_link, delete, other_json, nested_json, deep_json,
    odd_json, make_pipe,
)  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_record_is_none_and_keeps_nobody_waiting(tmp_path, damage):
    path = tmp_path / "record.json"
    whole = {"settings": {}, "inputs": {"x": "absent"}, "outputs": {}, "unseen": ["cat"]}
    path.write_text(json.dumps(whole), "utf-8")
    assert read_record(path) == whole
    damage(path)
    assert read_record(path) is None


@pytest.mark.parametrize(
    "content",
    ["[" * 100_000, '{"data": 1e999, "landing": "long"}', "3"],
    ids=["nested", "endless", "number"],
)
def test_damaged_durations_are_none(tmp_path, monkeypatch, content):
    monkeypatch.setenv("COMPENDIUM_BUILD", str(tmp_path))
    durations().parent.mkdir()
    durations().write_text(content, "utf-8")
    assert progress.Progress.expected(None) == {}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A project with a finished book."""
    project = Edited(tmp_path_factory.mktemp("finished") / "project", 3)
    done = project.make("book")[1]
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("\nthe report: build/html/index.html\n")
    return project


def kinds(project):
    """One file of each kind in the build folder and among the processed tables."""
    found = {}
    for top in ("build", "data/processed"):
        for path in sorted((project.folder / top).rglob("*")):
            if path.is_file():
                name = path.relative_to(project.folder)
                found[(name.parts[:-1][:4], path.suffix)] = path
    return list(found.values())


@pytest.mark.xdist_group("finished")
@pytest.mark.parametrize("turn", range(2))
def test_any_damage_to_any_file_heals_with_the_next_build(finished, turn):
    before = finished.results()
    for number, path in enumerate(kinds(finished)):
        if path.exists():
            DAMAGES[(number + 3 * turn) % len(DAMAGES)](path)
    done = finished.make("book")[1]
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert finished.results() == before
    assert "all up to date" in finished.make("book")[1].stdout
    assert finished.run("analysis", "why").returncode == 0


@pytest.mark.xdist_group("finished")
@pytest.mark.parametrize(
    "folders",
    [
        ("build/de", "build/html"),
        ("build/html", "data/processed", "build/de"),
        ("build/deps", "build/running", "data/processed", "build/html/de", "build/de/values"),
    ],
)
def test_folders_that_are_gone_or_something_else_heal(finished, folders):
    before = finished.results()
    for folder, instead in zip(folders, cycle(["file", "link", "nothing"]), strict=False):
        place = finished.folder / folder
        shutil.rmtree(place, ignore_errors=True)
        if instead == "file":
            place.write_text("a file")
        elif instead == "link":
            place.symlink_to("/nowhere/at/all")
    done = finished.make("book")[1]
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert finished.results() == before


def test_what_cannot_be_healed_is_named(tmp_path):
    project = Project(tmp_path / "project", prepared=False, one="print(1)")
    (project.folder / "build").write_text("a file")
    done = project.make()[1]
    assert done.returncode == 0, "a file in the place of the folder goes"
    shutil.rmtree(project.folder / "build")
    (project.folder / "build").symlink_to("/proc/nothing/here")
    done = project.make()[1]
    assert done.returncode == 1
    assert "/proc/nothing cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
