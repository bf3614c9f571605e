"""A step remembers what it read and made, and is due when any of it is no longer the same."""

import os
from pathlib import Path

import hypothesis.strategies as some
import pytest
from hypothesis import given, settings

from analysis import paths
from analysis.engine import states, steps
from analysis.engine.reads import ASKED, CANARY, READ, STARTED, VARIABLE, line
from analysis.engine.runs import PlanError
from analysis.engine.states import ABSENT, digest, kind, signature
from analysis.engine.steps import CHANGED, WITHHELD, Step

NAME = "notebooks/de/trial"
FIGURE = "build/de/figures/trial.csv"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of a few files; a place in it is told by its path."""
    for name in ("STUDY", "RAW", "NOTEBOOKS", "BOOK", "BUILD"):
        monkeypatch.delenv(f"COMPENDIUM_{name}", raising=False)
    monkeypatch.setenv("COMPENDIUM_ROOT", str(tmp_path))
    for file in (CANARY, "data/raw/a.csv", "data/processed/p.csv", "notebooks/trial.ipynb"):
        put(tmp_path / file, f"id\n{file}\n")
    return tmp_path


def put(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def step(project, *read, asked=(), noted=(), meanwhile=None, done=True, outputs=(), **more):
    """A step that reads and asks for some files, and makes others."""

    def action(work):
        files = [project / name for name in (CANARY, *read)]
        lines = [line(READ, str(path), signature(path)) for path in files]
        lines += [line(ASKED, str(project / name), kind(project / name)) for name in asked]
        (work / "reads").write_text("\n".join([*lines, *noted]) + "\n", "utf-8")
        for name in outputs:
            put(project / name, "made\n")
        if meanwhile:
            meanwhile(work)
        return done

    return Step(NAME, action, lambda: [project / name for name in outputs], **more)


def told(a_step, foreseen=None):
    """The changes of a step: what, and whether it was and is there."""
    return [
        (change.what, change.was != ABSENT, change.now != ABSENT)
        for change in a_step.changes(foreseen)
    ]


def test_a_step_is_due_until_it_has_run_and_is_up_to_date_behind_it(project):
    own = step(project, "data/raw/a.csv", outputs=[FIGURE])
    assert [str(change) for change in own.changes()] == ["never run, or failed"]
    assert own.run()
    assert own.changes() == []
    assert own.is_current()
    assert not (paths.running() / NAME).exists()


@pytest.mark.parametrize("file", ["data/raw/a.csv", FIGURE])
@pytest.mark.parametrize("now", ["other\n", None])
def test_what_a_step_read_or_made_makes_it_due_when_it_changes_or_goes(project, file, now):
    own = step(project, "data/raw/a.csv", outputs=[FIGURE])
    assert own.run()
    put(project / file, now) if now else (project / file).unlink()
    assert told(own) == [(steps.name_of(project / file), True, now is not None)]
    assert not own.is_current()


def test_the_same_content_written_anew_makes_no_step_due(project):
    own = step(project, "data/raw/a.csv", outputs=[FIGURE])
    assert own.run()
    for file in ("data/raw/a.csv", FIGURE):
        put(project / file, (project / file).read_text("utf-8"))
        os.utime(project / file, (1, 1))
    assert own.is_current()


def test_an_output_that_has_come_and_another_setting_make_a_step_due(project):
    assert step(project, settings={"parameters": "{}"}).run()
    other = step(project, outputs=[FIGURE], settings={"parameters": "{'n': 1}"})
    put(project / FIGURE, "by hand\n")
    assert told(other) == [("parameters", True, True), ("build:de/figures/trial.csv", False, True)]


def test_of_what_was_only_asked_for_the_kind_counts_and_not_the_content(project):
    own = step(project, asked=["data/raw/a.csv", "data/raw/none.csv"])
    assert own.run()
    put(project / "data/raw/a.csv", "other\n")
    assert own.is_current()
    put(project / "data/raw/none.csv", "id\n")
    assert told(own) == [("raw:none.csv", False, True)]


def test_a_step_that_fails_is_due_even_if_it_was_not_before(project):
    assert step(project).run()
    failed = step(project, done=False)
    assert not failed.run()
    assert [str(change) for change in failed.changes()] == ["never run, or failed"]


def test_a_file_that_cannot_be_worked_with_is_named_and_the_step_fails(project, capsys):
    def full(work):
        raise OSError(28, "No space left on device", str(work))

    assert not step(project, meanwhile=full).run()
    assert capsys.readouterr().err.startswith(f"{NAME}: build/running/{NAME}: No space left")
    assert not (paths.running() / NAME).exists()


def test_what_changes_while_a_step_runs_makes_it_due_again(project):
    a = project / "data/raw/a.csv"
    own = step(project, "data/raw/a.csv", meanwhile=lambda _: put(a, "id\nlater\n"))
    assert own.run()
    assert [(change.what, change.was) for change in own.changes()] == [("raw:a.csv", CHANGED)]


def test_what_the_pipeline_read_before_a_step_is_an_input_as_it_was_then(project):
    a = project / "data/raw/a.csv"
    before = {a: signature(a)}
    own = step(project, sources=lambda: before, meanwhile=lambda _: put(a, "id\nlater\n"))
    assert own.run()
    assert not own.is_current()


def test_a_file_that_was_another_one_whenever_it_was_read_makes_a_step_due(project):
    a = project / "data/raw/a.csv"
    own = step(project, noted=[line(READ, str(a), "1 2 3 4")], sources=lambda: {a: signature(a)})
    assert own.run()
    assert [change.was for change in own.changes()] == [CHANGED]


def test_what_a_worker_elsewhere_read_is_compared_by_its_content(project):
    a = project / "data/raw/a.csv"
    assert step(project, noted=[line(READ, str(a), steps.CONTENT + digest(a))]).run()
    assert step(project).changes() == []
    own = step(project, noted=[line(READ, str(a), steps.CONTENT + "0" * 64)])
    assert own.run()
    assert not own.is_current()


def test_what_a_step_makes_is_no_input_of_it(project):
    put(project / FIGURE, "made\n")
    own = step(project, FIGURE, outputs=[FIGURE])
    assert own.run()
    record = steps.read_record(own.record)
    assert list(record["outputs"]) == ["build:de/figures/trial.csv"]
    assert "build:de/figures/trial.csv" not in record["inputs"]


def test_a_record_without_the_package_that_is_always_read_is_none(project, capsys):
    own = step(project, meanwhile=lambda work: (work / "reads").write_text("", "utf-8"))
    assert not own.run()
    assert f"what it reads is not seen, or {CANARY} would be among it" in capsys.readouterr().err
    assert steps.read_record(own.record) is None


def test_programs_are_marked_unless_the_step_says_what_they_read(project):
    started = [line(STARTED, "sh"), line(STARTED, "awk")]
    own = step(project, noted=started)
    assert own.run()
    assert own.unseen() == ["awk", "sh"]
    own = step(project, noted=started, declared=lambda: [project / "data/raw/a.csv"])
    assert own.run()
    assert own.unseen() == []
    put(project / "data/raw/a.csv", "other\n")
    assert told(own) == [("raw:a.csv", True, True)]


def test_a_variable_counts_by_its_value_which_the_record_does_not_tell(project, monkeypatch):
    monkeypatch.setenv("TREES", "lime and oak")
    own = step(project, noted=[line(VARIABLE, "TREES"), line(VARIABLE, "SHADE")])
    assert own.run()
    assert "lime" not in own.record.read_text("utf-8")
    assert own.is_current()
    monkeypatch.setenv("TREES", "oak")
    monkeypatch.setenv("SHADE", "")
    assert told(own) == [("variable:SHADE", False, True), ("variable:TREES", True, True)]


def test_tables_that_will_be_made_anew_are_compared_as_they_will_be(project):
    own = step(project, "data/processed/p.csv", asked=["data/processed/q.csv"])
    assert own.run()
    same = {"processed:p.csv": digest(project / "data/processed/p.csv")}
    (project / "data/processed/p.csv").unlink()
    assert told(own, same) == []
    assert told(own, {"processed:p.csv": "0" * 64}) == [("processed:p.csv", True, True)]
    assert told(own, same | {"processed:q.csv": "0" * 64}) == [("processed:q.csv", False, True)]
    assert told(own, {"processed:r.csv": "0" * 64}) == [("processed:p.csv", True, False)]


def test_of_tables_that_will_be_made_anew_listing_and_presence_stay_what_they_were(project):
    own = step(project, "data/processed", asked=["data/processed/p.csv"])
    assert own.run()
    assert told(own, {"processed:p.csv": "0" * 64}) == []


def test_tables_are_kept_as_they_were_read_until_no_record_names_them(project):
    own, a = step(project, "data/raw/a.csv", "notebooks/trial.ipynb"), project / "data/raw/a.csv"
    before = digest(a)
    assert own.run()
    put(a, "id\nlater\n")
    assert steps.kept(before).read_text("utf-8") == "id\ndata/raw/a.csv\n"
    assert steps.kept(digest(project / "notebooks/trial.ipynb")) is None
    assert own.run()
    steps.forget_old_tables()
    assert steps.kept(steps.read_record(own.record)["settings"]["packages"])
    assert steps.kept(before) is None
    assert steps.kept(digest(a)) is not None
    put(steps.tables() / digest(a), "damaged\n")
    assert steps.kept(digest(a)) is None


def test_raw_tables_of_which_something_may_not_be_shown_are_kept_nowhere(project):
    files = "data/raw/a.csv", "data/processed/p.csv"
    assert step(project, *files).run()
    assert steps.kept(digest(project / files[0]))
    hidden = step(project, *files, meanwhile=lambda work: (work / WITHHELD).touch())
    assert hidden.run()
    assert steps.kept(digest(project / files[0])) is None
    assert steps.kept(digest(project / files[1]))


def test_raw_tables_that_may_not_be_shown_are_not_kept_by_notebooks_that_read_them_either(project):
    files = "data/raw/a.csv", "data/processed/p.csv"
    data = Step(
        "data", step(project, meanwhile=lambda work: (work / WITHHELD).touch()).action, list
    )
    assert data.run()
    assert step(project, *files).run()
    assert steps.kept(digest(project / files[0])) is None
    assert steps.kept(digest(project / files[1]))


@pytest.mark.parametrize("study", ["data/raw", "studies/another/data/raw"])
def test_what_people_could_be_recognised_by_is_kept_nowhere(project, study):
    file = f"{study}/study/identities.csv"
    put(project / file, "interview_id,value\nx,Somebody\n")
    assert step(project, file, "data/raw/a.csv").run()
    assert steps.kept(digest(project / file)) is None
    assert steps.kept(digest(project / "data/raw/a.csv"))


@pytest.mark.parametrize(
    ("file", "is_input"),
    [
        ("build/de/figures/x.json", True),
        ("build/de/figures", True),
        ("build/figures", False),
        ("build/html/de/index.html", False),
        ("build/running/notebooks/figures/x.json", False),
        ("build/deps/notebooks/de/x.json", False),
        ("src/analysis/__pycache__/paths.pyc", False),
        ("notebooks/.ipynb_checkpoints/a.ipynb", True),
        ("notebooks/.ipynb_checkpoints", False),
    ],
)
def test_what_the_build_makes_for_itself_and_passing_files_are_no_inputs(project, file, is_input):
    path = project / file
    path.mkdir(parents=True) if not path.suffix else put(path, "x\n")
    assert steps._is_input(path, was_read=True) == is_input


def test_what_cannot_be_read_is_no_reason_to_run_again(project, monkeypatch):
    locked, pipe = project / "data/raw/locked", project / "data/raw/pipe"
    locked.mkdir()
    os.mkfifo(pipe)
    listed = states._listed

    def refuse(folder):
        """As the system does for whoever may not look into a folder."""
        if Path(folder) == locked:
            raise PermissionError(13, "Permission denied", str(folder))
        return listed(folder)

    monkeypatch.setattr(states, "_listed", refuse)
    own = step(project, "data/raw/locked", "data/raw/pipe")
    assert own.run()
    assert own.changes() == []
    monkeypatch.undo()
    monkeypatch.setenv("COMPENDIUM_ROOT", str(project))
    assert told(own) == [("raw:locked", True, True)]


def test_what_an_editor_keeps_of_unsaved_files_makes_no_other_listing(project):
    before = digest(project / "notebooks")
    put(project / "notebooks/#trial.ipynb#", "x\n")
    assert digest(project / "notebooks") == before
    put(project / "notebooks/#", "x\n")
    assert digest(project / "notebooks") != before


def test_who_only_asks_for_a_passing_file_does_not_depend_on_it(project):
    file = project / "notebooks/.ipynb_checkpoints/a.ipynb"
    put(file, "x\n")
    assert not steps._is_input(file, was_read=False)
    assert steps._is_input(project / "data/raw/a.csv", was_read=False)


FOLDERS = ("data/raw", "data/processed", "notebooks", "book", "build", "src")
PARTS = some.lists(some.text("abü .:", min_size=1, max_size=5), min_size=1, max_size=3)


@settings(max_examples=40)
@given(folder=some.sampled_from(FOLDERS), parts=PARTS)
def test_a_name_in_a_record_leads_back_to_the_file(folder, parts):
    parts = [part for part in parts if part.strip(".")] or ["a"]
    file = paths.root().joinpath(folder, *parts)
    name = steps.name_of(file)
    assert steps.path_of(name) == file
    assert str(paths.root()) not in name
    assert steps.path_of(steps.name_of(Path("/elsewhere/x.csv"))) == Path("/elsewhere/x.csv")


def test_a_file_belongs_to_the_innermost_place_that_it_lies_in(project):
    names = [steps.name_of(project / file) for file in ("data/raw/a.csv", "data/x", "book")]
    assert names == ["raw:a.csv", "project:data/x", "book:."]


def test_a_step_whose_plan_is_wrong_meanwhile_fails_with_a_sentence(project, capsys):
    def refuse(_work):
        raise PlanError("study.yml, line 3: not readable")

    assert not step(project, meanwhile=refuse).run()
    assert capsys.readouterr().err == f"{NAME}: study.yml, line 3: not readable\n"


@pytest.mark.usefixtures("project")
def test_what_a_stopped_build_has_left_is_cleared_and_a_book_put_back():
    put(paths.running() / "book/de/last/index.html", "last\n")
    put(paths.running() / "notebooks/de/x/reads", "")
    halves = [paths.processed() / "p.csv.partial", paths.build() / "html/index.html.partial"]
    halves += [paths.build() / f"{name}.partial" for name in ("archive.zip", "revisions/0123")]
    for half in halves:
        put(half, "half\n")
    steps.clear_unfinished()
    assert not paths.running().exists()
    assert not any(half.exists() for half in halves)
    assert (paths.build() / "html/de/index.html").read_text("utf-8") == "last\n"
    assert (paths.processed() / "p.csv").exists()


def test_a_build_of_the_project_itself_changes_nothing_that_another_study_listed(
    tmp_path, monkeypatch
):
    for name, place in (("ROOT", tmp_path / "project"), ("BUILD", tmp_path / "study/build")):
        place.mkdir(parents=True)
        monkeypatch.setenv(f"COMPENDIUM_{name}", str(place))
    before = digest(tmp_path / "project")
    (tmp_path / "project/build").mkdir()
    assert digest(tmp_path / "project") == before
    (tmp_path / "project/other").mkdir()
    assert digest(tmp_path / "project") != before
