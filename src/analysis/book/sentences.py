"""The role `evidence` and the directive `evidence-list`: the rows that a
sentence of the report rests on.
"""

from __future__ import annotations

import html
import itertools
import re

from babel.dates import get_month_names
from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from analysis.book.annotations import NAME as ANNOTATIONS
from analysis.book.directive import DataDirective
from analysis.book.nodes import label, link, offered, paragraph, passage
from analysis.book.rows import Row, UnknownRowError, row
from analysis.patches.pages import place_of_label
from analysis.tables.columns import parts
from analysis.wording import LANGUAGES, Wording, place_of

logger = logging.getLogger(__name__)

MARKED = "study-marked"  # in what is known of a page: some of its sentences are marked
LIST = "evidence-list"  # label of the list of all sentences and their evidence
SENTENCES = "study-sentences"  # class of the sentences in that list
MONTHS = "|".join(
    name for language in LANGUAGES for name in get_month_names(locale=language).values()
)
# A full stop with what closes behind it, where the next word begins a sentence. It is none behind
# a single letter, between an abbreviation and its number (Link et al. 2018) and within a date, nor
# before a small letter, which scripts without capitals do not have.
STOP = re.compile(
    r"\b(?:ca|cf|[Vv]gl)\.|\b(?:Abb|et al|Fig|Kap|No|Nr|pp|Tab|Vol)\.(?=\s+\(?\d)"
    rf"|\b\d\d?\.(?=\s+(?:{MONTHS})\b)"
    r"|(?P<end>(?:(?<!\b\w)[.!?؟।։](?:[“”’)]|\s?»)*\s+|[。！？][”’）」』]*\s*)"
    r"(?=[„“‘(¿¡「『]?(?:«\s?)?(?P<next>[^\W_])))"
)


class Mark(nodes.Inline, nodes.Element):
    """The sign behind a sentence. It has no text, so that search, copies and reading views
    hold the sentence alone.
    """


class List(nodes.General, nodes.Element):
    """The place of the list, which is filled when all pages have been read."""


class EvidenceRole(SphinxRole):
    """{evidence}`s07 k03 targets:bath-hall`: what the sentence before it rests on;
    rows of any table, by id.
    """

    def run(self):
        rows, wrong = [], []
        for name in self.text.split():
            try:
                rows.append(row(name))
            except UnknownRowError as error:
                wrong.append(f"{{evidence}}: {error}")
        if not rows and not wrong:
            wrong = ["{evidence}: no row is named; expected ids of rows, such as `s07 k03`"]
        messages = [self.inliner.reporter.error(text, line=self.lineno) for text in wrong]
        if wrong:
            return [], messages
        return [mark(self.text.split(), self.env, Wording(self.config.study_language))], []


def mark(names: list[str], env, words: Wording) -> Mark:
    """The sign behind a sentence that rests on these rows."""
    number = env.new_serialno("evidence") + 1
    env.metadata[env.docname][MARKED] = ""  # where Sphinx keeps what it has to know of a page
    return Mark(rows=names, number=number, spoken=_spoken([row(name) for name in names], words))


def _spoken(rows: list[Row], words: Wording) -> str:
    """The name of a mark: how many rows it leads to, and which sections of which
    documents, or places of transcripts, they come from.
    """
    where = (
        passage(each.cells["source_id"], place_of(part), words)
        for each in rows
        for part in (parts(each.cells["locator"]) or [each.cells["locator"]])
    )
    count = words.count("evidence", len(rows))
    return words("evidence.name", count=count, where="; ".join(dict.fromkeys(where)))


class EvidenceList(DataDirective):
    """{evidence-list}: every marked sentence of the book, by page, with the rows it rests on; and
    all that rows say of passages as a file.
    """

    def run(self):
        words = self.words
        label(self.env, LIST, words("evidence.list"))
        file = offered(".", ANNOTATIONS, words("evidence.annotations"), words)
        return [file, List(ids=[LIST])]


class Fill(SphinxPostTransform):
    """Fills the list with the sentences of all pages, before links are resolved."""

    default_priority = 5

    def run(self, **_kwargs) -> None:
        """Puts the sections of the list in its place."""
        for place in list(self.document.findall(List)):
            self.words = Wording(self.config.study_language)
            pages = self.env.collect_relations()  # in the order in which they are read
            parts = [part for page in pages if (part := self._page(page))]
            contents = nodes.bullet_list("", *map(_lead, parts))
            place.replace_self([nodes.container("", contents, classes=["contents"]), *parts])

    def _page(self, page: str) -> nodes.section | None:
        """What a page reports; None if none of its sentences is marked."""
        if MARKED not in self.env.metadata[page]:
            return None
        written = self.env.get_doctree(page)
        if not written.next_node(Mark):
            return None
        _leave_marked(written)
        self.env.resolve_references(written, page, self.app.builder)
        items = nodes.enumerated_list(classes=[SENTENCES])
        for mark in written.findall(Mark):
            items += self._item(page, mark)
        title = nodes.title("", self.env.titles[page].astext())
        return nodes.section("", title, items, ids=[f"evidence-{_plain(page)}"])

    def _item(self, page: str, mark: Mark) -> nodes.list_item:
        uri = self.app.builder.get_relative_uri(self.env.docname, page) + f"#{_anchor(mark)}"
        back = nodes.reference("", sentence_before(mark), internal=True, refuri=uri)
        rows = [row(name) for name in mark["rows"]]
        for found in rows:
            self._check(page, found)
        items = listed(rows, self.words)
        return nodes.list_item("", paragraph("", back), items, ids=[_entry(page, mark)])

    def _check(self, page: str, found: Row) -> None:
        """A row that no page shows cannot be looked up."""
        if not place_of_label(self.env, found.anchor):
            wrong = f"{{evidence}}: no page shows the row {found.id!r} of {found.table}"
            expected = f"expected {{study-table}} {found.table} on one of them"
            logger.warning(f"{wrong}; {expected}", location=page)


def listed(rows: list[Row], words: Wording) -> nodes.bullet_list:
    """What rows say and where it stands; what is said of several places in one sentence, once."""
    same: dict[tuple[str, str], list[Row]] = {}
    for found in rows:
        said = f"{found.kind(words)}: {found.text(words)} "
        where = passage(found.cells["source_id"], found.cells["locator"], words)
        same.setdefault((said, where), []).append(found)
    items = nodes.bullet_list()
    for (said, where), alike in same.items():
        names = [part for found in alike for part in _named(found, words)]
        where = nodes.inline("", "", *names, nodes.Text(where), classes=["study-passage"])
        items += nodes.list_item("", paragraph(said, where))
    return items


def _named(found: Row, words: Wording) -> list[nodes.Node]:
    """A link to a row, with whom it is about."""
    place = found.place(words)
    return [link(found.anchor, found.id), nodes.Text(f" ({place}), " if place else ", ")]


def _leave_marked(page: nodes.document) -> None:
    """Takes out of a page everything without a mark: the list needs none of it."""
    whole = {id(mark.parent): mark.parent for mark in page.findall(Mark)}
    around = {}
    for node in whole.values():
        while node is not None and id(node) not in around:
            around[id(node)] = node
            node = node.parent
    for node in (node for key, node in around.items() if key not in whole):
        node.children = [child for child in node.children if id(child) in around]


def _lead(part: nodes.section) -> nodes.list_item:
    """A line of the contents, which leads to a part of the list."""
    uri = f"#{part['ids'][0]}"
    title = nodes.reference("", part.next_node(nodes.title).astext(), internal=True, refuri=uri)
    return nodes.list_item("", paragraph("", title))


def sentence_before(mark: nodes.Node) -> str:
    """The sentence that ends where the mark stands, as the page shows it."""
    siblings = mark.parent.children
    end = siblings.index(mark)
    marks = [i for i in range(end) if isinstance(siblings[i], Mark)]
    text = "".join(node.astext() for node in siblings[marks[-1] + 1 if marks else 0 : end])
    return sentences(re.sub(r"\s+", " ", text).strip())[-1]


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph."""
    stops = [found for found in STOP.finditer(text) if found["end"]]
    ends = [0, *(found.end() for found in stops if not found["next"].islower()), len(text)]
    return [text[begin:end].strip() for begin, end in itertools.pairwise(ends)]


def _plain(page: str) -> str:
    return page.replace("/", "-")


def _anchor(mark: Mark) -> str:
    return f"evidence-{mark['number']}"


def _entry(page: str, mark: Mark) -> str:
    return f"evidence-{_plain(page)}-{mark['number']}"


def _write(translator, mark: Mark) -> None:
    """A link to the entry of the list; in a book without one, what it would be called."""
    builder = translator.builder
    page, name = builder.current_docname, html.escape(mark["spoken"])
    written = f'<span class="study-passage" id="{_anchor(mark)}"> ({name})</span>'
    if found := place_of_label(builder.env, LIST):
        uri = builder.get_relative_uri(page, found[0]) + f"#{_entry(page, mark)}"
        written = (
            f'<a class="study-evidence" id="{_anchor(mark)}" href="{html.escape(uri)}" '
            f'aria-label="{name}" title="{name}"></a>'
        )
    translator.body.append(written)
    raise nodes.SkipNode


def register(app) -> None:
    """Registers role and directive, and fills the list."""
    app.add_node(Mark, html=(_write, None))
    app.add_node(List)
    app.add_role("evidence", EvidenceRole())
    app.add_directive("evidence-list", EvidenceList)
    app.add_post_transform(Fill)
