"""Who works with whom: joint projects, partners that regions share, and an order
in which few lines cross.
"""

from __future__ import annotations

from collections.abc import Sequence

import networkx as nx
import numpy as np
import pandas as pd

FIRMNESS = ("active", "prospective", "unclear")  # states of a partnership, the firmest first
SWEEPS = 8  # rounds of sorting; small networks settle after two or three


def joint_projects(cooperation: pd.DataFrame, municipalities: pd.DataFrame) -> pd.DataFrame:
    """What is done together, one row per joint project; in each row every municipality
    works with every partner.

    cooperation: municipality_id, organisation_id, project_id, purpose in each language,
    status of the partnership.
    municipalities: municipality_id, case_id, in order of display. A project of several cases, or
    with other partners for each municipality, gives several rows. Returns case_id, project_id, the
    purposes, tuples municipality_id and organisation_id, partner_status (a tuple beside
    organisation_id), and status, the firmest of these.
    """
    rows = municipalities[["municipality_id", "case_id"]].merge(cooperation, on="municipality_id")
    project = ["case_id", "project_id", *rows.columns[rows.columns.str.startswith("purpose_")]]
    by_partner = rows.groupby([*project, "organisation_id", "status"], sort=False, as_index=False)[
        "municipality_id"
    ].agg(tuple)
    together = by_partner.rename(columns={"status": "partner_status"}).groupby(
        [*project, "municipality_id"], sort=False, as_index=False
    )
    projects = together[["organisation_id", "partner_status"]].agg(tuple)
    return projects.assign(
        status=[min(several, key=FIRMNESS.index) for several in projects["partner_status"]]
    )


def shared_partners(projects: pd.DataFrame) -> dict[str, list[str]]:
    """The cases of each partner that has joint projects in more than one of them.

    projects: as `joint_projects` returns them.
    """
    cases = projects.explode("organisation_id").groupby("organisation_id")["case_id"].unique()
    return {partner: list(several) for partner, several in cases.items() if len(several) > 1}


def untangled(partners: Sequence[Sequence[str]]) -> tuple[list[int], list[str]]:
    """An order of joint projects, and one of their partners, in which few of the
    lines between them cross.

    partners: the partners of each project. Projects that share a partner come together; otherwise
    the given order is kept. Each connected component is a drawing of two layers by itself.
    """
    graph = nx.Graph(
        (project, partner) for project, several in enumerate(partners) for partner in several
    )
    given = list(dict.fromkeys(partner for several in partners for partner in several))
    project_order, partner_order = [], []
    for linked in nx.connected_components(graph):
        projects = [project for project in range(len(partners)) if project in linked]
        projects, some = _barycentre(
            graph, projects, [partner for partner in given if partner in linked]
        )
        project_order += projects
        partner_order += some
    return project_order, partner_order


def _barycentre(
    graph: nx.Graph, projects: list[int], partners: list[str]
) -> tuple[list[int], list[str]]:
    """The barycentre heuristic for few crossings between two layers (Sugiyama, Tagawa and Toda
    1981): each node moves to the mean place of its neighbours in the other layer, several times.
    """
    for _ in range(SWEEPS):
        partners = sorted(
            partners,
            key=lambda partner: np.mean([projects.index(project) for project in graph[partner]]),
        )
        projects = sorted(
            projects,
            key=lambda project: np.mean([partners.index(partner) for partner in graph[project]]),
        )
    return projects, partners
