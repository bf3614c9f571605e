"""What authors write into pages and what would harm, or be left out, is named by line; the rest
stays as it is.
"""

import io
import random
import re
from html.parser import HTMLParser

import pytest
from docutils import nodes
from sphinx.application import Sphinx

from analysis.book import pagehtml
from analysis.book.slips import LOOKING
from analysis.patches.pages import look_at_pages

# What stands on a page below its title, in line 3, and what is said of it: line and words.
HARM = {
    # programs
    "<script>alert(1)</script>": (3, "<script> is no element of pages"),
    "Text <ScRiPt src=https://a.b/c.js></script>": (3, "<ScRiPt> is no element of pages"),
    'A\n\n<b onclick="a()">x</b>': (5, "onclick of <b> is a program"),
    "<b ONMOUSEOVER='a()'>x</b>": (3, "onmouseover of <b> is a program"),
    '<a href=" java\tscript:a()">x</a>': (3, "<a> leads to 'java\\tscript:a()'"),
    '<a href="&#106;avascript:a()">x</a>': (3, "<a> leads to 'javascript:a()'"),
    "<a href=//evil.example>x</a>": (3, "<a> leads to '//evil.example'"),
    '<a href="other.md">x</a>': (3, "expected a link of Markdown"),
    "<scr<!-- -->ipt>a()</script>": (3, "</script> is no element"),
    "<div>\n<scr<!--\n-->ipt>a()</script>\n</div>": (4, "<scr"),
    "<!--> <script>a()</script> -->": None,
    "<div>\n<!-- a ---> <script>a()</script>\n</div>": (4, "<script>"),
    "<svg><a xlink:href='javascript:a()'>x</a></svg>": (3, "<svg> is no element of pages"),
    "<math><mi>x</mi></math>": (3, "<math> is no element of pages"),
    "<template><b></b></template>": (3, "<template>"),
    "```{raw} html\n<script>a()</script>\n```": (4, "<script> is no element of pages"),
    "````{note}\n```{raw} html\n<script>a()</script>\n```\n````": (5, "<script>"),
    "```{eval-rst}\n.. raw:: html\n\n   <script>a()</script>\n```": (5, "<script>"),
    "| a |\n|---|\n| b |\n| <i onload=a()>c</i> |": (6, "onload of <i> is a program"),
    "> - Text\n>\n>   <iframe></iframe>": (5, "<iframe> is no element of pages"),
    "Note.[^n]\n\n[^n]: Text <script>a()</script>": (5, "<script>"),
    "## Head <script>a()</script>": (3, "<script>"),
    "<?php a() ?>": (3, "'<?php a() ?>' is no whole tag"),
    "<!DOCTYPE html>": (3, "'<!DOCTYPE html>' is no whole tag"),
    "<![CDATA[ <script>a()</script> ]]>": (3, "is no whole tag"),
    "<div\n": (3, "'<div' is no whole tag"),
    '<div class="a" / onclick=a()>\n': (3, "is no whole tag"),
    '<div class="a"onclick="a()">\n': (3, "is no whole tag"),
    # other hosts
    '<iframe src="https://maps.example/"></iframe>': (3, "<iframe> is no element of pages"),
    '<img src="https://a.b/c.png">': (3, "a picture of Markdown"),
    "<img src=x onerror=a()>": (3, "a picture of Markdown"),
    "<link rel=stylesheet href=https://a.b/c.css>": (3, "<link> is no element of pages"),
    "<style>@import 'https://a.b/c.css';</style>": (3, "rules in book/_static/study.css"),
    '<b style="background: URL(https://a.b/c)">x</b>': (3, "style of <b> fetches something"),
    '<b style="background: u\\72l(https://a.b/c)">x</b>': (3, "style of <b> fetches"),
    '<b style="background: &#117;rl(//a.b)">x</b>': (3, "style of <b> fetches"),
    "<b style=\"background: image-set('//a.b/c' 1x)\">x</b>": (3, "style of <b> fetches"),
    "<video src=https://a.b/c></video>": (3, "<video> is no element of pages"),
    "<object data=a></object>": (3, "<object> is no element of pages"),
    "<embed src=a>": (3, "<embed> is no element of pages"),
    "<meta http-equiv=refresh content=0>": (3, "<meta> is no element of pages"),
    "<base href=https://a.b>": (3, "<base> is no element of pages"),
    "<form action=https://a.b><input></form>": (3, "<form> is no element of pages"),
    "<table background=https://a.b/c><tr><td>x</td></tr></table>": (3, "no attribute of pages"),
    "Text ![A map](https://a.b/c.png)": (3, "the picture https://a.b/c.png lies elsewhere"),
    "![A map](//a.b/c.png)": (3, "image file not readable"),
    "```{figure} http://a.b/c.png\n:alt: A map\nMap\n```": (3, "lies elsewhere"),
    "```{image} HTTPS://a.b/c.png\n:alt: A map\n```": (3, "lies elsewhere"),
    # what breaks the page
    "<b>open": (3, "<b> is not closed in the same paragraph"),
    "Text <b>open\n\nclosed</b>": (3, "<b> is not closed in the same paragraph"),
    "<div>\n\nText\n": (3, "<div> is not closed"),
    "<div>\n\n## Head\n\n</div>": (3, "<div> is not closed"),
    "Text</div>": (3, "</div> closes nothing here"),
    "Text </b>": (3, "</b> closes nothing here"),
    "<b>x <i>y</b> z</i>": (3, "</b> leaves <i> open"),
    "<div/>": (3, "<div/> closes nothing; expected <div>…</div>"),
    "Text <div>x</div>": (3, "<div> cannot stand in a sentence"),
    "<p>\n\nText\n\n</p>": (3, "<p> cannot hold paragraphs"),
    "<span>\n\nText\n\n</span>": (3, "<span> cannot hold paragraphs"),
    "<ul>\n\n- Text\n\n</ul>": (3, "<ul> cannot hold paragraphs"),
    "<ul>Text</ul>": (3, "'Text' cannot stand right within <ul>"),
    "<div><li>x</li></div>": (3, "<li> stands alone; expected it right within <ol> or <ul>"),
    "<table><div>x</div></table>": (3, "<div> cannot stand right within <table>"),
    "<details>\n\nText\n\n</details>": (7, "expected <summary>TEXT</summary>"),
    "<details><summary><div>x</div></summary></details>": (3, "cannot stand in a sentence"),
    "<b class=a class=b>x</b>": (3, "<b> has class twice"),
    "<a href=https://a.b>x <a href=https://c.d>y</a></a>": (3, "stands in another <a>"),
    "Text <Name> of someone": (3, "or `…` around what is no HTML"),
    "<font color=red>x</font>": (3, "<font> is no element of pages"),
    "<h2>Head</h2>": (3, "a heading of Markdown"),
    "<b data-bs-toggle=tooltip>x</b>": (3, "data-bs-toggle of <b> is no attribute of pages"),
    "Text\n\n<!-- never closed\n\nText": (5, "a comment is not closed"),
    "<p colspan=2>x</p>": (3, "colspan of <p> is no attribute of pages; expected one of class"),
    "<b datetime=2020>x</b>": (3, "datetime of <b> is no attribute of pages"),
    "<p href=https://a.b>x</p>": (3, "href of <p> is no attribute of pages"),
    "<b id=a>x</b> and\n<i id='a'>y</i>": (3, "the id 'a' is that of something else on the page"),
    '<b id=a>x</b>\n\n<p id="a">y</p>': (5, "the id 'a' is that of something else"),
    "Text <b id=title>x</b>": (3, "the id 'title' is that of something else"),
}
FINE = (
    "CO<sub>2</sub>, m<SUP>2</SUP>, one<br>two<br/>three<wbr>four",
    "<details>\n<summary>More <b>of it</b></summary>\n\nText\n\n- item\n\n</details>",
    "<details open><summary>More</summary>Text</details>",
    "<div class=\"wide\">\n\n| a | b |\n|---|---|\n| 1<br>2 | <kbd>x</kbd> |\n\n</div>",
    "<table><caption>C</caption><thead><tr><th scope=col>a</th></tr></thead>\n"
    "<tbody><tr><td>b</td></tr></tbody></table>",
    "<ul>\n<li>a</li>\n<li><p>b</p></li>\n</ul>",
    "<dl><dt>a</dt><dd>b</dd></dl>",
    "<b id=a>x</b> and <time datetime=2020 id=b>y</time>",
    "<ol start=3 reversed><li value=4>z</li></ol>",
    "- Text\n\n  <blockquote>x</blockquote>\n\n- <mark>y</mark>",
    "<a href=\"https://a.b/?c=d&amp;e\">x</a> <a href='#title'>y</a> <a href=mailto:a@b.c>z</a>",
    "<p lang=\"en\" style=\"color: inherit; text-align: right\">x</p>",
    "a < b, a <b, 3<5, <https://a.b>, <a@b.c>, &lt;script&gt;, `<script>`, \\<script>",
    "```html\n<script>a()</script>\n```",
    "Text <!-- a note --> text.\n\n<!-- one\n\ntwo <script> -->\n\n<!-- -->",
    "<hr>\n\n<figure><pre>x</pre><figcaption>y</figcaption></figure>",
    "![A map](map.png)",
    "| a | b |\n|---|---|\n| 1 |\n| 2 | 3 | |\n| x \\| y | `z\\|` |\n|| 4 |",
    "% A comment.\n\nText\n\n% Another\n% of two lines.\n\n- a\n- b",
    "[Link][A b], ![Map][map] and [c].\n\n[a  B]: https://a.b\n[map]: map.png\n[C]: <https://c.d>",
    "Text[^n] and[^m].\n\n[^n]: Note [with][l]\n\n[^m]: Other\n\n[l]: https://a.b",
    "```{note}\n[Link][l]\n```\n\n[l]: https://a.b",
)  # fmt: skip


# What Markdown leaves out without a word.
LOST = {
    "| a | b |\n|---|---|\n| 1 | 2 | 3 | 4 |": (5, "than the table has heads: '3 | 4' would be"),
    "a | b\n-|-\n1 | 2 | 3": (5, "'3' would be left out"),
    "| a | b |\n|---|---|\n| `x|y` | 2 |": (5, "'2' would be left out; expected a head for each"),
    "- Text\n\n  | a |\n  |---|\n  | 1 |\n  | 1 | 2 |": (8, "'2' would be left out"),
    "> | a |\n> |---|\n> | 1 | 2": (5, "'2' would be left out"),
    "````{note}\n\n| a |\n|---|\n| 1 | 2 |\n````": (7, "'2' would be left out"),
    "Text of 40\n% of people": (4, "the line '% of people' is a comment, which would be left"),
    "Text\n\n[later]: of_this": (5, "nothing on the page refers to [later]"),
    "[Link][a]\n\n[a]: https://a.b\n[b]: https://c.d": (6, "nothing on the page refers to [b]"),
    "[Link][a]\n\n[a]: https://a.b\n[A]: https://c.d": (6, "Duplicate reference definition"),
    "Text\n\n[^n]: Note": (5, "nothing on the page refers to the note [^n]"),
    "Text[^n]\n\n[^n]: Note\n\n[^n]: Other": (0, "Multiple footnote definitions"),
    "(one)=\n## A\n\nText\n\n(one)=\n## B": (8, "one"),
    "Text\n+++ more": (4, "'+++ more' would be left out"),
    "Text [of][this] kind": (3, "'[of][this]' would be shown as it is written"),
    "Text ![](map.png)": (3, "the picture map.png says nothing to who cannot see it"),
    "```{image} map.png\n```": (0, "the picture map.png says nothing"),
    "```{figure} map.png\n:alt: A map\n```\n\n![ ](map.png)": (7, "the picture map.png says"),
}  # fmt: skip
TOLD = HARM | LOST


class Pages:
    """Pages built by Sphinx; what is said of each, and what it holds."""

    def __init__(self, folder):
        self.folder = folder
        self.read = 0

    def build(self, texts, index="# Index\n"):
        """What is said of each text as a page of its own, in order, and the pages; `said` is
        all that is said.
        """
        self.read += 1
        source, site = (self.folder / f"{name}{self.read}" for name in ("source", "site"))
        source.mkdir()
        (source / "map.png").write_bytes(b"\x89PNG\r\n\x1a\n")
        (source / "index.md").write_text(f"{index}\n```{{toctree}}\n:glob:\np*\n```\n", "utf-8")
        for i, text in enumerate(texts):
            (source / f"p{i}.md").write_text(f"# Title\n\n{text}\n", "utf-8")
        said = io.StringIO()
        config = {
            "extensions": ["myst_nb"],
            "html_theme": "basic",
            "nb_execution_mode": "off",
        }
        app = Sphinx(source, None, site, site / "trees", "html", config, status=None, warning=said)
        pagehtml.register(app)
        app.build()
        self.said = said.getvalue()
        lines = re.findall(r"/p(\d+)\.md(?::(\d*))?: \w+: (.*)", self.said)
        told = [[] for _ in texts]
        for page, line, what in lines:
            told[int(page)].append((int(line or 0), re.sub(r"\x1b\[\d*m", "", what)))
        return told, [(site / f"p{i}.html").read_text("utf-8") for i in range(len(texts))]


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    look_at_pages(LOOKING)
    return Pages(tmp_path_factory.mktemp("pages"))


def test_what_harms_is_named_by_line(pages):
    told, _ = pages.build(TOLD)
    missed = {}
    for (text, expected), found in zip(TOLD.items(), told, strict=True):
        if expected and not any(
            line == expected[0] and expected[1] in what for line, what in found
        ):
            missed[text] = found
    assert missed == {}


@pytest.mark.parametrize("index", ["", " \n", "Ein Satz.\n"])
def test_a_front_page_without_a_heading_is_told(pages, index):
    pages.build(["Text."], index)
    assert "/index.md:1: WARNING: the page has no heading" in pages.said


def test_what_harms_nobody_stays(pages):
    told, written = pages.build(FINE)
    assert {text: found for text, found in zip(FINE, told, strict=True) if found} == {}
    assert "CO<sub>2</sub>" in written[0]
    assert not [page for page in written if "a note" in page or "two <script>" in page]


class Elements(HTMLParser):
    """What browsers would run, or ask another host for."""

    def __init__(self):
        super().__init__()
        self.harm = []

    def handle_starttag(self, tag, attrs):
        runs = [name for name, _ in attrs if name.startswith("on")]
        if tag in ("iframe", "script", "img", "svg") or runs:
            self.harm.append((tag, attrs))


def body_of(page):
    """What stands below the title of a page."""
    body = Elements()
    body.feed(page.split("</h1>", 1)[-1].split('<div class="clearer">')[0])
    return body


SIGNS = r"""< > / ! -- --> <!-- script iframe b onload= src=x " ' = ` - <b <script> </b> <div </div>
<img svg ? <![CDATA[ ]] &lt; <details> \ { } | [a] ( ) ~"""


def test_whatever_is_written_runs_nothing_or_is_told(pages):
    chance, parts = random.Random(12), [*SIGNS.split(), " ", " ", "\n", "\t", "<div>\n"]
    texts = ["".join(chance.choices(parts, k=chance.randint(1, 14))) for _ in range(150)]
    told, written = pages.build(texts)
    harmful = [body_of(page).harm for page in written]
    assert [
        text for text, found, harm in zip(texts, told, harmful, strict=True) if harm and not found
    ] == []
    assert sum(map(bool, harmful)) > 5


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("<!-- for us -->", None),
        ("<!-- never closed", None),
        ("<b>a</b><!-- one --><i>b</i><!-- two\nlines -->", "<b>a</b><i>b</i>\n"),
        ("<b>a</b>", "<b>a</b>"),
    ],
)
def test_comments_go_and_the_html_of_a_page_stays(written, left):
    page = nodes.section("", nodes.raw("", written, format="html"))
    list(pagehtml.without_comments(page))
    assert [node.astext() for node in page.children] == ([left] if left else [])


def test_what_a_notebook_gave_out_stays_whole():
    cell = nodes.container("", nodes.raw("", "<!-- a program's -->", format="html"))
    cell["nb_element"] = "mime_bundle"
    page = nodes.section("", cell, nodes.raw("", "\\foo<!-- -->", format="latex"))
    list(pagehtml.without_comments(page))
    assert [node.astext() for node in page.findall(nodes.raw)] == [
        "<!-- a program's -->",
        "\\foo<!-- -->",
    ]
