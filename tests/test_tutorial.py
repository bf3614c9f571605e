"""Whoever follows the page *Adapt it* to the letter arrives: its commands are given, its changes
made, and what it says that a command says is what that says.
"""

import os
import re
import shlex
import subprocess
import sys

import pytest

from analysis import paths

LANGUAGES = ("de", "en")
BLOCK = re.compile(r"^(`{3,})(\w+)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
# The case is run by hand with the miniature study, whose tables are made sooner.
MINI = {"RAW": "tests/mini/data", "BOOK": "tests/mini/book"}
INSTEAD = {"leverkusen": "see", ".venv/bin/papermill": f"{sys.executable} -m papermill"}


def blocks(language):
    """What there is to do and to see, in order: a kind and a text."""
    page = (paths.root() / f"book/{language}/adapt.md").read_text("utf-8")
    return [match.groups()[1:] for match in BLOCK.finditer(page)]


class Reader:
    """Somebody who does what the page says, in a folder of their own."""

    def __init__(self, folder):
        self.folder, self.said = folder, ""

    def follow(self, kind, text):
        """Makes a change, gives commands, or looks whether what is said has been said."""
        {"diff": self.change, "sh": self.give, "text": self.see}[kind](text)

    def change(self, text):
        """Puts lines in the place of others, or at the end."""
        name, *lines = text.splitlines()
        file = self.folder / name.removeprefix("--- ../")
        old, new = (
            "\n".join(line[1:] for line in lines if line.startswith(sign)) for sign in ("-", "+")
        )
        before = file.read_text("utf-8") if file.exists() else ""
        assert before.count(old) == 1 or not old, (name, old)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(before.replace(old, new) if old else f"{before}{new}\n", "utf-8")

    def give(self, text):
        """Gives each command; the next line on the page says how it ends."""
        self.said = ""
        for command in text.splitlines():
            self.said += self.run(command)

    def run(self, command):
        for wanted, there in INSTEAD.items():
            command = command.replace(wanted, there)
        words = [word.replace("../", f"{self.folder}/") for word in shlex.split(command)]
        words = [word.replace("/tmp/see", f"{self.folder}/see") for word in words]
        told = {**MINI, "BUILD": self.folder / "mini"} if "../" not in command else {}
        if words[0] == "make":
            words += [f"{name}={place}" for name, place in told.items()]
        own = {name: said for name, said in os.environ.items() if not name.startswith("COMPENDIUM")}
        done = subprocess.run(
            words,
            cwd=paths.root(),
            env=own | {f"COMPENDIUM_{name}": str(place) for name, place in told.items()},
            capture_output=True,
            text=True,
            check=False,
        )
        is_checked = words[:2] == ["make", "check"]  # which finds what the page is about
        assert done.returncode == 0 or is_checked, done.stdout + done.stderr
        return done.stdout + done.stderr

    def see(self, text):
        """Looks for each line among what the last commands have said."""
        for line in text.splitlines():
            assert line in self.said


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """Somebody who has followed the page to its end."""
    reader = Reader(tmp_path_factory.mktemp("reader"))
    for kind, text in blocks("en"):
        reader.follow(kind, text)
    return reader


def test_both_languages_say_to_do_the_same():
    first, other = map(blocks, LANGUAGES)
    assert first == other
    assert {"sh", "diff", "text"} == {kind for kind, _ in first}


def test_what_was_changed_is_in_the_report(reader):
    site = reader.folder / "my-study/build/html/en"
    index = (site / "index.html").read_text("utf-8")
    assert "At most 30.0 beds for a nurse, in North Hospital, Surgery." in index
    for shown in ("Beds per nurse at night", "fig-staff", "West Clinic"):
        assert shown in index, shown
    assert "Three statements say that there are too few people." in index
    for name in ("beds", "staff"):
        drawn = (reader.folder / f"my-study/build/en/figures/{name}.svg").read_text("utf-8")
        assert "#8c510a" in drawn
    assert "Devices on the ward are loud." in (site / "method.html").read_text("utf-8")


def test_no_page_goes_on_saying_what_the_changes_have_made_untrue(reader):
    site = reader.folder / "my-study/build/html/en"
    said = "".join((site / f"{name}.html").read_text("utf-8") for name in ("index", "method"))
    data = (reader.folder / "my-study/build/en/figures/beds.csv").read_text("utf-8")
    for untrue in ("wo hospitals", "hree nurses", "wo people coded", "Beds for each nurse"):
        assert untrue not in said + data, untrue


def test_the_case_was_drawn_as_a_draft(reader):
    assert (reader.folder / "see.ipynb").is_file()
    assert [*reader.folder.glob("mini/drafts/*/figures/case*.svg")]


def test_the_own_study_is_a_report(reader):
    index = (reader.folder / "own-study/build/html/en/index.html").read_text("utf-8")
    for shown in ("fig-codings", "fig-agreement", "Devices on the ward are loud."):
        assert shown in index, shown
