"""A notebook that is run by hand keeps away from the report, knows its parameters,
and reads no stale tables.
"""

import ast
import json

import nbformat
import pytest
from project import Project

from analysis import paths
from analysis.parameters import assigned, defaults, run_name

pytestmark = pytest.mark.xdist_group("by hand")

SAVES = """from analysis.publish import Run
run = Run('targets', language=language, kind=kind)
run.save_values(n=len(run.read('targets')), kind=kind)"""
PARAMETERS = 'language: str = "de"\nkind: str = "reduction"  # of target'


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A small project, its tables prepared and its one notebook run by the pipeline."""
    made = Project(tmp_path_factory.mktemp("hand") / "project")
    cells = [
        nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(SAVES),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(
        nbformat.v4.new_notebook(cells=cells, metadata=kernel),
        made.folder / "notebooks/targets.ipynb",
    )
    done = made.make()[1]
    assert done.returncode == 0, done.stderr
    return made


def values(project, file):
    return json.loads((project.folder / "build" / file).read_text("utf-8"))["values"]


def test_what_is_run_by_hand_never_takes_the_place_of_the_report(project):
    report = project.folder / "build/de/values/targets.json"
    before = report.read_bytes()
    result = project.folder.parent / "result.ipynb"
    done = project.run(
        "papermill", "notebooks/targets.ipynb", str(result), "-p", "kind", "zero / net"
    )
    assert done.returncode == 0, done.stderr
    assert report.read_bytes() == before
    assert values(project, "de/values/targets.json")["kind"] == "reduction"
    (draft,) = (project.folder / "build/drafts/de/values").glob("*.json")
    assert draft.name.startswith("targets-kind=zero_net-"), (
        "told apart by what is not as usual, in letters that a file's name may have"
    )
    assert json.loads(draft.read_text("utf-8"))["values"]["kind"] == "zero / net"
    assert "a draft: results go to build/drafts/de, and not into the report" in result.read_text(
        "utf-8"
    )
    assert project.make()[0] == [], "and the report has nothing to do"


def test_a_misspelt_parameter_is_refused(project):
    done = project.run(
        "papermill",
        "notebooks/targets.ipynb",
        str(project.folder.parent / "x.ipynb"),
        "-p",
        "knid",
        "other",
    )
    assert done.returncode != 0
    assert (
        "targets has no parameter 'knid' (did you mean 'kind'?); known: language, kind"
        in done.stderr
    )


def by_hand(project, code, **settings):
    """Runs a line of a notebook in a Python of its own; its last line of complaint."""
    done = project.run("timeit", "-n1", "-r1", code, **settings)
    return done.stderr.strip().splitlines()[-1] if done.returncode else ""


def test_stale_tables_are_an_error_that_says_what_to_run(project):
    reads = (
        "from analysis.publish import Run; "
        "Run('targets', language='de', kind='reduction').read('targets')"
    )
    assert by_hand(project, reads) == ""
    table = project.folder / "data/raw/study/targets.csv"
    original = table.read_text("utf-8")
    table.write_text(original.replace("2030", "2031", 1), "utf-8")
    said = by_hand(project, reads)
    assert (
        "StaleTablesError: data/processed is not what data/raw makes now (raw:study/targets.csv: "
        in said
    )
    assert "run `make data`" in said
    table.write_text(original, "utf-8")
    assert by_hand(project, reads) == "", "the same content again, at another time"


def test_by_hand_it_is_said_which_values_hold_and_what_the_report_does_not_have_yet(project):
    run = "from analysis.publish import Run; Run('targets', language='de', kind={!r})"
    usual = "with its defaults, kind=reduction; others go into its cell `parameters`"
    late = "the report does not have it as it is now (notebooks:targets.ipynb); `make "
    said = project.run("timeit", "-n1", "-r1", run.format("reduction")).stdout
    assert usual in said
    assert late not in said
    notebook = project.folder / "notebooks/targets.ipynb"
    original = notebook.read_text("utf-8")
    notebook.write_text(original.replace("of target", "of a target"), "utf-8")
    said = project.run("timeit", "-n1", "-r1", run.format("other")).stdout
    assert usual not in said
    assert late in said
    assert f"{late}notebooks RUN=targets` runs it for the report" in said
    notebook.write_text(original, "utf-8")


WRONG_CALLS = {
    "Run('targets', language='fr', kind='x')": "no language 'fr'; known: de, en",
    "Run('tragets', language='de')": (
        "notebooks/tragets.ipynb does not exist (did you mean 'targets'?)"
    ),
    "Run('targets', language='de', kinds='x')": (
        "targets has no parameter 'kinds' (did you mean 'kind'?)"
    ),
    "Run('targets', language='de')": (
        "is not told kind=kind; the provenance record has to hold every parameter"
    ),
    "Run('targets', language='de', kind='').choice('kind', 'redaction', ['reduction'])": (
        "kind: no 'redaction' (did you mean 'reduction'?)"
    ),
    "Run('targets', language='de', kind='').choices('kind', 'a, c', ['a', 'b'])": (
        "kind: no 'c'; known: a, b"
    ),
    "Run('targets', language='de', kind='').choices('kind', ' , ', ['a', 'b'])": (
        "kind is empty; expected some of a, b"
    ),
    "Run('targets', language='de', kind='').save_values(share=float('nan'))": (
        "share is nan; expected a number or a text"
    ),
    "Run('targets', language='de', kind='').save_values(share=None)": (
        "share is None; expected a number or a text"
    ),
}
# Makes one call after the other, and says in the end what is wrong with each.
ALL_OF_THEM = f"""
import json
from analysis.publish import Run
said = {{}}
for call in {[*WRONG_CALLS]!r}:
    try:
        eval(call)
    except Exception as error:
        said[call] = str(error)
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def complaints(project):
    """What is said of each of the wrong calls, all made in one Python."""
    done = project.run("timeit", "-n1", "-r1", ALL_OF_THEM)
    assert done.returncode == 0, done.stderr
    return next(json.loads(line) for line in done.stdout.splitlines() if line.startswith("{"))


@pytest.mark.parametrize("call", WRONG_CALLS)
def test_wrong_calls_say_what_is_known(complaints, call):
    assert WRONG_CALLS[call] in complaints[call]


def test_a_run_publishes_under_its_own_name(project):
    call = "from analysis.publish import Run; Run('targets', language='de', kind='x')"
    assert "publishes under its own name" in by_hand(project, call, COMPENDIUM_RUN="actors")
    assert by_hand(project, call, COMPENDIUM_RUN="targets-x") == ""


def test_parameters_are_read_from_the_cell_that_sets_them():
    source = 'a: int = 1\nb = "two"  # said\nc = d = None\ne = open("x")\nprint(a)\nimport f'
    assert assigned(source) == {"a": 1, "b": "two", "c": None, "d": None, "e": None}
    assert assigned("a = (") == {}
    cell = {"cell_type": "code", "source": [source], "metadata": {"tags": ["parameters"]}}
    assert list(defaults({"cells": [{"source": "x = 1", "metadata": {}}, cell]})) == [
        "a",
        "b",
        "c",
        "d",
        "e",
    ]
    assert defaults({"cells": []}) == {}


def test_names_of_runs_are_names_of_files():
    assert run_name("case", ["tal"]) == "case-tal"
    odd = [
        run_name("case", [value])
        for value in (
            "../x",
            "a/b",
            "a b",
            "a_b",
            "x" * 300,
            "x" * 301,
            "ä" * 300,
            "..",
            "",
            "ä",
            3,
        )
    ]
    odd += [run_name("case", values) for values in (["a", "b"], ["a=b"], ["b", "a"])]
    assert len(set(odd)) == len(odd)
    assert all(
        "/" not in name and len(name.encode()) < 200 and not name.endswith(".") for name in odd
    )


def test_tables_are_not_stale_because_another_python_reads_them(project):
    record = project.folder / "build/deps/data.json"
    kept = record.read_text("utf-8")
    content = json.loads(kept)
    content["settings"]["packages"] = "0" * 64
    record.write_text(json.dumps(content), "utf-8")
    assert (
        by_hand(
            project,
            "from analysis.publish import Run; Run('targets', language='de', kind='reduction')",
        )
        == ""
    )
    record.write_text(kept, "utf-8")


@pytest.mark.parametrize(
    "notebook", sorted((paths.root() / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem
)
def test_every_notebook_of_the_report_tells_its_run_every_parameter(notebook):
    """What it is not told, `Run` refuses; this says so before anything is built."""
    content = nbformat.read(notebook, as_version=4)
    (call,) = (
        node
        for cell in content.cells
        if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", [])
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Run"
    )
    told = {keyword.arg for keyword in call.keywords if keyword.arg}
    spread = "".join(cell.source for cell in content.cells if "chosen = {" in cell.source)
    assert all(name in told or f'"{name}": {name}' in spread for name in defaults(content))
