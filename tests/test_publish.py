"""What a notebook publishes has its texts, its data and its passages, or is not published."""

import json
import re

import pandas as pd
import pytest
from matplotlib import pyplot
from matplotlib.figure import Figure

from analysis import checking
from analysis.processed import store
from analysis.publish import Run

PASSAGES = pd.DataFrame(
    {"source_id": "musterfrau2021", "locator": ["4.1 ¶10", "5;4.1 ¶9", "4.1 ¶10"]}
)
WHOLE = {
    "headline": "Two of three have codes.",
    "caption": "A square for each.",
    "alt": "Three squares.",
    "data": pd.DataFrame({"label_de": ["Wald"], "label_en": ["wood"], "n": [2]}),
    "sources": PASSAGES,
}


@pytest.fixture
def run(mini, monkeypatch):  # noqa: ARG001
    """A run of the pipeline, of a notebook that there is."""
    monkeypatch.setenv("COMPENDIUM_RUN", "codings")
    return Run("codings", language="en")


def test_a_run_by_hand_says_what_a_build_would_tell_it(mini, capsys, monkeypatch):
    monkeypatch.setattr("analysis.publish._check_tables", lambda: None)
    (mini.book / "study.yml").write_text("parameters: {relations: {role: field}}\n", "utf-8")
    usual = {"role": "role", "topic": "topic", "corpora": "case"}
    assert Run("relations", language="en", **usual).name == "relations-corpora=case"
    assert "in a build, study.yml tells it role=field; by hand" in capsys.readouterr().out
    Run("relations", language="en", **usual | {"role": "field"})
    assert "study.yml" not in capsys.readouterr().out


def record(mini, kind="figures"):
    return json.loads((mini.build / f"en/{kind}/codings.json").read_text("utf-8"))


def test_a_figure_comes_in_every_format_with_its_data_and_its_record(run, mini):
    run.save_figure(Figure(), **WHOLE)
    folder = mini.build / "en/figures"
    assert {path.suffix for path in folder.iterdir()} == {".svg", ".png", ".html", ".csv", ".json"}
    assert (folder / "codings.csv").read_text("utf-8") == "label,n\nwood,2\n"
    assert record(mini)["numbers"] == ["n"]


def test_an_empty_cell_makes_no_numbers_of_a_column_of_texts(run, mini):
    works = pd.Series(["Kern2009", float("nan")])
    run.save_figure(Figure(), **WHOLE | {"data": pd.DataFrame({"literature": works, "n": [1, 2]})})
    assert record(mini)["numbers"] == ["n"]


@pytest.mark.parametrize("kind", ["bool", "boolean"])
def test_whether_something_is_so_is_no_number(run, mini, kind):
    is_so = pd.Series([True, None if kind == "boolean" else False], dtype=kind)
    run.save_figure(Figure(), **WHOLE | {"data": pd.DataFrame({"is_so": is_so, "n": [1, 2]})})
    assert record(mini)["numbers"] == ["n"]


def test_the_headline_is_read_aloud_before_the_alternative_text(run, mini):
    run.save_figure(Figure(), **WHOLE)
    assert record(mini)["alt"] == "Two of three have codes. Three squares."


LEFT_OUT = "Statements that, by the consent given, count in the code matrix alone are left out."


def test_what_follows_in_further_lines_of_a_caption_is_kept_apart(run, mini):
    run.save_figure(Figure(), **WHOLE | {"caption": "A square for each.\n\nCounted once."})
    assert record(mini)["caption"] == WHOLE["caption"]
    assert record(mini)["reading"] == "Counted once."
    run.save_figure(Figure(), **WHOLE)
    assert "reading" not in record(mini)


def test_a_caption_says_that_what_only_counts_is_left_out_where_there_is_such(mini, run):
    table = {"caption": "All.", "data": WHOLE["data"], "sources": PASSAGES}
    mini.put("coding/units.csv", 6, "consent", "aggregate")
    checking.data()
    run.read("statements")
    run.save_table(**table)
    assert record(mini, "tables")["caption"] == f"All. {LEFT_OUT}"
    run.save_table(**table, counts_all=True)
    assert record(mini, "tables")["caption"] == "All."
    other = Run("codings", language="en")
    other.read("actors")
    other.save_table(**table)
    assert record(mini, "tables")["caption"] == "All.", "it rests on no statements"


def test_each_passage_is_named_once_and_in_the_order_of_the_text(run, mini):
    run.save_table(caption="All.", data=WHOLE["data"], sources=PASSAGES)
    locators = [passage["locator"] for passage in record(mini, "tables")["sources"]]
    assert locators == ["4.1 ¶9", "4.1 ¶10", "5"]


@pytest.mark.parametrize(
    ("locator", "said"),
    [
        ("Annex", "locator 'Annex'; expected a passage such as p. 3 l. 12–15, "),
        ("4.1;see 5", "locator 'see 5'; expected a passage such as "),
        ("4.1; 5", "locator ' 5'; expected a passage such as "),
        ("", "locator ''; expected a passage such as "),
    ],
)
def test_a_passage_that_no_page_can_say_is_not_published(run, mini, locator, said):
    sources = pd.DataFrame({"source_id": "rahmen2019", "locator": ["4.1", locator]})
    with pytest.raises(ValueError, match=f"^codings: sources has the {re.escape(said)}"):
        run.save_table(caption="All.", data=WHOLE["data"], sources=sources)
    assert not (mini.build / "en/tables/codings.json").exists()


@pytest.mark.parametrize("locator", ["p. 12", "00:12:30–00:13:05", "¶4 s2", "front", "3a b2;8 fn8"])
def test_whatever_tables_may_have_for_a_passage_is_published(run, mini, locator):
    sources = pd.DataFrame({"source_id": ["rahmen2019", None], "locator": [locator, "x"]})
    run.save_table(caption="All.", data=WHOLE["data"], sources=sources)
    assert len(record(mini, "tables")["sources"]) == len(locator.split(";"))


def test_the_picture_that_is_published_is_shown_once(run, mini, monkeypatch):
    """What pyplot draws, Jupyter shows by itself."""
    shown = []
    monkeypatch.setattr("analysis.publish.display", shown.append)
    run.save_figure(Figure(), **WHOLE)
    run.save_figure(pyplot.figure(), **WHOLE)
    pyplot.close("all")
    published = (mini.build / "en/figures/codings.png").read_bytes()
    assert [picture.data for picture in shown] == [published]


@pytest.mark.parametrize("part", WHOLE)
def test_nothing_is_published_without_one_of_its_parts(run, part):
    empty = WHOLE | {part: "" if isinstance(WHOLE[part], str) else WHOLE[part].iloc[:0]}
    with pytest.raises(ValueError, match=f"codings: {part} is empty"):
        run.save_figure(Figure(), **empty)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), None, pd.NA, ["a"]])
def test_a_value_is_a_number_or_a_text(run, value):
    with pytest.raises(ValueError, match=r"trees is .*; expected a number or a text"):
        run.save_values(trees=value)


def test_numbers_are_written_as_the_language_writes_them(run, mini):
    run.save_values(trees=12345, town="Auental")
    assert record(mini, "values")["values"] == {"trees": "12,345", "town": "Auental"}


def test_what_is_skipped_leaves_its_reason_and_no_figure(run, mini):
    run.save_figure(Figure(), **WHOLE)
    with pytest.raises(SystemExit) as end:
        run.skip("Nothing to draw.")
    assert end.value.code == 0
    assert record(mini)["skipped"] == "Nothing to draw."
    assert [path.name for path in (mini.build / "en/figures").iterdir()] == ["codings.json"]


def test_what_a_caption_says_of_statements_hangs_on_no_number_of_codings(monkeypatch):
    """A notebook that shows none would run again with every coding."""
    tables = {"dimensions": pd.DataFrame({"some_only_count": [False, True]})}
    monkeypatch.setattr(store, "read_processed", tables.__getitem__)
    assert store.some_only_count()
