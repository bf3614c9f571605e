"""A project in which cities work on a model together: who takes part, what they
build, what for, and why now.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from analysis.drawing import style
from analysis.drawing.cards import GAP, Card, balanced, draw_row, row_height, share
from analysis.wording import Wording

KINDS = ("participant", "aim", "component", "duty")  # the kinds of items that are drawn
PER_ROW = 5  # most cards in a row of people or duties; shares of a row of aims
SHARES = 4  # of which one with components takes two
HEAD = 0.48  # height of a section's title, cm
SPACE = 0.55  # space between sections, cm
ARROW = 0.28  # height of an arrow in it, cm
MODEL = style.ACCENT
LIGHT = style.tint(style.ACCENT, 0.16)


@dataclass(frozen=True)
class Section:
    """Rows of cards under a title; with `is_led_to`, an arrow comes down from the section above."""

    title: str
    rows: list[list[Card]]
    is_led_to: bool = False

    @property
    def height(self) -> float:
        """Height in cm."""
        return HEAD + sum(row_height(row) + GAP for row in self.rows) - GAP

    def draw(self, ax: Axes, y: float) -> None:
        """The title and the rows, from `y` on."""
        style.write_lines(ax, 0, y, [self.title], colour=style.MUTED)
        y += HEAD
        for row in self.rows:
            draw_row(ax, y, row)
            y += row_height(row) + GAP


def circular_city(items: pd.DataFrame, is_dated: bool, words: Wording) -> Figure | None:
    """From top to bottom: who takes part, what they build together, what for, and the
    duties in the background.

    items: item_id, kind (one of `KINDS`), parent_id, label, description. An aim with a parent is a
    step towards it; components belong to an aim. is_dated: whether the source says when it was
    written. None if there are no items.
    """
    sections = [section for section in _sections(items, words) if section.rows]
    if not sections:
        return None
    fig, ax = style.canvas(sum(section.height + SPACE for section in sections) - SPACE)
    if not is_dated:
        style.write_lines(ax, style.WIDTH, 0, [words("undated")], colour=style.MUTED, align="right")
    y = 0.0
    for section in sections:
        if section.is_led_to and y:
            _arrow(ax, y - SPACE / 2)
        section.draw(ax, y)
        y += section.height + SPACE
    return fig


def _sections(items: pd.DataFrame, words: Wording) -> list[Section]:
    """The sections of the figure; those without items have no rows."""
    kinds = {kind: items[items["kind"] == kind].to_dict("records") for kind in KINDS}
    steps = [aim for aim in kinds["aim"] if pd.notna(aim["parent_id"])]
    ends = [aim for aim in kinds["aim"] if pd.isna(aim["parent_id"])]
    loose = [
        component
        for component in kinds["component"]
        if component["parent_id"] not in {aim["item_id"] for aim in kinds["aim"]}
    ]
    return [
        Section(words("participants"), _beside(kinds["participant"], words)),
        Section(words("steps"), _by_share(steps, kinds["component"], words), is_led_to=True),
        Section(words("components"), _beside(loose, words)),
        Section(words("ends"), _by_share(ends, kinds["component"], words), is_led_to=True),
        Section(words("duties"), _beside(kinds["duty"], words)),
    ]


def _beside(items: list[dict], words: Wording) -> list[list[Card]]:
    """Pale cards, in as few rows as possible."""
    rows = math.ceil(len(items) / PER_ROW)
    per_row = math.ceil(len(items) / rows) if rows else 1
    cards = [_card(item, [], 0, style.PALE, words) for item in items]
    return [balanced(cards[i : i + per_row]) for i in range(0, len(items), per_row)]


def _by_share(aims: list[dict], components: list[dict], words: Wording) -> list[list[Card]]:
    """Cards of aims in rows; one with components, which stand in it as tiles,
    is twice as wide and dark.
    """
    rows: list[list[tuple[dict, list[str]]]] = []
    for aim in aims:
        tiles = [
            words.about(component, "label")
            for component in components
            if component["parent_id"] == aim["item_id"]
        ]
        if not rows or _shares(rows[-1]) + _shares([(aim, tiles)]) > SHARES:
            rows.append([])
        rows[-1].append((aim, tiles))
    return [
        [
            _card(
                aim,
                tiles,
                share(_shares([(aim, tiles)]), _shares(row)),
                MODEL if tiles else LIGHT,
                words,
            )
            for aim, tiles in row
        ]
        for row in rows
    ]


def _shares(row: list[tuple[dict, list[str]]]) -> int:
    return sum(2 if tiles else 1 for _, tiles in row)


def _card(item: dict, tiles: list[str], width: float, fill, words: Wording) -> Card:
    return Card(
        words.about(item, "label"),
        words.about(item, "description"),
        tiles,
        width,
        fill,
        words.language,
    )


def _arrow(ax: Axes, y: float) -> None:
    """A triangle that points down, its middle at `y`."""
    x = style.WIDTH / 2
    corners = [(x - ARROW, y - ARROW / 2), (x + ARROW, y - ARROW / 2), (x, y + ARROW / 2)]
    ax.add_patch(Polygon(corners, facecolor=style.MUTED))
