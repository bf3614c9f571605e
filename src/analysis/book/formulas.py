"""Formulas: written as MathML, which browsers set themselves, so that no page asks another host for
a program; drawn where the report is printed.
"""

from __future__ import annotations

import html

from docutils import nodes
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from analysis.book.settings import RENDERER
from analysis.patches.pages import mathml
from analysis.pdf.formulas import FormulaError, outline

logger = logging.getLogger(__name__)


def written(formula: str, is_block: bool = False) -> str:
    """A formula of LaTeX as MathML that keeps it as its text.

    Raises FormulaError for what cannot be written, or could not be printed.
    """
    try:
        markup = mathml(formula, is_block)
    except ValueError as error:
        raise FormulaError(str(error)) from None
    outline(formula)
    lines = "".join(line.strip() for line in markup.splitlines())
    return lines.replace("<math ", f'<math alttext="{html.escape(formula)}" ', 1)


def _write(translator, node: nodes.math | nodes.math_block) -> None:
    """A formula, within a sentence or, with its number if it has one, on a line of its own."""
    is_block = isinstance(node, nodes.math_block)
    try:
        markup = written(node.astext(), is_block)
    except FormulaError as error:
        typed, why = " ".join(node.astext().split()), str(error).rstrip(".")
        wrong = f"the formula {typed} cannot be shown ({why})"
        expected = (
            "expected a formula of one line without environments, of signs that docutils and "
            "Matplotlib know, such as \\leq, or a picture"
        )
        # The line that docutils gives a formula within a sentence is that of something before it.
        logger.warning(f"{wrong}; {expected}", location=node if is_block else node.parent)
        raise nodes.SkipNode from None
    number = f"({get_node_equation_number(translator, node)})" if node.get("number") else ""
    told = f'<span class="eqno">{number}</span>' if number else ""
    tag = "div" if is_block else "span"
    start = translator.starttag(node, tag, "", CLASS="math notranslate nohighlight")
    translator.body.append(f"{start}{told}{markup}</{tag}>")
    raise nodes.SkipNode


def register(app) -> None:
    """Puts it in the place of a program that pages would fetch."""
    app.add_html_math_renderer(RENDERER, (_write, None), (_write, None))
