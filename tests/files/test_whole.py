"""Files of ours are whole or not there, also where the disk is full."""

import errno
import shutil
from pathlib import Path

import pytest

from analysis.files.whole import copy_folder, put_in_place, remove_generated, write_all
from analysis.scaffold import new_study, new_table


@pytest.fixture
def full(monkeypatch):
    """A disk on which there is room for one file more."""
    write, copy, written = Path.write_text, shutil.copyfile, []

    def filled(by):
        def wrapped(*arguments, **settings):
            if written:
                raise OSError(errno.ENOSPC, "No space left on device", str(arguments[0]))
            written.append(arguments)
            return by(*arguments, **settings)

        return wrapped

    monkeypatch.setattr(Path, "write_text", filled(write))
    monkeypatch.setattr(shutil, "copyfile", filled(copy))


@pytest.mark.usefixtures("full")
def test_of_several_files_none_is_written_if_there_is_no_room_for_all(tmp_path):
    with pytest.raises(OSError, match="No space left"):
        write_all({tmp_path / "a": "1", tmp_path / "b": "2"})
    assert [path.name for path in tmp_path.iterdir()] == ["a.partial"]


@pytest.mark.usefixtures("full")
def test_a_study_is_begun_whole_or_not_at_all_and_can_be_begun_again(tmp_path, monkeypatch):
    with pytest.raises((OSError, shutil.Error), match="No space left"):
        new_study(tmp_path / "own")
    assert not (tmp_path / "own").exists()
    monkeypatch.undo()
    (tmp_path / "own").mkdir()  # an empty folder may be there
    new_study(tmp_path / "own")
    assert [path.name for path in tmp_path.iterdir()] == ["own"]
    assert (tmp_path / "own/study.yml").is_file()


def test_of_a_folder_that_cannot_be_written_there_are_copies_that_can(tmp_path):
    (tmp_path / "old/inner").mkdir(parents=True)
    (tmp_path / "old/inner/file").write_text("text", "utf-8")
    for path in (tmp_path / "old/inner/file", tmp_path / "old/inner", tmp_path / "old"):
        path.chmod(path.stat().st_mode & ~0o222)
    copy_folder(tmp_path / "old", tmp_path / "new")
    for path in (tmp_path / "new", tmp_path / "new/inner", tmp_path / "new/inner/file"):
        assert path.stat().st_mode & 0o200, path
    assert (tmp_path / "new/inner/file").read_text("utf-8") == "text"
    (tmp_path / "old").chmod(0o755)
    (tmp_path / "old/inner").chmod(0o755)  # or nobody could remove them


@pytest.mark.usefixtures("full")
def test_a_table_is_begun_with_its_declaration_or_not_at_all(tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_RAW", str(tmp_path))
    with pytest.raises(OSError, match="No space left"):
        new_table("rooms")
    assert list(tmp_path.glob("*.csv")) == list(tmp_path.glob("*.yml")) == []


@pytest.mark.parametrize("is_deep", [True, False])
def test_what_cannot_be_removed_is_named_with_its_folder(tmp_path, monkeypatch, is_deep):
    def refuse(_folder):
        raise PermissionError(errno.EACCES, "Permission denied", "searchindex.js")

    folder = tmp_path / "html.partial"
    inner = folder / "deep" if is_deep else folder
    inner.mkdir(parents=True)
    (inner / "searchindex.js").touch()
    monkeypatch.setattr(shutil, "rmtree", refuse)
    with pytest.raises(PermissionError) as error:
        remove_generated(folder)
    assert error.value.filename == str(folder if is_deep else folder / "searchindex.js")


@pytest.mark.parametrize("code", [errno.ENOENT, errno.ENOTEMPTY])
def test_a_folder_goes_while_another_removes_or_writes_in_it(tmp_path, monkeypatch, code):
    folder, remove, times = tmp_path / "running.partial", shutil.rmtree, []
    (folder / "deep").mkdir(parents=True)

    def meet_another(place):
        times.append(place)
        if len(times) < 3:
            raise OSError(code, "another was here", "deep")
        remove(place)

    monkeypatch.setattr(shutil, "rmtree", meet_another)
    remove_generated(folder)
    assert not folder.exists()


def test_a_folder_of_another_person_is_not_taken_apart(tmp_path, monkeypatch):
    made, target, last = (tmp_path / name for name in ("made", "book", "last.partial"))
    for folder in (made, target):
        folder.mkdir()
        (folder / "index.html").write_text(folder.name, "utf-8")
    rename = Path.replace

    def refuse(source, place):
        if source == target:
            raise PermissionError(errno.EACCES, "Permission denied", str(source), None, str(place))
        return rename(source, place)

    monkeypatch.setattr("analysis.files.whole.exchange", lambda *_: False)
    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(PermissionError):
        put_in_place(made, target, last)
    assert (target / "index.html").read_text("utf-8") == "book"
    assert (made / "index.html").read_text("utf-8") == "made"
    assert not last.exists()
