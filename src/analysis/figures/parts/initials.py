"""The short marks of cases in figures."""

from __future__ import annotations

import numpy as np
import pandas as pd

LETTERS = 3  # in a mark
NUMBER = "#"  # before a number in the place of letters


def of_cases(cases: pd.DataFrame, municipalities: pd.DataFrame) -> pd.Series:
    """The mark of each case: the initials of its municipalities; where these are none, too many, or
    could be those of others, its number.
    """
    keys = pd.Index(cases["case_id"])
    joined = municipalities.groupby("case_id")["initials"].agg("".join).reindex(keys).fillna("")
    case_of = municipalities.set_index("initials")["case_id"].to_dict()
    is_clear = [
        len(mark) in range(1, LETTERS + 1) and case_of.get(mark, case) == case
        for case, mark in joined.items()
    ]
    numbers = [f"{NUMBER}{n}" for n in range(1, len(keys) + 1)]
    return joined.where(np.array(is_clear, dtype=bool) & ~joined.duplicated(keep=False), numbers)


def explained(cases: pd.DataFrame, label: str) -> list[str]:
    """The marks of cases, in their column `initials`; behind numbers, which tell nothing, their
    names, in the column `label`.
    """
    return [
        f"{mark} {name}" if mark.startswith(NUMBER) else mark
        for mark, name in zip(cases["initials"], cases[label], strict=True)
    ]
