"""Whether a build may begin with the folders it is told: STUDY, RAW, NOTEBOOKS, BOOK and BUILD."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NoReturn

from analysis import paths
from analysis.engine.settings import SettingsError
from analysis.problems import ReportedError

PACKAGE = "datapackage.json"  # among the tidy tables: names those that builds have made
LOCK = ".lock"  # in the build folder: the number of the process that builds; gone when none does
# Folders of the project that are made by hand, as those are whose names begin with a dot; and what
# there is in a folder that was built into.
BY_HAND = ("benchmarks", "book", "data", "notebooks", "src", "tests")
MADE = ("deps", "running", "html/index.html", f"processed/{PACKAGE}")
# What a build makes in its folder, beside a folder for each language; what is made on demand there.
ASKED_FOR = ("compare", "drafts", "revisions")
KEPT = {LOCK, "cache", "deps", "html", "processed", "running", "tutorial", *ASKED_FOR}


class NotPossibleError(ReportedError):
    """No build can begin here; the message says why."""


def check_folders(*, to_build: bool = False) -> None:
    """Raises SettingsError if folders are not there, or another study would take the
    place of this one's report.
    """
    check_build_folder()
    places = {"RAW": paths.raw(), "NOTEBOOKS": paths.notebooks(), "BOOK": paths.book()}
    check_is_there("STUDY", paths.study())
    # a study may have no notebooks, and be checked or exported before it has pages
    spared = {"NOTEBOOKS"} if to_build else {"NOTEBOOKS", "BOOK"}
    for name, place in places.items():
        is_missing = not os.path.lexists(paths.study() / paths.PARTS[name])
        if not (name in spared and is_missing and not paths.is_elsewhere(name)):
            check_is_there(name, place)
    _check_languages()
    _check_names()
    from analysis.files.textfile import lacking

    if wrong := [*lacking(paths.languages())]:
        raise SettingsError("\n".join(wrong))
    if not to_build:
        return
    if not paths.languages():
        raise SettingsError(
            f"BOOK: {paths.shown(paths.book())} holds no pages: no folder of a language with its "
            "index.md"
        )
    others = [
        f"{name}={paths.shown(place)}" for name, place in places.items() if paths.is_elsewhere(name)
    ]
    if others and not paths.is_elsewhere("BUILD"):
        usual = paths.study() / "build"
        raise SettingsError(
            f"{' '.join(others)} would take the place of the report in {paths.shown(usual)}; give "
            f"it a folder of its own, as in BUILD={paths.shown(usual / 'mine')}"
        )
    _check_can_be_written()
    check_processed()


def check_is_there(name: str, place: Path) -> None:
    """Raises SettingsError if what a variable names is no folder."""
    if not place.is_dir():
        raise SettingsError(f"{name}: there is no folder {paths.shown(place)}")


def _check_languages() -> None:
    """Raises SettingsError if there are pages in a language that has no words."""
    # reads YAML, which is not there when what was built is deleted without the packages
    from analysis.studyfile import known_languages, read_about

    # not those of `wording`, which a process that stays has loaded, as they were then
    known = known_languages()
    spoken = [language for language in known if language in (read_about().languages or known)]
    for language in paths.languages():
        if language not in spoken:
            raise SettingsError(
                f"BOOK: {paths.shown(paths.book())}/{language} has an index.md, as a language has; "
                f"known languages are {', '.join(spoken)}. To set a folder aside, let its name "
                "begin with _"
            )


def _check_names() -> None:
    """Raises SettingsError if files would not be found for the capitals in their names."""
    known = {paths.about(), paths.citation(), paths.references()}
    known |= {paths.book() / name for name in ("_config.yml", "_toc.yml")}
    meant = {path.with_name(path.name.lower()): path for path in known}
    endings = {paths.notebooks(): ".ipynb", paths.wording(): ".yml"}
    wrong = []
    for folder in sorted({path.parent for path in known} | endings.keys()):
        for path in sorted(folder.glob("[!.]*")):
            name = meant.get(path.with_name(path.name.lower()), path)
            if path.suffix.lower() == endings.get(folder):
                name = path.with_suffix(endings[folder])
            if name != path:
                wrong.append(f"{paths.shown(path)} would not be read; rename it to {name.name}")
    if wrong:
        raise SettingsError("\n".join(wrong))


def _check_can_be_written() -> None:
    """Raises SettingsError if the build folder cannot be written, or made."""
    place = paths.build()
    while not os.path.lexists(place):
        place = place.parent
    if not place.is_dir():
        why = "is no folder"
    elif not os.access(place, os.W_OK):
        why = "cannot be written"
    else:
        return
    raise SettingsError(
        f"BUILD: {paths.shown(paths.build())} cannot be used: {paths.shown(place)} {why}; name "
        "another folder, as in BUILD=../build"
    )


def check_build_folder() -> None:
    """Raises NotPossibleError if the build folder holds, or lies in, what was made by hand.

    A build removes what no step has made, so it begins in a folder that is new, empty or its own.
    """
    for place in (paths.root(), paths.study(), paths.raw(), paths.notebooks(), paths.book()):
        if place.is_relative_to(paths.build()):
            _refuse(f"contains {paths.shown(place)}, which is not generated")
    usual = not paths.is_elsewhere("BUILD")
    inside = paths.build().is_relative_to(paths.root()) and not usual
    top = paths.root() / paths.build().relative_to(paths.root()).parts[0] if inside else None
    own = [top] if top and (top.name in BY_HAND or top.name.startswith(".")) else []
    for place in (paths.raw(), paths.notebooks(), paths.book(), *own):
        if paths.build().is_relative_to(place):
            _refuse(f"lies in {paths.shown(place)}, which is not generated")
    for folder in paths.build().parents:
        place = folder / paths.build().relative_to(folder).parts[0]
        if usual and place.name == "revisions":  # which are built as they are checked out
            continue
        if is_build_folder(folder) and place.name in {*KEPT, *paths.languages()}:
            _refuse(f"lies in {paths.shown(place)}, where a build keeps its own")
    if not (usual and paths.study() == paths.root()) and paths.build().is_dir():
        content = sorted({path.name for path in paths.build().iterdir()} - {LOCK, "cache"})
        if content and not is_build_folder(paths.build()):
            _refuse(f"holds {content[0]}, which no build has made")


def check_processed() -> None:
    """Raises NotPossibleError if a study of which nothing was built has tidy tables of its own."""
    folder = paths.processed()
    if any((paths.build() / made).exists() for made in MADE):
        return
    found = {path.name for path in folder.glob("*.*") if path.suffix in (".csv", ".json")}
    found = {name for name in found - made_tables() if not paths.is_hidden(Path(name))}
    if own := sorted(found):
        raise NotPossibleError(
            f"{paths.shown(folder)} holds {own[0]}, which no build has made, and a build would "
            "write there; move it, as into a folder of its own in data"
        )


def made_tables() -> set[str]:
    """The files that builds have written among the tidy tables: those that the data package there
    names, and itself; none without it.
    """
    package = paths.processed() / PACKAGE
    try:  # a pipe would never end
        told = json.loads(package.read_text("utf-8"))["resources"] if package.is_file() else None
        named = {package.name, *(table["path"] for table in told or ())}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return set()
    return named & {path.name for path in paths.processed().glob("*")}


def is_build_folder(folder: Path) -> bool:
    """Whether a build keeps its own there, whichever study it is of."""
    usual = os.path.realpath(paths.root() / "build")
    return folder == Path(usual) or any((folder / made).exists() for made in MADE)


def _refuse(why: str) -> NoReturn:
    raise NotPossibleError(
        f"BUILD={paths.shown(paths.build())} {why}; choose a folder of its own, as in "
        "BUILD=build/mine"
    )
