"""Names the label that may be meant where a page refers to one that there is not."""

from __future__ import annotations

from sphinx.util import logging

from analysis.patches.pages import labels
from analysis.problems import suggest

logger = logging.getLogger(__name__)
ROLES = ("ref", "numref")


def _name_the_nearest(app, domain, node) -> bool | None:
    """Says it in place of Sphinx, which only names what is missing."""
    if domain is None or domain.name != "std" or node["reftype"] not in ROLES:
        return None
    target = node["reftarget"]
    whose = node.get("study_finding")
    said = f"the section of the finding {whose!r}" if whose else f"{{{node['reftype']}}}"
    wrong = f"{said}: there is no label {target!r}{suggest(target, labels(app.env))}"
    logger.warning(wrong, location=node)
    return True


def register(app) -> None:
    """Listens to references that lead nowhere."""
    app.connect("warn-missing-reference", _name_the_nearest)
