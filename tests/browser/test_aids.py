"""Aids to reading: what links lead to beside them, figures enlarged, links to paragraphs, excerpts
of the search; by keyboard, and from a disk.
"""

import json
import re

import pytest
from window import EDITIONS, SITE, SIZES, resize

PREVIEW = ".study-preview"
PAPER = (680, 980)  # A4 less its margins, at 96 dots an inch
# A link of each kind, the page it is on, and what its preview shows: a word of where it leads.
KINDS = [
    ("index", "article a:has(.std-term)"),
    ("index", "article p a[href*='literature.html#']"),
    ("index", "article .study-value a[href*='facts.html#']"),
    ("index", "article a.study-evidence"),
    ("index", "article a[href*='#fig-glance']"),
    ("conclusion", "article a.study-evidence"),
]


@pytest.mark.parametrize(("page_name", "selector"), KINDS)
def test_the_keyboard_shows_what_a_link_leads_to_from_a_disk_too(page, page_name, selector):
    page.goto((SITE / f"de/{page_name}.html").as_uri())
    link = page.locator(selector).first
    page.keyboard.press("Tab")  # so that what has the focus is seen to have it
    link.focus()
    page.wait_for_selector(PREVIEW)
    place, anchor = link.evaluate("a => a.href").split("#")
    name = place.rpartition("/de/")[2].removesuffix(".html")
    script = (SITE / f"de/_static/places/{name}.js").read_text("utf-8")
    _, places = json.loads(script.removeprefix("studyPlaces(...").removesuffix(");\n"))
    assert page.text_content(PREVIEW) == places[anchor][0] != ""
    assert page.locator(f"{PREVIEW} img").count() == len(places[anchor]) - 1
    assert "study-preview" in link.get_attribute("aria-describedby") or "fig" in anchor
    page.keyboard.press("Escape")
    assert page.locator(PREVIEW).count() == 0
    assert page.complaints == []


def test_a_page_and_a_place_of_any_name_have_a_preview(page, address):
    script = """studyPlaces("notebooks/Haus #1?%", { "a#b": ["Ein Haus."] })"""
    page.route("**/_static/places/notebooks/Haus%20%231%3F%25.js", lambda r: r.fulfill(body=script))
    page.goto(f"{address}/de/cases.html")
    link = page.locator("article p a[href*='#']:not(.headerlink)").first
    link.evaluate("a => a.href = 'notebooks/Haus%20%231%3F%25.html#a#b'")
    page.keyboard.press("Tab")
    link.focus()
    page.wait_for_selector(PREVIEW, timeout=3000)
    assert page.text_content(PREVIEW) == "Ein Haus."


def test_a_preview_in_a_low_window_is_seen_as_a_whole(page, address):
    resize(page, (320, 256))
    page.goto(f"{address}/de/cases.html")
    links = page.locator("article .study-value a")
    page.keyboard.press("Tab")
    for at in range(4):
        for block in ("start", "center", "end"):
            links.nth(at).evaluate("(a, block) => a.scrollIntoView({ block })", block)
            links.nth(at).focus()
            page.wait_for_selector(PREVIEW)
            page.evaluate("() => new Promise(requestAnimationFrame)")
            box = page.locator(PREVIEW).bounding_box()
            assert box["y"] >= 0
            assert box["y"] + box["height"] <= 256
            page.keyboard.press("Escape")
            links.nth(at).evaluate("a => a.blur()")


# Links with a preview that something else lies upon when the keyboard is at them.
COVERED = """async () => {
    const covered = [], tried = new Set();
    for (const link of document.querySelectorAll("article a[href*='#']:not(.headerlink)")) {
        const kind = link.closest("li, p, td, figcaption") ?? link;
        if (link.closest("svg") || tried.has(kind) || !link.checkVisibility()) continue;
        tried.add(kind);
        for (const block of ["start", "center", "end"]) {
            link.scrollIntoView({ block });
            link.focus({ preventScroll: true });
            for (let i = 0; i < 5; i += 1) await new Promise(requestAnimationFrame);
            const [box] = link.getClientRects();
            const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
            const there = document.elementFromPoint(x, y);
            if (there?.closest(".study-preview")) covered.push([link.href, block]);
        }
    }
    return covered;
}"""


@pytest.mark.parametrize("size", [(1300, 900), (820, 1180), (844, 390), (320, 256)])
@pytest.mark.parametrize("name", ["index", "cases"])
def test_no_preview_lies_on_its_link(page, address, name, size):
    resize(page, size)
    page.goto(f"{address}/de/{name}.html")
    page.keyboard.press("Tab")
    assert page.evaluate(COVERED) == []
    link = page.locator("article a[href*='#fig-']:not(.headerlink)").first
    link.evaluate("a => a.scrollIntoView({ block: 'center' })")
    link.hover()
    page.wait_for_selector(f"{PREVIEW} img")
    page.wait_for_function("document.querySelector('.study-preview img').complete")
    link.click()
    page.wait_for_function("location.hash.startsWith('#fig-')")


def open_long_preview(page, address):
    """Shows more in a preview than a small window holds; returns how far the page is scrolled."""
    resize(page, (320, 256))
    page.goto(f"{address}/de/cases.html")
    page.keyboard.press("Tab")
    page.locator("article .study-value a").first.focus()
    page.wait_for_selector(PREVIEW)
    page.eval_on_selector(PREVIEW, "preview => preview.append('Wort '.repeat(400))")
    return page.evaluate("scrollY")


def test_a_long_preview_is_read_to_its_end_by_keyboard(page, address):
    before = open_long_preview(page, address)
    ends = "p => p.scrollTop + p.clientHeight >= p.scrollHeight - 1"
    presses = 0
    while not page.eval_on_selector(PREVIEW, ends) and presses < 60:
        page.keyboard.press("PageDown")
        presses += 1
    assert 1 < presses < 60
    page.keyboard.press("PageUp")
    assert not page.eval_on_selector(PREVIEW, ends)
    page.keyboard.press("PageDown")
    assert page.eval_on_selector(PREVIEW, ends)
    assert page.evaluate("scrollY") == before
    page.keyboard.press("PageDown")  # at its end the page goes on
    page.wait_for_function("before => scrollY > before", arg=before)


def test_a_preview_takes_no_key_from_the_page_for_which_it_has_nothing_more(page, address):
    before = open_long_preview(page, address)
    page.keyboard.press("PageUp")
    page.wait_for_function("before => scrollY < before", arg=before)
    before = page.evaluate("scrollY")
    page.keyboard.press("Escape")
    page.keyboard.press("PageDown")
    page.wait_for_function("before => scrollY > before", arg=before)


def test_the_pointer_may_go_to_a_preview_and_ends_it_by_leaving(page, address):
    page.goto(f"{address}/en/cases.html")
    page.locator("article .study-value a").first.hover()
    page.wait_for_selector(PREVIEW)
    page.hover(PREVIEW)
    page.wait_for_timeout(300)
    assert page.is_visible(PREVIEW)
    page.mouse.move(0, 0)
    page.wait_for_selector(PREVIEW, state="detached")


def test_a_preview_takes_a_title_and_a_description_only_for_as_long_as_it_is_shown(page, address):
    page.goto(f"{address}/en/cases.html")
    shown, other = (page.locator("article .study-value a").nth(at) for at in (0, 1))
    for link in (shown, other):
        link.evaluate("a => { a.title = 'a'; a.setAttribute('aria-describedby', 'pst-header') }")
    other.evaluate("a => a.hash = '#nowhere'")
    said = "a => [a.title, a.getAttribute('aria-describedby')]"
    page.keyboard.press("Tab")
    shown.focus()
    page.wait_for_selector(PREVIEW)
    assert shown.evaluate(said) == ["", "pst-header study-preview"]
    page.keyboard.press("Escape")
    assert shown.evaluate(said) == ["a", "pst-header"]
    other.focus()
    page.wait_for_timeout(100)
    assert page.locator(PREVIEW).count() == 0
    page.keyboard.press("Escape")
    assert other.evaluate(said) == ["a", "pst-header"]


@pytest.mark.parametrize("size", SIZES)
def test_the_way_out_of_an_enlarged_figure_stays_in_sight(page, address, size):
    resize(page, SIZES[size])
    page.goto(f"{address}/de/cases.html")
    page.locator(".study-enlarge").first.click()
    # A figure that is larger than the window each way, as a small window or a large type makes it.
    page.add_style_tag(content=".study-large .study-frame { height: 300vh; min-width: 200vw }")
    place = page.locator("dialog.study-large")
    place.evaluate("d => d.scrollTo(d.scrollWidth, d.scrollHeight)")
    assert place.evaluate("d => d.scrollTop > innerHeight")
    close = place.locator(".study-close")
    box = close.bounding_box()
    assert 0 <= box["y"] < 100
    assert SIZES[size][0] - 100 < box["x"] < SIZES[size][0] - box["width"] + 1
    ground = "e => getComputedStyle(e).backgroundColor"
    assert close.evaluate(ground) == place.evaluate(ground)
    close.click()
    page.wait_for_selector("dialog.study-large", state="detached")


@pytest.mark.parametrize("size", SIZES)
def test_a_figure_is_enlarged_and_goes_back_by_keyboard(page, address, size):
    resize(page, SIZES[size])
    page.goto(f"{address}/de/contribution.html")
    button = page.locator(".study-enlarge").first
    button.focus()
    button.press("Enter")
    frame = page.locator("dialog.study-large .study-frame")
    assert frame.bounding_box()["width"] > min(SIZES[size][0] - 60, 900)
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.study-large", state="detached")
    assert (
        page.locator("figure.study-figure .study-frame").count()
        == page.locator(".study-enlarge").count()
    )
    assert button.evaluate("b => b === document.activeElement")


# Where the page is, where the button is in the window, and whether the keyboard is at it.
THERE = """button => [
    scrollY, button.getBoundingClientRect().top, document.activeElement === button]"""


@pytest.mark.parametrize("way", ["Escape", "×", "edge"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_who_closes_an_enlarged_figure_is_where_they_were(page, address, size, way):
    resize(page, SIZES[size])
    page.goto(f"{address}/de/context.html")
    button = page.locator(".study-enlarge").last
    button.evaluate("button => button.scrollIntoView({ block: 'end' })")
    page.evaluate("scrollBy(0, 40)")
    button.focus()
    before = button.evaluate(THERE)
    page.keyboard.press("Enter")
    if way == "Escape":
        page.keyboard.press("Escape")
    elif way == "×":
        page.locator("dialog.study-large .study-close").click()
    else:
        page.mouse.click(SIZES[size][0] - 5, SIZES[size][1] - 5)
    page.wait_for_selector("dialog.study-large", state="detached")
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    assert button.evaluate(THERE) == before
    assert before[2]
    assert 0 < before[1] < SIZES[size][1] - 20


@pytest.mark.parametrize("width", [390, 820, 900, 1100, 1199, 1200, 1300])
def test_an_enlarged_figure_is_larger(page, address, width):
    resize(page, (width, 900))
    page.goto(f"{address}/de/contribution.html")
    drawing = page.locator("figure.study-figure .study-frame .study-drawing").filter(visible=True)
    before = drawing.first.bounding_box()["width"]
    page.locator(".study-enlarge").first.click()
    large = page.locator("dialog.study-large .study-drawing").filter(visible=True)
    assert large.count() == 1
    assert large.bounding_box()["width"] >= 1.5 * before
    frame = page.locator("dialog.study-large .study-frame")
    assert frame.evaluate(
        "f => { f.scrollLeft = 9e9; const svg = [...f.querySelectorAll('svg')].find("
        "s => s.checkVisibility()); return svg.getBoundingClientRect().right <= innerWidth }"
    ), "its right end can be scrolled to"


def test_a_mark_of_an_enlarged_figure_that_leads_elsewhere_on_the_page_closes_it(page, address):
    page.goto(f"{address}/de/contribution.html")
    page.locator(".study-enlarge").first.click()
    place = page.locator("dialog.study-large")
    place.evaluate(
        "d => { const a = d.querySelector('.study-drawing a[href]');"
        " a.setAttribute('href', '#main-content');"
        " a.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true })) }"
    )
    page.wait_for_selector("dialog.study-large", state="detached")


def test_an_enlarged_figure_is_printed_alone_and_once(page, address):
    sheets = []
    page.goto(f"{address}/de/contribution.html")
    for pressed in (None, ".study-enlarge", ".study-large .study-close"):
        if pressed:
            page.locator(pressed).first.click()
        page.emulate_media(media="print")
        sheets.append(len(re.findall(r"/Type /Page\b", page.pdf().decode("latin-1"))))
        page.emulate_media(media="screen")
    whole, alone, again = sheets
    assert alone == 1
    assert whole == again > 1
    page.locator(".study-enlarge").first.press("Enter")
    resize(page, PAPER)
    page.emulate_media(media="print")
    shown = "all => all.filter(e => e.checkVisibility()).map(e => e.localName)"
    assert page.eval_on_selector_all("body > *", shown) == ["dialog"]
    frame = page.locator("dialog .study-frame").bounding_box()
    assert frame["width"] > PAPER[0] * 0.9
    assert frame["height"] < PAPER[1]


def test_every_paragraph_has_a_link_that_is_not_copied_and_leads_there_in_both_editions(
    page, address
):
    page.goto(f"{address}/de/cases.html")
    links = page.locator("article p > a.study-paragraph")
    paragraphs = page.locator("article section > p:not(.study-state, .study-downloads)")
    assert links.count() >= paragraphs.count() > 2
    href = links.last.get_attribute("href")
    paragraph = links.last.locator("xpath=..")
    assert (
        paragraph.evaluate("p => (getSelection().selectAllChildren(p), `${getSelection()}`)")
        == paragraph.inner_text()
    )
    for edition in EDITIONS:
        page.goto(f"{address}/{edition}/cases.html{href}")
        assert page.locator(":target").count() == 1
    numbers = [
        re.findall(r'id="(paragraph-\d+)"', (SITE / edition / "cases.html").read_text("utf-8"))
        for edition in EDITIONS
    ]
    assert all(each == numbers[0] for each in numbers)


def test_links_of_paragraphs_are_no_stops_but_led_to_from_their_heading_by_arrow_keys(
    page, address
):
    page.goto(f"{address}/en/cases.html")
    heading = page.locator("article h1 > a.headerlink")
    paragraphs = page.locator("article a.study-paragraph")
    assert {*paragraphs.evaluate_all("links => links.map(link => link.tabIndex)")} == {-1}
    assert heading.evaluate("a => a.tabIndex") == 0
    assert "arrow keys" in heading.get_attribute("aria-label")
    heading.focus()
    page.keyboard.press("ArrowDown")
    shown = "a => a === document.activeElement && getComputedStyle(a).opacity === '1'"
    assert paragraphs.first.evaluate(shown)
    page.keyboard.press("ArrowUp")
    assert heading.evaluate(shown)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases.html{paragraphs.first.get_attribute('href')}")


def hits(page, there, language, word):
    page.goto(f"{there}/{language}/search.html?q={word}")
    page.wait_for_selector("ul.search li a")
    page.wait_for_function("!document.querySelector('#search-progress')?.textContent.endsWith('.')")
    page.wait_for_timeout(500)
    return page.eval_on_selector_all(
        "ul.search li a", "links => links.map(link => link.getAttribute('href').split('#')[0])"
    )


def test_the_search_shows_excerpts_from_a_disk(page):
    found = hits(page, SITE.as_uri(), "de", "Beschaffung")
    shown = page.locator("ul.search li p.context")
    assert shown.count() > len(found) / 2
    assert all("beschaffung" in text.lower() for text in shown.all_inner_texts())
    assert page.complaints == []


def test_the_search_finds_parts_of_compounds_and_chapters_before_lists(page, address):
    found = hits(page, address, "de", "Wärme")
    compound = (SITE / "de/searchindex.js").read_text("utf-8")
    assert "fernwarm" in compound
    assert "glossary.html" in found
    unprinted = [f"{name}.html" for name in json.loads(page.text_content("#study-last"))]
    assert {"dictionary.html", "notebooks/roles.html"} <= {*unprinted}
    assert "cases.html" not in unprinted
    last = [name in unprinted for name in found]
    assert last == sorted(last)
    assert {*last} == {False, True}
    assert hits(page, address, "de", "Straße") == hits(page, address, "de", "Strasse") != []


@pytest.mark.parametrize("spoilt", ["#100%", "#%E4"])
def test_an_address_that_somebody_has_spoilt_leaves_all_aids(page, address, spoilt):
    page.goto(f"{address}/en/cases.html{spoilt}")
    page.wait_for_load_state("load")
    assert page.locator(".primary-toggle[aria-expanded]").count() > 0
    assert page.complaints == []


def test_what_copying_has_come_to_is_said(page, address):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for edition, done, refused in (
        ("de", "Kopiert", "Nicht kopiert"),
        ("en", "Copied", "Not copied"),
    ):
        page.goto(f"{address}/{edition}/rebuild.html")
        page.wait_for_selector("button.copybtn")
        link = page.locator("article a.study-paragraph").first
        assert re.search("kopieren|Copy", link.get_attribute("aria-label"))
        status = page.locator("body > p[role=status]")
        assert status.count() == 1
        for button in (page.locator("button.copybtn").first, link):
            button.dispatch_event("click")
            page.wait_for_function(
                "said => document.querySelector('body > p[role=status]').textContent === said",
                arg=done,
            )
        page.evaluate(
            "() => { document.execCommand = () => false;"
            " navigator.clipboard.writeText = () => Promise.reject() }"
        )
        for button in (page.locator("button.copybtn").first, link):
            button.dispatch_event("click")
            page.wait_for_function(
                "said => document.querySelector('body > p[role=status]').textContent === said",
                arg=refused,
            )


# The languages in which words of the edition are that stand within English.
LABELS = """all => [...new Set(all.map(each => each.closest("[lang]").lang))]"""


@pytest.mark.parametrize("name", ["dictionary", "notebooks/agreement", "rebuild"])
def test_labels_within_english_are_in_the_language_of_the_edition(page, address, name):
    page.goto(f"{address}/de/{name}.html")
    page.wait_for_load_state("load")
    labels = "article :is(a.headerlink, .copybtn, .study-paragraph)"
    assert page.locator(labels).count() > 2
    assert page.eval_on_selector_all(labels, LABELS) == ["de"]
