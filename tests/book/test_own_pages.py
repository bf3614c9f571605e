"""Pages that another study may have: one below another, in a folder, with formulas, and with tables
that it declares itself.
"""

import json
import re
import shutil

import pytest

from analysis.book.annotations import NAME
from analysis.pdf.chapters import Chapter, Printing, read_article
from analysis.pdf.elements import has_class, text_of
from analysis.wording import Wording

pytestmark = pytest.mark.xdist_group("built")
PLOTS = """plots:
  title: Beete
  description: Was auf den Beeten wächst.
  key: plot
  columns:
    plot: {description: Beet}
    grows: {description: Was wächst}
    kind: {options: {sunny: sonnig, shady: schattig}, description: Lage}
    size: {type: integer, unit: m, low: 1, description: Größe}
    source_id: {refers: sources.source_id, description: Quelle}
    locator: {description: Stelle}
silent:
  title: Stille
  description: Nichts als ein Schlüssel.
  key: name
  columns:
    name: {description: Name}
    source_id: {refers: sources.source_id, description: Quelle}
    locator: {description: Stelle}
"""
ROWS = "plot,grows,kind,size,source_id,locator\np1,Minze,sunny,12,musterfrau2021,4.1 ¶2\n"
ROWS += "p2,Farn,shady,3,musterfrau2021,4.1 ¶2\n"
SILENT = "name,source_id,locator\nn1,musterfrau2021,4.1 ¶2\n"
CONTENTS = """format: jb-book
root: index
chapters:
  - file: figures
    sections:
      - file: more/child
  - file: evidence
  - glob: notebooks/*
"""
FORMULA = r"\kappa = \frac{p_o - p_e}{1 - p_e}"
CHILD = f"""# Beete

Der erste Absatz.

## Paragraph 2

Es wächst Minze.{{evidence}}`p1 n1` Auental pflanzt.{{evidence}}`u002`

Gerechnet wird mit {{math}}`p_o > 0 \\text{{ & }} x < 1` und so:

```{{math}}
:label: kappa

{FORMULA}
```

Mehr in {{eq}}`kappa`.

:::{{study-table}} plots
:columns: plot grows kind
Alle Beete
:::

:::{{study-table}} plots
:columns: plot size
:where: kind=sunny
Sonnige Beete
:::

:::{{study-table}} facts
:columns: subject
:where: case_id=see
:by: unit
Zahlen
:::

:::{{study-table}} silent
:columns: name
Stilles
:::

:::{{study-lists}} plots
:by: kind
:with: kind
Beete
:::

:::{{study-lists}} facts
:by: unit
Zahlen
:::
"""
HEADING = "paragraph-2"


@pytest.fixture(scope="module")
def study(built, new_mini):
    """The book of a study with such pages, and tables as spreadsheets write them."""
    made = new_mini()
    shutil.copytree(built.build, made.build)
    for file, text in (("tables.yml", PLOTS), ("plots.csv", ROWS), ("silent.csv", SILENT)):
        (made.raw / file).write_text(text, "utf-8")
    made.put("coding/anchors.csv", 2, "start", "0.0")
    anchors = made.raw / "context/anchors.csv"
    anchors.write_text(anchors.read_text("utf-8").replace(",", ";"), "utf-8")
    (made.book / "_toc.yml").write_text(CONTENTS, "utf-8")
    (made.book / "de/more").mkdir()
    (made.book / "de/more/child.md").write_text(CHILD, "utf-8")
    for command in (("data",), ("book", "de")):
        done = made.run("analysis", *command)
        assert done.returncode == 0, done.stdout + done.stderr
    made.site = made.build / "html/de"
    return made


def page(study, name):
    return (study.site / f"{name}.html").read_text("utf-8")


@pytest.fixture(scope="module")
def child(study):
    return page(study, "more/child")


def pages(study):
    return {
        path.relative_to(study.site).with_suffix("").as_posix(): path.read_text("utf-8")
        for path in study.site.rglob("*.html")
        if "executed" not in path.parts
    }


def test_every_mark_leads_to_an_entry_of_the_list_that_leads_back(study):
    found, evidence = pages(study), page(study, "evidence")
    marks = [
        (name, *mark)
        for name, text in found.items()
        for mark in re.findall(
            r'<a class="study-evidence" id="([^"]*)" href="[^"#]*#([^"]*)"', text
        )
    ]
    assert {name for name, *_ in marks} >= {"index", "more/child", "evidence"}
    for name, own, entry in marks:
        assert evidence.count(f'id="{entry}"') == 1, entry
        target = "" if name == "evidence" else f"{name}.html"
        back = evidence[evidence.index(f'id="{entry}"') :]
        assert re.search('href="([^"]*)"', back)[1] == f"{target}#{own}"


def test_sentences_are_listed_in_the_order_of_the_pages(study):
    evidence = page(study, "evidence")
    parts = re.findall(r'<section id="evidence-(index|more-child|evidence)"', evidence)
    assert parts == ["index", "more-child", "evidence"]


def test_no_page_has_an_id_twice(study):
    for name, text in pages(study).items():
        ids = re.findall(r'<[a-z][^>]*? id="([^"]*)"', text)
        twice = sorted({own for own in ids if ids.count(own) > 1})
        assert twice == [], name


def test_a_paragraph_leaves_its_anchor_to_a_heading_of_that_name(child):
    assert f'<section id="{HEADING}">' in child
    assert '<p id="paragraph-1">Der erste Absatz.' in child


def test_a_row_of_an_own_table_says_its_cells_or_else_its_key(study):
    items = json.loads((study.site / NAME).read_text("utf-8"))["first"]["items"]
    said = {item["id"]: item["body"][0]["value"] for item in items}
    assert said["#plots-p1"] == "Minze: sunny: 12."
    assert said["#silent-n1"] == "n1."
    assert all(len(text) > 1 for text in said.values())


def test_anchors_are_numbers_as_spreadsheets_write_them(study):
    items = json.loads((study.site / NAME).read_text("utf-8"))["first"]["items"]
    selectors = [item["target"]["selector"] for item in items if "selector" in item["target"]]
    assert len(selectors) == 15
    assert all(type(one[end]) is int for one in selectors for end in ("start", "end"))


def test_lists_are_made_of_any_table(child):
    text = " ".join(re.sub("<[^>]+>", " ", child).split())
    assert "Art Bezeichnung sunny p1 (sunny) shady p2 (shady)" in text
    assert "Prozent shade_share Drittel sealed_thirds leaf_third" in text


def test_rows_that_are_chosen_can_be_told_apart_as_well(child):
    captions = re.findall(r'<caption>.*?caption-text">(.*?)</span>', child, re.DOTALL)
    of_facts = [caption for caption in captions if caption.startswith("Zahlen: ")]
    assert len(of_facts) == len(set(of_facts)) > 1
    assert not [caption for caption in of_facts if "see" in caption]
    assert "Birkfurt" not in child[child.index('id="tab-facts-see-') :].split("</table>")[0]


def test_a_formula_is_on_the_page_and_asks_nobody(study):
    found = pages(study)
    text = found["more/child"]
    assert text.count("<math ") == 2
    assert '<math alttext="p_o &gt; 0 \\text{ &amp; } x &lt; 1" ' in text
    assert f'alttext="{FORMULA}"' in text
    assert '<span class="eqno">(1)</span>' in text
    assert not [name for name, each in found.items() if "mathjax" in each.lower()]
    assert not [name for name, each in found.items() if re.search(r'<script[^>]*src="http', each)]


def printed(study, *names):
    """The chapters of some pages, ready for paper."""
    chapters = [Chapter(name, read_article(study.site, name)) for name in names]
    Printing(study.site, chapters, Wording("de"), "").run()
    return chapters


def notes_of(chapter):
    """What its footnotes say, in the order of the text."""
    notes = [part for part in chapter.article.iter("span") if has_class(part, "note")]
    assert len(notes) == chapter.notes
    return [note[0].tail.strip() for note in notes]


def test_on_paper_a_formula_is_a_picture_called_what_was_typed(study):
    (chapter,) = printed(study, "more/child")
    said = [part.get("alt") for part in chapter.article.iter("img")]
    assert said == [r"p_o > 0 \text{ & } x < 1", FORMULA]


def test_on_paper_the_notes_of_a_page_in_a_folder_have_its_passages(study):
    (chapter,) = printed(study, "more/child")
    assert notes_of(chapter)[:2] == [
        "p1, Abschnitt 4.1, Absatz 2; n1, Abschnitt 4.1, Absatz 2",
        "u002 (Auental), Abschnitt 6, Absatz 2, Satz 1",
    ]


def test_how_things_are_counted_is_folded_on_the_page_and_goes_on_on_paper(study):
    counted = "Die Überschrift zählt Teile eines Vorhabens nicht mit"
    folded = (
        f'<details class="study-details"><summary>Zählweise und Darstellung</summary><p>{counted}'
    )
    assert folded in page(study, "figures")
    (chapter,) = printed(study, "figures")
    captions = list(chapter.article.iter("figcaption"))
    assert any(f". {counted}" in "".join(part.itertext()) for part in captions)
    assert not [part for caption in captions for part in caption.iter("div")]


def test_the_dictionary_marks_as_english_what_the_study_has_not_said_itself(study):
    text = page(study, "evidence")
    own, _, given = text[text.index('id="table-plots-section"') :].partition('<div lang="en">')
    assert "Was auf den Beeten wächst." in own
    assert '<span lang="en">Made by the study. </span>' in own
    assert '<span lang="en">integer</span>' in own
    assert "Beete" not in given.partition('<section id="tables-processed">')[0]


def test_without_a_list_pages_and_paper_say_what_a_sentence_rests_on(study):
    place = study.book / "de/evidence.md"
    text = place.read_text("utf-8")
    place.write_text(text.replace("```{evidence-list}\n```", ""), "utf-8")
    done = study.run("analysis", "book", "de")
    place.write_text(text, "utf-8")
    assert done.returncode == 0, done.stderr
    said = "Es wächst Minze. (Beleg: zwei Einträge, Abschnitt 4.1)"
    assert said in re.sub("<[^>]+>", "", page(study, "more/child"))
    assert not [name for name, each in pages(study).items() if "study-evidence" in each]
    chapters = printed(study, "index", "more/child")
    assert [notes_of(chapter) for chapter in chapters] == [[], []]
    assert said in text_of(chapters[1].article)
