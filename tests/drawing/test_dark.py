"""Colours for dark pages: what stands out from paper stands out there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.drawing import style
from analysis.drawing.dark import GROUND, dark

COLOURS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


@given(COLOURS)
def test_on_dark_pages_a_colour_stands_out_as_on_paper(colour):
    on_paper = style.contrast(colour, style.PAPER)
    there = style.contrast(dark(colour), GROUND)
    assert there >= min(on_paper, 4 if on_paper < style.READABLE else 15) * 0.98


@pytest.mark.parametrize("lightness", range(0, 256, 3))
def test_text_in_cells_can_be_read_on_dark_pages(lightness):
    cell = style.tint(style.ACCENT, lightness / 255)
    assert style.contrast(dark(style.ink_on(cell)), dark(cell)) >= style.READABLE
