"""Tests of one group run in one process, so that what they share is built once."""

import os
import subprocess
import sys

TESTS = """import os, pathlib, pytest

@pytest.mark.xdist_group("shared")
@pytest.mark.parametrize("number", range(4))
def test_one(number):
    pathlib.Path(f"process-{os.getpid()}").touch()
"""


def test_a_group_stays_together(tmp_path):
    (tmp_path / "test_shared.py").write_text(TESTS, "ascii")
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup"]
    done = subprocess.run(
        command, cwd=tmp_path, env=own, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert len(list(tmp_path.glob("process-*"))) == 1
