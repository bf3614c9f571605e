"""Packs what was built as one file: the book alone, to be read anywhere, or the whole project with
it, to be deposited. Only what this tree makes is packed; the same tree gives the same bytes.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from analysis import paths
from analysis.citation import cited
from analysis.engine.building import tell_of_missing_pdf
from analysis.engine.pipeline import steps
from analysis.engine.states import is_digest
from analysis.engine.steps import path_of, read_record
from analysis.environment import either, pythons
from analysis.files.whole import move_whole, remove_generated
from analysis.files.zipped import write_zip
from analysis.git import GitError, git
from analysis.manifest import PIXELS, SAME, compare, manifest, processed, released
from analysis.problems import ReportedError
from analysis.raw.withheld import is_of_identities, may_be_shown

CHECKSUMS = "SHA256SUMS"
WRITTEN = ("raw:", "book:", "notebooks:", "project:", "study:")  # inputs that people wrote
README = "ARCHIVE.md"
SAID = """# {title}

Release {release}, as one archive: the project as it is committed, and what it makes.

| place | what |
|---|---|
| `build/html/index.html` | the finished report; it opens in a browser, without a network |
| `build/html/*/report-*.pdf` | the same on paper, where it was made |
| `data/raw/`, `data/processed/` | the data: as it was written, and as tidy tables |
| `src/`, `notebooks/`, `book/` | code, notebooks and pages; `README.md` says what is where |
| `manifest.json` | digests of all results: tables, figures, values, notebooks, pages |
| `{checksums}` | digests of the files of this archive |

## Verify

Whether the files are unharmed says

    sha256sum --check --quiet {checksums}

(on macOS `shasum --algorithm 256 --check --quiet {checksums}`). Whether the results follow from
code and data says

    make verify

It needs Linux, macOS or WSL, Python {python}, and make; packages are installed into
`.venv`, pinned by hash, for which it needs the network once. It builds the report anew into
`build/verify`, in a few minutes, and says of each result whether it has the same bytes, the same
data but other pixels (as with other fonts), or different data. It ends with exit status 0 if no
result is missing and none has different data.
"""


def bundle() -> None:
    """Packs the finished book, which opens in a browser without a network or a server."""
    _check_current()
    _pack("bundle", {f"report/{name}": path for name, path in paths.site_files().items()})
    tell_of_missing_pdf(paths.languages())


def archive() -> None:
    """Packs the project of a release, its data, and the book with all that lies beside its pages;
    with digests of all of it, and what to do to verify it. Raises ReportedError if not all of the
    data may be shown, which have to be in it as they are.
    """
    if not may_be_shown(paths.raw()):
        raise ReportedError(
            f"{paths.shown(paths.raw())} holds what may not be shown (consent `withdrawn`, `none` "
            "or `aggregate`), and an archive would hold it too; `make bundle` packs the book alone"
        )
    committed = _committed(paths.root())
    _check_current()
    _check_nothing_left_out(committed)
    release = _release()
    files: dict[str, Path | str] = {name: paths.root() / name for name in committed}
    files.pop(CHECKSUMS, None)  # of an archive that the project began as
    files |= {f"build/html/{name}": path for name, path in paths.site_files().items()}
    files |= {f"data/processed/{name}": paths.processed() / name for name in processed()}
    said = {"title": cited().title, "release": release, "python": either(pythons())}
    files[README] = SAID.format(checksums=CHECKSUMS, **said)
    files[CHECKSUMS] = "".join(f"{_digest(files[name])}  {name}\n" for name in sorted(files))
    top = f"compendium-{release}"
    _pack("archive", {f"{top}/{name}": content for name, content in files.items()})
    tell_of_missing_pdf(paths.languages())


def _check_current() -> None:
    """Raises ReportedError if the book is not what this tree makes."""
    planned = steps()
    due = [step.name for step in planned if step.changes()]
    if due:
        raise ReportedError(
            f"the book is not what this tree makes: {len(due)} of {len(planned)} steps are due "
            f"({due[0]}{', …' if len(due) > 1 else ''}); `make book` brings it up to date, "
            "`make why` says what has changed"
        )


def _check_nothing_left_out(committed: list[str]) -> None:
    """Raises ReportedError if the build has read what is not among the files of the project: what
    Git ignores, or what lies elsewhere behind a link.
    """
    known = {paths.root() / name for name in committed}
    left = {
        path
        for step in steps()
        for name, state in (read_record(step.record) or {}).get("inputs", {}).items()
        if name.startswith(WRITTEN) and is_digest(state) and not is_of_identities(name)
        if (path := path_of(name)) not in known and not path.is_dir()
    }
    if left:
        names = [paths.shown(path) for path in sorted(left)]
        raise ReportedError(
            "the build has read what is not committed, and no archive could build without it: "
            f"{', '.join(names[:3])}{', …' if len(names) > 3 else ''}; commit it, also where "
            ".gitignore names it, or do without"
        )


def _committed(folder: Path) -> list[str]:
    """The files of the project. Raises ReportedError if they are not as they are committed, or have
    names that no archive can have.
    """
    changed = _git(folder, "status", "--porcelain", "--untracked-files=all")
    if changed:
        names = [line[3:] for line in changed]
        raise ReportedError(
            f"what is not committed can be in no archive: {', '.join(names[:3])}"
            f"{', …' if len(names) > 3 else ''}; commit it or take it out of the folder"
        )
    names = _git(folder, "ls-files")
    if wrong := [name for name in names if name.encode(errors="replace").decode() != name]:
        raise ReportedError(
            f"the name of {wrong[0]!r} is not in UTF-8, and not every system could unpack it; "
            "rename it"
        )
    return names


def _git(folder: Path, command: str, *options: str) -> list[str]:
    """What Git lists of a folder."""
    knows = "what belongs to the project"
    try:
        told = git(folder, command, "-z", *options, "--", ".", knows=knows)
    except GitError as error:
        raise ReportedError(
            f"Git, which knows {knows}, cannot be asked; an archive is made in a clone. It says: "
            f"{error}"
        ) from None
    return [os.fsdecode(entry) for entry in told.split(b"\0") if entry]


def _release() -> str:
    """The release whose results these are. Raises ReportedError if they are not those of its
    manifest, with which nobody could verify them.
    """
    known = released()
    if known is None:
        raise ReportedError("there is no manifest.json to verify an archive with; `make manifest`")
    others = [found for found in compare(known, manifest()) if found[2] not in (SAME, PIXELS)]
    if others:
        kind, name, verdict = others[0]
        raise ReportedError(
            f"the results are not those of release {known['release']}: {len(others)} differ from "
            f"manifest.json (first {kind}/{name}: {verdict}); an archive is made of a release, "
            "for which `make manifest` writes it anew"
        )
    return known["release"]


def _digest(content: Path | str) -> str:
    data = content.read_bytes() if isinstance(content, Path) else content.encode()
    return hashlib.sha256(data).hexdigest()


def _pack(name: str, files: dict[str, Path | str]) -> None:
    """Writes an archive into the build folder, in one go, and says where it is."""
    target = paths.packed(name)
    partial = target.with_name(f"{target.name}.partial")
    try:
        write_zip(partial, files)
        move_whole(partial, target)
    finally:
        remove_generated(partial)
    size = target.stat().st_size / 1e6
    print(f"{paths.shown(target)}: {len(files)} files, {size:.1f} MB")
