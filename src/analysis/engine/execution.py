"""Runs one parameterised notebook with Papermill, within its time and bounds."""

from __future__ import annotations

import os
import re
import sys
import time
import warnings
from collections.abc import Mapping
from itertools import dropwhile
from pathlib import Path

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from analysis import paths
from analysis.engine import processes
from analysis.engine.kernel import SET, WORK
from analysis.engine.notebookfile import (
    NotebookError,
    check_parameters,
    known_as,
    read_notebook,
)
from analysis.engine.output import strip
from analysis.engine.runs import NotebookRun
from analysis.engine.settings import PREFIX, read_settings
from analysis.engine.warmkernels import Manager

# Papermill says so of names with a question mark, as of an address.
warnings.filterwarnings("ignore", "the file is not specified with any extension")

KERNEL = "compendium"  # kernel.json beside this module; installed with the package
# seconds that a cell is given when the time for the run is over, so that it is the one to fail
LEAST = 0.05
# characters that one run may print and show; a published figure has a tenth of that
MOST_OUTPUT = 10_000_000
SHOWN_OF_TOO_MUCH = 100_000
MOST_SAID = 2_000  # characters of an error that the build shows; the failed notebook has all of it
# What a client of a kernel is told, of all that papermill hands on.
OF_CLIENT = (
    "config",
    "extra_arguments",
    "iopub_timeout",
    "kernel_manager_class",
    "resources",
    "shutdown_kernel",
    "timeout_func",
)
MAY_FAIL = "raises-exception"  # Jupyter's tag of a cell whose error is meant
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class Client(PapermillNotebookClient):
    """Runs the cells; a notebook that puts out more than anybody could read loses its kernel,
    and no more of it is kept.

    However it does so: by printing, by what cells show, by programs that it starts.
    """

    characters = 0

    def process_message(self, msg, cell, cell_index):
        self.characters += len(str(msg["content"]))
        if self.is_too_much:
            processes.end(self.km.provisioner.pgid)
            return None
        return super().process_message(msg, cell, cell_index)

    @property
    def is_too_much(self) -> bool:
        """Whether the notebook has put out more than it may."""
        return self.characters > MOST_OUTPUT


class Engine(NBClientEngine):
    """Papermill's engine, in which a cell that runs out of time or loses its kernel fails like any
    other, with a traceback, and one that may fail does not.
    """

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, **settings):
        client = Client(
            nb_man, kernel_name=kernel_name, **{name: settings[name] for name in OF_CLIENT}
        )
        failure = None
        try:
            client.execute()
        except CellTimeoutError as error:
            failure = (type(error).__name__, "the time allowed for the whole run is over")
        except DeadKernelError as error:
            if not client.is_too_much:
                failure = (type(error).__name__, "the kernel ended, perhaps for want of memory")
        _keep_meant_errors(nb_man.nb)
        if failure:
            _fail(nb_man.nb, *failure)
        if client.is_too_much:
            what = (
                f"the notebook has put out more than {MOST_OUTPUT:,} characters; print less, or a "
                "part of it"
            )
            _fail(nb_man.nb, "OutputError", what, most_shown=SHOWN_OF_TOO_MUCH)


def _keep_meant_errors(notebook: nbformat.NotebookNode) -> None:
    """Shows the error of a cell that may fail as what it has said, as Papermill takes any other
    for the end.
    """
    for cell in notebook.cells:
        if MAY_FAIL in cell.metadata.tags and cell.cell_type == "code":
            cell.outputs = [
                nbformat.v4.new_output(
                    "stream", name="stderr", text="\n".join([*output.traceback, ""])
                )
                if output.output_type == "error"
                else output
                for output in cell.outputs
            ]


def _fail(
    notebook: nbformat.NotebookNode, name: str, what: str, most_shown: int | None = None
) -> None:
    """Adds an error to the cell that was running; of what that has put out, no more than
    `most_shown` characters stay.
    """
    cell = [
        cell for cell in notebook.cells if cell.metadata.get("papermill", {}).get("start_time")
    ][-1]
    outputs = [output for output in cell.outputs if output.output_type != "error"]
    if most_shown is not None:
        outputs = outputs[:1] if len(str(outputs[:1])) < most_shown else []
    cell.outputs = [
        *outputs,
        nbformat.v4.new_output("error", ename=name, evalue=what, traceback=[what]),
    ]


papermill_engines.register(KERNEL, Engine)


def execute(run: NotebookRun, folder: Path, settings: Mapping[str, str] = os.environ) -> None:
    """Executes the notebook into `folder`, which is laid out like BUILD; a failed
    copy keeps its traceback.

    Beside it the kernel writes the file `reads`. settings: COMPENDIUM_TIMEOUT and so on, and where
    the project lies if it is not this one. Raises NotebookError for a notebook that cannot be run,
    an unknown parameter or a failing cell.
    """
    settings = {name: value for name, value in settings.items() if name.startswith(PREFIX)} | {
        "COMPENDIUM_OUTPUT": str(folder)
    }
    source = _source(run, settings)
    notebook = read_notebook(source)
    check_parameters(known_as(source), notebook, _parameters(run))
    result, failed = (
        folder / run.result.relative_to(paths.build()),
        folder / run.failed.relative_to(paths.build()),
    )
    for file in (result, failed):
        file.parent.mkdir(parents=True, exist_ok=True)
    try:
        _run_cells(notebook, run, source.parent, result, settings)
        strip(result, source, folder, settings)
    except PapermillExecutionError as error:
        result.replace(failed)
        strip(failed, source, folder, settings)
        raise NotebookError(_explain(run, error, failed)) from None
    except RuntimeError as error:
        raise NotebookError(_why_not(run, error)) from None


def _why_not(run: NotebookRun, error: RuntimeError) -> str:
    """Why a notebook was not run: of jupyter_client, the kernel has not come up."""
    if isinstance(error, RecursionError):
        return (
            f"{run.name} ({run.language}): {paths.shown(run.source)} shows something that is "
            "nested too deeply to be kept; show a part of it"
        )
    return (
        f"{run.name} ({run.language}): its kernel could not begin ({error}); is there "
        "memory for it (MEMORY=), and may it open 256 files (`ulimit -n`)?"
    )


def _source(run: NotebookRun, settings: Mapping[str, str]) -> Path:
    """The notebook where the settings say the project lies: the study's own, or the machine's."""
    root = Path(settings.get("COMPENDIUM_ROOT") or paths.root())
    study = root / settings.get("COMPENDIUM_STUDY", "")
    own = root / (settings.get("COMPENDIUM_NOTEBOOKS") or study / "notebooks") / run.source.name
    return own if own.exists() else root / "notebooks" / run.source.name


def _parameters(run: NotebookRun) -> dict[str, object]:
    return {"language": run.language, **run.told, **run.parameters}


def _run_cells(
    notebook: nbformat.NotebookNode,
    run: NotebookRun,
    place: Path,
    result: Path,
    settings: Mapping[str, str],
) -> None:
    """Runs the cells in the folder `place`, where the notebook lies, as JupyterLab does, and within
    the time that is allowed; the executed notebook goes to `result`.
    """
    timeout = read_settings(settings).timeout
    deadline = time.monotonic() + timeout
    with processes.passing_folder() as passing:
        told = settings | {
            "COMPENDIUM_RUN": run.name,
            "IPYTHONDIR": f"{passing}/ipython",  # nobody's profile
            "TMPDIR": passing,
        }
        papermill.execute_notebook(
            notebook,
            str(result).replace("{", "{{").replace("}", "}}"),  # Papermill fills in parameters
            _parameters(run),
            engine_name=KERNEL,
            kernel_name=KERNEL,
            language="python",
            progress_bar=False,
            request_save_on_cell_execute=False,
            timeout_func=lambda _cell: max(LEAST, deadline - time.monotonic()),
            # for what a cell has put out and the kernel could not yet get rid of
            iopub_timeout=timeout,
            # A kernel has nothing to tidy up: everything it publishes is on disk when its last
            # cell is done.
            shutdown_kernel="immediate",
            kernel_manager_class=Manager,
            resources={"metadata": {"path": str(place)}},
            config=_connection(passing),
            extra_arguments=[
                *(f"{SET}{name}={value}" for name, value in told.items()),
                f"{WORK}{settings['COMPENDIUM_OUTPUT']}",
            ],
        )


def _connection(folder: str) -> Config:
    """Kernels are reached through socket files; network ports, free when chosen, may be taken
    when the kernel wants them.
    """
    return Config(
        {"KernelManager": {"connection_file": f"{folder}/kernel.json", "transport": "ipc"}}
    )


def _explain(run: NotebookRun, error: PapermillExecutionError, failed: Path) -> str:
    """Notebook, cell, line and error, and what to type in order to look into it."""
    cell = f"cell {_number(error.exec_count, failed)}" if error.exec_count else "a cell"
    jupyter = paths.quoted(Path(sys.executable).with_name("jupyter"))
    return (
        f"{run.name} ({run.language}): {cell} of {paths.shown(run.source)} failed at "
        f"`{_sayable(_failing_line(error))}`\n"
        f"  {error.ename}: {_sayable(error.evalue or _complaint(failed))}\n"
        f"  to look into it: {jupyter} lab {paths.quoted(run.failed)}"
    )


def _number(count: int, failed: Path) -> int:
    """Which code cell of the notebook was the one with this count in its failed copy, in which a
    cell of Papermill's is one of them.
    """
    return sum(
        0 < (cell.get("execution_count") or 0) <= count
        and "injected-parameters" not in cell.metadata.get("tags", [])
        for cell in nbformat.read(failed, as_version=4).cells
    )


def _complaint(failed: Path) -> str:
    """What a notebook without an error has complained of last, as IPython does of a magic."""
    texts = [
        output.text
        for cell in nbformat.read(failed, as_version=4).cells
        for output in cell.get("outputs", [])
        if output.get("name") == "stderr"
    ]
    return texts[-1].strip() if texts else ""


def _sayable(text: str) -> str:
    """A text without what a terminal would act on, and no longer than anybody reads."""
    shown = text if len(text) <= MOST_SAID else f"{text[:MOST_SAID]} …"
    return "".join(
        sign if sign.isprintable() or sign == "\n" else sign.encode("unicode_escape").decode()
        for sign in COLOURS.sub("", shown)
    )


def _failing_line(error: PapermillExecutionError) -> str:
    """The line of the failing cell in which its error arose, as far as the traceback names one,
    else the cell's first.
    """
    # IPython counts without the blank lines that a cell begins with.
    lines = [*dropwhile(lambda line: not line.strip(), error.source.splitlines())] or [""]
    # What an error came of is named before it, and may lie in other cells.
    named = re.findall(
        rf"Cell In\[{error.exec_count}\], line (\d+)", COLOURS.sub("", "\n".join(error.traceback))
    )
    # A cell that runs other code as a cell gives it the same number.
    number = next((n for n in map(int, named[::-1]) if n <= len(lines)), 1)
    return lines[number - 1].strip()
