"""A build begins in folders that are there and its own, or not at all."""

import pytest

from analysis import paths
from analysis.engine import folders


def test_a_folder_is_built_into_if_it_is_new_empty_or_was_built_into(tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_BUILD", str(tmp_path / "mine"))
    folders.check_build_folder()
    paths.build().mkdir()
    (paths.build() / ".lock").touch()
    (paths.build() / "cache").mkdir()  # of what is loaded before anything is built
    folders.check_build_folder()
    (paths.build() / "letters").mkdir()
    with pytest.raises(folders.NotPossibleError, match="holds letters, which no build has made"):
        folders.check_build_folder()
    (paths.build() / "deps").mkdir()
    folders.check_build_folder()
