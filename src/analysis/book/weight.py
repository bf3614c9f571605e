"""What pages load and the site carries: nothing that nobody needs."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from analysis import paths
from analysis.book.nodes import address
from analysis.book.places import FOLDER as PREVIEWS  # parts of pages
from analysis.book.styles import Shown, met

# What extensions give to every page: their files, by name, or how a script of theirs begins; and
# what a page must have to need it. No page runs live code.
NEEDED_BY = {
    r"_static/sphinx-thebe\.(js|css)|https://unpkg\.com/thebe@.*|const THEBE_JS_URL = .*": "(?!)",
    r"_static/togglebutton\.(js|css)|let toggle(HintShow|HintHide|OpenOnPrint) = .*"
    "|var togglebuttonSelector = .*": r'class="[^"]*\b(toggle|dropdown)\b',
    r"_static/(clipboard\.min|copybutton)\.js|_static/copybutton\.css": '<div class="highlight',
    r"_static/pygments\.css": r"\bhighlight\b",
    r"_static/(sphinx-design\.min\.css|design-tabs\.js)": r'class="[^"]*\bsd-',
    r"_static/mystnb\.[0-9a-f]+\.css": r'class="[^"]*\bcell',
    r"_static/whatif\.js": "study-whatif",
    r"_static/search\.js": "^$",  # the page of the search has no text of its own
    r"_static/tables\.js": "study-wide|study-statements",
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
IMAGE = re.compile(rb'((?:src|href)="(?:\.\./)*)_images/([^"/]+)')
# What Sphinx writes into texts and nothing shows: marks of words in code that look like those
# around them (names, punctuation, blanks), what kind of link it is, which rows are odd, that a cell
# of one paragraph has one.
UNSEEN = [
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r'<span class="[npw]">([^<]*)</span>', r"\1"),
        (r'<a class="reference internal" ', "<a "),
        (r'<span class="std std-(?:num)?ref">([^<]*)</span>', r"\1"),
        (r"<span>(<a [^>]*>[^<]*</a>)</span>", r"\1"),
        (r'<tr class="row-(?:odd|even)"', "<tr"),
        (r"<td><p>((?:[^<]|<(?!/?p\b))*)</p></td>", r"<td>\1</td>"),
    )
]
# The typefaces of icons that only those of a class use.
TYPEFACES = {"brands": ("fab", "fa-brands"), "regular": ("far", "fa-regular")}
SOURCE_MAP = re.compile(rb"\n?//# sourceMappingURL=[^\n]*\s*$")


def _in_order(app, config) -> None:
    """Puts scripts and styles in an order: first those that the book's settings list, as they list
    them, then what else there is by name; Jupyter Book adds that as the disk lists it.
    """
    for files, ending in ((config.html_js_files, ".js"), (config.html_css_files, ".css")):
        left = [
            path.relative_to(place).as_posix()
            for place in (Path(app.confdir) / folder for folder in config.html_static_path)
            for path in place.rglob(f"*{ending}")
        ]
        added = set()
        while files and files[-1] in left:
            left.remove(files[-1])
            added.add(files.pop())
        listed = {entry if isinstance(entry, str) else entry[0] for entry in files}
        files += sorted(added - listed)


def _own(static: Path) -> set[str]:
    """The files of a study's look that the machine's book has not, as pages load them."""
    machine = paths.machine_book() / "_static"
    return {
        f"_static/{path.relative_to(static).as_posix()}"
        for path in static.rglob("*")
        if path.is_file() and not _same(path, machine / path.relative_to(static))
    }


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()


def _load(own: set[str], context: dict) -> None:
    """Leaves out scripts and styles that the page has no use for; a study's own stay."""
    body = context["body"] = plainly(context.get("body", ""))
    useless = "|".join(files for files, use in NEEDED_BY.items() if not re.search(use, body))
    for kind in ("script_files", "css_files"):
        context[kind] = [
            file
            for file in context[kind]
            if file.filename in own or not re.fullmatch(useless, _called(file), re.DOTALL)
        ]


def plainly(text: str) -> str:
    """A text of a page without marks that nothing shows."""
    for pattern, instead in UNSEEN:
        text = pattern.sub(instead, text)
    return text


def _called(file) -> str:
    """The name of a script or style; what stands in a script that has none."""
    return str(file.filename or file.attributes.get("body", ""))


def slim(site: Path, pages: Path) -> None:
    """Takes out of a finished site what no reader needs, and what is there twice; what came with
    the pages that it was made of stays as it is.
    """
    _share_pictures(site)
    given = {site / path.relative_to(pages) for path in (pages / "_static").rglob("*")}
    for pattern in NEEDLESS:
        for path in sorted({*site.glob(pattern)} - given):
            path.unlink()
    _drop_styles(site, given)
    for folder in sorted(site.glob("**/"), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
    for path in {*site.glob("_static/**/*.js")} - given:
        content = path.read_bytes()
        if b"sourceMappingURL" in content:
            path.write_bytes(SOURCE_MAP.sub(b"", content))


def _drop_styles(site: Path, given: set[Path]) -> None:
    """Takes out rules, and typefaces of icons, for what no page shows."""
    scripts = {*site.glob("_static/**/*.js")} - {*site.glob(f"{PREVIEWS}/**/*.js")}
    shown = Shown(*(map(_words, kind) for kind in (_pages(site), scripts)))
    for kind, classes in TYPEFACES.items():
        for path in {*site.glob(f"_static/vendor/fontawesome/webfonts/fa-{kind}-*")} - given:
            if not any(name in shown for name in classes):
                path.unlink()
    for path in {*site.glob("_static/**/*.css")} - given:
        path.write_text(met(path.read_text("utf-8"), shown), "utf-8", newline="")


def _words(path: Path) -> str:
    """What a file says; only names are looked for, and a study's own may be in any encoding."""
    return path.read_text("utf-8", "replace")


def _share_pictures(site: Path) -> None:
    """Lets pages show pictures where they are offered for download, not copies of them."""
    offered = {path.read_bytes(): path.name for path in sorted(site.glob("figures/*.png"))}
    copies = {
        path: name
        for path in site.glob("_images/*.png")
        if (name := offered.get(path.read_bytes()))
    }
    for page in _pages(site) if copies else ():
        text = page.read_bytes()
        shared = IMAGE.sub(lambda found: _offered(found, site, copies), text)
        if shared != text:
            page.write_bytes(shared)
    for path in copies:
        path.unlink()


def _pages(site: Path) -> Iterator[Path]:
    """What Sphinx has written, and not what it has only copied."""
    for path in site.rglob("*.html"):
        if path.relative_to(site).parts[0] not in ("_static", "_downloads"):
            yield path


def _offered(found: re.Match, site: Path, copies: dict[Path, str]) -> bytes:
    name = copies.get(site / "_images" / unquote(html.unescape(found[2].decode())))
    return found[1] + address("figures/", name).encode() if name else found[0]


def register(app) -> None:
    """Connects to the writing of pages, after the theme."""
    own = _own(Path(app.confdir) / "_static")
    app.connect("config-inited", _in_order)
    app.connect(
        "html-page-context",
        lambda _app, _page, _template, context, _doctree: _load(own, context),
        priority=900,
    )
