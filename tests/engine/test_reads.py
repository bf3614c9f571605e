"""What a process has read is noted in lines, and comes back from them as it was."""

from pathlib import Path

import hypothesis.strategies as some
from hypothesis import given, settings

from analysis.engine.reads import ASKED, READ, STARTED, VARIABLE, Reads, line, recorded

NAMES = some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
SEEN = some.dictionaries(NAMES.map(Path), some.sets(NAMES, min_size=1), max_size=3)


@settings(max_examples=40)
@given(read=SEEN, asked=SEEN, variables=some.sets(NAMES), started=some.sets(NAMES))
def test_what_is_noted_comes_back(tmp_path_factory, read, asked, variables, started):
    reads = Reads(read, asked, variables, started)
    file = tmp_path_factory.getbasetemp() / "noted"
    file.write_text("\n".join(reads.lines()), "utf-8")
    assert recorded(file) == reads


def test_a_file_that_was_another_one_each_time_has_every_state_it_was_seen_in(tmp_path):
    notes = [(READ, "/a", "1"), (READ, "/a", "2"), (ASKED, "/a", "file"), (READ, "/b", "1")]
    notes += [(STARTED, "sh"), (VARIABLE, "HOME")]
    (tmp_path / "reads").write_text("\n".join(line(*note) for note in notes), "utf-8")
    found = recorded(tmp_path / "reads")
    assert found.read == {Path("/a"): {"1", "2"}, Path("/b"): {"1"}}
    assert found.asked == {Path("/a"): {"file"}}
    assert (found.started, found.variables) == ({"sh"}, {"HOME"})


def test_a_process_that_never_got_so_far_has_read_nothing(tmp_path):
    assert recorded(tmp_path / "reads") == Reads()
