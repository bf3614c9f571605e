"""Colours for pages that are read on a dark ground: the same hues, and as far apart as on paper."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import to_hex

from analysis.drawing.style import FLARE, PAPER, READABLE, ROLES, linear, luminance

GROUND = "#121212"  # of the theme's dark pages
# A little more contrast than on paper, so that no text or mark falls below its least by rounding.
GAIN = 1.03
# Cells that black is written on stay so far below white that it can be read on them too.
MIDDLE = 4.1
# A dark yellow is a brown; this one is as light as its hue is bright, with dark letters on it.
LIT = {ROLES[3].lower(): "#d9a93a"}


def dark(colour) -> str:
    """The colour that stands out from the dark ground as `colour` does from paper.

    Light and dark change places, and so the contrast of any two colours stays, as far as the
    ground, which is no black, leaves room for it.
    """
    if to_hex(colour) in LIT:
        return LIT[to_hex(colour)]
    from_paper = (luminance(PAPER) + FLARE) / (luminance(colour) + FLARE)
    from_ground = from_paper**GAIN if from_paper >= READABLE else min(from_paper**GAIN, MIDDLE)
    wanted = min((luminance(GROUND) + FLARE) * from_ground - FLARE, 1.0)
    own = luminance(colour)
    lit = np.array(linear(colour)) * wanted / own if own > 0 else np.full(3, wanted)
    # A hue that has no colour so light is thinned with grey of the same luminance.
    share = (1 - wanted) / (lit.max() - wanted) if lit.max() > 1 else 1
    return to_hex([_encoded(part) for part in wanted + share * (lit - wanted)])


def _encoded(part: float) -> float:
    encoded = 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
    return float(np.clip(encoded, 0, 1))
