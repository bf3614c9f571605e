"""The study, checked: its tables, and whether its findings still hold; and the step that makes the
tidy tables of it.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis import paths
from analysis.engine.folders import check_processed
from analysis.engine.steps import WITHHELD
from analysis.problems import ReportedError, many
from analysis.processed.findings import refuted
from analysis.processed.prepare import prepare, with_all_that_count, write_processed
from analysis.raw.study import Study, current_study
from analysis.tables import RAW, described


def check() -> None:
    """Lists every problem of the study's tables."""
    study = current_study(named=True)
    prepared(study)
    rows = [
        len(study[name])
        for name in study
        if (table := described(name)) and (paths.raw() / table.file).exists()
    ]
    print(f"{paths.shown(paths.raw())}: {len(rows)} tables, {sum(rows)} rows, no problem")


def data(folder: str = "") -> None:
    """Writes all tidy tables and the data package, or nothing if the raw data has a problem.

    folder: where to, in the folder of a step; the study's own, if not said.
    """
    if not folder:
        check_processed()
    study = current_study()
    write_processed(study, prepared(study), Path(folder) if folder else paths.processed())
    if folder and study.withheld:
        (Path(folder).parent / WITHHELD).touch()


def prepared(study: Study) -> dict[str, pd.DataFrame]:
    """The processed tables of a study. Raises ReportedError if they refute one of its findings."""
    tables = prepare(study)
    problems = refuted(study, tables, with_all_that_count(study), _pages)
    if problems:
        end = f"{many(len(problems), 'finding')} the data does not carry; nothing was changed"
        raise ReportedError("\n".join([*map(str, problems), end]))
    for universe in study["universes"]["universe_id"]:
        if universe not in set(tables["universes"]["universe_id"]):
            print(f"note: {RAW['universes'].file}: {universe} changes nothing; left out")
    return tables


def _pages() -> dict[str, str]:
    """The text of every page by its path, as far as it can be read."""
    return {paths.shown(path): path.read_text("utf-8", "replace") for path in paths.pages()}
