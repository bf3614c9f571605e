"""What can be asked for on the command line: `python -m analysis --help`; `make` asks for the same.

Problems go to the console, and imports wait until they are needed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

from analysis import paths
from analysis.engine.folders import NotPossibleError, check_folders
from analysis.engine.settings import AT_ONCE_ON_A_CLUSTER, SettingsError, read_settings
from analysis.files.whole import write_whole
from analysis.patches import ignore_plugins_of_doit, skip_slow_imports
from analysis.studyfile import StudyFileError, check_about

BUILDING = ("data", "book", "landing")  # steps of a build, which write into the build folder
TARGETS = ("data", "notebooks", "book")
# Each command is the function of that name; these are its arguments.
COMMANDS: dict[str, dict[str, dict]] = {
    "check": {},
    "build": {
        "target": {"choices": TARGETS, "help": "how far to go"},
        "--language": {"default": "", "help": "only this edition"},
        "--run": {"default": "", "help": "only notebooks with this in their name"},
    },
    "why": {"run": {"nargs": "?", "default": "", "help": "only steps with this in their name"}},
    "twice": {
        "run": {"nargs": "?", "default": "", "help": "only notebooks with this in their name"}
    },
    "import": {
        "file": {"help": "the project or export"},
        "--dry-run": {"action": "store_true", "help": "show what would change, and change nothing"},
        "--offsets": {
            "default": "",
            "choices": ("", "codepoints", "codepoints-crlf", "utf16", "utf16-crlf"),
            "help": "how the program counts characters, if the file does not tell",
        },
        "--consent": {
            "default": "paraphrase",
            "choices": ("quote", "paraphrase", "aggregate"),
            "help": "to each passage; only with `quote` its words are copied",
        },
    },
    "export": {
        "file": {"help": "where to, NAME.qdpx"},
        "--language": {"default": "", "help": "of labels and statements; the first, if not said"},
    },
    "withdraw": {"interview": {"nargs": "?", "default": "", "help": "its id"}},
    "new": {
        "what": {"choices": ("study", "notebook", "table"), "help": "what to begin"},
        "name": {"nargs": "?", "default": "", "help": "of the notebook or table; the folder"},
    },
    "strip": {},
    "manifest": {},
    "verify": {},
    "cluster": {
        "workers": {
            "nargs": "?",
            "type": int,
            "help": "as many as there are processors, if not given",
        }
    },
    "data": {},
    "book": {"language": {"help": "the edition: a folder of pages"}},
    "landing": {},
}


class WrongCallError(RuntimeError):
    """Something was asked for that there is not; the message says what there is."""


class Parser(argparse.ArgumentParser):
    """Says in one sentence what is wrong with a call."""

    def error(self, message: str) -> None:
        self.exit(2, f"{self.prog}: {message}; `{self.prog} --help` explains\n")


def main(arguments: list[str], work: Path | None = None) -> int:
    """Runs one command; its exit status: 1 if something is wrong with the study or the
    disk, 2 if with the call.

    work: the folder for what is made, if a build calls.
    """
    from analysis.engine import lock

    asked = vars(_parser().parse_args(arguments))
    name = asked.pop("command")
    if work and name == "data":
        asked["folder"] = work / "processed"
    try:
        if not work:
            check_about()
        if name in BUILDING and not work:
            lock.hold_build_folder()
        return _function(name)(**asked)
    except (WrongCallError, SettingsError) as error:
        print(error, file=sys.stderr)
        return 2
    except (NotPossibleError, StudyFileError) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(
            f"{paths.shown(error.filename) if error.filename else 'the disk'}: "
            f"{error.strerror or error}",
            file=sys.stderr,
        )
        return 1
    finally:
        lock.let_go()


def _parser() -> Parser:
    """What each command takes; its help is the docstring of its function."""
    parser = Parser(
        prog="python -m analysis",
        description="The reproducible report, from raw tables to pages.",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND", parser_class=Parser
    )
    for name, options in COMMANDS.items():
        about = _function(name).__doc__
        summary = " ".join(about.partition("\n\n")[0].split())
        command = commands.add_parser(name, help=summary, description=about, allow_abbrev=False)
        for option, settings in options.items():
            command.add_argument(option, **settings)
    return parser


def _function(name: str):
    """The function of a command; `import` is a word of Python, so that its has an underscore."""
    return globals().get(name) or globals()[f"{name}_"]


def build(target: str, language: str = "", run: str = "") -> int:
    """Brings the tidy tables, the notebooks or the whole book up to date."""
    settings = read_settings()
    check_folders(target)
    tasks = _tasks(target, language, run)
    _tell_of_notebooks_set_aside()
    os.chdir(paths.root())
    os.environ["COMPENDIUM_JOBS"] = jobs = str(settings.jobs)
    ignore_plugins_of_doit()
    from doit.doit_cmd import DoitMain

    return DoitMain().run(["run", "-n", jobs, "-P", "thread", *tasks])


def _tell_of_notebooks_set_aside() -> None:
    """Who lays a notebook in a folder below may believe that it is run."""
    from analysis.engine.runs import set_aside

    for notebook in set_aside():
        here = paths.shown(paths.notebooks())
        print(f"note: {paths.shown(notebook)} is not run; only notebooks in {here} itself are")


def _tasks(target: str, language: str, run: str) -> list[str]:
    """What is to be built, as doit calls it."""
    languages = paths.languages()
    if language:
        languages = [_known(language, languages, "language", "book")]
    if target == "book" and language:
        return [f"book:{language}"]
    if target != "notebooks" or not (language or run):
        return [target]
    from analysis.engine.runs import notebook_runs

    runs = [
        (language, planned.name) for language in languages for planned in notebook_runs(language)
    ]
    names = _matching(run, [name for _, name in runs])
    return [f"notebooks:{language}:{name}" for language, name in runs if name in names]


def _known(name: str, names: list[str], what: str, where: str) -> str:
    """The name, if it is one of them; otherwise WrongCallError says which there are."""
    from analysis.problems import suggest

    if name in names:
        return name
    raise WrongCallError(
        f"there is no {what} {name!r} in the {where}{suggest(name, names)}; it has "
        f"{', '.join(names)}"
    )


def _matching(part: str, names: list[str]) -> list[str]:
    """The names that `part` is in; if there is none, WrongCallError says which there are."""
    from analysis.problems import suggest

    found = [name for name in names if part in name]
    if found:
        return found
    short = list(dict.fromkeys(name.rpartition("/")[2] for name in names))
    words = dict.fromkeys(word for name in short for word in (name, name.partition("-")[0]))
    raise WrongCallError(
        f"there is nothing called {part!r}{suggest(part, words)}; there are {', '.join(short)}"
    )


def check() -> int:
    """Lists every problem of the study's tables."""
    check_folders()
    study = _read_study()
    if study is None or _prepared(study) is None:
        return 1
    rows = sum(len(frame) for frame in study.tables.values())
    print(f"{paths.shown(paths.raw())}: {len(study.tables)} tables, {rows} rows, no problem")
    return 0


def data(folder: Path | None = None) -> int:
    """Writes all tidy tables and the data package, or nothing if the raw data has a problem."""
    from analysis.engine.steps import WITHHELD
    from analysis.processed.prepare import write_processed

    study = _read_study()
    tables = study and _prepared(study)
    if not tables:
        return 1
    write_processed(study, tables, folder or paths.processed())
    if folder and study.withheld:
        (folder.parent / WITHHELD).touch()
    return 0


def book(language: str) -> int:
    """Puts the report of one language together."""
    check_folders("book")
    _known(language, paths.languages(), "language", "book")
    skip_slow_imports()
    from analysis.book.staging import BookError, build_book
    from analysis.engine.runs import PlanError

    try:
        build_book(language)
    except (BookError, PlanError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def landing() -> int:
    """Writes the page that leads to the editions; 1 if the book has no settings or no pages."""
    from analysis.book.landing import write_landing_page
    from analysis.book.settings import BookError

    try:
        write_landing_page(paths.languages())
    except BookError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def why(run: str = "") -> int:
    """Lists the steps and, for each that is due, what has changed."""
    from analysis.engine.pipeline import data_step, due, steps
    from analysis.processed.prepare import write_processed

    check_folders()
    names = _matching(run, [step.name for step in steps()])
    with tempfile.TemporaryDirectory() as folder:
        processed = paths.processed()
        if not data_step().is_current():  # what the other steps will find has to be prepared first
            study = _read_study()
            tables = study and _prepared(study)
            if not tables:
                return 1
            processed = Path(folder)
            write_processed(study, tables, processed)
        for step, reasons in due(processed):
            if step.name in names:
                unseen = (
                    [f"may read unseen files ({', '.join(step.unseen())})"] if step.unseen() else []
                )
                print(
                    f"{step.name}: {'due' if reasons else 'up to date'}",
                    *reasons,
                    *unseen,
                    sep="\n  ",
                )
    return 0


def manifest() -> int:
    """Writes the digests of all results into manifest.json, for a release."""
    from analysis.manifest import manifest

    write_whole(paths.manifest(), json.dumps(manifest(), indent=1) + "\n")
    return 0


def verify() -> int:
    """Says what has become of everything in the release's manifest."""
    from analysis.manifest import DIFFERENT, MISSING, PIXELS, SAME, compare, manifest

    if not paths.manifest().is_file():
        print(
            f"{paths.shown(paths.manifest())} does not exist; `make manifest` writes it",
            file=sys.stderr,
        )
        return 1
    released = json.loads(paths.manifest().read_text("utf-8"))
    verdicts = list(compare(released, manifest()))
    for kind, name, verdict in verdicts:
        print(f"{'✓' if verdict in (SAME, PIXELS) else '✗'} {kind}/{name}: {verdict}")
    counts = Counter(verdict for *_, verdict in verdicts)
    print(
        f"against release {released['release']}: "
        + ", ".join(f"{n} {verdict}" for verdict, n in counts.most_common())
    )
    return int(bool(counts[DIFFERENT] or counts[MISSING]))


def twice(run: str = "") -> int:
    """Runs notebooks twice and names what differs from one time to the other."""
    from concurrent.futures import ThreadPoolExecutor

    from analysis.engine.pipeline import data_step
    from analysis.engine.runs import notebook_runs
    from analysis.engine.twice import outcome

    jobs = read_settings().jobs
    check_folders()
    planned = {
        f"{language}/{one.name}": one
        for language in paths.languages()
        for one in notebook_runs(language)
    }
    names = _matching(run, list(planned))
    if data_step().changes():
        raise WrongCallError(
            "the tidy tables are not those of the study's tables; `make data` makes them"
        )
    with ThreadPoolExecutor(jobs) as pool:
        found = dict(zip(names, pool.map(outcome, [planned[name] for name in names]), strict=True))
    for name, lines in found.items():
        print(f"{name}: {'differs' if lines else 'the same twice'}", *lines, sep="\n  ")
    return int(any(found.values()))


def withdraw(interview: str = "") -> int:
    """Shows what would change if an interview were withdrawn, and changes nothing."""
    check_folders()
    study = _read_study()
    if study is None:
        return 1
    _known(interview, list(study["interviews"]["interview_id"]), "interview", "study")
    from analysis.engine import lock
    from analysis.withdrawal import consequences

    lock.hold_build_folder()  # what is built is copied
    with tempfile.TemporaryDirectory() as copy:
        lines = list(consequences(study, interview, Path(copy)))
    print(*lines or ["nothing would change"], sep="\n")
    return 0


def import_(file: str, dry_run: bool, offsets: str, consent: str) -> int:
    """Reads a project or export of a program for coding into the study's raw tables.

    Everything in the file is accounted for: written, or set aside with the reason. Imported again,
    it updates the tables; what people added to them stays.
    """
    from analysis.exchange.opening import NotReadableError
    from analysis.exchange.reading import prepare_import
    from analysis.exchange.update import write

    raw = paths.raw()
    try:
        found = prepare_import(Path(file), raw, offsets, consent)
    except NotReadableError as error:
        print(error, "nothing was changed", sep="\n", file=sys.stderr)
        return 1
    print(*found.account, *found.change.lines, sep="\n")
    if not found.change.texts:
        print(f"{paths.shown(raw)} is up to date")
    elif dry_run:
        print("nothing was changed, as this is a dry run")
    else:
        write(raw, found.change)
        print(f"{paths.shown(raw)}: {len(found.change.texts)} files written")
    return 0


def export(file: str, language: str = "") -> int:
    """Writes codebook, statements, codings and coders as a project of REFI-QDA.

    Only what may be shown is in it: of people who agreed, in the words of the tables.
    """
    from analysis.exchange.export import book_of, write_checked
    from analysis.wording import LANGUAGES

    target = Path(file)
    if target.suffix.lower() != ".qdpx":
        raise WrongCallError(f"{file!r}: expected a name that ends in .qdpx")
    language = _known(language or LANGUAGES[0], list(LANGUAGES), "language", "tables")
    study = _read_study()
    if study is None:
        return 1
    counts = write_checked(book_of(study, language), target)
    print(f"{paths.shown(target)}: " + ", ".join(f"{n:,} {kind}" for kind, n in counts.items()))
    return 0


def new(what: str, name: str = "") -> int:
    """Writes a small study, a notebook or a table to begin with, and overwrites nothing."""
    from analysis import scaffold

    if not name:
        raise WrongCallError(
            "DIR= is missing, the folder of the new study"
            if what == "study"
            else f"NAME= is missing, the name of the new {what}"
        )
    begin = getattr(scaffold, f"new_{what}")
    try:
        lines = begin(Path(name).absolute() if what == "study" else name)
    except scaffold.TakenError as error:
        raise WrongCallError(str(error)) from None
    print(*lines, sep="\n")
    return 0


def strip() -> int:
    """Takes the outputs out of the notebooks, as they are committed without."""
    import nbformat
    from nbconvert.preprocessors import ClearOutputPreprocessor

    for path in sorted(paths.notebooks().glob("*.ipynb")):
        notebook, _ = ClearOutputPreprocessor().preprocess(nbformat.read(path, as_version=4), {})
        text = nbformat.writes(notebook) + "\n"
        if path.read_text("utf-8") != text:
            write_whole(path, text)
            print(f"{paths.shown(path)}: outputs taken out")
    return 0


def cluster(workers: int | None = None) -> int:
    """Runs a Dask cluster on this machine until Ctrl-C."""
    from contextlib import suppress

    from analysis.engine.cluster import serve
    from analysis.engine.machine import cores

    if workers is not None and workers not in range(1, AT_ONCE_ON_A_CLUSTER + 1):
        raise WrongCallError(
            f"{workers} workers: expected a whole number from 1 to {AT_ONCE_ON_A_CLUSTER}"
        )
    with suppress(KeyboardInterrupt):
        serve(workers or cores())
    return 0


def _read_study():
    from analysis.raw.study import StudyError, read_study

    try:
        study = read_study(paths.raw(), paths.references())
    except StudyError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        for notice in _told(error.notices):
            print(f"note: {notice}", file=sys.stderr)
        n = len(error.problems)
        print(
            f"{n} problem{'s' if n > 1 else ''} in {paths.shown(paths.raw())}; nothing was changed",
            file=sys.stderr,
        )
        return None
    for notice in _told(study.notices):
        print(f"note: {notice}")
    return study


def _told(notices: list[str]) -> list[str]:
    """The notices, those of tables that are not there in one."""
    from analysis.raw.study import ABSENT

    lacking = [notice.removesuffix(f": {ABSENT}") for notice in notices if notice.endswith(ABSENT)]
    if len(lacking) < 2:
        return notices
    rest = [notice for notice in notices if not notice.endswith(ABSENT)]
    return [*rest, f"the study does without {', '.join(lacking)}"]


def _pages() -> dict[str, str]:
    """The text of every page by its path, as far as it can be read."""
    found = sorted(paths.book().glob("*/*.md"))
    return {paths.shown(path): path.read_text("utf-8", "replace") for path in found}


def _prepared(study):
    """The processed tables of a study; None if they refute one of its findings."""
    from analysis.processed.findings import refuted
    from analysis.processed.prepare import prepare
    from analysis.tables import RAW

    tables = prepare(study)
    problems = refuted(study, tables, _pages)
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        n = len(problems)
        said = f"{n} finding{'s' if n > 1 else ''} the data does not carry"
        print(f"{said}; nothing was changed", file=sys.stderr)
    for universe in [*study["universes"]["universe_id"]]:
        if universe not in set(tables["universes"]["universe_id"]):
            print(f"note: {RAW['universes'].file}: {universe} changes nothing; left out")
    return None if problems else tables
