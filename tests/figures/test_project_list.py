"""A network on a narrow sheet: a list of projects with who works on each."""

import pytest
from matplotlib.patches import Circle, FancyBboxPatch

from analysis.drawing import links, style
from analysis.figures.parts.networkcolumns import DASHES, PLACE, PROJECT, box_node, partner_node
from analysis.figures.parts.networklayout import Network
from analysis.figures.parts.projectlist import listed
from analysis.wording import Wording

WORDS = Wording("en", topic="cooperation")
PLACES = [{"municipality_id": name, "label_en": name.title()} for name in ("au", "birk")]
PARTNERS = [
    {"organisation_id": "club", "label_en": "Sail club", "kind": "association", "note": ""},
    {"organisation_id": "works", "label_en": "Works", "kind": "company", "note": "also at sea"},
]
PROJECTS = [
    {"project_id": "trees", "purpose_en": "Planting", "status": "active", "firm": "active",
     "raised": "¹", "municipality_id": ("birk", "au"), "organisation_id": ("works", "club"),
     "partner_status": ("prospective", "active")},
    {"project_id": "wells", "purpose_en": "Digging", "status": "unclear", "firm": "unclear",
     "raised": "", "municipality_id": ("birk",), "organisation_id": ("club",),
     "partner_status": ("active",)},
]  # fmt: skip


@pytest.fixture
def network():
    sheet = style.sheet(style.NARROW)
    nodes = Network(
        {},
        [box_node(row, "label", PLACE, WORDS) for row in PLACES],
        [box_node(row, "purpose", PROJECT, WORDS) for row in PROJECTS],
        [partner_node(row, WORDS) for row in PARTNERS],
    )
    sheet.bottom = listed(sheet.ax, 1.0, nodes, WORDS)
    return sheet


def texts(ax):
    """The texts as a reader meets them."""
    found = sorted(ax.texts, key=lambda text: text.get_position()[1])
    return [text.get_text() for text in found]


def test_each_project_stands_between_its_municipalities_and_its_partners(network):
    assert texts(network.ax) == [
        "Au, Birk", "Planting¹", "Sail club (Association)", "Works (Company)", "also at sea",
        "Birk", "Digging", "Sail club (Association)",
    ]  # fmt: skip
    assert min(text.get_position()[1] for text in network.ax.texts) > 1
    assert max(text.get_position()[1] for text in network.ax.texts) < network.bottom


def test_lines_to_partners_and_boxes_of_projects_tell_how_sure_they_are(network):
    lines = [line.get_linestyle() for line in network.ax.lines]
    assert lines == ["-", "--", "-"], "club, works; club"
    boxes = [patch for patch in network.ax.patches if isinstance(patch, FancyBboxPatch)]
    assert [box.get_facecolor() == boxes[0].get_facecolor() for box in boxes] == [True, False]
    assert DASHES["active"] == "solid"


def test_a_partner_of_other_cases_is_ringed_and_each_leads_to_its_row(network):
    rings = [one for one in network.ax.patches if isinstance(one, Circle) and one.radius > 0.1]
    assert len(rings) == 1
    said = links.what_is_said(network.ax.get_children()).values()
    assert {about.row for about in said} == {
        "projects:trees", "projects:wells", "organisations:club", "organisations:works",
    }  # fmt: skip
