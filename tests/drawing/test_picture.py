"""A figure in pixels: a palette where that looks the same, every colour where it does not."""

import io

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from analysis.drawing import style
from analysis.drawing.picture import ALIKE, png


@pytest.fixture
def drawing():
    sheet = style.sheet()
    for place, colour in enumerate((*style.ROLES, style.ACCENT, style.RULE)):
        sheet.ax.axhspan(place, place + 1, color=colour)
    sheet.ax.text(1, 0.5, "Kalk und Öfen", color=style.PAPER)
    return sheet.end(7)


def shown(picture):
    return Image.open(io.BytesIO(picture))


def test_a_drawing_has_a_palette_with_every_colour_of_an_area(drawing):
    picture = shown(png(drawing))
    assert picture.mode == "P"
    found = {
        "#{:02X}{:02X}{:02X}".format(*colour)
        for _, colour in picture.convert("RGB").getcolors(1 << 16)
    }
    assert {*style.ROLES, style.ACCENT, style.RULE, style.PAPER} <= found


def test_the_palette_changes_nothing_that_an_eye_sees(drawing):
    exact = io.BytesIO()
    drawing.savefig(exact, format="png")
    before, after = (
        np.asarray(shown(each).convert("RGB"), int) for each in (exact.getvalue(), png(drawing))
    )
    assert before.shape == after.shape
    assert np.abs(before - after).max() <= ALIKE


def test_a_picture_of_many_colours_keeps_all_of_them():
    figure = Figure(figsize=(2, 2))
    colours = np.random.default_rng(1).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    figure.add_axes((0, 0, 1, 1)).imshow(colours)
    picture = shown(png(figure))
    assert picture.mode == "RGB"
    assert {colour for _, colour in picture.getcolors(1 << 20)} >= {
        *map(tuple, colours.reshape(-1, 3).tolist())
    }


def test_a_picture_is_as_many_pixels_as_its_inches_say(drawing):
    picture = shown(png(drawing))
    assert picture.size == tuple((drawing.get_size_inches() * 200).astype(int))
    assert picture.info["dpi"] == pytest.approx((200, 200), abs=0.1)


def test_the_same_drawing_is_the_same_bytes(drawing):
    assert png(drawing) == png(drawing)


@pytest.mark.parametrize(
    "look",
    [
        {"savefig.bbox": "tight"},
        {"savefig.dpi": "figure"},
        {"savefig.transparent": True},
        {"savefig.facecolor": "none"},
    ],
)
def test_a_look_of_somebodys_own_stays_as_it_is(drawing, look):
    usual = io.BytesIO()
    with matplotlib.rc_context(look):
        drawing.savefig(usual, format="png")
        picture = shown(png(drawing))
    assert picture.size == shown(usual.getvalue()).size
    assert picture.mode == shown(usual.getvalue()).mode
