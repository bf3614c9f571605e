"""Where the processed tables are read: typed, and each only once."""

from __future__ import annotations

import functools
from pathlib import Path

import pandas as pd

from analysis import paths
from analysis.tables import PROCESSED


def read_processed(table: str) -> pd.DataFrame:
    """A processed table as a typed frame."""
    path = paths.processed() / f"{table}.csv"
    if not path.is_file():
        raise FileNotFoundError(f"{paths.shown(path)} does not exist; `make data` writes it")
    return _read(path, table, path.stat().st_mtime_ns).copy()


@functools.cache
def _read(path: Path, table: str, _written: int) -> pd.DataFrame:
    """The pages of the book ask for the same tables hundreds of times."""
    return pd.read_csv(path, dtype=PROCESSED[table].dtypes, keep_default_na=False, na_values=[""])
