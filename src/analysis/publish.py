"""The one door from a notebook to the disk: tidy tables in, figures, tables and values
with their provenance out.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Iterable
from math import isfinite
from numbers import Number, Real
from pathlib import Path
from typing import NoReturn

import pandas as pd
from IPython.display import Image, display
from matplotlib.figure import Figure

from analysis import paths
from analysis.engine.states import digest
from analysis.files.whole import write_whole
from analysis.parameters import INJECTED, assigned, defaults, run_name
from analysis.problems import suggest
from analysis.processed.store import read_processed, some_only_count
from analysis.studyfile import read_about
from analysis.tables import COLUMNS, STATEMENTS
from analysis.tables.columns import EXAMPLES, TRANSCRIPT, natural
from analysis.tables.columns import in_language as names_in
from analysis.wording import LANGUAGES, Wording


class Run:
    """One execution of a notebook: what it reads, in which language it
    speaks, and what it publishes.

    notebook: its name. language: language of all output. parameters: all its other parameters,
    for the provenance record.

    The pipeline says under which name a run publishes, and where. What is run by hand, in
    JupyterLab or with Papermill, goes to BUILD/drafts, under a name of the notebook and the
    parameters that are not as in its cell `parameters`; the report shows nothing of it. Raises
    ValueError for a language, a notebook or a parameter that does not exist, and StaleTablesError
    where the processed tables are not those of the raw data.
    """

    def __init__(self, notebook: str, *, language: str, **parameters: object):
        self.notebook = notebook = unicodedata.normalize("NFC", notebook)
        self.language = language
        self.parameters = parameters
        if language not in LANGUAGES:
            raise ValueError(
                f"no language {language!r}{suggest(language, LANGUAGES)}; known: "
                f"{', '.join(LANGUAGES)}"
            )
        self._defaults = _defaults(notebook)
        self._check_parameters({"language", *parameters})
        self.name = os.environ.get("COMPENDIUM_RUN", "")
        if not self.name:
            self.name = self._draft()
        elif self.name != notebook and not self.name.startswith(f"{notebook}-"):
            raise ValueError(
                f"Run({notebook!r}) in the run {self.name}; a notebook publishes under its own name"
            )
        self.words = Wording(language, topic=notebook)
        self._used: set[str] = set()

    def _draft(self) -> str:
        """The name of a run by hand; says where its results go, what a build would tell it, and
        whether the report has this notebook as it is now.
        """
        usual, given = self._defaults, self.parameters
        changed = {name: value for name, value in given.items() if value != usual[name]}
        told = read_about().parameters.get(self.notebook, {})
        _check_tables()
        place = paths.shown(paths.output() / self.language)
        print(f"a draft: results go to {place}, and not into the report")
        if untold := {name: value for name, value in told.items() if name not in changed}:
            said = ", ".join(f"{name}={value}" for name, value in untold.items())
            print(f"in a build, study.yml tells it {said}; by hand, only what you give it")
        elif given and not changed:
            said = ", ".join(f"{name}={value}" for name, value in given.items())
            print(f"with its defaults, {said}; others go into its cell `parameters`")
        if late := _late(self.notebook, self.language):
            print(
                f"the report does not have it as it is now ({late}); "
                f"`make notebooks RUN={self.notebook}{paths.of_study()}` runs it for the report"
            )
        return run_name(self.notebook, [f"{name}={value}" for name, value in changed.items()])

    def _check_parameters(self, given: set[str]) -> None:
        """What Papermill was told beyond what the notebook knows, it puts into a
        cell where nobody reads it.
        """
        known = self._defaults
        for name in sorted((given | _injected()) - set(known)):
            raise ValueError(
                f"{self.notebook} has no parameter {name!r}{suggest(name, known)}; known: "
                f"{', '.join(known)}"
            )

        if missing := [name for name in known if name not in given]:
            said = ", ".join(f"{name}={name}" for name in missing)
            raise ValueError(
                f"Run({self.notebook!r}, …) is not told {said}; the provenance record has to hold "
                "every parameter"
            )

    def choice(self, parameter: str, value: str, known, *, optional: bool = False) -> str:
        """The value of a parameter, if it is known; with `optional`, also the notebook's
        default, which a study may lack.

        Raises ValueError that says what is known.
        """
        value, known = value.strip(), list(known)
        if value not in known and not (optional and value == self._defaults.get(parameter)):
            raise ValueError(
                f"{parameter}: no {value!r}{suggest(value, known)}; known: {', '.join(known)}"
            )
        return value

    def choices(
        self, parameter: str, values: str, known, *, may_be_empty: bool = False
    ) -> list[str]:
        """The values of a parameter that lists several, separated by commas or blanks; one must be
        there, unless it may be empty, each as for `choice`.
        """
        listed = re.findall(r"[^\s,]+", values)
        if values == self._defaults.get(parameter):  # which a study may lack
            return listed
        if not (listed or may_be_empty):
            raise ValueError(f"{parameter} is empty; expected some of {', '.join(known)}")
        return [self.choice(parameter, value, known) for value in listed]

    def read(self, table: str) -> pd.DataFrame:
        """A processed table, typed as `analysis.tables.PROCESSED` describes it.

        Raises WrongCallError for an unknown table, FileNotFoundError before `make data`.
        """
        self._used.add(table)
        return read_processed(table)

    def save_figure(
        self,
        figure: Figure,
        *,
        headline: str,
        caption: str,
        alt: str,
        data: pd.DataFrame,
        sources: pd.DataFrame | None,
        narrow: Figure | None = None,
        counts_all: bool = False,
    ) -> None:
        """Writes the figure as SVG and PNG, as part of a page, the numbers in it as CSV, and its
        provenance record; shows the PNG, unless the figure is one of pyplot's, which Jupyter shows.

        headline: what it shows, a sentence that follows from the data; caption and alternative
        text begin with it. caption: how to read it, in one or two sentences; what follows in
        further lines, such as how things are counted, is folded below it. alt: what there is to
        see, for those who do not see it.
        data: what is drawn, readable as a table. sources: rows with source_id and locator that it
        rests on, as tables have them; None if these are of a table that names no passages. narrow:
        the same for a page on a narrow screen. counts_all: it has statements that only count as
        well; otherwise, if there are any, the caption says that they are left out.
        Raises ValueError if one of them is empty, or if `sources` names what is no passage.
        """
        # A notebook without a figure shall not run again when a module of the drawings changes.
        from analysis.drawing.page import markup
        from analysis.drawing.picture import png, svg

        folder = paths.output() / self.language / "figures"
        _file(folder, self.name, "svg").write_text(svg(figure), "utf-8")
        picture = png(figure)
        _file(folder, self.name, "png").write_bytes(picture)
        if not hasattr(figure, "number"):
            display(Image(picture, format="png"))
        read_aloud = alt and f"{headline} {alt}"
        drawings = {"study-broad": figure, "study-narrow": narrow} if narrow else {"": figure}
        parts = [markup(each, self.name, read_aloud, css) for css, each in drawings.items()]
        write_whole(_file(folder, self.name, "html"), "".join(parts))
        caption, _, more = caption.partition("\n")
        texts = {"headline": headline, "caption": caption, "alt": read_aloud}
        texts |= {"reading": more.strip()} if more else {}
        self._save(folder, data=data, sources=sources, counts_all=counts_all, **texts)

    def skip(self, reason: str) -> NoReturn:
        """Ends the notebook without a figure, and in good order; where a page wants the
        figure, it says the reason.

        reason: a sentence in the language of the report.
        """
        folder = paths.output() / self.language / "figures"
        for suffix in ("svg", "png", "html", "csv"):
            _file(folder, self.name, suffix).unlink(missing_ok=True)
        _write_json(_file(folder, self.name, "json"), self._record(skipped=reason))
        print(reason)
        raise SystemExit(0)

    def save_table(
        self,
        *,
        caption: str,
        data: pd.DataFrame,
        sources: pd.DataFrame | None,
        counts_all: bool = False,
    ) -> None:
        """Writes a table for a page as CSV with its provenance record;
        arguments as for `save_figure`.
        """
        folder = paths.output() / self.language / "tables"
        self._save(folder, caption=caption, data=data, sources=sources, counts_all=counts_all)

    def save_values(self, **values: float | str) -> None:
        """Writes numbers for the prose; a page calls them by name: {{ statements_total }}.

        Raises ValueError for what is neither a number nor a text, such as nan.
        """
        for name, value in values.items():
            if not (isinstance(value, str) or (isinstance(value, Real) and isfinite(value))):
                raise ValueError(f"{name} is {value!r}; expected a number or a text")
        shown = {
            name: value if isinstance(value, str) else self.words.number(value)
            for name, value in values.items()
        }
        _write_json(
            _file(paths.output() / self.language / "values", self.name, "json"),
            {"notebook": self.notebook, "values": shown},
        )

    def _save(
        self,
        folder: Path,
        *,
        caption: str,
        data: pd.DataFrame,
        sources: pd.DataFrame | None,
        counts_all: bool,
        **texts: str,
    ) -> None:
        needed = {"caption": caption, "data": data, **texts}
        needed |= {} if sources is None else {"sources": sources}
        for what, given in needed.items():
            if not len(given):
                raise ValueError(f"{self.name}: {what} is empty; nothing is published without it")
        passages = [] if sources is None else self._passages(sources)
        table = in_language(data, self.language)
        table.to_csv(_file(folder, self.name, "csv"), index=False, lineterminator="\n")
        record = self._record(
            caption=caption if counts_all else f"{caption}{self._left_out()}",
            columns=list(map(self._heading, table.columns)),
            numbers=_numeric(table),
            sources=passages or None,
            **texts,
        )
        _write_json(_file(folder, self.name, "json"), record)

    def _passages(self, sources: pd.DataFrame) -> list[dict]:
        """The passages of rows, as far as they have one, each once, in the order of the text.

        Raises ValueError for what does not look like one. Whether there is such a source, the page
        says: here each notebook would depend on all sources.
        """
        passages = sources[["source_id", "locator"]].dropna().astype(str)
        each = passages.assign(locator=passages["locator"].str.split(";")).explode("locator")
        passages = each.drop_duplicates()
        for locator in passages["locator"]:
            if not re.fullmatch(TRANSCRIPT, locator, re.ASCII):
                wrong = f"{self.name}: sources has the locator {locator!r}"
                raise ValueError(f"{wrong}; expected a passage such as {EXAMPLES[TRANSCRIPT]}")
        in_order = passages.sort_values(
            ["source_id", "locator"], key=lambda cells: cells.map(natural)
        )
        return in_order.to_dict("records")

    def _left_out(self) -> str:
        """What a caption says behind its sentences where something rests on statements and some of
        them only count.
        """
        is_so = bool(self._used & {*STATEMENTS}) and some_only_count()
        return f" {self.words('left_out')}" if is_so else ""

    def _record(self, **about) -> dict:
        """Where something comes from, and what else is said about it."""
        return about | {
            "name": self.name, "language": self.language,
            "notebook": self.notebook, "parameters": {"language": self.language, **self.parameters},
            "data": {
                table: digest(paths.processed() / f"{table}.csv") for table in sorted(self._used)
            },
        }  # fmt: skip

    def _heading(self, column: str) -> str:
        """The heading of a column; the name of a place stands for itself, however it is written."""
        heading = f"column.{column}"
        return self.words(heading) if heading in self.words else column


class StaleTablesError(RuntimeError):
    """The processed tables are not those of the raw data."""


def _check_tables() -> None:
    """Compares, by content, what the tables were made from with what is there."""
    from analysis.engine.pipeline import data_step

    # What is installed may be another Python's, as in somebody's own Jupyter.
    changes = [change for change in data_step().changes() if change.what != "packages"]
    if changes:
        what = _some(map(str, changes))
        raise StaleTablesError(
            f"{paths.shown(paths.processed())} is not what {paths.shown(paths.raw())} makes now "
            f"({what}); run `make data{paths.of_study()}`, with RAW= and BUILD= if you use them, "
            "and then this again"
        )


def _late(notebook: str, language: str) -> str:
    """What has changed since the runs of a notebook that the report has; empty if nothing has."""
    from analysis.engine.pipeline import notebook_step
    from analysis.engine.runs import PlanError, notebook_runs

    try:
        runs = [run for run in notebook_runs(language) if run.notebook == notebook]
    except PlanError:  # of whichever notebook; who builds is told
        return ""
    changes = [change for run in runs for change in notebook_step(run).changes()]
    return _some(change.what for change in changes if change.what != "packages")


def _some(changes: Iterable[str]) -> str:
    """The first of what has changed, each once."""
    each = [*dict.fromkeys(changes)]
    return "; ".join(each[:3]) + ("; …" if len(each) > 3 else "")


def _defaults(notebook: str) -> dict[str, object]:
    """The parameters of a notebook. Raises ValueError if there is no such notebook."""
    source = paths.notebook(notebook)
    if not source.exists():  # the name of the file may be in decomposed letters
        source = paths.notebook(unicodedata.normalize("NFD", notebook))
    try:
        return defaults(json.loads(source.read_text("utf-8-sig")))
    except FileNotFoundError:
        known = sorted(path.stem for path in paths.notebooks().glob("*.ipynb"))
        raise ValueError(
            f"Run({notebook!r}): {paths.shown(source)} does not exist{suggest(notebook, known)}"
        ) from None


def _injected() -> set[str]:
    """The names of parameters that Papermill gave the notebook that runs in this process."""
    try:
        cells = get_ipython().user_ns["In"]
    except NameError:  # no notebook
        return set()
    return {name for cell in cells if cell.startswith(INJECTED) for name in assigned(cell)}


def in_language(frame: pd.DataFrame, language: str) -> pd.DataFrame:
    """The frame with texts in one language only, their columns without the language suffix."""
    names = names_in(frame.columns, language, COLUMNS)
    return frame[[*names]].rename(columns=names)


def _numeric(table: pd.DataFrame) -> list[str]:
    """The columns that hold numbers, which a CSV file does not tell from texts such as 007; beside
    numbers there may be words for those that are missing. An empty cell is no number.
    """
    return [
        name
        for name, column in table.items()
        if not pd.api.types.is_bool_dtype(column)
        and column.dropna().map(lambda cell: isinstance(cell, Number)).any()
    ]


def _file(folder: Path, name: str, suffix: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.{suffix}"


def _write_json(path: Path, content: dict) -> None:
    write_whole(path, json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
