"""What may stand on a page of HTML that its author wrote: no program, no request to another host,
nothing that breaks the page. Comments go.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from docutils import nodes
from docutils.parsers.rst.directives.misc import Raw
from sphinx.util import logging

logger = logging.getLogger(__name__)
COMMENT = re.compile(r"<!--.*?(-->|\Z)", re.DOTALL)
ATTRIBUTE = r"\s+([A-Za-z_:][\w:.-]*)(?:\s*=\s*([^\s\"'=<>`]+|'[^']*'|\"[^\"]*\"))?"
TAG = re.compile(rf"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:{ATTRIBUTE})*)\s*(/?)>", re.ASCII)
MARKUP = re.compile(r"<(?=[A-Za-z/!?])")  # where browsers take what follows for no text
END = re.compile(r"[>\n]|\Z")


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Elements by where they may stand: in sentences, around sentences, or only right within others.
WORDS = _names(
    "a abbr b bdi bdo br cite code del dfn em i ins kbd mark q rp rt ruby s samp small span strong "
    "sub sup time u var wbr"
)
BLOCKS = _names("blockquote details div dl figure hr ol p pre table ul")
WITHIN = {
    "summary": {"details"},
    "li": {"ul", "ol"},
    "dt": {"dl"},
    "dd": {"dl"},
    "figcaption": {"figure"},
    "caption": {"table"},
    "colgroup": {"table"},
    "col": {"colgroup"},
    "thead": {"table"},
    "tbody": {"table"},
    "tfoot": {"table"},
    "tr": {"table", "thead", "tbody", "tfoot"},
    "td": {"tr"},
    "th": {"tr"},
}
EMPTY = _names("br col hr wbr")
# What they hold: sentences only; other elements only; the rest holds both.
SENTENCES = (WORDS | {"p", "pre", "summary"}) - EMPTY
ELEMENTS = frozenset().union(*WITHIN.values()) - {"details", "figure"}
# Attributes that every element may have, and those of some.
EVERY = _names("class dir id lang style title")
ATTRIBUTES = {
    "a": _names("href"),
    "del": _names("datetime"),
    "details": _names("open"),
    "ins": _names("datetime"),
    "li": _names("value"),
    "ol": _names("reversed start"),
    "td": _names("colspan rowspan"),
    "th": _names("colspan rowspan scope"),
    "time": _names("datetime"),
}
# What else people write, and what does it on a page.
INSTEAD = {
    "img": "a picture of Markdown, ![WHAT IT SHOWS](FILE)",
    "style": "rules in book/_static/study.css",
    "font": "a class and rules in book/_static/study.css",
    "center": "a class and rules in book/_static/study.css",
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "a heading of Markdown, ## TITLE"),
}
OTHERWISE = "or `…` around what is no HTML"
LEADS = re.compile(r"(?:https?://|mailto:|tel:|#)", re.IGNORECASE)
FETCHES = re.compile(r"url|image|src|import|expression|\\|/\*", re.IGNORECASE)
HOST = re.compile(r"\w+://", re.ASCII)

Place = tuple[int | None, str]  # a line and what is wrong there


@dataclass
class Opened:
    """An element that is not closed yet, its line, and what has been found right within it."""

    name: str
    line: int
    holds: set[str] = field(default_factory=set)


@dataclass
class Around:
    """What is around a piece of HTML: whether a sentence, which elements; and of which unknown ones
    of the same paragraph or section it has been said that they are.
    """

    in_sentence: bool
    opened: list[Opened] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)


class PageRaw(Raw):
    """The directive `raw`, whose HTML is looked at as any other of the page."""

    def run(self) -> list[nodes.Node]:
        """The same nodes, with their line."""
        found = super().run()
        for node in found if "html" in self.arguments[0].split() else ():
            node["page_line"] = self.lineno + 1
        return found


def wrong_html(parent: nodes.Element) -> Iterator[Place]:
    """All that is wrong with what authors wrote below a node, in order.

    What is opened has to be closed in the same node, or the page would not be as it looks.
    """
    around = Around(isinstance(parent, nodes.TextElement))
    for child in parent.children:
        if isinstance(child, nodes.raw) and "page_line" in child:
            yield from _wrong_in(child.astext(), child["page_line"], around)
        elif isinstance(child, nodes.Element):
            if around.opened and not isinstance(child, (nodes.Inline, nodes.Invisible)):
                yield from _misplaced(around.opened[-1])
            yield from wrong_html(child)
    for left in around.opened:
        where = "in the same paragraph or section"
        yield left.line, f"<{left.name}> is not closed {where}; expected </{left.name}>"


def _misplaced(element: Opened) -> Iterator[Place]:
    """What cannot hold the paragraphs that stand in it."""
    if element.name in SENTENCES | ELEMENTS and "paragraphs" not in element.holds:
        element.holds.add("paragraphs")
        wrong = f"<{element.name}> cannot hold paragraphs, lists or tables of Markdown"
        yield element.line, f"{wrong}; expected <div>, say"


def _wrong_in(text: str, line: int, around: Around) -> Iterator[Place]:
    """The same for one piece of HTML."""
    opened = around.opened
    at = 0
    for start in [*(found.start() for found in MARKUP.finditer(text)), len(text)]:
        if start < at:
            continue  # within a tag
        here = line + text.count("\n", 0, start)
        bare = text[at:start].strip()
        if bare and opened and opened[-1].name in ELEMENTS:
            yield here, f"{bare[:40]!r} cannot stand right within <{opened[-1].name}>"
        if start == len(text):
            return
        tag = TAG.match(text, start)
        at = tag.end() if tag else start + 1
        if tag is None:
            shown = text[start : END.search(text, start).end()].strip()
            yield here, f"{shown[:40]!r} is no whole tag; expected one, {OTHERWISE}"
        elif tag[2].lower() not in WORDS | BLOCKS | WITHIN.keys():
            yield from ((here, wrong) for wrong in _unknown(tag, around.unknown))
        elif tag[1]:
            yield from ((here, wrong) for wrong in _closed(tag[2].lower(), opened))
        else:
            yield from ((here, wrong) for wrong in _wrong_tag(tag, here, around))


def _unknown(tag: re.Match, told: set[str]) -> Iterator[str]:
    name = tag[2].lower()
    if name not in told:
        meant = INSTEAD.get(name, f"one of {', '.join(sorted(WORDS | BLOCKS))}")
        yield f"<{tag[1]}{tag[2]}> is no element of pages; expected {meant}, {OTHERWISE}"
    told.add(name)


def _wrong_tag(tag: re.Match, line: int, around: Around) -> Iterator[str]:
    """What is wrong with a tag that opens an element."""
    opened = around.opened
    name, attributes, alone = tag[2].lower(), tag[3], tag[6]
    within = opened[-1].name if opened else ""
    yield from _wrong_place(name, within, around.in_sentence)
    if name == "a" and any(other.name == "a" for other in opened):
        yield "<a> stands in another <a>; expected </a> before it"
    yield from _wrong_attributes(name, attributes)
    if opened:
        opened[-1].holds.add(name)
    if alone and name not in EMPTY:
        yield f"<{name}/> closes nothing; expected <{name}>…</{name}>"
    elif name not in EMPTY:
        opened.append(Opened(name, line))


def _wrong_place(name: str, within: str, in_sentence: bool) -> Iterator[str]:
    if name in WITHIN:
        if within not in WITHIN[name]:
            around = " or ".join(f"<{other}>" for other in sorted(WITHIN[name]))
            yield f"<{name}> stands alone; expected it right within {around}"
    elif within in ELEMENTS:
        yield f"<{name}> cannot stand right within <{within}>"
    elif name in BLOCKS and (in_sentence or within in SENTENCES):
        yield f"<{name}> cannot stand in a sentence; expected it on lines of its own"


def _closed(name: str, opened: list[Opened]) -> Iterator[str]:
    """What is wrong where an element ends, which ends those within it."""
    if name not in [around.name for around in opened]:
        yield f"</{name}> closes nothing here; expected <{name}> before it, {OTHERWISE}"
        return
    while (last := opened.pop()).name != name:
        yield f"</{name}> leaves <{last.name}> open; expected </{last.name}> before it"
    if name == "details" and "summary" not in last.holds:
        yield "<details> above does not say what it holds; expected <summary>TEXT</summary> in it"


def _wrong_attributes(name: str, attributes: str) -> Iterator[str]:
    known, names = EVERY | ATTRIBUTES.get(name, frozenset()), []
    for found in re.finditer(ATTRIBUTE, attributes, re.ASCII):
        key, value = found[1].lower(), html.unescape((found[2] or "").strip("\"'")).strip()
        if key in names:
            yield f"<{name}> has {key} twice"
        elif key not in known:
            what = "a program" if key.startswith("on") else "no attribute of pages"
            yield f"{key} of <{name}> is {what}; expected one of {', '.join(sorted(known))}"
        elif key == "href" and not LEADS.match(value):
            yield f"<a> leads to {value!r}; expected a link of Markdown, [TEXT](ADDRESS)"
        elif key == "style" and FETCHES.search(value):
            yield f"style of <{name}> fetches something; expected rules that need no other file"
        names.append(key)


def _wrong_pictures(doctree: nodes.document) -> Iterator[Place]:
    """Pictures that would be fetched from elsewhere, or that say nothing to who cannot see them."""
    for picture in [node for node in doctree.findall(nodes.image) if not _is_output(node)]:
        in_text = not isinstance(picture.parent, nodes.Structural)  # whose line is that of a title
        address, line = picture["uri"], picture.line or (picture.parent.line if in_text else None)
        if HOST.match(address):
            wrong = "lies elsewhere, where each reader would be known"
            yield line, f"the picture {address} {wrong}; expected a file beside the page"
        if not picture.get("alt", "").strip():
            wrong = "says nothing to who cannot see it"
            yield line, f"the picture {address} {wrong}; expected ![WHAT IT SHOWS](FILE), or :alt:"


def without_comments(doctree: nodes.Element) -> Iterator[Place]:
    """Takes out what authors note for each other; tells of comments that do not end."""
    for node in list(doctree.findall(nodes.raw)):
        if node.get("format") == "html" and "<!--" in node.astext() and not _is_output(node):
            if any(not found[1] for found in COMMENT.finditer(node.astext())):
                wrong = "a comment is not closed, so that nothing behind it would be shown"
                yield node.get("page_line"), f"{wrong}; expected -->"
            left = COMMENT.sub(lambda found: "\n" * found[0].count("\n"), node.astext())
            if left.strip():
                node[:] = [nodes.Text(left)]
            else:
                node.parent.remove(node)


def written_ids(doctree: nodes.document) -> Iterator[Place]:
    """The ids in what authors wrote, each with its line."""
    for node in doctree.findall(nodes.raw):
        for tag in TAG.finditer(node.astext()) if "page_line" in node else ():
            line = node["page_line"] + node.astext().count("\n", 0, tag.start())
            for found in re.finditer(ATTRIBUTE, tag[3], re.ASCII):
                if found[1].lower() == "id" and found[2]:
                    yield line, html.unescape(found[2].strip("\"'"))


def _twice(doctree: nodes.document) -> Iterator[Place]:
    """Ids that something else on the page has, so that links would lead to the one or the other."""
    taken = {own for node in doctree.findall(nodes.Element) for own in node["ids"]}
    for line, own in written_ids(doctree):
        if own in taken:
            yield line, f"the id {own!r} is that of something else on the page; expected a new one"
        taken.add(own)


def _untitled(app, doctree: nodes.document) -> Iterator[Place]:
    """The page that leads to all others, where it has no heading; Sphinx tells of the others."""
    if app.env.docname == app.config.root_doc and not any(doctree.findall(nodes.title)):
        yield 1, "the page has no heading; expected one in its first line, # TITLE"


def _look(app, doctree: nodes.document) -> None:
    """Takes out comments, and tells of all that is wrong."""
    wrong = (
        *_untitled(app, doctree),
        *without_comments(doctree),
        *wrong_html(doctree),
        *_wrong_pictures(doctree),
        *_twice(doctree),
    )
    for line, what in wrong:
        logger.warning(what, location=(app.env.docname, line))


def _is_output(node: nodes.Node) -> bool:
    """Whether a cell of a notebook gave it out: a program's HTML is whole as it is."""
    return node.parent is not None and (
        node.parent.get("nb_element") == "mime_bundle" or _is_output(node.parent)
    )


def register(app) -> None:
    """Looks at each page when it is read."""
    app.add_directive("raw", PageRaw, override=True)
    app.connect("doctree-read", _look)
