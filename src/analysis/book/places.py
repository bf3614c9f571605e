"""What stands at the places of a page that links lead to: scripts that a browser loads when a
reader points at such a link, or searches; also from a disk, where pages may not read one another.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from docutils import nodes

from analysis.book.figures import Drawing
from analysis.book.pagehtml import written_ids
from analysis.book.sentences import SENTENCES
from analysis.files.whole import write_whole

FOLDER = "_static/places"
LONGEST = 700  # letters of a place; the search looks for words within them


def told(node: nodes.Node) -> str:
    """What readers see of a part of a page, in one line."""
    text = _joined(_telling(node))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rsplit(' ', 1)[0]} …"


def _telling(node: nodes.Node) -> list[nodes.TextElement]:
    """What of a part of a page is told: a term with what it means, the title of a table, an item
    without the lists in it; of a sentence in the list of evidence what it rests on, as readers come
    from the sentence.
    """
    chosen = [node]
    if isinstance(node, nodes.term):
        chosen = [node.parent]
    elif isinstance(node, nodes.table):
        chosen = list(itertools.islice(node.findall(nodes.title), 1))
    elif isinstance(node, nodes.list_item):
        is_sentence = SENTENCES in node.parent["classes"]
        chosen = [part for part in node if isinstance(part, nodes.bullet_list) == is_sentence]
    return [text for part in chosen for text in part.findall(nodes.TextElement) if _is_whole(text)]


def _is_whole(part: nodes.TextElement) -> bool:
    """Whether it is a text of its own that readers see; numbers of works are hidden."""
    return not isinstance(part, nodes.Inline | nodes.FixedTextElement | nodes.label)


def _joined(parts: Iterable[nodes.TextElement]) -> str:
    return " · ".join(text for part in parts if (text := _text(part)))


def _text(part: nodes.TextElement) -> str:
    seen = (text for text in part.findall(nodes.Text) if not isinstance(text.parent, nodes.raw))
    return " ".join("".join(seen).split())


KINDS = (
    nodes.paragraph, nodes.row, nodes.list_item, nodes.figure, nodes.table, nodes.term,
    nodes.citation,
)  # fmt: skip


def places(doctree: nodes.document, edition: str) -> dict[str, list[str]]:
    """What is told at each anchor of a page; behind it the address of its picture, or nothing, and
    its language if that is not the edition's. Without an anchor what stands elsewhere, for the
    search, apart for each language.
    """
    found, elsewhere = {}, dict.fromkeys(filter(_is_whole, doctree.findall(nodes.TextElement)))
    for node in doctree.findall(lambda node: isinstance(node, KINDS)):
        if node.get("ids"):
            drawn = next(iter(node.findall(Drawing)), None)
            about = [quote(f"figures/{Path(drawn['path']).stem}.svg")] if drawn else []
            if language := _language(node, edition):
                about = [*(about or [""]), language]
            found |= {anchor: [told(node), *about] for anchor in node["ids"]}
            for part in _telling(node):
                elsewhere.pop(part, None)
    spoken: dict[str, list[nodes.TextElement]] = {"": []}
    for part in elsewhere:
        spoken.setdefault(_language(part, edition), []).append(part)
    for language, parts in spoken.items():
        # no anchor has a blank
        found[language and f" {language}"] = [_joined(parts), *(["", language] if language else [])]
    return found


def _language(node: nodes.Node | None, edition: str) -> str:
    """The language that a part of a page, or what it stands in, is marked with; "" if it is the
    edition's.
    """
    while isinstance(node, nodes.Element):
        if language := node.get("lang"):
            return "" if language == edition else language
        node = node.parent
    return ""


def _number(_app, doctree: nodes.document) -> None:
    """Leaves an anchor that several rows would have to the first of them, and gives every paragraph
    of a page one of its own, but where something else is called so.
    """
    taken = {own for _, own in written_ids(doctree)}
    for node in doctree.findall(nodes.Element):
        if isinstance(node, nodes.row | nodes.list_item):
            node["ids"] = [own for own in node["ids"] if own not in taken]
        taken.update(node["ids"])
    paragraphs = doctree.findall(
        lambda node: isinstance(node, nodes.paragraph) and isinstance(node.parent, nodes.section)
    )
    for number, paragraph in enumerate(paragraphs, start=1):
        if not paragraph["ids"] and f"paragraph-{number}" not in taken:
            paragraph["ids"].append(f"paragraph-{number}")


def register(app) -> None:
    """Numbers paragraphs when a page is read, and writes the scripts beside the pages."""

    def write(app, page: str, _template: str, _context: dict, doctree) -> None:
        if doctree is None:
            return
        content = json.dumps(
            [page, places(doctree, app.config.study_language)],
            ensure_ascii=False,
            separators=(",", ":"),
        )
        place = Path(app.outdir) / FOLDER / f"{page}.js"
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, f"studyPlaces(...{content});\n")

    app.connect("doctree-read", _number, priority=900)
    app.connect("html-page-context", write)
