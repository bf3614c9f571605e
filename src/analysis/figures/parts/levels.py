"""A level of governance as a band: targets on an axis of years that all bands share, chips in rows,
and groups beside each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrow, FancyBboxPatch, Rectangle

from analysis.drawing import links, style, typeset
from analysis.drawing.marks import HOLDER, mark, mark_of, not_stated
from analysis.drawing.notes import Notes
from analysis.wording import Wording
from analysis.wording.phrases import target_text

# columns from left to right, cm
NAME = (0.8, 2.92)
AXIS = (3.5, 7.0)
UNDATED = 7.85
CHIPS = (8.42, 16.2)
PAD = 0.22  # margin inside a band, cm
CHIP = 0.48  # height of a chip, cm
BETWEEN = 0.11  # space between lines, cm
APART = 0.4  # from the name of a level to its targets, cm
MARK = 0.26  # from a mark to its label, and half the width of the column without years, cm
TIGHT = 0.75  # least distance of two years that have a line, cm
INSIDE = 0.16  # beside the text of a chip, cm
JOINT = 0.3  # between groups, cm
GROUP = 2.2  # least width of a group; more than fit beside each other share further rows, cm
# Width of the strips beside the bands, where the arrows run; only the municipal band covers them.
EDGE = 0.6
WHOLE = ("territory", "company")  # what a target covers, if it is all of its holder
# Fill of a chip, and whether its ends are round: bodies and voluntary action have round ends, rules
# and money have corners.
FILLS = {
    "law": (style.tint(style.ACCENT, 0.38), False),
    "instrument": (style.tint(style.ACCENT, 0.18), False),
    "programme": (style.PAPER, False),
    "institution": (style.tint(style.ACCENT, 0.18), True),
    "initiative": (style.PAPER, True),
}


@dataclass(frozen=True)
class Years:
    """The common axis: the years it spans and those that have a line; what has no
    year stands behind its end.
    """

    first: int
    last: int
    lines: list[int]

    def x(self, year) -> float:
        """Where a year lies, in cm."""
        if pd.isna(year):
            return UNDATED
        return AXIS[0] + (year - self.first) / max(self.last - self.first, 1) * (AXIS[1] - AXIS[0])


def years_of(targets: pd.DataFrame, levels: pd.DataFrame) -> Years:
    """The span of all years, with lines at those of the upper levels as far as
    there is room between them.
    """
    dated = targets.dropna(subset=["year"])
    if dated.empty:
        return Years(0, 0, [])
    above = dated[dated["level_id"].isin(levels.loc[~levels["is_municipal"], "level_id"])]
    years = Years(int(dated["year"].min()), int(dated["year"].max()), [])
    for year in sorted((above if len(above) else dated)["year"].unique()):
        if not years.lines or years.x(year) - years.x(years.lines[-1]) > TIGHT:
            years.lines.append(int(year))
    return years


@dataclass(frozen=True)
class Band:
    """A level, and what its band is drawn on: its name, its targets on the axis of years, its chips
    beside each other.
    """

    ax: Axes
    level: dict
    years: Years
    notes: Notes
    words: Wording

    def draw(self, y: float, targets: pd.DataFrame, items: pd.DataFrame) -> float:
        """The band with the targets and items of the level, its top at `y`; returns its bottom."""
        top, is_group = y + PAD, items["kind"] == "group"
        middle = max(
            top + CHIP,
            self._name(top),
            self._targets(top, targets),
            self._chips(top, items[~is_group].to_dict("records")),
        )
        self._axis(y, middle + PAD)
        bottom = middle + PAD
        if is_group.any():
            bottom = self._groups(bottom, items[is_group].to_dict("records")) + PAD
        edge = 0 if self.level["is_municipal"] else EDGE
        ground = Rectangle((edge, y), style.WIDTH - 2 * edge, bottom - y, facecolor=self.fill)
        ground.set_zorder(0)
        self.ax.add_patch(ground)
        return bottom

    @property
    def fill(self):
        """The colour of the band."""
        return style.tint(style.ACCENT, 0.14) if self.level["is_municipal"] else style.PALE

    @property
    def _title(self) -> tuple[list[str], float]:
        """The lines of the name, and the size of their type."""
        size = style.LARGE if self.level["is_municipal"] else style.NORMAL
        name, room = self.words.text(self.level, "label"), NAME[1] - NAME[0]
        return typeset.wrap_evenly(name, room, size, "bold", language=self.words.language), size

    @property
    def _free(self) -> float:
        """Where there is room for targets, right of the name, in cm."""
        lines, size = self._title
        widest = max(typeset.text_width(line, size, "bold") for line in lines)
        return NAME[0] + widest + APART

    def _name(self, y: float) -> float:
        lines, size = self._title
        y += beside_chip(size)
        return y + typeset.write_lines(self.ax, NAME[0], y, lines, size=size, weight="bold")

    def _axis(self, y: float, bottom: float) -> None:
        """The years as lines, and the column of what has none."""
        for x in map(self.years.x, self.years.lines):
            self.ax.plot([x, x], [y, bottom], color=style.PAPER, linewidth=1.2, zorder=0.2)
        column = Rectangle((UNDATED - MARK, y), 2 * MARK, bottom - y, facecolor=style.PAPER)
        column.set_zorder(0.2)
        self.ax.add_patch(column)

    def _targets(self, y: float, targets: pd.DataFrame) -> float:
        """A mark for targets that differ in nothing but their actor, the earliest first."""
        if targets.empty:
            return self._absent(AXIS[0] - MARK, y, UNDATED + MARK, "no_targets")
        actors = len(targets.drop_duplicates(HOLDER))
        for rows in alike(targets, self.words):
            with links.said(self.ax, title_of(rows, self.words), row_of(rows)):
                y += self._target(y, rows, actors > 1) + BETWEEN
        return y - BETWEEN

    def _target(self, y: float, rows: pd.DataFrame, has_actors: bool) -> float:
        """The mark and its label on the side where there is more room; returns the height."""
        target = rows.iloc[0]
        x, text = self.years.x(target["year"]), label(rows, has_actors, self.words)
        if pd.notna(target["year"]) and target["year"] not in self.years.lines:
            text = f"{target['year']} {text}"
        raised = raised_of(rows, self.notes)
        is_left = x > sum(AXIS) / 2
        room = x - MARK - self._free if is_left else UNDATED - 2 * MARK - x
        # the part a target covers has lines of its own
        texts = {style.INK: text, style.MUTED: target["part"]}
        texts[style.MUTED if target["part"] else style.INK] += raised
        look = {"size": style.SMALL, "language": self.words.language}
        lines = {colour: typeset.wrap(text, room, **look) for colour, text in texts.items()}
        top = y + beside_chip(style.SMALL)
        mark(self.ax, x, top + typeset.height_of(0.5, style.SMALL), target["mark"])
        edge, align = (x - MARK, "right") if is_left else (x + MARK, "left")
        look, height = {"size": style.SMALL, "align": align}, 0.0
        for colour, part in lines.items():
            height += typeset.write_lines(self.ax, edge, top + height, part, colour=colour, **look)
        width = max(
            typeset.text_width(line, style.SMALL) for part in lines.values() for line in part
        )
        clear = Rectangle((edge - width if is_left else edge, top), width, height)
        clear.set(facecolor=self.fill, zorder=0.3)
        self.ax.add_patch(clear)
        return max(height, CHIP)

    def _chips(self, y: float, items: list[dict]) -> float:
        """The items in rows, each in the first one where it has room."""
        if not items:
            return self._absent(CHIPS[0], y, CHIPS[1], "no_items")
        return chips(self.ax, *CHIPS, y, items, self.notes, self.words)

    def _absent(self, x: float, y: float, right: float, key: str) -> float:
        look = {"size": style.SMALL, "colour": style.MUTED, "zorder": 2}
        not_stated(self.ax, x, y, right - x, CHIP, self.words(key), **look)
        return y + CHIP

    def _groups(self, y: float, groups: list[dict]) -> float:
        """The groups as boxes on a common arrow, or several of them: they act beside each other,
        not above one another.
        """
        above = [self.words("beside")]
        look = {"size": style.SMALL, "colour": style.MUTED}
        y += typeset.write_lines(self.ax, NAME[0], y, above, **look) + 0.12
        whole = style.WIDTH - 2 * NAME[0] + JOINT
        across = typeset.abreast(len(groups), int(whole / (GROUP + JOINT)))
        for first in range(0, len(groups), across):
            row = groups[first : first + across]
            y = self._beside(y, row, whole / across - JOINT) + BETWEEN
        return y - BETWEEN

    def _beside(self, y: float, groups: list[dict], width: float) -> float:
        """Groups as boxes of this width on an arrow; returns their bottom."""
        small, language = {"size": style.SMALL}, self.words.language
        labels = [
            typeset.wrap_evenly(
                self.words.text(group, "label"),
                width - 0.2,
                style.SMALL,
                "medium",
                language=language,
            )
            for group in groups
        ]
        height = typeset.height_of(max(map(len, labels)), style.SMALL) + 0.24
        for way in (0.1 - style.WIDTH / 2, style.WIDTH / 2 - 0.1):
            arrow(self.ax, (style.WIDTH / 2, y + height / 2), (way, 0))
        look = {"weight": "medium", "colour": style.ink_on(style.ACCENT), "align": "center"} | small
        for i, lines in enumerate(labels):
            x = NAME[0] + i * (width + JOINT)
            box = Rectangle((x, y), width, height, facecolor=style.ACCENT, zorder=2)
            self.ax.add_patch(box)
            top = y + (height - typeset.height_of(len(lines), style.SMALL)) / 2
            typeset.write_lines(self.ax, x + width / 2, top, lines, **look)
        return y + height


@dataclass(frozen=True)
class Chip:
    """A law, instrument, programme, body or initiative: the lines of its name, what it is, and
    where it leads.
    """

    kind: str
    lines: list[str]
    title: str
    row: str

    @property
    def width(self) -> float:
        """Width of the chip, in cm."""
        return max(typeset.text_width(line, style.SMALL) for line in self.lines) + 2 * INSIDE

    @property
    def height(self) -> float:
        """Height of the chip, in cm; those of a row differ."""
        return CHIP + typeset.height_of(len(self.lines) - 1, style.SMALL)


def chips(
    ax: Axes, left: float, right: float, y: float, items: list[dict], notes: Notes, words: Wording
) -> float:
    """Items as chips in rows between two edges, from `y` on; returns their bottom."""
    for row in _rows(items, right - left, notes, words):
        x = left
        for chip in row:
            middle, top = x + chip.width / 2, y + beside_chip(style.SMALL)
            look = {"size": style.SMALL, "align": "center"}
            with links.said(ax, chip.title, chip.row):
                draw_chip(ax, x, y, chip.width, chip.height, chip.kind)
                typeset.write_lines(ax, middle, top, chip.lines, **look)
            x += chip.width + BETWEEN
        y += max(chip.height for chip in row) + BETWEEN
    return y - BETWEEN


def _rows(items: list[dict], whole: float, notes: Notes, words: Wording) -> list[list[Chip]]:
    rows: list[list[Chip]] = []
    for item in items:
        name = words.text(item, "label") + notes.number(item["discrepancy_id"])
        lines = typeset.wrap(name, whole - 2 * INSIDE, style.SMALL, language=words.language)
        title = ": ".join(filter(None, (name, words.text(item, "description"))))
        chip = Chip(item["kind"], lines, title, f"governance:{item['item_id']}")
        for row in rows:
            if sum(other.width + BETWEEN for other in row) + chip.width <= whole:
                row.append(chip)
                break
        else:
            rows.append([chip])
    return rows


def alike(targets: pd.DataFrame, words: Wording) -> list[pd.DataFrame]:
    """Targets that differ in nothing but their actor share a mark; the earliest first, with the
    `mark` of each and the `part` it covers, where neither mark nor size tell that.
    """
    marked = targets.assign(
        mark=[mark_of(target) for target in targets.to_dict("records")],
        part=targets[words.column("scope")],
    )
    same = ["year", "mark", "value", "qualifier", "baseline_year"]
    by_size = marked.groupby(same, dropna=False)["part"]
    # Of pledges there is but their number, which tells that they differ.
    is_told = (marked["mark"] == "climate_neutral") & marked["covers"].isin(WHOLE)
    is_told |= marked["kind"] == "pledge"
    is_vague = marked["kind"].isin(["climate_neutral", "other"]) | (
        marked["kind"].eq("temperature") & marked["value"].isna()
    )
    differ = by_size.transform("nunique") > 1
    marked["part"] = marked["part"].where(~is_told & (is_vague | differ), "")
    by_year = marked.sort_values("year", kind="stable")
    return [rows for _, rows in by_year.groupby([*same, "part"], dropna=False, sort=False)]


def title_of(rows: pd.DataFrame, words: Wording) -> str:
    """What is said of the mark that some targets share: whose each of them is, and by when."""
    actors: dict[str, list[str]] = {}
    for target in rows.to_dict("records"):
        year = "" if pd.isna(target["year"]) else f" {target['year']}"
        of_text = actors.setdefault(f"{year}: {target_text(target, words)}", [])
        of_text.append(words.text(target, "actor"))
    return "; ".join(f"{', '.join(dict.fromkeys(own))}{text}" for text, own in actors.items())


def row_of(rows: pd.DataFrame) -> str:
    """Where the mark of some targets leads: to the first of them."""
    return f"targets:{rows.iloc[0]['target_id']}"


def raised_of(rows: pd.DataFrame, notes: Notes) -> str:
    """The raised numbers of the notes on some targets."""
    numbers = map(notes.number, rows["discrepancy_id"].dropna().unique())
    return "\u202f".join(filter(None, numbers))


def label(rows: pd.DataFrame, has_actors: bool, words: Wording) -> str:
    """What the mark does not tell: the size of a target, and the actors of a level that has
    several.
    """
    target = rows.iloc[0]
    if target["kind"] == "pledge":
        return words.count("pledges", len(rows))
    actors = ", ".join(rows.drop_duplicates(HOLDER)[words.column("actor")])
    size = "" if pd.isna(target["value"]) else _size(target, words)
    if has_actors:
        return f"{actors}: {size}" if size else actors
    return size or words(target["kind"])


def _size(target: pd.Series, words: Wording) -> str:
    if target["kind"] == "temperature":
        return _warming(target, words)
    amount = words.quantity(target["value"], "percent", target["qualifier"], short=True)
    if pd.isna(target["baseline_year"]):
        return amount
    return words("cut", amount=amount, year=target["baseline_year"])


def _warming(target: pd.Series, words: Wording) -> str:
    amount = words.quantity(target["value"], "K", short=True)
    if pd.isna(target["qualifier"]):
        return words("aim", amount=amount)
    return words("warming", amount=f"{words('qualifier.' + target['qualifier'])} {amount}")


def draw_chip(ax: Axes, x: float, y: float, width: float, height: float, kind: str) -> None:
    """The shape of a chip, with its top left corner at (x, y), in the look that FILLS has for its
    `kind`; all in cm.
    """
    fill, is_round = FILLS[kind]
    shape = f"round,pad=0,rounding_size={min(height, CHIP) / 2}" if is_round else "square,pad=0"
    look = {"facecolor": fill, "edgecolor": style.tint(style.ACCENT, 0.55), "linewidth": 0.6}
    ax.add_patch(FancyBboxPatch((x, y), width, height, boxstyle=shape, **look))


def arrow(ax: Axes, start: tuple[float, float], way: tuple[float, float]) -> None:
    """A thick arrow from `start`, as far as `way` leads, in cm."""
    form = {"width": 0.09, "head_width": 0.34, "head_length": 0.36, "length_includes_head": True}
    ax.add_patch(FancyArrow(*start, *way, facecolor=style.ACCENT, edgecolor="none", **form))


def beside_chip(size: float) -> float:
    """How far below the top of a chip a line of this size begins to stand level with it, in cm."""
    return (CHIP - typeset.height_of(1, size)) / 2 - 0.02
