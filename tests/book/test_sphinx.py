"""Jupyter Book runs on staged pages, and keeps nothing elsewhere."""

from pathlib import Path

from analysis.book import sphinx


def test_what_sphinx_remembers_lies_beside_the_pages_and_goes(tmp_path, monkeypatch):
    pages, places = tmp_path / "work/pages", []
    pages.mkdir(parents=True)

    def build(*_places, doctreedir, **_settings):
        places.append(Path(doctreedir))
        assert places[0].is_dir()
        return 0

    monkeypatch.setattr(sphinx, "build_sphinx", build)
    monkeypatch.setattr(sphinx, "slim", lambda *_: None)
    assert sphinx.build_site(pages, tmp_path / "html") == ""
    assert places[0].is_relative_to(pages.parent)
    assert [*pages.parent.iterdir()] == [pages]
