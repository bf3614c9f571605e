"""Who works with whom, and on what: one small network for each case."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch

from analysis.drawing import links, style, typeset
from analysis.drawing.notes import Notes
from analysis.figures.parts.networklayout import Network, Node
from analysis.methods.network import joint_projects, shared_partners, untangled
from analysis.wording import Wording

HEAD = 0.55  # heights: column heads, cm
CASE = 0.66  # head of a case, cm
BETWEEN = 0.32  # space below it, cm
FOOT = 0.65  # legend, cm
# left edge and width of each column, cm
PLACE = (0.0, 2.0)
PROJECT = (2.8, 4.8)
NAME = (8.7, 5.7)
KIND = (14.75, 2.25)
DOT = NAME[0] - 0.2  # where the lines to the partners end, cm
PAD = 0.13  # beside the text of a box, cm
RIM = 0.09  # above and below it, cm
LEADING = 0.04  # and above and below a partner, cm
RAIL, LISTED = 0.3, 0.95  # where the line to listed partners and their names stand, cm
# kinds of partner in order of display
KINDS = (
    "company", "utility", "authority", "association", "science", "network", "project", "award",
    "unknown",
)  # fmt: skip
DASHES = {"active": "solid", "prospective": (0, (2.5, 1.8)), "unclear": (0, (5, 1.6, 1, 1.6))}


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
    (what is not active is drawn dashed), discrepancy_id of the project.
    organisations: organisation_id, label, kind. municipalities: municipality_id, case_id, label.
    cases: case_id, label, sector. contradictions: notes on the projects. A partner of several cases
    appears in each of them, ringed, with the names of the others. None if nobody cooperates.
    """
    projects = joint_projects(cooperation, municipalities)
    if projects.empty:
        return None
    projects["raised"] = projects["project_id"].map(_raised(cooperation, contradictions))
    also, sheet = _also(projects, cases, words), style.sheet(width)
    is_broad = width == style.WIDTH
    y = _column_heads(sheet.ax, words) if is_broad else 0.0
    for case in cases.to_dict("records"):
        own = projects[projects["case_id"] == case["case_id"]].to_dict("records")
        if own:
            network = _network(case, own, organisations, municipalities, also, words)
            y += _case_head(sheet.ax, y, case, words, width)
            form = _columns if is_broad else _list
            y = form(sheet.ax, y, network, words) + BETWEEN
    y = _legend(sheet.ax, y, set(cooperation["status"]), words, width)
    return sheet.end(contradictions.draw(sheet.ax, y, width))


def _columns(ax: Axes, y: float, network: Network, words: Wording) -> float:
    """The network of a case from `y` on; returns where it ends."""
    _links(ax, y, network)
    _nodes(ax, y, network, words)
    return y + network.height


def _list(ax: Axes, y: float, network: Network, words: Wording) -> float:
    """The projects of a case below each other, each with its municipalities and its partners;
    returns where they end.
    """
    for project in network.projects:
        places = [place for place in network.places if project in network.projects_at(place)]
        names = ", ".join(words.text(place.row, "label") for place in places)
        look = {"weight": "bold", "colour": style.ACCENT, "language": words.language}
        y += typeset.write(ax, 0, y, names, style.NARROW, **look) + 0.06
        purpose = words.text(project.row, "purpose") + project.row["raised"]
        room = style.NARROW - 2 * PAD
        height = typeset.text_height(purpose, room, language=words.language) + 2 * RIM
        box, look = (0, style.NARROW), _project_look(project)
        with links.said(ax, _title(project, words), f"projects:{project.row['project_id']}"):
            _box(ax, box, y + height / 2, height, purpose, words, **look)
        y = _listed_partners(ax, y + height, project, network, words) + BETWEEN
    return y - BETWEEN


def _listed_partners(ax: Axes, y: float, project: Node, network: Network, words: Wording) -> float:
    """The partners of a project below its box, each at the end of a line; returns the bottom."""
    line, small = typeset.height_of(1), {"size": style.SMALL, "colour": style.MUTED}
    states = dict(zip(project.row["organisation_id"], project.row["partner_status"], strict=True))
    top, look = y, {"color": style.MUTED, "linewidth": 1.0}
    small["language"] = words.language
    for partner in network.partners:
        if partner.row["organisation_id"] not in states:
            continue
        y += LEADING + 0.04
        middle, dashes = y + line / 2, DASHES[states[partner.row["organisation_id"]]]
        ax.plot([RAIL, RAIL, LISTED - 0.2], [top, middle, middle], linestyle=dashes, **look)
        top = middle
        _dot(ax, LISTED - 0.2, middle, bool(partner.row["note"]))
        room = style.NARROW - LISTED
        kind = words(f"kind.{partner.row['kind']}")
        name, row = f"{words.text(partner.row, 'label')} ({kind})", partner.row["organisation_id"]
        with links.said(ax, name, f"organisations:{row}"):
            y += typeset.write(ax, LISTED, y, name, room, language=words.language)
        y += typeset.write(ax, LISTED, y, partner.row["note"], room, **small)
    return y


def _raised(cooperation: pd.DataFrame, contradictions: Notes) -> pd.Series:
    """The raised number of the note on each project, empty where there is none."""
    by_project = cooperation.drop_duplicates("project_id").set_index("project_id")
    return by_project["discrepancy_id"].map(contradictions.number)


def headline(projects: pd.DataFrame, words: Wording) -> str:
    """In how many joint projects no partner is known to take part yet."""
    unsettled, total = _unsettled(projects)
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
    """How many projects and partners there are in each case, and its largest project."""
    partners = projects["organisation_id"].map(len)
    largest = projects.loc[partners.groupby(projects["case_id"]).idxmax()].set_index("case_id")
    sizes, texts = _sizes(projects), []
    for case in cases[cases["case_id"].isin(sizes.index)].to_dict("records"):
        project, size = largest.loc[case["case_id"]], sizes.loc[case["case_id"]]
        names = {"case": words.text(case, "label"), "largest": words.text(project, "purpose")}
        numbers = {"partners": size["partners"], "most": len(project["organisation_id"])}
        texts.append(words.count("alt.case", int(size["projects"]), **names, **numbers))
    not_active, total = _unsettled(projects)
    unsettled = words.count("alt.unsettled", not_active, projects=words.numeral(total))
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
        [_box_node(row, "label", PLACE, words) for row in places],
        [_box_node(projects[i], "purpose", PROJECT, words) for i in project_order],
        [
            _partner_node(
                known[partner] | {"note": also.get((case["case_id"], partner), "")}, words
            )
            for partner in partner_order
        ],
    )


def _box_node(row: dict, stem: str, column: tuple[float, float], words: Wording) -> Node:
    text = words.text(row, stem) + row.get("raised", "")
    room = column[1] - 2 * PAD
    return Node(row, typeset.text_height(text, room, language=words.language) + 2 * RIM)


def _partner_node(row: dict, words: Wording) -> Node:
    name = typeset.text_height(words.text(row, "label"), NAME[1], language=words.language)
    return Node(
        row,
        name
        + typeset.text_height(row["note"], NAME[1], style.SMALL, language=words.language)
        + 2 * LEADING,
    )


def _column_heads(ax: Axes, words: Wording) -> float:
    """What the columns hold; returns where they begin."""
    for (x, width), key in (
        (PLACE, "head.place"),
        (PROJECT, "head.project"),
        (NAME, "head.partner"),
        (KIND, "head.kind"),
    ):
        typeset.write(
            ax,
            x,
            0,
            words(key),
            width,
            size=style.SMALL,
            colour=style.MUTED,
            language=words.language,
        )
    return HEAD


def _case_head(ax: Axes, y: float, case: dict, words: Wording, width: float) -> float:
    """The case below a rule; returns the height."""
    ax.plot([0, width], [y, y], color=style.RULE, linewidth=0.8)
    texts, look = (words.text(case, stem) for stem in ("label", "sector")), words.language
    high = typeset.write_lead(ax, 0, y + 0.13, *texts, width, language=look)
    return CASE + high - typeset.height_of(1)


def _links(ax: Axes, y: float, network: Network) -> None:
    for place in network.places:
        for project in network.projects_at(place):
            _link(ax, (sum(PLACE), y + place.y), (PROJECT[0], y + project.y), project.row["status"])
    for partner in network.partners:
        for project in network.projects_with(partner):
            states = dict(
                zip(project.row["organisation_id"], project.row["partner_status"], strict=True)
            )
            _link(
                ax,
                (sum(PROJECT), y + project.y),
                (DOT, y + partner.y),
                states[partner.row["organisation_id"]],
            )


def _link(ax: Axes, start: tuple[float, float], end: tuple[float, float], status: str) -> None:
    """A line that leaves and arrives level."""
    t = np.linspace(0, 1, 40)
    x, y = start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t**2 * (3 - 2 * t)
    ax.plot(x, y, color=style.MUTED, linewidth=1.0, linestyle=DASHES[status], zorder=1)


def _nodes(ax: Axes, y: float, network: Network, words: Wording) -> None:
    for place in network.places:
        _box(
            ax,
            PLACE,
            y + place.y,
            place.height,
            words.text(place.row, "label"),
            words,
            facecolor=style.ACCENT,
            edgecolor="none",
        )
    for project in network.projects:
        box, look = (PROJECT, y + project.y, project.height), _project_look(project)
        purpose = words.text(project.row, "purpose") + project.row["raised"]
        with links.said(ax, _title(project, words), f"projects:{project.row['project_id']}"):
            _box(ax, *box, purpose, words, **look)
    for partner in network.partners:
        row = f"organisations:{partner.row['organisation_id']}"
        with links.said(ax, words.text(partner.row, "label"), row):
            _partner(ax, y + partner.y, partner, words)
    for kind, run in groupby(network.partners, key=lambda partner: partner.row["kind"]):
        _kind(ax, y, list(run), words(f"kind.{kind}"), words)


def _title(project: Node, words: Wording) -> str:
    """What is said of a project: what it is for, and whether it is under way."""
    return f"{words.text(project.row, 'purpose')} ({words('status.' + project.row['status'])})"


def _project_look(project: Node) -> dict:
    """How the box of a project is drawn: hollow and dashed where it is not active."""
    is_active = project.row["status"] == "active"
    return {
        "facecolor": style.PALE if is_active else style.PAPER,
        "edgecolor": style.MUTED,
        "linestyle": DASHES[project.row["status"]],
    }


def _dot(ax: Axes, x: float, y: float, is_shared: bool) -> None:
    """The sign of a partner, ringed where other cases have it too."""
    ax.add_patch(Circle((x, y), 0.08, facecolor=style.INK, edgecolor="none", zorder=3))
    if is_shared:
        ring = {"facecolor": style.PAPER, "edgecolor": style.INK, "linewidth": 1.0, "zorder": 2}
        ax.add_patch(Circle((x, y), 0.15, **ring))


def _box(
    ax: Axes,
    column: tuple[float, float],
    y: float,
    height: float,
    text: str,
    words: Wording,
    **look,
) -> None:
    """A rounded box around a text, its middle at height y."""
    x, width = column
    ax.add_patch(
        FancyBboxPatch(
            (x, y - height / 2),
            width,
            height,
            boxstyle="round,pad=0,rounding_size=0.1",
            linewidth=0.8,
            zorder=2,
            **look,
        )
    )
    typeset.write(
        ax,
        x + PAD,
        y,
        text,
        width - 2 * PAD,
        colour=style.ink_on(look["facecolor"]),
        language=words.language,
        valign="center",
    )


def _partner(ax: Axes, y: float, partner: Node, words: Wording) -> None:
    note = partner.row["note"]
    _dot(ax, DOT, y, bool(note))
    top = y - partner.height / 2 + LEADING
    top += typeset.write(
        ax,
        NAME[0],
        top,
        words.text(partner.row, "label"),
        NAME[1],
        language=words.language,
        evenly=True,
    )
    typeset.write(
        ax,
        NAME[0],
        top,
        note,
        NAME[1],
        size=style.SMALL,
        colour=style.MUTED,
        language=words.language,
    )


def _kind(ax: Axes, y: float, run: list[Node], kind: str, words: Wording) -> None:
    """A line along neighbouring partners of one kind, with its name."""
    top, bottom = y + run[0].y - run[0].height / 2 + 0.06, y + run[-1].y + run[-1].height / 2 - 0.06
    ax.plot(
        [KIND[0] - 0.13] * 2, [top, bottom], color=style.RULE, linewidth=1.6, solid_capstyle="butt"
    )
    typeset.write(
        ax,
        KIND[0],
        (top + bottom) / 2,
        kind,
        KIND[1],
        size=style.SMALL,
        colour=style.MUTED,
        language=words.language,
        valign="center",
    )


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
