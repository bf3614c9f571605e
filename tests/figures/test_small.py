"""Small, large and odd studies: what there is is drawn, what is missing is left out, and all of
it can be seen and read.
"""

import pytest
import small
import stage
from picture import Picture

pytestmark = pytest.mark.filterwarnings("error")

SKIPPED = {
    "empty": set(stage.NOTEBOOKS),
    "without_cases": {"codings", "comparison", "cooperation", "glance", "method"},
    "single": {
        "agreement",
        "codings",
        "disagreements",
        "fragility",
        "method",
        "opportunities",
        "relations",
    },
    "without_roles": {"cansay", "relations", "roles"},
    "without_fields": {"cansay", "roles"},
    "without_codes": {
        "agreement",
        "cansay",
        "codings",
        "disagreements",
        "fragility",
        "influence",
        "interviews",
        "method",
        "opportunities",
        "relations",
        "roles",
    },
    "without_years": {"timeline"},
    "many": {"coverage"},  # so many counts are withheld there that nothing is certain
}  # and, in all of them, what the invented study lacks
LACKING = {"alliance", "circularcity", "initiatives", "valueadded"}


def test_the_invented_study_lacks_four_figures():
    tables = stage.study("mini")
    assert {name for name in LACKING if stage.draw(name, tables).skipped} == LACKING


@pytest.mark.parametrize(
    ("name", "language"), [*((name, "de") for name in small.STUDIES), ("long_names", "en")]
)
def test_what_there_is_is_drawn_and_what_is_missing_left_out(name, language):
    tables = small.STUDIES[name]()
    drawings = {
        notebook: stage.draw(notebook, tables, language, **more)
        for notebook, more in stage.runs(tables, cases=1)
    }
    skipped = {notebook for notebook, drawing in drawings.items() if drawing.skipped}
    assert skipped == (SKIPPED.get(name, set()) | LACKING) & drawings.keys()
    pictures = {
        (notebook, form): Picture(figure)
        for notebook, drawing in drawings.items()
        for form, figure in (("broad", drawing.figure), ("narrow", drawing.narrow))
        if figure
    }
    looks = ("outside", "overlapping", "tiny", "unreadable", "faint")
    assert {
        (run, look): found
        for run, picture in pictures.items()
        for look in looks
        if (found := getattr(picture, look)())
    } == {}


def test_what_is_withheld_is_not_said_to_be_covered():
    assert stage.draw("coverage", small.STUDIES["many"](), "en").skipped == (
        "Of no code is it certain that no statement or only one interview carries it, as some "
        "counts are withheld."
    )


def test_a_reason_is_a_sentence_in_the_language_of_the_report():
    reasons = {
        language: stage.draw("actors", small.empty(), language).skipped
        for language in stage.LANGUAGES
    }
    assert reasons["de"].startswith("Dazu enthalten")
    assert reasons["en"].startswith("The data")


def test_agreement_on_a_hundred_codes_can_be_read():
    drawing = stage.draw("agreement", small.many(topics=100), "en")
    for figure in (drawing.figure, drawing.narrow):
        picture = Picture(figure)
        for look in ("outside", "overlapping", "tiny", "unreadable", "faint"):
            assert not getattr(picture, look)(), look
