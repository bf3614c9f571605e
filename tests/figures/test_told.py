"""What notebooks say stays true of whatever parameters they are told, and of whatever data."""

import re

import pytest
import stage

from analysis.wording import Wording

pytestmark = pytest.mark.xdist_group("figures")  # each study is drawn once


def real(**changed):
    """The tables of this study, some of them changed."""
    return dict(stage.study("real")) | changed


@pytest.mark.parametrize("language", stage.LANGUAGES)
def test_the_caption_of_the_timeline_names_the_kinds_that_are_left_out(language):
    words = Wording(language, "timeline")
    without = {"de": "(ohne ", "en": "(without "}[language]
    everything = stage.draw("timeline", real(), language, left_out="")
    assert without not in everything.caption
    less = stage.draw("timeline", real(), language, left_out="statistics, history")
    said = words.listing(words(f"kind.{kind}") for kind in ("statistics", "history"))
    assert f"{said})" in less.caption.partition(without)[2]
    assert len(less.data) < len(everything.data)


def test_a_kind_that_is_left_out_of_the_timeline_has_no_label():
    drawing = stage.draw("timeline", real(), "en", labelled="law plan", left_out="plan")
    assert "Labels go to the kind Law, and" in drawing.caption
    none = stage.draw("timeline", real(), "en", labelled="plan", left_out="plan")
    assert "Labels go to spans with" in none.caption


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"left_out": "statistic"}, "left_out: no 'statistic' (did you mean 'statistics'?)"),
        ({"first": 2060}, "first: 2060 is after 2050, the last year"),
        ({"first": 2030, "last": 2020}, "first: 2030 is after 2020, the last year"),
    ],
)
def test_a_timeline_that_cannot_be_is_refused(told, wrong):
    with pytest.raises(ValueError, match=re.escape(wrong)):
        stage.draw("timeline", real(), "en", **told)


@pytest.mark.parametrize("language", stage.LANGUAGES)
def test_the_caption_of_the_timeline_explains_what_is_drawn(language):
    arrow, notes, labels = (
        ("Ein Pfeil", "Hochgestellte", "Beschriftet")
        if language == "de"
        else ("An arrow", "Superscript", "Labels go")
    )
    known = real()
    settled = {name: known[name].head(0) for name in ("discrepancies", "context_discrepancies")}
    silent = {name: known[name].head(0) for name in ("events", "context_events")}
    for changed, shown in (
        ({}, [arrow, notes, labels]),
        (settled, [arrow, labels]),
        (silent, []),
    ):
        said = stage.draw("timeline", real(**changed), language).caption
        assert [sign for sign in (arrow, notes, labels) if sign in said] == shown
    early = {"first": 2049, "last": 2050}
    assert arrow not in stage.draw("timeline", real(), language, **early).caption
