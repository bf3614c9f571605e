"""The page on which a reader switches choices, by keyboard, against what pandas counts."""

import pandas as pd
import pytest
from window import EDITIONS, SITE

from analysis.book.whatif import VERDICTS
from analysis.processed.store import read_processed
from analysis.wording import Wording

# Every number shown with its code, and every verdict, as they are seen.
SHOWN = """() => {
    const seen = row => [...row.cells].map(cell => {
        const copy = cell.cloneNode(true);
        copy.querySelectorAll(".study-unseen").forEach(told => told.remove());
        return copy.textContent.trim();
    });
    return {
        counts: [...document.querySelectorAll("article .study-counts tbody tr")].map(seen),
        verdicts: [...document.querySelectorAll("article .study-verdicts tbody tr")].map(seen),
        said: document.querySelector(".study-whatif [role=status]").innerText,
    };
}"""


@pytest.fixture(scope="module")
def tables():
    names = ("statements", "codings", "passes", "ratings", "codes", "municipalities", "cases")
    return {name: read_processed(name) for name in names}


def counted(tables, without=(), coder="agreed", weak=True, attribution="all", chapter_5=True):
    """The matrix of codes by municipality, different statements and cases, by plain pandas."""
    codings = tables["codings"][["unit_id", "code"]]
    if coder != "agreed":
        given = tables["ratings"].query("coder == @coder").dropna(subset="codes")
        codes = given["codes"].str.split(";").explode().str.strip()
        codings = pd.DataFrame({"unit_id": given["unit_id"].loc[codes.index], "code": codes})
    if not weak:
        marks = [f"certainty_{name}" for name in (["a", "b"] if coder == "agreed" else [coder])]
        passes = tables["passes"]
        bad = passes.loc[(passes[marks] == 3).any(axis=1), ["unit_id", "code"]]
        codings = codings.merge(bad, how="left", indicator=True).query("_merge == 'left_only'")
    coded = codings.merge(tables["statements"], on="unit_id")
    if attribution == "not_collective":
        coded = coded[coded["attribution"] != "collective"]
    if attribution == "explicit":
        coded = coded[coded["attribution"] == "explicit"]
    if not chapter_5:
        coded = coded[coded["corpus"] == "interview"]
    told = coded[coded["corpus"].eq("interview") & ~coded["municipality_id"].isin(without)]
    of_cases, told = coded[coded["corpus"] == "case"], told.dropna(subset="municipality_id")
    columns = [
        told[told["municipality_id"] == place].groupby("code")["statement_id"].nunique()
        for place in tables["municipalities"]["municipality_id"]
    ]
    columns.append(told.groupby("code")["statement_id"].nunique())
    columns += [
        of_cases[of_cases["case_id"] == case].groupby("code")["statement_id"].nunique()
        for case in tables["cases"]["case_id"]
    ]
    return pd.concat(columns, axis=1).reindex(tables["codes"]["code"]).fillna(0).astype(int)


def check(page, tables, language, **choices):
    """The numbers on the page are those that pandas counts."""
    shown = page.evaluate(SHOWN)
    label = tables["codes"].set_index(f"label_{language}")["code"]
    expected = counted(tables, **choices)
    assert len(shown["counts"]) > 20
    for name, *numbers in shown["counts"]:
        assert [int(n) for n in numbers] == expected.loc[label[name]].tolist(), (name, choices)
    verdicts = {Wording(language, "whatif")(f"verdict.{name}") for name in VERDICTS}
    assert {verdict for _, verdict in shown["verdicts"]} <= verdicts
    assert expected.iloc[:, len(tables["municipalities"])].sum() > 0
    return shown


def press(page, name):
    """Goes to a switch with the tab key, and presses it."""
    for _ in range(300):
        page.keyboard.press("Tab")
        if page.evaluate(
            "name => document.activeElement.closest('label')?.innerText.trim() === name", name
        ):
            page.keyboard.press("Space")
            return
    raise AssertionError(f"the tab key does not reach {name}")


@pytest.mark.parametrize("language", EDITIONS)
def test_every_switch_works_by_keyboard_and_shows_what_pandas_counts(
    page, address, tables, language
):
    page.goto(f"{address}/{language}/whatif.html")
    words, stated = Wording(language, "whatif"), check(page, tables, language)
    places = tables["municipalities"].set_index("municipality_id")[f"label_{language}"]
    for place, name in places.items():
        press(page, name)
        check(page, tables, language, without=[place])
        press(page, name)
    radio = page.get_by_label(words("coder.agreed"), exact=True)
    radio.focus()
    for name in ("a", "b"):
        page.keyboard.press("ArrowDown")
        said = page.evaluate("document.activeElement.closest('label').innerText")
        assert said.strip() == words(f"coder.{name}")
        check(page, tables, language, coder=name)
    radio.focus()
    page.keyboard.press("Space")
    press(page, words("keep.certainty"))
    check(page, tables, language, weak=False)
    page.get_by_label(words("attribution.all"), exact=True).focus()
    for attribution in ("not_collective", "explicit"):
        page.keyboard.press("ArrowDown")
        check(page, tables, language, weak=False, attribution=attribution)
    press(page, words("keep.corpus"))
    choices = {"weak": False, "attribution": "explicit", "chapter_5": False}
    check(page, tables, language, **choices)
    page.locator(".study-whatif button").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("!document.querySelector('article .study-changed')")
    assert check(page, tables, language) == stated


def test_findings_follow_and_one_interview_has_to_stay(page, address, tables):
    page.goto(f"{address}/de/whatif.html")
    words, stated = Wording("de", "whatif"), page.evaluate(SHOWN)
    *places, _last = tables["municipalities"].set_index("municipality_id")["label_de"].items()
    press(page, places[0][1])
    without = page.evaluate(SHOWN)
    changed = [
        (before, after)
        for before, after in zip(stated["verdicts"], without["verdicts"], strict=True)
        if before[1] != after[1]
    ]
    assert words("verdict.fails") in {verdict for _, (_, verdict) in changed}
    assert any(before[0] != after[0] for before, after in changed), "numbers in a sentence follow"
    assert without["said"] != stated["said"]
    for _, name in places[1:]:
        press(page, name)
    assert page.locator("[data-kind=interview]:disabled").count() == 1
    check(page, tables, "de", without=[place for place, _ in places])


@pytest.mark.parametrize("language", EDITIONS)
def test_what_a_switch_has_changed_is_told_to_those_who_do_not_see_it(
    page, address, tables, language
):
    page.goto(f"{address}/{language}/whatif.html")
    said = f" ({Wording(language, 'whatif')('changed')})"
    press(page, tables["municipalities"][f"label_{language}"].iloc[0])
    texts = page.locator("article :is([data-count], [data-verdict], [data-number])")
    changed = texts.evaluate_all(
        "all => all.map(e => [e.textContent, e.matches('.study-changed'),"
        " e.firstElementChild?.offsetWidth ?? 0])"
    )
    assert {is_changed for _, is_changed, _ in changed} == {False, True}
    assert [text for text, is_changed, _ in changed if text.endswith(said) != is_changed] == []
    assert {width for _, _, width in changed} == {0, 1}, "it is not seen"
    page.locator(".study-whatif button").click()
    page.wait_for_function("!document.querySelector('article .study-changed')")
    assert not any(said in text for text in texts.all_text_contents())


def test_the_page_opens_from_a_disk_and_asks_for_nothing(page, tables):
    page.goto((SITE / "de/whatif.html").as_uri())
    press(page, tables["municipalities"]["label_de"].iloc[0])
    assert page.locator("article .study-changed").count() > 10
    assert all(url.startswith(("file:", "data:")) for url in page.requests)
    assert page.complaints == []


def test_without_a_script_there_is_the_table(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/en/whatif.html")
    assert not page.locator("form.study-whatif").is_visible()
    fails = Wording("en", "whatif")("verdict.fails")
    assert fails in page.locator("noscript table").inner_text()
    context.close()
