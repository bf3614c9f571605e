"""The codes of a dimension, and what they are called where it is not the usual one of a figure."""

from __future__ import annotations

import pandas as pd

from analysis.wording import Wording

OF = "of"  # the column with the name of the dimension


def of_dimension(
    codes: pd.DataFrame, dimensions: pd.DataFrame, dimension: str, usual: str, words: Wording
) -> pd.DataFrame:
    """The codes of a dimension; with the name of it, unless it is the usual one.

    codes, dimensions: the tables of these names.
    """
    own = codes[codes["dimension"] == dimension]
    if dimension == usual:
        return own
    names = dimensions.set_index("dimension")[words.column("label")]
    return own.assign(**{OF: own["dimension"].map(names)})


def unusual(codes: pd.DataFrame) -> str:
    """The name of the dimension of such codes; nothing for that of the usual one."""
    return codes[OF].iloc[0] if OF in codes and len(codes) else ""
