"""Who works with whom, and on what: one small network for each case."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.drawing import style, typeset
from analysis.drawing.notes import Notes
from analysis.drawing.states import STATE
from analysis.figures.parts.networkcolumns import (
    DASHES,
    PLACE,
    PROJECT,
    box_node,
    column_heads,
    columns,
    partner_node,
)
from analysis.figures.parts.networklayout import Network
from analysis.figures.parts.projectlist import listed
from analysis.methods.network import FIRMNESS, joint_projects, shared_partners, untangled
from analysis.wording import Wording

CASE = 0.66  # height of the head of a case, cm
BETWEEN = 0.32  # space below it, cm
FOOT = 0.65  # height of the legend, cm
# How firmly a municipality works on a project that has come so far, as partners take part in one.
FIRM = {"open": "prospective", "agreed": "prospective", "begun": "active", "unsaid": "unclear"}
# kinds of partner in order of display
KINDS = (
    "company", "utility", "authority", "association", "science", "network", "project", "award",
    "unknown",
)  # fmt: skip


def draw(
    cooperation: pd.DataFrame,
    organisations: pd.DataFrame,
    municipalities: pd.DataFrame,
    cases: pd.DataFrame,
    contradictions: Notes,
    words: Wording,
    width: float = style.WIDTH,
) -> Figure | None:
    """Municipalities, their joint projects and the partners in these, as three linked columns for
    each case; on a narrow sheet as a list of projects.

    cooperation: municipality_id, organisation_id, project_id, purpose, status of the partnership
    (what is not active is drawn dashed), project_status and discrepancy_id of the project.
    organisations: organisation_id, label, kind. municipalities: municipality_id, case_id, label.
    cases: case_id, label, sector. contradictions: notes on the projects. A partner of several cases
    appears in each of them, ringed, with the names of the others. None if nobody cooperates.
    """
    projects = joint_projects(cooperation, municipalities)
    if projects.empty:
        return None
    projects["raised"] = projects["project_id"].map(_raised(cooperation, contradictions))
    projects["firm"] = _firm(projects, cooperation)
    also, sheet = _also(projects, cases, words), style.sheet(width)
    is_broad = width == style.WIDTH
    y = column_heads(sheet.ax, words) if is_broad else 0.0
    for case in cases.to_dict("records"):
        own = projects[projects["case_id"] == case["case_id"]].to_dict("records")
        if own:
            network = _network(case, own, organisations, municipalities, also, words)
            y += _case_head(sheet.ax, y, case, words, width)
            form = columns if is_broad else listed
            y = form(sheet.ax, y, network, words) + BETWEEN
    y = _legend(sheet.ax, y, {*cooperation["status"], *projects["firm"]}, words, width)
    return sheet.end(contradictions.draw(sheet.ax, y, width))


def _raised(cooperation: pd.DataFrame, contradictions: Notes) -> pd.Series:
    """The raised number of the note on each project, empty where there is none."""
    by_project = cooperation.drop_duplicates("project_id").set_index("project_id")
    return by_project["discrepancy_id"].map(contradictions.number)


def _firm(projects: pd.DataFrame, cooperation: pd.DataFrame) -> list[str]:
    """How firm each project is, as its box and its lines to municipalities tell: as firm as what it
    has come to or as the participation of a partner, whichever is firmer.
    """
    known = cooperation.drop_duplicates("project_id").set_index("project_id")["project_status"]
    own = projects["project_id"].map(known.map(STATE).map(FIRM))
    pairs = zip(own, projects["status"], strict=True)
    return [min(pair, key=FIRMNESS.index) for pair in pairs]


def headline(projects: pd.DataFrame, words: Wording) -> str:
    """In how many joint projects no partner is known to take part yet."""
    unsettled, total = _unsettled(projects)
    if unsettled == total == 1:
        return words("headline.only")
    return words.count("headline", unsettled, total=words.numeral(total))


def table(
    cooperation: pd.DataFrame,
    organisations: pd.DataFrame,
    municipalities: pd.DataFrame,
    words: Wording,
) -> pd.DataFrame:
    """The rows of `cooperation` with names instead of identifiers; arguments as for `draw`."""
    places = municipalities.set_index("municipality_id")[words.column("label")]
    partners = organisations.set_index("organisation_id")
    kinds = cooperation["organisation_id"].map(partners["kind"])
    return pd.DataFrame({
        "municipality": cooperation["municipality_id"].map(places),
        "purpose": cooperation[words.column("purpose")],
        "partner": cooperation["organisation_id"].map(partners[words.column("label")]),
        "kind": [words(f"kind.{kind}") for kind in kinds],
        "status": [words(f"status.{status}") for status in cooperation["status"]],
    })  # fmt: skip


def alt(projects: pd.DataFrame, cases: pd.DataFrame, words: Wording) -> str:
    """How many projects and partners there are in each case, and its largest project; all of them,
    where several are as large.
    """
    sizes, texts = _sizes(projects), []
    for case in cases[cases["case_id"].isin(sizes.index)].to_dict("records"):
        size = sizes.loc[case["case_id"]]
        own = projects[projects["case_id"] == case["case_id"]].explode("organisation_id")
        partners = own.groupby("project_id", sort=False)["organisation_id"].nunique()
        purposes = own.groupby("project_id", sort=False)[words.column("purpose")].first()
        largest = [words("quoted", text=one) for one in purposes[partners == partners.max()]]
        names = {"case": words.text(case, "label"), "largest": words.listing(largest)}
        numbers = {"partners": words.number(size["partners"])}
        numbers["most"] = words.number(partners.max())
        key = "alt.case.several" if len(largest) > 1 else "alt.case"
        texts.append(words.count(key, int(size["projects"]), **names, **numbers))
    not_active, total = _unsettled(projects)
    unsettled = (
        words("alt.unsettled.only")
        if not_active == total == 1
        else words.count("alt.unsettled", not_active, projects=words.numeral(total))
    )
    return words("alt", unsettled=unsettled, cases=" ".join(texts))


def _unsettled(projects: pd.DataFrame) -> tuple[int, int]:
    """The number of projects in which no partner is known to take part, and of all projects."""
    active = projects.loc[projects["status"] == "active", "project_id"].nunique()
    total = projects["project_id"].nunique()
    return total - active, total


def _sizes(projects: pd.DataFrame) -> pd.DataFrame:
    """The number of projects and of partners in each case."""
    members = projects.explode("organisation_id").groupby("case_id")
    return members.agg(projects=("project_id", "nunique"), partners=("organisation_id", "nunique"))


def _also(
    projects: pd.DataFrame, cases: pd.DataFrame, words: Wording
) -> dict[tuple[str, str], str]:
    """For each case and partner that other cases have as well: in which others it appears."""
    names = cases.set_index("case_id")[words.column("label")]
    return {
        (case, partner): words(
            "also", cases=words.listing(names[other] for other in several if other != case)
        )
        for partner, several in shared_partners(projects).items()
        for case in several
    }


def _network(
    case: dict, projects: list[dict], organisations, municipalities, also: dict, words: Wording
) -> Network:
    """The nodes of a case; the partners of a project by kind."""
    known = {row["organisation_id"]: row for row in organisations.to_dict("records")}
    by_kind = [
        sorted(project["organisation_id"], key=lambda partner: KINDS.index(known[partner]["kind"]))
        for project in projects
    ]
    project_order, partner_order = untangled(by_kind)
    there = {place for project in projects for place in project["municipality_id"]}
    places = municipalities[municipalities["municipality_id"].isin(there)].to_dict("records")
    return Network(
        case,
        [box_node(row, "label", PLACE, words) for row in places],
        [box_node(projects[i], "purpose", PROJECT, words) for i in project_order],
        [
            partner_node(known[partner] | {"note": also.get((case["case_id"], partner), "")}, words)
            for partner in partner_order
        ],
    )


def _case_head(ax: Axes, y: float, case: dict, words: Wording, width: float) -> float:
    """The case below a rule; returns the height."""
    ax.plot([0, width], [y, y], color=style.RULE, linewidth=0.8)
    name, sector = (words.text(case, stem) for stem in ("label", "sector"))
    look, y = {"language": words.language}, y + 0.13
    if typeset.text_width(name, weight="bold") < width:
        high = typeset.write_lead(ax, 0, y, name, sector, width, **look)
    else:  # what belongs to the case begins a line of its own
        high = typeset.write(ax, 0, y, name, width, weight="bold", **look)
        high += typeset.write(ax, 0, y + high, sector, width, **look)
    return CASE + high - typeset.height_of(1)


def _legend(ax: Axes, y: float, statuses, words: Wording, width: float) -> float:
    """What the lines mean, below a rule; returns where it ends."""
    x = 0.0
    ax.plot([0, width], [y, y], color=style.RULE, linewidth=0.8)
    for status in (status for status in DASHES if status in statuses):
        text = words(f"status.{status}")
        if x + 1.0 + typeset.text_width(text) > width:
            x, y = 0.0, y + typeset.height_of(1.2)
        ax.plot(
            [x, x + 0.85], [y + 0.4] * 2, color=style.MUTED, linewidth=1.0, linestyle=DASHES[status]
        )
        typeset.write(
            ax, x + 1.0, y + 0.4, text, width - x - 1.0, language=words.language, valign="center"
        )
        x += 1.0 + typeset.text_width(text) + 0.7
    return y + FOOT
