"""Activities by action field, as dots in the colours of the roles."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from analysis.drawing import style
from analysis.wording import Wording

ROLE = 0.3  # left edges of role
FIELD = 4.4  # field and dots
COUNT = 11.1  # right edge of the count
DOTS = 11.6  # cm
NAME = FIELD - ROLE - 0.3  # widths of the names of roles and fields
LABEL = COUNT - FIELD - 0.5  # cm
STEP = 0.42  # between two dots, cm
PAD = 0.09  # below a field, cm
SPACE = 0.18  # between two roles, cm
KEY = 0.5  # height of the legend, cm
IN_ROW = int((style.WIDTH - DOTS) / STEP) + 1  # dots that fit side by side


@dataclass(frozen=True)
class Activities:
    """One dot for each statement about an activity, by action field and role.

    activities: statement_id, attribution and with_code, the field, empty for activities
    outside the action fields.
    codes: the table of this name; all its fields are shown, also those without a statement.
    """

    activities: pd.DataFrame
    codes: pd.DataFrame
    words: Wording

    @property
    def subtitle(self) -> str:
        """How many statements have a field, and how many have none."""
        inside = self.activities.dropna(subset="with_code")["statement_id"].nunique()
        outside = self.activities["statement_id"].nunique() - inside
        return self.words("does.subtitle", inside=inside, outside=outside)

    @property
    def height(self) -> float:
        """Height of all roles in cm."""
        return sum(self._role_height(role, fields) for role, fields in self._roles) + KEY

    def draw(self, ax: Axes, y: float) -> None:
        """Role by role, from `y` on: a bar in its colour, its name, its fields with their dots."""
        colours = style.role_colours([role["code"] for role, _ in self._roles])
        for role, fields in self._roles:
            colour, bottom = colours[role["code"]], y + self._role_height(role, fields) - SPACE
            ax.plot([0.06, 0.06], [y, bottom], color=colour, linewidth=3.5, solid_capstyle="butt")
            style.write(
                ax,
                ROLE,
                y,
                self.words.about(role, "label"),
                NAME,
                weight="medium",
                language=self.words.language,
            )
            top = y
            for field in fields:
                self._field(ax, top, field, colour)
                top += self._field_height(field)
            y = bottom + SPACE
        self._key(ax, y + 0.1)

    @property
    def _roles(self) -> list[tuple[dict, list[dict]]]:
        """Each role with its fields, both in codebook order."""
        fields = self.codes.dropna(subset="role_code")
        roles = self.codes[self.codes["code"].isin(fields["role_code"])].to_dict("records")
        return [
            (role, fields[fields["role_code"] == role["code"]].to_dict("records")) for role in roles
        ]

    def _role_height(self, role: dict, fields: list[dict]) -> float:
        label = style.text_height(
            self.words.about(role, "label"), NAME, weight="medium", language=self.words.language
        )
        return max(sum(map(self._field_height, fields)), label + PAD) + SPACE

    def _field_height(self, field: dict) -> float:
        rows = max(1, math.ceil(len(self._statements(field)) / IN_ROW))
        label = style.text_height(
            self.words.about(field, "label"), LABEL, language=self.words.language
        )
        return max(label, rows * STEP) + PAD

    def _statements(self, field: dict) -> pd.DataFrame:
        return self.activities[self.activities["with_code"] == field["code"]]

    def _field(self, ax: Axes, y: float, field: dict, colour: str) -> None:
        """Name, count and dots of a field; what was said of all municipalities together is a ring."""
        style.write(
            ax, FIELD, y, self.words.about(field, "label"), LABEL, language=self.words.language
        )
        statements = self._statements(field).sort_values(
            "attribution", key=lambda kind: kind == "collective", kind="stable"
        )
        weight, ink = ("bold", style.INK) if len(statements) else ("normal", style.MUTED)
        style.write(ax, COUNT, y, str(len(statements)), 1, weight=weight, colour=ink, align="right")
        for i, attribution in enumerate(statements["attribution"]):
            _dot(
                ax,
                DOTS + i % IN_ROW * STEP,
                y + style.height_of(1) / 2 + i // IN_ROW * STEP,
                colour,
                attribution == "collective",
            )

    def _key(self, ax: Axes, y: float) -> None:
        """What dot and ring stand for."""
        x = FIELD + 0.15
        for key in ("own", "collective"):
            _dot(ax, x, y + style.height_of(1, style.SMALL) / 2, style.MUTED, key == "collective")
            text = self.words(f"does.{key}")
            style.write(ax, x + 0.3, y, text, style.WIDTH, size=style.SMALL, colour=style.MUTED)
            x += 0.3 + style.text_width(text, style.SMALL) + 0.6


def _dot(ax: Axes, x: float, y: float, colour: str, is_ring: bool) -> None:
    fill = style.PAPER if is_ring else colour
    ax.plot(
        [x],
        [y],
        "o",
        markersize=8,
        markerfacecolor=fill,
        markeredgecolor=colour,
        markeredgewidth=1.4,
    )
