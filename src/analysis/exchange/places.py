"""Where a passage is in what is no text, as people read it."""

from __future__ import annotations


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


def box(left, top, right, bottom, page="") -> str:
    """A frame on a picture or a page."""
    corners = f"[{left},{top}–{right},{bottom}]"
    return f"p. {page} {corners}" if page else corners
