"""The engine redoes exactly what a change touches, keeps runs apart, and leaves nothing half-done.

Each test works on a small project of its own: the package, the invented study of tests/mini, a few tiny notebooks.
"""

import json
import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest

from analysis import paths

HEADER = 'language: str = "de"  # language of the report'
COUNTS = "import pandas as pd\nfrom analysis import paths\nprint(len(pd.read_csv(paths.PROCESSED / 'code_counts.csv')))"
TARGETS = "from analysis.publish import Run\nrun = Run('targets', language=language)\nprint(len(run.read('targets')))"
STYLE = "from analysis.figures.style import WIDTH\nprint(WIDTH)"


class Project:
    """A small project in a folder of its own."""

    def __init__(self, folder, **notebooks):
        self.folder = folder
        shutil.copytree(paths.ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(paths.ROOT / "tests/mini/data", folder / "data/raw")
        shutil.copytree(paths.ROOT / "tests/mini/book", folder / "book")
        for file in ("dodo.py", "requirements.lock"):
            shutil.copy(paths.ROOT / file, folder)
        (folder / "notebooks").mkdir()
        for name, source in notebooks.items():
            self.write(name, source)

    def write(self, name, source):
        cells = [nbformat.v4.new_code_cell(HEADER, metadata={"tags": ["parameters"]}), nbformat.v4.new_code_cell(source)]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), self.folder / f"notebooks/{name}.ipynb")

    def make(self, target="notebooks", jobs="2", **settings):
        """Runs the pipeline; returns the steps that ran, and the finished process."""
        done = self.run("doit", "-n", jobs, "-P", "thread", target, **settings)
        return sorted(re.findall(r"^\.  (?:notebooks/de/)?(\S+)$", done.stdout, re.MULTILINE)), done

    def run(self, *command, **settings):
        """Runs a module of this Python in the project, away from any other study that the environment points to."""
        own = {"PYTHONPATH": str(self.folder / "src"), **settings}
        environment = {name: value for name, value in os.environ.items() if not name.startswith("COMPENDIUM_")} | own
        command = [sys.executable, "-m", *command]
        return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False, timeout=240)

    def edit(self, file, old, new):
        path = self.folder / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    def output(self, name, language="de"):
        notebook = json.loads((self.folder / f"build/{language}/notebooks/{name}.ipynb").read_text("utf-8"))
        return "".join("".join(output.get("text", "")) for cell in notebook["cells"] for output in cell.get("outputs", []))


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path / "project", counts=COUNTS, targets=TARGETS, style=STYLE)


def tree(folder):
    return {path.relative_to(folder): (path.read_bytes(), path.stat().st_mtime_ns) for path in sorted(folder.rglob("*")) if path.is_file()}


def test_exactly_what_a_change_touches_is_redone(project):
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
    targets.write_text(original, "utf-8")
    assert project.make()[0] == ["data", "targets"], "and back"

    project.edit("src/analysis/figures/style.py", "WIDTH = 17.0", "WIDTH = 16.0")
    assert project.make()[0] == ["style"], "one module"
    assert project.output("style").strip() == "16.0"

    project.edit("book/de/index.md", "# ", "# Neu: ")
    assert project.make()[0] == [], "prose runs no notebook"

    project.write("style", STYLE + "\nprint(paths := open)")
    assert project.make()[0] == ["style"], "one notebook"


def test_a_dependency_nobody_declared_is_seen(project):
    missing = "from analysis import paths\ntry:\n    print(open(paths.ROOT / 'extra.txt').read())\nexcept FileNotFoundError:\n    print('none')"
    project.write("style", missing)
    assert project.make()[0] == ["counts", "data", "style", "targets"]
    assert project.output("style").strip() == "none"
    (project.folder / "extra.txt").write_text("some", "utf-8")
    ran, done = project.make()
    assert (ran, done.stderr) == (["style"], ""), "a file that was looked for and did not exist"
    assert project.output("style").strip() == "some"
    (project.folder / "extra.txt").write_text("more", "utf-8")
    assert project.make()[0] == ["style"]
    project.write("counts", "from analysis import paths\nprint(sorted(p.name for p in (paths.ROOT / 'notebooks').glob('x*')))")
    assert project.make()[0] == ["counts"]
    (project.folder / "notebooks/x.txt").write_text("", "utf-8")
    assert project.make()[0] == ["counts"], "a folder that was listed"


def test_outputs_removed_or_edited_by_hand_are_mended(project):
    project.make()
    result = project.folder / "build/de/notebooks/style.ipynb"
    original = result.read_bytes()
    result.unlink()
    assert project.make()[0] == ["style"]
    result.write_text("{}", "utf-8")
    assert project.make()[0] == ["style"]
    assert result.read_bytes() == original


def test_why_names_the_change(project):
    project.make()
    project.edit("src/analysis/figures/style.py", "WIDTH = 17.0", "WIDTH = 16.0")
    said = project.run("analysis", "why", "notebooks").stdout
    assert "notebooks/de/counts: up to date" in said
    assert re.search(r"notebooks/de/style: due\n  project:src/analysis/figures/style.py: \w{12} → \w{12}\n", said)


def test_a_failing_notebook_stops_no_other_and_is_explained(tmp_path):
    project = Project(tmp_path / "project", counts=COUNTS, bad="print(1)\nraise ValueError('no such town')", style=STYLE)
    ran, done = project.make()
    assert done.returncode != 0
    assert {"counts", "style"} <= set(ran)
    assert "no such town" in done.stderr
    assert "papermill notebooks/bad.ipynb" in done.stderr
    assert "ValueError" in (project.folder / "build/de/failed/bad.ipynb").read_text("utf-8")
    assert not (project.folder / "build/de/notebooks/bad.ipynb").exists()
    project.write("bad", "print(2)")
    ran, done = project.make()
    assert (ran, done.returncode) == (["bad"], 0), "what was finished is kept"
    assert not (project.folder / "build/de/failed/bad.ipynb").exists()


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
import matplotlib, os, json
import matplotlib.pyplot as plt
print(matplotlib.rcParams["font.size"], os.environ.get("SPOILT"), os.getcwd() == "/", len(plt.get_fignums()))
"""


def test_nothing_passes_from_one_run_to_another(tmp_path):
    project = Project(tmp_path / "project", a=SPOILER, b=WITNESS, c="import os\nos._exit(3)", d=WITNESS, e="while True: pass")
    _, done = project.make(jobs="1", COMPENDIUM_TIMEOUT="20")
    assert done.returncode != 0
    assert project.output("a").strip() == "spoilt"
    assert project.output("b") == project.output("d") == "10.0 None False 0\n"
    assert "c (de)" in done.stderr
    assert "e (de)" in done.stderr
    left = subprocess.run(["pgrep", "-f", str(project.folder)], capture_output=True, text=True, check=False).stdout
    assert left == "", "no process is left"


def test_warm_and_ordinary_kernels_give_the_same_bytes(tmp_path):
    drawing = "import matplotlib.pyplot as plt\nimport analysis.figures.style\nplt.plot([1, 2])"
    results = []
    for kernel in ("warm", "plain"):
        project = Project(tmp_path / kernel, counts=COUNTS, draw=drawing)
        _, done = project.make(COMPENDIUM_KERNEL=kernel)
        assert done.returncode == 0, done.stderr
        results.append([content for content, _ in tree(project.folder / "build/de/notebooks").values()])
    assert results[0] == results[1]
    assert b"image/png" in results[0][1]
