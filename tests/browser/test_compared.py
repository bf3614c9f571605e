"""The page that shows two versions side by side, printed."""

import re

import pytest

from analysis import paths

STYLE = (paths.root() / "src/analysis/compare/page.css").read_text("utf-8")
ABOVE = '<a href="#head">1</a> <a href="#row">2</a><div style="height: {}px"></div>'
CHANGE = """<h3 id="head">A finding that has changed</h3><p class="about"><code>finding</code></p>
<table class="changes"><thead><tr><th>What</th><th>before</th><th>now</th></tr></thead>
<tbody><tr><th id="row">Sentence</th><td>{text}</td><td>{text}</td></tr></tbody></table>"""
PLACE = r"/{} \[(\d+) 0 R /XYZ"  # of what a link leads to, by its page


@pytest.mark.parametrize("words", [20, 600])
def test_no_heading_stands_alone_at_the_end_of_a_sheet(page, words):
    page.emulate_media(media="print")
    sheets = set()
    for above in range(700, 1000, 30):
        changed = CHANGE.format(text="word " * words)
        page.set_content(f"<style>{STYLE}</style><main>{ABOVE.format(above)}{changed}</main>")
        written = page.pdf(prefer_css_page_size=True).decode("latin-1")
        head, row = (re.search(PLACE.format(name), written)[1] for name in ("head", "row"))
        assert head == row, f"{above} px from the top"
        sheets.add(head)
    assert len(sheets) == 2  # it stands on the first and, where that is full, on the next
