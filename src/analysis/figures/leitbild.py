"""The crosswalk: which action fields of municipalities the goals of a document touch, said or unsaid."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.figures import style
from analysis.wording import Wording

LABELS, INDENT, TOTAL, WIDEST = 6.7, 0.3, 0.95, 2.2  # widths: labels, their indent, totals, and at most a column, cm
ROW, TITLE, SPACE = 0.5, 0.52, 0.2  # heights: a row, the name of a role, the space below a role, cm
RIM, STEP, BAR, BARS = 0.04, 0.46, 0.3, 2.0  # white around a cell, step of the stairs, height of a bar for one goal, of all bars, cm
NUMBER, BIG = 1.75, 13  # where the text beside the summary's numbers begins, cm, and their size, pt
LINKS = ("said", "unsaid", "none")
REST = style.tint(style.MUTED, 0.55)  # of goals without a link


@dataclass(frozen=True)
class Grid:
    """The sheet, the goals and topics it shows, and the width of a column in cm; frames as for `crosswalk`."""

    ax: Axes
    goals: pd.DataFrame
    topics: pd.DataFrame
    width: float
    words: Wording

    @property
    def right(self) -> float:
        """The right edge of the totals."""
        return LABELS + len(self.topics) * self.width + TOTAL

    def columns(self, goals: pd.DataFrame):
        """Middle of each column, in cm, and those of the goals that belong there."""
        for i, group in enumerate(self.topics["group"]):
            yield LABELS + (i + 0.5) * self.width, goals[goals["group"] == group]

    def write(self, x: float, y: float, value, **look) -> None:
        """Writes a number, its middle at y."""
        self.ax.text(x, y, self.words.number(value), va="center_baseline", **look)

    def total(self, y: float, goals: pd.DataFrame) -> None:
        """Writes how many goals these are at the end of a row, if there are any."""
        if len(goals):
            self.write(self.right, y, goals["unit_id"].nunique(), ha="right", fontweight="bold")


def crosswalk(goals: pd.DataFrame, topics: pd.DataFrame, codes: pd.DataFrame, words: Wording) -> Figure:
    """Goals per action field (rows, by role) and topic (columns): filled cells name municipalities, outlined ones do not.

    goals: unit_id, group, link and with_code, as from counts.linked_fields. topics: group and label, in order of display.
    codes: the table of this name. Goals without a link hang as bars below the fields; the sum closes each column.
    """
    roles = _roles(codes)
    width = min(WIDEST, (style.WIDTH - LABELS - TOTAL) / max(len(topics), 1))
    names = [_name(label, LABELS + (i + 0.5) * width, words) for i, label in enumerate(topics[words.column("label")])]
    summary = [style.wrap(words(link), LABELS - NUMBER - 0.2, language=words.language) for link in LINKS]
    head = max(sum(map(_step, names)), 0.6 + sum(map(_entry, summary))) + 0.15
    linked, rest = goals[goals["link"] != "none"], goals[goals["link"] == "none"]
    most = rest["group"].value_counts().max() if len(rest) else 0
    unit = min(BAR, BARS / max(most, 1))
    without = linked[linked["with_code"].isna()]
    body = sum(TITLE + len(fields) * ROW + SPACE for _, fields in roles) + (ROW if len(without) else 0)
    fig, ax = style.canvas(head + body + most * unit + 2 * ROW + 0.2)
    grid = Grid(ax, goals, topics, width, words)
    _summary(grid, summary)
    _head(grid, head, names)
    y = head
    for (role, fields), colour in zip(roles, style.role_colours([role["code"] for role, _ in roles]).values(), strict=True):
        _role(grid, y, role, fields, colour)
        y += TITLE + len(fields) * ROW + SPACE
    if len(without):
        _row(grid, y, words("no_field"), without, style.MUTED)
        y += ROW
    _rest(grid, y, rest, unit)
    _totals(grid, y + most * unit + ROW + 0.1)
    return fig


def _roles(codes: pd.DataFrame) -> list[tuple[dict, list[dict]]]:
    """Each role with its fields, both in codebook order."""
    fields = codes.dropna(subset="role_code")
    roles = codes[codes["code"].isin(fields["role_code"])].to_dict("records")
    return [(role, fields[fields["role_code"] == role["code"]].to_dict("records")) for role in roles]


def _name(label: str, x: float, words: Wording) -> list[str]:
    return style.wrap(label, style.WIDTH - x - 0.12, language=words.language)


def _step(lines: list[str]) -> float:
    """Height of a step of the stairs, in cm."""
    return STEP + style.height_of(len(lines) - 1)


def _entry(lines: list[str]) -> float:
    """Height of an entry of the summary, in cm."""
    return max(0.62, style.height_of(len(lines)) + 0.2)


def _head(grid: Grid, bottom: float, names: list[list[str]]) -> None:
    """The topics as a flight of stairs: each name stands right of the line that leads down to its column."""
    y = bottom - 0.1 - sum(map(_step, names))
    for lines, (x, _) in zip(names, grid.columns(grid.goals), strict=True):
        grid.ax.plot([x, x], [y + 0.06, bottom + TITLE], color=style.RULE, linewidth=0.8, zorder=0)
        style.write_lines(grid.ax, x + 0.12, y, lines)
        y += _step(lines)


def _summary(grid: Grid, texts: list[list[str]]) -> None:
    """How many goals are of which kind; the signs before them make it the legend."""
    each = grid.goals.drop_duplicates("unit_id")["link"].value_counts()
    style.write(grid.ax, 0, 0.05, grid.words("goals", n=grid.words.number(each.sum())), LABELS, weight="bold")
    y = 0.6
    for link, lines in zip(LINKS, texts, strict=True):
        middle = y + 0.26
        face = {"said": style.MUTED, "unsaid": style.PAPER, "none": REST}[link]
        edge = "none" if link == "none" else style.MUTED
        grid.ax.add_patch(Rectangle((0.05, middle - 0.17), 0.5, 0.34, facecolor=face, edgecolor=edge, linewidth=1.2))
        grid.write(NUMBER - 0.25, middle, int(each.get(link, 0)), ha="right", fontsize=BIG, fontweight="bold")
        style.write_lines(grid.ax, NUMBER, middle - style.height_of(1) / 2, lines)
        y += _entry(lines)


def _role(grid: Grid, y: float, role: dict, fields: list[dict], colour: str) -> None:
    """The name of a role and the rows of its fields beside a bar of its colour."""
    bottom = y + TITLE + len(fields) * ROW - RIM
    grid.ax.plot([0.06, 0.06], [y + 0.06, bottom], color=colour, linewidth=3.5, solid_capstyle="butt")
    style.write(grid.ax, INDENT, y + TITLE / 2, grid.words.about(role, "label"), LABELS, weight="bold", valign="center")
    for i, field in enumerate(fields):
        carried = grid.goals[grid.goals["with_code"] == field["code"]]
        _row(grid, y + TITLE + i * ROW, grid.words.about(field, "label"), carried, colour)


def _row(grid: Grid, y: float, label: str, goals: pd.DataFrame, colour: str) -> None:
    """A row of cells, empty ones pale; the label of a row without goals is muted."""
    middle = y + ROW / 2
    ink = style.INK if len(goals) else style.MUTED
    style.write(grid.ax, INDENT, middle, label, LABELS - INDENT - 0.2, valign="center", colour=ink, language=grid.words.language)
    for x, found in grid.columns(goals):
        counts = [(link, n) for link in LINKS[:2] if (n := int((found["link"] == link).sum()))]
        width = grid.width - 2 * RIM
        if not counts:
            grid.ax.add_patch(Rectangle((x - width / 2, y + RIM), width, ROW - 2 * RIM, facecolor=style.ZERO))
        for i, (link, n) in enumerate(counts):
            _chip(grid, x - width / 2 + i * width / len(counts), y + RIM, width / len(counts), link, n, colour)
    grid.total(middle, goals)


def _chip(grid: Grid, x: float, y: float, width: float, link: str, n: int, colour: str) -> None:
    """A cell, or the half of one that holds both kinds, with its number of goals."""
    face, inset = (colour, 0.0) if link == "said" else (style.PAPER, 0.025)
    box = (x + inset, y + inset), width - 2 * inset, ROW - 2 * RIM - 2 * inset
    grid.ax.add_patch(Rectangle(*box, facecolor=face, edgecolor="none" if link == "said" else colour, linewidth=1.5))
    grid.write(x + width / 2, y + ROW / 2 - RIM, n, ha="center", color=style.on(face), fontweight="medium")


def _rest(grid: Grid, y: float, goals: pd.DataFrame, unit: float) -> None:
    """The goals without a link, as bars with their number below."""
    style.write(grid.ax, INDENT, y + ROW / 2, grid.words("none"), LABELS - INDENT - 0.2, valign="center", language=grid.words.language)
    width = grid.width - 2 * RIM
    for x, found in grid.columns(goals):
        if len(found):
            grid.ax.add_patch(Rectangle((x - width / 2, y + RIM), width, len(found) * unit, facecolor=REST))
            grid.write(x, y + RIM + len(found) * unit + 0.24, len(found), ha="center")
    grid.total(y + ROW / 2, goals)


def _totals(grid: Grid, y: float) -> None:
    """How many goals each topic has."""
    grid.ax.plot([0, grid.right], [y, y], color=style.RULE, linewidth=0.8)
    middle = y + 0.06 + ROW / 2
    style.write(grid.ax, 0, middle, grid.words("all"), LABELS, valign="center", weight="bold")
    for x, found in grid.columns(grid.goals):
        grid.write(x, middle, found["unit_id"].nunique(), ha="center", fontweight="bold")
    grid.total(middle, grid.goals)
