"""Names of columns as a flight of stairs, for columns too narrow for the words of their language."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes

from analysis.drawing import style

STEP = 0.46  # height of a step, cm
LAST = 2.4  # room for the name on the last one, cm
GAP = 0.1  # space beside a line, cm


@dataclass(frozen=True)
class Stairs:
    """Each name stands right of the line that leads down to its column; `middles` of the
    columns in cm, left to right.
    """

    names: list[str]
    middles: list[float]
    language: str

    @property
    def height(self) -> float:
        """Height of all steps in cm."""
        return sum(map(_step, self._lines))

    def draw(self, ax: Axes, y: float, bottom: float) -> None:
        """The names from `y` on, their lines down to `bottom`."""
        for x, lines in zip(self.middles, self._lines, strict=True):
            ax.plot([x, x], [y + 0.06, bottom], color=style.RULE, linewidth=0.8)
            style.write_lines(ax, x + GAP, y, lines)
            y += _step(lines)

    @property
    def _lines(self) -> list[list[str]]:
        rooms = [style.WIDTH - x - GAP for x in self.middles]
        return [
            style.wrap(name, room, language=self.language)
            for name, room in zip(self.names, rooms, strict=True)
        ]


def widest(columns: int, left: float) -> float:
    """The greatest width of a column, in cm, that leaves room for the name of the last one."""
    return (style.WIDTH - left - LAST) / max(columns - 0.5, 0.5)


def _step(lines: list[str]) -> float:
    return STEP + style.height_of(len(lines) - 1)
