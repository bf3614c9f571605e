"""A module is imported as its source is, not as it was compiled before."""

import os
import py_compile
import subprocess
import sys
import time

import pytest

from analysis import paths

IMPORT = """
import sys
from analysis.engine.freshmodules import import_afresh
import_afresh(lambda folder: folder == sys.argv[1])
sys.path.insert(0, sys.argv[1])
import module
print(module.x)
"""


@pytest.mark.parametrize(("code", "value"), [("x = 1\n", "1"), ("x = 2\n", "2")])
def test_an_edit_of_the_same_size_and_second_is_seen(code, value, tmp_path):
    module = tmp_path / "module.py"
    module.write_text("x = 1\n", "utf-8")
    second = module.stat().st_mtime
    py_compile.compile(str(module))
    time.sleep(0.02)  # the change of a file is told in steps of some milliseconds
    module.write_text(code, "utf-8")
    os.utime(module, (second, second))
    done = subprocess.run(
        [sys.executable, "-c", IMPORT, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=paths.root(),
    )
    assert done.stdout.strip() == value
