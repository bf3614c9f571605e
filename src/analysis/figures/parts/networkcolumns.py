"""A case as a network: municipalities, their joint projects and the partners in these, as three
linked columns; and the signs that its narrow form shares.
"""

from __future__ import annotations

from itertools import groupby

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyBboxPatch

from analysis.drawing import links, style, typeset
from analysis.figures.parts.networklayout import Network, Node
from analysis.wording import Wording

HEAD = 0.55  # height of the column heads, cm
# left edge and width of each column, cm
PLACE = (0.0, 2.0)
PROJECT = (2.8, 4.8)
NAME = (8.7, 5.7)
KIND = (14.75, 2.25)
DOT = NAME[0] - 0.2  # where the lines to the partners end, cm
PAD = 0.13  # beside the text of a box, cm
RIM = 0.09  # above and below it, cm
LEADING = 0.04  # and above and below a partner, cm
DASHES = {"active": "solid", "prospective": (0, (2.5, 1.8)), "unclear": (0, (5, 1.6, 1, 1.6))}


def column_heads(ax: Axes, words: Wording) -> float:
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


def columns(ax: Axes, y: float, network: Network, words: Wording) -> float:
    """The network of a case from `y` on; returns where it ends."""
    _links(ax, y, network)
    _nodes(ax, y, network, words)
    return y + network.height


def box_node(row: dict, stem: str, column: tuple[float, float], words: Wording) -> Node:
    """A municipality or project, as high as its text `stem` is in a box of a column."""
    text = words.text(row, stem) + row.get("raised", "")
    room = column[1] - 2 * PAD
    return Node(row, typeset.text_height(text, room, language=words.language) + 2 * RIM)


def partner_node(row: dict, words: Wording) -> Node:
    """A partner, as high as its name and its note are."""
    name = typeset.text_height(words.text(row, "label"), NAME[1], language=words.language)
    return Node(
        row,
        name
        + typeset.text_height(row["note"], NAME[1], style.SMALL, language=words.language)
        + 2 * LEADING,
    )


def _links(ax: Axes, y: float, network: Network) -> None:
    for place in network.places:
        for project in network.projects_at(place):
            _link(ax, (sum(PLACE), y + place.y), (PROJECT[0], y + project.y), project.row["firm"])
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
        draw_box(
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
        box, look = (PROJECT, y + project.y, project.height), look_of(project)
        purpose = words.text(project.row, "purpose") + project.row["raised"]
        with links.said(ax, title_of(project, words), f"projects:{project.row['project_id']}"):
            draw_box(ax, *box, purpose, words, **look)
    for partner in network.partners:
        row = f"organisations:{partner.row['organisation_id']}"
        with links.said(ax, words.text(partner.row, "label"), row):
            _partner(ax, y + partner.y, partner, words)
    for kind, run in groupby(network.partners, key=lambda partner: partner.row["kind"]):
        _kind(ax, y, list(run), words(f"kind.{kind}"), words)


def _partner(ax: Axes, y: float, partner: Node, words: Wording) -> None:
    note = partner.row["note"]
    draw_dot(ax, DOT, y, bool(note))
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
        [KIND[0] - 0.13] * 2, [top, bottom], color=style.QUIET, linewidth=1.6, solid_capstyle="butt"
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


def draw_dot(ax: Axes, x: float, y: float, is_shared: bool) -> None:
    """The sign of a partner, ringed where other cases have it too."""
    ax.add_patch(Circle((x, y), 0.08, facecolor=style.INK, edgecolor="none", zorder=3))
    if is_shared:
        ring = {"facecolor": style.PAPER, "edgecolor": style.INK, "linewidth": 1.0, "zorder": 2}
        ax.add_patch(Circle((x, y), 0.15, **ring))


def draw_box(
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


def title_of(project: Node, words: Wording) -> str:
    """What is said of a project: what it is for, and how firm its partners are."""
    status = words(f"status.{project.row['status']}")
    return words("title", purpose=words.text(project.row, "purpose"), status=status)


def look_of(project: Node) -> dict:
    """How the box of a project is drawn: hollow and dashed where neither the municipality is at
    work on it nor a partner takes part.
    """
    is_active = project.row["firm"] == "active"
    return {
        "facecolor": style.PALE if is_active else style.PAPER,
        "edgecolor": style.MUTED,
        "linestyle": DASHES[project.row["firm"]],
    }
