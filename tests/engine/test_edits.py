"""Step by step and from scratch end in the same bytes, whatever was added, changed,
renamed or removed on the way.
"""

import os

from edits import Edited

# A longer search: EDITS=300 SEED=7 python -m pytest tests/engine/test_edits.py
EDITS = int(os.environ.get("EDITS", "20"))
SEED = int(os.environ.get("SEED", "4"))
BUILD_AFTER = 5
COMPARE_AFTER = 20


def test_step_by_step_and_from_scratch_end_in_the_same_bytes(tmp_path):
    project = Edited(tmp_path / "project", SEED)
    edits = []
    for number in range(1, EDITS + 1):
        edits.append(project.edit())
        if number % BUILD_AFTER == 0 or number == EDITS:
            done = project.make("book")[1]
            assert done.returncode == 0, (SEED, edits, done.stdout + done.stderr)
        if number % COMPARE_AFTER == 0 or number == EDITS:
            now, scratch = project.results(), project.from_scratch(tmp_path / "scratch")
            assert sorted(now) == sorted(scratch), (SEED, edits)
            assert [name for name in now if now[name] != scratch[name]] == [], (SEED, edits)
