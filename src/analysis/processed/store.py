"""Where the processed tables are read: typed, and each only once."""

from __future__ import annotations

import functools
from pathlib import Path

import pandas as pd

from analysis import paths
from analysis.problems import one_of
from analysis.tables import PROCESSED


def read_processed(table: str) -> pd.DataFrame:
    """A processed table as a typed frame. Raises WrongCallError if there is none of that name,
    FileNotFoundError if it is not written yet.
    """
    one_of(table, sorted(PROCESSED), "table", "processed data")
    path = paths.processed() / f"{table}.csv"
    if not path.is_file():
        make = f"make data{paths.of_study()}"
        raise FileNotFoundError(f"{paths.shown(path)} does not exist; `{make}` writes it")
    return table_as_of(path, table, path.stat().st_mtime_ns).copy()


def some_only_count() -> bool:
    """Whether there are statements that only count, as far as that is told."""
    return bool(read_processed("dimensions")["some_only_count"].any())


@functools.cache
def table_as_of(path: Path, table: str, _written: int) -> pd.DataFrame:
    """A processed table as it was written then: the pages of the book ask for the same tables
    hundreds of times. Columns that a file may lack are in the frame all the same, with nothing in
    them.
    """
    about = PROCESSED[table]
    frame = pd.read_csv(path, dtype=about.dtypes, keep_default_na=False, na_values=[""])
    columns = [name for name in about.columns if about.columns[name].may_lack or name in frame]
    return frame.reindex(columns=columns).astype({name: about.dtypes[name] for name in columns})
