"""README and CONTRIBUTING name only what exists; what people read is described and not too long."""

import ast
import re
import subprocess
from graphlib import TopologicalSorter

import pytest

from analysis import paths
from analysis.tables import PROCESSED, RAW

ROOT = paths.root()
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
SOURCE = ROOT / "src/analysis"
GENERATED = ("build", "data/processed")
# What knows paths, or reads tables.
READING = re.compile(
    r"analysis\.paths\b|analysis\.processed\.store\.(read_processed|table_as_of)\b"
)
MAKE_TARGETS = set(
    re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
)


def code_in(document):
    text = (ROOT / document).read_text("utf-8")
    return re.findall(r"`([^`\n]+)`", text) + re.findall(r"^(make .*)$", text, re.MULTILINE)


def imported(source):
    """The full names of all that a module imports, wherever it does."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{one.name}" for one in node.names)
        if isinstance(node, ast.Import):
            yield from (f"{one.name}." for one in node.names)


def test_imports_are_found_in_every_form():
    forms = (
        "from analysis import (\n    citation,\n    paths,\n)",
        "from analysis.paths import processed",
        "def late():\n    import analysis.paths as places",
        "from analysis.processed.store import read_processed as read",
    )
    for form in forms:
        assert any(map(READING.match, imported(form))), form
    assert not any(map(READING.match, imported("from analysis.wording import paths_of")))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_paths_exist(document):
    for code in code_in(document):
        if re.fullmatch(
            r"[\w./-]+/[\w./-]*|\w[\w-]*\.(py|md|yml|toml|lock|cff)|Makefile", code
        ) and not code.startswith(GENERATED):
            places = [ROOT, SOURCE, *(room for room in SOURCE.iterdir() if room.is_dir())]
            assert any((place / code).exists() for place in places), f"{document} names {code}"


def test_what_counts_checks_and_draws_knows_frames_and_no_paths():
    for room in ("methods", "checks", "figures", "drawing"):
        for path in (SOURCE / room).rglob("*.py"):
            names = [name for name in imported(path.read_text("utf-8")) if READING.match(name)]
            assert names == [], path


def test_contributing_names_every_module_but_those_called_as_notebooks():
    paths = [path.relative_to(SOURCE) for path in SOURCE.rglob("*.py")]
    modules = {path.name for path in paths if "figures" not in path.parts}
    named = set(re.findall(r"`(?:\w+/)?(\w+\.py)`", (ROOT / "CONTRIBUTING.md").read_text("utf-8")))
    assert modules - named == {"__init__.py", "__main__.py"}


def test_no_room_imports_what_imports_it():
    rooms = {}
    for path in SOURCE.rglob("*.py"):
        room = path.relative_to(SOURCE).parts[0].removesuffix(".py")
        names = [name.split(".") for name in imported(path.read_text("utf-8"))]
        named = {inside for top, inside, *_ in names if top == "analysis"}
        rooms.setdefault(room, set()).update(named - {room})
    assert [*TopologicalSorter(rooms).static_order()]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_make_targets_exist(document):
    for code in code_in(document):
        if code.startswith("make "):
            assert code.split()[1] in MAKE_TARGETS, f"{document} names `{code}`"


def test_make_help_lists_every_target():
    shown = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert set(re.findall(r"^  ([a-z-]+)", shown, re.MULTILINE)) == MAKE_TARGETS


def test_no_line_of_a_text_or_a_recipe_is_longer_than_a_line_of_code():
    places = ("wording", "src/analysis/wording", "src/analysis/template")
    files = [path for place in places for path in (ROOT / place).rglob("*.yml")]
    assert [
        f"{path.relative_to(ROOT)}, line {number}"
        for path in sorted([*files, ROOT / "Makefile"])
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if len(line.expandtabs(8)) > 100
    ] == []


def test_every_column_is_described():
    for table in {**RAW, **PROCESSED}.values():
        assert all(column.description for column in table.columns.values()), table.file


def test_every_number_has_a_unit():
    for table in {**RAW, **PROCESSED}.values():
        for name, column in table.columns.items():
            assert column.type not in ("number", "integer") or column.unit, f"{table.file}: {name}"
