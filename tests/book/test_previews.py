"""What stands at places of pages, as browsers load it for previews and the search."""

import json
from pathlib import Path
from urllib.parse import unquote

import pytest
from docutils import nodes

from analysis.book.figures import Drawing
from analysis.book.nodes import in_english
from analysis.book.places import LONGEST, places
from analysis.book.sentences import SENTENCES

pytestmark = pytest.mark.xdist_group("built")


def read(path):
    text = path.read_text("utf-8")
    assert text.startswith("studyPlaces(...")
    return json.loads(text.removeprefix("studyPlaces(...").removesuffix(");\n"))


def test_every_page_has_its_places_and_tells_what_stands_there(built):
    site = built.build / "html/de"
    for page in sorted(site.glob("*.html")):
        if page.stem in ("search", "genindex"):
            continue
        name, found = read(site / f"_static/places/{page.stem}.js")
        assert name == page.stem
        text = page.read_text("utf-8")
        anchors = [anchor for anchor in found if anchor and not anchor.startswith(" ")]
        assert [anchor for anchor in anchors if f'id="{anchor}"' not in text] == []
        pictures = [each[1] for each in found.values() if len(each) > 1 and each[1]]
        assert [picture for picture in pictures if not (site / unquote(picture)).is_file()] == []


def test_a_place_is_told_in_one_line_without_markup_and_what_has_no_anchor_once():
    doctree = nodes.section(
        "",
        nodes.paragraph("", "", nodes.Text("one\ntwo "), nodes.raw("", "<b>"), ids=["a"]),
        nodes.paragraph("", "three"),
        nodes.paragraph("", "word " * LONGEST, ids=["long"]),
    )
    found = places(doctree, "de")
    assert found["a"] == ["one two"]
    assert found[""] == ["three"]
    assert len(found["long"][0]) <= LONGEST + 2
    assert found["long"][0].endswith("word …")


def test_what_is_in_another_language_than_the_edition_is_told_to_be_in_it():
    english = in_english(nodes.paragraph("", "one", ids=["a"]), nodes.paragraph("", "two"))
    doctree = nodes.section("", *english, nodes.paragraph("", "drei"))
    assert places(doctree, "de") == {"a": ["one", "", "en"], "": ["drei"], " en": ["two", "", "en"]}
    assert places(doctree, "en") == {"a": ["one"], "": ["two · drei"]}


def test_the_picture_of_a_figure_is_an_address_whatever_the_name_of_its_run():
    figure = nodes.figure("", Drawing("", path=Path("build/Haus #1?%.html")), ids=["a"])
    assert places(nodes.section("", figure), "de")["a"] == ["", "figures/Haus%20%231%3F%25.svg"]


def test_an_item_is_told_without_its_lists_which_a_search_finds_all_the_same():
    """A finding is told by its sentence, not by the code of its condition; and a sentence in the
    list of evidence by what it rests on.
    """
    condition = in_english(nodes.bullet_list("", nodes.list_item("", nodes.paragraph("", "n > 1"))))
    finding = nodes.list_item("", nodes.paragraph("", "Es sind zwei."), *condition, ids=["f"])
    rows = nodes.bullet_list("", nodes.list_item("", nodes.paragraph("", "row")))
    sentence = nodes.list_item("", nodes.paragraph("", "Marked."), rows, ids=["s"])
    listed = nodes.enumerated_list("", sentence, classes=[SENTENCES])
    found = places(nodes.section("", nodes.enumerated_list("", finding), listed), "de")
    assert found["f"] == ["Es sind zwei."]
    assert found["s"] == ["row"]
    assert found[""] == ["Marked."]
    assert found[" en"] == ["n > 1", "", "en"]


def test_the_hidden_number_of_a_work_is_not_told():
    work = nodes.citation("", nodes.label("", "2"), nodes.paragraph("", "A; B: C."), ids=["a"])
    assert places(nodes.section("", work), "de") == {"a": ["A; B: C."], "": [""]}
