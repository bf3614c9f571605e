"""Runs one parameterised notebook with Papermill and keeps what it leaves behind free of times and places."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from analysis import paths
from analysis.execution import processes
from analysis.execution.kernel import SET, WORK
from analysis.execution.kernels import Manager
from analysis.execution.plan import NotebookRun

KERNEL = "compendium"  # kernel.json beside this module; installed with the package
# When and where a notebook ran; the same inputs must give the same bytes.
ADDRESS = re.compile(r"( at 0x)[0-9a-f]{6,}")  # where an object happened to lie in memory
PASSING = ("start_time", "end_time", "duration", "environment_variables", "output_path", "version")
# In this order, so that a place inside the project is shown as such.
PLACES = ("COMPENDIUM_ROOT", "COMPENDIUM_RAW", "COMPENDIUM_BOOK", "COMPENDIUM_BUILD")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class NotebookError(RuntimeError):
    """A notebook could not be run; the message says where and how to look into it."""


class Engine(NBClientEngine):
    """Papermill's engine, in which a cell that runs out of time or loses its kernel fails like any other: with a traceback."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, **settings):
        try:
            return super().execute_managed_notebook(nb_man, kernel_name, **settings)
        except (CellTimeoutError, DeadKernelError) as error:
            timed_out = isinstance(error, CellTimeoutError)
            what = "the time allowed for the whole run is over" if timed_out else "the kernel ended, perhaps for want of memory"
            cell = [cell for cell in nb_man.nb.cells if cell.metadata.get("papermill", {}).get("start_time")][-1]
            cell.outputs.append(nbformat.v4.new_output("error", ename=type(error).__name__, evalue=what, traceback=[what]))


papermill_engines.register(KERNEL, Engine)


def execute(run: NotebookRun, folder: Path, settings: Mapping[str, str] = os.environ) -> None:
    """Executes the notebook into `folder`, which is laid out like BUILD; a failed copy keeps its traceback.

    Beside it the kernel writes the file `reads`. settings: COMPENDIUM_TIMEOUT and so on, and where the project lies if it is
    not this one. Raises NotebookError for an unknown parameter or a failing cell.
    """
    settings = {name: value for name, value in settings.items() if name.startswith("COMPENDIUM_")} | {"COMPENDIUM_OUTPUT": str(folder)}
    source = Path(settings.get("COMPENDIUM_ROOT", paths.ROOT)) / "notebooks" / run.source.name
    parameters = {"language": run.language, **run.parameters}
    _check_parameters(source, parameters)
    result, failed = folder / run.result.relative_to(paths.BUILD), folder / run.failed.relative_to(paths.BUILD)
    for file in (result, failed):
        file.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + int(settings.get("COMPENDIUM_TIMEOUT") or 300)
    with processes.passing_folder() as sockets:
        try:
            papermill.execute_notebook(
                source,
                result,
                parameters,
                engine_name=KERNEL,
                kernel_name=KERNEL,
                progress_bar=False,
                request_save_on_cell_execute=False,
                timeout_func=lambda _cell: max(1, round(deadline - time.monotonic())),
                # A kernel has nothing to tidy up: everything it publishes is on disk when its last cell is done.
                shutdown_kernel="immediate",
                kernel_manager_class=Manager,
                config=_connection(sockets),
                extra_arguments=[*(f"{SET}{name}={value}" for name, value in settings.items()), f"{WORK}{folder}"],
            )
        except PapermillExecutionError as error:
            result.replace(failed)
            raise NotebookError(_explain(run, error)) from None
    _strip(result, [str(folder), sys.prefix, *(settings[name] for name in PLACES if name in settings), str(paths.ROOT)])


def _connection(folder: str) -> Config:
    """Kernels are reached through socket files; network ports, free when chosen, may be taken when the kernel wants them."""
    connection = {"connection_file": f"{folder}/kernel.json"} | ({"transport": "ipc"} if os.name == "posix" else {})
    return Config({"KernelManager": connection})


def _check_parameters(source: Path, parameters: dict[str, str]) -> None:
    known = papermill.inspect_notebook(str(source))
    unknown = sorted(set(parameters) - set(known))
    if unknown:
        raise NotebookError(
            f"notebooks/{source.name} has no parameter {', '.join(unknown)}; its cell tagged `parameters` knows {', '.join(known) or 'none'}"
        )


def _strip(path: Path, places: list[str]) -> None:
    """Takes times and the names of folders out of an executed notebook and gives its cells lasting ids."""
    notebook = nbformat.read(path, as_version=4)
    about = notebook.metadata["papermill"]
    notebook.metadata["papermill"] = {key: value for key, value in about.items() if key not in PASSING}
    notebook.metadata["papermill"]["input_path"] = f"notebooks/{Path(about['input_path']).name}"
    notebook.metadata.pop("widgets", None)
    notebook.metadata["language_info"].pop("version", None)
    for number, cell in enumerate(notebook.cells):
        if any(output.get("ename") == "SystemExit" for output in cell.get("outputs", [])):  # Run.skip; it has printed why
            cell["outputs"] = [output for output in cell.outputs if output.get("name") == "stdout"]
            notebook.metadata["papermill"]["exception"] = None
        cell["id"] = f"cell-{number}"
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
    content = ADDRESS.sub(r"\1…", json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True))
    for place in filter(os.path.isabs, places):  # `book` and `data/raw` are words too
        content = content.replace(place, "…")
    path.write_text(content + "\n", "utf-8")


def _explain(run: NotebookRun, error: PapermillExecutionError) -> str:
    """Notebook, cell, line and error, and what to type in order to look into it."""
    cell = f"cell {error.exec_count}" if error.exec_count else "a cell"
    jupyter = paths.shown(Path(sys.executable).with_name("jupyter"))
    return (
        f"{run.name} ({run.language}): {cell} of notebooks/{run.notebook}.ipynb failed at `{_failing_line(error)}`\n"
        f"  {error.ename}: {error.evalue}\n"
        f"  to look into it: {jupyter} lab {paths.shown(run.failed)}"
    )


def _failing_line(error: PapermillExecutionError) -> str:
    """The line of the cell that the traceback names, else the cell's first."""
    lines = error.source.splitlines() or [""]
    named = re.findall(r"Cell In\[\d+\], line (\d+)", COLOURS.sub("", "\n".join(error.traceback)))
    number = int(named[0]) if named else next((n for n, line in enumerate(lines, 1) if line.strip()), 1)
    return lines[number - 1].strip()
