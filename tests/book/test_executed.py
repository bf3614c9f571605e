"""Executed notebooks: the notebook to take away, and a plain page that needs only its figure."""

import base64
import re
from html.parser import HTMLParser

import nbformat
import pytest

from analysis.book import executed
from analysis.book.executed import export

pytestmark = pytest.mark.xdist_group("built")
# Attributes by which a page asks for something as it is opened.
ASKING = {"src", "srcset", "poster", "data", "background"}


class Parts(HTMLParser):
    """The elements of a page with their attributes."""

    def __init__(self, text):
        super().__init__()
        self.elements = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def site(built):
    assert built.first.returncode == 0, built.first.stdout + built.first.stderr
    return built.build / "html/de/notebooks"


@pytest.fixture(scope="module")
def exported(site):
    return {path.stem: path.read_text("utf-8") for path in (site / "executed").glob("*.html")}


def of_cells(*cells, **about):
    notebook = nbformat.v4.new_notebook(cells=list(cells))
    return export(
        nbformat.writes(notebook), "a b", **({"title": "T", "alt": "", "language": "de"} | about)
    )


def showing(**data):
    kinds = {kind.replace("_", "/", 1): shown for kind, shown in data.items()}
    shown = nbformat.v4.new_output("display_data", data=kinds)
    return nbformat.v4.new_code_cell("look()", outputs=[shown])


def test_every_page_of_a_notebook_offers_it_as_html_and_as_ipynb(built, site):
    names = sorted(path.stem for path in (built.build / "de/notebooks").glob("*.ipynb"))
    assert names
    for name in names:
        page = (site / f"{name}.html").read_text("utf-8")
        for ending, how in (("html", ""), ("ipynb", " download")):
            assert page.count(f'href="executed/{name}.{ending}"{how}>') == 1, name
            assert (site / f"executed/{name}.{ending}").is_file(), name
        assert '<p class="study-downloads" lang="de">Dieses ausgeführte Notebook: ' in page, name


def test_the_ipynb_is_the_executed_notebook(built, site):
    executed = [*(built.build / "de/notebooks").glob("*.ipynb")]
    assert executed
    for path in executed:
        assert (site / "executed" / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("heading", ["# Title", "## Title", "Title\n====="])
def test_the_html_is_called_by_the_heading_that_its_page_begins_with(heading):
    cells = map(nbformat.v4.new_markdown_cell, ("Words.", heading, "# Other"))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("# Code"), *cells])
    assert executed._title(nbformat.writes(notebook), "name") == "Title"


def test_the_html_asks_no_host_for_anything_and_runs_nothing(exported):
    assert exported
    for name, text in exported.items():
        page = Parts(text)
        assert {"script", "iframe", "object", "embed"}.isdisjoint(
            tag for tag, _ in page.elements
        ), name
        # An icon of nothing keeps browsers from asking the site for one.
        assert [attributes for tag, attributes in page.elements if tag == "link"] == [
            {"rel": "icon", "href": "data:,"}
        ], name
        asked = [
            attributes[asking]
            for _, attributes in page.elements
            for asking in ASKING & attributes.keys()
        ]
        assert all(re.match("data:image/|../../figures/", address) for address in asked), name
        assert not re.search(r"@import|url\((?!['\"]?data:)", text), name
        assert "default-src 'none'" in text, name


def test_the_html_shows_the_figure_of_the_site_as_the_page_describes_it(exported, site):
    for name, text in exported.items():
        pictures = [attributes for tag, attributes in Parts(text).elements if tag == "img"]
        page = Parts((site / f"{name}.html").read_text("utf-8"))
        shown = [
            attributes["alt"]
            for tag, attributes in page.elements
            if tag == "img" and re.search("_images/|figures/", attributes["src"])
        ]
        assert shown == [picture["alt"] for picture in pictures], name
        for picture in pictures:
            assert picture["lang"] == "de"
            assert picture["src"] == f"../../figures/{name}.png"
            assert (site / "executed" / picture["src"]).is_file()


def test_another_picture_than_the_figure_is_in_the_html(tmp_path):
    figure = tmp_path / "a b.png"
    figure.write_bytes(b"figure")
    pictures = [base64.b64encode(content).decode() for content in (b"figure", b"other")]
    cells = [showing(image_png=f"{picture}\n") for picture in pictures]
    shown = [
        attributes["src"]
        for tag, attributes in Parts(of_cells(*cells, figure=figure)).elements
        if tag == "img"
    ]
    assert shown == ["../../figures/a%20b.png", f"data:image/png;base64,{pictures[1]}"]


def test_the_html_is_english_and_called_as_its_page(exported):
    assert '<html lang="en">' in exported["case-tal"]
    assert "<title>Profile of a case: Region Tal</title>" in exported["case-tal"]


def test_the_html_leads_back_to_the_report(exported, site):
    link = '<p lang="de"><a href="../case-tal.html">Zur Seite dieses Notebooks im Bericht</a></p>'
    assert link in exported["case-tal"]
    assert (site / "case-tal.html").is_file()
    assert '<a href="../a%20b.html">' in of_cells()


def test_the_html_has_the_same_bytes_each_time(built, exported):
    for name, text in exported.items():
        source = (built.build / f"de/notebooks/{name}.ipynb").read_text("utf-8")
        title = re.search("<title>(.*)</title>", text)[1]
        alt = next((part["alt"] for tag, part in Parts(text).elements if tag == "img"), "")
        figure = built.build / f"de/figures/{name}.png"
        again = export(source, name, title=title, alt=alt, language="de", figure=figure)
        assert again == text, name


def test_what_a_cell_prints_is_text():
    printed = nbformat.v4.new_output("stream", text="<script>a()</script> &lt; \x1b[31mred\x1b[0m")
    cell = nbformat.v4.new_code_cell("print('<i>')", outputs=[printed])
    page = of_cells(cell, showing(text_plain="<b>1</b>"), title="<u>&</u>")
    tags = {tag for tag, _ in Parts(page).elements}
    assert {"script", "b", "i", "u"}.isdisjoint(tags)
    assert "&lt;script&gt;a()&lt;/script&gt; &amp;lt; " in page


def test_a_program_that_a_cell_shows_gives_way_to_its_text():
    page = of_cells(showing(application_javascript="a()", text_plain="a chart"))
    assert "a chart" in page
    assert "a()" not in page
    widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "text/plain": "a bar"}
    shown = nbformat.v4.new_output("display_data", data=widget)
    page = of_cells(nbformat.v4.new_code_cell("look()", outputs=[shown]))
    assert "a bar" in page
    assert "<script" not in page


def test_what_the_html_of_a_cell_would_run_or_load_is_kept_from_it():
    page = of_cells(showing(text_html="<img src='http://example.org/x.png' onerror='a()'>"))
    policy = next(
        attributes["content"]
        for tag, attributes in Parts(page).elements
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy == "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'"
    assert page.index("Content-Security-Policy") < page.index("<style")


def test_a_picture_pasted_into_a_text_is_in_the_html():
    picture = base64.b64encode(b"one").decode()
    text = "![](attachment:a%20b.png) <img src='attachment:a b.png'>"
    cell = nbformat.v4.new_markdown_cell(text, attachments={"a b.png": {"image/png": picture}})
    assert of_cells(cell).count(f"data:image/png;base64,{picture}") == 2


def test_data_that_a_cell_shows_is_text(recwarn):
    page = of_cells(showing(application_json={"a": "ü"}))
    assert "&#34;a&#34;: &#34;ü&#34;" in page
    assert not recwarn
