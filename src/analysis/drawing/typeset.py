"""Text that wraps instead of shrinking: measured, broken into lines, hyphenated, written.

Places and widths are in cm, `size` is that of the type in pt, `weight` and `style` are
matplotlib's, and a `language` is the one in which words are hyphenated.
"""

from __future__ import annotations

import functools
import itertools
import math
import re

import numpy as np
import pyphen
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from analysis.drawing.style import CM, INK, LARGE, MUTED, NORMAL, SMALL, WIDTH
from analysis.files.textfile import texts

LINE = 1.22  # line height as a multiple of the type size
SPILL = 0.2  # how far a word that cannot be hyphenated may stand over, cm
HEADING = 0.75  # height of a part's heading, cm
RAISED = 0.14  # how far `lift` raises a text, as a multiple of the type size


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
    *,
    language: str,
    indent: float = 0.0,
) -> list[str]:
    """The lines of a text set in a column of `width` cm; long words are
    hyphenated, never squeezed or cut.

    A word without a place to part it may stand over by SPILL; a longer one, such as a web address,
    goes on in the next line.

    indent: cm that the first line leaves free; it stays empty if nothing fits behind them.
    """
    lines, line = [], ""
    # Not at no-break spaces, nor before a number that would be the last line.
    for word in re.split(r"[ \t\n]+(?!\d{1,2}\W?$)", text.strip()):
        while word:
            room = width if lines else width - indent
            trial = f"{line} {word}".strip()
            if text_width(trial, size, weight) <= room:
                line, word = trial, ""
                continue
            # A line that is begun is not worth a part of a word that fits the next one.
            is_begun = line or (indent and not lines)
            if is_begun and text_width(word, size, weight) <= width:
                head, tail = "", word
            else:
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
    text: str, width: float, size: float = NORMAL, weight: str = "normal", *, language: str
) -> list[str]:
    """The lines of a title: as many as `wrap` makes, but of similar length."""
    lines = wrap(text, width, size, weight, language=language)
    for narrower in np.arange(width, width / 2, -0.1):
        trial = wrap(text, narrower, size, weight, language=language)
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
    """The longest beginning of `word` that fits behind `line`, with its hyphen, and the rest; empty
    if none does. A word with hyphens of its own is parted there, if it can be.
    """
    own = [match.end() for match in re.finditer(r"[-/](?=.)", word)]
    between = [
        (word[: part.start()] + head + "-", tail + word[part.end() :])
        for part in re.finditer(r"[^-/]+", word)
        for head, tail in _parted(part[0], language)
    ]
    between.sort(key=lambda pair: -len(pair[0]))
    for head, tail in [*((word[:i], word[i:]) for i in reversed(own)), *between]:
        if text_width(f"{line} {head}".strip(), size, weight) <= width:
            return head, tail
    return "", word


def _parted(word: str, language: str) -> list[tuple[str, str]]:
    """The ways to part a word: those that the text `hyphenation` of common.yml gives for it, as no
    pattern knows where compounds have their joint; else those of the language, none if it is one
    that has no patterns.
    """
    letters = "".join(itertools.takewhile(str.isalpha, word)).lower()
    for known in texts("common")["hyphenation"].get(language, "").split():
        if known.replace("-", "").lower() == letters:
            ends = itertools.accumulate(map(len, known.split("-")[:-1]))
            return [(word[:end], word[end:]) for end in ends]
    patterns = pyphen.language_fallback(language)
    return list(pyphen.Pyphen(lang=patterns, left=4, right=4).iterate(word)) if patterns else []


def height_of(lines: float, size: float = NORMAL) -> float:
    """Height of some lines of text in cm."""
    return lines * size * LINE / 72 / CM


def lift(size: float = NORMAL) -> float:
    """How far above a place Matplotlib's `center_baseline` is to set a text for its digits and
    capitals to have their middle there, in cm.
    """
    return RAISED * size / 72 / CM


def text_height(
    text: str, width: float, size: float = NORMAL, weight: str = "normal", *, language: str
) -> float:
    """Height in cm of a text that `write` sets in a column of `width` cm."""
    return height_of(len(wrap(text, width, size, weight, language=language)), size)


def shared(needs: list[float], room: float) -> list[float]:
    """Widths of columns that fill `room`, as even as what each needs allows: none gets less if
    there is enough for all; else none gets more.
    """
    is_enough, widths = sum(needs) <= room, [0.0] * len(needs)
    order = sorted(range(len(needs)), key=needs.__getitem__, reverse=is_enough)
    for done, i in enumerate(order):
        even = room / (len(needs) - done)
        widths[i] = max(needs[i], even) if is_enough else min(needs[i], even)
        room -= widths[i]
    return widths


def abreast(n: int, most: int) -> int:
    """How many of `n` things to set beside each other, where more than `most` have no room: so that
    as few rows as that takes are about equally full.
    """
    return math.ceil(n / math.ceil(n / most))


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
    language: str,
    valign: str = "top",
    style: str = "normal",
    evenly: bool = False,
) -> float:
    """Writes wrapped text on a sheet; (x, y) is its top (or with `valign` its middle) and
    its `align` edge, in cm.

    With `evenly`, its lines are of similar length. Returns the height used, in cm, so that
    the next text can go below.
    """
    lines = (wrap_evenly if evenly else wrap)(text, width, size, weight, language=language)
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
        ax.text(
            x,
            y + height_of(i + 0.5, size) - lift(size),
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
    ax: Axes, y: float, title: str, subtitle: str = "", *, width: float = WIDTH, language: str
) -> float:
    """The heading of a part of a figure below a rule; what holds for all of the part stands on the
    right or, where there is no room, below it. Returns the height: HEADING cm, or more.
    """
    ax.plot([0, width], [y, y], color=INK, linewidth=0.8)
    look = {"size": LARGE, "weight": "bold", "language": language}
    high = write(ax, 0, y + 0.12, title, width, **look) - height_of(1, LARGE)
    small = {"size": SMALL, "colour": MUTED, "language": language}
    if text_width(title, LARGE, "bold") + text_width(subtitle, SMALL) + SPILL < width:
        write(ax, width, y + 0.17, subtitle, width, align="right", **small)
    elif subtitle:
        high += write(ax, 0, y + high + 0.6, subtitle, width, **small)
    return HEADING + high


def lead_lines(
    lead: str,
    text: str,
    width: float,
    size: float = NORMAL,
    *,
    align: str = "left",
    language: str,
) -> list[tuple[str, str]]:
    """The lines of a paragraph with a bold lead, each with what of it is bold and what is not; see
    `write_lead`.
    """
    bold = wrap(lead, width, size, "bold", language=language) or [""]
    plain = wrap(text, width, size, language=language, indent=_lead_width(bold[-1], size)) or [""]
    if align == "right" and lead and len(bold) + len(plain) > 2:
        # Behind the first of several lines, a lead would stand in the middle of the text.
        plain = ["", *wrap(text, width, size, language=language)]
    joint = (bold[-1], plain[0])
    return [*((line, "") for line in bold[:-1]), joint, *(("", line) for line in plain[1:])]


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
    language: str,
) -> float:
    """Writes a paragraph of `width` cm that begins in bold; (x, y) is its top and its `align` edge.
    Aligned to the right, the lead stands at the end of a single line, and above several.

    Returns the height used, in cm.
    """
    lines = lead_lines(lead, text, width, size, align=align, language=language)
    look = {"fontsize": size, "color": colour, "ha": align, "va": "center_baseline"}
    for i, (bold, plain) in enumerate(lines):
        middle, before = y + height_of(i + 0.5, size) - lift(size), _lead_width(bold, size)
        # Both hang on their edge, where the column is aligned; right-aligned, the lead comes last,
        # so that it stands beside what the paragraph belongs to.
        ax.text(x, middle, bold, fontweight="bold", **look)
        ax.text(x + (before if align == "left" else -before), middle, plain, **look)
    return height_of(len(lines), size)


def lead_extent(lines: list[tuple[str, str]]) -> float:
    """Width of the paragraph that `write_lead` makes of these lines in the usual size, in cm."""
    return max(_lead_width(bold, NORMAL) + text_width(plain, NORMAL) for bold, plain in lines)


def _lead_width(lead: str, size: float) -> float:
    return text_width(lead, size, "bold") + text_width("n", size) if lead else 0.0
