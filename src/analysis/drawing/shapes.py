"""SVG in few signs: its paths and numbers, and what of it cuts nothing off."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"

# What Matplotlib writes: letters, each with its numbers, which are places on the sheet.
PATH = re.compile(r"(?:[MLQCz][^A-Za-z]*)+")
STEP = re.compile(r"([MLQCz])([^A-Za-z]*)")


def short_path(path: str, scale: float = 1, decimals: int = 2) -> str:
    """A path as Matplotlib writes it, with each place told by how far it is from the one before;
    any other stays as it is.

    scale: by which places are multiplied. decimals: to which places are rounded; as distances are
    not, errors do not add up.
    """
    if not PATH.fullmatch(path):
        return path
    written, before, at, start = "", "", [0.0, 0.0], [0.0, 0.0]
    for letter, numbers in STEP.findall(path):
        places = [round(float(one) * scale, decimals) for one in numbers.split()]
        letter, steps = _step(letter, places, at)
        row = " ".join(digits(step, decimals) for step in steps).replace(" -", "-")
        # A letter goes for what follows, too; but a second M would be a line.
        again = letter == before and letter not in "Mz"
        written += ("" if row.startswith("-") else " ") + row if again else letter + row
        start = places if letter == "M" else start
        at, before = places[-2:] or start, letter
    return written


def _step(letter: str, places: list[float], at: list[float]) -> tuple[str, list[float]]:
    """The next part of a path: its letter and numbers, which are distances but where it begins."""
    if letter in "Mz":
        return letter, places
    steps = [place - at[n % 2] for n, place in enumerate(places)]
    if letter == "L" and 0 in steps:  # straight across, or down
        return ("v", steps[1:]) if steps[0] == 0 else ("h", steps[:1])
    return letter.lower(), steps


def digits(value: float, decimals: int = 2) -> str:
    """A number without the zeros that say nothing."""
    said = f"{value:.{decimals}f}"
    said = said.rstrip("0").rstrip(".") if "." in said else said
    said = said.lstrip("0").replace("-0.", "-.")
    return "0" if said in ("", "-0") else said


def needless_clips(drawing: Element) -> set[str]:
    """The clip paths, as elements name them, that cut off only what the sheet cuts off itself."""
    size = [float(one) for one in drawing.get("viewBox", "").split()[2:]]
    return {
        f"url(#{clip.get('id')})"
        for clip in drawing.iter(f"{SVG}clipPath")
        if _covers(clip[0], size)
    }


def _covers(rect: Element, size: list[float]) -> bool:
    if rect.tag != f"{SVG}rect":
        return False
    x, y, width, height = (float(rect.get(name, 0)) for name in ("x", "y", "width", "height"))
    return max(x, y) < 0.01 and x + width > size[0] - 0.01 and y + height > size[1] - 0.01
