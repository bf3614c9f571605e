"""What the tests of imports share: a study that has no tables yet."""

import pytest


@pytest.fixture
def raw(tmp_path, monkeypatch):
    """Its folder of raw tables, which is not there yet and to which `analysis.paths` points."""
    folder = tmp_path / "study/data/raw"
    monkeypatch.setenv("COMPENDIUM_RAW", str(folder))
    monkeypatch.setenv("COMPENDIUM_BUILD", str(tmp_path / "study/build"))
    return folder
