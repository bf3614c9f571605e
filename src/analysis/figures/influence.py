"""The areas of influence, from what a municipality does itself to what it can only encourage."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle

from analysis.drawing import style
from analysis.wording import Wording

SCALE = 1.0  # height of the scale of directness and of its wedge
WEDGE = 0.36  # cm
GUTTER = 0.3  # between columns, cm
PAD = 0.22  # inside a column, cm
TAIL = 0.35  # and the part of a column below the bars, cm


def areas_of_influence(areas: pd.DataFrame, roles: pd.DataFrame, words: Wording) -> Figure | None:
    """Areas as columns in role colours, most direct first; areas without a role as
    bars across all columns.

    areas: role_code (empty where an area cuts across), label, definition and example
    (texts), most direct first.
    roles: the role codes in codebook order. None if there are no areas.
    """
    if areas.empty:
        return None
    cuts_across = areas["role_code"].isna()
    columns, bars = areas[~cuts_across].to_dict("records"), areas[cuts_across].to_dict("records")
    width = (style.WIDTH + GUTTER) / max(len(columns), 1) - GUTTER
    rows = _row_heights(columns, width, words)
    strips = [_bar_height(bar, words) for bar in bars]
    foot = SCALE + sum(rows)
    height = foot + sum(strips) + GUTTER * len(bars) + TAIL
    fig, ax = style.canvas(height)
    _scale(ax, words)
    colours = style.role_colours(roles["code"])
    for i, area in enumerate(columns):
        _column(
            ax, i * (width + GUTTER), width, height, area, colours[area["role_code"]], rows, words
        )
    for bar, strip in zip(bars, strips, strict=True):
        _bar(ax, foot, strip, bar, words)
        foot += strip + GUTTER
    return fig


def _scale(ax: Axes, words: Wording) -> None:
    """A wedge from direct to indirect influence."""
    half = style.WIDTH / 2
    style.write(ax, 0, 0, words("direct"), half, weight="medium", language=words.language)
    style.write(
        ax,
        style.WIDTH,
        0,
        words("indirect"),
        half,
        weight="medium",
        align="right",
        language=words.language,
    )
    top, bottom = SCALE - 0.15 - WEDGE, SCALE - 0.15
    corners = [(0, top), (style.WIDTH, bottom - 0.04), (style.WIDTH, bottom), (0, bottom)]
    ax.add_patch(Polygon(corners, facecolor=style.QUIET, edgecolor="none"))


def _row_heights(columns: list[dict], width: float, words: Wording) -> tuple[float, float, float]:
    """Heights of the rows that all columns share: name, definition, example."""

    def tallest(stem: str, size: float = style.NORMAL, weight: str = "normal") -> float:
        texts = [words.about(area, stem) for area in columns]
        return (
            max(
                (
                    style.text_height(text, width - 2 * PAD, size, weight, words.language)
                    for text in texts
                ),
                default=0.0,
            )
            + 2 * PAD
        )

    return (
        tallest("label", style.LARGE, "bold"),
        tallest("definition"),
        tallest("example") + style.height_of(1, style.SMALL),
    )


def _column(
    ax: Axes,
    x: float,
    width: float,
    height: float,
    area: dict,
    colour: str,
    rows: tuple[float, float, float],
    words: Wording,
) -> None:
    head, definition, _ = rows
    ax.add_patch(
        Rectangle(
            (x, SCALE), width, height - SCALE, facecolor=style.tint(colour, 0.12), edgecolor="none"
        )
    )
    ax.add_patch(Rectangle((x, SCALE), width, head, facecolor=colour, edgecolor="none"))
    left, inside = x + PAD, width - 2 * PAD
    title = {
        "size": style.LARGE,
        "weight": "bold",
        "colour": style.on(colour),
        "valign": "center",
        "evenly": True,
    }
    style.write(
        ax,
        left,
        SCALE + head / 2,
        words.about(area, "label"),
        inside,
        language=words.language,
        **title,
    )
    style.write(
        ax,
        left,
        SCALE + head + PAD,
        words.about(area, "definition"),
        inside,
        language=words.language,
    )
    _example(ax, left, SCALE + head + definition, area, inside, words)


def _example(ax: Axes, x: float, y: float, area: dict, width: float, words: Wording) -> None:
    y += style.write(
        ax,
        x,
        y,
        words("example"),
        width,
        size=style.SMALL,
        colour=style.MUTED,
        language=words.language,
    )
    style.write(ax, x, y, words.about(area, "example"), width, language=words.language)


def _bar_parts() -> list[tuple[float, float]]:
    """Left edge and width of a bar's name, definition and example: a quarter, a half
    and a quarter of the page.
    """
    quarter = (style.WIDTH + GUTTER) / 4
    return [
        (PAD, quarter - GUTTER - 2 * PAD),
        (quarter + PAD, 2 * quarter - GUTTER - 2 * PAD),
        (3 * quarter + PAD, quarter - GUTTER - 2 * PAD),
    ]


def _bar_height(bar: dict, words: Wording) -> float:
    (_, name), (_, definition), (_, example) = _bar_parts()
    return 2 * PAD + max(
        style.text_height(words.about(bar, "label"), name, style.LARGE, "bold", words.language),
        style.text_height(words.about(bar, "definition"), definition, language=words.language),
        style.text_height(words.about(bar, "example"), example, language=words.language)
        + style.height_of(1, style.SMALL),
    )


def _bar(ax: Axes, y: float, height: float, bar: dict, words: Wording) -> None:
    (name_x, name), (definition_x, definition), (example_x, example) = _bar_parts()
    ax.add_patch(
        Rectangle(
            (0, y), style.WIDTH, height, facecolor=style.PAPER, edgecolor=style.INK, linewidth=1.2
        )
    )
    style.write(
        ax,
        name_x,
        y + PAD,
        words.about(bar, "label"),
        name,
        size=style.LARGE,
        weight="bold",
        language=words.language,
    )
    style.write(
        ax,
        definition_x,
        y + PAD,
        words.about(bar, "definition"),
        definition,
        language=words.language,
    )
    _example(ax, example_x, y + PAD, bar, example, words)
