"""Rows of a table as lists, one for each value of a column; what nothing is reported of says so."""

import re
from types import SimpleNamespace

import pandas as pd
import pytest

from analysis.book import figures, lists
from analysis.processed.prepare import prepare
from analysis.tables import PROCESSED
from analysis.wording import Wording

pytestmark = pytest.mark.xdist_group("built")


@pytest.fixture(scope="module")
def page(built):
    return (built.build / "html/de/evidence.html").read_text("utf-8")


def lines(page, name):
    """The lines of a table: heading and entries."""
    table = page[page.index(f'id="{name}"') :].split("</table>")[0]
    cells = [re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL) for row in table.split("<tr")[2:]]
    return [[" ".join(re.sub("<[^>]+>", " ", cell).split()) for cell in row] for row in cells]


def test_what_nothing_has_is_left_out_of_a_closed_list(page):
    found = lines(page, "tab-measures-of-field-halls")
    assert found == [
        ["Was Kommunen tun können", "Hallen öffnen"],
        ["Was es bewirken kann", "Erholung"],
    ]


def test_the_caption_is_the_name_of_what_is_asked_for(page):
    assert re.search(r"<caption>.*?Kühle Hallen", page, re.DOTALL)


def test_a_code_that_nothing_has_says_so(page):
    assert lines(page, "tab-projects-of-field-code") == [
        [
            "Bäume",
            "Allee (Auental; läuft) Mulch (Birkfurt; läuft) Pflanzbeschluss (Auental; beschlossen)",
        ],
        ["Sonnensegel", "Mulch (Birkfurt; läuft)"],
        ["Kühle Hallen", "nichts berichtet"],
        ["Warnungen", "Messnetz (Auental, Clausee; vorgeschlagen oder im Gespräch)"],
        [
            "nicht angegeben",
            "Schattenplan (Birkfurt; abgeschlossen) Kühle Tage (Clausee; abgeschlossen) "
            "Kühler Bus (Clausee; geplant)",
        ],
    ]


@pytest.mark.parametrize("column", ["status", "field_code"])
def test_every_row_is_in_a_line_unless_only_what_is_stated_is_asked_for(mini, monkeypatch, column):
    tables = prepare(mini.read())
    monkeypatch.setattr(lists, "read_processed", tables.get)
    monkeypatch.setattr(lists.StudyLists, "words", Wording("en"))
    shown, projects = lists.StudyLists.__new__(lists.StudyLists), tables["projects"]
    shown.fields = PROCESSED["projects"].columns
    shown._heading, shown._list = lambda _column, value: value, lambda rows: [*rows["project_id"]]
    for options, rows in (({}, projects), ({"only-stated": None}, projects.dropna(subset=column))):
        shown.options = options
        listed = [project for _, line in shown._lines(column, projects) for project in line]
        assert {*listed} == {*rows["project_id"]}


def test_entries_lead_to_their_rows(page):
    assert re.search(r'href="#measures-open-halls"', page)


def test_lists_of_values_in_other_letters_have_labels_of_their_own(monkeypatch):
    projects = pd.DataFrame({"case_id": ["Київ", "Львів", "Київ"]})
    monkeypatch.setattr(lists, "read_processed", lambda _name: projects)
    shown = lists.StudyLists.__new__(lists.StudyLists)
    shown.name_of_table, shown.fields = "projects", PROCESSED["projects"].columns
    shown.names = lambda _refers, value: value
    found = []
    for place in ("Київ", "Львів"):
        shown.options = {"where": f"case_id={place}"}
        found.append(shown._chosen()[1:])
    assert found == [("Київ", "1"), ("Львів", "2")]


def test_a_list_of_tables_leaves_out_tables_without_a_title(monkeypatch):
    tables = [("table", "page", anchor, (number,)) for number, anchor in enumerate("abc", 1)]
    monkeypatch.setattr(figures, "figure_numbers", lambda _env: tables)
    titles = {("page", "a"): "Trees of the town. All of them.", ("page", "c"): ""}
    monkeypatch.setattr(figures, "titles_of_labels", lambda _env: titles)
    config = SimpleNamespace(numfig_format={"table": "Tab. %s"})
    builder = SimpleNamespace(get_relative_uri=lambda _at, to: f"{to}.html")
    app = SimpleNamespace(env=None, config=config, builder=builder)
    assert figures._numbered(app, "lists", "table").astext() == "Tab. 1: Trees of the town"
