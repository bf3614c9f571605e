"""Draws the figures of a study by the code of the notebooks, in this process and from
frames instead of files.
"""

import functools
import io
import os
import shutil
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import matplotlib.pyplot as plt
import nbformat
import pandas as pd
from matplotlib.figure import Figure

from analysis import paths, publish
from analysis.files.csvfile import column
from analysis.parameters import defaults, run_name
from analysis.patches.drawing import keep_fonts_in_memory, measure_once
from analysis.processed.prepare import prepare
from analysis.raw.study import read_study
from analysis.studyfile import read_about
from analysis.tables import PROCESSED

# As where notebooks run.
keep_fonts_in_memory()
measure_once()
ROOT = paths.root()
NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
LANGUAGES = ("de", "en")
TOLD = read_about().parameters  # what the study of this repository tells its notebooks
SOURCES = column(ROOT / "data/raw/sources.csv", "source_id")  # by which it is known
# What notebooks on single documents are told of the leaflet that the invented study has for them.
LEAFLET = {
    "alliance": {"source": "merkblatt", "asking": "shade"},
    "circularcity": {"source": "merkblatt"},
    "initiatives": {
        "source": "merkblatt",
        "start": "clubs_start",
        "end": "clubs_end",
        "target": "clubs_target",
    },
    "valueadded": {"falls": "shade_fall", "rises": "shade_rise"},
}


@dataclass
class Drawing:
    """What one run of a notebook publishes."""

    figure: Figure | None = None
    narrow: Figure | None = None
    headline: str = ""
    caption: str = ""
    alt: str = ""
    data: pd.DataFrame | None = None
    table: pd.DataFrame | None = None
    table_caption: str = ""
    values: dict = field(default_factory=dict)
    skipped: str = ""


class Study(dict):
    """The processed tables of a study, and what was drawn of them; a changed copy is a plain dict,
    of which everything is drawn anew.
    """

    def __init__(self, tables):
        super().__init__(tables)
        self.drawn = {}


def draw(notebook, tables, language="de", **parameters):
    """What a run of a notebook on processed tables would publish; of a study it is drawn once."""
    drawn, run = getattr(tables, "drawn", {}), (notebook, language, *parameters.items())
    if run not in drawn:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            drawn[run] = _draw(notebook, tables, language, parameters)
    return drawn[run]


def _draw(notebook, tables, language, parameters):
    """Runs the code cells of a notebook."""
    drawing = Drawing()

    class Run(publish.Run):
        """A run that reads from frames and keeps what it publishes."""

        def read(self, table):
            return tables[table].copy()

        def save_figure(
            self, figure, *, headline, caption, alt, data, sources, narrow=None, **_about_counts
        ):
            assert headline.endswith(".")
            assert caption
            assert alt
            assert len(data)
            assert len(sources[["source_id", "locator"]])
            drawing.figure, drawing.narrow, drawing.headline = figure, narrow, headline
            drawing.caption, drawing.alt = caption, alt
            drawing.data = publish.in_language(data, self.language)

        def save_table(self, *, caption, data, sources, **_about_counts):
            assert caption
            assert len(data)
            assert sources is None or len(sources[["source_id", "locator"]])
            drawing.table, drawing.table_caption = publish.in_language(data, self.language), caption
            if drawing.figure is None:  # all that the notebook publishes
                drawing.caption, drawing.data = caption, drawing.table

        def skip(self, reason):
            drawing.skipped = reason
            raise SystemExit(0)

        def save_values(self, **values):
            drawing.values |= values

    told = TOLD.get(notebook, {}) if tables["sources"]["source_id"].isin(SOURCES).any() else {}
    given = {"language": language, **told, **parameters}
    ordinary = publish.Run
    publish.Run = Run
    as_planned = mock.patch.dict(os.environ, COMPENDIUM_RUN=run_name(notebook, parameters.values()))
    as_planned.start()
    try:
        place = {}
        for tags, code in _cells(notebook):
            exec(code, place)
            place |= given if "parameters" in tags else {}
    except SystemExit:
        assert drawing.skipped
    finally:
        as_planned.stop()
        publish.Run = ordinary
        plt.close("all")
    return drawing


def runs(tables, cases=99):
    """Name and parameters of every run of a study; of repeated ones for the first `cases` only. Of
    the leaflet a notebook is told what the study has.
    """
    cases = [{"case": case} for case in tables["cases"]["case_id"].head(cases)]
    stated = tables["context_statements"].query("source_id == 'merkblatt'")
    known = {*tables["sources"]["source_id"], *tables["facts"]["fact_id"], *stated["group"]}
    told = {
        name: {parameter: value for parameter, value in of.items() if value in known}
        for name, of in LEAFLET.items()
    }
    return [
        (name, parameters)
        for name in NOTEBOOKS
        for parameters in (cases if name == "case" else [told.get(name, {})])
    ]


def unsaid(notebook):
    """The parameters of a notebook where a study tells it nothing."""
    written = nbformat.read(ROOT / f"notebooks/{notebook}.ipynb", as_version=4)
    return {name: defaults(written)[name] for name in TOLD.get(notebook, {})}


@functools.cache
def study(name):
    """The processed tables of the real or the invented (`mini`) study, typed as a notebook reads
    them.
    """
    return Study(read_back(prepare(raw(name))))


@functools.cache
def raw(name):
    """The validated study in `data/raw` (real), or that in `tests/mini` (mini) with the rows in
    `documents`, of which notebooks on single documents can draw something.
    """
    if name == "real":
        return read_study(ROOT / "data/raw", ROOT / "book/references.bib")
    with TemporaryDirectory() as folder:
        data = shutil.copytree(ROOT / "tests/mini/data", Path(folder) / "data")
        for more in Path(__file__).parent.glob("documents/*.csv"):
            header, _, rows = more.read_text("utf-8").partition("\n")
            table = data / "context" / more.name
            assert table.read_text("utf-8").startswith(header)
            table.write_text(table.read_text("utf-8") + rows, "utf-8")
        return read_study(data, ROOT / "tests/mini/book/references.bib")


def read_back(tables):
    """Tables as they are once written and read."""
    return {name: typed(frame.to_csv(index=False), name) for name, frame in tables.items()}


def typed(text, name):
    """A processed table from its CSV text."""
    return pd.read_csv(
        io.StringIO(text), dtype=PROCESSED[name].dtypes, keep_default_na=False, na_values=[""]
    )


@functools.cache
def _cells(notebook):
    """Tags and compiled code of each code cell."""
    cells = nbformat.read(ROOT / f"notebooks/{notebook}.ipynb", as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    return [
        (cell.metadata.get("tags", []), compile(cell.source, f"{notebook}.ipynb", "exec"))
        for cell in code
    ]
