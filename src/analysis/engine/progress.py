"""Shows how far a build is: a live display on a terminal, plain lines in a log,
and a summary at the end.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time

from doit.exceptions import TaskError
from doit.reporter import ZeroReporter

from analysis import paths
from analysis.engine import lock, processes
from analysis.engine.folders import NotPossibleError
from analysis.engine.pipeline import data_step, remove_unplanned, steps
from analysis.engine.steps import clear_unfinished, durations, forget_old_tables, read_json
from analysis.files.whole import write_whole
from analysis.problems import ReportedError, said

LONGEST = 1_000_000  # seconds that a step may have taken
SLOWEST = 3  # so many steps are named in the summary


class Progress(ZeroReporter):
    """A reporter for doit, which calls these methods as steps are looked at, begin and end."""

    def __init__(self, outstream, options):
        super().__init__(outstream, options)
        self.lock = threading.Lock()
        self.steps: list[str] = []
        self.began: dict[str, float] = {}
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []
        self.held_back: list[str] = []
        self.reused = 0
        self.display = None
        self.begins = False

    def initialize(self, tasks, selected) -> None:
        """Before the first step: what an earlier build has left half-done
        goes, and Ctrl-C is seen to.
        """
        needed = _needed(tasks, selected)
        self.steps = [
            task.title() for name, task in tasks.items() if task.actions and name in needed
        ]
        self.start = time.monotonic()
        processes.hold_still()  # before steps run side by side, which look at the environment
        try:
            check_files()
            lock.hold_build_folder()
            clear_unfinished()
            if data_step().is_current():  # otherwise nobody knows yet whether the plan is right
                remove_unplanned()
        except (ReportedError, OSError) as error:
            lock.let_go()
            print(said(error), file=sys.stderr)
            raise SystemExit(error.status if isinstance(error, lock.HeldError) else 1) from None
        self.begins = True
        processes.stop_on_signals(self._stopped)

    def execute_task(self, task) -> None:
        """A step begins."""
        if not task.actions:
            return
        with self.lock:
            self.began[task.title()] = time.monotonic()
            if (
                self.display is None
                and self.outstream.isatty()
                and os.environ.get("TERM", "dumb") != "dumb"
            ):
                self.display = _display(self)

    def add_success(self, task) -> None:
        """A step has ended well."""
        if task.title() in self.began:
            self._ended(task, "done")

    def add_failure(self, task, failure) -> None:
        """A step has failed, or cannot begin because one before it has."""
        if task.title() in self.began:
            self.failed.append(task.title())
            # something that the step did not expect, and so could not explain
            if isinstance(failure, TaskError):
                print(failure.get_msg(), file=sys.stderr)
            self._ended(task, "failed")
        elif task.actions:
            self.held_back.append(task.title())

    def skip_uptodate(self, task) -> None:
        """A step need not run."""
        self.reused += bool(task.actions)

    def complete_run(self) -> None:
        """After the last step."""
        if not self.begins:
            return
        if self.display:
            self.display.stop()
        if self.began:
            try:
                clear_unfinished()
                self._remember()
            except (OSError, ReportedError) as error:  # of another person, no room, or a plan
                # that is wrong meanwhile: what was built is built
                print(said(error), file=sys.stderr)
        lock.let_go()
        print(self.summary(), file=self.outstream)

    def summary(self) -> str:
        """What was done, in one line or a few."""
        books = [step.removeprefix("book/") for step in self.steps if step.startswith("book/")]
        report = (
            paths.build()
            / "html"
            / ("" if "landing" in self.steps or not books else books[0])
            / "index.html"
        )
        where = (
            [f"the report: {paths.shown(report)}"]
            if books and not self.failed and report.is_file()
            else []
        )
        if not self.began and not self.failed:
            return "\n".join([f"{_steps(self.reused)}, all up to date", *where])
        slowest = sorted(self.seconds.items(), key=lambda step: -step[1])[:SLOWEST]
        named = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in slowest)
        lines = [
            f"{_steps(len(self.seconds))} run, {self.reused} up to date, in "
            f"{time.monotonic() - self.start:.1f} s; slowest: {named}"
        ]
        lines += [
            f"{what}: {', '.join(names)}"
            for what, names in (("failed", self.failed), ("not run", self.held_back))
            if names
        ]
        return "\n".join(
            [*lines, f"what was built before stays in place, in {_folders()}"]
            if self.failed
            else [*lines, *where]
        )

    def expected(self) -> dict[str, float]:
        """How long each step took when it last ran, in seconds; nothing of a step that is not
        known, or if the file is damaged.
        """
        kept = read_json(durations())
        known = kept.items() if isinstance(kept, dict) else ()
        seconds = {
            name: float(lasted)
            for name, lasted in known
            if isinstance(lasted, (int, float)) and 0 <= lasted <= LONGEST
        }
        return {step.name: seconds[step.name] for step in steps() if step.name in seconds}

    def _ended(self, task, how: str) -> None:
        name = task.title()
        self.seconds[name] = time.monotonic() - self.began[name]
        if not self.display:
            print(f"{how:6} {name}  {self.seconds[name]:.1f} s", file=self.outstream, flush=True)

    def _remember(self) -> None:
        seconds = self.expected() | {name: round(s, 1) for name, s in self.seconds.items()}
        write_whole(durations(), json.dumps(seconds, indent=1, sort_keys=True) + "\n")
        forget_old_tables()

    def _stopped(self) -> None:
        clear_unfinished()
        lock.let_go()
        if self.display:
            self.display.stop()
        print(
            "\nstopped; what was finished is kept, and the next build goes on from there",
            file=sys.stderr,
            flush=True,
        )

    def runtime_error(self, message: str) -> None:
        print(message, file=sys.stderr)


def _steps(number: int) -> str:
    return "1 step" if number == 1 else f"{number} steps"


def check_files() -> None:
    """Raises NotPossibleError where so few files may be open that no library bears it."""
    if processes.files() < processes.LEAST_FILES:
        raise NotPossibleError(
            f"this shell lets a program open no more than {processes.files()} files at a time; a "
            "build wants 256 (`ulimit -n 256`)"
        )


def _needed(tasks, selected) -> set[str]:
    """The names of the tasks that were asked for and of all that come before them."""
    found, waiting = set(), list(selected)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += tasks[name].task_dep
    return found


def _display(progress: Progress):
    """A live display of `_shown`."""
    from rich.console import Console
    from rich.live import Live

    expected = progress.expected()
    live = Live(
        get_renderable=lambda: _shown(progress, expected),
        console=Console(file=progress.outstream),
        refresh_per_second=5,
        transient=True,
    )
    live.start()
    return live


def _shown(progress: Progress, expected: dict[str, float]):
    """A bar, and below it the steps that are running."""
    from rich.console import Group
    from rich.progress_bar import ProgressBar
    from rich.table import Table

    usual = sum(expected.values()) / len(expected) if expected else 0
    now = time.monotonic()
    running = {
        name: now - at for name, at in list(progress.began.items()) if name not in progress.seconds
    }
    waiting = [name for name in progress.steps if name not in progress.began]
    waiting = waiting[: len(progress.steps) - progress.reused - len(progress.began)]
    left = sum(max(0, expected.get(name, usual) - spent) for name, spent in running.items())
    left += sum(expected.get(name, usual) for name in waiting)
    done = len(progress.seconds)
    head = Table.grid(padding=(0, 2))
    head.add_row(
        ProgressBar(total=len(progress.steps), completed=done + progress.reused, width=30),
        f"{done} done, {progress.reused} up to date, {len(waiting)} waiting",
        f"{now - progress.start:.0f} s",
        f"about {left / max(1, len(running)):.0f} s left" if usual else "",
    )
    rows = Table.grid(padding=(0, 2))
    for name, spent in running.items():
        rows.add_row("  ", name, f"{spent:.0f} s")
    return Group(head, rows)


def _folders() -> str:
    """Where what was built is, also of interviews that have been withdrawn since."""
    return " and ".join(map(paths.shown, (paths.build(), paths.processed())))
