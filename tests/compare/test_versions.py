"""Two versions of the invented study are compared: what a revision has changed is said, and only
that.
"""

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from babel import Locale
from project import Project, wait_for

from analysis import paths
from analysis.cli import main
from analysis.compare import revisions
from analysis.compare.comparing import compare
from analysis.compare.differences import differences
from analysis.compare.page import by_kind
from analysis.compare.sides import side_in, this_side
from analysis.problems import ReportedError, WrongCallError

SAID = """from matplotlib.figure import Figure
from analysis.publish import Run
run = Run("said", language=language)
statements = run.read("statements")
run.save_values(statements_in_all=len(statements))
%%
figure = Figure(figsize=(4, 3))
figure.subplots().bar(["Aussagen"], [len(statements)])
told = {"headline": "Viele Aussagen.", "caption": "Viele Aussagen. So viele.", "alt": "Ein Balken."}
run.save_figure(figure, data=statements[["unit_id", "section"]], sources=statements, **told)"""
LISTED = """from analysis.publish import Run
run = Run("listed", language=language)
sources = run.read("sources")
run.save_table(caption="Quellen", data=sources[["source_id", "label_de"]], sources=None)"""
KINDS = ("numbers", "findings", "figures", "tables", "pages")


@pytest.fixture(scope="module")
def version(tmp_path_factory):
    """A study with results."""
    project = Project(tmp_path_factory.mktemp("versions") / "former", said=SAID, listed=LISTED)
    page = project.folder / "book/de/index.md"
    page.write_text("# Wärme\n\nEs sind {{ statements_in_all }}.\n\nGleich.\n", "utf-8")
    done = project.make()[1]
    assert done.returncode == 0, done.stdout + done.stderr
    return project.folder


@pytest.fixture
def now(version, tmp_path, monkeypatch):
    """A copy of it, to which `analysis.paths` points."""
    folder = tmp_path / "now"
    shutil.copytree(version, folder)
    monkeypatch.setenv("COMPENDIUM_STUDY", str(folder))
    return folder


def edited(path, edit):
    """Writes a table with other rows: lists of cells, below the header."""
    with path.open(encoding="utf-8", newline="") as source:
        header, *rows = csv.reader(source)
    with path.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target, lineterminator="\n").writerows([header, *edit(rows)])


def replaced(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def found(version):
    """What differs, and what of all is otherwise, by kind: names with how they have changed."""
    all_of_it = differences(side_in(version), this_side())
    of = by_kind(all_of_it, "de")
    named = {
        kind: [(one["name"], one["change"]) for one in some["changes"]] for kind, some in of.items()
    }
    return of, {kind: changes for kind, changes in named.items() if changes}


def test_of_the_same_twice_nothing_is_said(version, now, capsys):
    compare(str(version))
    told = json.loads((now / "build/compare/comparison.json").read_text("utf-8"))
    kinds = [*told["languages"]["de"].values(), told["raw"], told["processed"], told["files"]]
    assert [kind["changes"] for kind in kinds] == [[]] * len(kinds)
    assert told["not_compared"] == []
    page = (now / "build/compare/de.html").read_text("utf-8")
    assert "Was verglichen werden konnte, ist gleich." in page
    assert page.count("Hier hat sich nichts geändert.") == len(kinds)
    assert "numbers: nothing has changed" in capsys.readouterr().out


def test_the_page_says_which_way_its_language_is_written_where_that_is_from_the_right(
    version, now, monkeypatch
):
    monkeypatch.setattr(Locale, "text_direction", "rtl")
    compare(str(version))
    page = (now / "build/compare/de.html").read_text("utf-8")
    assert '<html lang="de" dir="rtl">' in page


def test_the_same_two_versions_give_the_same_bytes_and_tell_no_place(version, now):
    replaced(now / "build/de/values/said.json", "statements_in_all", "statements_said")
    pages = []
    for _ in range(2):
        compare(str(version))
        pages.append({path.name: path.read_bytes() for path in (now / "build/compare").iterdir()})
        shutil.rmtree(now / "build/compare")
    assert pages[0] == pages[1]
    assert {*pages[0]} == {"de.html", "comparison.json"}
    for text in pages[0].values():
        assert str(version.parent).encode() not in text
        assert str(paths.root()).encode() not in text


def test_a_coding_that_was_changed_is_shown_with_what_was_counted(version, now):
    codings = now / "data/raw/coding/codings_a.csv"
    edited(codings, lambda rows: [[*rows[0][:1], "aspect.limit", *rows[0][2:]], *rows[1:]])
    replaced(now / "build/de/values/said.json", '": "12"', '": "13"')
    kinds, changed = found(version)
    assert changed == {
        "numbers": [("statements_in_all", "changed")],
        "raw": [("coding/codings_a.csv", "changed")],
    }
    (number,), (table,) = kinds["numbers"]["changes"], kinds["raw"]["changes"]
    assert number["cells"] == [{"column": "text", "before": "12", "now": "13"}]
    assert number["used"] == ["Wärme"]
    (row,) = table["changes"]
    assert [cell["column"] for cell in row["cells"]] == ["code"]
    assert row["cells"][0]["now"] == "aspect.limit"


def test_a_label_an_id_and_a_table_are_told_apart(version, now):
    raw = now / "data/raw"
    edited(raw / "study/actors.csv", lambda rows: [[rows[0][0], "Anders", *rows[0][2:]], *rows[1:]])
    edited(raw / "coding/units.csv", lambda rows: [["u900", *rows[0][1:]], *rows[1:]])
    (raw / "study/baths.csv").write_text("bath_id,size\nwest,3\n", "utf-8")
    (raw / "coding/summaries.csv").unlink()
    kinds, changed = found(version)
    assert changed == {
        "raw": [
            ("coding/summaries.csv", "removed"),
            ("coding/units.csv", "changed"),
            ("study/actors.csv", "changed"),
            ("study/baths.csv", "added"),
        ]
    }
    _, units, actors, baths = kinds["raw"]["changes"]
    assert [(one["name"], one["change"]) for one in units["changes"]] == [("u900", "renamed")]
    assert [one["change"] for one in actors["changes"]] == ["changed"]
    assert actors["changes"][0]["cells"][0]["now"] == "Anders"
    assert baths["rows"] == 1


def test_of_a_finding_sentence_and_verdict_are_shown(version, now):
    folder = now / "data/processed"
    replaced(folder / "findings.csv", ",shaky,", ",robust,")
    judged = next(csv.DictReader((folder / "verdicts.csv").open(encoding="utf-8")))
    finding, universe, verdict = judged.values()
    edited(folder / "verdicts.csv", lambda rows: [[*rows[0][:2], "void"], *rows[1:]])
    kinds, changed = found(version)
    assert (finding, "changed") in changed["findings"]
    cells = next(one for one in kinds["findings"]["changes"] if one["name"] == finding)["cells"]
    assert {"column": f"universe:{universe}", "before": verdict, "now": "void"} in cells
    compare(str(version))
    page = (now / "build/compare/de.html").read_text("utf-8")
    with (folder / "universes.csv").open(encoding="utf-8") as table:
        names = {row["universe_id"]: row["label_de"] for row in csv.DictReader(table)}
    assert f"Variante „{names[universe]}“" in page
    assert "wie weit er trägt" in page


def test_of_a_figure_texts_numbers_and_picture_are_shown(version, now):
    folder = now / "build/de/figures"
    replaced(folder / "said.json", "Ein Balken", "Ein hoher Balken")
    edited(folder / "said.csv", lambda rows: rows[1:])
    shutil.copy(folder / "said.png", folder / "other.png")
    draw(folder / "said.png", (0, 0, 60, 60))
    kinds, changed = found(version)
    assert changed == {"figures": [("other", "added"), ("said", "changed")]}
    figure = kinds["figures"]["changes"][1]
    assert [cell["column"] for cell in figure["cells"]] == ["alt"]
    assert [one["change"] for one in figure["data"]["changes"]] == ["removed"]
    assert len(figure["picture"]["areas"]) == 1
    compare(str(version))
    page = (now / "build/compare/de.html").read_text("utf-8")
    assert "an einer Stelle (oben links)" in page
    assert page.count("<rect ") == 2, "in both pictures"
    assert page.count('src="data:image/png') == 3


def test_what_is_only_drawn_otherwise_is_told_from_what_says_otherwise(version, now):
    draw(now / "build/de/figures/said.png", (0, 0, 9, 9))
    assert found(version)[1] == {"figures": [("said", "redrawn")]}


def draw(path, box):
    from PIL import Image, ImageDraw

    with Image.open(path) as picture:
        picture = picture.convert("RGB")
    ImageDraw.Draw(picture).rectangle(box, fill="black")
    picture.save(path)


@pytest.mark.parametrize("part", ["rows", "columns"])
@pytest.mark.parametrize(
    ("file", "kind", "name"),
    [
        ("build/de/tables/listed.csv", "tables", "listed"),
        ("build/de/figures/said.csv", "figures", "said"),
        ("data/raw/study/actors.csv", "raw", "study/actors.csv"),
        ("data/processed/code_counts.csv", "processed", "code_counts.csv"),
    ],
)
def test_another_order_is_told(version, now, file, kind, name, part):
    place = now / file
    with place.open(encoding="utf-8", newline="") as source:
        header, *rows = csv.reader(source)
    turned = [header, *rows[::-1]] if part == "rows" else [row[::-1] for row in (header, *rows)]
    with place.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target, lineterminator="\n").writerows(turned)
    kinds, changed = found(version)
    assert changed == {kind: [(name, "changed")]}
    (one,) = kinds[kind]["changes"]
    data = one if kind in ("raw", "processed") else one["data"]
    assert (data["changes"], data["reordered"]) == ([], [part])
    compare(str(version))
    said = {"rows": "Zeilen", "columns": "Spalten"}[part]
    page = (now / "build/compare/de.html").read_text("utf-8")
    assert f"{said} in anderer Reihenfolge." in page


def test_a_drawing_that_only_pages_show_is_told(version, now):
    drawing = now / "build/de/figures/said.html"
    drawing.write_text(drawing.read_text("utf-8").replace("<path", "<path  ", 1), "utf-8")
    kinds, changed = found(version)
    assert changed == {"figures": [("said", "redrawn")]}
    assert kinds["figures"]["changes"][0]["on_pages"]
    compare(str(version))
    page = (now / "build/compare/de.html").read_text("utf-8")
    assert "anders ist die Zeichnung auf der Seite" in page


@pytest.mark.parametrize("is_new", [True, False])
def test_a_figure_that_only_one_version_has_drawn_is_shown(version, now, tmp_path, is_new):
    former = tmp_path / "former"
    shutil.copytree(version, former)
    folder = (former if is_new else now) / "build/de/figures"
    told = json.loads((folder / "said.json").read_text("utf-8"))
    skipped = {"skipped": "Es gibt keine Aussage.", "parameters": told["parameters"]}
    for path in folder.glob("said.*"):
        path.unlink()
    (folder / "said.json").write_text(json.dumps(skipped), "utf-8")
    assert found(former)[1] == {"figures": [("said", "changed")]}
    compare(str(former))
    page = (now / "build/compare/de.html").read_text("utf-8")
    assert "Das Bild ist gleich" not in page
    assert ("Vorher war" if is_new else "Jetzt ist") + " nichts gezeichnet." in page
    assert page.count('src="data:image/png') == 1


def test_every_other_file_that_people_wrote_is_compared(version, now):
    (now / "book/de/heat.svg").write_text("<svg/>", "utf-8")
    former = {"book/_toc.yml", "book/references.bib", "data/raw/coding/codebook.yml", "study.yml"}
    former |= {"CITATION.cff", "notebooks/own.ipynb", "wording/own.yml"}
    for name in former:
        file = now / name
        file.parent.mkdir(exist_ok=True)
        text = file.read_text("utf-8") if file.is_file() else ""
        file.write_text(f"{text}\n", "utf-8")
    for unseen in (".DS_Store", "#facts.csv#"):
        (now / "data/raw" / unseen).write_bytes(b"x")
    _, changed = found(version)
    is_there = {name: (version / name).is_file() for name in former}
    wanted = {(name, "changed" if known else "added") for name, known in is_there.items()}
    assert {*changed.pop("files")} == wanted | {("book/de/heat.svg", "added")}
    assert changed == {}
    compare(str(version))
    page = (now / "build/compare/de.html").read_text("utf-8")
    assert "<code>book/de/heat.svg</code>" in page


def test_a_study_with_pages_behind_a_link_is_as_without(version, now, tmp_path):
    shutil.copytree(version, former := tmp_path / "former")
    for folder in (former, now):
        (folder / "study.yml").write_text("title: {de: A}\n", "utf-8")
    (now / "book").rename(tmp_path / "pages")
    (now / "book").symlink_to(tmp_path / "pages")
    assert found(former)[1] == {}


def test_a_heading_that_was_changed_is_told(version, now):
    replaced(now / "build/de/tables/listed.json", "Bezeichnung", "Kürzel")
    kinds, changed = found(version)
    assert changed == {"tables": [("listed", "changed")]}
    (cell,) = kinds["tables"]["changes"][0]["cells"]
    assert (cell["column"], cell["before"], cell["now"]) == (
        "columns",
        "Dokument, Bezeichnung",
        "Dokument, Kürzel",
    )


def test_figures_and_tables_that_have_gone_are_named(version, now):
    for path in [*now.glob("build/de/figures/said.*"), *now.glob("build/de/tables/listed.*")]:
        path.unlink()
    assert found(version)[1] == {
        "figures": [("said", "removed")],
        "tables": [("listed", "removed")],
    }
    compare(str(version))
    page = (now / "build/compare/de.html").read_text("utf-8")
    assert "Viele Aussagen." in page
    assert page.count('src="data:image/png') == 1


def test_a_study_that_has_gained_a_language_is_compared_in_the_others(version, now, tmp_path):
    former = tmp_path / "former"
    shutil.copytree(version, former)
    for file, column in (("findings", "sentence_de"), ("facts", "display_de")):
        replaced(former / f"data/processed/{file}.csv", column, column.replace("_de", "_xx"))
    kinds, changed = found(former)
    assert "numbers" not in changed
    assert kinds["findings"]["columns_added"] == ["sentence"]
    told = differences(side_in(former), this_side())["not_compared"]
    assert told == [{"what": "facts", "why": "language", "language": "de"}]
    compare(str(former))
    page = (now / "build/compare/de.html").read_text("utf-8")
    assert "Angaben der Studie: „former“ nennt sie nicht in dieser Sprache." in page


def test_an_edition_that_has_gone_is_named(version, now, tmp_path, capsys):
    former = tmp_path / "former"
    shutil.copytree(version, former)
    shutil.copytree(former / "build/de", former / "build/en")
    compare(str(former))
    assert "  edition en: removed\n" in capsys.readouterr().out
    page = (now / "build/compare/de.html").read_text("utf-8")
    assert "Die Ausgabe in der Sprache English: Es gibt sie nur noch in „former“." in page


def test_paragraphs_that_were_changed_stand_beside_what_they_were(version, now):
    replaced(now / "book/de/index.md", "Es sind", "Es sind <wohl>")
    (now / "book/de/new.md").write_text("# Neu\n", "utf-8")
    kinds, changed = found(version)
    assert changed == {"pages": [("index", "changed"), ("new", "added")]}
    assert kinds["pages"]["changes"][0]["cells"] == [
        {
            "column": "",
            "before": "Es sind {{ statements_in_all }}.",
            "now": "Es sind <wohl> {{ statements_in_all }}.",
        }
    ]
    compare(str(version))
    page = (now / "build/compare/de.html").read_text("utf-8")
    assert "<ins> &lt;wohl&gt;</ins>" in page, "what is text stays text"


def test_a_page_that_has_come_without_a_word_is_called_by_its_name(version, now):
    (now / "book/de/new.md").write_text("", "utf-8")
    (page,) = found(version)[0]["pages"]["changes"]
    assert page == {"name": "new", "change": "added", "title": "new"}


@pytest.mark.parametrize("part", ["build", "build/de/..", "."])
def test_a_build_folder_leads_to_the_study_it_was_built_in(version, now, part):
    assert side_in((version / part).resolve()).raw == version / "data/raw"
    compare(str(version / part))
    assert (now / "build/compare/de.html").is_file()


def test_a_site_is_compared_as_far_as_it_carries_its_data(version, now, tmp_path):
    site = tmp_path / "site"
    for kind in ("figures", "tables"):
        shutil.copytree(
            version / "build/de" / kind,
            site / "de" / kind,
            ignore=shutil.ignore_patterns("*.json", "*.html"),
        )
    shutil.copytree(version / "data/processed", site / "de/data")
    shutil.copytree(version / "data/raw", site / "de/raw")
    told = differences(side_in(site), this_side())
    lacking = [(one["what"], one["why"]) for one in told["not_compared"]]
    assert lacking == [("pages", "missing"), ("records", "missing")]
    assert told["languages"]["de"]["pages"] is None
    assert told["languages"]["de"]["figures"] == {"same": ["said"], "changes": []}
    assert told["languages"]["de"]["numbers"]["changes"] == []
    assert told["raw"]["changes"] == told["processed"]["changes"] == []
    compare(str(site))
    page = (now / "build/compare/de.html").read_text("utf-8")
    assert "Nicht verglichen" in page
    assert "Eine fertige Website" in page


def test_what_may_not_be_shown_is_left_out_of_a_comparison(version, now):
    raw = now / "data/raw/coding/units.csv"
    former = version.parent / "silent"
    shutil.copytree(version, former)
    for folder in (former, now):
        path = folder / "data/raw/coding/units.csv"
        hide(path, "u009", "Nicht zu zeigen.")
        edited(
            folder / "data/processed/statements.csv",
            lambda rows: [row for row in rows if row[0] != "u009"],
        )
    hide(raw, "u009", "Auch nicht.")
    compare(str(former))
    told = (now / "build/compare/comparison.json").read_text("utf-8")
    assert "Auch nicht" not in told
    assert "zeigen" not in told
    assert json.loads(told)["raw"] is None
    assert "statements.csv" in json.loads(told)["processed"]["same"]
    with pytest.raises(ReportedError, match=r"shows what may not be shown any more \(u009\)"):
        compare(str(version))
    shutil.rmtree(former)


@pytest.mark.parametrize(
    ("file", "consents", "text"),
    [
        ("study/interviews.csv", ("named", "anonymous"), "function_de"),
        ("coding/units.csv", ("quote", "paraphrase"), "gist_de"),
    ],
    ids=["named", "quoted"],
)
def test_what_somebody_agrees_to_no_longer_is_not_shown_again(version, now, file, consents, text):
    former = version.parent / "open"
    shutil.copytree(version, former)
    for folder, consent, words in ((former, consents[0], "Alt"), (now, consents[1], "Neu")):
        path = folder / "data/raw" / file
        with path.open(encoding="utf-8", newline="") as source:
            first, *others = csv.DictReader(source)
        first |= {"consent": consent, text: words}
        with path.open("w", encoding="utf-8", newline="") as target:
            writer = csv.DictWriter(target, first, lineterminator="\n")
            writer.writeheader()
            writer.writerows([first, *others])
    with pytest.raises(ReportedError, match="shows what may not be shown any more"):
        compare(str(former))
    shutil.rmtree(former)


def consented(place, consent, words):
    """Writes consent and words of the first statement into a table; without a consent, the table
    has no such column.
    """
    with place.open(encoding="utf-8", newline="") as source:
        first, *others = csv.DictReader(source)
    first |= {"consent": consent, "gist_de": words}
    columns = [name for name in first if name != "consent" or consent]
    with place.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, columns, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows([first, *others])


RAW_UNITS, STATEMENTS = "data/raw/coding/units.csv", "data/processed/statements.csv"


def test_nor_is_it_by_a_version_that_carries_no_raw_tables(version, now, tmp_path):
    site = tmp_path / "site"
    shutil.copytree(version / "build/de/figures", site / "de/figures")
    shutil.copytree(version / "data/processed", site / "de/data")
    consented(site / "de/data/statements.csv", "quote", "„Alt“")
    consented(now / STATEMENTS, "quote", "„Neu“")
    compare(str(site))
    for place in (RAW_UNITS, STATEMENTS):
        consented(now / place, "paraphrase", "Neu")
    with pytest.raises(ReportedError, match=r"shows what may not be shown any more \(u001\)"):
        compare(str(site))


def test_nor_if_the_column_of_its_words_has_another_name_since(version, now, tmp_path):
    former = tmp_path / "former"
    shutil.copytree(version, former)
    consented(former / RAW_UNITS, "quote", "Alt")
    replaced(former / RAW_UNITS, "gist_de", "gist")
    consented(now / RAW_UNITS, "paraphrase", "Alt")
    compare(str(former))
    consented(now / RAW_UNITS, "paraphrase", "Neu")
    with pytest.raises(ReportedError, match="shows what may not be shown any more"):
        compare(str(former))


def test_a_statement_without_a_word_on_consent_was_never_one_to_be_quoted(version, now, tmp_path):
    former = tmp_path / "former"
    shutil.copytree(version, former)
    consented(former / RAW_UNITS, "", "Alt")
    consented(now / RAW_UNITS, "paraphrase", "Neu")
    compare(str(former))
    consented(former / RAW_UNITS, "quote", "Alt")
    consented(now / RAW_UNITS, "", "Neu")
    with pytest.raises(ReportedError, match="shows what may not be shown any more"):
        compare(str(former))


def test_a_build_folder_under_another_name_tells_consent_by_its_site(version, now, tmp_path):
    former = tmp_path / "build-old"
    shutil.copytree(version / "build/de", former / "de")
    hide(now / RAW_UNITS, "u009", "Nicht zu zeigen.")
    edited(now / STATEMENTS, lambda rows: [row for row in rows if row[0] != "u009"])
    with pytest.raises(ReportedError, match="build-old tells neither interviews nor statements"):
        compare(str(former))
    shutil.copytree(version / "data/processed", former / "html/de/data")
    shutil.copytree(version / "data/raw", former / "html/de/raw")
    side = side_in(former)
    assert (side.raw, side.processed) == (former / "html/de/raw", former / "html/de/data")
    with pytest.raises(ReportedError, match=r"shows what may not be shown any more \(u009\)"):
        compare(str(former))
    assert not (now / "build/compare").exists()


def test_a_comparison_that_tells_who_somebody_is_is_not_written(version, now):
    identities = now / "data/raw/study/identities.csv"
    identities.write_text("interview_id,value\nclausee,Erna Moor\n", "utf-8")
    compare(str(version))
    shutil.rmtree(now / "build/compare")
    replaced(now / "book/de/index.md", "Gleich.", "Danke an Erna&#32;Moor.")
    with pytest.raises(ReportedError, match=r"de\.html was not written: it holds .*csv, row 2"):
        compare(str(version))
    assert not (now / "build/compare").exists()


def hide(path, unit, gist):
    with path.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    assert any(row["unit_id"] == unit for row in rows)
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, rows[0], lineterminator="\n")
        writer.writeheader()
        hidden = {"consent": "none", "gist_de": gist}
        writer.writerows(row | (hidden if row["unit_id"] == unit else {}) for row in rows)


def test_another_study_is_no_version_of_this_one(version, now):
    edited(now / "data/processed/sources.csv", lambda rows: [["x", *row[1:]] for row in rows])
    with pytest.raises(ReportedError, match="former is another study: its sources are"):
        compare(str(version))
    assert not (now / "build/compare").exists()


def test_everything_damaged_is_named_at_once_and_nothing_written(version, now):
    (now / "data/raw/study/actors.csv").write_text('actor_id\n"x\n', "utf-8")
    (now / "build/de/figures/said.json").write_text("{", "utf-8")
    (now / "build/de/figures/said.png").write_bytes(b"x")
    with pytest.raises(ReportedError) as raised:
        compare(str(version))
    said = str(raised.value)
    for file in ("actors.csv", "said.json", "said.png"):
        assert re.search(rf"^\S*{re.escape(file)}[:,]", said, re.MULTILINE), said
    assert not (now / "build/compare").exists()


def test_a_folder_without_results_and_no_revision_are_refused(now, tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    (tmp_path / "empty").mkdir()
    with pytest.raises(ReportedError, match="empty holds no results to compare with"):
        compare(str(tmp_path / "empty"))
    for repository in (False, True):
        if repository:
            committed(now)
        for name in ("v1", "--all", ""):
            with pytest.raises(WrongCallError, match=f"WITH={name} is neither a folder nor a rev"):
                compare(name)
    assert main(["compare", "v1"]) == 2


def test_a_revision_is_not_compared_with_parts_from_elsewhere(now, tmp_path, monkeypatch):
    committed(now)
    shutil.copytree(now / "data/raw", tmp_path / "raw")
    monkeypatch.setenv("COMPENDIUM_RAW", str(tmp_path / "raw"))
    with pytest.raises(WrongCallError, match=r"WITH=HEAD is compared with .*RAW= would take"):
        compare("HEAD")
    assert not (now / "build/revisions").exists()


def committed(folder):
    who = ["-c", "user.name=Erna", "-c", "user.email=erna@example.org"]
    (folder / ".gitignore").write_text("/build/\n/data/processed/\n", "utf-8")
    for command in (["init", "-q"], ["add", "."], [*who, "commit", "-qm", "All of it"]):
        subprocess.run(["git", "-C", folder, *command], check=True)


def test_a_revision_is_built_by_its_own_code_and_compared(version, tmp_path):
    project = Project(tmp_path / "project", said=SAID)
    shutil.copy(version / "book/de/index.md", project.folder / "book/de/index.md")
    committed(project.folder)
    project.edit("src/analysis/wording/__init__.py", '.replace("-", "−")', '+ "!"')
    assert project.make()[1].returncode == 0
    done = project.run("analysis", "compare", "HEAD")
    assert done.returncode == 0, done.stderr
    told = json.loads((project.folder / "build/compare/comparison.json").read_text("utf-8"))
    (number,) = [
        one
        for one in told["languages"]["de"]["numbers"]["changes"]
        if one["name"] == "statements_in_all"
    ]
    assert number["cells"] == [{"column": "text", "before": "12", "now": "12!"}]
    assert re.fullmatch("[0-9a-f]{12}", told["before"]["name"])
    assert told["not_compared"] == []


def test_a_revision_with_packages_of_its_own_is_built_within_the_same_bounds(tmp_path, monkeypatch):
    folder = tmp_path / "build/revisions/abc"
    folder.mkdir(parents=True)
    bounds = " ".join(f"{name}=$({name})" for name in ("JOBS", "TIMEOUT", "MEMORY"))
    (folder / "Makefile").write_text(f"MEMORY = own\nnotebooks:\n\t@echo {bounds}\n", "utf-8")
    monkeypatch.setenv("COMPENDIUM_ROOT", str(tmp_path))
    for name in ("MAKEFLAGS", "MAKELEVEL"):  # of the make that runs the tests
        monkeypatch.delenv(name, raising=False)
    for name, value in (("JOBS", "2"), ("TIMEOUT", "60"), ("MEMORY", "")):
        monkeypatch.setenv(f"COMPENDIUM_{name}", value)
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    assert revisions._build(folder, folder, tmp_path)
    assert [signal.getsignal(number) for number in numbers] == before
    assert folder.with_suffix(".log").read_text("utf-8") == "JOBS=2 TIMEOUT=60 MEMORY=own\n"


BUILDS = """from pathlib import Path
from analysis.compare import revisions
folder = Path({folder!r})
revisions.PATIENCE = {patience}
revisions._build(folder, folder, Path({top!r}))
"""
WAITS = """import os, signal, time
from pathlib import Path
def end(*_):
    os.rmdir("passing")
    os._exit(1)
os.mkdir("passing")
signal.signal(signal.SIGTERM, end)
Path("parent").write_text(os.environ["COMPENDIUM_PARENT"])
Path("number").write_text(str(os.getpid()))
time.sleep(600)
"""
WAITS_IN_MAKE = """notebooks:
\t@mkdir passing; trap 'rmdir passing; exit 1' TERM; echo $$$$ > number; sleep 600 & wait
"""


@pytest.mark.parametrize("ends", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, "late"])
@pytest.mark.parametrize("packages", ["own", "same"])
def test_what_ends_a_comparison_ends_the_build_of_the_revision(tmp_path, packages, ends):
    folder = tmp_path / "build/revisions/abc"
    (folder / "src/analysis").mkdir(parents=True)
    late = ends == "late"
    waits = WAITS.replace(", end)", ", signal.SIG_IGN)") if late else WAITS
    in_make = WAITS_IN_MAKE.replace("rmdir passing; exit 1", "") if late else WAITS_IN_MAKE
    if late:
        ends, in_make = signal.SIGTERM, in_make.replace("sleep 600 & wait", "sleep 600")
    for name, text in (("__init__", ""), ("__main__", waits)):
        (folder / f"src/analysis/{name}.py").write_text(text, "utf-8")
    (folder / "Makefile").write_text(in_make, "utf-8")
    for place in (tmp_path, *([folder] if packages == "same" else [])):
        (place / "requirements.lock").write_text("", "utf-8")
    code = BUILDS.format(folder=str(folder), top=str(tmp_path), patience=0.2 if late else 60)
    about = os.environ | {"COMPENDIUM_ROOT": str(tmp_path)}
    comparing = subprocess.Popen(
        [sys.executable, "-c", code], env=about, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    number = folder / "number"
    wait_for(lambda: number.is_file() and number.read_text("utf-8").strip())
    building = psutil.Process(int(number.read_text("utf-8")))
    started = [building, *building.children(recursive=True)]
    comparing.send_signal(ends)
    assert comparing.wait() == 128 + ends
    assert comparing.communicate()[1] == b"\nstopped\n"
    assert psutil.wait_procs(started, timeout=5)[1] == []
    assert (folder / "passing").exists() == late
    if packages == "same":
        assert (folder / "parent").read_text("utf-8") == str(comparing.pid)


def test_a_revision_has_its_links(now):
    (now / "data/raw/link.csv").symlink_to("study/actors.csv")
    (now / "data/raw/disk").symlink_to("/nowhere/at/all")
    committed(now)
    folder = revisions._checked_out(now, "HEAD")
    assert (folder / "data/raw/link.csv").readlink() == Path("study/actors.csv")
    assert (folder / "data/raw/disk").readlink() == Path("/nowhere/at/all")


def test_of_a_revision_that_does_not_build_what_people_wrote_is_compared(now, capfd):
    codings = now / "data/raw/coding/codings_a.csv"
    before = codings.read_text("utf-8")
    edited(codings, lambda rows: [[rows[0][0], "no.code", *rows[0][2:]], *rows[1:]])
    committed(now)
    codings.write_text(before, "utf-8")
    compare("HEAD")
    told = json.loads((now / "build/compare/comparison.json").read_text("utf-8"))
    assert [one["name"] for one in told["raw"]["changes"]] == ["coding/codings_a.csv"]
    assert told["languages"]["de"]["pages"]["changes"] == []
    assert "results" in {one["what"] for one in told["not_compared"]}
    for kind in ("numbers", "findings", "figures", "tables"):
        assert told["languages"]["de"][kind] is None
    assert told["processed"] is None
    assert [one["what"] for one in told["not_compared"]] == ["processed", "results"]
    assert "does not build here" in capfd.readouterr().err
