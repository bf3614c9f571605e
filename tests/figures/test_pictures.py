"""Every figure, in every language, of a large, a small and an almost empty study: all of
it can be seen and read.
"""

import pytest
import stage
from picture import Picture

from analysis.drawing import style

pytestmark = [
    pytest.mark.xdist_group("pictures"),  # each study is drawn once
    pytest.mark.filterwarnings("error"),
]

PICTURES = [(study, language) for study in ("real", "mini") for language in stage.LANGUAGES]


@pytest.fixture(scope="module", params=PICTURES, ids="-".join)
def pictures(request):
    study, language = request.param
    tables = stage.study(study)
    drawings = {
        "-".join([name, *more.values()]): stage.draw(name, tables, language, **more)
        for name, more in stage.runs(tables)
    }
    broad = {name: drawing.figure for name, drawing in drawings.items()}
    narrow = {f"{name}, narrow": drawing.narrow for name, drawing in drawings.items()}
    return {name: Picture(figure) for name, figure in (broad | narrow).items() if figure}


def test_no_text_leaves_the_sheet(pictures):
    assert {name: found for name, picture in pictures.items() if (found := picture.outside())} == {}


def test_no_two_texts_overlap(pictures):
    assert {
        name: found for name, picture in pictures.items() if (found := picture.overlapping())
    } == {}


def test_no_text_is_smaller_than_8_points(pictures):
    assert {name: found for name, picture in pictures.items() if (found := picture.tiny())} == {}


def test_every_text_stands_out_from_what_lies_behind_it(pictures):
    assert {
        name: found for name, picture in pictures.items() if (found := picture.unreadable())
    } == {}


def test_every_mark_stands_out_from_the_paper(pictures):
    assert {name: found for name, picture in pictures.items() if (found := picture.faint())} == {}


@pytest.mark.parametrize("lightness", range(0, 256, 5))
def test_text_can_be_read_on_any_grey(lightness):
    ground = (lightness / 255,) * 3
    assert style.contrast(style.ink_on(ground), ground) >= style.READABLE
