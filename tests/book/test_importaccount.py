"""A page shows the account of an import in its own language."""

import json
import re
from types import SimpleNamespace

import pytest
from docutils import nodes

from analysis import paths
from analysis.book.importaccount import ImportAccount
from analysis.files.textfile import texts
from analysis.wording import LANGUAGES

KEPT = {
    "origin": "MAXQDA 24",
    "sha256": "0123456789abcdef" * 4,
    "kinds": {
        "codings": {"found": 1200, "written": 1199, "set aside": {"they are there twice": 1}},
        "memos": {"found": 2, "written": 0, "set aside": {"something new": 2}},
    },
}


@pytest.fixture
def shown(tmp_path, monkeypatch):
    """What a page in that language shows for the content of the account's file."""
    monkeypatch.setenv("COMPENDIUM_RAW", str(tmp_path))
    shown_from = []

    def run(language, content):
        if content is not None:
            (tmp_path / "coding").mkdir(exist_ok=True)
            (tmp_path / "coding/import.json").write_text(content, "utf-8")
        env = SimpleNamespace(
            config=SimpleNamespace(study_language=language), note_dependency=shown_from.append
        )
        document = SimpleNamespace(
            settings=SimpleNamespace(env=env), note_explicit_target=lambda *_nodes: None
        )
        reporter = SimpleNamespace()
        directive = object.__new__(ImportAccount)
        directive.name, directive.options, directive.lineno = "import-account", {}, 1
        directive.state = SimpleNamespace(document=document)
        directive.state_machine = SimpleNamespace(reporter=reporter)
        return directive.run()

    run.shown_from = shown_from
    return run


def test_a_language_that_lacks_a_text_is_no_damage(shown):
    kept = KEPT | {"kinds": {"dreams": {"found": 1, "written": 1, "set aside": {}}}}
    with pytest.raises(KeyError, match=r"kind\.dreams"):
        shown("de", json.dumps({"imports": {"0815": kept}}))


def test_each_kind_has_a_line_with_its_numbers_and_reasons(shown):
    table, scope = shown("de", json.dumps({"imports": {"0815": KEPT}}))
    rows = [[cell.astext() for cell in row.children] for row in table.findall(nodes.row)]
    assert table.next_node(nodes.title).astext() == (
        "Import 0815 aus MAXQDA 24, Datei 0123456789ab"
    )
    assert "gilt allein für die Datei" in scope.astext()
    assert rows[1:] == [
        ["Codierungen", "1.200", "1.199", "1: sie stehen doppelt da"],
        ["Memos", "2", "0", "2: something new"],
    ]


def test_each_import_has_its_account(shown):
    kept = {"imports": {"0815": KEPT, "4711": KEPT | {"origin": "Taguette"}}}
    *tables, _scope = shown("en", json.dumps(kept))
    assert [table.next_node(nodes.title).astext() for table in tables] == [
        "Import 0815 from MAXQDA 24, file 0123456789ab",
        "Import 4711 from Taguette, file 0123456789ab",
    ]


def test_data_that_were_not_imported_say_so(shown):
    assert shown("en", None)[0].astext() == "The data were not imported."


@pytest.mark.parametrize(
    ("people", "said", "is_told"),
    [("anonymous", "quote", True), ("withdrawn", "quote", False), ("anonymous", "none", False),
     ("anonymous", "aggregate", False)],
)  # fmt: skip
def test_no_number_tells_how_much_may_not_be_shown(shown, tmp_path, people, said, is_told):
    for table, row in (("study/interviews", f"i1,{people}"), ("coding/units", f"u1,{said}")):
        (tmp_path / table).parent.mkdir(exist_ok=True)
        (tmp_path / f"{table}.csv").write_text(f"id,consent\n{row}\n", "utf-8")
    found = shown("de", json.dumps({"imports": {"0815": KEPT}}))
    assert any(isinstance(node, nodes.table) for node in found) == is_told
    text = " ".join(node.astext() for node in found)
    assert bool(re.search(r"\d", text.replace("SHA-256", ""))) == is_told
    assert ("wird nicht vorgerechnet" in text) != is_told
    files = [str(tmp_path / f"{name}.csv") for name in ("study/interviews", "coding/units")]
    assert {*files} <= {*shown.shown_from}


def test_every_reason_and_kind_of_the_importer_has_words():
    code = "\n".join(
        path.read_text("utf-8") for path in (paths.root() / "src/analysis/exchange").glob("*.py")
    )
    known = {entry["en"] for key, entry in texts("import").items() if key.startswith("aside.")}
    said = re.findall(r'set_aside\(\s*"[a-z ]+",\s*"([^"]+)"', code)
    said += re.findall(r'^    "[a-z]+": (?:\(.*, )?"([a-z][^"]+)"\)?,$', code, re.MULTILINE)
    reasons = {reason for reason in said if " " in reason}
    assert len(reasons) > 12
    assert reasons | {"they name no code", "they name no document"} <= known
    assert all(set(entry) >= {*LANGUAGES} for entry in texts("import").values())
