"""What pages say, and what is known of them while they are read."""

from __future__ import annotations

import functools
from collections.abc import Callable


def add_label(env, name: str, docname: str, anchor: str, title: str) -> None:
    """Makes `anchor` of the page `docname` a target of references by `name`, with a title, as
    Sphinx's own autosectionlabel does (Sphinx 7.4).
    """
    standard = env.get_domain("std")
    standard.labels[name] = (docname, anchor, title)
    standard.anonlabels[name] = (docname, anchor)


def place_of_label(env, name: str) -> tuple[str, str] | None:
    """Page and anchor of a label, as Sphinx's standard domain keeps them (7.4); None of another."""
    return env.get_domain("std").anonlabels.get(name)


def figure_numbers(env) -> list[tuple[str, str, str, tuple[int, ...]]]:
    """Kind, page, anchor and number of everything numbered, as Sphinx's own builders read it
    (Sphinx 7.4); empty elsewhere.
    """
    pages = getattr(env, "toc_fignumbers", {})
    return [
        (kind, page, anchor, number)
        for page, kinds in pages.items()
        for kind, found in kinds.items()
        for anchor, number in found.items()
    ]


def is_numbered(env, page: str) -> bool:
    """Whether a page has a number, as Sphinx's own builders ask (Sphinx 7.4); none elsewhere."""
    return bool(getattr(env, "toc_secnumbers", {}).get(page))


def english_stemmer() -> str:
    """What makes stems of English words in the browser. In Sphinx 7.4 it takes -logy for an ending,
    as what makes those of the index does not; elsewhere it stays as it is.
    """
    from sphinx.search.en import SearchEnglish

    return SearchEnglish.js_stemmer_code.replace("|logi)", ")")


def labels(env) -> list[str]:
    """The names of all labels, as Sphinx's standard domain keeps them (7.4)."""
    return sorted(env.get_domain("std").anonlabels)


def titles_of_labels(env) -> dict[tuple[str, str], str]:
    """Page and anchor of every label to its title, as Sphinx's standard domain keeps them (7.4)."""
    return {(page, anchor): title for page, anchor, title in env.get_domain("std").labels.values()}


def cited_works(env):
    """The works of the bibliography before anything is formatted (sphinxcontrib-bibtex 2.6)."""
    return env.get_domain("cite").bibdata.data


def places_of_works(env) -> list[tuple[str, str, str]]:
    """The key of each work that is listed, and page and anchor of its entry there
    (sphinxcontrib-bibtex 2.6).
    """
    return [
        (one.key, one.bibliography_key.docname, one.citation_id)
        for one in env.get_domain("cite").citations
    ]


def substitute_names_only(substitute: Callable) -> None:
    """`{{ name }}` in a page is replaced by what goes by that name; MyST (3.0) would run
    it as a program in Jinja.

    A page that somebody else has written, or a text of data in one, could reach the whole of Python
    by it. Should MyST call it otherwise one day, the build ends here rather than running pages.
    """
    from myst_parser.mdit_to_docutils.base import DocutilsRenderer

    if not hasattr(DocutilsRenderer, "render_substitution"):
        raise RuntimeError(
            "this version of MyST runs what stands between braces in some other way; "
            "analysis.patches.pages has to learn it"
        )
    DocutilsRenderer.render_substitution = substitute


def look_at_pages(looking: dict[str, Callable]) -> None:
    """Has parts of a page rendered by what functions make of MyST's own ways (3.0), once: MyST
    leaves out what it has no place for, shows what it cannot read as it is written, and says
    nothing. Of what markdown-it (3) finds, a row of a table holds in its `meta` as `left_out` the
    cells that it leaves out, and the definitions of a page, `references`, which of them are `used`.

    looking: the functions by the names that MyST's ways have.
    """
    from markdown_it import parser_block
    from myst_parser.mdit_to_docutils.base import DocutilsRenderer

    for name, looking_at in looking.items():
        usual = getattr(DocutilsRenderer, name)
        if not hasattr(usual, "__wrapped__"):
            setattr(DocutilsRenderer, name, functools.wraps(usual)(looking_at(usual)))
    keeping = {"table": _keeping_cells, "reference": _keeping_use}
    for i, (name, rule, ends) in enumerate(parser_block._rules):
        if name in keeping and not hasattr(rule, "__wrapped__"):
            parser_block._rules[i] = (name, keeping[name](rule), ends)


class _Definitions(dict):
    """What links of a page can refer to, and the labels of what they do refer to."""

    def __init__(self):
        super().__init__()
        self.used: set[str] = set()

    def __getitem__(self, label: str):
        self.used.add(label)
        return super().__getitem__(label)

    def get(self, label: str, default=None):
        self.used.add(label)
        return super().get(label, default)


def _keeping_use(reference: Callable) -> Callable:
    @functools.wraps(reference)
    def keep(state, *more) -> bool:
        state.env.setdefault("references", _Definitions())
        return reference(state, *more)

    return keep


def _keeping_cells(table: Callable) -> Callable:
    from markdown_it.rules_block.table import escapedSplit

    @functools.wraps(table)
    def keep(state, start: int, end: int, silent: bool) -> bool:
        before = len(state.tokens)
        if not table(state, start, end, silent):
            return False
        made = state.tokens[before:]
        width = sum(token.type == "th_open" for token in made)
        for row in [token for token in made if token.type == "tr_open"]:
            line = row.map[0]
            written = state.src[
                state.bMarks[line] + state.tShift[line] : state.eMarks[line]
            ].strip()
            cells = escapedSplit(written)
            cells = cells[not cells[0] : len(cells) - (not cells[-1])]
            row.meta["left_out"] = [cell.strip() for cell in cells[width:]]
        return True

    return keep


def mathml(formula: str, is_block: bool) -> str:
    """A formula of LaTeX as docutils (0.21) writes it for HTML without a program: as MathML. Raises
    ValueError for what it does not know, also where it ends with another error, as it does where a
    formula has several lines or columns.
    """
    from docutils.utils.math.latex2mathml import tex2mathml

    try:
        return tex2mathml(formula, as_block=is_block)
    except (AttributeError, LookupError, TypeError):
        raise ValueError("it has several lines or columns, or is not whole") from None
