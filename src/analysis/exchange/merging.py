"""What there was and what is imported as one: lists, and codebooks."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from analysis.exchange.opening import NotReadableError
from analysis.files.yamlfile import plain, read_entries
from analysis.problems import Problem
from analysis.tables.coding import CODEBOOK

Book = dict[str, dict]  # dimensions of a codebook


def in_order(before: Iterable[Hashable], after: Iterable[Hashable]) -> list:
    """All of both: what is there stays in its place, and what is new comes behind what it follows,
    or before what it leads.
    """
    order = dict.fromkeys(before)
    new: dict[Hashable, list] = {}
    last, ahead = None, []
    for name in after:
        if name not in order:
            (new.setdefault(last, []) if last is not None else ahead).append(name)
        elif last is None:
            new[name, "ahead"], ahead = ahead, []
            last = name
        else:
            last = name
    result = []
    for name in order:
        result += [*new.get((name, "ahead"), []), name, *new.get(name, [])]
    return [*result, *ahead]


def read_codebook(content: bytes) -> dict:
    """What a codebook holds, with every text below its language. What could not be written again as
    it is stops the import.
    """
    book, slips = read_entries(content)
    lost = [slip for slip in slips if not slip.damaged]
    if lost or not isinstance(book or {}, dict):
        said = [str(Problem(CODEBOOK, slip.line, None, slip.wrong, slip.expected)) for slip in lost]
        raise NotReadableError("\n".join(said or [f"{CODEBOOK} holds no codebook"]))
    if not book:
        return {}
    from analysis.raw.codebook import in_languages  # pandas takes half a second

    return plain(in_languages(book))


def entries(book: Book) -> dict[str, dict]:
    """What is said of each code and each dimension, by its name."""
    return {
        name: entry
        for dimension, about in book.items()
        for name, entry in {
            dimension: {"label": about.get("label")},
            **{code: dict(entry) for code, entry in about["codes"].items()},
        }.items()
    }


def merged(old: Book, new: Book, kept: dict[str, dict], removed: set[str]) -> Book:
    """The codes of both, without those that have gone; of a code that is in both what is kept."""
    merged = {}
    for name in in_order(old, new):
        was, now = old.get(name, {"codes": {}}), new.get(name, {"codes": {}})
        codes = {
            code: kept.get(code) or now["codes"].get(code) or was["codes"][code]
            for code in in_order(was["codes"], now["codes"])
            if code not in removed
        }
        if codes or (name in old and not was["codes"]):
            about = {**was, **now, **kept.get(name, {})}
            del about["codes"]  # which stand last
            merged[name] = {**about, "codes": codes}
    return merged
