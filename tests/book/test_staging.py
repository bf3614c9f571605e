"""Pages are laid out for Jupyter Book, or what keeps them from it is named."""

import re

import pytest

from analysis.book.settings import BookError
from analysis.book.staging import TAKEN, copy_pages, stage_pages


def test_no_page_or_folder_has_a_name_that_the_book_needs_for_itself(mini, tmp_path):
    for name in TAKEN[::2]:
        (mini.book / "de" / name).mkdir()
    names = ", ".join(sorted(TAKEN[::2]))
    with pytest.raises(BookError, match=re.escape(f"/de holds {names}, a name that the book")):
        stage_pages("de", tmp_path / "stage")


def test_what_was_laid_out_before_is_gone_even_if_pages_are_refused(mini, tmp_path):
    (tmp_path / "stage").mkdir()
    (tmp_path / "stage/old.md").write_text("# Alt\n", "utf-8")
    (mini.book / "de/notebooks").mkdir()
    with pytest.raises(BookError):
        stage_pages("de", tmp_path / "stage")
    assert not (tmp_path / "stage/old.md").exists()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# T\n\n<<<<<<< HEAD\nx\n=======\ny\n>>>>>>> other\n", 3),
        ("T\n=======\n\n>>>>>>> other\n", 4),
    ],
)
def test_of_two_versions_that_git_left_the_first_line_is_named(tmp_path, text, line):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/a.md").write_text(text, "utf-8")
    (tmp_path / "pages/b.md").write_text("Titel\n=======\n", "utf-8")
    with pytest.raises(BookError) as wrong:
        copy_pages(tmp_path / "pages", tmp_path / "stage")
    (said,) = str(wrong.value).splitlines()
    assert said.endswith(f"a.md:{line}: two versions that Git could not merge; keep one of them")
    assert not (tmp_path / "stage").exists()
