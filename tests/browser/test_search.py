"""The search finds what stands on the pages, and says how much."""

import re

import pytest
from window import EDITIONS, SITE, SIZES, resize

from analysis.book.search import English, German

SEARCHES = {"de": German, "en": English}
STEMS = "words => { const stemmer = new Stemmer(); return words.map(w => stemmer.stemWord(w)) }"
HITS = "links => links.map(link => link.getAttribute('href').split('#')[0])"


def searched(page, address, language, words):
    """The pages that a search has found, when it has found all."""
    page.goto(f"{address}/{language}/search.html?q={words}")
    page.wait_for_function("document.querySelector('.search-summary')?.textContent")
    return page.eval_on_selector_all("ul.search li a", HITS)


@pytest.mark.parametrize("language", EDITIONS)
def test_words_have_the_same_stems_in_the_index_and_in_the_browser(page, address, language):
    texts = (re.sub(r"<[^>]*>", " ", p.read_text("utf-8")) for p in SITE.glob(f"{language}/*.html"))
    words = sorted({word.lower() for text in texts for word in re.findall(r"[^\W\d_]{2,}", text)})
    assert len(words) > 2000
    page.goto(f"{address}/{language}/search.html")
    indexed = [*map(SEARCHES[language]({}).stem, words)]
    typed = page.evaluate(STEMS, words)
    assert [x for x in zip(words, indexed, typed, strict=True) if x[1] != x[2]] == []


@pytest.mark.parametrize("word", ["Beraterin", "Planerin", "gegründet", "entwickeln"])
def test_the_search_finds_words_whose_stems_others_see_otherwise(page, address, word):
    assert searched(page, address, "de", word) != []


@pytest.mark.parametrize("words", ["2045", "Zement 2045"])
@pytest.mark.parametrize("language", EDITIONS)
def test_the_search_finds_numbers_and_says_aloud_how_many_pages(page, address, language, words):
    words = words if language == "de" else words.replace("Zement", "cement")
    found = searched(page, address, language, words)
    texts = {name: (SITE / language / name).read_text("utf-8") for name in found}
    assert texts
    assert {name for name, text in texts.items() if "2045" not in text} == set()
    said = page.locator(".search-summary[role=status]").inner_text()
    assert str(len(found)) in said or len(found) == 1
    assert ("Seite" in said) == (language == "de")


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_what_is_typed_stands_beside_the_icon(page, address, size):
    resize(page, SIZES[size])
    page.goto(f"{address}/de/search.html?q=Beraterin")
    field = page.locator("#main-content .bd-search")
    icon = field.locator(".fa-magnifying-glass").bounding_box()
    begin = field.locator("input").evaluate(
        "input => input.getBoundingClientRect().x + parseFloat(getComputedStyle(input).paddingLeft)"
    )
    assert icon["x"] + icon["width"] <= begin


def test_an_excerpt_and_a_preview_in_another_language_say_so(page, address):
    searched(page, address, "de", "citation_key")
    page.wait_for_selector("p.context")
    spoken = page.eval_on_selector_all("p.context", "all => all.map(p => p.lang)")
    assert "en" in spoken
    searched(page, address, "de", "Klimaschutzkonzept")
    page.wait_for_selector("p.context")
    assert page.locator("p.context").first.get_attribute("lang") == "de"


def test_an_excerpt_shows_a_word_that_is_sought_and_not_one_that_every_text_has(page, address):
    searched(page, address, "de", "Förderung in der Kommune")
    page.wait_for_selector("p.context")
    shown = page.locator("p.context").all_inner_texts()
    assert len(shown) > 10
    assert [text for text in shown if not re.search("förderung|kommune", text.lower())] == []


# A hit as Sphinx shows it, on a page of which no more is known than the given texts of its places.
FOUND = """([texts, hit]) => {
    window.studyPlacesOf = async () => Object.fromEntries(texts.map((text, at) => [at, [text]]));
    document.querySelector("#search-results").innerHTML = "<ul></ul>";
    document.querySelector("#search-results ul").innerHTML = `<li><a href="${hit}">there</a></li>`;
}"""
FAR = "Würde älterer Häuser öfter überprüft, käme für spätere Käufer Gewähr dafür. " * 16


@pytest.mark.parametrize(
    ("words", "texts", "said"),
    [
        ("Zement", [f"{FAR}Zement. {FAR}"], "….* Gewähr dafür. Zement. Würde .*…"),
        ("roter Zement", ["Roter Stein.", "Ein Rest roter Zement."], "Ein Rest roter Zement."),
        ("der Zement", ["Der Stein.", f"Der {FAR}Zement."], "… .* Zement."),
        ("in der", ["Nichts.", "In der Stadt."], "In der Stadt."),
        ("ab Zementwerk", [f"Ab {FAR}Zementwerk."], "… .* Zementwerk."),
        ("Stadt", ["Nichts.", f"{FAR}Zwei Städte. {FAR}"], "….* Gewähr dafür. Zwei Städte. .*…"),
        ("Größe", ["Nichts.", "Grosse Werke."], "Grosse Werke."),
        ("Land", ["Die Länder."], "Die Länder."),
    ],
)
def test_an_excerpt_is_of_the_text_with_most_words_and_around_the_longest(
    page, address, words, texts, said
):
    page.goto(f"{address}/de/search.html?q={words}")
    page.wait_for_function("document.querySelector('.search-summary')?.textContent")
    page.evaluate(FOUND, [texts, "cases.html"])
    page.wait_for_selector("#search-results p.context")
    assert re.fullmatch(said, page.inner_text("#search-results p.context"))


def test_a_browser_that_keeps_nothing_searches_and_switches_colours_all_the_same(page, address):
    there = f"{address}/de/search.html?q=Zement"
    page.goto(f"{address}/index.html")
    # A frame without an origin may not even ask whether there is anything kept.
    page.set_content(f'<iframe sandbox="allow-scripts" src="{there}" width=1200 height=800>')
    frame = page.frame_locator("iframe")
    frame.locator("ul.search li p.context").first.wait_for()
    colours = frame.locator(".theme-switch-button").filter(visible=True).first
    before = colours.get_attribute("aria-label")
    colours.click()
    assert colours.get_attribute("aria-label") != before
    assert [said for said in page.complaints if "Storage" in said] == []


def test_an_umlaut_is_found_in_a_word_that_has_its_letters_elsewhere_too(page, address):
    page.goto(f"{address}/de/search.html")
    split = """([umlaut, word]) => {
        Search._index = { terms: { [new Stemmer().stemWord(umlaut)]: [1, 2] } };
        return splitQuery(word);
    }"""
    for umlaut, word in [
        ("mauerwerksabfälle", "Mauerwerksabfaelle"),
        ("neueröffnungsgründe", "Neueroeffnungsgruende"),
        ("quellüberlauf", "Quellueberlauf"),
    ]:
        assert page.evaluate(split, [umlaut, word]) == [umlaut]


@pytest.mark.parametrize(
    ("language", "word"), [("de", "Industrien"), ("de", "Häusern"), ("en", "industries")]
)
def test_there_is_an_excerpt_whichever_form_of_a_word_is_typed(page, address, language, word):
    searched(page, address, language, word)
    page.wait_for_selector("p.context")
    page.wait_for_timeout(500)
    found = page.locator("ul.search > li")
    assert found.count() > 2
    assert found.filter(has=page.locator("p.context")).count() >= 0.9 * found.count()


@pytest.mark.parametrize("word", ["constructor", "__proto__", "hasOwnProperty"])
def test_a_word_that_objects_have_is_looked_for_as_any_other(page, address, word):
    page.goto(f"{address}/en/search.html?q={word}")
    page.wait_for_function("document.querySelector('.search-summary')?.textContent")
    assert page.complaints == []
    assert "undefined" not in page.inner_text("#search-results")
    assert page.locator("ul.search li a[href^=undefined]").count() == 0


def test_a_slash_is_left_to_the_reader(page, address):
    page.goto(f"{address}/en/facts.html")
    page.evaluate("addEventListener('keydown', event => (window.taken = event.defaultPrevented))")
    page.keyboard.press("/")
    assert page.evaluate("taken") is False
