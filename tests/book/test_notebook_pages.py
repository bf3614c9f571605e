"""Pages of executed notebooks: pictures told in words, each part marked in its language, no name
that hides what stands there.
"""

import base64
import html
import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from analysis.book import notebooks
from analysis.book.settings import BookError
from analysis.engine.runs import NotebookRun

pytestmark = pytest.mark.xdist_group("built")


@pytest.fixture(scope="module")
def pages(built):
    found = (built.build / "html/de/notebooks").glob("*.html")
    pages = {path.stem: path.read_text("utf-8") for path in found}
    assert pages
    return pages


def test_a_picture_is_described_by_the_headline_of_the_figure(built, pages):
    for name, page in pages.items():
        path = built.build / f"de/figures/{name}.json"  # a notebook may publish a table instead
        record = json.loads(path.read_text("utf-8")) if path.is_file() else {}
        pictures = [
            html.unescape(picture) for picture in re.findall(r"<img [^>]*figures/[^>]*>", page)
        ]
        assert len(pictures) == ("alt" in record), f"{name} shows a figure only if there is one"
        assert all(
            f'alt="{record["headline"]}"' in picture and 'lang="de"' in picture
            for picture in pictures
        )


def test_what_is_read_of_a_picture_at_once_is_short(built):
    for path in (built.build / "html").rglob("*.html"):
        page = path.read_text("utf-8")
        said = re.findall(r'<img [^>]*?alt="([^"]*)"|<svg [^>]*?aria-label="([^"]*)"', page)
        assert [text for pair in said for text in pair if len(html.unescape(text)) > 250] == []


def test_no_alternative_text_is_a_path(built):
    for path in (built.build / "html").rglob("*.html"):
        for alt in re.findall(r'alt="([^"]*)"', path.read_text("utf-8")):
            assert not re.search(r"[/\\]|\.(png|svg|jpe?g)\b", alt.partition(" ")[0]), path.name


def test_titles_are_in_the_language_of_the_edition(pages):
    page = pages["case-tal"]
    title = '<span lang="de">Profil eines Falls</span>: <span lang="de">Region Tal</span>'
    assert "<title>Notebook: Profil eines Falls: Region Tal &#8212; " in page
    assert f"<h1>{title}<a" in page
    assert f"<h1>{title}</h1>" in page, "the heading of a printed page"
    assert f'<p class="prev-next-title">{title}</p>' in pages["case-see"]
    assert re.search(
        r'<a class="reference internal" href="actors.html">\s*'
        r'<span lang="de">\s*Akteursgruppen\s*</span>',
        page,
    ), "the menu"


def test_what_opens_a_cell_is_called_by_what_stands_on_it(pages):
    for page in pages.values():
        assert "Toggle hidden content" not in page
        assert page.count('<span class="collapsed admonition-title" lang="de">') == page.count(
            '<details class="admonition hide'
        )


def test_words_of_the_edition_are_marked_within_the_english_dictionary(built):
    page = (built.build / "html/de/evidence.html").read_text("utf-8")
    assert '<span lang="de">Spalte</span>' in page
    assert '<summary lang="de">' in page


def test_comments_in_pages_are_not_published(built):
    assert "den niemand liest" not in (built.build / "html/de/evidence.html").read_text("utf-8")


OUTPUTS = {
    "a page knows one of its ways": (
        {"application/json": {"a": 1}, "text/plain": "<JSON>"},
        {"text/plain": "<JSON>"},
    ),
    "a chart": (
        {"application/vnd.vegalite.v5+json": {}, "image/png": "x", "text/html": "y"},
        {"image/png": "x", "text/html": "y"},
    ),
    "data alone": ({"application/geo+json": {"a": "ü"}}, {"text/plain": '{\n "a": "ü"\n}'}),
    "a file alone": ({"application/pdf": "JVBERi0="}, {"text/plain": "(application/pdf)"}),
    "nothing": ({}, {}),
}


@pytest.mark.parametrize(("data", "shown"), OUTPUTS.values(), ids=OUTPUTS)
def test_an_output_that_no_page_can_show_is_shown_some_other_way(data, shown):
    assert notebooks.showable(data) == shown


def test_pictures_pasted_into_a_text_are_files_beside_the_page(tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_BUILD", str(tmp_path))
    run = NotebookRun("some", "de")
    monkeypatch.setattr(notebooks, "notebook_runs", lambda _language: [run])
    one, two = (base64.b64encode(name).decode() for name in (b"one", b"two"))
    cell = {
        "cell_type": "markdown",
        "source": "![](attachment:a.png) ![](attachment:a.png2) <img src='attachment:b%20c.svg'>",
        "attachments": {
            "a.png": {"image/png": one},
            "a.png2": {"image/jpeg": [two[:2], two[2:]]},
            "b c.svg": {"image/svg+xml": one},
        },
    }
    run.result.parent.mkdir(parents=True)
    run.result.write_text(json.dumps({"cells": [cell]}), "utf-8")
    notebooks.stage_notebooks("de", tmp_path / "stage")
    *_, staged = json.loads((tmp_path / "stage/some.ipynb").read_text("utf-8"))["cells"]
    named = re.findall(r"some-[0-9a-f]{8}\.\w+", staged["source"])
    assert [name.rpartition(".")[2] for name in named] == ["png", "jpg", "svg"]
    contents = [(tmp_path / "stage" / name).read_bytes() for name in named]
    assert contents == [b"one", b"two", b"one"]
    assert "attachment" not in json.dumps(staged)
    cell = {"cell_type": "markdown", "source": "An attachment: ![x](attachment:none.png)"}
    run.result.write_text(json.dumps({"cells": [cell]}), "utf-8")
    with pytest.raises(BookError, match=r"some\.ipynb, cell 1: shows attachment:none\.png, and no"):
        notebooks.stage_notebooks("de", tmp_path / "again")


@pytest.mark.parametrize("text", ["only text", "#hash", ""])
def test_a_notebook_without_a_heading_has_its_name_for_a_title(tmp_path, monkeypatch, text):
    monkeypatch.setenv("COMPENDIUM_BUILD", str(tmp_path))
    run = NotebookRun("some_{{name}}", "de")
    monkeypatch.setattr(notebooks, "notebook_runs", lambda _language: [run])
    run.result.parent.mkdir(parents=True)
    for place, source in (("without", text), ("with", "## Title"), ("below", "Title\n=====")):
        cell = {"cell_type": "markdown", "source": source}
        run.result.write_text(json.dumps({"cells": [cell]}), "utf-8")
        notebooks.stage_notebooks("de", tmp_path / place)
        staged = json.loads((tmp_path / place / run.result.name).read_text("utf-8"))["cells"]
        first = "# some\\_\\{\\{name\\}\\}" if place == "without" else source
        assert staged[0]["source"] == first


def test_a_picture_is_followed_by_the_long_description_of_the_figure(built, pages):
    described = 0
    for name, page in pages.items():
        path = built.build / f"de/figures/{name}.json"
        record = json.loads(path.read_text("utf-8")) if path.is_file() else {}
        told = re.findall(
            r'<details[^>]*><summary lang="de">Beschreibung</summary>\s*<p>'
            r'<span[^>]* lang="de"[^>]*>(.*?)</span></p>',
            page,
        )
        long = record.get("alt", "").removeprefix(record.get("headline", "")).strip()
        expected = [long] if long else []
        assert [html.unescape(text) for text in told] == expected, name
        described += len(told)
    assert described > 3


def test_the_list_of_notebooks_rests_on_what_each_of_them_has_published(built, monkeypatch):
    """Whoever has it open waits for them, before a proof of it is shown."""
    built.point_paths(monkeypatch)
    read = []
    env = SimpleNamespace(
        config=SimpleNamespace(study_language="de"), note_dependency=read.append, docname="list"
    )
    directive = object.__new__(notebooks.NotebookList)
    document = SimpleNamespace(settings=SimpleNamespace(env=env))
    directive.state = SimpleNamespace(document=document)
    directive.run()
    assert {*map(Path, read)} == {
        path for kind in ("figures", "tables") for path in built.build.glob(f"de/{kind}/*.json")
    }
