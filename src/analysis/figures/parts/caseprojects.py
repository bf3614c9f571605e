"""The projects of a case by action field, each with a sign for its status."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from analysis.drawing import links, states, style, typeset
from analysis.drawing.notes import Notes
from analysis.tables.columns import parts
from analysis.wording import Wording

ROLE = 0.3  # left edge of the roles, cm
FIELD = 4.1  # of the fields, cm
SIGN = 8.35  # middle of the signs, cm
NAME = 8.65  # left edge of the names of projects, cm
STATUS = 14.2  # of what is said of their status, cm
BEFORE = 0.55  # middle of the signs on a narrow sheet, cm
GAP = 0.25  # between two columns, cm
INDENT = 0.35  # of a part below the project it belongs to, cm
PAD = 0.09  # below a project and below a field, cm
SPACE = 0.16  # between two roles, cm


def fields_of(projects: pd.DataFrame) -> pd.DataFrame:
    """The projects, a row for each of their fields: `field`, empty where there is none."""
    return projects.assign(field=projects["field_code"].map(parts)).explode("field")


@dataclass(frozen=True)
class Projects:
    """Projects as lines, in the order of the table, beside the field they belong to.

    projects: the table of this name; one with several fields stands in each of them. codes: the
    table of this name; fields without a project are shown too. notes: of the figure.
    """

    projects: pd.DataFrame
    codes: pd.DataFrame
    notes: Notes
    words: Wording
    width: float = style.WIDTH

    @property
    def is_narrow(self) -> bool:
        """Whether roles, fields and projects stand below each other."""
        return self.width < style.WIDTH

    @property
    def subtitle(self) -> str:
        """How many projects there are, and how many parts of them."""
        parts = int(self.projects["part_of"].notna().sum())
        whole = self.words.count("does.subtitle", len(self.projects) - parts)
        return f"{whole}, {self.words.count('does.parts', parts)}" if parts else whole

    def draw(self, ax: Axes, y: float) -> float:
        """Role by role, from `y` on, then what belongs to no field, then the key; its bottom."""
        rows = fields_of(self.projects)
        fields = self.codes.dropna(subset="role_code")
        roles = self.codes[self.codes["code"].isin(fields["role_code"])]
        colours = style.role_colours(self.codes.loc[self.codes["dimension"] == "role", "code"])
        for role in roles.to_dict("records"):
            top, colour = y, colours[role["code"]]
            end = self.width if self.is_narrow else FIELD
            weight = "bold" if self.is_narrow else "medium"
            label = self._write(ax, ROLE, y, self.words.text(role, "label"), end, weight)
            y = label + PAD / 2 if self.is_narrow else y
            for field in fields[fields["role_code"] == role["code"]].to_dict("records"):
                own = rows[rows["field"] == field["code"]]
                y = self._field(ax, y, self.words.text(field, "label"), own, colour)
            y = _rail(ax, top, max(y, label), colour)
        outside = rows[~rows["field"].isin(fields["code"])]
        if len(outside):
            bottom = self._field(ax, y, self.words("does.outside"), outside, style.MUTED)
            y = _rail(ax, y, bottom, style.MUTED)
        return states.key(ax, y + 0.1, self.projects["status"], self.words, self.width)

    def _write(self, ax: Axes, x: float, y: float, text: str, end: float, weight="normal", **look):
        """Writes up to the column that begins at `end`; returns the bottom of the text."""
        look |= {"weight": weight, "language": self.words.language}
        return y + typeset.write(ax, x, y, text, end - x - GAP, **look)

    def _field(self, ax: Axes, y: float, label: str, projects: pd.DataFrame, colour: str) -> float:
        """A field and its projects below each other; returns where the next one may begin."""
        start, end = (ROLE, self.width) if self.is_narrow else (FIELD, SIGN)
        bottom = self._write(ax, start, y, label, end)
        y = bottom if self.is_narrow else y
        if projects.empty:
            nothing, muted = self.words("nothing_reported"), {"colour": style.MUTED}
            name, end = (BEFORE + GAP, self.width) if self.is_narrow else (NAME, STATUS)
            return max(bottom, self._write(ax, name, y, nothing, end, **muted)) + PAD
        for project in projects.to_dict("records"):
            is_part = project["part_of"] in set(projects["project_id"])
            y = self._project(ax, y, project, colour, INDENT if is_part else 0) + PAD
        return max(y, bottom + PAD)

    def _project(self, ax: Axes, y: float, project: dict, colour: str, indent: float) -> float:
        """Sign, name and status of a project; returns the bottom of the longer text."""
        state = states.STATE[project["status"]]
        label, status = self.words.text(project, "label"), self.words(f"status.{project['status']}")
        x = indent + (BEFORE if self.is_narrow else SIGN)
        with links.said(ax, f"{label} ({status})", f"projects:{project['project_id']}"):
            states.sign(ax, x, y + typeset.height_of(0.5), state, colour)
            name = label + self.notes.number(project["discrepancy_id"])
            name, end = (f"{name} ({status})", self.width) if self.is_narrow else (name, STATUS)
            named = self._write(ax, x + NAME - SIGN, y, name, end)
        if self.is_narrow:
            return named
        end = style.WIDTH + GAP
        return max(named, self._write(ax, STATUS, y, status, end, colour=style.MUTED))


def _rail(ax: Axes, top: float, bottom: float, colour) -> float:
    """The bar in the colour of a role; returns where the next role begins."""
    end = bottom - PAD
    ax.plot([0.06, 0.06], [top, end], color=colour, linewidth=3.5, solid_capstyle="butt")
    return end + SPACE
