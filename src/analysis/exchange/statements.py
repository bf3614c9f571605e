"""Gives coded passages ids, by which they are the same statements in whatever file they stand."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Mapping
from functools import cached_property
from itertools import count

from analysis.exchange.model import Passage, Project
from analysis.exchange.names import digest
from analysis.exchange.opening import NotReadableError
from analysis.exchange.places import begin_of, locator_of

MOST_SOUGHT = 50_000_000_000  # characters through which words are looked for
RECORDINGS = ("audio", "video")
MOST_GONE = 20  # passages of the same words that an interview may have had


def unit_ids(
    project: Project, interviews: Mapping[str, str], places: Mapping[str, str]
) -> dict[Passage, str]:
    """The id of each coded passage, in the order in which they stand. It follows from the interview
    and the words, and from how often these stand before in its text, so that it is the same
    whoever coded what else. Where a file has no text, passages of the same words keep the ids that
    they have by their places, and all others are numbered as they come.

    places: the locators of statements so far, by their id.
    """
    order = {document: n for n, document in enumerate(project.documents)}
    passages = sorted(
        dict.fromkeys(coding.passage for coding in project.codings),
        key=lambda one: (order[one.document], one.start or 0, one.end or 0),
    )
    groups: dict[tuple[str, str], list[Passage]] = {}
    recorded = {key for key, one in project.documents.items() if one.kind in RECORDINGS}
    for one in passages:
        words = _folded(one.text or "") or f"{one.start} {one.end} {one.locator}"
        if not one.text and one.mark and one.document in recorded:  # a clip within a second
            words += f" {one.mark}"
        groups.setdefault((one.document, words), []).append(one)
    texts = {key: _Text(one.text) for key, one in project.documents.items() if one.text}
    _must_be_bounded(groups, texts)
    begins = {unit: begin_of(place) for unit, place in places.items() if place}
    ids = {}
    for (document, words), alike in groups.items():
        interview = interviews[document]  # whose name nobody can try out
        if document in texts and all(one.text and one.start is not None for one in alike):
            numbers = texts[document].numbers(words, alike)
        else:
            numbers = _numbers_by_place(interview, words, alike, begins)
        for one, n in zip(alike, _distinct(numbers), strict=True):
            ids[one] = _unit(interview, words, n)
    return {one: ids[one] for one in passages}


def _unit(interview: str, words: str, n: int) -> str:
    return "u" + digest(interview, words, n)


def _folded(text: str) -> str:
    """Words as they are compared, as programs part lines in different ways."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


class _Text:
    """The text of a document, in which words may stand again and again."""

    def __init__(self, text: str):
        self.text = text

    @cached_property
    def _whole(self) -> str:
        return _folded(self.text)

    def numbers(self, words: str, alike: list[Passage]) -> list[int]:
        """For passages of the same words the how manieth place it is where these stand."""
        if self._whole.find(words) == self._whole.rfind(words):
            return [1] * len(alike)
        pattern = r"\s+".join(map(re.escape, alike[0].text.split()))
        starts = [found.start() for found in re.finditer(f"(?={pattern})", self.text)]
        return [bisect_left(starts, one.start) + 1 for one in alike]


def _must_be_bounded(groups: Mapping[tuple[str, str], list], texts: Mapping[str, _Text]) -> None:
    if sum(len(texts[name].text) for name, _ in groups if name in texts) > MOST_SOUGHT:
        raise NotReadableError(
            "there are too many passages in too long texts to find out which of them have the same "
            "words; export the project in parts"
        )


def _numbers_by_place(
    interview: str, words: str, alike: list[Passage], begins: Mapping[str, str]
) -> list[int | None]:
    """The numbers that passages of the same words have by their places; None for new ones."""
    here = [begin_of(locator_of(one.place)) for one in alike]
    wanted = {*here} - {""} if begins else set()
    known = {}
    for n in range(1, len(alike) + MOST_GONE + 1):
        if not wanted:
            break
        begin = begins.get(_unit(interview, words, n))
        if begin in wanted:
            wanted.remove(begin)
            known[begin] = n
    return [known.get(begin) for begin in here]


def _distinct(numbers: list[int | None]) -> list[int]:
    """The same numbers, each only once; the lowest ones that are free instead of all others."""
    taken = {*numbers}
    free = (n for n in count(1) if n not in taken)
    found: dict[int, None] = {}
    for n in numbers:
        found[next(free) if n is None or n in found else n] = None
    return [*found]
