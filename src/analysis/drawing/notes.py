"""Numbered notes on contradictions of the source, below a figure."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from analysis.drawing import style, typeset
from analysis.wording import Wording

SPACE = 0.08  # below a note, cm


class Notes:
    """Contradictions of the source, numbered in the order in which a figure meets them.

    met: the discrepancy_id of everything drawn, empty where there is none. discrepancies: the table
    of this name; those that are no contradictions get no note.
    """

    def __init__(self, met: pd.Series, discrepancies: pd.DataFrame, words: Wording):
        contradictions = discrepancies[discrepancies["kind"] == "contradiction"].to_dict("records")
        statements = {row["discrepancy_id"]: words.text(row, "statement") for row in contradictions}
        self.statements = {key: statements[key] for key in met.unique() if key in statements}
        self.language = words.language

    def number(self, discrepancy_id) -> str:
        """The raised number of a note, empty where there is none."""
        if discrepancy_id not in self.statements:
            return ""
        return "".join(
            "⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)]
            for digit in str(list(self.statements).index(discrepancy_id) + 1)
        )

    def draw(self, ax: Axes, y: float, width: float = style.WIDTH) -> float:
        """Writes the notes below each other, from `y` on; returns their bottom."""
        y += 0.2 if self.statements else 0
        look = {"size": style.SMALL, "colour": style.MUTED, "language": self.language}
        for key, text in self.statements.items():
            y += typeset.write_lead(ax, 0, y, self.number(key), text, width, **look) + SPACE
        return y
