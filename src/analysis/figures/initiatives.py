"""How a network of initiatives grew against its target, what was done for it, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from analysis.drawing import style
from analysis.figures.parts.growth import Growth
from analysis.wording import Wording

GUTTER = 0.7  # white between the lists
TEXT = 0.62  # left edge of their texts and radius of a number's circle
RADIUS = 0.2  # cm
PAD = 0.16  # below an entry of a list, cm
SPACE = 0.4  # between the parts, cm
# the kinds of items that each list holds
LISTS = {"tasks": ("core_task", "subtask"), "results": ("result",)}


def initiative_network(facts: pd.DataFrame, items: pd.DataFrame, words: Wording) -> Figure | None:
    """Bars for the size of a network at its start and its end, with the target; below them,
    lists of tasks and results.

    facts: `part` (start, end and target, which are numbers, or factor, the ratio of end to start),
    and what the table holds.
    items: item_id, kind (a value of `LISTS`), order, parent_id, label, description; a result may
    belong to a subtask. None if there are neither numbers nor items.
    """
    parts = [part for part in (Growth(facts, words), Lists(items, words)) if part.height]
    return style.stack(parts, SPACE) if parts else None


@dataclass(frozen=True)
class Lists:
    """Tasks and results beside each other; subtasks are numbered, and a result carries the number
    of the subtask it belongs to.
    """

    items: pd.DataFrame
    words: Wording

    @property
    def height(self) -> float:
        """Height in cm; 0 if there are no items."""
        heights = {
            title: style.HEADING + sum(map(self._height, items))
            for title, items in self._lists.items()
        }
        if self._lists and self._key:
            heights["results"] += style.height_of(len(self._key), style.SMALL)
        return max(heights.values(), default=0.0)

    def draw(self, ax: Axes, y: float) -> None:
        """The lists with their headings, from `y` on."""
        for i, (title, items) in enumerate(self._lists.items()):
            x, top = i * (self._width + GUTTER), y + style.HEADING
            style.write_heading(ax, y, self.words(title), x=x, width=self._width)
            for item in items:
                self._item(ax, x, top, item)
                top += self._height(item)
            if title == "results":
                style.write_lines(
                    ax, x + TEXT, top, self._key, size=style.SMALL, colour=style.MUTED
                )

    @property
    def _lists(self) -> dict[str, list[dict]]:
        """The items of each list that has any, in the order of the source."""
        found = {
            title: self.items[self.items["kind"].isin(kinds)].to_dict("records")
            for title, kinds in LISTS.items()
        }
        return {title: items for title, items in found.items() if items}

    @property
    def _numbers(self) -> pd.Series:
        """The number of each subtask."""
        return self.items[self.items["kind"] == "subtask"].set_index("item_id")["order"]

    @property
    def _key(self) -> list[str]:
        """The lines that explain the numbers of results, if there are any."""
        results = self.items[self.items["kind"] == "result"]
        text = self.words("key") if results["parent_id"].isin(self._numbers.index).any() else ""
        return style.wrap(text, self._width - TEXT, style.SMALL, language=self.words.language)

    @property
    def _width(self) -> float:
        """Width of a list in cm."""
        return (style.WIDTH + GUTTER) / len(self._lists) - GUTTER

    def _text(self, item: dict) -> tuple[str, str, float]:
        """Name and description of an item, and the width of the column they are set in, in cm."""
        return (
            self.words.about(item, "label"),
            self.words.about(item, "description"),
            self._width - TEXT,
        )

    def _height(self, item: dict) -> float:
        return (
            style.height_of(len(style.lead_lines(*self._text(item), language=self.words.language)))
            + PAD
        )

    def _item(self, ax: Axes, x: float, y: float, item: dict) -> None:
        """The name and what is said of the item, beside its mark."""
        middle = (x + RADIUS, y + style.height_of(0.5) + 0.03)
        number = self._numbers.get(item["item_id"], self._numbers.get(item["parent_id"]))
        if item["kind"] == "core_task":
            ax.add_patch(Circle(middle, RADIUS, facecolor=style.ACCENT))
        elif number is None:
            ax.add_patch(Circle(middle, RADIUS / 3, facecolor=style.MUTED))
        else:
            ax.add_patch(Circle(middle, RADIUS, facecolor=style.tint(style.ACCENT, 0.16)))
            ax.text(
                *middle,
                str(number),
                fontsize=style.SMALL,
                fontweight="bold",
                ha="center",
                va="center_baseline",
            )
        style.write_lead(ax, x + TEXT, y, *self._text(item), language=self.words.language)
