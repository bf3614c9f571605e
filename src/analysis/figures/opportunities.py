"""Opportunities and limits: on which topics statements of one kind outnumber those of the other."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.drawing import style
from analysis.wording import Wording

# widths of labels, their indent and a side; left edge of the legend, cm
LABELS = 5.1
INDENT = 0.25
SIDE = 3.66
LEGEND = 13.4
STEP = 0.61  # distance of squares, cm
BETWEEN = 0.06  # white between them, cm
TITLE = 0.72  # height of titles
PAD = 0.07  # space around squares and beside zero
GAP = 0.1  # cm
ZERO = LABELS + SIDE + GAP  # where the zero line stands, cm
COLOURS = (style.QUIET, style.ACCENT)  # of the left and of the right side

Square = tuple[str, bool]  # initials, is filled


@dataclass(frozen=True)
class Row:
    """A topic with its squares to the left and to the right of zero, or the title of
    a group, which has none.
    """

    label: str
    height: float = TITLE
    left: tuple[Square, ...] = ()
    right: tuple[Square, ...] = ()

    @property
    def is_title(self) -> bool:
        """There is nothing to draw but the label."""
        return not self.left and not self.right

    @property
    def surplus(self) -> int:
        """How many more squares stand on the right."""
        return len(self.right) - len(self.left)


@dataclass(frozen=True)
class Note:
    """An entry of the legend: a square (is it filled?), initials or no sign at all,
    and the lines of its text.
    """

    sign: bool | str | None
    lines: list[str]

    @property
    def height(self) -> float:
        """The height of the entry, in cm."""
        return style.height_of(len(self.lines), style.SMALL) + 0.12


def topic_balance(
    marks: pd.DataFrame,
    topics: pd.DataFrame,
    sides: pd.DataFrame,
    places: pd.DataFrame,
    words: Wording,
) -> Figure | None:
    """Topics (rows, grouped by which side has more) with one square per statement to the left
    and to the right of zero.

    marks: code (of a side), with_code (a topic; missing: none), initials, is_filled; a row per
    square. topics: codes with labels. sides: two codes with labels, left first. places: initials
    with their label, in order. None if there are no marks.
    """
    if marks.empty:
        return None
    # Initials that do not fit into a square make all of them wider.
    step = max(STEP, *(style.text_width(initials) + 0.2 for initials in marks["initials"].unique()))
    rows = _rows(marks, topics, sides, list(places["initials"]), int(SIDE / step), words)
    notes = _notes(marks, topics, places, step, words)
    names = [
        style.wrap(name, SIDE, style.LARGE, "bold", words.language)
        for name in sides[words.column("label")]
    ]
    head = max(0.0, style.height_of(max(map(len, names)), style.LARGE) + 0.15 - TITLE)
    height = max(sum(row.height for row in rows), 0.3 + sum(note.height for note in notes))
    fig, ax = style.canvas(head + height + 0.1)
    _head(ax, head + TITLE, names)
    _legend(ax, head + 0.3, notes, step)
    y = head  # the first title stands beside the names of the sides
    for row in rows:
        _row(ax, y, row, step, words.language)
        y += row.height
    ax.plot([ZERO, ZERO], [head + TITLE, y], color=style.INK, linewidth=0.8)
    return fig


def _rows(
    marks: pd.DataFrame,
    topics: pd.DataFrame,
    sides: pd.DataFrame,
    order: list[str],
    per_line: int,
    words: Wording,
) -> list[Row]:
    """The topics that were spoken of, those with most on the right first, under
    the titles of their groups.
    """
    label = words.column("label")
    marks = marks.assign(place=marks["initials"].map(order.index)).sort_values(
        ["is_filled", "place"], ascending=[False, True]
    )
    named = [
        (name, marks[marks["with_code"] == code])
        for code, name in zip(topics["code"], topics[label], strict=True)
    ]
    rows = [
        _topic(name, of_topic, sides["code"], per_line, words.language)
        for name, of_topic in named
        if len(of_topic)
    ]
    left, right = sides[label]
    titles = {-1: words("mostly", side=left), 0: words("even"), 1: words("mostly", side=right)}
    grouped = []
    for sign, group in groupby(
        sorted(rows, key=lambda row: -row.surplus),
        key=lambda row: (row.surplus > 0) - (row.surplus < 0),
    ):
        grouped += [_title(titles[sign], words.language), *group]
    rest = marks[marks["with_code"].isna()]
    if len(rest):
        grouped += [
            _title(words("rest"), words.language),
            _topic(words("no_topic"), rest, sides["code"], per_line, words.language),
        ]
    return grouped


def _title(label: str, language: str) -> Row:
    return Row(
        label,
        TITLE
        + style.text_height(label, LABELS, weight="bold", language=language)
        - style.height_of(1),
    )


def _topic(label: str, marks: pd.DataFrame, sides: pd.Series, per_line: int, language: str) -> Row:
    """The row of a topic, as high as its label and its squares need."""
    squares = [marks[marks["code"] == side] for side in sides]
    lines = -(-max(map(len, squares)) // per_line)
    text = style.text_height(label, LABELS - INDENT, language=language)
    return Row(
        label,
        max(lines * STEP, text) + 2 * PAD,
        *(tuple(zip(side["initials"], side["is_filled"], strict=True)) for side in squares),
    )


def _head(ax: Axes, bottom: float, names: list[list[str]]) -> None:
    for lines, x, align, colour in zip(
        names, (ZERO - GAP, ZERO + GAP), ("right", "left"), (style.MUTED, style.ACCENT), strict=True
    ):
        top = bottom - 0.07 - style.height_of(len(lines), style.LARGE)
        style.write_lines(
            ax, x, top, lines, size=style.LARGE, weight="bold", align=align, colour=colour
        )


def _row(ax: Axes, y: float, row: Row, step: float, language: str) -> None:
    """A title or a topic, its top at y."""
    if row.is_title:
        style.write(
            ax,
            0,
            y + (row.height + TITLE) / 2 - 0.28,
            row.label,
            LABELS,
            weight="bold",
            valign="center",
            language=language,
        )
        return
    style.write(
        ax,
        INDENT,
        y + row.height / 2,
        row.label,
        LABELS - INDENT,
        valign="center",
        language=language,
    )
    for squares, direction, colour in zip((row.left, row.right), (-1, 1), COLOURS, strict=True):
        for i, (initials, is_filled) in enumerate(squares):
            line, place = divmod(i, int(SIDE / step))
            x = ZERO + direction * (GAP + (place + 0.5) * step)
            _square(
                ax,
                x,
                y + PAD + (line + 0.5) * STEP,
                step - BETWEEN,
                initials,
                colour if is_filled else style.PAPER,
                colour,
            )


def _square(ax: Axes, x: float, y: float, width: float, initials: str, face, edge) -> None:
    """A statement, its middle at (x, y)."""
    height = STEP - BETWEEN
    ax.add_patch(
        Rectangle(
            (x - width / 2, y - height / 2),
            width,
            height,
            facecolor=face,
            edgecolor=edge,
            linewidth=1,
        )
    )
    ax.text(x, y, initials, ha="center", va="center_baseline", color=style.on(face))


def _notes(
    marks: pd.DataFrame, topics: pd.DataFrame, places: pd.DataFrame, step: float, words: Wording
) -> list[Note]:
    """What the signs mean, as far as they occur, and which topics have no square."""
    label, width = words.column("label"), style.WIDTH - LEGEND
    used = places[places["initials"].isin(marks["initials"])]
    signs = [
        (True, words("filled")),
        (False, words("hollow")),
        *zip(used["initials"], used[label], strict=True),
    ]
    notes = [
        Note(sign, style.wrap(text, width - step, style.SMALL, language=words.language))
        for sign, text in signs
    ]
    silent = topics.loc[~topics["code"].isin(marks["with_code"]), label]
    if len(silent):
        text = words("silent", topics=words.listing(silent))
        notes.append(
            Note(None, ["", *style.wrap(text, width, style.SMALL, language=words.language)])
        )
    return notes


def _legend(ax: Axes, y: float, notes: list[Note], step: float) -> None:
    """The notes below each other, texts as far right of their signs as a square is from the next."""
    for note in notes:
        if isinstance(note.sign, bool):
            face = style.MUTED if note.sign else style.PAPER
            ax.add_patch(
                Rectangle(
                    (LEGEND, y + 0.05),
                    0.24,
                    0.24,
                    facecolor=face,
                    edgecolor=style.MUTED,
                    linewidth=1,
                )
            )
        elif note.sign:
            style.write_lines(ax, LEGEND, y, [note.sign], size=style.SMALL, weight="bold")
        x = LEGEND if note.sign is None else LEGEND + step
        style.write_lines(ax, x, y, note.lines, size=style.SMALL, colour=style.MUTED)
        y += note.height
