"""The names of things that tables refer to by id."""

from __future__ import annotations

from analysis.processed.store import read_processed
from analysis.wording import Wording


class Names:
    """The names of things that tables refer to by id: `names("cases.case_id", "valley")`."""

    def __init__(self, words: Wording):
        self.words = words
        self.known: dict[str, dict[str, str]] = {}

    def __call__(self, refers: str, value: str) -> str:
        if refers not in self.known:
            name, key = refers.split(".")
            frame = read_processed(name)
            stem = next(
                stem for stem in ("label", "short", "title") if self.words.column(stem) in frame
            )
            self.known[refers] = dict(zip(frame[key], frame[self.words.column(stem)], strict=True))
        return self.known[refers].get(value, value)
