"""The engine redoes exactly what a change touches, keeps runs apart, and leaves nothing half-done.

Each test works on a small project of its own, see project.py; what was
redone is counted in kernels.
"""

import contextlib
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from project import COUNTS, LASTING, PATIENCE, STYLE, TARGETS, Project, tree, wait_for


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path / "project", counts=COUNTS, targets=TARGETS, style=STYLE)


def test_exactly_what_a_change_touches_is_redone(tmp_path):
    project = Project(
        tmp_path / "project", prepared=False, counts=COUNTS, targets=TARGETS, style=STYLE
    )
    ran, done = project.make()
    assert done.returncode == 0, done.stderr
    assert ran == ["counts", "data", "style", "targets"]
    before = tree(project.folder / "build/de")
    assert project.make()[0] == []
    assert tree(project.folder / "build/de") == before, "a build with nothing to do touches no file"

    for path in project.folder.rglob("*"):
        path.touch()
    assert project.make()[0] == [], "touched, not changed"

    targets = project.folder / "data/raw/study/targets.csv"
    original = targets.read_text("utf-8")
    scope = original.splitlines()[1].split(",")[2]
    targets.write_text(original.replace(scope, f"{scope} neu", 1), "utf-8")
    assert project.make()[0] == ["data", "targets"], "one cell of one raw table"

    project.edit("src/analysis/drawing/style.py", "WIDTH = 17.0", "WIDTH = 16.0")
    assert project.make()[0] == ["style"], "one module"
    assert project.output("style").strip() == "16.0"

    targets.write_text(original, "utf-8")
    project.edit("book/de/index.md", "# ", "# Neu: ")
    project.write("counts", COUNTS + "\nprint(paths := open)")
    assert project.make()[0] == ["counts", "data", "targets"], (
        "the cell as before, and one notebook; prose runs none"
    )


def test_a_notebook_that_is_not_run_for_its_place_is_told(project):
    project.make()
    draft = project.folder / "notebooks/drafts/first.ipynb"
    draft.parent.mkdir()
    draft.write_bytes((project.folder / "notebooks/counts.ipynb").read_bytes())
    done = project.run("analysis", "build", "notebooks")
    said = "notebooks/drafts/first.ipynb is not run; only notebooks in notebooks itself are"
    assert done.stdout == f"note: {said}\n4 steps, all up to date\n"


def test_the_same_inputs_elsewhere_or_back_again_rerun_nothing(project, tmp_path):
    project.make()
    folder, project.folder = project.folder, tmp_path / "copy"
    shutil.copytree(folder, project.folder, copy_function=shutil.copyfile)
    assert project.make()[0] == [], "another folder, all files new"

    # Another branch and back: the same files are written twice.
    for here, there in (("17.0", "16.0"), ("16.0", "17.0")):
        project.edit("src/analysis/drawing/style.py", f"WIDTH = {here}", f"WIDTH = {there}")
    for here, there in (("2030", "2031"), ("2031", "2030")):
        project.edit("data/raw/study/targets.csv", here, there)
    assert project.make()[0] == [], "another branch and back"


def test_tables_that_come_out_the_same_stop_the_chain(project):
    project.make()
    facts = project.folder / "data/raw/study/targets.csv"
    facts.write_text(facts.read_text("utf-8").replace("\n", "\r\n"), "utf-8", newline="")
    assert project.make()[0] == ["data"]


def test_a_dependency_nobody_declared_is_seen(project):
    missing = """from analysis import paths
try:
    print(open(paths.root() / 'extra.txt').read())
except FileNotFoundError:
    print('none')"""
    project.write("style", missing)
    assert project.make()[0] == ["counts", "style", "targets"]
    assert project.output("style").strip() == "none"
    (project.folder / "extra.txt").write_text("some", "utf-8")
    ran, done = project.make()
    assert (ran, done.stderr) == (["style"], ""), "a file that was looked for and did not exist"
    assert project.output("style").strip() == "some"
    (project.folder / "extra.txt").write_text("more", "utf-8")
    project.write(
        "counts",
        "from analysis import paths\nprint(sorted(p.name for p in (paths.root() / "
        "'notebooks').glob('x*')))",
    )
    assert project.make()[0] == ["counts", "style"], "a file that was read"
    (project.folder / "notebooks/x.txt").write_text("", "utf-8")
    assert project.make()[0] == ["counts"], "a folder that was listed"


@pytest.mark.parametrize("file", ["notebooks/counts.ipynb", "values/other.json"])
def test_a_notebook_that_reads_what_notebooks_publish_is_refused(tmp_path, file):
    code = f"""from analysis import paths
import contextlib
with contextlib.suppress(OSError):
    open(paths.build() / 'de/{file}').read()"""
    project = Project(tmp_path / "project", counts=COUNTS, zz=code)
    done = project.make(jobs="1")[1]
    assert done.returncode != 0
    said = f"zz (de): notebooks/zz.ipynb reads build/de/{file}, which notebooks publish"
    assert said in done.stderr
    assert "Let it read the tidy tables" in done.stderr
    assert not (project.folder / "build/de/notebooks/zz.ipynb").exists()


def test_outputs_removed_or_edited_by_hand_are_mended(project):
    project.make()
    result = project.folder / "build/de/notebooks/style.ipynb"
    original = result.read_bytes()
    result.unlink()
    edited = result.with_name("counts.ipynb")
    made = edited.read_bytes()
    edited.write_text("{}", "utf-8")
    assert project.make()[0] == ["counts", "style"]
    assert (edited.read_bytes(), result.read_bytes()) == (made, original)


def test_why_names_the_change(project):
    project.make()
    project.edit("src/analysis/drawing/style.py", "WIDTH = 17.0", "WIDTH = 16.0")
    said = project.run("analysis", "why", "notebooks").stdout
    assert "notebooks/de/counts: up to date" in said
    assert re.search(
        r"notebooks/de/style: due\n  project:src/analysis/drawing/style.py: \w{12} → \w{12}\n", said
    )
    project.edit("src/analysis/drawing/style.py", "WIDTH = 16.0", "WIDTH = 17.0")
    assert ": due" not in project.run("analysis", "why", "notebooks").stdout


def test_why_names_the_rows_before_anything_is_rerun(project):
    project.make()
    targets = project.folder / "data/raw/study/targets.csv"
    header, first, *rest = targets.read_text("utf-8").splitlines(keepends=True)
    key, scope = first.split(",")[0], first.split(",")[2]
    targets.write_text(
        header + first.replace(scope, f"{scope} neu", 1) + "".join(rest[:-1]), "utf-8"
    )
    said = project.run("analysis", "why").stdout
    last = rest[-1].split(",")[0]
    changed = (
        rf"row 2 \({key}\): \w+ '{scope}' → '{scope} neu'\n"
        rf" +row {len(rest) + 2} removed: {last}"
    )
    assert re.search(
        rf"^data: due\n  raw:study/targets.csv: \w+ → \w+\n    {changed}", said, re.MULTILINE
    )
    assert re.search(
        rf"^notebooks/de/targets: due\n  processed:targets.csv: \w+ → \w+\n    {changed}",
        said,
        re.MULTILINE,
    )
    assert "notebooks/de/counts: up to date" in said
    assert re.search(
        r"^book/de: due\n(  .*\n)+  after notebooks/de/targets$|^book/de: due\n  never run",
        said,
        re.MULTILINE,
    )
    assert project.make()[0] == ["data", "targets"], "and it has changed nothing"


def test_a_failing_notebook_stops_no_other_and_is_explained(tmp_path):
    project = Project(
        tmp_path / "project",
        counts=COUNTS,
        bad="print(1)\nraise ValueError('no such town')\nprint(2)",
        style=STYLE,
    )
    ran, done = project.make()
    assert done.returncode != 0
    assert {"counts", "style"} <= set(ran)
    assert "no such town" in done.stderr
    assert re.search(
        r"bad \(de\): cell 3 of notebooks/bad.ipynb failed at "
        r"`raise ValueError\('no such town'\)`",
        done.stderr,
    )
    assert "jupyter lab build/de/failed/bad.ipynb" in done.stderr
    assert "failed: notebooks/de/bad" in done.stdout
    assert done.stdout.endswith("stays in place, in build and data/processed\n")
    assert "ValueError" in (project.folder / "build/de/failed/bad.ipynb").read_text("utf-8")
    assert not (project.folder / "build/de/notebooks/bad.ipynb").exists()
    project.write("bad", "print(2)")
    ran, done = project.make()
    assert (ran, done.returncode) == (["bad"], 0), "what was finished is kept"
    assert not (project.folder / "build/de/failed/bad.ipynb").exists()


def test_what_a_failing_notebook_says_is_shown_as_text_and_not_without_end(tmp_path):
    project = Project(
        tmp_path / "project",
        colour=r"raise ValueError('\x1b[31mred\x1b]0;title\x07' + 'x' * 9999)",
        magic="%nosuch",
    )
    said = project.make()[1].stderr
    assert r"ValueError: red\x1b]0;title\x07xxx" in said
    assert not {"\x1b", "\x07"} & set(said)
    assert "x" * 1000 in said
    assert "x" * 2000 not in said
    assert "Line magic function `%nosuch` not found" in said
    assert "x" * 9999 in (project.folder / "build/de/failed/colour.ipynb").read_text("utf-8")


FAR = """def town(name):
    try:
        return {}[name]
    except KeyError:
        raise ValueError("no such town")
%%
print("looks")
town("x")"""
NEAR = """try:
    {}["x"]
except KeyError:
    raise ValueError("no such town")"""
FAILING = {
    "far": (FAR, 'town("x")'),
    "near": (NEAR, 'raise ValueError("no such town")'),
    "low": ('\n\nprint("looks")\nraise ValueError("no")', 'raise ValueError("no")'),
    "inner": (
        'get_ipython().run_cell("\\n" * 9 + "1 / 0").raise_error()',
        'get_ipython().run_cell("\\n" * 9 + "1 / 0").raise_error()',
    ),
}


def test_the_line_that_failed_is_one_of_the_cell_that_failed(tmp_path):
    project = Project(tmp_path / "project", **{name: code for name, (code, _) in FAILING.items()})
    said = project.make()[1].stderr
    assert "Traceback" not in said
    for name, (_, line) in FAILING.items():
        assert re.search(rf"^{name} \(de\): .* failed at `{re.escape(line)}`$", said, re.MULTILINE)
        assert (project.folder / f"build/de/failed/{name}.ipynb").is_file()


SPOILER = """
import matplotlib, os, sys, threading, random, numpy, time
import matplotlib.pyplot as plt
matplotlib.rcParams["font.size"] = 99
os.environ["SPOILT"] = "yes"
os.chdir("/")
sys.modules["json"] = None
random.seed(1); numpy.random.seed(1)
plt.figure()
threading.Thread(target=time.sleep, args=(600,), daemon=False).start()
print("spoilt")
"""
WITNESS = """
import matplotlib, os, json, random, numpy
import matplotlib.pyplot as plt
figures = len(plt.get_fignums())
print(matplotlib.rcParams["font.size"], os.environ.get("SPOILT"), os.getcwd() == "/", figures)
print(
    random.random() == random.Random(1).random(),
    numpy.random.random() == numpy.random.RandomState(1).random(),
)
"""


def test_nothing_passes_from_one_run_to_another(tmp_path):
    project = Project(
        tmp_path / "project",
        cold=True,
        a=SPOILER,
        b=WITNESS,
        c="import os\nos._exit(3)",
        d=WITNESS,
        e="import time\nwhile True: time.sleep(0.1)",
    )
    _, done = project.make(jobs="1", COMPENDIUM_TIMEOUT="10")
    assert done.returncode != 0
    assert project.output("a").strip() == "spoilt"
    assert project.output("b") == project.output("d") == "10.0 None False 0\nFalse False\n"
    assert "c (de)" in done.stderr
    assert "e (de)" in done.stderr
    assert project.processes() == []


def test_a_run_has_so_much_time_for_all_its_cells_and_ends_with_what_it_started(tmp_path):
    folder = tmp_path / "project"
    slow = "\n%%\n".join(["import time", *["time.sleep(4)"] * 4])
    notebooks = {"slow": slow, "lasting": LASTING.format(mark=str(folder)), "quick": "print(1)"}
    project = Project(folder, cold=True, **notebooks)
    _, done = project.make(COMPENDIUM_TIMEOUT="9")
    assert project.output("quick").strip() == "1"
    assert (
        "failed at `time.sleep(4)`\n  CellTimeoutError: the time allowed for the whole run is over"
        in done.stderr
    )
    assert "CellTimeoutError" in (folder / "build/de/failed/slow.ipynb").read_text("utf-8")
    assert (folder / "build/de/failed/lasting.ipynb").is_file()
    assert project.processes() == []


def test_a_run_that_exhausts_memory_harms_no_other(tmp_path):
    project = Project(
        tmp_path / "project",
        cold=True,
        greedy="hoard = [bytearray(2**28) for _ in range(64)]",
        modest="print(1)",
    )
    _, done = project.make(COMPENDIUM_MEMORY="2")
    assert done.returncode != 0
    assert project.output("modest").strip() == "1"
    assert "MemoryError" in done.stderr
    assert (project.folder / "build/de/failed/greedy.ipynb").is_file()


def left_half_done(project):
    return [
        path
        for path in (project.folder / "build").rglob("*")
        if "running" in path.parts or path.suffix == ".partial"
    ]


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_build_that_is_stopped_leaves_nothing_behind_and_keeps_what_was_finished(
    tmp_path, signum
):
    folder = tmp_path / "project"
    project = Project(folder, cold=True, counts=COUNTS, waits=LASTING.format(mark=str(folder)))
    sockets = Path(tempfile.mkdtemp(dir="/tmp"))  # the names of sockets must be short
    build = project.start("doit", "-n", "2", "-P", "thread", "notebooks", TMPDIR=str(sockets))
    wait_for(
        lambda: (
            project.kernels().count("waits")
            and (folder / "build/deps/notebooks/de/counts.json").is_file()
        )
    )
    build.send_signal(signum)
    build.communicate(timeout=PATIENCE)  # nobody waits for the notebook, which lasts 600 s
    assert build.returncode != 0
    if signum != signal.SIGKILL:  # from which no program can do anything more
        assert left_half_done(project) == []
        assert list(sockets.glob("*")) == []
    wait_for(lambda: project.processes() == [])
    shutil.rmtree(sockets)
    project.write("waits", "print(1)")
    project.cold = False
    assert project.make()[0] == ["waits"], "what was finished is kept"
    assert left_half_done(project) == []


def test_a_failing_run_leaves_what_it_published_before_as_it_was(tmp_path):
    draw = (
        "import pandas as pd\nfrom analysis.publish import Run\nimport matplotlib.pyplot as "
        "plt\nrun = Run('draw', language=language)\n"
        "about = pd.DataFrame({'source_id': ['x'], 'locator': ['1']})\nfacts = "
        "run.read('facts').head(2)[['fact_id', 'value']]\n"
        "texts = {'headline': 'h', 'caption': 'c', 'alt': 'a'}\n"
        "run.save_figure(plt.figure(), **texts, data=facts, sources=about)"
    )
    project = Project(tmp_path / "project", draw=draw)
    _, done = project.make()
    assert done.returncode == 0, done.stderr
    before = tree(project.folder / "build/de")
    project.write(
        "draw",
        draw.replace("'caption': 'c'", "'caption': 'new'")
        + "\nraise SystemError('after publishing')",
    )
    _, done = project.make()
    assert done.returncode != 0
    after = tree(project.folder / "build/de")
    assert {name: content for name, content in after.items() if name.parts[0] != "failed"} == before
    project.write("draw", "print('publishes nothing any more')")
    project.make()
    assert sorted(path.as_posix() for path in tree(project.folder / "build/de")) == [
        "notebooks/draw.ipynb"
    ]


def on_a_terminal(project):
    """What a build shows on a terminal, without the signs that move the cursor."""
    shown = []
    master, terminal = pty.openpty()
    command = [sys.executable, "-m", "doit", "-n", "2", "-P", "thread", "notebooks"]
    build = subprocess.Popen(
        command,
        cwd=project.folder,
        env=project.environment(TERM="xterm", COLUMNS="120"),
        stdout=terminal,
        stderr=terminal,
    )
    os.close(terminal)
    with contextlib.suppress(OSError):  # the end of a terminal
        while content := os.read(master, 65536):
            shown.append(content.decode())
    os.close(master)
    assert build.wait() == 0
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", "".join(shown))


def test_on_a_terminal_the_build_shows_what_runs(tmp_path):
    project = Project(
        tmp_path / "project", prepared=False, counts=COUNTS, targets=TARGETS, style=STYLE
    )
    first = on_a_terminal(project)
    assert re.search(r"\d done, \d up to date, \d waiting +\d+ s", first)
    assert re.search(r"notebooks/de/\w+ +\d s", first)
    assert re.search(r"4 steps run, 0 up to date, in [\d.]+ s; slowest: \S+ [\d.]+ s, ", first)
    assert "about" not in first, "there is nothing yet to estimate from"
    project.edit("src/analysis/drawing/style.py", "WIDTH = 17.0", "WIDTH = 16.0")
    assert re.search(r"about \d+ s left", on_a_terminal(project))
    assert "4 steps, all up to date" in project.run("doit", "notebooks").stdout


TRANSPORT = """import json
from ipykernel.connect import get_connection_info
print(json.loads(get_connection_info())['transport'])"""


def test_warm_and_ordinary_kernels_give_the_same_bytes(tmp_path):
    drawing = "import matplotlib.pyplot as plt\nimport analysis.drawing.style\nplt.plot([1, 2])"
    results = []
    for kernel in ("warm", "plain"):
        notebooks = {"counts": COUNTS, "draw": drawing, "transport": TRANSPORT}
        project = Project(tmp_path / kernel, cold=True, **notebooks)
        _, done = project.make(COMPENDIUM_KERNEL=kernel)
        assert done.returncode == 0, done.stderr
        assert project.output("transport").strip() == "ipc", (
            "no network port that another build may take"
        )
        results.append(
            [content for content, _ in tree(project.folder / "build/de/notebooks").values()]
        )
    assert results[0] == results[1]
    assert b"image/png" in results[0][1]
