"""The groups that act in a municipality: what each contributes and how it is
tied to the municipality.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle

from analysis.drawing import links, style, typeset
from analysis.wording import Wording

COLUMN = 6.5  # width of a column of cards, cm
PAD = 0.17  # margin beside the text of a card, cm
RIM = 0.1  # and above and below it, cm
GAP = 0.13  # space between cards, cm
SECTION = 0.6  # and between kinds of tie, cm
HEAD = 0.12  # space below the name of a kind of tie, cm
COUNT = 0.8  # room for the number of groups beside it, cm
BRACKET = 0.35  # distance of a section's bracket from its cards, cm
RADIUS = 1.25  # radius of the centre, cm
RING = 0.035  # and half the width of the line around it, cm


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
# What a municipality can tell what to do stands left of it, all others right.
SIDES = (("authority", "ownership"), ("cooperation",))


def draw(actors: pd.DataFrame, words: Wording, width: float = style.WIDTH) -> Figure | None:
    """Actor groups as cards on both sides of the municipality, by kind of tie, each with what it
    contributes; on a narrow sheet below it.

    actors: one row per group with label, contribution (texts) and tie (a key of `TIES`). None if
    there are none.
    """
    if actors.empty:
        return None
    groups = {tie: rows.to_dict("records") for tie, rows in actors.groupby("tie")}
    if width < style.WIDTH:
        return _below(groups, len(actors), words, width)
    columns = [
        [_Section(tie, groups[tie], words) for tie in side if tie in groups] for side in SIDES
    ]
    height = max(*map(_height, columns), 2 * RADIUS) + 0.1
    sheet = style.sheet()
    centre = (style.WIDTH / 2, height / 2)
    for column, left in zip(columns, (0.0, style.WIDTH - COLUMN), strict=True):
        top = (height - _height(column)) / 2
        for section in column:
            _link(sheet.ax, section, left, top, centre)
            section.draw(sheet.ax, left, top)
            top += section.height + SECTION
    _municipality(sheet.ax, centre, len(actors), words)
    return sheet.end(height)


def headline(actors: pd.DataFrame, words: Wording) -> str:
    """With how many of the groups a municipality can only cooperate."""
    voluntary = int((actors["tie"] == "cooperation").sum())
    return words.count("headline", voluntary, total=words.numeral(len(actors)))


def table(actors: pd.DataFrame, words: Wording) -> pd.DataFrame:
    """The groups with the closest tie first, as in the drawing."""
    return pd.DataFrame({
        "label": actors[words.column("label")],
        "tie": [words(f"tie.{tie}") for tie in actors["tie"]],
        "contribution": actors[words.column("contribution")],
    }).loc[_closest_first(actors).index]  # fmt: skip


def alt(actors: pd.DataFrame, words: Wording) -> str:
    """Which groups there are of each kind of tie."""
    labels = _closest_first(actors).groupby("tie", sort=False)[words.column("label")]
    ties = [
        words("alt.tie", tie=words(f"tie.{tie}"), labels=", ".join(names)) for tie, names in labels
    ]
    return words("alt", n=words.numeral(len(actors)), ties="; ".join(ties))


def _closest_first(actors: pd.DataFrame) -> pd.DataFrame:
    rank = {tie: position for position, tie in enumerate(TIES)}
    return actors.sort_values("tie", key=lambda ties: ties.map(rank), kind="stable")


def _height(column: list[_Section]) -> float:
    """Height of the sections of a column, which is centred, in cm."""
    return sum(section.height + SECTION for section in column) - SECTION if column else 0.0


def _below(groups: dict[str, list[dict]], n: int, words: Wording, width: float) -> Figure:
    """The municipality above the cards, and a line from it along those of each kind of tie."""
    sheet, y = style.sheet(width), 2 * RADIUS + SECTION
    room = width - 2 * BRACKET
    for i, tie in enumerate(tie for tie in TIES if tie in groups):
        section, line = _Section(tie, groups[tie], words, room), TIES[tie]
        look = {"color": line.line, "linewidth": line.width, "linestyle": line.dashes}
        look |= {"dash_capstyle": "butt", "solid_capstyle": "butt"}
        ends = [y + middle for middle in section.middles]
        x = BRACKET * (1 - i / 3)
        for end in ends:
            sheet.ax.plot([x, 2 * BRACKET - 0.06], [end, end], **look)
        # from the ring on, so that no gap of a dashed line is there
        sheet.ax.plot([width / 2 - RADIUS, x, x], [RADIUS, RADIUS, ends[-1]], **look)
        section.draw(sheet.ax, 2 * BRACKET, y)
        y += section.height + SECTION
    _municipality(sheet.ax, (width / 2, RADIUS), n, words)
    return sheet.end(y - SECTION)


@dataclass(frozen=True)
class _Section:
    """The groups with the same kind of tie: a heading, and a card for each of them, `width` cm
    wide.
    """

    tie: str
    groups: list[dict]
    words: Wording
    width: float = COLUMN

    @cached_property
    def heading(self) -> list[str]:
        """The lines of the heading."""
        room, language = self.width - COUNT, self.words.language
        return typeset.wrap(self.words(f"tie.{self.tie}"), room, weight="bold", language=language)

    @cached_property
    def cards(self) -> list[tuple[list[str], list[str], float]]:
        """The lines of name and contribution of each group, and the height of its card, in cm."""
        room, language = self.width - 2 * PAD, self.words.language
        cards = []
        for group in self.groups:
            name, contribution = (
                typeset.wrap(self.words.text(group, stem), room, size, weight, language=language)
                for stem, size, weight in (
                    ("label", style.NORMAL, "medium"),
                    ("contribution", style.SMALL, "normal"),
                )
            )
            text = typeset.height_of(len(name)) + typeset.height_of(len(contribution), style.SMALL)
            cards.append((name, contribution, text + 2 * RIM))
        return cards

    @cached_property
    def tops(self) -> list[float]:
        """How far below the top of the section each card begins, in cm."""
        first = typeset.height_of(len(self.heading)) + HEAD
        return list(first + np.cumsum([0.0, *(height + GAP for _, _, height in self.cards[:-1])]))

    @property
    def middles(self) -> list[float]:
        """How far below the top of the section the middle of each card lies, in cm."""
        return [top + card[2] / 2 for top, card in zip(self.tops, self.cards, strict=True)]

    @property
    def height(self) -> float:
        """Height in cm."""
        return self.tops[-1] + self.cards[-1][2]

    def draw(self, ax: Axes, left: float, top: float) -> None:
        """The heading with the number of groups, and the cards."""
        typeset.write_lines(ax, left, top, self.heading, weight="bold")
        count = [self.words.number(len(self.groups))]
        typeset.write_lines(ax, left + self.width, top, count, weight="bold", align="right")
        fill = TIES[self.tie].fill
        look = {"colour": style.ink_on(fill)}
        for group, card, offset in zip(self.groups, self.cards, self.tops, strict=True):
            title = ": ".join(self.words.text(group, stem) for stem in ("label", "contribution"))
            with links.said(ax, title, f"actors:{group['actor_id']}"):
                self._card(ax, left, top + offset, *card, fill, look)

    def _card(
        self,
        ax: Axes,
        left: float,
        y: float,
        name: list[str],
        contribution: list[str],
        height: float,
        fill,
        look: dict,
    ) -> None:
        box = Rectangle((left, y), self.width, height, facecolor=fill, edgecolor="none")
        ax.add_patch(box)
        y += RIM
        y += typeset.write_lines(ax, left + PAD, y, name, weight="medium", **look)
        typeset.write_lines(ax, left + PAD, y, contribution, size=style.SMALL, **look)


def _link(
    ax: Axes, section: _Section, left: float, top: float, centre: tuple[float, float]
) -> None:
    """A bracket along the cards of a section, and a curve from its middle to the municipality."""
    side = 1 if left == 0 else -1
    edge = COLUMN if side > 0 else left
    x, ys = edge + side * BRACKET, [top + middle for middle in section.middles]
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
    ax.plot(*_way((x, ys[0]), (x, ys[-1]), centre), **line)


def _way(
    first: tuple[float, float], last: tuple[float, float], centre: tuple[float, float]
) -> tuple[np.ndarray, np.ndarray]:
    """The places along a line from the circle to the bracket between two places: from the edge of
    the circle on, so that of a dashed line no gap is there.
    """
    x, middle = first[0], (first[1] + last[1]) / 2
    t = np.linspace(0, 1, 200)
    if abs(middle - centre[1]) <= RADIUS / 2:  # straight to the centre, level if it can be
        start = np.clip(centre[1], first[1], last[1])
        y = start + (centre[1] - start) * t
    else:  # a smooth step, level at both ends
        end = np.clip(middle, centre[1] - RADIUS / 2, centre[1] + RADIUS / 2)
        y = middle + (end - middle) * t**2 * (3 - 2 * t)
    x = x + (centre[0] - x) * t
    is_outside = np.hypot(x - centre[0], y - centre[1]) > RADIUS - RING
    return x[is_outside][::-1], y[is_outside][::-1]


def _municipality(ax: Axes, centre: tuple[float, float], groups: int, words: Wording) -> None:
    edge = {"facecolor": style.PAPER, "edgecolor": style.ACCENT, "linewidth": 2.0}
    ax.add_patch(Circle(centre, RADIUS, zorder=3, **edge))
    x, y = centre
    middle = {"ha": "center", "va": "center_baseline", "zorder": 4}
    number = words.count("groups", groups)
    ax.text(x, y - 0.2, words("municipality"), fontsize=style.LARGE, fontweight="bold", **middle)
    ax.text(x, y + 0.28, number, fontsize=style.NORMAL, color=style.MUTED, **middle)
