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
from analysis.wording import FEW, LANGUAGES, Wording
from analysis.wording.phrases import target_text

SPACE = 0.35  # between parts, cm


@dataclass(frozen=True)
class Profile:
    """What is drawn of a case.

    case: its row. facts: its key figures. silent: what it has no number of, as from `silent_of`.
    events, targets, projects: its rows of these tables. codes: roles and fields. years: first and
    last year of the axis. whole, part: the facts drawn as a split bar, where the case has both.
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
    silent = [_silent(row, words) for row in profile.silent.to_dict("records")]
    parts = {
        "is": KeyFigures(profile.facts, profile.whole, profile.part, silent, words, width),
        "wants": Timeline(profile.events, profile.targets, notes, profile.years, words, width),
        "does": Projects(profile.projects, profile.codes, notes, words, width),
    }
    sheet, y = style.sheet(width), -SPACE
    for key, part in parts.items():
        title = words(f"{key}.title"), part.subtitle
        y += SPACE
        y += typeset.write_heading(sheet.ax, y, *title, width=width, language=words.language)
        y = part.draw(sheet.ax, y)
    return sheet.end(notes.draw(sheet.ax, y, width))


def silent_of(
    case: dict,
    facts: pd.DataFrame,
    comparison: pd.DataFrame,
    characteristics: pd.DataFrame,
    whole: str,
) -> pd.DataFrame:
    """What the source gives no number of for a case: the quantity `whole`, if it is one of other
    cases, and, of its sector, what the comparison has a key figure of for all other cases, several
    of them, and nothing for this one.

    facts, comparison, characteristics: the tables of these names. Returns `indicator` and `subject`
    in each language.
    """
    own, shared = case["case_id"], [f"indicator_{language}" for language in LANGUAGES]
    is_known = facts[shared[0]].isin(facts.loc[facts["case_id"] == own, shared[0]])
    missing = facts.loc[(facts["fact_id"] == whole) & ~is_known, shared]
    figured = comparison["fact_id"].isin(facts.loc[facts["is_key"], "fact_id"])
    cases = comparison.groupby("characteristic_id")["case_id"].agg(set)
    of_figures = comparison[figured].groupby("characteristic_id")["case_id"].agg(set)
    others = set(comparison["case_id"]) - {own}
    is_silent = [
        len(others) > 1 and own not in cases.get(name, {own}) and of_figures.get(name) == others
        for name in characteristics["characteristic_id"]
    ]
    labels = {f"label_{language}": f"indicator_{language}" for language in LANGUAGES}
    unsaid = characteristics.loc[is_silent, list(labels)].rename(columns=labels)
    subjects = {f"subject_{language}": case[f"sector_{language}"] for language in LANGUAGES}
    return pd.concat([unsaid.assign(**subjects), missing]).drop_duplicates(shared)


def _silent(row: dict, words: Wording) -> tuple[str, str]:
    return words.text(row, "indicator"), words.text(row, "subject")


def table(profile: Profile, words: Wording) -> pd.DataFrame:
    """What a profile shows, in the same order: part (fact, event, target, project), label, value,
    date and, of projects, field.
    """
    rows = [_fact(row, words) for row in profile.facts.to_dict("records")]
    rows += [
        (
            "fact",
            ": ".join(filter(None, reversed(_silent(row, words)))),
            words("not_stated"),
            "",
            "",
        )
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
    """How many of the projects, parts not counted, have begun; the fields that most of them belong
    to, where several do; how many targets there are, and how many of companies. Of a target on
    which the study contradicts itself, both versions are one.
    """
    projects = profile.projects[profile.projects["part_of"].isna()]
    targets = distinct_targets(profile.targets)
    of_companies = int((targets["holder"] == "company").sum())
    key = "headline.companies" + (".all" if of_companies == len(targets) else "")
    companies = f" {words.count(key, of_companies)}" if of_companies else ""
    return words(
        "headline",
        case=words.text(profile.case, "label"),
        begun=_begun(projects, words),
        field=_most_frequent(projects, profile.codes, words),
        targets=words.count("headline.targets", len(targets), companies=companies),
    )


def _begun(projects: pd.DataFrame, words: Wording) -> str:
    """How many of some projects have begun."""
    begun, total = int(projects["status"].isin(STATES["begun"]).sum()), len(projects)
    if not total:
        return words("headline.no_project")
    if begun == total:
        return words.count("headline.all_begun", total)
    return words.count("headline.begun", begun, total=words.numeral(total))


def _most_frequent(projects: pd.DataFrame, codes: pd.DataFrame, words: Wording) -> str:
    """How many of some projects belong to the fields that most of them do; nothing where each has
    one at most, or the fields are too many for a sentence.
    """
    rows, label = fields_of(projects), codes.set_index("code")[words.column("label")]
    per_field = rows["field"].value_counts().reindex(label.index).dropna().astype(int)
    if per_field.empty or per_field.max() < 2:
        return ""
    most = per_field.index[per_field == per_field.max()]
    if len(most) > FEW:
        return ""
    names = words.listing(words("quoted", text=label[code]) for code in most)
    n = words.numeral(int(per_field.max()))
    return words.count("headline.field", len(most), fields=names, each=n)


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
