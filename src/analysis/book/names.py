"""The names of things that tables refer to by id."""

from __future__ import annotations

import pandas as pd

from analysis.processed.store import read_processed
from analysis.tables import PROCESSED
from analysis.wording import Wording


class Names:
    """The names of things that tables refer to by id: `names("cases.case_id", "valley")`."""

    def __init__(self, words: Wording):
        self.words = words
        self.known: dict[str, dict[str, str]] = {}

    def __call__(self, refers: str, value: str) -> str:
        if refers not in self.known:
            table, key = refers.split(".")
            frame = read_processed(table) if table in PROCESSED else pd.DataFrame({key: []})
            names = [self.words.column(stem) for stem in ("label", "short", "title")]
            name = next(name for name in (*names, key) if name in frame)
            told = frame.dropna(subset=name)
            self.known[refers] = dict(zip(told[key], told[name], strict=True))
        return self.known[refers].get(value, value)
