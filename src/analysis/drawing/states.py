"""How far a project has come: the sign of its status, and the key to these signs."""

from __future__ import annotations

from collections.abc import Iterable

from matplotlib.axes import Axes

from analysis.drawing import style, typeset
from analysis.wording import Wording

SIZE = 7  # of a sign, points
TEXT = 0.3  # from the middle of a sign in the key to its text, cm
PAD = 0.09  # between two lines of the key, cm
# How far a project has come, as the sign tells it. What nobody says gets no circle.
STATES = {
    "open": ("planned", "proposed", "applied"),
    "agreed": ("granted", "decided"),
    "begun": ("running", "finished"),
    "unsaid": ("unknown",),
}
STATE = {status: state for state, several in STATES.items() for status in several}


def sign(ax: Axes, x: float, y: float, state: str, colour) -> None:
    """A circle around (x, y), in cm: hollow for what is only wanted, half filled for what is
    agreed, full for what has begun; a stroke where the source does not say.

    state: one of STATES.
    """
    ax.plot(
        [x],
        [y],
        "_" if state == "unsaid" else "o",
        fillstyle="left" if state == "agreed" else "full",
        markersize=SIZE,
        markeredgewidth=1.3,
        markeredgecolor=colour,
        markerfacecolor=style.PAPER if state == "open" else colour,
        markerfacecoloralt=style.PAPER,
    )


def key(
    ax: Axes, y: float, statuses: Iterable[str], words: Wording, right: float = style.WIDTH
) -> float:
    """What the signs of some statuses stand for, up to the edge `right`; returns the bottom of the
    key.
    """
    x, line = 0.15, typeset.height_of(1, style.SMALL)
    used = {STATE[status] for status in statuses}
    for state in (state for state in STATES if state in used):
        text = words(f"state.{state}")
        width = TEXT + typeset.text_width(text, style.SMALL)
        if x + width > right:
            x, y = 0.15, y + line + PAD
        sign(ax, x, y + line / 2, state, style.MUTED)
        look = {"size": style.SMALL, "colour": style.MUTED, "language": words.language}
        typeset.write(ax, x + TEXT, y, text, width, **look)
        x += width + 0.6
    return y + line
