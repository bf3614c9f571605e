"""The packages the project runs with: pinned ones in `.venv`, or those of a conda environment;
`make` runs this file first.

`.venv` is compared by content with what it was made from, made anew beside the old one, and names
no place outside itself: the project can be copied, moved and renamed. Only the standard library is
used, in words that an old Python can still read in order to be told that it is too old.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
NEW = ROOT / ".venv.new"
LAST = ROOT / ".venv.last"
LOCK = ROOT / "requirements.lock"
PROJECT = ROOT / "pyproject.toml"
STAMP = "made-from"  # in the environment: what it was made from
PIP = ("--no-input", "--no-user", "--disable-pip-version-check")  # ask and say nothing
FORM = "1"  # raise it when this module makes environments in another way
# Scripts find the Python beside them, wherever that is. Shells and Python both can read this.
HEAD = b"""#!/bin/sh\n'''exec' "$(dirname -- "$0")/python" "$0" "$@"\n' '''\n"""
ABSOLUTE_HEAD = re.compile(rb"\A#!(?:/bin/sh\n'''exec' .*\n' '''|.*)\n")
ACTIVATED = {
    # bash and zsh say which file they are reading; other shells have to be in the project.
    "activate": r"""VIRTUAL_ENV="$(f="${BASH_SOURCE:-${ZSH_VERSION:+$0}}"; """
    r'''cd "$(dirname "${f:-.venv/bin/activate}")/.." && pwd)"''',
    "activate.fish": "VIRTUAL_ENV (realpath (status dirname)/..)",
}


class NotReadyError(RuntimeError):
    """There is no environment to work in; the message says why, in one sentence, and what to do."""


def main() -> int:
    """Makes what is missing or out of date; 1 with one sentence if that cannot be done."""
    try:
        if os.environ.get("COMPENDIUM_CONDA"):
            use_conda()
        else:
            use_venv()
    except NotReadyError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename or ROOT}: {error.strerror}; nothing was changed", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped; the environment is as it was", file=sys.stderr)
        return 130
    return 0


def use_conda() -> None:
    """The environment of this Python as it is, with the project added."""
    check_python()
    import tomllib
    from importlib.metadata import PackageNotFoundError, version

    missing = []
    for requirement in tomllib.loads(PROJECT.read_text("utf-8"))["project"]["dependencies"]:
        name = re.match(r"[\w.-]+", requirement)[0]
        try:
            version(name)
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        add = "conda env update --file environment.yml"
        raise NotReadyError(
            f"the conda environment {sys.prefix} lacks {', '.join(missing)}; `{add}` adds what is "
            "missing"
        )
    link(Path(sys.prefix))


def use_venv() -> None:
    """`.venv` as requirements.lock and this Python want it."""
    restore()
    if not is_current():
        with only_one():
            restore()
            if not is_current():
                make_anew()
    link(VENV)


def is_current() -> bool:
    """Whether `.venv` is made from what is wanted now, and its Python still runs."""
    python = VENV / "bin/python"
    try:
        if (VENV / STAMP).read_text("utf-8") != wanted():
            return False
        return (
            Path(sys.prefix) == VENV
            or subprocess.run([python, "-I", "-c", ""], check=False, capture_output=True).returncode
            == 0
        )
    except OSError:
        return False


def wanted() -> str:
    """What decides which packages are installed, and in which form."""
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    return f"{FORM}\n{digest}\n{python_version()}\n{sysconfig.get_platform()}\n"


def make_anew() -> None:
    """Makes an environment beside `.venv` and puts it in its place once it is whole."""
    check_python()
    if not os.access(ROOT, os.W_OK):
        raise NotReadyError(
            f"{ROOT} cannot be written, so no .venv can be made in it; copy the folder to where "
            "you may write"
        )
    count = len(re.findall("^[a-z0-9].*==", LOCK.read_text("utf-8"), re.MULTILINE))
    already = "; until it is whole, the old one stays" if VENV.is_dir() else ""
    print(
        f"setting up .venv with Python {python_version()}: {count} packages, about 200 MB to load "
        f"and 800 MB on disk, a minute or two{already}",
        flush=True,
    )
    try:
        remove(NEW)
        install()
        link(NEW)
        unbind(NEW)
        (NEW / STAMP).write_text(wanted(), "utf-8")
        put_in_place()
    finally:
        remove(NEW)


def check_python() -> None:
    """Raises NotReadyError if this Python is too old or too new."""
    good = pythons()
    if python_version() not in good:
        raise NotReadyError(
            f"this needs Python {either(good)}; {sys.executable} is {sys.version.split()[0]}: name "
            f"another one, as in `make PYTHON=python{good[-1]}`"
        )


def pythons() -> list[str]:
    """The versions of Python that do."""
    asked = r'requires-python = ">=3\.(\d+),<3\.(\d+)"'
    first, end = map(int, re.search(asked, PROJECT.read_text("utf-8")).groups())
    return [f"3.{minor}" for minor in range(first, end)]


def either(versions: list[str]) -> str:
    """The same in a sentence."""
    return " or ".join([", ".join(versions[:-1]), versions[-1]])


def install() -> None:
    """Installs the lock with uv, in seconds; where that is not to be had, pip
    does the same in a minute.
    """
    if not importlib.util.find_spec("ensurepip"):
        debian = f"apt install python{python_version()}-venv"
        raise NotReadyError(
            f"{sys.executable} lacks the module ensurepip, so no environment can be made; on "
            f"Debian and Ubuntu `{debian}` adds it"
        )
    run(sys.executable, "-m", "venv", "--prompt", VENV.name, NEW)
    python = NEW / "bin/python"
    uv = re.search(r"^uv==(?:.*\\\n)*.*", LOCK.read_text("utf-8"), re.MULTILINE)
    pip = [python, "-I", "-m", "pip", "install", *PIP, "--quiet", "--require-hashes", "-r"]
    if uv:
        (NEW / "uv.txt").write_text(uv[0] + "\n", "utf-8")
        with contextlib.suppress(NotReadyError):
            run(*pip, NEW / "uv.txt")
            faster = [python, "-I", "-m", "uv", "pip", "install", "--quiet", "--python", python]
            run(*faster, "--require-hashes", "-r", LOCK)
            return
    run(*pip, LOCK)


def run(*command) -> None:
    """Runs a command of the set-up; NotReadyError with the end of what it said if it fails."""
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, errors="replace", cwd=ROOT
    )
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-6:])
        kept = "; the old environment in .venv was left as it is" if VENV.is_dir() else ""
        raise NotReadyError(
            f"{said}\nthe packages of requirements.lock could not be installed (is there a "
            f"network?){kept}"
        )


def link(environment: Path) -> None:
    """Adds the project to an environment as a package that is edited where it lies, with its
    kernel and its entry points.

    As `pip install --editable` would, but a `.venv` finds the project relative to itself. Only
    what differs is written.
    """
    import tomllib

    project = tomllib.loads(PROJECT.read_text("utf-8"))
    name, version = project["project"]["name"], project["project"]["version"]
    places = {"base": str(environment), "platbase": str(environment)}
    packages = Path(sysconfig.get_path("purelib", "venv", places))
    about = packages / f"{name}-{version}.dist-info"
    formerly = [*packages.glob(f"{name}-*.dist-info"), *packages.glob(f"_editable_impl_{name}.pth")]
    for old in formerly:
        if old != about:
            remove(old)
    for path, text in _files_of_package(project, environment, packages, about).items():
        _write_if_new(path, text)


def _files_of_package(
    project: dict, environment: Path, packages: Path, about: Path
) -> dict[Path, str]:
    """The text of every file by which an environment knows the project; `about` is the folder of
    what is said of it there.
    """
    name, version = project["project"]["name"], project["project"]["version"]
    source = (
        os.path.relpath(ROOT / "src", packages)
        if environment.is_relative_to(ROOT)
        else str(ROOT / "src")
    )
    shared = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    files = {
        packages / f"{name}.pth": f"{source}\n",
        about / "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        about / "INSTALLER": "make\n",
        about / "entry_points.txt": entry_points(project),
        **{
            environment / target: (ROOT / file).read_text("utf-8")
            for file, target in shared.items()
        },
    }
    record = about / "RECORD"
    listed = "".join(f"{os.path.relpath(file, packages)},,\n" for file in [*files, record])
    return files | {record: listed}


def _write_if_new(path: Path, text: str) -> None:
    if not path.is_file() or path.read_text("utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def entry_points(project: dict) -> str:
    """The entry points of a pyproject.toml as packages carry them."""
    return "".join(
        f"[{group}]\n" + "".join(f"{key} = {value}\n" for key, value in points.items())
        for group, points in project["project"]["entry-points"].items()
    )


def unbind(environment: Path) -> None:
    """Takes the place of an environment out of its scripts, which then work wherever
    it is moved or copied to.
    """
    place = os.fsencode(environment.name) + b"/bin/python"
    for script in (environment / "bin").iterdir():
        if script.is_symlink() or not script.is_file():
            continue
        content = script.read_bytes()
        head = ABSOLUTE_HEAD.match(content)
        if head and place in head[0]:
            script.write_bytes(HEAD + content[head.end() :])
    for name, relative in ACTIVATED.items():
        script = environment / "bin" / name
        lines = re.sub(
            rf"VIRTUAL_ENV[ =].*{re.escape(environment.name)}.*",
            lambda _, to=relative: to,
            script.read_text("utf-8"),
        )
        script.write_text(lines, "utf-8")
    remove(environment / "bin/activate.csh")  # a C shell cannot say which file it reads
    settings = environment / "pyvenv.cfg"
    settings.write_text(
        re.sub(r"^command = .*\n", "", settings.read_text("utf-8"), flags=re.MULTILINE), "utf-8"
    )


def put_in_place() -> None:
    """The new environment for the old one: at one stroke where the system can do that."""
    from analysis.files.whole import exchange

    if os.path.lexists(VENV) and not exchange(NEW, VENV):
        remove(LAST)
        VENV.rename(LAST)
    if not VENV.exists():
        NEW.rename(VENV)
    remove(LAST)


def restore() -> None:
    """Puts the old environment back, should a set-up have been stopped between two renames."""
    if LAST.is_dir() and not os.path.lexists(VENV):
        LAST.rename(VENV)


@contextlib.contextmanager
def only_one():
    """Of two set-ups at once the second waits for the first."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with LOCK.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("another make is setting up .venv; waiting for it", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        except OSError:
            pass  # a disk that knows no locks
        yield


def remove(path: Path) -> None:
    """Removes a file, link or folder, if it is there."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)


def python_version() -> str:
    """`3.11`: packages are installed for it, whatever comes after the second number."""
    return ".".join(map(str, sys.version_info[:2]))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "src"))
    sys.exit(main())
