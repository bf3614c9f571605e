"""The stages of the pipeline as commands: `python -m analysis check | data | book LANGUAGE | landing | why [RUN] |
manifest | verify | cluster WORKERS`.

Problems go to the console, and imports wait until they are needed.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

from analysis import paths
from analysis.quick import skip_slow_imports
from analysis.writing import write_whole

BUILDING = ("data", "book", "landing")  # write into the build folder
COMMANDS = ("check", "data", "book", "landing", "why", "manifest", "verify", "cluster")


def check() -> int:
    """Prints every problem and notice of the raw data; 1 if there is a problem."""
    study = _read_study()
    if study is None:
        return 1
    rows = sum(len(frame) for frame in study.tables.values())
    print(f"{paths.shown(paths.RAW)}: {len(study.tables)} tables, {rows} rows, no problem")
    return 0


def data(folder: Path | None = None) -> int:
    """Writes all processed tables and the data package, or nothing and 1 if the raw data has a problem."""
    study = _read_study()
    if study is None:
        return 1
    _write_processed(study, folder or paths.PROCESSED)
    return 0


def book(language: str) -> int:
    """Builds the report of one language; 1 if it could not be built."""
    skip_slow_imports()
    from analysis.book.staging import BookError, build_book
    from analysis.execution.plan import PlanError

    try:
        build_book(language)
    except (BookError, PlanError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def landing() -> int:
    """Writes the page that leads to the editions."""
    from analysis.book.landing import write_landing_page

    write_landing_page(paths.languages())
    return 0


def why(run: str = "") -> int:
    """Prints for every step that is due, or for those with `run` in their name, what has changed; 1 if the data has a problem."""
    from analysis.execution.pipeline import data_step, due

    with tempfile.TemporaryDirectory() as folder:
        processed = paths.PROCESSED
        if not data_step().is_current():  # what the other steps will find has to be prepared first
            study = _read_study()
            if study is None:
                return 1
            processed = Path(folder)
            _write_processed(study, processed)
        for step, reasons in due(processed):
            if run in step.name:
                unseen = [f"may read unseen files ({', '.join(step.unseen())})"] if step.unseen() else []
                print(f"{step.name}: {'due' if reasons else 'up to date'}", *reasons, *unseen, sep="\n  ")
    return 0


def manifest() -> int:
    """Writes the digests of everything that was built into the manifest that is committed with a release."""
    from analysis.manifest import manifest

    write_whole(paths.MANIFEST, json.dumps(manifest(), indent=1) + "\n")
    return 0


def verify() -> int:
    """Prints what has become of everything in the release's manifest; 1 if data differ or something is missing."""
    from analysis.manifest import DIFFERENT, MISSING, PIXELS, SAME, compare, manifest

    if not paths.MANIFEST.is_file():
        print(f"{paths.shown(paths.MANIFEST)} does not exist; `make manifest` writes it", file=sys.stderr)
        return 1
    released = json.loads(paths.MANIFEST.read_text("utf-8"))
    verdicts = list(compare(released, manifest()))
    for kind, name, verdict in verdicts:
        print(f"{'✓' if verdict in (SAME, PIXELS) else '✗'} {kind}/{name}: {verdict}")
    counts = Counter(verdict for *_, verdict in verdicts)
    print(f"against release {released['release']}: " + ", ".join(f"{n} {verdict}" for verdict, n in counts.most_common()))
    return int(bool(counts[DIFFERENT] or counts[MISSING]))


def cluster(workers: str) -> int:
    """Runs a Dask cluster with so many workers on this machine until Ctrl-C."""
    from contextlib import suppress

    from analysis.execution.cluster import serve

    with suppress(KeyboardInterrupt):
        serve(int(workers))
    return 0


def as_csv(frame) -> str:
    """A processed table as the text of its file."""
    return frame.to_csv(index=False, lineterminator="\n")


def _write_processed(study, folder: Path) -> None:
    from analysis.datapackage import describe
    from analysis.prepare import prepare

    contents = {f"{name}.csv": as_csv(frame) for name, frame in prepare(study).items()}
    (about,) = study["sources"].query("role == 'study'").to_dict("records")
    package = describe({name: text.encode() for name, text in contents.items()}, about["source_id"], about["title"])
    contents["datapackage.json"] = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    for name, text in contents.items():
        write_whole(folder / name, text)


def _read_study():
    from analysis.study import StudyError, read_study

    try:
        study = read_study(paths.RAW, paths.REFERENCES)
    except StudyError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        for notice in error.notices:
            print(f"note: {notice}", file=sys.stderr)
        n = len(error.problems)
        print(f"{n} problem{'s' if n > 1 else ''} in {paths.shown(paths.RAW)}; nothing was changed", file=sys.stderr)
        return None
    for notice in study.notices:
        print(f"note: {notice}")
    return study
