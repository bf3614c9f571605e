"""Formulas on paper: drawn, as WeasyPrint sets none."""

from __future__ import annotations

import html
import re
from urllib.parse import quote

WRITTEN = re.compile(r'<math [^>]*alttext="([^"]*)".*?</math>', re.DOTALL)
ESCAPED = re.compile(r"\\.", re.DOTALL)
# Around what Matplotlib's parser says: the class of its error, and a place that no page has.
UNSAID = re.compile(r"^Parse\w+: |, found .*")
LACKING = "¤"  # what Matplotlib draws in the place of a sign that its fonts do not have
SIGNS = {1: "M", 2: "L", 3: "Q", 4: "C", 79: "Z"}  # of paths, in Matplotlib and in SVG
SIZE = 100  # of the letters of a drawing, as Matplotlib has them


class FormulaError(ValueError):
    """A formula that cannot be shown; the message says why."""


def drawn(page: str) -> str:
    """HTML with a picture in the place of each formula, which is called what was typed."""
    return WRITTEN.sub(lambda found: _picture(html.unescape(found[1])), page)


def _picture(formula: str) -> str:
    path = outline(formula)
    (left, low), (right, high) = path.get_extents().get_points().round().astype(int).tolist()
    line = " ".join(
        SIGNS[code] + ("" if SIGNS[code] == "Z" else ",".join(f"{part:.0f}" for part in at))
        for at, code in path.iter_segments(simplify=False)
    )
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left} {-high} {right - left} '
        f'{high - low}"><path transform="scale(1,-1)" d="{line}"/></svg>'
    )
    place = f"height:{(high - low) / SIZE}em;vertical-align:{low / SIZE}em"
    address = f"data:image/svg+xml,{quote(drawing)}"
    return f'<img alt="{html.escape(formula)}" style="{place}" src="{address}">'


def outline(formula: str):
    """What is drawn of a formula of LaTeX. Raises FormulaError if it cannot be."""
    from matplotlib.font_manager import FontProperties  # what is loaded here takes half a second
    from matplotlib.mathtext import MathTextParser
    from matplotlib.path import Path
    from matplotlib.textpath import text_to_path

    bare = ESCAPED.sub("", formula)
    if "$" in bare or bare.count("{") != bare.count("}"):
        raise FormulaError("braces that are not closed, or a dollar sign without \\ before it")
    if not bare.strip():
        raise FormulaError("it shows nothing")
    text, font = f"${' '.join(formula.split())}$", FontProperties(math_fontfamily="dejavusans")
    try:
        path = Path(*text_to_path.get_text_path(font, text, ismath=True))
        glyphs = MathTextParser("path").parse(text, prop=font).glyphs
    except ValueError as error:
        raise FormulaError(UNSAID.sub("", str(error).strip().splitlines()[-1])) from None
    if not len(path):
        raise FormulaError("it shows nothing")
    if LACKING not in formula and ord(LACKING) in [code for _, _, code, *_ in glyphs]:
        raise FormulaError("it has a sign that is in no font of Matplotlib")
    return path
