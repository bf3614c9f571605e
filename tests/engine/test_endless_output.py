"""A notebook that puts out without end is ended, whatever it puts out, and little is kept of it; of
any other all is kept.
"""

import pytest
from project import Project

pytestmark = pytest.mark.xdist_group("endless output")

# Each puts out some 25 million characters or more, in another way.
ENDLESS = {
    "printed": "while True:\n    print('x' * 200)",
    "shown": "'x' * 25_000_000",
    "failed": "raise ValueError('x' * 25_000_000)",
    "of_a_program": "import subprocess\nsubprocess.run(['yes'])",
}


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """A build of all of these, and of notebooks that print as much as is sensible."""
    project = Project(
        tmp_path_factory.mktemp("endless") / "project",
        **ENDLESS,
        long="print('x' * 1_000_000)",
        fast="import time\nfor n in range(5000):\n    print(n, flush=True)\ntime.sleep(5)",
    )
    project.finished = project.make(COMPENDIUM_TIMEOUT="60", COMPENDIUM_MEMORY="1")[1]
    return project


@pytest.mark.parametrize("name", ENDLESS)
def test_a_notebook_may_not_put_out_without_end(done, name):
    complaint = next(
        part for part in done.finished.stderr.split("to look into it") if f"{name} (de)" in part
    )
    assert (
        "the notebook has put out more than 10,000,000 characters; print less, or a part of it"
        in complaint
    )
    failed = done.folder / f"build/de/failed/{name}.ipynb"
    assert failed.stat().st_size < 200_000
    assert "y\ny" not in done.finished.stdout, "what programs print is not repeated by the build"
    assert "put out more than" in failed.read_text("utf-8")


def test_a_million_characters_are_no_harm(done):
    assert len(done.output("long")) == 1_000_001


def test_nothing_is_lost_of_what_is_printed_faster_than_it_is_read(done):
    assert done.output("fast").split() == [*map(str, range(5000))]
