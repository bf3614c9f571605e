"""Files and folders that are either whole or not there, whatever stood in their place before."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from analysis import paths

EXCHANGE = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS
HERE = -100  # AT_FDCWD: names are as they stand
TRIES = 20  # so often a folder is removed in which another is at work


def read_file(path: Path) -> bytes:
    """All of a file. Raises OSError, as for one that cannot be read, also for what would never
    end; a link that leads nowhere is told from a file that is missing.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        dangling = path.is_symlink()
    except OSError as error:
        dangling = error.errno == errno.ELOOP
    else:
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise OSError(errno.EINVAL, "a pipe or a device, which may never end", str(path))
        dangling = False
    if dangling:
        raise OSError(errno.ELOOP, f"a link to {path.readlink()}, where nothing is", str(path))
    return path.read_bytes()


def write_whole(path: Path, text: str) -> None:
    """Writes a text file in one go, folders included; whoever is stopped while writing
    leaves only a NAME.partial.
    """
    write_all({path: text})


def write_all(texts: Mapping[Path, str]) -> None:
    """Writes several text files, none of them unless there is room for all."""
    partials = {path.with_name(f"{path.name}.partial"): path for path in texts}
    for partial, path in partials.items():
        make_folder(path.parent)
        remove_generated(partial)
        partial.write_text(texts[path], "utf-8", newline="")
    for partial, path in partials.items():
        move_whole(partial, path)


def copy_folder(source: Path, target: Path, ignore: Callable | None = None) -> None:
    """Copies a folder so that the copy can be written, also where the folder cannot."""
    shutil.copytree(source, target, ignore=ignore, copy_function=shutil.copyfile)
    for folder in (target, *target.rglob("*/")):
        folder.chmod(folder.stat().st_mode | stat.S_IRWXU)


def move_whole(source: Path, target: Path) -> None:
    """Moves a file to its place in one go, also on another disk."""
    make_folder(target.parent)
    if target.is_dir():
        remove_generated(target)
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        partial = target.with_name(f"{target.name}.partial")
        shutil.copyfile(source, partial)
        partial.replace(target)
        source.unlink()


def put_in_place(made: Path, target: Path, last: Path) -> None:
    """A folder in place of another: at no time is there none, where the system can exchange two;
    the old one goes to `last`.

    Where it cannot, `restore` mends what happens to be stopped between two renames.
    """
    make_folder(target.parent)
    # another disk: first there, then in place
    if made.stat().st_dev != target.parent.stat().st_dev:
        partial = target.with_name(f"{target.name}.partial")
        remove_generated(partial)
        made = Path(shutil.copytree(made, partial))
    if not target.is_dir() or target.is_symlink():
        remove_generated(target)
        made.replace(target)
    elif exchange(made, target):
        remove_generated(made)
    else:
        remove_generated(last)
        _move_folder(target, last)
        made.replace(target)
    remove_generated(last)


def _move_folder(source: Path, target: Path) -> None:
    """Moves a folder, or leaves it whole: one of another person's would be taken apart by copying
    it and removing it then.
    """
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        shutil.move(source, target)


def restore(target: Path, last: Path) -> None:
    """Puts back what `put_in_place` had moved away when it was stopped."""
    if last.is_dir() and not target.exists():
        make_folder(target.parent)
        _move_folder(last, target)


def exchange(one: Path, other: Path) -> bool:
    """Exchanges two folders at one stroke; False where that is not to be had."""
    import ctypes

    names = os.fsencode(one), os.fsencode(other)
    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            return library.renamex_np(*names, EXCHANGE) == 0
        return library.renameat2(HERE, names[0], HERE, names[1], EXCHANGE) == 0
    except (OSError, AttributeError, TypeError):
        return False


def make_folder(folder: Path) -> None:
    """Makes a folder and those above it; what else stands in its place goes, if it is
    among what is generated.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        for place in [*reversed(folder.parents), folder]:
            if os.path.lexists(place) and not place.is_dir():
                remove_generated(place)
        folder.mkdir(parents=True, exist_ok=True)


def remove_generated(path: Path) -> None:
    """Removes a file, link or folder below the build folder or among the
    processed tables; nothing else.
    """
    generated = (paths.build(), paths.processed())
    if not any(path.is_relative_to(folder) for folder in generated) and path.suffix != ".partial":
        if path.exists():
            raise FileExistsError(errno.EEXIST, "something is in the way", str(path))
        return
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        if path.is_dir() and not path.is_symlink():
            _remove_folder(path)
        else:
            path.unlink()


def _remove_folder(folder: Path, tries: int = TRIES) -> None:
    """Removes a folder, also while another removes it or a process that ends writes in it; what
    keeps it from that is named with the folder, of which rmtree leaves the name out.
    """
    try:
        shutil.rmtree(folder)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTEMPTY) and tries and folder.exists():
            time.sleep(0.01)
            _remove_folder(folder, tries - 1)
            return
        place = folder / os.fsdecode(error.filename or "")  # of a file deep in it, the last name
        known = place if os.path.lexists(place) else folder
        raise type(error)(error.errno, error.strerror, str(known)) from None
