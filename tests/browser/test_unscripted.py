"""Pages can be read without JavaScript: they have colours, a menu and no dead buttons."""

import pytest
from window import SIZES, resize


@pytest.fixture
def plain(browser, address):
    with browser.new_context(java_script_enabled=False, color_scheme="dark") as context:
        page = context.new_page()
        page.goto(f"{address}/de/facts.html")
        yield page


def test_every_page_has_colours_and_nothing_lies_upon_the_first_column(plain):
    resize(plain, SIZES["phone"])
    cell = plain.locator("table.study-wide tbody tr > :first-child").first
    assert cell.evaluate("cell => getComputedStyle(cell).backgroundColor") == "rgb(255, 255, 255)"


def test_a_narrow_window_shows_the_menu_above_the_page_and_no_dead_buttons(plain):
    resize(plain, SIZES["phone"])
    link = plain.locator("nav.bd-links a").first
    assert link.is_visible()
    assert link.bounding_box()["y"] < plain.locator("article h1").bounding_box()["y"]
    assert plain.locator(".bd-header-article button").filter(visible=True).count() == 0
    width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert plain.evaluate(width) <= 0
    resize(plain, SIZES["desktop"])
    menu, title = link.bounding_box(), plain.locator("article h1").bounding_box()
    assert menu["x"] + menu["width"] <= title["x"], "beside the page where there is room"


def test_a_page_opens_in_the_colours_that_the_reader_prefers(page, address):
    page.emulate_media(color_scheme="dark")
    page.goto(f"{address}/de/facts.html")
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    assert page.evaluate("document.documentElement.dataset.mode") == "auto"
