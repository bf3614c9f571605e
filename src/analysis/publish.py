"""The one door from a notebook to the disk: tidy tables in, figures, tables and values with their provenance out."""

from __future__ import annotations

import functools
import hashlib
import json
from pathlib import Path
from typing import NoReturn

import pandas as pd
from matplotlib.figure import Figure

from analysis import paths
from analysis.tables import PROCESSED
from analysis.wording import LANGUAGES, Wording
from analysis.writing import write_whole


class Run:
    """One execution of a notebook: what it reads, in which language it speaks, and what it publishes.

    notebook: name of the notebook. language: language of all output. parameters: the notebook's other parameters,
    which tell several runs of it apart: the figure of Run("case", language="de", case="duisburg") is `case-duisburg`.
    """

    def __init__(self, notebook: str, *, language: str, **parameters: str):
        self.notebook = notebook
        self.language = language
        self.parameters = parameters
        self.name = "-".join([notebook, *parameters.values()])
        self.words = Wording(language, topic=notebook)
        self._used: set[str] = set()

    def read(self, table: str) -> pd.DataFrame:
        """A processed table, typed as `analysis.tables.PROCESSED` describes it.

        Raises KeyError for an unknown table, FileNotFoundError before `make data`.
        """
        self._used.add(table)
        return read_processed(table)

    def save_figure(self, figure: Figure, *, caption: str, alt: str, data: pd.DataFrame, sources: pd.DataFrame) -> None:
        """Writes the figure as SVG and PNG, the numbers in it as CSV, and its provenance record.

        caption: one or two sentences under the figure. alt: what it shows, for those who do not see it.
        data: what is drawn, readable as a table. sources: rows with source_id and locator that it rests on.
        Raises ValueError if one of them is empty.
        """
        folder = paths.figures(self.language)
        # The date would make every build different.
        figure.savefig(_file(folder, self.name, "svg"), metadata={"Date": None})
        figure.savefig(_file(folder, self.name, "png"))
        self._save(folder, caption=caption, data=data, sources=sources, alt=alt)

    def skip(self, reason: str) -> NoReturn:
        """Ends the notebook without a figure, and in good order; where a page wants the figure, it says the reason.

        reason: a sentence in the language of the report.
        """
        folder = paths.figures(self.language)
        for suffix in ("svg", "png", "csv"):
            _file(folder, self.name, suffix).unlink(missing_ok=True)
        _write_json(_file(folder, self.name, "json"), self._record(skipped=reason))
        print(reason)
        raise SystemExit(0)

    def save_table(self, *, caption: str, data: pd.DataFrame, sources: pd.DataFrame) -> None:
        """Writes a table for a page as CSV with its provenance record; arguments as for `save_figure`."""
        self._save(paths.tables(self.language), caption=caption, data=data, sources=sources)

    def save_values(self, **values: float | str) -> None:
        """Writes numbers for the prose; a page calls them by name: {{ statements_total }}."""
        shown = {name: value if isinstance(value, str) else self.words.number(value) for name, value in values.items()}
        _write_json(_file(paths.values(self.language), self.name, "json"), {"notebook": self.notebook, "values": shown})

    def _save(self, folder: Path, *, caption: str, data: pd.DataFrame, sources: pd.DataFrame, **texts: str) -> None:
        for what, given in {"caption": caption, "data": data, "sources": sources, **texts}.items():
            if not len(given):
                raise ValueError(f"{self.name}: {what} is empty; nothing is published without it")
        table = in_language(data, self.language)
        table.to_csv(_file(folder, self.name, "csv"), index=False, lineterminator="\n")
        passages = sources[["source_id", "locator"]].drop_duplicates().sort_values(["source_id", "locator"], key=_natural)
        columns = list(map(self._heading, table.columns))
        record = self._record(caption=caption, columns=columns, sources=passages.to_dict("records"), **texts)
        _write_json(_file(folder, self.name, "json"), record)

    def _record(self, **about) -> dict:
        """Where something comes from, and what else is said about it."""
        return about | {
            "name": self.name, "language": self.language,
            "notebook": self.notebook, "parameters": {"language": self.language, **self.parameters},
            "data": {table: digest(paths.PROCESSED / f"{table}.csv") for table in sorted(self._used)},
        }  # fmt: skip

    def _heading(self, column: str) -> str:
        """The heading of a column; the name of a place stands for itself, however it is written."""
        try:
            return self.words(f"column.{column}")
        except KeyError:
            return column


def read_processed(table: str) -> pd.DataFrame:
    """A processed table as a typed frame."""
    path = paths.PROCESSED / f"{table}.csv"
    if not path.is_file():
        raise FileNotFoundError(f"{paths.shown(path)} does not exist; `make data` writes it")
    return _read(path, table, path.stat().st_mtime_ns).copy()


@functools.cache
def _read(path: Path, table: str, _written: int) -> pd.DataFrame:
    """The pages of the book ask for the same tables hundreds of times."""
    return pd.read_csv(path, dtype=PROCESSED[table].dtypes, keep_default_na=False, na_values=[""])


def in_language(frame: pd.DataFrame, language: str) -> pd.DataFrame:
    """The frame with texts in one language only, their columns without the language suffix."""
    others = tuple(f"_{other}" for other in LANGUAGES if other != language)
    return frame.drop(columns=frame.columns[frame.columns.str.endswith(others)]).rename(columns=lambda name: name.removesuffix(f"_{language}"))


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _natural(column: pd.Series) -> pd.Series:
    """A sort key that puts 4.1 ¶10 behind 4.1 ¶9."""
    return column.str.replace(r"\d+", lambda number: number.group().zfill(4), regex=True)


def _file(folder: Path, name: str, suffix: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.{suffix}"


def _write_json(path: Path, content: dict) -> None:
    write_whole(path, json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
