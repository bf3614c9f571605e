"""Every figure leads with what it shows; caption and alternative text begin with it."""

import pytest
import stage

from analysis import publish


@pytest.mark.parametrize("language", stage.LANGUAGES)
@pytest.mark.parametrize("study", ["real", "mini"])
def test_every_figure_has_a_headline_in_a_sentence(study, language):
    tables = stage.study(study)
    for name, parameters in stage.runs(tables):
        drawing = stage.draw(name, tables, language, **parameters)
        assert drawing.skipped or drawing.headline, name
        assert "nan" not in drawing.headline.split(), drawing.headline


def test_a_figure_without_headline_is_not_published(tmp_path, monkeypatch):
    frames = stage.study("mini")["facts"].head(1)
    monkeypatch.setattr(publish.paths, "OUTPUT", tmp_path)
    monkeypatch.setenv("COMPENDIUM_RUN", "actors")
    run, figure = publish.Run("actors", language="de"), publish.Figure()
    texts = {"caption": "Worum es geht.", "alt": "Punkte."}
    with pytest.raises(ValueError, match="headline is empty"):
        run.save_figure(figure, headline="", **texts, data=frames, sources=frames)
    run.save_figure(figure, headline="So ist es.", **texts, data=frames, sources=frames)
    record = (tmp_path / "de/figures/actors.json").read_text("utf-8")
    assert '"alt": "So ist es. Punkte."' in record
