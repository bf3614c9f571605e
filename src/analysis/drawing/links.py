"""What the marks of a figure are and where they lead, said for the page alone: the files to
download show nothing of it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from matplotlib.artist import Artist
from matplotlib.axes import Axes


@dataclass(frozen=True)
class Said:
    """What is said of a mark.

    title: shown at the pointer and read aloud. row: where it leads, as `projects:bath-hall`, a
    table and the id of a row, or `codes:field.trees`; empty where it leads nowhere.
    """

    title: str
    row: str = ""


_said: WeakKeyDictionary[Artist, Said] = WeakKeyDictionary()


@contextmanager
def said(ax: Axes, title: str, row: str = "") -> Iterator[None]:
    """Whatever is drawn on the axes within is one mark: this is its title, and it leads to this row
    of the book; both as in `Said`.
    """
    before = ax.get_children()
    yield
    about = Said(title, row)
    for artist in _added(before, ax.get_children()):
        _said.setdefault(artist, about)


def _added(before: list[Artist], after: list[Artist]) -> list[Artist]:
    """What has been drawn since: axes keep it in its order, before what they always have. Of a
    figure with thousands of marks, comparing all of it for each of them would take minutes.
    """
    first = bisect_left(range(len(before)), True, key=lambda i: before[i] is not after[i])
    return after[first : first + len(after) - len(before)]


def what_is_said(of: Iterator[Artist]) -> dict[Artist, Said]:
    """The artists of which something is said, in their order."""
    return {artist: _said[artist] for artist in of if artist in _said}
