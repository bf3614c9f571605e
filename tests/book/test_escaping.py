"""Texts of settings and titles are texts in templates and in the search."""

from types import SimpleNamespace

import pytest
from markupsafe import Markup
from sphinx.search import js_index

from analysis import paths
from analysis.book import escaping, search

HOSTILE = "<script>1</script> & \"so\" 'so'"
ESCAPED = "&lt;script&gt;1&lt;/script&gt; &amp; &#34;so&#34; &#39;so&#39;"


@pytest.mark.parametrize("name", [*escaping.SHOWN, "theme_repository_url"])
def test_a_setting_is_shown_as_it_is(name):
    context = {name: HOSTILE}
    escaping._settings_as_text(None, "page", "page.html", context, None)
    assert context[name] == Markup(ESCAPED)
    escaping._settings_as_text(None, "page", "page.html", context, None)
    assert context[name] == Markup(ESCAPED)  # and not escaped twice


@pytest.mark.parametrize("name", [*escaping.HTML, "body", "toc"])
def test_what_is_markup_stays_so(name):
    context = {name: HOSTILE}
    escaping._settings_as_text(None, "page", "page.html", context, None)
    assert context[name] == HOSTILE


def test_texts_inside_lists_and_mappings_are_escaped_and_nothing_else_changes():
    context = {"theme_icon_links": [{"name": "<b>", "n": 3, "shown": True}, Markup("<i>")]}
    escaping._settings_as_text(None, "page", "page.html", context, None)
    assert context["theme_icon_links"] == [{"name": "&lt;b&gt;", "n": 3, "shown": True}, "<i>"]


def test_titles_in_the_search_are_texts(tmp_path):
    index = {
        "docnames": ["index", "notebooks/Haus #1?%"],
        "filenames": ["index.md", "notebooks/Haus #1?%.ipynb"],
        "titles": ["<em>Ziel</em> &lt;b&gt;"],
        "alltitles": {HOSTILE: [[0, None]]},
        "terms": {},
    }
    path = tmp_path / "searchindex.js"
    path.write_text(js_index.dumps(index), "utf-8")
    escaping._mend_index(SimpleNamespace(outdir=tmp_path), RuntimeError("a build that failed"))
    assert js_index.loads(path.read_text("utf-8")) == index
    escaping._mend_index(SimpleNamespace(outdir=tmp_path), None)
    shown = js_index.loads(path.read_text("utf-8"))
    assert shown == {
        **index,
        "filenames": [],  # no script asks for them
        "docnames": ["index", "notebooks/Haus%20%231%3F%25"],  # parts of addresses
        "titles": ["Ziel &lt;b&gt;"],
        "alltitles": {ESCAPED: [[0, None]]},
    }


def test_pages_of_any_name_are_told_to_the_search_as_parts_of_addresses():
    handlers, context = {}, {}
    config = SimpleNamespace(study_language="de")
    env = SimpleNamespace(found_docs={"dictionary", "notebooks/Haus #1?%"})
    search.register(
        SimpleNamespace(
            add_search_language=id,
            config=config,
            connect=handlers.__setitem__,
            env=env,
            srcdir=paths.book() / "de",
        )
    )
    handlers["html-page-context"](None, "search", "search.html", context, None)
    assert context["study_last"] == ["dictionary", "notebooks/Haus%20%231%3F%25"]


def test_checksums_are_not_looked_for(tmp_path):
    words = {
        "2045": 1,
        "c015": [1],
        "effektiviert": 2,
        "013b3987133a3353": 1,
        "6523076923076923": 2,
    }
    path = tmp_path / "searchindex.js"
    path.write_text(
        js_index.dumps({"docnames": [], "titles": [], "alltitles": {}, "terms": words}), "utf-8"
    )
    escaping._mend_index(SimpleNamespace(outdir=tmp_path), None)
    assert [*js_index.loads(path.read_text("utf-8"))["terms"]] == [*words][:3]


def test_a_build_without_search_is_none_the_worse(tmp_path):
    escaping._mend_index(SimpleNamespace(outdir=tmp_path), None)
    assert list(tmp_path.iterdir()) == []
