"""Marks of targets and events: their shapes and their legend."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis.drawing import style, typeset
from analysis.wording import LANGUAGES, Wording

GAP = 0.25  # between a mark and its text, cm
GROUND = 0.3  # plain ground on both sides of the text of a hatched cell together, cm
ROW = 0.46  # from one row of a legend to the next, cm
# Marker, size and fill of each kind of target: the aim that most of them share is the only solid
# one, and half solid where it covers a part of its holder only.
TARGETS = {
    "climate_neutral": ("o", 6.5, style.INK),
    "climate_neutral.part": ("o", 6.5, style.INK),
    "renewable_supply": ("D", 5, style.PAPER),
    "reduction": ("v", 6, style.PAPER),
    "temperature": ("s", 5.5, style.PAPER),
    "pledge": ("o", 6, style.PAPER),
    "other": ("+", 6.5, style.INK),
}
# A short bar, as a longer one is a span of time: somewhere in it.
SPAN = ((-1, -0.35), (1, -0.35), (1, 0.35), (-1, 0.35), (-1, -0.35))
# A tick that is hollow, as a point is that was planned.
TICK = ((-0.35, -1), (0.35, -1), (0.35, 1), (-0.35, 1), (-0.35, -1))
EVENTS = {
    "event": ("o", 3.5, style.INK),
    "earlier": ("<", 4.5, style.INK),
    "closure": ("X", 6, style.INK),
    "vague": (SPAN, 7, style.PAPER),
    "planned": ("o", 4, style.PAPER),
    "derived": ("o", 4.5, style.QUIET),
    "minor": ("|", 6, style.INK),
    "minor.planned": (TICK, 7, style.PAPER),
}
PARTS = ("industry", "supply")  # what a target covers, if not the whole of its holder
# The columns that tell who holds a target: two actors of one name may belong to different cases.
HOLDER = ["case_id", *(f"actor_{language}" for language in LANGUAGES)]


def mark_of(target) -> str:
    """The name of the mark of a target, a key of `TARGETS`."""
    name = f"{target['kind']}.part" if target["covers"] in PARTS else target["kind"]
    return name if name in TARGETS else target["kind"]


def marks_of(targets: pd.DataFrame) -> list[str]:
    """The marks that some targets have, in order of the legend."""
    names = {mark_of(target) for target in targets.to_dict("records")}
    return [name for name in TARGETS if name in names]


def event_mark(event: dict, first: float) -> str:
    """The name of the mark of an event on an axis from the year `first` on, a key of `EVENTS`.

    event: date_qualifier, kind, and where it is `at`.
    """
    if event["at"] < first:
        return "earlier"
    kind = "closure" if event["kind"] == "closure" else "event"
    return {"planned": "planned", "about": "derived"}.get(event["date_qualifier"], kind)


def mark(ax: Axes, x: float, y: float, kind: str) -> None:
    """The mark of a kind of target or of an event; an event before the axis points to the left."""
    marker, size, fill = (TARGETS | EVENTS)[kind]
    ax.plot(
        [x],
        [y],
        linestyle="none",
        marker=marker,
        color=style.INK,  # and no colour of its own in the order of drawing
        markersize=size,
        markerfacecolor=fill,
        markerfacecoloralt=style.PAPER,
        fillstyle="left" if kind.endswith(".part") else "full",
        markeredgecolor=style.INK,
        markeredgewidth=1.0,
    )


def legend(
    ax: Axes, y: float, kinds: list[str], words: Wording, width: float = style.WIDTH
) -> float:
    """The marks in use with their meaning, side by side, from `y` on; returns where what they
    explain may begin.
    """
    for row in _legend_rows(kinds, words, width):
        x, heights = 0.12, [ROW]
        for kind in row:
            mark(ax, x, y + typeset.height_of(1) / 2, kind)
            room, look = width - x - GAP, {"language": words.language}
            used = typeset.write(ax, x + GAP, y, _meaning(kind, words), room, **look)
            heights.append(used + ROW - typeset.height_of(1))
            x += _legend_width(kind, words)
        y += max(heights)
    return y + 0.1


def _legend_rows(kinds: list[str], words: Wording, width: float) -> list[list[str]]:
    rows, left = [[]], width
    for kind in kinds:
        if _legend_width(kind, words) > left and rows[-1]:
            rows, left = [*rows, []], width
        rows[-1].append(kind)
        left -= _legend_width(kind, words)
    return rows


def _legend_width(kind: str, words: Wording) -> float:
    return GAP + typeset.text_width(_meaning(kind, words)) + 0.65


def _meaning(kind: str, words: Wording) -> str:
    """What a mark stands for."""
    return words(f"sign.{kind}" if kind in EVENTS else f"kind.{kind}")


def not_stated(
    ax: Axes,
    x: float,
    y: float,
    width: float,
    height: float,
    text: str,
    *,
    size: float = style.NORMAL,
    colour=style.INK,
    zorder: float = 1,
) -> None:
    """A hatched cell, (x, y) its top left corner, all in cm, that says in its middle, on plain
    ground, what the source does not state; `size` of the text in pt.
    """
    ground = typeset.text_width(text, size) + GROUND
    for left, across, look in (
        (x, width, style.NOT_STATED),
        (x + (width - ground) / 2, ground, {"facecolor": style.NOT_STATED["facecolor"]}),
    ):
        ax.add_patch(Rectangle((left, y), across, height, zorder=zorder, **look))
    ax.text(
        x + width / 2,
        y + height / 2 - typeset.lift(size),
        text,
        fontsize=size,
        color=colour,
        ha="center",
        va="center_baseline",
        zorder=zorder + 1,
    )
