"""Runs one parameterised notebook with Papermill and keeps what it leaves behind free of times and places."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from analysis import paths
from analysis.execution.kernel import RECORD
from analysis.execution.plan import NotebookRun

KERNEL = "compendium"  # kernel.json beside this module; installed with the package
# One thread a kernel: runs are parallel already, and sums must not depend on the number of cores. And a terminal of
# one size: pandas folds tables that are wider.
STEADY = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1") | {"COLUMNS": "80", "LINES": "24"}
# When and where a notebook ran; the same inputs must give the same bytes.
ADDRESS = re.compile(r"( at 0x)[0-9a-f]{6,}")  # where an object happened to lie in memory
PASSING = ("start_time", "end_time", "duration", "environment_variables", "output_path", "version")


class NotebookError(RuntimeError):
    """A notebook could not be run; the message says where and how to look into it."""


def execute(run: NotebookRun, log: Path | None = None) -> None:
    """Executes the notebook and writes the result; a failed copy is kept apart, with its traceback.

    log: the file in which the kernel notes what it reads. Raises NotebookError for an unknown parameter or a failing cell.
    """
    parameters = {"language": run.language, **run.parameters}
    _check_parameters(run, parameters)
    for folder in (run.result.parent, run.failed.parent):
        folder.mkdir(parents=True, exist_ok=True)
    os.environ.update(STEADY)
    partial = run.failed.with_name(f"{run.name}.partial.ipynb")
    try:
        papermill.execute_notebook(
            run.source,
            partial,
            parameters,
            kernel_name=KERNEL,
            progress_bar=False,
            request_save_on_cell_execute=False,
            execution_timeout=int(os.environ.get("COMPENDIUM_TIMEOUT", "300")),
            # A kernel has nothing to tidy up: everything it publishes is on disk when its last cell is done.
            shutdown_kernel="immediate",
            extra_arguments=[f"{RECORD}{log}"] if log else [],
        )
    except PapermillExecutionError as error:
        partial.replace(run.failed)
        raise NotebookError(_explain(run, error)) from None
    except (CellTimeoutError, DeadKernelError) as error:
        # The kernel is gone, and what it had done so far with it.
        raise NotebookError(f"{run.name} ({run.language}): {_first_line(error)}\n{_remedy(run)}") from None
    _strip(partial)
    partial.replace(run.result)
    run.failed.unlink(missing_ok=True)


def _check_parameters(run: NotebookRun, parameters: dict[str, str]) -> None:
    known = papermill.inspect_notebook(str(run.source))
    unknown = sorted(set(parameters) - set(known))
    if unknown:
        raise NotebookError(
            f"notebooks/{run.source.name} has no parameter {', '.join(unknown)}; its cell tagged `parameters` knows {', '.join(known) or 'none'}"
        )


def _strip(path: Path) -> None:
    """Takes times and places out of an executed notebook and gives its cells lasting ids."""
    notebook = nbformat.read(path, as_version=4)
    about = notebook.metadata["papermill"]
    notebook.metadata["papermill"] = {key: value for key, value in about.items() if key not in PASSING}
    notebook.metadata["papermill"]["input_path"] = f"notebooks/{Path(about['input_path']).name}"
    notebook.metadata.pop("widgets", None)
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
    content = ADDRESS.sub(r"\1…", json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True))
    path.write_text(content + "\n", "utf-8")


def _explain(run: NotebookRun, error: PapermillExecutionError) -> str:
    line = next((line for line in error.source.splitlines() if line.strip()), "")
    return (
        f"{run.name} ({run.language}): cell {error.exec_count} of notebooks/{run.source.name} failed at `{line}`\n"
        f"  {error.ename}: {error.evalue}\n"
        f"  traceback: {paths.shown(run.failed)}\n{_remedy(run)}"
    )


def _remedy(run: NotebookRun) -> str:
    settings = " ".join(f"-p {name} {value}" for name, value in {"language": run.language, **run.parameters}.items())
    return f"  to look into it: papermill notebooks/{run.source.name} /tmp/{run.name}.ipynb {settings}, or `make lab`"


def _first_line(error: Exception) -> str:
    return next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
