"""The side bar: the theme makes it once, not once a page, as a page changes only how its links
lead there and which of them is its own. It shows the first parts of the book and the one that the
page is in; the others are folded.
"""

from __future__ import annotations

import functools
import re

from markupsafe import Markup
from sphinx.environment.adapters.toctree import TocTree
from sphinx.util.osutil import relative_uri

TAG = re.compile(r"(</?(?:ul|li|details)\b[^>]*>|<a\b[^>]*>)")
CAPTION = '<p aria-level="2" class="caption" role="heading">'
CURRENT = '<a class="current reference internal"'
MOST = 12  # links that stand open
INTERNAL = re.compile(r'(<a class="reference internal" href=")([^"]*)(.*)')


class SideBar:
    """The theme's side bar, as it is where none of its links leads to the page itself, cut at every
    tag that may differ from page to page.
    """

    def __init__(self, html: str):
        self.parts = TAG.split(html)
        self.links: dict[int, re.Match] = {}
        self.current: dict[str, list[int]] = {}  # address: the tags that show it
        self.by_folder: dict[str, list[str]] = {}
        around: list[int] = []
        folds: dict[int, int] = {}  # a list item: what folds the list below it
        for i, part in enumerate(self.parts):
            if part.startswith("</"):
                around.pop()
            elif part.startswith(("<ul", "<li", "<details")):
                if part.startswith("<details"):
                    folds[around[-1]] = i
                around.append(i)
            elif link := INTERNAL.match(part):
                self.links[i] = link
                self.current.setdefault(link[2], []).extend([*around, i])
        for tags in self.current.values():
            tags += [folds[item] for item in tags if item in folds]

    def on(self, address: str, shown: str) -> str:
        """The side bar of the page at this address; shown: that of the page to which one of its
        links leads, this page itself or one that it is below.
        """
        folder = address[: address.rfind("/") + 1]
        if folder not in self.by_folder:
            self.by_folder[folder] = list(self.parts)
            for i, link in self.links.items():
                self.by_folder[folder][i] = link[1] + relative_uri(folder, link[2]) + link[3]
        parts = list(self.by_folder[folder])
        for i in self.current[shown]:
            parts[i] = _current(parts[i], address == shown)
        return "".join(parts)


def _current(tag: str, itself: bool) -> str:
    """A tag on the way to the link that leads to the page, or this link: to the page itself, or to
    one that it is below.
    """
    if tag.startswith("<a"):
        return '<a class="current reference internal" href="#">' if itself else tag
    if tag.startswith("<li"):
        return re.sub(r"(toctree-l[1-9]\d*)", r"\1 current active", tag)
    if tag.startswith("<details"):
        return '<details open="open">'
    if 'class="' not in tag:
        return '<ul class="current">'
    return tag if "list-caption" in tag else tag.replace('class="', 'class="current ')


def folded(side_bar: str) -> str:
    """The side bar with the page itself marked and its parts as boxes; open are those that the page
    is in, and the first ones as long as they are short.
    """
    side_bar = side_bar.replace(CURRENT, f'{CURRENT} aria-current="page"')
    first, *parts = side_bar.split(CAPTION)
    links, boxes = first.count("<li"), [first]
    for part in parts:
        caption, _, pages = part.partition("</p>")
        links += pages.count("<li")
        is_open = " open" if links <= MOST or " active" in pages else ""
        boxes.append(
            f'<details class="study-part"{is_open}><summary><span role="heading" aria-level="2">'
            f"{caption}</span></summary>{pages.rstrip()}</details>\n"
        )
    return Markup("".join(boxes))


def _listed(app, page: str, made: SideBar) -> str | None:
    """The address in the side bar of this page, or of the one that it is below."""
    above = {
        child: page
        for page, below in app.env.toctree_includes.items()
        for child in below
        if page != app.config.root_doc
    }
    while (address := app.builder.get_target_uri(page)) not in made.current:
        if page not in above:
            return None
        page = above.pop(page)
    return address


def register(app) -> None:
    """Offers templates a function `side_bar`, called like the theme's `generate_toctree_html`, and
    `folded_side_bar`.
    """
    made: dict[tuple, SideBar] = {}

    def contents(*, page: str, **settings) -> str:
        """Sphinx's tree of contents."""
        tree = TocTree(app.env).get_toctree_for(page, app.builder, **settings)
        return app.builder.render_partial(tree)["fragment"]

    def offer(_app, page: str, _template: str, context: dict, _doctree) -> None:
        @functools.cache  # the theme looks first whether there is anything in it
        def side_bar(**settings) -> str:
            usual = context["generate_toctree_html"]
            if settings.get("collapse", True):  # then what there is differs from page to page
                return usual(**settings)
            key = tuple(settings.items())
            if key not in made:
                own, context["toctree"] = context["toctree"], contents
                made[key] = SideBar(str(usual(**settings, page="")))
                context["toctree"] = own
            shown = _listed(app, page, made[key])
            address = app.builder.get_target_uri(page)
            return made[key].on(address, shown) if shown else usual(**settings)

        context["side_bar"] = side_bar
        context["folded_side_bar"] = lambda **settings: folded(str(side_bar(**settings)))

    app.connect("env-updated", lambda *_: made.clear())  # a tree that is read again may be another
    app.connect("html-page-context", offer, priority=400)
