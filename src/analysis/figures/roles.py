"""The study's own figure: the roles of a municipality, their action fields, and
what can be done in each.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import zip_longest

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.drawing import style
from analysis.wording import Wording

# columns that fit beside each other; more roles than that share further rows of columns
SIDE_BY_SIDE = 4
LEAD = 0.8  # height of the line on top, cm
GAP = 0.18  # space between cards, cm
PAD = 0.22  # space inside them, cm
BULLET = 0.24  # indent of a measure behind its bullet, cm
SKIP = 0.13  # space between measures, cm
RULE = 0.07  # line on a card, cm


@dataclass(frozen=True)
class _Card:
    """An action field: the lines of its name, their number of measures, and of each measure its
    lines and literature mark.
    """

    title: list[str]
    count: str
    entries: list[tuple[list[str], str]]

    @property
    def head(self) -> float:
        return PAD + style.height_of(len(self.title)) + style.height_of(1, style.SMALL) + 0.2

    @property
    def body(self) -> float:
        return (
            sum(style.height_of(len(lines), style.SMALL) + SKIP for lines, _ in self.entries)
            - SKIP
            + 1.3 * PAD
        )


@dataclass(frozen=True)
class _Column:
    """A role: the lines of its name, its colour and its cards."""

    title: list[str]
    colour: str
    cards: list[_Card]


@dataclass(frozen=True)
class _Bank:
    """Columns that stand beside each other, each `width` cm wide; their cards form rows."""

    columns: list[_Column]
    width: float

    @property
    def head(self) -> float:
        return 2 * PAD + style.height_of(
            max(len(column.title) for column in self.columns), style.LARGE
        )

    @property
    def rows(self) -> list[tuple[float, float]]:
        """The heights of head and body of the cards in each row."""
        rows = zip_longest(*(column.cards for column in self.columns))
        return [
            (max(card.head for card in row if card), max(card.body for card in row if card))
            for row in rows
        ]

    @property
    def height(self) -> float:
        return self.head + sum(head + body + GAP for head, body in self.rows)


def role_cards(measures: pd.DataFrame, codes: pd.DataFrame, words: Wording) -> Figure | None:
    """Roles as columns in their colours, their action fields as cards, the
    measures on them as short lines.

    measures: field_code, label and mark (literature numbers such as [2,5], or
    empty), in order of display.
    codes: code, dimension, role_code and label, in codebook order. None if there are no measures.
    """
    roles = codes[codes["dimension"] == "role"]
    if roles.empty or measures.empty:
        return None
    across = math.ceil(len(roles) / math.ceil(len(roles) / SIDE_BY_SIDE))
    width = (style.WIDTH - (across - 1) * GAP) / across
    colours = style.role_colours(roles["code"])
    fields = {role: codes[codes["role_code"] == role] for role in roles["code"]}
    columns = [
        _column(role, colours[role["code"]], fields[role["code"]], measures, width, words)
        for role in roles.to_dict("records")
    ]
    banks = [_Bank(columns[i : i + across], width) for i in range(0, len(columns), across)]
    fig, ax = style.canvas(LEAD + sum(bank.height for bank in banks))
    _lead(ax, len(columns), sum(map(len, fields.values())), len(measures), words)
    y = LEAD
    for bank in banks:
        _draw_bank(ax, y, bank)
        y += bank.height
    return fig


def _column(
    role: dict,
    colour: str,
    fields: pd.DataFrame,
    measures: pd.DataFrame,
    width: float,
    words: Wording,
) -> _Column:
    inside = width - 2 * PAD
    cards = []
    for field in fields.to_dict("records"):
        chosen = measures[measures["field_code"] == field["code"]].to_dict("records")
        title = style.wrap_evenly(
            words.about(field, "label"), inside, weight="bold", language=words.language
        )
        cards.append(
            _Card(
                title,
                _counted("measures", len(chosen), words),
                [_entry(measure, inside - BULLET, words) for measure in chosen],
            )
        )
    title = style.wrap_evenly(
        words.about(role, "label"), inside, style.LARGE, "bold", words.language
    )
    return _Column(title, colour, cards)


def _entry(measure: dict, width: float, words: Wording) -> tuple[list[str], str]:
    mark = measure["mark"]
    lines = style.wrap(
        f"{words.about(measure, 'label')} {mark}", width, style.SMALL, language=words.language
    )
    # A mark must not stand alone: the last word comes down to it.
    if lines[-1] == mark and " " in lines[-2]:
        start, _, word = lines[-2].rpartition(" ")
        lines[-2:] = [start, f"{word} {mark}"]
    return lines, mark


def _counted(what: str, n: int, words: Wording) -> str:
    form = {0: "none", 1: "one"}.get(n, "many")
    return words(f"{what}.{form}", n=words.number(n))


def _lead(ax: Axes, roles: int, fields: int, measures: int, words: Wording) -> None:
    y = (LEAD - GAP) / 2
    style.write(
        ax, 0, y, words("lead"), style.WIDTH / 2, size=style.LARGE, weight="medium", valign="center"
    )
    sums = " · ".join(
        _counted(what, n, words)
        for what, n in {"roles": roles, "fields": fields, "measures": measures}.items()
    )
    style.write(
        ax,
        style.WIDTH - 0.03,
        y,
        sums,
        style.WIDTH / 2,
        colour=style.MUTED,
        align="right",
        valign="center",
    )


def _draw_bank(ax: Axes, y: float, bank: _Bank) -> None:
    for i, column in enumerate(bank.columns):
        x = i * (bank.width + GAP)
        ax.add_patch(Rectangle((x, y), bank.width, bank.head, facecolor=column.colour))
        offset = (bank.head - style.height_of(len(column.title), style.LARGE)) / 2
        style.write_lines(
            ax,
            x + PAD,
            y + offset,
            column.title,
            size=style.LARGE,
            weight="bold",
            colour=style.on(column.colour),
        )
        top = y + bank.head
        for card, (head, body) in zip(column.cards, bank.rows, strict=False):
            ax.add_patch(
                Rectangle(
                    (x, top), bank.width, head + body, facecolor=style.tint(column.colour, 0.1)
                )
            )
            if not card.entries:
                ax.add_patch(Rectangle((x, top + head), bank.width, body, **style.NOT_STATED))
            ax.add_patch(Rectangle((x, top), bank.width, RULE, facecolor=column.colour))
            _draw_card(ax, x + PAD, top, card, head, column.colour)
            top += head + body + GAP


def _draw_card(ax: Axes, x: float, y: float, card: _Card, head: float, colour: str) -> None:
    style.write_lines(ax, x, y + PAD, card.title, weight="bold")
    style.write_lines(
        ax,
        x,
        y + PAD + style.height_of(len(card.title)),
        [card.count],
        size=style.SMALL,
        colour=style.MUTED,
    )
    y += head
    middle = style.height_of(0.5, style.SMALL)
    for lines, mark in card.entries:
        ax.add_patch(Rectangle((x, y + middle - 0.045), 0.09, 0.09, facecolor=colour))
        last = lines[-1].removesuffix(mark)
        y += style.write_lines(ax, x + BULLET, y, [*lines[:-1], last], size=style.SMALL)
        behind = (style.text_width(last, style.SMALL) * style.CM * 72, 0)
        ax.annotate(
            mark,
            (x + BULLET, y - middle),
            behind,
            textcoords="offset points",
            va="center_baseline",
            fontsize=style.SMALL,
            color=style.MUTED,
        )
        y += SKIP
