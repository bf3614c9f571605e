"""The look of all figures: page size, colours, and text that wraps instead of shrinking."""

from __future__ import annotations

import functools
import logging
import re
from dataclasses import dataclass
from pathlib import Path

import fontpkg_fira_sans
import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pyphen
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle
from matplotlib.textpath import TextToPath

CM = 1 / 2.54  # inches in a centimetre
WIDTH = 17.0  # text column of the report, cm
# type sizes, pt; nothing is smaller than SMALL
SMALL = 8.0
NORMAL = 8.5
LARGE = 10.0
LINE = 1.22  # line height as a multiple of the type size
SPILL = 0.2  # how far a word that cannot be hyphenated may stand over, cm
HEADING = 0.75  # height of a part's heading, cm
EDGE = 0.06  # half a stroke, cm: what touches the border of a sheet is not cut

INK = "#22272E"
MUTED = "#5B636E"
RULE = "#C9CED6"
PALE = "#EEF1F5"
PAPER = "#FFFFFF"
ACCENT = "#1F3A5F"
BLACK = "#000000"  # text on colours of middling lightness
READABLE = 4.5  # least contrast of a text with what lies behind it
# One colour per role in codebook order. Their lightness (CIE L* about 24, 36, 49, 61) tells them
# apart in grey print and for colour-blind readers, and sets each of them off from white by 3 : 1;
# codings may have more roles than the study, so the list repeats.
ROLES = ("#1F3A5F", "#8D3C18", "#358078", "#BA8C16")
SEQUENTIAL = LinearSegmentedColormap.from_list(
    "compendium", ["#F3F6FA", "#B9C9DC", "#6F8FB3", "#1F3A5F"]
)
MIDDLE = SEQUENTIAL(0.65)  # outlines and marks between accent and paper, 3 : 1 on white
ZERO = "#F6F8FA"  # cell of a count of zero
NOT_STATED = {"facecolor": "#F6F7F9", "edgecolor": RULE, "hatch": "////", "linewidth": 0.0}


def tint(colour, share: float) -> tuple:
    """The colour thinned with white: `share` 1 is the colour itself, 0 is white."""
    return tuple(1 - share * (1 - np.array(to_rgb(colour))))


# marks of the lesser kind; as light as a mark may be that stands out from white by 3 : 1
QUIET = tint(MUTED, 0.7)


def apply() -> None:
    """Makes the house style the style of every figure drawn from now on."""
    for font in sorted(Path(fontpkg_fira_sans.__file__).parent.glob("files/*.ttf")):
        font_manager.fontManager.addfont(font)
    # The second font has fewer weights than the first, which would be said in every notebook.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    matplotlib.rc_file(Path(__file__).with_name("matplotlibrc"))


def figure(height: float, width: float = WIDTH, **subplots) -> tuple[Figure, Axes]:
    """A figure of `width` by `height` cm with axes for a chart; `subplots` as for plt.subplots."""
    return plt.subplots(figsize=(width * CM, height * CM), layout="constrained", **subplots)


@dataclass
class Sheet:
    """A sheet for a diagram, as long as what is drawn on it: one data unit is one centimetre, the
    origin is the top left corner, y points down.
    """

    figure: Figure
    ax: Axes
    width: float

    def end(self, y: float) -> Figure:
        """Cuts the sheet off at `y`; returns the figure."""
        self.ax.set_ylim(y + EDGE, -EDGE)
        self.figure.set_size_inches((self.width + 2 * EDGE) * CM, (y + 2 * EDGE) * CM)
        return self.figure


def sheet(width: float = WIDTH) -> Sheet:
    """A blank sheet, `width` cm wide; its `end` says where it ends."""
    fig = plt.figure()
    ax = fig.add_axes((0, 0, 1, 1), xlim=(-EDGE, width + EDGE), ylim=(1, 0))
    ax.set_axis_off()
    return Sheet(fig, ax, width)


def not_stated(
    ax: Axes,
    x: float,
    y: float,
    width: float,
    height: float,
    text: str,
    *,
    size: float = NORMAL,
    colour=INK,
    zorder: float = 1,
) -> None:
    """A hatched cell, all in cm, that says in its middle, on plain ground, what
    the source does not state.
    """
    ground = text_width(text, size) + 0.3
    for left, across, look in (
        (x, width, NOT_STATED),
        (x + (width - ground) / 2, ground, {"facecolor": NOT_STATED["facecolor"]}),
    ):
        ax.add_patch(Rectangle((left, y), across, height, zorder=zorder, **look))
    ax.text(
        x + width / 2,
        y + height / 2,
        text,
        fontsize=size,
        color=colour,
        ha="center",
        va="center_baseline",
        zorder=zorder + 1,
    )


def role_colours(role_codes) -> dict[str, str]:
    """The colour of each role, given the roles in codebook order."""
    return {code: ROLES[i % len(ROLES)] for i, code in enumerate(role_codes)}


def on(colour) -> str:
    """The text colour for a background: dark or white, whichever contrasts more; black
    where neither is enough.
    """
    best = max((PAPER, INK), key=lambda ink: contrast(ink, colour))
    return best if contrast(best, colour) >= READABLE else BLACK


def contrast(one, other) -> float:
    """How far two colours stand apart, from 1 to 21 (Web Content Accessibility
    Guidelines 2.2, contrast ratio).
    """
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def shade(count: float, most: float):
    """The colour of a cell: the darker, the closer its count is to the greatest one; ZERO for none."""
    return SEQUENTIAL(0.15 + 0.85 * count / most) if count else ZERO


@functools.cache
def text_width(text: str, size: float = NORMAL, weight: str = "normal") -> float:
    """Width of a line of text in cm."""
    width, _, _ = TextToPath().get_text_width_height_descent(
        text, FontProperties(size=size, weight=weight), ismath=False
    )
    return width / 72 / CM


def wrap(
    text: str,
    width: float,
    size: float = NORMAL,
    weight: str = "normal",
    language: str = "de",
    indent: float = 0.0,
) -> list[str]:
    """The lines of a text set in a column of `width` cm; long words are
    hyphenated, never squeezed or cut.

    A word without a place to part it may stand over by SPILL; a longer one, such as a web address,
    goes on in the next line.

    indent: cm that the first line leaves free; it stays empty if nothing fits behind them.
    """
    lines, line = [], ""
    for word in re.split(r"[ \n]+", text.strip()):  # not at no-break spaces
        while word:
            room = width if lines else width - indent
            trial = f"{line} {word}".strip()
            if text_width(trial, size, weight) <= room:
                line, word = trial, ""
                continue
            head, tail = _hyphenate(word, line, room, size, weight, language)
            if head:
                lines.append(f"{line} {head}".strip())
                line, word = "", tail
            elif line or (indent and not lines):
                lines.append(line)
                line = ""
            else:
                fitting = _fitting(word, room, size, weight)
                line, word = word[:fitting], word[fitting:]
                if word:
                    lines.append(line)
                    line = ""
    return [*lines, line] if line else lines


def _fitting(word: str, width: float, size: float, weight: str) -> int:
    """How many letters of a word to put into `width` cm: all if they stand over by no more than
    SPILL, else those that fit, one at least.
    """
    if text_width(word, size, weight) <= width + SPILL:
        return len(word)
    return next(
        (n for n in range(len(word) - 1, 1, -1) if text_width(word[:n], size, weight) <= width), 1
    )


def wrap_evenly(
    text: str, width: float, size: float = NORMAL, weight: str = "normal", language: str = "de"
) -> list[str]:
    """The lines of a title: as many as `wrap` makes, but of similar length."""
    lines = wrap(text, width, size, weight, language)
    for narrower in np.arange(width, width / 2, -0.1):
        trial = wrap(text, narrower, size, weight, language)
        fits = all(text_width(line, size, weight) <= narrower for line in trial)
        if (
            not fits
            or len(trial) > len(lines)
            or sum(line[-1] == "-" for line in trial) > sum(line[-1] == "-" for line in lines)
        ):
            break
        lines = trial
    return lines


def _hyphenate(
    word: str, line: str, width: float, size: float, weight: str, language: str
) -> tuple[str, str]:
    """The longest beginning of `word` that fits behind `line`, with its hyphen, and the
    rest; empty if none does.
    """
    # A line is worth filling up with a fragment only where the word would not fit a line of its
    # own.
    if line and text_width(word, size, weight) <= width:
        return "", word
    pairs = [
        (head.rstrip("-") + "-", tail)
        for head, tail in pyphen.Pyphen(lang=language, left=4, right=4).iterate(word)
    ]
    pairs += [
        (word[: i + 1], word[i + 1 :])
        for i, mark in enumerate(word)
        if mark in "-/" and i + 1 < len(word)
    ]
    for head, tail in sorted(pairs, key=lambda pair: -len(pair[0])):
        if text_width(f"{line} {head}".strip(), size, weight) <= width:
            return head, tail
    return "", word


def height_of(lines: float, size: float = NORMAL) -> float:
    """Height of some lines of text in cm."""
    return lines * size * LINE / 72 / CM


def text_height(
    text: str, width: float, size: float = NORMAL, weight: str = "normal", language: str = "de"
) -> float:
    """Height in cm of a text that `write` sets in a column of `width` cm."""
    return height_of(len(wrap(text, width, size, weight, language)), size)


def write(
    ax: Axes,
    x: float,
    y: float,
    text: str,
    width: float,
    *,
    size: float = NORMAL,
    weight: str = "normal",
    colour=INK,
    align: str = "left",
    language: str = "de",
    valign: str = "top",
    style: str = "normal",
    evenly: bool = False,
) -> float:
    """Writes wrapped text on a sheet; (x, y) is its top (or with `valign` its middle) and
    its `align` edge, in cm.

    With `evenly`, its lines are of similar length. Returns the height used, in cm, so that
    the next text can go below.
    """
    lines = (wrap_evenly if evenly else wrap)(text, width, size, weight, language)
    top = y - height_of(len(lines), size) / 2 if valign == "center" else y
    return write_lines(
        ax, x, top, lines, size=size, weight=weight, colour=colour, align=align, style=style
    )


def write_lines(
    ax: Axes,
    x: float,
    y: float,
    lines: list[str],
    *,
    size: float = NORMAL,
    weight: str = "normal",
    colour=INK,
    align: str = "left",
    style: str = "normal",
) -> float:
    """Writes lines that are wrapped already; (x, y) is their top and their `align` edge;
    returns their height in cm.
    """
    for i, line in enumerate(lines):
        middle = y + height_of(i + 0.5, size)
        ax.text(
            x,
            middle,
            line,
            fontsize=size,
            fontweight=weight,
            color=colour,
            ha=align,
            va="center_baseline",
            fontstyle=style,
        )
    return height_of(len(lines), size)


def write_heading(
    ax: Axes, y: float, title: str, subtitle: str = "", *, x: float = 0, width: float = WIDTH
) -> None:
    """The heading of a part of a figure below a rule, HEADING cm in all; what holds for all of the
    part stands on the right.
    """
    ax.plot([x, x + width], [y, y], color=INK, linewidth=0.8)
    write(ax, x, y + 0.12, title, width, size=LARGE, weight="bold")
    write(ax, x + width, y + 0.17, subtitle, width, size=SMALL, colour=MUTED, align="right")


def lead_lines(
    lead: str, text: str, width: float, size: float = NORMAL, language: str = "de"
) -> list[str]:
    """The lines of `text` behind a bold beginning on the first of them; see `write_lead`."""
    return wrap(text, width, size, language=language, indent=_lead_width(lead, size)) or [""]


def write_lead(
    ax: Axes,
    x: float,
    y: float,
    lead: str,
    text: str,
    width: float,
    *,
    size: float = NORMAL,
    colour=INK,
    align: str = "left",
    language: str = "de",
) -> float:
    """Writes a paragraph of `width` cm whose first line has a bold lead, on the left or, aligned to
    the right, at its end; (x, y) is its top and its `align` edge; returns its height in cm.
    """
    lines = lead_lines(lead, text, width, size, language)
    before = _lead_width(lead, size)
    look = {"fontsize": size, "color": colour, "ha": align, "va": "center_baseline"}
    # Both hang on their edge, where the column is aligned; right-aligned, the lead comes last, so
    # that it stands beside what the paragraph belongs to.
    shift = before if align == "left" else -before
    ax.text(x, y + height_of(0.5, size), lead, fontweight="bold", **look)
    for i, line in enumerate(lines):
        ax.text(x if i else x + shift, y + height_of(i + 0.5, size), line, **look)
    return height_of(len(lines), size)


def lead_extent(lead: str, lines: list[str], size: float = NORMAL) -> float:
    """Width of the paragraph that `write_lead` makes of these lines, in cm."""
    return max(
        text_width(line, size) + (0 if i else _lead_width(lead, size))
        for i, line in enumerate(lines)
    )


def _lead_width(lead: str, size: float) -> float:
    return text_width(lead, size, "bold") + text_width("n", size) if lead else 0.0


apply()
