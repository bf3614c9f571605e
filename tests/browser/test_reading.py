"""The book read with the keyboard alone, in both colour schemes, from edition to edition."""

from urllib.parse import quote

import pytest
from window import EDITIONS, SIZES, resize

from analysis.processed.store import read_processed

KINDS = ["cases", "facts", "notebooks/roles"]
FRAMES = ".study-frame, .pst-scrollable-table-container, .cell_output > .output, article pre"
# Frames that scroll sideways: [name, role, can be reached, says that there is more].
SCROLLING = """frames => frames
    .filter(f => f.checkVisibility() && f.scrollWidth > f.clientWidth + 1)
    .map(f => [
        f.getAttribute("aria-label"), f.getAttribute("role"), f.tabIndex === 0,
        f.hasAttribute("data-more") && getComputedStyle(f).maskImage !== "none"])"""
# What the keyboard is at: what it is, and whether one sees that: a ring, or what the theme draws
# around it or in its place.
AT = """() => {
    const at = document.activeElement, ring = getComputedStyle(at);
    const inner = getComputedStyle(at.querySelector("*") ?? at);
    const outlined = style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 1;
    const drawn = style => outlined(style) || style.boxShadow !== "none";
    const shown = Number(ring.opacity) > 0.5, end = at === document.body;
    at.dataset.reached = "";
    return [at.outerHTML.slice(0, 120), drawn(ring) || drawn(inner), shown, end];
}"""
UNREACHED = """() => [...document.querySelectorAll("a[href], button, summary, input")]
    .filter(e => e.tabIndex >= 0 && !("reached" in e.dataset))
    .filter(e => e.checkVisibility({visibilityProperty: true}))
    .map(e => e.outerHTML.slice(0, 120))"""
# What the keyboard is at in a table, forwards and backwards, while it is hidden below the first
# column that stays, or outside its frame.
HIDDEN = """() => {
    const all = [...document.querySelectorAll("article tr > * + * :is(a[href], button)")]
        .filter(e => e.tabIndex >= 0 && e.checkVisibility());
    return [...all, ...all.toReversed()].filter(e => {
        e.focus();
        const box = e.getBoundingClientRect();
        const edge = e.closest("tr").cells[0].getBoundingClientRect().right;
        const end = e.closest(".pst-scrollable-table-container").getBoundingClientRect().right;
        return box.right < edge + 8 || box.left > end - 8;
    }).map(e => e.outerHTML.slice(0, 120));
}"""
# What takes its time to change.
MOVING = """() => [...document.querySelectorAll("*")]
    .filter(e => ["", "::before", "::after"].some(part =>
        getComputedStyle(e, part).transitionDuration.split(", ").some(t => parseFloat(t) > 0)))
    .map(e => e.outerHTML.slice(0, 120))"""
# The contrast of a colour with the ground below, as WCAG 2.1 reckons.
CONTRAST = """element => {
    const linear = c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    const light = colour => colour.match(/[\\d.]+/g).slice(0, 3)
        .reduce((sum, c, i) => sum + linear(c / 255) * [0.2126, 0.7152, 0.0722][i], 0);
    const clear = /, 0\\)|transparent/;
    let ground = element;
    while (ground.parentElement && clear.test(getComputedStyle(ground).backgroundColor))
        ground = ground.parentElement;
    const colours = [getComputedStyle(element).color, getComputedStyle(ground).backgroundColor];
    const [dark, bright] = colours.map(light).sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
}"""
HOVERED = [
    ("cases", "article p > a"), ("cases", ".study-value a"), ("cases", "summary"),
    ("cases", ".study-downloads a"), ("cases", ".study-evidence"), ("facts", "table a"),
    ("cases", "h2 a.headerlink"), ("cases", ".prev-next-area a"),
]  # fmt: skip


def test_nothing_slides_or_fades_for_who_has_asked_for_less_motion(page, address):
    resize(page, SIZES["phone"])
    page.goto(f"{address}/de/cases.html")
    assert page.evaluate(MOVING) == []
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(MOVING) != [], "it moves for others"
    page.emulate_media(reduced_motion="reduce")
    page.locator(".primary-toggle:visible").press("Enter")
    page.keyboard.press("Escape")
    shown = "document.querySelector('nav.bd-links').checkVisibility({visibilityProperty: true})"
    assert page.evaluate(shown) is False, "the menu is gone at once"


@pytest.mark.parametrize("kind", KINDS)
def test_what_scrolls_sideways_can_be_reached_has_a_name_and_shows_it(page, address, kind):
    resize(page, SIZES["phone"])
    page.goto(f"{address}/de/{kind}.html")
    page.wait_for_function("document.querySelector('[data-more]')")
    scrolling = page.eval_on_selector_all(FRAMES, SCROLLING)
    assert scrolling
    assert [frame for frame in scrolling if not all(frame) or frame[1] != "group"] == []
    captions = page.eval_on_selector_all(
        "[data-more]:has(> table > caption)",
        "fs => fs.map(f => [getComputedStyle(f).maskSize.split(',')[0],"
        " `100% ${f.querySelector('caption').offsetHeight}px`])",
    )
    assert [given for given, needed in captions if given != needed] == []  # no caption fades


def test_a_figure_scrolls_by_keyboard_is_called_by_its_number_and_fades_until_its_end(
    page, address
):
    resize(page, SIZES["phone"])
    page.goto(f"{address}/de/cases.html")
    # No figure of this report is as wide as that; one of a study that has no narrow drawing may be.
    page.add_style_tag(
        content="@media (width < 60rem) { .study-frame > * { min-width: 60rem !important } }"
    )
    resize(page, (380, 844))
    figure = page.locator(".study-frame").first
    page.wait_for_function("f => f.tabIndex === 0", arg=figure.element_handle())
    number = page.locator("figure .caption-number").first.inner_text().strip()
    assert figure.get_attribute("aria-label") == number
    figure.focus()
    figure.press("ArrowRight")
    page.wait_for_function("f => f.scrollLeft > 0", arg=figure.element_handle())
    figure.evaluate("f => f.scrollLeft = f.scrollWidth")
    page.wait_for_function("f => !f.hasAttribute('data-more')", arg=figure.element_handle())
    resize(page, SIZES["desktop"])
    page.wait_for_function("f => f.tabIndex < 0", arg=figure.element_handle())


@pytest.mark.parametrize("language", EDITIONS)
def test_a_mark_behind_a_sentence_leads_to_its_rows_and_back_and_is_neither_copied_nor_printed(
    page, address, language
):
    page.goto(f"{address}/{language}/conclusion.html")
    mark = page.locator("article .study-evidence").first
    name, text = mark.get_attribute("aria-label"), mark.locator("xpath=..").inner_text()
    assert name
    assert (
        mark.evaluate("m => (getSelection().selectAllChildren(m.parentNode), `${getSelection()}`)")
        == text
    )
    assert text.isprintable()
    page.emulate_media(media="print")
    assert not mark.is_visible()
    assert page.locator(".study-cite p").first.is_visible(), "how to cite it is printed"
    page.emulate_media(media="screen")
    mark.focus()
    mark.press("Enter")
    page.wait_for_url("**/evidence.html#evidence-conclusion-1")
    entry = page.locator(":target")
    row = entry.locator(".study-passage a").first.get_attribute("href")
    entry.locator("a").first.click()
    page.wait_for_url("**/conclusion.html#evidence-1")
    page.goto(f"{address}/{language}/{row}")
    assert page.locator(":target").count() == 1


@pytest.mark.parametrize(
    ("kind", "size"), [("leitbild", "desktop"), ("search", "phone"), ("notebooks/roles", "tablet")]
)
def test_the_tab_key_reaches_everything_and_shows_where_it_is(page, address, kind, size):
    resize(page, SIZES[size])
    page.goto(f"{address}/en/{kind}.html")
    page.evaluate("document.activeElement.blur()")
    for _ in range(1_000):
        page.keyboard.press("Tab")
        element, ring, visible, end = page.evaluate(AT)
        if end:
            break
        assert ring, f"no sign of the keyboard at {element}"
        assert visible, f"not visible: {element}"
    assert end, "the keyboard is caught"
    assert page.evaluate(UNREACHED) == []


@pytest.mark.parametrize("kind", ["facts", "statements"])
def test_what_the_keyboard_is_at_is_not_below_the_column_that_stays(page, address, kind):
    resize(page, (320, 700))
    page.goto(f"{address}/de/{kind}.html")
    page.wait_for_function("document.querySelector('[data-more]')")
    assert page.evaluate(HIDDEN) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_links_can_be_read_below_the_pointer(page, address, scheme):
    page.emulate_media(color_scheme=scheme)
    for kind in sorted({kind for kind, _ in HOVERED}):
        page.goto(f"{address}/de/{kind}.html")
        page.wait_for_function(f"document.documentElement.dataset.theme === '{scheme}'")
        for selector in (selector for there, selector in HOVERED if there == kind):
            link = page.locator(selector).first
            assert link.evaluate(CONTRAST) >= 4.5, f"{selector} at rest"
            link.hover()
            page.wait_for_timeout(50)
            assert link.evaluate(CONTRAST) >= 4.5, f"{selector} below the pointer"


def test_links_have_one_colour(page, address):
    page.goto(f"{address}/de/discrepancies.html")
    colours = "links => [...new Set(links.map(link => getComputedStyle(link).color))]"
    assert (
        len(
            page.eval_on_selector_all(
                "article p > a:not([class]), article table a:not([class])", colours
            )
        )
        == 1
    )


# Pages and what there is several times on them, in the same order in every edition.
PLACES = [
    ("cases", "article [id^=result-]"),
    ("cases", "article section section[id]"),
    ("facts", "article [id^=fact-]"),
]


@pytest.mark.parametrize(("kind", "several"), PLACES)
def test_the_other_edition_opens_at_the_same_place(page, address, kind, several):
    places = {}
    for language in ("en", "de"):
        page.goto(f"{address}/{language}/{kind}.html")
        ids = page.eval_on_selector_all(several, "all => all.map(one => one.id)")
        places[language] = ids[len(ids) // 2]
    page.goto(f"{address}/de/{kind}.html#{places['de']}")
    page.locator(".study-editions a").click()
    page.wait_for_url(f"{address}/en/{kind}.html#{places['en']}")
    page.wait_for_function(
        "id => Math.abs(document.getElementById(id).getBoundingClientRect().top) < 200",
        arg=places["en"],
    )


def test_the_other_edition_looks_for_the_same_words(page, address):
    name = quote(read_processed("cases")["label_de"].iloc[-1])
    page.goto(f"{address}/de/search.html?q={name}")
    page.locator(".study-editions a").click()
    page.wait_for_url(f"{address}/en/search.html?q={name}")
    page.wait_for_selector("ul.search li a")


def test_a_link_of_the_contents_leads_to_the_page_below_them(page, address):
    resize(page, SIZES["phone"])
    page.goto(f"{address}/de/cases.html")
    page.locator(".bd-header-article .secondary-toggle").tap()
    page.locator("dialog[open] .page-toc a").last.tap()
    page.wait_for_function("!document.querySelector('dialog[open]') && scrollY > 1000")


def test_a_menu_that_was_folded_opens_when_the_window_is_narrow(page, address):
    page.goto(f"{address}/de/index.html")
    page.locator(".bd-header-article .primary-toggle").click()
    resize(page, SIZES["phone"])
    page.locator(".bd-header-article .primary-toggle").click()
    first = page.locator("dialog[open] nav.bd-links a").first
    leads_to = first.evaluate("link => link.href")
    first.click()
    page.wait_for_url(leads_to)


def test_the_landing_page_has_a_main_part_and_links_wide_enough_for_fingers(browser, address):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{address}/index.html")
        heights = [link.bounding_box()["height"] for link in page.locator("main a").all()]
        assert len(heights) == len(EDITIONS)
        assert min(heights) >= 24
