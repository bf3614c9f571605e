"""A project in which cities work on a model together: who takes part, what they build, what for, and why now."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from analysis.figures import style
from analysis.figures.cards import GAP, Card, draw_row, row_height, share
from analysis.wording import Wording

PER_ROW, SHARES = 5, 4  # most cards in a row of people or duties; shares of a row of aims, of which one with components takes two
ARROW, SPACE = 0.26, 0.45  # height of an arrow, space between sections, cm
LIGHT = style.tint(style.ACCENT, 0.14)


@dataclass(frozen=True)
class Section:
    """Rows of cards under a title; an arrow leads from one section to the next if `leads_on`."""

    title: str
    rows: list[list[Card]]
    leads_on: bool = False

    @property
    def height(self) -> float:
        """Height in cm."""
        return style.HEADING + sum(map(row_height, self.rows)) + GAP * (len(self.rows) - 1)

    def draw(self, ax: Axes, y: float, subtitle: str = "") -> None:
        """The heading and the rows, from `y` on."""
        style.write_heading(ax, y, self.title, subtitle)
        y += style.HEADING
        for row in self.rows:
            draw_row(ax, y, row)
            y += row_height(row) + GAP


def circular_city(items: pd.DataFrame, is_dated: bool, words: Wording) -> Figure:
    """Participants, the aims that they share with the components of their model, the aim behind them, and duties, from top to bottom.

    items: item_id, kind (participant, aim, component or duty), parent_id, label, description. An aim below another one is a
    step towards it; components belong to an aim. is_dated: whether the source says when it was written.
    """
    sections = [section for section in _sections(items, words) if section.rows]
    if not sections:
        return style.notice(words("none"), words.language)
    fig, ax = style.canvas(sum(section.height for section in sections) + SPACE * (len(sections) - 1))
    y = 0.0
    for i, section in enumerate(sections):
        section.draw(ax, y, words("undated") if i == 0 and not is_dated else "")
        y += section.height + SPACE
    return fig
