"""Page proofs: pages as they are going to be, before the book is built.

A process reads an edition once and stays. For each proof a fork of it reads what has been saved
since, which Sphinx itself finds out, and writes the pages that are asked for; the next one begins
again with what was read first. Nothing of it comes into the build folder: a proof is shown until
the book is built, which alone knows of all that a change leads to.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import yaml

from analysis import paths
from analysis.book.sphinx import build_site
from analysis.book.staging import TAKEN, copy_pages, stage_pages
from analysis.book.upstream import mended
from analysis.live.remembered import forget
from analysis.patches.book import read_again, read_templates, write_pages
from analysis.processed.store import table_as_of
from analysis.streams import Unread

_answers: list[Unread] = []  # who asks, when somebody does


def make_proofs(language: str) -> None:
    """Answers each line of the input, a list of pages in JSON, with one of HTML by page: of those
    that have a proof, if it could be made without a warning. A first line, when all is read, names
    for each page the runs of notebooks that it shows something of.
    """
    signal.signal(signal.SIGTERM, _end)
    _answers.append(Unread(os.fdopen(os.dup(1), "w")))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # where extensions of Sphinx may print
    with tempfile.TemporaryDirectory() as place:
        stage = Path(place, "pages")
        stage_pages(language, stage)
        settings = yaml.safe_load((stage / "_config.yml").read_text("utf-8"))
        settings["sphinx"].setdefault("extra_extensions", []).append(__name__)
        (stage / "_config.yml").write_text(yaml.safe_dump(settings), "utf-8")
        build_site(stage, Path(place, "html"))


def _end(*_signal) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # another would keep it from tidying up
    sys.exit()


def setup(app) -> None:
    """Ends the build of a book when all is read, and nothing numbered; Sphinx calls it."""
    number = app.connect("env-get-updated", lambda *_: _stay(app, number), priority=0)


def _stay(app, listener: int) -> None:
    write_pages(app, [])  # what all pages show of the look, which they name by its content
    app.builder.copy_static_files()
    read_templates(app)
    _answer({page: _runs(app, page) for page in sorted(app.env.found_docs)})
    for asked in iter(sys.stdin.readline, ""):
        fork = os.fork()
        if not fork:
            app.disconnect(listener)
            _answer_in_fork(app, json.loads(asked))
        if os.waitpid(fork, 0)[1]:
            _answer({})
    sys.exit()


def _runs(app, page: str) -> list[str]:
    made = paths.build() / app.config.study_language
    read = map(Path, app.env.dependencies[page])
    return sorted({path.stem for path in read if path.is_relative_to(made)})


def _answer_in_fork(app, pages: list[str]) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    status = 1
    try:
        _answer(_proofs(app, pages))
        status = 0
    finally:  # nothing of what the other process has begun ends here too
        os._exit(status)


def _answer(proofs: dict[str, str]) -> None:
    print(json.dumps(proofs), file=_answers[-1], flush=True)


def _proofs(app, pages: list[str]) -> dict[str, str]:
    """The pages as they are now, by name; none if Sphinx warns of any."""
    forget(table_as_of)  # it remembers tables with the time they were written
    warned = len(sys.stderr.getvalue())
    stage, saved = Path(app.srcdir), Path(app.srcdir).with_name("saved")
    shutil.rmtree(saved, ignore_errors=True)
    copy_pages(paths.book() / app.config.study_language, saved)
    written = {path.relative_to(saved).as_posix(): path for path in saved.rglob("*.md")}
    for path in stage.rglob("*.md"):
        name = path.relative_to(stage).as_posix()
        if name not in written and name.partition("/")[0] not in TAKEN:
            path.unlink()
    for name, path in written.items():
        if not (stage / name).is_file() or path.read_bytes() != (stage / name).read_bytes():
            (stage / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, stage / name)
    pages = [page for page in pages if f"{page}.md" in written]
    app.connect("env-get-outdated", lambda *_: pages)
    read_again(app)
    made = {page: mended(path.read_text("utf-8")) for page, path in write_pages(app, pages).items()}
    return {} if len(sys.stderr.getvalue()) > warned else made
