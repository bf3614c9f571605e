"""What is printed, and what is said where nothing can be printed: tests that need no Pango."""

import os
import re
import subprocess
import sys

import pytest

from analysis import paths
from analysis.book.settings import BookError, read_contents, read_printed

pytestmark = pytest.mark.xdist_group("built")
LINK = re.compile(r'<a class="study-pdf" href="([^"]*)"')


def test_no_page_leads_to_a_pdf_that_is_not_there(built):
    assert not list(built.build.rglob("*.pdf"))
    pages = [*(built.build / "html").rglob("*.html")]
    assert not [page for page in pages if LINK.search(page.read_text("utf-8"))]


def test_a_missing_library_is_told_in_one_line_before_anything_is_built(new_mini, tmp_path):
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library')", "ascii")
    study = new_mini()
    done = subprocess.run(
        [sys.executable, "-m", "analysis", "build", "pdf"],
        env=os.environ | study.settings | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert "Pango" in line
    assert "apt install" in line
    assert "brew install" in line
    assert not study.build.exists()


CONTENTS = """
root: index
parts:
  - caption: One
    chapters:
      - {file: a, sections: [{file: b}]}
      - {file: c, printed: false}
  - caption: Two
    printed: false
    chapters: [{file: d}]
  - chapters: [{glob: notebooks/*}]
"""


@pytest.fixture
def contents(tmp_path):
    pages = tmp_path / "pages"
    (pages / "notebooks").mkdir(parents=True)
    for name in ("index", "a", "b", "c", "d", "notebooks/x"):
        (pages / f"{name}.md").touch()
    (tmp_path / "_toc.yml").write_text(CONTENTS, "ascii")
    return tmp_path / "_toc.yml", pages


def test_what_the_table_of_contents_says_is_printed_and_no_notebook(contents):
    file, pages = contents
    assert read_printed(file, "de", pages) == [("", "index"), ("One", "a"), ("One", "b")]
    assert "printed" not in str(read_contents(file, "de", pages))
    file.unlink()
    named = [page for _, page in read_printed(file, "de", pages)]
    assert named == ["index", "a", "b", "c", "d"]


def test_a_page_is_printed_once_and_as_its_own_line_says_also_where_a_pattern_fits_it(contents):
    file, pages = contents
    (pages / "facts").mkdir()
    for name in ("a", "b", "c", "d"):
        (pages / f"facts/{name}.md").touch()
    chapters = """
root: index.md
chapters:
- glob: facts/a*
- {file: facts/b, printed: false}
- glob: facts/*
- {file: facts/d.md}
- {file: a.md}
"""
    file.write_text(chapters, "ascii")
    named = [page for _, page in read_printed(file, "de", pages)]
    assert named == ["index", "facts/a", "facts/c", "facts/d", "a"]


def test_whether_a_page_is_printed_is_true_or_false(contents):
    file, pages = contents
    file.write_text(CONTENTS.replace("printed: false", "printed: nein", 1), "ascii")
    with pytest.raises(BookError, match=r"printed: 'nein'; expected true or false"):
        read_contents(file, "de", pages)


def test_the_report_prints_pages_that_it_has():
    for language in paths.languages():
        folder = paths.book() / language
        named = {page for _, page in read_printed(paths.book() / "_toc.yml", language, folder)}
        assert {"introduction", "coding", "findings", "literature"} <= named
        assert not named & {"tables", "statements", "dictionary", "evidence", "whatif"}
        assert all((folder / f"{page}.md").is_file() for page in named)
