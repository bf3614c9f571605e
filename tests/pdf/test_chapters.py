"""Pages made ready for paper: nothing that an author has written is lost on the way."""

import pytest

from analysis.pdf.chapters import Chapter, Printing, read_article
from analysis.pdf.elements import text_of
from analysis.wording import Wording

FORMULA = '<span class="math"><math alttext="x^2" ><mi>x</mi></math></span>'


@pytest.fixture
def printed(tmp_path):
    """Makes a chapter, ready for paper, of what stands below the title of a page."""

    def make(body, address="https://a.org/de/", name="page", title="Titel"):
        page = tmp_path / f"{name}.html"
        page.parent.mkdir(exist_ok=True)
        start = f'<article class="bd-article"><section id="title"><h1>{title}</h1>'
        page.write_text(f"<main>{start}{body}</section></article></main>", "utf-8")
        chapter = Chapter(name, read_article(tmp_path, name))
        Printing(tmp_path, [chapter], Wording("de"), address).run()
        return chapter

    return make


def links(chapter):
    """Where each link of a chapter leads, and the pictures in it."""
    return [
        (link.get("href"), [picture.get("alt") for picture in link.iter("img")])
        for link in chapter.article.iter("a")
    ]


def test_a_picture_in_a_link_stays_and_leads_where_it_did(printed):
    chapter = printed('<p>a <a href="https://b.org"><img alt="Bild" src="x.png"> mehr</a> b</p>')
    assert links(chapter) == [("https://b.org", ["Bild"])]
    assert "mehr b" in text_of(chapter.article)


def test_a_formula_in_a_link_stays(printed):
    chapter = printed(f'<p><a href="#title">Satz {FORMULA}</a></p>')
    assert links(chapter) == [("#page--title", ["x^2"])]


@pytest.mark.parametrize("address", ["", "https://a.org/de/"])
def test_a_picture_made_smaller_leads_to_no_picture(printed, address):
    place = "../_images/x.png"
    scaled = f'<a class="image-reference" href="{place}"><img alt="B" src="{place}"></a>'
    chapter = printed(f"<p>{scaled}</p>", address, "more/page")
    assert links(chapter) == []
    assert [picture.get("src") for picture in chapter.article.iter("img")] == ["_images/x.png"]
