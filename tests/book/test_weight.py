"""Pages load, and the site carries, what a reader needs and nothing else."""

import re

import pytest
from fontTools.ttLib import TTFont

from analysis.book.weight import NEEDED_BY, slim

pytestmark = pytest.mark.xdist_group("built")
USED = re.compile(r'<(?:i|span) aria-hidden="true" class="[^"]*\bfa-solid ([^"]*)"')
LOADED = re.compile(r'<(?:script[^>]* src|link[^>]* rel="stylesheet"[^>]* href)="([^"?]*)')


@pytest.fixture(scope="module")
def site(built):
    return built.build / "html/de"


@pytest.fixture(scope="module")
def pages(site):
    return {path.stem: path.read_text("utf-8") for path in site.glob("*.html")}


def loaded(page):
    return {address.rpartition("/")[2] for address in LOADED.findall(page)}


def test_the_site_has_no_file_that_only_developers_of_its_parts_need(site):
    useless = {".map", ".ttf", ".po", ".mo", ".j2"}
    assert [path for path in site.rglob("*") if path.suffix in useless] == []
    assert [path for path in site.rglob("*") if path.is_dir() and not any(path.iterdir())] == []
    assert not (site / "_static/scripts/fontawesome.js").exists()
    named = [path for path in site.rglob("*.[jc]s*") if b"sourceMappingURL" in path.read_bytes()]
    assert named == []


def test_only_the_page_for_searching_loads_the_index(pages):
    assert len(pages) > 3
    with_index = [name for name, page in pages.items() if "searchindex.js" in loaded(page)]
    assert sorted(with_index) == ["search"]


def test_pages_load_nothing_that_is_not_there(site):
    for path in site.rglob("*.html"):
        for address in LOADED.findall(path.read_text("utf-8")):
            assert (path.parent / address).is_file(), (path.name, address)


def test_a_figure_is_in_the_site_once(site):
    pictures = [path.read_bytes() for path in site.rglob("*.png")]
    assert len(pictures) == len(set(pictures))
    page = (site / "notebooks/case-tal.html").read_text("utf-8")
    assert 'src="../figures/case-tal.png"' in page


def test_pages_without_code_load_no_button_that_copies_it(site, pages):
    assert "copybutton.js" not in loaded(pages["search"])
    notebook = next((site / "notebooks").glob("*.html")).read_text("utf-8")
    assert {"copybutton.js", "clipboard.min.js"} <= loaded(notebook)


def test_every_icon_of_the_pages_is_in_the_small_typeface(site, pages):
    style = (site / "_static/styles/pydata-sphinx-theme.css").read_text("utf-8")
    letters = TTFont(site / "_static/fonts/Icons.woff").getBestCmap()
    icons = {
        icon
        for page in pages.values()
        for classes in USED.findall(page)
        for icon in classes.split()
        if icon != "fa-lg"
    }
    assert len(icons) > 5
    for icon in icons:
        (letter,) = set(re.findall(rf'\.{icon}:before[^{{]*\{{content:"\\(\w+)"', style))
        assert int(letter, 16) in letters, icon


def test_icons_that_the_theme_puts_before_words_are_in_the_small_typeface(site):
    style = (site / "_static/styles/pydata-sphinx-theme.css").read_text("utf-8")
    letters = TTFont(site / "_static/fonts/Icons.woff").getBestCmap()
    icons = dict(re.findall(r'--pst-icon-([a-z-]+):"(.)"', style))
    missing = {name for name, letter in icons.items() if ord(letter) not in letters}
    assert missing == {"github", "gitlab"}  # of companies, in a typeface of their own


def test_a_notebook_to_take_away_weighs_little_more_than_its_pictures(site):
    for path in (site / "notebooks/executed").glob("*.html"):
        page = re.sub(r"base64,[^\"]*", "", path.read_text("utf-8"))
        assert len(page) < 80_000, path.name
        assert sum(map(len, re.findall("<style.*?</style>", page, re.DOTALL))) < 10_000, path.name


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ('<div class="highlight">', "copybutton.js"),
        ('<div class="admonition dropdown">', "togglebutton.css"),
        ('<div class="sd-card">', "sphinx-design.min.css"),
        ('<div class="cell docutils">', "mystnb.abc.css"),
    ],
)
def test_a_page_keeps_what_something_on_it_needs(body, name):
    (use,) = [use for files, use in NEEDED_BY.items() if re.search(files, name)]
    assert re.search(use, body)
    assert not re.search(use, "<p>text</p>")


def test_only_what_is_needless_is_taken_out(tmp_path):
    for name in ("a.map", "vendor/x.ttf", "vendor/x.woff2", "locales/de/LC/s.po", "study.js"):
        path = tmp_path / "_static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"1\n//# sourceMappingURL=study.js.map\n")
    slim(tmp_path)
    left = [path for path in sorted(tmp_path.rglob("*")) if path.is_file()]
    assert [path.name for path in left] == ["study.js", "x.woff2"]
    assert left[0].read_bytes() == b"1"
