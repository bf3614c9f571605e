"""Step by step and from scratch end in the same bytes, whatever was added, changed,
renamed or removed on the way.
"""

import os
from contextlib import closing

from edits import KINDS, Edited

# A longer search: EDITS=300 SEED=7 python -m pytest tests/engine/test_edits.py
FEW = 30
EDITS = int(os.environ.get("EDITS", FEW))
SEED = int(os.environ.get("SEED", "4"))
BUILD_AFTER, COMPARE_AFTER = 5, 15  # if they are few
OFTEN = 0.5  # in a longer search: how probably one is followed by a build, which is compared


def test_step_by_step_and_from_scratch_end_in_the_same_bytes(tmp_path):
    with closing(Edited(tmp_path / "project", SEED)) as project:
        for number in range(1, EDITS + 1):
            project.edit()
            builds, compares = number % BUILD_AFTER == 0, number % COMPARE_AFTER == 0
            if EDITS > FEW:
                builds = compares = project.random.random() < OFTEN
            if builds or number == EDITS:
                project.build()
            if compares or number == EDITS:
                now, scratch = project.results(), project.from_scratch(tmp_path / "scratch")
                assert sorted(now) == sorted(scratch), project.done
                other = [name for name in now if now[name] != scratch[name]]
                assert other == [], project.done
    if len(KINDS) <= EDITS:
        assert {kind.__name__ for kind in KINDS} <= {*project.done}
