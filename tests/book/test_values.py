"""Values in prose of notebooks that had nothing to compute them from: the page says why."""

import json
import re

import nbformat
import pytest

from analysis import paths
from analysis.book.savednames import fits, saved_names
from analysis.book.values import measured_text
from analysis.wording import Wording

pytestmark = pytest.mark.xdist_group("built")
REASON = "Dazu <i>enthalten</i> die Daten nichts."
MORE = """

Der Text nennt {{ roles_total }} Rollen und {{ role_with_most_measures }}, dazu {{ trees }} Bäume.

{value}`works_on_measures`
"""


def skip(study, run):
    """As a run leaves it that has nothing to publish."""
    build = study.build / "de"
    record = json.loads((build / f"figures/{run}.json").read_text("utf-8"))
    for path in (*build.glob(f"figures/{run}.*"), *build.glob(f"values/{run}.json")):
        path.unlink()
    left = {key: record[key] for key in ("name", "language", "notebook", "parameters", "data")}
    (build / f"figures/{run}.json").write_text(json.dumps(left | {"skipped": REASON}), "utf-8")


def test_a_page_says_why_there_is_no_value_and_a_misspelt_one_stays_an_error(finished):
    skip(finished, "roles")
    for table in (finished.build / "de/tables").glob("agreement.*"):
        table.unlink()  # as if all that it had to publish were its figure
    page = finished.book / "de/index.md"
    text = page.read_text("utf-8") + MORE
    page.write_text(text, "utf-8")
    done = finished.run("analysis", "book", "de")
    assert done.returncode == 0, done.stderr
    made = (finished.build / "html/de/index.html").read_text("utf-8")
    said = "[keine Angabe: Dazu &lt;i&gt;enthalten&lt;/i&gt; die Daten nichts]"
    assert made.count(said) == 3
    figures = (finished.build / "html/de/figures.html").read_text("utf-8")
    (caption,) = re.findall(r'id="result-agreement">.*?</caption>', figures, re.DOTALL)
    assert "Dazu liegen keine Angaben vor." in caption
    assert re.search(r'<a [^>]*href="notebooks/roles.html"[^>]*>(<[^>]*>)*\[keine Angabe', made)
    # one is misspelt, the other what the notebook spells, but saves under another name
    wrong = text.replace("roles_total", "rolls_total") + "\nDer Titel: {{ headline }}\n"
    wrong += "\n```{study-result} actors\n```\n"
    page.write_text(wrong, "utf-8")
    done = finished.run("analysis", "book", "de")
    assert done.returncode == 1
    said = "is no fact, and no notebook saved such a value"
    assert f"{{{{ rolls_total }}}} {said} (did you mean 'roles_total'?)" in done.stderr
    assert f"{{{{ headline }}}} {said}" in done.stderr
    assert "no published table 'actors'" in done.stderr


def notebook(*code):
    """A notebook with a broken cell and others, as it is read from its file."""
    cells = [nbformat.v4.new_code_cell(one) for one in ("broken (", *code)]
    return json.loads(nbformat.writes(nbformat.v4.new_notebook(cells=cells)))


SAVED = [
    ("run.save_values(trees_total=3)", "trees_total"),
    ("sizes = {'trees_total': 3}\nrun.save_values(**sizes, shrubs=2)", "trees_total"),
    ("sizes = {}\nsizes[f'trees_{kind}'] = 3\nrun.save_values(**sizes)", "trees_oak_young"),
    ("run.save_values(**{f'{kind}_total': n for kind, n in kinds.items()})", "trees_total"),
    ("%matplotlib inline\nrun.save_values(trees_total=3)", "trees_total"),
    ("run.save_values(**{'shrubs': 2} | dict(trees_total=3))", "trees_total"),
    ("of = {'trees_total': oaks}\nsizes = {name: sum(n) for name, n in of.items()}\n"
     "run.save_values(**sizes)", "trees_total"),
    ("for name in ('trees_total', 'shrubs'):\n    sizes[name] = 3\n"
     "run.save_values(**sizes)", "trees_total"),
    ("sizes = {}\nsizes.update(trees_total=3)\nsizes |= {**more}\nrun.save_values(**sizes)",
     "trees_total"),
    ("own = {'trees_total': 3}\nrun.save_values(**{**own, 'shrubs': 2})", "trees_total"),
    ("sizes = {'trees_total': 3}\nsizes = {**sizes}\nrun.save_values(**sizes)", "trees_total"),
]  # fmt: skip
NOT_SAVED = [
    "print(f'{a}{b}')",
    "x = 'trees'",
    "print(f'{n} trees_total')",
    "print('trees_total')",
    "frame['trees_total'].sum()",
    "frame.groupby(trees_total=1)",
    "texts = {'trees_total': 1}\nrun.save_figure(**texts)",
    "run.save_values(shrubs=frame['trees_total'].sum(), trees=f'{n}_total')",
    "sizes = {'shrubs': 'trees_total'}\nrun.save_values(**sizes)",
    "run.save_values(**{f'{a}{b}': 1})",
    "other['trees_total'] = 1\nsizes = {}\nrun.save_values(**sizes)",
    "sizes: dict\nasync def f():\n    async for sizes in x: pass\nrun.save_values(**sizes)",
]


@pytest.mark.parametrize(("code", "name"), SAVED)
def test_a_name_is_found_where_the_code_saves_it(code, name):
    saved = saved_names(notebook(code))
    assert fits(name, saved)
    assert not fits("tree_totals", saved)


@pytest.mark.parametrize("code", NOT_SAVED)
def test_a_name_is_not_found_where_the_code_only_looks_like_it(code):
    assert not fits("trees_total", saved_names(notebook(code)))


def test_a_name_is_found_in_whatever_cell_it_comes_from():
    saved = saved_names(notebook("sizes = {'a': 1}", "sizes |= {'b': 2}", "save_values(**sizes)"))
    assert not saved
    saved = saved_names(notebook("sizes = {'a': 1}", "sizes |= {'b': 2}", "r.save_values(**sizes)"))
    assert saved == {"a", "b"}


def test_the_notebooks_of_the_study_save_what_their_code_is_read_to_save(finished):
    records = [json.loads(path.read_text()) for path in finished.build.glob("de/values/*.json")]
    assert records
    for record in records:
        notebook = (paths.root() / "notebooks" / record["notebook"]).with_suffix(".ipynb")
        saved = saved_names(json.loads(notebook.read_text("utf-8")))
        assert [name for name in record["values"] if not fits(name, saved)] == []


@pytest.mark.parametrize(
    ("name", "de", "en"),
    [
        ("audit_looks",
         ("keiner Ansicht", "einer Ansicht", "zwei Ansichten"),
         ("no view", "one view", "two views")),
        ("audit_axe_faults",
         ("keine Verstöße", "einen Verstoß", "zwei Verstöße"),
         ("no violations", "one violation", "two violations")),
        ("audit_vnu_faults",
         ("keine Fehler", "einen Fehler", "zwei Fehler"),
         ("no errors", "one error", "two errors")),
        ("audit_sideways",
         ("war keine Seite", "war eine Seite", "waren zwei Seiten"),
         ("no page was", "one page was", "two pages were")),
    ],
)  # fmt: skip
def test_what_was_measured_is_told_with_what_is_counted(name, de, en):
    for language, said in (("de", de), ("en", en)):
        words = Wording(language, "pages")
        assert tuple(measured_text(name, n, words) for n in range(3)) == said
        assert "13" in measured_text(name, 13, words)


def test_what_was_measured_of_nothing_that_is_named_is_a_number_or_a_version():
    words = Wording("de", "pages")
    assert measured_text("largest", 2500, words) == "2.500"
    assert measured_text("audit_axe", "4.14.1", words) == "4.14.1"
