"""The crosswalk: which action fields of municipalities the goals of a
document touch, said or unsaid.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.drawing import style
from analysis.drawing.stairs import Stairs, widest
from analysis.wording import Wording

LABELS = 6.45  # widths: labels, cm
INDENT = 0.3  # their indent, cm
SUM = 0.9  # sums, cm
WIDEST = 2.2  # and at most a column, cm
ROW = 0.5  # heights: a row, cm
TITLE = 0.52  # the name of a role, cm
SPACE = 0.2  # the space below it, cm
RIM = 0.04  # white around a cell and above it, cm
DROP = 0.07  # where digits hang below the middle of their line, cm
BAR = 0.24  # height of a bar for one goal, cm
BARS = 2.0  # and at most of a bar, cm
# where the text beside the numbers of the summary begins, cm, and their size, pt
TEXT = 1.5
BIG = 13
LINKS = ("said", "unsaid", "none")
REST = style.QUIET  # of goals without a link


@dataclass(frozen=True)
class Row:
    """An action field: the lines of its name and the goals that touch it."""

    lines: list[str]
    goals: pd.DataFrame

    @property
    def height(self) -> float:
        """Height in cm."""
        return ROW + style.height_of(len(self.lines) - 1)


@dataclass(frozen=True)
class Role:
    """A role of municipalities, by the lines of its name, and its fields; goals that touch none
    stand below a role without a name.
    """

    name: list[str]
    colour: str
    rows: list[Row]

    @property
    def height(self) -> float:
        """Height in cm, with the space below."""
        return self.title + sum(row.height for row in self.rows) + SPACE

    @property
    def title(self) -> float:
        """Height of the name in cm."""
        return TITLE + style.height_of(len(self.name) - 1) if self.name else 0


@dataclass(frozen=True)
class Grid:
    """The sheet, the topics in its columns, and the width of a column in cm."""

    ax: Axes
    topics: pd.DataFrame
    width: float
    words: Wording

    @property
    def right(self) -> float:
        """The right edge of the sums."""
        return LABELS + len(self.topics) * self.width + SUM

    def columns(self, goals: pd.DataFrame):
        """Left edge of each column's cells, in cm, and those of the goals that belong there."""
        for i, group in enumerate(self.topics["group"]):
            yield LABELS + i * self.width + RIM, goals[goals["group"] == group]

    def number(self, x: float, y: float, value: int, align: str = "center", **look) -> None:
        """Writes a number, its middle at y."""
        self.ax.text(x, y, self.words.number(value), ha=align, va="center_baseline", **look)

    def sum(self, y: float, goals: pd.DataFrame) -> None:
        """Writes at the end of a row how many goals these are, if there are any."""
        if len(goals):
            self.number(self.right, y, goals["unit_id"].nunique(), "right", fontweight="bold")


def crosswalk(
    goals: pd.DataFrame, topics: pd.DataFrame, codes: pd.DataFrame, words: Wording
) -> Figure | None:
    """Goals per action field (rows, by role) and topic (columns): filled cells name
    municipalities, outlined ones do not.

    goals: unit_id, group, link and with_code, as from counts.linked_fields. topics: group and
    label, in order of display.
    codes: the table of this name. Goals without a link hang as bars below the fields; the sum
    closes each column. None if there are no goals.
    """
    if goals.empty:
        return None
    width = min(
        WIDEST, (style.WIDTH - LABELS - SUM) / max(len(topics), 1), widest(len(topics), LABELS)
    )
    names = Stairs(
        list(topics[words.column("label")]),
        [LABELS + (i + 0.5) * width for i in range(len(topics))],
        words.language,
    )
    summary = [style.wrap(words(link), LABELS - TEXT, language=words.language) for link in LINKS]
    head = max(names.height, 0.6 + sum(map(_entry, summary))) + 0.15
    roles, rest = _roles(goals, codes, words), goals[goals["link"] == "none"]
    most = rest["group"].value_counts().max() if len(rest) else 0
    unit = min(BAR, BARS / max(most, 1))
    fig, ax = style.canvas(head + sum(role.height for role in roles) + most * unit + 2 * ROW + 0.15)
    grid = Grid(ax, topics, width, words)
    _summary(grid, goals, summary)
    names.draw(ax, head - 0.15 - names.height, head + TITLE)
    y = head
    for role in roles:
        _role(grid, y, role)
        y += role.height
    _rest(grid, y, rest, unit)
    _sums(grid, y + most * unit + ROW, goals)
    return fig


def _roles(goals: pd.DataFrame, codes: pd.DataFrame, words: Wording) -> list[Role]:
    """Each role with its fields, both in codebook order; then, if there are any,
    linked goals without a field.
    """
    fields, label = codes.dropna(subset="role_code"), words.column("label")
    roles = codes[codes["code"].isin(fields["role_code"])]
    found = []
    for code, name, colour in zip(
        roles["code"], roles[label], style.role_colours(roles["code"]).values(), strict=True
    ):
        own = fields[fields["role_code"] == code]
        rows = [
            _labelled(text, goals[goals["with_code"] == field], words)
            for field, text in zip(own["code"], own[label], strict=True)
        ]
        found.append(
            Role(
                style.wrap(name, LABELS - INDENT, weight="bold", language=words.language),
                colour,
                rows,
            )
        )
    without = goals[goals["with_code"].isna() & (goals["link"] != "none")]
    return (
        [*found, Role([], style.MUTED, [_labelled(words("no_field"), without, words)])]
        if len(without)
        else found
    )


def _labelled(label: str, goals: pd.DataFrame, words: Wording) -> Row:
    return Row(style.wrap(label, LABELS - INDENT - 0.2, language=words.language), goals)


def _entry(lines: list[str]) -> float:
    """Height of an entry of the summary, in cm."""
    return style.height_of(len(lines)) + 0.28


def _summary(grid: Grid, goals: pd.DataFrame, texts: list[list[str]]) -> None:
    """How many goals are of which kind; the signs before them make it the legend."""
    each = goals.drop_duplicates("unit_id")["link"].value_counts()
    style.write(
        grid.ax, 0, 0, grid.words("goals", n=grid.words.number(each.sum())), LABELS, weight="bold"
    )
    y = 0.6
    for link, lines in zip(LINKS, texts, strict=True):
        middle = y + style.height_of(1) / 2
        _box(
            grid.ax,
            0.03,
            middle - 0.14,
            0.55,
            0.34,
            {"said": style.MUTED, "none": REST}.get(link),
            style.MUTED,
        )
        grid.number(
            TEXT - 0.2, middle, int(each.get(link, 0)), "right", fontsize=BIG, fontweight="bold"
        )
        style.write_lines(grid.ax, TEXT, y, lines)
        y += _entry(lines)


def _box(ax: Axes, x: float, y: float, width: float, height: float, face, edge) -> None:
    """A filled rectangle; without a colour for its face, an outline just as large."""
    if face is None:
        x, y, width, height = x + 0.03, y + 0.03, width - 0.06, height - 0.06
    ax.add_patch(
        Rectangle(
            (x, y),
            width,
            height,
            facecolor=face or style.PAPER,
            edgecolor="none" if face else edge,
            linewidth=1.6,
        )
    )


def _role(grid: Grid, y: float, role: Role) -> None:
    """The name of a role and the rows of its fields beside a bar of its colour."""
    grid.ax.plot(
        [0.06, 0.06],
        [y + 0.06, y + role.height - SPACE - RIM],
        color=role.colour,
        linewidth=3.5,
        solid_capstyle="butt",
    )
    if role.name:
        style.write_lines(
            grid.ax,
            INDENT,
            y + (role.title - style.height_of(len(role.name))) / 2,
            role.name,
            weight="bold",
        )
        y += role.title
    for row in role.rows:
        _row(grid, y, row, role.colour)
        y += row.height


def _row(grid: Grid, y: float, row: Row, colour: str) -> None:
    """A row of cells, empty ones pale; the label of a row without goals is muted."""
    middle, height, width = y + row.height / 2, row.height - 2 * RIM, grid.width - 2 * RIM
    top = middle - style.height_of(len(row.lines)) / 2
    style.write_lines(
        grid.ax, INDENT, top, row.lines, colour=style.INK if len(row.goals) else style.MUTED
    )
    for x, found in grid.columns(row.goals):
        counts = {link: n for link in LINKS[:2] if (n := int((found["link"] == link).sum()))}
        if not counts:
            _box(grid.ax, x, y + DROP, width, height, style.ZERO, None)
        part = width / max(len(counts), 1)
        for i, (link, n) in enumerate(counts.items()):
            face = colour if link == "said" else None
            _box(grid.ax, x + i * part, y + DROP, part, height, face, colour)
            grid.number(
                x + (i + 0.5) * part,
                middle,
                n,
                fontweight="bold",
                color=style.on(face or style.PAPER),
            )
    grid.sum(middle, row.goals)


def _rest(grid: Grid, y: float, goals: pd.DataFrame, unit: float) -> None:
    """The goals without a link, as bars with their number below."""
    style.write(
        grid.ax,
        INDENT,
        y + ROW / 2,
        grid.words("rest"),
        LABELS - INDENT - 0.2,
        valign="center",
        language=grid.words.language,
    )
    width = grid.width - 2 * RIM
    for x, found in grid.columns(goals):
        if len(found):
            _box(grid.ax, x, y + DROP, width, len(found) * unit, REST, None)
            grid.number(x + width / 2, y + DROP + len(found) * unit + 0.2, len(found))
    grid.sum(y + ROW / 2, goals)


def _sums(grid: Grid, y: float, goals: pd.DataFrame) -> None:
    """How many goals each topic has."""
    middle = y + 0.06 + ROW / 2
    grid.ax.plot([0, grid.right], [y, y], color=style.RULE, linewidth=0.8)
    style.write(grid.ax, 0, middle, grid.words("all"), LABELS, valign="center", weight="bold")
    for x, found in grid.columns(goals):
        grid.number(x + grid.width / 2 - RIM, middle, found["unit_id"].nunique(), fontweight="bold")
    grid.sum(middle, goals)
