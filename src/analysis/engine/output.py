"""Takes out of an executed notebook what differs from one run to the next for no reason."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path

import nbformat

from analysis import paths

# When and where a notebook ran; the same inputs must give the same bytes.
MOMENT = ("start_time", "end_time", "duration", "environment_variables", "output_path", "version")
PLACES = tuple(f"COMPENDIUM_{name}" for name in ("STUDY", *paths.PARTS))
END = r"\s\x1b'\"<>:;,=|`(){}\[\]"  # what ends a path in a text
# The beginning of a path, up to what follows; looked for where paths begin only, or a long text
# would take for ever.
FOLDER = rf"(?<![^{END}])(?:/[^{END}]*)?"
# Text that tells of the process, the machine or the moment instead of the result, and what stands
# in its place.
PASSING: tuple[tuple[re.Pattern, str], ...] = (
    # The folder of one run for passing files, with what somebody has made in it; that of a kernel's
    # cells; passing files.
    (re.compile(rf"{FOLDER}/kernel-[a-z0-9_]{{8}}(?:/[^{END}/]+)?"), "…"),
    (re.compile(rf"{FOLDER}ipykernel_\d+"), "…"),
    (re.compile(rf"{FOLDER}/(matplotlib-|tmp)[a-z0-9_]{{8}}\b"), "…"),
    (re.compile(r"( at 0x)[0-9a-f]{6,}"), r"\1…"),  # where an object happened to lie in memory
)
# Whole lines that only say how long something took: %time, %timeit, progress bars.
TIMES = re.compile(
    r"^(CPU times: .*|Wall time: .*|Compiler time: .*|Parser +: [\d.]+ (ns|[µu]s|ms|s)"
    r"|[\d.,]+ (ns|[µu]s|ms|s|min|h)\b.* per loop .*"
    r"|.*\d+%\|.*\| .*\[.*\]|.*\[\d+:\d+(:\d+)?[<,].*(it/s|s/it|B/s).*"
    # rich's, which alone could be the border of a table
    r"|.*[━╸╺]{8,}.*(\d%|\d:\d\d|\d ?[kMGT]?i?B/s|it/s).*)$"
)
# Ids that libraries draw by lot for what they show: UUIDs, altair's pictures, pandas' styled
# tables.
RANDOM = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
    r"|(?<=altair-viz-)[0-9a-f]{32}\b|(?<=\bT_)[0-9a-f]{5}(?![0-9a-f])"
)
# Where they stand in markup: what people read there, such as the ids of rows, is no such id.
INSIDE = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.DOTALL | re.IGNORECASE)
SCRIPT = "application/javascript"
LONGEST_BAR = 500  # characters; a longer line is no progress bar
MARKUP = ("text/html", "image/svg+xml")
WIDGETS = "application/vnd.jupyter.widget"
# Anything else, such as a document, is bytes written as letters.
TEXTS = re.compile(
    r"text/.*|image/svg\+xml|application/((.*\+)?(json|xml)|(x-)?(java|ecma)script|x-(la)?tex)"
)


def strip(path: Path, source: Path, folder: Path, settings: Mapping[str, str]) -> None:
    """Takes times and the names of folders out of an executed notebook and gives its cells
    lasting ids.

    source: the committed notebook. folder, settings: where it was run, and with what.
    """
    notebook = nbformat.read(path, as_version=4)
    about = notebook.metadata["papermill"]
    notebook.metadata["papermill"] = {
        key: value for key, value in about.items() if key not in MOMENT
    }
    notebook.metadata["papermill"]["input_path"] = f"notebooks/{source.name}"
    notebook.metadata.pop("widgets", None)
    notebook.metadata.get("language_info", {}).pop("version", None)
    for number, cell in enumerate(notebook.cells):
        # Run.skip; it has printed why
        if any(map(_is_skipped, cell.get("outputs", []))):
            cell["outputs"] = [output for output in cell.outputs if output.get("name") == "stdout"]
            notebook.metadata["papermill"]["exception"] = None
        cell["id"] = f"cell-{number}"
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
    tidy_outputs(notebook.cells, _places(folder, settings))
    path.write_text(
        json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8"
    )


def _is_skipped(output: dict) -> bool:
    """Whether it is the end of a notebook that is none of a failure, as Papermill sees it."""
    return output.get("ename") == "SystemExit" and output["evalue"] in ("", "0")


def _places(folder: Path, settings: Mapping[str, str]) -> list[str]:
    """Folders whose names say where a notebook ran; one inside the project is shown as
    such, also on a cluster.
    """
    root = Path(settings.get("COMPENDIUM_ROOT") or paths.root())
    given = [root / settings[name] for name in PLACES if settings.get(name)]
    outside = [str(place) for place in given if not place.is_relative_to(root)]
    return [
        str(folder),
        sys.prefix,
        sys.base_prefix,
        *outside,
        str(root),
        str(paths.root()),
        os.path.expanduser("~"),  # noqa: PTH111 (which bears that nobody says whose home it is)
    ]


def tidy_outputs(cells: list, places: list[str]) -> None:
    """Takes out of the outputs of executed cells what is passing; `places` are folders whose
    names are nobody's business.

    Only texts are touched, also in JSON, never a picture; a place only where it stands as a path
    of its own.
    """
    tidy = _tidier(places)
    numbers: dict[str, int] = {}  # of random ids, through the whole notebook
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["outputs"] = [
                output for output in _joined(cell["outputs"]) if _tidied(output, tidy, numbers)
            ]


def _joined(outputs: list) -> list:
    """What is printed in one piece for each stream, up to the next thing shown; it is
    chance how a kernel cuts it.
    """
    joined: list = []
    open_streams: dict[str, list] = {}
    for output in outputs:
        if output["output_type"] != "stream":
            open_streams = {}
        elif output["name"] in open_streams:
            open_streams[output["name"]].append(output["text"])
            continue
        else:
            open_streams[output["name"]] = output["text"] = [output["text"]]
        joined.append(output)
    for output in joined:
        if output["output_type"] == "stream":
            output["text"] = "".join(output["text"])
    for at in [
        n
        for n, pair in enumerate(pairwise(joined))
        if [output.get("name") for output in pair] == ["stderr", "stdout"]
    ]:
        joined[at : at + 2] = joined[at + 1], joined[at]
    return joined


def _tidied(output: dict, tidy: Callable[[str], str], numbers: dict[str, int]) -> bool:
    """Tidies one output; False if nothing is left of it."""
    if output["output_type"] == "stream":
        output["text"] = _without_times(tidy(output["text"]))
        return bool(output["text"])
    if output["output_type"] == "error":
        output["evalue"] = tidy(output["evalue"])
        output["traceback"] = [tidy(line) for line in output["traceback"]]
        return True
    data = output["data"]
    for kind in [kind for kind in data if kind.startswith(WIDGETS)]:
        del data[kind]

    def numbered(text: str) -> str:
        return RANDOM.sub(
            lambda id_: f"{numbers.setdefault(id_.group(), len(numbers) + 1):05}", tidy(text)
        )

    def marked(text: str) -> str:
        return INSIDE.sub(lambda tag: numbered(tag.group()), tidy(text))

    changes = {SCRIPT: numbered, **dict.fromkeys(MARKUP, marked)}
    for kind in filter(TEXTS.fullmatch, data):
        _change_texts(data, kind, changes.get(kind, tidy))
    _change_texts(output, "metadata", numbered)
    # what a widget leaves for those without one
    if set(data) == {"text/plain"} and _tells_time(data["text/plain"]):
        del data["text/plain"]
    return bool(data)


def _change_texts(holder: dict, name: str, change: Callable[[str], str]) -> None:
    """Changes a text, or all texts in something like JSON, however deep they lie."""
    waiting = [(holder, name)]
    while waiting:
        part, key = waiting.pop()
        value = part[key]
        if isinstance(value, str):
            part[key] = change(value)
        elif isinstance(value, dict):
            for old in [*value]:
                value[change(old)] = value.pop(old)
            waiting += [(value, new) for new in value]
        elif isinstance(value, list):
            waiting += [(value, place) for place in range(len(value))]


def _without_times(text: str) -> str:
    """The text as a terminal would show it, without lines that say how long something took."""
    lines = [_overwritten(line) for line in text.replace("\r\n", "\n").split("\n")]
    kept = [line for line in lines if not _tells_time(line)]
    return "\n".join(kept) if any(kept) else ""


def _overwritten(line: str) -> str:
    """What is left of a line whose beginning is gone back to: what was last written there, which
    may be blanks that wipe it out.
    """
    *before, last = line.rstrip("\r").split("\r")
    return "" if before and last.isspace() else last


def _tells_time(line: str) -> bool:
    return len(line) <= LONGEST_BAR and bool(TIMES.match(line))


def _tidier(places: list[str]) -> Callable[[str], str]:
    """A function that tidies one text."""
    # The first that fits, so that a place inside an earlier one is shown as such. Not in the middle
    # of a name, nor of an address.
    named = "|".join(re.escape(place) for place in dict.fromkeys(places) if len(place) > 1)
    here = re.compile(rf"(?:(?<=file://)|(?<![\w./~:-]))(?:{named})(?![\w.-])") if named else None

    def tidy(text: str) -> str:
        for pattern, instead in PASSING:
            text = pattern.sub(instead, text)
        return here.sub("…", text) if here else text

    return tidy
