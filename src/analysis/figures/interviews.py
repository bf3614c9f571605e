"""The interviews: who was asked, how, and to which block of the guide their statements belong."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from babel.units import format_unit
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.drawing import style
from analysis.wording import Wording

TEXT = 5.3  # widths: who was asked, cm
TOTAL = 0.9  # totals, cm
WIDEST = 3.2  # and at most a block of the guide, cm
# room for a count, size and distance of squares, cm; squares in a line
NUMBER = 0.55
SQUARE = 0.3
STEP = 0.35
PER_LINE = 5
PAD = 0.24  # space above and below a row, cm
FOOT = 0.7  # height of the legend, cm
LOOKS = {  # by attribution, surest first
    "explicit": {"facecolor": style.ACCENT, "edgecolor": style.ACCENT},
    "inferred": {"facecolor": style.MIDDLE, "edgecolor": style.MIDDLE},
    "collective": {"facecolor": style.PAPER, "edgecolor": style.ACCENT},
    "none": {**style.NOT_STATED, "edgecolor": style.MUTED, "linewidth": 0.6},
}


@dataclass(frozen=True)
class Row:
    """A municipality, what is said about its interviews, and its statements (rows:
    blocks, columns: attributions).
    """

    title: list[str]
    lines: list[str]
    counts: pd.DataFrame

    def height(self, per_line: int) -> float:
        """What its text and its squares need, in cm."""
        text = style.height_of(len(self.title), style.LARGE) + style.height_of(len(self.lines))
        return max(text, STEP * -(-self.counts.sum(axis=1).max() // per_line)) + 2 * PAD


def interview_overview(
    interviews: pd.DataFrame,
    municipalities: pd.DataFrame,
    blocks: pd.DataFrame,
    counts: pd.DataFrame,
    words: Wording,
) -> Figure | None:
    """Municipalities (rows) with how they were asked, and their statements per block of the guide
    (columns) as small squares.

    interviews, municipalities: as the tables. blocks: code, label and `questions` (a count), in
    order. counts: code, municipality_id (missing for statements of no municipality),
    attribution, statements (a count). None if the guide has no blocks, or there are neither
    interviews nor statements.
    """
    if blocks.empty or (interviews.empty and counts.empty):
        return None
    width = min(WIDEST, (style.WIDTH - TEXT - TOTAL) / len(blocks))
    per_line = max(1, min(PER_LINE, int((width - NUMBER) / STEP)))
    rows = _rows(interviews, municipalities, blocks, counts, words)
    heights = [row.height(per_line) for row in rows]
    labels = [
        style.wrap_evenly(label, width - 0.25, weight="medium", language=words.language)
        for label in blocks[words.column("label")]
    ]
    head = style.height_of(max(map(len, labels)) + 1) + 0.2
    fig, ax = style.canvas(head + sum(heights) + FOOT)
    _head(ax, head, width, labels, blocks["questions"], words)
    y = head
    for row, height in zip(rows, heights, strict=True):
        _row(ax, y, height, width, per_line, row, words)
        y += height
    _legend(ax, y + FOOT, [name for name in LOOKS if name in set(counts["attribution"])], words)
    return fig


def _rows(
    interviews: pd.DataFrame,
    municipalities: pd.DataFrame,
    blocks: pd.DataFrame,
    counts: pd.DataFrame,
    words: Wording,
) -> list[Row]:
    """Every municipality that was asked or has statements, then the statements of none."""
    places = municipalities["municipality_id"]
    shown = municipalities[
        places.isin(interviews["municipality_id"]) | places.isin(counts["municipality_id"])
    ]
    rows = []
    for place in shown.to_dict("records"):
        asked = interviews[interviews["municipality_id"] == place["municipality_id"]].to_dict(
            "records"
        )
        about = [text for interview in asked for text in ("", *_about(interview, words))][1:] or [
            words("not_asked")
        ]
        here = counts[counts["municipality_id"] == place["municipality_id"]]
        rows.append(_set(words.about(place, "label"), about, _by_block(here, blocks), words))
    of_none = counts[counts["municipality_id"].isna()]
    return (
        [*rows, _set(words("no_municipality"), [], _by_block(of_none, blocks), words)]
        if len(of_none)
        else rows
    )


def _set(title: str, texts: list[str], counts: pd.DataFrame, words: Wording) -> Row:
    lines = [
        line
        for text in texts
        for line in style.wrap(text, TEXT - 0.25, language=words.language) or [""]
    ]
    return Row(style.wrap(title, TEXT - 0.25, style.LARGE, "bold", words.language), lines, counts)


def _by_block(counts: pd.DataFrame, blocks: pd.DataFrame) -> pd.DataFrame:
    wide = counts.pivot(index="code", columns="attribution", values="statements")
    return wide.reindex(index=blocks["code"], columns=list(LOOKS)).fillna(0).astype(int)


def _about(interview: dict, words: Wording) -> list[str]:
    """Who was asked, how, and when: the texts under the name of a municipality."""
    who = words(f"who.{interview['consent']}", office=words.about(interview, "function"))
    if pd.isna(interview["duration"]):
        length = words(f"no_duration.{interview['mode']}")
    else:
        length = format_unit(interview["duration"], "duration-hour", "long", locale=words.locale)
    how = f"{words('mode.' + interview['mode'])}, {length}"
    return [who, how, words.date(interview["period"])]


def _head(
    ax: Axes,
    bottom: float,
    width: float,
    labels: list[list[str]],
    questions: pd.Series,
    words: Wording,
) -> None:
    last = bottom - 0.2 - style.height_of(1)
    for i, (lines, n) in enumerate(zip(labels, questions, strict=True)):
        x = TEXT + i * width
        style.write_lines(ax, x, last - style.height_of(len(lines)), lines, weight="medium")
        asked = words("questions.one" if n == 1 else "questions.many", n=words.number(n))
        style.write_lines(ax, x, last, [asked], size=style.SMALL, colour=style.MUTED)
    right = TEXT + len(labels) * width + TOTAL
    ax.plot([0, right], [bottom, bottom], color=style.RULE, linewidth=0.8)
    style.write_lines(ax, right, last, [words("total")], weight="medium", align="right")


def _row(
    ax: Axes, y: float, height: float, width: float, per_line: int, row: Row, words: Wording
) -> None:
    right = TEXT + len(row.counts) * width + TOTAL
    ax.plot([0, right], [y + height] * 2, color=style.RULE, linewidth=0.8)
    top = y + PAD
    below = top + style.write_lines(ax, 0, top, row.title, size=style.LARGE, weight="bold")
    style.write_lines(ax, 0, below, row.lines, colour=style.MUTED)
    for i, counts in enumerate(row.counts.to_dict("records")):
        _cell(ax, TEXT + i * width, top, per_line, counts, words)
    total = words.number(int(row.counts.to_numpy().sum()))
    style.write_lines(ax, right, top, [total], size=style.LARGE, weight="bold", align="right")


def _cell(
    ax: Axes, x: float, top: float, per_line: int, counts: dict[str, int], words: Wording
) -> None:
    squares = [look for name, look in LOOKS.items() for _ in range(counts[name])]
    colour = style.INK if squares else style.MUTED
    first = style.write_lines(
        ax, x, top, [words.number(len(squares))], size=style.LARGE, colour=colour
    )
    for i, look in enumerate(squares):
        line, place = divmod(i, per_line)
        corner = (x + NUMBER + place * STEP, top + (first - SQUARE) / 2 + line * STEP)
        ax.add_patch(Rectangle(corner, SQUARE, SQUARE, **look))


def _legend(ax: Axes, bottom: float, names: list[str], words: Wording) -> None:
    look = {"size": style.SMALL, "colour": style.MUTED}
    top = bottom - style.height_of(1, style.SMALL) - 0.05
    style.write_lines(ax, 0, top, [words("legend")], **look)
    x = style.text_width(words("legend"), style.SMALL) + 0.4
    for name in names:
        ax.add_patch(Rectangle((x, top + 0.07), 0.2, 0.2, **LOOKS[name]))
        text = words(f"legend.{name}")
        style.write_lines(ax, x + 0.34, top, [text], **look)
        x += 0.34 + style.text_width(text, style.SMALL) + 0.5
