"""No half-empty page before a figure: text moves up before it, it comes before the text, or becomes
smaller; and none that goes on overleaf.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from xml.etree.ElementTree import Element

from analysis.patches.paper import drawing_height, laid_out
from analysis.pdf.elements import has_class

LARGE = 0.16  # of the height of a page: what is empty above a figure and strikes the eye
SMALLEST = 0.75  # of its size, to which a drawing may be made smaller
SPARE = 8  # px that a figure leaves empty below it
TRIES = 8  # layouts of one chapter
UP = "data-up"  # of a figure that has come before the text it stood behind
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
Blocks = list[tuple[Element, Element]]


@dataclass(frozen=True)
class Gap:
    """An empty foot of a page, before a figure.

    figure: its number among the blocks. room: what is empty. height: of the figure. drawing: of its
    drawing. heights: of all blocks with their footnotes, by number. first: the block that the page
    begins with. before: how much of it is on the page before; None if there is no such page.
    """

    figure: int
    room: float
    height: float
    drawing: float
    heights: dict[int, float]
    first: int
    before: float | None


def number_blocks(chapter: Element) -> Blocks:
    """Numbers what can be moved, in the order of the text; each with what it is in."""
    blocks = [
        (parent, block)
        for parent in chapter.iter()
        if parent.tag in ("article", "section")
        for block in parent
        if block.tag != "section"
    ]
    order = {block: number for number, block in enumerate(chapter.iter())}
    blocks.sort(key=lambda found: order[found[1]])
    for number, (_, block) in enumerate(blocks):
        block.set("data-block", str(number))
        for note in block.iter("span"):
            if has_class(note, "note"):
                note.set("data-noted", str(number))
    return blocks


def gaps(document) -> Iterator[Gap]:
    """Every large gap of a chapter as WeasyPrint has laid it out."""
    pages = [laid_out(page) for page in document.pages]
    heights: dict[int, float] = {}
    for _, _, blocks, notes in pages:
        for number, height in [*((n, block[2]) for n, block in blocks.items()), *notes.items()]:
            heights[number] = heights.get(number, 0) + height
    for at, ((lowest, end, here, _), (_, _, then, _)) in enumerate(pairwise(pages)):
        if not here or not then or end - lowest <= LARGE * end:
            continue
        first, figure = _highest(here), _highest(then)
        before = pages[at - 1][2].get(first, ("", 0, 0))[2] if at else None
        tag, _, height = then[figure]
        if tag == "figure":
            drawing = drawing_height(document.pages[at + 1], figure)
            yield Gap(figure, end - lowest, height, drawing, heights, first, before)


def fit(document, blocks: Blocks) -> bool:
    """Makes drawings so small that figures which go on overleaf fit on their pages; False if there
    are none that can.
    """
    made_smaller = False
    for at, page in enumerate(document.pages[1:]):
        for number, (tag, _, height) in laid_out(page)[2].items():
            drawing = drawing_height(document.pages[at], number) if tag == "figure" else 0
            if drawing and _scale(blocks[number][1], drawing, drawing - height - SPARE):
                made_smaller = True
    return made_smaller


def _highest(blocks: dict[int, tuple[str, float, float]]) -> int:
    """The block that a page begins with."""
    return min(blocks, key=lambda number: blocks[number][1])


def close(gap: Gap, blocks: Blocks) -> bool:
    """Closes a gap as well as it can be closed; False if nothing can be done."""
    figure = blocks[gap.figure][1]
    if _shrink(gap, figure):
        return True
    if UP in figure.attrib:
        return False
    last = _last_before(gap, blocks)
    behind = sum(gap.heights.get(n, 0) for n in range(gap.figure + 1, (last or 0) + 1))
    overtakes = any(blocks[n][1].tag == "figure" for n in range(gap.first, gap.figure))
    if gap.before is not None and not overtakes and max(gap.before, behind) < gap.room / 2:
        figure.set(UP, "")
        _move(blocks[gap.figure], blocks[gap.first], 0)
        return True
    if last is not None:
        _move(blocks[gap.figure], blocks[last], 1)
    return last is not None


def _move(block: tuple[Element, Element], to: tuple[Element, Element], behind: int) -> None:
    """Puts a block before another one, or behind it."""
    block[0].remove(block[1])
    to[0].insert([*to[0]].index(to[1]) + behind, block[1])


def _shrink(gap: Gap, figure: Element) -> bool:
    """Makes a drawing so small that the figure fits; False if it would be too small."""
    return _scale(figure, gap.drawing, gap.drawing - (gap.height - gap.room) - SPARE)


def _scale(figure: Element, drawing: float, height: float) -> bool:
    """Gives a drawing, so high by itself, another height once; False if it would be too small."""
    picture = figure.find(".//img")
    if picture is None or "style" in picture.attrib or height < SMALLEST * drawing:
        return False
    picture.set("style", f"max-height: {height:.0f}px")
    return True


def _last_before(gap: Gap, blocks: Blocks) -> int | None:
    """The number of the block after which the figure is to come; no figure overtakes another, and
    none comes right below a heading.
    """
    filled, last = 0.0, None
    for number in range(gap.figure + 1, len(blocks)):
        block = blocks[number][1]
        if block.tag == "figure":
            break
        filled += gap.heights.get(number, 0)
        if block.tag not in HEADINGS:
            last = number
            if filled >= gap.room * 0.85:
                break
    return last
