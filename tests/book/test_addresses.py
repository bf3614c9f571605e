"""Links lead to files of runs, whatever their names hold."""

import html
import re
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from analysis import paths
from analysis.book import notebooks, weight
from analysis.book.figures import Published
from analysis.book.nodes import offered
from analysis.engine.runs import NO_NAME
from analysis.wording import Wording

WORDS = Wording("en")
NAMES = st.text(
    st.sampled_from("aä字 #?%&<>\"'`{}:;+@,.\\") | st.characters(codec="utf-8"), min_size=1
)
NAMES = NAMES.filter(lambda name: not set(name) & {*NO_NAME})
LINK = re.compile(r'<(?:a|img) (?:href|src)="([^"]*)"[^<>]*>')


def places(markup):
    """Where the links of some markup lead, which holds no other tag."""
    assert re.sub(r"</?p[^<>]*>|</a>", "", LINK.sub("", markup)).count("<") == 0
    found = [urlsplit(html.unescape(address)) for address in LINK.findall(markup)]
    assert not any(part.scheme or part.query or part.fragment for part in found)
    return [unquote(part.path) for part in found]


@given(NAMES)
def test_a_link_leads_to_the_file_of_its_name(name):
    page = SimpleNamespace(env=SimpleNamespace(docname="notebooks/a"), words=WORDS)
    record = {"name": name, "headline": f"So ist es: {name}."}
    offered_by_figure = Published.downloads(page, record, "figures", ("svg", "csv"))
    assert places(offered_by_figure.astext()) == [
        f"../figures/{name}.svg",
        f"../figures/{name}.csv",
    ]
    assert places(offered("data", name, "x", WORDS).astext()) == [f"data/{name}"]
    source = paths.root().parent / f"{name}.ipynb"
    run = SimpleNamespace(name=name, language="en", source=source)
    links = notebooks._downloads(run).astext()
    executed = [f"executed/{name}.html", f"executed/{name}.ipynb"]
    assert places(links) == [*executed, f"../code/{name}.ipynb"]


@given(NAMES)
def test_a_picture_is_shared_whatever_its_name(name):
    site = paths.build()
    copies = {site / "_images" / name: name}
    written = weight.address("_images/", name)
    shared = weight.IMAGE.sub(
        lambda found: weight._offered(found, site, copies), f'<img src="{written}">'.encode()
    )
    assert places(shared.decode()) == [f"figures/{name}"]
