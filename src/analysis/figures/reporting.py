"""What the study reports of two checklists for qualitative research, as a table."""

from __future__ import annotations

import pandas as pd

from analysis.wording import Wording


def table(items: pd.DataFrame, words: Wording) -> pd.DataFrame:
    """The items in order; those of which nothing is reported say so.

    items: the table `reporting`.
    """
    silent = words("not_reported")
    return pd.DataFrame({
        "checklist": [words(f"checklist.{name}") for name in items["checklist"]],
        "order": items["order"],
        "item": items[words.column("item")],
        "answer": items[words.column("answer")].fillna(silent),
        "locator": items["locator"].fillna(""),
    })  # fmt: skip


def headline(items: pd.DataFrame, words: Wording) -> str:
    """On how many items of each checklist the study reports something."""
    answered = items[words.column("answer")].notna().groupby(items["checklist"], sort=False)
    counts = [
        words("counts", checklist=words(f"checklist.{name}"), **_in_words(words, n=n, total=total))
        for name, n, total in answered.agg(["sum", "size"]).itertuples(name=None)
    ]
    return words("headline", counts=words.listing(counts))


def _in_words(words: Wording, **numbers: int) -> dict[str, str]:
    return {name: words.numeral(n) for name, n in numbers.items()}
