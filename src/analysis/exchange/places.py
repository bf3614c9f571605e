"""Where a passage is, as people read it and as tables may have it."""

from __future__ import annotations

import re

from analysis.tables.columns import TRANSCRIPT

# What tables may have as a locator; but a number alone may be that of anything.
PLACE = re.compile(rf"(?!\d+$){TRANSCRIPT}", re.ASCII)


def clock(milliseconds) -> str:
    """A time as players show it; what is no number as it is."""
    said = str(milliseconds)
    if not (said.isascii() and said.isdigit()):
        return said
    seconds = int(said[:12]) // 1000
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def stretch(begin, end) -> str:
    """From one time to another."""
    return f"{clock(begin)}–{clock(end)}"


def instant(begin, end) -> str:
    """The same to the millisecond where both times are shown alike, and empty elsewhere: it tells
    clips apart by what each of them is.
    """
    return f"{begin} {end}" if clock(begin) == clock(end) else ""


def box(left, top, right, bottom, page="") -> str:
    """A frame on a picture or a page."""
    corners = f"[{left},{top}–{right},{bottom}]"
    return f"p. {page} {corners}" if page else corners


def locator_of(place: str) -> str:
    """A place as a table may have it; of a frame on a page only the page, and else nothing."""
    place = re.sub(r"\s+([-–])\s+", r"\1", place.replace("¶ ", "¶"))
    return next((said for said in (place, place.partition(" [")[0]) if PLACE.fullmatch(said)), "")


def begin_of(locator: str) -> str:
    """Where a stretch begins, as programs tell its end or not."""
    return re.split("[-–]", locator, maxsplit=1)[0]


def contradict(one: str, other: str) -> bool:
    """Whether two locators count the same, and begin elsewhere."""
    one, other = begin_of(one), begin_of(other)
    return one != other and re.sub(r"\d+", "", one) == re.sub(r"\d+", "", other)
