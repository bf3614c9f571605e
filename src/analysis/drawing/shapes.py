"""Paths of SVG in few signs."""

from __future__ import annotations

import re

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
    return "0" if said == "-0" else said
