"""A case as a list of its joint projects, for a narrow sheet: each with its municipalities above
and its partners below it.
"""

from __future__ import annotations

from matplotlib.axes import Axes

from analysis.drawing import links, style, typeset
from analysis.figures.parts.networkcolumns import (
    DASHES,
    LEADING,
    PAD,
    RIM,
    draw_box,
    draw_dot,
    look_of,
    title_of,
)
from analysis.figures.parts.networklayout import Network, Node
from analysis.wording import Wording

BETWEEN = 0.32  # space between projects, cm
RAIL, LISTED = 0.3, 0.95  # where the line to listed partners and their names stand, cm


def listed(ax: Axes, y: float, network: Network, words: Wording) -> float:
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
        box, look = (0, style.NARROW), look_of(project)
        with links.said(ax, title_of(project, words), f"projects:{project.row['project_id']}"):
            draw_box(ax, box, y + height / 2, height, purpose, words, **look)
        y = _partners(ax, y + height, project, network, words) + BETWEEN
    return y - BETWEEN


def _partners(ax: Axes, y: float, project: Node, network: Network, words: Wording) -> float:
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
        draw_dot(ax, LISTED - 0.2, middle, bool(partner.row["note"]))
        room = style.NARROW - LISTED
        kind = words(f"kind.{partner.row['kind']}")
        name, row = f"{words.text(partner.row, 'label')} ({kind})", partner.row["organisation_id"]
        with links.said(ax, name, f"organisations:{row}"):
            y += typeset.write(ax, LISTED, y, name, room, language=words.language)
        y += typeset.write(ax, LISTED, y, partner.row["note"], room, **small)
    return y
