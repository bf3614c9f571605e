"""What became of the projects of an alliance, and its history as two sides tell it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.drawing import style
from analysis.figures.parts.voices import Voices
from analysis.wording import Wording

STATE = 0.7  # left edges of states
MARKS = 3.35  # marks
ORDER = 3.8  # numbers
NAME = 4.2  # names and accounts
NOTE = 10.1  # cm
NUMBER = 18  # size of a number, cm
MARK = 0.3  # pt; side of a project's mark, cm
GAP = 0.35  # white between columns, cm
PAD = 0.11  # above and below a project, cm
SPACE = 0.35  # between the parts, cm
# States from done to dropped, each with the fill of its mark and how much of the mark it fills.
STATES = {
    "done": (style.ACCENT, 1.0),
    "pursued": (style.ACCENT, 1.0),
    "partly": (style.ACCENT, 0.5),
    "completed": (style.tint(style.MUTED, 0.6), 1.0),
    "discontinued": (style.tint(style.MUTED, 0.25), 1.0),
    "dropped": (style.PAPER, 1.0),
    "unknown": (style.PALE, 1.0),
}


def alliance_projects(
    projects: pd.DataFrame,
    events: pd.DataFrame,
    discrepancies: pd.DataFrame,
    source: str,
    words: Wording,
) -> Figure | None:
    """Projects by what became of them, and below them a timeline of events
    with a band for each voice.

    projects: order, label, gist, status (a key of `STATES`), status_note. events: rows of
    the table of this name with `voice` (asks, answers or document). discrepancies: the
    table to which the events refer. source: short citation of who reports. None if there
    are neither projects nor events.
    """
    parts = [
        part
        for part in (Projects(projects, source, words), Voices(events, discrepancies, words))
        if part.height
    ]
    return style.stack(parts, SPACE) if parts else None


@dataclass(frozen=True)
class Projects:
    """Projects as rows, grouped by state; each state with the number of its projects."""

    projects: pd.DataFrame
    source: str
    words: Wording

    @property
    def height(self) -> float:
        """Height in cm; 0 if there are no projects."""
        return (
            style.HEADING + sum(self._group_height(rows) for _, rows in self._groups)
            if len(self.projects)
            else 0.0
        )

    def draw(self, ax: Axes, y: float) -> None:
        """The heading and the groups, from `y` on."""
        title = self.words(
            "title.one" if len(self.projects) == 1 else "title.many",
            n=self.words.number(len(self.projects)),
        )
        style.write_heading(ax, y, title, self.words("subtitle", source=self.source))
        y += style.HEADING
        for state, rows in self._groups:
            self._state(ax, y, state, len(rows))
            top = y
            for row in rows:
                self._project(ax, top, row)
                top += self._row_height(row)
            y += self._group_height(rows)

    @property
    def _groups(self) -> list[tuple[str, list[dict]]]:
        """Each state that occurs, with its projects in the order of the source."""
        groups = {
            state: rows.to_dict("records")
            for state, rows in self.projects.sort_values("order").groupby("status", sort=False)
        }
        return [
            (state, groups[state]) for state in dict.fromkeys([*STATES, *groups]) if state in groups
        ]

    def _group_height(self, rows: list[dict]) -> float:
        return sum(map(self._row_height, rows))

    def _row_height(self, row: dict) -> float:
        name, gist, note = self._texts(row)
        left = style.height_of(len(name)) + style.height_of(len(gist), style.SMALL)
        return max(left, style.height_of(len(note))) + 2 * PAD

    def _texts(self, row: dict) -> tuple[list[str], list[str], list[str]]:
        """The lines of its name, of what was planned, and of what became of it."""
        width, language = NOTE - NAME - GAP, self.words.language
        name = style.wrap(self.words.about(row, "label"), width, weight="bold", language=language)
        gist = style.wrap(self.words.about(row, "gist"), width, style.SMALL, language=language)
        return (
            name,
            gist,
            style.wrap(self.words.about(row, "status_note"), style.WIDTH - NOTE, language=language),
        )

    def _state(self, ax: Axes, y: float, state: str, n: int) -> None:
        """The rule above a group, the number of its projects and the name of its state."""
        ax.plot([0, style.WIDTH], [y, y], color=style.RULE, linewidth=0.8)
        ax.text(
            0,
            y + PAD + 0.45,
            self.words.number(n),
            fontsize=NUMBER,
            fontweight="medium",
            va="baseline",
        )
        style.write(
            ax,
            STATE,
            y + PAD,
            self.words(f"status.{state}"),
            MARKS - STATE - GAP,
            weight="medium",
            language=self.words.language,
        )

    def _project(self, ax: Axes, y: float, row: dict) -> None:
        """The mark of a project in the look of its state, and its texts."""
        colour, share = STATES.get(row["status"], STATES["unknown"])
        name, gist, note = self._texts(row)
        top = y + PAD
        for width, face in ((MARK, style.PAPER), (MARK * share, colour)):
            ax.add_patch(
                Rectangle(
                    (MARKS, top + 0.03),
                    width,
                    MARK,
                    facecolor=face,
                    edgecolor=style.INK,
                    linewidth=0.8,
                )
            )
        style.write_lines(ax, ORDER, top, [str(row["order"])], colour=style.MUTED)
        below = top + style.write_lines(ax, NAME, top, name, weight="bold")
        style.write_lines(ax, NAME, below, gist, size=style.SMALL, colour=style.MUTED)
        style.write_lines(ax, NOTE, top, note)
