"""Pages made ready for paper: nothing that an author has written is lost on the way."""

from urllib.parse import unquote
from xml.etree.ElementTree import fromstring

import pytest

from analysis.pdf.chapters import TEXT, Chapter, Printing, read_article
from analysis.pdf.elements import text_of
from analysis.pdf.layout import PdfError
from analysis.pdf.report import _name_parts
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


def captioned(printed, legend):
    """The caption of a figure with this legend."""
    caption = f'<p>Titel.</p><div class="legend">{legend}</div>'
    body = f'<figure><img alt="B" src="x.png"><figcaption>{caption}</figcaption></figure>'
    return printed(body).article.find(".//figcaption")


def test_a_legend_of_an_author_stays_whole_below_the_caption(printed):
    caption = captioned(printed, "<p>Erst <em>dies</em>.</p><ul><li>Und</li></ul><p>Dann das.</p>")
    assert text_of(caption.find("p")) == "Titel."
    assert text_of(caption.find("div")) == "Erst dies.UndDann das."
    assert caption.find("div/p/em") is not None
    assert text_of(captioned(printed, "<ul><li>Nur dies</li></ul>").find("div")) == "Nur dies"


def test_what_is_folded_on_the_page_goes_on_in_the_caption(printed):
    folded = '<details class="study-details"><summary>Lesart</summary><p>So gezählt.</p></details>'
    caption = captioned(printed, folded)
    assert [text_of(part) for part in caption] == ["Titel. So gezählt."]


def source(printed, passage):
    """What the caption of a figure that comes from this passage says of that."""
    figure = "<figure><figcaption><p>Titel.</p></figcaption></figure>"
    told = f'<div class="study-provenance"><p>x.ipynb</p><ul><li>{passage}</li></ul></div>'
    article = printed(f'{figure}<div class="study-below">{told}</div>').article
    said = article.findtext(".//figcaption/p/span[@class='source']")
    return said.removeprefix("x.ipynb. . ")


@pytest.mark.parametrize(
    ("passage", "place"),
    [
        ("Abschnitt 4.1, Absatz 2, Satz 1", "Abschnitt 4.1"),
        ("Bericht, Abschnitt 4.1, Absätze 2–4", "Bericht, Abschnitt 4.1"),
        ("Satzung der Stadt, Abschnitt 3", "Satzung der Stadt, Abschnitt 3"),
        ("Absatz 7 der Ordnung, Abschnitt 3", "Absatz 7 der Ordnung, Abschnitt 3"),
        ("Leitbild, Abschnitt 3a, Punkt 1", "Leitbild, Abschnitt 3a"),
    ],
)
def test_the_source_of_a_figure_names_document_and_section(printed, passage, place):
    assert source(printed, passage) == place


def test_the_source_of_a_figure_names_the_section_where_numbers_come_first(printed, monkeypatch):
    usual, first = Wording.__call__, {"locator.¶": "2. bekezdés", "locator.s": "2. mondat"}
    monkeypatch.setattr(
        Wording,
        "__call__",
        lambda words, key, **given: (
            first[key].replace("2", given["n"]) if key in first else usual(words, key, **given)
        ),
    )
    passage = "Rendelet, 4. fejezet, 12. bekezdés, 1. mondat"
    assert source(printed, passage) == "Rendelet, 4. fejezet"


def test_a_heading_is_called_by_its_formula_as_well(printed):
    chapter = printed("", title=f"Titel {FORMULA}")
    assert [text for _, text, _ in chapter.headings()] == ["Titel x^2"]
    assert chapter.article.find(".//h1").get("data-text") == "Titel x^2"


def test_what_a_sentence_rests_on_is_a_footnote_behind_its_mark(printed):
    told = '<a class="study-evidence" href="none.html#u1" title="Abschnitt {}">*</a>'
    chapter = printed(f"<p>Eins{told.format(4)}, zwei{told.format(5)}.</p>")
    paragraph = chapter.article.find(".//p")
    assert "".join(paragraph.itertext()) == "Eins\u206011 Abschnitt 4, zwei\u206022 Abschnitt 5."
    assert text_of(paragraph) == "Eins, zwei."
    marks, notes = paragraph.findall("a"), paragraph.findall("span[@class='note']")
    backs = [note.find("a") for note in notes]
    assert [mark.get("href") for mark in marks] == [f"#{note.get('id')}" for note in notes]
    assert [back.get("href") for back in backs] == [f"#{mark.get('id')}" for mark in marks]
    assert chapter.notes == 2


def test_a_heading_is_called_without_its_footnotes(printed):
    told = '<a class="study-evidence" href="none.html#u1" title="Abschnitt 4">*</a>'
    chapter = printed("", title=f"Titel{told}")
    assert [text for _, text, _ in chapter.headings()] == ["Titel"]
    assert chapter.article.find(".//h1").get("data-text") == "Titel"


def test_a_section_called_as_a_note_has_an_address_of_its_own(printed):
    told = '<a class="study-evidence" href="none.html#u1" title="Abschnitt 4">*</a>'
    section = '<section id="note-1"><h2>Note 1</h2></section>'
    chapter = printed(f'<p>Satz.{told} <a href="#note-1">Dort</a></p>{section}')
    ids = [part.get("id") for part in chapter.article.iter() if part.get("id")]
    assert len(ids) == len(set(ids))
    mark, back, link = (part.get("href") for part in chapter.article.iter("a"))
    assert link == "#page--note-1" != mark
    assert {mark, back} < {f"#{name}" for name in ids}


ICON = '<svg class="sd-octicon" viewBox="0 0 1 1" aria-hidden="true"><path d="M0,0"/></svg>'


@pytest.mark.parametrize("icon", [ICON, '<img src="x.png" aria-hidden="true">'])
def test_a_picture_that_is_to_be_passed_over_is_not_printed(printed, icon):
    article = printed(f"<p>a {icon} b</p>").article
    assert text_of(article.find(".//p")) == "a b"
    assert article.find(".//img") is None


FOREIGN = "<foreignObject><p>A</p></foreignObject>"
LABEL = f'<svg xmlns="http://www.w3.org/2000/svg">{FOREIGN}</svg>'


def test_a_drawing_whose_labels_would_be_lost_is_refused(printed, tmp_path):
    with pytest.raises(PdfError, match=r"more/page: .*foreignObject"):
        printed(f"<p>{LABEL}</p>", name="more/page")
    (tmp_path / "own.svg").write_text(LABEL, "utf-8")
    with pytest.raises(PdfError, match=r"page: .*own\.svg.*foreignObject"):
        printed('<p><img alt="Bild" src="own.svg"></p>')
    printed(f"<p>{LABEL.replace(FOREIGN, f'<switch>{FOREIGN}<text>A</text></switch>')}</p>")


@pytest.mark.parametrize(
    "given", ["", ' xmlns="http://www.w3.org/2000/svg"', ' font-family="serif"']
)
def test_a_drawing_that_stands_in_a_page_is_whole_whatever_its_author_says_of_it(printed, given):
    chapter = printed(f"<p><svg{given} viewBox='0 0 9 9'>\n<text>A</text></svg></p>")
    (picture,) = chapter.article.iter("img")
    drawing = fromstring(unquote(picture.get("src").partition(",")[2]))
    family = "serif" if "serif" in given else "Fira Sans"
    assert (drawing.get("font-family"), drawing.get("viewBox")) == (family, "0 0 9 9")
    assert [text.text for text in drawing.iter(TEXT)] == ["A"]


def test_every_chapter_knows_its_part_and_the_first_one_names_it(printed):
    chapters = [printed("", name=name) for name in ("index", "a", "b", "c")]
    for chapter, part in zip(chapters, ("", "Teil", "Teil", ""), strict=True):
        chapter.part = part
    _name_parts(chapters)
    articles = [chapter.article for chapter in chapters]
    assert [article.get("data-part") for article in articles] == [None, "Teil", "Teil", None]
    named = [article.findtext("p[@class='part']") for article in articles]
    assert named == [None, "Teil", None, None]
