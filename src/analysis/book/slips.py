"""Names signs of Markdown that readers would see as they are written, as something is wrong with
what they were meant for.
"""

from __future__ import annotations

import re
from collections.abc import Callable

# What stands there, and what may have been meant.
SLIPS = {
    re.compile(r"\[\^[^\]\s]*\]"): "a note of this name on the page, [^NAME]: TEXT",
    re.compile(r"\{\{.*|.*\}\}"): "{{ NAME }}, both braces closed, on one line",
    re.compile(r"(?<![{\\])\{[a-z][\w:-]*\}"): "a role with its text right behind it, {ROLE}`TEXT`",
    re.compile(r"\[[^\[\]]*\]\([^)]*\)?"): "a link, [TEXT](ADDRESS) or [TEXT](<FILE>)",
}


def looking_at(render: Callable) -> Callable:
    """What renders a text of a page, and reports every such sign in it; `render` renders it."""

    def render_text(renderer, token) -> None:
        render(renderer, token)
        if str(renderer.document["source"]).endswith(".md") and token.map:
            for sign, meant in SLIPS.items():
                for found in sign.findall(token.content):
                    wrong = f"{found.strip()!r} would be shown as it is written; expected {meant}"
                    renderer.reporter.error(
                        f"{wrong}, or `…` around what is no Markdown", line=token.map[0]
                    )

    return render_text
