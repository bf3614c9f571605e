"""Turns the codes of a project, one below the other, into dimensions with codes.

A code on top that has others below it is a dimension, and they are its codes, known by all names on
the way to them; it is a code of its own dimension too, if somebody gave it. What stands alone on
top goes into one dimension.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from analysis.exchange import ORIGIN
from analysis.exchange.model import Code, Project
from analysis.exchange.names import digest, distinct, inert
from analysis.exchange.opening import DEEPEST, too_deep
from analysis.problems import alike
from analysis.tables.coding import QUOTED
from analysis.wording import LANGUAGES

STEP = " > "  # between the names of a code and of one below it
STEP_IN_A_NAME = " \\> "  # the same where it belongs to a name
ALONE = "Code"  # the dimension of codes that have none above and none below them
NOTHING = "–"  # where a project has no name
FEWEST, SURE = 4, 6  # words that may be a quotation, and that are one if they stand in a row
# What of a text may be a quotation: what stands in quotation marks, a sentence, what a colon leads.
STRETCH = re.compile(r"[„“”‟«»‹›‚‘‛「」\"](.+?)(?:[„“”‟«»‹›‘」\"]|’(?!\w))", re.DOTALL)
BETWEEN = re.compile(r"[.:;!?\n…()\[\]/–—]+")
SENTENCES = re.compile(r"(?<=[.!?;])\s+|\n+")  # what parts them
# Of scripts without blanks between words.
UNPARTED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Entry:
    """What a file says of a code: the names on the way to it, its definition, and whether somebody
    gave it there. mark: tells codes apart whose names are all the same.
    """

    path: tuple[str, ...]
    definition: str = ""
    given: bool = False
    mark: str = ""

    @property
    def key(self) -> tuple[tuple[str, ...], str]:
        """By what it is known in whatever file."""
        return self.path, self.mark


@dataclass(frozen=True)
class Codebook:
    """The codes of a file among those of others.

    ids: of each code of the project that can be given. dimensions: all of them, those of other
    files too. own: what this file says of its codes. renamed: new ids of codes of other files.
    """

    ids: dict[str, str]
    dimensions: dict[str, dict]
    own: dict[str, Entry]
    renamed: dict[str, str]


def codebook(
    project: Project, notes: Counter[str], others: Sequence[tuple[str, Entry]] = ()
) -> Codebook:
    """The dimensions as the file has them, together with codes of other files, by their ids so far;
    all ids follow from the names in all files, in whatever order these were read.
    """
    own, used = _own(project, notes)
    entries = [*own.values(), *(entry for _, entry in others)]
    above = {entry.path[:n] for entry in entries for n in range(1, len(entry.path))}
    known: dict[tuple, Entry] = {}
    for entry in entries:
        was = known.get(entry.key, entry)
        known[entry.key] = replace(entry, given=was.given or entry.given)
    known = {
        key: entry
        for key, entry in known.items()
        if entry.given or len(entry.path) > 1 or entry.path not in above
    }
    said: dict[tuple, set[str]] = {key: set() for key in known}
    for entry in entries:
        said.get(entry.key, set()).add(entry.definition)
    groups: dict[str | None, list[tuple]] = {}
    for key, entry in known.items():
        groups.setdefault(entry.path[0] if entry.path[:1] in above else None, []).append(key)
    dimensions = distinct([(top, top or ALONE, top or "") for top in groups], "_", letters=True)
    ids: dict[tuple, str] = {}
    book = {}
    for top, members in groups.items():
        steps = {
            (path, mark): path[1:] if top and len(path) > 1 else path for path, mark in members
        }
        short = distinct([(key, " ".join(steps[key]), key) for key in members], "_")
        ids |= {key: f"{dimensions[top]}.{short[key]}" for key in members}
        book[dimensions[top]] = {
            "label": top or ALONE,
            "codes": {
                ids[key]: {
                    "label": STEP.join(step.replace(STEP, STEP_IN_A_NAME) for step in steps[key]),
                    "definition": _all_of(said[key]),
                }
                for key in members
            },
        }
    described = sum(bool(code.description) for code in project.codes.values())
    ours = [entry for entry in own.values() if entry.definition and entry.key in ids]
    project.set_aside("descriptions", "they describe folders of codes", described - len(ours))
    project.set_aside("codes", "folders with no code in them", len(project.codes) - used)
    _tell_apart(book)
    return Codebook(
        {code: ids[entry.key] for code, entry in own.items() if entry.key in ids},
        {name: _in_languages(about) for name, about in book.items()},
        {ids[entry.key]: entry for entry in own.values() if entry.key in ids},
        {was: ids[entry.key] for was, entry in others if ids.get(entry.key, was) != was},
    )


def leave_out_quotations(
    project: Project, passages: Collection[str], others: Sequence[tuple[str, Entry]] = ()
) -> dict[str, str]:
    """Leaves out what is said of codes in words of passages, and tells of codes called by them.
    What is left of such definitions of other imports, by what they were.
    """
    codes = project.codes
    said = {key: code.description for key, code in codes.items() if code.description}
    named = {key: code.name for key, code in codes.items()}
    foreign = [entry.definition for _, entry in others if entry.definition]
    spoken = _Spoken(passages, [*said.values(), *named.values(), *foreign])
    left = {key: spoken.left(text) for key, text in said.items()}
    project.codes = {
        key: replace(code, description=left.get(key, "")) for key, code in codes.items()
    }
    described = [key for key in said if left[key] != said[key]]
    shortened = sum(bool(left[key]) for key in described)
    project.set_aside("descriptions", "they quote passages", len(described) - shortened)
    called = [key for key, name in named.items() if spoken.has(name)]
    reworded = {text: rest for text in foreign if (rest := spoken.left(text)) != text}
    # which nobody can compare: without passages, or in scripts that do not part words
    quoting = [text for text in left.values() if not spoken.words or UNPARTED.search(text)]
    for n, told in (
        (
            shortened,
            "descriptions without sentences that quote passages: {n:,}; the rest of them is kept",
        ),
        (
            sum(bool(QUOTED.search(text)) for text in quoting),
            "descriptions with quotation marks, which pages show: {n:,}; leave out of them what "
            "people did not agree to have quoted",
        ),
        (
            len(called),
            "codes with names in words of passages, which pages show: {n:,}; give them other names "
            "where people did not agree to be quoted",
        ),
    ):
        project.notices += [told.format(n=n)] * bool(n)
    for what, keys in (("codes described in", described), ("codes with names in", called)):
        if keys:
            names = ", ".join(named[key] for key in keys)
            project.who[f"{what} words of passages"] = names
    return reworded


class _Spoken:
    """What people said, as far as some texts may quote it: its words in a row."""

    def __init__(self, passages: Iterable[str], texts: Iterable[str]):
        known = {word for text in texts for word in _words(text)}
        self.words = False
        self._whole: set[tuple[str, ...]] = set()  # that may be all words of a stretch
        self._sure: set[tuple[str, ...]] = set()  # that are a quotation wherever they stand
        for passage in passages:
            words = _words(passage)
            self.words = self.words or bool(words)
            for run in _runs(words, known):
                self._whole.add(run)
                if len(run) in (len(words), SURE):
                    self._sure.add(run)

    def has(self, text: str) -> bool:
        """Whether a text quotes passages: it has all words of one, or a passage has all words of it
        or of what in it may be a quotation, or there are enough of them in a row.
        """
        return any(
            (words := _words(said)) in self._whole or not self._sure.isdisjoint(_runs(words))
            for said in (text, *STRETCH.findall(text), *BETWEEN.split(text))
        )

    def left(self, text: str) -> str:
        """A text without the sentences that quote; nothing of it if the others together still do,
        as a quotation may go on from one to the next.
        """
        if not self.has(text):
            return text
        quotations = [found.span() for found in STRETCH.finditer(text) if self.has(found[1])]
        ends = [*(found.span() for found in SENTENCES.finditer(text)), (len(text), len(text))]
        kept, begin = [], 0
        for end, after in ends:
            said = text[begin:end]
            if not self.has(said) and all(
                end <= one or begin >= other for one, other in quotations
            ):
                kept.append(said)
            begin = after
        rest = " ".join(filter(None, kept))
        return "" if self.has(rest) else rest


def _words(text: str) -> tuple[str, ...]:
    return tuple(WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def _runs(words: Sequence[str], known: Collection[str] | None = None) -> Iterator[tuple[str, ...]]:
    """As many words in a row as may be a quotation; known: the words that matter, if not all."""
    in_a_row = 0
    for end, word in enumerate(words, 1):
        in_a_row = in_a_row + 1 if known is None or word in known else 0
        for length in range(FEWEST, min(in_a_row, SURE) + 1):
            yield tuple(words[end - length : end])


def _all_of(definitions: set[str]) -> str:
    """What files say of a code, but what another one says too, within more."""
    return " / ".join(
        sorted(
            one
            for one in definitions
            if not any(one in other and one != other for other in definitions)
        )
    )


def _own(project: Project, notes: Counter[str]) -> tuple[dict[str, Entry], int]:
    """What the file says of each of its codes that can be given, and how many codes and folders
    lead to them.
    """
    codes = project.codes
    coded = {coding.code for coding in project.codings}
    paths = {key: path_of(code, codes) for key, code in codes.items()}
    is_foreign = project.origin != ORIGIN
    said = {key: inert(code.name, notes, is_foreign) or NOTHING for key, code in codes.items()}
    names = {key: tuple(said[step] for step in path) for key, path in paths.items()}
    above = {step for path in paths.values() for step in path[:-1]}
    kept = [
        key
        for key, path in paths.items()
        if key in coded or (codes[key].is_codable and not (len(path) == 1 and key in above))
    ]
    often = Counter(names[key] for key in kept)
    own = {
        key: Entry(
            names[key],
            inert(codes[key].description, notes, is_foreign),
            key in coded,
            digest(key, length=8) if often[names[key]] > 1 else "",
        )
        for key in kept
    }
    return own, len({step for key in kept for step in paths[key]})


def path_of(code: Code, codes: dict[str, Code]) -> tuple[str, ...]:
    """The ids on the way to a code, from the top."""
    path = [code.id]
    while (above := codes[path[0]].parent) in codes and above not in path:
        path.insert(0, above)
        if len(path) > DEEPEST:
            raise too_deep("the codebook")
    return tuple(path)


def _tell_apart(book: dict[str, dict]) -> None:
    """No two codes may have labels that look alike: they get that of their dimension, or count."""
    often = Counter(
        alike(code["label"]) for about in book.values() for code in about["codes"].values()
    )
    taken: dict[str, int] = {}
    for about in book.values():
        for code in about["codes"].values():
            label = code["label"]
            if often[alike(label)] > 1:
                label = f"{about['label']}{STEP}{label}"
            code["label"] = _free(label, taken)
    taken = {}
    for about in book.values():
        about["label"] = _free(about["label"], taken)


def _free(label: str, taken: dict[str, int]) -> str:
    """The label, or the same with the first number that is free. taken: labels, and how often each
    was asked for.
    """
    found, key = label, alike(label)
    n = taken.get(key, 0) + 1
    while alike(found) in taken:
        n = max(n, 2)
        found = f"{label} ({n})"
        n += 1
    taken[key] = max(n - 1, 1)
    taken.setdefault(alike(found), 1)
    return found


def _in_languages(about: dict) -> dict:
    """The same words in each language of the report, as a project has one alone."""
    return {
        "label": dict.fromkeys(LANGUAGES, about["label"]),
        "codes": {
            code: {
                **dict.fromkeys(LANGUAGES, entry["label"]),
                **_definition(entry["definition"]),
            }
            for code, entry in about["codes"].items()
        },
    }


def _definition(said: str) -> dict[str, dict]:
    return {"definition": dict.fromkeys(LANGUAGES, said)} if said else {}
