"""What is typed after `make` or `python -m analysis`: right calls with odd names work, wrong ones
get a sentence, not a traceback.
"""

import fcntl
import inspect
import json
import os
import re
import shutil
import subprocess
import sys
from importlib import import_module
from types import SimpleNamespace

import nbformat
import psutil
import pytest
from jupyter_client import KernelManager
from project import PATIENCE, on_study, run_in, wait_for

from analysis import cli, paths, problems, scaffold, streams

ROOT = paths.root()
OWN_NOTEBOOK = """from analysis.publish import Run
run = Run("bäume", language=language)
run.save_values(cases=len(run.read("cases")))
"""
ODD = "Übung mit {Blanks}, #1 & $HOME 'so' \"und\" anders (1) " + "sehr " * 20 + "lang"


def make(*arguments, folder=ROOT, **settings):
    """Runs make as a person would, not as part of the make that runs the tests."""
    own = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MAKE", "MFLAGS", "COMPENDIUM_"))
    }
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        env=own | settings,
        capture_output=True,
        text=True,
        check=False,
    )


WRONG_CALLS = {
    "make bok": "there is no `make bok`",
    "make check LANGUAG=fr": "LANGUAG means nothing to `make check`",
    "make check TIMEOT=5": "TIMEOT means nothing",
    "make check RUN=case": (
        "RUN means nothing to `make check`; it knows BOOK BUILD NOTEBOOKS PYTHON RAW STUDY"
    ),
    "make clean BUILD=mine": "BUILD means nothing to `make clean`",
    "make clean book BUILD=mine": (
        "BUILD means nothing to `make clean book`; it knows PYTHON STUDY"
    ),
    "make book help STUDY=tests": "STUDY means nothing to `make book help`; it knows PYTHON",
    "make clean STUDY=nowhere": "STUDY: there is no folder nowhere",
    "make check STUDY=nowhere": "STUDY: there is no folder nowhere",
    "make book STUDY=Makefile": "STUDY: there is no folder Makefile",
    "make check STUDY=": "STUDY= names no folder",
    "make data STUDY=tests": "RAW: there is no folder tests/data/raw",
    "make check RAW=nowhere": "RAW: there is no folder nowhere",
    "make check RAW=Makefile": "RAW: there is no folder Makefile",
    "make book RAW=nowhere": "RAW: there is no folder nowhere",
    "make book BOOK=nowhere": "BOOK: there is no folder nowhere",
    "make book NOTEBOOKS=nowhere": "NOTEBOOKS: there is no folder nowhere",
    "make data NOTEBOOKS=tests/mini": "as in BUILD=build/mine",
    "make book BOOK=src": "no folder of a language with its index.md",
    "make book RAW=tests/mini/data": (
        "RAW=tests/mini/data would take the place of the report in build"
    ),
    "make data RAW=tests/mini/data": "as in BUILD=build/mine",
    "make notebooks BOOK=tests/mini/book": "would take the place",
    "make book BUILD=Makefile": "BUILD: Makefile cannot be used: Makefile is no folder; name",
    "make book LANGUAGE=fr": "there is no language 'fr' in the book; it has de, en",
    "make notebooks LANGUAGE=fr": "it has de, en",
    "make notebooks RUN=casse": (
        "there is nothing called 'casse' (did you mean 'case'?); there are actors"
    ),
    "make why RUN=casse": "did you mean 'case'?",
    "make why JOBS=2": (
        "JOBS means nothing to `make why`; it knows BOOK BUILD NOTEBOOKS PYTHON RAW REPOSITORY_URL "
        "RUN SITE_URL STUDY"
    ),
    "make twice SCHEDULER=tcp://127.0.0.1:1": "SCHEDULER means nothing to `make twice`",
    "make twice SHARED=yes": "SHARED means nothing to `make twice`",
    "make bench ROUNDS=two": "ROUNDS=two: expected a whole number, such as 2",
    "make bench ROUNDS=0": "ROUNDS=0: expected a whole number, such as 2",
    "make bench PART=book": "PART=book: expected report or growth",
    "make check RAW=": "RAW= names no folder; without it the usual one is taken",
    "make book BUILD= BOOK=": "BOOK= BUILD= names no folder",
    "make check RAW=/dev/null": "RAW: there is no folder /dev/null",
    "make book BUILD=tests": (
        "BUILD=tests lies in tests, which is not generated; choose a folder of"
    ),
    "make check BUILD=tests/new": "BUILD=tests/new lies in tests, which is not generated",
    "make data BUILD=benchmarks": "BUILD=benchmarks lies in benchmarks, which is not generated",
    "make why BUILD=data/processed": "BUILD=data/processed lies in data, which is not generated",
    "make twice BUILD=.venv": "BUILD=.venv lies in .venv, which is not generated",
    "make notebooks BUILD=.": "BUILD=. contains ., which is not generated",
    "make book BUILD=build/../src/x": "BUILD=src/x lies in src, which is not generated",
    "make data BUILD=/usr/lib": "BUILD=/usr/lib holds ",
    "make browse BUILD=nowhere": "there is no finished book in nowhere; `make book` builds it",
    "make audit VNU=nowhere.jar": "VNU=nowhere.jar: expected the checker's vnu.jar",
    "make audit VNU=dodo.py AXE=nowhere.js": "AXE=nowhere.js: expected an axe.min.js, of npm's",
    "make new-notebook NAME=x STUDY=nowhere": "STUDY: there is no folder nowhere",
    "make new-table NAME=x STUDY=nowhere": "STUDY: there is no folder nowhere",
    "make strip STUDY=nowhere": "NOTEBOOKS: there is no folder nowhere/notebooks",
    "make import FROM=nowhere.csv REPLACE=nein": "REPLACE=nein: expected yes or no",
    "make import FROM=nowhere.csv DRY_RUN=false": "DRY_RUN=false: expected yes or no",
    "make export TO=--help": "'--help': expected a name that ends in .qdpx",
    "make why RUN=--help": "there is nothing called '--help'",
    "make new-table NAME=--help": "NAME=--help: expected a name for the table",
    "make anchors SOURCE=--help": "--help",
    "make test JOBS=x": "JOBS=x: expected a whole number, such as 4",
    "make browse JOBS=0": "JOBS=0: expected a whole number, such as 4",
    "make cluster JOBS=-1": "JOBS=-1: expected a whole number, such as 4",
    "make book JOBS=99999": "JOBS=99999: expected a whole number, such as 4",
    "make check PYTHON=/bin/ls": "there is no Python called /bin/ls; name one",
    "make check PYTHON=/usr": "there is no Python called /usr; name one",
    "make check PYTHON=.": "there is no Python called .; name one",
    "make check PYTHON=Makefile": "there is no Python called Makefile; name one",
    "make check PYTHON=python9": "there is no Python called python9; name one",
    "python -m analysis": "required: COMMAND",
    "python -m analysis bok": "invalid choice: 'bok'",
    "python -m analysis build": "required: target",
    "python -m analysis build boo": "invalid choice: 'boo'",
    "python -m analysis book": "required: language",
    "python -m analysis book fr": "there is no language 'fr'",
    "python -m analysis why a b": "unrecognized arguments: b",
    "python -m analysis check --raw=x": "unrecognized arguments: --raw=x",
    "python -m analysis cluster many": "invalid int value: 'many'",
    "python -m analysis cluster 0": "0 workers: expected a whole number from 1 to 64",
    "python -m analysis cluster 99999999999": "expected a whole number from 1 to 64",
    "make cluster JOBS=65": "65 workers: expected a whole number from 1 to 64",
    "python -O -m analysis check": "told to leave out checks",
    "python -OO -m analysis": "run it without -O and PYTHONOPTIMIZE",
    "make book BUILD=build/html": "lies in build/html, where a build keeps its own",
    "make data BUILD=build/en/figures/x": "lies in build/en, where a build keeps its own",
    "make check BUILD=build/deps": "lies in build/deps, where a build keeps its own",
    "make why BUILD=build/running/de": "lies in build/running, where a build keeps its own",
}


@pytest.mark.parametrize("call", WRONG_CALLS)
def test_wrong_call_gets_one_sentence_that_says_what_would_be_right(call):
    program, *arguments = call.split()
    if program == "make":
        done = make(*arguments)
    else:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
        )
    said = [
        line for line in done.stderr.splitlines() if not re.match(r"make: \*\*\* .* Error \d", line)
    ]
    assert done.returncode == 2
    assert len(said) == 1
    assert WRONG_CALLS[call] in said[0]


@pytest.mark.parametrize("command", ["", *cli.COMMANDS])
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main([*command.split(), "--help"])
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith("usage: python -m analysis")


@pytest.mark.parametrize("command", cli.COMMANDS.values(), ids=cli.COMMANDS)
def test_every_command_is_a_function_that_takes_what_can_be_asked_for(command):
    module, _, name = command.does.rpartition(".")
    taken = inspect.signature(getattr(import_module(f"analysis.{module}"), name)).parameters
    assert [name.strip("-").replace("-", "_") for name in command.takes] == [*taken]


@pytest.fixture
def own_notebook(tmp_path, monkeypatch):
    """The place of the only notebook of a study, which is not written yet."""
    (tmp_path / "notebooks").mkdir()
    monkeypatch.setenv("COMPENDIUM_NOTEBOOKS", str(tmp_path / "notebooks"))
    monkeypatch.setenv("COMPENDIUM_BUILD", str(tmp_path / "build"))
    return tmp_path / "notebooks/own.ipynb"


def test_a_build_of_nothing_leaves_no_folder(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COMPENDIUM_BUILD", str(tmp_path / "new/build"))
    assert cli.main(["build", "notebooks", "--run=casse"]) == 2
    assert "casse" in capsys.readouterr().err
    assert not (tmp_path / "new/build").exists()


@pytest.mark.parametrize("command", ["why", "twice", "build notebooks --run=own"])
def test_a_plan_that_cannot_be_followed_is_told_in_a_sentence(own_notebook, command, capsys):
    metadata = {"compendium": {"each": {"case": "cases.case"}}}
    nbformat.write(nbformat.v4.new_notebook(metadata=metadata), own_notebook)
    assert cli.main(command.split()) == 1
    assert capsys.readouterr().err.startswith(f"{own_notebook}: `each` in its metadata names")


def test_a_notebook_with_marks_of_git_is_named_and_no_other_is_stripped(own_notebook, capsys):
    other = own_notebook.with_name("a.ipynb")
    code = nbformat.v4.new_code_cell("1", outputs=[nbformat.v4.new_output("stream", text="1")])
    nbformat.write(nbformat.v4.new_notebook(cells=[code]), other)
    before = other.read_bytes()
    own_notebook.write_text("{\n<<<<<<< HEAD\n", "utf-8")
    assert cli.main(["strip"]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"{own_notebook}, line 2: two versions that git could not merge")
    assert other.read_bytes() == before


@pytest.mark.parametrize("content", ["{", "[]", "3", '{"release": "1"}'])
def test_a_damaged_manifest_is_named(own_notebook, content, monkeypatch, capsys):
    monkeypatch.setenv("COMPENDIUM_BOOK", str(own_notebook.parent))
    own_notebook.with_name("manifest.json").write_text(content, "utf-8")
    assert cli.main(["verify"]) == 1
    said = capsys.readouterr().err
    assert said == f"{own_notebook.parent}/manifest.json is damaged; get it back from Git\n"


def test_help_explains_every_variable_and_every_variable_means_something():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    explained = re.findall(r"^#: .*\n([A-Z_]+) =", makefile, re.MULTILINE)
    meant = set(
        re.findall(
            r"\b[A-Z_]+\b",
            " ".join(
                re.findall(
                    r"^(?:PLACES|BUILDING|ADDRESSES|MEANS_[\w-]+) = (.*)", makefile, re.MULTILINE
                )
            ),
        )
    )
    assert meant - {"PLACES", "BUILDING", "ADDRESSES"} | {"PYTHON"} == set(explained)
    shown = make("help").stdout
    assert re.findall(r"^  ([A-Z_]+) +\S", shown, re.MULTILINE) == explained
    assert re.search(r"^  STUDY +folder .* \[\.\]$", shown, re.MULTILINE)


@pytest.mark.parametrize("target", ["why", "bundle"])
def test_a_book_with_addresses_of_its_own_can_be_explained_and_packed(target):
    addresses = [f"{name}=https://example.org/x" for name in ("SITE_URL", "REPOSITORY_URL")]
    done = make("-n", target, *addresses)
    assert done.returncode == 0, done.stderr


def test_pages_in_a_language_without_words_are_refused_and_a_folder_set_aside_is_none(new_mini):
    study = new_mini()
    for name in ("_alt", ".alt", "kopie"):
        shutil.copytree(study.book / "de", study.book / name)
    done = study.run("analysis", "check")
    assert done.returncode == 2
    assert done.stderr == (
        f"BOOK: {study.book}/kopie has an index.md, as a language has; known languages are de, en. "
        "To set a folder aside, let its name begin with _\n"
    )


def test_names_of_folders_may_hold_anything(tmp_path):
    study = tmp_path / ODD
    shutil.copytree(ROOT / "tests/mini", study)
    given = [f"RAW={study}/data", f"BOOK={study}/book", f"BUILD={study}/Mein Bau"]
    done = make("data", *given)
    assert done.returncode == 0, done.stderr
    assert (study / "Mein Bau/processed/facts.csv").is_file()
    assert {path.name for path in tmp_path.iterdir()} == {ODD}


def test_nothing_in_the_name_of_a_folder_is_carried_out(tmp_path):
    done = make("check", f"RAW=$(shell touch {tmp_path}/ran)`touch {tmp_path}/ran`")
    assert "RAW: there is no folder $(shell touch" in done.stderr
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    "setting", ["PYTHONOPTIMIZE=2", "PYTHONINSPECT=1", "PYTHONHASHSEED=abc", "PYTHONWARNINGS=error"]
)
def test_what_somebody_has_told_python_does_not_reach_the_build(setting):
    done = make("why", "RUN=nothing", **dict([setting.split("=")]))
    said, status = done.stderr.splitlines()
    assert said.startswith("there is nothing called 'nothing'")
    assert status.endswith("Error 2")


def test_windows_itself_is_told_of_wsl_whose_steps_both_languages_name():
    done = make("check", OS="Windows_NT")
    assert done.returncode == 2
    assert "does not run on Windows itself but in WSL" in done.stderr
    for language in ("de", "en"):
        page = (ROOT / f"book/{language}/rebuild.md").read_text("utf-8")
        assert "wsl --install" in page
        assert "apt install make git python3-venv" in page


@pytest.mark.parametrize(
    ("study", "page"), [(".", "book/en/adapt.md"), ("src/analysis/template", "notebooks")]
)
def test_jupyterlab_opens_at_the_tutorial_or_at_the_notebooks_of_another_study(study, page):
    command = make("-n", "lab", f"STUDY={study}").stdout.replace("\\\n", " ").splitlines()[-1]
    assert command.split()[:3] == [".venv/bin/python", "-m", "jupyterlab"]
    assert '--ServerApp.root_dir="$COMPENDIUM_STUDY"' in command
    assert f"--LabApp.default_url=/lab/tree/{page}" in command.split()
    assert (ROOT / study / page).exists()


def test_the_kernel_of_every_notebook_is_the_python_that_jupyterlab_runs_in():
    notebooks = [*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("src/**/template/**/*.ipynb")]
    kernels = {nbformat.read(path, 4).metadata.kernelspec.name for path in notebooks}
    kernels |= {scaffold.KERNEL["name"]}
    programs = {KernelManager(kernel_name=name).format_kernel_cmd()[0] for name in kernels}
    assert programs == {sys.executable}


def test_another_study_may_have_notebooks_of_its_own(tmp_path):
    study = tmp_path / ODD
    shutil.copytree(ROOT / "tests/mini", study)
    own = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell('language: str = "de"', metadata={"tags": ["parameters"]}),
            nbformat.v4.new_code_cell(OWN_NOTEBOOK),
        ]
    )
    (study / "Hefte").mkdir()
    nbformat.write(own, study / "Hefte/bäume.ipynb")
    places = {"RAW": "data", "NOTEBOOKS": "Hefte", "BOOK": "book", "BUILD": "Mein Bau"}
    done = make("notebooks", *[f"{name}={study}/{place}" for name, place in places.items()])
    assert done.returncode == 0, done.stderr
    build = study / "Mein Bau/de"
    assert [path.name for path in (build / "notebooks").iterdir()] == ["bäume.ipynb"]
    assert json.loads((build / "values/bäume.json").read_text("utf-8"))["values"] == {"cases": "2"}
    assert ODD not in (build / "notebooks/bäume.ipynb").read_text("utf-8")


def why_in_a_shell(study, after):
    """`make why`, followed by what a shell is told about its output."""
    command, settings = f'"{sys.executable}" -m analysis why {after}', os.environ | study.settings
    return subprocess.run(
        command, shell=True, cwd=ROOT, env=settings, capture_output=True, text=True, check=False
    )


def test_what_nobody_reads_to_the_end_is_no_fault(new_mini):
    done = why_in_a_shell(new_mini(), "| head -n 1")
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_what_nobody_can_read_is_no_fault(new_mini, closed):
    done = why_in_a_shell(new_mini(), closed)
    assert (done.returncode, done.stderr) == (0, "")


INTERRUPTED = """import runpy, sys
from analysis import cli
def interrupted(*_):
    raise KeyboardInterrupt
cli.main, sys.argv = interrupted, ["analysis", "check"]
runpy.run_module("analysis", run_name="__main__")
"""


def test_ctrl_c_ends_every_command_with_a_word():
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "\nstopped\n")


def test_a_folder_that_cannot_be_copied_is_told_by_its_first_file(tmp_path, monkeypatch, capsys):
    (tmp_path / "from").mkdir()
    (tmp_path / "from/a").symlink_to("nowhere")
    command = cli.Command("engine.clearing.clear_outputs", "Copies.")
    monkeypatch.setitem(cli.COMMANDS, "strip", command)
    monkeypatch.setattr(
        "analysis.engine.clearing.clear_outputs",
        lambda: shutil.copytree(tmp_path / "from", tmp_path / "to"),
    )
    assert cli.main(["strip"]) == 1
    assert capsys.readouterr().err == f"{tmp_path}/to/a: No such file or directory\n"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(28, "No room", "/from", None, "/to"), "/to: No room"),
        (OSError(13, "Not yours", "/a"), "/a: Not yours"),
        (OSError(13, "Not yours", "/a", None, "/b"), "/a: Not yours"),
        (OSError(13, "Not yours", b"/a"), "/a: Not yours"),
        (OSError(28, "No room"), "the disk: No room"),
        (OSError(9, "Closed", 3), "the disk: Closed"),
        (OSError("odd"), "the disk: odd"),
        (shutil.Error("odd"), "the disk: odd"),
    ],
)
def test_what_the_system_refuses_is_told_with_the_place_and_no_number(error, told):
    assert problems.said(error) == told


def test_what_finds_no_room_on_the_disk_is_no_fault(tmp_path):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    with (tmp_path / "log").open("w") as log:
        stream = streams.Unread(SimpleNamespace(fileno=log.fileno, write=refuse, flush=refuse))
        assert stream.write("done") == 0
        stream.flush()


@pytest.fixture
def cleaning(tmp_path):
    """A study in which something was built and somebody wrote, and a project without packages."""
    study = tmp_path / "a study"
    package = '{"resources": [{"path": "x.csv"}]}'
    texts = {"data/processed/datapackage.json": package, "build/deps/data.json": "{}"}
    for name in ("data/raw/sources.csv", "data/processed/own.md", "data/processed/x.csv", *texts):
        (study / name).parent.mkdir(parents=True, exist_ok=True)
        (study / name).write_text(texts.get(name, ""), "utf-8")
    copy = tmp_path / "copy"
    (copy / "build").mkdir(parents=True)
    for name in ("Makefile", "dodo.py"):
        shutil.copy(ROOT / name, copy)
    (copy / "src").symlink_to(ROOT / "src")
    return study, copy


def files_of(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_what_was_built_of_another_study_can_be_deleted_and_nothing_else(cleaning):
    study, copy = cleaning
    done = make("clean", f"STUDY={study}", folder=copy)
    assert done.returncode == 0, done.stderr
    assert files_of(study) == {"data/raw/sources.csv", "data/processed/own.md"}
    assert not (study / "build").exists()
    assert (copy / "build").is_dir()


def test_a_folder_that_no_build_has_made_is_not_deleted(cleaning):
    study, copy = cleaning
    (study / "build/deps").rename(study / "build/letters")
    before = files_of(study)
    done = make("clean", f"STUDY={study}", folder=copy)
    assert done.returncode == 2
    assert "holds letters" in done.stderr
    assert files_of(study) == before


@pytest.mark.parametrize("command", ["check", "why", "export", "clean"])
def test_a_study_with_tables_where_builds_write_theirs_can_all_but_be_built(tmp_path, command):
    study = tmp_path / "study"
    scaffold.new_study(study)
    own = study / "data/processed/own.csv"
    own.parent.mkdir()
    own.write_text("a\n1\n", "utf-8")
    if command == "clean":
        done = make("clean", f"STUDY={study}")
    else:
        done = on_study(study, command, *([str(tmp_path / "x.qdpx")] * (command == "export")))
    assert done.returncode == 0, done.stderr
    assert own.read_text("utf-8") == "a\n1\n"
    for call in (["build", "data"], ["data"]):
        done = on_study(study, *call)
        assert done.returncode == 1
        assert "holds own.csv, which no build has made" in done.stderr
    own.rename(own.with_name("._own.csv"))
    assert on_study(study, "build", "data").returncode == 0


def test_who_cleans_another_study_leaves_the_caches_of_the_project(tmp_path):
    """Others may be using them, as tests do that run beside this one."""
    assert ".pytest_cache" in make("--dry-run", "clean").stdout
    assert ".pytest_cache" not in make("--dry-run", "clean", f"STUDY={tmp_path}").stdout


@pytest.mark.parametrize("target", ["clean", "pristine", "verify"])
def test_what_somebody_builds_at_the_moment_is_not_deleted(cleaning, target):
    study, copy = cleaning
    if target == "verify":
        shutil.move(study / "build", copy / "build/verify")
        for name in ("book", "notebooks", "data"):
            (copy / name).symlink_to(ROOT / name)
    (copy / ".venv").mkdir()
    builds = {"verify": copy / "build/verify", "pristine": copy / "build"}
    build = builds.get(target, study / "build")
    with (build / ".lock").open("w") as lock:
        lock.write("17\n")
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        before = files_of(build)
        given = {"verify": ["--assume-old=ready"], "clean": [f"STUDY={study}"]}
        done = make(target, *given.get(target, []), folder=copy)
    assert "process 17 is building into" in done.stderr
    assert "Error 75" in done.stderr
    assert files_of(build) == before
    assert (copy / ".venv").is_dir()


def a_python(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o755)


@pytest.mark.parametrize("target", ["clean", "pristine"])
@pytest.mark.parametrize("broken", [b"\x7fELF\x02\x01 of another machine", b"#!/nowhere/python\n"])
def test_what_was_built_is_deleted_whatever_is_wrong_with_the_environment(cleaning, target, broken):
    study, copy = cleaning
    shutil.move(study / "build", copy / "build")
    a_python(copy / ".venv/bin/python", broken)
    done = make(target, folder=copy)
    assert done.returncode == 0, done.stderr
    assert not (copy / "build").exists()
    assert (copy / ".venv").exists() == (target == "clean")


@pytest.mark.parametrize("named", ["PYTHON", "conda"])
def test_what_was_built_is_deleted_with_the_python_that_is_named(cleaning, tmp_path, named):
    study, copy = cleaning
    logs = (
        f'#!/bin/sh\n[ "$1" = -I ] || echo here >> {tmp_path}/log\nexec "{sys.executable}" "$@"\n'
    )
    a_python(tmp_path / "conda/bin/python", logs.encode())
    (tmp_path / "conda/bin/papermill").touch()
    a_python(copy / ".venv/bin/python", b"#!/bin/sh\necho 42\n")
    given = [f"PYTHON={tmp_path}/conda/bin/python"] if named == "PYTHON" else []
    settings = {"CONDA_PREFIX": f"{tmp_path}/conda"} if named == "conda" else {}
    done = make("clean", f"STUDY={study}", *given, folder=copy, **settings)
    assert done.returncode == 0, done.stderr
    assert not (study / "build").exists()
    assert (tmp_path / "log").read_text("utf-8") == "here\n"


def test_the_environment_goes_even_if_what_was_built_cannot_be_deleted(cleaning):
    _, copy = cleaning
    a_python(copy / ".venv/bin/python", b"")
    done = make("pristine", "PYTHON=/nowhere/python", folder=copy)
    assert done.returncode == 2
    assert "there is no Python called /nowhere/python" in done.stderr
    assert not (copy / ".venv").exists()


@pytest.mark.parametrize("fails", [True, False], ids=["faulty", "whole"])
def test_the_manifest_is_written_once_and_only_when_the_book_is_whole(tmp_path, fails):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/papermill").touch()
    python, log = tmp_path / "bin/python", tmp_path / "log"
    python.write_text(f'#!/bin/sh\necho "$3 $4" >> {log}\n[ "$4" != book ] || exit {fails:d}\n')
    python.chmod(0o755)
    done = make("manifest", "--assume-old=ready", CONDA_PREFIX=str(tmp_path))
    assert bool(done.returncode) == fails
    asked = ["build book"] if fails else ["build book", "manifest ", "build book"]
    assert log.read_text("utf-8").splitlines() == asked


def test_build_goes_on_when_nobody_reads_what_it_says(new_mini):
    study = new_mini()
    settings = os.environ | {
        "COMPENDIUM_RAW": str(study.raw),
        "COMPENDIUM_BOOK": str(study.book),
        "COMPENDIUM_BUILD": str(study.build),
    }
    command = f'"{sys.executable}" -m analysis build data | true'
    done = subprocess.run(
        command, shell=True, cwd=ROOT, env=settings, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert (study.build / "processed/facts.csv").is_file()
    again = study.run("analysis", "build", "data")
    assert again.stdout == "1 step, all up to date\n"


def test_outputs_are_taken_out_of_notebooks_and_nothing_else_changes(tmp_path):
    for folder in ("notebooks", "src"):
        shutil.copytree(
            ROOT / folder,
            tmp_path / folder,
            ignore=shutil.ignore_patterns("__pycache__", ".*"),
        )
    before = {path.name: path.read_bytes() for path in (tmp_path / "notebooks").iterdir()}
    run = tmp_path / "notebooks/roles.ipynb"
    text = run.read_text("utf-8")
    output = '"outputs": [{"name": "stdout", "output_type": "stream", "text": ["3"]}]'
    run.write_text(
        text.replace('"outputs": []', output, 1).replace(
            '"execution_count": null', '"execution_count": 7', 1
        ),
        "utf-8",
    )
    done = run_in(tmp_path, "analysis", "strip")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "notebooks/roles.ipynb: outputs taken out\n"
    assert {path.name: path.read_bytes() for path in (tmp_path / "notebooks").iterdir()} == before


@pytest.mark.parametrize("target", ["book", "watch"])
def test_what_ends_make_ends_what_it_has_started(target, tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/papermill").touch()
    python, number = tmp_path / "bin/python", tmp_path / "number"
    python.write_text(
        f'#!/bin/sh\ncase "$*" in *analysis*{target}*) echo $$ >{number}; exec sleep 60;; esac\n'
        "echo 42\n",
        "utf-8",
    )
    python.chmod(0o755)
    own = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "-s", "-C", ROOT, target]
    made = subprocess.Popen(command, env=own | {"CONDA_PREFIX": str(tmp_path)})
    wait_for(lambda: number.exists() and number.read_text("ascii").strip())
    started = psutil.Process(int(number.read_text("ascii")))
    made.terminate()
    assert made.wait() != 0
    assert not psutil.wait_procs([started], PATIENCE)[1]


@pytest.mark.parametrize("variable", ["CONDA_PREFIX", "NB_PYTHON_PREFIX"])
def test_conda_environment_of_any_name_is_used_if_the_packages_are_in_it(variable, tmp_path):
    (tmp_path / "bin").mkdir()
    nowhere = {"CONDA_PREFIX": "", "NB_PYTHON_PREFIX": ""}
    assert str(tmp_path) not in make("-n", "check", **nowhere | {variable: str(tmp_path)}).stdout
    (tmp_path / "bin/papermill").touch()
    assert (
        f'"{tmp_path}/bin/python" -m analysis check'
        in make("-n", "check", **nowhere | {variable: str(tmp_path)}).stdout
    )
    assert (
        str(tmp_path)
        not in make("-n", "check", "PYTHON=python3", **nowhere | {variable: str(tmp_path)}).stdout
    )
