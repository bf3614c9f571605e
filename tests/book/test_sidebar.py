"""The side bar is made once, and is on every page the one that the theme would have made for it."""

import os
import subprocess
import sys

from analysis.book.sidebar import MOST, folded

# Prints pages and settings for which the theme's own way leads to something else, and their number.
COMPARE = """
import sys
from itertools import product
from sphinx.application import Sphinx
from analysis.book import sidebar

def compare(app, page, template, context, doctree):
    for level, depth, folded in product((0, 1, 2), (1, 4), (False, True)):
        settings = {"kind": "sidebar", "startdepth": 0, "maxdepth": depth, "collapse": folded,
                    "includehidden": True, "titles_only": True, "show_nav_level": level}
        ways = (context["side_bar"], context["generate_toctree_html"])
        here, usual = (str(way(**settings)).replace('open="open"', "open") for way in ways)
        compared.append(page)
        if here != usual:
            print(page, settings, usual, here, sep="\\n")

compared = []
source, target = sys.argv[1:]
app = Sphinx(source, None, target, target + "/trees", "html", status=None, freshenv=True,
             confoverrides={"extensions": ["sphinx_book_theme"], "html_theme": "sphinx_book_theme"})
sidebar.register(app)
app.connect("html-page-context", compare, priority=900)
app.build()
print(len(compared))
"""
PAGES = {
    "index": """.. toctree::
   :caption: Erster Teil

   self
   first
   parts/index

.. toctree::
   :numbered:
   :hidden:

   Anders genannt <last one>
   https://example.org/?a=1&b=2
""",
    "first": "",
    "parts/index": ".. toctree::\n\n   a\n   deeper/über\n",
    "parts/a": "Unten\n-----\n",
    "parts/deeper/über": ".. toctree::\n\n   c\n",
    "parts/deeper/c": "",
    "last one": "",
}


def test_every_page_has_the_side_bar_that_the_theme_would_make(tmp_path):
    for name, text in PAGES.items():
        page = tmp_path / f"pages/{name}.rst"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(f"Titel *von* <{name}>\n==================================\n\n{text}")
    done = subprocess.run(
        [sys.executable, "-c", COMPARE, tmp_path / "pages", tmp_path / "html"],
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=False,
    )
    pages = len(PAGES) + 2  # those of search and of the index too
    assert (done.stdout, done.returncode) == (f"{pages * 12}\n", 0), done.stderr


def test_the_page_itself_is_marked_as_the_current_one():
    own = '<a class="current reference internal" href="#">A</a>'
    other = '<a class="reference internal" href="b.html">B</a>'
    marked = own.replace(" href", ' aria-current="page" href')
    assert folded(f"<ul>{own}{other}</ul>") == f"<ul>{marked}{other}</ul>"


def test_parts_are_folded_but_for_the_first_ones_and_that_of_the_page():
    def part(name, links, active=""):
        caption = f'<span class="caption-text">{name}</span>'
        items = f'<li class="toctree-l1{active}"></li>' * links
        return f'<p aria-level="2" class="caption" role="heading">{caption}</p>\n<ul>{items}</ul>\n'

    made = folded(part("A", MOST - 1) + part("B", 2) + part("C", 2, " current active"))
    opened = [box.startswith(" open") for box in made.split('<details class="study-part"')[1:]]
    assert opened == [True, False, True]
    assert made.count("</ul></details>") == 3
    assert folded("<ul><li></li></ul>") == "<ul><li></li></ul>"
