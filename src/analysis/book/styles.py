"""The styles that come with the theme and extensions: those that a page of the site can meet.
Bootstrap alone, which the theme builds on, has rules for some 2,000 classes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

import tinycss2
from tinycss2.ast import Comment, Node

CLASSES = re.compile(r"""\bclass=(?:"([^"]*)"|'([^']*)'|([^\s>]+))""")
SCRIPT = re.compile(r"<script\b(?![^>]*\bjson)[^>]*>(.*?)</script>", re.DOTALL)
WORD = re.compile(r"\w+(?:-+\w+)*")
CONDITIONS = ("media", "supports")


class Shown:
    """The classes that elements of pages have or may get from a script.

    pages, scripts: their texts. Scripts put some names together (`bs-tooltip` and a side); so what
    begins as two joined words of a script counts as shown, too.
    """

    def __init__(self, pages: Iterable[str], scripts: Iterable[str]):
        self._classes: set[str] = set()
        self._beginnings: set[str] = set()
        for page in pages:
            for found in CLASSES.findall(page):
                self._classes.update("".join(found).split())
            for script in SCRIPT.findall(page):
                self._beginnings.update(WORD.findall(script))
        for script in scripts:
            self._beginnings.update(WORD.findall(script))

    def __contains__(self, name: str) -> bool:
        parts = name.split("-")
        beginnings = {name, *("-".join(parts[:n]) for n in range(2, len(parts)))}
        return name in self._classes or not self._beginnings.isdisjoint(beginnings)


def met(style: str, shown: Shown) -> str:
    """A style without rules for what has none of the classes shown; comments stay that say whose it
    is (`/*!`).
    """
    return "".join(_met(tinycss2.parse_stylesheet(style), shown))


def _met(rules: list[Node], shown: Shown) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule":
            if found := [part for part in _selectors(rule.prelude) if _is_met(part, shown)]:
                selectors = ",".join(tinycss2.serialize(part).strip() for part in found)
                yield f"{selectors}{{{tinycss2.serialize(rule.content)}}}"
        elif rule.type == "at-rule" and rule.lower_at_keyword in CONDITIONS:
            inside = "".join(_met(tinycss2.parse_rule_list(rule.content), shown))
            if inside:
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inside}}}"
        elif not isinstance(rule, Comment) or rule.value.startswith("!"):
            yield rule.serialize()


def _selectors(prelude: list[Node]) -> Iterator[list[Node]]:
    """What the commas of a rule part."""
    part: list[Node] = []
    for token in prelude:
        if token == ",":
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _is_met(selector: list[Node], shown: Shown) -> bool:
    """Whether all classes of a selector are shown; those in brackets (`:not(.a)`) do not count."""
    return all(
        name.type != "ident" or name.value in shown
        for before, name in pairwise(selector)
        if before == "."
    )
