"""Values in prose of notebooks that had nothing to compute them from: the page says why."""

import json
import re

import nbformat
import pytest

from analysis.book.values import spelled

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
    page = finished.book / "de/index.md"
    text = page.read_text("utf-8") + MORE
    page.write_text(text, "utf-8")
    done = finished.run("analysis", "book", "de")
    assert done.returncode == 0, done.stderr
    made = (finished.build / "html/de/index.html").read_text("utf-8")
    said = "[keine Angabe: Dazu &lt;i&gt;enthalten&lt;/i&gt; die Daten nichts]"
    assert made.count(said) == 3
    assert re.search(r'<a [^>]*href="notebooks/roles.html"[^>]*>(<[^>]*>)*\[keine Angabe', made)
    page.write_text(text.replace("roles_total", "rolls_total"), "utf-8")
    done = finished.run("analysis", "book", "de")
    assert done.returncode == 1
    assert "{{ rolls_total }} is no fact, and no notebook saved such a value" in done.stderr


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("run.save_values(trees_total=3)", "trees_total"),
        ("sizes = {'trees_total': 3}\nrun.save_values(**sizes)", "trees_total"),
        ("sizes[f'trees_{kind}'] = 3", "trees_oak_young"),
        ("run.save_values(**{f'{kind}_total': n for kind, n in kinds.items()})", "trees_total"),
        ("%matplotlib inline\nrun.save_values(trees_total=3)", "trees_total"),
    ],
)
def test_a_name_is_found_where_the_code_spells_it(code, name):
    cells = [nbformat.v4.new_code_cell("broken ("), nbformat.v4.new_code_cell(code)]
    source = json.loads(nbformat.writes(nbformat.v4.new_notebook(cells=cells)))
    assert spelled(name, source)
    assert not spelled("tree_totals", source)


@pytest.mark.parametrize("code", ["print(f'{a}{b}')", "x = 'trees'", "print(f'{n} trees_total')"])
def test_a_name_is_not_found_where_the_code_fills_in_everything_or_something_else(code):
    cell = nbformat.v4.new_code_cell(code)
    source = json.loads(nbformat.writes(nbformat.v4.new_notebook(cells=[cell])))
    assert not spelled("trees_total", source)
