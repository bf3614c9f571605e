"""Settings and contents of a book: completed where a book needs it, and every slip in
them named in a sentence.
"""

import subprocess
import sys

import pytest

from analysis.book.settings import BookError, read_config, read_contents


@pytest.fixture(autouse=True)
def untitled(tmp_path, monkeypatch):
    """A study that says nothing of itself."""
    monkeypatch.setenv("COMPENDIUM_STUDY", str(tmp_path))


def config(folder, text):
    (folder / "_config.yml").write_text(text, "utf-8")
    return read_config(folder / "_config.yml", "de")


def contents(folder, text, pages=("index", "facts", "_part", "notebooks/roles")):
    for page in pages:
        (folder / page).parent.mkdir(exist_ok=True)
        (folder / f"{page}.md").write_text("# Titel\n", "utf-8")
    (folder / "_toc.yml").write_text(text, "utf-8")
    return read_contents(folder / "_toc.yml", "de", folder)


def complaint(call, *arguments):
    with pytest.raises(BookError) as wrong:
        call(*arguments)
    return str(wrong.value)


def test_a_title_is_enough(tmp_path):
    settings = config(tmp_path, "title: {de: Titel, en: Title}\n")
    assert settings["title"] == "Titel"
    assert settings["execute"] == {"execute_notebooks": "off"}
    assert settings["sphinx"]["extra_extensions"] == ["analysis.book"]


PAGES = ("index", "zoo", "facts", "_part", "notebooks/roles")
SLIPS = {
    "title: a: b": (
        "_config.yml, line 1: not readable as YAML (mapping values are not allowed here)"
    ),
    "title: x\nsphinx:\n\tconfig: {}": "_config.yml, line 3: not readable as YAML",
    "title: x\ntitle: y": "_config.yml, line 2: 'title' stands twice; expected each name once",
    "title: &t x\nauthor: *t": (
        "_config.yml, line 2: not readable as YAML (*t stands for lines elsewhere; write them out)"
    ),
    "title: x\ndate: 2020-99-99": "_config.yml: not readable as YAML (month must be in 1..12)",
    f"title: x\nn: {'9' * 5000}": "_config.yml: not readable as YAML (",
    f"title: {'[' * 5000}": "_config.yml: not readable as YAML (",
    "title: {no: Tittel}": "_config.yml: the book has no title in 'de'",
    "title: x\nsphinx: {extra_extensions: foo}": (
        "extra_extensions of sphinx is 'foo'; expected a list of names"
    ),
    "title: x\nsphinx: {extra_extensions: }": "extra_extensions of sphinx is None; expected a list",
    "title: x\nsphinx: {extra_extensions: [3]}": (
        "extra_extensions of sphinx is [3]; expected a list"
    ),
    "": "_config.yml holds nothing; expected lines such as `title: …`",
    "Ein Titel": "_config.yml holds no settings",
    "author: Wer": "_config.yml: the book has no title in 'de'",
    "title: {en: Title}": "_config.yml: the book has no title in 'de'",
    "title: x\nsphinx: [a]": "_config.yml: sphinx is ['a']; expected indented lines below it",
    "title: x\nsphinx: {config: {numfig_format: {figure: 'Abb. <b> %s'}}}": (
        "numfig_format has 'Abb. <b> %s', of which < > cannot be shown"
    ),
    'title: x\nsphinx: {config: {togglebutton_hint: "it\'s"}}': (
        "togglebutton_hint has \"it's\", of which ' cannot be shown"
    ),
}


@pytest.mark.parametrize("text", SLIPS)
def test_a_slip_in_the_settings_is_named(tmp_path, text):
    assert SLIPS[text] in complaint(config, tmp_path, text)


def test_a_name_is_what_is_written_and_html_is_nobody_s_damage(tmp_path):
    (tmp_path / "_config.yml").write_text(
        "title: {de: Titel, no: Tittel}\nhtml: {announcement: '<p>a &amp; b</p>'}\n", "utf-8"
    )
    settings = read_config(tmp_path / "_config.yml", "no")
    assert settings["title"] == "Tittel"
    assert settings["html"] == {"announcement": "<p>a &amp; b</p>"}


def test_a_language_may_have_a_code_of_three_letters(tmp_path):
    path = tmp_path / "_config.yml"
    path.write_text("title: {de: Titel, nds: Överschrift}\nhtml: {nds: a, favicon: b}\n", "utf-8")
    settings = read_config(path, "nds")
    assert settings["title"] == "Överschrift"
    assert settings["html"] == {"nds": "a", "favicon": "b"}


def test_a_book_has_the_title_of_its_study_and_the_machine_s_settings_unless_it_has_others(
    tmp_path,
):
    said = complaint(read_config, tmp_path / "_config.yml", "de")
    assert said.endswith("the book has no title in 'de'; expected a line `title: …` in study.yml")
    (tmp_path / "study.yml").write_text("title: {de: Wald, en: Wood}\n", "utf-8")
    settings = read_config(tmp_path / "_config.yml", "de")
    assert settings["title"] == "Wald"
    assert settings["sphinx"]["config"]["numfig_format"]["figure"] == "Abb. %s"
    assert config(tmp_path, "author: Wer\n")["title"] == "Wald"
    assert config(tmp_path, "title: Baum\n")["title"] == "Baum"


def test_a_book_may_set_what_every_book_has_and_only_languages_are_chosen_from(tmp_path):
    text = "title: x\nsphinx: {config: {html_extra_path: [own]}}\nhtml: {a: {de: 1, other: 2}}\n"
    settings = config(tmp_path, text)
    assert settings["sphinx"]["config"]["html_extra_path"] == ["own"]
    assert settings["sphinx"]["config"]["locale_dirs"] == ["locale"]
    assert settings["html"]["a"] == {"de": 1, "other": 2}


def test_settings_that_are_missing_are_named(tmp_path):
    (tmp_path / "_config.yml").mkdir()
    assert "_config.yml cannot be read (Is a directory)" in complaint(
        read_config, tmp_path / "_config.yml", "de"
    )


def test_without_a_table_of_contents_the_book_has_all_pages_and_then_the_notebooks(tmp_path):
    contents(tmp_path, "root: index\nchapters:\n- glob: '*'\n- glob: notebooks/*\n", PAGES)
    (tmp_path / "_toc.yml").unlink()
    found = read_contents(tmp_path / "_toc.yml", "de", tmp_path)
    assert found["root"] == "index"
    assert [page["file"] for page in found["chapters"]] == ["facts", "zoo", "notebooks/roles"]


def test_a_book_of_a_single_page_needs_no_table_of_contents(tmp_path):
    (tmp_path / "index.md").write_text("# All\n", "utf-8")
    found = read_contents(tmp_path / "_toc.yml", "de", tmp_path)
    assert found == {"format": "jb-book", "root": "index"}


def test_pages_are_found_by_name_and_by_pattern(tmp_path):
    contents(
        tmp_path,
        "root: index\nparts:\n- caption: Teil\n  chapters:\n  - {file: facts, title: file}\n  - "
        "glob: notebooks/*\n",
    )
    contents(tmp_path, "root: index.md\nchapters:\n- glob: f*\n")


def test_all_pages_that_are_missing_or_left_out_are_named_at_once(tmp_path):
    said = complaint(contents, tmp_path, "root: index\nchapters:\n- file: fact\n- file: gone\n")
    assert "there is no page 'fact' in de (did you mean 'facts'?)" in said
    assert "there is no page 'gone' in de" in said
    assert "does not name the page 'facts'" in said
    assert "_part'" not in said
    assert "has no root" in complaint(contents, tmp_path, "chapters: []\n")


@pytest.mark.parametrize(
    "text",
    [
        "root: 3",
        "root: index\nchapters: {file: facts}",
        "root: index\nchapters: [{file: facts, sections: 3}]",
        "root: index\nchapters: [{file: facts}, {file: facts}]",
        "root: index\nchapters: [{url: 'javascript:alert(1)', title: x}, {file: facts}]",
        "root: index\nformat: [1]",
        "root: index\nformat: other",
    ],
)
def test_contents_that_jupyter_book_could_not_follow_are_named(tmp_path, text):
    assert "_toc.yml is no table of contents of Jupyter Book" in complaint(contents, tmp_path, text)


@pytest.mark.parametrize("pattern", ["/etc/*", "**", "facts/**", "**a/*"])
def test_a_pattern_that_can_fit_no_page_is_named(tmp_path, pattern):
    said = complaint(contents, tmp_path, f"root: index\nchapters: [{{glob: '{pattern}'}}]")
    assert f"has the glob '{pattern}'" in said


def test_the_landing_page_is_written_without_what_lays_out_pages():
    code = "import sys, analysis.book.landing\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"docutils", "sphinx", "matplotlib"} & {*done.stdout.split()}
