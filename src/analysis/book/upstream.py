"""Mends pages where what others write into them (the theme, extensions of Sphinx, docutils, pandas,
nbconvert) is not as HTML and WCAG want it.
"""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes

from analysis.wording import marked

LOWEST = 6  # level of headings that HTML knows
FRAME = re.compile(r'<table border="1" class="dataframe">.*?</table>', re.DOTALL)
HEADS = re.compile(r"(?<=<thead>).*?(?=</thead>)", re.DOTALL)

# What stands there, and what is to stand there; who writes it. All begin with fixed letters, which
# are found twenty times as fast: a book has ten million.
MENDS = [
    (re.compile(pattern), mended)
    for pattern, mended in (
        # pydata-sphinx-theme 0.17. A name that leaves out words of a button; titles that become
        # words of a button, which its name then leaves out; a menu that is no landmark, beside an
        # empty one; a heading before the title of the page.
        (r'(<button class="btn search-button-field[^>]*?) aria-label="[^"]*"', r"\1"),
        (r'(<i class="theme-switch [^>]*?) title=', r"\1 data-title="),
        # Which way a language is written, if not from the left.
        (r'<html lang="(\w+)"(?! dir)', lambda found: f"<html {marked(found[1])}"),
        # Colours that no scheme has, until a script has chosen one.
        (r'(<html [^>]*?) data-theme="auto"', r'\1 data-theme="light"'),
        (r'<header id="pst-header"(?! role)', r'\g<0> role="none"'),
        (r'<div id="pst-primary-sidebar"(?! role)', r'\g<0> role="banner"'),
        # As well: a program of 1.5 MB that draws icons, which a typeface has; they say nothing.
        (r'<script defer src="[^"]*/fontawesome\.js[^"]*"></script>', ""),
        (r'<(i|span) class="((?:theme-switch )?fa-)', r'<\1 aria-hidden="true" class="\2'),
        # MyST-NB 1.4: paragraphs in a summary, and a name that hides the words that stand on it.
        (r'<summary aria-label="Toggle hidden content">', "<summary>"),
        (
            r'<p (class="(?:collapsed|expanded) admonition-title"[^>]*>[^<]*)</p>',
            r"<span \1</span>",
        ),
        # docutils 0.21 and sphinxcontrib-bibtex 2.6: heads of tables that do not say of what; a
        # list without items, whose entries have a role that is given up.
        (r'<th class="head', '<th scope="col" class="head'),
        (r'<th class="stub"><p></p></th>', '<td class="stub"><p></p></td>'),  # head of nothing
        (r'<th class="stub', '<th scope="row" class="stub'),
        (r'(<div class="citation" id="[^"]*" role=)"doc-biblioentry"', r'\1"listitem"'),
        # nbconvert 7.16: styles that no browser knows.
        (r"\.jp-scrollbar-tiny::-webkit-scrollbar-track:\w+ \{[^}]*\}", ""),
        (r"\n *(?:overflow: overlay|box-shadow: '[^']*');(?=\n)", ""),
        # pandas 3: a style for this table alone in the middle of a page
        (r'<style scoped>[^<]*</style>\s*(?=<table border="1" class="dataframe">)', ""),
    )
]


def mended(page: str) -> str:
    """The page as it is to be; one that was mended stays as it is."""
    for pattern, replacement in MENDS:
        page = pattern.sub(replacement, page)
    return FRAME.sub(_frame, page)


def _frame(found: re.Match) -> str:
    """A data frame as pandas 3 writes it, whose heads say of what they are; an empty is none."""
    table = re.sub(r' (?:border|halign)="\w+"', "", found[0])
    table = table.replace("<th></th>", "<td></td>")
    table = HEADS.sub(lambda heads: _scoped(heads[0], "col"), table)
    return _scoped(table, "row")


def _scoped(heads: str, scope: str) -> str:
    several = {"col": "colspan", "row": "rowspan"}[scope]
    heads = re.sub(rf"<th(?= {several}=)", f'<th scope="{scope}group"', heads)
    return re.sub(r"<th(?! scope=)(?=[ >])", f'<th scope="{scope}"', heads)


def _rank_titles(_app, doctree: nodes.document) -> None:
    """Titles within sections are paragraphs of docutils, and headings of MyST if they have a level:
    here one below that of the section.
    """
    for title in doctree.findall(nodes.rubric):
        if isinstance(title.parent, nodes.section) and "level" not in title:
            sections, around = 0, title.parent
            while isinstance(around, nodes.section):
                sections, around = sections + 1, around.parent
            title["level"] = min(sections + 1, LOWEST)


def register(app) -> None:
    """Ranks titles as a page is read, and mends every page that Sphinx writes, at the end of the
    build, when all are written.
    """
    pages: list[str] = []

    def note(_app, page: str, _template: str, _context: dict, _doctree) -> None:
        pages.append(page)

    def mend(_app, error: Exception | None) -> None:
        for name in [] if error else pages:
            path = Path(app.builder.get_outfilename(name))
            page = path.read_text("utf-8")
            if page != (better := mended(page)):
                path.write_text(better, "utf-8")

    app.connect("doctree-read", _rank_titles)
    app.connect("html-page-context", note)
    app.connect("build-finished", mend)
