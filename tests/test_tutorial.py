"""Whoever follows the page *Adapt it* to the letter arrives: its commands are given, its changes
made, and what it says that a command says is what that says.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest
from project import Project

from analysis import paths
from analysis.engine import tutorial
from analysis.problems import ReportedError

LANGUAGES = ("de", "en")
# The case is run by hand with the miniature study, whose tables are made sooner.
MINI = {"RAW": "tests/mini/data", "BOOK": "tests/mini/book"}
INSTEAD = {"leverkusen": "see", ".venv/bin/papermill": f"{sys.executable} -m papermill"}


PAGE = """# Adapt it

```diff
--- ../my-study/wording/beds.yml
-axis: {en: Beds for each nurse}
+axis: {en: Beds by nurse}
```

```sh
make new-notebook NAME=wards STUDY=../my-study
```

```{image} _tutorial/beds.png
:alt: Bars
```

```{image} _tutorial/wards.png
:alt: Bars
```
"""


def page_in(language):
    return (paths.root() / f"book/{language}/adapt.md").read_text("utf-8")


def blocks(language):
    """What there is to do and to see, in order: a kind and a text."""
    return tutorial.blocks(page_in(language))


class Reader:
    """Somebody who does what the page says, in a folder of their own."""

    def __init__(self, folder):
        self.folder, self.said = folder, ""

    def follow(self, kind, text):
        """Makes a change, gives commands, or looks whether what is said has been said."""
        {"diff": self.change, "sh": self.give, "text": self.see}[kind](text)

    def change(self, text):
        """Puts lines in the place of others, or at the end."""
        tutorial.change(text, self.folder)

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
    drawn, also = (tutorial.PICTURE.findall(page_in(language)) for language in LANGUAGES)
    assert drawn == also == ["beds", "codings", "staff"]


def test_what_was_changed_is_in_the_report(reader):
    site = reader.folder / "my-study/build/html/en"
    index = (site / "index.html").read_text("utf-8")
    assert "At most 30.0 beds per nurse, in North Hospital, Surgery." in index
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


def test_the_page_shows_what_its_reader_sees(reader, tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_BUILD", str(tmp_path))
    assert tutorial.follow(tmp_path)
    seen = reader.folder / "my-study/build/en/figures"
    assert {name: path.read_bytes() for name, path in tutorial.pictures().items()} == {
        name: (seen / f"{name}.png").read_bytes() for name in ("beds", "codings", "staff")
    }


@pytest.mark.parametrize("content", [None, b"\xe4", b"# Adapt it"])
def test_a_book_without_such_a_page_or_with_a_damaged_one_has_no_pictures(
    content, tmp_path, monkeypatch
):
    monkeypatch.setenv("COMPENDIUM_BOOK", str(tmp_path))
    assert tutorial.pictures() == {}  # before there is any page
    (tmp_path / "de").mkdir()
    (tmp_path / "de/index.md").write_text("# Report\n", "utf-8")
    if content:
        (tmp_path / "de/adapt.md").write_bytes(content)
    assert tutorial.pictures() == {}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A book with such a page, whose pictures are drawn."""
    made = Project(tmp_path_factory.mktemp("tutorial"))
    for shared in ("_static", "_templates", "locale"):
        shutil.copytree(paths.root() / "book" / shared, made.folder / "book" / shared)
    made.edit("src/analysis/template/study.yml", "[codings, agreement]", "[]")
    pages = made.folder / "book/de"
    for page in pages.iterdir():
        page.unlink()
    (pages / "index.md").write_text("# Report\n", "utf-8")
    (pages / "adapt.md").write_text(PAGE, "utf-8")
    contents = "format: jb-book\nroot: index\nchapters:\n- file: adapt\n"
    (made.folder / "book/_toc.yml").write_text(contents, "utf-8")
    return made


def pictures(project):
    return {path.stem: path.read_bytes() for path in project.folder.glob("build/tutorial/*/*.png")}


def test_pictures_are_drawn_of_a_study_that_is_changed_as_the_page_says(project):
    done = project.make("book")[1]
    assert done.returncode == 0, done.stderr
    first = pictures(project)
    assert {*first} == {"beds", "wards"}
    assert {path.name for path in (project.folder / "build/tutorial").rglob("*")} == {
        "figures", "beds.png", "wards.png",
    }  # fmt: skip
    page = (project.folder / "build/html/de/adapt.html").read_text("utf-8")
    assert re.findall(r'src="[^"]*/(\w+)\.png"', page) == ["beds", "wards"]
    assert "all up to date" in project.make("book")[1].stdout

    for file, old, new in (
        ("src/analysis/template/data/raw/beds.csv", "30,2", "30,1"),  # read by the study's build
        ("src/analysis/drawing/style.py", 'ACCENT = "', 'ACCENT = "#123456"  # "'),
    ):
        project.edit(file, old, new)
        told = project.run("analysis", "why").stdout
        assert "tutorial: due" in told, file
        assert "  after tutorial" in told.partition("book/de: due")[2], file
        assert "done   tutorial" in project.make("tutorial")[1].stdout, file
        now = pictures(project)
        assert now["beds"] != first["beds"], file
        first = now


def test_a_change_that_cannot_be_made_is_told_and_the_last_pictures_stay(project):
    before = pictures(project)
    with_slip = PAGE.replace("Beds for each nurse", "Beds of each nurse")
    (project.folder / "book/de/adapt.md").write_text(with_slip, "utf-8")
    done = project.make("book")[1]
    assert done.returncode != 0
    assert (
        "adapt.md: ../my-study/wording/beds.yml has 0 times 'axis: {en: Beds of each nurse}'; "
        "expected once"
    ) in done.stderr
    assert pictures(project) == before


def test_pictures_that_the_page_shows_no_more_are_removed(project):
    page = PAGE.partition("```{image} _tutorial/wards.png")[0]
    (project.folder / "book/de/adapt.md").write_text(page, "utf-8")
    assert project.make("book")[1].returncode == 0
    assert {*pictures(project)} == {"beds"}


def test_what_is_replaced_has_to_be_there_once(tmp_path):
    (tmp_path / "table.csv").write_text("a\na\n", "utf-8")
    with pytest.raises(ReportedError, match="has 2 times 'a'"):
        tutorial.change("--- ../table.csv\n-a\n+b\n", tmp_path)
