"""Every figure, in every language, of a large, a small and an almost empty study: all of
it can be seen and read.
"""

import pytest
import stage
from picture import Picture

from analysis.drawing import style
from analysis.drawing.links import what_is_said

pytestmark = [
    pytest.mark.xdist_group("figures"),  # each study is drawn once
    pytest.mark.filterwarnings("error"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
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


def test_every_figure_has_a_drawing_for_narrow_screens(pictures):
    broad = {name for name in pictures if not name.endswith(", narrow")}
    assert {f"{name}, narrow" for name in broad} == pictures.keys() - broad


def test_narrow_drawings_fit_a_phone_without_being_shrunk(pictures):
    widths = {
        round(picture.canvas.figure.get_figwidth() / style.CM - 2 * style.EDGE, 2)
        for name, picture in pictures.items()
        if name.endswith(", narrow")
    }
    assert widths == {style.NARROW}


def test_a_narrow_drawing_leads_wherever_the_broad_one_does(pictures):
    rows = {
        name: {said.row for said in what_is_said(picture.canvas.figure.findobj()).values()}
        for name, picture in pictures.items()
    }
    narrow = {name: rows[f"{name}, narrow"] for name in rows if not name.endswith(", narrow")}
    assert {name: rows[name] ^ narrow[name] for name in narrow if rows[name] != narrow[name]} == {}


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
