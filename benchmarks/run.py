"""Measures the pipeline against the usual way, on this machine and in this run: `make bench`, or
one of its two parts with PART=report or PART=growth; what is known of the other stays.

Writes results.csv beside this file, and from it results.svg and the table in README.md. Wall time
in seconds; memory is what all processes of a command need together (proportional set size),
sampled while it runs, in MiB.
"""

from __future__ import annotations

import csv
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import live
import psutil
import synthetic
from show import is_of_growth

from analysis import paths
from analysis.book.values import MEASURED
from analysis.engine.machine import cores
from analysis.engine.runs import notebook_runs

HERE = Path(__file__).parent
RESULTS = HERE / "results.csv"
COLUMNS = ["measurement", "size", "cores", "seconds", "mebibytes"]
ROUNDS = os.environ.get("ROUNDS_WANTED") or "2"  # of the report, each way in turn
PARTS = ("report", "growth")
PART = os.environ.get("PART_WANTED") or ""  # both
MUNICIPALITIES = (50, 100, 200, 396, 1000)  # 396 is North Rhine-Westphalia
ON_CLUSTER = 100  # notebooks
WORKERS = 4
CODINGS = (10_000, 100_000, 1_000_000)
IMPORTED = 50_000
JOBS = cores()
BIN = Path(sys.executable).parent


def main() -> None:
    """What was asked for, from the quick to the slow; results are written as they come."""
    parts = {"report": (report_in_rounds, watching, style, cached_pages), "growth": (growth,)}
    asked = [PART] if PART else PARTS
    kept = [row for row in _known() if _part(row[0]) not in asked]
    with RESULTS.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, lineterminator="\n")
        write.writerows([COLUMNS, *kept])

        def note(measurement: str, size: int, seconds: float, mebibytes: float) -> None:
            write.writerow([measurement, size, JOBS, round(seconds, 2), round(mebibytes)])
            file.flush()
            print(f"{measurement} {size}: {seconds:.2f} s, {mebibytes:.0f} MiB", flush=True)

        for part in asked:
            for measure in parts[part]:
                measure(note)


def _known() -> list[list[str]]:
    """The rows of results.csv without its head."""
    with RESULTS.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def _part(measurement: str) -> str:
    return "growth" if is_of_growth(measurement) else "report"


def report_in_rounds(note) -> None:
    """Each way of making the report in turn, as often as asked."""
    for _ in range(int(ROUNDS)):
        report(note)


def watching(note) -> None:
    """How long one waits for a page after saving something."""
    with copied() as folder:
        live.watch(folder / "study", folder / "ours", note)


def growth(note) -> None:
    """What grows with a study: codings, imports, municipalities."""
    for n in CODINGS:
        said = subprocess.run(
            [sys.executable, HERE / "counting.py", str(n)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        note("prepare and count codings", n, *map(float, said.split()))
    imports(IMPORTED, note)
    for n in MUNICIPALITIES:
        many(n, note)
    cluster(ON_CLUSTER, note)


def imports(n: int, note) -> None:
    """A project of REFI-QDA, and a spreadsheet of MAXQDA, with so many codings, each read into the
    tables of a new study.
    """
    for measurement, name, make in (
        ("import codings", "project.qdpx", synthetic.project),
        ("import codings of a spreadsheet", "segments.xlsx", synthetic.spreadsheet),
    ):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / name
            make(file, n)
            settings = {"COMPENDIUM_RAW": f"{folder}/raw", "COMPENDIUM_BUILD": f"{folder}/build"}
            command = f"{shlex.quote(sys.executable)} -m analysis import {shlex.quote(str(file))}"
            note(measurement, n, *measured(command, settings))


def report(note) -> None:
    """The report of this project in both languages: each way once, into an empty folder."""
    with copied() as folder:
        runs = [run for language in paths.languages() for run in notebook_runs(language)]
        study, raw = folder / "study", folder / "study/data/raw"
        ours = f"make -s -C {paths.root()} STUDY={study} BUILD={folder / 'ours'}"
        note("make book, nothing built", len(runs), *measured(f"{ours} book"))
        note("make book, nothing changed", len(runs), *measured(f"{ours} book"))
        change(study / "book/en/imprint.md", "responsible for", "in charge of")
        note("make book, one sentence changed", len(runs), *measured(f"{ours} book"))
        change(raw / "coding/adjudication.csv", "exclude", "include")
        note("make book, one coding changed", len(runs), *measured(f"{ours} book"))
        change(raw / "study/municipalities.csv", "Duisburg", "Stadt Duisburg")
        note("make book, one label changed", len(runs), *measured(f"{ours} book"))
        for jobs, measurement in ((1, "the usual way"), (JOBS, f"the usual way, {JOBS} at a time")):
            note(measurement, len(runs), *usual(folder / f"usual{jobs}", runs, jobs))
        note("make notebooks, nothing built", len(runs), *measured(f"{ours}2 notebooks"))
        note("make book, notebooks done", len(runs), *measured(f"{ours}2 book"))
        note("Sphinx alone, a process an edition", len(runs), *sphinx_alone(folder, "ours2"))
        plain = measured(f"{ours}3 notebooks KERNEL=plain")
        note("make notebooks, ordinary kernels", len(runs), *plain)
        environment = {
            "COMPENDIUM_BUILD": str(folder / "floor"),
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        } | steady()
        python = sys.executable
        floor = f"sh -c '{python} -m doit data && {python} {HERE / 'floor.py'} {JOBS}'"
        note("the cells alone, in forks", len(runs), *measured(floor, environment))


def sphinx_alone(folder: Path, built: str) -> tuple[float, float]:
    """The pages of the editions in Sphinx, side by side, from notebooks that have run."""
    alone = (
        "import sys; from pathlib import Path; from analysis.book.sphinx import build_site; "
        "from analysis.book.staging import stage_pages; pages = Path(sys.argv[2]); "
        "stage_pages(sys.argv[1], pages); "
        "sys.exit(build_site(pages, pages.with_name('site')) or 0)"
    )
    commands = [
        f'{sys.executable} -c "{alone}" {language} {folder / "alone" / language / "pages"}'
        for language in paths.languages()
    ]
    places = {"COMPENDIUM_STUDY": folder / "study", "COMPENDIUM_BUILD": folder / built}
    settings = {name: str(place) for name, place in places.items()}
    return measured(f"sh {_script(folder / 'alone', [], commands)}", settings | steady())


def style(note) -> None:
    """The book, after a change in the look of all figures."""
    with copied() as folder:
        project = folder / "study"
        (project / "benchmarks").mkdir()
        for name in ("src", "dodo.py", "requirements.lock"):
            synthetic.copy(paths.root() / name, project)
        for name in MEASURED:
            shutil.copy(paths.root() / name, project / name)
        book = f"{sys.executable} -m doit -n {JOBS} -P thread book"
        environment = {"PYTHONPATH": str(project / "src")}
        measured(book, environment, project)
        change(
            project / "src/analysis/drawing/style.py", 'ACCENT = "#1F3A5F"', 'ACCENT = "#1F3A60"'
        )
        runs = [run for language in paths.languages() for run in notebook_runs(language)]
        measure = measured(book, environment, project)
        note("make book, style of all figures changed", len(runs), *measure)


def cached_pages(note) -> None:
    """The notebooks as pages of Jupyter Book, which executes them and remembers their results: as
    often as they are there, not as often as they have runs. A changed coding is none of its
    business; ends with an error if it is.
    """
    with copied() as folder:
        pages, study = folder / "pages", folder / "study"
        pages.mkdir()
        notebooks = sorted((study / "notebooks").glob("*.ipynb"))
        for notebook in notebooks:
            shutil.copy(notebook, pages)
        (pages / "index.md").write_text("# Notebooks\n", "utf-8")
        chapters = "".join(f"  - file: {notebook.stem}\n" for notebook in notebooks)
        (pages / "_toc.yml").write_text(
            f"format: jb-book\nroot: index\nchapters:\n{chapters}", "utf-8"
        )
        (pages / "_config.yml").write_text(
            "title: Notebooks\nexecute: {execute_notebooks: cache, timeout: 600}\n", "utf-8"
        )
        environment = {
            "COMPENDIUM_STUDY": str(study),
            "COMPENDIUM_BUILD": str(folder / "cached"),
        } | steady()
        command = f"{sys.executable} -m doit data && {BIN / 'jupyter-book'} build {pages}"
        book = f"sh -c '{command}'"
        note("Jupyter Book's cache, nothing built", len(notebooks), *measured(book, environment))
        before = _figures(folder / "cached")
        change(study / "data/raw/coding/adjudication.csv", "exclude", "include")
        note(
            "Jupyter Book's cache, one coding changed", len(notebooks), *measured(book, environment)
        )
        if _figures(folder / "cached") != before or not before:
            raise SystemExit("Jupyter Book's cache has executed notebooks for a change of the data")


def _figures(build: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in build.rglob("*.svg")}


@contextmanager
def copied() -> Iterator[Path]:
    """A folder with a copy of the study in its `study`, to be changed."""
    with tempfile.TemporaryDirectory() as place:
        study = Path(place) / "study"
        for name in ("book", "data/raw", "notebooks", "wording"):
            shutil.copytree(paths.root() / name, study / name)
        for name in ("CITATION.cff", "manifest.json", "study.yml"):
            shutil.copy(paths.root() / name, study)
        yield Path(place)


def usual(folder: Path, runs: list, jobs: int) -> tuple[float, float]:
    """Papermill's command line for every run, then `jupyter-book build` for every
    language, `jobs` at a time.
    """
    environment = {"COMPENDIUM_BUILD": str(folder)} | steady()
    commands = []
    for run in runs:
        result = folder / run.language / "notebooks" / f"{run.name}.ipynb"
        given = " ".join(
            f"-p {name} {shlex.quote(str(value))}"
            for name, value in {"language": run.language, **run.told, **run.parameters}.items()
        )
        commands.append(f"{BIN / 'papermill'} --no-progress-bar {run.source} {result} {given}")
    stage = (
        "import sys; from pathlib import Path; from analysis.book.staging import stage_pages; "
        "stage_pages(sys.argv[1], Path(sys.argv[2]))"
    )
    books = [
        f'{sys.executable} -c "{stage}" {language} {folder / "pages" / language} && '
        f"{BIN / 'jupyter-book'} build {folder / 'pages' / language}"
        for language in paths.languages()
    ]
    begin = [f"{sys.executable} -m doit data"]
    begin += [f"mkdir -p {folder / language / 'notebooks'}" for language in paths.languages()]
    return measured(f"sh {_script(folder, begin, commands, books, jobs=jobs)}", environment)


def _script(folder: Path, begin: list[str], *lists: list[str], jobs: int = JOBS) -> Path:
    """A script that begins so, and then works off lists of commands, so many at a time."""
    lines = ["set -e", *begin]
    # beside the folder, which the data begin: one with other files in it is not built into
    for number, commands in enumerate(lists):
        path = folder.with_suffix(f".{number}")
        path.write_text("\n".join(map(shlex.quote, commands)), "utf-8")
        lines.append(f"xargs -P {jobs} -I COMMAND sh -c COMMAND < {path}")
    script = folder.with_suffix(".sh")
    script.write_text("\n".join(lines), "utf-8")
    return script


def many(n: int, note) -> None:
    """A synthetic study of many municipalities: for each a notebook and a page of the book."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "project"
        synthetic.municipalities(folder, n)
        environment = {"PYTHONPATH": str(folder / "src")}
        for target, measurement in (
            ("data", "data of municipalities"),
            ("notebooks", "notebooks of municipalities"),
            ("book", "book of municipalities"),
        ):
            command = f"{sys.executable} -m doit -n {JOBS} -P thread {target}"
            note(measurement, n, *measured(command, environment, folder))


def cluster(n: int, note) -> None:
    """Notebooks of a synthetic study by threads of this machine, and by workers of a cluster on it,
    one of which is killed when a third is done. Ends with an error if a result has other bytes.
    """
    with tempfile.TemporaryDirectory() as place:
        folder, results = Path(place) / "project", []
        synthetic.municipalities(folder, n)
        environment = {"PYTHONPATH": str(folder / "src"), "PYTHONHASHSEED": "0"}
        measured(f"{sys.executable} -m doit data", environment, folder)
        notebooks = f"{sys.executable} -m doit -n {WORKERS} -P thread notebooks"
        made = folder / "build/de"
        for measurement, workers in (
            ("on threads", 0),
            (f"on {WORKERS} workers, one killed; memory without them", WORKERS),
        ):
            shutil.rmtree(made, ignore_errors=True)
            with serving(workers, folder, environment) as (settings, processes):
                killer = threading.Thread(target=kill_one, args=(processes, made, n // 3))
                killer.start()
                measure = measured(notebooks, environment | settings, folder)
                killer.join()
            note(f"notebooks of municipalities {measurement}", n, *measure)
            files = sorted(path for path in made.rglob("*") if path.is_file())
            results.append({path.relative_to(made): path.read_bytes() for path in files})
        if results[0] != results[1]:
            raise SystemExit("the cluster has made other bytes than this machine by itself")


@contextmanager
def serving(
    workers: int, folder: Path, environment: dict[str, str]
) -> Iterator[tuple[dict[str, str], list[psutil.Process]]]:
    """A cluster of so many workers, how a build is told of it, and their processes; nothing of all
    this if they are none.
    """
    if not workers:
        yield {}, []
        return
    command = [sys.executable, "-m", "analysis", "cluster", str(workers)]
    own = os.environ | environment
    server = subprocess.Popen(command, cwd=folder, env=own, stdout=subprocess.PIPE, text=True)
    address = server.stdout.readline().rpartition("SCHEDULER=")[2].strip()
    try:
        family = psutil.Process(server.pid).children()
        yield (
            {"COMPENDIUM_SCHEDULER": address},
            [one for one in family if "spawn_main" in " ".join(one.cmdline())],
        )
    finally:
        server.terminate()
        server.wait()


def kill_one(processes: list[psutil.Process], made: Path, due: int) -> None:
    """Kills one of some processes when so many notebooks are done."""
    while processes and len(list(made.glob("notebooks/*.ipynb"))) < due:
        time.sleep(0.1)
    for process in processes[:1]:
        process.kill()


def change(path: Path, old: str, new: str) -> None:
    """Changes the first place in a file."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def steady() -> dict[str, str]:
    """One thread a process for numerical libraries, as the pipeline has it."""
    return dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def measured(
    command: str, settings: dict[str, str] | None = None, folder: Path | None = None
) -> tuple[float, float]:
    """Seconds that a command takes, and the most MiB that its processes need together."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("COMPENDIUM_", "MAKE", "PYTHONDONT"))
    }
    with tempfile.TemporaryFile() as log:
        start = time.perf_counter()
        try:
            process = subprocess.Popen(
                shlex.split(command),
                cwd=folder or paths.root(),
                env=environment | (settings or {}),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            most = [0.0]
            watcher = threading.Thread(target=_watch, args=(process, most))
            watcher.start()
            process.wait()
        except KeyboardInterrupt:
            # What is measured leads a group, and ends with it, also while it is being started.
            for child in psutil.Process().children():
                if os.getpgid(child.pid) == child.pid:
                    os.killpg(child.pid, signal.SIGTERM)
            raise
        seconds = time.perf_counter() - start
        watcher.join()
        log.seek(0)
        if process.returncode:
            raise SystemExit(f"{command} failed\n{log.read().decode(errors='replace')[-2000:]}")
    return seconds, most[0]


def _watch(process: subprocess.Popen, most: list[float]) -> None:
    while process.poll() is None:
        total = 0
        try:
            family = [
                psutil.Process(process.pid),
                *psutil.Process(process.pid).children(recursive=True),
            ]
        except psutil.NoSuchProcess:
            return
        for member in family:
            try:
                total += member.memory_full_info().pss
            except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
                continue
        most[0] = max(most[0], total / 2**20)
        time.sleep(0.25)


if __name__ == "__main__":
    if not re.fullmatch("[1-9][0-9]?", ROUNDS):
        print(f"ROUNDS={ROUNDS}: expected a whole number, such as 2", file=sys.stderr)
        sys.exit(2)
    if PART and PART not in PARTS:
        print(f"PART={PART}: expected {' or '.join(PARTS)}", file=sys.stderr)
        sys.exit(2)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    main()
    subprocess.run([sys.executable, HERE / "show.py"], check=True)
