"""What stands on a page in another language is marked, so that it is read aloud as it is spoken."""

from types import SimpleNamespace

import pytest
from docutils import nodes
from pybtex.database import BibliographyData, Entry

from analysis.book import languages
from analysis.book.languages import code_of

WORKS = {
    "a": {"title": "{Wege & Ziele}", "langid": "german"},
    "b": {"title": "Ways", "langid": "English"},
    "c": {"title": "Une {Ville}.", "langid": "french"},
    "d": {"title": "Ohne", "langid": ""},
    "e": {"title": "Übersetzt", "title_en": "Translated", "langid": "german"},
}


def an_app(language, page="index"):
    data = BibliographyData({key: Entry("misc", fields=fields) for key, fields in WORKS.items()})
    listed = [
        SimpleNamespace(key=key, bibliography_key=SimpleNamespace(docname=page), citation_id=key)
        for key, page in (*((key, "index") for key in WORKS), ("a", "other"))
    ]
    works = SimpleNamespace(bibdata=SimpleNamespace(data=data), citations=listed)
    config = SimpleNamespace(study_language=language)
    env = SimpleNamespace(docname=page, get_domain=lambda _: works, config=config)
    builder = SimpleNamespace(get_relative_uri=lambda _at, to: f"{to}.html")
    return SimpleNamespace(config=config, env=env, builder=builder)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("german", "de"),
        ("ngerman", "de"),
        ("de", "de"),
        ("british", "en"),
        ("french", "fr"),
        ("", ""),
        ("klingonisch", ""),
    ],
)
def test_languages_go_by_the_names_of_biblatex(name, code):
    assert code_of(name) == code


def test_the_language_of_a_work_is_told_where_it_is_not_that_of_the_edition():
    told = [languages.language_of(key, an_app("en").env) for key in (*WORKS, "nothing", None)]
    assert told == ["de", "", "fr", "", "de", "", ""]


@pytest.mark.parametrize(
    ("edition", "marked"),
    [
        ("en", ["language-de", "", "language-fr", "", ""]),
        ("de", ["", "language-en", "language-fr"]),
    ],
)
def test_titles_of_works_are_marked_in_the_list_and_in_what_comes_up_above_citations(
    edition, marked
):
    titles = ["Wege & Ziele.", "Ways.", "Une Ville.", "Ohne.", "Übersetzt."][: len(marked)]
    page = nodes.section()
    for key, title in zip(WORKS, titles, strict=False):
        work = nodes.paragraph("", "Who (2020): ", nodes.emphasis("", title), nodes.emphasis())
        page += nodes.citation("", work, ids=[key])
        page += nodes.reference("", "2020", refid=key, reftitle=f"Who (2020): {title} Ways, Wege")
    page += nodes.reference("", "elsewhere")
    page += nodes.reference("", "2020", refuri="other.html#a", reftitle="Wege & Ziele")
    page += nodes.reference("", "elsewhere", refuri="third.html#a", reftitle="Wege & Ziele")
    languages._mark_works(an_app(edition), page, "index")
    emphases = [" ".join(node["classes"]) for node in page.findall(nodes.emphasis)]
    assert emphases[::2] == marked
    assert not any(emphases[1::2])
    links = [" ".join(node["classes"]) for node in page.findall(nodes.reference)]
    assert links == [*marked, "", marked[0], ""]


@pytest.mark.parametrize(
    ("edition", "page", "marked"),
    [
        ("de", "index", ["language-en", "", "language-de"]),
        ("en", "index", ["", "", "language-de"]),
        ("de", "notebooks/roles", ["", "", "language-de"]),
    ],
)
def test_what_programs_say_is_marked_and_commands_are_in_no_language(edition, page, marked):
    blocks = [
        nodes.literal_block("", "is not known", language="text"),
        nodes.literal_block("", "make book  # baut", language="sh"),
        nodes.literal_block("", "ein Text", language="text", classes=["language-de"]),
    ]
    languages._mark_code(an_app(edition, page), nodes.section("", *blocks))
    assert [" ".join(block["classes"]) for block in blocks] == marked
