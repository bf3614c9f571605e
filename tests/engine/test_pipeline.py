"""From raw data to report: the invented study is built once, and every stage
has left what it should.
"""

import csv
import html
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest
from project import other_content

from analysis import paths
from analysis.engine.runs import each, notebook_runs

pytestmark = pytest.mark.xdist_group("built")

ROOT = paths.root()
MUNICIPALITIES = {"Auental": "auental", "Birkfurt": "birkfurt", "Clausee": "clausee"}
CASES = ("see", "tal")
RUNS = sorted(
    f"{path.stem}{case}"
    for path in paths.notebooks().glob("*.ipynb")
    for case in ([f"-{case}" for case in CASES] if each(path) else [""])
)
# The invented study has no data for them.
SKIPPED = ("alliance", "circularcity", "initiatives", "valueadded")
# what is text becomes a table, not a picture
TABLES = ("comparison", "coverage", "disagreements", "reporting")
DRAWN = [run for run in RUNS if run not in SKIPPED and run not in TABLES]


def book(study, page="index"):
    return (study.build / f"html/de/{page}.html").read_text("utf-8")


def ran(process):
    """The steps that a build ran, not those that were up to date."""
    return re.findall(r"^(?:done|failed) +(\S+)  ", process.stdout, re.MULTILINE)


def content(folder):
    return {
        path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_builds_without_a_warning(built):
    assert built.first.returncode == 0, built.first.stdout + built.first.stderr
    assert not re.search("warning|error", built.first.stdout + built.first.stderr, re.IGNORECASE)
    assert built.first.stderr == ""


def test_every_step_ran_once(built):
    assert sorted(ran(built.first)) == sorted(
        ["data", "landing", "book/de", *(f"notebooks/de/{run}" for run in RUNS)]
    )


@pytest.mark.usefixtures("mini")
def test_there_is_one_run_for_each_case():
    assert sorted(run.name for run in notebook_runs("de")) == RUNS


@pytest.mark.parametrize("run", DRAWN)
def test_figure_is_there_as_drawing_picture_table_and_record(built, run):
    folder = built.build / "de/figures"
    record = json.loads((folder / f"{run}.json").read_text("utf-8"))
    with (folder / f"{run}.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert ElementTree.parse(folder / f"{run}.svg").getroot().tag.endswith("svg")
    assert (folder / f"{run}.png").read_bytes().startswith(b"\x89PNG")
    assert len(record["columns"]) == len(header)
    assert rows
    assert record["caption"]
    assert record["alt"]
    assert record["data"]
    assert {passage["source_id"] for passage in record["sources"]} <= {
        "musterfrau2021",
        "rahmen2019",
        "merkblatt",
    }


@pytest.mark.parametrize("run", SKIPPED)
def test_a_figure_without_data_is_not_drawn_and_its_place_says_why(built, run):
    record = json.loads((built.build / f"de/figures/{run}.json").read_text("utf-8"))
    assert [path.suffix for path in (built.build / "de/figures").glob(f"{run}.*")] == [".json"]
    assert record["skipped"].endswith(".")
    notebook = (built.build / f"de/notebooks/{run}.ipynb").read_text("utf-8")
    assert record["skipped"] in notebook
    assert "SystemExit" not in notebook
    assert "To exit" not in notebook
    place = re.search(
        rf'<(figure|table)[^>]* id="(fig|result)-{run}">.*?</\1>', book(built, "figures"), re.DOTALL
    ).group()
    assert record["skipped"] in place
    assert "study-drawing" not in place


@pytest.mark.parametrize("run", RUNS)
def test_executed_notebook_names_its_parameters_and_has_a_page(built, run):
    notebook = json.loads((built.build / f"de/notebooks/{run}.ipynb").read_text("utf-8"))
    name, _, case = run.partition("-")
    assert notebook["metadata"]["papermill"]["parameters"] == {"language": "de"} | (
        {"case": case} if each(paths.notebooks() / f"{name}.ipynb") else {}
    )
    assert run in SKIPPED or all(
        cell["execution_count"] for cell in notebook["cells"] if cell["cell_type"] == "code"
    )
    page = book(built, f"notebooks/{run}")
    assert '<div lang="en">' in page, "notebooks are English in every edition"
    assert not case or f": Region {case.title()} &#8212;" in page, (
        "a title names the case, not its id"
    )


@pytest.mark.parametrize("run", DRAWN)
def test_figure_is_on_its_page_with_text_numbers_and_downloads(built, run):
    page = book(built, "figures")
    (figure,) = re.findall(rf'<figure[^>]* id="fig-{run}">.*?</figure>', page, re.DOTALL)
    record = json.loads((built.build / f"de/figures/{run}.json").read_text("utf-8"))
    assert f'aria-label="{html.escape(record["headline"])}"' in figure
    said = html.escape(record["alt"].removeprefix(record["headline"]).strip(), quote=False)
    assert said in page[page.index(f'id="below-{run}"') :], "the rest of it is told below"
    assert "<text" in figure
    for suffix in ("svg", "png", "csv"):
        assert f'href="figures/{run}.{suffix}"' in page
        assert (built.build / f"html/de/figures/{run}.{suffix}").is_file()


def test_search_finds_pages_by_what_they_say_and_not_by_what_is_written_in_figures(built):
    index = (built.build / "html/de/searchindex.js").read_text("utf-8")
    assert "study-drawing" in book(built, "figures")
    assert not re.search(r"viewbox|textlength|spacingandglyph", index, re.IGNORECASE)


def test_marks_of_figures_lead_to_rows_that_the_book_shows(built):
    site, links = built.build / "html/de", 0
    for page in sorted(site.glob("*.html")):
        for drawing in re.findall(
            r'<svg [^>]*class="study-drawing.*?</svg>', page.read_text("utf-8"), re.DOTALL
        ):
            for link in re.findall(r'<a [^>]*href="([^"]*)"', drawing):
                links += 1
                name, _, anchor = html.unescape(link).partition("#")
                target = site / name if name else page
                assert f'id="{anchor}"' in target.read_text("utf-8"), f"{page.name}: {link}"
    assert links > 100


@pytest.mark.parametrize("run", TABLES)
def test_a_published_table_is_on_its_page_with_its_rows_and_a_download(built, run):
    with (built.build / f"de/tables/{run}.csv").open(encoding="utf-8", newline="") as file:
        _header, *rows = csv.reader(file)
    page = book(built, "figures")
    shown = re.search(rf'<table[^>]* id="result-{run}">.*?</table>', page, re.DOTALL).group()
    assert shown.count("<tr") == len(rows) + 1
    assert f'href="tables/{run}.csv"' in page
    assert (built.build / f"html/de/tables/{run}.csv").is_file()


def test_counts_in_the_code_matrix_are_those_worked_out_by_hand(built, expected_counts):
    with (built.build / "de/figures/codings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    shown = {
        (row["code"], place): int(row[name])
        for row in rows
        for name, place in MUNICIPALITIES.items()
    }
    by_hand = {
        pair: statements
        for pair, (statements, _) in expected_counts.items()
        if pair[1] in MUNICIPALITIES.values()
    }
    given = {code for (code, _), statements in by_hand.items() if statements}
    assert {pair: n for pair, n in by_hand.items() if pair[0] in given} == {
        pair: n for pair, n in shown.items() if pair[0] in given
    }
    assert not any(n for (code, _), n in shown.items() if code not in given)


def test_prose_shows_facts_and_values_of_notebooks_in_words(built):
    text = re.sub(r"<[^>]+>", "", book(built))
    for shown in (
        "Sie begann 2019",
        "rund 12.500 Bäume",
        "bis zu 250.000 Euro",
        "mindestens 37,5 Prozent der Wege",
        "fast zwei Drittel",
        "und mehrere Menschen",
        "reichen 250.000 bis 300.000 Euro",
    ):
        assert shown in re.sub(r"\s+", " ", text)
    assert re.search(r"Codiert sind\s+6\s+Aussagen", text)
    assert "{{" not in text


def test_prose_leads_to_the_row_of_the_fact_and_the_count_to_its_statements(built):
    assert 'href="evidence.html#fact-trees"' in book(built)
    evidence = book(built, "evidence")
    assert 'id="fact-trees"' in evidence
    assert 'href="#code-theme-means-auental"' in evidence
    assert 'id="code-theme-means-auental"' in evidence


def test_titles_are_those_of_the_invented_book(built):
    assert "<title>Erfunden: Hitzevorsorge in drei Gemeinden" in book(built)
    assert 'href="de/index.html"' in (built.build / "html/index.html").read_text("utf-8")


def test_nobody_anonymous_is_described(built):
    with (built.build / "processed/interviews.csv").open(encoding="utf-8", newline="") as file:
        functions = [(row["consent"], row["function_de"]) for row in csv.DictReader(file)]
    assert functions == [
        ("named", "Obergärtnerin"),
        ("named", "Schattenbeauftragter"),
        ("anonymous", ""),
    ]


def test_a_second_build_runs_nothing(built):
    before = content(built.build / "html")
    second = built.run("doit", "-n", "2", "-P", "thread", "book")
    assert second.returncode == 0
    assert ran(second) == []
    assert content(built.build / "html") == before


def changes_in_contributing():
    """The rows of the table in CONTRIBUTING.md: a file, and the names of what reruns."""
    lines = (
        (ROOT / "CONTRIBUTING.md")
        .read_text("utf-8")
        .split("| change in | reruns |")[1]
        .split("\n\n")[0]
        .splitlines()[2:]
    )
    return [
        (file, names)
        for file, names in (re.findall(r"^\| `(.+?)` \| (.+) \|$", line)[0] for line in lines)
    ]


@pytest.mark.parametrize(("file", "names"), changes_in_contributing())
def test_a_change_reruns_what_contributing_says(built, file, names):
    expected = (
        {name.stem for name in paths.notebooks().glob("*.ipynb")}
        if "all notebooks" in names
        else set()
    )
    # the miniature book has fewer pages than the report
    expected |= set(re.findall(r"`(\w+)`", names)) - {"book"}
    place, _, rest = file.partition("/")
    if place == "data":
        table = built.raw / rest.removeprefix("raw/")
        with table.open(encoding="utf-8", newline="") as rows:
            column = next(
                name
                for name in next(csv.reader(rows))
                if name.endswith("_de") and name != "note_de"
            )
        with other_content(table):
            built.put(rest.removeprefix("raw/"), 2, column, "anders")
            why = built.run("analysis", "why").stdout
        due = re.findall(r"^(\S+): due$", why, re.MULTILINE)
    else:
        name = f"{place}:{rest}" if place in ("book", "notebooks") else f"project:{file}"
        records = {
            path: json.loads(path.read_text("utf-8"))
            for path in (built.build / "deps").rglob("*.json")
        }
        due = [
            path.relative_to(built.build / "deps").with_suffix("").as_posix()
            for path, record in records.items()
            if name in record.get("inputs", {})
        ]
    assert {
        step.split("/")[-1].split("-")[0]
        for step in due
        if not step.startswith(("book/", "landing"))
    } == expected


def test_a_wrong_datum_fails_and_leaves_the_last_report_as_it_was(finished):
    before = {name: content(finished.build / name) for name in ("html", "de", "processed")}
    finished.put("study/facts.csv", 3, "value", "viele")
    failed = finished.run("doit", "-n", "2", "-P", "thread", "book")
    assert failed.returncode != 0
    assert (
        "study/facts.csv, row 3, column value: 'viele' is not a number; expected a number"
        in failed.stderr
    )
    assert "1 problem in" in failed.stderr
    assert {name: content(finished.build / name) for name in before} == before


def test_what_runs_notebooks_is_loaded_while_the_data_is_prepared(tmp_path):
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom analysis.engine import pipeline\n"
        "pipeline.processes.forkserver = lambda: None\n"
        "def wait(*_):\n    began = time.monotonic()\n"
        "    while 'analysis.engine.execution' not in sys.modules:\n"
        "        assert time.monotonic() < began + 60\n        time.sleep(0.01)\n"
        "pipeline._command = wait\nprint(pipeline._prepare(Path(sys.argv[1])))"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "False\n"
