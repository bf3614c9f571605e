"""The look of all figures: text can be read on anything, and marks can be told apart."""

import pytest

from analysis.drawing import style


@pytest.mark.parametrize("lightness", range(0, 256, 5))
def test_text_can_be_read_on_any_grey(lightness):
    ground = (lightness / 255,) * 3
    assert style.contrast(style.ink_on(ground), ground) >= style.READABLE
