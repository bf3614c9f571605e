"""Follows the page *Adapt it* in a small study of its own, for the pictures of what comes of it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from analysis import paths
from analysis.engine import processes
from analysis.engine.kernel import WORK
from analysis.engine.reads import ASKED, READ, line, recorded
from analysis.engine.states import is_digest
from analysis.engine.steps import CONTENT, path_of, read_record
from analysis.files.whole import make_folder, move_whole
from analysis.problems import ReportedError

PAGE = "adapt.md"
STUDY = "my-study"  # as the page calls it, beside the compendium: ../my-study
FOLDER = "_tutorial"  # where pages find the pictures
BLOCK = re.compile(r"^(`{3,})(\w+)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
PICTURE = re.compile(rf"^`{{3,}}\{{image\}} {FOLDER}/(\w+)\.png$", re.MULTILINE)
NOTEBOOK = re.compile(rf"make new-notebook NAME=(\w+) STUDY=\.\./{STUDY}$", re.MULTILINE)
# Of what this build is told; on a cluster these few notebooks are not worth the way.
KEPT = {f"COMPENDIUM_{name}" for name in ("KERNEL", "TIMEOUT", "MEMORY")}


def pages() -> list[Path]:
    """The page in the first language, if the book has it; its commands and changes are the same
    in all.
    """
    return [
        page for code in paths.languages()[:1] if (page := paths.book() / code / PAGE).is_file()
    ]


def pictures() -> dict[str, Path]:
    """Where the figures of the small study lie that the page shows, by name, once they are drawn;
    none of a page that cannot be read, which the book tells.
    """
    with suppress(OSError, UnicodeDecodeError):
        shown = [name for page in pages() for name in PICTURE.findall(page.read_text("utf-8"))]
        return {name: made() / f"{name}.png" for name in shown}
    return {}


def made() -> Path:
    """The folder of the pictures."""
    return paths.build() / "tutorial/figures"


def blocks(text: str) -> list[tuple[str, str]]:
    """What there is to do and to see, in order: a kind (`sh`, `diff`, `text`) and lines."""
    return [match.groups()[1:] for match in BLOCK.finditer(text)]


def change(lines: str, folder: Path) -> None:
    """Makes the change that a `diff` tells of, in a file below the folder, which stands for `..`:
    lines take the place of others, or come at the end.

    Raises ReportedError if what is to be replaced is not there, or not once.
    """
    name, *said = lines.splitlines()
    file = folder / name.removeprefix("--- ../")
    old, new = ("\n".join(line[1:] for line in said if line.startswith(sign)) for sign in "-+")
    before = file.read_text("utf-8") if file.exists() else ""
    if old and before.count(old) != 1:
        raise ReportedError(
            f"{PAGE}: {name.removeprefix('--- ')} has {before.count(old)} times {old!r}; expected "
            "once, as what is replaced has to be found"
        )
    make_folder(file.parent)
    file.write_text(before.replace(old, new) if old else f"{before}{new}\n", "utf-8")


def follow(work: Path) -> bool:
    """Makes all changes of the page in the small study, draws what the page shows, and notes in
    the folder `work` what was read for it. Raises ReportedError if a change or the study is wrong.
    """
    with processes.passing_folder() as folder:
        with (work / "reads").open("w", encoding="utf-8") as notes:
            notes.writelines(f"{note}\n" for note in _followed(Path(folder)))
        for name, place in pictures().items():
            move_whole(Path(folder, STUDY, "build/en/figures", f"{name}.png"), place)
    return True


def _followed(folder: Path) -> Iterator[str]:
    """Does what the page says below a folder; notes of what is read outside it."""
    study = folder / STUDY
    # passing files of the commands go with the folder, however this build ends
    settings = {"COMPENDIUM_STUDY": str(study), "COMPENDIUM_JOBS": "1", "TMPDIR": str(folder)}
    yield from _recorded(folder, "new", "study", str(study), TMPDIR=str(folder))
    for kind, lines in blocks(pages()[0].read_text("utf-8")):
        if kind == "diff" and lines.startswith(f"--- ../{STUDY}/"):
            change(lines, folder)
        for name in NOTEBOOK.findall(lines if kind == "sh" else ""):
            yield from _recorded(folder, "new", "notebook", name, **settings)
    _analysis("build", "notebooks", "--run", ",".join(pictures()), **settings)
    for record in (study / "build/deps").rglob("*.json"):
        for name, state in (read_record(record) or {"inputs": {}})["inputs"].items():
            if name.startswith("project:"):
                noted = (READ, CONTENT + state) if is_digest(state) else (ASKED, state)
                yield line(noted[0], str(path_of(name)), noted[1])


def _recorded(folder: Path, *command: str, **settings: str) -> Iterator[str]:
    """Gives a command; notes of what it reads outside a folder."""
    _analysis(*command, f"{WORK}{folder}", **settings)
    reads = recorded(folder / "reads")
    for noted in (reads.read, reads.asked):
        for path in [path for path in noted if path.is_relative_to(folder)]:
            del noted[path]
    return reads.lines()


def _analysis(*command: str, **settings: str) -> None:
    """Gives a command, which knows nothing of the study whose book has the page."""
    own = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("COMPENDIUM_") or name in KEPT
    }
    status, _, complaints = processes.start(("analysis", *command), own | settings)
    if status:
        raise ReportedError(f"{PAGE}: the study it makes does not build\n{complaints.strip()}")
