"""A notebook runs the same for everybody, in warm and in ordinary kernels, and puts out
nothing that is passing.
"""

import json
from pathlib import Path

import pytest
from project import Project, wait_for

pytestmark = pytest.mark.xdist_group("kernels")

# Each of these prints what must be the same for whoever builds; some need more than a kernel alone.
NOTEBOOKS = {
    "settings": (
        "import os, sys, time, locale\nimport pandas as pd\n"
        "print(pd.get_option('display.max_rows'), time.tzname, os.environ.get('LC_ALL'), "
        "locale.getlocale())\n"
        "print(os.environ.get('PYTHONSTARTUP'), sys.warnoptions, sys.flags.no_user_site, "
        "hash('a'))\n%%\n1\n2"
    ),
    "looks": "import matplotlib as mpl\nprint(mpl.rcParams['lines.linewidth'], mpl.get_backend())",
    "history": (
        "from pathlib import Path\nimport os\nprint(get_ipython().history_manager.enabled)\n"
        "print([p.name for p in Path(os.environ['IPYTHONDIR']).rglob('*.sqlite')])"
    ),
    "warns": "import warnings\nwarnings.warn('x')\nprint(object())",
    "times": (
        "%time 1 + 1\n%%\nimport sys\nfor i in range(3):\n"
        "    print(f'\\r {i}%|#| {i}/3 [00:0{i}<00:00, 1.{i}it/s]', end='', "
        "file=sys.stderr)\nprint('done')"
    ),
    "styled": "import pandas as pd\npd.DataFrame({'a': [1]}).style.highlight_max()",
    "beside": (
        "import os\nimport helpers\nprint(helpers.N, open('beside.txt').read(), "
        "os.listdir('.') == os.listdir(os.path.dirname(helpers.__file__)))"
    ),
    "fails on purpose": "1 / 0\n%%\nprint('goes on')",
    "pool": (
        "import multiprocessing as m\nfrom concurrent.futures import ProcessPoolExecutor\ndef "
        "twice(n):\n    return 2 * n\n"
        "with m.Pool(2) as pool:\n    print(pool.map(twice, [1, 2]))\n"
        "with ProcessPoolExecutor(2) as pool:\n    print(list(pool.map(twice, [3])))\n"
        "with m.get_context('spawn').Pool(1) as pool:\n    print(pool.map(abs, [-4]), "
        "m.current_process().name, m.parent_process())"
    ),
}
PERSONAL = {
    "TZ": "Asia/Tokyo", "LC_ALL": "de_DE.UTF-8", "PYTHONWARNINGS": "error::UserWarning",
    "PYTHONHASHSEED": "7", "MPLBACKEND": "agg", "COLUMNS": "40", "NO_COLOR": "1",
}  # fmt: skip
PROFILE = """
c = get_config()
c.InteractiveShell.ast_node_interactivity = "all"
c.InlineBackend.figure_formats = {"svg"}
"""


def somebody(folder):
    """A home folder full of somebody's own settings; returns the environment of that person."""
    startup = folder / ".ipython/profile_default/startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text(
        "import pandas as pd\npd.set_option('display.max_rows', 4)\nprint('hello')", "utf-8"
    )
    (startup.parent / "ipython_kernel_config.py").write_text(PROFILE, "utf-8")
    (folder / ".config/matplotlib").mkdir(parents=True)
    (folder / ".config/matplotlib/matplotlibrc").write_text("lines.linewidth: 7\n", "utf-8")
    (folder / "start.py").write_text("print('started')", "utf-8")
    (folder / ("scratch" * 20)).mkdir()
    return PERSONAL | {
        "HOME": str(folder),
        "PYTHONSTARTUP": str(folder / "start.py"),
        "TMPDIR": str(folder / ("scratch" * 20)),
    }


def tag(file, code, name):
    """Tags the cell of a notebook that holds the code."""
    notebook = json.loads(file.read_text("utf-8"))
    for cell in notebook["cells"]:
        if "".join(cell["source"]) == code:
            cell["metadata"]["tags"] = [name]
    file.write_text(json.dumps(notebook), "utf-8")


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """The executed notebooks of two people, one with warm and one with ordinary kernels:
    name to text of the file.
    """
    folder = tmp_path_factory.mktemp("kernels")
    project = Project(folder / "project", cold=True, **NOTEBOOKS)
    (project.folder / "notebooks/helpers.py").write_text("N = 7\n", "utf-8")
    (project.folder / "notebooks/beside.txt").write_text("beside", "utf-8")
    tag(project.folder / "notebooks/fails on purpose.ipynb", "1 / 0", "raises-exception")
    # The other one has a home that nothing can be written to.
    people = [
        somebody(folder / "home") | {"COMPENDIUM_KERNEL": "warm"},
        {"HOME": "/proc/nobody", "COMPENDIUM_KERNEL": "plain"},
    ]
    made = []
    for settings in people:
        done = project.make(**settings)[1]
        assert done.returncode == 0, done.stderr
        assert "leaked" not in done.stderr
        results = project.folder / "build/de/notebooks"
        made.append({path.stem: path.read_text("utf-8") for path in results.glob("*.ipynb")})
        # so that everything runs again
        (project.folder / "build/deps").rename(folder / f"deps{len(made)}")
    return made


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_two_people_get_the_same_bytes(outcomes, name):
    mine, theirs = outcomes
    assert mine[name] == theirs[name]


def text_of(outcome):
    outputs = [
        output for cell in json.loads(outcome)["cells"] for output in cell.get("outputs", [])
    ]
    return "".join(
        "".join(output.get("text", output.get("data", {}).get("text/plain", "")))
        for output in outputs
    )


def test_nothing_of_a_person_reaches_a_result(outcomes):
    said = text_of(outcomes[0]["settings"])
    assert said.startswith("60 ('UTC', 'UTC') C.UTF-8")
    assert "hello" not in said
    assert "started" not in said
    assert said.endswith("2"), "only the last expression of a cell is shown"
    assert "1.5 module://matplotlib_inline" in text_of(outcomes[0]["looks"])
    assert text_of(outcomes[0]["history"]).split() == ["False", "[]"]


def test_processes_of_a_notebook_work(outcomes):
    assert text_of(outcomes[0]["pool"]).split("\n")[:3] == ["[2, 4]", "[6]", "[4] MainProcess None"]


def test_what_is_passing_is_not_kept(outcomes):
    assert "<object object at 0x…>" in text_of(outcomes[0]["warns"])
    assert "UserWarning: x" in text_of(outcomes[0]["warns"])
    assert "ipykernel_" not in outcomes[0]["warns"]
    assert text_of(outcomes[0]["times"]).strip() == "2done"
    assert "T_00001" in outcomes[0]["styled"]


def test_a_notebook_runs_in_its_own_folder_as_in_jupyterlab(outcomes):
    assert text_of(outcomes[0]["beside"]).strip() == "7 beside True"


def test_a_cell_that_may_fail_does_so_and_the_next_one_runs(outcomes):
    said = text_of(outcomes[0]["fails on purpose"])
    assert "ZeroDivisionError" in said
    assert "division by zero" in said
    assert said.rstrip().endswith("goes on")


# Leaves a semaphore, shared memory, a file and processes, and says what they are called.
LEAVES = """
import multiprocessing as m, subprocess, sys, tempfile
from multiprocessing.shared_memory import SharedMemory
lock, memory = m.get_context("spawn").Lock(), SharedMemory(create=True, size=100)
_, file = tempfile.mkstemp()
started = m.get_context("spawn").Pool(1)
started.apply(abs, [1])
sleeps = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", {mark!r}])
with open({mark!r}, "w") as note:
    note.write(f"/dev/shm/sem.{{lock._semlock.name[1:]}}\\n/dev/shm/{{memory.name}}\\n{{file}}")
"""


@pytest.mark.parametrize("kernel", ["warm", "plain"])
def test_nothing_is_left_of_a_run(tmp_path, kernel):
    mark = tmp_path / "project/mark"
    project = Project(tmp_path / "project", cold=True, leaves=LEAVES.format(mark=str(mark)))
    done = project.make(COMPENDIUM_KERNEL=kernel)[1]
    assert done.returncode == 0, done.stderr
    assert "leaked" not in done.stderr
    files = [Path(file) for file in mark.read_text("utf-8").split()]
    wait_for(
        lambda: not [file for file in files if file.exists()] and not project.processes(),
        seconds=20,
    )
