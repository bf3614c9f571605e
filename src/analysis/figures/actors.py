"""The groups that act in a municipality: what each contributes and how it is
tied to the municipality.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle

from analysis.drawing import style
from analysis.wording import Wording

COLUMN = 6.5  # width of a column of cards and the margin inside a card
PAD = 0.17  # cm
GAP = 0.13  # space between cards and between sections
SECTION = 0.45  # cm
BRACKET = 0.35  # distance of a section's bracket from its cards, cm
RADIUS = 1.25  # radius of the centre, cm


@dataclass(frozen=True)
class Tie:
    """How a kind of tie is drawn: its line, and the filling of its cards."""

    width: float
    dashes: str | tuple
    line: str | tuple
    fill: str | tuple


# Kinds of tie, closest first; width and dashes tell them apart without colour.
TIES = {
    "authority": Tie(2.6, "solid", style.ACCENT, style.ACCENT),
    "ownership": Tie(1.3, "solid", style.ACCENT, style.tint(style.ACCENT, 0.16)),
    "cooperation": Tie(1.3, (0, (2.5, 1.8)), style.MUTED, style.PALE),
}


@dataclass(frozen=True)
class Section:
    """A run of cards with the same tie in one column, placed by the top of
    each card and its height.
    """

    tie: str
    top: float
    cards: list[tuple[dict, float, float]]

    @property
    def middles(self) -> list[float]:
        """Heights of the middle of each card."""
        return [top + height / 2 for _, top, height in self.cards]


def actor_groups(actors: pd.DataFrame, words: Wording) -> Figure | None:
    """Actor groups as cards on both sides of the municipality, by kind of tie, each
    with what it contributes.

    actors: one row per group with label, contribution (texts) and tie (a key of
    `TIES`). None if there are none.
    """
    if actors.empty:
        return None
    halves = _halves(actors, words)
    height = max(*(_bottom(_sections(half, words)) for half in halves), 2 * RADIUS + 0.1)
    fig, ax = style.canvas(height + 0.1)
    centre = (style.WIDTH / 2, height / 2)
    for half, left in zip(halves, (0.0, style.WIDTH - COLUMN), strict=True):
        for section in _justified(half, height, words):
            _link(ax, section, left, centre)
            _draw(ax, section, left, words)
    _municipality(ax, centre, len(actors), words)
    return fig


def _halves(actors: pd.DataFrame, words: Wording) -> list[list[dict]]:
    """The groups, closest tie first, cut where both columns come out about equally high."""
    order = {tie: i for i, tie in enumerate(TIES)}
    rows = actors.sort_values("tie", key=lambda ties: ties.map(order), kind="stable").to_dict(
        "records"
    )
    cuts = [[rows[:i], rows[i:]] for i in range(len(rows), -1, -1)]
    return min(cuts, key=lambda cut: max(_bottom(_sections(column, words)) for column in cut))


def _justified(rows: list[dict], height: float, words: Wording) -> list[Section]:
    """The sections of a column with its cards moved apart, a little at most, so
    that it ends at `height`.
    """
    slack = height - _bottom(_sections(rows, words))
    return _sections(rows, words, GAP + min(slack / max(len(rows) - 1, 1), GAP))


def _sections(rows: list[dict], words: Wording, gap: float = GAP) -> list[Section]:
    """The cards of a column, `gap` cm apart, by kind of tie under their headings."""
    sections, y = [], 0.0
    for tie in TIES:
        cards = [row for row in rows if row["tie"] == tie]
        if not cards:
            continue
        y += SECTION if sections else 0
        section = Section(tie, y, [])
        y += style.text_height(words(f"tie.{tie}"), COLUMN, language=words.language) + 0.12
        for row in cards:
            height = _height(row, words)
            section.cards.append((row, y, height))
            y += height + gap
        sections.append(section)
    return sections


def _bottom(sections: list[Section]) -> float:
    if not sections:
        return 0.0
    _, top, height = sections[-1].cards[-1]
    return top + height


def _height(row: dict, words: Wording) -> float:
    inside = COLUMN - 2 * PAD
    label = style.text_height(
        words.about(row, "label"), inside, weight="medium", language=words.language
    )
    return (
        label
        + style.text_height(
            words.about(row, "contribution"), inside, style.SMALL, language=words.language
        )
        + 0.2
    )


def _draw(ax, section: Section, left: float, words: Wording) -> None:
    """The heading and the cards of a section."""
    fill = TIES[section.tie].fill
    ink = style.on(fill)
    style.write(
        ax,
        left,
        section.top,
        words(f"tie.{section.tie}"),
        COLUMN,
        colour=style.MUTED,
        language=words.language,
    )
    for row, top, height in section.cards:
        ax.add_patch(Rectangle((left, top), COLUMN, height, facecolor=fill, edgecolor="none"))
        text = {"width": COLUMN - 2 * PAD, "language": words.language}
        y = top + 0.1
        y += style.write(
            ax, left + PAD, y, words.about(row, "label"), weight="medium", colour=ink, **text
        )
        style.write(
            ax,
            left + PAD,
            y,
            words.about(row, "contribution"),
            size=style.SMALL,
            colour=ink,
            **text,
        )


def _link(ax, section: Section, left: float, centre: tuple[float, float]) -> None:
    """A bracket along the cards of a section, and a curve from its middle to the municipality."""
    side = 1 if left == 0 else -1
    edge = COLUMN if side > 0 else left
    x, ys = edge + side * BRACKET, section.middles
    tie = TIES[section.tie]
    line = {
        "color": tie.line,
        "linewidth": tie.width,
        "linestyle": tie.dashes,
        "dash_capstyle": "butt",
        "solid_capstyle": "butt",
    }
    for y in ys:
        ax.plot([edge + side * 0.06, x], [y, y], **line)
    ax.plot([x, x], [ys[0], ys[-1]], **line)
    middle = (ys[0] + ys[-1]) / 2
    # A smooth step, level at both ends; it stays straight where the bracket's middle is beside the
    # circle.
    end = np.clip(middle, centre[1] - RADIUS / 2, centre[1] + RADIUS / 2)
    t = np.linspace(0, 1, 50)
    ax.plot(x + (centre[0] - x) * t, middle + (end - middle) * t**2 * (3 - 2 * t), **line)


def _municipality(ax, centre: tuple[float, float], groups: int, words: Wording) -> None:
    ax.add_patch(
        Circle(
            centre, RADIUS, facecolor=style.PAPER, edgecolor=style.ACCENT, linewidth=2.0, zorder=3
        )
    )
    x, y = centre
    middle = {"ha": "center", "va": "center_baseline", "zorder": 4}
    number = words("groups.one" if groups == 1 else "groups.many", n=words.number(groups))
    ax.text(x, y - 0.2, words("municipality"), fontsize=style.LARGE, fontweight="bold", **middle)
    ax.text(x, y + 0.28, number, fontsize=style.NORMAL, color=style.MUTED, **middle)
