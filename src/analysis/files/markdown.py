"""What texts in Markdown are called."""

from __future__ import annotations

import re

HEADING = re.compile(r"^(?:#{1,6} +(\S.*)|(\S.*)\n(?:=+|-+) *$)", re.MULTILINE)
# What a page says of itself to programs, before its text.
ABOUT = re.compile(r"\A---\n.*?^---$", re.MULTILINE | re.DOTALL)


def first_heading(text: str) -> str:
    """The first heading of a text, of whatever level, as it is written; empty if there is none."""
    found = HEADING.search(ABOUT.sub("", text))
    return (found[1] or found[2]).strip() if found else ""
