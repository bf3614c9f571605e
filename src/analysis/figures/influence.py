"""The areas of influence, from what a municipality does itself to what it can only encourage."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.drawing import links, style, typeset
from analysis.wording import Wording

SCALE = 1.1  # height of the scale of directness, cm
STEPS = 0.46  # and of the highest of its steps, cm
GUTTER = 0.3  # between columns, cm
COLUMN = 3.0  # least width of a column, cm
PAD = 0.22  # inside a column, cm
STACKED = 0.16  # height of a bar of the scale on a narrow sheet, cm
TAIL = 0.3  # the part of a column below the bars, cm


def draw(
    areas: pd.DataFrame, roles: pd.DataFrame, words: Wording, width: float = style.WIDTH
) -> Figure | None:
    """Areas as columns in role colours, most direct first; areas without a role as
    bars across all columns. On a narrow sheet, and where there are more than fit, they stand below
    each other.

    areas: role_code (empty where an area cuts across), label, definition and example
    (texts), most direct first.
    roles: the role codes in codebook order. None if there are no areas.
    """
    if areas.empty:
        return None
    direct, across = _by_reach(areas)
    if width < style.WIDTH or not _fit(direct):
        return _stack(areas, roles, words, width)
    sheet = style.sheet()
    if len(direct) > 1:
        _ends(sheet.ax, words)
    width = (style.WIDTH + GUTTER) / max(len(direct), 1) - GUTTER
    colours = style.role_colours(roles["code"])
    columns = [
        _Column(sheet.ax, i * (width + GUTTER), width, colours[area["role_code"]], area, words)
        for i, area in enumerate(direct.to_dict("records"))
    ]
    for i, column in enumerate(columns):
        column.step((len(columns) - i) / len(columns))
    foot = _rows(columns)
    for area in across.to_dict("records"):
        foot = _bar(sheet.ax, foot, area, words) + GUTTER
    bottom = foot + TAIL - GUTTER if len(across) else foot
    for column in columns:
        column.ground(bottom)
    return sheet.end(bottom)


def _fit(direct: pd.DataFrame) -> bool:
    """Whether there is room for a column for each of these areas."""
    return len(direct) * (COLUMN + GUTTER) <= style.WIDTH + GUTTER


def _stack(areas: pd.DataFrame, roles: pd.DataFrame, words: Wording, width: float) -> Figure:
    """Areas below each other, each below a bar that is the shorter, the less direct it is."""
    direct, across = _by_reach(areas)
    sheet, y, colours = style.sheet(width), 0.0, style.role_colours(roles["code"])
    ends = {0: "direct", len(direct) - 1: "indirect"} if len(direct) > 1 else {}
    for i, area in enumerate(direct.to_dict("records")):
        column = _Column(sheet.ax, 0, width, colours[area["role_code"]], area, words)
        if i in ends:
            look = {"weight": "medium", "language": words.language}
            y += typeset.write(sheet.ax, 0, y, words(ends[i]), width, **look) + 0.06
        y = column.stacked(y, (len(direct) - i) / len(direct)) + GUTTER
    for area in across.to_dict("records"):
        y = _Column(sheet.ax, 0, width, None, area, words).stacked(y, 0) + GUTTER
    return sheet.end(y - GUTTER)


def headline(areas: pd.DataFrame, words: Wording) -> str:
    """Which area is the most direct one, and which the least."""
    labels = list(_by_reach(areas)[0][words.column("label")])
    if len(labels) < 2:
        return words.count("headline.few", len(areas))
    return words("headline", first=labels[0], last=labels[-1])


def caption(areas: pd.DataFrame, words: Wording) -> str:
    """What is shown, how many areas there are, and what is our reading of them."""
    keys, cut = ("across", "reading"), len(_by_reach(areas)[1])
    of_across = {key: words(f"caption.{key}") if cut else "" for key in keys}
    return words("caption", n=words.number(len(areas)), **of_across)


def table(areas: pd.DataFrame, words: Wording) -> pd.DataFrame:
    """The areas with their place in our order; those that cut across have none."""
    direct, _ = _by_reach(areas)
    places = pd.Series(range(1, len(direct) + 1), index=direct.index).astype("string")
    texts = areas[[words.column(stem) for stem in ("label", "definition", "example")]].copy()
    texts.insert(0, "place", places.reindex(areas.index).fillna(words("across")))
    return texts


def alt(areas: pd.DataFrame, words: Wording) -> str:
    """The areas in their order with their examples, and what cuts across."""
    direct, across = _by_reach(areas)
    label, example = words.column("label"), words.column("example")
    fields = [
        words("alt.area", label=area[label], example=area[example])
        for area in direct.to_dict("records")
    ]
    bars, n = ", ".join(across[label]), len(across)
    if not fields:
        return words.count("alt.only", n, areas=bars)
    said = words("alt", n=words.numeral(len(direct)), areas="; ".join(fields))
    return f"{said} {words.count('alt.across', n, areas=bars)}" if n else said


def _by_reach(areas: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The areas that a role stands for, and those that cut across."""
    cuts_across = areas["role_code"].isna()
    return areas[~cuts_across], areas[cuts_across]


def _ends(ax: Axes, words: Wording) -> None:
    """What the two ends of the scale mean."""
    look = {"width": style.WIDTH / 2, "weight": "medium", "language": words.language}
    typeset.write(ax, 0, 0, words("direct"), **look)
    typeset.write(ax, style.WIDTH, 0, words("indirect"), align="right", **look)


@dataclass(frozen=True)
class _Column:
    """An area that a role stands for and where it is drawn: its left edge and its width, in cm."""

    ax: Axes
    x: float
    width: float
    colour: str | None
    area: dict
    words: Wording

    def write(self, y: float, text: str, **look) -> float:
        """Writes a text into the column; returns its height, in cm."""
        room, language = self.width - 2 * PAD, self.words.language
        return typeset.write(self.ax, self.x + PAD, y, text, room, language=language, **look)

    def text(self, stem: str) -> str:
        """A text of the area."""
        return self.words.text(self.area, stem)

    def step(self, share: float) -> None:
        """The step of the scale above the column: how direct it is, in order, not in measure."""
        height, bottom = STEPS * share, SCALE - 0.1
        corner = (self.x, bottom - height)
        self.ax.add_patch(Rectangle(corner, self.width, height, facecolor=style.QUIET))

    def said(self):
        """What is drawn within is the area, and leads to its row."""
        title = f"{self.text('label')}: {self.text('definition')}"
        return links.said(self.ax, title, f"influence:{self.area['area_id']}")

    def head(self, y: float, height: float) -> None:
        """The name of the area, centred in a box."""
        look = {"size": style.LARGE, "weight": "bold", "colour": style.ink_on(self.colour)}
        with self.said():
            self.ax.add_patch(Rectangle((self.x, y), self.width, height, facecolor=self.colour))
            self.write(y + height / 2, self.text("label"), valign="center", evenly=True, **look)

    def stacked(self, y: float, share: float) -> float:
        """The area as wide as the sheet below a bar for its `share` of directness, framed where it
        has no colour; returns where it ends.
        """
        if share:
            bar = Rectangle((0, y), self.width * share, STACKED, facecolor=style.QUIET)
            self.ax.add_patch(bar)
            y += STACKED
        name = {"size": style.LARGE, "weight": "bold"}
        language = self.words.language
        room = self.width - 2 * PAD
        height = PAD + typeset.text_height(self.text("label"), room, language=language, **name)
        top = y
        with self.said():
            if self.colour:
                self.ax.add_patch(Rectangle((0, y), self.width, height, facecolor=self.colour))
                name["colour"] = style.ink_on(self.colour)
            self.write(y + PAD / 2, self.text("label"), **name)
        y += height + PAD / 2
        y += self.write(y, self.text("definition")) + PAD
        y += _example(self.write, y, self.area, self.words) + PAD
        tinted = {"facecolor": style.tint(self.colour, 0.12), "zorder": 0} if self.colour else {}
        framed = {"facecolor": style.PAPER, "edgecolor": style.INK, "linewidth": 1.2, "zorder": 0.5}
        self.ax.add_patch(Rectangle((0, top), self.width, y - top, **(tinted or framed)))
        return y

    def ground(self, bottom: float) -> None:
        """The field behind all texts of the column."""
        fill = {"facecolor": style.tint(self.colour, 0.12), "zorder": 0}
        self.ax.add_patch(Rectangle((self.x, SCALE), self.width, bottom - SCALE, **fill))


def _rows(columns: list[_Column]) -> float:
    """Names, definitions and examples, each level with those of the other columns; returns where
    they end.
    """
    if not columns:
        return 0.0
    language, room = columns[0].words.language, columns[0].width - 2 * PAD
    names = [
        typeset.text_height(column.text("label"), room, style.LARGE, "bold", language=language)
        for column in columns
    ]
    head, y = max(names) + 2 * PAD, SCALE
    for column in columns:
        column.head(y, head)
    y += head + PAD
    y += max(column.write(y, column.text("definition")) for column in columns) + 2 * PAD
    y += max(_example(column.write, y, column.area, column.words) for column in columns)
    return y + PAD


def _example(write, y: float, area: dict, words: Wording) -> float:
    """An example below the word for it, by means of `write`; returns the height of both, in cm."""
    above = write(y, words("example"), size=style.SMALL, colour=style.MUTED)
    return above + write(y + above, words.text(area, "example"))


def _bar(ax: Axes, y: float, area: dict, words: Wording) -> float:
    """An area that cuts across, its name, definition and example beside each other in a quarter, a
    half and a quarter of the page; returns where it ends.
    """
    quarter = (style.WIDTH + GUTTER) / 4

    def write(y: float, text: str, x: float = 3 * quarter, room: float = quarter, **look) -> float:
        inside = room - GUTTER - 2 * PAD
        return typeset.write(ax, x + PAD, y, text, inside, language=words.language, **look)

    top, name = y + PAD, {"size": style.LARGE, "weight": "bold"}
    label = words.text(area, "label")
    with links.said(ax, label, f"influence:{area['area_id']}"):
        high = write(top, label, x=0, **name)
    height = 2 * PAD + max(
        high,
        write(top, words.text(area, "definition"), x=quarter, room=2 * quarter),
        _example(write, top, area, words),
    )
    look = {"facecolor": style.PAPER, "edgecolor": style.INK, "linewidth": 1.2, "zorder": 0.5}
    ax.add_patch(Rectangle((0, y), style.WIDTH, height, **look))
    return y + height
