"""How WeasyPrint lays pages out and writes them."""

from __future__ import annotations

import functools
from contextlib import suppress


def laid_out(page) -> tuple[float, float, dict[int, tuple[str, float, float]], dict[int, float]]:
    """What a page of WeasyPrint (70) holds: how far down its content goes, and how far it could,
    above its footnotes; of the blocks that have a number in `data-block`: tag, top and height on
    this page; and the height of the footnotes there whose marks stand in blocks of these numbers,
    by `data-noted`.
    """
    sheet, lowest, blocks, notes = page._page_box, 0.0, {}, {}
    end = sheet.content_box_y() + sheet.height
    for box in sheet.descendants():
        if box.element is None:
            if type(box).__name__ == "FootnoteAreaBox" and box.children:
                end = min(end, box.position_y)
            continue
        number, noted = box.element.get("data-block"), box.element.get("data-noted")
        if number and int(number) not in blocks:
            blocks[int(number)] = (box.element.tag, box.position_y, box.margin_height())
            lowest = max(lowest, box.position_y + box.margin_height() - box.margin_bottom)
        if noted and type(box).__name__ == "BlockBox":
            notes[int(noted)] = notes.get(int(noted), 0) + box.margin_height()
    return lowest, end, blocks, notes


def sticking_out(page) -> set[int]:
    """The tables that reach into a margin of a page of WeasyPrint (70), by their number in
    `data-table`.
    """
    sheet = page._page_box
    start = sheet.content_box_x()
    return {
        int(box.element.get("data-table"))
        for box in sheet.descendants()
        if box.element_tag == "table"
        and not start - 1 < box.content_box_x() <= start + sheet.width + 1 - box.width
    }


def drawing_height(page, number: int) -> float:
    """The height of the first picture in the block of this number, as WeasyPrint (70) lays it out;
    0 where there is none.
    """
    for box in page._page_box.descendants():
        if box.element is not None and box.element.get("data-block") == str(number):
            found = (part.height for part in box.descendants() if part.element_tag == "img")
            return next(found, 0.0)
    return 0.0


def link_once() -> None:
    """WeasyPrint 70 makes a link of its own of each element in a link, and so a PDF that is not
    valid PDF/UA-1, as nothing describes these; here one link is one.
    """
    with suppress(ImportError, AttributeError):
        from weasyprint import anchors, document

        usual = anchors.gather_anchors
        if not hasattr(usual, "__wrapped__"):

            @functools.wraps(usual)
            def gather(box, *found):
                usual(box, *found[:6])  # what comes behind is the link around the box

            anchors.gather_anchors = document.gather_anchors = gather


def name_languages() -> None:
    """WeasyPrint 70 tells programs the language of a PDF, but of no part of it, which they read
    aloud as if it were in that language, too.
    """
    with suppress(ImportError, AttributeError):
        import pydyf
        from weasyprint.pdf import tags

        usual = tags._build_box_tree
        if not hasattr(usual, "__wrapped__"):

            @functools.wraps(usual)
            def build(box, *more):
                part = None if box.element_tag in ("html", "body") else box.element
                language = None if part is None else part.get("lang")
                for element in usual(box, *more):
                    if language and "Lang" not in element:
                        element["Lang"] = pydyf.String(language)
                    yield element

            tags._build_box_tree = build
