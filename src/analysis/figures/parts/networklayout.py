"""The layout of a small network in three columns: municipalities, what they work on,
and their partners there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

GAP = 0.12  # between boxes, cm
STEP = 0.22  # and between partners of different projects, cm


@dataclass
class Node:
    """A municipality, a joint project or a partner: its row, its height and the place of its
    middle below the top, in cm.
    """

    row: dict
    height: float
    y: float = 0.0


@dataclass
class Network:
    """The nodes of one case in order of display, placed so that linked ones lie side by side.

    Rows of projects have tuples of municipality_id and organisation_id, those of places and
    partners one of them each.
    """

    case: dict
    places: list[Node]
    projects: list[Node]
    partners: list[Node]

    def __post_init__(self) -> None:
        self._stack_partners()
        for project in self.projects:
            project.y = _mean(
                [
                    partner
                    for partner in self.partners
                    if partner.row["organisation_id"] in project.row["organisation_id"]
                ]
            )
        _spread(self.projects)
        for place in self.places:
            place.y = _mean(self.projects_at(place))
        _spread(self.places)
        nodes = [*self.places, *self.projects, *self.partners]
        top = min(node.y - node.height / 2 for node in nodes)
        for node in nodes:
            node.y -= top
        self.height = max(node.y + node.height / 2 for node in nodes)

    def projects_at(self, place: Node) -> list[Node]:
        """The joint projects of a municipality."""
        return self._projects_of("municipality_id", place)

    def projects_with(self, partner: Node) -> list[Node]:
        """The joint projects in which a partner takes part."""
        return self._projects_of("organisation_id", partner)

    def _projects_of(self, key: str, node: Node) -> list[Node]:
        return [project for project in self.projects if node.row[key] in project.row[key]]

    def _stack_partners(self) -> None:
        bottom, before = 0.0, None
        for partner in self.partners:
            projects = self.projects_with(partner)
            bottom += STEP if before is not None and before != projects else 0
            partner.y = bottom + partner.height / 2
            bottom, before = bottom + partner.height, projects


def _mean(nodes: list[Node]) -> float:
    return float(np.mean([node.y for node in nodes]))


def _spread(nodes: list[Node]) -> None:
    """Moves nodes apart until none overlap, keeping their order, as far up as down.

    Without the room that they need, their places must only not decrease: they go halfway between
    the two monotone envelopes of where they are (an isotonic regression, roughly).
    """
    heights = np.array([node.height for node in nodes])
    needed = np.concatenate([[0.0], np.cumsum((heights[:-1] + heights[1:]) / 2 + GAP)])
    slack = np.array([node.y for node in nodes]) - needed
    down, up = np.maximum.accumulate(slack), np.minimum.accumulate(slack[::-1])[::-1]
    for node, y in zip(nodes, (down + up) / 2 + needed, strict=True):
        node.y = float(y)
