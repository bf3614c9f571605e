"""The look of all figures: the size of a page, type and colours."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import fontpkg_fira_sans
import matplotlib
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure

FONTS = sorted(Path(fontpkg_fira_sans.__file__).parent.glob("files/*.ttf"))
CM = 1 / 2.54  # inches in a centimetre
WIDTH = 17.0  # text column of the report, cm
NARROW = 9.0  # and of a phone, which shows a drawing of this width in its size
# type sizes, pt; nothing is smaller than SMALL
SMALL = 8.0
NORMAL = 8.5
LARGE = 10.0
EDGE = 0.06  # half a stroke, cm: what touches the border of a sheet is not cut

INK = "#22272E"
MUTED = "#5B636E"
RULE = "#C9CED6"
PALE = "#EEF1F5"
PAPER = "#FFFFFF"
ACCENT = "#1F3A5F"
BLACK = "#000000"  # text on colours of middling lightness
READABLE = 4.5  # least contrast of a text with what lies behind it
FLARE = 0.05  # what a screen adds to every luminance (Web Content Accessibility Guidelines 2.2)
# One colour per role in codebook order. Their lightness (CIE L* about 24, 36, 49, 61) tells them
# apart in grey print and for colour-blind readers, and sets each of them off from white by 3 : 1.
ROLES = ("#1F3A5F", "#8D3C18", "#358078", "#BA8C16")
SEQUENTIAL = LinearSegmentedColormap.from_list(
    "compendium", ["#F3F6FA", "#B9C9DC", "#6F8FB3", "#1F3A5F"]
)
MIDDLE = SEQUENTIAL(0.65)  # outlines and marks between accent and paper, 3 : 1 on white
ZERO = "#F6F8FA"  # cell of a count of zero


def tint(colour, share: float) -> tuple:
    """The colour thinned with white: `share` 1 is the colour itself, 0 is white."""
    return tuple(1 - share * (1 - np.array(to_rgb(colour))))


# marks of the lesser kind; as light as a mark may be that stands out from white by 3 : 1
QUIET = tint(MUTED, 0.7)
NOT_STATED = {"facecolor": PAPER, "edgecolor": QUIET, "hatch": "////", "linewidth": 0.0}


def apply() -> None:
    """Makes the house style the style of every figure drawn from now on."""
    for font in FONTS:
        font_manager.fontManager.addfont(font)
    # The second font has fewer weights than the first, which would be said in every notebook.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    matplotlib.rc_file(Path(__file__).with_name("matplotlibrc"))


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
    fig = Figure()
    ax = fig.add_axes((0, 0, 1, 1), xlim=(-EDGE, width + EDGE), ylim=(1, 0))
    ax.set_axis_off()
    return Sheet(fig, ax, width)


def role_colours(role_codes) -> dict[str, str]:
    """The colour of each role, given all roles in codebook order, also those without a field: a
    role has the same colour in all figures, and all have one where `tells_roles` is false.
    """
    colours = ROLES if tells_roles(role_codes) else [ACCENT] * len(role_codes)
    return dict(zip(role_codes, colours, strict=False))


def tells_roles(role_codes) -> bool:
    """Whether there is a colour for each of so many roles; else their names have to tell them."""
    return len(role_codes) <= len(ROLES)


def ink_on(colour) -> str:
    """The text colour for a background: dark or white, whichever contrasts more; black
    where neither is enough.
    """
    best = max((PAPER, INK), key=lambda ink: contrast(ink, colour))
    return best if contrast(best, colour) >= READABLE else BLACK


def contrast(one, other) -> float:
    """How far two colours stand apart, from 1 to 21 (Web Content Accessibility
    Guidelines 2.2, contrast ratio).
    """
    dark, light = sorted(map(luminance, (one, other)))
    return (light + FLARE) / (dark + FLARE)


def luminance(colour) -> float:
    """The relative luminance of a colour, from 0 to 1 (the same guidelines)."""
    return float(np.dot(linear(colour), (0.2126, 0.7152, 0.0722)))


def linear(colour) -> list[float]:
    """How much light each part of a colour gives, from 0 to 1 (the same guidelines)."""
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]


def shade(count: float, most: float):
    """The colour of a cell: the darker, the closer to the greatest count; ZERO for none."""
    return SEQUENTIAL(0.15 + 0.85 * count / most) if count else ZERO


apply()
