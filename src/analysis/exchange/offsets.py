"""How programs count the characters of a text, and which way a project counts: by evidence."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Hashable
from dataclasses import dataclass

from analysis.exchange import ORIGIN
from analysis.exchange.model import Passage
from analysis.exchange.opening import MIB, MOST_TEXT, NotReadableError


@dataclass(frozen=True)
class Dialect:
    """One way of counting. wide: in units of UTF-16, of which an emoji has two, instead of code
    points. crlf: the line end of Windows counts as two.
    """

    name: str
    wide: bool
    crlf: bool


DIALECTS = {
    dialect.name: dialect
    for dialect in (
        Dialect("codepoints", wide=False, crlf=False),
        Dialect("codepoints-crlf", wide=False, crlf=True),
        Dialect("utf16", wide=True, crlf=False),
        Dialect("utf16-crlf", wide=True, crlf=True),
    )
}
# What is known of programs, by how the name of their origin begins; none of it is promised.
HABITS = {ORIGIN: ("codepoints",), "NVivo": ("utf16-crlf",), "ATLAS.ti": ("codepoints", "utf16")}
ASTRAL = re.compile("[\U00010000-\U0010ffff]")
CUT = ("…", "...")
# Of the edges that tell ways of counting apart, so many have to be those of words, and so many more
# than in any other way.
GOOD, BETTER = 0.8, 0.1
SURE = 2  # edges at the least
MANY = 10  # passages whose edges tell something where all ways of counting are one


@dataclass(frozen=True)
class Span:
    """What a program says of a passage: where it lies, and the words it may have noted of it."""

    source: Hashable
    start: int
    end: int
    said: str = ""


class Ruler:
    """Finds the code point of a text with plain line ends at which a program counts so far."""

    def __init__(self, raw: str, dialect: Dialect):
        marks = [match.start() for match in re.finditer("\r\n", raw)]
        wide = {match.start() for match in ASTRAL.finditer(raw)} if dialect.wide else set()
        places = sorted([*(marks if dialect.crlf else ()), *wide])
        # each line end before a character makes one character less of the text
        plain = [place - bisect_right(marks, place - 1) for place in places]
        self._after = [place + n + 2 for n, place in enumerate(plain)]
        self._wide = {
            place + n + 1
            for n, (place, at) in enumerate(zip(plain, places, strict=True))
            if at in wide
        }
        self._end = len(raw) - len(marks) + len(places)

    def point(self, offset: int) -> int | None:
        """The code point; None beyond the text, and within a character."""
        if not 0 <= offset <= self._end or offset in self._wide:
            return None
        n = bisect_right(self._after, offset)
        within = n < len(self._after) and self._after[n] == offset + 1
        return offset - n - within


def plain(raw: str) -> str:
    """The text with line feeds alone."""
    return raw.replace("\r\n", "\n").replace("\r", "\n")


class Page:
    """A text with line feeds alone, of which passages are cut out."""

    def __init__(self, text: str):
        self.text = text
        self._breaks = [match.start() for match in re.finditer("\n", text)]

    def passage(self, document: str, start: int, end: int) -> Passage:
        """The passage without blanks around it, and the paragraph that it begins in."""
        words = self.text[start:end]
        if words.strip():
            start += len(words) - len(words.lstrip())
            end = start + len(words.strip())
        paragraph = bisect_right(self._breaks, start - 1) + 1
        return Passage(document, start, end, f"¶{paragraph}", self.text[start:end])


Points = list[tuple[int, int] | None]


def choose(
    texts: dict[Hashable, str], spans: list[Span], origin: str, wanted: str = ""
) -> tuple[str, str, list[tuple[int, int]]]:
    """The dialect of a project, what speaks for it, and each span in code points.

    texts: by source, as it lies in the file, without a byte order mark. wanted: the dialect that
    somebody has asked for. Raises NotReadableError where a span fits no text, and where nothing,
    or contradictory evidence, speaks for a dialect: nothing is ever clipped or guessed.
    """
    name, why, points = _chosen(texts, spans, origin, wanted)
    clean = {source: plain(raw) for source, raw in texts.items()}
    if sum(end - start for start, end in points) > MOST_TEXT:
        raise NotReadableError(
            f"the passages hold more than the {MOST_TEXT // MIB} million characters that are read, "
            "as they lie over each other again and again; export the project in parts"
        )
    if not wanted:
        _must_fit(clean, spans, points)
    edges = sum(_edges(clean[span.source], *points[n]) for n, span in enumerate(spans))
    if len(spans) >= MANY and edges < len(spans):
        why += f"; only {edges} of {2 * len(spans)} edges of passages are edges of words"
    return name, why, points


def _must_fit(clean: dict[Hashable, str], spans: list[Span], points: list[tuple[int, int]]) -> None:
    """Words that a program noted of passages and that stand elsewhere in the text, in most cases,
    tell that it counts in another way.
    """
    fitting, elsewhere = 0, []
    for span, (start, end) in zip(spans, points, strict=True):
        said, text = span.said.strip(), clean[span.source]
        for mark in CUT:
            said = said.removesuffix(mark).rstrip()
        words = text[start:end]
        if said and (said in words or words.strip() in said):
            fitting += 1
        elif " " in said and said in text:  # a single word may be a title
            elsewhere.append(span)
    if len(elsewhere) > fitting:
        span = elsewhere[0]
        raise NotReadableError(
            f"the words that the program noted of {len(elsewhere)} passages stand elsewhere in "
            f"their text than it says, first those of {span.start} to {span.end}: it counts "
            "characters in another way than is known. Export the project from another program, or "
            "say which way is to be taken all the same: OFFSETS=codepoints"
        )


def _chosen(
    texts: dict[Hashable, str], spans: list[Span], origin: str, wanted: str
) -> tuple[str, str, list[tuple[int, int]]]:
    names = [wanted] if wanted else list(DIALECTS)
    if not wanted and not any("\r\n" in raw or ASTRAL.search(raw) for raw in texts.values()):
        names = ["codepoints"]
    readings = {name: _measured(texts, spans, DIALECTS[name]) for name in names}
    fitting = {name: points for name, points in readings.items() if None not in points}
    if not fitting:
        raise _beyond(spans, readings)
    first = next(iter(fitting))
    if wanted:
        return wanted, "asked for", fitting[wanted]
    if len(readings) == 1 or all(points == readings[first] for points in readings.values()):
        return first, "all ways of counting give the same passages", fitting[first]
    name, why = _by_evidence(texts, spans, fitting, origin)
    return name, why, fitting[name]


def _measured(texts: dict[Hashable, str], spans: list[Span], dialect: Dialect) -> Points:
    rulers = {source: Ruler(raw, dialect) for source, raw in texts.items()}
    points: Points = []
    for span in spans:
        ruler = rulers[span.source]
        start, end = ruler.point(span.start), ruler.point(span.end)
        points.append(None if start is None or end is None or start > end else (start, end))
    return points


def _beyond(spans: list[Span], readings: dict[str, Points]) -> NotReadableError:
    fewest = min(readings.values(), key=lambda points: points.count(None))
    span = spans[fewest.index(None)]
    return NotReadableError(
        f"{fewest.count(None)} of {len(spans)} passages do not fit their text in any way of "
        f"counting, first {span.start} to {span.end}: the texts are not those "
        "that were coded. Export the project again"
    )


def _by_evidence(texts, spans, fitting: dict[str, Points], origin: str) -> tuple[str, str]:
    """Words that the program noted decide; then edges of words; then habits of the program. Ways
    that give the same passages are one, by the name that the program is known for.
    """
    usual = sorted(fitting, key=lambda name: name not in _habits(origin))
    alike = {tuple(fitting[name]): name for name in reversed(usual)}
    fitting = {name: fitting[name] for name in fitting if name in alike.values()}
    if len(fitting) == 1:
        return next(iter(fitting)), "in all other ways passages end beyond their text"
    differing = [n for n in range(len(spans)) if len({p[n] for p in fitting.values()}) > 1]
    if not differing:
        return next(iter(fitting)), "all ways of counting that fit give the same passages"
    clean = {source: plain(raw) for source, raw in texts.items()}

    def passage(name: str, n: int) -> str:
        start, end = fitting[name][n]
        return clean[spans[n].source][start:end]

    noted = {
        name: {n for n in differing if _says(spans[n].said, passage(name, n))} for name in fitting
    }
    told = set().union(*noted.values())
    best = [name for name, found in noted.items() if found == told]
    if not best:
        raise _contradiction(noted, len(told))
    if len(best) == 1:
        return best[
            0
        ], f"{len(told)} of {len(told)} passages have the words that were noted of them"
    edges = {
        name: sum(_edges(clean[spans[n].source], *fitting[name][n]) for n in differing)
        for name in best
    }
    return _by_edges(edges, 2 * len(differing), origin)


def _contradiction(noted: dict[str, set[int]], told: int) -> NotReadableError:
    counts = ", ".join(f"{len(found)} as {name}" for name, found in noted.items() if found)
    return NotReadableError(
        f"the words that the program noted of {told} passages contradict each other: {counts} "
        f"fit. Say which way to count: OFFSETS={' or '.join(noted)}"
    )


def _by_edges(edges: dict[str, int], total: int, origin: str) -> tuple[str, str]:
    """The same number in two ways speaks for neither, unless they are habits of the program."""
    best = max(edges, key=lambda name: edges[name])
    others = [n for name, n in edges.items() if name != best]
    said = f"{edges[best]} of {total} edges of passages are edges of words"
    if edges[best] >= GOOD * total and edges[best] - max(others) >= max(SURE, BETTER * total):
        return best, said
    usual = [name for name in _habits(origin) if edges.get(name) == edges[best]]
    if usual:
        return usual[0], f"so {origin} counts; {said}"
    counts = ", ".join(f"{n} as {name}" for name, n in edges.items())
    raise NotReadableError(
        f"nothing tells how characters are counted: of {total} edges of passages {counts} are "
        f"edges of words. Say which way: OFFSETS={' or '.join(edges)}"
    )


def _habits(origin: str) -> tuple[str, ...]:
    return next((names for program, names in HABITS.items() if origin.startswith(program)), ())


def _says(said: str, passage: str) -> bool:
    """Whether words that a program noted, perhaps cut off, are those of a passage."""
    said, passage = " ".join(said.split()), " ".join(passage.split())
    for mark in CUT:
        if said.endswith(mark):
            begun = said.removesuffix(mark).rstrip()
            return bool(begun) and passage.startswith(begun)
    return bool(said) and said == passage


def _edges(text: str, start: int, end: int) -> int:
    """How many edges of a passage lie where a word begins or ends."""
    begins = text[start : start + 1].strip() and not (
        start and text[start - 1].isalnum() and text[start].isalnum()
    )
    ends = text[max(end - 1, 0) : end].strip() and not (
        end < len(text) and text[end - 1].isalnum() and text[end].isalnum()
    )
    return bool(begins) + bool(ends)
