"""The study's own figure: the roles of a municipality, their action fields, and
what can be done in each.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.drawing import links, style, typeset
from analysis.wording import FEW, Wording

# least width of a column, cm; more roles than fit beside each other share further rows of columns
COLUMN = 4.1
LEAD = 0.8  # height of the line on top, cm
GAP = 0.18  # space between cards, cm
PAD = 0.22  # space inside them, cm
COUNT = 0.85  # room for a role's number of measures, cm
NUMBER = 16  # size of that number, pt
BULLET = 0.24  # indent of a measure behind its bullet, cm
DOT = 0.09  # side of a bullet, cm
SKIP = 0.13  # space between measures, cm
RULE = 0.07  # line on a card, cm
NOTHING = 0.5  # height of the hatching on a card without measures, cm


def draw(
    measures: pd.DataFrame, codes: pd.DataFrame, words: Wording, whole: float = style.WIDTH
) -> Figure | None:
    """Roles as columns in their colours, their action fields as cards, the measures on them as
    short lines; the more measures, the longer the column.

    measures: role_code, field_code, label and mark (literature numbers such as [2,5], or empty), in
    order of display. codes: code, dimension, role_code and label, in codebook order. None if there
    are no measures.
    """
    roles = codes[codes["dimension"] == "role"]
    if roles.empty or measures.empty:
        return None
    across = typeset.abreast(len(roles), int(whole / COLUMN))
    width = (whole - (across - 1) * GAP) / across
    colours = style.role_colours(roles["code"])
    sheet = style.sheet(whole)
    sizes = len(roles), int(codes["role_code"].notna().sum()), len(measures)
    y = _lead(sheet.ax, sizes, words, whole)
    columns = [
        _Column(sheet.ax, i % across * (width + GAP), width, colours[role["code"]], role, words)
        for i, role in enumerate(roles.to_dict("records"))
    ]
    for first in range(0, len(columns), across):
        beside = columns[first : first + across]
        head = max(column.head_height for column in beside)
        y = GAP + max(column.draw(y, head, codes, measures) for column in beside)
    return sheet.end(y - GAP)


def headline(measures: pd.DataFrame, codes: pd.DataFrame, words: Wording) -> str:
    """In which role a municipality has most measures, if not all; every one, where several have as
    many.
    """
    by_role, total = measures["role_code"].value_counts(), len(measures)
    first = codes[codes["code"].isin(by_role.index[by_role == by_role.max()])]
    numbers = {"most": words.numeral(int(by_role.max())), "total": words.numeral(total)}
    if len(first) > FEW:
        return words("headline.tied", n=words.numeral(len(first)), **numbers)
    names = first[words.column("label")]
    roles = words.listing(words("quoted", text=name) for name in names)
    if by_role.max() == total:
        return words.count("headline.all", total, roles=roles)
    return words.count("headline", len(first), roles=roles, **numbers)


def caption(measures: pd.DataFrame, words: Wording, left_out: int = 0) -> str:
    """What is shown, for how many measures the study cites literature, if for any, and how many are
    left out, as their field belongs to no role.
    """
    cited = words.numeral(int(measures["mark"].ne("").sum()))
    literature = words("caption.literature", cited=cited) if measures["mark"].any() else ""
    numbers = {"measures": words.numeral(len(measures)), "cited": cited}
    rest = words.count("caption.left_out", left_out) if left_out else ""
    return f"{words('caption', literature=literature, **numbers)} {rest}".strip()


def table(measures: pd.DataFrame, codes: pd.DataFrame, words: Wording) -> pd.DataFrame:
    """The measures with the names of their role and field and the keys of their literature."""
    names = codes.set_index("code")[words.column("label")]
    return pd.DataFrame({
        "role": measures["role_code"].map(names),
        "field": measures["field_code"].map(names),
        "label": measures[words.column("label")],
        "mark": measures["mark"],
        "literature": measures["literature"].str.replace("; *", ", ", regex=True),
    })  # fmt: skip


def alt(measures: pd.DataFrame, codes: pd.DataFrame, words: Wording) -> str:
    """The roles in their order and the number of measures in each field."""
    roles, fields = codes[codes["dimension"] == "role"], codes.dropna(subset="role_code")
    counts = measures["field_code"].value_counts().reindex(fields["code"], fill_value=0)
    by_field = zip(fields[words.column("label")], counts, strict=True)
    return words(
        "alt",
        roles=words.numeral(len(roles)),
        fields=words.numeral(len(fields)),
        measures=words.numeral(len(measures)),
        role_list="; ".join(roles[words.column("label")]),
        field_list="; ".join(f"{label} {words.number(n)}" for label, n in by_field),
    )


def _lead(ax: Axes, sizes: tuple[int, int, int], words: Wording, whole: float) -> float:
    """The line on top: what the columns are, and how many roles, fields and measures there are;
    returns where they begin.
    """
    look, y = {"valign": "center", "language": words.language}, (LEAD - GAP) / 2
    lead = {"size": style.LARGE, "weight": "medium"}
    typeset.write(ax, 0, y, words("lead"), whole, **lead, **look)
    counts = zip(("roles", "fields", "measures"), sizes, strict=True)
    sums = " · ".join(words.count(what, n) for what, n in counts)
    beside = typeset.text_width(words("lead"), **lead) + typeset.text_width(sums)
    low = 0 if beside < whole - GAP else typeset.height_of(1) + 0.12
    right = {"colour": style.MUTED, "align": "right"}
    typeset.write(ax, whole - 0.03, y + low, sums, whole, **right, **look)
    return LEAD + low


@dataclass(frozen=True)
class _Column:
    """A role and where it is drawn: its left edge and its width, in cm."""

    ax: Axes
    x: float
    width: float
    colour: str
    role: dict
    words: Wording

    @cached_property
    def title(self) -> list[str]:
        """The lines of the role's name, beside its number of measures."""
        room = self.width - 2 * PAD - COUNT
        name = self.words.text(self.role, "label")
        return typeset.wrap_evenly(name, room, style.LARGE, "bold", language=self.words.language)

    @property
    def head_height(self) -> float:
        """Height of the head in cm; those of neighbours are as high as the highest one."""
        return 2 * PAD + typeset.height_of(len(self.title), style.LARGE)

    def draw(self, y: float, head: float, codes: pd.DataFrame, measures: pd.DataFrame) -> float:
        """The head, `head` cm high, and the fields of the role below it; returns where they end."""
        code = self.role["code"]
        self._head(y, head, int((measures["role_code"] == code).sum()))
        y = end = y + head
        for field in codes[codes["role_code"] == code].to_dict("records"):
            own = measures[measures["field_code"] == field["code"]].to_dict("records")
            bottom = self._card(y, field, own)
            ground = {"facecolor": style.tint(self.colour, 0.1), "zorder": 0}
            self.ax.add_patch(Rectangle((self.x, y), self.width, bottom - y, **ground))
            self.ax.add_patch(Rectangle((self.x, y), self.width, RULE, facecolor=self.colour))
            y, end = bottom + GAP, bottom
        return end

    def _head(self, y: float, height: float, n: int) -> None:
        """The name of the role and how many measures it has."""
        self.ax.add_patch(Rectangle((self.x, y), self.width, height, facecolor=self.colour))
        ink = {"colour": style.ink_on(self.colour)}
        top = y + (height - typeset.height_of(len(self.title), style.LARGE)) / 2
        look = {"size": style.LARGE, "weight": "bold"} | ink
        typeset.write_lines(self.ax, self.x + PAD, top, self.title, **look)
        top = y + (height - typeset.height_of(1, NUMBER)) / 2
        look = {"size": NUMBER, "align": "right"} | ink
        right = self.x + self.width - PAD
        typeset.write_lines(self.ax, right, top, [self.words.number(n)], **look)

    def _card(self, y: float, field: dict, measures: list[dict]) -> float:
        """The name of a field and each of its measures; returns where they end."""
        x, inside = self.x + PAD, self.width - 2 * PAD
        name = self.words.text(field, "label")
        title = typeset.wrap_evenly(name, inside, weight="bold", language=self.words.language)
        y += PAD + typeset.write_lines(self.ax, x, y + PAD, title, weight="bold")
        count = [self.words.count("measures", len(measures))]
        y += typeset.write_lines(self.ax, x, y, count, size=style.SMALL, colour=style.MUTED) + 0.2
        if not measures:
            self.ax.add_patch(Rectangle((self.x, y), self.width, NOTHING, **style.NOT_STATED))
            return y + NOTHING
        for measure in measures:
            row = f"measures:{measure['measure_id']}"
            with links.said(self.ax, self.words.text(measure, "label"), row):
                y = self._measure(x, y, measure, inside - BULLET) + SKIP
        return y - SKIP + 1.3 * PAD

    def _measure(self, x: float, y: float, measure: dict, room: float) -> float:
        """A measure behind its bullet, its mark in a lighter ink; returns where it ends."""
        lines, mark = _lines(measure, room, self.words), measure["mark"]
        middle = typeset.height_of(0.5, style.SMALL)
        bullet = Rectangle((x, y + middle - DOT / 2), DOT, DOT, facecolor=self.colour)
        self.ax.add_patch(bullet)
        last = lines[-1].removesuffix(mark)
        y += typeset.write_lines(self.ax, x + BULLET, y, [*lines[:-1], last], size=style.SMALL)
        behind = (typeset.text_width(last, style.SMALL) * style.CM * 72, 0)
        look = {"fontsize": style.SMALL, "color": style.MUTED, "va": "center_baseline"}
        start = (x + BULLET, y - middle - typeset.lift(style.SMALL))
        self.ax.annotate(mark, start, behind, textcoords="offset points", **look)
        return y


def _lines(measure: dict, width: float, words: Wording) -> list[str]:
    """The lines of a measure with its mark, which does not stand alone in the last of them."""
    text = f"{words.text(measure, 'label')} {measure['mark']}"
    lines = typeset.wrap(text, width, style.SMALL, language=words.language)
    if lines[-1] == measure["mark"] and " " in lines[-2]:
        start, _, word = lines[-2].rpartition(" ")
        lines[-2:] = [start, f"{word} {measure['mark']}"]
    return lines
