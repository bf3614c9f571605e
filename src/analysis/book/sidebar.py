"""The side bar: the theme makes it once, not once a page, as a page changes only how its links
lead there and which of them is its own.
"""

from __future__ import annotations

import functools
import re

from sphinx.environment.adapters.toctree import TocTree
from sphinx.util.osutil import relative_uri

TAG = re.compile(r"(</?(?:ul|li|details)\b[^>]*>|<a\b[^>]*>)")
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

    def on(self, address: str) -> str:
        """The side bar of the page at this address, to which one of its links leads."""
        folder = address[: address.rfind("/") + 1]
        if folder not in self.by_folder:
            self.by_folder[folder] = list(self.parts)
            for i, link in self.links.items():
                self.by_folder[folder][i] = link[1] + relative_uri(folder, link[2]) + link[3]
        parts = list(self.by_folder[folder])
        for i in self.current[address]:
            parts[i] = _current(self.parts[i])
        return "".join(parts)


def _current(tag: str) -> str:
    """A tag on the way to the link that leads to the page itself, or this link."""
    if tag.startswith("<a"):
        return '<a class="current reference internal" href="#">'
    if tag.startswith("<li"):
        return re.sub(r"(toctree-l[1-9]\d*)", r"\1 current active", tag)
    if tag.startswith("<details"):
        return '<details open="open">'
    if 'class="' not in tag:
        return '<ul class="current">'
    return tag if "list-caption" in tag else tag.replace('class="', 'class="current ')


def register(app) -> None:
    """Offers templates a function `side_bar`, called like the theme's `generate_toctree_html`."""
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
            address = app.builder.get_target_uri(page)
            return made[key].on(address) if address in made[key].current else usual(**settings)

        context["side_bar"] = side_bar

    app.connect("html-page-context", offer, priority=400)
