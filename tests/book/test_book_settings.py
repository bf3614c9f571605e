"""Settings and contents of a book: completed where a book needs it, and every slip in
them named in a sentence.
"""

import pytest

from analysis.book.settings import BookError, read_config, read_contents


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


def test_settings_that_are_missing_are_named(tmp_path):
    assert "_config.yml is missing; a book is a folder" in complaint(
        read_config, tmp_path / "_config.yml", "de"
    )
    (tmp_path / "_config.yml").mkdir()
    assert "_config.yml cannot be read (Is a directory)" in complaint(
        read_config, tmp_path / "_config.yml", "de"
    )
    assert "_toc.yml is missing" in complaint(read_contents, tmp_path / "_toc.yml", "de", tmp_path)


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


@pytest.mark.parametrize("pattern", ["/etc/*", "**"])
def test_a_pattern_that_can_fit_no_page_is_named(tmp_path, pattern):
    said = complaint(contents, tmp_path, f"root: index\nchapters: [{{glob: '{pattern}'}}]")
    assert f"has the glob '{pattern}'" in said
