"""The floor: the cells of every run of the report in forks of one process that has everything
loaded, as many at a time as asked.

No kernel, no messages, no record of what is read: what is left is the work itself. `python
benchmarks/floor.py JOBS`
"""

from __future__ import annotations

import json
import os
import sys

from analysis.engine import preload
from analysis.engine.runs import NotebookRun, notebook_runs
from analysis.paths import languages


def execute(run: NotebookRun) -> None:
    """Runs the notebook's code, its results formatted for display, in this process."""
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    shell.display_pub.publish = lambda *_, **__: None
    for cell in json.loads(run.source.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            shell.run_cell("".join(cell["source"]), silent=True).raise_error()
            if "parameters" in cell["metadata"].get("tags", []):
                shell.push({"language": run.language, **run.told, **run.parameters})


def main(jobs: int) -> None:
    """Every run of the report, `jobs` at a time."""
    children = set()
    for run in [run for language in languages() for run in notebook_runs(language)]:
        if len(children) == jobs:
            children.remove(_ended())
        child = os.fork()
        if child == 0:
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123
            execute(run)
            os._exit(0)
        children.add(child)
    while children:
        children.remove(_ended())


def _ended() -> int:
    child, status = os.wait()
    if status:
        raise SystemExit("a notebook failed")
    return child


if __name__ == "__main__":
    assert preload
    main(int(sys.argv[1]))
