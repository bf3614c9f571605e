"""Page proofs: what a page is going to be, byte for byte, before the book is built."""

import asyncio
import json
import os
import random
import shutil
import subprocess
import sys

import psutil
import pytest
from project import PATIENCE

from analysis.engine.processes import steady
from analysis.live.ready import Press

pytestmark = pytest.mark.xdist_group("built")
LANGUAGE = "de"
PAGES = ["evidence", "figures", "index"]


class Proofs:
    """The process that makes them, of a copy of the invented study, and where it has its files."""

    def __init__(self, study, folder):
        self.study, self.folder = study, folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "analysis", "proofs", LANGUAGE],
            env=steady(os.environ | study.settings | {"TMPDIR": str(folder)}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.runs = json.loads(self.process.stdout.readline())

    def __call__(self, *pages):
        self.process.stdin.write(json.dumps(pages) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@pytest.fixture(scope="module")
def proofs(built, new_mini, tmp_path_factory):
    """One for all tests here; the last one changes the study."""
    study = new_mini()
    shutil.copytree(built.build, study.build)
    made = Proofs(study, tmp_path_factory.mktemp("passing"))
    yield made
    made.process.kill()
    made.process.wait()


def pages_of(study):
    """The pages of the finished book."""
    site = study.build / "html" / LANGUAGE
    return {page: (site / f"{page}.html").read_text("utf-8") for page in PAGES}


# What somebody writes into a page: kind, and how the text of the page becomes another
EDITS = {
    "sentence": lambda text, n: f"{text}\n\nA sentence number {n}.\n",
    "heading": lambda text, n: f"{text}\n\n## Heading {n}\n\nBelow it.\n",
    "title": lambda text, n: text.replace("# ", f"# The {n}. ", 1),
    "label": lambda text, n: f"{text}\n\n(place-{n})=\n## Place {n}\n\nSee {{ref}}`place-{n}`.\n",
    "table": lambda text, n: (
        f"{text}\n\n:::{{table}} Table {n}\n| a | b |\n|---|---|\n| {n} | 2 |\n:::\n"
    ),
    "note": lambda text, n: f"{text}\n\n:::{{note}}\nNote {n}: *so*.\n:::\n",
    "removed": lambda text, _n: text.rpartition("\n\n")[0] + "\n",
    "umlauts": lambda text, n: f"{text}\n\nÄpfel – „{n}“ CO₂ <b>&amp;</b>\n",
}


def test_a_proof_is_the_page_of_the_book_and_leaves_nothing_in_the_study(proofs):
    folder = proofs.study.build.parent
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert proofs(*PAGES) == pages_of(proofs.study)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_only_what_people_write_has_a_proof(proofs):
    assert proofs("nothing", "../secret", "search", "notebooks/roles") == {}


def test_it_is_told_which_notebooks_pages_show(proofs):
    assert set(proofs.runs["figures"]) >= {"actors", "case-see", "governance", "targets"}
    assert proofs.runs["index"] == ["codings"]  # a number
    assert proofs.runs["evidence"] == []


def test_a_page_that_sphinx_warns_of_has_no_proof_until_it_is_mended(proofs):
    path = proofs.study.book / LANGUAGE / "index.md"
    good = path.read_text("utf-8")
    for wrong in ("{nothing}`x`", "{{ nothing }}", "[](#nowhere)", "<<<<<<< HEAD\n"):
        path.write_text(f"{good}\n\n{wrong}\n", "utf-8")
        assert proofs("index") == {}
    path.write_text(good, "utf-8")
    assert proofs("index")["index"] == pages_of(proofs.study)["index"]


def test_pages_that_come_and_go_do_so_in_proofs(proofs):
    folder, index = proofs.study.book / LANGUAGE, proofs.study.book / LANGUAGE / "index.md"
    good, new = index.read_text("utf-8"), folder / "below/new.md"
    new.parent.mkdir()
    new.write_text("---\norphan: true\n---\n(new)=\n# New\n", "utf-8")
    index.write_text(f"{good}\n\n[](#new)\n", "utf-8")
    assert "below/new.html" in proofs("index")["index"]
    new.unlink()
    assert proofs("index") == {}
    index.write_text(good, "utf-8")
    new.parent.rmdir()
    assert proofs("index")["index"] == pages_of(proofs.study)["index"]


def test_proofs_of_changed_pages_and_data_are_the_pages_that_a_build_makes(proofs):
    study, chance = proofs.study, random.Random(7)
    for n, kind in enumerate([*EDITS, *chance.choices(list(EDITS), k=8)]):
        path = study.book / LANGUAGE / f"{chance.choice(PAGES)}.md"
        path.write_text(EDITS[kind](path.read_text("utf-8"), n), "utf-8")
        if n % 5 == 0:
            assert [*proofs(*PAGES)] == PAGES
    study.put("study/facts.csv", 3, "value", "12600")
    done = study.run("doit", "-n", "2", "-P", "thread", "book")
    assert done.returncode == 0, done.stdout + done.stderr
    shown = proofs(*PAGES)
    assert shown == pages_of(study)
    assert "12.600" in "".join(shown.values())


def test_its_process_ends_with_its_input_and_leaves_no_file(proofs):
    assert [*proofs.folder.iterdir()]
    proofs.process.stdin.close()
    proofs.process.wait(PATIENCE)
    assert not [*proofs.folder.iterdir()]


def test_a_press_answers_when_it_has_read(finished, monkeypatch, tmp_path):
    finished.point_paths(monkeypatch)
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    async def scenario():
        press = Press(LANGUAGE)
        assert await press.proofs(["index"]) == {}
        await press.begin()
        assert await press.proofs(["index"]) == {}
        await press.first
        assert await press.proofs(["index"]) == {"index": pages_of(finished)["index"]}
        one = press.process.pid
        await press.begin()
        assert not psutil.pid_exists(one)
        press.stop()
        await asyncio.sleep(0.005)  # while it tidies up
        await press.end()
        assert not press.lives
        assert not [*tmp_path.iterdir()]
        assert await press.proofs(["index"]) == {}

    asyncio.run(scenario())


def test_a_press_that_does_not_answer_is_given_up(monkeypatch):
    monkeypatch.setattr("analysis.live.ready.PATIENCE", 0.1)

    async def scenario():
        press = Press(LANGUAGE)
        silent = "print('{\"index\": []}', flush=True); import time; time.sleep(60)"
        press.command = [sys.executable, "-c", silent]
        await press.begin()
        await press.first
        assert await press.proofs(["index"]) == {}
        await press.process.wait()
        assert not press.lives

    asyncio.run(scenario())


def test_what_an_extension_prints_is_no_answer_of_a_press(finished, monkeypatch):
    finished.point_paths(monkeypatch)
    config = finished.book / "_config.yml"
    # a module that prints as it is loaded
    text = config.read_text("utf-8").replace("sphinx:\n", "sphinx:\n  extra_extensions: [this]\n")
    config.write_text(text, "utf-8")

    async def scenario():
        press = Press(LANGUAGE)
        await press.begin()
        await press.first
        assert press.runs["index"] == ["codings"]
        await press.end()

    asyncio.run(scenario())


def test_a_press_whose_first_line_is_no_json_shows_no_runs():
    async def scenario():
        press = Press(LANGUAGE)
        press.command = [sys.executable, "-c", "print('loading …')"]
        await press.begin()
        await press.first
        assert press.runs == {}
        await press.end()

    asyncio.run(scenario())


def test_a_press_that_cannot_read_gives_none(finished, monkeypatch):
    finished.point_paths(monkeypatch)
    (finished.book / "_toc.yml").write_text("nothing", "utf-8")

    async def scenario():
        press = Press(LANGUAGE)
        await press.begin()
        await press.process.wait()
        assert await press.proofs(["index"]) == {}
        await press.end()

    asyncio.run(scenario())
