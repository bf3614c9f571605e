"""What pages load and the site carries: nothing that nobody needs."""

from __future__ import annotations

import re
from pathlib import Path

# What extensions give to every page, and what a page must have to need it; no page runs live code.
NEEDED_BY = {
    "thebe": "(?!)",
    "togglebutton|toggleHint|toggleOpen": r'class="[^"]*\b(toggle|dropdown)\b',
    "clipboard|copybutton": '<div class="highlight',
    "design": r'class="[^"]*\bsd-',
    "mystnb": r'class="[^"]*\bcell',
    r"whatif\.js": "study-whatif",
    r"tables\.js": "study-wide|study-statements",
}
# What nothing refers to, or only tools of developers do; icons come from a typeface of ours.
NEEDLESS = (
    ".buildinfo",
    "objects.inv",
    "_static/*webpack-macros.html",
    "_static/**/*.map",
    "_static/vendor/**/*.ttf",
    "_static/**/*.LICENSE.txt",
    "_static/locales/**/*.[mp]o",
    "_static/scripts/fontawesome.js",
    "_static/images/logo_*",
    "_static/sphinx-thebe.*",
)
IMAGE = re.compile(r'(src="(?:\.\./)*)_images/([^"/]+)')
SOURCE_MAP = re.compile(rb"\n?(?://|/\*)# sourceMappingURL=[^\n]*?(?:\*/)?\s*$")


def _in_order(_app, config) -> None:
    """Puts scripts and styles of a book in an order; Jupyter Book takes them as the disk lists
    them.
    """
    config.html_js_files.sort(key=str)
    config.html_css_files.sort(key=str)


def _load(_app, _page, _template, context: dict, _doctree) -> None:
    """Leaves out scripts and styles that the page has no use for."""
    body = context.get("body", "")
    useless = [files for files, use in NEEDED_BY.items() if not re.search(use, body)]
    for kind in ("script_files", "css_files"):
        context[kind] = [
            file
            for file in context[kind]
            if not any(re.search(files, f"{file} {file.attributes}") for files in useless)
        ]


def slim(site: Path) -> None:
    """Takes out of a finished site what no reader needs, and what is there twice."""
    _share_pictures(site)
    for pattern in NEEDLESS:
        for path in sorted(site.glob(pattern)):
            path.unlink()
    for folder in sorted(site.glob("**/"), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
    for pattern in ("_static/**/*.js", "_static/**/*.css"):
        for path in site.glob(pattern):
            content = path.read_bytes()
            if b"sourceMappingURL" in content:
                path.write_bytes(SOURCE_MAP.sub(b"", content))


def _share_pictures(site: Path) -> None:
    """Lets pages show pictures where they are offered for download, not copies of them."""
    offered = {path.read_bytes(): path.name for path in sorted(site.glob("figures/*.png"))}
    copies = {
        path: name
        for path in site.glob("_images/*.png")
        if (name := offered.get(path.read_bytes()))
    }
    for page in site.rglob("*.html") if copies else ():
        text = page.read_text("utf-8")
        shared = IMAGE.sub(lambda found: _offered(found, site, copies), text)
        if shared != text:
            page.write_text(shared, "utf-8")
    for path in copies:
        path.unlink()


def _offered(found: re.Match, site: Path, copies: dict[Path, str]) -> str:
    name = copies.get(site / "_images" / found[2])
    return f"{found[1]}figures/{name}" if name else found[0]


def register(app) -> None:
    """Connects to the writing of pages, after the theme."""
    app.connect("config-inited", _in_order)
    app.connect("html-page-context", _load, priority=900)
