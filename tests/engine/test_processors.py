"""A build uses no more of the machine than it may."""

import os

import pytest

from analysis.engine import machine


@pytest.mark.parametrize(("files", "expected"), [
    ({}, 6),
    ({"cpu.max": "max 100000"}, 6),
    ({"cpu.max": "250000 100000"}, 2),
    ({"cpu.max": "50000 100000"}, 1),
    ({"a/b/cpu.max": "max 100000", "a/cpu.max": "400000 100000", "cpu.max": "900000 100000"}, 4),
    ({"cpu/cpu.cfs_quota_us": "300000", "cpu/cpu.cfs_period_us": "100000"}, 3),
    ({"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, 6),
])  # fmt: skip
def test_no_more_processors_are_kept_busy_than_this_process_may_use(
    files, expected, tmp_path, monkeypatch
):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text + "\n", "ascii")
    (tmp_path / "membership").write_text("0::/a/b\n", "ascii")
    monkeypatch.setattr(machine, "GROUPS", tmp_path)
    monkeypatch.setattr(machine, "MEMBERSHIP", tmp_path / "membership")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(6)), raising=False)
    assert machine.cores() == expected
