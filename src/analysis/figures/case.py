"""The profile of a case: what the place is, what it wants by when, what it does."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure

from analysis.drawing import style
from analysis.figures.parts.activities import Activities
from analysis.figures.parts.casetimeline import Timeline
from analysis.figures.parts.keyfigures import KeyFigures, stated
from analysis.wording import Wording
from analysis.wording.phrases import target_text

NAME = 1.35  # heights of the head and of the space between parts
SPACE = 0.35  # cm
NAME_SIZE = 15  # pt


@dataclass(frozen=True)
class Profile:
    """What is drawn of a case.

    case: its row. facts: its key figures. events, targets: its rows of these tables. activities:
    statement_id, attribution and with_code (the action field). codes: roles and fields. years:
    first and last year of the axis.
    whole, part: the facts drawn as a split bar, where the case has both.
    """

    case: dict
    facts: pd.DataFrame
    events: pd.DataFrame
    targets: pd.DataFrame
    activities: pd.DataFrame
    codes: pd.DataFrame
    discrepancies: pd.DataFrame
    years: tuple[int, int]
    whole: str
    part: str


def case_profile(profile: Profile, words: Wording) -> Figure | None:
    """Three parts below each other: key figures, a timeline of events and targets,
    activities by action field.

    None if there is nothing for any of them.
    """
    if all(
        part.empty for part in (profile.facts, profile.events, profile.targets, profile.activities)
    ):
        return None
    parts = [
        KeyFigures(profile.facts, profile.whole, profile.part, words),
        Timeline(profile.events, profile.targets, profile.discrepancies, profile.years, words),
        Activities(profile.activities, profile.codes, words),
    ]
    fig, ax = style.canvas(
        NAME + sum(style.HEADING + part.height for part in parts) + (len(parts) - 1) * SPACE
    )
    style.write(
        ax, 0, 0.05, words.about(profile.case, "label"), style.WIDTH, size=NAME_SIZE, weight="bold"
    )
    style.write(
        ax,
        0,
        0.7,
        words.about(profile.case, "sector"),
        style.WIDTH,
        size=style.LARGE,
        colour=style.MUTED,
    )
    y = NAME
    for key, part in zip(("is", "wants", "does"), parts, strict=True):
        style.write_heading(ax, y, words(f"{key}.title"), part.subtitle)
        part.draw(ax, y + style.HEADING)
        y += style.HEADING + part.height + SPACE
    return fig


def profile_table(profile: Profile, words: Wording) -> pd.DataFrame:
    """What a profile shows, as a table in the same order: part (fact, event, target,
    field), label, value, date.
    """
    rows = []
    for row in profile.facts.to_dict("records"):
        label = f"{words.about(row, 'subject')}: {words.about(row, 'indicator')}"
        rows.append(("fact", label, stated(row, words), row["year"], None))
    for row in profile.events.to_dict("records"):
        rows.append(
            (
                "event",
                words.about(row, "label"),
                words(f"kind.{row['kind']}"),
                row["date"],
                row["date_qualifier"],
            )
        )
    for row in profile.targets.to_dict("records"):
        rows.append(
            (
                "target",
                f"{words.about(row, 'actor')}: {target_text(row, words)}",
                words(f"kind.{row['kind']}"),
                row["year"],
                None,
            )
        )
    counts = profile.activities["with_code"].value_counts()
    for row in profile.codes.dropna(subset="role_code").to_dict("records"):
        rows.append(
            ("field", words.about(row, "label"), str(counts.get(row["code"], 0)), None, None)
        )
    dated = [
        (*texts, "" if pd.isna(date) else words.date(str(date), qualifier))
        for *texts, date, qualifier in rows
    ]
    return pd.DataFrame(dated, columns=["part", "label", "value", "date"])
