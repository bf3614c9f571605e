"""Lanes of a timeline: a rail with ticks and piles, and labelled marks and bars below it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis.drawing import links, style, typeset
from analysis.drawing.marks import EVENTS, GAP, mark
from analysis.drawing.yearaxis import Label, YearAxis, line_height, span
from analysis.methods.dates import ends, positions
from analysis.wording import Wording

TITLE = 0.55  # heights: the title, cm
PILE = 0.28  # a mark in a pile, cm
RISE = 0.26  # the middle of the first one above the rail, cm
PAD = 0.14  # space between rail and labels, cm
SPACE = 0.26  # below a lane, cm
THICK = 0.13  # and thickness of a bar, cm
TAIL = 0.5  # how far an arrow leads on from the end of a bar, cm
LEAST = 3.0  # room that a text needs beside a bar, cm


def years_of(events: pd.DataFrame, targets: pd.DataFrame) -> tuple[int, int]:
    """The first and last year of an axis that holds events and targets, and spans up to their ends;
    of periods those that begin on it, or all where there is nothing else. See `span`.
    """
    aims, until = targets["year"].astype(float), ends(events)
    first, _ = span(pd.concat([positions(events), aims]))
    return span(pd.concat([positions(events, first), until[until > first], aims]))


@dataclass(frozen=True)
class Span(Label):
    """A label beside a bar from `begin` to `end` (cm) or, with `is_below`, under its left end; with
    `is_open`, an arrow leads on from there.
    """

    begin: float
    end: float
    is_open: bool = False
    is_below: bool = False

    @property
    def drop(self) -> float:
        """How far below the top of the bar the text begins, if not beside it, in cm."""
        return 2 * THICK if self.is_below else 0.0

    @property
    def extent(self) -> tuple[float, float]:
        """Left and right edge of bar and text, with some air."""
        left, right = super().extent
        tip = self.end + (TAIL if self.is_open else 0)
        return min(left, self.begin), max(right, tip)

    def _sign(self, ax: Axes, y: float) -> None:
        y -= typeset.height_of(0.5) - THICK if self.is_below else 0
        box = (self.begin, y - THICK / 2), self.end - self.begin, THICK
        ax.add_patch(
            Rectangle(*box, facecolor=EVENTS[self.kind][2], edgecolor=style.INK, linewidth=1.0)
        )
        if self.is_open:
            tip = self.end + TAIL
            ax.plot([self.end, tip], [y, y], color=style.INK, linewidth=1.2)
            ax.plot([tip], [y], ">", markersize=5.5, color=style.INK)
        if self.over:
            mark(ax, (self.begin + self.end) / 2, y, self.over)


def beside(
    axis: YearAxis,
    kind: str,
    years: tuple[float, float],
    texts: tuple[str, str],
    words: Wording,
    row: str = "",
    *,
    is_open: bool = False,
    over: str = "",
) -> Span:
    """A bar from one of two `years` to the other, and a bold and a plain text on the side of it
    where there is more room or, where there is too little on either, below it; see `Span`.
    """
    begin, end = map(axis.x, years)
    tip = end + (TAIL if is_open else 0)
    left, right = begin - axis.left, axis.edge - tip
    room, to_right, x = max(left, right) - GAP, right > left, tip if right > left else begin
    is_below = room < LEAST
    if is_below:
        room, to_right, x = axis.edge - begin, True, begin - GAP
    return Span(
        kind,
        x,
        *texts,
        room=room,
        to_right=to_right,
        clears=True,
        language=words.language,
        begin=begin,
        end=end,
        is_open=is_open,
        is_below=is_below,
        row=row,
        over=over,
    )


@dataclass(frozen=True)
class Sign:
    """A mark without a label: its kind, what is said of it, and where it leads."""

    kind: str
    title: str
    row: str

    def draw(self, ax: Axes, x: float, y: float) -> None:
        """The mark, its middle at (x, y), in cm."""
        with links.said(ax, self.title, self.row):
            mark(ax, x, y, self.kind)


@dataclass(frozen=True)
class Lane:
    """A source: ticks (where, in cm, and what), piles of targets, and labels below each other, on a
    rail as long as to the `edge` of the sheet; its title in a `language`.
    """

    title: str
    language: str
    ticks: list[tuple[float, Sign]]
    piles: dict[float, list[Sign]]
    labels: list[Label]
    edge: float = style.WIDTH

    @property
    def _fits(self) -> bool:
        """Whether there is room for the title beside the piles."""
        return typeset.text_width(self.title, weight="bold") + 0.4 < min(
            self.piles, default=self.edge
        )

    def draw(self, ax: Axes, y: float) -> float:
        """The rail with ticks and piles on it, the title above or, where the piles leave no room,
        before it, and the labels below; returns where the next lane may begin.
        """
        piles = RISE + PILE * max(map(len, self.piles.values()), default=0) - PILE / 2
        lines = typeset.wrap(self.title, self.edge, weight="bold", language=self.language)
        head = TITLE + typeset.height_of(len(lines) - 1)
        rail = y + (max(head, piles) if self._fits else head + piles)
        ax.plot([0, self.edge], [rail, rail], color=style.RULE, linewidth=0.8, zorder=0.6)
        title = rail - head if self._fits else y
        typeset.write_lines(ax, 0, title, lines, weight="bold")
        for x, tick in self.ticks:
            tick.draw(ax, x, rail)
        for x, signs in self.piles.items():
            for i, sign in enumerate(signs):
                sign.draw(ax, x, rail - RISE - i * PILE)
        y = rail + PAD
        for item in self.labels:
            item.draw(ax, y)
            y += line_height([item])
        return y + SPACE
