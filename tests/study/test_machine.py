"""The machine knows nothing of this study: no id of its tables, no name of a place or project.

The machine is `src/analysis`, its figures and its schema too; texts lie in `wording/*.yml`, and
what notebooks are told by default in their parameters. Docstrings and comments may give examples.
An id counts if nobody would write it by chance: with a digit, a dot, a hyphen or an underscore.
"""

import ast
import re

import pytest

from analysis import paths
from analysis.raw.study import read_study
from analysis.tables import RAW

MACHINE = sorted((paths.root() / "src/analysis").rglob("*.py"))
# Whose labels are names; those of other tables may be words of everybody, if they are single ones.
NAMES = ("sources", "cases", "municipalities", "organisations", "projects")


@pytest.fixture(scope="module")
def study():
    """The study of this repository."""
    return read_study(paths.root() / "data/raw", paths.root() / "book/references.bib")


@pytest.fixture(scope="module")
def names(study):
    """Ids and labels of the study, but what the schema itself calls its tables and columns."""
    ids = set(study["codes"]["code"])
    labels = set()
    for name, table in RAW.items():
        for column in table.columns:
            values = set(map(str, study[name][column].dropna()))
            if column in table.key and column.endswith("_id"):
                ids |= values
            elif column.startswith("label_"):
                labels |= {value for value in values if name in NAMES or " " in value}
    schema = {*RAW, *(column for table in RAW.values() for column in table.columns)}
    distinctive = {word for word in ids - schema if re.search(r"[-_.\d]", word)}
    return distinctive, {label for label in labels if len(label) > 4 and label[0].isupper()}


NAMED = ("sources", "cases", "municipalities", "organisations", "projects", "governance")
TEXTS = sorted((paths.root() / "src/analysis/wording").glob("*.yml"))


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_no_text_of_the_machine_speaks_of_this_study(path, study):
    names = {
        str(label)
        for table in NAMED
        for column in study[table].filter(like="label_")
        for label in study[table][column]
        if " " in str(label) or table in ("cases", "municipalities")
    }
    said = path.read_text("utf-8")
    assert [name for name in names if name in said] == []
    assert re.findall(r"(?:Kapitel|[Cc]hapters?)[ \xa0]\d[\d.]*", said) == []


def texts(path):
    """The texts in a module's code, with their lines; its docstrings are none."""
    tree = ast.parse(path.read_text("utf-8"))
    spoken = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in spoken:
            yield node.lineno, node.value


@pytest.mark.parametrize("path", MACHINE, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_name_of_the_study_is_in_the_machine(path, names):
    ids, labels = names
    there = [label for label in labels if label in path.read_text("utf-8")]
    found = [
        (at, text)
        for at, text in texts(path)
        if text in ids or any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in there)
    ]
    assert found == []
