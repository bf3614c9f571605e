"""Rows of tables and coded statements are searched, sorted and saved; the address says what is
shown.
"""

import csv
import re
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from window import EDITIONS, PAGES, SITE, SIZES, resize

ROWS = "article table.study-wide tbody tr:visible"
IDS = "rows => rows.map(row => row.id)"
YEARS = "cells => cells.map(cell => cell.innerText.trim()).filter(text => /^\\d{4}$/.test(text))"


def test_what_is_searched_stands_in_the_address_also_of_the_other_edition(page, address):
    page.goto(f"{address}/de/facts.html")
    everything = page.locator(ROWS).count()
    first, *_, last = re.findall(r"\w{4,}", page.locator(ROWS).first.inner_text())
    wanted = f"{first.upper()} {last.lower()}"
    page.fill("input[name=rows]", wanted)
    found = page.locator(ROWS).count()
    assert 0 < found < everything
    assert page.url.endswith(f"?rows={quote_plus(wanted)}")
    page.reload()
    assert page.locator(ROWS).count() == found
    assert page.input_value("input[name=rows]") == wanted
    assert page.text_content(".study-tools output") == f"Zeilen: {found} von {everything}"
    other = page.eval_on_selector(".study-editions a", "link => link.search")
    assert other == f"?rows={quote_plus(wanted)}"
    page.fill("input[name=rows]", "")
    assert page.locator(ROWS).count() == everything
    assert page.url.endswith("facts.html")


def test_a_search_opens_what_holds_the_statements_it_finds(page, address):
    page.goto(f"{address}/en/statements.html?rows=u012")
    shown = page.locator("article ul.study-statements > li:visible")
    assert shown.count() > 0
    assert all("u012" in text for text in shown.all_text_contents())


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_head_of_a_column_sorts_by_it_and_back_by_keyboard_too(page, address, language):
    page.goto(f"{address}/{language}/facts.html")
    head = page.locator("table.study-wide th").nth(3)
    cells = "table.study-wide tbody td:nth-child(4)"
    page.locator("th .study-sort").nth(3).focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    up = page.eval_on_selector_all(cells, YEARS)
    assert len(set(up)) > 2
    assert up == sorted(up)
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert page.eval_on_selector_all(cells, YEARS) == up[::-1]
    page.reload()
    assert page.locator("table.study-wide th").nth(3).get_attribute("aria-sort") == "descending"


@pytest.mark.parametrize("sort", ["x.1", "{}.length", "{}.at.down"])
def test_an_address_that_somebody_has_spoilt_leaves_the_tools(page, address, sort):
    page.goto(f"{address}/en/facts.html")
    table = page.locator("table.study-wide").first.get_attribute("id")
    page.goto(f"{address}/en/facts.html?sort={sort.format(table)}&rows=%25")
    assert page.locator(".study-tools").count() == 1


def save(page, address):
    """The first table of a page as it is saved: its name, its head and its rows."""
    page.goto(address)
    with page.expect_download() as saved:
        page.click(".study-save")
    with Path(saved.value.path()).open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    return saved.value.suggested_filename, head, rows


def test_what_is_shown_is_saved_as_csv(page, address):
    name, head, rows = save(page, f"{address}/de/facts.html?rows=zement")
    assert name.endswith(".csv")
    assert len(rows) == page.locator(ROWS).count()
    assert {len(row) for row in rows} == {len(head)}
    assert all("zement" in " ".join(row).lower() for row in rows)


def test_amounts_in_words_are_saved_as_numbers_too_and_buttons_say_of_which_table(page, address):
    _, head, rows = save(page, f"{address}/de/facts.html")
    own = head.index("Angabe (als Wert)")
    values = {row[own - 1]: row[own] for row in rows if row[own]}
    assert values["fast 500 Milliarden Euro"] == "500000000000"
    assert all(float(value) for value in values.values())
    plain = {name: value for name, value in values.items() if name.isdecimal()}
    assert plain == {name: name for name in plain} != {}, "what is a number as it stands, too"
    assert {len(row) for row in rows} == {len(head)}
    spans = {row[head.index("Jahr (als Wert)")] for row in rows}
    assert {span for span in spans if "/" in span}, "of spans both ends"
    page.goto(f"{address}/de/tables.html")
    names = [button.get_attribute("aria-label") for button in page.locator(".study-save").all()]
    assert len(names) == len(set(names)) > 10
    assert all(name.startswith("Gezeigte Zeilen als CSV speichern: ") for name in names)


def test_short_tables_of_chapters_have_no_tools(page, address):
    page.goto(f"{address}/de/introduction.html")
    assert page.locator(".study-tools").count() == 0


def test_rows_are_filtered_by_a_column_of_few_values_and_the_address_says_so(page, address):
    page.goto(f"{address}/en/tables.html")
    field = page.locator(".study-filters select").first
    table = page.locator(".study-filters").first.locator("xpath=following::table[1]")
    everything = table.locator("tbody tr:visible").count()
    value = (
        field.locator("option").nth(1).get_attribute("value")
        or field.locator("option").nth(1).inner_text()
    )
    field.select_option(value)
    rows = table.locator("tbody tr:visible")
    assert 0 < rows.count() < everything
    assert all(value in row for row in rows.all_inner_texts())
    assert "?tab-" in page.url
    shown = rows.count()
    page.reload()
    assert table.locator("tbody tr:visible").count() == shown
    page.goto(f"{page.url.partition('=')[0]}={quote_plus(value)}")
    assert table.locator("tbody tr:visible").count() == shown
    field.select_option("")
    assert page.url.endswith("tables.html")


def test_the_other_edition_shows_the_same_rows_of_a_filtered_table(page, address):
    page.goto(f"{address}/en/facts.html")
    field = page.locator(".study-filters select").last
    field.select_option(index=1)
    shown = page.eval_on_selector_all(ROWS.replace(":visible", ":not([hidden])"), IDS)
    page.click(".study-editions a")
    page.wait_for_selector(".study-filters")
    assert "/de/facts.html?" in page.url
    found = page.eval_on_selector_all(ROWS.replace(":visible", ":not([hidden])"), IDS)
    assert len(found) > 0
    assert sorted(found) == sorted(shown)


def test_a_link_to_a_row_that_is_not_shown_shows_it(page, address):
    page.goto(f"{address}/de/discrepancies.html")
    row = page.locator("tr#discrepancies-funding-date")
    link = page.locator("article a[href='#discrepancies-funding-date']").first
    page.locator("input[type=search]:visible").first.fill("nothing of the kind")
    assert not row.is_visible()
    link.dispatch_event("click")
    assert row.is_visible()
    assert page.locator("input[type=search]:visible").first.input_value() == ""
    assert page.url.endswith("discrepancies.html#discrepancies-funding-date")


def test_a_link_to_a_row_that_is_filtered_out_ends_the_filter(page, address):
    page.goto(f"{address}/en/facts.html")
    field = page.locator(".study-filters select").last
    field.select_option(index=1)
    row = page.locator("article table.study-wide tbody tr[id][hidden]").last
    place = row.get_attribute("id")
    page.evaluate(
        "place => document.querySelector('article h1').insertAdjacentHTML("
        "'afterend', `<a id='there' href='#${place}'>there</a>`)",
        place,
    )
    page.click("#there")
    assert page.locator(f"tr[id={place}]").is_visible()
    assert field.input_value() == ""
    assert page.url.endswith(f"facts.html#{place}")


# Whether the row that an address leads to is seen in the window.
ARRIVED = """() => {
    const row = document.querySelector("tr:target"), box = row?.getBoundingClientRect();
    return row?.checkVisibility() && box.top > 0 && box.bottom < innerHeight;
}"""


def test_an_address_with_words_and_a_row_that_has_none_of_them_shows_the_row(page, address):
    facts = f"{address}/en/facts.html"
    page.goto(facts)
    *_, before, last = page.eval_on_selector_all("article tbody tr", IDS)
    page.goto("about:blank")
    page.goto(f"{facts}?rows=nothing+of+the+kind#{last}")
    page.wait_for_function(ARRIVED)
    assert page.url == f"{facts}#{last}"
    page.fill("input[name=rows]", "nothing of the kind")
    page.evaluate("place => location.hash = place", before)  # as by hand
    page.wait_for_function(ARRIVED)
    assert page.url == f"{facts}#{before}"
    page.fill("input[name=rows]", "nothing of the kind")
    page.click(".study-editions a")
    page.wait_for_url("**/de/facts.html?rows=nothing+of+the+kind")
    page.evaluate("place => location.hash = place", before)
    page.wait_for_function(ARRIVED)
    assert page.url == f"{address}/de/facts.html#{before}"


def test_the_way_back_shows_the_rows_that_were_shown_and_in_their_order(page, address):
    page.goto(f"{address}/en/facts.html")
    given = page.eval_on_selector_all(ROWS.replace(":visible", ""), IDS)
    page.evaluate("place => location.hash = place", given[0])
    page.locator(".study-sort").nth(3).press("Enter")
    page.fill("input[name=rows]", "20")
    first = page.locator(ROWS).evaluate_all(IDS)
    assert first != [row for row in given if row in first], "they are sorted"
    other = next(row for row in given if row not in first)
    page.evaluate("place => location.hash = place", other)
    page.wait_for_function(ARRIVED)
    assert page.locator(ROWS).count() == len(given)
    page.go_back()
    page.wait_for_function("document.querySelector('input[name=rows]').value")
    assert page.locator(ROWS).evaluate_all(IDS) == first
    page.go_back()
    page.wait_for_function("!document.querySelector('input[name=rows]').value")
    assert page.locator(ROWS).evaluate_all(IDS) == given
    page.go_forward()
    page.wait_for_function("document.querySelector('input[name=rows]').value")
    assert page.locator(ROWS).evaluate_all(IDS) == first


def shown_rows(page):
    """The words sought, how many rows are said to be shown, and how many are."""
    page.wait_for_selector(".study-tools output:not(:empty)", state="attached")
    said = page.text_content(".study-tools output")
    rows = page.locator("article :is(table.study-wide tbody tr, ul.study-statements > li)")
    return page.input_value("input[name=rows]"), said, rows.filter(visible=True).count()


@pytest.mark.parametrize(
    ("name", "place", "words"),
    [
        ("tables", "quellen", "Klimaneutralität 2045"),
        ("coding", "entscheidungen-im-einzelnen", "nothing of the kind"),
        ("statements", "aussagen-nach-codes", "nothing of the kind"),
    ],
)
def test_a_search_that_hides_the_place_of_the_address_is_kept(page, address, name, place, words):
    there = f"{address}/de/{name}.html"
    page.goto(f"{there}#{place}")
    assert page.locator(f"#{place}").is_visible()
    everything = shown_rows(page)
    page.fill("input[name=rows]", words)
    assert not page.locator(f"#{place}").is_visible()
    assert page.url == f"{there}?rows={quote_plus(words)}"
    found = shown_rows(page)
    page.reload()
    assert shown_rows(page) == found
    page.goto(f"{address}/de/index.html")
    page.go_back()
    assert shown_rows(page) == found
    page.click(".study-editions a")
    page.wait_for_url(f"**/en/{name}.html?rows={quote_plus(words)}")
    assert shown_rows(page)[0] == words
    page.go_back()
    page.wait_for_url(f"**/de/{name}.html?rows=*")
    page.evaluate("place => location.hash = place", place)  # as a link does
    page.wait_for_function("!document.querySelector('input[name=rows]').value")
    assert page.locator(f"#{place}").is_visible()
    assert page.url == f"{there}#{place}"
    assert shown_rows(page) == everything


def test_a_filter_that_hides_the_row_of_the_address_is_kept(page, address):
    page.goto(f"{address}/en/facts.html")
    field = page.locator(".study-filters select").last
    field.select_option(index=1)
    place = page.locator("article tbody tr[id][hidden]").last.get_attribute("id")
    page.goto("about:blank")
    page.goto(f"{address}/en/facts.html#{place}")
    field.select_option(index=1)
    chosen, found = field.input_value(), shown_rows(page)
    assert "#" not in page.url
    page.reload()
    assert (field.input_value(), shown_rows(page)) == (chosen, found)


def test_the_address_says_how_each_table_is_sorted(page, address):
    page.goto(f"{address}/en/tables.html")
    tables = page.locator("table.study-wide:has(.study-sort)")
    names = [tables.nth(at).get_attribute("id") for at in (0, 1, 2)]
    for at, presses in enumerate((1, 2)):
        for _ in range(presses):
            tables.nth(at).locator(".study-sort").nth(at).press("Enter")
    assert page.url.endswith(f"?sort.{names[0]}=0&sort.{names[1]}=1.down")
    page.goto(f"{page.url}&sort={names[2]}.1.down")  # as addresses were before
    said = [
        tables.nth(at).locator("th").evaluate_all("all => all.map(head => head.ariaSort)")
        for at in (0, 1, 2)
    ]
    assert [heads[:2] for heads in said] == [
        ["ascending", None],
        [None, "descending"],
        [None, "descending"],
    ]


@pytest.mark.parametrize("spoilt", ["#100%", "#%E4", "facts.html#100%", "100%.html#a"])
def test_a_link_with_a_spoilt_place_is_no_error(page, address, spoilt):
    page.goto(f"{address}/en/facts.html")
    page.evaluate(
        "place => document.querySelector('article h1').insertAdjacentHTML("
        "'afterend', `<a id='there' href='${place}' onclick='return false'>there</a>`)",
        spoilt,
    )
    page.hover("#there")
    page.wait_for_timeout(500)  # longer than a preview waits
    page.click("#there")
    assert page.complaints == []


@pytest.mark.parametrize("language", ["de", "en"])
def test_amounts_in_words_are_sorted_by_how_large_they_are(page, address, language):
    page.goto(f"{address}/{language}/facts.html")
    page.locator(".study-sort").nth(2).press("Enter")
    cells = page.locator("table.study-wide tbody td:nth-child(3)").all_inner_texts()
    sizes = [
        float(found[0].replace("." if language == "de" else ",", "").replace(",", "."))
        for cell in cells
        if re.search(r"^\D*[\d.,]+$", cell) and (found := re.findall(r"[\d.,]+$", cell))
    ]
    assert len(sizes) > 50
    assert sizes == sorted(sizes)
    large = [i for i, cell in enumerate(cells) if re.search("illi", cell)]
    assert large == [*range(large[0], large[0] + len(large))]


BOX = "e => e.getBoundingClientRect().toJSON()"
HEADER = ".bd-header-article"


@pytest.fixture(params=SIZES)
def facts(page, address, request):
    """A long table, on windows of three sizes."""
    resize(page, SIZES[request.param])
    page.goto(f"{address}/de/facts.html")
    page.wait_for_selector("[style*=study-caption] > table.study-wide")
    return page


def placed(page, selector):
    """Where something is in the window, when nothing moves any more."""
    page.evaluate("() => new Promise(done => setTimeout(done, 200))")
    return page.eval_on_selector(selector, BOX)


def test_heads_of_a_long_table_stay_in_sight_until_its_end(facts):
    table, head = "table.study-wide", "table.study-wide thead th"
    before = placed(facts, head)["y"] - placed(facts, table)["y"]
    for row in ("nth-child(40)", "nth-child(20)"):
        row = facts.locator(f"{table} tbody tr:{row}")
        row.evaluate("row => row.scrollIntoView({block: 'center'})")
        assert placed(facts, head)["y"] == pytest.approx(placed(facts, HEADER)["bottom"], abs=1)
    facts.locator(f"{table} tbody tr").last.evaluate("e => e.scrollIntoView({block: 'start'})")
    facts.evaluate("scrollBy(0, 400)")
    assert placed(facts, head)["bottom"] <= placed(facts, table)["bottom"] + 1
    facts.evaluate("scrollTo(0, 0)")
    assert placed(facts, head)["y"] - placed(facts, table)["y"] == pytest.approx(before, abs=1)


@pytest.mark.parametrize("width", [320, 390, 820, 1300])
def test_heads_stay_below_the_header_of_the_page_also_where_text_is_twice_as_large(
    page, address, width
):
    resize(page, (width, 1000))
    page.goto(f"{address}/de/facts.html")
    page.wait_for_selector("[style*=study-caption] > table.study-wide")
    page.add_style_tag(content="html { font-size: 200% !important }")
    row = page.locator("table.study-wide tbody tr:nth-child(20)")
    row.evaluate("row => row.scrollIntoView({block: 'center'})")
    header, head = placed(page, HEADER), placed(page, "table.study-wide thead th")
    assert head["y"] == pytest.approx(header["bottom"], abs=1)
    there = row.get_attribute("id")
    page.evaluate("there => { location.hash = there }", there)
    head = placed(page, "table.study-wide thead th")
    assert placed(page, "tr:target")["y"] >= head["bottom"] - 1


def test_on_paper_a_head_stands_above_its_rows(facts):
    facts.locator("table.study-wide tbody tr").nth(40).evaluate("row => row.scrollIntoView()")
    facts.emulate_media(media="print")
    head, rows = (placed(facts, f"table.study-wide {part}") for part in ("thead", "tbody"))
    assert head["bottom"] == pytest.approx(rows["y"], abs=2)


def test_heads_stand_above_their_columns_wherever_a_table_is_scrolled_to(facts):
    table = "table.study-wide"
    facts.locator(f"{table} tbody tr").nth(40).evaluate("e => e.scrollIntoView({block: 'center'})")
    facts.eval_on_selector(f":has(> {table})", "frame => frame.scrollLeft = 150")
    for column in (1, 3):
        head = placed(facts, f"{table} thead th:nth-child({column})")
        cell = placed(facts, f"{table} tbody tr:nth-child(41) > :nth-child({column})")
        assert head["x"] == pytest.approx(cell["x"], abs=1)


@pytest.mark.parametrize("row", [1, 20, 40])
def test_no_head_hides_the_row_that_an_address_leads_to(facts, row):
    row = facts.locator("table.study-wide tbody tr").nth(row).get_attribute("id")
    there = f"{facts.url}#{row}"
    facts.goto("about:blank")  # a page that is opened there knows no heights yet
    facts.goto(there)
    row = placed(facts, "table.study-wide tr:target")
    head = placed(facts, "table.study-wide:has(:target) thead th")
    assert head["bottom"] <= row["y"] < facts.viewport_size["height"] / 2


def test_the_row_that_an_address_leads_to_is_marked_in_forced_colours_too(page, address):
    page.emulate_media(forced_colors="active")
    try:
        page.goto(f"{address}/de/facts.html")
        row = page.locator("table.study-wide tbody tr").nth(40).get_attribute("id")
        page.goto(f"{page.url}#{row}")
        outline = "row => getComputedStyle(row).outlineStyle"
        assert page.eval_on_selector("tr:target", outline) == "solid"
    finally:
        page.emulate_media(forced_colors="none")


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_column_of_times_is_sorted_by_time_and_not_by_the_names_of_months(
    page, address, language
):
    page.goto(f"{address}/{language}/tables.html")
    table = page.locator("table.study-wide:has(.study-sort):has(tbody time)").last
    column = table.locator("tbody tr > :has(time)").first.evaluate("cell => cell.cellIndex")
    table.locator(".study-sort").nth(column).press("Enter")
    times = table.locator("tbody time").evaluate_all(
        "(all, column) => all.filter(t => t.closest('tr > *').cellIndex === column)"
        ".map(t => [t.dateTime, t.innerText])",
        column,
    )
    begun = [when for when, _ in times]
    assert len({*begun}) > 3
    assert begun == sorted(begun)
    assert [said for _, said in times] != sorted(said for _, said in times)


def test_a_link_to_a_place_whose_statements_are_not_shown_shows_them(page, address):
    page.goto(f"{address}/de/statements.html")
    place = page.locator("article .rubric[id]").last.get_attribute("id")
    page.fill("input[name=rows]", "nothing of the kind")
    assert not page.locator(f"#{place}").is_visible()
    page.evaluate("place => location.hash = place", place)
    page.wait_for_function("!document.querySelector('input[name=rows]').value")
    assert page.locator(f"#{place} + ul > li").first.is_visible()


# Titles of places and sections below which nothing is shown, and frames, captions, filters and
# buttons of tables without a row that is shown.
EMPTY = """() => {
    const seen = part => part.checkVisibility();
    const rows = part => [...part.querySelectorAll("tbody tr, ul.study-statements > li")];
    const parts = [...document.querySelectorAll(
        "article section section, article table.study-wide, ul.study-statements")];
    const empty = parts.filter(part => rows(part).length
        ? seen(part) && !rows(part).some(seen)
        : part.localName === "ul" && ![...part.children].some(seen) && seen(part));
    const beside = [...document.querySelectorAll("article .rubric[id], .study-filters")]
        .filter(part => seen(part) && !seen(part.nextElementSibling));
    const buttons = [...document.querySelectorAll(".study-save")]
        .filter(button => seen(button) && !seen(button.previousElementSibling));
    return [...empty, ...beside, ...buttons].map(part => part.outerHTML.slice(0, 90));
}"""


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", ["statements", "tables"])
def test_a_search_leaves_no_title_and_no_table_without_rows(page, address, language, name):
    page.goto(f"{address}/{language}/{name}.html")
    everything = page.locator("article :is(h2, h3, .rubric)").filter(visible=True).count()
    for words in ("Duisburg", "u012" if name == "statements" else "2030", "nothing of the kind"):
        page.fill("input[name=rows]", words)
        assert page.evaluate(EMPTY) == [], words
    page.fill("input[name=rows]", "")
    shown = page.locator("article :is(h2, h3, .rubric)").filter(visible=True)
    assert shown.count() == everything


def test_a_filter_that_leaves_no_row_stays_to_be_taken_back(page, address):
    page.goto(f"{address}/de/tables.html")
    one, other = (
        page.locator(".study-filters:has(select ~ *, label ~ label)")
        .first.locator("select")
        .nth(at)
        for at in (0, 1)
    )
    for first in range(1, one.locator("option").count()):
        one.select_option(index=first)
        for second in range(1, other.locator("option").count()):
            other.select_option(index=second)
            assert other.is_visible()


def test_a_statement_is_counted_once_under_however_many_codes_it_stands(page, address):
    page.goto(f"{address}/de/statements.html?rows=Wasserstoff")
    shown = page.locator("article ul.study-statements > li").filter(visible=True)
    said = [" ".join(text.split()) for text in shown.all_inner_texts()]
    items = page.locator("article ul.study-statements > li")
    everything = {" ".join(text.split()) for text in items.all_text_contents()}
    assert len({*said}) < len(said)
    told = f"Aussagen: {len({*said})} von {len(everything)}"
    assert page.text_content(".study-tools output") == told


# Filters of a page: [table, column, values, rows].
FILTERS = """() => [...document.querySelectorAll(".study-filters select")].map(field => {
    const beside = field.closest(".study-filters").nextElementSibling;
    const table = beside.querySelector("table") ?? beside;
    const heads = [...table.querySelectorAll("thead th")].map(head => head.innerText.trim());
    const column = heads.indexOf(field.closest("label").firstChild.data.trim());
    const values = [...table.tBodies[0].rows].map(row => row.cells[column].innerText.trim());
    return [table.id, column, new Set(values).size, values.length];
})"""
FILTERED = sorted(
    {
        path.partition("/")[2]
        for path in PAGES
        if 'id="study-tools"' in (SITE / path).read_text("utf-8")
    }
)


def test_filters_are_the_same_in_every_edition_and_choose_several_rows(page, address):
    found = {edition: {} for edition in EDITIONS}
    for edition, filters in found.items():
        for path in FILTERED:
            page.goto(f"{address}/{edition}/{path}")
            if of_page := page.evaluate(FILTERS):
                filters[path] = of_page
    assert len(found["de"]) > 2
    assert found["de"] == found["en"]
    every = [each for filters in found["de"].values() for each in filters]
    assert [each for each in every if each[2] > each[3] / 2] == []


@pytest.mark.parametrize("language", ["de", "en"])
def test_each_filter_says_of_which_table_it_is(page, address, language):
    page.goto(f"{address}/{language}/tables.html")
    names = page.locator(".study-filters select").evaluate_all("all => all.map(s => s.ariaLabel)")
    assert len(names) == len({*names}) > 10
    heads = page.locator(".study-filter").evaluate_all("all => all.map(l => l.firstChild.data)")
    assert all(
        name.startswith(f"{head.strip()}: ") for name, head in zip(names, heads, strict=True)
    )


def test_the_other_edition_filters_a_table_whose_rows_have_no_id(page, address):
    page.goto(f"{address}/de/coding.html")
    having = page.locator(".study-filters select", has_text="entfällt")
    having.first.select_option("entfällt")
    rows = "table#tab-adjudication tbody tr"
    shown = "rows => rows.flatMap((row, at) => row.hidden ? [] : [at])"
    german = page.eval_on_selector_all(rows, shown)
    assert 0 < len(german) < page.locator(rows).count()
    page.click(".study-editions a")
    page.wait_for_url("**/en/coding.html?*")
    page.wait_for_selector(".study-filters")
    assert page.eval_on_selector_all(rows, shown) == german


def test_a_search_knows_umlauts_that_are_typed_as_two_letters(page, address):
    page.goto(f"{address}/de/facts.html?rows=für")
    found = page.locator(ROWS).count()
    page.fill("input[name=rows]", "fuer")
    assert page.locator(ROWS).count() == found > 0


@pytest.mark.parametrize("language", ["de", "en"])
def test_amounts_of_another_table_are_sorted_by_size_and_what_is_empty_is_last(
    page, address, language
):
    page.goto(f"{address}/{language}/tables.html")
    table = page.locator("#tab-comparison")
    heads = table.locator("thead th").all_inner_texts()
    at = next(i for i, head in enumerate(heads) if head.startswith(("Zahl", "Number", "Figure")))
    sizes = (
        "(rows, at) => rows.map(row => [row.cells[at].innerText.trim(),"
        " row.cells[at].querySelector('data')?.value])"
    )
    for is_down in (False, True):
        table.locator(".study-sort").nth(at).click()
        cells = table.locator("tbody tr").evaluate_all(sizes, at)
        empty = [not text for text, _ in cells]
        assert empty == sorted(empty)
        found = [float(size) for _, size in cells if size]
        assert len(found) > 2
        assert found == sorted(found, reverse=is_down)


@pytest.mark.parametrize("size", [(390, 844), (320, 700)])
def test_what_the_keyboard_comes_to_is_not_below_the_column_that_stays(page, address, size):
    resize(page, size)
    page.goto(f"{address}/de/statements.html")
    covered = """() => {
        const at = document.activeElement;
        const first = at.closest("tr")?.firstElementChild;
        const stays = first && getComputedStyle(first).position === "sticky";
        if (!stays || first.contains(at)) return [];
        const [box, edge] = [at.getBoundingClientRect(), first.getBoundingClientRect().right];
        return box.left < edge - 1 ? [[at.textContent, box.left, edge]] : [];
    }"""
    page.locator("table.study-matrix a").nth(40).focus()
    for key in ["Tab"] * 12 + ["Shift+Tab"] * 24:
        page.keyboard.press(key)
        assert page.evaluate(covered) == [], key


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", ["facts", "tables"])
def test_text_twice_as_large_does_not_scroll_a_phone_sideways(page, address, language, name):
    resize(page, SIZES["phone"])
    page.goto(f"{address}/{language}/{name}.html")
    page.add_style_tag(content="html { font-size: 200% !important }")
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 100)))")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    head, *buttons = [
        part.bounding_box()
        for part in page.locator(".bd-header-article, .bd-header-article :is(a, button)").all()
        if part.is_visible()
    ]
    assert len(buttons) > 3
    edges = [(box["x"], box["x"] + box["width"], box["y"] + box["height"]) for box in buttons]
    assert all(left >= 0 and right <= 390 for left, right, _ in edges), edges
    assert all(end <= head["y"] + head["height"] + 1 for *_, end in edges), edges
