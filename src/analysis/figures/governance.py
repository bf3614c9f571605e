"""The levels of governance: the targets and instruments that each of them sets for the
municipality at the bottom.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrow, FancyBboxPatch, Rectangle

from analysis.drawing import style
from analysis.drawing.marks import TARGETS, legend, legend_height, mark
from analysis.figures.parts.levels import (
    AXIS,
    BETWEEN,
    CHIP,
    CHIPS,
    JOINT,
    MARK,
    NAME,
    PAD,
    UNDATED,
    Band,
    Years,
    bands,
    group_width,
    row_height,
    years_of,
)
from analysis.wording import Wording

HEAD = 1.2  # heights of the head
GAP = 0.1  # of the space between bands and of that above the legend
LEGEND_GAP = 0.15  # cm
# width of the strips beside the bands, where the arrows run; only the municipal band covers them,
# cm
EDGE = 0.6
# Fill of a chip, and whether its ends are round: bodies and voluntary action have round ends, rules
# and money have corners.
FILLS = {
    "law": (style.tint(style.ACCENT, 0.38), False),
    "instrument": (style.tint(style.ACCENT, 0.18), False),
    "programme": (style.PAPER, False),
    "institution": (style.tint(style.ACCENT, 0.18), True),
    "initiative": (style.PAPER, True),
}


def governance_levels(
    levels: pd.DataFrame, items: pd.DataFrame, targets: pd.DataFrame, words: Wording
) -> Figure | None:
    """Levels as bands, top first; in each its targets on a common axis of years, and its laws,
    instruments and initiatives as chips.

    levels: level_id, label, is_municipal. items: level_id, kind, label; those of the kind `group`
    stand beside each other.
    targets: level_id, actor, kind, year, value (per cent, or degrees Celsius), qualifier,
    baseline_year. None if there are no levels.
    """
    if levels.empty:
        return None
    years = years_of(targets, levels)
    ordered = items.sort_values(
        "kind",
        key=lambda kinds: kinds.map({kind: i for i, kind in enumerate(FILLS)}),
        kind="stable",
    )
    found = bands(levels, ordered, targets, years, words)
    bottom = HEAD + sum(band.height + GAP for band in found)
    kinds = [kind for kind in TARGETS if kind in set(targets["kind"])]
    chips = bottom + LEGEND_GAP + legend_height(kinds, words)
    fig, ax = style.canvas(chips + style.height_of(1) + GAP)
    _head(ax, years, words)
    y = HEAD
    for band in found:
        if band.is_municipal and y > HEAD:
            _up_and_down(ax, y - GAP, words)
        _band(ax, y, band, years, words)
        y += band.height + GAP
    legend(ax, bottom + LEGEND_GAP, kinds, words)
    _chip_legend(ax, chips, [kind for kind in FILLS if kind in set(items["kind"])], words)
    return fig


def _head(ax: Axes, years: Years, words: Wording) -> None:
    for x, text in ((AXIS[0] - MARK / 2, words("targets")), (CHIPS[0], words("items"))):
        style.write(ax, x, 0.08, text, style.WIDTH, weight="medium")
    for x, text in [(years.x(year), str(year)) for year in years.lines] + [
        (UNDATED, words("undated"))
    ]:
        ax.text(
            x,
            HEAD - 0.12,
            text,
            ha="center",
            va="baseline",
            fontsize=style.SMALL,
            color=style.MUTED,
        )


def _up_and_down(ax: Axes, bottom: float, words: Wording) -> None:
    """Beside the upper levels: rules come down to the municipality, influence goes up from it."""
    _arrow(ax, (EDGE / 2, HEAD), (0, bottom - HEAD))
    _arrow(ax, (style.WIDTH - EDGE / 2, bottom), (0, HEAD - bottom))
    for x, align, text in ((0.05, "left", "downwards"), (style.WIDTH - 0.05, "right", "upwards")):
        form = {"fontsize": style.SMALL, "fontweight": "medium", "color": style.ACCENT}
        ax.text(x, HEAD - 0.12, words(text), ha=align, va="baseline", **form)


def _band(ax: Axes, y: float, band: Band, years: Years, words: Wording) -> None:
    edge, fill = (0, style.tint(style.ACCENT, 0.14)) if band.is_municipal else (EDGE, style.PALE)
    ax.add_patch(Rectangle((edge, y), style.WIDTH - 2 * edge, band.height, facecolor=fill))
    for x in [*map(years.x, years.lines), UNDATED]:
        ax.plot([x, x], [y, y + band.upper], color=style.PAPER, linewidth=1.2, zorder=1)
    style.write_lines(
        ax, NAME[0], y + PAD + _beside_chip(band.size), band.name, size=band.size, weight="bold"
    )
    _targets(ax, y + PAD, band, words)
    _chips(ax, y + PAD, band, words)
    if band.groups:
        _groups(ax, y + band.upper, band, words)


def _targets(ax: Axes, y: float, band: Band, words: Wording) -> None:
    if not band.targets:
        _absent(ax, AXIS[0] - MARK, y, UNDATED + MARK, words("no_targets"))
    for target in band.targets:
        top = y + _beside_chip(style.SMALL)
        mark(ax, target.x, top + style.height_of(0.5, style.SMALL), target.kind)
        x, align = (target.x - MARK, "right") if target.to_left else (target.x + MARK, "left")
        style.write_lines(ax, x, top, target.lines, size=style.SMALL, align=align)
        y += target.height


def _chips(ax: Axes, y: float, band: Band, words: Wording) -> None:
    if not band.chips:
        _absent(ax, CHIPS[0], y, CHIPS[1], words("no_items"))
    for row in band.chips:
        x = CHIPS[0]
        for chip in row:
            _chip(ax, x, y, chip.width, chip.height, chip.kind)
            style.write_lines(
                ax,
                x + chip.width / 2,
                y + _beside_chip(style.SMALL),
                chip.lines,
                size=style.SMALL,
                align="center",
            )
            x += chip.width + BETWEEN
        y += row_height(row) + BETWEEN


def _chip(ax: Axes, x: float, y: float, width: float, height: float, kind: str) -> None:
    fill, is_round = FILLS[kind]
    shape = f"round,pad=0,rounding_size={min(height, CHIP) / 2}" if is_round else "square,pad=0"
    edge = style.tint(style.ACCENT, 0.55)
    ax.add_patch(
        FancyBboxPatch(
            (x, y), width, height, boxstyle=shape, facecolor=fill, edgecolor=edge, linewidth=0.6
        )
    )


def _groups(ax: Axes, y: float, band: Band, words: Wording) -> None:
    """The groups as boxes on a common arrow: they act beside each other, not above one another."""
    style.write_lines(ax, NAME[0], y, [words("beside")], size=style.SMALL, colour=style.MUTED)
    y += style.height_of(1, style.SMALL) + 0.12
    for way in (0.1 - style.WIDTH / 2, style.WIDTH / 2 - 0.1):
        _arrow(ax, (style.WIDTH / 2, y + band.box / 2), (way, 0))
    width = group_width(len(band.groups))
    for i, lines in enumerate(band.groups):
        x = NAME[0] + i * (width + JOINT)
        ax.add_patch(Rectangle((x, y), width, band.box, facecolor=style.ACCENT, zorder=2))
        top = y + (band.box - style.height_of(len(lines), style.SMALL)) / 2
        style.write_lines(
            ax,
            x + width / 2,
            top,
            lines,
            size=style.SMALL,
            weight="medium",
            colour=style.on(style.ACCENT),
            align="center",
        )


def _absent(ax: Axes, x: float, y: float, right: float, text: str) -> None:
    style.not_stated(
        ax, x, y, right - x, CHIP, text, size=style.SMALL, colour=style.MUTED, zorder=2
    )


def _arrow(ax: Axes, start: tuple[float, float], way: tuple[float, float]) -> None:
    form = {"width": 0.09, "head_width": 0.34, "head_length": 0.36, "length_includes_head": True}
    ax.add_patch(FancyArrow(*start, *way, facecolor=style.ACCENT, edgecolor="none", **form))


def _chip_legend(ax: Axes, y: float, kinds: list[str], words: Wording) -> None:
    x = 0.0
    for kind in kinds:
        text = words(f"kind.{kind}")
        _chip(ax, x, y + 0.04, 0.5, 0.28, kind)
        style.write(ax, x + 0.62, y, text, style.WIDTH, language=words.language)
        x += style.text_width(text) + 1.1


def _beside_chip(size: float) -> float:
    """How far below the top of a chip a line of this size begins that stands level with it, in cm."""
    return (CHIP - style.height_of(1, size)) / 2 - 0.02
