"""The layout of the levels of governance: bands with targets on a common axis of years,
chips in rows, and groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.drawing import style
from analysis.drawing.marks import HOLDER
from analysis.wording import Wording

# columns from left to right, cm
NAME = (0.8, 2.92)
AXIS = (3.5, 7.25)
UNDATED = 7.94
CHIPS = (8.42, 16.2)
PAD = 0.22  # margin inside a band, cm
CHIP = 0.48  # height of a chip, cm
BETWEEN = 0.11  # space between lines, cm
MARK = 0.22  # space between a mark and its label, cm
INSIDE = 0.16  # beside the text of a chip, cm
JOINT = 0.3  # and between groups, cm


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


@dataclass(frozen=True)
class Target:
    """A mark on the axis and the lines of its label, on the side where there is more room."""

    kind: str
    x: float
    lines: list[str]

    @property
    def to_left(self) -> bool:
        """Whether the label stands left of the mark."""
        return to_left(self.x)

    @property
    def height(self) -> float:
        """Height with the space below, in cm; a label of one line is as high as a chip."""
        return max(style.height_of(len(self.lines), style.SMALL), CHIP) + BETWEEN


@dataclass(frozen=True)
class Chip:
    """A law, instrument, programme, body or initiative: the lines of its name."""

    kind: str
    lines: list[str]

    @property
    def width(self) -> float:
        """Width of the chip, in cm."""
        return max(style.text_width(line, style.SMALL) for line in self.lines) + 2 * INSIDE

    @property
    def height(self) -> float:
        """Height of the chip, in cm."""
        return CHIP + style.height_of(len(self.lines) - 1, style.SMALL)


@dataclass(frozen=True)
class Band:
    """A level: the lines of its name, its targets, its chips in rows, and the lines of the groups
    that stand beside each other.
    """

    is_municipal: bool
    name: list[str]
    targets: list[Target]
    chips: list[list[Chip]]
    groups: list[list[str]]

    @property
    def upper(self) -> float:
        """Height of name, targets and chips, in cm."""
        name = style.height_of(len(self.name), self.size)
        targets = sum(target.height for target in self.targets) - BETWEEN
        chips = sum(row_height(row) + BETWEEN for row in self.chips) - BETWEEN
        return max(CHIP, name, targets, chips) + 2 * PAD

    @property
    def size(self) -> float:
        """Type size of the name, pt."""
        return size_of(self.is_municipal)

    @property
    def box(self) -> float:
        """Height of the boxes of the groups, in cm."""
        return style.height_of(max(map(len, self.groups)), style.SMALL) + 0.24

    @property
    def height(self) -> float:
        """Height of the whole band, in cm."""
        return self.upper + (
            style.height_of(1, style.SMALL) + 0.12 + self.box + PAD if self.groups else 0
        )


def bands(
    levels: pd.DataFrame, items: pd.DataFrame, targets: pd.DataFrame, years: Years, words: Wording
) -> list[Band]:
    """A band for each level, in order; frames as for `governance_levels`."""
    found = []
    for level in levels.to_dict("records"):
        size = size_of(level["is_municipal"])
        name = style.wrap_evenly(
            words.about(level, "label"), NAME[1] - NAME[0], size, "bold", words.language
        )
        marks = _targets(targets[targets["level_id"] == level["level_id"]], years, words)
        own = items[items["level_id"] == level["level_id"]]
        chips = _rows(own[own["kind"] != "group"].to_dict("records"), words)
        groups = _groups(
            own.loc[own["kind"] == "group", words.column("label")].tolist(), words.language
        )
        found.append(Band(level["is_municipal"], name, marks, chips, groups))
    return found


def size_of(is_municipal: bool) -> float:
    """Type size of a level's name, pt; the municipal one is larger."""
    return style.LARGE if is_municipal else style.NORMAL


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
        if not years.lines or years.x(year) - years.x(years.lines[-1]) > 0.75:
            years.lines.append(int(year))
    return years


def to_left(x: float) -> bool:
    """Whether the label of a mark at `x` stands left of it."""
    return x > sum(AXIS) / 2


def row_height(chips: list[Chip]) -> float:
    """Height of a row of chips, in cm."""
    return max(chip.height for chip in chips)


def _targets(targets: pd.DataFrame, years: Years, words: Wording) -> list[Target]:
    """A mark for targets that differ in nothing but their actor, the earliest first."""
    same = ["year", "kind", "value", "qualifier", "baseline_year"]
    has_actors = len(targets.drop_duplicates(HOLDER)) > 1
    found = []
    for (year, kind, *_), rows in targets.sort_values("year", kind="stable").groupby(
        same, dropna=False, sort=False
    ):
        x, text = years.x(year), _label(rows, has_actors, words)
        if pd.notna(year) and year not in years.lines:
            text = f"{year} {text}"
        room = (x - NAME[1] if to_left(x) else CHIPS[0] - 0.1 - x) - MARK
        found.append(Target(kind, x, style.wrap(text, room, style.SMALL, language=words.language)))
    return found


def _label(rows: pd.DataFrame, has_actors: bool, words: Wording) -> str:
    """What the mark does not tell: the size of a cut or limit, and the actors of
    a level that has several.
    """
    target = rows.iloc[0]
    actors = ", ".join(rows.drop_duplicates(HOLDER)[words.column("actor")])
    if target["kind"] == "pledge":
        return words("pledges", n=words.number(len(rows)))
    if target["kind"] == "reduction":
        amount = words.quantity(target["value"], "percent", target["qualifier"], short=True)
        text = words("cut", amount=amount, year=target["baseline_year"])
    elif target["kind"] == "temperature":
        limit = (
            "" if pd.isna(target["qualifier"]) else words(f"qualifier.{target['qualifier']}") + " "
        )
        text = words(
            "warming" if limit else "aim",
            amount=limit + words.quantity(target["value"], "K", short=True),
        )
    else:
        return actors if has_actors else words(target["kind"])
    return f"{actors}: {text}" if has_actors else text


def _rows(items: list[dict], words: Wording) -> list[list[Chip]]:
    """The items as chips in rows, each in the first row where it has room."""
    rows: list[list[Chip]] = []
    whole = CHIPS[1] - CHIPS[0]
    for item in items:
        chip = Chip(
            item["kind"],
            style.wrap(
                words.about(item, "label"), whole - 2 * INSIDE, style.SMALL, language=words.language
            ),
        )
        row = next(
            (
                row
                for row in rows
                if sum(other.width + BETWEEN for other in row) + chip.width <= whole
            ),
            None,
        )
        if row is None:
            rows.append(row := [])
        row.append(chip)
    return rows


def _groups(labels: list[str], language: str) -> list[list[str]]:
    room = group_width(len(labels)) - 0.2
    return [style.wrap_evenly(label, room, style.SMALL, "medium", language) for label in labels]


def group_width(groups: int) -> float:
    """Width of the box of one of several groups, in cm; together they are as wide as the
    figure, but for the margins.
    """
    return (style.WIDTH - 2 * NAME[0] + JOINT) / max(groups, 1) - JOINT
