"""Jupyter Book runs on staged pages, and keeps nothing elsewhere."""

from pathlib import Path
from unittest.mock import Mock

from analysis.book import DIRECTIVES, ROLES, setup, sphinx


def test_every_directive_and_role_of_ours_can_be_meant_by_a_slip(tmp_path):
    app = Mock(confdir=tmp_path)
    setup(app)
    directives, roles = (
        {call.args[0] for call in added.call_args_list}
        for added in (app.add_directive, app.add_role)
    )
    assert directives - {"raw"} <= {*DIRECTIVES}  # a page is better off without raw
    assert {"study-figure", "import-account"} <= directives
    assert {"fact"} <= roles <= {*ROLES}


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
