"""Pages load, and the site carries, what a reader needs and nothing else."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from sphinx.builders.html._assets import _JavaScript

from analysis import paths
from analysis.book.weight import _in_order, _load, _own, plainly, slim

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
    letters = TTFont(site / "_static/fonts/Icons.woff2").getBestCmap()
    icons = {
        icon
        for page in pages.values()
        for classes in USED.findall(page)
        for icon in classes.split()
        if icon != "fa-lg"
    }
    assert len(icons) > 5
    for icon in icons:
        (letter,) = set(re.findall(rf'\.{icon}:before[^{{]*\{{content:"(.)"', style))
        assert ord(letter) in letters, icon


def test_icons_that_the_theme_puts_before_words_are_in_the_small_typeface(site):
    style = (site / "_static/styles/pydata-sphinx-theme.css").read_text("utf-8")
    letters = TTFont(site / "_static/fonts/Icons.woff2").getBestCmap()
    icons = dict(re.findall(r'--pst-icon-([a-z-]+):"(.)"', style))
    missing = {name for name, letter in icons.items() if ord(letter) not in letters}
    assert missing == {"github", "gitlab"}  # of companies, in a typeface of their own


def test_the_plain_page_of_a_notebook_weighs_little(site):
    for path in (site / "notebooks/executed").glob("*.html"):
        page = path.read_text("utf-8")
        assert len(page) < 80_000, path.name
        assert sum(map(len, re.findall("<style.*?</style>", page, re.DOTALL))) < 10_000, path.name


def test_what_nothing_shows_is_in_no_text(site, pages):
    code = (site / "notebooks/case-tal.html").read_text("utf-8")
    assert '<span class="k' in code
    assert "<td><p>" not in pages["evidence"]
    for page in (code, *pages.values()):
        for article in re.findall("<article.*</article>", page, re.DOTALL):
            for useless in ('<span class="n">', 'class="reference internal"', "row-odd"):
                assert useless not in article


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ('<span class="n">a</span><span class="k">if</span>', 'a<span class="k">if</span>'),
        (
            '<span><a class="reference internal" href="a.html#b"><span class="std std-ref">B</span>'
            "</a></span>",
            '<a href="a.html#b">B</a>',
        ),
        ('<tr class="row-even"><td><p>a <b>c</b></p></td>', "<tr><td>a <b>c</b></td>"),
        ('<tr class="row-odd" id="a"><td>', '<tr id="a"><td>'),
        ("<td><p>a</p><p>b</p></td>", "<td><p>a</p><p>b</p></td>"),
        ("<td><p>a</p><pre>b</pre></td>", "<td><p>a</p><pre>b</pre></td>"),
    ],
)
def test_texts_lose_only_what_nothing_shows(written, left):
    assert plainly(written) == left


def test_of_the_icons_those_stay_that_a_page_or_script_shows(tmp_path):
    files = {
        "index.html": '<i class="fa-solid fa-sun"></i><span class="fab fa-town"></span>',
        "_static/a.js": 'icon.classList.add("fa-moon")',
        "_static/styles/theme.css": '.fa-sun:before{content:"1"}.fa-moon:before,.fa-luna:before{'
        'content:"2"}.fa-star:before{content:"3"}a{}',
        **{
            f"_static/vendor/fontawesome/webfonts/fa-{kind}.woff2": kind
            for kind in ("brands-400", "regular-400", "solid-900")
        },
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    slim(tmp_path, tmp_path / "pages")
    style = (tmp_path / "_static/styles/theme.css").read_text("utf-8")
    left = files["_static/styles/theme.css"].replace(",.fa-luna:before", "")
    assert style == left.replace('.fa-star:before{content:"3"}', "")
    left = sorted(path.name for path in tmp_path.rglob("*.woff2"))
    assert left == ["fa-brands-400.woff2", "fa-solid-900.woff2"], "of towns, and of any page"


def test_a_script_of_a_study_may_be_in_any_encoding(tmp_path):
    for place in (tmp_path / "site/_static", tmp_path / "pages/_static"):
        place.mkdir(parents=True)
        (place / "own.js").write_bytes("// Größe\nshow('fa-sun')".encode("latin-1"))
    slim(tmp_path / "site", tmp_path / "pages")
    assert "Größe" in (tmp_path / "site/_static/own.js").read_text("latin-1")


FILES = {
    '<div class="highlight">': (
        "pygments.css",
        "copybutton.js",
        "copybutton.css",
        "clipboard.min.js",
    ),
    '<code class="code highlight">': ("pygments.css",),
    '<div class="admonition dropdown">': ("togglebutton.css", "togglebutton.js"),
    '<div class="sd-card">': ("sphinx-design.min.css", "design-tabs.js"),
    '<div class="cell docutils">': ("mystnb.0a1b2c.css",),
    '<div class="study-wide">': ("tables.js",),
    '<form class="study-whatif">': ("whatif.js",),
    "": ("search.js",),
}
OF_TOOLS = [*dict.fromkeys(name for names in FILES.values() for name in names)]


def kept(names, body="", own=()):
    """What a page with such a body loads of some files."""
    files = [_JavaScript(f"_static/{name}") for name in names]
    context = {"body": body, "script_files": files, "css_files": []}
    _load({f"_static/{name}" for name in own}, context)
    return [file.filename.removeprefix("_static/") for file in context["script_files"]]


@pytest.mark.parametrize("body", FILES)
def test_a_page_keeps_what_something_on_it_needs(body):
    assert kept(OF_TOOLS, "<p>text</p>") == []
    assert kept(OF_TOOLS, body) == [name for name in OF_TOOLS if name in FILES[body]]


def test_scripts_without_a_file_are_known_by_how_they_begin():
    bodies = ["let toggleHintShow = 'a';", 'const THEBE_JS_URL = "b";\n', "let design = 1;"]
    files = [_JavaScript(None, body=body) for body in bodies]
    context = {"body": "", "script_files": files, "css_files": []}
    _load(set(), context)
    assert context["script_files"] == files[2:]


AROUND = st.text("abdeginos-./", max_size=9)


@given(st.lists(st.builds("{}{}{}".format, AROUND, st.sampled_from(OF_TOOLS), AROUND)))
def test_a_study_s_file_whose_name_holds_that_of_a_tool_s_is_loaded(names):
    names = [name for name in names if name not in OF_TOOLS]
    assert kept(names) == names
    assert kept(OF_TOOLS, own=OF_TOOLS) == OF_TOOLS


LOOK = {
    "_static/own-design.css": b"a {}\n/*# sourceMappingURL=own.css.map */",
    "_static/own.css.map": b"{}",
    "_static/images/logo_town.png": b"PNG",
    "_static/scripts/fontawesome.js": b"1\n//# sourceMappingURL=x",
    "_static/vendor/town.ttf": b"",
}


def test_what_belongs_to_a_study_stays_as_it_is(tmp_path):
    pages, site = tmp_path / "pages", tmp_path / "html"
    for name, content in LOOK.items():
        for folder in (pages, site):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
    theme = site / "_static/images/logo_binder.svg"
    theme.write_bytes(b"<svg/>")
    only = site / "_static/locales/de/sphinx.po"
    only.parent.mkdir(parents=True)
    only.touch()
    slim(site, pages)
    assert not theme.exists()
    assert not (site / "_static/locales").exists(), "nor is a folder left that is empty now"
    assert {name: (site / name).read_bytes() for name in LOOK} == LOOK


def test_a_file_of_the_machine_s_name_is_a_study_s_own_if_it_holds_something_else(tmp_path):
    assert _own(paths.machine_book() / "_static") == set()
    (tmp_path / "tables.js").write_text("1", "utf-8")
    (tmp_path / "study.css").write_bytes((paths.machine_book() / "_static/study.css").read_bytes())
    assert _own(tmp_path) == {"_static/tables.js"}


NAMES = st.lists(st.sampled_from(["a.js", "b.js", "c/d.js", "e.js"]), unique=True)


@given(NAMES, st.permutations(["a.js", "b.js", "c/d.js"]), st.booleans())
def test_scripts_stand_as_the_settings_list_them_and_others_by_name(listed, on_disk, with_options):
    listed = [[name, {"defer": "defer"}] if with_options else name for name in listed]
    config = SimpleNamespace(
        html_js_files=[*listed, *on_disk], html_css_files=[], html_static_path=["_static"]
    )
    with TemporaryDirectory() as folder:
        for name in on_disk:
            path = Path(folder) / "_static" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        _in_order(SimpleNamespace(confdir=folder), config)
    assert config.html_js_files[: len(listed)] == listed
    names = {name if isinstance(name, str) else name[0] for name in listed}
    assert config.html_js_files[len(listed) :] == sorted({*on_disk} - names)


def test_a_picture_that_is_taken_out_is_led_to_nowhere(tmp_path):
    for name in ("figures/a.png", "_images/0.png"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(b"PNG")
    page = '<a href="_images/0.png"><img src="_images/0.png"/></a>'
    (tmp_path / "index.html").write_text(page, "utf-8")
    for copied in ("_static", "_downloads/1"):
        (tmp_path / copied).mkdir(parents=True)
        (tmp_path / copied / "old.html").write_bytes(page.encode() + b"\xfc")
    slim(tmp_path, tmp_path / "pages")
    shared = page.replace("_images/0", "figures/a")
    assert (tmp_path / "index.html").read_text("utf-8") == shared
    for path in tmp_path.rglob("old.html"):
        assert path.read_bytes() == page.encode() + b"\xfc"


def test_only_what_is_needless_is_taken_out(tmp_path):
    for name in ("a.map", "vendor/x.ttf", "vendor/x.woff2", "locales/de/LC/s.po", "study.js"):
        path = tmp_path / "_static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"1\n//# sourceMappingURL=study.js.map\n")
    slim(tmp_path, tmp_path / "pages")
    left = [path for path in sorted(tmp_path.rglob("*")) if path.is_file()]
    assert [path.name for path in left] == ["study.js", "x.woff2"]
    assert left[0].read_bytes() == b"1"
