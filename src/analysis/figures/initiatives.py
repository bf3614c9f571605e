"""How a network of initiatives grew against its target; and, as a table, what was done for it and
what the report gives as results.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.drawing import links, style, typeset
from analysis.wording import Wording

TASKS = ("core_task", "subtask")
KINDS = (*TASKS, "result")  # the kinds of items that the table lists, in order
LABEL = 4.4  # left edge of the bars, cm
INDENT = 0.3  # white between a bar and what stands left of it, cm
BAR = 0.9  # height of the bars, cm
ROW = 1.3  # and least distance of their tops, cm
NUMBER = 20  # size of a number, pt
DIGIT = 0.48  # and height of its digits, cm
ROOM = 1.4  # least room for a number behind a bar, cm
BEHIND = 0.2  # white between a bar and its number, cm
AIM = 0.6  # height of the line of the target above the bars, with a line of text, cm
BESIDE = 0.15  # white between that line and its text, cm
START = style.ACCENT
ADDED = style.tint(style.ACCENT, 0.55)


def draw(facts: pd.DataFrame, words: Wording, width: float = style.WIDTH) -> Figure | None:
    """Bars for the size of a network at its start and its end on one scale, what was there from the
    start dark in both of them; the target as a line; notes on the numbers below.

    facts: `part` (start, end or target), and what the table of this name holds. None if there is
    neither a start nor an end that is a number.
    """
    sized = _sized(facts)
    parts = {fact["part"]: fact for fact in sized.to_dict("records")}
    bars = [parts[part] for part in ("start", "end") if part in parts]
    if not bars:
        return None
    sheet, most, present = style.sheet(width), sized["value"].max() or 1, bars[0]["value"]
    longest = max(
        typeset.text_width(words.text(bar, "short"), NUMBER, "medium") + BEHIND for bar in bars
    )
    right = width - max(ROOM, longest)
    growth = _Growth(sheet.ax, most, present, right, parts.get("target"), words, width)
    y = top = growth.above
    for bar in bars:
        with links.said(sheet.ax, words.text(bar, "display"), f"facts:{bar['fact_id']}"):
            y = growth.bar(y, bar)
    if "target" in parts:
        aim = parts["target"]
        with links.said(sheet.ax, words.text(aim, "display"), f"facts:{aim['fact_id']}"):
            growth.aim(top, y - (ROW - BAR) / 2)
    return sheet.end(growth.notes(y, facts.sort_values("value")))


def headline(facts: pd.DataFrame, words: Wording) -> str:
    """From how many initiatives to how many the network grew, and how many it was to have."""
    sizes = {
        fact["part"]: words.quantity(fact["value"], fact["unit"], fact["qualifier"])
        for fact in _sized(facts).to_dict("records")
    }
    if {"start", "end", "target"} <= set(sizes):
        return words("headline", **sizes)
    return words("headline.growth" if {"start", "end"} <= set(sizes) else "headline.some", **sizes)


def table(facts: pd.DataFrame, words: Wording) -> pd.DataFrame:
    """The numbers as stated, with their year and what a reader must know of them."""
    return pd.DataFrame({
        "label": facts[words.column("indicator")],
        "text": facts[words.column("display")],
        "year": facts["year"],
        "note": facts[words.column("note")],
    })  # fmt: skip


def alt(facts: pd.DataFrame, words: Wording) -> str:
    """The bars and the line that there are, and the numbers that they stand for."""
    parts = set(_sized(facts)["part"])
    numbers = facts[words.column("indicator")] + ": " + facts[words.column("display")]
    bars = words.count("alt.bars", len(parts & {"start", "end"}))
    drawn = words("alt.target", bars=bars) if "target" in parts else bars
    said = words("alt", drawn=drawn, numbers="; ".join(numbers))
    return f"{said} {words('alt.growth')}" if _has_grown(facts) else said


def caption(facts: pd.DataFrame, source: str, words: Wording) -> str:
    """What the numbers are, who gives them, and what is not said of growth, if there is any."""
    parts = set(_sized(facts)["part"])
    is_whole = {"start", "end"} <= parts
    key = "caption.some" if not is_whole else "caption" if "target" in parts else "caption.growth"
    told = words(key, source=source)
    return f"{told} {words('caption.open')}" if _has_grown(facts) else told


def _sized(facts: pd.DataFrame) -> pd.DataFrame:
    """Those that are a number; of several, the source may say no more."""
    return facts.dropna(subset="value")


def _has_grown(facts: pd.DataFrame) -> bool:
    """Whether the network was larger at its end than at its start."""
    sizes = facts.set_index("part")["value"]
    return {"start", "end"} <= set(sizes.index) and sizes["end"] > sizes["start"]


def work(items: pd.DataFrame, words: Wording) -> pd.DataFrame:
    """Tasks and results in the order of the source, a result with the task it belongs to.

    items: item_id, kind (one of `KINDS`), order, parent_id, label, description.
    """
    names = items.set_index("item_id")[words.column("label")]
    rows = pd.concat([items[items["kind"] == kind] for kind in KINDS])
    results = rows["kind"] == "result"
    return pd.DataFrame({
        "kind": [words(f"kind.{kind}") for kind in rows["kind"]],
        "label": rows[words.column("label")],
        "text": rows[words.column("description")],
        "task": rows["parent_id"].where(results).map(names).fillna(""),
    })  # fmt: skip


@dataclass(frozen=True)
class _Growth:
    """The bars, and what they are drawn on: `most` is the greatest number on the scale, at `right`
    (cm), `present` what was there from the start.
    """

    ax: Axes
    most: float
    present: float
    right: float
    target: dict | None
    words: Wording
    width: float

    @property
    def is_narrow(self) -> bool:
        """Whether names stand above the bars."""
        return self.width < style.WIDTH

    @property
    def left(self) -> float:
        """Where the bars begin, in cm."""
        return 0 if self.is_narrow else LABEL

    def x(self, value: float) -> float:
        """Where a value lies on the scale from 0 to the greatest one, in cm."""
        return self.left + value / self.most * (self.right - self.left)

    @cached_property
    def text(self) -> dict:
        """How texts are set."""
        return {"language": self.words.language}

    def bar(self, y: float, fact: dict) -> float:
        """A bar with its name and its number, its top at `y`; returns where the next one begins."""
        indicator = self.words.text(fact, "indicator")
        room = self.width if self.is_narrow else LABEL - INDENT
        name = typeset.wrap(indicator, room, **self.text)
        when = [] if pd.isna(fact["year"]) else [self.words.date(fact["year"])]
        top = y + (BAR - typeset.height_of(len(name) + len(when))) / 2
        if self.is_narrow:
            top, y = y, y + typeset.height_of(len(name) + len(when)) + 0.1
        below = top + typeset.write_lines(self.ax, 0, top, name)
        below += typeset.write_lines(self.ax, 0, below, when, colour=style.MUTED)
        start, end = self.x(min(self.present, fact["value"])), self.x(fact["value"])
        for left, right, colour, key in (
            (self.left, start, START, "present"),
            (start, end, ADDED, "added"),
        ):
            self.ax.add_patch(Rectangle((left, y), right - left, BAR, facecolor=colour))
            if end > start:
                self._inside(left, right, y, self.words(key), style.ink_on(colour))
        look = {"fontsize": NUMBER, "fontweight": "medium", "va": "baseline"}
        amount = self.words.text(fact, "short")
        self.ax.text(end + BEHIND, y + (BAR + DIGIT) / 2, amount, **look)
        return max(y + ROW, below + 0.1)

    def _inside(self, left: float, right: float, y: float, text: str, colour: str) -> None:
        """The text of a part of a bar, if there is room for it before the line of the target."""
        aim = self.x(self.target["value"]) if self.target else right
        right = aim if left < aim < right else right
        if typeset.text_width(text, style.SMALL) + 0.4 <= right - left:
            look = {"fontsize": style.SMALL, "color": colour, "va": "center_baseline"}
            middle = y + BAR / 2 - typeset.lift(style.SMALL)
            self.ax.text(left + 0.2, middle, text, **look)

    @cached_property
    def above(self) -> float:
        """Height of what stands above the bars, in cm."""
        return AIM + typeset.height_of(len(self._aim[0]) - 1) if self.target else 0.0

    @cached_property
    def _aim(self) -> tuple[list[str], float, str]:
        """The lines of the target's text, where they stand, and on which side they end."""
        x = self.x(self.target["value"])
        name, amount = (self.words.text(self.target, stem) for stem in ("indicator", "short"))
        is_left = x > (self.left + self.width) / 2
        place, align = (x - BESIDE, "right") if is_left else (x + BESIDE, "left")
        room = place - self.left if is_left else self.width - place
        return typeset.wrap(f"{name}: {amount}", room, weight="bold", **self.text), place, align

    def aim(self, top: float, bottom: float) -> None:
        """A dashed line through the bars, its text above them on the side with more room."""
        x, (lines, place, align) = self.x(self.target["value"]), self._aim
        look = {"color": style.INK, "linewidth": 1.2, "linestyle": (0, (3, 2)), "zorder": 3}
        self.ax.plot([x, x], [top - self.above, bottom], **look)
        typeset.write_lines(self.ax, place, top - self.above, lines, weight="bold", align=align)

    def notes(self, y: float, facts: pd.DataFrame) -> float:
        """What a reader must know of the numbers, the smallest first; returns where it ends."""
        small = {"size": style.SMALL}
        for fact in facts.dropna(subset=self.words.column("note")).to_dict("records"):
            amount, note = self.words.text(fact, "short"), self.words.text(fact, "note")
            look = {"colour": style.MUTED} | small | self.text
            if self.is_narrow:
                y += typeset.write_lead(self.ax, 0, y, amount, note, self.width, **look) + 0.1
                continue
            bold = {"weight": "bold", "align": "right"} | small
            typeset.write_lines(self.ax, LABEL - INDENT, y, [amount], **bold)
            y += typeset.write(self.ax, LABEL, y, note, style.WIDTH - LABEL, **look)
        return y
