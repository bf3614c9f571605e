"""The profile of a case: what the place is, what it wants by when, what it does."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure

from analysis.drawing import style, typeset
from analysis.drawing.notes import Notes
from analysis.drawing.states import STATES
from analysis.figures.parts.caseprojects import Projects, fields_of
from analysis.figures.parts.casetimeline import Timeline
from analysis.figures.parts.keyfigures import KeyFigures, stated
from analysis.methods.counts import distinct_targets
from analysis.tables.columns import parts
from analysis.wording import Wording
from analysis.wording.phrases import target_text

SPACE = 0.35  # between parts, cm


@dataclass(frozen=True)
class Profile:
    """What is drawn of a case.

    case: its row. facts: its key figures. silent: facts of other cases for whose like this one has
    none. events, targets, projects: its rows of these tables. codes: roles and fields. years: first
    and last year of the axis. whole, part: the facts drawn as a split bar, where the case has both.
    """

    case: dict
    facts: pd.DataFrame
    silent: pd.DataFrame
    events: pd.DataFrame
    targets: pd.DataFrame
    projects: pd.DataFrame
    codes: pd.DataFrame
    discrepancies: pd.DataFrame
    years: tuple[int, int]
    whole: str
    part: str

    @property
    def parts(self) -> list[pd.DataFrame]:
        """The frames that hold something of the case."""
        return [self.facts, self.events, self.targets, self.projects]

    @property
    def sources(self) -> pd.DataFrame:
        """Where what is drawn stands."""
        return pd.concat([part[["source_id", "locator"]] for part in self.parts])


def draw(profile: Profile, words: Wording, width: float = style.WIDTH) -> Figure | None:
    """Three parts, one below the other: key figures, a timeline of events and targets, projects by
    action field.

    None if there is nothing for any of them.
    """
    if all(part.empty for part in profile.parts):
        return None
    met = pd.concat([part["discrepancy_id"] for part in profile.parts[1:]])
    notes = Notes(met, profile.discrepancies, words)
    silent = profile.silent[words.column("indicator")].tolist()
    parts = {
        "is": KeyFigures(profile.facts, profile.whole, profile.part, silent, words, width),
        "wants": Timeline(profile.events, profile.targets, notes, profile.years, words, width),
        "does": Projects(profile.projects, profile.codes, notes, words, width),
    }
    sheet, y = style.sheet(width), -SPACE
    for key, part in parts.items():
        title = words(f"{key}.title"), part.subtitle
        y += SPACE
        y += typeset.write_heading(sheet.ax, y, *title, width=width)
        y = part.draw(sheet.ax, y)
    return sheet.end(notes.draw(sheet.ax, y, width))


def table(profile: Profile, words: Wording) -> pd.DataFrame:
    """What a profile shows, in the same order: part (fact, event, target, project), label, value,
    date and, of projects, field.
    """
    rows = [_fact(row, words) for row in profile.facts.to_dict("records")]
    rows += [
        ("fact", words.text(row, "indicator"), words("not_stated"), "", "")
        for row in profile.silent.to_dict("records")
    ]
    rows += [_event(row, words) for row in profile.events.to_dict("records")]
    rows += [_target(row, words) for row in profile.targets.to_dict("records")]
    names = profile.codes.set_index("code")[words.column("label")]
    for row in profile.projects.to_dict("records"):
        listed = ", ".join(names.get(field, field) for field in parts(row["field_code"]))
        status = words(f"status.{row['status']}")
        rows.append(("project", words.text(row, "label"), status, "", listed))
    return pd.DataFrame(rows, columns=["part", "label", "value", "date", "field"])


def _fact(row: dict, words: Wording) -> tuple:
    label = f"{words.text(row, 'subject')}: {words.text(row, 'indicator')}"
    year = "" if pd.isna(row["year"]) else words.date(str(row["year"]))
    return "fact", label, stated(row, words), year, ""


def _event(row: dict, words: Wording) -> tuple:
    date = words.date(row["date"], row["date_qualifier"])
    return "event", words.text(row, "label"), words(f"kind.{row['kind']}"), date, ""


def _target(row: dict, words: Wording) -> tuple:
    label = f"{words.text(row, 'actor')}: {target_text(row, words)}"
    year = "" if pd.isna(row["year"]) else str(row["year"])
    return "target", label, words(f"kind.{row['kind']}"), year, ""


def headline(profile: Profile, words: Wording) -> str:
    """How many targets there are, and how many of companies; how many projects, parts not counted,
    and how many of them have begun. Of a target on which the study contradicts itself, both
    versions are one.
    """
    projects = profile.projects[profile.projects["part_of"].isna()]
    targets = distinct_targets(profile.targets)
    of_companies = int((targets["holder"] == "company").sum())
    told = (
        words.count("headline.targets", len(targets)),
        words.count("headline.companies", of_companies),
    )
    begun = int(projects["status"].isin(STATES["begun"]).sum())
    return words(
        "headline",
        case=words.text(profile.case, "label"),
        targets=" ".join(filter(None, told)),
        projects=words.count("headline.projects", len(projects)),
        begun=words.count("headline.begun", begun) if len(projects) else "",
    )


def alt(profile: Profile, words: Wording) -> str:
    """The table read out, part by part."""
    rows = table(profile, words)
    details = rows["value"].str.cat([rows["date"], rows["field"]], sep=", ")
    details = details.str.replace(r"(, )+", ", ", regex=True).str.strip(", ")
    said = (rows["label"] + " (" + details + ")").groupby(rows["part"]).agg("; ".join)
    parts = ("fact", "event", "target", "project")
    return words("alt", **{part: said.get(part, words("alt.none")) for part in parts})


def caption(profile: Profile, words: Wording) -> str:
    """How to read it, and what stands in several rows or in none."""
    rows = fields_of(profile.projects)
    outside = profile.projects.loc[profile.projects["field_code"].isna(), "project_id"]
    repeated = rows["project_id"].duplicated().sum()
    texts = [words("caption", case=words.text(profile.case, "label"))]
    texts += [words("caption.repeated")] if repeated else []
    texts += [words("caption.outside")] if len(outside) else []
    return " ".join(texts)
