"""Lists the steps of the pipeline and, for each that is due, what has changed."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from analysis import paths
from analysis.engine.installed import installed
from analysis.engine.pipeline import data_step, steps
from analysis.engine.rowchanges import list_changes, row_changes
from analysis.engine.states import digest
from analysis.engine.steps import Change, Step, kept, path_of
from analysis.problems import matching


def why(run: str = "") -> None:
    """Lists the steps and, for each that is due, what has changed.

    run: only steps with this in their name.
    """
    names = matching(run, [step.name for step in steps()])
    with tempfile.TemporaryDirectory() as folder:
        processed = paths.processed()
        if not data_step().is_current():  # what the other steps will find has to be prepared first
            processed = Path(folder)
            _prepare(processed)
        for step, reasons in due(processed):
            if step.name in names:
                _tell(step, reasons)


def _prepare(folder: Path) -> None:
    """Writes the processed tables as they will be into a folder."""
    from analysis.checking import prepared  # these load pandas
    from analysis.processed.prepare import write_processed
    from analysis.raw.study import current_study

    study = current_study()
    write_processed(study, prepared(study), folder)


def _tell(step: Step, reasons: list[str]) -> None:
    unseen = [f"may read unseen files ({', '.join(step.unseen())})"] if step.unseen() else []
    state = "due" if reasons else "up to date"
    print(f"{step.name}: {state}", *reasons, *unseen, sep="\n  ")


def due(processed: Path) -> Iterator[tuple[Step, list[str]]]:
    """Every step with the reasons why it is due, in words; none for a step that is up to date.

    processed: the folder of processed tables as they will be once the data has been prepared.
    """
    foreseen = {f"processed:{path.name}": digest(path) for path in processed.iterdir()}
    # a book is due after its notebooks and what it shows of the tutorial, whatever comes of them
    waiting: defaultdict[str, list[str]] = defaultdict(list)
    for step in steps():
        changes = step.changes(foreseen if step.name != "data" else {})
        reasons = [line for change in changes for line in (str(change), *_rows(change, processed))]
        place, _, rest = step.name.partition("/")
        language = rest.partition("/")[0]
        if place in ("notebooks", "tutorial") and reasons:
            waiting[language].append(step.name)
        if place == "book":
            reasons += [f"after {name}" for name in (*waiting[language], *waiting[""])]
        yield step, reasons


def _rows(change: Change, processed: Path) -> list[str]:
    """The changed rows of a table of which both versions are at hand; the
    packages that have changed.
    """
    before = kept(change.was)
    if change.what == "packages" and before:
        return [f"  {line}" for line in list_changes(before.read_text("utf-8"), installed())]
    place, _, file = change.what.partition(":")
    now = processed / file if place == "processed" else path_of(change.what) if file else None
    if not file.endswith(".csv") or not before or not now.is_file():
        return []
    return [f"  {line}" for line in row_changes(before, now)]
