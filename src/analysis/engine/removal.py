"""Removes what was built of a study, for `make clean`, to which plain Python has to be enough."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

from analysis import paths
from analysis.engine.folders import LOCK, PACKAGE, check_is_there, made_tables
from analysis.engine.lock import hold_build_folder, let_go
from analysis.files.whole import make_folder, remove_generated
from analysis.problems import ReportedError, said


def clear() -> int:
    """Removes what was built of a study, unless somebody builds; its exit status."""
    try:
        check_is_there("STUDY", paths.study())
        hold_build_folder()
        _remove_built()
        _remove_tables()
    except (OSError, ReportedError) as error:
        print(said(error), file=sys.stderr)
        return getattr(error, "status", 1)
    except KeyboardInterrupt:
        print("\nstopped; the next time goes on from there", file=sys.stderr)
        return 130
    finally:
        let_go()
    return 0


def _remove_built() -> None:
    """Removes what is in the build folder, and last the folder by which it is known as one."""
    make_folder(paths.running())
    for path in sorted(paths.build().iterdir()):
        if path not in (paths.build() / LOCK, paths.running()):
            remove_generated(path)
    remove_generated(paths.running())


def _remove_tables() -> None:
    """Removes the tidy tables, and last the package by which they are known; says what stays."""
    folder = paths.processed()
    for path in sorted(folder.glob("*.partial")):
        remove_generated(path)
    for name in sorted(made_tables(), key=lambda name: name == PACKAGE):
        remove_generated(folder / name)
    with suppress(OSError):
        folder.rmdir()
    names = sorted(path.name for path in folder.glob("*"))
    if own := [name for name in names if not paths.is_hidden(Path(name))]:
        print(f"{paths.shown(folder)} keeps {', '.join(own)}, which no build is known to have made")
