"""A level of governance on a narrow sheet: its targets listed by year, its chips below them."""

from __future__ import annotations

import pandas as pd
from matplotlib.patches import Rectangle

from analysis.drawing import links, style, typeset
from analysis.drawing.marks import GAP, HOLDER, mark
from analysis.figures.parts.levels import (
    BETWEEN,
    CHIP,
    EDGE,
    Band,
    alike,
    chips,
    label,
    raised_of,
    row_of,
    title_of,
)

PAD = 0.15  # margin inside a band, cm
LEFT, RIGHT = EDGE + PAD, style.NARROW - EDGE - PAD
SIGN = LEFT + 0.14  # middle of the marks, cm
TEXT = SIGN + GAP  # left edge of what is wanted, cm


class ListedBand(Band):
    """A band in which name, targets, chips and groups stand below each other."""

    def draw(self, y: float, targets: pd.DataFrame, items: pd.DataFrame) -> float:
        """The band with its top at `y`; returns its bottom."""
        language, is_group = self.words.language, items["kind"] == "group"
        title = {"size": style.LARGE, "weight": "bold", "language": language}
        bottom = y + PAD
        name = self.words.text(self.level, "label")
        bottom += typeset.write(self.ax, LEFT, bottom, name, RIGHT - LEFT, **title) + BETWEEN
        bottom = self._listed(bottom, targets) + BETWEEN
        own = items[~is_group].to_dict("records")
        if own:
            bottom = chips(self.ax, LEFT, RIGHT, bottom, own, self.notes, self.words)
        else:
            bottom = self._absent(LEFT, bottom, RIGHT, "no_items")
        if is_group.any():
            bottom = self._stacked(bottom + PAD, items[is_group].to_dict("records"))
        bottom += PAD
        edge = 0 if self.level["is_municipal"] else EDGE
        box = (edge, y), style.NARROW - 2 * edge, bottom - y
        ground = Rectangle(*box, facecolor=self.fill, zorder=0)
        self.ax.add_patch(ground)
        return bottom

    def _listed(self, y: float, targets: pd.DataFrame) -> float:
        """A row for targets that differ in nothing but their actor; returns their bottom."""
        if targets.empty:
            return self._absent(LEFT, y, RIGHT, "no_targets")
        has_actors = len(targets.drop_duplicates(HOLDER)) > 1
        for rows in alike(targets, self.words):
            target = rows.iloc[0]
            undated = self.words("undated").replace("\n", " ")
            year = undated if pd.isna(target["year"]) else str(target["year"])
            wanted = label(rows, has_actors, self.words)
            text = ", ".join(filter(None, (wanted, target["part"]))) + raised_of(rows, self.notes)
            look, room = {"language": self.words.language}, RIGHT - TEXT
            with links.said(self.ax, title_of(rows, self.words), row_of(rows)):
                mark(self.ax, SIGN, y + typeset.height_of(0.5), target["mark"])
                y += typeset.write_lead(self.ax, TEXT, y, year, text, room, **look) + BETWEEN
        return y

    def _stacked(self, y: float, groups: list[dict]) -> float:
        """The groups as boxes below each other; returns their bottom."""
        small = {"size": style.SMALL}
        y += typeset.write_lines(
            self.ax, LEFT, y, [self.words("beside")], colour=style.MUTED, **small
        )
        y += BETWEEN
        look = {"weight": "medium", "colour": style.ink_on(style.ACCENT), "align": "center"}
        look |= {"language": self.words.language, "valign": "center"} | small
        for group in groups:
            name, room = self.words.text(group, "label"), RIGHT - LEFT - 0.3
            lines = typeset.wrap(name, room, style.SMALL, "medium", language=self.words.language)
            height = max(CHIP, typeset.height_of(len(lines), style.SMALL) + 0.16)
            box = Rectangle((LEFT, y), RIGHT - LEFT, height, facecolor=style.ACCENT, zorder=2)
            self.ax.add_patch(box)
            typeset.write(self.ax, style.NARROW / 2, y + height / 2, name, room, **look)
            y += height + BETWEEN
        return y - BETWEEN
