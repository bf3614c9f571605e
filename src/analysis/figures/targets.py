"""Targets on a common year axis: who wants to reach what by when."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.drawing import style
from analysis.drawing.marks import HOLDER, TARGETS, legend, legend_height
from analysis.drawing.notes import Notes
from analysis.drawing.yearaxis import HEAD, Label, YearAxis, label, line_height, pack, span
from analysis.wording import Wording
from analysis.wording.phrases import target_text

GROUP = 2.5  # width of the groups, cm
ACTOR = (2.75, 6.0)  # edges of the actors, cm
YEARS = 6.35  # left edge of the years, cm
SPACE = 0.14  # above and below a group, cm
PAD = 0.08  # below an actor, cm


def targets_by_year(
    targets: pd.DataFrame, levels: pd.DataFrame, discrepancies: pd.DataFrame, words: Wording
) -> Figure | None:
    """Targets as marks at their year, one block of lines per actor, actors grouped by
    level and kind of holder.

    targets, levels, discrepancies: the tables of these names; the shape of a mark tells the kind of
    target. None if there are no targets.
    """
    if targets.empty:
        return None
    axis = YearAxis(*span(targets["year"].astype(float)), YEARS, targets["year"].isna().any())
    notes = Notes(targets["discrepancy_id"], discrepancies, words)
    groups = [
        _Group(title, _actors(part, axis, notes, words), words.language)
        for title, part in _parts(targets, levels, words)
    ]
    kinds = [kind for kind in TARGETS if kind in set(targets["kind"])]
    top = 0.05 + legend_height(kinds, words)
    bottom = top + HEAD + sum(group.height for group in groups)
    fig, ax = style.canvas(bottom + notes.height + 0.05)
    legend(ax, 0.05, kinds, words)
    axis.draw(ax, top, bottom, words)
    y = top + HEAD
    for group in groups:
        group.draw(ax, y)
        y += group.height
    notes.draw(ax, bottom)
    return fig


def _parts(targets: pd.DataFrame, levels: pd.DataFrame, words: Wording):
    """Title and targets of each group: the levels from the top, the
    municipal one by kind of holder.
    """
    for level in levels.to_dict("records"):
        held = targets[targets["level_id"] == level["level_id"]]
        if level["is_municipal"]:
            yield from (
                (words(f"group.{holder}"), part)
                for holder, part in held.groupby("holder", sort=False)
            )
        elif len(held):
            yield words.about(level, "label"), held


def _actors(
    targets: pd.DataFrame, axis: YearAxis, notes: Notes, words: Wording
) -> list[tuple[str, list[list[Label]]]]:
    """Name and lines of labels of each actor; who wants something first stands
    first, who names no year last.
    """
    by_holder = targets.sort_values("year", kind="stable").groupby(HOLDER, sort=False, dropna=False)
    found = []
    for _, own in by_holder:
        rows = own.to_dict("records")
        found.append(
            (words.about(rows[0], "actor"), pack(_label(row, axis, notes, words) for row in rows))
        )
    return found


def _label(target: dict, axis: YearAxis, notes: Notes, words: Wording) -> Label:
    lead = "" if pd.isna(target["year"]) else str(target["year"])
    text = target_text(target, words) + notes.number(target["discrepancy_id"])
    return label(axis, target["kind"], target["year"], lead, text, words)


@dataclass(frozen=True)
class _Group:
    """Actors of one level, each with its lines of labels."""

    title: str
    actors: list[tuple[str, list[list[Label]]]]
    language: str

    @property
    def height(self) -> float:
        """Height in cm, of the title or of the actors."""
        title = style.text_height(self.title, GROUP, weight="bold", language=self.language)
        return 2 * SPACE + max(title, sum(self._height(*actor) for actor in self.actors))

    def draw(self, ax: Axes, y: float) -> None:
        """The rule, the title and actors from `y` on."""
        ax.plot([0, style.WIDTH], [y, y], color=style.RULE, linewidth=0.8, zorder=1)
        y += SPACE
        style.write(ax, 0, y, self.title, GROUP, weight="bold", language=self.language)
        for name, lines in self.actors:
            style.write(ax, ACTOR[0], y, name, ACTOR[1] - ACTOR[0], language=self.language)
            top = y
            for line in lines:
                for item in line:
                    item.draw(ax, top)
                top += line_height(line)
            y += self._height(name, lines)

    def _height(self, name: str, lines: list[list[Label]]) -> float:
        written = style.text_height(name, ACTOR[1] - ACTOR[0], language=self.language)
        return PAD + max(written, sum(map(line_height, lines)))
