"""The comparison of the cases: what the study says of each, and where it says nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.drawing import style
from analysis.wording import Wording

LABELS = 3.2  # widths of the labels
WIDEST = 6.5  # of the widest column and of the white between columns
GUTTER = 0.35  # cm
SIDE_BY_SIDE = 5  # cases that fit beside each other, cm
SPACE = 0.6  # more share further tables; space between these, cm
PAD = 0.14  # white around the text of a row
BAR = 0.45  # heights of the bar at the head and of a line beside it
KEY = 0.42  # cm


def case_comparison(
    comparison: pd.DataFrame,
    characteristics: pd.DataFrame,
    cases: pd.DataFrame,
    facts: pd.DataFrame,
    words: Wording,
) -> Figure | None:
    """Characteristics as rows and cases as columns, with text, a number where there is one, and a
    hatched cell where nothing is said.

    comparison, characteristics, cases, facts: the tables of these names. A bar above each column
    counts its cells. None if nothing is said.
    """
    if comparison.empty or characteristics.empty or cases.empty:
        return None
    said = comparison.merge(facts[["fact_id", words.column("short")]], on="fact_id", how="left")
    said = {(row["characteristic_id"], row["case_id"]): row for row in said.to_dict("records")}
    columns = cases.to_dict("records")
    across = math.ceil(len(columns) / math.ceil(len(columns) / SIDE_BY_SIDE))
    rows = characteristics.to_dict("records")
    return style.stack(
        [
            Table(rows, columns[i : i + across], across, said, words)
            for i in range(0, len(columns), across)
        ],
        SPACE,
    )


@dataclass(frozen=True)
class Table:
    """The layout: rows are characteristics, columns cases, with room for `across` of them; `said`
    holds the cells by both.
    """

    rows: list[dict]
    columns: list[dict]
    across: int
    said: dict[tuple[str, str], dict]
    words: Wording

    @property
    def height(self) -> float:
        """Height of head and rows in cm."""
        return self.head + sum(map(self.row_height, self.rows))

    def draw(self, ax: Axes, y: float) -> None:
        """The head and the rows, from `y` on."""
        self._head(ax, y)
        y += self.head
        for row in self.rows:
            self._row(ax, y, row)
            y += self.row_height(row)

    @property
    def head(self) -> float:
        """Height of the names, industries and bars in cm."""
        about, language = self.words.about, self.words.language
        names = [
            style.text_height(about(case, "label"), self.cell, style.LARGE, "bold", language)
            for case in self.columns
        ]
        sectors = [
            style.text_height(about(case, "sector"), self.cell, language=language)
            for case in self.columns
        ]
        return max(map(sum, zip(names, sectors, strict=True))) + BAR + 0.45

    @property
    def cell(self) -> float:
        """Width of the text in a column, cm."""
        return min(WIDEST, (style.WIDTH - LABELS) / self.across - GUTTER)

    def left(self, column: int) -> float:
        """Left edge of a column in cm."""
        return LABELS + GUTTER + column * (self.cell + GUTTER)

    def row_height(self, row: dict) -> float:
        """Height of a row in cm."""
        label = style.text_height(
            self.words.about(row, "label"), LABELS, weight="medium", language=self.words.language
        )
        texts = [
            style.lead_lines(*self._text(row, case), self.cell, language=self.words.language)
            for case in self.columns
        ]
        return max(label, style.height_of(max(map(len, texts)))) + 2 * PAD

    def _head(self, ax: Axes, top: float) -> None:
        """Name and industry of each case, its bar, and what its parts mean."""
        for i, case in enumerate(self.columns):
            x, language = self.left(i), self.words.language
            y = top + style.write(
                ax,
                x,
                top,
                self.words.about(case, "label"),
                self.cell,
                size=style.LARGE,
                weight="bold",
                language=language,
            )
            style.write(
                ax,
                x,
                y,
                self.words.about(case, "sector"),
                self.cell,
                colour=style.MUTED,
                language=language,
            )
            self._bar(ax, x, top + self.head - BAR - 0.25, case)
        self._key(ax, top + self.head - 0.25 - 2 * KEY)

    def _row(self, ax: Axes, y: float, row: dict) -> None:
        """A characteristic with what is said of each case."""
        ax.plot([0, self.left(len(self.columns)) - GUTTER], [y, y], color=style.RULE, linewidth=0.8)
        style.write(
            ax,
            0,
            y + PAD,
            self.words.about(row, "label"),
            LABELS,
            weight="medium",
            language=self.words.language,
        )
        for i, case in enumerate(self.columns):
            if self._is_said(row, case):
                style.write_lead(
                    ax,
                    self.left(i),
                    y + PAD,
                    *self._text(row, case),
                    self.cell,
                    language=self.words.language,
                )
            else:
                ax.add_patch(
                    Rectangle(
                        (self.left(i), y + 0.08),
                        self.cell,
                        self.row_height(row) - 0.16,
                        **style.NOT_STATED,
                    )
                )

    def _bar(self, ax: Axes, x: float, y: float, case: dict) -> None:
        """How many characteristics the study says something on; what is missing is hatched."""
        said = sum(self._is_said(row, case) for row in self.rows)
        width = self.cell * said / len(self.rows)
        ax.add_patch(Rectangle((x, y), self.cell, BAR, **style.NOT_STATED))
        ax.add_patch(Rectangle((x, y), width, BAR, facecolor=style.MUTED))
        text = self.words("share", n=said, total=len(self.rows))
        if style.text_width(text, style.SMALL, "medium") + 0.3 <= width:
            style.write(
                ax,
                x + 0.15,
                y + BAR / 2,
                text,
                width,
                size=style.SMALL,
                weight="medium",
                colour=style.PAPER,
                valign="center",
            )

    def _key(self, ax: Axes, y: float) -> None:
        """What the parts of the bars mean, in the column of the labels, beside the bars."""
        for state, look in (("said", {"facecolor": style.MUTED}), ("not_said", style.NOT_STATED)):
            ax.add_patch(Rectangle((0, y + 0.06), 0.6, KEY - 0.12, **look))
            style.write(
                ax,
                0.75,
                y + KEY / 2,
                self.words(state),
                LABELS,
                size=style.SMALL,
                colour=style.MUTED,
                valign="center",
            )
            y += KEY

    def _is_said(self, row: dict, case: dict) -> bool:
        return (row["characteristic_id"], case["case_id"]) in self.said

    def _text(self, row: dict, case: dict) -> tuple[str, str]:
        """The number and the words of a cell, empty where there are none."""
        cell = self.said.get((row["characteristic_id"], case["case_id"]))
        return (
            (self.words.about(cell, "short"), self.words.about(cell, "text")) if cell else ("", "")
        )
